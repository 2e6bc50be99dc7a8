/* select.c - stage 5: which sentences.
 *
 * What is chosen is a unit: a sentence, or the sentences of one quotation
 * that runs over several, so that no summary opens a quotation it does not
 * close.  A unit whose quotation marks or brackets do not balance is taken
 * only where nothing else is left, and one sentence of a quotation only where
 * the limit has no room for any unit.
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

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/unicode.h"

#define REDUNDANCY 0.6

/* Words aimed at where no length was asked for: whole sentences, and those of a
 * quotation, make it 50 on average, which is what pays on French news. */
#define AUTO_WORDS 46

/* A quotation over more sentences than this is not taken as a whole. */
#define UNIT_MAX 4

/* ---- units ---- */

static int is_balanced(const char *text, size_t size)
{
    size_t quotes = 0;
    long guillemets = 0, doubles = 0, brackets = 0;

    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char) text[i];
        if (c == '"')
            quotes++;
        else if (c == '(' || c == ')')
            brackets += c == '(' ? 1 : -1;
        else if (c == 0xC2 && i + 1 < size)
            guillemets += ((unsigned char) text[i + 1] == 0xAB)
                          - ((unsigned char) text[i + 1] == 0xBB);
        else if (c == 0xE2 && i + 2 < size
                 && (unsigned char) text[i + 1] == 0x80)
            doubles += ((unsigned char) text[i + 2] == 0x9C)
                       - ((unsigned char) text[i + 2] == 0x9D);
    }
    return quotes % 2 == 0 && guillemets == 0 && doubles == 0
           && brackets == 0;
}

static void unit_measure(struct selector *s, struct unit *unit)
{
    struct document *d = s->document;
    double score = 0;
    uint64_t squares = 0;

    unit->characters = unit->sentences - 1;
    for (uint32_t i = 0; i < unit->count; i++) {
        const struct segment *segment = &d->segments[unit->first + i];
        unit->words += segment->tokens;
        unit->characters += (uint32_t) utf8_count(
            d->text + segment->start, segment->end - segment->start);
        score += d->scores[unit->first + i];
        for (uint32_t t = 0; t < segment->tokens; t++) {
            uint32_t stem = d->surfaces[d->tokens[segment->token + t]].stem;
            if (stem != NONE)
                squares += 2 * (uint64_t) ++s->counts[stem] - 1;
        }
    }
    for (uint32_t i = 0; i < unit->count; i++) {
        const struct segment *segment = &d->segments[unit->first + i];
        for (uint32_t t = 0; t < segment->tokens; t++) {
            uint32_t stem = d->surfaces[d->tokens[segment->token + t]].stem;
            if (stem != NONE)
                s->counts[stem] = 0;
        }
    }
    unit->score = score / (double) unit->count;
    unit->norm = sqrt((double) squares);
}

/* A question, or a line of a dialogue: says nothing by itself. */
static int is_talk(const char *text, size_t size)
{
    const unsigned char *s = (const unsigned char *) text;

    while (size > 1 && (s[size - 1] == '"' || s[size - 1] == ' '))
        size--;
    return s[size - 1] == '?'
           || (size > 3 && s[0] == 0xE2 && s[1] == 0x80
               && (s[2] == 0x93 || s[2] == 0x94));
}

static void unit_add(struct selector *s, uint32_t first, uint32_t count,
                     int whole)
{
    const struct segment *segments = s->document->segments;
    struct unit *unit = &s->units[s->count++];
    size_t start = segments[first].start;

    memset(unit, 0, sizeof *unit);
    unit->first = first;
    unit->count = count;
    unit->sentences = count;
    unit->whole = (uint8_t) (whole
        && is_balanced(s->document->text + start,
                       segments[first + count - 1].end - start)
        && !is_talk(s->document->text + start,
                    segments[first + count - 1].end - start));
    unit_measure(s, unit);
}

