/* weights.c - see weights.h. */
#include <config.h>

#include "engine/weights.h"

#include <stdlib.h>

#include "engine/pages.h"

struct weights *weights_new(void)
{
    return calloc(1, sizeof(struct weights));
}

void weights_free(struct weights *weights)
{
    free(weights);
}

/* Where the weights of features are, in both tables of words or of pairs. */
struct source {
    const int16_t *odds, *extra;
    unsigned first[WORD_FEATURES]; /* weight of each feature */
};

static void source_init(struct source *s, const int16_t *odds,
                        const int16_t *extra, const uint16_t *sizes, int count)
{
    unsigned base = 0;

    s->odds = odds;
    s->extra = extra;
    for (int i = 0; i < count; i++) {
        s->first[i] = base;
        base += sizes[i];
    }
}

/* Of one feature. */
static both_sums both(const struct source *s, int feature, unsigned value)
{
    unsigned i = s->first[feature] + value;

    return (uint64_t) s->odds[i] + ((uint64_t) s->extra[i] << 32);
}

/* ---- words ---- */

static void fill_counts(struct model_sums *m, const struct source *s)
{
    for (unsigned t = 0; t < TITLES; t++)
        for (unsigned c = 0; c < COUNTS; c++)
            for (unsigned p = 0; p < SPREADS; p++)
                for (unsigned f = 0; f < FIRSTS; f++)
                    m->count[t][c][p * FIRSTS + f] =
                        both(s, WF_COUNT_SPREAD, c * SPREADS + p)
                        + both(s, WF_FIRST_SPREAD, f * SPREADS + p)
                        + both(s, WF_TITLE_COUNT, t * COUNTS + c)
                        + both(s, WF_TITLE_FIRST, t * FIRSTS + f);
}

static void fill_priors(struct model_sums *m, const struct source *s)
{
    for (unsigned r = 0; r < PRIOR_BUCKETS; r++) {
        for (unsigned p = 0; p < SPREADS; p++)
            for (unsigned f = 0; f < FIRSTS; f++)
                for (unsigned stop = 0; stop < 2; stop++)
                    m->prior[r][p * FIRSTS + f][stop] =
                        both(s, WF_PRIOR_SPREAD, r * SPREADS + p)
                        + both(s, WF_PRIOR_FIRST, r * FIRSTS + f)
                        + both(s, WF_PRIOR_STOP, r * 2 + stop);
        for (unsigned t = 0; t < TITLES; t++)
            m->prior_title[t][r] =
                both(s, WF_TITLE_PRIOR, t * PRIOR_BUCKETS + r);
    }
}

static void fill_commons(struct model_sums *m, const struct source *s)
{
    for (unsigned t = 0; t < TITLES; t++)
        for (unsigned r = 0; r < COMMON_BUCKETS; r++)
            for (unsigned c = 0; c < COUNTS; c++)
                for (unsigned k = 0; k < CAPITALS; k++)
                    m->common[t][r][c][k] =
                        both(s, WF_TITLE_COMMON, t * COMMON_BUCKETS + r)
                        + both(s, WF_COMMON_COUNT, r * COUNTS + c)
                        + both(s, WF_COMMON_CAPITAL, r * CAPITALS + k);
}

static void fill_openings(struct model_sums *m, const struct source *s)
{
    for (unsigned lead = 0; lead < LEADS; lead++)
        for (unsigned f = 0; f < FIRSTS; f++)
            for (unsigned digit = 0; digit < 2; digit++)
                for (unsigned k = 0; k < CAPITALS; k++)
                    m->opening[lead][f][digit][k] =
                        both(s, WF_LEAD_FIRST, lead * FIRSTS + f)
                        + both(s, WF_DIGIT_FIRST, digit * FIRSTS + f)
                        + both(s, WF_CAPITAL_FIRST, k * FIRSTS + f);
}

static void fill_headings(struct model_sums *m, const struct source *s)
{
    for (unsigned i = 0; i < 4 * COUNTS; i++) {
        unsigned heading = i / (2 * COUNTS), form = i / COUNTS % 2;
        unsigned c = i % COUNTS;
        for (unsigned q = 0; q < QUOTES; q++)
            for (unsigned p = 0; p < SPREADS; p++)
                m->heading[heading][form][c][q][p] =
                    both(s, WF_HEADING, heading * COUNTS + c)
                    + both(s, WF_FORM_COUNT, form * COUNTS + c)
                    + both(s, WF_QUOTED, q * SPREADS + p);
    }
}

