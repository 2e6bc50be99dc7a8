/* weights.h - the weights of the method credits, added up beforehand.  Private
 * to engine/.
 *
 * A word has WORD_FEATURES weights to add, twice.  But its features are made of
 * fewer buckets (struct word_buckets), and all features that the same few
 * buckets make can be one look-up.  So an engine keeps, for the models it has
 * met, tables of such sums, each with the sum for the log-odds and that of the
 * corrections in one number; and the logistics of sums, which are integers, as
 * they are met.
 */
#ifndef ENGINE_WEIGHTS_H
#define ENGINE_WEIGHTS_H

#include "engine/buckets.h"
#include "engine/mathematics.h"

/* Two sums, of log-odds and, times 2^32, of corrections; modulo 2^64. */
typedef uint64_t both_sums;

static inline int odds_sum(both_sums sums)
{
    return (int32_t) (uint32_t) sums;
}

static inline int extra_sum(both_sums sums)
{
    return (int32_t) (uint32_t) ((sums - (uint64_t) odds_sum(sums)) >> 32);
}

/* Of one model. */
struct model_sums {
    const int16_t *model; /* its first table, or NULL: not filled */

    both_sums count[TITLES][COUNTS][SPREADS * FIRSTS];
    both_sums prior[PRIOR_BUCKETS][SPREADS * FIRSTS][2];
    both_sums prior_title[TITLES][PRIOR_BUCKETS];
    both_sums common[TITLES][COMMON_BUCKETS][COUNTS][CAPITALS];
    both_sums opening[LEADS][FIRSTS][2][CAPITALS];
    both_sums heading[2][2][COUNTS][QUOTES][SPREADS];
    both_sums place[LENGTHS][RELATIVES];
    both_sums article[ARTICLES][SPREADS * FIRSTS];

    both_sums places[PLACES]; /* with the kind */
    both_sums levels[TIMES][PAIR_PRIOR_BUCKETS][LEVELS * LEVELS];
    both_sums kinds[ARTICLES][KINDS];
};

/* The models of two languages, with and without a title. */
#define MODELS_KEPT 4

/* Logistics of log-odds from -16.384 on are kept. */
#define CHANCES 32768

/* But not the first, for two or three articles of 2 kB: to keep what one
 * article asks for touches forty pages, each of which costs as much as a
 * hundred logistics and more. */
#define CHANCES_UNKEPT 2048

struct weights {
    struct model_sums models[MODELS_KEPT];
    unsigned next;   /* the one to be given up */
    unsigned unkept; /* chances so far, until CHANCES_UNKEPT */
    uint32_t kept;   /* 0 until then, CHANCES from then on */
    double chances[CHANCES]; /* 0: not met yet, since no logistic is 0 */
};

/* Half a megabyte, of which is used what is met.  NULL: out of memory. */
struct weights *weights_new(void);
void weights_free(struct weights *weights);

/* The sums of a model. */
const struct model_sums *weights_of(struct weights *weights,
                                    const struct credit_model *model);

/* Sums are moved by this before they are looked up: the odds are a place in
 * `chances` then, and what is above them is the corrections. */
#define MOVED (CHANCES / 2)

static inline int moved_odds(both_sums sums)
{
    return (int) (uint32_t) sums - MOVED;
}

static inline int moved_extra(both_sums sums)
{
    return (int32_t) (sums >> 32) + ((int32_t) (uint32_t) sums < 0);
}

/* The logistic of log-odds that are met first, or too far from 0 to be
 * kept, or while none are. */
double new_chance(struct weights *weights, both_sums sums);

/* The logistic of the log-odds. */
static inline double moved_chance(struct weights *weights, both_sums sums)
{
    uint32_t place = (uint32_t) sums;

    if (place < weights->kept && weights->chances[place] > 0)
        return weights->chances[place];
    return new_chance(weights, sums);
}

/* What a word or a pair earns that earns once. */
static inline worths once_worths(double credit)
{
    return (worths){ credit, credit > 0 ? credit : 0 };
}

/* The credits of many: scale times their logistic, and the correction. */
void weights_earn(struct weights *weights, double scale,
                  const both_sums *sums, size_t count, double *credits,
                  worths *first);

static inline both_sums word_sums(const struct model_sums *m,
                                  const struct word_buckets *b,
                                  unsigned article)
{
    unsigned place = b->spread * FIRSTS + b->first; /* shared by three */

    return m->count[b->title][b->count][place]
           + m->prior[b->prior][place][b->stop]
           + m->article[article][place]
           + m->prior_title[b->title][b->prior]
           + m->common[b->title][b->common][b->count][b->capital]
           + m->opening[b->lead][b->first][b->digit][b->capital]
           + m->heading[b->heading][b->form][b->count][b->quoted][b->spread]
           + m->place[b->letters][b->relative];
}

/* x and y are the levels of its words. */
static inline both_sums pair_sums(const struct model_sums *m,
                                  const struct credit_pair *pair, unsigned x,
                                  unsigned y, unsigned kind, unsigned article)
{
    return m->places[pair->place + kind * PLACE_KIND]
           + m->levels[pair->place / PLACE_TIMES][pair->prior][x * LEVELS + y]
           + m->kinds[article][kind];
}

#endif
