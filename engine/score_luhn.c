/* score_luhn.c - where significant words stand close together.
 *
 * Luhn, "The Automatic Creation of Literature Abstracts", IBM Journal of
 * Research and Development 2(2), 1958.  Significant words are neither too
 * common nor too rare.  A cluster begins and ends with one, with no more than
 * four other words between any two; it is worth
 *
 *     (significant words in it)^2 / (all words in it)
 *
 * and a sentence as much as its best cluster.  The paper's example, 4
 * significant words among 7, is worth 16 / 7 = 2.3.
 *
 * Where the paper leaves the cutoffs open: too common are function words, too
 * rare what stands once in the article.  Words are stems, where Luhn compares
 * their first letters.
 */
#include <config.h>

#include "engine/document.h"

#define GAP 4
#define SIGNIFICANT 2

static int is_significant(const struct document *document, uint32_t token)
{
    uint32_t stem = document->surfaces[document->tokens[token]].stem;

    return stem != NONE && document->stems[stem].count >= SIGNIFICANT;
}

static double best_cluster(const struct document *document,
                           const struct segment *segment)
{
    double best = 0, count = 0, worth = 0;
    uint32_t first = 0, last = 0;

    for (uint32_t i = 0; i < segment->tokens; i++) {
        if (!is_significant(document, segment->token + i))
            continue;
        if (count == 0 || i - last - 1 > GAP) { /* a cluster begins */
            best = worth > best ? worth : best;
            first = i;
            count = 0;
        }
        last = i;
        count++;
        worth = count * count / (last - first + 1);
    }
    return worth > best ? worth : best;
}

int score_luhn(struct document *document)
{
    for (size_t i = 0; i < document->segment_count; i++)
        if (document->segments[i].kind == PRECIS_SENTENCE)
            document->scores[i] = best_cluster(document,
                                               &document->segments[i]);
    score_by_terms(document);
    return 0;
}
