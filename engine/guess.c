/* guess.c - which 8-bit charset bytes are in. */
#include <config.h>

#include "engine/guess.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/charset.h"
#include "engine/unicode.h"

/* Pairs of two ASCII bytes that are counted, from shortly before the first
 * other byte on: enough to know the language by. */
#define ASCII_PAIRS_MAX 2048
#define BEFORE_MAX 512

/* Different pairs that are counted: texts have a few hundred, in Cyrillic or
 * Arabic up to a thousand.  SLOTS: a power of 2. */
#define PAIRS_MAX 3072
#define SLOTS 8192

/* Languages at most. */
#define LANGUAGES_MAX 64

/* What has no character in the charset: above the cost of every other. */
#define BAD_COST (18 * GUESS_NAT)

/* A capital that is not ASCII: first in its word, or after a small letter. */
#define CAPITAL_COST (2 * GUESS_NAT)
#define MIDDLE_CAPITAL_COST (6 * GUESS_NAT)

/* One charset is so much less likely than the one before it in the list: it
 * decides only where the text does not. */
#define RANK_COST 1

/* French in a charset of Central Europe and the like. */
#define FOREIGN_COST (5 * GUESS_NAT)

/* Pairs of ASCII whose costs are kept from text to text; more are rare. */
#define ROWS_MAX 1024
#define ASCII_CHARACTERS ('~' - ' ' + 1)

/* Languages that are added to at once; LANGUAGES_MAX is a multiple. */
#define LANES 8

/* A unit is an ASCII byte, a byte of the charset, or, from UNIT_CHARACTER on,
 * the number of a character that came in UTF-8. */
#define UNIT_CHARACTER 256
#define UNIT_NONE UINT16_MAX

struct pair {
    uint16_t first, second;
    uint32_t count;
};

struct guess_work {
    struct pair pairs[PAIRS_MAX]; /* those without bytes of the charset first,
                                     once a text is read */
    size_t count;
    size_t fixed;                 /* how many of those there are */
    size_t ascii;                 /* pairs of ASCII counted */
    bool mixed;                   /* with UTF-8 */
    uint64_t costs[LANGUAGES_MAX]; /* of the fixed pairs, by language */
    uint8_t order[LANGUAGES_MAX]; /* languages, those of least cost first */
    uint16_t slots[SLOTS];        /* number of a pair + 1 */

    /* what pairs of ASCII cost in each language, of those met so far */
    uint16_t row_numbers[ASCII_CHARACTERS * ASCII_CHARACTERS]; /* + 1 */
    uint16_t rows[ROWS_MAX][LANGUAGES_MAX];
    size_t row_count;
};

struct guess_work *guess_work_new(void)
{
    return calloc(1, sizeof(struct guess_work));
}

void guess_work_free(struct guess_work *work)
{
    free(work);
}

/* ---- characters ---- */

static size_t ascii_character(unsigned byte)
{
    /* The table begins with 20 to 7E. */
    if (byte >= ' ' && byte <= '~')
        return byte - ' ';
    return (byte >= '\t' && byte <= '\r') ? 0 : '~' - ' ';
}

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
    if (work->count == PAIRS_MAX)
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

/* How a language sees the bytes of a charset. */
struct view {
    const struct guess_language *language;
    size_t characters[256]; /* SIZE_MAX: none */
};

static size_t view_character(const struct view *view, unsigned unit)
{
    if (unit < UNIT_CHARACTER)
        return view->characters[unit];
    return unit == UNIT_NONE ? SIZE_MAX : unit - (size_t) UNIT_CHARACTER;
}

static void view_bytes(struct view *view, const struct guess_charset *charset)
{
    for (unsigned byte = 0; byte < 128; byte++)
        view->characters[byte] = ascii_character(byte);
    for (unsigned i = 0; i < 128; i++)
        view->characters[128 + i] =
            charset == NULL ? SIZE_MAX : charset->characters[i] - (size_t) 1;
}

/* Classes of characters, before those of letters of the language: as
 * charset.awk numbers them. */
#define CLASS_SIGN_NUMBER 7
#define LETTER_CLASSES 10

