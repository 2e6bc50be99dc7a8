/* charset.h - what charset.c, sniff.c and transcode.c share: theirs alone. */
#ifndef ENGINE_CHARSET_H
#define ENGINE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/decode.h"

enum charset_kind {
    CHARSET_8BIT,
    CHARSET_UTF8,
    CHARSET_UTF16, /* of an order still to be found */
    CHARSET_UTF16LE,
    CHARSET_UTF16BE,
    CHARSET_UTF32,
    CHARSET_UTF32LE,
    CHARSET_UTF32BE
};

/* What one byte becomes. */
struct charset_char {
    unsigned char utf8[3];
    unsigned char size; /* 1 to 3; CHARSET_BAD added: it is U+FFFD since the
                           charset has nothing there */
};
#define CHARSET_SIZE 3u
#define CHARSET_BAD 0x80u

struct charset_table {
    bool ascii; /* bytes 01 to 7F are those of ASCII */
    bool inert; /* unicode_is_inert() of every character */
    struct charset_char chars[256];
};

/* How decoded->source became decoded->raw. */
struct converter {
    enum charset_kind kind;
    const char *name;                  /* canonical, static */
    const struct charset_table *table; /* CHARSET_8BIT only */
};

/* The converter of a charset by any of its names.  Borrowed: valid as long as
 * the cache.  Errors as decode(). */
int charset_converter(struct charset_cache *cache, const char *name,
                      const struct converter **converter, precis_error *error);

/* The one for a kind that is not CHARSET_8BIT.  Static. */
const struct converter *charset_utf(enum charset_kind kind);

/* Fills in bom, charset and converter of *decoded, which has its source: the
 * converter of `charset` or, where that is NULL or "auto", of what the source
 * looks like.  Errors as decode(). */
int converter_find(struct charset_cache *cache, const char *charset,
                   struct decoded *decoded, precis_error *error);

/* Fills *error (NULL allowed) for want of memory; returns the code. */
int charset_no_memory(precis_error *error);

#endif
