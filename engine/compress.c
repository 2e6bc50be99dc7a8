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

#include "engine/unicode.h"

/* A part pays to leave out where a word of it earns less than so many times
 * what one of the best single sentence does: a whole summary earns more a
 * word than any sentence. */
#define RATE 1.5

/* Longer sentences are left alone: such are no prose. */
#define WORDS_MAX 200
#define COMMAS_MAX 32
#define QUOTES_MAX 16

/* What is left of a sentence has so many words at least. */
#define LEFT_MIN 8

/* An adverbial has at most so many. */
#define ADVERBIAL_MAX 14

/* More brackets are a list, in which one explains the others. */
#define BRACKETS_MAX 2

/* Bytes looked at for an entry of a list; none is longer. */
#define FOLD_MAX 48

struct sentence {
    struct document *d;
    const struct credits *credits;
    double rate; /* what a word earns that stays */
    const struct segment *segment;
    const char *text;           /* of the document */
    uint32_t starts[WORDS_MAX]; /* of its words, in bytes */
    uint32_t ends[WORDS_MAX];
    uint32_t words;
    uint32_t commas[COMMAS_MAX]; /* outside quotations and brackets */
    uint32_t comma_count;
    precis_span quotes[QUOTES_MAX]; /* with their marks */
    uint32_t quote_count;
    uint32_t stop; /* where its last marks begin */
    precis_span cuts[CUTS_MAX];
    uint32_t cut_count;
};

/* ---- looking ---- */

static int is_closing(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == ' '
           || c == 0xA0 || c == 0x202F;
}

/* What is open at a place of the sentence. */
struct marks {
    int brackets, guillemets, doubles, straight;
};

static int is_quoted(const struct marks *m)
{
    return m->guillemets + m->doubles + m->straight > 0;
}

/* Counts a mark; 0 where one closes that is not open. */
static int marks_count(struct marks *m, uint32_t c)
{
    m->brackets += (c == '(') - (c == ')');
    m->guillemets += (c == 0xAB) - (c == 0xBB);
    m->doubles += (c == 0x201C) - (c == 0x201D);
    if (c == '"')
        m->straight = !m->straight;
    return m->brackets >= 0 && m->guillemets >= 0 && m->doubles >= 0
           && c != '[' && c != ']';
}

/* Notes where a quotation opens or closes. */
static int add_quote(struct sentence *s, size_t start, size_t end, int opens)
{
    if (!opens) {
        s->quotes[s->quote_count - 1].end = end;
        return 1;
    }
    if (s->quote_count == QUOTES_MAX)
        return 0;
    s->quotes[s->quote_count++] = (precis_span){ start, s->segment->end };
    return 1;
}

/* Notes a comma; 0 where it is not known what it does. */
static int add_comma(struct sentence *s, size_t at)
{
    const char *next = s->text + at + 1;
    size_t left = s->segment->end - at - 1;

    if (left > 0 && *next >= '0' && *next <= '9')
        return 1; /* of a number */
    if (s->comma_count == COMMAS_MAX || left < 2
        || (*next != ' ' && *next != '\n') || next[1] == ' '
        || next[1] == '\n')
        return 0;
    s->commas[s->comma_count++] = (uint32_t) at;
    return 1;
}

static int find_marks(struct sentence *s)
{
    struct marks marks = { 0 };
    size_t end = s->segment->end;

    s->comma_count = s->quote_count = 0;
    s->stop = s->segment->start;
    for (size_t at = s->segment->start, next = at; at < end; at = next) {
        int quoted = is_quoted(&marks);
        uint32_t c;
        utf8_next(s->text, end, &next, &c);
        if (!marks_count(&marks, c)
            || (quoted != is_quoted(&marks)
                && !add_quote(s, at, next, !quoted))
            || (c == ',' && marks.brackets == 0 && !is_quoted(&marks)
                && !add_comma(s, at)))
            return 0;
        if (!is_closing(c))
            s->stop = (uint32_t) next;
    }
    return marks.brackets == 0 && !is_quoted(&marks);
}

/* Is it part of a quotation over several sentences? */
static int is_joined(const struct sentence *s)
{
    const struct segment *behind = s->segment + 1;

    return s->segment->joined
           || (behind < s->d->segments + s->d->segment_count
               && behind->joined);
}

