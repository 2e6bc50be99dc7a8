/* guess.c - which 8-bit charset bytes are in. */
#include <config.h>

#include "engine/guess.h"

#include <stdlib.h>
#include <string.h>

#include "engine/charset.h"
#include "engine/guess_ascii.h"
#include "engine/unicode.h"

/* Pairs of two ASCII bytes that are counted, from shortly before the first
 * other byte on: enough to know the language by. */
#define ASCII_PAIRS_MAX 2048
#define BEFORE_MAX 512

/* Different pairs that are counted: texts have a few hundred, in Cyrillic or
 * Arabic up to a thousand.  SLOTS: a power of 2. */
#define PAIRS_MAX 3072
#define SLOTS 8192

/* What has no character in the charset: above the cost of every other. */
#define BAD_COST (18 * GUESS_NAT)

/* A capital that is not ASCII: first in its word, or after a small letter. */
#define CAPITAL_COST (2 * GUESS_NAT)
#define MIDDLE_CAPITAL_COST GUESS_MIDDLE_CAPITAL_COST

/* One charset is so much less likely than the one before it in the list: it
 * decides only where the text does not. */
#define RANK_COST 1

/* French in a charset of Central Europe and the like. */
#define FOREIGN_COST (5 * GUESS_NAT)

/* A unit is an ASCII byte, a byte of the charset, or, from UNIT_CHARACTER on,
 * the number of a character that came in UTF-8. */
#define UNIT_CHARACTER 256
#define UNIT_NONE UINT16_MAX

struct pair {
    uint16_t first, second;
    uint32_t count;
};

struct guess_work {
    struct pair pairs[PAIRS_MAX]; /* all but those of `rows`; those without
                                     bytes of the charset first, once a text is
                                     read */
    size_t count;
    size_t fixed;                 /* how many of those there are */
    size_t ascii;                 /* pairs of ASCII counted */
    bool mixed;                   /* with UTF-8 */
    uint64_t costs[GUESS_LANGUAGES_MAX]; /* of pairs without bytes of the
                                            charset, by language */
    uint8_t order[GUESS_LANGUAGES_MAX]; /* languages, those of least cost
                                           first */
    uint16_t slots[SLOTS];        /* number of a pair + 1 */
    uint64_t least[GUESS_KINDS];  /* the least of the costs above, for charsets
                                     of a kind */
    struct ascii_pairs rows;
    uint8_t byte_costs[][128];    /* by charset: what a byte costs at least */
};

/* What a byte costs in a charset in any pair and language. */
static unsigned byte_cost(const struct guess_charset *charset, unsigned byte)
{
    unsigned number = charset->characters[byte - 128];

    if (number == 0)
        return BAD_COST;
    return guess_characters[number - 1].is_upper ? CAPITAL_COST : 0;
}

struct guess_work *guess_work_new(void)
{
    size_t size = sizeof(struct guess_work) + guess_charset_count * 128;
    struct guess_work *work = calloc(1, size);

    for (size_t c = 0; work != NULL && c < guess_charset_count; c++)
        for (unsigned i = 0; i < 128; i++)
            work->byte_costs[c][i] =
                (uint8_t) byte_cost(&guess_charsets[c], 128 + i);
    return work;
}

void guess_work_free(struct guess_work *work)
{
    free(work);
}

/* ---- characters ---- */

