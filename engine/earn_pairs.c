/* earn_pairs.c - the credits of pairs; see score_credits.c. */
#include <config.h>

#include "engine/earn.h"

/* What the table says of pairs is read at places that nobody foresees.  So of a
 * batch of pairs all is asked for first, and comes while other things are
 * done. */
#define BATCH 64

struct pair_maker {
    const struct maker *m;
    both_sums sums[BATCH]; /* moved */
    uint32_t slots[BATCH];
};

static void fetch_pairs(struct pair_maker *p, const struct credit_pair *pairs,
                        size_t count)
{
    const struct side *sides = p->m->sides;
    const uint32_t *slots = p->m->d->language->table.pair_slots;

    for (size_t i = 0; i < count; i++) {
        uint32_t slot = pair_slot_of(sides[pairs[i].x].pairs,
                                     sides[pairs[i].y].row);
        p->slots[i] = slot;
        __builtin_prefetch(slots + slot);
    }
}

static void sum_pairs(struct pair_maker *p, struct credit_pair *pair,
                      size_t count)
{
    const struct maker *m = p->m;
    const struct side *sides = m->sides;
    const uint32_t *slots = m->d->language->table.pair_slots;
    struct weights *weights = m->d->weights;

    for (size_t i = 0; i < count; i++, pair++) {
        const struct side *x = &sides[pair->x], *y = &sides[pair->y];
        both_sums both;
        pair->prior = pair_find(slots, p->slots[i], y->row);
        both = MOVED + pair_sums(m->sums, pair, x->level, y->level,
                                 2u * x->content + y->content, m->article);
        p->sums[i] = both;
        moved_fetch(weights, both);
    }
}

void earn_pairs(struct maker *m)
{
    struct pair_maker p = { .m = m };
    struct credits *c = m->c;
    size_t pairs = c->facts.pair_count;

    for (size_t i = 0; i < pairs; i += BATCH) {
        size_t count = pairs - i < BATCH ? pairs - i : BATCH;
        fetch_pairs(&p, c->facts.pairs + i, count);
        sum_pairs(&p, c->facts.pairs + i, count);
        weights_earn(m->d->weights, 2 * m->model->pair_scale, p.sums, count,
                     c->pair + i, c->first + c->facts.first_pair + i);
    }
}
