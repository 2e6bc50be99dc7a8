/* compress.c - parts of sentences that a summary can do without.
 *
 * After Knight and Marcu ("Summarization beyond sentence extraction", 2002)
 * and Clarke and Lapata (2008) in spirit, by rule instead of by parse.  What
 * may go, each only where what is left is still a sentence:
 *
 *     a bracket
 *     a connective that opens the sentence, with its comma
 *     an adverbial that does, where a subject and its verb follow
 *     the last part behind a comma, or the last two, where each opens with a
 *         word of the list trailers and the main verb stands before them
 *     a part between a subject and its verb that opens with one of asides,
 *         or is a connective
 *     a connective right behind the verb
 *
 * Never a part with a word of sayings (who said it) or of keepers (a
 * condition, an exception, a denial), nor anything inside of a quotation,
 * nor in a sentence whose marks do not pair.
 *
 * A part goes where it pays: where its words earn less, each, than the words
 * of the best summary do.
 */
#include <config.h>

#include "engine/compress.h"

#include <string.h>

#include "engine/clauses.h"

/* A part pays to leave out where a word of it earns less than so many times
 * what one of the best single sentence does: a whole summary earns more a
 * word than any sentence. */
#define RATE 1.5

/* What is left of a sentence has so many words at least. */
#define LEFT_MIN 8

/* An adverbial has at most so many. */
#define ADVERBIAL_MAX 14

/* More brackets are a list, in which one explains the others. */
#define BRACKETS_MAX 2

struct cutter {
    struct clauses s;
    struct document *d;
    const struct credits *credits;
    double rate; /* what a word earns that stays */
    precis_span cuts[CUTS_MAX];
    uint32_t cut_count;
};

/* Do its words earn less, each, than those that stay? */
static int pays(const struct cutter *k, uint32_t first, uint32_t last)
{
    const struct clauses *s = &k->s;
    const struct document *d = s->d;
    uint32_t token = s->segment->token;
    double loss = 0;

    for (uint32_t i = first; i < last; i++) {
        uint32_t form = d->surfaces[d->tokens[token + i]].form, pair;
        int again = 0;
        for (uint32_t j = 0; j < s->words && !again; j++)
            again = (j < first || j >= last)
                    && d->surfaces[d->tokens[token + j]].form == form;
        if (!again)
            loss += k->credits->once[form];
        pair = k->credits->facts.pair_of[token + i];
        if (pair != NONE)
            loss += k->credits->pair[pair];
    }
    return loss < k->rate * (double) (last - first);
}

/* Does the part say who said it, or what must be said with the rest? */
static int is_kept(const struct clauses *s, uint32_t first, uint32_t last)
{
    return has_word(s, LIST_SAYINGS, first, last)
           || has_word(s, LIST_KEEPERS, first, last)
           || opens_with(s, LIST_KEEPERS, s->starts[first]);
}

/* Cuts [start, end) if it pays; returns whether it did. */
static int cut_add(struct cutter *k, uint32_t start, uint32_t end)
{
    const struct clauses *s = &k->s;
    uint32_t first = word_at(s, start), last = word_at(s, end), left;
    uint8_t *cut = k->d->cut + s->segment->token;

    if (last < s->words && s->starts[last] < end)
        return 0; /* not at a word's end */
    left = s->words;
    for (uint32_t i = 0; i < s->words; i++)
        left -= cut[i] || (i >= first && i < last);
    for (uint32_t i = 0; i < k->cut_count; i++)
        if (start < k->cuts[i].end && end > k->cuts[i].start)
            return 0;
    if (last <= first || left < LEFT_MIN || k->cut_count == CUTS_MAX
        || is_in_quotes(s, start, end) || is_kept(s, first, last)
        || !pays(k, first, last))
        return 0;
    memset(cut + first, 1, last - first);
    k->cuts[k->cut_count].start = start;
    k->cuts[k->cut_count++].end = end;
    return 1;
}

static int is_one_of(char c, const char *marks)
{
    return memchr(marks, c, strlen(marks)) != NULL;
}

