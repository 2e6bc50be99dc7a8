/* pairs_wide.c - what the table says of many pairs, and the sums of their
 * weights, by what wide.h asks for: the same numbers as earn_pairs.c has. */
#include <config.h>

#include "engine/earn.h"
#include "engine/wide.h"

#if WIDE

#define EIGHT WIDE_CREDITS

_Static_assert(sizeof(struct credit_pair) == 16
                   && offsetof(struct credit_pair, place) == 12
                   && sizeof(struct side) == 8,
               "load_places() and load_sides() rely on it");

/* The first bits of four pairs that have four bits each. */
#define FOUR 0x1111u

WIDE_CODE static inline __m256i load_four(const uint64_t *from,
                                          const uint32_t *at, size_t step)
{
    __m128i low = _mm_unpacklo_epi64(
        _mm_loadl_epi64((const void *) (from + at[0])),
        _mm_loadl_epi64((const void *) (from + at[step])));
    __m128i high = _mm_unpacklo_epi64(
        _mm_loadl_epi64((const void *) (from + at[2 * step])),
        _mm_loadl_epi64((const void *) (from + at[3 * step])));

    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

/* Eight numbers of 64 bits: where they are stands in memory, so many places
 * apart.  That takes half the time of a gather. */
WIDE_CODE static inline __m512i load_eight(const void *from,
                                           const uint32_t *at, size_t step)
{
    __m512i low = _mm512_castsi256_si512(load_four(from, at, step));

    return _mm512_inserti64x4(low, load_four(from, at + 4 * step, step), 1);
}

/* The sides of the first or second words of eight pairs. */
WIDE_CODE static inline __m512i load_sides(const struct maker *m,
                                           const uint32_t *first)
{
    return load_eight(m->sides, first,
                      sizeof(struct credit_pair) / sizeof *first);
}

/* Their places. */
WIDE_CODE static inline __m256i load_places(const struct credit_pair *pair)
{
    const __m512i field = _mm512_setr_epi32(3, 7, 11, 15, 19, 23, 27, 31, 0, 0,
                                            0, 0, 0, 0, 0, 0);
    __m512i places = _mm512_permutex2var_epi32(_mm512_loadu_si512(pair), field,
                                               _mm512_loadu_si512(pair + 4));

    return _mm256_and_si256(_mm512_castsi512_si256(places),
                            _mm256_set1_epi32(UINT16_MAX));
}

/* pair_slot_of(); `y` are rows. */
WIDE_CODE static inline __m256i eight_slots(__m256i pairs, __m256i y)
{
    const __m256i bits = _mm256_set1_epi32(16);
    __m256i size = _mm256_and_si256(pairs, _mm256_set1_epi32(15));
    __m256i mixed = _mm256_mullo_epi32(y, _mm256_set1_epi32(PAIR_FACTOR));

    mixed = _mm256_and_si256(mixed, _mm256_set1_epi32(UINT16_MAX));
    mixed = _mm256_srlv_epi32(mixed, _mm256_sub_epi32(bits, size));
    return _mm256_add_epi32(_mm256_srli_epi32(pairs, 4), mixed);
}

/* Where in the levels eight pairs are, but for what the table says; `x` and `y`
 * are all of a side but its place in the table. */
WIDE_CODE static inline __m256i eight_levels(__m256i x, __m256i y,
                                             __m256i place)
{
    const __m256i byte = _mm256_set1_epi32(UINT8_MAX);
    const __m256i size =
        _mm256_set1_epi32(PAIR_PRIOR_BUCKETS * LEVELS * LEVELS);
    __m256i at = _mm256_and_si256(_mm256_srli_epi32(x, 16), byte);

    at = _mm256_mullo_epi32(at, _mm256_set1_epi32(LEVELS));
    at = _mm256_add_epi32(at,
                          _mm256_and_si256(_mm256_srli_epi32(y, 16), byte));
    for (int i = 1; i < TIMES; i++)
        at = _mm256_mask_add_epi32(
            at,
            _mm256_cmpge_epi32_mask(place, _mm256_set1_epi32(i * PLACE_TIMES)),
            at, size);
    return at;
}

/* The sums of all else. */
WIDE_CODE static inline __m512i eight_sums(const struct maker *m, __m256i x,
                                           __m256i y, __m256i place)
{
    __m512i kinds = _mm512_castsi256_si512(
        _mm256_loadu_si256((const void *) m->sums->kinds[m->article]));
    __m256i kind = _mm256_srli_epi32(x, 24), at;
    uint32_t places[EIGHT];

    kind = _mm256_add_epi32(_mm256_add_epi32(kind, kind),
                            _mm256_srli_epi32(y, 24));
    at = _mm256_mullo_epi32(kind, _mm256_set1_epi32(PLACE_KIND));
    at = _mm256_add_epi32(at, place);
    kinds = _mm512_permutexvar_epi64(_mm512_cvtepu32_epi64(kind), kinds);
    kinds = _mm512_add_epi64(kinds, _mm512_set1_epi64(MOVED));
    _mm256_storeu_si256((void *) places, at);
    return _mm512_add_epi64(kinds, load_eight(m->sums->places, places, 1));
}

WIDE_CODE static inline void begin_eight(const struct maker *m,
                                         const struct credit_pair *pair,
                                         struct wide_pairs *to)
{
    __m256i place = load_places(pair);
    __m512i x = load_sides(m, &pair->x), y = load_sides(m, &pair->y);
    __m256i x_high = _mm512_cvtepi64_epi32(_mm512_srli_epi64(x, 32));
    __m256i y_high = _mm512_cvtepi64_epi32(_mm512_srli_epi64(y, 32));
    __m256i rows = _mm256_and_si256(y_high, _mm256_set1_epi32(UINT16_MAX));

    _mm256_storeu_si256((void *) to->rows, rows);
    _mm256_storeu_si256((void *) to->slots,
                        eight_slots(_mm512_cvtepi64_epi32(x), rows));
    _mm256_storeu_si256((void *) to->levels,
                        eight_levels(x_high, y_high, place));
    _mm512_storeu_si512(to->sums, eight_sums(m, x_high, y_high, place));
}

/* The four slots of each of four pairs, side by side. */
WIDE_CODE static inline __m512i load_slots(const uint32_t *all,
                                           const uint32_t *slots)
{
    __m512i four = _mm512_castsi128_si512(
        _mm_loadu_si128((const void *) (all + slots[0])));

    for (int i = 1; i < 4; i++)
        four = _mm512_mask_broadcast_i32x4(
            four, (__mmask16) (15 << 4 * i),
            _mm_loadu_si128((const void *) (all + slots[i])));
    return four;
}

/* pair_find() of four pairs: what it says is in one of four numbers, the
 * others are 0.  `are_known` loses the bits of those that it is not known
 * of. */
WIDE_CODE static inline __m512i find_four(__m512i slots, __m512i rows,
                                          unsigned *are_known)
{
    const __m512i free = _mm512_set1_epi32((int) PAIR_FREE);
    unsigned found = _mm512_cmpeq_epi32_mask(_mm512_srli_epi32(slots, 8),
                                             rows);
    unsigned behind = _mm512_cmpeq_epi32_mask(slots, free);
    unsigned any = found | behind;

    behind |= found << 1 & 0xEEEE; /* the first counts, before the first end */
    behind |= behind << 1 & 0xEEEE;
    behind |= behind << 2 & 0xCCCC;
    any |= any >> 1 & 0x7777;
    any |= any >> 2 & 0x3333;
    *are_known &= any;
    return _mm512_maskz_and_epi32((__mmask16) (found & ~behind), slots,
                                  _mm512_set1_epi32(UINT8_MAX));
}

/* What the table says of eight pairs. */
WIDE_CODE static inline __m512i find_eight(const uint32_t *all,
                                           const struct wide_pairs *p,
                                           unsigned *are_known)
{
    const __m512i first = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2,
                                            3, 3, 3, 3);
    const __m512i second = _mm512_add_epi32(first, _mm512_set1_epi32(4));
    const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    const __m512i odd = _mm512_add_epi64(even, _mm512_set1_epi64(1));
    const __m512i none = _mm512_setzero_si512();
    __m512i rows = _mm512_castsi256_si512(
        _mm256_loadu_si256((const void *) p->rows));
    __m512i low, high;

    low = find_four(load_slots(all, p->slots),
                    _mm512_permutexvar_epi32(first, rows), are_known);
    high = find_four(load_slots(all, p->slots + 4),
                     _mm512_permutexvar_epi32(second, rows), are_known);
    low = _mm512_sad_epu8(low, none);
    high = _mm512_sad_epu8(high, none);
    return _mm512_add_epi64(_mm512_permutex2var_epi64(low, even, high),
                            _mm512_permutex2var_epi64(low, odd, high));
}

