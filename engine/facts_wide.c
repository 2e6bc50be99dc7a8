/* facts_wide.c - the pairs of a sentence that stand nowhere else, sixteen at
 * once, and quotation marks, by what wide.h asks for. */
#include <config.h>

#include "engine/facts.h"
#include "engine/wide.h"

#if WIDE

/* Of sixteen tokens: the forms of the pairs that they open, and whether both
 * have a capital. */
struct sixteen_pairs {
    __m512i x, y, both;
};

/* Writes those of `these`, side by side, four at once. */
WIDE_CODE static inline void write_pairs(struct credit_pair *to,
                                         const struct sixteen_pairs *p,
                                         __mmask16 these, uint32_t sentence)
{
    const __m512i quarter = _mm512_setr_epi32(0, 16, 0, 0, 1, 17, 0, 1, 2, 18,
                                              0, 2, 3, 19, 0, 3);
    const __m512i last = _mm512_set1_epi32((int) sentence + 1);
    const int first = BUCKET(first_buckets, sentence);
    __m512i x = _mm512_maskz_compress_epi32(these, p->x);
    __m512i y = _mm512_maskz_compress_epi32(these, p->y);
    __m512i place = _mm512_maskz_compress_epi32(these, p->both);

    place = _mm512_mullo_epi16(place, _mm512_set1_epi32(PLACE_CAPITAL));
    place = _mm512_add_epi32(place, _mm512_set1_epi32(first));
    for (int i = 0; i < WIDE_PAIRS; i += 4) {
        __m512i from = _mm512_add_epi32(quarter, _mm512_set1_epi32(i));
        __m512i four = _mm512_permutex2var_epi32(x, from, y);
        four = _mm512_mask_mov_epi32(four, 0x4444, last);
        four = _mm512_mask_permutexvar_epi32(four, 0x8888, from, place);
        _mm512_storeu_si512(to + i, four);
    }
}

/* Writes them to every other place of a list, where `there` has a bit. */
WIDE_CODE static inline void write_items(uint32_t *list, __m512i items,
                                         __mmask16 there)
{
    const __m512i low = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
                                          6, 6, 7, 7);
    const __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
    unsigned places = _pdep_u32(there, 0x55555555);

    _mm512_mask_storeu_epi32(list, (__mmask16) places,
                             _mm512_permutexvar_epi32(low, items));
    _mm512_mask_storeu_epi32(list + 16, (__mmask16) (places >> 16),
                             _mm512_permutexvar_epi32(high, items));
}

/* Writes those of `these`, which begin with such tokens. */
WIDE_CODE static inline void write_aside(struct aside *to, __m512i tokens,
                                         __m512i both, __mmask16 these,
                                         uint32_t sentence)
{
    const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5,
                                          21, 6, 22, 7, 23);
    const __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
    __m512i numbers = _mm512_maskz_compress_epi32(
        these,
        _mm512_add_epi32(both, _mm512_set1_epi32((int) (2 * sentence))));

    tokens = _mm512_maskz_compress_epi32(these, tokens);
    _mm512_storeu_si512(to, _mm512_permutex2var_epi32(tokens, low, numbers));
    _mm512_storeu_si512(to + 8,
                        _mm512_permutex2var_epi32(tokens, high, numbers));
}

WIDE_CODE void single_pairs_wide(struct collector *c,
                                 const struct segment *segment,
                                 uint32_t sentence)
{
    const __m512i none = _mm512_setzero_si512();
    const __m512i steps = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                                            11, 12, 13, 14, 15);
    const __m512i bits = _mm512_set1_epi32(ASKED_AGAIN | ASKED_TITLE);
    uint32_t *pair_of = c->facts->pair_of + segment->token;
    const uint32_t *form_of = c->facts->form_of + segment->token;
    uint32_t *list = c->list + 2 * (size_t) segment->token;
    struct credit_pair *pairs = c->facts->pairs;
    uint32_t id = (uint32_t) c->facts->pair_count, last = segment->tokens - 1;
    __m512i asked = _mm512_set1_epi32(c->asked[form_of[0]]);

    for (uint32_t t = 0; t < last; t += WIDE_PAIRS) {
        __mmask16 there = (__mmask16) wide_lowest(last - t), aside, single;
        struct sixteen_pairs p = {
            _mm512_maskz_loadu_epi32(there, form_of + t),
            _mm512_maskz_loadu_epi32(there, form_of + t + 1),
            _mm512_and_si512(_mm512_maskz_loadu_epi32(there, pair_of + t),
                             _mm512_maskz_loadu_epi32(there, pair_of + t + 1)),
        };
        __m512i next = _mm512_mask_i32gather_epi32(none, there, p.y, c->asked,
                                                   1);
        __m512i x_asked = _mm512_alignr_epi32(next, asked, 15);
        __m512i tokens = _mm512_add_epi32(
            steps, _mm512_set1_epi32((int) (segment->token + t)));
        __m512i ids = _mm512_add_epi32(steps, _mm512_set1_epi32((int) id));
        asked = next;
        next = _mm512_and_si512(next, bits);
        aside = _mm512_mask_test_epi32_mask(there, x_asked, next);
        single = there & (__mmask16) ~aside;
        ids = _mm512_maskz_expand_epi32(single, ids);
        _mm512_mask_storeu_epi32(pair_of + t, there, ids);
        write_items(list + 2 * (size_t) t + 2,
                    _mm512_add_epi32(
                        ids, _mm512_set1_epi32((int) c->facts->first_pair)),
                    single);
        write_pairs(pairs + id, &p, single, sentence);
        write_aside(c->aside + c->aside_count, tokens, p.both, aside,
                    sentence);
        id += (uint32_t) __builtin_popcount(single);
        c->aside_count += (unsigned) __builtin_popcount(aside);
    }
    pair_of[last] = NONE;
    c->facts->pair_count = id;
}

WIDE_CODE size_t quote_find_wide(const char *text, size_t size, size_t at)
{
    for (; at < size; at += WIDE_BLOCK) {
        __m512i block = wide_load(text + at, size - at);
        uint64_t bits = wide_equal(block, '"') | wide_equal(block, 0xAB)
                        | wide_equal(block, 0x9C);
        for (; bits != 0; bits &= bits - 1)
            if (is_quote_end(text, at + _tzcnt_u64(bits)))
                return at + _tzcnt_u64(bits);
    }
    return size;
}

#endif
