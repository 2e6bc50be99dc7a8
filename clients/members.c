#include <config.h>

#include "clients/members.h"

#include <string.h>

/* The end of the string whose opening quote is at `at`, behind its closing
 * one. */
static size_t string_end(const char *json, size_t size, size_t at)
{
    for (at++; at < size && json[at] != '"'; at++)
        if (json[at] == '\\')
            at++;
    return at < size ? at + 1 : size;
}

/* The comma, or the bracket of the object itself, behind the value at `at`. */
static size_t value_end(const char *json, size_t size, size_t at)
{
    unsigned depth = 0;

    while (at < size) {
        char c = json[at];

        if (c == '"') {
            at = string_end(json, size, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}'))
            return at;
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        at++;
    }
    return size;
}

static size_t space_end(const char *json, size_t size, size_t at)
{
    while (at < size && memchr(" \t\r\n", json[at], 4) != NULL)
        at++;
    return at;
}

int members_next(const char *json, size_t size, size_t *at,
                 struct member *member)
{
    /* Behind the opening brace, or the comma. */
    size_t key = space_end(json, size, *at);
    size_t end;

    if (*at == 0 && key < size)
        key = space_end(json, size, key + 1);
    if (key >= size || json[key] != '"')
        return -1;
    end = string_end(json, size, key);
    member->key = json + key + 1;
    member->key_size = end - key - 2;
    end = space_end(json, size, end);
    if (end >= size)
        return -1;
    end = space_end(json, size, end + 1);
    member->token = json + end;
    *at = value_end(json, size, end);
    member->token_size = *at - end;
    while (member->token_size > 0
           && memchr(" \t\r\n", member->token[member->token_size - 1], 4)
                  != NULL)
        member->token_size--;
    if (*at < size)
        (*at)++;
    return 0;
}

int member_is(const struct member *member, const char *key)
{
    return member->key_size == strlen(key)
           && memcmp(member->key, key, member->key_size) == 0;
}
