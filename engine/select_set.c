/* select_set.c - choosing by whole sets.
 *
 * A set of units is worth the credits of the distinct words and pairs it
 * covers, over its words and a constant (credits.h).  So redundancy needs no
 * rule, a repeated word earns nothing and every word costs, and where no
 * length was asked for the set itself says when it is long enough.
 *
 * Growth: from each of the STARTS best single units the unit that raises the
 * score most is added, as long as it rises (no length asked for) or while
 * something fits (a ceiling); the best of the sets so grown is taken.  On
 * French news that finds the same sets as trying all of up to three.
 *
 * Only units that may be worth more than the best are looked at closely, which
 * few are: gains.h.
 */
#include <config.h>

#include "engine/gains.h"

#include <float.h>
#include <string.h>

#define STARTS 4

/* Sentences at most where no length was asked for: more never pays. */
#define AUTO_SENTENCES 3

/* What it costs a set that a unit leans on a sentence which is not in it, where
 * no length was asked for.  Without a price 11 % of the summaries of French
 * news have such a unit; this leaves 2 % for 0.2 points of ROUGE (the sum of
 * three), never having any costs 0.4. */
#define LEANING_COST 0.08

/* The same of one sentence: 3 % instead of 6 % for nothing; never costs 0.5. */
#define LEANING_COST_ALONE 0.16

/* What a word costs where no length was asked for: a word or two less, and 0.1
 * points of ROUGE (the sum of three) more than none at all. */
#define WORD_COST 0.0003

/* What it costs a terse summary. */
#define TERSE_COST 0.001

/* A set being grown. */
struct set {
    uint32_t units[GREEDY_MAX];
    size_t count, sentences, used;
    size_t covered; /* so many of its units are counted */
    double credits, words;
};

struct grower {
    struct selector *s;
    struct gains gains;
    double *bounds;      /* by unit: the score of the set with it is not more */
    double gain;         /* what the unit that find_best() found adds */
    double cost;         /* of a word */
    double leaning;      /* of a unit that dangles */
};

static int grower_init(struct grower *g)
{
    const struct selector *s = g->s;

    if (s->limit == PRECIS_LIMIT_AUTO)
        g->cost = s->terse ? TERSE_COST : WORD_COST;
    g->leaning = s->limit == PRECIS_LIMIT_AUTO ? LEANING_COST
                                               : LEANING_COST_ALONE;
    g->bounds = arena_take(s->document->arena,
                           (s->count + 1) * sizeof *g->bounds);
    return g->bounds == NULL ? PRECIS_EINTERNAL
                             : gains_init(&g->gains, g->s);
}

/* ---- sets ---- */

static double worth(const struct grower *g, double credits, double words)
{
    return credits / (words + CREDITS_SMOOTH) - g->cost * words;
}

static void mark(struct selector *s, const struct unit *unit, int taken)
{
    memset(s->taken + unit->first, taken, unit->count);
}

/* What its units that dangle cost a set. */
static double leaning_cost(const struct grower *g, const struct set *set)
{
    const struct selector *s = g->s;
    size_t count = 0;

    if (s->ease != EASE_LEANING)
        return 0;
    for (size_t i = 0; i < set->count; i++)
        count += (size_t) unit_dangles(s, &s->units[set->units[i]]);
    return g->leaning * (double) count;
}

static double set_worth(const struct grower *g, const struct set *set)
{
    return worth(g, set->credits, set->words) - leaning_cost(g, set);
}

/* The score of the set with the unit, which adds so much. */
static double worth_with(const struct grower *g, const struct set *set,
                         struct unit *unit, double gain)
{
    double cost = 0;

    if (g->s->ease == EASE_LEANING) {
        mark(g->s, unit, 1);
        cost = leaning_cost(g, set);
        if (unit_dangles(g->s, unit))
            cost += g->leaning;
        mark(g->s, unit, 0);
    }
    return worth(g, set->credits + gain, set->words + unit->words) - cost;
}

/* What that is not above. */
static double worth_bound(const struct grower *g, const struct set *set,
                          uint32_t number)
{
    struct unit *unit = &g->s->units[number];
    double bound = worth(g, set->credits + g->gains.upper[number],
                         set->words + unit->words);

    return g->s->ease == EASE_LEANING && unit_dangles(g->s, unit)
               ? bound - g->leaning
               : bound;
}

static int fits(const struct grower *g, const struct set *set,
                struct unit *unit)
{
    struct selector *s = g->s;

    if (s->limit == PRECIS_LIMIT_AUTO)
        return (set->count == 0
                || set->sentences + unit->sentences <= AUTO_SENTENCES)
               && unit_is_free(s, unit);
    s->used = set->used;
    return unit_fits(s, unit);
}

