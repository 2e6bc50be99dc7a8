/* gains.c - what units add to a set; see gains.h. */
#include <config.h>

#include "engine/gains.h"

#include <string.h>

#include "engine/wide.h"

/* ---- what items earn ---- */

typedef uint64_t masks __attribute__((vector_size(sizeof(worths))));

/* By how often a form is in the set: whether it earns what it does a second
 * time, a third. */
#define EVERY_BIT { UINT64_MAX, UINT64_MAX }
static const masks is_second[EARNING_MAX + 3] = { [1] = EVERY_BIT };
static const masks is_third[EARNING_MAX + 3] = { [2] = EVERY_BIT };

/* What a form earns that is in the set so many times, at least one: by masks,
 * since nobody can foresee how many. */
static inline worths form_worths(const double *twice, const double *thrice,
                                 unsigned times)
{
    double second = *twice, third = *thrice; /* neither is below 0 */
    worths two = { second, second > third ? second : third };
    worths three = { third, third };

    return (worths) (((masks) two & is_second[times])
                     | ((masks) three & is_third[times]));
}

/* ---- what units cover ---- */

/* Ends a list of words that are there again with some that earn nothing, for
 * write_rows().  Returns what is behind. */
static uint32_t *again_end(const struct gains *g, uint32_t *again)
{
    for (int i = 0; i < ROWS_STEP; i++)
        again[i] = g->credits->facts.nothing + ITEM_AGAIN;
    return again + ROWS_STEP;
}

/* Of each two items the first is a word, and may be there once more. */
static uint32_t copy_narrow(uint32_t *items, uint32_t *again,
                            const struct items *from, uint32_t row)
{
    const uint32_t *list = from->list, last = from->count - 1, first = row;

    for (uint32_t i = 0; i <= last; i += 2) {
        uint32_t item = list[i], is_again = item / ITEM_AGAIN;
        items[i] = is_again ? row : item;
        *again = item;
        again += is_again;
        row += is_again;
        if (i < last)
            items[i + 1] = list[i + 1];
    }
    return row - first;
}

static uint32_t copy(uint32_t *items, uint32_t *again,
                     const struct items *from, uint32_t row)
{
#if WIDE
    if (wide_is_there())
        return items_copy_wide(items, again, from, row);
#endif
    return copy_narrow(items, again, from, row);
}

/* Of one sentence, from the facts. */
static void copy_items(struct gains *g, struct covered *to,
                       const struct items *from)
{
    uint32_t *items = g->room, *again = items + from->count;
    uint32_t count = copy(items, again, from, g->first_row);

    *to = (struct covered){ items, from->count, count, again };
    g->room = again_end(g, again + count);
}

/* An item that the unit has already: what stands for it.  Without a branch. */
static inline uint32_t item_again(struct gains *g, struct covered *to,
                                  uint32_t item, uint32_t mark)
{
    const struct credits *c = g->credits;
    uint32_t nothing = c->facts.nothing, row = g->first_row + to->again_count;
    uint32_t form = item < nothing ? item : 0;
    uint32_t times = g->seen[item] + 1 - mark;
    uint32_t is_earning = (item < nothing) & (times < EARNING_MAX)
                          & (c->twice[form] + c->thrice[form] > 0);

    g->seen[item] = mark + (is_earning ? times : EARNING_MAX);
    to->again[to->again_count] = item + ITEM_AGAIN + times * ITEM_TIMES;
    to->again_count += is_earning;
    return is_earning ? row : nothing;
}

/* How many more numbers than the first are a unit's in `seen`. */
#define MARKS (EARNING_MAX + 1)

/* Adds so many items to those of the unit, who may have them already: that is
 * put aside, for nobody can foresee it. */
static void add_items(struct gains *g, struct covered *to,
                      const uint32_t *from, uint32_t count, uint32_t mark)
{
    uint32_t *items = to->items + to->count, *seen = g->seen;
    uint32_t *aside = to->again + to->again_count, *next = aside;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t item = from[i], number = item_number(item);
        uint32_t last = seen[number], is_new = last - mark >= MARKS;
        seen[number] = is_new ? mark : last;
        items[i] = number;
        *next = i;
        next += 1 - is_new;
    }
    for (uint32_t *end = next, *at = aside; at < end; at++) {
        uint32_t i = *at; /* whose place is the next again's */
        items[i] = item_again(g, to, items[i], mark);
    }
    to->count += count;
}