/* Finds words, commas, quotations and the last marks.  0 where the sentence
 * is better left alone. */
static int look(struct sentence *s)
{
    size_t at = s->segment->start, end = s->segment->end, size;

    s->words = s->cut_count = 0;
    if (s->segment->tokens > WORDS_MAX || s->segment->tokens < LEFT_MIN + 1
        || is_joined(s) || !find_marks(s))
        return 0;
    while ((size = next_word(s->text, &at, end)) > 0) {
        s->starts[s->words] = (uint32_t) at;
        s->ends[s->words++] = (uint32_t) (at + size);
        at += size;
    }
    return s->words == s->segment->tokens;
}

/* ---- asking ---- */

/* The first word that ends behind `at`. */
static uint32_t word_at(const struct sentence *s, uint32_t at)
{
    uint32_t word = 0;

    while (word < s->words && s->ends[word] <= at)
        word++;
    return word;
}

/* Is one of the words `first` to `last` - 1 in the list? */
static int has_word(const struct sentence *s, enum list list, uint32_t first,
                    uint32_t last)
{
    char fold[FOLD_MAX * 2];

    for (uint32_t i = first; i < last && i < s->words; i++) {
        size_t size = s->ends[i] - s->starts[i];
        if (size > FOLD_MAX)
            continue;
        size = unicode_fold(s->text + s->starts[i], size, fold, sizeof fold);
        if (language_has(s->d->language, list, fold, size))
            return 1;
    }
    return 0;
}

static int has_verb(const struct sentence *s, uint32_t start, uint32_t end)
{
    return has_word(s, LIST_VERBS, word_at(s, start), word_at(s, end));
}

/* Where the entry of the list ends that the text at `at` opens with, as whole
 * words, or 0.  Letters may be large, apostrophes curly. */
static uint32_t behind_entry(const struct sentence *s, enum list list,
                             uint32_t at)
{
    char fold[FOLD_MAX + 4];
    size_t size = 0, entry, used = 0, next = at, end = s->segment->end;
    uint32_t c;

    while (next < end && size < FOLD_MAX) {
        utf8_next(s->text, end, &next, &c);
        size += utf8_put(c == 0x2019 ? '\'' : unicode_lower(c), fold + size);
    }
    entry = language_prefix(s->d->language, list, fold, size);
    if (entry == 0)
        return 0;
    for (next = at; used < entry;) {
        utf8_next(s->text, end, &next, &c);
        used += utf8_put(c == 0x2019 ? '\'' : unicode_lower(c), fold);
    }
    at = (uint32_t) next;
    if (next == end || c == '\'' || c == 0x2019)
        return at;
    utf8_next(s->text, end, &next, &c);
    return unicode_class(c) & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT
                               | CLASS_DASH)
               ? 0
               : at;
}

static int opens_with(const struct sentence *s, enum list list, uint32_t at)
{
    return behind_entry(s, list, at) > 0;
}

static int is_in_quotes(const struct sentence *s, uint32_t start, uint32_t end)
{
    for (uint32_t i = 0; i < s->quote_count; i++)
        if (start < s->quotes[i].end && end > s->quotes[i].start)
            return 1;
    return 0;
}

/* Does a quotation end right before `at`? */
static int is_behind_quote(const struct sentence *s, uint32_t at)
{
    for (uint32_t i = 0; i < s->quote_count; i++)
        if (s->quotes[i].end == at)
            return 1;
    return 0;
}

/* Is [start, end) one plain clause or less: no marks but commas, stops within
 * words and apostrophes? */
static int is_plain(const struct sentence *s, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++) {
        unsigned char c = (unsigned char) s->text[i];
        if (c == '"' || c == '(' || c == ')' || c == ';' || c == ':'
            || c == '!' || c == '?' || c == 0xC2
            || (c == '-' && s->text[i - 1] == ' ')
            || (c == 0xE2
                && ((unsigned char) s->text[i + 1] != 0x80
                    || (unsigned char) s->text[i + 2] != 0x99)))
            return 0;
    }
    return 1;
}

/* ---- cutting ---- */

