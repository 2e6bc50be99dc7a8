/* sets.h - candidate summaries: sets of up to three units. */
#ifndef BENCH_CREDITS_SETS_H
#define BENCH_CREDITS_SETS_H

#include "bench/credits/model.h"
#include "bench/credits/rouge.h"

#define SET_UNITS 3

struct set {
    uint8_t count;
    uint8_t units[SET_UNITS]; /* numbers in the article's units */
    float reward;             /* ROUGE-1 + ROUGE-2 + ROUGE-L */
};

/* Every single unit of the first SINGLES, every two of the best and every
 * three of the very best by their own scores: what matters is to tell apart
 * the sets that may well be chosen. */
#define SINGLES 40
#define PAIRED 12
#define TRIPLED 6
#define SETS_MAX                         \
    (SINGLES + PAIRED * (PAIRED - 1) / 2 \
     + TRIPLED * (TRIPLED - 1) * (TRIPLED - 2) / 6)

/* What a set covers. */
struct cover {
    struct covered {
        uint32_t form;
        uint8_t nth; /* the first, second or third time it stands there */
    } * words;
    uint32_t *pairs;    /* each once */
    uint16_t *sequence; /* its words in the order of the text, as places in
                           the abstract */
    size_t word_count, pair_count, size;

    uint8_t *times;  /* scratch, by form ... */
    uint8_t *marked; /* ... and by pair: all 0 between calls */
};

void cover_init(struct cover *cover, const struct corpus *corpus);
void cover_clear(struct cover *cover);

/* Finds what the set covers. */
void cover_set(struct cover *cover, const struct article *article,
               const struct set *set);

/* The set's score: that of select_set.c. */
double cover_score(const struct cover *cover, const struct credits *credits);

/* Writes the article's candidates, at most SETS_MAX, each with its reward;
 * returns how many. */
size_t sets_make(struct set *sets, struct cover *cover,
                 const struct article *article, const struct credits *credits);

#endif
