/* credits.c - facts and features; see credits.h. */
#include <config.h>

#include "engine/credits.h"

#include <string.h>

#include "engine/readable.h"
#include "engine/unicode.h"

#define COUNTS 8
#define SPREADS 6
#define FIRSTS 9
#define CAPITALS 4
#define TITLES 4 /* no title, not in it, its stem is, it is */
#define ARTICLES 8
#define LEVELS 14
#define KINDS 4
#define TIMES 4

const uint16_t word_feature_sizes[WORD_FEATURES] = {
    [WF_COUNT_SPREAD] = COUNTS * SPREADS,
    [WF_FIRST_SPREAD] = FIRSTS * SPREADS,
    [WF_PRIOR_STOP] = PRIOR_BUCKETS * 2,
    [WF_COMMON_CAPITAL] = COMMON_BUCKETS * CAPITALS,
    [WF_TITLE_COUNT] = TITLES * COUNTS,
    [WF_TITLE_PRIOR] = TITLES * PRIOR_BUCKETS,
    [WF_LENGTH] = 13,
    [WF_LEAD_FIRST] = 4 * FIRSTS,
    [WF_HEADING] = 2 * COUNTS,
    [WF_QUOTED] = 4 * SPREADS,
    [WF_ARTICLE_SPREAD] = ARTICLES * SPREADS,
    [WF_ARTICLE_FIRST] = ARTICLES * FIRSTS,
    [WF_DIGIT_FIRST] = 2 * FIRSTS,
    [WF_RELATIVE] = 10,
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

/* The number of the bucket: how many of the bounds a value reaches. */
static unsigned bucket(uint32_t value, const uint16_t *bounds, unsigned count)
{
    unsigned i = 0;

    while (i < count && value >= bounds[i])
        i++;
    return i;
}

static unsigned count_bucket(uint32_t count)
{
    static const uint16_t bounds[COUNTS - 1] = { 2, 3, 4, 5, 7, 10, 15 };

    return bucket(count, bounds, COUNTS - 1);
}

static unsigned spread_bucket(uint32_t spread)
{
    static const uint16_t bounds[SPREADS - 1] = { 2, 3, 4, 5, 7 };

    return bucket(spread, bounds, SPREADS - 1);
}

static unsigned first_bucket(uint32_t first)
{
    static const uint16_t bounds[FIRSTS - 1] = { 1, 2, 3, 4, 5, 7, 10, 15 };

    return bucket(first, bounds, FIRSTS - 1);
}

/* By the article's length in words. */
static unsigned article_bucket(size_t words)
{
    static const uint16_t bounds[ARTICLES - 1] = { 120, 180, 250, 320,
                                                   420, 550, 800 };

    return bucket(words > 60000 ? 60000 : (uint32_t) words, bounds,
                  ARTICLES - 1);
}

/* By a log-odds: half units from -4.5 on. */
static unsigned level(double log_odds)
{
    int i = (int) ((log_odds + 5.0) * 2.0);

    return i < 0 ? 0 : i >= LEVELS ? LEVELS - 1 : (unsigned) i;
}

/* ---- facts ---- */

/* The marks of French wire copy, which the model of French was fitted with. */
static int has_french_quote(const char *text, size_t size)
{
    return memchr(text, '"', size) != NULL
           || memmem(text, size, "\xC2\xAB", 2) != NULL
           || memmem(text, size, "\xE2\x80\x9C", 3) != NULL;
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
    facts->pairs = arena_take_array(d->arena, d->token_count + 1,
                                    sizeof *facts->pairs);
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
    facts->pairs[id].x = x;
    facts->pairs[id].y = y;
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

static int is_capital(const struct surface *surface)
{
    size_t at = 0;
    uint32_t c;

    utf8_next(surface->text, surface->size, &at, &c);
    return (unicode_class(c) & CLASS_UPPER) != 0;
}

static void form_facts(const struct form *form, struct credit_word *word)
{
    size_t letters = utf8_count(form->text, form->size), at = 0;
    uint32_t c;

    utf8_next(form->text, form->size, &at, &c);
    word->letters = (uint8_t) (letters > 12 ? 12 : letters);
    word->digit = (unicode_class(c) & CLASS_DIGIT) != 0;
}

static void segment_facts(struct document *d, struct credit_facts *facts,
                          struct pair_table *table,
                          const struct segment *segment, uint32_t sentence)
{
    const char *text = d->text + segment->start;
    size_t size = segment->end - segment->start;
    int quote = facts->neutral ? has_quote(text, size)
                               : has_french_quote(text, size);
    int capital = 0;
    uint32_t before = NONE;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        uint32_t token = segment->token + t;
        const struct surface *surface = &d->surfaces[d->tokens[token]];
        struct credit_word *word = &facts->words[surface->form];
        int capital_now = !facts->neutral && is_capital(surface);
        if (word->count++ == 0)
            word->first = sentence;
        if (word->last != sentence + 1) {
            word->last = sentence + 1;
            word->spread++;
        }
        word->quoted += (uint32_t) quote;
        word->inside += t > 0;
        word->capital += t > 0 && capital_now;
        if (sentence < 3 && word->lead < 3)
            word->lead++;
        facts->pair_of[token] = NONE;
        if (before != NONE) {
            uint32_t id = pair_id(facts, table, before, surface->form);
            struct credit_pair *pair = &facts->pairs[id];
            if (pair->count++ == 0)
                pair->first = sentence;
            pair->capital |= capital && capital_now;
            facts->pair_of[token - 1] = id;
        }
        before = surface->form;
        capital = capital_now;
    }
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
    facts->pair_of = arena_take(d->arena, (d->token_count + 1)
                                              * sizeof *facts->pair_of);
    if (facts->words == NULL || facts->pair_of == NULL
        || pairs_init(d, facts, &table) != 0)
        return PRECIS_EINTERNAL;
    facts->sentences = d->sentence_count;
    facts->article_words = d->total_words;
    facts->has_title = d->title_count > 0;
    for (size_t i = 0; i < d->form_count; i++)
        form_facts(&d->forms[i], &facts->words[i]);
    for (size_t i = 0; i < d->segment_count; i++) {
        const struct segment *segment = &d->segments[i];
        if (segment->kind == PRECIS_SENTENCE) {
            segment_facts(d, facts, &table, segment, sentence++);
            continue;
        }
        for (uint32_t t = 0; t < segment->tokens; t++) {
            uint32_t token = d->tokens[segment->token + t];
            if (segment->kind == PRECIS_HEADING)
                facts->words[d->surfaces[token].form].heading = 1;
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

static unsigned title_bucket(const struct document *d,
                             const struct credit_facts *facts, uint32_t form)
{
    uint32_t stem = d->forms[form].stem;

    if (!facts->has_title)
        return 0;
    if (d->forms[form].in_title)
        return 3;
    return stem != NONE && d->stems[stem].in_title ? 2 : 1;
}

static unsigned capital_bucket(const struct credit_facts *facts,
                               const struct credit_word *word)
{
    /* where it is only the first word, nobody knows */
    if (facts->neutral || word->inside == 0)
        return 0;
    return word->capital == 0 ? 1 : word->capital < word->inside ? 2 : 3;
}

void word_features(const struct document *d, const struct credit_facts *facts,
                   uint32_t form, uint16_t index[WORD_FEATURES])
{
    const struct credit_word *word = &facts->words[form];
    uint32_t stem = d->forms[form].stem;
    unsigned count = count_bucket(stem == NONE ? word->count
                                               : d->stems[stem].count);
    unsigned spread = spread_bucket(word->spread);
    unsigned first = first_bucket(word->first);
    unsigned title = title_bucket(d, facts, form);
    unsigned capital = capital_bucket(facts, word);
    unsigned article = article_bucket(facts->article_words);
    unsigned quoted = word->quoted == 0                ? 0
                      : word->quoted * 2 <= word->count ? 1
                      : word->quoted < word->count      ? 2
                                                        : 3;
    unsigned values[WORD_FEATURES], base = 0;

    values[WF_COUNT_SPREAD] = count * SPREADS + spread;
    values[WF_FIRST_SPREAD] = first * SPREADS + spread;
    values[WF_PRIOR_STOP] = word->prior * 2u + (stem == NONE);
    values[WF_COMMON_CAPITAL] = word->common * CAPITALS + capital;
    values[WF_TITLE_COUNT] = title * COUNTS + count;
    values[WF_TITLE_PRIOR] = title * PRIOR_BUCKETS + word->prior;
    values[WF_LENGTH] = facts->neutral ? 0 : word->letters;
    values[WF_LEAD_FIRST] = word->lead * (unsigned) FIRSTS + first;
    values[WF_HEADING] = word->heading * (unsigned) COUNTS + count;
    values[WF_QUOTED] = quoted * SPREADS + spread;
    values[WF_ARTICLE_SPREAD] = article * SPREADS + spread;
    values[WF_ARTICLE_FIRST] = article * FIRSTS + first;
    values[WF_DIGIT_FIRST] = word->digit * (unsigned) FIRSTS + first;
    values[WF_RELATIVE] = (unsigned) ((size_t) word->first * 10
                                      / (facts->sentences + 1));
    values[WF_PRIOR_FIRST] = word->prior * (unsigned) FIRSTS + first;
    values[WF_COMMON_COUNT] = word->common * (unsigned) COUNTS + count;
    values[WF_CAPITAL_FIRST] = capital * FIRSTS + first;
    values[WF_FORM_COUNT] =
        (stem != NONE && d->stems[stem].count > word->count) * (unsigned)
            COUNTS + count;
    values[WF_PRIOR_SPREAD] = word->prior * (unsigned) SPREADS + spread;
    values[WF_TITLE_COMMON] = title * COMMON_BUCKETS + word->common;
    values[WF_TITLE_FIRST] = title * FIRSTS + first;
    for (int i = 0; i < WORD_FEATURES; i++) {
        index[i] = (uint16_t) (base + values[i]);
        base += word_feature_sizes[i];
    }
}

void pair_features(const struct document *d, const struct credit_facts *facts,
                   const struct credit_pair *pair, double x, double y,
                   uint16_t index[PAIR_FEATURES])
{
    unsigned kind = (d->forms[pair->x].stem == NONE ? 0u : 2u)
                    + (d->forms[pair->y].stem == NONE ? 0u : 1u);
    unsigned times = pair->count > 3 ? 3 : pair->count - 1;
    unsigned low = level(x < y ? x : y), values[PAIR_FEATURES], base = 0;
    unsigned first = first_bucket(pair->first);

    values[PF_BOTH] = level(x) * LEVELS + level(y);
    values[PF_COUNT_KIND] = times * KINDS + kind;
    values[PF_TITLE_KIND] = pair->in_title * (unsigned) KINDS + kind;
    values[PF_PRIOR_COUNT] = pair->prior * (unsigned) TIMES + times;
    values[PF_FIRST_KIND] = first * KINDS + kind;
    values[PF_CAPITAL_KIND] = pair->capital * (unsigned) KINDS + kind;
    values[PF_LOW_COUNT] = low * TIMES + times;
    values[PF_ARTICLE] = article_bucket(facts->article_words) * KINDS + kind;
    values[PF_PRIOR_LOW] = pair->prior * (unsigned) LEVELS + low;
    for (int i = 0; i < PAIR_FEATURES; i++) {
        index[i] = (uint16_t) (base + values[i]);
        base += pair_feature_sizes[i];
    }
}
