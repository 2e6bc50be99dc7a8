/* earn.h - what score_credits.c and earn_....c share: theirs alone. */
#ifndef ENGINE_EARN_H
#define ENGINE_EARN_H

#include "engine/weights.h"

/* What pairs ask of their words. */
struct side {
    uint32_t pairs;  /* pair_slot_of() asks for it, and for ... */
    uint16_t row;    /* ... this, or PAIR_NO_ROW */
    uint8_t level;   /* of its log-odds */
    uint8_t content; /* 1: no function word */
};

struct maker {
    struct document *d;
    struct credits *c;
    const struct credit_model *model;
    const struct model_sums *sums;
    struct side *sides; /* by form */
    unsigned article;   /* bucket */
};

/* Asks for what the table says of all words, before it is wanted: that is read
 * at places that nobody foresees, in tables that are larger than the nearest
 * caches. */
void fetch_rows(const struct document *document);

/* Makes the credits of all words, and their sides.  0, or PRECIS_EINTERNAL. */
int earn_words(struct maker *maker);

/* Then those of pairs. */
void earn_pairs(struct maker *maker);

/* The credits of eight pairs, or of eight words from `form` on, by what wide.h
 * asks for.  0: some of their logistics are not kept yet, and what was written
 * is to be written anew. */
#define WIDE_CREDITS 8
int pair_credits_wide(const struct weights *weights, double scale,
                      const both_sums *sums, double *credits, worths *first);
int word_credits_wide(const struct weights *weights, double scale,
                      const both_sums *sums, const uint32_t *trained,
                      const struct credits *credits, size_t form);

/* The sums of all words, moved, what the table says of them, and their sides,
 * of so many at once by what wide.h asks for; all have room for so many more,
 * and `relatives`, the relative_bucket() of sentences, can be read three bytes
 * further.  Lists those that are in no sentence, or whose stem is the query's,
 * and returns how many they are. */
#define WIDE_WORDS 16
size_t words_sum_wide(const struct maker *maker, const uint8_t *relatives,
                      both_sums *sums, uint32_t *trained, uint32_t *others);

/* The sums of pairs, so many at once: first what the table need not be read
 * for, then all.  Those of a last few that are none mean nothing, but as many
 * pairs of forms that there are must stand there. */
struct wide_pairs {
    both_sums sums[WIDE_CREDITS]; /* moved */
    uint32_t slots[WIDE_CREDITS], rows[WIDE_CREDITS]; /* for pair_find() */
    uint32_t levels[WIDE_CREDITS]; /* place there where it says nothing */
};
void pairs_begin_wide(const struct maker *maker,
                      const struct credit_pair *pair, size_t count,
                      struct wide_pairs *pairs);
void pairs_sum_wide(const struct maker *maker, struct wide_pairs *pairs,
                    size_t count);

/* Writes what a word earns a second and a third time, of so many; no such
 * number is below 0. */
static inline void again_worths(worths *again, size_t forms, double twice,
                                double thrice)
{
    again[0] = (worths){ twice, twice > thrice ? twice : thrice };
    again[forms] = (worths){ thrice, thrice };
}

/* What a word earns first, and the most it can from there on: neither of the
 * others is below 0. */
static inline worths first_worths(double once, double twice, double thrice)
{
    double most = twice > thrice ? twice : thrice;

    return (worths){ once, once > most ? once : most };
}

#endif
