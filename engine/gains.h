/* gains.h - what units add to a set that is being grown.  Private to
 * select_set.c and gains.c.
 *
 * What a unit adds is the sum of what each of its words and pairs earns there,
 * in the order of the text, so that it is the same however it was come by.
 * Few units need that sum: the most that a unit can add to any set is known
 * from when it was last looked at, and to larger sets it adds no more; and the
 * same sum in an order that takes a third of the time is a guess, of which is
 * known how far rounding can take it from the sum.
 *
 * What items earn is kept up to date in one place, so that a sum has nothing
 * to decide.  A word that a unit has once more has no place of its own there:
 * what it earns is written into a row behind all items before the sum.
 */
#ifndef ENGINE_GAINS_H
#define ENGINE_GAINS_H

#include "engine/bounds.h"
#include "engine/credits.h"
#include "engine/select.h"

/* What is covered with a unit: word, pair, word, pair ... word; where there is
 * none, or it earns nothing, the item that earns nothing; for a word once more,
 * a row. */
struct covered {
    uint32_t *items; /* NULL: nobody has asked yet */
    uint32_t count;
    uint32_t again_count;
    uint32_t *again; /* by row: the word, as in struct items */
};

struct gains {
    struct selector *s;
    const struct credits *credits;
    struct covered *covered; /* by unit */
    uint32_t *room;      /* for those that are not the facts' */
    uint32_t *seen;      /* by item, scratch: of the last unit that has it */
    uint8_t *times;      /* by form: in the set, at most EARNING_MAX */
    worths *earns;       /* by item, and then the rows */
    uint32_t first_row;
    worths *kept;        /* what items earned before they were counted ... */
    worths *kept_end;    /* ... by unit of the set, as far as here */
    double *first;       /* by unit: what it adds to no set, or no less where
                            that is not known */
    double *most;        /* ... to any, or less */
    double *upper;       /* ... to this set, or less */
    double *slack;       /* ... how far a guess may be wrong */
    uint8_t *is_known;   /* by unit: `first` is */
};

/* Of the units and the credits of the selector, whose `first` is changed while
 * sets are grown: that is to be made anew for the next selector.  0, or
 * PRECIS_EINTERNAL. */
int gains_init(struct gains *gains, struct selector *s);

/* Before a set is begun: bounds are those of none. */
void gains_begin(struct gains *gains);

/* Finds what a unit adds to no set; while none is grown. */
void unit_begin(struct gains *gains, uint32_t number);

/* What a unit adds to the set, give or take its slack; lowers its bound. */
double unit_guess(struct gains *gains, uint32_t number);

/* What it adds. */
double unit_gain(struct gains *gains, uint32_t number);

/* Counts a unit of the set. */
void unit_count(struct gains *gains, uint32_t number);

/* Before the next set is begun: takes back the units, all that were
 * counted. */
void gains_end(struct gains *gains, const uint32_t *units, size_t count);

/* Copies the items of a sentence: for a word once more, rows from `row` on; and
 * those words to `again`.  Returns how many.  Up to ITEMS_WIDE numbers behind
 * these may be written. */
#define ITEMS_WIDE 16
uint32_t items_copy_wide(uint32_t *items, uint32_t *again,
                         const struct items *from, uint32_t row);

#endif