/* The unit of a code point above 7F. */
static uint16_t unit_find(uint32_t code)
{
    size_t low = 0;
    size_t high = guess_character_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (guess_characters[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == guess_character_count || guess_characters[low].code != code)
        return UNIT_NONE;
    return (uint16_t) (UNIT_CHARACTER + low);
}

/* ---- pairs ---- */

static bool is_byte(unsigned unit)
{
    return unit >= 0x80 && unit < UNIT_CHARACTER;
}

static size_t slot_of(uint16_t first, uint16_t second)
{
    return ((uint32_t) first << 16 | second) * 0x9E3779B1u >> 19;
}

/* Frees the slots of the pairs there are: no further behind theirs than others
 * are taken. */
static void slots_clear(struct guess_work *work)
{
    for (size_t i = 0; i < work->count; i++) {
        size_t slot = slot_of(work->pairs[i].first, work->pairs[i].second);

        for (; work->slots[slot] != 0; slot = (slot + 1) % SLOTS)
            work->slots[slot] = 0;
    }
}

static inline void pair_count(struct guess_work *work, uint16_t first,
                              uint16_t second)
{
    size_t slot = slot_of(first, second);

    while (work->slots[slot] != 0) {
        struct pair *pair = &work->pairs[work->slots[slot] - 1];

        if (pair->first == first && pair->second == second) {
            pair->count++;
            return;
        }
        slot = (slot + 1) % SLOTS;
    }
    if (work->count + work->rows.met_count >= PAIRS_MAX)
        return;
    work->pairs[work->count] = (struct pair){first, second, 1};
    work->slots[slot] = (uint16_t) ++work->count;
}

static void pairs_part(struct guess_work *work)
{
    work->fixed = 0;
    for (size_t i = 0; i < work->count; i++) {
        struct pair pair = work->pairs[i];

        if (is_byte(pair.first) || is_byte(pair.second))
            continue;
        work->pairs[i] = work->pairs[work->fixed];
        work->pairs[work->fixed++] = pair;
    }
}

/* The unit at s, and in *length its bytes. */
static uint16_t unit_read(const unsigned char *s, size_t size, bool mixed,
                          size_t *length)
{
    uint32_t code;
    size_t position = 0;
    size_t part;

    *length = 1;
    if (s[0] < 0x80 || !mixed || utf8_size(s, size, &part) == 0)
        return s[0];
    utf8_next((const char *) s, size, &position, &code);
    *length = position;
    return unit_find(code);
}

/* ---- costs ---- */

#define CHARACTER_NONE UINT16_MAX

/* The number of the character that a unit is, in a charset where it is a byte
 * of one. */
static inline uint16_t character_of(const struct guess_charset *charset,
                                    unsigned unit)
{
    if (unit < 0x80)
        return (uint16_t) ascii_character(unit);
    if (is_byte(unit)) /* 0, for none, becomes CHARACTER_NONE */
        return (uint16_t) (charset->characters[unit - 128] - 1);
    return unit == UNIT_NONE ? CHARACTER_NONE
                             : (uint16_t) (unit - UNIT_CHARACTER);
}

/* A class of characters, as charset.awk numbers them. */
#define CLASS_SIGN_NUMBER 7

static inline uint32_t pair_cost(const struct guess_language *language,
                                 const struct guess_charset *charset,
                                 const struct pair *pair)
{
    uint16_t first = character_of(charset, pair->first);
    uint16_t second = character_of(charset, pair->second);
    unsigned before = CLASS_SIGN_NUMBER;
    unsigned class = CLASS_SIGN_NUMBER;
    uint32_t cost = 0;

    if (first != CHARACTER_NONE)
        before = language->classes[first];
    if (second == CHARACTER_NONE) {
        cost += BAD_COST;
    } else {
        const struct guess_character *c = &guess_characters[second];

        class = language->classes[second];
        if (class < GUESS_LETTER_CLASSES)
            cost += c->cost;
        if (c->is_upper && pair->second >= 0x80)
            cost += CAPITAL_COST;
        if (c->is_upper && first != CHARACTER_NONE
            && guess_characters[first].is_lower)
            cost += MIDDLE_CAPITAL_COST;
    }
    return cost + language->costs[before * language->class_count + class];
}

/* Of the pairs with bytes of the charset, not further than up to `limit`: what
 * is not the best need not be known. */
static uint64_t pairs_cost(const struct guess_work *work,
                           const struct guess_language *language,
                           const struct guess_charset *charset, uint64_t limit)
{
    uint64_t cost = 0;

    for (size_t i = work->fixed; i < work->count && cost < limit; i++)
        cost += (uint64_t) work->pairs[i].count
                * pair_cost(language, charset, &work->pairs[i]);
    return cost;
}

/* Languages, those of least cost first. */
static void order_find(struct guess_work *work)
{
    for (size_t l = 0; l < guess_language_count; l++) {
        uint64_t cost = work->costs[l];
        size_t at = l;
        for (; at > 0 && work->costs[work->order[at - 1]] > cost; at--)
            work->order[at] = work->order[at - 1];
        work->order[at] = (uint8_t) l;
    }
}

static bool fits(unsigned kind, const struct guess_language *language)
{
    return kind == language->kind
           || (kind < GUESS_LATIN && language->kind < GUESS_LATIN);
}

/* The least of the costs, for each kind of charset. */
static void least_find(struct guess_work *work)
{
    for (unsigned kind = 0; kind < GUESS_KINDS; kind++) {
        uint64_t least = UINT64_MAX;

        for (size_t l = 0; l < guess_language_count; l++)
            if (work->costs[l] < least && fits(kind, &guess_languages[l]))
                least = work->costs[l];
        work->least[kind] = least;
    }
}

/* What the pairs without bytes of the charset cost in each language. */
static void fixed_costs(struct guess_work *work)
{
    uint32_t sums[GUESS_LANGUAGES_MAX];

    ascii_pairs_cost(&work->rows, sums);
    for (size_t l = 0; l < guess_language_count; l++)
        work->costs[l] = sums[l];
    for (size_t i = 0; i < work->fixed; i++) {
        const struct pair *pair = &work->pairs[i];
        for (size_t l = 0; l < guess_language_count; l++)
            work->costs[l] += (uint64_t) pair->count
                              * pair_cost(&guess_languages[l], NULL, pair);
    }
    order_find(work);
    least_find(work);
}

/* ---- reading ---- */

/* Counts the pair of two bytes of ASCII. */
static void ascii_count(struct guess_work *work, unsigned first,
                        unsigned second)
{
    struct ascii_pairs *rows = &work->rows;
    unsigned number = ascii_row_find(rows, first, second);

    if (number == 0)
        pair_count(work, (uint16_t) first, (uint16_t) second);
    else if (rows->counts[number] > 0
             || work->count + rows->met_count < PAIRS_MAX)
        ascii_row_count(rows, number);
}

/* Counts the pairs of ASCII behind `before`; returns their bytes. */
static size_t ascii_read(struct guess_work *work, unsigned before,
                         const unsigned char *text, size_t size)
{
    struct ascii_pairs *rows = &work->rows;
    size_t left = ASCII_PAIRS_MAX - work->ascii, i = 0;
    bool has_room;

    if (size > left)
        size = left;
    has_room = work->count + rows->met_count + size <= PAIRS_MAX;
    while (i < size) {
        if (has_room)
            i += ascii_rows_count(rows, before, text + i, size - i);
        if (i == size || text[i] >= 0x80)
            break;
        ascii_count(work, i > 0 ? text[i - 1] : before, text[i]);
        before = text[i++];
    }
    work->ascii += i;
    return i;
}

void guess_read(struct guess_work *work, const unsigned char *text,
                size_t size, bool mixed)
{
    size_t at = ascii_run(text, size);
    uint16_t before = ' ';

    slots_clear(work);
    ascii_pairs_clear(&work->rows);
    work->count = 0;
    work->ascii = 0;
    work->mixed = mixed;
    at = at > BEFORE_MAX ? at - BEFORE_MAX : 0;
    while (at < size) {
        size_t length;
        uint16_t unit;

        if (before < 0x80 && text[at] < 0x80) {
            if (work->ascii >= ASCII_PAIRS_MAX)
                at += ascii_run(text + at, size - at);
            else
                at += ascii_read(work, before, text + at, size - at);
            before = text[at - 1];
            continue;
        }
        unit = unit_read(text + at, size - at, mixed, &length);
        pair_count(work, before, unit);
        before = unit;
        at += length;
    }
    pairs_part(work);
    fixed_costs(work);
}

/* ---- the guess ---- */

static size_t pairs_total(const struct pair *pairs, size_t count)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += pairs[i].count;
    return total;
}