static int has_few_brackets(const struct clauses *s)
{
    const char *at = s->text + s->segment->start;
    const char *end = s->text + s->segment->end;
    int count = 0;

    while (count <= BRACKETS_MAX
           && (at = memchr(at, '(', (size_t) (end - at))) != NULL) {
        at++;
        count++;
    }
    return count <= BRACKETS_MAX;
}

static void cut_brackets(struct cutter *k)
{
    const struct clauses *s = &k->s;
    if (!has_few_brackets(s))
        return;
    for (uint32_t at = s->segment->start + 2; at < s->segment->end; at++) {
        const char *close;
        uint32_t end;
        if (s->text[at] != '(' || s->text[at - 1] != ' '
            || is_one_of(s->text[at - 2], " ,;:(.!?"))
            continue;
        close = memchr(s->text + at, ')', s->segment->end - at);
        if (close == NULL)
            return;
        end = (uint32_t) (close - s->text) + 1;
        if (memchr(s->text + at + 1, '(', end - at - 1) == NULL
            && (end == s->segment->end
                || is_one_of(s->text[end], " \n,.;:!?")))
            cut_add(k, at - 1, end);
        at = end - 1;
    }
}

/* Has it a verb before its pronoun, as behind "Ainsi", and says nobody so of a
 * quotation ("a-t-il dit")? */
static int is_inverted(const struct clauses *s)
{
    for (uint32_t i = 1; i < s->words && s->quote_count == 0; i++)
        if (s->text[s->starts[i] - 1] == '-'
            && has_word(s, LIST_PRONOUNS, i, i + 1))
            return 1;
    return 0;
}

static void cut_opening(struct cutter *k)
{
    const struct clauses *s = &k->s;
    uint32_t start = s->segment->start, comma, end, behind;

    if (s->comma_count == 0)
        return;
    comma = s->commas[0];
    end = comma + 2;
    if (s->text[comma + 1] != ' ')
        return;
    if (behind_entry(s, LIST_CONNECTIVES, start) == comma) {
        if (opens_with_letter(s, end) && has_verb(s, end, s->stop)
            && !is_inverted(s))
            cut_add(k, start, end);
        return;
    }
    behind = behind_entry(s, LIST_ADVERBIALS, start);
    /* what is denied may be so then or there alone */
    if (behind > 0 && word_at(s, comma) <= ADVERBIAL_MAX
        && is_plain(s, start, comma) && may_open(s, end)
        && !has_verb(s, behind, comma) && clause_follows(s, 0)
        && !has_word(s, LIST_KEEPERS, word_at(s, end),
                     word_at(s, part_end(s, 0))))
        cut_add(k, start, end);
}

/* Does the main verb stand before comma number i?  Where the sentence opens
 * with a clause or a phrase, behind that one's comma. */
static int is_whole_before(const struct clauses *s, uint32_t i)
{
    uint32_t start = s->segment->start;

    if (!opens_with(s, LIST_TRAILERS, start)
        && !opens_with(s, LIST_KEEPERS, start))
        return has_verb(s, start, s->commas[i]);
    return i > 0 && has_verb(s, s->commas[0] + 1, s->commas[i]);
}

/* "C'est le maire, ..., qui a ouvert": the relative clause is the main one. */
static int has_cleft(const struct clauses *s)
{
    int found = opens_with(s, LIST_CLEFTS, s->segment->start);

    for (uint32_t i = 0; i < s->comma_count && !found; i++)
        found = opens_with(s, LIST_CLEFTS, s->commas[i] + 2);
    return found;
}

/* The parts behind the last commas. */
static void cut_end(struct cutter *k)
{
    const struct clauses *s = &k->s;
    if (has_cleft(s))
        return;
    for (uint32_t parts = 2; parts > 0; parts--) {
        uint32_t first, comma;
        int fit = 1;
        if (s->comma_count < parts)
            continue;
        first = s->comma_count - parts;
        comma = s->commas[first];
        for (uint32_t i = first; i < s->comma_count; i++)
            fit &= opens_with(s, LIST_TRAILERS, s->commas[i] + 2);
        if (fit && is_plain(s, comma, s->stop) && !is_behind_quote(s, comma)
            && is_whole_before(s, first) && cut_add(k, comma, s->stop))
            return;
    }
}

