/* compress.c - parts of sentences that a summary can do without.
 *
 * After Knight and Marcu ("Summarization beyond sentence extraction", 2002)
 * and Clarke and Lapata (2008) in spirit, by rule instead of by parse: a
 * bracket; a connective or an adverbial that opens a sentence, up to its
 * comma; the last or the last two parts behind a comma, where they open with
 * a word of the list `trailers` and a finite verb stands before them, or a
 * part between commas that does so before a verb; a connective within.  Never
 * a part with an attribution, nor one that opens or closes a quotation.
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

/* What is left of a sentence has so many words at least. */
#define LEFT_MIN 8

/* An adverbial has at most so many. */
#define ADVERBIAL_MAX 14

#define COMMAS_MAX 32

#define FOLD_MAX 48

struct sentence {
    struct document *d;
    const struct segment *segment;
    const char *text;           /* of the document */
    uint32_t starts[WORDS_MAX]; /* of its words, in bytes */
    uint32_t ends[WORDS_MAX];
    uint32_t words;
    uint32_t commas[COMMAS_MAX]; /* outside quotations and brackets */
    uint32_t comma_count;
    uint32_t stop;               /* where its last marks begin */
    precis_span cuts[CUTS_MAX];
    uint32_t cut_count;
    int quotes;                  /* it has quotation marks */
};

static int is_closing(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == ' '
           || c == 0xA0 || c == 0x202F;
}

/* Finds words, commas and the last marks.  0 where it is better left alone. */
static int look(struct sentence *s)
{
    size_t at = s->segment->start, end = s->segment->end, size;
    int depth = 0, quote = 0;

    s->words = s->comma_count = s->cut_count = 0;
    s->quotes = 0;
    if (s->segment->tokens > WORDS_MAX
        || s->segment->tokens < LEFT_MIN + 1)
        return 0;
    while ((size = next_word(s->text, &at, end)) > 0) {
        s->starts[s->words] = (uint32_t) at;
        s->ends[s->words++] = (uint32_t) (at + size);
        at += size;
    }
    for (at = s->segment->start; at < end;) {
        size_t here = at;
        uint32_t c;
        utf8_next(s->text, end, &at, &c);
        if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
        else if (c == '"')
            quote = !quote;
        else if (c == 0xAB || c == 0x201C)
            quote = 1;
        else if (c == 0xBB || c == 0x201D)
            quote = 0;
        else if (c == ',' && depth == 0 && !quote && at < end
                 && s->text[at] == ' ' && s->comma_count < COMMAS_MAX)
            s->commas[s->comma_count++] = (uint32_t) here;
        s->quotes |= c == '"' || c == 0xAB || c == 0x201C;
        if (depth < 0)
            return 0;
        if (!is_closing(c))
            s->stop = (uint32_t) at;
    }
    return depth == 0 && !quote && s->words == s->segment->tokens;
}

/* The first word that ends behind `at`. */
static uint32_t word_at(const struct sentence *s, uint32_t at)
{
    uint32_t word = 0;

    while (word < s->words && s->ends[word] <= at)
        word++;
    return word;
}

static int has_word(const struct sentence *s, enum list list, uint32_t first,
                    uint32_t last)
{
    char fold[FOLD_MAX * 2];

    for (uint32_t i = first; i < last; i++) {
        size_t size = s->ends[i] - s->starts[i];
        if (size > FOLD_MAX)
            continue;
        size = unicode_fold(s->text + s->starts[i], size, fold, sizeof fold);
        if (language_has(s->d->language, list, fold, size))
            return 1;
    }
    return 0;
}

/* Does the text at `at` open with an entry of the list, as whole words?
 * Returns the entry's size in the text, or 0. */
static size_t opens_with(const struct sentence *s, enum list list,
                         uint32_t at)
{
    char fold[FOLD_MAX * 2];
    size_t left = s->segment->end - at, size = left < FOLD_MAX ? left
                                                               : FOLD_MAX;
    size_t fold_size, entry, next;
    uint32_t c;

    while (size > 0 && size < left
           && ((unsigned char) s->text[at + size] & 0xC0) == 0x80)
        size--;
    fold_size = unicode_fold(s->text + at, size, fold, sizeof fold);
    entry = language_prefix(s->d->language, list, fold, fold_size);
    if (entry == 0 || entry >= fold_size || fold[entry - 1] == '\'')
        return entry;
    next = entry;
    utf8_next(fold, fold_size, &next, &c);
    return unicode_class(c) & (CLASS_LETTER | CLASS_DIGIT | CLASS_DASH)
               ? 0
               : entry;
}

/* Does what is in [start, end) earn less a word than `rate`? */
static int pays(const struct sentence *s, const struct credits *credits,
                uint32_t first, uint32_t last, double rate)
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
            loss += credits->once[form];
        pair = credits->facts.pair_of[token + i];
        if (pair != NONE)
            loss += credits->pair[pair];
    }
    return loss < rate * (double) (last - first);
}

