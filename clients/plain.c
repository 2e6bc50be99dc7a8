/* How it works: a cursor walks over the line once and accepts as it goes; the
 * first byte that it does not know ends the walk. */
#include <config.h>

#include "clients/plain.h"

#include <stdint.h>
#include <string.h>

#include "clients/terminal.h"

/* Deeper values are jansson's, which has a limit of its own. */
#define DEPTH_MAX 8

/* Numbers so long are finite, whatever their digits are. */
#define NUMBER_MAX 64

struct cursor {
    const char *next;
    const char *end;
};

static void space_skip(struct cursor *cursor)
{
    while (cursor->next < cursor->end
           && (*cursor->next == ' ' || *cursor->next == '\t'
               || *cursor->next == '\n' || *cursor->next == '\r'))
        cursor->next++;
}

/* Skips spaces, then `c`.  0, or -1 where another thing stands there. */
static int char_skip(struct cursor *cursor, char c)
{
    space_skip(cursor);
    if (cursor->next == cursor->end || *cursor->next != c)
        return -1;
    cursor->next++;
    return 0;
}

/* ---- strings ---- */

/* Of eight bytes at once: not 0 where one is below 0x20, above 0x7E, a quote
 * or a backslash.  May be wrong only in being not 0 too often. */
static uint64_t has_special(const char *text)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t tops = 0x8080808080808080u;
    uint64_t word, quote, slash;

    memcpy(&word, text, sizeof word);
    quote = word ^ (ones * '"');
    slash = word ^ (ones * '\\');
    return (word | (word + ones) | (word - ones * 0x20) | (quote - ones)
            | (slash - ones))
           & tops;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char) (c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character of \uXXXX whose digits are at `digits`; -1 where there are
 * none, or it is half of one. */
static int unicode_value(const char *digits, size_t left)
{
    int value = 0;
    size_t i;

    for (i = 0; i < 4; i++) {
        int digit = i < left ? hex_value(digits[i]) : -1;

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value >= 0xD800 && value <= 0xDFFF ? -1 : value;
}

static int escape_skip(struct cursor *cursor)
{
    size_t left = (size_t) (cursor->end - cursor->next);

    if (left < 2)
        return -1;
    if (cursor->next[1] == 'u'
        && unicode_value(cursor->next + 2, left - 2) >= 0)
        cursor->next += 6;
    else if (memchr("\"\\/bfnrt", cursor->next[1], 8) != NULL)
        cursor->next += 2;
    else
        return -1;
    return 0;
}

/* Skips a character that is not ASCII. */
static int character_skip(struct cursor *cursor)
{
    size_t left = (size_t) (cursor->end - cursor->next);
    unsigned character;
    size_t length = utf8_next(cursor->next, left, &character);

    if (length == 1)
        return -1;
    cursor->next += length;
    return 0;
}

static int string_skip(struct cursor *cursor, struct plain *value)
{
    value->kind = PLAIN_STRING;
    value->has_escapes = 0;
    value->token = cursor->next++;
    while (cursor->next < cursor->end) {
        unsigned char c = (unsigned char) *cursor->next;

        if (c == '"') {
            cursor->next++;
            value->size = (size_t) (cursor->next - value->token);
            return 0;
        }
        if (c == '\\') {
            value->has_escapes = 1;
            if (escape_skip(cursor) != 0)
                return -1;
        } else if (c >= 0x80) {
            if (character_skip(cursor) != 0)
                return -1;
        } else if (c < 0x20) {
            return -1;
        } else {
            cursor->next++;
        }
        while (cursor->end - cursor->next >= 8 && !has_special(cursor->next))
            cursor->next += 8;
    }
    return -1;
}

/* ---- other values ---- */

static int digits_skip(struct cursor *cursor)
{
    const char *start = cursor->next;

    while (cursor->next < cursor->end && *cursor->next >= '0'
           && *cursor->next <= '9')
        cursor->next++;
    return cursor->next > start ? 0 : -1;
}

/* What may not stand behind a number is found by whoever looks there. */
static int number_skip(struct cursor *cursor, struct plain *value)
{
    value->kind = PLAIN_NUMBER;
    value->token = cursor->next;
    if (*cursor->next == '-')
        cursor->next++;
    if (cursor->next < cursor->end && *cursor->next == '0')
        cursor->next++;
    else if (digits_skip(cursor) != 0)
        return -1;
    if (cursor->next < cursor->end && *cursor->next == '.') {
        cursor->next++;
        if (digits_skip(cursor) != 0)
            return -1;
    }
    value->size = (size_t) (cursor->next - value->token);
    return value->size <= NUMBER_MAX ? 0 : -1;
}

static int word_skip(struct cursor *cursor, struct plain *value)
{
    static const char *const words[] = {"null", "true", "false"};
    size_t left = (size_t) (cursor->end - cursor->next);
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t size = strlen(words[i]);

        if (left >= size && memcmp(cursor->next, words[i], size) == 0) {
            value->kind = i == 0 ? PLAIN_NONE : PLAIN_OTHER;
            cursor->next += size;
            return 0;
        }
    }
    return -1;
}

static int value_skip(struct cursor *cursor, unsigned depth,
                      struct plain *value);

/* The members of an object or an array, `last` behind them; what is inside is
 * of no use to anybody. */
static int nest_skip(struct cursor *cursor, unsigned depth, char last)
{
    struct plain inner;

    cursor->next++;
    if (depth == DEPTH_MAX)
        return -1;
    if (char_skip(cursor, last) == 0)
        return 0;
    do {
        if (last == '}'
            && (value_skip(cursor, depth, &inner) != 0
                || inner.kind != PLAIN_STRING || inner.has_escapes
                || char_skip(cursor, ':') != 0))
            return -1;
        if (value_skip(cursor, depth, &inner) != 0)
            return -1;
    } while (char_skip(cursor, ',') == 0);
    return char_skip(cursor, last);
}

/* Recursion ends at DEPTH_MAX. */
static int value_skip(struct cursor *cursor, unsigned depth,
                      struct plain *value)
{
    space_skip(cursor);
    if (cursor->next == cursor->end)
        return -1;
    value->has_escapes = 0;
    switch (*cursor->next) {
    case '"':
        return string_skip(cursor, value);
    case '{':
        value->kind = PLAIN_OTHER;
        return nest_skip(cursor, depth + 1, '}');
    case '[':
        value->kind = PLAIN_OTHER;
        return nest_skip(cursor, depth + 1, ']');
    case 'n':
    case 't':
    case 'f':
        return word_skip(cursor, value);
    default:
        return number_skip(cursor, value);
    }
}

/* ---- the line ---- */

static int is_key(const struct plain *value, const char *key)
{
    size_t size = strlen(key);

    return value->size == size + 2 && memcmp(value->token + 1, key, size) == 0;
}

int plain_find(const char *line, size_t size, const char *const *keys,
               size_t count, struct plain *values)
{
    struct cursor cursor = {line, line + size};
    struct plain key, value;
    size_t i;

    memset(values, 0, count * sizeof *values);
    if (char_skip(&cursor, '{') != 0)
        return -1;
    do {
        if (value_skip(&cursor, 0, &key) != 0 || key.kind != PLAIN_STRING
            || key.has_escapes || char_skip(&cursor, ':') != 0
            || value_skip(&cursor, 0, &value) != 0)
            return -1;
        for (i = 0; i < count; i++)
            if (is_key(&key, keys[i]))
                values[i] = value;
    } while (char_skip(&cursor, ',') == 0);
    if (char_skip(&cursor, '}') != 0)
        return -1;
    space_skip(&cursor);
    return cursor.next == cursor.end ? 0 : -1;
}

/* Writes a character of the first plane. */
static size_t character_write(int character, char *out)
{
    if (character < 0x80) {
        out[0] = (char) character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char) (0xC0 | character >> 6);
        out[1] = (char) (0x80 | (character & 0x3F));
        return 2;
    }
    out[0] = (char) (0xE0 | character >> 12);
    out[1] = (char) (0x80 | (character >> 6 & 0x3F));
    out[2] = (char) (0x80 | (character & 0x3F));
    return 3;
}

size_t plain_decode(const struct plain *string, char *out)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    const char *next = string->token + 1;
    const char *end = string->token + string->size - 1;
    char *start = out;

    while (next < end) {
        const char *slash = memchr(next, '\\', (size_t) (end - next));
        size_t size = (size_t) ((slash != NULL ? slash : end) - next);

        memcpy(out, next, size);
        out += size;
        next += size;
        if (slash == NULL)
            break;
        if (next[1] == 'u') {
            out += character_write(unicode_value(next + 2, 4), out);
            next += 6;
        } else {
            *out++ = to[strchr(from, next[1]) - from];
            next += 2;
        }
    }
    return (size_t) (out - start);
}
