/* keywords.c - the terms and names that say what an article is about.
 *
 * Names (names.h), and what is left: single words, by their stems; a word
 * that never follows a determiner is likely no noun and worth less.
 *
 * Each is worth more the oftener it stands there, in the more sentences, the
 * earlier first, and the less common it is in the language:
 *
 *     count / (count + 3) * (1 + sentences / (sentences + 3))
 *         * (1 + 1 / (2 + first sentence)) * rarity
 *
 * with rarity from the trained word table, 1 where there is none, and more
 * for names and words of the title.  All passes are linear but for the sort.
 */
#include <config.h>

#include "engine/names.h"
#include "engine/result.h"

#include <stdlib.h>
#include <string.h>

#include "engine/unicode.h"

/* Of the worth of other terms. */
#define NAME_BONUS 1.5
#define TITLE_BONUS 1.4

/* Of what a noun is worth: a word that is none; one that stands once. */
#define OTHER_WEIGHT 0.3
#define ONCE_WEIGHT 0.5

/* No keyword is longer: 100 words without a space are no word. */
#define TERM_MAX 120

/* ---- single words ---- */

static void find_stems(struct finder *f, const struct segment *segment,
                       uint32_t sentence)
{
    struct document *d = f->d;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        uint32_t surface = d->tokens[segment->token + t];
        uint32_t stem = d->surfaces[surface].stem;
        struct term *term;
        if (f->words[t].done || stem == NONE)
            continue;
        f->written[surface]++;
        if (f->stem_terms[stem] == 0) {
            term = &f->terms[f->count++];
            memset(term, 0, sizeof *term);
            term->forms[0] = d->surfaces[surface].form;
            term->parent = NONE;
            term->start = f->words[t].start;
            term->end = f->words[t].end;
            f->stem_terms[stem] = (uint32_t) f->count;
        }
        term = &f->terms[f->stem_terms[stem] - 1];
        term_count(term, sentence);
        term->nouns += t > 0 && f->words[t].joint != JOINT_NONE
                       && form_in(f, LIST_DETERMINERS, f->words[t - 1].form);
    }
}

/* ---- what a term is worth ---- */

/* From 0 to 1: how uncommon a word is. */
static double rarity(const struct finder *f, uint32_t form)
{
    const struct word_table *table = &f->d->language->table;
    uint32_t row = f->d->forms[form].row;
    double common;

    if (table->count == 0 || row == NONE)
        return 1;
    common = table->values[4 * row + 1]; /* 1 to 9, the last is rarest */
    return common <= 2 ? 0.1 : (common - 1) / 8;
}

static void term_score(struct finder *f, struct term *term)
{
    const struct document *d = f->d;
    double count = term->count, spread = term->spread, rare = 0;
    uint32_t words = term->words == 0 ? 1 : term->words;
    int in_title = 0;

    for (uint32_t i = 0; i < words; i++) {
        double value = rarity(f, term->forms[i]);
        if (!is_stop(f, term->forms[i]) && value > rare)
            rare = value;
        in_title |= d->forms[term->forms[i]].in_title
                    && !is_stop(f, term->forms[i]);
    }
    if (term->words > 0 && rare < 0.5) /* "Paris", "Macron" */
        rare = 0.5;
    term->score = count / (count + 3) * (1 + spread / (spread + 3))
                  * (1 + 1.0 / (2 + term->first)) * rare;
    if (term->words > 0)
        term->score *= NAME_BONUS;
    else
        term->score *= OTHER_WEIGHT
                       + (1 - OTHER_WEIGHT) * term->nouns / term->count;
    if (term->words == 0 && term->count == 1)
        term->score *= ONCE_WEIGHT;
    if (in_title)
        term->score *= TITLE_BONUS;
}

/* Neither digits nor a letter alone, nor a frequent verb. */
static int is_term(const struct finder *f, const struct term *term)
{
    const char *text = f->d->text + term->start;
    size_t size = term->end - term->start, at = 0;
    uint32_t c;

    if (term->count == 0 || term->parent != NONE || size > TERM_MAX)
        return 0;
    utf8_next(text, size, &at, &c);
    if (!(unicode_class(c) & CLASS_LETTER)
        || utf8_count(text, size) < (term->words > 0 ? 2 : 3))
        return 0;
    return term->words > 1
           || !(form_in(f, LIST_VERBS, term->forms[0])
                || form_in(f, LIST_CALENDAR, term->forms[0])
                || form_in(f, LIST_SAYINGS, term->forms[0]));
}

static int opens_with_capital(const struct surface *surface)
{
    size_t at = 0;
    uint32_t c;

    utf8_next(surface->text, surface->size, &at, &c);
    return (unicode_class(c) & CLASS_UPPER) != 0;
}

/* The way a stem is written most, in small letters where it is anywhere. */
static int choose_surfaces(struct finder *f)
{
    const struct document *d = f->d;
    uint32_t *best = arena_take_array(d->arena, d->stem_count + 1,
                                      sizeof *best);

    if (best == NULL)
        return PRECIS_EINTERNAL;
    for (uint32_t i = 0; i < d->surface_count; i++) {
        const struct surface *surface = &d->surfaces[i];
        struct term *term;
        uint32_t *place;
        if (surface->stem == NONE || f->written[i] == 0)
            continue;
        place = &best[surface->stem];
        if (*place != 0) {
            int capital = opens_with_capital(surface);
            int other = opens_with_capital(&d->surfaces[*place - 1]);
            if (capital != other ? capital
                                 : f->written[i] <= f->written[*place - 1])
                continue;
        }
        *place = i + 1;
        term = &f->terms[f->stem_terms[surface->stem] - 1];
        term->start = (uint32_t) (surface->text - d->text);
        term->end = term->start + surface->size;
        term->forms[0] = surface->form;
    }
    return 0;
}