/* The different bytes of the charset in a text. */
struct bytes {
    size_t count;
    uint8_t byte[128];
    uint32_t times[128]; /* that it is the second one of a pair */
};

static void bytes_find(const struct guess_work *work, struct bytes *bytes)
{
    bool used[128] = {false};
    uint32_t times[128] = {0};

    for (size_t i = work->fixed; i < work->count; i++) {
        const struct pair *pair = &work->pairs[i];

        if (is_byte(pair->first))
            used[pair->first - 128] = true;
        if (!is_byte(pair->second))
            continue;
        used[pair->second - 128] = true;
        times[pair->second - 128] += pair->count;
    }
    bytes->count = 0;
    for (unsigned i = 0; i < 128; i++) {
        bytes->byte[bytes->count] = (uint8_t) i;
        bytes->times[bytes->count] = times[i];
        bytes->count += used[i];
    }
}

/* Whether two charsets read the bytes alike. */
static bool is_same(const struct bytes *bytes, const struct guess_charset *a,
                    const struct guess_charset *b)
{
    size_t i = 0;

    while (i < bytes->count
           && a->characters[bytes->byte[i]] == b->characters[bytes->byte[i]])
        i++;
    return i == bytes->count;
}

/* The first charset that reads the bytes of the text as this one does. */
static const struct guess_charset *
charset_same(const struct bytes *bytes, const struct guess_charset *charset)
{
    const struct guess_charset *first = guess_charsets;

    while (first < charset && !is_same(bytes, first, charset))
        first++;
    return first;
}

