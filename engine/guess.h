/* guess.h - which 8-bit charset bytes are in: the one whose decoding looks
 * most like a language.
 *
 * Private to charset.c, sniff.c and guess.c.
 *
 * How: the bytes become pairs of neighbours, each counted once with how often
 * it stands.  For every charset and every language of its script the costs of
 * the pairs are added up (-log of a probability, trained by
 * bench/charset_train.py), and the smallest sum wins.  Pairs of ASCII cost the
 * same in all charsets, so they are added once for a language; they tell which
 * language it is, and the others then tell the charset.  What is in UTF-8 in
 * between can be counted as the characters that it is.  All are sums of
 * integers: the same on every machine.
 */
#ifndef ENGINE_GUESS_H
#define ENGINE_GUESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the tables, made by charset.awk ---- */

/* A character, in the order of code points. */
struct guess_character {
    uint16_t code;
    uint8_t cost; /* of it among its class, or its script */
    uint8_t is_upper;
    uint8_t is_lower;
};

/* What a charset was made for, and what needs it: numbers below GUESS_LATIN
 * are Latin letters (Western Europe, Central Europe, Baltic, Turkish), the
 * others a script each. */
#define GUESS_LATIN 4
#define GUESS_KINDS 8

struct guess_charset {
    const char *name;
    uint8_t kind;
    uint16_t characters[128]; /* of bytes 80 to FF: number + 1, or 0 */
};

struct guess_language {
    const char *name;
    uint8_t kind;
    uint8_t class_count;
    const uint8_t *classes; /* by the number of a character */
    const uint8_t *costs;   /* class_count rows, by the class before */
};

extern const struct guess_character guess_characters[];
extern const size_t guess_character_count;
extern const struct guess_charset guess_charsets[]; /* the likelier first */
extern const size_t guess_charset_count;
extern const struct guess_language guess_languages[];
extern const size_t guess_language_count;

/* Costs are in fifths of a natural logarithm. */
#define GUESS_NAT 5

/* ---- the guess ---- */

/* Room for the pairs, about 50 KB, and for what was worked out before, up to
 * 260 KB; the caller's. */
struct guess_work;
struct guess_work *guess_work_new(void); /* NULL: out of memory */
void guess_work_free(struct guess_work *work);

struct guess {
    const char *charset;  /* static */
    const char *language; /* static: the one that liked it */
    uint64_t cost;        /* of the text in it */
    uint64_t own_cost;    /* the part that bytes above 7F have in it ... */
    size_t pairs;         /* ... in so many pairs */
};

/* Counts the pairs of a text.  With `mixed`, its valid sequences of UTF-8 are
 * characters, and only what is left are bytes of the charset.  Linear. */
void guess_read(struct guess_work *work, const unsigned char *text,
                size_t size, bool mixed);

/* The likeliest charset of the text read, or, where `charset` is not NULL,
 * what that one costs: false where there is no table of it. */
bool guess_find(const struct guess_work *work, const char *charset,
                struct guess *guess);

#endif
