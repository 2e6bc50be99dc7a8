/* gains.c - what units add to a set; see gains.h. */
#include <config.h>

#include "engine/gains.h"

#include <string.h>

#include "engine/buckets.h"

/* ---- what a part earns ---- */

typedef uint64_t masks __attribute__((vector_size(sizeof(worths))));

static inline masks mask_where(worths value, int is)
{
    const uint64_t mask = (uint64_t) is * UINT64_MAX;

    return (masks) value & (masks){ mask, mask };
}

/* What a form earns that is in the set so many times, at least one: by masks,
 * since nobody can foresee how many. */
static inline worths form_worths(const struct credits *c, uint32_t form,
                                 unsigned times)
{
    double twice = c->twice[form], thrice = c->thrice[form];
    worths two = { twice, twice > thrice ? twice : thrice };
    worths three = { thrice, thrice }; /* neither is below 0 */

    return (worths) (mask_where(two, times == 1)
                     | mask_where(three, times == 2));
}

static inline worths again_worths(const struct gains *g, uint32_t item)
{
    uint32_t form = item_number(item);

    return form_worths(g->credits, form, g->times[form] + item_times(item));
}

/* Adds what a part adds to the set, and the most it can while the set grows,
 * to `sum`. */
static worths part_sum(const struct gains *g, const struct part *part,
                       worths sum)
{
    const uint32_t *next = part->items.list, *end = next + part->items.count;

    for (; part->items.again == 0 && next < end; next++)
        sum += g->earns[*next];
    for (; next < end; next++)
        sum += *next & ITEM_AGAIN ? again_worths(g, *next)
                                  : g->earns[item_number(*next)];
    return sum;
}

/* The same of what others have too. */
static worths part_shared(const struct gains *g, const struct part *part)
{
    const uint32_t *next = part->shared;
    const uint32_t *end = next + part->pairs + part->forms;
    const worths *earns = g->earns;
    worths sum = { 0, 0 }, other = { 0, 0 };

    for (; next < end; next += SHARED_STEP) {
        sum += earns[next[0]] + earns[next[1]];
        other += earns[next[2]] + earns[next[3]];
    }
    for (uint32_t i = 0; i < part->again_count; i++)
        other += again_worths(g, part->again[i]);
    return sum + other;
}

/* ---- what is counted ---- */

static inline struct undo *item_count(struct gains *g, struct undo *undo,
                                      uint32_t item, worths now)
{
    undo->earns = g->earns[item];
    undo->item = item;
    undo->times = 0;
    g->earns[item] = now;
    return undo + 1;
}

static inline struct undo *form_count(struct gains *g, struct undo *undo,
                                      uint32_t form)
{
    unsigned times = g->times[form];

    item_count(g, undo, form, form_worths(g->credits, form, times + 1));
    undo->times = times;
    g->times[form] = (uint8_t) (times + (times < EARNING_MAX));
    return undo + 1;
}

static void part_count(struct gains *g, const struct part *part)
{
    const uint32_t *pairs = part->shared, *forms = pairs + part->pairs;
    const uint32_t *end = forms + part->forms;
    struct undo *undo = g->undone;

    for (; pairs < forms; pairs++)
        undo = item_count(g, undo, *pairs, (worths){ 0, 0 });
    for (; forms < end; forms++)
        undo = form_count(g, undo, *forms);
    for (uint32_t i = 0; i < part->again_count; i++)
        undo = form_count(g, undo, item_number(part->again[i]));
    g->undone = undo;
}

/* Takes back what was counted after that. */
static void undo_to(struct gains *g, struct undo *end)
{
    worths *earns = g->earns;
    uint8_t *times = g->times;

    for (struct undo *undo = g->undone; undo > end;) {
        undo--;
        earns[undo->item] = undo->earns;
        times[undo->item] = (uint8_t) undo->times;
    }
    g->undone = end;
}

void unit_count(struct gains *g, uint32_t number)
{
    const struct unit *unit = &g->s->units[number];

    for (uint32_t i = unit->first; i < unit->first + unit->count; i++)
        part_count(g, &g->parts[i]);
}

/* ---- units: what a part has that one before it had is counted ---- */

static worths unit_sum(struct gains *g, const struct unit *unit)
{
    uint32_t last = unit->first + unit->count - 1;
    struct undo *counted = g->undone;
    worths sum = { 0, 0 };

    for (uint32_t i = unit->first; i < last; i++) {
        sum = part_sum(g, &g->parts[i], sum);
        part_count(g, &g->parts[i]);
    }
    sum = part_sum(g, &g->parts[last], sum);
    undo_to(g, counted);
    return sum;
}