/* ---- the best ---- */

static int by_score(const void *a, const void *b)
{
    const struct term *const *x = a, *const *y = b;

    if ((*x)->score != (*y)->score)
        return (*x)->score < (*y)->score ? 1 : -1;
    return (*x)->start < (*y)->start ? -1 : 1;
}

/* In small letters, and one space for any white space. */
static size_t fold_term(const char *text, size_t size, char *out)
{
    size_t at = 0, used = 0;

    while (at < size) {
        uint32_t c;
        utf8_next(text, size, &at, &c);
        used += utf8_put(unicode_class(c) & CLASS_SPACE ? ' '
                                                        : unicode_lower(c),
                         out + used);
    }
    return used;
}

struct folded {
    size_t size;
    char text[TERM_MAX * 2];
};

static int overlaps(const struct folded *a, const struct folded *b)
{
    return a->size < b->size
               ? memmem(b->text, b->size, a->text, a->size) != NULL
               : memmem(a->text, a->size, b->text, b->size) != NULL;
}

/* The text of a term; copied where a line ends inside it. */
static const char *term_text(const struct finder *f, const struct term *term)
{
    const char *text = f->d->text + term->start;
    size_t size = term->end - term->start;
    char *copy;

    if (memchr(text, '\n', size) == NULL)
        return text;
    copy = arena_take(f->d->arena, size);
    if (copy == NULL)
        return NULL;
    for (size_t i = 0; i < size; i++)
        copy[i] = text[i] == '\n' ? ' ' : text[i];
    return copy;
}

static int choose_terms(struct finder *f, struct precis_result *result,
                        size_t wanted)
{
    struct term **order = arena_take(f->d->arena,
                                     (f->count + 1) * sizeof *order);
    struct folded *taken = arena_take(f->d->arena,
                                      (wanted + 1) * sizeof *taken);
    precis_keyword *out = arena_take(f->d->arena, wanted * sizeof *out);
    size_t count = 0, n = 0;

    if (order == NULL || taken == NULL || out == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < f->count; i++)
        if (is_term(f, &f->terms[i])) {
            term_score(f, &f->terms[i]);
            order[count++] = &f->terms[i];
        }
    qsort(order, count, sizeof *order, by_score);
    for (size_t i = 0; i < count && n < wanted; i++) {
        const struct term *term = order[i];
        int is_new = 1;
        taken[n].size = fold_term(f->d->text + term->start,
                                  term->end - term->start, taken[n].text);
        for (size_t j = 0; j < n && is_new; j++)
            is_new = !overlaps(&taken[j], &taken[n]);
        if (!is_new)
            continue;
        out[n].term = term_text(f, term);
        if (out[n].term == NULL)
            return PRECIS_EINTERNAL;
        out[n].term_size = term->end - term->start;
        out[n].count = term->count;
        out[n++].score = term->score / order[0]->score;
    }
    result->keywords = out;
    result->keyword_count = n;
    return 0;
}

static int finder_init(struct finder *f, struct document *d)
{
    size_t slots = 64, most = 0;

    while (slots < d->token_count * 2)
        slots *= 2;
    for (size_t i = 0; i < d->segment_count; i++)
        if (d->segments[i].tokens > most)
            most = d->segments[i].tokens;
    f->d = d;
    f->mask = slots - 1;
    f->slots = arena_take_array(d->arena, slots, sizeof *f->slots);
    f->terms = arena_take(d->arena, (d->token_count + d->stem_count + 1)
                                        * sizeof *f->terms);
    f->cases = arena_take_array(d->arena, d->form_count + 1,
                                sizeof *f->cases);
    f->stem_terms = arena_take_array(d->arena, d->stem_count + 1,
                                     sizeof *f->stem_terms);
    f->written = arena_take_array(d->arena, d->surface_count + 1,
                                  sizeof *f->written);
    f->words = arena_take(d->arena, (most + 1) * sizeof *f->words);
    return f->slots == NULL || f->terms == NULL || f->cases == NULL
                   || f->stem_terms == NULL || f->written == NULL
                   || f->words == NULL
               ? PRECIS_EINTERNAL
               : 0;
}

int find_keywords(struct precis_result *result, size_t wanted)
{
    struct document *d = &result->document;
    struct finder f = { 0 };
    uint32_t sentence = 0;

    if (finder_init(&f, d) != 0)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < d->segment_count; i++)
        if (d->segments[i].kind == PRECIS_SENTENCE)
            names_count_cases(&f, &d->segments[i]);
    for (size_t i = 0; i < d->segment_count; i++)
        if (d->segments[i].kind == PRECIS_SENTENCE)
            names_find_quoted(&f, &d->segments[i]);
    for (size_t i = 0; i < d->segment_count; i++)
        if (d->segments[i].kind == PRECIS_SENTENCE) {
            names_find(&f, &d->segments[i], sentence);
            find_stems(&f, &d->segments[i], sentence++);
        }
    names_merge(&f);
    if (choose_surfaces(&f) != 0)
        return PRECIS_EINTERNAL;
    return choose_terms(&f, result, wanted);
}