/* Writes what is not cut off a sentence.  Returns how many items. */
static uint32_t cut_items(const struct gains *g, const struct segment *segment,
                          uint32_t *items)
{
    const struct credit_facts *facts = &g->credits->facts;
    const uint8_t *cut = g->s->document->cut;
    uint32_t *next = items, *pair_of = facts->pair_of;

    for (uint32_t i = 0, token = segment->token; i < segment->tokens;
         i++, token++) {
        if (cut[token])
            continue;
        if (next > items)
            *next++ = cut[token - 1] || pair_of[token - 1] == NONE
                          ? facts->nothing
                          : facts->first_pair + pair_of[token - 1];
        *next++ = facts->form_of[token];
    }
    return (uint32_t) (next - items);
}

/* Lists the items of the first sentence of several, and marks them. */
static void first_items(struct gains *g, struct covered *to,
                        const struct items *from, uint32_t mark)
{
    uint32_t *seen = g->seen;

    to->again_count = copy(to->items, to->again, from, g->first_row);
    to->count = from->count;
    for (uint32_t i = 0; i < from->count; i++) {
        uint32_t item = from->list[i];
        seen[item_number(item)] = mark + item_times(item);
    }
}

/* Of several sentences, or of what is not cut off. */
static void list_items(struct gains *g, struct covered *to,
                       const struct unit *unit, uint32_t mark)
{
    const struct document *d = g->s->document;
    uint32_t *room = g->room;

    *to = (struct covered){ .items = room,
                            .again = room + 2 * (size_t) unit->words };
    for (uint32_t i = unit->first; i < unit->first + unit->count; i++) {
        uint32_t *next = room + to->count;
        const uint32_t *list = next + 1;
        uint32_t count;
        if (d->cut == NULL && i == unit->first
            && g->credits->facts.items[i].count > 0) {
            first_items(g, to, &g->credits->facts.items[i], mark);
            continue;
        }
        if (d->cut == NULL) {
            list = g->credits->facts.items[i].list;
            count = g->credits->facts.items[i].count;
        } else {
            count = cut_items(g, &d->segments[i], next + 1);
        }
        if (count == 0)
            continue;
        if (to->count > 0) { /* between two words, where no pair is */
            *next = g->credits->facts.nothing;
            to->count++;
        }
        add_items(g, to, list, count, mark);
    }
    g->room = again_end(g, to->again + to->again_count);
}

/* No fewer than its items. */
static double unit_items(const struct unit *unit)
{
    return 2 * (double) unit->words;
}

/* Whether what it covers must be listed: the facts have no such list. */
static int is_listed(const struct gains *g, const struct unit *unit)
{
    return unit->count > 1 || g->s->document->cut != NULL;
}

/* For a unit of which nobody has asked yet. */
static void find_covered(struct gains *g, uint32_t number)
{
    struct covered *covered = &g->covered[number];
    const struct unit *unit = &g->s->units[number];
    const struct items *items = &g->credits->facts.items[unit->first];

    if (is_listed(g, unit))
        list_items(g, covered, unit, (number + 1) * MARKS);
    else if (items->again != 0)
        copy_items(g, covered, items);
    else
        *covered = (struct covered){ .items = items->list,
                                      .count = items->count };
}

static inline const struct covered *unit_covered(struct gains *g,
                                                 uint32_t number)
{
    if (g->covered[number].items == NULL)
        find_covered(g, number);
    return &g->covered[number];
}

/* ---- sums ---- */

/* Writes what words earn once more, where the sum looks for it. */
static inline void write_rows(const struct gains *g,
                              const struct covered *covered)
{
    const struct credits *c = g->credits;
    worths *row = g->earns + g->first_row;

    for (uint32_t i = 0; i < covered->again_count; i += ROWS_STEP)
        for (uint32_t j = i; j < i + ROWS_STEP; j++) {
            uint32_t item = covered->again[j], form = item_number(item);
            row[j] = form_worths(&c->twice[form], &c->thrice[form],
                                 g->times[form] + item_times(item));
        }
}

