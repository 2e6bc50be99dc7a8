/* signs.c - stage 2: what weights say of a mark, and of a place without one.
 *
 * The rules of ends.c know what every language has in common and what the
 * lists say.  Whether "24." ends a sentence before a capital, or "nr." before
 * a digit, differs from language to language, and a dozen weak signs together
 * know it better: what stands before the mark, what behind it, the spaces and
 * quotation marks between, how long the sentence is by now, and what the
 * rules would say.  Each sign is hashed to a number, and each number has a
 * weight: stemmers/ends for all languages together, stemmers/<code>/ends for
 * what one of them has besides.  bench/ends.c makes both.
 *
 * A second set of signs, hashed to the same numbers, is read where nothing but
 * a space stands before a capital: a heading ran into the text there.  A
 * language with weights of its own for that (joint.c) has its marks decided
 * by the rules alone.
 *
 * Logistic regression over hashed features: K. Weinberger et al., Feature
 * Hashing for Large Scale Multitask Learning, ICML 2009, from which the sum
 * of common and particular weights is taken too (after H. Daume III,
 * Frustratingly Easy Domain Adaptation, ACL 2007).
 */
#include <config.h>

#include "engine/signs.h"
#include "engine/joint.h"
#include "engine/shape.h"

#include <string.h>

/* Bytes looked through for the next mark, and for the words of a run. */
#define AHEAD_MAX 96
#define RUN_MAX 240

/* Words of a run that are looked for behind it, by their first letters, in so
 * many bytes. */
#define HASHES_MAX 16
#define STEM_MIN 4
#define REPEAT_MAX 120

/* How sure weights must be to overrule the rules, in the unit of the weights;
 * and to end a sentence before a small letter, which some type in mails. */
#define CAUTION 16
#define CAUTION_LOWER 48
#define CAUTION_LISTED 48 /* behind an abbreviation, before a starter */

/* No sentence ends with a stop word of so few bytes. */
#define SHORT_MAX 3

/* What comes next. */
enum after {
    AFTER_OTHER, AFTER_UPPER, AFTER_LOWER, AFTER_DIGIT, AFTER_LETTER,
    AFTER_QUOTE_UPPER, AFTER_QUOTE_LOWER, AFTER_QUOTE, AFTER_BRACKET_UPPER,
    AFTER_BRACKET_LOWER, AFTER_BRACKET, AFTER_DASH_UPPER, AFTER_DASH_LOWER,
    AFTER_DASH, AFTER_BULLET, AFTER_INVERTED, AFTER_COMMA, AFTER_MARK,
    AFTERS
};

static void put(struct signs *signs, unsigned kind, uint32_t a, uint32_t b)
{
    uint32_t hash = kind * 0x9E3779B1u + a * 0x85EBCA77u + b * 0xC2B2AE3Du;

    hash ^= hash >> 15;
    hash *= 0x2C1B3C6Du;
    hash ^= hash >> 13;
    signs->numbers[signs->count++] = (uint16_t) (hash % ENDS_WEIGHTS);
}

/* Logarithm to the base 2, 0 to 9. */
static unsigned magnitude(size_t size)
{
    unsigned log = 0;

    while (size > 1 && log < 9) {
        size >>= 1;
        log++;
    }
    return log;
}

static unsigned case_of(uint32_t c)
{
    unsigned class = c == 0 ? 0 : unicode_class(c);

    return class & CLASS_UPPER    ? 1
           : class & CLASS_LOWER  ? 2
           : class & CLASS_DIGIT  ? 3
           : class & CLASS_LETTER ? 4
                                  : 0;
}

