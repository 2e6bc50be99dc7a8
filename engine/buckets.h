/* buckets.h - what the features of credits.h are made of.  Private to engine/,
 * and inline: each article asks it for some hundred words and pairs. */
#ifndef ENGINE_BUCKETS_H
#define ENGINE_BUCKETS_H

#include "engine/credits.h"

#define COUNTS 8
#define SPREADS 6
#define FIRSTS 9
#define CAPITALS 4
#define TITLES 4 /* no title, not in it, its stem is, it is */
#define ARTICLES 8
#define LENGTHS (LETTERS_MAX + 1)
#define QUOTES 4
#define LEADS 4
#define RELATIVES 10
#define LEVELS 14
#define KINDS 4
#define TIMES 4

/* The buckets that a word is in. */
struct word_buckets {
    unsigned count, spread, first, title, capital, quoted, lead, heading,
        digit, letters, relative, form, prior, common, stop;
};

/* The place of a pair is the sum of what it is in all of these, times so many:
 * the first of its words is none of the function words, the second is none;
 * times beyond the first, at most TIMES - 1; and the bucket of its first
 * sentence is what is left.  The kind is added when it is asked for. */
#define PLACE_KIND FIRSTS
#define PLACE_CAPITAL (KINDS * PLACE_KIND)
#define PLACE_TITLE (2 * PLACE_CAPITAL)
#define PLACE_TIMES (2 * PLACE_TITLE)
#define PLACES (TIMES * PLACE_TIMES)

/* By value, as far as they go: what is above is in the last one. */
#define BUCKET_VALUES 16
extern const uint8_t count_buckets[BUCKET_VALUES];
extern const uint8_t first_buckets[BUCKET_VALUES];
extern const uint8_t spread_buckets[BUCKET_VALUES / 2];

#define BUCKET(table, value) \
    (table)[(value) < sizeof (table) ? (value) : sizeof (table) - 1]

unsigned article_bucket(size_t words);

/* Of a sentence; asked once for each, since it divides. */
unsigned relative_bucket(const struct credit_facts *facts, uint32_t sentence);

/* By a log-odds: half units from -4.5 on. */
static inline unsigned level(double log_odds)
{
    int i = (int) ((log_odds + 5.0) * 2.0);

    return i < 0 ? 0 : i >= LEVELS ? LEVELS - 1 : (unsigned) i;
}

/* The same of a sum of weights, in 1/MODEL_UNIT: no rounding there takes a
 * number over the bound of a level, for these are exact. */
static inline unsigned sum_level(int sum)
{
    const int half = (int) MODEL_UNIT / 2;
    int above = sum + 10 * half, i = (above > 0 ? above : 0) / half;

    return i < LEVELS ? (unsigned) i : LEVELS - 1;
}

/* What follows is sums of what holds and has no branches, for none could be
 * foreseen. */

/* The stem of a form, or any where it is a function word. */
static inline const struct stem *any_stem(const struct document *d,
                                          uint32_t form)
{
    uint32_t stem = d->forms[form].stem, is_stop = stem == NONE;

    return &d->stems[stem & (is_stop - 1)];
}

/* Where a form is in the title, its stem is. */
static inline unsigned title_bucket(const struct document *d,
                                    const struct credit_facts *facts,
                                    uint32_t form, unsigned stop)
{
    unsigned whole = d->forms[form].in_title;
    unsigned stem = any_stem(d, form)->in_title & (1 - stop);

    return (unsigned) facts->has_title + whole + (whole | stem);
}

/* Where a word is only the first of a sentence, nobody knows its capital: then
 * both counts are 0. */
static inline unsigned capital_bucket(const struct credit_facts *facts,
                                      const struct credit_word *word)
{
    unsigned inside = word->inside != 0, capital = word->capital != 0;
    unsigned all = word->capital >= word->inside;

    return facts->neutral ? 0 : inside + capital + (inside & all);
}

static inline unsigned quoted_bucket(const struct credit_word *word)
{
    unsigned some = word->quoted != 0, all = word->quoted >= word->count;

    return some + (word->quoted * 2 > word->count) + (some & all);
}

/* `relative` is the relative_bucket() of the word's first sentence. */
static inline struct word_buckets
word_buckets(const struct document *d, const struct credit_facts *facts,
             uint32_t form, unsigned relative)
{
    const struct credit_word *word = &facts->words[form];
    unsigned stop = d->forms[form].stem == NONE;
    uint32_t count = (any_stem(d, form)->count & (stop - 1))
                     + (word->count & (0 - stop));

    return (struct word_buckets){
        .count = BUCKET(count_buckets, count),
        .spread = BUCKET(spread_buckets, word->spread),
        .first = BUCKET(first_buckets, word->first),
        .title = title_bucket(d, facts, form, stop),
        .capital = capital_bucket(facts, word),
        .quoted = quoted_bucket(word),
        .lead = word->lead,
        .heading = word->heading,
        .digit = d->forms[form].digit,
        .letters = facts->neutral ? 0 : d->forms[form].letters,
        .relative = relative,
        .form = count > word->count,
        .prior = word->prior,
        .common = word->common,
        .stop = stop,
    };
}

/* Which of a pair's words are function words. */
static inline unsigned pair_kind(unsigned x_is_stop, unsigned y_is_stop)
{
    return (x_is_stop ? 0u : 2u) + (y_is_stop ? 0u : 1u);
}

#endif
