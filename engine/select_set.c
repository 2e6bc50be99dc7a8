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
 * Only units that may be worth more than the best are summed up, which few are:
 * gains.h.
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
    size_t dangling; /* units of it that do */
    double credits, words;
};

struct grower {
    struct selector *s;
    struct gains gains;
    double *bounds;      /* by unit: the score of the set with it is not more */
    uint32_t *likely;    /* units, scratch */
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
                           (s->count + 1)
                               * (sizeof *g->bounds + sizeof *g->likely));
    if (g->bounds == NULL)
        return PRECIS_EINTERNAL;
    g->likely = (uint32_t *) (g->bounds + s->count + 1);
    return gains_init(&g->gains, g->s);
}

/* ---- sets ---- */

static double worth(const struct grower *g, double credits, double words)
{
    return credits / (words + CREDITS_SMOOTH) - g->cost * words;
}

static void mark(struct selector *s, const struct unit *unit, uint8_t taken)
{
    for (uint32_t i = 0; i < unit->count; i++)
        s->taken[unit->first + i] = taken;
}

static size_t count_dangling(const struct selector *s, const struct set *set)
{
    size_t count = 0;

    for (size_t i = 0; i < set->count; i++)
        count += (size_t) unit_dangles(s, &s->units[set->units[i]]);
    return count;
}

/* What so many of its units cost a set because they dangle. */
static double leaning_cost(const struct grower *g, size_t count)
{
    return g->s->ease == EASE_LEANING ? g->leaning * (double) count : 0;
}

static double set_worth(const struct grower *g, const struct set *set)
{
    return worth(g, set->credits, set->words)
           - leaning_cost(g, set->dangling);
}

/* What units cost the set with the unit because they dangle: those of the set
 * that do may do so no more. */
static double cost_with(const struct grower *g, const struct set *set,
                        struct unit *unit)
{
    size_t count = set->dangling;
    double cost;

    if (g->s->ease != EASE_LEANING)
        return 0;
    if (count > 0) {
        mark(g->s, unit, 1);
        count = count_dangling(g->s, set);
        mark(g->s, unit, 0);
    }
    cost = leaning_cost(g, count);
    return unit_dangles(g->s, unit) ? cost + g->leaning : cost;
}

/* The score of the set with the unit, which adds so much. */
static double worth_with(const struct grower *g, const struct set *set,
                         struct unit *unit, double gain)
{
    return worth(g, set->credits + gain, set->words + unit->words)
           - cost_with(g, set, unit);
}

/* Is there room for it in the set? */
static int has_room(const struct grower *g, const struct set *set,
                    const struct unit *unit)
{
    if (g->s->limit == PRECIS_LIMIT_AUTO)
        return set->count == 0
               || set->sentences + unit->sentences <= AUTO_SENTENCES;
    g->s->used = set->used;
    return unit_has_room(g->s, unit);
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
    if (g->s->ease == EASE_LEANING)
        set->dangling = count_dangling(g->s, set);
}

/* May a unit be taken for which there is room?  If not, says so of its
 * bound. */
static int is_free(struct grower *g, uint32_t number)
{
    if (unit_is_free(g->s, &g->s->units[number]))
        return 1;
    g->bounds[number] = -DBL_MAX;
    return 0;
}

/* The most sentences of a unit that the set has room for, as far as they
 * count. */
static size_t most_sentences(const struct grower *g, const struct set *set)
{
    return g->s->limit == PRECIS_LIMIT_AUTO && set->count > 0
               ? AUTO_SENTENCES - set->sentences
               : SIZE_MAX;
}

/* Whether it is known already that a unit may not be taken.  `dangles`: it
 * leans on a sentence that is not.  Without a branch. */
static inline int is_refused(enum ease ease, const struct unit *unit,
                             int dangles)
{
    return ((ease < EASE_ALL) & (unit->whole == 0))
           | ((ease < EASE_READING) & (unit->talk == 1))
           | ((ease < EASE_LEANING) & dangles);
}

