/* tally.h - what identify.c and glance.c share: theirs alone. */
#ifndef ENGINE_TALLY_H
#define ENGINE_TALLY_H

#include <stddef.h>
#include <stdint.h>

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

/* Sums of the weights of a few features: small numbers, many of which are
 * added at once. */
struct sums {
    uint16_t scores[NGRAM_CLASSES_MAX];
    unsigned features;
};

/* So many weights of 8 bits are no more than 16 bits hold. */
#define SUMS_MAX 257

static inline void row_add(const uint8_t *restrict row,
                           uint16_t *restrict scores)
{
    for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
        scores[c] = (uint16_t) (scores[c] + row[c]);
}

/* Adds the weights of a feature; says whether there is such a feature. */
static inline int feature_add(uint32_t hash, struct sums *sums)
{
    uint32_t slot = hash >> (32 - NGRAM_SLOT_BITS);
    uint16_t *scores = sums->scores;
    const uint16_t *posting;

    for (;; slot = (slot + 1) % NGRAM_SLOTS) {
        if (ngram_slots[slot].postings == NGRAM_FREE)
            return 0;
        if (ngram_slots[slot].check == (uint16_t) hash)
            break;
    }
    sums->features++;
    posting = ngram_postings + ngram_bases[slot / NGRAM_BLOCK]
              + ngram_slots[slot].postings;
    if (*posting == NGRAM_DENSE) {
        row_add(ngram_rows[posting[1]], scores);
        return 1;
    }
    for (;; posting++) {
        uint16_t *score = &scores[*posting & 0x7F];
        *score = (uint16_t) (*score + (*posting >> 7 & 0xFF));
        if (*posting >> 15)
            return 1;
    }
}

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

struct verdict tally_decide(const struct tally *tally);

/* ---- glance.c ---- */

/* A short text is read whole at once. */
#define GLANCE_MIN 200

/* Looks at a few words of a text of GLANCE_MIN bytes or more.  Where they say
 * as surely as anything does that all of it is in one of our languages, returns
 * its class and writes the letters read; else -1: read more. */
int glance(const char *text, size_t size, size_t *letters);

#endif