/* Do its words earn less, each, than those that stay? */
static int pays(const struct sentence *s, uint32_t first, uint32_t last)
{
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
            loss += s->credits->once[form];
        pair = s->credits->facts.pair_of[token + i];
        if (pair != NONE)
            loss += s->credits->pair[pair];
    }
    return loss < s->rate * (double) (last - first);
}

/* Does the part say who said it, or what must be said with the rest? */
static int is_kept(const struct sentence *s, uint32_t first, uint32_t last)
{
    return has_word(s, LIST_SAYINGS, first, last)
           || has_word(s, LIST_KEEPERS, first, last)
           || opens_with(s, LIST_KEEPERS, s->starts[first]);
}

/* Cuts [start, end) if it pays; returns whether it did. */
static int cut_add(struct sentence *s, uint32_t start, uint32_t end)
{
    uint32_t first = word_at(s, start), last = word_at(s, end), left;
    uint8_t *cut = s->d->cut + s->segment->token;

    if (last < s->words && s->starts[last] < end)
        return 0; /* not at a word's end */
    left = s->words;
    for (uint32_t i = 0; i < s->words; i++)
        left -= cut[i] || (i >= first && i < last);
    for (uint32_t i = 0; i < s->cut_count; i++)
        if (start < s->cuts[i].end && end > s->cuts[i].start)
            return 0;
    if (last <= first || left < LEFT_MIN || s->cut_count == CUTS_MAX
        || is_in_quotes(s, start, end) || is_kept(s, first, last)
        || !pays(s, first, last))
        return 0;
    memset(cut + first, 1, last - first);
    s->cuts[s->cut_count].start = start;
    s->cuts[s->cut_count++].end = end;
    return 1;
}

static int is_one_of(char c, const char *marks)
{
    return memchr(marks, c, strlen(marks)) != NULL;
}

static int has_few_brackets(const struct sentence *s)
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

static void cut_brackets(struct sentence *s)
{
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
            cut_add(s, at - 1, end);
        at = end - 1;
    }
}

/* May a sentence open here: with a name or a determiner? */
static int may_open(const struct sentence *s, uint32_t at)
{
    size_t next = at;
    uint32_t c;

    utf8_next(s->text, s->segment->end, &next, &c);
    return (unicode_class(c) & CLASS_UPPER) != 0
           || opens_with(s, LIST_ARTICLES, at)
           || opens_with(s, LIST_DETERMINERS, at);
}

static int opens_with_letter(const struct sentence *s, uint32_t at)
{
    size_t next = at;
    uint32_t c;

    utf8_next(s->text, s->segment->end, &next, &c);
    return (unicode_class(c) & CLASS_LETTER) != 0;
}

/* Where the part behind comma number i ends. */
static uint32_t part_end(const struct sentence *s, uint32_t i)
{
    return i + 1 < s->comma_count ? s->commas[i + 1] : s->stop;
}

/* Does a verb come right behind comma number i: "a dit", "s'est"? */
static int verb_follows(const struct sentence *s, uint32_t i)
{
    uint32_t next = word_at(s, s->commas[i]);

    if (next == s->words || s->starts[next] != s->commas[i] + 2)
        return 0;
    if (s->ends[next] - s->starts[next] == 1
        && s->text[s->ends[next]] != ' ') /* elided */
        next++;
    return has_word(s, LIST_VERBS, next, next + 1);
}

/* Does a clause follow comma number i: its verb before the next comma, or
 * behind a part between two? */
static int clause_follows(const struct sentence *s, uint32_t i)
{
    uint32_t start = s->commas[i] + 2, end = part_end(s, i);

    if (has_verb(s, start, end))
        return is_plain(s, start, s->starts[word_at(s, start)]);
    return i + 2 < s->comma_count && verb_follows(s, i + 2);
}

/* Has it a verb before its pronoun, as behind "Ainsi", and says nobody so of a
 * quotation ("a-t-il dit")? */
static int is_inverted(const struct sentence *s)
{
    for (uint32_t i = 1; i < s->words && s->quote_count == 0; i++)
        if (s->text[s->starts[i] - 1] == '-'
            && has_word(s, LIST_PRONOUNS, i, i + 1))
            return 1;
    return 0;
}