WIDE_CODE void pairs_begin_wide(const struct maker *m,
                                const struct credit_pair *pair, size_t count,
                                struct wide_pairs *to)
{
    const uint32_t *all = m->d->language->table.pair_slots;

    for (size_t i = 0; i < count; i += EIGHT, to++) {
        begin_eight(m, pair + i, to);
        for (size_t k = 0; k < EIGHT; k++)
            __builtin_prefetch(all + to->slots[k]);
    }
}

WIDE_CODE void pairs_sum_wide(const struct maker *m, struct wide_pairs *p,
                              size_t count)
{
    const uint32_t *all = m->d->language->table.pair_slots;
    const both_sums *levels = m->sums->levels[0][0];

    for (size_t i = 0; i < count; i += EIGHT, p++) {
        unsigned are_known = FOUR;
        __m512i prior = find_eight(all, p, &are_known), sums;
        __m256i at;
        if ((are_known & FOUR) != FOUR) {
            uint64_t priors[EIGHT];
            for (size_t k = 0; k < EIGHT; k++)
                priors[k] = pair_find(all, p->slots[k], p->rows[k]);
            prior = _mm512_loadu_si512(priors);
        }
        at = _mm256_mullo_epi32(_mm512_cvtepi64_epi32(prior),
                                _mm256_set1_epi32(LEVELS * LEVELS));
        at = _mm256_add_epi32(at,
                              _mm256_loadu_si256((const void *) p->levels));
        _mm256_storeu_si256((void *) p->levels, at);
        sums = _mm512_add_epi64(_mm512_loadu_si512(p->sums),
                                load_eight(levels, p->levels, 1));
        _mm512_storeu_si512(p->sums, sums);
    }
}

#endif
