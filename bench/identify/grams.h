/* grams.h - the features of texts, as engine/identify.c takes them: one table
 * of all that any class has.  For bench/identify/train.c, which has one.
 */
#ifndef BENCH_IDENTIFY_GRAMS_H
#define BENCH_IDENTIFY_GRAMS_H

#include <stddef.h>
#include <stdint.h>

#define GRAM_MAX 14 /* characters of the longest feature: a word of 12 */

struct gram {
    uint64_t key;
    uint32_t text[GRAM_MAX];
    uint8_t size;
    uint8_t kept;
    float count;    /* in the class that is being read */
    float *weights; /* by class: counts at first */
    double *sums;   /* of the weights in the last rounds, by class */
};

/* By hash; `size` is 0 where there is none. */
extern struct gram *grams;
extern size_t grams_room, gram_count;

/* The memory; where there is none, ends the program. */
void *checked(void *memory);

/* An empty table. */
void grams_start(void);

/* A new table of all features, or of those only that a class has. */
void grams_rebuild(size_t size, int all);

/* NULL where there is none, unless it is to be added.  Adding moves all. */
struct gram *gram_find(const uint32_t *text, size_t size, int add);

/* Calls `each` with every feature of a text. */
void each_feature(const uint32_t *text, size_t size,
                  void (*each)(const uint32_t *, size_t, void *), void *data);

#endif
