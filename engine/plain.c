/* plain.c - is a text, at a glance, ordinary UTF-8?
 *
 * Nearly every article is UTF-8 without faults, of ASCII, the letters of
 * Europe and common signs.  For these one look without branches says all that
 * sniff.c and transcode.c would find out in four.
 */
#include <config.h>

#include "engine/charset.h"
#include "engine/wide.h"

#ifdef __SSE2__

/* Bytes of a block, one for each bit. */
#define BLOCK 64

/* Bytes behind a block that are looked at with it. */
#define BLOCK_BEHIND 2

struct plain {
    uint64_t wanted; /* bytes of the next block that must end a character */
    uint64_t faults;
};

static inline __m128i is_byte(__m128i bytes, int byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char) byte));
}

static inline __m128i load(const unsigned char *s)
{
    return _mm_loadu_si128((const void *) s);
}

/* Below a space, but for tabs and line ends, and DEL. */
static inline __m128i is_control(__m128i bytes)
{
    const __m128i last = _mm_set1_epi8(0x1F), four = _mm_set1_epi8(4);
    __m128i from_tab = _mm_sub_epi8(bytes, _mm_set1_epi8('\t'));
    __m128i low = _mm_cmpeq_epi8(_mm_max_epu8(bytes, last), last);
    __m128i space = _mm_cmpeq_epi8(_mm_max_epu8(from_tab, four), four);

    return _mm_or_si128(_mm_andnot_si128(space, low), is_byte(bytes, 0x7F));
}

/* C2 to CB, which begin U+0080 to U+02FF. */
static inline __m128i is_lead_of_two(__m128i bytes)
{
    return _mm_cmplt_epi8(_mm_sub_epi8(bytes, _mm_set1_epi8(0x42)),
                          _mm_set1_epi8((char) 0x8A));
}

/* Where U+2002 to U+20BF and U+2340 to U+2ABF begin: E2, then 80 with 82 or
 * more, 81 or 82, or SIGNS_FIRST and so many up. */
#define SIGNS_FIRST 0x8D
#define SIGNS 30

static inline __m128i is_lead_of_three(__m128i bytes, __m128i second,
                                       __m128i third)
{
    __m128i general = _mm_and_si128(
        is_byte(second, 0x80),
        _mm_cmpgt_epi8(third, _mm_set1_epi8((char) 0x81)));
    __m128i others =
        _mm_or_si128(is_byte(second, 0x81), is_byte(second, 0x82));
    __m128i sign = _mm_sub_epi8(second, _mm_set1_epi8((char) SIGNS_FIRST));
    __m128i signs =
        _mm_cmpeq_epi8(_mm_min_epu8(sign, _mm_set1_epi8(SIGNS - 1)), sign);

    return _mm_and_si128(is_byte(bytes, 0xE2),
                         _mm_or_si128(_mm_or_si128(general, signs), others));
}

static inline uint64_t mask_of(__m128i bytes)
{
    return (uint64_t) (unsigned) _mm_movemask_epi8(bytes);
}

static inline void block_read(struct plain *plain, const unsigned char *s)
{
    uint64_t leads = 0, threes = 0, others = 0, faults = 0;

    for (int i = 0; i < BLOCK; i += 16) {
        __m128i bytes = load(s + i);
        __m128i two = is_lead_of_two(bytes);
        __m128i three =
            is_lead_of_three(bytes, load(s + i + 1), load(s + i + 2));
        __m128i lead = _mm_or_si128(two, three);
        __m128i other = _mm_cmplt_epi8(bytes, _mm_set1_epi8((char) 0xC0));
        __m128i high = _mm_cmplt_epi8(bytes, _mm_setzero_si128());
        __m128i known = _mm_or_si128(lead, other);
        leads |= mask_of(lead) << i;
        threes |= mask_of(three) << i;
        others |= mask_of(other) << i;
        faults |= mask_of(_mm_or_si128(is_control(bytes),
                                       _mm_andnot_si128(known, high)));
    }
    faults |= others ^ (leads << 1 | threes << 2 | plain->wanted);
    plain->wanted = leads >> 63 | threes >> 62;
    plain->faults |= faults;
}

bool utf8_is_plain_narrow(const unsigned char *s, size_t size)
{
    unsigned char last[2 * BLOCK + BLOCK_BEHIND];
    struct plain plain = {0, 0};
    size_t i = 0, left;

    for (; size - i >= BLOCK + BLOCK_BEHIND; i += BLOCK) {
        block_read(&plain, s + i);
        if (plain.faults != 0)
            return false;
    }
    left = size - i;
    memset(last, ' ', sizeof last);
    memcpy(last, s + i, left);
    for (i = 0; i < left; i += BLOCK)
        block_read(&plain, last + i);
    return (plain.faults | plain.wanted) == 0;
}

#else

bool utf8_is_plain_narrow(const unsigned char *s, size_t size)
{
    (void) s;
    (void) size;
    return false; /* not known: the others find out */
}

#endif

#if WIDE
/* Bytes behind a block that are looked at with it. */
#define WIDE_BEHIND 2

WIDE_CODE bool utf8_is_plain_wide(const unsigned char *s, size_t size)
{
    uint64_t wanted = 0, faults = 0;

    for (size_t i = 0; i < size && faults == 0; i += WIDE_BLOCK) {
        size_t left = size - i;
        uint64_t there = wide_lowest(left), two, three, others;
        __m512i bytes = wide_load(s + i, left);
        __m512i second = wide_load(s + i + 1, left - 1);
        __m512i third = wide_load(s + i + WIDE_BEHIND,
                                  left > 1 ? left - WIDE_BEHIND : 0);
        two = wide_range(bytes, 0xC2, 10);
        three = wide_equal(bytes, 0xE2)
                & ((wide_equal(second, 0x80) & wide_range(third, 0x82, 0x7E))
                   | wide_range(second, 0x81, 2)
                   | wide_range(second, SIGNS_FIRST, SIGNS));
        others = wide_range(bytes, 0x80, 0x40);
        faults = there
                 & ((wide_range(bytes, 0, ' ') & ~wide_range(bytes, '\t', 5))
                    | wide_equal(bytes, 0x7F)
                    | (wide_range(bytes, 0xC0, 0x40) & ~(two | three)));
        /* behind the last byte nothing ends a character */
        faults |= others ^ (two << 1 | three << 1 | three << 2 | wanted);
        wanted = two >> 63 | three >> 63 | three >> 62;
    }
    return (faults | wanted) == 0;
}
#endif

bool utf8_is_plain(const unsigned char *s, size_t size)
{
#if WIDE
    if (wide_is_there())
        return utf8_is_plain_wide(s, size);
#endif
    return utf8_is_plain_narrow(s, size);
}
