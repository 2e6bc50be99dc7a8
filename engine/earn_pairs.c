/* earn_pairs.c - the credits of pairs; see score_credits.c. */
#include <config.h>

#include "engine/earn.h"

#include <string.h>

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

static void earn_narrow(struct maker *m, size_t i, size_t count)
{
    struct credits *c = m->c;
    both_sums sums[BATCH];
    uint32_t slots[BATCH];

    fetch_pairs(m, c->facts.pairs + i, count, slots);
    sum_pairs(m, c->facts.pairs + i, count, slots, sums);
    weights_earn(m->d->weights, 2 * m->model->pair_scale, sums, count,
                 c->pair + i, c->first + c->facts.first_pair + i);
}

#if WIDE
static void earn_wide(struct maker *m, size_t i, size_t count)
{
    const double scale = 2 * m->model->pair_scale;
    struct credits *c = m->c;
    double *credits = c->pair + i;
    worths *first = c->first + c->facts.first_pair + i;
    struct wide_pairs sums[BATCH / WIDE_CREDITS], *p = sums;

    pairs_begin_wide(m, c->facts.pairs + i, count, sums);
    pairs_sum_wide(m, sums, count);
    for (size_t k = 0; k < count; k += WIDE_CREDITS, p++)
        if (!pair_credits_wide(m->d->weights, scale, p->sums, credits + k,
                               first + k))
            weights_earn(m->d->weights, scale, p->sums, WIDE_CREDITS,
                         credits + k, first + k);
}
#endif

void earn_pairs(struct maker *m)
{
    size_t pairs = m->c->facts.pair_count;
    void (*earn)(struct maker *, size_t, size_t) = earn_narrow;

#if WIDE
    if (wide_is_there()) {
        memset(m->c->facts.pairs + pairs, 0,
               WIDE_CREDITS * sizeof *m->c->facts.pairs);
        earn = earn_wide;
    }
#endif
    for (size_t i = 0; i < pairs; i += BATCH)
        earn(m, i, pairs - i < BATCH ? pairs - i : BATCH);
}
