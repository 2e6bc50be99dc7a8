/* gains.h - what units add to a set that is being grown.  Private to
 * select_set.c and gains.c.
 *
 * What a unit adds is the sum of what each of its words and pairs earns there,
 * in the order of the text, so that it is the same however it was come by.
 * Most units need no sum: the most that a unit can add to any set is known
 * from when it was summed up last, and to larger sets it adds no more.  Rounded
 * sums of the same terms keep their order, so that bound holds to the last bit,
 * and only units whose bound is above the best are summed up.
 */
#ifndef ENGINE_GAINS_H
#define ENGINE_GAINS_H

#include "engine/credits.h"
#include "engine/select.h"

struct gains {
    struct selector *s;
    const struct credits *credits;
    size_t forms;        /* items: first the forms, then the pairs */
    struct items *units; /* of each unit */
    uint8_t *times;      /* by form: in the set, at most EARNING_MAX */
    worths *earns;       /* by item */
    worths *first;       /* by unit: what it adds to no set */
    double *upper;       /* by unit: what it adds to this set is not more */
};

/* Of the units and the credits of the selector.  0, or PRECIS_EINTERNAL. */
int gains_init(struct gains *gains, struct selector *s);

/* Before a set is begun: bounds are those of none. */
void gains_begin(struct gains *gains);

/* What a unit adds to the set. */
double unit_gain(struct gains *gains, uint32_t number);

/* Counts a unit of the set. */
void unit_count(struct gains *gains, uint32_t number);

/* Of all units of a set: then there is none again. */
void unit_uncount(struct gains *gains, uint32_t number);

#endif