double unit_gain(struct gains *g, uint32_t number)
{
    return unit_sum(g, &g->s->units[number])[0];
}

double unit_guess(struct gains *g, uint32_t number)
{
    const struct unit *unit = &g->s->units[number];
    uint32_t last = unit->first + unit->count - 1;
    const struct part *part = &g->parts[last];
    struct undo *counted = g->undone;
    worths sum = { 0, 0 };

    for (uint32_t i = unit->first; i < last; i++) {
        sum += g->parts[i].fixed + part_shared(g, &g->parts[i]);
        part_count(g, &g->parts[i]);
    }
    sum += part->fixed + part_shared(g, part);
    undo_to(g, counted);
    g->upper[number] = sum[1] + g->slack[number];
    return sum[0];
}

/* ---- parts ---- */

/* What a compressed sentence covers: lists as in credit_facts, but here a word
 * earns again whether it may or not, which then is nothing. */
struct lister {
    uint32_t *segment, *times; /* by item: the last that had it, and 1 */
    uint32_t *next;            /* where to write */
};

static void list_add(struct lister *l, uint32_t segment, uint32_t item,
                     unsigned earning)
{
    if (l->segment[item] != segment + 1) {
        l->segment[item] = segment + 1;
        l->times[item] = 0;
        *l->next++ = item;
    } else if (++l->times[item] < earning) {
        *l->next++ = item + ITEM_AGAIN + l->times[item] * ITEM_TIMES;
    }
}

static struct items list_segment(const struct gains *g, struct lister *l,
                                 uint32_t number)
{
    const struct document *d = g->s->document;
    const struct credit_facts *facts = &g->credits->facts;
    const struct segment *segment = &d->segments[number];
    struct items items = { .list = l->next, .again = ITEM_AGAIN };

    for (uint32_t token = segment->token;
         token < segment->token + segment->tokens; token++) {
        uint32_t pair = facts->pair_of[token];
        if (d->cut[token])
            continue;
        list_add(l, number, facts->form_of[token], EARNING_MAX);
        if (pair != NONE && !d->cut[token + 1])
            list_add(l, number, facts->first_pair + pair, 1);
    }
    items.count = (uint32_t) (l->next - items.list);
    return items;
}

static int lister_init(struct gains *g, struct lister *l, size_t items)
{
    struct document *d = g->s->document;

    l->next = arena_take(d->arena, (2 * d->token_count + 1) * sizeof *l->next);
    l->segment = arena_take_array(d->arena, items + 1, 2 * sizeof *l->segment);
    l->times = l->segment + items;
    return l->next == NULL || l->segment == NULL ? PRECIS_EINTERNAL : 0;
}

/* Where shared items are written to. */
struct sharer {
    uint8_t *kinds; /* by item: SHARED_..., or 0 */
    uint32_t *next, *again;
};

#define SHARED_FORM 1
#define SHARED_PAIR 2

/* Finds out which items more than one sentence may have. */
static void share_items(const struct credit_facts *facts, uint8_t *kinds)
{
    const struct credit_word *words = facts->words;
    const struct credit_pair *pairs = facts->pairs;
    size_t forms = facts->nothing, count = facts->pair_count;

    for (size_t i = 0; i < forms; i++)
        kinds[i] = words[i].spread > 1 ? SHARED_FORM : 0;
    kinds[forms] = 0;
    kinds += facts->first_pair;
    for (size_t i = 0; i < count; i++)
        kinds[i] = pairs[i].place >= PLACE_TIMES ? SHARED_PAIR : 0;
}

static int sharer_init(const struct gains *g, struct sharer *to, size_t items)
{
    const struct document *d = g->s->document;
    size_t room = 2 * d->token_count + (SHARED_STEP + 1) * d->segment_count;

    to->kinds = arena_take(d->arena, items + 1);
    to->next = arena_take(d->arena,
                          (room + d->token_count + 1) * sizeof *to->next);
    if (to->kinds == NULL || to->next == NULL)
        return PRECIS_EINTERNAL;
    to->again = to->next + room;
    share_items(&g->credits->facts, to->kinds);
    return 0;
}

/* Lists those of a part: writes pairs downwards and forms upwards, without a
 * branch, for nobody could foresee it. */
