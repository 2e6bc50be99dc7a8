/* charset.h - what charset.c, guess.c, sniff.c and transcode.c share: theirs
 * alone. */
#ifndef ENGINE_CHARSET_H
#define ENGINE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/decode.h"
#include "engine/guess.h"

enum charset_kind {
    CHARSET_8BIT,
    CHARSET_UTF8,
    CHARSET_UTF16, /* of an order still to be found */
    CHARSET_UTF16LE,
    CHARSET_UTF16BE,
    CHARSET_UTF32,
    CHARSET_UTF32LE,
    CHARSET_UTF32BE
};

/* What one byte becomes. */
struct charset_char {
    unsigned char utf8[3];
    unsigned char size; /* 1 to 3; CHARSET_BAD added: it is U+FFFD since the
                           charset has nothing there */
};
#define CHARSET_SIZE 3u
#define CHARSET_BAD 0x80u

struct charset_table {
    bool ascii; /* bytes 01 to 7F are those of ASCII */
    bool inert; /* unicode_is_inert() of every character */
    struct charset_char chars[256];
};

/* How decoded->source became decoded->raw. */
struct converter {
    enum charset_kind kind;
    const char *name;                  /* canonical, static */
    const struct charset_table *table; /* CHARSET_8BIT; CHARSET_UTF8: of the
                                          bytes that are not UTF-8, or NULL */
};

/* The converter of a charset by any of its names.  Borrowed: valid as long as
 * the cache.  Errors as decode(). */
int charset_converter(struct charset_cache *cache, const char *name,
                      const struct converter **converter, precis_error *error);

/* The one for a kind that is not CHARSET_8BIT.  Static. */
const struct converter *charset_utf(enum charset_kind kind);

/* Fills in bom, charset, converter, declared, other and first_other of
 * *decoded, which has its source, as decode() says, or, where `strict`, as
 * decode_strictly().  A converter that is not the cache's is in the arena.
 * Errors as decode(). */
int converter_find(struct charset_cache *cache, struct arena *arena,
                   const char *charset, bool strict, struct decoded *decoded,
                   precis_error *error);

/* The cache's room for guesses, or NULL: out of memory. */
struct guess_work *charset_work(struct charset_cache *cache);

/* Fills *error (NULL allowed) for want of memory; returns the code. */
int charset_no_memory(precis_error *error);

/* ---- UTF-8 ---- */

/* Bytes of ASCII, NUL included, at s. */
static inline size_t ascii_run(const unsigned char *s, size_t size)
{
    size_t i = 0;

#ifdef __SSE2__
    while (size - i >= 16) {
        unsigned high = (unsigned) _mm_movemask_epi8(
            _mm_loadu_si128((const __m128i *) (const void *) (s + i)));

        if (high != 0)
            return i + (size_t) __builtin_ctz(high);
        i += 16;
    }
#else
    while (size - i >= 8) {
        uint64_t block;

        memcpy(&block, s + i, sizeof block);
        if ((block & 0x8080808080808080u) != 0)
            break;
        i += 8;
    }
#endif
    while (i < size && s[i] < 0x80)
        i++;
    return i;
}

/* Bytes at s that are surely whole characters from U+0001 to U+02FF in UTF-8,
 * sixteen at a time; adds to *sequences how many of them are no ASCII. */
static inline size_t utf8_plain(const unsigned char *s, size_t size,
                                size_t *sequences)
{
    size_t i = 0;

#ifdef __SSE2__
    while (size - i >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *) (const void *)
                                            (s + i));
        __m128i zero = _mm_cmpeq_epi8(bytes, _mm_setzero_si128());
        unsigned high = (unsigned) _mm_movemask_epi8(bytes);
        unsigned leads, others, cut;
        if (_mm_movemask_epi8(zero) != 0)
            break;
        if (high == 0) {
            i += 16;
            continue;
        }
        /* 80 to BF are the lowest as signed numbers, C2 to CB end up so. */
        others = (unsigned) _mm_movemask_epi8(
            _mm_cmplt_epi8(bytes, _mm_set1_epi8((char) 0xC0)));
        bytes = _mm_sub_epi8(bytes, _mm_set1_epi8((char) 0x42));
        leads = (unsigned) _mm_movemask_epi8(
            _mm_cmplt_epi8(bytes, _mm_set1_epi8((char) 0x8A)));
        cut = leads >> 15; /* its second byte is the next block's */
        leads &= 0x7FFF;
        if (others != leads << 1 || (others | leads | cut << 15) != high)
            break;
        for (; leads != 0; leads &= leads - 1)
            ++*sequences;
        i += 16 - cut;
    }
#else
    (void) s;
    (void) size;
    (void) sequences;
#endif
    return i;
}

/* Whether s is UTF-8 without faults, of U+0020 to U+007E, tabs and line ends,
 * U+0080 to U+02FF, U+2002 to U+20BF and U+2340 to U+2ABF alone: no NUL, no
 * control character of ASCII, and all of it unicode_is_inert().  False may also
 * say that it is not known (plain.c). */
bool utf8_is_plain(const unsigned char *s, size_t size);

/* The same by any processor, and by what wide.h asks for. */
bool utf8_is_plain_narrow(const unsigned char *s, size_t size);
bool utf8_is_plain_wide(const unsigned char *s, size_t size);

/* Of the character of more than one byte at s, its size; of anything else, 0
 * with *part the size of its maximal subpart, at least 1. */
static inline size_t utf8_size(const unsigned char *s, size_t size,
                               size_t *part)
{
    unsigned char lead = s[0];
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    *part = 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    /* The second byte must not make it overlong, a surrogate, or too high. */
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    if (size < 2 || s[1] < low || s[1] > high)
        return 0;
    for (*part = 2; *part < wanted; ++*part)
        if (*part == size || (s[*part] & 0xC0) != 0x80)
            return 0;
    return wanted;
}

/* Whether the source ends at s within a character that began well. */
static inline bool utf8_is_cut(const unsigned char *s, size_t size)
{
    size_t part;

    return s[0] >= 0xC2 && s[0] <= 0xF4 && utf8_size(s, size, &part) == 0
           && part == size;
}

#endif
