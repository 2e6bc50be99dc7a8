/* select.c - stage 5: which sentences.
 *
 * What is chosen is a unit: a sentence, or the sentences of one quotation
 * that runs over several, so that no summary opens a quotation it does not
 * close.  A unit that opens with a pronoun or a connective which points to the
 * sentence before it is taken only behind that sentence; where one sentence or
 * no length was asked for, elsewhere too, but at a price: never doing so loses
 * twice as much of what is in human summaries as doing so seldom.  Where that
 * leaves nothing: any unit that balances, also a question; then any unit; and
 * one sentence of a quotation only where the limit has no room for any unit.
 *
 * Greedy: again and again the unit with the largest
 *
 *     score - 0.6 * max over the chosen c of cosine(unit, c)
 *
 * that fits (maximal marginal relevance, Carbonell and Goldstein, 1998; the
 * cosine is of the stem counts), scores scaled so that the best is 1.  A tie
 * goes to the earlier unit.  A method may do without the second part, or say
 * itself what each unit is worth after each choice (struct method).
 *
 * Each choice looks at all units, so after the first GREEDY_MAX choices the
 * rest is taken in the order of what it is worth by then: the whole stays
 * linear but for one sort of at most PRECIS_CANDIDATES_MAX units.
 */
#include <config.h>

#include "engine/select.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/unicode.h"

#define REDUNDANCY 0.6

/* What it costs a unit, of the 1 that the best is worth, to lean on a sentence
 * that was not taken. */
#define LEANING_COST 0.15

/* Words aimed at where no length was asked for: whole sentences, and those of a
 * quotation, make it 50 on average, which is what pays on French news. */
#define AUTO_WORDS 46

/* ---- the limit ---- */

/* Is there room for what costs so much under the limit?  Where there is none,
 * there is none after any further choice. */
static int has_room(const struct selector *s, size_t cost)
{
    if (s->limit != PRECIS_LIMIT_AUTO)
        return cost <= s->amount - s->used;
    return s->used == 0 /* or nearer to the aim than without */
           || (s->used < AUTO_WORDS && cost > 0
               && cost < 2 * (AUTO_WORDS - s->used));
}

static int unit_has_room(const struct selector *s, const struct unit *unit)
{
    return has_room(s, unit_cost(s, unit));
}

static int unit_fits(const struct selector *s, struct unit *unit)
{
    return unit_has_room(s, unit) && unit_is_free(s, unit);
}

/* ---- units ---- */

/* By more than this no rounding of sums of a few scores moves their mean. */
#define SLACK 1e-9

/* What a unit made of this plain one and the one before is scored, but for
 * rounding. */
static double pair_score(const struct selector *s, size_t i)
{
    const struct unit *unit = &s->units[i], *before = unit - 1;

    return (before->score * before->count + unit->score * unit->count)
           / (before->count + unit->count);
}

/* Divides scores by the largest, those of the units from number `from` on. */
static void scale_scores(struct selector *s, size_t from)
{
    for (size_t i = from; i < s->count && s->best > 0; i++)
        s->units[i].score /= s->best;
}

/* Finds that.  A pair, which is a mean of its segments, has it only where three
 * are rounded oddly. */
static void find_largest(struct selector *s)
{
    s->best = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->units[i].score > s->best)
            s->best = s->units[i].score;
    if (s->paired)
        return;
    for (size_t i = 1; i < s->plain; i++)
        if (s->units[i].count + s->units[i - 1].count > 2
            && pair_score(s, i) > s->best * (1 - SLACK)) {
            find_pairs(s);
            find_largest(s);
            return;
        }
}

/* Pairs are found at once where their worth is no mean of others'.  0, or
 * PRECIS_EINTERNAL. */
static int list_units(struct selector *s)
{
    if (find_units(s) != 0)
        return PRECIS_EINTERNAL;
    if (s->document->credits != NULL || s->method->worth != NULL)
        find_pairs(s);
    find_largest(s);
    scale_scores(s, 0);
    return 0;
}

/* And later by all others, where one may be worth more than `value`. */
static int is_pair_wanted(const struct selector *s, double value)
{
    for (size_t i = 1; i < s->plain && !s->paired; i++) {
        const struct unit *unit = &s->units[i], *before = unit - 1;
        if ((before->score > value - SLACK || unit->score > value - SLACK)
            && !s->taken[before->first] && !s->taken[unit->first]
            && has_room(s, unit_cost(s, before) + unit_cost(s, unit))
            && pair_score(s, i) > value - SLACK)
            return 1;
    }
    return 0;
}

static void add_pairs(struct selector *s)
{
    if (s->paired)
        return;
    find_pairs(s);
    scale_scores(s, s->plain);
}

/* ---- choosing ---- */

static double unit_worth(const struct unit *unit)
{
    return unit->score - REDUNDANCY * unit->similar;
}

