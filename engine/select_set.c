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
    struct bounds bounds;  /* of the set with each unit */
    double *penalties;     /* by unit: those of no set */
    uint32_t *other;       /* ... the pair it is in, or NONE; of a pair the
                              first that is in it */
    double gain;           /* what the unit that find_best() found adds */
    double cost;           /* of a word */
    double leaning;        /* of a unit that dangles */
};

/* Which units are in which pairs, both in the order of the text: in one at
 * most, since only the second of a pair leans. */
static void find_others(struct grower *g)
{
    const struct selector *s = g->s;
    uint32_t plain = 0;

    for (size_t i = 0; i < s->plain; i++)
        g->other[i] = NONE;
    for (uint32_t i = (uint32_t) s->plain; i < s->count; i++) {
        while (s->units[plain].first != s->units[i].first)
            plain++;
        g->other[plain] = g->other[plain + 1] = i;
        g->other[i] = plain;
    }
}

/* What a unit takes of the limit where nothing is taken. */
static double limit_cost(const struct selector *s, const struct unit *unit)
{
    if (s->limit == PRECIS_LIMIT_AUTO)
        return unit->sentences;
    return (double) unit_cost(s, unit);
}

/* Whether it is known already that a unit may not be taken.  `dangles`: it
 * leans on a sentence that is not. */
static int is_refused(enum ease ease, const struct unit *unit, int dangles)
{
    return ((ease < EASE_ALL) & (unit->whole == 0))
           | ((ease < EASE_READING) & (unit->talk == 1))
           | ((ease < EASE_LEANING) & dangles);
}

/* What so many of its units cost a set because they dangle. */
static double leaning_cost(const struct grower *g, size_t count)
{
    return g->s->ease == EASE_LEANING ? g->leaning * (double) count : 0;
}

/* What it costs to take a unit where nothing is taken, or DBL_MAX: it may not
 * be; as far as it is known.  Without a branch. */
static double penalty_alone(const struct grower *g, const struct unit *unit)
{
    const double penalties[4] = { 0, leaning_cost(g, 1), DBL_MAX, DBL_MAX };
    int leans = unit->leans == 1;

    return penalties[leans | is_refused(g->s->ease, unit, leans) << 1];
}

static void bounds_init(struct grower *g)
{
    struct selector *s = g->s;
    struct bounds *b = &g->bounds;

    for (uint32_t i = 0; i < s->count; i++) {
        b->words[i] = s->units[i].words;
        b->costs[i] = limit_cost(s, &s->units[i]);
        g->penalties[i] = penalty_alone(g, &s->units[i]);
    }
    for (size_t i = s->count; i < b->count; i++) {
        b->words[i] = b->costs[i] = 0;
        g->penalties[i] = DBL_MAX;
    }
    memcpy(b->penalties, g->penalties, b->count * sizeof *b->penalties);
}

static int grower_init(struct grower *g)
{
    const struct selector *s = g->s;
    struct bounds *b = &g->bounds;
    size_t room = BOUNDS_ROOM(s->count);

    if (s->limit == PRECIS_LIMIT_AUTO)
        g->cost = s->terse ? TERSE_COST : WORD_COST;
    g->leaning = s->limit == PRECIS_LIMIT_AUTO ? LEANING_COST
                                               : LEANING_COST_ALONE;
    b->words = arena_take(s->document->arena,
                          (room + 1) * (5 * sizeof *b->words
                                        + 2 * sizeof *b->likely)
                              + BOUNDS_STEP * sizeof *b->likely);
    if (b->words == NULL)
        return PRECIS_EINTERNAL;
    b->count = room;
    b->costs = b->words + room;
    b->penalties = b->costs + room;
    b->values = b->penalties + room;
    g->penalties = b->values + room;
    g->other = (uint32_t *) (g->penalties + room);
    b->likely = g->other + room;
    find_others(g);
    return gains_init(&g->gains, g->s);
}

/* That of the units, once for all eases: where no unit could be taken none was
 * counted.  NULL: out of memory. */
static struct grower *grower_of(struct selector *s)
{
    struct grower *g = s->grower;

