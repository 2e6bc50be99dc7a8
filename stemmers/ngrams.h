/* ngrams.h - the trained weights of language identification, as constant
 * tables.
 *
 * Made at build time from stemmers/identify by ngrams.awk.  What the features
 * and weights are: engine/identify.c; how they are trained: bench/README.
 */
#ifndef STEMMERS_NGRAMS_H
#define STEMMERS_NGRAMS_H

#include <stddef.h>
#include <stdint.h>

/* What a text can be found to be. */
struct ngram_class {
    const char *code; /* ISO 639 */
    const char *name; /* in English */
    int language;     /* its place in language_table, where it has a stemmer;
                         else -1: none of ours */
};

extern const struct ngram_class ngram_classes[];
extern const size_t ngram_class_count;

/* The most classes. */
#define NGRAM_CLASSES_MAX 64

/* Steps of a weight in a logarithm of 1. */
#define NGRAM_UNITS 6

/* The hash of a feature, one code point after the other, from 0. */
#define NGRAM_HASH(hash, cp) (((hash) + (cp)) * UINT32_C(2654435769))

/* An open hash table of NGRAM_SLOTS slots, at most three quarters full: a
 * feature of hash h is in slot h >> (32 - NGRAM_SLOT_BITS) or the nearest free
 * one after it, round the end.  `check` is the low half of its hash, `postings`
 * where its weights begin, counted from ngram_bases[slot / NGRAM_BLOCK];
 * NGRAM_FREE in a free slot. */
#define NGRAM_SLOT_BITS 16
#define NGRAM_SLOTS (1u << NGRAM_SLOT_BITS)
#define NGRAM_BLOCK 256
#define NGRAM_FREE 0xFFFF

struct ngram_slot {
    uint16_t check;
    uint16_t postings;
};

extern const struct ngram_slot ngram_slots[NGRAM_SLOTS];
extern const uint32_t ngram_bases[NGRAM_SLOTS / NGRAM_BLOCK];

/* The classes that have a feature: the class in bits 0 to 6, the weight in
 * bits 7 to 14, bit 15 in the last one.  Or NGRAM_DENSE, of a feature that
 * many classes have: then the next is the number of its row of weights. */
#define NGRAM_DENSE 0x7F
extern const uint16_t ngram_postings[];
extern const uint8_t ngram_rows[][NGRAM_CLASSES_MAX];

#endif