static void part_share(const struct gains *g, struct part *part,
                       uint32_t tokens, struct sharer *to)
{
    const uint32_t *list = part->items.list;
    const uint32_t *end = list + part->items.count;
    uint32_t *down = to->next + tokens, *up = down, *again = to->again;
    const uint8_t *kinds = to->kinds;

    for (; list < end; list++) {
        uint32_t item = *list;
        unsigned kind;
        if (item & ITEM_AGAIN) {
            *again = item;
            again += kinds[item_number(item)] & SHARED_FORM;
            continue;
        }
        kind = kinds[item];
        down[-1] = item;
        down -= kind / SHARED_PAIR;
        *up = item;
        up += kind % SHARED_PAIR;
    }
    part->shared = down;
    part->pairs = (uint32_t) (to->next + tokens - down);
    part->forms = (uint32_t) (up - down) - part->pairs;
    part->again = to->again;
    part->again_count = (uint32_t) (again - to->again);
    for (int i = 0; i < SHARED_STEP; i++)
        up[i] = g->credits->facts.nothing;
    to->next = up + SHARED_STEP;
    to->again = again;
    part->fixed = part->sum - part_shared(g, part);
}

/* Makes the parts of all sentences.  0, or PRECIS_EINTERNAL. */
static int make_parts(struct gains *g, size_t items)
{
    struct document *d = g->s->document;
    struct lister l = { 0 };
    struct sharer to;

    if (d->cut != NULL && lister_init(g, &l, items) != 0)
        return PRECIS_EINTERNAL;
    g->parts = arena_take(d->arena, (d->segment_count + 1) * sizeof *g->parts);
    if (g->parts == NULL || sharer_init(g, &to, items) != 0)
        return PRECIS_EINTERNAL;
    for (uint32_t i = 0; i < d->segment_count; i++) {
        struct part *part = &g->parts[i];
        if (d->segments[i].kind != PRECIS_SENTENCE)
            continue;
        if (d->cut == NULL) {
            part->items = g->credits->facts.items[i];
            part->sum = g->credits->sums[i];
        } else {
            part->items = list_segment(g, &l, i);
            part->sum = part_sum(g, part, (worths){ 0, 0 });
        }
        part_share(g, part, d->segments[i].tokens, &to);
    }
    return 0;
}

/* ---- units ---- */

/* A sum of n numbers is rounded by no more than n / 2^53 of what they sum up to
 * without their signs; sum and guess are each rounded in a few such steps. */
#define ROUNDING 0x1p-50

static void measure_unit(struct gains *g, uint32_t number)
{
    const struct unit *unit = &g->s->units[number];
    worths sum = g->parts[unit->first].sum;
    double size = 0, items = 0;

    if (unit->count > 1)
        sum = unit_sum(g, unit);
    /* The most that items earn is no less than what is above 0 of what they
     * earn now; as much less the sum is what is below. */
    for (uint32_t i = unit->first; i < unit->first + unit->count; i++) {
        size += 3 * g->parts[i].sum[1] - g->parts[i].sum[0];
        items += g->parts[i].items.count;
    }
    g->first[number] = sum[0];
    g->most[number] = sum[1];
    g->slack[number] = items * size * ROUNDING;
}

int gains_init(struct gains *g, struct selector *s)
{
    struct arena *arena = s->document->arena;
    const struct credits *c = s->document->credits;
    size_t items = c->facts.first_pair + c->facts.pair_count;

    g->s = s;
    g->credits = c;
    g->earns = c->first;
    g->times = arena_take_array(arena, items + 1, 1);
    g->undo = arena_take(arena, (2 * s->document->token_count + 1)
                                    * sizeof *g->undo);
    g->first = arena_take(arena, (s->count + 1) * 4 * sizeof *g->first);
    if (g->times == NULL || g->undo == NULL || g->first == NULL
        || make_parts(g, items) != 0)
        return PRECIS_EINTERNAL;
    g->undone = g->undo;
    g->most = g->first + s->count;
    g->upper = g->most + s->count;
    g->slack = g->upper + s->count;
    for (uint32_t i = 0; i < s->count; i++)
        measure_unit(g, i);
    return 0;
}

void gains_begin(struct gains *g)
{
    memcpy(g->upper, g->most, g->s->count * sizeof *g->upper);
}

void gains_end(struct gains *g)
{
    undo_to(g, g->undo);
}
