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

#include "engine/earn.h"

/* ---- sentences ---- */

/* Numbers, or no bits of them. */
typedef int64_t both_bits __attribute__((vector_size(sizeof(worths))));

/* What the items of a sentence earn.  Which of them are there again cannot be
 * foreseen, so nothing branches; but only words are, every other item. */
static double items_sum(const struct credits *c, const struct items *items,
                        worths *sum)
{
    const size_t forms = c->facts.nothing;
    const worths *first = c->first, *second = c->again;
    const worths *const lists[] = { first, first, first, first,
                                    second, second, second + forms,
                                    second + forms };
    static const both_bits kept[] = { { -1 }, { -1 }, { -1 }, { -1 },
                                      { 0 }, { 0 }, { 0 }, { 0 } };
    const uint32_t *next = items->list, *end = next + items->count;
    worths once = { 0, 0 }, all = once, worth;

    while (next < end) {
        uint32_t item = *next++;
        worth = lists[item / ITEM_TIMES][item_number(item)];
        all += worth;
        once += (worths) ((both_bits) worth & kept[item / ITEM_TIMES]);
        if (next == end)
            break;
        worth = first[*next++];
        all += worth;
        once += worth;
    }
    *sum = all;
    return once[0];
}

/* The sentence by itself: what it covers, each once, over its words.  Sums up
 * what it earns, repeated words too. */
static double sentence_score(const struct credits *c,
                             const struct segment *segment,
                             const struct items *items, worths *sum)
{
    const uint32_t *next = items->list, *end = next + items->count;
    const worths *first = c->first;
    double words = (double) segment->tokens + CREDITS_SMOOTH;
    worths all = { 0, 0 };

    if (items->again != 0)
        return items_sum(c, items, sum) / words;
    for (; next < end; next++)
        all += first[*next];
    *sum = all;
    return all[0] / words;
}

/* Room for what is summed up, and for the rows of gains.h behind the items.
 * 0, or PRECIS_EINTERNAL. */
static int sums_take(struct document *d, struct credits *c)
{
    size_t items = c->facts.first_pair + c->facts.pair_count;

    c->first = arena_take(d->arena,
                          (items + d->token_count + ROWS_STEP + WIDE_CREDITS)
                              * sizeof *c->first);
    c->again = arena_take(d->arena,
                          2 * (size_t) c->facts.first_pair * sizeof *c->again);
    c->sums = arena_take(d->arena, (d->segment_count + 1) * sizeof *c->sums);
    if (c->first == NULL || c->again == NULL || c->sums == NULL)
        return PRECIS_EINTERNAL;
    c->first[c->facts.nothing] = (worths){ 0, 0 };
    return 0;
}

int credits_sum(struct document *d, struct credits *c)
{
    if (sums_take(d, c) != 0)
        return PRECIS_EINTERNAL;
    for (uint32_t i = 0; i < d->form_count; i++) {
        c->first[i] = first_worths(c->once[i], c->twice[i], c->thrice[i]);
        again_worths(&c->again[i], d->form_count, c->twice[i], c->thrice[i]);
    }
    for (size_t i = 0; i < c->facts.pair_count; i++)
        c->first[c->facts.first_pair + i] = once_worths(c->pair[i]);
    for (uint32_t i = 0; i < d->segment_count; i++)
        sentence_score(c, &d->segments[i], &c->facts.items[i], &c->sums[i]);
    return 0;
}

int score_credits(struct document *d)
{
    struct maker m = { .d = d };
    struct credits *c = arena_take_array(d->arena, 1, sizeof *c);

    if (d->weights == NULL) /* nobody keeps them */
        d->weights = arena_take_array(d->arena, 1, sizeof *d->weights);
    fetch_rows(d);
    if (c == NULL || d->weights == NULL
        || credits_collect(d, &c->facts, d->language->neutral, 0) != 0)
        return PRECIS_EINTERNAL;
    c->once = arena_take(d->arena,
                         (d->form_count + 1) * 3 * sizeof *c->once);
    c->pair = arena_take(d->arena,
                         (c->facts.pair_count + WIDE_CREDITS)
                             * sizeof *c->pair);
    m.sides = arena_take(d->arena,
                         (d->form_count + WIDE_WORDS) * sizeof *m.sides);
    if (c->once == NULL || c->pair == NULL || m.sides == NULL
        || sums_take(d, c) != 0)
        return PRECIS_EINTERNAL;
    c->twice = c->once + d->form_count;
    c->thrice = c->twice + d->form_count;
    m.c = c;
    m.model = &d->language->models[c->facts.has_title];
    m.sums = weights_of(d->weights, m.model);
    m.article = article_bucket(c->facts.article_words);
    if (earn_words(&m) != 0)
        return PRECIS_EINTERNAL;
    earn_pairs(&m);
    for (uint32_t i = 0; i < d->segment_count; i++) {
        if (d->segments[i].kind != PRECIS_SENTENCE)
            continue;
        d->scores[i] = sentence_score(c, &d->segments[i], &c->facts.items[i],
                                      &c->sums[i]);
        if (d->scores[i] < 0) /* corrections can outweigh what is covered */
            d->scores[i] = 0;
        if (d->scores[i] > c->best)
            c->best = d->scores[i];
    }
    score_by_terms(d);
    d->credits = c;
    return 0;
}