int find_units(struct selector *s)
{
    struct document *d = s->document;
    uint32_t count = (uint32_t) d->segment_count;

    s->units = arena_take(d->arena, d->sentence_count * sizeof *s->units + 1);
    s->counts = arena_take_array(d->arena, d->stem_count + 1,
                                 sizeof *s->counts);
    if (s->units == NULL || s->counts == NULL)
        return PRECIS_EINTERNAL;
    s->count = 0;
    for (uint32_t i = 0, next; i < count; i = next) {
        next = i + 1;
        if (d->segments[i].kind != PRECIS_SENTENCE)
            continue;
        while (next < count && d->segments[next].kind == PRECIS_SENTENCE
               && d->segments[next].joined)
            next++;
        if (next - i <= UNIT_MAX && !s->apart) {
            unit_add(s, i, next - i, 1);
            continue;
        }
        for (uint32_t j = i; j < next; j++)
            unit_add(s, j, 1, 0);
    }
    return 0;
}

static void scale_scores(struct selector *s)
{
    double best = 0;

    for (size_t i = 0; i < s->count; i++)
        if (s->units[i].score > best)
            best = s->units[i].score;
    for (size_t i = 0; i < s->count && best > 0; i++)
        s->units[i].score /= best;
}

/* ---- the limit ---- */

size_t unit_cost(const struct selector *s, const struct unit *unit)
{
    switch (s->limit) {
    case PRECIS_LIMIT_SENTENCES: return unit->sentences;
    case PRECIS_LIMIT_CHARACTERS:
        return (size_t) unit->characters + (s->used > 0);
    case PRECIS_LIMIT_AUTO:
    case PRECIS_LIMIT_WORDS:
    case PRECIS_LIMIT_PERCENT: break;
    }
    return unit->words;
}

