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

/* Of each class: its language, or, where it is none of ours, NGRAM_OTHER and
 * its own number, as where there is no class. */
#define NGRAM_OTHER 1000
extern const int32_t ngram_keys[NGRAM_CLASSES_MAX];

/* Steps of a weight in a logarithm of 1. */
#define NGRAM_UNITS 6

/* The hash of a feature, one code point after the other, from 0. */
#define NGRAM_HASH(hash, cp) (((hash) + (cp)) * UINT32_C(2654435769))

/* An open hash table of NGRAM_SLOTS slots, at most three quarters full: a
 * feature of hash h is in slot h >> (32 - NGRAM_SLOT_BITS) or the nearest free
 * one after it, round the end: the first NGRAM_PROBES slots stand behind the
 * last ones again, so that as many may be looked at in one go from each.
 * `check` is the low half of the hash.  `weights` is NGRAM_FREE in a free slot,
 * NGRAM_ROW and a number of ngram_rows, or, of a feature that no more than
 * NGRAM_LIST_MAX classes have, 16 times where its list begins, counted from
 * ngram_bases[slot / NGRAM_BLOCK], and how many they are. */
#define NGRAM_SLOT_BITS 16
#define NGRAM_SLOTS (1u << NGRAM_SLOT_BITS)
#define NGRAM_PROBES 8
#define NGRAM_BLOCK 128
#define NGRAM_FREE 0xFFFF
#define NGRAM_ROW 0x8000
#define NGRAM_LIST_MAX 11

struct ngram_slot {
    uint16_t weights;
    uint16_t check;
};

extern const struct ngram_slot ngram_slots[NGRAM_SLOTS + NGRAM_PROBES];
extern const uint32_t ngram_bases[NGRAM_SLOTS / NGRAM_BLOCK + 1];

/* The classes that have a feature: the class in bits 0 to 7, the weight in
 * bits 8 to 15.  From where each list begins NGRAM_LIST_ROOM may be read. */
#define NGRAM_LIST_ROOM 12
extern const uint16_t ngram_lists[];

/* The weights of all classes, aligned to 64 bytes. */
extern const uint8_t ngram_rows[][NGRAM_CLASSES_MAX];

#endif