static worths unit_sum(struct gains *g, uint32_t number)
{
    const struct covered *covered = unit_covered(g, number);
    const uint32_t *next = covered->items, *end = next + covered->count;
    const worths *earns = g->earns;
    worths sum = { 0, 0 };

    write_rows(g, covered);
    for (; next < end; next++)
        sum += earns[*next];
    return sum;
}

double unit_gain(struct gains *g, uint32_t number)
{
    return unit_sum(g, number)[0];
}

void unit_begin(struct gains *g, uint32_t number)
{
    worths sum = unit_sum(g, number);

    g->first[number] = sum[0];
    g->most[number] = sum[1];
    g->is_known[number] = 1;
}

/* What two items earn together, or nothing. */
static inline worths two_worths(const worths *earns, const uint32_t *items,
                                int is)
{
    const uint64_t mask = 0 - (uint64_t) is;

    return (worths) ((masks) (earns[items[0]] + earns[items[1]])
                     & (masks){ mask, mask });
}

/* In any order, since each addition would wait for the one before it.  Items
 * are an odd number: the first, two or none, and always four. */
double unit_guess(struct gains *g, uint32_t number)
{
    const struct covered *covered = unit_covered(g, number);
    const uint32_t *next = covered->items, *end = next + covered->count;
    const worths *earns = g->earns;
    worths a = { 0, 0 }, b = a, c = a, d = a;
    uint32_t two = covered->count & 2;

    write_rows(g, covered);
    if (covered->count > 2) {
        a = earns[*next++];
        b = two_worths(earns, next, two != 0);
        next += two;
    }
    for (; end - next >= 4; next += 4) {
        a += earns[next[0]];
        b += earns[next[1]];
        c += earns[next[2]];
        d += earns[next[3]];
    }
    if (next < end) /* one word alone */
        a = earns[*next];
    a = (a + b) + (c + d);
    g->upper[number] = a[1] + g->slack[number];
    return a[0];
}

/* ---- what is counted ---- */

/* In the set once more.  Rows count as what earns nothing, of which `times`
 * says that it is there often enough. */
static inline void form_count(struct gains *g, uint32_t item, worths *kept)
{
    const struct credits *c = g->credits;
    uint32_t nothing = c->facts.nothing, form = item < nothing ? item : nothing;
    worths *earns = &g->earns[item];
    unsigned times = g->times[form];

    *kept = *earns;
    *earns = form_worths(&c->twice[form], &c->thrice[form], times + 1);
    g->times[form] = (uint8_t) (times + (times < EARNING_MAX));
}

/* The words and pairs of the first unit of a set: nothing is there yet.  What
 * is written for what earns nothing, or for rows, is as good as any. */
static void count_first(const struct gains *g, const struct covered *covered)
{
    const uint32_t nothing = g->credits->facts.nothing;
    const double *restrict twice = g->credits->twice;
    const double *restrict thrice = g->credits->thrice;
    worths *restrict earns = g->earns, *restrict kept = g->kept_end;
    uint8_t *restrict times = g->times;

    for (uint32_t i = 0; i < covered->count; i += 2) {
        uint32_t item = covered->items[i], pair;
        uint32_t form = item < nothing ? item : nothing;
        double two = twice[form], three = thrice[form];
        kept[i] = earns[item];
        earns[item] = (worths){ two, two > three ? two : three };
        times[form] = 1;
        if (i + 1 == covered->count)
            break;
        pair = covered->items[i + 1];
        kept[i + 1] = earns[pair];
        earns[pair] = (worths){ 0, 0 };
    }
    times[nothing] = EARNING_MAX;
    earns[nothing] = (worths){ 0, 0 };
}

void unit_count(struct gains *gains, uint32_t number)
{
    const struct covered *covered = unit_covered(gains, number);
    const uint32_t *next = covered->items, *end = next + covered->count;
    struct gains here = *gains, *g = &here;
    worths *kept = g->kept_end;

    if (g->kept_end == g->kept) {
        count_first(g, covered);
        next = end;
    }
    for (; next < end; next += 2, kept += 2) {
        form_count(g, next[0], kept);
        if (next + 1 == end)
            break;
        kept[1] = g->earns[next[1]];
        g->earns[next[1]] = (worths){ 0, 0 };
    }
    for (uint32_t i = 0; i < covered->again_count; i++) {
        worths before; /* that is kept already */
        form_count(g, item_number(covered->again[i]), &before);
    }
    gains->kept_end += covered->count;
}

