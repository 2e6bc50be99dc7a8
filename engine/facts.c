/* facts.c - the facts of an article's words and word pairs; see credits.h.
 *
 * First the words of all sentences are counted.  Then it is known which stand
 * once in the article, as most of its distinct words do: a pair with such a
 * word stands once too, and need not be looked for.
 *
 * What is seldom and cannot be foreseen, a word that its sentence had already
 * or a pair that may have been there before, is put aside and done behind the
 * loop that comes across it, which so has no branch.
 */
#include <config.h>

#include "engine/facts.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/readable.h"
#include "engine/wide.h"

static int collector_init(struct collector *c)
{
    struct document *d = c->document;
    struct credit_facts *facts = c->facts;
    size_t tokens = d->token_count;

    facts->nothing = (uint32_t) d->form_count;
    facts->first_pair = facts->nothing + 1;
    facts->words = arena_take_array(d->arena, d->form_count + 1,
                                    sizeof *facts->words);
    facts->pairs = arena_take(d->arena, (tokens + 1 + WIDE_PAIRS)
                                            * sizeof *facts->pairs);
    facts->pair_of =
        arena_take(d->arena, (2 * tokens + 1) * sizeof *facts->pair_of);
    facts->items = arena_take(d->arena, (d->segment_count + 1)
                                            * sizeof *facts->items);
    c->list = arena_take(d->arena, (2 * tokens + 1) * sizeof *c->list);
    c->aside = arena_take(d->arena,
                          (tokens + 1 + WIDE_PAIRS) * sizeof *c->aside);
    c->words_aside = (uint32_t *) c->aside; /* before the pairs are */
    c->asked = arena_take(d->arena, d->form_count + 1 + sizeof(uint32_t));
    if (facts->words == NULL || facts->pairs == NULL || facts->pair_of == NULL
        || facts->items == NULL || c->list == NULL || c->aside == NULL
        || c->asked == NULL)
        return PRECIS_EINTERNAL;
    facts->form_of = facts->pair_of + tokens;
    return 0;
}

/* ---- quotation marks ---- */

size_t quote_find_narrow(const char *text, size_t size, size_t at)
{
#ifdef __SSE2__
    const __m128i straight = _mm_set1_epi8('"'), low = _mm_set1_epi8('\xAB');
    const __m128i high = _mm_set1_epi8('\x9C');

    for (; at + 16 <= size; at += 16) {
        __m128i bytes = _mm_loadu_si128((const void *) (text + at));
        __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, straight),
                                     _mm_or_si128(_mm_cmpeq_epi8(bytes, low),
                                                  _mm_cmpeq_epi8(bytes, high)));
        unsigned bits = (unsigned) _mm_movemask_epi8(found);
        for (; bits != 0; bits &= bits - 1)
            if (is_quote_end(text, at + (unsigned) __builtin_ctz(bits)))
                return at + (unsigned) __builtin_ctz(bits);
    }
#endif
    while (at < size && !is_quote_end(text, at))
        at++;
    return at;
}

static size_t quote_find(const char *text, size_t size, size_t at)
{
#if WIDE
    if (wide_is_there())
        return quote_find_wide(text, size, at);
#endif
    return quote_find_narrow(text, size, at);
}

/* Notes in the items of each segment whether it has a quotation mark. */
static void find_quotes(struct collector *c)
{
    const struct document *d = c->document;
    size_t count = d->segment_count, found = 0;
    size_t size = count == 0 ? 0 : d->segments[count - 1].end;

    for (size_t i = 0; i < count; i++) {
        const struct segment *segment = &d->segments[i];
        uint32_t has;
        if (c->facts->neutral) {
            has = (uint32_t) has_quote(d->text + segment->start,
                                       segment->end - segment->start);
        } else {
            if (found < segment->start || i == 0)
                found = quote_find(d->text, size, segment->start);
            has = found < segment->end;
        }
        c->facts->items[i] = (struct items){ .again = has };
    }
}

/* ---- words ---- */

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

/* What `last` is of a word that stands in a sentence once, and how many more
 * numbers are that sentence's. */
#define MARKS (EARNING_MAX + 1)
#define SENTENCE_MARK(sentence) (((sentence) + 1) * MARKS)

/* A word that the sentence had already: returns its item there. */
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

/* Counts and lists the words of a sentence, and notes whether each has a
 * capital, where single_pairs() reads it.  Puts those aside that it had
 * already, and returns how many they are. */
