/* fit.h - the two steps of fitting, and what comes of it. */
#ifndef BENCH_CREDITS_FIT_H
#define BENCH_CREDITS_FIT_H

#include "bench/credits/model.h"

/* What a model is fitted with. */
struct fit {
    const struct settings *settings;
    const struct corpus *corpus;
    const struct tables *tables;
    struct model *model;
    struct estimate *estimate;
};

/* logistic.c: the chances of words and pairs. */
void fit_logistic(struct fit *fit);

/* listwise.c: everything, so that the sets scored best have the best
 * ROUGE. */
void fit_listwise(struct fit *fit);

/* validate.c: ROUGE of what the engine's own selection makes of the credits,
 * over the articles from `first` to before `end`; prints a table with `name`
 * before each line. */
void validate(struct fit *fit, const char *name, size_t first, size_t end);

#endif
