/* score_sumbasic.c - the words that a summary most likely has.
 *
 * Nenkova and Vanderwende, "The Impact of Frequency on Summarization",
 * Microsoft Research MSR-TR-2005-101, 2005.  A word's probability is its share
 * of the article's words, a sentence's weight the mean probability of its
 * words.  Again and again the best sentence of those with the most probable
 * word is chosen; then the probability of each of its words is squared, so
 * that what was said hardly counts.
 *
 * The loop is that of select.c, which asks for the worth of each unit before a
 * choice and says what was chosen after it: what does not fit the limit is
 * passed over and leaves the probabilities as they are, and the sentences of
 * a quotation are chosen as one.  The most probable word is that of the units
 * that can still be chosen.  The score shown is the weight before any choice.
 *
 * Words are stems of content words.
 */
#include <config.h>

#include "engine/document.h"

/* The mean decides only between units whose most probable words are equally
 * so: this makes one number of both.  Two different n / N, or such a one and
 * a square, differ by 1 / N^2 at least. */
#define SECOND 1e-10

struct weight {
    double most; /* probability of the most probable word */
    double mean; /* of all words */
};

static struct weight find_weight(const struct document *document,
                                 uint32_t first, uint32_t count)
{
    struct weight weight = { 0, 0 };
    double words = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct segment *segment = &document->segments[first + i];
        for (uint32_t t = 0; t < segment->tokens; t++) {
            uint32_t token = document->tokens[segment->token + t];
            uint32_t stem = document->surfaces[token].stem;
            if (stem == NONE)
                continue;
            words++;
            weight.mean += document->chances[stem];
            if (document->chances[stem] > weight.most)
                weight.most = document->chances[stem];
        }
    }
    if (words > 0)
        weight.mean /= words;
    return weight;
}

double sumbasic_worth(const struct document *document, uint32_t first,
                      uint32_t count)
{
    struct weight weight = find_weight(document, first, count);

    return weight.most + SECOND * weight.mean;
}

void sumbasic_say(struct document *document, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct segment *segment = &document->segments[first + i];
        for (uint32_t t = 0; t < segment->tokens; t++) {
            uint32_t token = document->tokens[segment->token + t];
            uint32_t stem = document->surfaces[token].stem;
            if (stem == NONE || document->stems[stem].seen == first)
                continue;
            document->stems[stem].seen = first; /* once a choice */
            document->chances[stem] *= document->chances[stem];
        }
    }
}

int score_sumbasic(struct document *document)
{
    double words = 0;

    document->chances = arena_take_array(
        document->arena, document->stem_count + 1, sizeof(double));
    if (document->chances == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < document->stem_count; i++)
        words += document->stems[i].count;
    for (size_t i = 0; i < document->stem_count; i++) {
        document->stems[i].seen = NONE;
        if (words > 0)
            document->chances[i] = document->stems[i].count / words;
    }
    for (size_t i = 0; i < document->segment_count; i++)
        if (document->segments[i].kind == PRECIS_SENTENCE)
            document->scores[i] = find_weight(document, (uint32_t) i, 1).mean;
    score_by_terms(document);
    return 0;
}
