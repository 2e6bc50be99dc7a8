#include <config.h>

#include "stemmers/language.h"

#include <string.h>

/* Codes that mean one of the table. */
static const struct alias {
    const char *code, *means;
} aliases[] = {
    { "no", "nb" }, { "in", "id" }, { "ji", "yi" }, { "sh", "sr" },
};

static int is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* The length of the language's part of a tag such as fr, fr-FR or sr_Latn_RS
 * (BCP 47, or a locale's name without a charset); 0 where it is none. */
static size_t primary(const char *tag)
{
    size_t size = 0, part = 0;

    while (is_letter(tag[size]))
        size++;
    for (const char *c = tag + size; *c != '\0'; c++) {
        if (*c == '-' || *c == '_')
            part = 0;
        else if (!is_letter(*c) && !(*c >= '0' && *c <= '9'))
            return 0;
        else if (++part > 8)
            return 0;
        if (part == 0 && (c[1] == '\0' || c[1] == '-' || c[1] == '_'))
            return 0;
    }
    return size;
}

const struct language *language_find(const char *tag)
{
    size_t size = primary(tag);
    char code[LANGUAGE_CODE] = { 0 };

    if (size < 2 || size >= sizeof code)
        return NULL;
    for (size_t i = 0; i < size; i++)
        code[i] = (char) (tag[i] | 32);
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strcmp(aliases[i].code, code) == 0)
            memcpy(code, aliases[i].means, size + 1);
    for (size_t i = 0; i < language_count; i++)
        if (memcmp(language_codes[i], code, sizeof code) == 0)
            return &language_table[i];
    return NULL;
}

static size_t word_size(const struct wordlist *list, size_t i)
{
    return (size_t) (list->offsets[i + 1] - list->offsets[i]);
}

/* memcmp order, the shorter first. */
static int compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);

    if (order != 0)
        return order;
    return (a_size > b_size) - (a_size < b_size);
}

int language_has(const struct language *language, enum list list,
                 const char *word, size_t size)
{
    const struct wordlist *l = &language->lists[list];
    size_t low = 0, high = l->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(word, size, l->words + l->offsets[middle],
                            word_size(l, middle));
        if (order == 0)
            return 1;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

uint32_t lexicon_find(const struct language *language, const char *word,
                      size_t size, uint32_t hash)
{
    const struct lexicon_entry *entries = language->lexicon;

    uint32_t key = lexicon_key(hash, size);

    if (entries == NULL || size > UINT8_MAX)
        return 0;
    for (hash &= language->lexicon_mask; entries[hash].key > 0;
         hash = (hash + 1) & language->lexicon_mask)
        if (entries[hash].key == key
            && memcmp(language->lexicon_words + entries[hash].offset, word,
                      size)
                   == 0)
            return entries[hash].lists;
    return 0;
}

uint32_t language_lists(const struct language *language, const char *word,
                        size_t size)
{
    return lexicon_find(language, word, size, lexicon_hash_word(word, size));
}

/* How many entries come before a text or are it. */
static size_t entries_before(const struct wordlist *l, size_t high,
                             const char *text, size_t size)
{
    size_t low = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *word = l->words + l->offsets[middle];
        size_t entry = word_size(l, middle);
        int order = entry == 0 ? 1
                               : (unsigned char) *text - (unsigned char) *word;
        if (order == 0) /* else the first byte says it */
            order = compare(text, size, word, entry);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* All that stands between an entry that the text begins with and the text
 * begins with that entry, too.  So the last entry before the text is the one,
 * or else no longer one than what the two have in common. */
size_t language_prefix(const struct language *language, enum list list,
                       const char *text, size_t size)
{
    const struct wordlist *l = &language->lists[list];
    size_t count = l->count;

    while (size > 0) {
        size_t common = 0, entry;
        const char *word;
        count = entries_before(l, count, text, size);
        if (count == 0)
            return 0;
        count--;
        word = l->words + l->offsets[count];
        entry = word_size(l, count);
        while (common < size && common < entry && word[common] == text[common])
            common++;
        if (common == entry)
            return entry;
        size = common;
    }
    return 0;
}

/* Which of the first `count` tags, at most ROW_TAGS, are that one: a bit for
 * each. */
static unsigned tags_equal(const uint8_t *tags, unsigned count, uint8_t tag)
{
    unsigned equal = 0;

#ifdef __SSE2__
    __m128i all = _mm_loadu_si128((const void *) tags);

    equal = (unsigned) _mm_movemask_epi8(
        _mm_cmpeq_epi8(all, _mm_set1_epi8((char) tag)));
#else
    for (unsigned i = 0; i < count; i++)
        equal |= (tags[i] == tag ? 1u : 0u) << i;
#endif
    return equal & ((1u << count) - 1);
}

static int row_is(const struct word_table *t, uint32_t row, const char *word,
                  size_t size)
{
    uint32_t start = t->offsets[row];

    return t->offsets[row + 1] - start == size
           && memcmp(t->words + start, word, size) == 0;
}

uint32_t language_row(const struct language *language, const char *word,
                      size_t size, uint32_t hash)
{
    const struct word_table *t = &language->table;
    uint32_t place = row_hash(hash) >> 20;
    uint8_t tag = (uint8_t) (row_hash(hash) >> 12);

    if (t->row_starts == NULL)
        return UINT32_MAX;
    for (unsigned at = t->row_starts[place], end = t->row_starts[place + 1];
         at < end; at += ROW_TAGS) {
        unsigned count = end - at < ROW_TAGS ? end - at : ROW_TAGS;
        unsigned equal = tags_equal(t->row_tags + at, count, tag);
        for (; equal != 0; equal &= equal - 1) {
            uint32_t row =
                t->row_numbers[at + (unsigned) __builtin_ctz(equal)];
            if (row_is(t, row, word, size))
                return row;
        }
    }
    return UINT32_MAX;
}

uint8_t pair_search(const uint32_t *slots, uint32_t slot, uint32_t y)
{
    for (; slots[slot] != PAIR_FREE; slot++)
        if (slots[slot] / 256 == y)
            return (uint8_t) slots[slot];
    return 0;
}

uint8_t language_pair(const struct language *language, uint32_t x,
                      uint32_t y)
{
    const struct word_table *t = &language->table;

    if (x == UINT32_MAX || y == UINT32_MAX)
        return 0;
    return pair_search(t->pair_slots, pair_slot_of(t->pairs[x], y), y);
}
