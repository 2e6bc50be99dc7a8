/* bounds.h - what each set with one unit more is worth at most, of all units
 * at once.  Private to select_set.c, bounds.c and bounds_wide.c.
 *
 * Which unit is worth most cannot be foreseen, so none of this has a branch
 * for one.
 */
#ifndef ENGINE_BOUNDS_H
#define ENGINE_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

/* So many are looked at at once: there is room for a multiple of them. */
#define BOUNDS_STEP 8
#define BOUNDS_ROOM(count) \
    (((count) + BOUNDS_STEP - 1) / BOUNDS_STEP * BOUNDS_STEP)

struct bounds {
    size_t count;      /* of the units, rounded up to a multiple */
    double *words;     /* by unit */
    double *costs;     /* ... what it takes of the limit */
    double *penalties; /* ... of the score; or DBL_MAX: it may not be taken */
    double *values;    /* ... the set with it is worth no more; or -DBL_MAX */
    uint32_t *likely;  /* units, scratch */
};

/* The set that units are added to. */
struct bounded {
    double credits, words;
    double word_cost; /* of each */
    double room;      /* of the limit */
};

/* Finds the values of the set with each unit, which adds `upper` credits to it.
 * Returns the first of those with the highest, or NONE. */
uint32_t bounds_find(struct bounds *bounds, const struct bounded *set,
                     const double *upper);
uint32_t bounds_find_wide(struct bounds *bounds, const struct bounded *set,
                          const double *upper);

/* The first of those units whose values are the highest now, or NONE. */
uint32_t bounds_highest(const struct bounds *bounds);
uint32_t bounds_highest_wide(const struct bounds *bounds);

/* Lists the units in `likely` whose values are above `floor` and not below
 * `least`, in their order.  Returns how many. */
size_t bounds_list(struct bounds *bounds, double least, double floor);
size_t bounds_list_wide(struct bounds *bounds, double least, double floor);

#endif
