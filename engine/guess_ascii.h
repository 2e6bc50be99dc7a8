/* guess_ascii.h - what the pairs of ASCII of a text cost in each language.
 *
 * Private to guess.c.  Most of a text in Latin letters is such pairs, and most
 * of these were in texts before: what one costs is kept from text to text, so
 * that counting it takes one look into a table, and of the different ones only
 * that is added up.
 */
#ifndef ENGINE_GUESS_ASCII_H
#define ENGINE_GUESS_ASCII_H

#include <stddef.h>
#include <stdint.h>

/* Languages at most. */
#define GUESS_LANGUAGES_MAX 72

/* Pairs whose costs are kept; more are rare. */
#define ASCII_ROWS_MAX 1536

/* Classes of characters, before those of letters of the language: as
 * charset.awk numbers them. */
#define GUESS_LETTER_CLASSES 10

/* A capital behind a small letter. */
#define GUESS_MIDDLE_CAPITAL_COST 30 /* 6 x GUESS_NAT */

struct ascii_pairs {
    uint16_t numbers[128 * 256];     /* of a row, by both bytes; 0: none, as
                                        where the second is no ASCII */
    uint16_t counts[ASCII_ROWS_MAX]; /* by row: in this text; of row 0 none */
    uint16_t met[ASCII_ROWS_MAX + 1]; /* rows of those, as they came; what is
                                         behind the last is for any */
    size_t met_count;
    size_t row_count;                 /* but for row 0 */
    uint16_t rows[ASCII_ROWS_MAX][GUESS_LANGUAGES_MAX];
};

/* The number of a character of ASCII in guess_characters[]: all white space is
 * one there, all other control characters are. */
static inline size_t ascii_character(unsigned byte)
{
    /* The table begins with 20 to 7E. */
    if (byte >= ' ' && byte <= '~')
        return byte - ' ';
    return (byte >= '\t' && byte <= '\r') ? 0 : '~' - ' ';
}

/* Begins a text. */
void ascii_pairs_clear(struct ascii_pairs *pairs);

/* The row of a pair, which is made where there is room for it; else 0. */
unsigned ascii_row_find(struct ascii_pairs *pairs, unsigned first,
                        unsigned second);

/* Counts one of those rows. */
static inline void ascii_row_count(struct ascii_pairs *pairs, unsigned number)
{
    /* whether it is new to the text cannot be foreseen */
    pairs->met[pairs->met_count] = (uint16_t) number;
    pairs->met_count += pairs->counts[number]++ == 0;
}

/* Counts the pairs of ASCII behind `before`, up to the first without a row, or
 * the first byte that is no ASCII; returns how many. */
size_t ascii_rows_count(struct ascii_pairs *pairs, unsigned before,
                        const unsigned char *text, size_t size);

/* What the pairs cost that were counted, at most 32,767 of one, by
 * language: for GUESS_LANGUAGES_MAX. */
void ascii_pairs_cost(struct ascii_pairs *pairs, uint32_t *costs);

#endif
