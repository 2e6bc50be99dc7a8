/* score_frequency.c - what an article repeats is what it is about.
 *
 * After Luhn ("The automatic creation of literature abstracts", 1958) and
 * SumBasic (Nenkova and Vanderwende, 2005), in the form that did best of a
 * score of untrained ones on French news:
 *
 *     g(s) = sum over the distinct content stems of s of (f - 0.7)
 *            / (words of s + 30),          f = times the stem is in the text
 *     score(s) = g(s) / max g  *  1 / (1 + 0.3 i),     i = index of s
 *
 * A stem that stands once is worth little; each counts once a sentence; the
 * division has the shape of an F1, so that long sentences must earn their
 * length.  A stem of the title counts as if it stood 4 times more, one of
 * the query 12 times more.
 */
#include <config.h>

#include "engine/document.h"

#define ONCE 0.7
#define SMOOTH 30.0
#define POSITION 0.3
#define TITLE 4.0
#define QUERY 12.0

double stem_weight(const struct stem *stem)
{
    double weight = (double) stem->count - ONCE;

    if (stem->in_title)
        weight += TITLE;
    if (stem->in_query)
        weight += QUERY;
    return weight;
}

/* What the stems are worth, by term_at(). */
static double *weights_new(const struct document *document)
{
    double *weights = arena_take(
        document->arena, (document->stem_count + 1) * sizeof *weights);

    if (weights == NULL)
        return NULL;
    weights[0] = 0;
    for (size_t i = 0; i < document->stem_count; i++)
        weights[i + 1] = stem_weight(&document->stems[i]);
    return weights;
}

static double sentence_weight(const struct document *document,
                              const struct segment *segment,
                              const double *weights)
{
    const uint32_t *terms = document->terms + segment->token;
    double sum = 0;

    for (uint32_t i = 0; i < segment->terms; i++)
        sum += weights[terms[i]];
    return sum / ((double) segment->tokens + SMOOTH);
}

int score_frequency(struct document *document)
{
    const double *weights = weights_new(document);
    double best = 0, index = 0;

    if (weights == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < document->segment_count; i++) {
        if (document->segments[i].kind != PRECIS_SENTENCE)
            continue;
        document->frequencies[i] =
            sentence_weight(document, &document->segments[i], weights);
        if (document->frequencies[i] > best)
            best = document->frequencies[i];
    }
    for (size_t i = 0; i < document->segment_count; i++) {
        if (document->segments[i].kind != PRECIS_SENTENCE)
            continue;
        if (best > 0)
            document->frequencies[i] /= best;
        document->positions[i] = 1 / (1 + POSITION * index);
        document->scores[i] = document->frequencies[i]
                              * document->positions[i];
        index++;
    }
    return 0;
}