/* The same less what it costs to dangle. */
static double unit_value(const struct selector *s, struct unit *unit)
{
    return unit_worth(unit)
           - (s->ease == EASE_LEANING && unit_dangles(s, unit) ? LEANING_COST
                                                               : 0);
}

void unit_take(struct selector *s, struct unit *unit)
{
    struct document *d = s->document;

    s->used += unit_cost(s, unit);
    for (uint32_t i = 0; i < unit->count; i++) {
        uint32_t segment = unit->first + i;
        s->taken[segment] = 1;
        d->chosen[d->chosen_count++] = segment;
        d->ranks[segment] = (uint32_t) d->chosen_count;
        d->redundancies[segment] = unit->similar;
    }
}

/* Asks the method what is left of every unit's worth, where it says. */
static void ask_worth(struct selector *s)
{
    for (size_t i = 0; i < s->count && s->method->worth != NULL; i++)
        if (!s->taken[s->units[i].first])
            s->units[i].score = s->method->worth(
                s->document, s->units[i].first, s->units[i].count);
}

/* ---- redundancy ---- */

/* Counts the stems of a unit in the scratch counts, where all are 0. */
static void unit_count_stems(struct selector *s, const struct unit *unit)
{
    struct document *d = s->document;

    for (uint32_t i = 0; i < unit->count; i++) {
        const struct segment *segment = &d->segments[unit->first + i];
        for (uint32_t t = 0; t < segment->tokens; t++)
            s->counts[term_at(d, segment->token + t)]++;
    }
    s->counts[0] = 0;
}

/* Makes those 0 again. */
static void unit_clear_stems(struct selector *s, const struct unit *unit)
{
    struct document *d = s->document;

    for (uint32_t i = 0; i < unit->count; i++) {
        const struct segment *segment = &d->segments[unit->first + i];
        for (uint32_t t = 0; t < segment->tokens; t++)
            s->counts[term_at(d, segment->token + t)] = 0;
    }
}

/* The sum of the scratch counts of the stems of a unit. */
static uint64_t unit_sum_stems(const struct selector *s,
                               const struct unit *unit)
{
    const struct document *d = s->document;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < unit->count; i++) {
        const struct segment *segment = &d->segments[unit->first + i];
        for (uint32_t t = 0; t < segment->tokens; t++)
            sum += s->counts[term_at(d, segment->token + t)];
    }
    return sum;
}

/* Of a unit whose stems are counted. */
static void unit_measure_norm(const struct selector *s, struct unit *unit)
{
    if (unit->norm < 0)
        unit->norm = sqrt((double) unit_sum_stems(s, unit));
}

static void unit_norm(struct selector *s, struct unit *unit)
{
    if (unit->norm >= 0)
        return;
    unit_count_stems(s, unit);
    unit_measure_norm(s, unit);
    unit_clear_stems(s, unit);
}

/* Finds how like those chosen the unit is, where that plays a part. */
static void unit_compare(struct selector *s, struct unit *unit)
{
    if (unit->compared == s->pick_count)
        return;
    for (size_t i = unit->compared; i < s->pick_count; i++)
        unit_norm(s, s->picks[i]);
    unit_count_stems(s, unit);
    unit_measure_norm(s, unit);
    for (size_t i = unit->compared; i < s->pick_count; i++) {
        const struct unit *pick = s->picks[i];
        double norms = unit->norm * pick->norm, cosine;
        if (norms == 0)
            continue;
        cosine = (double) unit_sum_stems(s, pick) / norms;
        if (cosine > unit->similar)
            unit->similar = cosine;
    }
    unit_clear_stems(s, unit);
    unit->compared = s->pick_count;
}

/* ---- choosing ---- */

static int by_worth(const void *a, const void *b)
{
    const struct unit *const *x = a, *const *y = b;
    double left = unit_worth(*x), right = unit_worth(*y);

    if (left != right)
        return left < right ? 1 : -1;
    return (*x)->first < (*y)->first ? -1 : 1;
}

/* Takes what still fits, the worthiest first, comparing no more.  A unit that
 * leans on one worth less comes right behind that. */
int take_rest(struct selector *s)
{
    struct unit **order;
    size_t count = 0;

    order = arena_take(s->document->arena, s->count * sizeof *order + 1);
    if (order == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < s->count; i++)
        if (!s->taken[s->units[i].first]) {
            if (unit_has_room(s, &s->units[i]))
                unit_compare(s, &s->units[i]);
            order[count++] = &s->units[i];
        }
    qsort(order, count, sizeof *order, by_worth);
    for (size_t i = 0; i < count; i++)
        for (struct unit *unit = order[i]; unit_fits(s, unit); unit++) {
            unit_take(s, unit);
            if (unit + 1 == s->units + s->count || !unit_leans(s, unit + 1))
                break;
        }
    return 0;
}

/* The unit from number `from` on that is worth more than `*value`, most and
 * first, and fits, or `best`. */