static size_t distance(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

int unit_fits(const struct selector *s, const struct unit *unit)
{
    size_t cost = unit_cost(s, unit);

    if (unit->taken || (!unit->whole && !s->any))
        return 0;
    if (s->limit == PRECIS_LIMIT_AUTO) /* nearer to the aim than without */
        return s->used == 0 || distance(s->used + cost, AUTO_WORDS)
                                   < distance(s->used, AUTO_WORDS);
    return cost <= s->amount - s->used;
}

/* ---- choosing ---- */

static double unit_worth(const struct unit *unit)
{
    return unit->score - REDUNDANCY * unit->similar;
}

void unit_take(struct selector *s, struct unit *unit)
{
    struct document *d = s->document;

    s->used += unit_cost(s, unit);
    unit->taken = 1;
    for (uint32_t i = 0; i < unit->count; i++) {
        uint32_t segment = unit->first + i;
        d->chosen[d->chosen_count++] = segment;
        d->ranks[segment] = (uint32_t) d->chosen_count;
        d->redundancies[segment] = unit->similar;
    }
}

/* Asks the method what is left of every unit's worth, where it says. */
static void ask_worth(struct selector *s)
{
    for (size_t i = 0; i < s->count && s->method->worth != NULL; i++)
        if (!s->units[i].taken)
            s->units[i].score = s->method->worth(
                s->document, s->units[i].first, s->units[i].count);
}

/* Adds to, or with `sign` -1 takes from, the scratch counts. */
static void unit_count_stems(struct selector *s, const struct unit *unit,
                             int clear)
{
    struct document *d = s->document;

    for (uint32_t i = 0; i < unit->count; i++) {
        const struct segment *segment = &d->segments[unit->first + i];
        for (uint32_t t = 0; t < segment->tokens; t++) {
            uint32_t stem = d->surfaces[d->tokens[segment->token + t]].stem;
            if (stem != NONE)
                s->counts[stem] = clear ? 0 : s->counts[stem] + 1;
        }
    }
}

/* Tells every unit how like the one just taken it is. */
static void compare_all(struct selector *s, const struct unit *taken)
{
    struct document *d = s->document;

    unit_count_stems(s, taken, 0);
    for (size_t u = 0; u < s->count; u++) {
        struct unit *unit = &s->units[u];
        uint64_t dot = 0;
        double cosine;
        if (unit->taken || unit->norm == 0 || taken->norm == 0)
            continue;
        for (uint32_t i = 0; i < unit->count; i++) {
            const struct segment *segment = &d->segments[unit->first + i];
            for (uint32_t t = 0; t < segment->tokens; t++) {
                uint32_t stem =
                    d->surfaces[d->tokens[segment->token + t]].stem;
                if (stem != NONE)
                    dot += s->counts[stem];
            }
        }
        cosine = (double) dot / (unit->norm * taken->norm);
        if (cosine > unit->similar)
            unit->similar = cosine;
    }
    unit_count_stems(s, taken, 1);
}

static int by_worth(const void *a, const void *b)
{
    const struct unit *const *x = a, *const *y = b;
    double left = unit_worth(*x), right = unit_worth(*y);

    if (left != right)
        return left < right ? 1 : -1;
    return (*x)->first < (*y)->first ? -1 : 1;
}

/* Takes what still fits, the worthiest first, comparing no more. */
int take_rest(struct selector *s)
{
    struct unit **order;
    size_t count = 0;

    order = arena_take(s->document->arena, s->count * sizeof *order + 1);
    if (order == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < s->count; i++)
        if (!s->units[i].taken)
            order[count++] = &s->units[i];
    qsort(order, count, sizeof *order, by_worth);
    for (size_t i = 0; i < count; i++)
        if (unit_fits(s, order[i]))
            unit_take(s, order[i]);
    return 0;
}

static int choose(struct selector *s)
{
    if (s->document->credits != NULL)
        return choose_set(s);
    ask_worth(s);
    for (int turn = 0; turn < GREEDY_MAX; turn++) {
        struct unit *best = NULL;
        for (size_t i = 0; i < s->count; i++) {
            struct unit *unit = &s->units[i];
            if (unit_fits(s, unit)
                && (best == NULL || unit_worth(unit) > unit_worth(best)))
                best = unit;
        }
        if (best == NULL)
            return 0;
        unit_take(s, best);
        if (s->method->redundancy)
            compare_all(s, best);
        if (s->method->say != NULL)
            s->method->say(s->document, best->first, best->count);
        ask_worth(s);
    }
    return s->limit == PRECIS_LIMIT_AUTO ? 0 : take_rest(s);
}

/* Whether every sentence fits the limit. */
static int all_fit(const struct selector *s)
{
    struct document *d = s->document;
    size_t characters = d->sentence_count > 0 ? d->sentence_count - 1 : 0;

    if (d->rest < d->size)
        return 0;
    switch (s->limit) {
    case PRECIS_LIMIT_SENTENCES: return d->sentence_count <= s->amount;
    case PRECIS_LIMIT_WORDS:
    case PRECIS_LIMIT_PERCENT: return d->total_words <= s->amount;
    case PRECIS_LIMIT_AUTO: return d->total_words <= AUTO_WORDS;
    case PRECIS_LIMIT_CHARACTERS: break;
    }
    for (size_t i = 0; i < s->count; i++)
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
    s->any = 1;
    s->amount = SIZE_MAX;
    if (s->limit == PRECIS_LIMIT_AUTO)
        s->limit = PRECIS_LIMIT_WORDS;
    s->document->is_short = 1;
    return choose(s);
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
    if (s.limit == PRECIS_LIMIT_PERCENT)
        s.amount = document->total_words * options->amount / 100;
    document->chosen = arena_take(
        document->arena,
        document->sentence_count * sizeof *document->chosen + 1);
    if (document->chosen == NULL)
        return PRECIS_EINTERNAL;
    code = find_units(&s);
    if (code != 0)
        return code;
    scale_scores(&s);
    if (all_fit(&s))
        return select_all(&s);
    code = choose(&s);
    if (code == 0 && document->chosen_count == 0) {
        s.any = 1; /* rather a stray quotation mark than nothing */
        code = choose(&s);
    }
    if (code == 0 && document->chosen_count == 0) {
        s.apart = 1; /* rather one sentence of a quotation */
        code = find_units(&s);
        if (code == 0) {
            scale_scores(&s);
            code = choose(&s);
        }
    }
    if (code == 0 && document->chosen_count == 0) {
        *shortest = shortest_cost(&s);
        code = PRECIS_EBAD_REQUEST;
    }
    return code;
}
