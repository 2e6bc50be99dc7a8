/* shape.h - what stands between spaces, for signs.c: where it begins and ends,
 * and what it looks like.  Private to the stage and to bench/ends.c.
 */
#ifndef ENGINE_SHAPE_H
#define ENGINE_SHAPE_H

#include "engine/split.h"

/* What a token looks like. */
enum shape {
    SHAPE_NONE, SHAPE_DIGIT, SHAPE_DIGITS_2, SHAPE_DIGITS_4, SHAPE_DIGITS,
    SHAPE_NUMBER, SHAPE_CAPITAL_1, SHAPE_LETTER_1, SHAPE_CAPITALS_3,
    SHAPE_CAPITALS, SHAPE_ROMAN, SHAPE_DOTTED, SHAPE_NAME_4, SHAPE_NAME,
    SHAPE_LOW_3, SHAPE_LOW_5, SHAPE_LOW, SHAPE_LETTERS_2, SHAPE_LETTERS,
    SHAPE_MIXED, SHAPE_CONSONANTS, SHAPE_NAME_CONSONANTS, SHAPES
};

/* The shape of the token [begin, end), without marks at its ends. */
enum shape shape_of(const struct splitter *s, size_t begin, size_t end);

/* Where the token that ends at `end` begins, not before the segment: up to
 * white space, without what opens.  No more than 32 bytes are looked at. */
size_t token_begin(const struct splitter *s, size_t end);

/* Where the token that begins here ends, without a mark at its end. */
size_t token_end(const struct splitter *s, size_t begin);

/* Where what stands before the spaces before `at` ends, in the segment. */
size_t before_space(const struct splitter *s, size_t at);

/* A word in small letters as one number. */
uint32_t hash_word(const struct splitter *s, size_t begin, size_t end);

#endif
