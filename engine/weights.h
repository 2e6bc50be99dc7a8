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

    both_sums count[TITLES][COUNTS][SPREADS][FIRSTS];
    both_sums prior[PRIOR_BUCKETS][SPREADS][FIRSTS][2];
    both_sums prior_title[TITLES][PRIOR_BUCKETS];
    both_sums common[TITLES][COMMON_BUCKETS][COUNTS][CAPITALS];
    both_sums opening[LEADS][FIRSTS][2][CAPITALS];
    both_sums heading[2][2][COUNTS][QUOTES][SPREADS];
    both_sums place[LENGTHS][RELATIVES];
    both_sums article[ARTICLES][SPREADS][FIRSTS];

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
    double chances[CHANCES]; /* 0: not met yet, since no logistic is 0 */
};

/* Half a megabyte, of which is used what is met.  NULL: out of memory. */
struct weights *weights_new(void);
void weights_free(struct weights *weights);

/* The sums of a model. */
const struct model_sums *weights_of(struct weights *weights,
                                    const struct credit_model *model);

/* Asks for it before it is wanted. */
static inline void weights_fetch(const struct weights *weights, int sum)
{
    __builtin_prefetch(&weights->chances[(sum + CHANCES / 2)
                                         & (CHANCES - 1)]);
}

/* The logistic of a sum of log-odds, while it is not kept. */
double weights_unkept(struct weights *weights, int sum);

/* The logistic of a sum of log-odds. */
static inline double weights_chance(struct weights *weights, int sum)
{
    int place = sum + CHANCES / 2;
    double *chance;

    if (place < 0 || place >= CHANCES)
        return logistic(sum / MODEL_UNIT);
    if (weights->unkept < CHANCES_UNKEPT)
        return weights_unkept(weights, sum);
    chance = &weights->chances[place];
    if (*chance == 0)
        *chance = logistic(sum / MODEL_UNIT);
    return *chance;
}

static inline both_sums word_sums(const struct model_sums *m,
                                  const struct word_buckets *b,
                                  unsigned article)
{
    return m->count[b->title][b->count][b->spread][b->first]
           + m->prior[b->prior][b->spread][b->first][b->stop]
           + m->prior_title[b->title][b->prior]
           + m->common[b->title][b->common][b->count][b->capital]
           + m->opening[b->lead][b->first][b->digit][b->capital]
           + m->heading[b->heading][b->form][b->count][b->quoted][b->spread]
           + m->place[b->letters][b->relative]
           + m->article[article][b->spread][b->first];
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
