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
 * What a unit adds to a set is the sum of what each of its words and pairs
 * earns there, in the order of the text, so that it is the same however it was
 * come by.  Most units need no sum: what they add to no set is known, and where
 * a unit is taken, the units that share a word or a pair with it are told how
 * much less that is worth now.  That is what a unit adds, but for rounding and
 * for function words that it has more than once: a bound, and only units whose
 * bound is above the best are summed up.
 */
#include <config.h>

#include "engine/credits.h"
#include "engine/select.h"

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
    size_t covered; /* so many of its units are counted in the grower */
    double credits, words;
};

/* The units that a sentence is in: the one that is it alone, and those that have
 * more.  `count` of the selector where there is none. */
struct owners {
    uint32_t alone, among, pair;
};

struct grower {
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
    double *bounds;      /* by unit: the score of the set with it, likewise */
    double gain;         /* what the unit that find_best() found adds */
    double cost;         /* of a word */
    double leaning;      /* of a unit that dangles */
};

/* ---- what a unit earns ---- */

/* What a form earns that is in the set so many times. */
static inline worths form_worths(const struct credits *c, uint32_t form,
                                 unsigned times)
{
    double twice = c->twice[form], thrice = c->thrice[form];

    switch (times) { /* neither is below 0 */
    case 0: return c->first[form];
    case 1: return (worths){ twice, twice > thrice ? twice : thrice };
    case 2: return (worths){ thrice, thrice };
    default: return (worths){ 0, 0 };
    }
}

/* What a unit adds to the set, and the most it can while the set grows. */
static worths unit_earns(const struct grower *g, uint32_t number)
{
    const struct items *items = &g->units[number];
    const uint32_t *next = items->list, *end = next + items->count;
    const worths *earns = g->earns;
    worths sum = { 0, 0 };

    for (; next < end; next++) {
        uint32_t item = *next;
        if (item & ITEM_AGAIN) {
            item -= ITEM_AGAIN;
            sum += form_worths(g->credits, item, g->times[item] + *++next);
        } else
            sum += earns[item];
    }
    return sum;
}

/* Once in a turn, though more than one of the unit's sentences has an item. */
static void unit_lower(struct grower *g, uint32_t number, double less)
{
    if (g->lowered[number] == g->turn)
        return;
    g->lowered[number] = g->turn;
    g->upper[number] -= less;
}

/* Takes off the upper bounds of the units that have an item what it earns
 * less now, at least. */
static void holders_lower(struct grower *g, uint32_t holder, double less)
{
    const struct holder *holders = g->credits->facts.holders;

    g->turn++;
    for (; holder != 0; holder = holders[holder].next) {
        const struct owners *o = &g->owners[holders[holder].sentence];
        g->upper[o->alone] -= less;
        if (o->among == o->pair)
            continue; /* neither */
        unit_lower(g, o->among, less);
        unit_lower(g, o->pair, less);
    }
}

/* Counts the items of a unit of the set. */
static void unit_count(struct grower *g, uint32_t number)
{
    const struct items *items = &g->units[number];
    const uint32_t *heads = g->credits->facts.heads;
    int is_lowered = g->s->document->cut == NULL;

    for (size_t i = 0; i < items->count; i++) {
        uint32_t item = items->list[i] & ~ITEM_AGAIN;
        double before = g->earns[item][0];
        worths now = { 0, 0 };
        i += items->list[i] != item;
        if (item < g->forms && g->times[item] < EARNING_MAX)
            now = form_worths(g->credits, item, ++g->times[item]);
        g->earns[item] = now;
        if (heads[item] != 0 && is_lowered)
            holders_lower(g, heads[item], before - now[1]);
    }
}

static void unit_uncount(struct grower *g, uint32_t number)
{
    const struct items *items = &g->units[number];

    for (size_t i = 0; i < items->count; i++) {
        uint32_t item = items->list[i] & ~ITEM_AGAIN;
        i += items->list[i] != item;
        g->earns[item] = g->credits->first[item];
        if (item < g->forms)
            g->times[item] = 0;
    }
}

/* ---- lists ---- */

/* Where lists are made: of each item, the unit that had it last, and how often
 * before. */