void gains_end(struct gains *g, const uint32_t *units, size_t count)
{
    while (count-- > 0) { /* the last first: others may have its items */
        const struct covered *covered = unit_covered(g, units[count]);
        g->kept_end -= covered->count;
        for (uint32_t i = 0; i < covered->count; i++)
            g->earns[covered->items[i]] = g->kept_end[i];
    }
    g->earns[g->credits->facts.nothing] = (worths){ 0, 0 };
    memset(g->times, 0, g->credits->facts.nothing);
}

void gains_begin(struct gains *g)
{
    memcpy(g->upper, g->most, BOUNDS_ROOM(g->s->count) * sizeof *g->upper);
}

/* ---- all ---- */

/* A sum of n numbers is rounded by no more than n / 2^53 of what they sum up to
 * without their signs; sum and guess are each rounded in a few such steps. */
#define ROUNDING 0x1p-50

/* Finds bounds for a unit, and what it adds to no set where that is known.
 * Returns the room that its items may need. */
static size_t measure_unit(struct gains *g, uint32_t number)
{
    const struct unit *unit = &g->s->units[number];
    const worths *sums = &g->credits->sums[unit->first];
    double most = 0, size = 0;

    /* The most that items earn is no less than what is above 0 of what they
     * earn now; as much less the sum is what is below. */
    for (uint32_t i = 0; i < unit->count; i++) {
        most += sums[i][1];
        size += 3 * sums[i][1] - sums[i][0];
    }
    g->slack[number] = 3 * unit_items(unit) * size * ROUNDING;
    g->first[number] = g->most[number] = most + g->slack[number];
    if (is_listed(g, unit))
        return 4 * (size_t) unit->words + ROWS_STEP;
    g->first[number] = sums[0][0];
    g->most[number] = sums[0][1];
    g->is_known[number] = 1;
    return g->credits->facts.items[unit->first].again != 0
               ? 3 * (size_t) unit->words + ROWS_STEP
               : 0;
}

/* Takes what is by unit; behind the last of them there is nothing to add.  0,
 * or PRECIS_EINTERNAL. */
static int take_units(struct gains *g, size_t count)
{
    struct arena *arena = g->s->document->arena;
    size_t room = BOUNDS_ROOM(count);

    g->covered = arena_take_array(arena, count + 1, sizeof *g->covered + 1);
    g->first = arena_take(arena, room * 4 * sizeof *g->first);
    if (g->covered == NULL || g->first == NULL)
        return PRECIS_EINTERNAL;
    g->is_known = (uint8_t *) (g->covered + count + 1);
    g->most = g->first + room;
    g->upper = g->most + room;
    g->slack = g->upper + room;
    for (size_t i = count; i < room; i++)
        g->first[i] = g->most[i] = 0;
    return 0;
}

int gains_init(struct gains *g, struct selector *s)
{
    const struct document *d = s->document;
    struct arena *arena = d->arena;
    const struct credits *c = d->credits;
    size_t items = c->facts.first_pair + c->facts.pair_count, room = 0;
    int is_any_listed = 0;

    g->s = s;
    g->credits = c;
    g->earns = c->first;
    g->first_row = (uint32_t) items;
    if (take_units(g, s->count) != 0)
        return PRECIS_EINTERNAL;
    for (uint32_t i = 0; i < s->count; i++) {
        room += measure_unit(g, i);
        is_any_listed |= is_listed(g, &s->units[i]);
    }
    g->room = arena_take(arena, (room + ITEMS_WIDE) * sizeof *g->room);
    g->times = arena_take_array(arena, c->facts.nothing + 1, 1);
    g->kept = arena_take(arena, (2 * d->token_count + 1) * sizeof *g->kept);
    g->seen = is_any_listed
                  ? arena_take_array(arena, items + 1, sizeof *g->seen)
                  : NULL;
    if (g->room == NULL || g->times == NULL || g->kept == NULL
        || (is_any_listed && g->seen == NULL))
        return PRECIS_EINTERNAL;
    g->times[c->facts.nothing] = EARNING_MAX;
    g->kept_end = g->kept;
    return 0;
}