static void fill_places(struct model_sums *m, const struct source *s)
{
    for (unsigned letters = 0; letters < LENGTHS; letters++)
        for (unsigned r = 0; r < RELATIVES; r++)
            m->place[letters][r] = both(s, WF_LENGTH, letters)
                                   + both(s, WF_RELATIVE, r);
    for (unsigned a = 0; a < ARTICLES; a++)
        for (unsigned p = 0; p < SPREADS; p++)
            for (unsigned f = 0; f < FIRSTS; f++)
                m->article[a][p * FIRSTS + f] =
                    both(s, WF_ARTICLE_SPREAD, a * SPREADS + p)
                    + both(s, WF_ARTICLE_FIRST, a * FIRSTS + f);
}

/* ---- pairs ---- */

static void fill_pair_places(struct model_sums *m, const struct source *s)
{
    for (unsigned i = 0; i < PLACES; i++) {
        unsigned kind = i / PLACE_KIND % KINDS;
        m->places[i] =
            both(s, PF_FIRST_KIND, i % FIRSTS * KINDS + kind)
            + both(s, PF_CAPITAL_KIND, i / PLACE_CAPITAL % 2 * KINDS + kind)
            + both(s, PF_TITLE_KIND, i / PLACE_TITLE % 2 * KINDS + kind)
            + both(s, PF_COUNT_KIND, i / PLACE_TIMES * KINDS + kind);
    }
    for (unsigned a = 0; a < ARTICLES; a++)
        for (unsigned kind = 0; kind < KINDS; kind++)
            m->kinds[a][kind] = both(s, PF_ARTICLE, a * KINDS + kind);
}

/* Of one number of times and one bucket of the trained table. */
static void fill_levels(both_sums levels[LEVELS * LEVELS],
                        const struct source *s, unsigned n, unsigned prior)
{
    both_sums low[LEVELS];

    for (unsigned i = 0; i < LEVELS; i++)
        low[i] = both(s, PF_PRIOR_COUNT, prior * TIMES + n)
                 + both(s, PF_LOW_COUNT, i * TIMES + n)
                 + both(s, PF_PRIOR_LOW, prior * LEVELS + i);
    for (unsigned x = 0; x < LEVELS; x++)
        for (unsigned y = 0; y < LEVELS; y++)
            levels[x * LEVELS + y] = both(s, PF_BOTH, x * LEVELS + y)
                                     + low[x < y ? x : y];
}

/* ---- */

static void fill(struct model_sums *m, const struct credit_model *model)
{
    struct source words, pairs;

    source_init(&words, model->word_odds, model->word_extra,
                word_feature_sizes, WORD_FEATURES);
    source_init(&pairs, model->pair_odds, model->pair_extra,
                pair_feature_sizes, PAIR_FEATURES);
    fill_counts(m, &words);
    fill_priors(m, &words);
    fill_commons(m, &words);
    fill_openings(m, &words);
    fill_headings(m, &words);
    fill_places(m, &words);
    fill_pair_places(m, &pairs);
    for (unsigned n = 0; n < TIMES; n++)
        for (unsigned prior = 0; prior < PAIR_PRIOR_BUCKETS; prior++)
            fill_levels(m->levels[n][prior], &pairs, n, prior);
    m->model = model->word_odds;
}

const struct model_sums *weights_of(struct weights *weights,
                                    const struct credit_model *model)
{
    struct model_sums *m;

    for (size_t i = 0; i < MODELS_KEPT && weights->models[i].model != NULL;
         i++)
        if (weights->models[i].model == model->word_odds)
            return &weights->models[i];
    m = &weights->models[weights->next];
    weights->next = (weights->next + 1) % MODELS_KEPT;
    if (m->model == NULL)
        pages_fill(m, sizeof *m);
    fill(m, model);
    return m;
}

/* ---- credits ---- */

double new_chance(struct weights *weights, both_sums sums)
{
    double chance = logistic(moved_odds(sums) / MODEL_UNIT);

    if ((uint32_t) sums < weights->kept)
        weights->chances[(uint32_t) sums] = chance;
    else if (weights->kept == 0 && ++weights->unkept == CHANCES_UNKEPT) {
        pages_fill(weights->chances, sizeof weights->chances);
        weights->kept = CHANCES;
    }
    return chance;
}

void weights_earn(struct weights *weights, double scale,
                  const both_sums *sums, size_t count, double *credits,
                  worths *first)
{
    for (size_t i = 0; i < count; i++) {
        double credit = scale * moved_chance(weights, sums[i])
                        + moved_extra(sums[i]) / MODEL_UNIT;
        credits[i] = credit;
        first[i] = once_worths(credit);
    }
}
