#include <config.h>

#include "bench/credits/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/mathematics.h"

/* As in the files (stemmers/tables.awk). */
static const char *const part_names[PARTS] = {"word-odds", "word-extra",
                                              "pair-odds", "pair-extra"};

/* No word that stands in headings alone can be in a summary; what pairs ask
 * of its odds is out of question too (score_credits.c). */
#define ODDS_NONE (-9.0)

/* So that the first step divides by no 0. */
#define SQUARES_LEAST 1e-8

/* ---- the weights ---- */

void model_init(struct model *model, const struct settings *settings)
{
    memset(model, 0, sizeof *model);
    for (int i = 0; i < WORD_FEATURES; i++)
        model->sizes[WORD_ODDS] += word_feature_sizes[i];
    for (int i = 0; i < PAIR_FEATURES; i++)
        model->sizes[PAIR_ODDS] += pair_feature_sizes[i];
    model->sizes[WORD_EXTRA] = model->sizes[WORD_ODDS];
    model->sizes[PAIR_EXTRA] = model->sizes[PAIR_ODDS];
    for (int i = 0; i < PARTS; i++)
        model->parts[i] = take(model->sizes[i], sizeof *model->parts[i]);
    model->word_scale = settings->word_scale;
    model->pair_scale = settings->pair_scale;
    model->decay = settings->decay;
}

void model_clear(struct model *model)
{
    for (int i = 0; i < PARTS; i++)
        free(model->parts[i]);
}

static int in_units(double value)
{
    double units = value * MODEL_UNIT;

    if (units > INT16_MAX)
        return INT16_MAX;
    if (units < -INT16_MAX)
        return -INT16_MAX;
    return (int) (units < 0 ? units - 0.5 : units + 0.5);
}

void model_round(struct model *model)
{
    for (int i = 0; i < PARTS; i++)
        for (size_t k = 0; k < model->sizes[i]; k++) {
            struct weight *weight = &model->parts[i][k];
            weight->value = (float) (in_units(weight->value) / MODEL_UNIT);
        }
}

void model_write(const struct model *model, const char *name, FILE *file)
{
    fprintf(file, "%s scale %g %g\n", name, model->word_scale,
            model->pair_scale);
    for (int i = 0; i < PARTS; i++) {
        fprintf(file, "%s %s", name, part_names[i]);
        for (size_t k = 0; k < model->sizes[i]; k++)
            fprintf(file, " %d", in_units(model->parts[i][k].value));
        fputc('\n', file);
    }
}

void model_step(struct model *model, enum part part, const uint16_t *index,
                size_t count, double gradient, double rate)
{
    for (size_t i = 0; i < count; i++) {
        struct weight *weight = &model->parts[part][index[i]];
        double down = gradient + model->decay * weight->value;
        weight->squares += (float) (down * down);
        weight->value -=
            (float) (rate * down / sqrt(weight->squares + SQUARES_LEAST));
    }
}

double model_sum(const struct model *model, enum part part,
                 const uint16_t *index, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += model->parts[part][index[i]].value;
    return sum;
}

/* ---- estimates ---- */

void estimate_init(struct estimate *e, const struct corpus *corpus)
{
    size_t forms = 0, pairs = 0;

    for (size_t i = 0; i < corpus->count; i++) {
        const struct article *article = &corpus->articles[i];
        if (article->document.form_count > forms)
            forms = article->document.form_count;
        if (article->facts.pair_count > pairs)
            pairs = article->facts.pair_count;
    }
    memset(e, 0, sizeof *e);
    e->word_index = take(forms, sizeof *e->word_index);
    e->pair_index = take(pairs, sizeof *e->pair_index);
    e->word_odds = take(forms, sizeof *e->word_odds);
    e->word_chances = take(forms, sizeof *e->word_chances);
    e->pair_chances = take(pairs, sizeof *e->pair_chances);
    e->credits.once = take(forms, sizeof *e->credits.once);
    e->credits.twice = take(forms, sizeof *e->credits.twice);
    e->credits.thrice = take(forms, sizeof *e->credits.thrice);
    e->credits.pair = take(pairs, sizeof *e->credits.pair);
}

void estimate_clear(struct estimate *e)
{
    free(e->word_index);
    free(e->pair_index);
    free(e->word_odds);
    free(e->word_chances);
    free(e->pair_chances);
    free(e->credits.once);
    free(e->credits.twice);
    free(e->credits.thrice);
    free(e->credits.pair);
}

void estimate_words(struct estimate *e, const struct model *model,
                    const struct article *article)
{
    for (uint32_t i = 0; i < article->document.form_count; i++) {
        e->word_odds[i] = ODDS_NONE;
        e->word_chances[i] = 0;
        if (article->words[i] == NONE)
            continue;
        word_features(&article->document, &article->facts, i, e->word_index[i]);
        e->word_odds[i] =
            model_sum(model, WORD_ODDS, e->word_index[i], WORD_FEATURES);
        e->word_chances[i] = logistic(e->word_odds[i]);
    }
}

double estimate_again(const struct tables *tables,
                      const struct article *article, uint32_t form, int nth)
{
    uint32_t word = article->words[form];

    return word == NONE ? 0 : tables->again[word][nth - 2] / 255.0;
}

void estimate_all(struct estimate *e, const struct model *model,
                  const struct tables *tables, struct article *article)
{
    const struct credit_facts *facts = &article->facts;
    struct credits *c = &e->credits;

    estimate_words(e, model, article);
    c->facts = *facts;
    for (uint32_t i = 0; i < article->document.form_count; i++) {
        double worth = 2 * model->word_scale * e->word_chances[i];
        c->once[i] = c->twice[i] = c->thrice[i] = 0;
        if (article->words[i] == NONE)
            continue;
        c->once[i] =
            worth
            + model_sum(model, WORD_EXTRA, e->word_index[i], WORD_FEATURES);
        c->twice[i] = worth * estimate_again(tables, article, i, 2);
        c->thrice[i] = worth * estimate_again(tables, article, i, 3);
    }
    for (size_t i = 0; i < facts->pair_count; i++) {
        const struct credit_pair *pair = &facts->pairs[i];
        uint16_t *index = e->pair_index[i];
        pair_features(&article->document, facts, pair, e->word_odds[pair->x],
                      e->word_odds[pair->y], index);
        e->pair_chances[i] =
            logistic(model_sum(model, PAIR_ODDS, index, PAIR_FEATURES));
        c->pair[i] = 2 * model->pair_scale * e->pair_chances[i]
                     + model_sum(model, PAIR_EXTRA, index, PAIR_FEATURES);
    }
}
