/* earn_wide.c - the credits of eight sums at once, by what wide.h asks for.
 * The same numbers are multiplied, divided and added in the same order as by
 * any processor, so that the credits are the same to the last bit. */
#include <config.h>

#include "engine/earn.h"
#include "engine/wide.h"

#if WIDE

/* Scale times the logistic, and with the correction, of sums whose logistics
 * are kept; and whether all of them are. */
struct eight_credits {
    __m512d chances, credits;
    int are_known;
};

WIDE_CODE static inline struct eight_credits
eight_credits(const struct weights *weights, double scale,
              const both_sums *sums)
{
    const __m512i both = _mm512_loadu_si512(sums);
    const __m512d none = _mm512_setzero_pd();
    __m256i places = _mm512_cvtepi64_epi32(both);
    __m256i extra = _mm512_cvtepi64_epi32(_mm512_srli_epi64(both, 32));
    __mmask8 kept = _mm256_cmplt_epu32_mask(
        places, _mm256_set1_epi32((int) weights->kept));
    __m512d chances = _mm512_mask_i32gather_pd(none, kept, places,
                                               weights->chances,
                                               sizeof *weights->chances);
    struct eight_credits e;

    e.are_known = _mm512_cmp_pd_mask(chances, none, _CMP_GT_OQ) == UINT8_MAX;
    e.chances = _mm512_mul_pd(_mm512_set1_pd(scale), chances);
    e.credits = _mm512_add_pd(e.chances,
                              _mm512_div_pd(_mm512_cvtepi32_pd(extra),
                                            _mm512_set1_pd(MODEL_UNIT)));
    return e;
}

/* Writes them side by side. */
WIDE_CODE static inline void write_worths(worths *first, __m512d credits,
                                          __m512d most)
{
    const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);

    _mm512_storeu_pd(first, _mm512_permutex2var_pd(credits, low, most));
    _mm512_storeu_pd(first + WIDE_CREDITS / 2,
                     _mm512_permutex2var_pd(credits, high, most));
}

WIDE_CODE int pair_credits_wide(const struct weights *weights, double scale,
                                const both_sums *sums, double *credits,
                                worths *first)
{
    struct eight_credits e = eight_credits(weights, scale, sums);

    _mm512_storeu_pd(credits, e.credits);
    write_worths(first, e.credits,
                 _mm512_max_pd(e.credits, _mm512_setzero_pd()));
    return e.are_known;
}

WIDE_CODE int word_credits_wide(const struct weights *weights, double scale,
                                const both_sums *sums, const uint32_t *trained,
                                const struct credits *c, size_t form)
{
    const __m256i rows = _mm256_loadu_si256((const void *) trained);
    const __m256i second = _mm256_srli_epi32(_mm256_slli_epi32(rows, 8), 24);
    const __m512d all = _mm512_set1_pd(255);
    struct eight_credits e = eight_credits(weights, scale, sums);
    __m512d twice = _mm512_cvtepi32_pd(second);
    __m512d thrice = _mm512_cvtepi32_pd(_mm256_srli_epi32(rows, 24)), most;

    twice = _mm512_div_pd(_mm512_mul_pd(twice, e.chances), all);
    thrice = _mm512_div_pd(_mm512_mul_pd(thrice, e.chances), all);
    _mm512_storeu_pd(c->once + form, e.credits);
    _mm512_storeu_pd(c->twice + form, twice);
    _mm512_storeu_pd(c->thrice + form, thrice);
    most = _mm512_max_pd(twice, thrice);
    write_worths(c->first + form, e.credits, _mm512_max_pd(e.credits, most));
    write_worths(c->again + form, twice, most);
    write_worths(c->again + c->facts.nothing + form, thrice, thrice);
    return e.are_known;
}

#endif
