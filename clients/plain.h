/* plain.h - the members of a line of JSON, where it is an ordinary one.
 *
 * jansson says what is JSON and makes a tree of it, which takes longer than to
 * summarize the article in it.  So a line is looked through here first, and
 * jansson reads it only where this does not know better: with escapes in keys,
 * surrogates, exponents, deep nesting, or any mistake.  What is accepted here
 * is a part of what jansson accepts, and means the same.
 */
#ifndef CLIENTS_PLAIN_H
#define CLIENTS_PLAIN_H

#include <stddef.h>

enum plain_kind {
    PLAIN_NONE, /* no such member, or null */
    PLAIN_STRING,
    PLAIN_NUMBER,
    PLAIN_OTHER
};

/* A value as it stands in the line, a string with its quotes. */
struct plain {
    enum plain_kind kind;
    const char *token;
    size_t size;
    int has_escapes;
};

/* Finds the values of some keys in the object that the line is; the last one
 * where a key stands twice.  0, or -1: ask jansson. */
int plain_find(const char *line, size_t size, const char *const *keys,
               size_t count, struct plain *values);

/* Writes what a string means to `out`, at most its own size, and returns the
 * bytes written; no NUL. */
size_t plain_decode(const struct plain *string, char *out);

#endif
