/* gains.h - what units add to a set that is being grown.  Private to
 * select_set.c and gains.c.
 *
 * What a unit adds is the sum of what each of its words and pairs earns there,
 * in the order of the text, so that it is the same however it was come by.
 * Few units need that sum:
 *
 *   - The most that a unit can add to any set is known from when it was last
 *     looked at, and to larger sets it adds no more.
 *   - Most words and pairs stand in one sentence alone and always earn the
 *     same.  So a unit's sum is guessed from the few that stand in others too,
 *     and what these earn is all that has to be kept up to date.  How far
 *     rounding can take such a guess from the sum is known; only units whose
 *     guess comes that near to the best are summed up.
 */
#ifndef ENGINE_GAINS_H
#define ENGINE_GAINS_H

#include "engine/credits.h"
#include "engine/select.h"

/* What is covered with a sentence. */
struct part {
    struct items items;
    const uint32_t *shared; /* those that others have too: pairs, ... */
    uint32_t pairs, forms;  /* ... then forms, and nothing up to SHARED_STEP */
    const uint32_t *again;  /* forms again */
    uint32_t again_count;
    worths fixed;           /* what the others earn */
    worths sum;             /* what all add to no set */
};

/* So many are looked at together. */
#define SHARED_STEP 4

/* What an item earned before it was counted. */
struct undo {
    worths earns;
    uint32_t item, times;
};

struct gains {
    struct selector *s;
    const struct credits *credits;
    struct part *parts;  /* by segment */
    uint8_t *times;      /* by item: in the set, at most EARNING_MAX, of a
                            form; of a pair 0 */
    worths *earns;       /* by item */
    struct undo *undo, *undone; /* what is counted: from here up to here */
    double *first;       /* by unit: what it adds to no set */
    double *most;        /* ... to any */
    double *upper;       /* ... to this set, or less */
    double *slack;       /* ... how far a guess may be wrong */
};

/* Of the units and the credits of the selector, whose `first` is changed while
 * a set is grown.  0, or PRECIS_EINTERNAL. */
int gains_init(struct gains *gains, struct selector *s);

/* Before a set is begun: bounds are those of none. */
void gains_begin(struct gains *gains);

/* What a unit adds to the set, give or take its slack. */
double unit_guess(struct gains *gains, uint32_t number);

/* What it adds. */
double unit_gain(struct gains *gains, uint32_t number);

/* Counts a unit of the set. */
void unit_count(struct gains *gains, uint32_t number);

/* When a set is done with: nothing is counted any more. */
void gains_end(struct gains *gains);

#endif
