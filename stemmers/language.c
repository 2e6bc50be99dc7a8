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
    uint32_t hash = LEXICON_HASH;

    for (size_t i = 0; i < size; i++)
        hash = lexicon_hash(hash, (unsigned char) word[i]);
    return lexicon_find(language, word, size, hash);
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

uint32_t language_row(const struct language *language, const char *word,
                      size_t size)
{
    const struct word_table *t = &language->table;
    size_t low = 0, high = t->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(word, size, t->words + t->offsets[middle],
                            t->offsets[middle + 1] - t->offsets[middle]);
        if (order == 0)
            return (uint32_t) middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return UINT32_MAX;
}

uint8_t pair_search(const uint32_t *slots, uint32_t pairs, uint32_t y)
{
    uint32_t last = (1u << pairs % 16) - 1;
    uint32_t first = pairs / 16, at = pair_slot_of(pairs, y) - first;

    for (; slots[first + at] != PAIR_FREE; at = (at + 1) & last)
        if (slots[first + at] / 256 == y)
            return (uint8_t) slots[first + at];
    return 0;
}

uint8_t language_pair(const struct language *language, uint32_t x,
                      uint32_t y)
{
    const struct word_table *t = &language->table;

    if (x == UINT32_MAX || y == UINT32_MAX)
        return 0;
    return pair_search(t->pair_slots, t->pairs[x], y);
}
