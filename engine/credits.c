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

struct collector {
    struct document *document;
    struct credit_facts *facts;
    uint32_t *slots; /* of pairs: pair + 1 */
    size_t mask;
    uint32_t *list;  /* two items a token: the pair that it ends, itself */
    int all_again;   /* any word may earn again */
};

/* Slots at least: with so many most pairs of an article of news have one for
 * themselves, and what nobody foresees is seldom. */
#define SLOTS_MIN 4096

static int collector_init(struct collector *c)
{
    struct document *d = c->document;
    struct credit_facts *facts = c->facts;
    size_t slots = SLOTS_MIN, tokens = d->token_count;

    while (slots < tokens * 2)
        slots *= 2;
    facts->nothing = (uint32_t) d->form_count;
    facts->first_pair = facts->nothing + 1;
    facts->words = arena_take_array(d->arena, d->form_count + 1,
                                    sizeof *facts->words);
    facts->pairs = arena_take(d->arena, (tokens + 1) * sizeof *facts->pairs);
    facts->pair_of =
        arena_take(d->arena, (2 * tokens + 1) * sizeof *facts->pair_of);
    facts->items = arena_take(d->arena, (d->segment_count + 1)
                                            * sizeof *facts->items);
    c->list = arena_take(d->arena, (2 * tokens + 1) * sizeof *c->list);
    c->slots = arena_take_array(d->arena, slots, sizeof *c->slots);
    c->mask = slots - 1;
    if (facts->words == NULL || facts->pairs == NULL || facts->pair_of == NULL
        || facts->items == NULL || c->list == NULL || c->slots == NULL)
        return PRECIS_EINTERNAL;
    facts->form_of = facts->pair_of + tokens;
    return 0;
}

/* Form ids are given in the order of the text and the form table is keyed,
 * so a fixed mixing of two ids cannot be attacked from outside: colliding
 * pairs would need ids that only other words' order gives, and the table is
 * at most half full.  Returns the slot of a pair, or where it would be. */
static inline uint32_t *pair_slot(const struct collector *c, uint32_t x,
                                  uint32_t y)
{
    uint64_t h = ((uint64_t) x << 32 | y) * 0x9E3779B97F4A7C15u;
    size_t slot = (size_t) (h >> 32) & c->mask;
    uint32_t id;

    for (; (id = c->slots[slot]) != 0; slot = (slot + 1) & c->mask)
        if (c->facts->pairs[id - 1].x == x && c->facts->pairs[id - 1].y == y)
            break;
    return &c->slots[slot];
}

/* Counts a pair that was there before.  Returns its item in the sentence. */
static uint32_t pair_again(const struct collector *c, uint32_t id,
                           uint32_t sentence, unsigned capital)
{
    struct credit_pair *pair = &c->facts->pairs[id];

    if (pair->place / PLACE_TIMES < TIMES - 1)
        pair->place += PLACE_TIMES;
    if (capital && pair->place / PLACE_CAPITAL % 2 == 0)
        pair->place += PLACE_CAPITAL;
    if (pair->last == sentence + 1)
        return c->facts->nothing;
    pair->last = sentence + 1;
    return c->facts->first_pair + id;
}

/* Counts and lists the pairs of a sentence, whose words are listed already. */
static void sentence_pairs(struct collector *c, const struct segment *segment,
                           uint32_t sentence)
{
    uint32_t *pair_of = c->facts->pair_of + segment->token;
    const uint32_t *form_of = c->facts->form_of + segment->token;
    uint32_t *list = c->list + 2 * (size_t) segment->token;
    uint32_t count = (uint32_t) c->facts->pair_count, x, capital;
    const unsigned first = BUCKET(first_buckets, sentence);

    x = form_of[0];
    capital = list[0];
    for (uint32_t t = 1; t < segment->tokens; t++) {
        uint32_t y = form_of[t], now = list[2 * t];
        uint32_t *slot = pair_slot(c, x, y), id = *slot - 1;
        if (id == NONE) {
            id = count++;
            *slot = id + 1;
            c->facts->pairs[id] = (struct credit_pair){
                x, y, sentence + 1,
                (uint16_t) (first + (capital & now) * PLACE_CAPITAL), 0
            };
            list[2 * t] = c->facts->first_pair + id;
        } else {
            list[2 * t] = pair_again(c, id, sentence, capital & now);
        }
        pair_of[t - 1] = id;
        capital = now;
        x = y;
    }
    pair_of[segment->tokens - 1] = NONE;
    c->facts->pair_count = count;
}

/* Whether a summary may have a form more than once. */
static int may_repeat(const struct document *d, uint32_t form)
{
    uint32_t row = d->forms[form].row;
    const uint8_t *trained;

    if (row == NONE)
        return 0;
    trained = d->language->table.values + 4 * (size_t) row;
    return (trained[2] | trained[3]) != 0;
}

/* A word that the sentence had already: returns its item there.  `mark` is
 * what `last` is in a sentence that has it once. */
