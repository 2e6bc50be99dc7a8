/* earn_pairs.c - the credits of pairs; see score_credits.c. */
#include <config.h>

#include "engine/earn.h"
#include "engine/wide.h"

/* What the table says of pairs is read at places that nobody foresees, and it
 * is larger than the nearest caches.  So of a batch of pairs all is asked for
 * first, and comes while other things are done. */
#define BATCH 64

static void fetch_pairs(const struct maker *m, const struct credit_pair *pair,
                        size_t count, uint32_t *slots)
{
    const struct side *sides = m->sides;
    const uint32_t *all = m->d->language->table.pair_slots;

    for (size_t i = 0; i < count; i++, pair++) {
        slots[i] = pair_slot_of(sides[pair->x].pairs, sides[pair->y].row);
        __builtin_prefetch(all + slots[i]);
    }
}

static void sum_pairs(const struct maker *m, struct credit_pair *pair,
                      size_t count, const uint32_t *slots,
                      both_sums *sums)
{
    const struct side *sides = m->sides;
    const uint32_t *all = m->d->language->table.pair_slots;
    const struct model_sums *model = m->sums;
    const unsigned article = m->article;

    for (size_t i = 0; i < count; i++, pair++) {
        const struct side *x = &sides[pair->x], *y = &sides[pair->y];
        pair->prior = pair_find(all, slots[i], y->row);
        sums[i] = MOVED + pair_sums(model, pair, x->level, y->level,
                                    2u * x->content + y->content, article);
    }
}

/* weights_earn(), as many at once as this processor can. */
static void earn_sums(struct weights *weights, double scale,
                      const both_sums *sums, size_t count, double *credits,
                      worths *first)
{
    size_t done = 0;

#if WIDE
    if (wide_is_there())
        for (; done + WIDE_CREDITS <= count; done += WIDE_CREDITS)
            if (!pair_credits_wide(weights, scale, sums + done,
                                   credits + done, first + done))
                weights_earn(weights, scale, sums + done, WIDE_CREDITS,
                             credits + done, first + done);
#endif
    weights_earn(weights, scale, sums + done, count - done, credits + done,
                 first + done);
}

void earn_pairs(struct maker *m)
{
    struct credits *c = m->c;
    size_t pairs = c->facts.pair_count;
    both_sums sums[BATCH];
    uint32_t slots[BATCH];

    for (size_t i = 0; i < pairs; i += BATCH) {
        size_t count = pairs - i < BATCH ? pairs - i : BATCH;
        fetch_pairs(m, c->facts.pairs + i, count, slots);
        sum_pairs(m, c->facts.pairs + i, count, slots, sums);
        earn_sums(m->d->weights, 2 * m->model->pair_scale, sums, count,
                  c->pair + i, c->first + c->facts.first_pair + i);
    }
}