/* What comes at `next`; writes where its first word begins. */
static enum after what_follows(const struct splitter *s, size_t next,
                               size_t *word)
{
    uint32_t c = char_at(s, next);
    unsigned which = case_of(c);
    enum after after;
    size_t at = next;

    *word = next;
    if (which > 0)
        return AFTER_OTHER + (enum after) which;
    if (is_mark(s, c))
        return AFTER_MARK;
    if (c == ',' || c == ';' || c == ':' || c == ')' || c == ']')
        return AFTER_COMMA;
    if (is_bullet(c) || c == '*')
        after = AFTER_BULLET;
    else if (is_inverted(c))
        after = AFTER_INVERTED;
    else if (is_dash(c))
        after = AFTER_DASH_UPPER;
    else if (c == '(' || c == '[')
        after = AFTER_BRACKET_UPPER;
    else if (is_apostrophe(c) || c == '`' || quote_role(s, c) != 0)
        after = AFTER_QUOTE_UPPER;
    else
        return AFTER_OTHER;
    for (int i = 0; i < 4 && at < s->size; i++) { /* "- "..." */
        at = skip_space(s, at + char_size(c));
        c = char_at(s, at);
        if (is_class(c, CLASS_LETTER | CLASS_DIGIT))
            break;
    }
    *word = at;
    if (after == AFTER_BULLET || after == AFTER_INVERTED)
        return after;
    which = case_of(c);
    return after + (which == 1 ? 0u : which == 2 ? 1u : 2u);
}

/* The lists that matter here, as a small number. */
static unsigned few_lists(const struct splitter *s, size_t begin, size_t end)
{
    unsigned lists = word_lists(s, begin, end);

    return (lists & IN(LIST_STARTERS) ? 1u : 0u)
           | (lists & IN(LIST_STOPWORDS) ? 2u : 0u)
           | (lists & IN(LIST_ARTICLES) ? 4u : 0u)
           | (lists & IN(LIST_CALENDAR) ? 8u : 0u)
           | (lists & IN(LIST_VERBS) ? 16u : 0u);
}

/* And those of an abbreviation. */
static unsigned abbreviation_lists(const struct splitter *s, size_t begin,
                                   size_t end)
{
    unsigned lists = written_lists(s, begin, end);

    return (lists & IN(LIST_TITLES) ? 1u : 0u)
           | (lists & IN(LIST_ABBREVIATIONS) ? 2u : 0u)
           | (lists & IN(LIST_ABBREVIATIONS_NUMBER) ? 4u : 0u)
           | (lists & IN(LIST_STOPWORDS) ? 8u : 0u);
}

/* How far it is to the next mark: classes 0 (near) to 5; a line's end or a
 * capital on the way is none. */
static unsigned next_mark(const struct splitter *s, size_t at)
{
    size_t high = at + AHEAD_MAX < s->size ? at + AHEAD_MAX : s->size;

    for (size_t i = at; i < high; i++) {
        unsigned char c = (unsigned char) s->text[i];
        if (c == '.' || c == '!' || c == '?' || c == '\n')
            return i - at < 4 ? 0u : i - at < 12 ? 1u : i - at < 32 ? 2u : 3u;
    }
    return high == s->size ? 4 : 5;
}

static unsigned mark_kind(const struct splitter *s, const struct place *p)
{
    uint32_t c = char_at(s, p->start);
    int many = p->closers > p->start + char_size(c);

    return (c == '.'        ? 0u
            : c == '!'      ? 1u
            : c == '?'      ? 2u
            : c == ELLIPSIS ? 3u
            : c == ':'      ? 4u
                            : 5u)
           + (many ? 6u : 0u);
}

/* What closes between mark and white space: bit 0 a quotation mark, bit 1 a
 * bracket. */
static unsigned what_closes(const struct splitter *s, const struct place *p)
{
    unsigned closers = 0;

    for (size_t i = p->closers; i < p->end;) {
        uint32_t c = char_at(s, i);
        closers |= c == ')' || c == ']' ? 2u : is_space(c) ? 0u : 1u;
        i += char_size(c);
    }
    return closers;
}

static unsigned quote_state(const struct splitter *s)
{
    return (s->quote ? 1u : 0u) | (s->guillemets > 0 ? 2u : 0u);
}

/* What the segment opens with. */
static unsigned opening(const struct splitter *s)
{
    uint32_t c = char_at(s, s->begin);
    unsigned which = case_of(c);

    if (which > 0)
        return which;
    return is_dash(c)                              ? 5
           : c == '(' || c == '['                  ? 6
           : is_bullet(c) || c == '*'              ? 7
           : is_apostrophe(c) || quote_role(s, c)  ? 8
                                                   : 0;
}

