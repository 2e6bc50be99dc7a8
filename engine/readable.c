/* readable.c - sentences that read badly by themselves; see readable.h. */
#include <config.h>

#include "engine/readable.h"

#include <string.h>

#include "engine/unicode.h"

/* Bytes looked at of an opening; no entry of the lists is longer. */
#define OPENING_MAX 64

/* How a quotation mark of two sides, or a bracket, counts. */
static int is_mark(uint32_t c)
{
    return c == '"' || c == 0xAB || c == 0xBB || c == 0x201C || c == 0x201D;
}

int is_balanced(const char *text, size_t size)
{
    size_t quotes = 0, at = 0;
    long guillemets = 0, doubles = 0, brackets = 0;

    while (at < size) {
        uint32_t c;
        utf8_next(text, size, &at, &c);
        quotes += c == '"';
        brackets += (c == '(') - (c == ')');
        guillemets += (c == 0xAB) - (c == 0xBB);
        doubles += (c == 0x201C) - (c == 0x201D);
    }
    return quotes % 2 == 0 && guillemets == 0 && doubles == 0
           && brackets == 0;
}

int has_quote(const char *text, size_t size)
{
    return memchr(text, '"', size) != NULL
           || memmem(text, size, "\xC2\xAB", 2) != NULL
           || memmem(text, size, "\xC2\xBB", 2) != NULL
           || memmem(text, size, "\xE2\x80\x9C", 3) != NULL
           || memmem(text, size, "\xE2\x80\x9D", 3) != NULL;
}

/* The character that ends at `*end`, which moves before it. */
static uint32_t last_char(const char *text, size_t *end)
{
    size_t at;
    uint32_t c;

    do
        --*end;
    while (*end > 0 && ((unsigned char) text[*end] & 0xC0) == 0x80);
    at = *end;
    utf8_next(text, at + 4, &at, &c);
    return c;
}

int is_question(const char *text, size_t size)
{
    int quoted = 0;
    uint32_t c = 0, first;
    size_t at = 0;

    while (size > 0) {
        c = last_char(text, &size);
        if (is_mark(c))
            quoted = 1;
        else if (!(unicode_class(c) & (CLASS_SPACE | CLASS_CLOSE)))
            break;
    }
    if (c != '?')
        return 0;
    utf8_next(text, size + 1, &at, &first);
    return !quoted || is_mark(first);
}

int is_talk(const char *text, size_t size)
{
    size_t at = 0;
    uint32_t c;

    if (size == 0)
        return 0;
    utf8_next(text, size, &at, &c);
    return c == 0x2013 || c == 0x2014 || is_question(text, size);
}

/* Writes the opening in small letters, with plain apostrophes and spaces;
 * returns its size. */
static size_t fold_opening(const char *text, size_t size,
                           char out[OPENING_MAX + 4])
{
    size_t at = 0, used = 0;

    while (at < size && used < OPENING_MAX) {
        uint32_t c;
        utf8_next(text, size, &at, &c);
        if (used == 0 && !(unicode_class(c) & (CLASS_LETTER | CLASS_DIGIT)))
            continue;
        if (c == 0x2019)
            c = '\'';
        else if (unicode_class(c) & CLASS_SPACE)
            c = ' ';
        used += utf8_put(unicode_lower(c), out + used);
    }
    return used;
}

/* Does the opening begin with an entry?  One that ends with a letter must end
 * a word. */
static size_t opens(const struct language *language, enum list list,
                    const char *opening, size_t size)
{
    size_t entry = language_prefix(language, list, opening, size), at = entry;
    uint32_t c;

    if (entry == 0 || entry == size
        || (opening[entry - 1] > 0 && opening[entry - 1] <= '9'))
        return entry;
    utf8_next(opening, size, &at, &c);
    return c == '-' || c == '\''
                   || (unicode_class(c)
                       & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT))
               ? 0
               : entry;
}

int is_leaning(const struct language *language, const char *text, size_t size)
{
    char opening[OPENING_MAX + 4];
    size_t used = fold_opening(text, size, opening);

    if (used == 0)
        return 0;
    return (opens(language, LIST_CONNECTIVES, opening, used) > 0
            || opens(language, LIST_PRONOUNS, opening, used) > 0)
           && opens(language, LIST_OPENINGS, opening, used) == 0;
}