/* Finds bounds for the set with each unit that may be taken, as far as that is
 * known, and that there is room for; the others have -DBL_MAX.  Returns the
 * unit with the highest, or NONE.  What nobody could foresee is looked up, not
 * decided. */
static uint32_t find_bounds(struct grower *g, const struct set *set)
{
    const double barred[2] = { 0, DBL_MAX };
    const double dangling[2] = { 0, leaning_cost(g, 1) };
    const uint8_t *taken = g->s->taken;
    const size_t most = most_sentences(g, set);
    const int is_counted = g->s->limit != PRECIS_LIMIT_AUTO;
    uint32_t found = NONE;
    double best = -DBL_MAX;

    for (uint32_t i = 0; i < g->s->count; i++) {
        const struct unit *unit = &g->s->units[i];
        double bound = worth(g, set->credits + g->gains.upper[i],
                             set->words + unit->words);
        /* two that overlap do so at an end of one */
        int is_barred = taken[unit->first]
                        | taken[unit->first + unit->count - 1]
                        | (unit->sentences > most);
        int leans = unit->leans == 1; /* it may not be known */
        leans &= !taken[leans ? unit->before : 0];
        is_barred |= is_refused(g->s->ease, unit, leans);
        if (is_counted)
            is_barred |= !has_room(g, set, unit);
        bound = bound - dangling[leans] - barred[is_barred];
        g->bounds[i] = bound;
        found = bound > best ? i : found;
        best = bound > best ? bound : best;
    }
    return found;
}

/* The free unit with the highest bound, or NONE: that may be worth most. */
static uint32_t find_likeliest(struct grower *g, const struct set *set)
{
    uint32_t found = find_bounds(g, set);
    double best = -DBL_MAX;

    if (found == NONE || is_free(g, found))
        return found;
    found = NONE; /* asking as it goes: again and again would not be linear */
    for (uint32_t i = 0; i < g->s->count; i++)
        if (g->bounds[i] > best && is_free(g, i)) {
            best = g->bounds[i];
            found = i;
        }
    return found;
}

/* Guesses what the set with the unit is worth: lowers the bound, and returns
 * what it is not below. */
static double guess(struct grower *g, const struct set *set, uint32_t number)
{
    struct unit *unit = &g->s->units[number];
    double gain = unit_guess(&g->gains, number);
    double slack = g->gains.slack[number], cost = cost_with(g, set, unit);
    double words = set->words + unit->words;

    g->bounds[number] = worth(g, set->credits + (gain + slack), words) - cost;
    return worth(g, set->credits + (gain - slack), words) - cost;
}

/* Lists the units whose bound with the set is not below what guesses say that
 * the best is worth, and above `floor`.  Returns that, and how many are listed
 * in `count`. */
static double find_likely(struct grower *g, const struct set *set,
                          uint32_t likeliest, double floor, size_t *count)
{
    double least = guess(g, set, likeliest), value;
    uint32_t *likely = g->likely;
    size_t found = 0, kept = 0;

    for (uint32_t i = 0; i < g->s->count; i++) { /* without a branch */
        likely[found] = i;
        found += (g->bounds[i] >= least) & (g->bounds[i] > floor);
    }
    for (size_t i = 0; i < found; i++) {
        uint32_t number = likely[i];
        if (g->bounds[number] < least)
            continue;
        likely[kept++] = number;
        if (number == likeliest)
            continue;
        value = guess(g, set, number);
        if (value > least && is_free(g, number)) /* which is asked for few */
            least = value;
    }
    *count = kept;
    return least;
}

/* The unit that raises the score of the set most, the first of those, if that
 * is above `floor`; or NONE.  `likeliest` is what find_likeliest() found. */
