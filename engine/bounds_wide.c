/* bounds_wide.c - the same of eight units at once, by what wide.h asks for: the
 * same numbers are added and divided in the same order. */
#include <config.h>

#include "engine/bounds.h"
#include "engine/credits.h"
#include "engine/wide.h"

#include <float.h>

#if WIDE

/* The highest value so far in each of eight places, and whose it is first. */
struct highest {
    __m512d values;
    __m512i units; /* in 64 bits */
};

WIDE_CODE static inline struct highest highest_none(void)
{
    return (struct highest){ _mm512_set1_pd(-DBL_MAX),
                             _mm512_set1_epi64((long long) NONE) };
}

/* Of units from this one on. */
WIDE_CODE static inline void highest_add(struct highest *highest,
                                         __m512d values, size_t first)
{
    __m512i units = _mm512_add_epi64(_mm512_set1_epi64((long long) first),
                                     _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
    __mmask8 higher = _mm512_cmp_pd_mask(values, highest->values, _CMP_GT_OQ);

    highest->values = _mm512_mask_mov_pd(highest->values, higher, values);
    highest->units = _mm512_mask_mov_epi64(highest->units, higher, units);
}

/* The first of those. */
WIDE_CODE static inline uint32_t highest_unit(const struct highest *highest)
{
    __m512d best = _mm512_set1_pd(_mm512_reduce_max_pd(highest->values));
    __mmask8 is = _mm512_cmp_pd_mask(highest->values, best, _CMP_EQ_OQ);

    return (uint32_t) _mm512_mask_reduce_min_epu64(is, highest->units);
}

WIDE_CODE uint32_t bounds_find_wide(struct bounds *b,
                                    const struct bounded *set,
                                    const double *upper)
{
    const __m512d credits = _mm512_set1_pd(set->credits);
    const __m512d word_cost = _mm512_set1_pd(set->word_cost);
    const __m512d room = _mm512_set1_pd(set->room);
    struct highest highest = highest_none();

    for (size_t i = 0; i < b->count; i += BOUNDS_STEP) {
        __m512d words = _mm512_add_pd(_mm512_set1_pd(set->words),
                                      _mm512_loadu_pd(b->words + i));
        __m512d value = _mm512_add_pd(credits, _mm512_loadu_pd(upper + i));
        __mmask8 barred = _mm512_cmp_pd_mask(_mm512_loadu_pd(b->costs + i),
                                             room, _CMP_GT_OQ);
        value = _mm512_div_pd(
            value, _mm512_add_pd(words, _mm512_set1_pd(CREDITS_SMOOTH)));
        value = _mm512_sub_pd(value, _mm512_mul_pd(word_cost, words));
        value = _mm512_sub_pd(value, _mm512_loadu_pd(b->penalties + i));
        value = _mm512_mask_mov_pd(value, barred, _mm512_set1_pd(-DBL_MAX));
        _mm512_storeu_pd(b->values + i, value);
        highest_add(&highest, value, i);
    }
    return highest_unit(&highest);
}

WIDE_CODE uint32_t bounds_highest_wide(const struct bounds *b)
{
    struct highest highest = highest_none();

    for (size_t i = 0; i < b->count; i += BOUNDS_STEP)
        highest_add(&highest, _mm512_loadu_pd(b->values + i), i);
    return highest_unit(&highest);
}

WIDE_CODE size_t bounds_list_wide(struct bounds *b, double least,
                                  double floor)
{
    const __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    size_t count = 0;

    for (size_t i = 0; i < b->count; i += BOUNDS_STEP) {
        __m512d values = _mm512_loadu_pd(b->values + i);
        unsigned is =
            _mm512_cmp_pd_mask(values, _mm512_set1_pd(least), _CMP_GE_OQ)
            & _mm512_cmp_pd_mask(values, _mm512_set1_pd(floor), _CMP_GT_OQ);
        __m256i units = _mm256_add_epi32(_mm256_set1_epi32((int) i), numbers);
        _mm256_storeu_si256((void *) (b->likely + count),
                            _mm256_maskz_compress_epi32((__mmask8) is, units));
        count += (unsigned) __builtin_popcount(is);
    }
    return count;
}

#endif