/* Is comma number i the first behind the subject?  Before it stands nothing
 * but an opening. */
static int is_behind_subject(const struct clauses *s, uint32_t i)
{
    uint32_t start = s->segment->start;

    return i == 0
           || (i == 1
               && (behind_entry(s, LIST_CONNECTIVES, start) == s->commas[0]
                   || (opens_with(s, LIST_ADVERBIALS, start)
                       && may_open(s, s->commas[0] + 2))));
}

/* The part between two commas, where what follows is the verb of what stands
 * before it: "Le maire, qui l'ignorait, a ..."; not where that is who said it:
 * "Il pleut, dans le nord, a dit le maire." */
static void cut_aside(struct cutter *k)
{
    const struct clauses *s = &k->s;
    for (uint32_t i = 0; i + 1 < s->comma_count; i++) {
        uint32_t start = s->commas[i], end = s->commas[i + 1] + 1;
        uint32_t next = word_at(s, end);
        if (!is_behind_subject(s, i) || !verb_follows(s, i + 1)
            || !is_plain(s, start, end) || is_behind_quote(s, start)
            || (has_verb(s, s->segment->start, start)
                && has_word(s, LIST_SAYINGS, next, next + 3)))
            continue;
        if (opens_with(s, LIST_ASIDES, start + 2)
            || behind_entry(s, LIST_INSERTIONS, start + 2) == end - 1)
            cut_add(k, start, end);
    }
}

/* A connective right behind the verb: "a par ailleurs indiqué". */
static void cut_insertions(struct cutter *k)
{
    const struct clauses *s = &k->s;
    for (uint32_t i = 1; i < s->words; i++) {
        uint32_t start = s->starts[i], end;
        if (s->ends[i - 1] + 1 != start || s->text[start - 1] != ' '
            || !has_word(s, LIST_VERBS, i - 1, i))
            continue;
        end = behind_entry(s, LIST_INSERTIONS, start);
        if (end > 0 && end < s->segment->end && s->text[end] == ' ')
            cut_add(k, start - 1, end);
    }
}

static void sort_cuts(struct cutter *k)
{
    for (uint32_t i = 1; i < k->cut_count; i++) {
        precis_span span = k->cuts[i];
        uint32_t place = i;
        for (; place > 0 && k->cuts[place - 1].start > span.start; place--)
            k->cuts[place] = k->cuts[place - 1];
        k->cuts[place] = span;
    }
}

/* Leaves the cuts of the segment in the document. */
static int keep_cuts(struct cutter *k, size_t segment)
{
    struct cuts *cuts = &k->d->cuts[segment];

    if (k->cut_count == 0)
        return 0;
    sort_cuts(k);
    cuts->spans = arena_take(k->d->arena, k->cut_count * sizeof *k->cuts);
    if (cuts->spans == NULL)
        return PRECIS_EINTERNAL;
    memcpy(cuts->spans, k->cuts, k->cut_count * sizeof *k->cuts);
    cuts->count = k->cut_count;
    return 0;
}

int compress(struct document *d, const struct credits *credits)
{
    struct cutter *k = arena_take(d->arena, sizeof *k);

    d->cut = arena_take_array(d->arena, d->token_count + 1, 1);
    d->cuts = arena_take_array(d->arena, d->segment_count + 1,
                               sizeof *d->cuts);
    if (k == NULL || d->cut == NULL || d->cuts == NULL)
        return PRECIS_EINTERNAL;
    k->d = d;
    k->credits = credits;
    k->rate = RATE * credits->best;
    k->s.d = d;
    k->s.text = d->text;
    for (size_t i = 0; i < d->segment_count; i++) {
        k->s.segment = &d->segments[i];
        if (d->segments[i].kind != PRECIS_SENTENCE || !clauses_look(&k->s))
            continue;
        k->cut_count = 0;
        cut_opening(k);
        cut_brackets(k);
        cut_end(k);
        cut_aside(k);
        cut_insertions(k);
        if (keep_cuts(k, i) != 0)
            return PRECIS_EINTERNAL;
    }
    return 0;
}
