/* unicode.c - classes and small letters of characters. */
#include <config.h>

#include "engine/unicode.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <utf8proc.h>

/* unicode_class() of the first code points.  Sums of enum unicode_class, for
 * 3 is a capital letter and 5 a small one; tests/engine/test_unicode.c compares
 * each with utf8proc, and prints this table anew when called with "table". */
const uint16_t unicode_table[UNICODE_TABLE_SIZE] = {
    2048, 2048, 2048, 2048, 2048, 2048, 2048, 2048, /* U+0000 */
    2048, 2080, 2080, 2080, 2080, 2080, 2048, 2048, /* U+0008 */
    2048, 2048, 2048, 2048, 2048, 2048, 2048, 2048, /* U+0010 */
    2048, 2048, 2048, 2048, 2048, 2048, 2048, 2048, /* U+0018 */
    32, 64, 64, 64, 1024, 64, 64, 64, /* U+0020 */
    192, 320, 64, 1024, 64, 576, 64, 64, /* U+0028 */
    16, 16, 16, 16, 16, 16, 16, 16, /* U+0030 */
    16, 16, 64, 64, 1024, 1024, 1024, 64, /* U+0038 */
    64, 3, 3, 3, 3, 3, 3, 3, /* U+0040 */
    3, 3, 3, 3, 3, 3, 3, 3, /* U+0048 */
    3, 3, 3, 3, 3, 3, 3, 3, /* U+0050 */
    3, 3, 3, 192, 64, 320, 1024, 64, /* U+0058 */
    1024, 5, 5, 5, 5, 5, 5, 5, /* U+0060 */
    5, 5, 5, 5, 5, 5, 5, 5, /* U+0068 */
    5, 5, 5, 5, 5, 5, 5, 5, /* U+0070 */
    5, 5, 5, 192, 1024, 320, 1024, 2048, /* U+0078 */
    2048, 2048, 2048, 2048, 2048, 2080, 2048, 2048, /* U+0080 */
    2048, 2048, 2048, 2048, 2048, 2048, 2048, 2048, /* U+0088 */
    2048, 2048, 2048, 2048, 2048, 2048, 2048, 2048, /* U+0090 */
    2048, 2048, 2048, 2048, 2048, 2048, 2048, 2048, /* U+0098 */
    32, 64, 1024, 1024, 1024, 1024, 1024, 64, /* U+00A0 */
    1024, 1024, 1, 192, 1024, 4096, 1024, 1024, /* U+00A8 */
    1024, 1024, 16, 16, 1024, 5, 64, 64, /* U+00B0 */
    1024, 16, 1, 320, 16, 16, 16, 64, /* U+00B8 */
    3, 3, 3, 3, 3, 3, 3, 3, /* U+00C0 */
    3, 3, 3, 3, 3, 3, 3, 3, /* U+00C8 */
    3, 3, 3, 3, 3, 3, 3, 1024, /* U+00D0 */
    3, 3, 3, 3, 3, 3, 3, 5, /* U+00D8 */
    5, 5, 5, 5, 5, 5, 5, 5, /* U+00E0 */
    5, 5, 5, 5, 5, 5, 5, 5, /* U+00E8 */
    5, 5, 5, 5, 5, 5, 5, 1024, /* U+00F0 */
    5, 5, 5, 5, 5, 5, 5, 5, /* U+00F8 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0100 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0108 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0110 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0118 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0120 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0128 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0130 */
    5, 3, 5, 3, 5, 3, 5, 3, /* U+0138 */
    5, 3, 5, 3, 5, 3, 5, 3, /* U+0140 */
    5, 5, 3, 5, 3, 5, 3, 5, /* U+0148 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0150 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0158 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0160 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0168 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0170 */
    3, 3, 5, 3, 5, 3, 5, 5, /* U+0178 */
    5, 3, 3, 5, 3, 5, 3, 3, /* U+0180 */
    5, 3, 3, 3, 5, 5, 3, 3, /* U+0188 */
    3, 3, 5, 3, 3, 5, 3, 3, /* U+0190 */
    3, 5, 5, 5, 3, 3, 5, 3, /* U+0198 */
    3, 5, 3, 5, 3, 5, 3, 3, /* U+01A0 */
    5, 3, 5, 5, 3, 5, 3, 3, /* U+01A8 */
    5, 3, 3, 3, 5, 3, 5, 3, /* U+01B0 */
    3, 5, 5, 1, 3, 5, 5, 5, /* U+01B8 */
    1, 1, 1, 1, 3, 3, 5, 3, /* U+01C0 */
    3, 5, 3, 3, 5, 3, 5, 3, /* U+01C8 */
    5, 3, 5, 3, 5, 3, 5, 3, /* U+01D0 */
    5, 3, 5, 3, 5, 5, 3, 5, /* U+01D8 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+01E0 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+01E8 */
    5, 3, 3, 5, 3, 5, 3, 3, /* U+01F0 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+01F8 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0200 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0208 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0210 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0218 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0220 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0228 */
    3, 5, 3, 5, 5, 5, 5, 5, /* U+0230 */
    5, 5, 3, 3, 5, 3, 3, 5, /* U+0238 */
    5, 3, 5, 3, 3, 3, 3, 5, /* U+0240 */
    3, 5, 3, 5, 3, 5, 3, 5, /* U+0248 */
};