    if (g != NULL)
        return g;
    g = arena_take_array(s->document->arena, 1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->s = s;
    s->grower = grower_init(g) == 0 ? g : NULL;
    return s->grower;
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

/* The most that a unit may take of the limit, in limit_cost(). */
static double room_left(const struct grower *g, const struct set *set)
{
    if (g->s->limit == PRECIS_LIMIT_AUTO)
        return set->count == 0 ? DBL_MAX
                               : (double) (AUTO_SENTENCES - set->sentences);
    return (double) (g->s->amount - set->used)
           - (g->s->limit == PRECIS_LIMIT_CHARACTERS && set->used > 0);
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

/* As far as it is known: what it costs to take a unit, or DBL_MAX: it may not
 * be taken.  Two that overlap do so at an end of one. */
static double penalty(const struct grower *g, uint32_t number)
{
    const struct unit *unit = &g->s->units[number];
    const uint8_t *taken = g->s->taken;
    int leans = unit->leans == 1 && !taken[unit->before];

    if (taken[unit->first] | taken[unit->first + unit->count - 1]
        | is_refused(g->s->ease, unit, leans))
        return DBL_MAX;
    return leans ? leaning_cost(g, 1) : 0;
}

/* Marks a unit that is added, and what it changes of others: those that have a
 * sentence of it, and what leans on it. */
static void set_mark(struct grower *g, uint32_t number)
{
    const struct selector *s = g->s;
    double *penalties = g->bounds.penalties;
    uint32_t other = g->other[number], next = number + 1;

    mark(g->s, &s->units[number], 1);
    penalties[number] = DBL_MAX;
    if (number >= s->plain) {
        penalties[other] = penalties[other + 1] = DBL_MAX;
        next = other + 2;
    } else if (other != NONE) {
        penalties[other] = DBL_MAX;
    }
    if (next < s->plain && s->units[next].leans == 1)
        penalties[next] = penalty(g, next);
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
    set_mark(g, number);
    if (g->s->ease == EASE_LEANING)
        set->dangling = count_dangling(g->s, set);
}

/* May a unit be taken for which there is room?  If not, says so: it may not
 * where nothing is taken either. */
static int is_free(struct grower *g, uint32_t number)
{
    if (unit_is_free(g->s, &g->s->units[number]))
        return 1;
    g->bounds.values[number] = -DBL_MAX;
    g->bounds.penalties[number] = g->penalties[number] = DBL_MAX;
    return 0;
}

/* Finds bounds for the set with each unit that may be taken, as far as that is
 * known, and that there is room for.  Returns the unit with the highest, or
 * NONE. */
static uint32_t find_bounds(struct grower *g, const struct set *set,
                            const double *upper)
{
    const struct bounded bounded = {
        set->credits, set->words, g->cost, room_left(g, set)
    };

    return bounds_find(&g->bounds, &bounded, upper);
}

/* The free unit with the highest bound, or NONE: that may be worth most. */
static uint32_t find_likeliest(struct grower *g, const struct set *set)
{
    const double *values = g->bounds.values;
    uint32_t found = find_bounds(g, set, g->gains.upper);
    double best = -DBL_MAX;

    if (found == NONE || is_free(g, found))
        return found;
    found = NONE; /* asking as it goes: again and again would not be linear */
    for (uint32_t i = 0; i < g->s->count; i++)
        if (values[i] > best && is_free(g, i)) {
            best = values[i];
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

    g->bounds.values[number] =
        worth(g, set->credits + (gain + slack), words) - cost;
    return worth(g, set->credits + (gain - slack), words) - cost;
}

/* Lists the units whose bound with the set is not below what guesses say that
 * the best is worth, and above `floor`.  Returns how many. */
static size_t find_likely(struct grower *g, const struct set *set,
                          uint32_t likeliest, double floor)
{
    double least = guess(g, set, likeliest), most = least;
    size_t count = bounds_list(&g->bounds, least, floor);
    uint32_t guessed = likeliest;

    for (size_t i = 0; i < count; i++) { /* nearly all of them would be asked,
                                            whatever the others are worth */
        uint32_t number = g->bounds.likely[i];
        double value = number == likeliest ? least : guess(g, set, number);
        guessed = value > most ? number : guessed;
        most = value > most ? value : most;
    }
    if (guessed != likeliest && is_free(g, guessed))
        least = most;
    return bounds_list(&g->bounds, least, floor);
}

/* The unit that raises the score of the set most, the first of those, if that
 * is above `floor`; or NONE.  `likeliest` is what find_likeliest() found. */
static uint32_t find_best(struct grower *g, const struct set *set,
                          uint32_t likeliest, double floor)
{
    size_t count = find_likely(g, set, likeliest, floor);
    double best = floor;
    uint32_t found = NONE;

    for (size_t i = 0; i < count; i++) {
        uint32_t number = g->bounds.likely[i];
        double value, gain;
        if (!is_free(g, number))
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
        if (likeliest == NONE || g->bounds.values[likeliest] <= floor)
            return now;
        if (is_nearly_full(g, set) && floor < beaten) {
            if (g->bounds.values[likeliest] <= beaten)
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

/* Before another set is grown: takes back what is counted of this one. */
static void set_end(struct grower *g, const struct set *set)
{
    memcpy(g->bounds.penalties, g->penalties,
           g->bounds.count * sizeof *g->penalties);
    gains_end(&g->gains, set->units, set->covered);
}

/* Empties the set, and what is marked of it. */
static void set_clear(struct grower *g, struct set *set)
{
    for (size_t i = 0; i < set->count; i++)
        mark(g->s, &g->s->units[set->units[i]], 0);
    set->count = set->sentences = set->used = set->covered = 0;
    set->dangling = 0;
    set->credits = set->words = 0;
}

/* Finds what a unit is worth alone, and whether it may be taken. */
static void measure_alone(struct grower *g, const struct set *none,
                          uint32_t number)
{
    struct unit *unit = &g->s->units[number];

    if (!g->gains.is_known[number])
        unit_begin(&g->gains, number);
    if (is_free(g, number))
        g->bounds.values[number] =
            worth_with(g, none, unit, g->gains.first[number]);
}

/* Looks for starts one by one so many times; then all units are measured, for
 * again and again would not be linear. */
#define LOOKS_MAX (4 * STARTS)

/* The units that are best alone, the best first. */
static size_t find_starts(struct grower *g, uint32_t starts[STARTS])
{
    static const struct set none;
    double *values = g->bounds.values, bound;
    uint32_t found = find_bounds(g, &none, g->gains.first);
    size_t count = 0;

    for (int looks = 0; found != NONE && count < STARTS; looks++) {
        bound = values[found];
        measure_alone(g, &none, found);
        if (values[found] == bound) {
            starts[count++] = found;
            values[found] = -DBL_MAX;
        }
        if (looks == LOOKS_MAX)
            for (uint32_t i = 0; i < g->s->count; i++)
                if (values[i] > -DBL_MAX)
                    measure_alone(g, &none, i);
        found = bounds_highest(&g->bounds);
    }
    return count;
}

int choose_set(struct selector *s)
{
    struct document *d = s->document;
    struct grower *g = grower_of(s);
    struct set *set = arena_take(d->arena, 2 * sizeof *set), *best = set + 1;
    uint32_t starts[STARTS];
    double highest = -DBL_MAX;
    size_t count;

    if (set == NULL || g == NULL)
        return PRECIS_EINTERNAL;
    memset(set, 0, 2 * sizeof *set);
    bounds_init(g);
    count = find_starts(g, starts);
    for (size_t i = 0; i < count; i++) {
        double value;
        set_add(g, set, starts[i], g->gains.first[starts[i]]);
        value = set_grow(g, set, highest);
        if (i == 0 || value > highest) {
            *best = *set;
            highest = value;
        }
        /* a long summary depends little on where it starts */
        if (set->count == GREEDY_MAX)
            count = i + 1;
        if (i + 1 < count)
            set_end(g, set);
        set_clear(g, set);
    }
    s->used = 0;
    for (size_t i = 0; i < best->count; i++)
        unit_take(s, &s->units[best->units[i]]);
    return best->count == GREEDY_MAX ? take_rest(s) : 0;
}
