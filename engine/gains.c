/* gains.c - what units add to a set; see gains.h. */
#include <config.h>

#include "engine/gains.h"

#include <string.h>

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
static worths unit_earns(const struct gains *g, uint32_t number)
{
    const struct items *items = &g->units[number];
    const uint32_t *next = items->list, *end = next + items->count;
    const worths *earns = g->earns;
    worths sum = { 0, 0 };

    for (; items->again == 0 && next < end; next++)
        sum += earns[*next];
    for (; next < end; next++) {
        uint32_t item = item_number(*next);
        if (*next & ITEM_AGAIN)
            sum += form_worths(g->credits, item,
                               g->times[item] + item_times(*next));
        else
            sum += earns[item];
    }
    return sum;
}

void unit_count(struct gains *g, uint32_t number)
{
    const struct items *items = &g->units[number];

    for (size_t i = 0; i < items->count; i++) {
        uint32_t item = item_number(items->list[i]);
        worths now = { 0, 0 };
        if (item < g->forms && g->times[item] < EARNING_MAX)
            now = form_worths(g->credits, item, ++g->times[item]);
        g->earns[item] = now;
    }
}

void unit_uncount(struct gains *g, uint32_t number)
{
    const struct items *items = &g->units[number];

    for (size_t i = 0; i < items->count; i++) {
        uint32_t item = item_number(items->list[i]);
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
        *l->next++ = item + ITEM_AGAIN + l->times[item] * ITEM_TIMES;
    }
}

static void list_unit(struct gains *g, struct lister *l,
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
                list_add(l, facts->first_pair + pair, 1);
        }
    }
}

/* Is the unit a sentence as it stands? */
static int is_plain(const struct gains *g, const struct unit *unit)
{
    return unit->count == 1 && g->s->document->cut == NULL;
}

/* Lists the items of units that are not.  0, or PRECIS_EINTERNAL. */
static int list_others(struct gains *g, size_t tokens)
{
    struct arena *arena = g->s->document->arena;
    size_t items = g->credits->facts.first_pair
                   + g->credits->facts.pair_count;
    struct lister l = { 0 };

    l.next = arena_take(arena, (2 * tokens + 1) * sizeof *l.next);
    l.unit = arena_take_array(arena, items + 1, 2 * sizeof *l.unit);
    if (l.next == NULL || l.unit == NULL)
        return PRECIS_EINTERNAL;
    l.times = l.unit + items;
    for (size_t u = 0; u < g->s->count; u++) {
        if (is_plain(g, &g->s->units[u]))
            continue;
        l.number = (uint32_t) u + 1;
        g->units[u] = (struct items){ .list = l.next, .again = ITEM_AGAIN };
        list_unit(g, &l, &g->s->units[u]);
        g->units[u].count = (uint32_t) (l.next - g->units[u].list);
    }
    return 0;
}

/* Lists the items of all units.  0, or PRECIS_EINTERNAL. */
static int list_units(struct gains *g)
{
    const struct selector *s = g->s;
    const struct document *d = s->document;
    size_t others = 0, tokens = 0;

    g->units = arena_take(d->arena, (s->count + 1) * sizeof *g->units);
    if (g->units == NULL)
        return PRECIS_EINTERNAL;
    for (size_t u = 0; u < s->count; u++) {
        const struct unit *unit = &s->units[u];
        if (is_plain(g, unit))
            g->units[u] = g->credits->facts.items[unit->first];
        else
            others++;
        for (uint32_t i = 0; !is_plain(g, unit) && i < unit->count; i++)
            tokens += d->segments[unit->first + i].tokens;
    }
    return others == 0 ? 0 : list_others(g, tokens);
}

/* ---- sums ---- */

/* Sums up what the units add to no set. */
static void sum_units(struct gains *g)
{
    for (uint32_t i = 0; i < g->s->count; i++) {
        const struct unit *unit = &g->s->units[i];
        g->first[i] = is_plain(g, unit) ? g->credits->sums[unit->first]
                                        : unit_earns(g, i);
    }
}

double unit_gain(struct gains *g, uint32_t number)
{
    worths sum = unit_earns(g, number);

    g->upper[number] = sum[1];
    return sum[0];
}

int gains_init(struct gains *g, struct selector *s)
{
    struct arena *arena = s->document->arena;
    const struct credits *c = s->document->credits;
    size_t items;

    g->s = s;
    g->credits = c;
    g->forms = s->document->form_count;
    items = c->facts.first_pair + c->facts.pair_count;
    g->times = arena_take_array(arena, g->forms + 1, 1);
    g->earns = arena_take(arena, (items + 1) * sizeof *g->earns);
    g->first = arena_take(arena, (s->count + 1) * sizeof *g->first);
    g->upper = arena_take(arena, (s->count + 1) * sizeof *g->upper);
    if (g->times == NULL || g->earns == NULL || g->first == NULL
        || g->upper == NULL)
        return PRECIS_EINTERNAL;
    memcpy(g->earns, c->first, items * sizeof *g->earns);
    if (list_units(g) != 0)
        return PRECIS_EINTERNAL;
    sum_units(g);
    return 0;
}

void gains_begin(struct gains *g)
{
    for (size_t i = 0; i < g->s->count; i++)
        g->upper[i] = g->first[i][1];
}