static uint32_t pair_cost(const struct view *view, const struct pair *pair)
{
    const struct guess_language *language = view->language;
    size_t first = view_character(view, pair->first);
    size_t second = view_character(view, pair->second);
    unsigned before = CLASS_SIGN_NUMBER;
    unsigned class = CLASS_SIGN_NUMBER;
    uint32_t cost = 0;

    if (first != SIZE_MAX)
        before = language->classes[first];
    if (second == SIZE_MAX) {
        cost += BAD_COST;
    } else {
        const struct guess_character *c = &guess_characters[second];

        class = language->classes[second];
        if (class < LETTER_CLASSES)
            cost += c->cost;
        if (c->is_upper && pair->second >= 0x80)
            cost += CAPITAL_COST;
        if (c->is_upper && first != SIZE_MAX
            && guess_characters[first].is_lower)
            cost += MIDDLE_CAPITAL_COST;
    }
    return cost + language->costs[before * language->class_count + class];
}

/* Not further than up to `limit`: what is not the best need not be known. */
static uint64_t pairs_cost(const struct view *view, const struct pair *pairs,
                           size_t count, uint64_t limit)
{
    uint64_t cost = 0;

    for (size_t i = 0; i < count && cost < limit; i++)
        cost += (uint64_t) pairs[i].count * pair_cost(view, &pairs[i]);
    return cost;
}

/* What a pair of characters of ASCII costs once in each language, as
 * pair_cost() says, but for a capital inside of a word. */
static void row_fill(uint16_t *row, size_t first, size_t second)
{
    const struct guess_character *c = &guess_characters[second];

    for (size_t l = 0; l < guess_language_count; l++) {
        const struct guess_language *language = &guess_languages[l];
        unsigned before = language->classes[first];
        unsigned class = language->classes[second];
        unsigned cost = language->costs[before * language->class_count + class];

        row[l] = (uint16_t) (cost + (class < LETTER_CLASSES ? c->cost : 0u));
    }
}

/* The row of such a pair.  Where no more are kept, `spare`. */
static const uint16_t *row_find(struct guess_work *work, size_t first,
                                size_t second, uint16_t *spare)
{
    uint16_t *number = &work->row_numbers[first * ASCII_CHARACTERS + second];
    uint16_t *row = spare;

    if (*number > 0)
        return work->rows[*number - 1];
    if (work->row_count < ROWS_MAX) {
        row = work->rows[work->row_count++];
        *number = (uint16_t) work->row_count;
    }
    row_fill(row, first, second);
    return row;
}

/* A count is one of at most ASCII_PAIRS_MAX pairs. */
#ifdef __SSE2__
static void row_add(uint32_t *restrict sums, const uint16_t *restrict row,
                    uint16_t count)
{
    const __m128i counts = _mm_set1_epi16((short) count);

    for (size_t l = 0; l < guess_language_count; l += LANES) {
        __m128i *low = (void *) (sums + l), *high = low + 1;
        __m128i costs = _mm_loadu_si128((const void *) (row + l));
        __m128i halves = _mm_mullo_epi16(costs, counts);
        __m128i others = _mm_mulhi_epu16(costs, counts);

        _mm_storeu_si128(low, _mm_add_epi32(_mm_loadu_si128(low),
                                            _mm_unpacklo_epi16(halves,
                                                               others)));
        _mm_storeu_si128(high, _mm_add_epi32(_mm_loadu_si128(high),
                                             _mm_unpackhi_epi16(halves,
                                                                others)));
    }
}
#else
static void row_add(uint32_t *restrict sums, const uint16_t *restrict row,
                    uint16_t count)
{
    for (size_t l = 0; l < guess_language_count; l++)
        sums[l] += (uint32_t) count * row[l];
}
#endif

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

/* What the pairs without bytes of the charset cost in each language. */
static void fixed_costs(struct guess_work *work)
{
    uint16_t spare[LANGUAGES_MAX] = { 0 };
    uint32_t sums[LANGUAGES_MAX] = { 0 };
    struct view view;

    view_bytes(&view, NULL);
    memset(work->costs, 0, sizeof work->costs);
    for (size_t i = 0; i < work->fixed; i++) {
        const struct pair *pair = &work->pairs[i];
        size_t first = view_character(&view, pair->first);
        size_t second = view_character(&view, pair->second);
        if (pair->first < 0x80 && pair->second < 0x80
            && !(guess_characters[second].is_upper
                 && guess_characters[first].is_lower)) {
            row_add(sums, row_find(work, first, second, spare),
                    (uint16_t) pair->count);
            continue;
        }
        for (size_t l = 0; l < guess_language_count; l++) {
            view.language = &guess_languages[l];
            work->costs[l] += (uint64_t) pair->count * pair_cost(&view, pair);
        }
    }
    for (size_t l = 0; l < guess_language_count; l++)
        work->costs[l] += sums[l];
    order_find(work);
}