static size_t sentence_words(struct collector *c,
                             const struct segment *segment, uint32_t sentence,
                             uint32_t quote)
{
    struct credit_word *words = c->facts->words;
    const struct surface *surfaces = c->document->surfaces;
    const uint32_t *tokens = c->document->tokens + segment->token;
    uint32_t *form_of = c->facts->form_of + segment->token;
    uint32_t *capital_of = c->facts->pair_of + segment->token;
    uint32_t *list = c->list + 2 * (size_t) segment->token;
    uint32_t *aside = c->words_aside;
    const uint32_t mark = SENTENCE_MARK(sentence), count = segment->tokens;
    const uint32_t is_asked = !c->facts->neutral;
    const four_counts counts[2] = { { 1, quote, 1, 0 }, { 1, quote, 1, 1 } };
    const four_counts kept[2] = { { UINT32_MAX, UINT32_MAX, UINT32_MAX,
                                    UINT32_MAX },
                                  { 0, UINT32_MAX, 0, UINT32_MAX } };
    const four_counts added[2] = { { 0 }, { sentence, 1, mark } };
    size_t again = 0;

    for (uint32_t t = 0; t < count; t++) {
        const struct surface *surface = &surfaces[tokens[t]];
        uint32_t form = surface->form, capital = surface->capital & is_asked;
        struct credit_word *word = &words[form];
        uint32_t is_new = word->last - mark >= MARKS;
        word->counts += counts[capital];
        word->others = (word->others & kept[is_new]) + added[is_new];
        form_of[t] = form;
        capital_of[t] = capital;
        list[2 * t + 1] = form;
        aside[again] = t;
        again += 1 - is_new;
    }
    /* the first is not inside */
    words[form_of[0]].counts -= counts[capital_of[0]]
                                - (four_counts){ 1, quote };
    return again;
}

/* Sentences that the lead is. */
#define LEAD_SENTENCES 3

static void lead_words(struct collector *c, const struct segment *segment)
{
    const uint32_t *form_of = c->facts->form_of + segment->token;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        struct credit_word *word = &c->facts->words[form_of[t]];
        word->lead = (uint8_t) (word->lead + (word->lead < LEADS - 1));
    }
}

static void sentence_facts(struct collector *c, const struct segment *segment,
                           struct items *items, uint32_t sentence)
{
    uint32_t *list = c->list + 2 * (size_t) segment->token;
    uint32_t quote = items->again;
    size_t again;