static void cut_add(struct sentence *s, const struct credits *credits,
                    uint32_t start, uint32_t end, double rate)
{
    uint32_t first = word_at(s, start), last = word_at(s, end), left;
    uint8_t *cut = s->d->cut + s->segment->token;

    if (last < s->words && s->starts[last] < end)
        return; /* not at a word's end */
    left = s->words;
    for (uint32_t i = 0; i < s->words; i++)
        left -= cut[i] || (i >= first && i < last);
    for (uint32_t i = 0; i < s->cut_count; i++)
        if (start < s->cuts[i].end && end > s->cuts[i].start)
            return;
    if (last <= first || left < LEFT_MIN || s->cut_count == CUTS_MAX
        || has_word(s, LIST_SAYINGS, first, last)
        || !pays(s, credits, first, last, rate))
        return;
    memset(cut + first, 1, last - first);
    s->cuts[s->cut_count].start = start;
    s->cuts[s->cut_count++].end = end;
}

static int is_plain(const struct sentence *s, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++) {
        unsigned char c = (unsigned char) s->text[i];
        if (c == '"' || c == '(' || c == ')' || c == 0xC2
            || (c == 0xE2 && (unsigned char) s->text[i + 2] != 0x99))
            return 0;
    }
    return 1;
}

static void cut_brackets(struct sentence *s, const struct credits *credits,
                         double rate)
{
    for (uint32_t at = s->segment->start + 1; at < s->segment->end; at++) {
        const char *close;
        uint32_t end;
        if (s->text[at] != '(' || s->text[at - 1] != ' ')
            continue;
        close = memchr(s->text + at, ')', s->segment->end - at);
        if (close == NULL)
            return;
        end = (uint32_t) (close - s->text) + 1;
        if (is_plain(s, at + 1, end - 1))
            cut_add(s, credits, at - 1, end, rate);
        at = end;
    }
}

/* May a sentence open here: with a name or an article? */
static int may_open(const struct sentence *s, uint32_t at)
{
    size_t next = at;
    uint32_t c;

    utf8_next(s->text, s->segment->end, &next, &c);
    return (unicode_class(c) & CLASS_UPPER) != 0
           || opens_with(s, LIST_ARTICLES, at) > 0;
}

static void cut_opening(struct sentence *s, const struct credits *credits,
                        double rate)
{
    uint32_t start = s->segment->start, comma, end;
    size_t entry;

    if (s->comma_count == 0)
        return;
    comma = s->commas[0];
    end = comma + 2;
    entry = opens_with(s, LIST_CONNECTIVES, start);
    if (entry > 0 && start + entry == comma) {
        cut_add(s, credits, start, end, rate);
        return;
    }
    if (opens_with(s, LIST_ADVERBIALS, start) > 0
        && word_at(s, comma) <= ADVERBIAL_MAX && is_plain(s, start, comma)
        && may_open(s, end) && !has_word(s, LIST_VERBS, 0, word_at(s, comma)))
        cut_add(s, credits, start, end, rate);
}

/* The parts behind the last commas. */
static void cut_end(struct sentence *s, const struct credits *credits,
                    double rate)
{
    for (uint32_t parts = 2; parts > 0; parts--) {
        uint32_t comma, cuts = s->cut_count;
        int fit = 1;
        if (s->comma_count < parts)
            continue;
        comma = s->commas[s->comma_count - parts];
        for (uint32_t i = s->comma_count - parts; i < s->comma_count; i++)
            fit &= opens_with(s, LIST_TRAILERS, s->commas[i] + 2) > 0;
        if (!fit || !is_plain(s, comma, s->stop)
            || !has_word(s, LIST_VERBS, 0, word_at(s, comma)))
            continue;
        cut_add(s, credits, comma, s->stop, rate);
        if (s->cut_count > cuts)
            return;
    }
}

/* The part between two commas, where what follows is the verb of what stands
 * before it: "Le maire, qui l'ignorait, a ..." */
static void cut_inside(struct sentence *s, const struct credits *credits,
                       double rate)
{
    for (uint32_t i = 0; i + 1 < s->comma_count; i++) {
        uint32_t start = s->commas[i], end = s->commas[i + 1] + 1;
        uint32_t next = word_at(s, end);
        if (next < s->words && has_word(s, LIST_VERBS, next, next + 1)
            && opens_with(s, LIST_TRAILERS, start + 2) > 0
            && is_plain(s, start, end))
            cut_add(s, credits, start, end, rate);
    }
}

/* A connective within a sentence: "a par ailleurs indiqué". */
static void cut_insertions(struct sentence *s, const struct credits *credits,
                           double rate)
{
    for (uint32_t i = 1; i < s->words; i++) {
        uint32_t start = s->starts[i];
        size_t entry = opens_with(s, LIST_INSERTIONS, start);
        if (entry > 0 && s->text[start - 1] == ' '
            && s->text[start + entry] == ' ')
            cut_add(s, credits, start - 1, start + (uint32_t) entry, rate);
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
    double rate = RATE * credits->best;

    d->cut = arena_take_array(d->arena, d->token_count + 1, 1);
    d->cuts = arena_take_array(d->arena, d->segment_count + 1,
                               sizeof *d->cuts);
    if (s == NULL || d->cut == NULL || d->cuts == NULL)
        return PRECIS_EINTERNAL;
    s->d = d;
    s->text = d->text;
    for (size_t i = 0; i < d->segment_count; i++) {
        s->segment = &d->segments[i];
        if (s->segment->kind != PRECIS_SENTENCE || !look(s))
            continue;
        cut_opening(s, credits, rate);
        cut_brackets(s, credits, rate);
        cut_end(s, credits, rate);
        cut_inside(s, credits, rate);
        cut_insertions(s, credits, rate);
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
