/* listwise.c - fits all weights so that the sets of sentences that score best
 * are those with the best ROUGE.
 *
 * Of an article's candidate sets with scores s and rewards r, one drawn with
 * the chances
 *
 *     q(j) = exp(b s(j)) / sum over k of exp(b s(k))
 *
 * has the expected reward E = sum over j of q(j) r(j), which is made as large
 * as can be (minimum risk: Smith and Eisner, "Minimum risk annealing for
 * training log-linear models", 2006):
 *
 *     dE/ds(j) = b q(j) (r(j) - E)
 *
 * A score is a sum of credits over words, and a credit a function of weights
 * (score_credits.c), so the gradient goes on to these.
 */
#include <config.h>

#include "bench/credits/fit.h"
#include "bench/credits/sets.h"
#include "engine/mathematics.h"

#include <stdlib.h>
#include <string.h>

/* A set that changes less has no say. */
#define GRADIENT_LEAST 1e-7

struct candidates {
    struct set *sets;
    size_t count;
};

struct listwise {
    struct fit *fit;
    struct candidates *candidates; /* by article */
    struct cover cover;
    struct credits slope; /* of the loss, -E, by each credit */
};

static void listwise_init(struct listwise *l, struct fit *fit)
{
    size_t forms = 0, pairs = 0;

    memset(l, 0, sizeof *l);
    l->fit = fit;
    l->candidates = take(fit->corpus->trained, sizeof *l->candidates);
    cover_init(&l->cover, fit->corpus);
    for (size_t i = 0; i < fit->corpus->trained; i++) {
        const struct article *article = &fit->corpus->articles[i];
        if (article->document.form_count > forms)
            forms = article->document.form_count;
        if (article->facts.pair_count > pairs)
            pairs = article->facts.pair_count;
    }
    l->slope.once = take(forms, sizeof *l->slope.once);
    l->slope.twice = take(forms, sizeof *l->slope.twice);
    l->slope.thrice = take(forms, sizeof *l->slope.thrice);
    l->slope.pair = take(pairs, sizeof *l->slope.pair);
}

static void listwise_clear(struct listwise *l)
{
    for (size_t i = 0; i < l->fit->corpus->trained; i++)
        free(l->candidates[i].sets);
    free(l->candidates);
    cover_clear(&l->cover);
    free(l->slope.once);
    free(l->slope.twice);
    free(l->slope.thrice);
    free(l->slope.pair);
}

static struct candidates *candidates_of(struct listwise *l,
                                        const struct article *article)
{
    return &l->candidates[article - l->fit->corpus->articles];
}

/* Chooses candidates anew, by what the model has learned so far. */
static void renew(struct listwise *l)
{
    struct set sets[SETS_MAX];

    for (size_t i = 0; i < l->fit->corpus->trained; i++) {
        struct article *article = &l->fit->corpus->articles[i];
        struct candidates *c = &l->candidates[i];
        estimate_all(l->fit->estimate, l->fit->model, l->fit->tables, article);
        c->count =
            sets_make(sets, &l->cover, article, &l->fit->estimate->credits);
        free(c->sets);
        c->sets = take(c->count, sizeof *c->sets);
        memcpy(c->sets, sets, c->count * sizeof *c->sets);
    }
}

/* From the slope by a set's score to that by its credits. */
static void slope_add(struct listwise *l, double by_score)
{
    const struct cover *cover = &l->cover;
    double by_credit = by_score / ((double) cover->size + CREDITS_SMOOTH);

    for (size_t i = 0; i < cover->word_count; i++) {
        uint32_t form = cover->words[i].form;
        double *slopes = cover->words[i].nth == 1   ? l->slope.once
                         : cover->words[i].nth == 2 ? l->slope.twice
                                                    : l->slope.thrice;
        slopes[form] += by_credit;
    }
    for (size_t i = 0; i < cover->pair_count; i++)
        l->slope.pair[cover->pairs[i]] += by_credit;
}

/* Leaves the slope of the loss by every credit. */
static void slope_find(struct listwise *l, const struct article *article)
{
    const struct candidates *c = candidates_of(l, article);
    double chances[SETS_MAX], best = -1e300, sum = 0, expected = 0;
    double sharpness = l->fit->settings->sharpness;

    for (size_t i = 0; i < c->count; i++) {
        cover_set(&l->cover, article, &c->sets[i]);
        chances[i] = cover_score(&l->cover, &l->fit->estimate->credits);
        if (chances[i] > best)
            best = chances[i];
    }
    for (size_t i = 0; i < c->count; i++) {
        double power = sharpness * (chances[i] - best);
        chances[i] = power < -600 ? 0 : exponential(power);
        sum += chances[i];
    }
    for (size_t i = 0; i < c->count; i++) {
        chances[i] /= sum;
        expected += chances[i] * c->sets[i].reward;
    }
    for (size_t i = 0; i < c->count; i++) {
        double by_score =
            -sharpness * chances[i] * (c->sets[i].reward - expected);
        if (by_score > -GRADIENT_LEAST && by_score < GRADIENT_LEAST)
            continue;
        cover_set(&l->cover, article, &c->sets[i]);
        slope_add(l, by_score);
    }
}

