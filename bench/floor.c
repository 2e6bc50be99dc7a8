/* Why it is as fast as this: one look at a table of 256 for each byte; a word
 * of up to 8 bytes is hashed and compared as one number; a slot of the hash
 * table is 16 bytes, at most half of them are taken, and the word itself is
 * looked at once. */
#include <config.h>

#include "bench/floor.h"

#include <stdlib.h>
#include <string.h>

#include "engine/fold.h"
#include "stemmers/stemmer.h"

/* ---- sum ---- */

static uint64_t block_at(const char *text)
{
    uint64_t block;

    memcpy(&block, text, sizeof block);
    return block;
}

/* Lanes of 16 bits overflow after 65535 / 255 / 2 = 128 blocks. */
#define SUM_BLOCKS 128

static uint64_t lanes_sum(uint64_t lanes)
{
    return (lanes & 0xFFFF) + (lanes >> 16 & 0xFFFF) + (lanes >> 32 & 0xFFFF)
           + (lanes >> 48);
}

uint64_t floor_sum(const char *text, size_t size)
{
    static const uint64_t even = 0x00FF00FF00FF00FFu;
    uint64_t sum = 0;
    size_t at = 0;

    while (size - at >= 8) {
        size_t end = at + SUM_BLOCKS * 8;
        uint64_t lanes = 0;

        for (end = end < size ? end : size; end - at >= 8; at += 8) {
            uint64_t block = block_at(text + at);
            lanes += (block & even) + (block >> 8 & even);
        }
        sum += lanes_sum(lanes);
    }
    for (; at < size; at++)
        sum += (unsigned char) text[at];
    return sum;
}

/* ---- split ---- */

/* How many bytes to pass over; 0: part of a word.  Of the two-byte characters
 * of UTF-8 those behind 0xC2 are signs, of the three-byte ones those behind
 * 0xE2 punctuation and symbols, four bytes are emoji: letters of French lie
 * behind 0xC3 and 0xC5. */
#define ASCII_WORD(c) \
    (((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'Z') \
     || ((c) >= 'a' && (c) <= 'z'))
#define PASS(c) \
    (uint8_t) ((c) < 0x80 ? !ASCII_WORD(c) \
               : (c) == 0xC2 ? 2 : (c) == 0xE2 ? 3 : (c) >= 0xF0 ? 4 : 0)
#define PASS_4(c) PASS(c), PASS((c) + 1), PASS((c) + 2), PASS((c) + 3)
#define PASS_16(c) \
    PASS_4(c), PASS_4((c) + 4), PASS_4((c) + 8), PASS_4((c) + 12)
#define PASS_64(c) \
    PASS_16(c), PASS_16((c) + 16), PASS_16((c) + 32), PASS_16((c) + 48)

static const uint8_t pass[256] = {PASS_64(0), PASS_64(64), PASS_64(128),
                                  PASS_64(192)};

/* Moves *at to the next word of [*at, size).  Returns its size; 0 at the end
 * of the text. */
static inline size_t word_next(const char *text, size_t size, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *) text;
    size_t begin = *at, end;

    while (begin < size && pass[bytes[begin]] != 0)
        begin += pass[bytes[begin]];
    end = begin;
    while (end < size && pass[bytes[end]] == 0)
        end++;
    *at = begin;
    return end - begin;
}

size_t floor_split(const char *text, size_t size)
{
    size_t words = 0, at = 0, length;

    while ((length = word_next(text, size, &at)) > 0) {
        words++;
        at += length;
    }
    return words;
}

/* ---- the table ---- */

struct word {
    const char *text;
    uint32_t size;
    uint32_t stem; /* number of its stem */
    uint64_t count;
};

struct slot {
    uint64_t hash;
    uint32_t id; /* + 1; 0: free */
};

struct table {
    struct slot *slots;
    size_t mask;
    struct word *words;
    size_t count, room;
};

struct floor {
    struct table words, stems;
    const struct language *language;
    struct stemmer *stemmer;
};

static const uint64_t low_bytes[9] = {
    0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF,
    0xFFFFFFFFFFFFFF, UINT64_MAX,
};

static inline uint64_t mix(uint64_t h)
{
    h *= 0x9E3779B97F4A7C15u;
    return h ^ h >> 32;
}

/* Reads up to 7 bytes behind the word. */
static inline uint64_t hash_word(const char *text, size_t size)
{
    uint64_t h = size;

    for (; size > 8; size -= 8, text += 8)
        h = mix(h ^ block_at(text));
    return mix(h ^ (block_at(text) & low_bytes[size]));
}

static inline int is_same(const char *a, const char *b, size_t size)
{
    for (; size > 8; size -= 8, a += 8, b += 8)
        if (block_at(a) != block_at(b))
            return 0;
    return ((block_at(a) ^ block_at(b)) & low_bytes[size]) == 0;
}

