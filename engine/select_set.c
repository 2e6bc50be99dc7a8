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
 * come by.  Most units need no sum: with it comes a bound, the sum of the most
 * that each could earn from there on, and while the set grows that bound is
 * never passed.
 */
#include <config.h>

#include "engine/credits.h"
#include "engine/select.h"

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
    double credits, words;
};

/* A unit's words and pairs, in the order of the text: the item's number times
 * 2.  Behind a word that the unit has had already it is 1 more, and then comes
 * how often.  What earns nothing in any set is left out: the second of a pair,
 * the fourth of a word. */
struct items {
    uint32_t *list;
    size_t count;
};

/* Times that a word earns anything. */
#define EARNING_MAX 3

/* What an item earns once more in the set, and the most it can from there on,
 * at least 0: added up side by side. */
typedef double worths __attribute__((vector_size(2 * sizeof(double))));

struct grower {
    struct selector *s;
    const struct credits *credits;
    size_t forms;        /* items: first the forms, then the pairs */
    struct items *units; /* of each unit */
    uint8_t *times;      /* by form: in the set, at most EARNING_MAX */
    worths *earns;       /* by item */
    worths *at_first;    /* the same of no set */
    double *first;       /* by unit: the bound of what it adds to no set ... */
    double *most;        /* ... and to this one, as far as it was summed up */
    double cost;         /* of a word */
    double leaning;      /* of a unit that dangles */
};

/* ---- what a unit earns ---- */

/* What a form earns that is in the set so many times. */
static worths form_worths(const struct credits *c, uint32_t form,
                          unsigned times)
{
    const double credits[] = { c->once[form], c->twice[form], c->thrice[form] };
    double most = 0;

    if (times >= EARNING_MAX)
        return (worths){ 0, 0 };
    for (unsigned i = times; i < EARNING_MAX; i++)
        most = credits[i] > most ? credits[i] : most;
    return (worths){ credits[times], most };
}

/* What a unit adds to the set, and the most it can while the set grows. */
static worths unit_earns(const struct grower *g, uint32_t number)
{
    const struct items *items = &g->units[number];
    const uint32_t *next = items->list, *end = next + items->count;
    const worths *earns = g->earns;
    worths sum = { 0, 0 };

    for (; next < end; next++) {
        uint32_t item = *next / 2;
        if (*next & 1)
            sum += form_worths(g->credits, item, g->times[item] + *++next);
        else
            sum += earns[item];
    }
    return sum;
}

/* Counts the items of a unit of the set. */
static void unit_count(struct grower *g, uint32_t number)
{
    const struct items *items = &g->units[number];

    for (size_t i = 0; i < items->count; i++) {
        uint32_t item = items->list[i] / 2;
        i += items->list[i] & 1;
        if (item >= g->forms)
            g->earns[item] = (worths){ 0, 0 };
        else if (g->times[item] < EARNING_MAX)
            g->earns[item] = form_worths(g->credits, item, ++g->times[item]);
    }
}

