/* tally.c - sums of the weights of features; see tally.h. */
#include <config.h>

#include "engine/tally.h"

#include <string.h>

#ifdef __SSE2__
/* Adds sixteen weights to the sums of their classes. */
static inline void part_add(const uint8_t *row, __m128i *low, __m128i *high)
{
    const __m128i zero = _mm_setzero_si128();
    __m128i part = _mm_loadu_si128((const void *) row);

    *low = _mm_add_epi16(*low, _mm_unpacklo_epi8(part, zero));
    *high = _mm_add_epi16(*high, _mm_unpackhi_epi8(part, zero));
}

/* The sums of all 64 classes stay in registers. */
static void rows_sum(const struct features *features, uint16_t *scores)
{
    __m128i a = _mm_setzero_si128(), b = a, c = a, d = a, e = a, f = a, g = a;
    __m128i h = a, *out = (void *) scores;

    for (unsigned i = 0; i < features->row_count; i++) {
        const uint8_t *row = ngram_rows[features->rows[i]];
        part_add(row, &a, &b);
        part_add(row + 16, &c, &d);
        part_add(row + 32, &e, &f);
        part_add(row + 48, &g, &h);
    }
    _mm_storeu_si128(out, a);
    _mm_storeu_si128(out + 1, b);
    _mm_storeu_si128(out + 2, c);
    _mm_storeu_si128(out + 3, d);
    _mm_storeu_si128(out + 4, e);
    _mm_storeu_si128(out + 5, f);
    _mm_storeu_si128(out + 6, g);
    _mm_storeu_si128(out + 7, h);
}
#else
static void rows_sum(const struct features *features, uint16_t *scores)
{
    memset(scores, 0, NGRAM_CLASSES_MAX * sizeof *scores);
    for (unsigned i = 0; i < features->row_count; i++)
        for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
            scores[c] = (uint16_t) (scores[c]
                                    + ngram_rows[features->rows[i]][c]);
}
#endif

void features_take(const uint32_t *hashes, size_t count,
                   struct features *features)
{
    unsigned rows = features->row_count, entries = features->entry_count;
    uint16_t *row = features->rows, *entry = features->entries;

    for (size_t i = 0; i < count; i++) {
        uint32_t slot = feature_slot(hashes[i]);
        unsigned weights = ngram_slots[slot].weights;
        row[rows] = (uint16_t) (weights - NGRAM_ROW);
        rows += feature_has_row(weights);
        entries += list_copy(slot, weights, entry + entries);
    }
    features->count += (unsigned) count;
    features->row_count = rows;
    features->entry_count = entries;
}

void features_sum(const struct features *features,
                  uint16_t scores[NGRAM_CLASSES_MAX])
{
    rows_sum(features, scores);
    for (unsigned i = 0; i < features->entry_count; i++) {
        unsigned entry = features->entries[i];
        uint16_t *score = &scores[entry % NGRAM_CLASSES_MAX];
        *score = (uint16_t) (*score + (entry >> 8));
    }
}