static void step_words(struct listwise *l, const struct article *article,
                       double rate)
{
    const struct fit *fit = l->fit;

    for (uint32_t i = 0; i < article->document.form_count; i++) {
        double chance = fit->estimate->word_chances[i];
        const uint16_t *index = fit->estimate->word_index[i];
        double slope =
            l->slope.once[i]
            + l->slope.twice[i] * estimate_again(fit->tables, article, i, 2)
            + l->slope.thrice[i] * estimate_again(fit->tables, article, i, 3);
        if (l->slope.once[i] == 0)
            continue;
        model_step(fit->model, WORD_ODDS, index, WORD_FEATURES,
                   slope * 2 * fit->model->word_scale * chance * (1 - chance),
                   rate);
        model_step(fit->model, WORD_EXTRA, index, WORD_FEATURES,
                   l->slope.once[i], rate * fit->settings->extra_rate);
        l->slope.once[i] = l->slope.twice[i] = l->slope.thrice[i] = 0;
    }
}

static void step_pairs(struct listwise *l, const struct article *article,
                       double rate)
{
    const struct fit *fit = l->fit;

    for (size_t i = 0; i < article->facts.pair_count; i++) {
        double chance = fit->estimate->pair_chances[i];
        const uint16_t *index = fit->estimate->pair_index[i];
        double slope = l->slope.pair[i];
        if (slope == 0)
            continue;
        model_step(fit->model, PAIR_ODDS, index, PAIR_FEATURES,
                   slope * 2 * fit->model->pair_scale * chance * (1 - chance),
                   rate);
        model_step(fit->model, PAIR_EXTRA, index, PAIR_FEATURES, slope,
                   rate * fit->settings->extra_rate);
        l->slope.pair[i] = 0;
    }
}

static void fit_article(struct listwise *l, struct article *article,
                        double rate)
{
    if (candidates_of(l, article)->count < 2)
        return;
    estimate_all(l->fit->estimate, l->fit->model, l->fit->tables, article);
    slope_find(l, article);
    step_words(l, article, rate);
    step_pairs(l, article, rate);
}

/* ---- the mean of the later passes: steadier than the last one ---- */

static void mean_add(const struct model *model, double *sums[PARTS])
{
    for (int i = 0; i < PARTS; i++)
        for (size_t k = 0; k < model->sizes[i]; k++)
            sums[i][k] += model->parts[i][k].value;
}

static void mean_take(struct model *model, double *sums[PARTS], int count)
{
    for (int i = 0; i < PARTS; i++) {
        for (size_t k = 0; k < model->sizes[i] && count > 0; k++)
            model->parts[i][k].value = (float) (sums[i][k] / count);
        free(sums[i]);
    }
}

/* The steps of a fit say nothing of those of the next. */
static void squares_forget(struct model *model)
{
    for (size_t k = 0; k < model->sizes[WORD_ODDS]; k++)
        model->parts[WORD_ODDS][k].squares = 0;
    for (size_t k = 0; k < model->sizes[PAIR_ODDS]; k++)
        model->parts[PAIR_ODDS][k].squares = 0;
}

void fit_listwise(struct fit *fit)
{
    struct model *model = fit->model;
    int passes = (int) fit->settings->passes, meant = 0;
    int period = fit->settings->renew < 1 ? 1 : (int) fit->settings->renew;
    struct listwise l;
    double *sums[PARTS];

    listwise_init(&l, fit);
    for (int i = 0; i < PARTS; i++)
        sums[i] = take(model->sizes[i], sizeof *sums[i]);
    for (int pass = 0; pass < passes; pass++) {
        double rate = fit->settings->rate * (1 - 0.8 * pass / passes);
        if (pass % period == 0) {
            renew(&l);
            squares_forget(model);
        }
        for (size_t i = 0; i < fit->corpus->trained; i++)
            fit_article(&l, corpus_turn(fit->corpus, i), rate);
        if (pass >= passes / 2) {
            mean_add(model, sums);
            meant++;
        }
    }
    mean_take(model, sums, meant);
    listwise_clear(&l);
}