void signs_at_mark(const struct splitter *s, const struct place *p,
                   struct signs *x)
{
    size_t end = before_space(s, p->start), begin = token_begin(s, end);
    size_t last = before_space(s, begin), word, word_stop, second;
    unsigned mark = mark_kind(s, p), closers = what_closes(s, p);
    unsigned shape = shape_of(s, begin, end), earlier, after, lists, few;
    unsigned length = magnitude(p->start - s->begin), quote = quote_state(s);
    unsigned open = opening(s), next_shape, way, rule = (unsigned) p->rule;
    unsigned gap = p->next - p->end > 1, bracket = p->start < s->paren_end;
    uint32_t before, behind;

    x->count = 0;
    earlier = begin > s->begin ? shape_of(s, token_begin(s, last), last)
                               : (unsigned) SHAPES;
    after = what_follows(s, p->next, &word);
    lists = abbreviation_lists(s, word_begin(s, end), end);
    word_stop = word_end(s, word);
    few = few_lists(s, word, word_stop);
    next_shape = shape_of(s, word, token_end(s, word));
    second = skip_space(s, token_end(s, word));
    way = next_mark(s, word);
    before = hash_word(s, begin, end);
    behind = hash_word(s, word, word_stop);

    put(x, 0, mark, 0);
    put(x, 1, mark, rule);
    put(x, 2, after, rule);
    put(x, 3, mark * 4 + closers, after);
    put(x, 4, shape * 12 + mark, after);
    put(x, 5, shape * 16 + lists, after);
    put(x, 6, before, 0);
    put(x, 7, before, after);
    put(x, 8, behind, 0);
    put(x, 9, behind, shape);
    put(x, 10, behind, mark * 4 + closers);
    put(x, 11, length, after);
    put(x, 12, length, shape);
    put(x, 13, quote * 4 + closers, after * 2 + rule);
    put(x, 14, open * 4 + quote, after);
    put(x, 15, earlier, shape);
    put(x, 16, earlier * SHAPES + shape, after);
    put(x, 17, next_shape, shape);
    put(x, 18, case_of(char_at(s, second)) * SHAPES + shape, after);
    put(x, 19, way * SHAPES + shape, after);
    put(x, 20, gap * 12 + mark, after);
    put(x, 21, lists, few);
    put(x, 22, few, after * 2 + rule);
    put(x, 23, char_before(s, end), after);
    put(x, 24, quote * 4 + closers, shape);
    put(x, 25, bracket, after * 2 + rule);
    put(x, 26, next_shape * 12 + mark, rule);
    put(x, 27, lists * 2 + rule, few);
    put(x, 28, s->language->ordinals * SHAPES + shape, after);
    put(x, 29, s->language->ordinals * SHAPES + shape, few);
}

/* What the words of a run [begin, end) are. */
struct run {
    unsigned words, capitals, stopwords, digits, commas, colons, quotes;
    size_t first_end; /* of its first word */
    size_t first;
    uint32_t hashes[HASHES_MAX]; /* of its longer words, what they begin with */
    size_t hash_count;
};

/* Of a word of STEM_MIN letters at least, those letters as one number; 0 for
 * shorter ones. */
static uint32_t hash_stem(const struct splitter *s, size_t begin, size_t end)
{
    size_t at = begin;

    for (int letters = 0; letters < STEM_MIN; letters++) {
        if (at >= end)
            return 0;
        at += char_size(char_at(s, at));
    }
    return hash_word(s, begin, at);
}

/* Words behind `at` that the run has too; 2 stands for more. */
static unsigned repeated(const struct splitter *s, size_t at,
                         const struct run *run)
{
    size_t high = at + REPEAT_MAX < s->size ? at + REPEAT_MAX : s->size;
    unsigned count = 0;

    while (at < high && count < 2) {
        size_t word = word_end(s, at);
        uint32_t hash;
        if (word == at) {
            at += char_size(char_at(s, at));
            continue;
        }
        hash = hash_stem(s, at, word);
        for (size_t i = 0; hash != 0 && i < run->hash_count; i++)
            if (run->hashes[i] == hash) {
                count++;
                break;
            }
        at = word;
    }
    return count;
}

