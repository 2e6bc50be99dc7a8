#include <config.h>

#include "bench/credits/rouge.h"

#include <string.h>

static double f(size_t hits, size_t mine, size_t theirs)
{
    return hits == 0 ? 0 : 2 * (double) hits / (double) (mine + theirs);
}

/* Words of the summary in the reference, no one more often than there. */
static size_t word_hits(const uint16_t *summary, size_t size,
                        const uint16_t *reference, size_t reference_size)
{
    uint16_t left[ROUGE_MAX + 1] = {0};
    size_t hits = 0;

    for (size_t i = 0; i < reference_size; i++)
        left[reference[i]]++;
    left[0] = 0;
    for (size_t i = 0; i < size; i++)
        if (left[summary[i]] > 0) {
            left[summary[i]]--;
            hits++;
        }
    return hits;
}

static size_t pair_hits(const uint16_t *summary, size_t size,
                        const uint16_t *reference, size_t reference_size)
{
    uint8_t used[ROUGE_MAX] = {0};
    size_t hits = 0;

    for (size_t i = 1; i < size; i++) {
        if (summary[i - 1] == 0 || summary[i] == 0)
            continue;
        for (size_t k = 1; k < reference_size; k++)
            if (!used[k] && reference[k - 1] == summary[i - 1]
                && reference[k] == summary[i]) {
                used[k] = 1;
                hits++;
                break;
            }
    }
    return hits;
}

/* The longest common subsequence, by rows; a word that is not in the
 * reference leaves the row as it is. */
static size_t common_words(const uint16_t *summary, size_t size,
                           const uint16_t *reference, size_t reference_size)
{
    uint16_t row[ROUGE_MAX + 1] = {0};

    for (size_t i = 0; i < size; i++) {
        uint16_t corner = 0; /* the row before, one place back */
        if (summary[i] == 0)
            continue;
        for (size_t k = 1; k <= reference_size; k++) {
            uint16_t above = row[k];
            if (reference[k - 1] == summary[i])
                row[k] = (uint16_t) (corner + 1);
            else if (row[k - 1] > above)
                row[k] = row[k - 1];
            corner = above;
        }
    }
    return row[reference_size];
}

struct rouge rouge(const uint16_t *summary, size_t size,
                   const uint16_t *reference, size_t reference_size)
{
    struct rouge result = {0, 0, 0};

    if (size == 0 || reference_size == 0)
        return result;
    result.f1 = f(word_hits(summary, size, reference, reference_size), size,
                  reference_size);
    result.f2 = f(pair_hits(summary, size, reference, reference_size), size - 1,
                  reference_size - 1);
    result.fl = f(common_words(summary, size, reference, reference_size), size,
                  reference_size);
    return result;
}
