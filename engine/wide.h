/* wide.h - sixty-four bytes at once, where the processor can.
 *
 * Private to engine/.  A processor with AVX-512 and its instructions for bytes
 * has a bit for each of 64 bytes after one comparison, and loads no more bytes
 * than it is told to, so that the end of a text needs nothing of its own.
 * Functions of this kind stand beside others that say the same for every
 * processor; which is called is asked when it is.  The few instructions between
 * them, those for 32 bytes, gain too little to be a third kind.  With
 * ONLY_NARROW defined there are none of them, to try the others on a processor
 * that has it all.
 */
#ifndef ENGINE_WIDE_H
#define ENGINE_WIDE_H

#if defined __x86_64__ && defined __GNUC__ && !defined ONLY_NARROW
#define WIDE 1
#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For each function that uses any of this, inline ones too. */
#define WIDE_CODE \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi," \
                          "avx512vbmi2,bmi,bmi2,lzcnt,popcnt")))

/* Bytes of a block, one for each bit. */
#define WIDE_BLOCK 64

/* The system must save what the processor has, too: that is asked as well. */
static inline bool wide_is_there(void)
{
    return __builtin_cpu_supports("avx512vbmi2")
           && __builtin_cpu_supports("avx512vbmi")
           && __builtin_cpu_supports("avx512vl")
           && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("bmi")
           && __builtin_cpu_supports("popcnt");
}

/* So many bits from the lowest on. */
static inline uint64_t wide_lowest(size_t count)
{
    return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
}

/* The block of which `size` bytes from here on may be read, zeros behind. */
WIDE_CODE static inline __m512i wide_load(const void *text, size_t size)
{
    return _mm512_maskz_loadu_epi8(wide_lowest(size), text);
}

WIDE_CODE static inline uint64_t wide_equal(__m512i bytes, int byte)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char) byte));
}

/* Those from `low` on, `count` of them. */
WIDE_CODE static inline uint64_t wide_range(__m512i bytes, int low, int count)
{
    return _mm512_cmplt_epu8_mask(
        _mm512_sub_epi8(bytes, _mm512_set1_epi8((char) low)),
        _mm512_set1_epi8((char) count));
}

/* The same with bits set in all bytes before, or but for some. */
WIDE_CODE static inline __m512i wide_with(__m512i bytes, int bits)
{
    return _mm512_or_si512(bytes, _mm512_set1_epi8((char) bits));
}

WIDE_CODE static inline __m512i wide_only(__m512i bytes, int bits)
{
    return _mm512_and_si512(bytes, _mm512_set1_epi8((char) bits));
}
#else
#define WIDE 0
#endif

#endif