static uint32_t word_again(const struct collector *c, uint32_t form,
                           uint32_t mark)
{
    struct credit_word *word = &c->facts->words[form];

    if (word->last - mark >= EARNING_MAX - 1)
        return c->facts->nothing;
    word->last++;
    if (!c->all_again && !may_repeat(c->document, form))
        return c->facts->nothing;
    return form + ITEM_AGAIN + (word->last - mark) * ITEM_TIMES;
}

static unsigned has_any_quote(const struct collector *c,
                              const struct segment *segment)
{
    const char *text = c->document->text + segment->start;
    size_t size = segment->end - segment->start;

    return c->facts->neutral ? (unsigned) has_quote(text, size)
                             : (unsigned) has_french_quote(text, size);
}

/* Counts and lists the words of a sentence, and notes whether each has a
 * capital, where sentence_pairs() reads it and writes the pair that the word
 * ends.  Returns whether any word earns again. */
static uint32_t sentence_words(struct collector *c,
                               const struct segment *segment,
                               uint32_t sentence)
{
    struct credit_word *words = c->facts->words;
    const struct surface *surfaces = c->document->surfaces;
    const uint32_t *tokens = c->document->tokens + segment->token;
    uint32_t *form_of = c->facts->form_of + segment->token;
    uint32_t *list = c->list + 2 * (size_t) segment->token;
    const uint32_t mark = (sentence + 1) * (EARNING_MAX + 1);
    const uint32_t quote = has_any_quote(c, segment);
    const uint32_t is_asked = !c->facts->neutral;
    const four_counts counts[2] = { { 1, quote, 1, 0 }, { 1, quote, 1, 1 } };
    uint32_t again = 0;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        const struct surface *surface = &surfaces[tokens[t]];
        uint32_t form = surface->form, item = form;
        uint32_t capital = (surface->capital != 0) & is_asked;
        struct credit_word *word = &words[form];
        word->counts += counts[capital];
        if (word->last >= mark) {
            item = word_again(c, form, mark);
            again |= item & ITEM_AGAIN;
        } else {
            word->last = mark;
            word->first = word->spread == 0 ? sentence : word->first;
            word->spread++;
        }
        form_of[t] = form;
        list[2 * t] = capital;
        list[2 * t + 1] = item;
    }
    /* the first is not inside */
    words[form_of[0]].counts -= counts[list[0]] - (four_counts){ 1, quote };
    return again;
}

/* Sentences that the lead is. */
#define LEAD_SENTENCES 3

/* Counts the words of a sentence of the lead, when no others are counted. */
static void lead_words(struct collector *c, const struct segment *segment)
{
    const uint32_t *form_of = c->facts->form_of + segment->token;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        struct credit_word *word = &c->facts->words[form_of[t]];
        word->lead = (uint8_t) (word->count < LEADS ? word->count : LEADS - 1);
    }
}

static void sentence_facts(struct collector *c, const struct segment *segment,
                           struct items *items, uint32_t sentence)
{
    *items = (struct items){ .list = c->list + 2 * (size_t) segment->token };
    if (segment->tokens == 0)
        return;
    items->again = sentence_words(c, segment, sentence);
    if (sentence < LEAD_SENTENCES)
        lead_words(c, segment);
    sentence_pairs(c, segment, sentence);
    items->list++; /* the first word ends no pair */
    items->count = 2 * segment->tokens - 1;
}

/* Of a segment that is no sentence. */
static void other_facts(struct collector *c, const struct segment *segment)
{
    struct document *d = c->document;

    for (uint32_t t = segment->token; t < segment->token + segment->tokens;
         t++) {
        uint32_t form = d->surfaces[d->tokens[t]].form;
        c->facts->form_of[t] = form;
        if (segment->kind == PRECIS_HEADING)
            c->facts->words[form].heading = 1;
        c->facts->pair_of[t] = NONE;
    }
}

int credits_collect(struct document *d, struct credit_facts *facts,
                    int neutral, int all_again)
{
    struct collector c = {
        .document = d, .facts = facts, .all_again = all_again,
    };
    uint32_t sentence = 0;

    memset(facts, 0, sizeof *facts);
    facts->neutral = neutral;
    if (collector_init(&c) != 0)
        return PRECIS_EINTERNAL;
    facts->sentences = d->sentence_count;
    facts->article_words = d->total_words;
    facts->has_title = d->title_count > 0;
    for (size_t i = 0; i < d->segment_count; i++) {
        const struct segment *segment = &d->segments[i];
        facts->items[i] = (struct items){ 0 };
        if (segment->kind == PRECIS_SENTENCE)
            sentence_facts(&c, segment, &facts->items[i], sentence++);
        else
            other_facts(&c, segment);
    }
    for (size_t i = 1; i < d->title_count; i++) {
        uint32_t id = *pair_slot(&c, d->title[i - 1], d->title[i]);
        if (id != 0 && facts->pairs[id - 1].place / PLACE_TITLE % 2 == 0)
            facts->pairs[id - 1].place += PLACE_TITLE;
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