static void unit_uncount(struct grower *g, uint32_t number)
{
    const struct items *items = &g->units[number];

    for (size_t i = 0; i < items->count; i++) {
        uint32_t item = items->list[i] / 2;
        i += items->list[i] & 1;
        g->earns[item] = g->at_first[item];
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
        *l->next++ = item * 2;
    } else if (++l->times[item] < earning) {
        *l->next++ = item * 2 + 1;
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

/* Lists the items of all units.  0, or PRECIS_EINTERNAL. */
static int list_units(struct grower *g)
{
    const struct selector *s = g->s;
    struct arena *arena = s->document->arena;
    size_t items = g->forms + g->credits->facts.pair_count, most = 1;
    struct lister l = { 0 };

    for (size_t u = 0; u < s->count; u++)
        for (uint32_t i = 0; i < s->units[u].count; i++)
            most += 3 * (size_t) s->document
                            ->segments[s->units[u].first + i].tokens;
    g->units = arena_take(arena, s->count * sizeof *g->units + 1);
    l.next = arena_take(arena, most * sizeof *l.next);
    l.unit = arena_take_array(arena, items + 1, 2 * sizeof *l.unit);
    if (g->units == NULL || l.next == NULL || l.unit == NULL)
        return PRECIS_EINTERNAL;
    l.times = l.unit + items;
    for (size_t u = 0; u < s->count; u++) {
        l.number = (uint32_t) u + 1;
        g->units[u].list = l.next;
        list_unit(g, &l, &s->units[u]);
        g->units[u].count = (size_t) (l.next - g->units[u].list);
    }
    return 0;
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
    g->earns = arena_take(arena, (items + 1) * 2 * sizeof *g->earns);
    g->first = arena_take(arena, (s->count + 1) * 2 * sizeof *g->first);
    if (g->times == NULL || g->earns == NULL || g->first == NULL)
        return PRECIS_EINTERNAL;
    g->at_first = g->earns + items;
    g->most = g->first + s->count;
    for (uint32_t i = 0; i < g->forms; i++)
        g->at_first[i] = form_worths(c, i, 0);
    for (size_t i = 0; i < c->facts.pair_count; i++)
        g->at_first[g->forms + i] =
            (worths){ c->pair[i], c->pair[i] > 0 ? c->pair[i] : 0 };
    memcpy(g->earns, g->at_first, items * sizeof *g->earns);
    return list_units(g);
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

/* The score of the set with the unit. */
static double worth_with(struct grower *g, const struct set *set,
                         uint32_t number)
{
    struct unit *unit = &g->s->units[number];
    worths gain = unit_earns(g, number);
    double cost = 0;

    g->most[number] = gain[1];
    if (g->s->ease == EASE_LEANING) {
        mark(g->s, unit, 1);
        cost = leaning_cost(g, set);
        if (unit_dangles(g->s, unit))
            cost += g->leaning;
        mark(g->s, unit, 0);
    }
    return worth(g, set->credits + gain[0], set->words + unit->words) - cost;
}

/* What that is not above. */
static double worth_bound(const struct grower *g, const struct set *set,
                          uint32_t number)
{
    return worth(g, set->credits + g->most[number],
                 set->words + g->s->units[number].words);
}

static int fits(struct grower *g, const struct set *set,
                const struct unit *unit)
{
    struct selector *s = g->s;

    if (s->limit == PRECIS_LIMIT_AUTO)
        return unit_is_free(s, unit)
               && (set->count == 0
                   || set->sentences + unit->sentences <= AUTO_SENTENCES);
    s->used = set->used;
    return unit_fits(s, unit);
}

static void set_add(struct grower *g, struct set *set, uint32_t number)
{
    struct unit *unit = &g->s->units[number];

    g->s->used = set->used;
    set->used += unit_cost(g->s, unit);
    set->credits += unit_earns(g, number)[0];
    unit_count(g, number);
    set->words += unit->words;
    set->sentences += unit->sentences;
    set->units[set->count++] = number;
    mark(g->s, unit, 1);
}

/* The unit that may be worth most, or NONE. */
static uint32_t find_likeliest(struct grower *g, const struct set *set)
{
    uint32_t found = NONE;
    double best = 0;

    for (uint32_t i = 0; i < g->s->count; i++) {
        double value;
        if (!fits(g, set, &g->s->units[i]))
            continue;
        value = worth_bound(g, set, i);
        if (found == NONE || value > best) {
            best = value;
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
    uint32_t likeliest = find_likeliest(g, set), found = likeliest;
    double best;

    if (likeliest == NONE || worth_bound(g, set, likeliest) <= floor)
        return NONE;
    best = worth_with(g, set, likeliest);
    for (uint32_t i = 0; i < g->s->count; i++) {
        double value;
        if (i == likeliest || !fits(g, set, &g->s->units[i]))
            continue;
        value = worth_bound(g, set, i);
        if (value < best || value <= floor || (value == best && i > found))
            continue;
        value = worth_with(g, set, i);
        if (value > best || (value == best && i < found)) {
            best = value;
            found = i;
        }
    }
    return best > floor ? found : NONE;
}

static void set_grow(struct grower *g, struct set *set)
{
    int is_auto = g->s->limit == PRECIS_LIMIT_AUTO;

    memcpy(g->most, g->first, g->s->count * sizeof *g->most);
    while (set->count < GREEDY_MAX) {
        double floor = is_auto ? set_worth(g, set) : -1e300;
        uint32_t found = find_best(g, set, floor);
        if (found == NONE)
            return;
        set_add(g, set, found);
    }
}

/* Empties the set, and the marks of what it covers. */
static void set_clear(struct grower *g, struct set *set)
{
    for (size_t i = 0; i < set->count; i++) {
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
        if (!fits(g, &none, &g->s->units[i])) { /* it may later */
            g->most[i] = unit_earns(g, i)[1];
            continue;
        }
        value = worth_with(g, &none, i);
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
    memcpy(g.first, g.most, s->count * sizeof *g.first);
    for (size_t i = 0; i < count; i++) {
        set_add(&g, set, starts[i]);
        set_grow(&g, set);
        if (i == 0 || set_worth(&g, set) > highest) {
            *best = *set;
            highest = set_worth(&g, set);
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