/* ---- reading ---- */

void guess_read(struct guess_work *work, const unsigned char *text,
                size_t size, bool mixed)
{
    size_t at = ascii_run(text, size);
    uint16_t before = ' ';

    slots_clear(work);
    work->count = 0;
    work->ascii = 0;
    work->mixed = mixed;
    at = at > BEFORE_MAX ? at - BEFORE_MAX : 0;
    while (at < size) {
        size_t length;
        uint16_t unit;

        if (before < 0x80 && text[at] < 0x80) {
            if (work->ascii >= ASCII_PAIRS_MAX) {
                at += ascii_run(text + at, size - at);
                before = text[at - 1];
                continue;
            }
            work->ascii++;
            pair_count(work, before, text[at]);
            before = text[at++];
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

/* The first charset that reads the bytes of the text as this one does. */
static const struct guess_charset *
charset_same(const struct guess_work *work, const struct guess_charset *charset)
{
    bool used[128] = {false};

    for (size_t i = work->fixed; i < work->count; i++) {
        if (is_byte(work->pairs[i].first))
            used[work->pairs[i].first - 128] = true;
        if (is_byte(work->pairs[i].second))
            used[work->pairs[i].second - 128] = true;
    }
    for (size_t c = 0; c < guess_charset_count; c++) {
        unsigned i = 0;

        while (i < 128
               && (!used[i]
                   || guess_charsets[c].characters[i]
                          == charset->characters[i]))
            i++;
        if (i == 128)
            return &guess_charsets[c];
    }
    return charset;
}

/* Of times and systems that had no UTF-8: never met together with it. */
static bool is_old(const struct guess_charset *charset)
{
    return strncmp(charset->name, "IBM", 3) == 0
           || strncmp(charset->name, "MAC", 3) == 0;
}

static bool fits(const struct guess_charset *charset,
                 const struct guess_language *language)
{
    return charset->kind == language->kind
           || (charset->kind < GUESS_LATIN && language->kind < GUESS_LATIN);
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
                        struct best *best)
{
    const struct guess_charset *row = &guess_charsets[number];
    const struct pair *own = work->pairs + work->fixed;
    size_t own_count = work->count - work->fixed;
    struct view view;

    view_bytes(&view, row);
    for (size_t i = 0; i < guess_language_count; i++) {
        size_t l = work->order[i];
        uint64_t cost = work->costs[l] + number * RANK_COST, own_cost;
        uint64_t limit = best->charset == NULL ? UINT64_MAX : best->cost + 1;

        if (work->costs[l] >= limit)
            break;
        if (guess_languages[l].kind != row->kind)
            cost += FOREIGN_COST;
        if (!fits(row, &guess_languages[l]) || cost >= limit)
            continue;
        view.language = &guess_languages[l];
        own_cost = pairs_cost(&view, own, own_count, limit - cost);
        cost += own_cost;
        if (cost >= limit
            || (best->charset != NULL && cost == best->cost
                && !is_before(best, number, l)))
            continue;
        *best = (struct best){row, number, l, cost, own_cost};
    }
}

bool guess_find(const struct guess_work *work, const char *charset,
                struct guess *guess)
{
    struct best best = {0};

    for (size_t c = 0; c < guess_charset_count; c++) {
        const struct guess_charset *row = &guess_charsets[c];

        if (charset == NULL ? !work->mixed || !is_old(row)
                            : strcmp(charset, row->name) == 0)
            try_charset(work, c, &best);
    }
    if (best.charset == NULL)
        return false;
    guess->language = guess_languages[best.language].name;
    guess->cost = best.cost;
    guess->own_cost = best.own_cost;
    guess->charset =
        charset == NULL ? charset_same(work, best.charset)->name : charset;
    guess->pairs = pairs_total(work->pairs + work->fixed,
                               work->count - work->fixed);
    return true;
}
