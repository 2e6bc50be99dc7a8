/* score_credits.c - the default method: every distinct word and word pair of
 * the article gets a credit for standing in the summary.
 *
 * A credit is, up to a correction, the estimated chance that the word stands
 * in a human summary, from what credits.c says of it: how often its stem
 * comes, in how many sentences, where first, how common it is in the language,
 * how often such a word was in a summary elsewhere, the title:
 *
 *     p(w) = logistic(sum of one weight for each feature)
 *     credit(w) = 2 A p(w) + sum of one correction for each feature
 *
 * and the same for pairs.  The expected overlap with a reference, over the
 * words of both, is an expected F1 (ROUGE: Lin, 2004); the corrections make
 * it rank sets of sentences.  The weights are fitted by bench/credits/train,
 * first p by logistic regression, then everything together so that the sets
 * of sentences scored best have the best ROUGE (listwise: Cao and others,
 * "Learning to rank: from pairwise approach to listwise approach", 2007).
 */
#include <config.h>

#include "engine/credits.h"
#include "engine/mathematics.h"

#include <string.h>

/* A stem of the query makes a word worth this much more: about what a whole
 * summary of an ordinary article earns, so that a sentence with it wins over
 * any without. */
#define QUERY_CREDIT 40.0

static double sum_weights(const int16_t *weights, const uint16_t *index,
                          int count)
{
    int sum = 0;

    for (int i = 0; i < count; i++)
        sum += weights[index[i]];
    return (double) sum / MODEL_UNIT;
}

static void credit_words(struct document *d, struct credits *c,
                         const struct credit_model *model, double *odds)
{
    const struct word_table *table = &d->language->table;

    for (uint32_t i = 0; i < d->form_count; i++) {
        struct credit_word *word = &c->facts.words[i];
        uint32_t stem = d->forms[i].stem, row = d->forms[i].row;
        uint16_t index[WORD_FEATURES];
        double p;
        if (word->count == 0) { /* only in headings or the title */
            odds[i] = -9;
            continue;
        }
        if (row != NONE) {
            word->prior = table->values[4 * row];
            word->common = table->values[4 * row + 1];
        }
        word_features(d, &c->facts, i, index);
        odds[i] = sum_weights(model->word_odds, index, WORD_FEATURES);
        p = 2 * model->word_scale * logistic(odds[i]);
        c->once[i] = p + sum_weights(model->word_extra, index, WORD_FEATURES);
        if (row != NONE) { /* 0 but for function words */
            c->twice[i] = p * table->values[4 * row + 2] / 255;
            c->thrice[i] = p * table->values[4 * row + 3] / 255;
        }
        if (stem != NONE && d->stems[stem].in_query)
            c->once[i] += QUERY_CREDIT;
    }
}

static void credit_pairs(struct document *d, struct credits *c,
                         const struct credit_model *model, const double *odds)
{
    for (size_t i = 0; i < c->facts.pair_count; i++) {
        struct credit_pair *pair = &c->facts.pairs[i];
        uint16_t index[PAIR_FEATURES];
        pair->prior = language_pair(d->language, d->forms[pair->x].row,
                                    d->forms[pair->y].row);
        pair_features(d, &c->facts, pair, odds[pair->x], odds[pair->y],
                      index);
        c->pair[i] =
            2 * model->pair_scale
                * logistic(sum_weights(model->pair_odds, index,
                                       PAIR_FEATURES))
            + sum_weights(model->pair_extra, index, PAIR_FEATURES);
    }
}

/* The sentence by itself: what it covers, over its words. */
static double sentence_score(struct document *d, struct credits *c,
                             const struct segment *segment, uint32_t *seen,
                             uint32_t *seen_pair, uint32_t mark)
{
    double sum = 0;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        uint32_t token = segment->token + t;
        uint32_t form = d->surfaces[d->tokens[token]].form;
        uint32_t pair = c->facts.pair_of[token];
        if (seen[form] != mark) {
            seen[form] = mark;
            sum += c->once[form];
        }
        if (pair != NONE && seen_pair[pair] != mark) {
            seen_pair[pair] = mark;
            sum += c->pair[pair];
        }
    }
    return sum / ((double) segment->tokens + CREDITS_SMOOTH);
}

int score_credits(struct document *d)
{
    struct credits *c = arena_take_array(d->arena, 1, sizeof *c);
    const struct credit_model *model;
    uint32_t *seen, *seen_pair;
    double *odds;

    if (c == NULL || credits_collect(d, &c->facts, d->language->neutral) != 0)
        return PRECIS_EINTERNAL;
    c->once = arena_take_array(d->arena, d->form_count + 1, 3 * sizeof(double));
    c->pair = arena_take_array(d->arena, c->facts.pair_count + 1,
                               sizeof(double));
    odds = arena_take_array(d->arena, d->form_count + 1, sizeof *odds);
    seen = arena_take_array(d->arena, d->form_count + 1, sizeof *seen);
    seen_pair = arena_take_array(d->arena, c->facts.pair_count + 1,
                                 sizeof *seen_pair);
    if (c->once == NULL || c->pair == NULL || odds == NULL || seen == NULL
        || seen_pair == NULL)
        return PRECIS_EINTERNAL;
    c->twice = c->once + d->form_count;
    c->thrice = c->twice + d->form_count;
    model = &d->language->models[c->facts.has_title];
    credit_words(d, c, model, odds);
    credit_pairs(d, c, model, odds);
    for (uint32_t i = 0; i < d->segment_count; i++) {
        if (d->segments[i].kind != PRECIS_SENTENCE)
            continue;
        d->scores[i] = sentence_score(d, c, &d->segments[i], seen, seen_pair,
                                      i + 1);
        if (d->scores[i] < 0) /* corrections can outweigh what is covered */
            d->scores[i] = 0;
        if (d->scores[i] > c->best)
            c->best = d->scores[i];
    }
    score_by_terms(d);
    d->credits = c;
    return 0;
}
