/* tally.h - what identify.c, glance.c, places.c, tally.c and verdict.c
 * share: theirs alone. */
#ifndef ENGINE_TALLY_H
#define ENGINE_TALLY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/identify.h"
#include "stemmers/ngrams.h"

/* Scripts that are no class of the table; none has a character below
 * SCRIPTS_FIRST. */
#define SCRIPTS 18
#define SCRIPTS_FIRST 0xA00

/* The number of the script that tells a language by itself, or -1. */
int script_of(uint32_t c);

/* ---- scores ---- */

struct tally {
    int32_t scores[NGRAM_CLASSES_MAX];
    int32_t scripts[SCRIPTS]; /* letters of each */
    size_t letters;
};

/* So many weights of 8 bits are no more than 16 bits hold. */
#define FEATURES_MAX 257

/* Features that were found and are to be added up at once: the numbers of
 * their rows, and what is in their lists. */
struct features {
    unsigned count, row_count, entry_count;
    uint16_t rows[FEATURES_MAX + 1];
    uint16_t entries[FEATURES_MAX * NGRAM_LIST_MAX + NGRAM_LIST_ROOM];
};

static inline void features_start(struct features *features)
{
    features->count = features->row_count = features->entry_count = 0;
}

/* Where a feature is looked for first. */
static inline uint32_t feature_place(uint32_t hash)
{
    return hash >> (32 - NGRAM_SLOT_BITS);
}

/* The slot of a feature, or the free one where it would be. */
#ifdef __SSE2__
static inline uint32_t feature_slot(uint32_t hash)
{
    const __m128i wanted =
        _mm_set1_epi32((int) ((hash & 0xFFFF) << 16 | NGRAM_FREE));
    uint32_t slot = feature_place(hash);

    for (;; slot = (slot + NGRAM_PROBES) % NGRAM_SLOTS) {
        const __m128i *at = (const void *) &ngram_slots[slot];
        __m128i low = _mm_cmpeq_epi16(_mm_loadu_si128(at), wanted);
        __m128i high = _mm_cmpeq_epi16(_mm_loadu_si128(at + 1), wanted);
        int found = _mm_movemask_epi8(_mm_packs_epi16(low, high));
        if (found != 0) /* two bits a slot: whether it is free comes first */
            return slot + (unsigned) __builtin_ctz((unsigned) found) / 2;
    }
}
#else
static inline uint32_t feature_slot(uint32_t hash)
{
    uint32_t slot = feature_place(hash);

    while (ngram_slots[slot].weights != NGRAM_FREE
           && ngram_slots[slot].check != (uint16_t) hash)
        slot = (slot + 1) % NGRAM_SLOTS;
    return slot;
}
#endif

static inline unsigned feature_has_row(unsigned weights)
{
    return weights >> 15 & (weights != NGRAM_FREE);
}

/* Copies the list of the feature in a slot, and what follows it up to all that
 * a list can have; returns how much of it counts. */
static inline unsigned list_copy(uint32_t slot, unsigned weights,
                                 uint16_t *entries)
{
    unsigned list = weights & ((weights >> 15) - 1); /* 0 for a row */

    memcpy(entries, ngram_lists + ngram_bases[slot / NGRAM_BLOCK] + (list >> 4),
           NGRAM_LIST_ROOM * sizeof *ngram_lists);
    return list & 15;
}

/* Takes a feature, where there is such a one; says so.  Without a branch, for
 * whether it has a row, a list or nothing cannot be foreseen: what is written
 * and does not count is written over by the next. */
static inline int feature_take(uint32_t hash, struct features *features)
{
    uint32_t slot = feature_slot(hash);
    unsigned weights = ngram_slots[slot].weights;
    int found = weights != NGRAM_FREE;

    features->rows[features->row_count] = (uint16_t) (weights - NGRAM_ROW);
    features->row_count += feature_has_row(weights);
    features->entry_count +=
        list_copy(slot, weights, features->entries + features->entry_count);
    features->count += (unsigned) found;
    return found;
}

/* The same of several, which there is room for. */
void features_take(const uint32_t *hashes, size_t count,
                   struct features *features);

/* The sums of their weights, by class. */
void features_sum(const struct features *features,
                  uint16_t scores[NGRAM_CLASSES_MAX]);

/* ---- letters ---- */

/* What is read of a character that is not ASCII: its small letter,
 * IDENTIFY_EDGE, or 0 for what is passed over.  Moves *at behind it. */
uint32_t letter_other(const char *text, size_t size, size_t *at);

/* The same of ASCII, and 0 of what leads other characters: a table, for
 * compilers make a branch of a condition. */
extern const unsigned char letters_ascii[256];

/* ---- samples ---- */

/* How a text is read: all of one of at most count * size bytes, in parts; of a
 * longer one, so many pieces. */
struct pieces {
    size_t count, size;
};

struct piece {
    size_t start, end;
};

/* Where piece `number` of `count` is; `pieces->count` of them where the text is
 * longer than all. */
struct piece piece_place(const char *text, size_t size, size_t number,
                         size_t count, const struct pieces *pieces);

/* ---- deciding ---- */

struct verdict {
    size_t best;      /* of all: a class of the table, or, from
                         ngram_class_count on, a script */
    size_t ours;      /* best of ours */
    int32_t score;    /* of the best */
    int32_t lead;     /* of the best over the next other language */
    int32_t behind;   /* of the best of ours, below the best */
};

/* What a class of the table, or a script, has. */
int32_t score_of(const struct tally *tally, size_t class);

struct verdict tally_decide(const struct tally *tally);

/* ---- glance.c ---- */

/* A short text is read whole at once. */
#define GLANCE_MIN 200

/* Looks at a few words of a text of GLANCE_MIN bytes or more.  Where they say
 * as surely as anything does that all of it is in one language of the table,
 * ours or not, returns its class and writes the letters read; else -1: read
 * more. */
int glance(const char *text, size_t size, size_t *letters);

#endif