static void read_run(const struct splitter *s, size_t end, struct run *run)
{
    size_t at = s->begin, low = end > RUN_MAX ? end - RUN_MAX : 0;
    uint32_t c, hash;

    run->words = run->capitals = run->stopwords = run->digits = 0;
    run->commas = run->colons = run->quotes = 0;
    run->first = run->first_end = run->hash_count = 0;
    if (at < low) {
        at = low;
        while (((unsigned char) s->text[at] & 0xC0) == 0x80)
            at++;
        run->words = 30;
    }
    while (at < end) {
        size_t word = word_end(s, at);
        if (word > at) {
            if (run->first_end == 0) {
                run->first = at;
                run->first_end = word;
            }
            run->words++;
            run->capitals += (unsigned) is_upper(char_at(s, at));
            hash = hash_stem(s, at, word);
            if (hash != 0 && run->hash_count < HASHES_MAX)
                run->hashes[run->hash_count++] = hash;
            run->stopwords += (unsigned) word_in(s, LIST_STOPWORDS, at, word);
            at = word;
            continue;
        }
        c = char_at(s, at);
        run->digits += (unsigned) is_digit(c);
        run->commas += c == ',';
        run->colons += c == ':' || c == ';';
        run->quotes += quote_role(s, c) != 0;
        at += char_size(c);
    }
}

/* 0, 1, 2, 3, 4-5, 6-8, 9-13, 14-20, more */
static unsigned length_of(unsigned words)
{
    return words < 4    ? words
           : words < 6  ? 4
           : words < 9  ? 5
           : words < 14 ? 6
           : words < 21 ? 7
                        : 8;
}

void signs_at_joint(const struct splitter *s, size_t at, size_t end,
                    struct signs *x)
{
    size_t begin = token_begin(s, end), word, word_stop, second, second_stop;
    unsigned after = what_follows(s, at, &word), few, lists, next, words;
    unsigned shape = shape_of(s, begin, end), first, capitals, stop, marks;
    unsigned second_case, second_few, way, again, open = opening(s);
    uint32_t before, behind;
    struct run run;

    x->count = 0;
    word_stop = word_end(s, word);
    few = few_lists(s, word, word_stop);
    next = shape_of(s, word, token_end(s, word));
    second = skip_space(s, token_end(s, word));
    second_stop = word_end(s, second);
    second_case = case_of(char_at(s, second));
    second_few = few_lists(s, second, second_stop);
    lists = few_lists(s, begin, end);
    before = hash_word(s, begin, end);
    behind = hash_word(s, word, word_stop);
    way = next_mark(s, word);
    read_run(s, end, &run);
    words = length_of(run.words);
    capitals = run.capitals + (run.capitals == run.words ? 0 : 1) < 2 ? 0
               : run.capitals == run.words                           ? 1
               : run.capitals * 2 > run.words                        ? 2
               : run.capitals > 1                                    ? 3
                                                                     : 4;
    stop = run.stopwords == 0 ? 0 : run.stopwords * 4 < run.words ? 1 : 2;
    marks = (run.commas ? 1u : 0u) | (run.colons ? 2u : 0u)
            | (run.quotes ? 4u : 0u) | (run.digits ? 8u : 0u);
    first = s->begin == 0 || s->document->segment_count == 0;

    put(x, 100, after, 0);
    put(x, 101, shape, after);
    put(x, 102, lists, after);
    put(x, 103, before, 0);
    put(x, 104, behind, 0);
    put(x, 105, few * SHAPES + shape, after);
    put(x, 106, few, lists);
    put(x, 107, words, after);
    put(x, 108, words * 10 + open, first);
    put(x, 109, words, first * 32 + few);
    put(x, 110, words, capitals * 2 + first);
    put(x, 111, words, stop * 2 + first);
    put(x, 112, marks, after);
    put(x, 113, second_case * SHAPES + next, few);
    put(x, 114, way, words);
    put(x, 115, few * 5 + second_case, shape);
    put(x, 116, second_few, few);
    put(x, 117, words * 5 + capitals, stop * 2 + first);
    put(x, 118, hash_word(s, second, second_stop), 0);
    put(x, 119, quote_state(s), after);
    put(x, 120, char_before(s, end), after);
    put(x, 121, open * SHAPES + shape, few);
    put(x, 122,
        run.first_end > 0 && hash_word(s, run.first, run.first_end) == behind,
        first);
    put(x, 123, next, shape);
    put(x, 124, words * SHAPES + shape, few);
    put(x, 125, second_case, next);
    again = repeated(s, word, &run);
    put(x, 126, again * 2 + first, words);
    put(x, 127, again, few);
    put(x, 128, (unsigned) s->last * 2 + first, words);
    put(x, 129, (unsigned) s->last, capitals * 3 + stop);
    put(x, 130, behind, run.words < 6);
}

