/* credits.c - features; see credits.h. */
#include <config.h>

#include "engine/buckets.h"

const uint16_t word_feature_sizes[WORD_FEATURES] = {
    [WF_COUNT_SPREAD] = COUNTS * SPREADS,
    [WF_FIRST_SPREAD] = FIRSTS * SPREADS,
    [WF_PRIOR_STOP] = PRIOR_BUCKETS * 2,
    [WF_COMMON_CAPITAL] = COMMON_BUCKETS * CAPITALS,
    [WF_TITLE_COUNT] = TITLES * COUNTS,
    [WF_TITLE_PRIOR] = TITLES * PRIOR_BUCKETS,
    [WF_LENGTH] = LENGTHS,
    [WF_LEAD_FIRST] = LEADS * FIRSTS,
    [WF_HEADING] = 2 * COUNTS,
    [WF_QUOTED] = QUOTES * SPREADS,
    [WF_ARTICLE_SPREAD] = ARTICLES * SPREADS,
    [WF_ARTICLE_FIRST] = ARTICLES * FIRSTS,
    [WF_DIGIT_FIRST] = 2 * FIRSTS,
    [WF_RELATIVE] = RELATIVES,
    [WF_PRIOR_FIRST] = PRIOR_BUCKETS * FIRSTS,
    [WF_COMMON_COUNT] = COMMON_BUCKETS * COUNTS,
    [WF_CAPITAL_FIRST] = CAPITALS * FIRSTS,
    [WF_FORM_COUNT] = 2 * COUNTS,
    [WF_PRIOR_SPREAD] = PRIOR_BUCKETS * SPREADS,
    [WF_TITLE_COMMON] = TITLES * COMMON_BUCKETS,
    [WF_TITLE_FIRST] = TITLES * FIRSTS,
};

const uint16_t pair_feature_sizes[PAIR_FEATURES] = {
    [PF_BOTH] = LEVELS * LEVELS,
    [PF_COUNT_KIND] = TIMES * KINDS,
    [PF_TITLE_KIND] = 2 * KINDS,
    [PF_PRIOR_COUNT] = PAIR_PRIOR_BUCKETS * TIMES,
    [PF_FIRST_KIND] = FIRSTS * KINDS,
    [PF_CAPITAL_KIND] = 2 * KINDS,
    [PF_LOW_COUNT] = LEVELS * TIMES,
    [PF_ARTICLE] = ARTICLES * KINDS,
    [PF_PRIOR_LOW] = PAIR_PRIOR_BUCKETS * LEVELS,
};

/* Where the buckets begin: 1, 2, 3, 4, 5, 7, 10 and 15 times, ... */
const uint8_t count_buckets[] = { 0, 0, 1, 2, 3, 4, 4, 5,
                                  5, 5, 6, 6, 6, 6, 6, 7 };

/* ... 1, 2, 3, 4, 5 and 7 sentences, ... */
const uint8_t spread_buckets[] = { 0, 0, 1, 2, 3, 4, 4, 5 };

/* ... and the sentences 0, 1, 2, 3, 4, 5, 7, 10 and 15. */
const uint8_t first_buckets[] = { 0, 1, 2, 3, 4, 5, 5, 6,
                                  6, 6, 7, 7, 7, 7, 7, 8 };

/* By the article's length in words. */
unsigned article_bucket(size_t words)
{
    static const uint16_t bounds[ARTICLES - 1] = { 120, 180, 250, 320,
                                                   420, 550, 800 };
    unsigned i = 0;

    while (i < ARTICLES - 1 && words >= bounds[i])
        i++;
    return i;
}

/* ---- features ---- */

unsigned relative_bucket(const struct credit_facts *facts, uint32_t sentence)
{
    return (unsigned) ((size_t) sentence * RELATIVES
                       / (facts->sentences + 1));
}

void word_features(const struct document *d, const struct credit_facts *facts,
                   uint32_t form, uint16_t index[WORD_FEATURES])
{
    unsigned article = article_bucket(facts->article_words);
    unsigned values[WORD_FEATURES], base = 0;
    struct word_buckets b =
        word_buckets(d, facts, form,
                     relative_bucket(facts, facts->words[form].first));

    values[WF_COUNT_SPREAD] = b.count * SPREADS + b.spread;
    values[WF_FIRST_SPREAD] = b.first * SPREADS + b.spread;
    values[WF_PRIOR_STOP] = b.prior * 2 + b.stop;
    values[WF_COMMON_CAPITAL] = b.common * CAPITALS + b.capital;
    values[WF_TITLE_COUNT] = b.title * COUNTS + b.count;
    values[WF_TITLE_PRIOR] = b.title * PRIOR_BUCKETS + b.prior;
    values[WF_LENGTH] = b.letters;
    values[WF_LEAD_FIRST] = b.lead * FIRSTS + b.first;
    values[WF_HEADING] = b.heading * COUNTS + b.count;
    values[WF_QUOTED] = b.quoted * SPREADS + b.spread;
    values[WF_ARTICLE_SPREAD] = article * SPREADS + b.spread;
    values[WF_ARTICLE_FIRST] = article * FIRSTS + b.first;
    values[WF_DIGIT_FIRST] = b.digit * FIRSTS + b.first;
    values[WF_RELATIVE] = b.relative;
    values[WF_PRIOR_FIRST] = b.prior * FIRSTS + b.first;
    values[WF_COMMON_COUNT] = b.common * COUNTS + b.count;
    values[WF_CAPITAL_FIRST] = b.capital * FIRSTS + b.first;
    values[WF_FORM_COUNT] = b.form * COUNTS + b.count;
    values[WF_PRIOR_SPREAD] = b.prior * SPREADS + b.spread;
    values[WF_TITLE_COMMON] = b.title * COMMON_BUCKETS + b.common;
    values[WF_TITLE_FIRST] = b.title * FIRSTS + b.first;
    for (int i = 0; i < WORD_FEATURES; i++) {
        index[i] = (uint16_t) (base + values[i]);
        base += word_feature_sizes[i];
    }
}

void pair_features(const struct document *d, const struct credit_facts *facts,
                   const struct credit_pair *pair, double x, double y,
                   uint16_t index[PAIR_FEATURES])
{
    unsigned values[PAIR_FEATURES], base = 0;
    unsigned kind = pair_kind(d->forms[pair->x].stem == NONE,
                              d->forms[pair->y].stem == NONE);
    unsigned low = level(x < y ? x : y), times = pair->place / PLACE_TIMES;

    values[PF_BOTH] = level(x) * LEVELS + level(y);
    values[PF_COUNT_KIND] = times * KINDS + kind;
    values[PF_TITLE_KIND] = pair->place / PLACE_TITLE % 2 * KINDS + kind;
    values[PF_PRIOR_COUNT] = pair->prior * TIMES + times;
    values[PF_FIRST_KIND] = pair->place % FIRSTS * KINDS + kind;
    values[PF_CAPITAL_KIND] = pair->place / PLACE_CAPITAL % 2 * KINDS + kind;
    values[PF_LOW_COUNT] = low * TIMES + times;
    values[PF_ARTICLE] = article_bucket(facts->article_words) * KINDS + kind;
    values[PF_PRIOR_LOW] = pair->prior * LEVELS + low;
    for (int i = 0; i < PAIR_FEATURES; i++) {
        index[i] = (uint16_t) (base + values[i]);
        base += pair_feature_sizes[i];
    }
}
