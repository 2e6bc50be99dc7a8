/* How it works: a cursor walks over the bytes once and never back.  What it
 * is given has been accepted by jansson, but it trusts no byte all the same:
 * every step looks at the end first, and what makes no sense ends the walk
 * with -1.  Nesting is counted, not recursed into. */
#include "protocol/json.h"

#include <string.h>

#include "protocol/protocol.h"

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

/* Skips a string, from behind its opening quote to behind its closing one. */
static int string_skip(struct cursor *cursor)
{
    while (cursor->next < cursor->end) {
        char c = *cursor->next++;

        if (c == '"')
            return 0;
        if (c == '\\') {
            if (cursor->next == cursor->end)
                return -1;
            cursor->next++;
        }
    }
    return -1;
}

/* Skips what is between brackets, however deep, from behind the opening one
 * to behind its partner. */
static int nest_skip(struct cursor *cursor)
{
    size_t depth = 1;

    while (cursor->next < cursor->end) {
        char c = *cursor->next++;

        if (c == '"') {
            if (string_skip(cursor) != 0)
                return -1;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (--depth == 0)
                return 0;
        }
    }
    return -1;
}

/* Skips a number, true, false or null. */
static int word_skip(struct cursor *cursor)
{
    const char *start = cursor->next;

    while (cursor->next < cursor->end
           && memchr(" \t\n\r,:]}\"[{", *cursor->next, 11) == NULL)
        cursor->next++;
    return cursor->next > start ? 0 : -1;
}

/* Skips a value and writes where it stood. */
static int value_skip(struct cursor *cursor, struct frame *token)
{
    const char *start;
    int status;

    space_skip(cursor);
    if (cursor->next == cursor->end)
        return -1;
    start = cursor->next;
    if (*start == '"') {
        cursor->next++;
        status = string_skip(cursor);
    } else if (*start == '{' || *start == '[') {
        cursor->next++;
        status = nest_skip(cursor);
    } else {
        status = word_skip(cursor);
    }
    if (status == 0) {
        token->data = start;
        token->size = (size_t) (cursor->next - start);
    }
    return status;
}

/* Value of the four hexadecimal digits of \uXXXX, -1 where they are none. */
static int hex_value(const char *digits, size_t left)
{
    int value = 0, i;

    if (left < 4)
        return -1;
    for (i = 0; i < 4; i++) {
        char c = digits[i];

        if (c >= '0' && c <= '9')
            value = value * 16 + (c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            value = value * 16 + ((c | 32) - 'a' + 10);
        else
            return -1;
    }
    return value;
}

/* The character that the escape at `cursor` (behind its backslash) means, if
 * that is ASCII, else -1. */
static int escape_value(struct cursor *cursor)
{
    static const char from[] = {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'};
    static const char to[] = {'"', '\\', '/', '\b', '\f', '\n', '\r', '\t'};
    const char *found;
    char c;
    int value;

    if (cursor->next == cursor->end)
        return -1;
    c = *cursor->next++;
    if (c == 'u') {
        value = hex_value(cursor->next, (size_t) (cursor->end - cursor->next));
        cursor->next += value < 0 ? 0 : 4;
        return value < 128 ? value : -1;
    }
    found = memchr(from, c, sizeof from);
    return found == NULL ? -1 : to[found - from];
}

/* Is the string between the quotes of `token` the same as `key`? */
static int string_is(const struct frame *token, const char *key)
{
    const char *start = token->data;
    struct cursor cursor = {start + 1, start + token->size - 1};

    while (cursor.next < cursor.end) {
        int c = (unsigned char) *cursor.next++;

        if (c == '\\')
            c = escape_value(&cursor);
        if (*key == '\0' || c != (unsigned char) *key)
            return 0;
        key++;
    }
    return *key == '\0';
}

/* Walks over the members of one object. */
int json_find_raw(const char *json, size_t size, const char *key,
                  struct frame *token)
{
    struct cursor cursor = {json, size == 0 ? json : json + size};
    struct frame name, value, found = {NULL, 0};

    if (char_skip(&cursor, '{') != 0)
        return -1;
    if (char_skip(&cursor, '}') == 0)
        return -1;
    do {
        if (value_skip(&cursor, &name) != 0 || *(const char *) name.data != '"'
            || char_skip(&cursor, ':') != 0 || value_skip(&cursor, &value) != 0)
            return -1;
        if (string_is(&name, key))
            found = value;
    } while (char_skip(&cursor, ',') == 0);
    if (found.data == NULL || char_skip(&cursor, '}') != 0)
        return -1;
    *token = found;
    return 0;
}

unsigned json_depth(const char *json, size_t size, unsigned max, size_t *offset)
{
    struct cursor cursor = {json, size == 0 ? json : json + size};
    unsigned depth = 0, deepest = 0;

    while (cursor.next < cursor.end) {
        char c = *cursor.next++;

        if (c == '"') {
            if (string_skip(&cursor) != 0)
                break;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest)
                deepest = depth;
            if (deepest > max) {
                *offset = (size_t) (cursor.next - json) - 1;
                break;
            }
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return deepest;
}