/* What the bytes cost in a charset at least. */
static uint64_t bytes_cost(const struct guess_work *work,
                           const struct bytes *bytes, size_t charset)
{
    uint64_t cost = 0;

    for (size_t i = 0; i < bytes->count; i++)
        cost += (uint64_t) bytes->times[i]
                * work->byte_costs[charset][bytes->byte[i]];
    return cost;
}

/* Of times and systems that had no UTF-8: never met together with it. */
static bool is_old(const struct guess_charset *charset)
{
    return strncmp(charset->name, "IBM", 3) == 0
           || strncmp(charset->name, "MAC", 3) == 0;
}

/* What is known of the best so far. */
struct best {
    const struct guess_charset *charset;
    size_t number, language; /* of it, and of the language that liked it */
    uint64_t cost, own_cost;
};

/* Of two that cost the same the first charset is the best, and in it the first
 * language. */
static bool is_before(const struct best *best, size_t charset, size_t language)
{
    return charset < best->number
           || (charset == best->number && language < best->language);
}

/* Tries the charset with all languages that it fits, those first that like the
 * rest of the text best: then most others cost too much from the start. */
static void try_charset(const struct guess_work *work, size_t number,
                        uint64_t least, struct best *best)
{
    const struct guess_charset *row = &guess_charsets[number];

    for (size_t i = 0; i < guess_language_count; i++) {
        size_t l = work->order[i];
        const struct guess_language *language = &guess_languages[l];
        uint64_t cost = work->costs[l] + number * RANK_COST, own_cost;

        if (cost + least > best->cost)
            break;
        if (language->kind != row->kind)
            cost += FOREIGN_COST;
        if (!fits(row->kind, language) || cost + least > best->cost)
            continue;
        own_cost = pairs_cost(work, language, row, best->cost + 1 - cost);
        cost += own_cost;
        if (cost > best->cost
            || (cost == best->cost && !is_before(best, number, l)))
            continue;
        *best = (struct best){row, number, l, cost, own_cost};
    }
}

/* Whether a charset is one to be tried: all, or that of the name. */
static bool is_wanted(const struct guess_work *work, const char *name,
                      const struct guess_charset *charset)
{
    return name == NULL ? !work->mixed || !is_old(charset)
                        : strcmp(name, charset->name) == 0;
}

/* Whether one of its kind before it, which was tried, reads the bytes alike:
 * then that is the better one in any language. */
static bool is_behind(const struct guess_work *work, const struct bytes *bytes,
                      const struct guess_charset *charset)
{
    for (const struct guess_charset *c = guess_charsets; c < charset; c++)
        if (c->kind == charset->kind && is_same(bytes, c, charset)
            && is_wanted(work, NULL, c))
            return true;
    return false;
}

bool guess_find(const struct guess_work *work, const char *charset,
                struct guess *guess)
{
    struct best best = {.number = SIZE_MAX, .cost = UINT64_MAX - 1};
    struct bytes bytes;

    bytes_find(work, &bytes);
    for (size_t c = 0; c < guess_charset_count; c++) {
        const struct guess_charset *row = &guess_charsets[c];
        uint64_t least = bytes_cost(work, &bytes, c);

        if (work->least[row->kind] + c * RANK_COST + least <= best.cost
            && is_wanted(work, charset, row)
            && (charset != NULL || !is_behind(work, &bytes, row)))
            try_charset(work, c, least, &best);
    }
    if (best.charset == NULL)
        return false;
    guess->language = guess_languages[best.language].name;
    guess->cost = best.cost;
    guess->own_cost = best.own_cost;
    guess->charset =
        charset == NULL ? charset_same(&bytes, best.charset)->name : charset;
    guess->pairs = pairs_total(work->pairs + work->fixed,
                               work->count - work->fixed);
    return true;
}