struct lister {
    uint32_t *unit, *times;
    uint32_t number; /* of this unit, and 1 */
    uint32_t *next;  /* where to write */
};

static void list_add(struct lister *l, uint32_t item, unsigned earning)
{
    if (l->unit[item] != l->number) {
        l->unit[item] = l->number;
        l->times[item] = 0;
        *l->next++ = item;
    } else if (++l->times[item] < earning) {
        *l->next++ = item | ITEM_AGAIN;
        *l->next++ = l->times[item];
    }
}

static void list_unit(struct grower *g, struct lister *l,
                      const struct unit *unit)
{
    const struct document *d = g->s->document;
    const struct credit_facts *facts = &g->credits->facts;

    for (uint32_t i = 0; i < unit->count; i++) {
        const struct segment *segment = &d->segments[unit->first + i];
        uint32_t end = segment->token + segment->tokens;
        for (uint32_t token = segment->token; token < end; token++) {
            uint32_t pair = facts->pair_of[token];
            if (d->cut != NULL && d->cut[token])
                continue;
            list_add(l, facts->form_of[token], EARNING_MAX);
            if (pair != NONE && (d->cut == NULL || !d->cut[token + 1]))
                list_add(l, (uint32_t) g->forms + pair, 1);
        }
    }
}

/* Is the unit a sentence as it stands? */
static int is_plain(const struct grower *g, const struct unit *unit)
{
    return unit->count == 1 && g->s->document->cut == NULL;
}

/* Lists the items of units that are not.  0, or PRECIS_EINTERNAL. */
static int list_others(struct grower *g, size_t tokens)
{
    struct arena *arena = g->s->document->arena;
    size_t items = g->forms + g->credits->facts.pair_count;
    struct lister l = { 0 };

    l.next = arena_take(arena, 3 * tokens * sizeof *l.next);
    l.unit = arena_take_array(arena, items + 1, 2 * sizeof *l.unit);
    if (l.next == NULL || l.unit == NULL)
        return PRECIS_EINTERNAL;
    l.times = l.unit + items;
    for (size_t u = 0; u < g->s->count; u++) {
        if (is_plain(g, &g->s->units[u]))
            continue;
        l.number = (uint32_t) u + 1;
        g->units[u].list = l.next;
        list_unit(g, &l, &g->s->units[u]);
        g->units[u].count = (size_t) (l.next - g->units[u].list);
    }
    return 0;
}

/* Lists the items of all units.  0, or PRECIS_EINTERNAL. */
static int list_units(struct grower *g)
{
    const struct selector *s = g->s;
    const struct document *d = s->document;
    size_t others = 0;

    g->units = arena_take(d->arena, (s->count + 1) * sizeof *g->units);
    if (g->units == NULL)
        return PRECIS_EINTERNAL;
    for (size_t u = 0; u < s->count; u++) {
        const struct unit *unit = &s->units[u];
        if (is_plain(g, unit))
            g->units[u] = g->credits->facts.items[unit->first];
        else
            for (uint32_t i = 0; i < unit->count; i++)
                others += d->segments[unit->first + i].tokens;
    }
    return others == 0 ? 0 : list_others(g, others);
}

/* ---- owners ---- */

/* The first unit from *at on, of those before `end`, that has the segment, or
 * their count. */
static uint32_t unit_with(const struct selector *s, uint32_t segment,
                          uint32_t *at, size_t end)
{
    const struct unit *units = s->units;

    while (*at < end && units[*at].first + units[*at].count <= segment)
        ++*at;
    return *at < end && units[*at].first <= segment ? *at
                                                    : (uint32_t) s->count;
}

/* Which units have which sentence: plain ones and pairs are each in the order
 * of the text.  0, or PRECIS_EINTERNAL. */
static int find_owners(struct grower *g)
{
    const struct selector *s = g->s;
    const struct document *d = s->document;
    uint32_t none = (uint32_t) s->count, sentence = 0;
    uint32_t plain = 0, pair = (uint32_t) s->plain;

    g->owners = arena_take(d->arena,
                           (d->sentence_count + 1) * sizeof *g->owners);
    g->lowered = arena_take_array(d->arena, s->count + 1, sizeof *g->lowered);
    if (g->owners == NULL || g->lowered == NULL)
        return PRECIS_EINTERNAL;
    for (uint32_t i = 0; i < d->segment_count; i++) {
        struct owners *o = &g->owners[sentence];
        uint32_t unit;
        if (d->segments[i].kind != PRECIS_SENTENCE)
            continue;
        sentence++;
        unit = unit_with(s, i, &plain, s->plain);
        o->alone = unit < none && s->units[unit].count == 1 ? unit : none;
        o->among = o->alone == none ? unit : none;
        o->pair = unit_with(s, i, &pair, s->count);
    }
    return 0;
}

