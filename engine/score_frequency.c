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

#include <string.h>

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

/* What a stem is worth, and 1 + the segment that it was last counted in. */
struct term {
    double weight;
    uint32_t seen;
};

/* By term_at(). */
static struct term *terms_new(const struct document *document)
{
    struct term *terms = arena_take(
        document->arena, (document->stem_count + 1) * sizeof *terms);

    if (terms == NULL)
        return NULL;
    terms[0] = (struct term){ 0, 0 };
    for (size_t i = 0; i < document->stem_count; i++)
        terms[i + 1] = (struct term){ stem_weight(&document->stems[i]), 0 };
    return terms;
}

/* A stem's weight, or 0 where `seen` says that it counts no more: by a mask,
 * since no processor can foresee which it will be. */
static double weight_unless(double weight, int seen)
{
    uint64_t bits;

    memcpy(&bits, &weight, sizeof bits);
    bits &= (uint64_t) seen - 1;
    memcpy(&weight, &bits, sizeof bits);
    return weight;
}

static double sentence_weight(const struct document *document,
                              const struct segment *segment,
                              struct term *terms, uint32_t mark)
{
    double sum = 0;

    for (uint32_t i = 0; i < segment->tokens; i++) {
        struct term *term = &terms[term_at(document, segment->token + i)];
        sum += weight_unless(term->weight, term->seen == mark);
        term->seen = mark;
    }
    return sum / ((double) segment->tokens + SMOOTH);
}

int score_frequency(struct document *document)
{
    struct term *terms = terms_new(document);
    double best = 0, index = 0;

    if (terms == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < document->segment_count; i++) {
        if (document->segments[i].kind != PRECIS_SENTENCE)
            continue;
        document->frequencies[i] = sentence_weight(
            document, &document->segments[i], terms, (uint32_t) i + 1);
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
