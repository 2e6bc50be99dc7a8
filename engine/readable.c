/* readable.c - sentences that read badly by themselves; see readable.h. */
#include <config.h>

#include "engine/readable.h"

#include <string.h>

#include "engine/fold.h"
#include "engine/unicode.h"

/* Bytes looked at of an opening; no entry of the lists is longer. */
#define OPENING_MAX 64
#define OPENING_ROOM (OPENING_MAX * FOLD_EXPANSION_MAX)

/* Double quotation marks, of any language.  Each opens in one language and
 * closes in another: „so“, »so«, ”så”, “so”, «ainsi». */
static int is_mark(uint32_t c)
{
    return c == '"' || c == 0xAB || c == 0xBB
           || (c >= 0x201C && c <= 0x201F);
}

static int is_word_character(uint32_t c)
{
    return (unicode_class(c) & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT)) != 0;
}

static int is_space(uint32_t c)
{
    return c == 0 || (unicode_class(c) & CLASS_SPACE) != 0;
}

/* Letters of Hebrew, between which a mark is that of a short form. */
static int is_hebrew(uint32_t c)
{
    return c >= 0x5B0 && c <= 0x5F2;
}

/* 1 where the mark opens, -1 where it closes.  What stands at it says more than
 * what it is; where that says nothing, it is as in French and English.  0 for
 * the end of the text on either side. */
static int mark_side(uint32_t mark, uint32_t before, uint32_t after)
{
    int at_left = is_space(before) || (unicode_class(before) & CLASS_OPEN) != 0;
    int at_right = is_space(after) || (unicode_class(after) & CLASS_PUNCT) != 0;

    if (mark == 0x201E || mark == 0x201F)
        return 1;
    if (at_left && is_word_character(after))
        return 1;
    if (!is_space(before) && at_right && mark != 0xAB)
        return -1;
    if (mark == 0xAB && is_word_character(before) && at_right
        && !is_word_character(after))
        return -1;
    return mark == 0xAB || mark == 0x201C ? 1 : -1;
}

int is_balanced(const char *text, size_t size)
{
    size_t quotes = 0, at = 0;
    long guillemets = 0, doubles = 0, brackets = 0;
    uint32_t before = 0;

    while (at < size) {
        uint32_t c, after = 0;
        utf8_next(text, size, &at, &c);
        if (c >= 0x80 || c == '"') {
            size_t next = at;
            if (next < size)
                utf8_next(text, size, &next, &after);
            if (c == '"')
                quotes += !(is_hebrew(before) && is_hebrew(after));
            else if (c == 0xAB || c == 0xBB)
                guillemets += mark_side(c, before, after);
            else if (is_mark(c))
                doubles += mark_side(c, before, after);
        }
        brackets += (c == '(') - (c == ')');
        before = c;
    }
    return quotes % 2 == 0 && guillemets == 0 && doubles == 0
           && brackets == 0;
}

int has_quote(const char *text, size_t size)
{
    uint32_t before = 0;

    for (size_t at = 0; at < size;) {
        uint32_t c, after = 0;
        utf8_next(text, size, &at, &c);
        if (c == '"' || c >= 0xAB) {
            size_t next = at;
            if (next < size)
                utf8_next(text, size, &next, &after);
            if (is_mark(c)
                && (c != '"' || !is_hebrew(before) || !is_hebrew(after)))
                return 1;
            /* single ones, where a word begins: no apostrophe */
            if ((c == 0x2018 || c == 0x201A) && !is_word_character(before)
                && is_word_character(after))
                return 1;
        }
        before = c;
    }
    return 0;
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

/* The Greek question mark is a semicolon once composed (U+037E); behind other
 * letters a semicolon asks nothing. */
static int is_greek(uint32_t c)
{
    return (c >= 0x370 && c <= 0x3FF) || (c >= 0x1F00 && c <= 0x1FFF);
}

/* Armenian asks inside the word that is asked about, and ends the sentence
 * with its full stop: a question has such a sign outside of quotation marks. */
static int asks_in_armenian(const char *text, size_t size)
{
    int depth = 0;

    for (size_t at = 0; at < size;) {
        uint32_t c;
        utf8_next(text, size, &at, &c);
        depth += (c == 0xAB) - (c == 0xBB);
        if (c == 0x55E && depth <= 0)
            return 1;
    }
    return 0;
}

int is_question(const char *text, size_t size)
{
    int quoted = 0;
    uint32_t c = 0, first;
    size_t at = 0, whole = size;

    while (size > 0) {
        c = last_char(text, &size);
        if (is_mark(c))
            quoted = 1;
        else if (!(unicode_class(c) & (CLASS_SPACE | CLASS_CLOSE)))
            break;
    }
    if (c == 0x589 || c == ':' || c == 0x55E)
        return asks_in_armenian(text, whole);
    if (c == ';' && size > 0) {
        size_t end = size;
        if (!is_greek(last_char(text, &end)))
            return 0;
    } else if (c != '?' && c != 0x61F)
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

/* Where the opening begins, behind dashes and quotation marks. */
static size_t opening_find(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t begin = at;
        uint32_t c;
        utf8_next(text, size, &at, &c);
        if (unicode_class(c) & (CLASS_LETTER | CLASS_DIGIT))
            return begin;
    }
    return size;
}

/* Writes the opening as it is compared, with plain apostrophes and spaces;
 * returns its size. */
static size_t fold_opening(const struct language *language, const char *text,
                           size_t size, char out[OPENING_ROOM])
{
    size_t begin = opening_find(text, size), end = size, used = 0, folded;

    if (end - begin > OPENING_MAX) {
        end = begin + OPENING_MAX;
        while (((unsigned char) text[end] & 0xC0) == 0x80)
            end--;
    }
    folded = fold_word(language, text + begin, end - begin, out, OPENING_ROOM);
    for (size_t at = 0; at < folded;) { /* what is written is no longer */
        uint32_t c;
        utf8_next(out, folded, &at, &c);
        if (c == 0x2019)
            c = '\'';
        else if (unicode_class(c) & CLASS_SPACE)
            c = ' ';
        used += utf8_put(c, out + used);
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
    char opening[OPENING_ROOM];
    size_t used = fold_opening(language, text, size, opening);

    if (used == 0)
        return 0;
    return (opens(language, LIST_CONNECTIVES, opening, used) > 0
            || opens(language, LIST_PRONOUNS, opening, used) > 0)
           && opens(language, LIST_OPENINGS, opening, used) == 0;
}
