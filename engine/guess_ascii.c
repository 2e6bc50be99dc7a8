/* guess_ascii.c - what the pairs of ASCII of a text cost in each language. */
#include <config.h>

#include "engine/guess_ascii.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/guess.h"

/* Languages that are added to at once. */
#define LANES 24

_Static_assert(GUESS_LANGUAGES_MAX % LANES == 0, "lanes are whole");

void ascii_pairs_clear(struct ascii_pairs *pairs)
{
    for (size_t i = 0; i < pairs->met_count; i++)
        pairs->counts[pairs->met[i]] = 0;
    pairs->met_count = 0;
}

/* What a pair costs once in each language, as pair_cost() says. */
static void row_fill(uint16_t *row, size_t first, size_t second)
{
    const struct guess_character *c = &guess_characters[second];
    unsigned capital = c->is_upper && guess_characters[first].is_lower
                           ? GUESS_MIDDLE_CAPITAL_COST
                           : 0;

    for (size_t l = 0; l < guess_language_count; l++) {
        const struct guess_language *language = &guess_languages[l];
        unsigned before = language->classes[first];
        unsigned class = language->classes[second];
        unsigned cost = language->costs[before * language->class_count + class];

        if (class < GUESS_LETTER_CLASSES)
            cost += c->cost;
        row[l] = (uint16_t) (cost + capital);
    }
}

unsigned ascii_row_find(struct ascii_pairs *pairs, unsigned first,
                        unsigned second)
{
    uint16_t *number = &pairs->numbers[first * 256 + second];

    if (*number == 0 && pairs->row_count < ASCII_ROWS_MAX - 1) {
        *number = (uint16_t) ++pairs->row_count;
        row_fill(pairs->rows[*number], ascii_character(first),
                 ascii_character(second));
    }
    return *number;
}

size_t ascii_rows_count(struct ascii_pairs *pairs, unsigned before,
                        const unsigned char *text, size_t size)
{
    const uint16_t *numbers = pairs->numbers;
    uint16_t *counts = pairs->counts, *met = pairs->met;
    size_t met_count = pairs->met_count, i = 0;

    for (; i < size; i++) {
        unsigned byte = text[i], number = numbers[before * 256 + byte];
        unsigned count = counts[number];
        if (number == 0)
            break;
        /* whether it is new to the text cannot be foreseen */
        met[met_count] = (uint16_t) number;
        met_count += count == 0;
        counts[number] = (uint16_t) (count + 1);
        before = byte;
    }
    pairs->met_count = met_count;
    return i;
}

#ifdef __SSE2__
/* Sums of eight languages. */
struct sums {
    __m128i low, high;
};

/* Adds of two rows what `counts` says, by turns. */
static inline struct sums rows_add(struct sums sums, const uint16_t *a,
                                   const uint16_t *b, __m128i counts)
{
    __m128i first = _mm_loadu_si128((const void *) a);
    __m128i second = _mm_loadu_si128((const void *) b);

    sums.low = _mm_add_epi32(
        sums.low, _mm_madd_epi16(_mm_unpacklo_epi16(first, second), counts));
    sums.high = _mm_add_epi32(
        sums.high, _mm_madd_epi16(_mm_unpackhi_epi16(first, second), counts));
    return sums;
}

static void sums_write(struct sums sums, uint32_t *costs)
{
    _mm_storeu_si128((void *) costs, sums.low);
    _mm_storeu_si128((void *) (costs + 4), sums.high);
}

/* Two rows at a time: the last one may be alone, beside row 0. */
static void lanes_cost(const struct ascii_pairs *pairs, size_t l,
                       uint32_t *costs)
{
    const __m128i zero = _mm_setzero_si128();
    struct sums x = {zero, zero}, y = x, z = x;
    const uint16_t *met = pairs->met;

    for (size_t i = 0; i < pairs->met_count; i += 2) {
        const uint16_t *a = pairs->rows[met[i]] + l;
        const uint16_t *b = pairs->rows[met[i + 1]] + l;
        __m128i counts = _mm_set1_epi32(
            (int) (pairs->counts[met[i]]
                   | (uint32_t) pairs->counts[met[i + 1]] << 16));
        x = rows_add(x, a, b, counts);
        y = rows_add(y, a + 8, b + 8, counts);
        z = rows_add(z, a + 16, b + 16, counts);
    }
    sums_write(x, costs + l);
    sums_write(y, costs + l + 8);
    sums_write(z, costs + l + 16);
}
#else
static void lanes_cost(const struct ascii_pairs *pairs, size_t l,
                       uint32_t *costs)
{
    memset(costs + l, 0, LANES * sizeof *costs);
    for (size_t i = 0; i < pairs->met_count; i++) {
        unsigned number = pairs->met[i];
        for (size_t k = l; k < l + LANES; k++)
            costs[k] += (uint32_t) pairs->counts[number]
                        * pairs->rows[number][k];
    }
}
#endif

void ascii_pairs_cost(struct ascii_pairs *pairs, uint32_t *costs)
{
    pairs->met[pairs->met_count] = 0;
    for (size_t l = 0; l < guess_language_count; l += LANES)
        lanes_cost(pairs, l, costs);
}
