/* gains.h - what units add to a set that is being grown.  Private to
 * select_set.c and gains.c.
 *
 * What a unit adds is the sum of what each of its words and pairs earns there,
 * in the order of the text, so that it is the same however it was come by.
 * Most units need no sum: what they add to no set is known, and where a unit
 * is taken, the units that share a word or a pair with it are told how much
 * less that is worth now.  That is what a unit adds, but for rounding and for
 * function words that it has more than once: an upper bound, and only units
 * whose bound is above the best are summed up.
 */
#ifndef ENGINE_GAINS_H
#define ENGINE_GAINS_H

#include "engine/credits.h"
#include "engine/select.h"

struct owners;

struct gains {
    struct selector *s;
    const struct credits *credits;
    size_t forms;        /* items: first the forms, then the pairs */
    struct items *units; /* of each unit */
    struct owners *owners; /* by sentence */
    uint32_t *lowered;   /* by unit: the turn when its bound was lowered ... */
    uint32_t turn;       /* ... and this one */
    uint8_t *times;      /* by form: in the set, at most EARNING_MAX */
    worths *earns;       /* by item */
    worths *first;       /* by unit: what it adds to no set */
    double *upper;       /* by unit: what it adds to this set is not more ... */
    double *at_first;    /* ... and to none */
};

/* Of the units and the credits of the selector.  0, or PRECIS_EINTERNAL. */
int gains_init(struct gains *gains, struct selector *s);

/* Before a set is begun: bounds are those of none. */
void gains_begin(struct gains *gains);

/* What a unit adds to the set. */
double unit_gain(struct gains *gains, uint32_t number);

/* Counts a unit of the set, and takes off the bounds what it shares. */
void unit_count(struct gains *gains, uint32_t number);

/* Of all units of a set: then there is none again. */
void unit_uncount(struct gains *gains, uint32_t number);

#endif