/* Has the run up to `end` a word of two letters, not too far in? */
static int has_word(const struct splitter *s, size_t end)
{
    size_t at = s->begin;

    if (end - at > LOOKUP_MAX)
        return 1;
    while (at < end) {
        size_t word = word_end(s, at);
        uint32_t c = char_at(s, at);
        if (word > at + char_size(c))
            return 1;
        at = word > at ? word : at + char_size(c);
    }
    return 0;
}

int signs_is_joint(const struct splitter *s, size_t at, size_t *end)
{
    size_t begin;

    if (!joint_is_place(s, at, end))
        return 0;
    if (!has_word(s, *end)) /* "1.) Item" */
        return 0;
    /* A short line is one heading; a dateline goes on behind its dash. */
    if (s->line_start
        && (is_dash(char_at(s, at))
            || memchr(s->text + s->begin, '\n',
                      s->size - s->begin < HEADING_MAX ? s->size - s->begin
                                                       : HEADING_MAX)))
        return 0;
    /* Behind "of" and "the" nothing begins. */
    begin = word_begin(s, *end);
    return *end - begin > SHORT_MAX || !is_lower(char_at(s, begin))
           || !word_in(s, LIST_STOPWORDS, begin, *end);
}

static int sum(const struct splitter *s, const struct signs *signs)
{
    const int8_t *weights = s->language->ends;
    int total = 0;

    for (size_t i = 0; i < signs->count; i++)
        total += weights[signs->numbers[i]];
    return total;
}

/* Is the token that begins here the initial of one with a title: "Dr. H. " */
static int is_titled(const struct splitter *s, size_t begin)
{
    size_t end = before_space(s, begin);

    if (end <= s->begin || s->text[end - 1] != '.')
        return 0;
    end--;
    return (written_lists(s, word_begin(s, end), end) & IN(LIST_TITLES)) != 0;
}

int signs_overrule(const struct splitter *s, const struct place *place,
                   int total)
{
    size_t end = before_space(s, place->start), begin;
    unsigned closers, lists;
    enum shape shape;
    int lower;

    if (place->rule) /* "in the U.S. He" */
        return total > (is_starter(s, place->next) ? -CAUTION_LISTED
                                                   : -CAUTION);
    closers = what_closes(s, place);
    lists = closers ? 0 : abbreviation_lists(s, word_begin(s, end), end) % 8;
    begin = token_begin(s, end);
    shape = shape_of(s, begin, end);
    lower = is_lower(char_at(s, place->next));
    if (lists & 1) /* "Dr. Lund" */
        return 0;
    if (shape == SHAPE_CAPITAL_1 && is_titled(s, begin))
        return 0;
    /* `"...!" she said`, "etc. and", "U.S. and" */
    if (lower && (closers != 0 || lists != 0 || shape == SHAPE_DOTTED))
        return 0;
    return total > (lower        ? CAUTION_LOWER
                    : lists != 0 ? CAUTION_LISTED
                                 : CAUTION);
}

int signs_end(const struct splitter *s, const struct place *place)
{
    struct signs signs;

    if (s->language->ends == NULL)
        return place->rule;
    signs_at_mark(s, place, &signs);
    return signs_overrule(s, place, sum(s, &signs));
}

int signs_begin(const struct splitter *s, size_t at)
{
    struct signs signs;
    size_t end;

    if (!s->language->own_ends || !signs_is_joint(s, at, &end))
        return 0;
    signs_at_joint(s, at, end, &signs);
    return sum(s, &signs) > 0;
}