static struct unit *find_better(struct selector *s, size_t from,
                                struct unit *best, double *value)
{
    for (size_t i = from; i < s->count; i++) {
        struct unit *unit = &s->units[i];
        double own;
        /* it has no more value than worth, and no more worth than it had
         * before the latest choices */
        if (unit_worth(unit) <= *value || !unit_fits(s, unit))
            continue;
        unit_compare(s, unit);
        own = unit_value(s, unit);
        if (own > *value) {
            best = unit;
            *value = own;
        }
    }
    return best;
}

/* The unit that is worth most and fits, the first of those, or NULL. */
static struct unit *find_best(struct selector *s)
{
    double value = -DBL_MAX;
    struct unit *best = find_better(s, 0, NULL, &value);

    if (is_pair_wanted(s, value)) {
        add_pairs(s);
        best = find_better(s, s->plain, best, &value);
    }
    return best;
}

static int choose(struct selector *s)
{
    struct document *d = s->document;

    if (d->credits != NULL)
        return choose_set(s);
    s->counts = arena_take_array(d->arena, d->stem_count + 1,
                                 sizeof *s->counts);
    if (s->counts == NULL)
        return PRECIS_EINTERNAL;
    ask_worth(s);
    for (int turn = 0; turn < GREEDY_MAX; turn++) {
        struct unit *best = find_best(s);
        if (best == NULL)
            return 0;
        unit_take(s, best);
        if (s->method->redundancy)
            s->picks[s->pick_count++] = best;
        if (s->method->say != NULL)
            s->method->say(d, best->first, best->count);
        ask_worth(s);
    }
    if (s->limit == PRECIS_LIMIT_AUTO)
        return 0;
    add_pairs(s);
    return take_rest(s);
}

/* Whether every sentence fits the limit. */
static int all_fit(const struct selector *s)
{
    struct document *d = s->document;
    size_t characters = d->sentence_count > 0 ? d->sentence_count - 1 : 0;

    if (d->rest < d->size || s->unwanted)
        return 0;
    switch (s->limit) {
    case PRECIS_LIMIT_SENTENCES: return d->sentence_count <= s->amount;
    case PRECIS_LIMIT_WORDS:
    case PRECIS_LIMIT_PERCENT: return d->total_words <= s->amount;
    case PRECIS_LIMIT_AUTO: return d->total_words <= AUTO_WORDS;
    case PRECIS_LIMIT_CHARACTERS: break;
    }
    for (size_t i = 0; i < s->plain; i++)
        characters += s->units[i].characters - (s->units[i].sentences - 1);
    return characters <= s->amount;
}

static size_t shortest_cost(const struct selector *s)
{
    size_t shortest = SIZE_MAX;

    for (size_t i = 0; i < s->count; i++)
        if (unit_cost(s, &s->units[i]) < shortest)
            shortest = unit_cost(s, &s->units[i]);
    return shortest;
}

static int select_all(struct selector *s)
{
    s->ease = EASE_ALL;
    s->amount = SIZE_MAX;
    if (s->limit == PRECIS_LIMIT_AUTO)
        s->limit = PRECIS_LIMIT_WORDS;
    s->document->is_short = 1;
    return choose(s);
}

/* Where one sentence is wanted, none can stand before it, and where no length
 * was asked for, the best set would often be passed over: a price. */
static enum ease first_ease(const struct selector *s)
{
    if (s->limit == PRECIS_LIMIT_AUTO
        || (s->limit == PRECIS_LIMIT_SENTENCES && s->amount == 1))
        return EASE_LEANING;
    return EASE_NONE;
}

int select_sentences(struct document *document, const struct method *method,
                     const precis_options *options, size_t *shortest)
{
    struct selector s = { 0 };
    int code;

    s.document = document;
    s.limit = options->limit;
    s.amount = options->amount;
    s.method = method;
    s.terse = options->terse;
    s.no_quotes = options->no_quotes;
    s.no_questions = options->no_questions;
    if (s.limit == PRECIS_LIMIT_PERCENT)
        s.amount = document->total_words * options->amount / 100;
    document->chosen = arena_take(
        document->arena,
        document->sentence_count * sizeof *document->chosen + 1);
    if (document->chosen == NULL)
        return PRECIS_EINTERNAL;
    code = list_units(&s);
    if (code != 0)
        return code;
    if (all_fit(&s))
        return select_all(&s);
    /* rather a question, or a stray quotation mark, or one sentence of a
     * quotation, than nothing */
    for (int ease = (int) first_ease(&s); ease <= (int) EASE_ALL && code == 0;
         ease++) {
        s.ease = (enum ease) ease;
        if (document->chosen_count == 0)
            code = choose(&s);
    }
    if (code == 0 && document->chosen_count == 0) {
        s.apart = 1;
        code = list_units(&s);
        if (code == 0)
            code = choose(&s);
    }
    if (code == 0 && document->chosen_count == 0) {
        *shortest = s.count == 0 ? 0 : shortest_cost(&s);
        code = PRECIS_EBAD_REQUEST;
    }
    return code;
}
