/* model.h - the weights of one of a language's two models, with a title or
 * without, and what they make of an article. */
#ifndef BENCH_CREDITS_MODEL_H
#define BENCH_CREDITS_MODEL_H

#include "bench/credits/tables.h"

enum part { WORD_ODDS, WORD_EXTRA, PAIR_ODDS, PAIR_EXTRA, PARTS };

struct weight {
    float value;
    float squares; /* of its gradients so far: what Adagrad goes by */
};

struct model {
    struct weight *parts[PARTS];
    size_t sizes[PARTS];
    double word_scale, pair_scale, decay;
};

void model_init(struct model *model, const struct settings *settings);
void model_clear(struct model *model);

/* Rounds the weights to what a file can say. */
void model_round(struct model *model);

/* The lines of a file credits; `name` opens each. */
void model_write(const struct model *model, const char *name, FILE *file);

/* One step of Adagrad (Duchi, Hazan and Singer, "Adaptive subgradient methods
 * for online learning and stochastic optimization", 2011) on a loss: every
 * weight of `count` features goes down its gradient, by the less the steeper
 * its way was so far. */
void model_step(struct model *model, enum part part, const uint16_t *index,
                size_t count, double gradient, double rate);

/* The sum of the weights of `count` features. */
double model_sum(const struct model *model, enum part part,
                 const uint16_t *index, size_t count);

/* What a model makes of an article.  Room for any of the corpus. */
struct estimate {
    uint16_t (*word_index)[WORD_FEATURES], (*pair_index)[PAIR_FEATURES];
    double *word_odds, *word_chances, *pair_chances; /* by form, by pair */
    struct credits credits; /* as score_credits.c would give them */
};

void estimate_init(struct estimate *estimate, const struct corpus *corpus);
void estimate_clear(struct estimate *estimate);

/* Of the words alone, odds and chances; of all, everything. */
void estimate_words(struct estimate *estimate, const struct model *model,
                    const struct article *article);
void estimate_all(struct estimate *estimate, const struct model *model,
                  const struct tables *tables, struct article *article);

/* How much of a chance is the nth time a word stands in a summary worth? */
double estimate_again(const struct tables *tables,
                      const struct article *article, uint32_t form, int nth);

#endif