static uint32_t find_best(struct grower *g, const struct set *set,
                          uint32_t likeliest, double floor)
{
    size_t count;
    double best = floor;
    double least = find_likely(g, set, likeliest, floor, &count);
    uint32_t found = NONE;

    for (size_t i = 0; i < count; i++) {
        uint32_t number = g->likely[i];
        double value, gain;
        if (g->bounds[number] < least || g->bounds[number] <= floor
            || !is_free(g, number))
            continue;
        gain = unit_gain(&g->gains, number);
        value = worth_with(g, set, &g->s->units[number], gain);
        if (value > best) {
            best = value;
            found = number;
            g->gain = gain;
        }
    }
    return found;
}

/* Whether the set has room for one sentence more and no other. */
static int is_nearly_full(const struct grower *g, const struct set *set)
{
    if (g->s->limit == PRECIS_LIMIT_AUTO)
        return set->sentences + 1 == AUTO_SENTENCES;
    return g->s->limit == PRECIS_LIMIT_SENTENCES
           && set->used + 1 == g->s->amount && set->count + 1 < GREEDY_MAX;
}

/* Returns what the set is worth then, or, where that is no more than `beaten`,
 * something that is no more either. */
static double set_grow(struct grower *g, struct set *set, double beaten)
{
    int is_auto = g->s->limit == PRECIS_LIMIT_AUTO;

    gains_begin(&g->gains);
    while (!is_full(g, set)) {
        double now = set_worth(g, set), floor = is_auto ? now : -DBL_MAX;
        uint32_t likeliest = find_likeliest(g, set), found;
        if (likeliest == NONE || g->bounds[likeliest] <= floor)
            return now;
        if (is_nearly_full(g, set) && floor < beaten) {
            if (g->bounds[likeliest] <= beaten)
                return beaten;
            floor = beaten;
        }
        while (set->covered < set->count)
            unit_count(&g->gains, set->units[set->covered++]);
        found = find_best(g, set, likeliest, floor);
        if (found == NONE)
            return floor;
        set_add(g, set, found, g->gain);
    }
    return set_worth(g, set);
}

/* Empties the set, and what is marked and counted of it. */
static void set_clear(struct grower *g, struct set *set)
{
    for (size_t i = 0; i < set->count; i++)
        mark(g->s, &g->s->units[set->units[i]], 0);
    gains_end(&g->gains, set->units, set->covered);
    set->count = set->sentences = set->used = set->covered = 0;
    set->dangling = 0;
    set->credits = set->words = 0;
}

/* The units that are best alone, the best first. */
static size_t find_starts(struct grower *g, uint32_t starts[STARTS])
{
    const struct set none = { 0 };
    double values[STARTS];
    size_t count = 0;

    for (uint32_t i = 0; i < g->s->count; i++) {
        struct unit *unit = &g->s->units[i];
        double value;
        size_t place;
        if (!has_room(g, &none, unit))
            continue;
        if (!g->gains.is_known[i]) {
            if (count == STARTS
                && worth(g, g->gains.most[i], unit->words)
                       <= values[STARTS - 1])
                continue;
            unit_begin(&g->gains, i);
        }
        value = worth_with(g, &none, unit, g->gains.first[i]);
        if ((count == STARTS && value <= values[STARTS - 1])
            || !unit_is_free(g->s, unit)) /* it may later */
            continue;
        for (place = count < STARTS ? count++ : STARTS - 1;
             place > 0 && values[place - 1] < value; place--) {
            values[place] = values[place - 1];
            starts[place] = starts[place - 1];
        }
        values[place] = value;
        starts[place] = i;
    }
    return count;
}

int choose_set(struct selector *s)
{
    struct document *d = s->document;
    struct grower g = { .s = s };
    struct set *set = arena_take(d->arena, 2 * sizeof *set), *best = set + 1;
    uint32_t starts[STARTS];
    double highest = -DBL_MAX;
    size_t count;

    if (set == NULL || grower_init(&g) != 0)
        return PRECIS_EINTERNAL;
    memset(set, 0, 2 * sizeof *set);
    count = find_starts(&g, starts);
    for (size_t i = 0; i < count; i++) {
        double value;
        set_add(&g, set, starts[i], g.gains.first[starts[i]]);
        value = set_grow(&g, set, highest);
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