/* Whether no sentence fits any more. */
static int is_full(const struct grower *g, const struct set *set)
{
    if (g->s->limit == PRECIS_LIMIT_AUTO)
        return set->sentences >= AUTO_SENTENCES;
    return set->count == GREEDY_MAX
           || (g->s->limit == PRECIS_LIMIT_SENTENCES
               && set->used >= g->s->amount);
}

static void set_add(struct grower *g, struct set *set, uint32_t number,
                    double gain)
{
    struct unit *unit = &g->s->units[number];

    g->s->used = set->used;
    set->used += unit_cost(g->s, unit);
    set->credits += gain;
    set->words += unit->words;
    set->sentences += unit->sentences;
    set->units[set->count++] = number;
    mark(g->s, unit, 1);
}

/* Finds bounds for the set with each unit, and the unit with the highest, or
 * NONE: that may be worth most. */
static uint32_t find_likeliest(struct grower *g, const struct set *set)
{
    uint32_t found = NONE;
    double best = -DBL_MAX;

    for (uint32_t i = 0; i < g->s->count; i++) {
        g->bounds[i] = -DBL_MAX;
        if (!fits(g, set, &g->s->units[i]))
            continue;
        g->bounds[i] = worth_bound(g, set, i);
        if (g->bounds[i] > best) {
            best = g->bounds[i];
            found = i;
        }
    }
    return found;
}

/* The unit that raises the score of the set most, the first of those, if that
 * is above `floor`; or NONE. */
static uint32_t find_best(struct grower *g, const struct set *set,
                          double floor)
{
    uint32_t found = find_likeliest(g, set), likeliest = found;
    double best;

    if (found == NONE || g->bounds[found] <= floor)
        return NONE;
    g->gain = unit_gain(&g->gains, found);
    best = worth_with(g, set, &g->s->units[found], g->gain);
    for (uint32_t i = 0; i < g->s->count; i++) {
        double value, gain;
        if (g->bounds[i] < best || g->bounds[i] <= floor || i == likeliest)
            continue;
        gain = unit_gain(&g->gains, i);
        value = worth_with(g, set, &g->s->units[i], gain);
        if (value > best || (value == best && i < found)) {
            best = value;
            found = i;
            g->gain = gain;
        }
    }
    return best > floor ? found : NONE;
}

static void set_grow(struct grower *g, struct set *set)
{
    int is_auto = g->s->limit == PRECIS_LIMIT_AUTO;

    gains_begin(&g->gains);
    while (!is_full(g, set)) {
        double floor = is_auto ? set_worth(g, set) : -DBL_MAX;
        uint32_t found;
        unit_count(&g->gains, set->units[set->covered++]);
        found = find_best(g, set, floor);
        if (found == NONE)
            return;
        set_add(g, set, found, g->gain);
    }
}

/* Empties the set, and the marks of what it covers. */
static void set_clear(struct grower *g, struct set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        if (i < set->covered)
            unit_uncount(&g->gains, set->units[i]);
        mark(g->s, &g->s->units[set->units[i]], 0);
    }
    memset(set, 0, sizeof *set);
}

/* The units that are best alone, the best first. */
static size_t find_starts(struct grower *g, uint32_t starts[STARTS])
{
    const struct set none = { 0 };
    double values[STARTS];
    size_t count = 0;

    for (uint32_t i = 0; i < g->s->count; i++) {
        double value;
        size_t place;
        if (!fits(g, &none, &g->s->units[i])) /* it may later */
            continue;
        value = worth_with(g, &none, &g->s->units[i], g->gains.first[i][0]);
        for (place = count; place > 0 && values[place - 1] < value; place--)
            if (place < STARTS) {
                values[place] = values[place - 1];
                starts[place] = starts[place - 1];
            }
        if (place < STARTS) {
            values[place] = value;
            starts[place] = i;
            count += count < STARTS;
        }
    }
    return count;
}

int choose_set(struct selector *s)
{
    struct document *d = s->document;
    struct grower g = { .s = s };
    struct set *set = arena_take(d->arena, 2 * sizeof *set), *best = set + 1;
    uint32_t starts[STARTS];
    double highest = 0;
    size_t count;

    if (set == NULL || grower_init(&g) != 0)
        return PRECIS_EINTERNAL;
    memset(set, 0, 2 * sizeof *set);
    count = find_starts(&g, starts);
    for (size_t i = 0; i < count; i++) {
        double value;
        set_add(&g, set, starts[i], g.gains.first[starts[i]][0]);
        set_grow(&g, set);
        value = set_worth(&g, set);
        if (i == 0 || value > highest) {
            *best = *set;
            highest = value;
        }
        /* a long summary depends little on where it starts */
        if (set->count == GREEDY_MAX)
            i = count;
        set_clear(&g, set);
    }
    s->used = 0;
    for (size_t i = 0; i < best->count; i++)
        unit_take(s, &s->units[best->units[i]]);
    return best->count == GREEDY_MAX ? take_rest(s) : 0;
}
