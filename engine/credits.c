/* credits.c - facts and features; see credits.h. */
#include <config.h>

#include "engine/buckets.h"

#include <string.h>

#include "engine/readable.h"
#include "engine/unicode.h"

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

/* ---- facts ---- */

/* The marks of French wire copy, which the model of French was fitted with:
 * straight, « and “. */
static int has_french_quote(const char *text, size_t size)
{
    for (size_t at = 0; (at = sign_find(text, size, at)) < size;) {
        uint32_t c;
        utf8_next(text, size, &at, &c);
        if (c == '"' || c == 0xAB || c == 0x201C)
            return 1;
    }
    return 0;
}

struct pair_table {
    uint32_t *slots; /* pair + 1 */
    size_t mask;
    size_t room;
};

static int pairs_init(struct document *d, struct credit_facts *facts,
                      struct pair_table *table)
{
    size_t slots = 1024;

    while (slots < d->token_count * 2)
        slots *= 2;
    table->slots = arena_take_array(d->arena, slots, sizeof *table->slots);
    table->mask = slots - 1;
    facts->pairs = arena_take(d->arena, (d->token_count + 1)
                                            * sizeof *facts->pairs);
    return table->slots == NULL || facts->pairs == NULL ? PRECIS_EINTERNAL
                                                        : 0;
}

/* Form ids are given in the order of the text and the form table is keyed,
 * so a fixed mixing of two ids cannot be attacked from outside: colliding
 * pairs would need ids that only other words' order gives, and the table is
 * at most half full. */
static uint32_t pair_id(struct credit_facts *facts, struct pair_table *table,
                        uint32_t x, uint32_t y)
{
    uint64_t h = ((uint64_t) x << 32 | y) * 0x9E3779B97F4A7C15u;
    size_t slot = (size_t) (h >> 32) & table->mask;
    uint32_t id;

    for (; (id = table->slots[slot]) != 0; slot = (slot + 1) & table->mask)
        if (facts->pairs[id - 1].x == x && facts->pairs[id - 1].y == y)
            return id - 1;
    id = (uint32_t) facts->pair_count++;
    table->slots[slot] = id + 1;
    facts->pairs[id] = (struct credit_pair){ .x = x, .y = y };
    return id;
}

static uint32_t pair_find(const struct credit_facts *facts,
                          const struct pair_table *table, uint32_t x,
                          uint32_t y)
{
    uint64_t h = ((uint64_t) x << 32 | y) * 0x9E3779B97F4A7C15u;
    size_t slot = (size_t) (h >> 32) & table->mask;
    uint32_t id;

    for (; (id = table->slots[slot]) != 0; slot = (slot + 1) & table->mask)
        if (facts->pairs[id - 1].x == x && facts->pairs[id - 1].y == y)
            return id - 1;
    return NONE;
}

/* Counts a token of a sentence. */
static inline void token_facts(struct credit_word *word, uint32_t sentence,
                               unsigned behind, unsigned capital)
{
    if (word->count++ == 0)
        word->first = sentence;
    if (word->last != sentence + 1) {
        word->last = sentence + 1;
        word->spread++;
    }
    word->inside += behind;
    word->capital += behind & capital;
}

static void segment_facts(struct document *d, struct credit_facts *facts,
                          struct pair_table *table,
                          const struct segment *segment, uint32_t sentence)
{
    const char *text = d->text + segment->start;
    size_t size = segment->end - segment->start;
    unsigned quote = facts->neutral ? (unsigned) has_quote(text, size)
                                    : (unsigned) has_french_quote(text, size);
    uint32_t *pair_of = facts->pair_of + segment->token;
    uint32_t *form_of = facts->form_of + segment->token;
    const uint32_t *tokens = d->tokens + segment->token;
    unsigned capital = 0;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        const struct surface *surface = &d->surfaces[tokens[t]];
        uint32_t form = surface->form;
        struct credit_word *word = &facts->words[form];
        unsigned capital_now = facts->neutral ? 0 : surface->capital;
        form_of[t] = form;
        token_facts(word, sentence, t > 0, capital_now);
        word->quoted += quote;
        if (sentence < 3 && word->lead < LEADS - 1)
            word->lead++;
        if (t > 0) {
            uint32_t id = pair_id(facts, table, form_of[t - 1], form);
            struct credit_pair *pair = &facts->pairs[id];
            if (pair->count++ == 0)
                pair->first = sentence;
            pair->capital |= (uint8_t) (capital & capital_now);
            pair_of[t - 1] = id;
        }
        capital = capital_now;
    }
    if (segment->tokens > 0)
        pair_of[segment->tokens - 1] = NONE;
}

int credits_collect(struct document *d, struct credit_facts *facts,
                    int neutral)
{
    struct pair_table table;
    uint32_t sentence = 0;

    memset(facts, 0, sizeof *facts);
    facts->neutral = neutral;
    facts->words = arena_take_array(d->arena, d->form_count + 1,
                                    sizeof *facts->words);
    facts->pair_of = arena_take(d->arena, (2 * d->token_count + 1)
                                              * sizeof *facts->pair_of);
    if (facts->words == NULL || facts->pair_of == NULL
        || pairs_init(d, facts, &table) != 0)
        return PRECIS_EINTERNAL;
    facts->form_of = facts->pair_of + d->token_count;
    facts->sentences = d->sentence_count;
    facts->article_words = d->total_words;
    facts->has_title = d->title_count > 0;
    for (size_t i = 0; i < d->segment_count; i++) {
        const struct segment *segment = &d->segments[i];
        if (segment->kind == PRECIS_SENTENCE) {
            segment_facts(d, facts, &table, segment, sentence++);
            continue;
        }
        for (uint32_t t = 0; t < segment->tokens; t++) {
            uint32_t token = d->tokens[segment->token + t];
            uint32_t form = d->surfaces[token].form;
            facts->form_of[segment->token + t] = form;
            if (segment->kind == PRECIS_HEADING)
                facts->words[form].heading = 1;
            facts->pair_of[segment->token + t] = NONE;
        }
    }
    for (size_t i = 1; i < d->title_count; i++) {
        uint32_t id = pair_find(facts, &table, d->title[i - 1], d->title[i]);
        if (id != NONE)
            facts->pairs[id].in_title = 1;
    }
    return 0;
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
    struct pair_buckets b = pair_buckets(d, pair, level(x), level(y));

    values[PF_BOTH] = b.x * LEVELS + b.y;
    values[PF_COUNT_KIND] = b.times * KINDS + b.kind;
    values[PF_TITLE_KIND] = b.title * KINDS + b.kind;
    values[PF_PRIOR_COUNT] = b.prior * TIMES + b.times;
    values[PF_FIRST_KIND] = b.first * KINDS + b.kind;
    values[PF_CAPITAL_KIND] = b.capital * KINDS + b.kind;
    values[PF_LOW_COUNT] = b.low * TIMES + b.times;
    values[PF_ARTICLE] = article_bucket(facts->article_words) * KINDS
                         + b.kind;
    values[PF_PRIOR_LOW] = b.prior * LEVELS + b.low;
    for (int i = 0; i < PAIR_FEATURES; i++) {
        index[i] = (uint16_t) (base + values[i]);
        base += pair_feature_sizes[i];
    }
}
