/* sixteen.h - sixteen bytes at once.
 *
 * Private to stage 2.  Where a word ends cannot be foreseen, and a loop over
 * its bytes loses more by its last step than by all others.  All of it is
 * inline, and only where there is SSE2: what asks has a loop besides, which
 * says the same.
 */
#ifndef ENGINE_SIXTEEN_H
#define ENGINE_SIXTEEN_H

#ifdef __SSE2__
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

#define SIXTEEN 16

static inline __m128i sixteen(const char *text)
{
    return _mm_loadu_si128((const __m128i *) (const void *) text);
}

/* 0xFF in each byte from `low` on, `count` of them. */
static inline __m128i range(__m128i bytes, int low, int count)
{
    __m128i moved = _mm_sub_epi8(bytes, _mm_set1_epi8((char) (low + 128)));

    return _mm_cmplt_epi8(moved, _mm_set1_epi8((char) (count - 128)));
}

static inline __m128i equal(__m128i bytes, int byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char) byte));
}

/* A bit for each byte that has 0xFF. */
static inline unsigned bits_of(__m128i bytes)
{
    return (unsigned) _mm_movemask_epi8(bytes);
}

/* Sixteen bytes: which of them are letters of ASCII or from À to ÿ, and the
 * same with small letters. */
struct letters {
    unsigned found;
    __m128i small;
};

static inline struct letters letters_at(const char *text)
{
    __m128i bytes = sixteen(text), bit = _mm_set1_epi8(0x20), small;
    __m128i ascii = range(_mm_or_si128(bytes, bit), 'a', 26);
    /* what may follow 0xC3: not the second bytes of × and ÷ */
    __m128i signs = equal(_mm_and_si128(bytes, _mm_set1_epi8((char) 0xDF)),
                          0x97);
    __m128i second = _mm_andnot_si128(signs, range(bytes, 0x80, 0x40));
    unsigned pairs = bits_of(equal(bytes, 0xC3)) & bits_of(second) >> 1;
    struct letters letters;

    /* ß has no capital there */
    small = _mm_or_si128(ascii, _mm_andnot_si128(equal(bytes, 0x9F), second));
    letters.small = _mm_or_si128(bytes, _mm_and_si128(small, bit));
    letters.found = bits_of(ascii) | pairs | pairs << 1;
    return letters;
}

/* lexicon_hash() of the first bytes, 1 to 16 of them.  That is a sum of bytes
 * times powers of 31: here, of its inverse from the first byte on, in halves of
 * 16 bits, and then all is multiplied by the power that the first one had. */
static inline uint32_t sixteen_hash(__m128i bytes, size_t size)
{
    static const int16_t lows[SIXTEEN] = {
        1, 31711, 3137, -6241, 10369, 17247, 21697, -28897,
        -28415, -13601, -8895, -2401, 14721, 4703, -23103, 7711
    };
    static const int16_t highs[SIXTEEN] = {
        0, -16913, -13230, -10997, 29242, 32654, 32764, 22198,
        17629, 4797, 4383, 19168, 30215, 13659, -31270, 26474
    };
    static const uint32_t powers[SIXTEEN] = {
        UINT32_C(1), UINT32_C(31), UINT32_C(961),
        UINT32_C(29791), UINT32_C(923521), UINT32_C(28629151),
        UINT32_C(887503681), UINT32_C(1742810335), UINT32_C(2487512833),
        UINT32_C(4098453791), UINT32_C(2498015937), UINT32_C(129082719),
        UINT32_C(4001564289), UINT32_C(3789408671), UINT32_C(1507551809),
        UINT32_C(3784433119)
    };
    static const unsigned char ones[2 * SIXTEEN] = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255
    };
    const __m128i *low = (const void *) lows, *high = (const void *) highs;
    const void *mask = ones + SIXTEEN - size;
    __m128i zero = _mm_setzero_si128(), a, b, sum;

    bytes = _mm_and_si128(bytes, _mm_loadu_si128(mask));
    a = _mm_unpacklo_epi8(bytes, zero);
    b = _mm_unpackhi_epi8(bytes, zero);
    sum = _mm_add_epi32(_mm_madd_epi16(a, _mm_loadu_si128(high)),
                        _mm_madd_epi16(b, _mm_loadu_si128(high + 1)));
    sum = _mm_add_epi32(_mm_slli_epi32(sum, 16),
                        _mm_madd_epi16(a, _mm_loadu_si128(low)));
    sum = _mm_add_epi32(sum, _mm_madd_epi16(b, _mm_loadu_si128(low + 1)));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
    return (uint32_t) _mm_cvtsi128_si32(sum) * powers[size - 1];
}
#endif

#endif
