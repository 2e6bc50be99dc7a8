/* bounds.c - what each set with one unit more is worth at most; see bounds.h.
 */
#include <config.h>

#include "engine/bounds.h"

#include <float.h>

#include "engine/credits.h"
#include "engine/wide.h"

static uint32_t find_narrow(struct bounds *b, const struct bounded *set,
                            const double *upper)
{
    const double barred[2] = { 0, DBL_MAX };
    uint32_t found = NONE;
    double best = -DBL_MAX;

    for (uint32_t i = 0; i < b->count; i++) {
        double words = set->words + b->words[i];
        double value = (set->credits + upper[i]) / (words + CREDITS_SMOOTH)
                       - set->word_cost * words - b->penalties[i]
                       - barred[b->costs[i] > set->room];
        b->values[i] = value;
        found = value > best ? i : found;
        best = value > best ? value : best;
    }
    return found;
}

uint32_t bounds_find(struct bounds *b, const struct bounded *set,
                     const double *upper)
{
#if WIDE
    if (wide_is_there())
        return bounds_find_wide(b, set, upper);
#endif
    return find_narrow(b, set, upper);
}

uint32_t bounds_highest(const struct bounds *b)
{
    uint32_t found = NONE;
    double best = -DBL_MAX;

#if WIDE
    if (wide_is_there())
        return bounds_highest_wide(b);
#endif
    for (uint32_t i = 0; i < b->count; i++) {
        found = b->values[i] > best ? i : found;
        best = b->values[i] > best ? b->values[i] : best;
    }
    return found;
}

size_t bounds_list(struct bounds *b, double least, double floor)
{
    size_t count = 0;

#if WIDE
    if (wide_is_there())
        return bounds_list_wide(b, least, floor);
#endif
    for (uint32_t i = 0; i < b->count; i++) {
        b->likely[count] = i;
        count += (b->values[i] >= least) & (b->values[i] > floor);
    }
    return count;
}
