/* units.c - stage 5, first part: what can be chosen; see select.h. */
#include <config.h>

#include "engine/select.h"

#include <string.h>

#include "engine/readable.h"
#include "engine/unicode.h"

/* A quotation over more sentences than this is not taken as a whole. */
#define UNIT_MAX 4

/* Sentences at most of a unit with what leans on it. */
#define PAIR_MAX 3

/* Takes what is cut off the unit's length. */
static void unit_shorten(const struct document *d, struct unit *unit)
{
    for (uint32_t i = unit->first; i < unit->first + unit->count; i++) {
        const struct segment *segment = &d->segments[i];
        for (uint32_t t = 0; t < segment->tokens; t++)
            unit->words -= d->cut[segment->token + t];
    }
}

static uint32_t span_characters(const struct document *d, size_t start,
                                size_t end)
{
    return (uint32_t) utf8_count(d->text + start, end - start);
}

/* Without what is cut, and with a space between sentences. */
static uint32_t unit_characters(const struct document *d,
                                const struct unit *unit)
{
    uint32_t characters = unit->sentences - 1;

    for (uint32_t i = unit->first; i < unit->first + unit->count; i++) {
        const struct segment *segment = &d->segments[i];
        characters += span_characters(d, segment->start, segment->end);
        for (uint32_t k = 0; d->cut != NULL && k < d->cuts[i].count; k++)
            characters -= span_characters(d, d->cuts[i].spans[k].start,
                                          d->cuts[i].spans[k].end);
    }
    return characters;
}

static void unit_measure(struct selector *s, struct unit *unit)
{
    struct document *d = s->document;
    double score = 0;

    for (uint32_t i = 0; i < unit->count; i++) {
        unit->words += d->segments[unit->first + i].tokens;
        score += d->scores[unit->first + i];
    }
    if (d->cut != NULL)
        unit_shorten(d, unit);
    if (s->limit == PRECIS_LIMIT_CHARACTERS)
        unit->characters = unit_characters(d, unit);
    unit->score = score / (double) unit->count;
    unit->norm = -1;
}

static const char *unit_text(const struct selector *s, const struct unit *unit,
                             size_t *size)
{
    const struct segment *segments = s->document->segments;
    size_t start = segments[unit->first].start;

    *size = segments[unit->first + unit->count - 1].end - start;
    return s->document->text + start;
}

/* Is it what the options forbid? */
static int is_unwanted(const struct selector *s, const struct unit *unit)
{
    const struct document *d = s->document;
    uint32_t behind = unit->first + unit->count;
    size_t size;
    const char *text = unit_text(s, unit, &size);

    if (s->no_quotes
        && (has_quote(text, size) || d->segments[unit->first].joined
            || (behind < d->segment_count && d->segments[behind].joined)))
        return 1;
    for (uint32_t i = unit->first; i < behind && s->no_questions; i++)
        if (is_question(d->text + d->segments[i].start,
                        d->segments[i].end - d->segments[i].start))
            return 1;
    return 0;
}

void unit_read(const struct selector *s, struct unit *unit)
{
    size_t size;
    const char *text = unit_text(s, unit, &size);

    if (unit->whole == UNREAD)
        unit->whole = (uint8_t) is_balanced(text, size);
    unit->talk = (uint8_t) is_talk(text, size);
}

void unit_read_opening(const struct selector *s, struct unit *unit)
{
    size_t size;
    const char *text = unit_text(s, unit, &size);

    unit->leans = (uint8_t) is_leaning(s->document->language, text, size);
}

/* Of `count` segments. */
static void unit_add(struct selector *s, uint32_t first, uint32_t count,
                     uint32_t before, int whole)
{
    struct unit *unit = &s->units[s->count];

    *unit = (struct unit){
        .first = first, .count = count, .sentences = count, .before = before,
        .whole = whole ? UNREAD : 0, .talk = UNREAD,
        .leans = before == NONE ? 0 : UNREAD,
    };
    if ((s->no_quotes || s->no_questions) && is_unwanted(s, unit)) {
        s->unwanted = 1;
        return;
    }
    unit_measure(s, unit);
    s->count++;
}

/* May what leans be taken together with what is right before it? */
static int is_pair(const struct selector *s, struct unit *before,
                   struct unit *leaning)
{
    return before->first + before->count == leaning->first
           && before->count + leaning->count <= PAIR_MAX
           && unit_leans(s, leaning) && !unit_leans(s, before)
           && unit_is_whole(s, before) && unit_is_whole(s, leaning)
           && !unit_is_talk(s, before) && !unit_is_talk(s, leaning);
}

/* What leans on the unit right before it may be taken together with that. */
void find_pairs(struct selector *s)
{
    s->paired = 1;
    for (size_t i = 1; i < s->plain; i++) {
        struct unit *leaning = &s->units[i], *before = leaning - 1;
        struct unit *pair = &s->units[s->count];

        if (!is_pair(s, before, leaning))
            continue;
        *pair = (struct unit){
            .first = before->first, .count = before->count + leaning->count,
            .before = before->before, .whole = 1,
        };
        pair->sentences = pair->count;
        unit_measure(s, pair);
        s->count++;
    }
}

int find_units(struct selector *s)
{
    struct document *d = s->document;
    uint32_t count = (uint32_t) d->segment_count;
    uint32_t before = NONE;

    s->units = arena_take(d->arena,
                          2 * d->sentence_count * sizeof *s->units + 1);
    s->taken = arena_take_array(d->arena, count + 1, 1);
    if (s->units == NULL || s->taken == NULL)
        return PRECIS_EINTERNAL;
    s->count = 0;
    s->paired = 0;
    s->grower = NULL;
    for (uint32_t i = 0, next; i < count; i = next) {
        next = i + 1;
        if (d->segments[i].kind != PRECIS_SENTENCE)
            continue;
        while (next < count && d->segments[next].kind == PRECIS_SENTENCE
               && d->segments[next].joined)
            next++;
        if (next - i <= UNIT_MAX && !s->apart) {
            unit_add(s, i, next - i, before, 1);
            before = next - 1;
            continue;
        }
        for (uint32_t j = i; j < next; j++) {
            unit_add(s, j, 1, before, 0);
            before = j;
        }
    }
    s->plain = s->count;
    return 0;
}