    *items = (struct items){ .list = list };
    if (segment->tokens == 0)
        return;
    again = sentence_words(c, segment, sentence, quote);
    for (size_t i = 0; i < again; i++) {
        uint32_t *item = &list[2 * (size_t) c->words_aside[i] + 1];
        *item = word_again(c, *item, SENTENCE_MARK(sentence));
        items->again |= *item & ITEM_AGAIN;
    }
    if (sentence < LEAD_SENTENCES)
        lead_words(c, segment);
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

/* ---- pairs ---- */

/* Says what is asked of each form. */
static void pairs_ask(struct collector *c)
{
    const struct document *d = c->document;
    const size_t forms = d->form_count;
    const struct form *form = d->forms;
    const struct credit_word *word = c->facts->words;
    uint8_t *asked = c->asked;

    for (size_t i = 0; i < forms; i++)
        asked[i] = (uint8_t) ((word[i].count > 1) * ASKED_AGAIN
                              + form[i].in_title * ASKED_TITLE);
}

/* Makes slots for the pairs that were put aside: so many that few have one that
 * another has.  0, or PRECIS_EINTERNAL. */
static int slots_make(struct collector *c)
{
    size_t slots = 16;

    while (slots < c->aside_count * 4)
        slots *= 2;
    c->slots = arena_take_array(c->document->arena, slots, sizeof *c->slots);
    c->mask = slots - 1;
    return c->slots == NULL ? PRECIS_EINTERNAL : 0;
}

/* Form ids are given in the order of the text and the form table is keyed,
 * so a fixed mixing of two ids cannot be attacked from outside: colliding
 * pairs would need ids that only other words' order gives, and the table is
 * at most a quarter full.  Returns where a pair is looked for first. */
static inline uint32_t *first_slot(const struct collector *c, uint32_t x,
                                   uint32_t y)
{
    uint64_t h = ((uint64_t) x << 32 | y) * 0x9E3779B97F4A7C15u;

    return &c->slots[(size_t) (h >> 32) & c->mask];
}

/* The slot of a pair, or where it would be. */
static inline uint32_t *pair_slot(const struct collector *c, uint32_t x,
                                  uint32_t y)
{
    size_t slot = (size_t) (first_slot(c, x, y) - c->slots);
    uint32_t id;

    for (; (id = c->slots[slot]) != 0; slot = (slot + 1) & c->mask)
        if (c->facts->pairs[id - 1].x == x && c->facts->pairs[id - 1].y == y)
            break;
    return &c->slots[slot];
}

/* `a` where `is_a` is 1, `b` where it is 0: of a condition compilers make a
 * branch. */
static inline uint32_t chosen(uint32_t is_a, uint32_t a, uint32_t b)
{
    return b ^ ((a ^ b) & (0 - is_a));
}

/* The place of a pair that was there before. */
static inline uint32_t place_again(uint32_t place, uint32_t capital)
{
    uint32_t had = place / PLACE_CAPITAL;

    place += (capital & ~had) * PLACE_CAPITAL;
    return place
           + (uint32_t) (place < (TIMES - 1) * PLACE_TIMES) * PLACE_TIMES;
}

/* Counts a pair that was there before.  Returns its item in the sentence. */
static uint32_t pair_again(const struct collector *c, uint32_t id,
                           uint32_t sentence, uint32_t capital)
{
    struct credit_pair *pair = &c->facts->pairs[id];
    uint32_t is_there = pair->last == sentence + 1;

    pair->place = (uint16_t) place_again(pair->place, capital);
    pair->last = sentence + 1;
    return chosen(is_there, c->facts->nothing, c->facts->first_pair + id);
}

/* What a pair is when it is there first. */
static inline struct credit_pair new_pair(uint32_t x, uint32_t y,
                                          uint32_t sentence, uint32_t capital)
{
    return (struct credit_pair){
        x, y, sentence + 1,
        (uint16_t) (BUCKET(first_buckets, sentence) + capital * PLACE_CAPITAL),
        0
    };
}

void single_pairs_narrow(struct collector *c, const struct segment *segment,
                         uint32_t sentence)
{
    uint32_t *pair_of = c->facts->pair_of + segment->token;
    const uint32_t *form_of = c->facts->form_of + segment->token;
    uint32_t *list = c->list + 2 * (size_t) segment->token;
    struct aside *aside = c->aside + c->aside_count;
    const uint8_t *all_asked = c->asked;
    struct credit_pair *pair = c->facts->pairs + c->facts->pair_count;
    const struct credit_pair pairs[2] = {
        new_pair(0, 0, sentence, 0), new_pair(0, 0, sentence, 1)
    };
    uint32_t id = (uint32_t) c->facts->pair_count;
    uint32_t item = c->facts->first_pair + id, last = segment->tokens - 1;
    uint32_t x = form_of[0], asked = all_asked[x];

    for (uint32_t t = 0; t < last; t++) {
        uint32_t y = form_of[t + 1], both = pair_of[t] & pair_of[t + 1];
        uint32_t is_other = (asked & all_asked[y]) != 0;
        asked = all_asked[y];
        *pair = pairs[both];
        pair->x = x;
        pair->y = y;
        pair_of[t] = id;
        list[2 * t + 2] = item;
        *aside = (struct aside){ segment->token + t, 2 * sentence + both };
        aside += is_other;
        pair += 1 - is_other;
        item += 1 - is_other;
        id += 1 - is_other;
        x = y;
    }
    pair_of[last] = NONE;
    c->facts->pair_count = id;
    c->aside_count = (size_t) (aside - c->aside);
}

static void single_pairs(struct collector *c, const struct segment *segment,
                         uint32_t sentence)
{
#if WIDE
    if (wide_is_there()) {
        single_pairs_wide(c, segment, sentence);
        return;
    }
#endif
    single_pairs_narrow(c, segment, sentence);
}

/* Counts and lists those aside whose slot is free, so that nobody had them
 * before.  Leaves the others aside, and returns how many they are: as all that
 * are the same have one slot, they may wait. */
static size_t new_pairs(struct collector *c)
{
    struct credit_facts *facts = c->facts;
    const uint32_t *form_of = facts->form_of, first_pair = facts->first_pair;
    uint32_t *pair_of = facts->pair_of, *list = c->list;
    uint32_t id = (uint32_t) facts->pair_count;
    struct aside *aside = c->aside, *end = aside + c->aside_count;
    struct credit_pair *pairs = facts->pairs;
    struct aside *other = aside;

    for (; aside < end; aside++) {
        struct aside this = *aside;
        uint32_t t = this.token, x = form_of[t], y = form_of[t + 1];
        uint32_t *slot = first_slot(c, x, y), is_free = *slot == 0;
        pairs[id] = new_pair(x, y, this.sentence / 2, this.sentence % 2);
        *slot += (id + 1) & (0 - is_free);
        pair_of[t] = id;
        list[2 * (size_t) t + 2] = first_pair + id;
        id += is_free;
        *other = this;
        other += 1 - is_free;
    }
    facts->pair_count = id;
    return (size_t) (other - c->aside);
}

/* Counts and lists, of so many aside that are the same as the pair in their
 * slot or another one that wants it, those that are the same.  Leaves the
 * others aside, which are few, and returns how many they are. */
static size_t same_pairs(struct collector *c, size_t count)
{
    struct credit_facts *facts = c->facts;
    const uint32_t *form_of = facts->form_of;
    struct aside *other = c->aside;

    for (size_t i = 0; i < count; i++) {
        const struct aside met = c->aside[i];
        uint32_t t = met.token, x = form_of[t], y = form_of[t + 1];
        uint32_t sentence = met.sentence / 2;
        uint32_t id = *first_slot(c, x, y) - 1;
        struct credit_pair *pair = &facts->pairs[id];
        uint32_t is_same = (pair->x == x) & (pair->y == y);
        uint32_t last = pair->last, place = pair->place;
        pair->place = (uint16_t) chosen(
            is_same, place_again(place, met.sentence % 2), place);
        pair->last = chosen(is_same, sentence + 1, last);
        facts->pair_of[t] = id;
        c->list[2 * (size_t) t + 2] = chosen(
            last == sentence + 1, facts->nothing, facts->first_pair + id);
        *other = met;
        other += 1 - is_same;
    }
    return (size_t) (other - c->aside);
}

/* The same of one that may have been before. */
static void pair_met(struct collector *c, struct aside aside)
{
    struct credit_facts *facts = c->facts;
    uint32_t t = aside.token, sentence = aside.sentence / 2;
    uint32_t x = facts->form_of[t], y = facts->form_of[t + 1], item;
    uint32_t *slot = pair_slot(c, x, y), id = *slot - 1;
    unsigned capital = aside.sentence % 2;

    if (id == NONE) {
        id = (uint32_t) facts->pair_count++;
        *slot = id + 1;
        facts->pairs[id] = new_pair(x, y, sentence, capital);
        item = facts->first_pair + id;
    } else {
        item = pair_again(c, id, sentence, capital);
    }
    facts->pair_of[t] = id;
    c->list[2 * (size_t) t + 2] = item;
}

/* Counts and lists the pairs of all sentences, whose words are listed already.
 * 0, or PRECIS_EINTERNAL. */
static int collect_pairs(struct collector *c)
{
    struct document *d = c->document;
    struct credit_facts *facts = c->facts;
    uint32_t sentence = 0;
    size_t met;

    for (size_t i = 0; i < d->segment_count; i++) {
        if (d->segments[i].kind != PRECIS_SENTENCE)
            continue;
        if (d->segments[i].tokens > 0)
            single_pairs(c, &d->segments[i], sentence);
        sentence++;
    }
    if (slots_make(c) != 0)
        return PRECIS_EINTERNAL;
    met = same_pairs(c, new_pairs(c));
    for (size_t i = 0; i < met; i++)
        pair_met(c, c->aside[i]);
    for (size_t i = 1; i < d->title_count; i++) {
        uint32_t id = *pair_slot(c, d->title[i - 1], d->title[i]);
        if (id != 0 && facts->pairs[id - 1].place / PLACE_TITLE % 2 == 0)
            facts->pairs[id - 1].place += PLACE_TITLE;
    }
    return 0;
}

/* ---- all ---- */

/* The last sentence first: so what is written last is where a word stands
 * first. */
static void collect_words(struct collector *c)
{
    struct document *d = c->document;
    uint32_t sentence = (uint32_t) d->sentence_count;

    for (size_t i = d->segment_count; i-- > 0;) {
        const struct segment *segment = &d->segments[i];
        struct items *items = &c->facts->items[i];
        if (segment->kind == PRECIS_SENTENCE) {
            sentence_facts(c, segment, items, --sentence);
        } else {
            other_facts(c, segment);
            *items = (struct items){ 0 };
        }
    }
}

int credits_collect(struct document *d, struct credit_facts *facts,
                    int neutral, int all_again)
{
    struct collector c = {
        .document = d, .facts = facts, .all_again = all_again,
    };

    memset(facts, 0, sizeof *facts);
    facts->neutral = neutral;
    if (collector_init(&c) != 0)
        return PRECIS_EINTERNAL;
    facts->sentences = d->sentence_count;
    facts->article_words = d->total_words;
    facts->has_title = d->title_count > 0;
    find_quotes(&c);
    collect_words(&c);
    pairs_ask(&c);
    return collect_pairs(&c);
}