static const uint16_t category_class[] = {
    [UTF8PROC_CATEGORY_CN] = 0,
    [UTF8PROC_CATEGORY_LU] = CLASS_LETTER | CLASS_UPPER,
    [UTF8PROC_CATEGORY_LL] = CLASS_LETTER | CLASS_LOWER,
    [UTF8PROC_CATEGORY_LT] = CLASS_LETTER | CLASS_UPPER,
    [UTF8PROC_CATEGORY_LM] = CLASS_LETTER,
    [UTF8PROC_CATEGORY_LO] = CLASS_LETTER,
    [UTF8PROC_CATEGORY_MN] = CLASS_MARK,
    [UTF8PROC_CATEGORY_MC] = CLASS_MARK,
    [UTF8PROC_CATEGORY_ME] = CLASS_MARK,
    [UTF8PROC_CATEGORY_ND] = CLASS_DIGIT,
    [UTF8PROC_CATEGORY_NL] = CLASS_DIGIT,
    [UTF8PROC_CATEGORY_NO] = CLASS_DIGIT,
    [UTF8PROC_CATEGORY_PC] = CLASS_PUNCT,
    [UTF8PROC_CATEGORY_PD] = CLASS_PUNCT | CLASS_DASH,
    [UTF8PROC_CATEGORY_PS] = CLASS_PUNCT | CLASS_OPEN,
    [UTF8PROC_CATEGORY_PE] = CLASS_PUNCT | CLASS_CLOSE,
    [UTF8PROC_CATEGORY_PI] = CLASS_PUNCT | CLASS_OPEN,
    [UTF8PROC_CATEGORY_PF] = CLASS_PUNCT | CLASS_CLOSE,
    [UTF8PROC_CATEGORY_PO] = CLASS_PUNCT,
    [UTF8PROC_CATEGORY_SM] = CLASS_SYMBOL,
    [UTF8PROC_CATEGORY_SC] = CLASS_SYMBOL,
    [UTF8PROC_CATEGORY_SK] = CLASS_SYMBOL,
    [UTF8PROC_CATEGORY_SO] = CLASS_SYMBOL,
    [UTF8PROC_CATEGORY_ZS] = CLASS_SPACE,
    [UTF8PROC_CATEGORY_ZL] = CLASS_SPACE,
    [UTF8PROC_CATEGORY_ZP] = CLASS_SPACE,
    [UTF8PROC_CATEGORY_CC] = CLASS_CONTROL,
    [UTF8PROC_CATEGORY_CF] = CLASS_FORMAT,
    [UTF8PROC_CATEGORY_CS] = 0,
    [UTF8PROC_CATEGORY_CO] = 0,
};

unsigned unicode_class_above(uint32_t cp)
{
    /* utf8proc knows nothing above U+10FFFF: category Cn. */
    int category = (int) utf8proc_category((utf8proc_int32_t) cp);

    return category_class[category];
}

uint32_t unicode_upper(uint32_t cp)
{
    return (uint32_t) utf8proc_toupper((utf8proc_int32_t) cp);
}

uint32_t unicode_lower_above(uint32_t cp)
{
    return (uint32_t) utf8proc_tolower((utf8proc_int32_t) cp);
}

#ifdef __SSE2__
/* Adds up the bytes 10xxxxxx from *at on, of all but the last 15. */
static size_t count_continuations(const char *text, size_t size, size_t *at)
{
    const __m128i first = _mm_set1_epi8(-64), zero = _mm_setzero_si128();
    __m128i sums = zero;
    uint64_t halves[2];

    while (size - *at >= 16) {
        __m128i lanes = zero; /* a count in each byte: at most 255 rounds */
        size_t rounds = (size - *at) / 16;
        if (rounds > 255)
            rounds = 255;
        for (; rounds > 0; rounds--, *at += 16) {
            __m128i bytes = _mm_loadu_si128((const void *) (text + *at));
            lanes = _mm_sub_epi8(lanes, _mm_cmplt_epi8(bytes, first));
        }
        sums = _mm_add_epi64(sums, _mm_sad_epu8(lanes, zero));
    }
    _mm_storeu_si128((void *) halves, sums);
    return (size_t) (halves[0] + halves[1]);
}
#endif

size_t utf8_count(const char *text, size_t size)
{
    const uint64_t ones = 0x0101010101010101u;
    size_t continuations = 0;
    size_t i = 0;

#ifdef __SSE2__
    continuations = count_continuations(text, size, &i);
#endif
    while (size - i >= 8) {
        uint64_t lanes = 0; /* a count in each byte: at most 255 rounds */
        size_t rounds = (size - i) / 8;
        uint64_t pairs;

        if (rounds > 255)
            rounds = 255;
        for (; rounds > 0; rounds--, i += 8) {
            uint64_t block;

            memcpy(&block, text + i, 8);
            lanes += block >> 7 & ~(block >> 6) & ones; /* 10xxxxxx */
        }
        pairs = (lanes & 0x00FF00FF00FF00FFu) +
                (lanes >> 8 & 0x00FF00FF00FF00FFu);
        continuations += (size_t) (pairs * 0x0001000100010001u >> 48);
    }
    for (; i < size; i++)
        continuations += ((unsigned char) text[i] & 0xC0) == 0x80;
    return size - continuations;
}

size_t unicode_fold(const char *word, size_t size, char *out, size_t room)
{
    size_t position = 0;
    size_t used = 0;

    while (position < size) {
        char small[4];
        uint32_t cp;
        size_t length;

        if ((unsigned char) word[position] < 0x80) {
            if (used == room)
                return 0;
            out[used++] =
                (char) unicode_lower((unsigned char) word[position++]);
            continue;
        }
        utf8_next(word, size, &position, &cp);
        length = utf8_put(unicode_lower(cp), small);
        if (length > room - used)
            return 0;
        for (size_t i = 0; i < length; i++)
            out[used + i] = small[i];
        used += length;
    }
    return used;
}
