/* signs.h - signs of the end of a sentence, and their weights.  Private to
 * the stage and to the program that learns the weights, bench/ends.c. */
#ifndef ENGINE_SIGNS_H
#define ENGINE_SIGNS_H

#include "engine/split.h"

/* Signs that one place has, at most. */
#define SIGNS_MAX 40

/* What is seen at a place: the weights that count there. */
struct signs {
    uint16_t numbers[SIGNS_MAX]; /* below ENDS_WEIGHTS */
    size_t count;
};

/* A mark at `start`, with others of its kind up to `closers`, quotation marks
 * and brackets that close up to `end`; behind white space the text goes on at
 * `next`.  `rule`: what ends_spaced() says of it. */
struct place {
    size_t start, closers, end, next;
    int rule;
};

/* What is seen at a mark. */
void signs_at_mark(const struct splitter *s, const struct place *place,
                   struct signs *signs);

/* What is seen where a capital, or a quotation mark or dash before one, stands
 * at `at` behind a space and no mark; the run before it ends at `end`. */
void signs_at_joint(const struct splitter *s, size_t at, size_t end,
                    struct signs *signs);

/* What comes of the sum of their weights. */
int signs_overrule(const struct splitter *s, const struct place *place,
                   int total);

/* Does a sentence end at the mark? */
int signs_end(const struct splitter *s, const struct place *place);

/* Could one begin at `at`, although no mark stands before it?  Writes where
 * the run before it ends. */
int signs_is_joint(const struct splitter *s, size_t at, size_t *end);

/* Does one? */
int signs_begin(const struct splitter *s, size_t at);

#endif