static void cut_opening(struct sentence *s)
{
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
            cut_add(s, start, end);
        return;
    }
    behind = behind_entry(s, LIST_ADVERBIALS, start);
    /* what is denied may be so then or there alone */
    if (behind > 0 && word_at(s, comma) <= ADVERBIAL_MAX
        && is_plain(s, start, comma) && may_open(s, end)
        && !has_verb(s, behind, comma) && clause_follows(s, 0)
        && !has_word(s, LIST_KEEPERS, word_at(s, end),
                     word_at(s, part_end(s, 0))))
        cut_add(s, start, end);
}

/* Does the main verb stand before comma number i?  Where the sentence opens
 * with a clause or a phrase, behind that one's comma. */
static int is_whole_before(const struct sentence *s, uint32_t i)
{
    uint32_t start = s->segment->start;

    if (!opens_with(s, LIST_TRAILERS, start)
        && !opens_with(s, LIST_KEEPERS, start))
        return has_verb(s, start, s->commas[i]);
    return i > 0 && has_verb(s, s->commas[0] + 1, s->commas[i]);
}

/* "C'est le maire, ..., qui a ouvert": the relative clause is the main one. */
static int has_cleft(const struct sentence *s)
{
    int found = opens_with(s, LIST_CLEFTS, s->segment->start);

    for (uint32_t i = 0; i < s->comma_count && !found; i++)
        found = opens_with(s, LIST_CLEFTS, s->commas[i] + 2);
    return found;
}

/* The parts behind the last commas. */
static void cut_end(struct sentence *s)
{
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
            && is_whole_before(s, first) && cut_add(s, comma, s->stop))
            return;
    }
}

/* Is comma number i the first behind the subject?  Before it stands nothing
 * but an opening. */
static int is_behind_subject(const struct sentence *s, uint32_t i)
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
static void cut_aside(struct sentence *s)
{
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
            cut_add(s, start, end);
    }
}

/* A connective right behind the verb: "a par ailleurs indiqué". */
static void cut_insertions(struct sentence *s)
{
    for (uint32_t i = 1; i < s->words; i++) {
        uint32_t start = s->starts[i], end;
        if (s->ends[i - 1] + 1 != start || s->text[start - 1] != ' '
            || !has_word(s, LIST_VERBS, i - 1, i))
            continue;
        end = behind_entry(s, LIST_INSERTIONS, start);
        if (end > 0 && end < s->segment->end && s->text[end] == ' ')
            cut_add(s, start - 1, end);
    }
}

static void sort_cuts(struct sentence *s)
{
    for (uint32_t i = 1; i < s->cut_count; i++) {
        precis_span span = s->cuts[i];
        uint32_t place = i;
        for (; place > 0 && s->cuts[place - 1].start > span.start; place--)
            s->cuts[place] = s->cuts[place - 1];
        s->cuts[place] = span;
    }
}

int compress(struct document *d, const struct credits *credits)
{
    struct sentence *s = arena_take(d->arena, sizeof *s);

    d->cut = arena_take_array(d->arena, d->token_count + 1, 1);
    d->cuts = arena_take_array(d->arena, d->segment_count + 1,
                               sizeof *d->cuts);
    if (s == NULL || d->cut == NULL || d->cuts == NULL)
        return PRECIS_EINTERNAL;
    s->d = d;
    s->credits = credits;
    s->rate = RATE * credits->best;
    s->text = d->text;
    for (size_t i = 0; i < d->segment_count; i++) {
        s->segment = &d->segments[i];
        if (s->segment->kind != PRECIS_SENTENCE || !look(s))
            continue;
        cut_opening(s);
        cut_brackets(s);
        cut_end(s);
        cut_aside(s);
        cut_insertions(s);
        if (s->cut_count == 0)
            continue;
        sort_cuts(s);
        d->cuts[i].spans = arena_take(d->arena,
                                      s->cut_count * sizeof *s->cuts);
        if (d->cuts[i].spans == NULL)
            return PRECIS_EINTERNAL;
        memcpy(d->cuts[i].spans, s->cuts, s->cut_count * sizeof *s->cuts);
        d->cuts[i].count = s->cut_count;
    }
    return 0;
}
