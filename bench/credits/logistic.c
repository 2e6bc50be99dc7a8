/* logistic.c - logistic regression of "is this word of the article in its
 * abstract?", and the same of pairs.  Features are buckets, so each example
 * has a 1 for each of a handful of weights and a 0 for all others, and a pass
 * is one step of Adagrad after each example. */
#include <config.h>

#include "bench/credits/fit.h"
#include "engine/mathematics.h"

static void fit_words(struct fit *fit, const struct article *article)
{
    uint16_t index[WORD_FEATURES];

    for (uint32_t i = 0; i < article->document.form_count; i++) {
        double chance;
        if (article->words[i] == NONE)
            continue;
        word_features(&article->document, &article->facts, i, index);
        chance =
            logistic(model_sum(fit->model, WORD_ODDS, index, WORD_FEATURES));
        model_step(fit->model, WORD_ODDS, index, WORD_FEATURES,
                   chance - (article->word_hits[i] > 0),
                   fit->settings->logistic_rate);
    }
}

/* The odds of words stay as they are meanwhile. */
static void fit_pairs(struct fit *fit, const struct article *article)
{
    const struct credit_facts *facts = &article->facts;
    uint16_t index[PAIR_FEATURES];

    estimate_words(fit->estimate, fit->model, article);
    for (size_t i = 0; i < facts->pair_count; i++) {
        const struct credit_pair *pair = &facts->pairs[i];
        double chance;
        pair_features(&article->document, facts, pair,
                      fit->estimate->word_odds[pair->x],
                      fit->estimate->word_odds[pair->y], index);
        chance =
            logistic(model_sum(fit->model, PAIR_ODDS, index, PAIR_FEATURES));
        model_step(fit->model, PAIR_ODDS, index, PAIR_FEATURES,
                   chance - article->pair_hits[i],
                   fit->settings->logistic_rate);
    }
}

void fit_logistic(struct fit *fit)
{
    const struct corpus *corpus = fit->corpus;

    for (int pass = 0; pass < fit->settings->word_passes; pass++)
        for (size_t i = 0; i < corpus->trained; i++)
            fit_words(fit, corpus_turn(corpus, i));
    for (int pass = 0; pass < fit->settings->pair_passes; pass++)
        for (size_t i = 0; i < corpus->trained; i++)
            fit_pairs(fit, corpus_turn(corpus, i));
}