/* ---- */

/* What rounding makes of sums like these, of less than 2^20 numbers, is below
 * so much of the sum of their absolute values. */
#define ROUNDING (1.0 / (1 << 24))

/* Sums up what the units add to no set.  Of a unit of which parts are cut, the
 * bound is the most that it can add to any. */
static void sum_units(struct grower *g)
{
    for (uint32_t i = 0; i < g->s->count; i++) {
        const struct unit *unit = &g->s->units[i];
        worths sum = is_plain(g, unit) ? g->credits->sums[unit->first]
                                       : unit_earns(g, i);
        g->first[i] = sum;
        /* absolute values: what is below 0 is in the first alone */
        g->at_first[i] = sum[0] + (2 * sum[1] - sum[0]) * ROUNDING;
        if (g->s->document->cut != NULL)
            g->at_first[i] = sum[1];
    }
}

/* What a unit adds to the set. */
static double unit_gain(struct grower *g, uint32_t number)
{
    worths sum = unit_earns(g, number);

    if (g->s->document->cut != NULL)
        g->upper[number] = sum[1];
    return sum[0];
}

static int grower_init(struct grower *g)
{
    const struct selector *s = g->s;
    struct arena *arena = s->document->arena;
    const struct credits *c = g->credits;
    size_t items;

    g->forms = s->document->form_count;
    items = g->forms + c->facts.pair_count;
    if (s->limit == PRECIS_LIMIT_AUTO)
        g->cost = s->terse ? TERSE_COST : WORD_COST;
    g->leaning = s->limit == PRECIS_LIMIT_AUTO ? LEANING_COST
                                               : LEANING_COST_ALONE;
    g->times = arena_take_array(arena, g->forms + 1, 1);
    g->earns = arena_take(arena, (items + 1) * sizeof *g->earns);
    g->first = arena_take(arena, (s->count + 1) * sizeof *g->first);
    g->upper = arena_take_array(arena, s->count + 1, 3 * sizeof *g->upper);
    if (g->times == NULL || g->earns == NULL || g->first == NULL
        || g->upper == NULL)
        return PRECIS_EINTERNAL;
    g->at_first = g->upper + s->count + 1;
    g->bounds = g->at_first + s->count + 1;
    memcpy(g->earns, c->first, items * sizeof *g->earns);
    if (list_units(g) != 0 || find_owners(g) != 0)
        return PRECIS_EINTERNAL;
    sum_units(g);
    return 0;
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
                         const struct unit *unit, double gain)
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
    const struct unit *unit = &g->s->units[number];
    double bound = worth(g, set->credits + g->upper[number],
                         set->words + unit->words);

    return g->s->ease == EASE_LEANING && unit_dangles(g->s, unit)
               ? bound - g->leaning
               : bound;
}

static int fits(const struct grower *g, const struct set *set,
                const struct unit *unit)
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
    g->gain = unit_gain(g, found);
    best = worth_with(g, set, &g->s->units[found], g->gain);
    for (uint32_t i = 0; i < g->s->count; i++) {
        double value, gain;
        if (g->bounds[i] < best || g->bounds[i] <= floor || i == likeliest)
            continue;
        gain = unit_gain(g, i);
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

    memcpy(g->upper, g->at_first, g->s->count * sizeof *g->upper);
    while (!is_full(g, set)) {
        double floor = is_auto ? set_worth(g, set) : -DBL_MAX;
        uint32_t found;
        unit_count(g, set->units[set->covered++]);
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
            unit_uncount(g, set->units[i]);
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
        value = worth_with(g, &none, &g->s->units[i], g->first[i][0]);
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
    struct grower g = { .s = s, .credits = d->credits };
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
        set_add(&g, set, starts[i], g.first[starts[i]][0]);
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