static int table_double(struct table *table)
{
    size_t slots = table->mask == 0 ? 1024 : (table->mask + 1) * 2;
    struct slot *old = table->slots;
    struct slot *bigger = calloc(slots, sizeof *bigger);
    struct word *words = realloc(table->words, slots / 2 * sizeof *words);

    if (words != NULL)
        table->words = words;
    if (bigger == NULL || words == NULL) {
        free(bigger);
        return -1;
    }
    for (size_t i = 0; old != NULL && i <= table->mask; i++) {
        size_t at = old[i].hash & (slots - 1);
        if (old[i].id == 0)
            continue;
        while (bigger[at].id != 0)
            at = (at + 1) & (slots - 1);
        bigger[at] = old[i];
    }
    free(old);
    table->slots = bigger;
    table->mask = slots - 1;
    table->room = slots / 2;
    return 0;
}

/* The word, or where it is new a word without a stem; NULL when out of
 * memory. */
static inline struct word *table_find(struct table *table, const char *text,
                                      size_t size)
{
    uint64_t hash = hash_word(text, size);
    struct word *word;
    size_t at;

    if (table->count == table->room && table_double(table) != 0)
        return NULL;
    for (at = hash & table->mask; table->slots[at].id != 0;
         at = (at + 1) & table->mask) {
        word = &table->words[table->slots[at].id - 1];
        if (table->slots[at].hash == hash && word->size == size
            && is_same(word->text, text, size))
            return word;
    }
    table->slots[at] = (struct slot){hash, (uint32_t) ++table->count};
    word = &table->words[table->count - 1];
    *word = (struct word){text, (uint32_t) size, UINT32_MAX, 0};
    return word;
}

/* ---- counting ---- */

struct floor *floor_new(void)
{
    struct floor *floor = calloc(1, sizeof *floor);

    if (floor == NULL)
        return NULL;
    floor->language = language_find("fr");
    floor->stemmer = stemmer_new(floor->language);
    if (floor->stemmer != NULL)
        return floor;
    free(floor);
    return NULL;
}

void floor_free(struct floor *floor)
{
    if (floor == NULL)
        return;
    for (size_t i = 0; i < floor->stems.count; i++)
        free((char *) (uintptr_t) floor->stems.words[i].text);
    free(floor->words.slots);
    free(floor->words.words);
    free(floor->stems.slots);
    free(floor->stems.words);
    stemmer_free(floor->stemmer);
    free(floor);
}

size_t floor_count(struct floor *floor, const char *text, size_t size)
{
    size_t words = 0, at = 0, length;

    while ((length = word_next(text, size, &at)) > 0) {
        struct word *word = table_find(&floor->words, text + at, length);
        if (word == NULL)
            return SIZE_MAX;
        word->count++;
        words++;
        at += length;
    }
    return words;
}

/* Copies a stem, with padding, into the table of stems. */
static int stem_add(struct floor *floor, struct word *word, const char *text,
                    size_t size)
{
    char *copy = calloc(1, size + FLOOR_PADDING);
    struct word *stem;

    if (copy == NULL)
        return -1;
    memcpy(copy, text, size);
    stem = table_find(&floor->stems, copy, size);
    if (stem == NULL || stem->text != copy)
        free(copy);
    if (stem == NULL)
        return -1;
    word->stem = (uint32_t) (stem - floor->stems.words);
    return 0;
}

/* Folds and stems a word that is met for the first time. */
static int stem_find(struct floor *floor, struct word *word)
{
    char fold[STEMMER_WORD_MAX * FOLD_EXPANSION_MAX];
    const char *stem;
    size_t size = 0;

    if (word->size <= STEMMER_WORD_MAX)
        size = fold_word(floor->language, word->text, word->size, fold,
                         sizeof fold);
    if (size == 0 || size > STEMMER_WORD_MAX)
        return stem_add(floor, word, word->text, word->size);
    stem = stemmer_stem(floor->stemmer, fold, size, &size);
    return stem == NULL ? -1 : stem_add(floor, word, stem, size);
}

size_t floor_stems(struct floor *floor, const char *text, size_t size)
{
    size_t words = 0, at = 0, length;

    while ((length = word_next(text, size, &at)) > 0) {
        struct word *word = table_find(&floor->words, text + at, length);
        if (word == NULL
            || (word->stem == UINT32_MAX && stem_find(floor, word) != 0))
            return SIZE_MAX;
        floor->stems.words[word->stem].count++;
        words++;
        at += length;
    }
    return words;
}

size_t floor_words(const struct floor *floor)
{
    return floor->words.count;
}

size_t floor_distinct_stems(const struct floor *floor)
{
    return floor->stems.count;
}
