/* names.c - the names of an article; see names.h.
 *
 * A name is a run of words with capitals, with particles inside ("Jean-Yves
 * Le Drian", "Banque de France").  A word is taken for a part of a name where
 * it stands with a capital inside a sentence somewhere in the article, and
 * not oftener with a small letter: so the first word of a sentence is judged
 * by its other places.  What stands in quotation marks and opens with a
 * capital is a name too where it is short ("Etat islamique"), there and
 * wherever it comes again.  A name that is the end of a longer one ("Macron")
 * counts for that.
 */
#include <config.h>

#include "engine/names.h"

#include <string.h>

#include "engine/unicode.h"

/* Particles in a row inside a name: "de la". */
#define PARTICLES 2

/* Words of a quotation that is taken for a name, at most. */
#define QUOTED_WORDS 3

/* ---- words where they stand ---- */

static enum joint joint_of(const char *text, size_t start, size_t end)
{
    size_t at = start;
    uint32_t c;

    if (start == end)
        return JOINT_NONE;
    utf8_next(text, end, &at, &c);
    if (at != end)
        return JOINT_NONE;
    if (c == '-' || c == 0x2010 || c == 0x2011)
        return JOINT_HYPHEN;
    if (c == '\'' || c == 0x2019)
        return JOINT_QUOTE;
    return unicode_class(c) & CLASS_SPACE ? JOINT_SPACE : JOINT_NONE;
}

/* Does a sentence, or a quotation, begin behind this? */
static int is_opening(const char *text, size_t start, size_t end)
{
    while (start < end) {
        uint32_t c;
        utf8_next(text, end, &start, &c);
        if (c != ',' && c != '-' && c != '\'' && c != 0x2019 && c != '/'
            && c != ')' && !(unicode_class(c) & CLASS_SPACE))
            return 1;
    }
    return 0;
}

static int has_small(const struct document *d, const struct segment *segment)
{
    for (size_t at = segment->start; at < segment->end;) {
        uint32_t c;
        utf8_next(d->text, segment->end, &at, &c);
        if (unicode_class(c) & CLASS_LOWER)
            return 1;
    }
    return 0;
}

/* Fills f->words of a segment. */
static void find_words(struct finder *f, const struct segment *segment)
{
    struct document *d = f->d;
    size_t at = segment->start, before = at, size;
    int mixed = has_small(d, segment); /* else capitals say nothing */

    for (uint32_t t = 0; t < segment->tokens; t++) {
        struct word *word = &f->words[t];
        uint32_t c;
        size_t letter;
        size = next_word(d->text, &at, segment->end);
        letter = at;
        utf8_next(d->text, segment->end, &letter, &c);
        word->start = (uint32_t) at;
        word->end = (uint32_t) (at + size);
        word->form = d->surfaces[d->tokens[segment->token + t]].form;
        word->capital = mixed && (unicode_class(c) & CLASS_UPPER) != 0;
        word->opens = t == 0 || is_opening(d->text, before, at);
        word->joint = (uint8_t) (t == 0 ? JOINT_NONE
                                        : joint_of(d->text, before, at));
        word->done = 0;
        at += size;
        before = at;
    }
}

void names_count_cases(struct finder *f, const struct segment *segment)
{
    find_words(f, segment);
    for (uint32_t t = 0; t < segment->tokens; t++) {
        const struct word *word = &f->words[t];
        if (!word->capital)
            f->cases[word->form].small++;
        else if (!word->opens)
            f->cases[word->form].capital++;
    }
}

/* ---- names ---- */

int is_stop(const struct finder *f, uint32_t form)
{
    return f->d->forms[form].stem == NONE;
}

int form_in(const struct finder *f, enum list list, uint32_t form)
{
    const struct form *known = &f->d->forms[form];

    return language_has(f->d->language, list, known->text, known->size);
}

/* May it be a part of a name, by how it is written elsewhere? */
static int is_proper(const struct finder *f, const struct word *word)
{
    const struct cases *cases = &f->cases[word->form];

    return word->capital
           && (!word->opens || cases->capital > 0)
           && cases->capital * 2 >= cases->small;
}

/* "M", "Mme": as it is written, an abbreviation. */
static int is_title(const struct finder *f, const struct word *word)
{
    return language_has(f->d->language, LIST_ABBREVIATIONS,
                        f->d->text + word->start, word->end - word->start);
}

/* Has it no small letter? */
static int is_acronym(const struct finder *f, const struct word *word)
{
    for (size_t at = word->start; at < word->end;) {
        uint32_t c;
        utf8_next(f->d->text, word->end, &at, &c);
        if (unicode_class(c) & CLASS_LOWER)
            return 0;
    }
    return word->end - word->start > 1;
}

/* The number of words of the name that begins with word t, or 0. */
static uint32_t name_size(const struct finder *f, uint32_t t, uint32_t tokens)
{
    const struct word *words = f->words;
    uint32_t end = t + 1;

    if (!is_proper(f, &words[t])) {
        /* a first name that is met at openings alone */
        if (!words[t].capital || t + 1 == tokens || !is_proper(f, words + t + 1)
            || words[t + 1].opens || words[t + 1].joint == JOINT_QUOTE
            || words[t + 1].joint == JOINT_NONE
            || is_stop(f, words[t].form) || is_stop(f, words[t + 1].form)
            || f->cases[words[t].form].small > 0
            || form_in(f, LIST_STARTERS, words[t].form))
            return 0;
    }
    if (is_title(f, &words[t])
        || (is_stop(f, words[t].form)
            && (words[t].opens || t + 1 == tokens
                || words[t + 1].joint == JOINT_NONE
                || !is_proper(f, &words[t + 1]))))
        return 0;
    while (end < tokens && end - t < NAME_WORDS) {
        uint32_t next = end;
        while (next < tokens && next - end < PARTICLES
               && words[next].joint != JOINT_NONE && !words[next].capital
               && (form_in(f, LIST_PARTICLES, words[next].form)
                   || (words[next].joint == JOINT_HYPHEN && next + 1 < tokens
                       && words[next + 1].joint == JOINT_HYPHEN)))
            next++;
        if (next >= tokens || next - t >= NAME_WORDS
            || words[next].joint == JOINT_NONE || !is_proper(f, &words[next])
            || (words[next].joint == JOINT_QUOTE && next == end
                && words[end - 1].end - words[end - 1].start > 1))
            break;
        end = next + 1;
    }
    /* "le député LREM Jean Dupont", "de la Santé Anne Durand": the name of a
     * person has no article, so it begins behind the first word */
    if (end - t > 2 && words[t + 1].joint == JOINT_SPACE
        && words[t + 1].capital && !is_stop(f, words[t + 1].form)
        && !is_stop(f, words[t].form)
        && (is_acronym(f, &words[t])
            || (t > 0 && words[t].joint != JOINT_NONE
                && form_in(f, LIST_DETERMINERS, words[t - 1].form))))
        return 1;
    while (end > t + 1 && is_stop(f, words[end - 1].form)
           && !words[end - 1].capital)
        end--;
    return end - t;
}

/* The size of a quotation of a few words that opens with a capital. */
static uint32_t quoted_size(const struct finder *f, uint32_t t,
                            const struct segment *segment)
{
    const char *text = f->d->text;
    uint32_t end = t + 1, first = f->words[t].start;
    int guillemets;

    if (!f->words[t].capital || is_stop(f, f->words[t].form)
        || first <= segment->start)
        return 0;
    guillemets = first >= segment->start + 2 && text[first - 1] != '"';
    if (guillemets
        && !((unsigned char) text[first - 2] == 0xC2
             && (unsigned char) text[first - 1] == 0xAB)
        && !(first >= segment->start + 3 && text[first - 3] == '\xE2'
             && text[first - 2] == '\x80' && text[first - 1] == '\x9C'))
        return 0;
    while (end < segment->tokens && end - t < QUOTED_WORDS
           && (f->words[end].joint == JOINT_SPACE
               || f->words[end].joint == JOINT_HYPHEN))
        end++;
    first = f->words[end - 1].end;
    if (end - t < 2 || first >= segment->end
        || is_stop(f, f->words[end - 1].form)
        || (text[first] != '"'
            && !((unsigned char) text[first] == 0xC2
                 && (unsigned char) text[first + 1] == 0xBB)
            && !((unsigned char) text[first] == 0xE2
                 && (unsigned char) text[first + 1] == 0x80
                 && (unsigned char) text[first + 2] == 0x9D)))
        return 0;
    for (uint32_t i = t + 1; i < end; i++) /* no clause */
        if (is_stop(f, f->words[i].form))
            return 0;
    return end - t;
}

/* The slot of a name: free, or its own.  Ids of forms are given in the order
 * of the text, so that colliding names cannot be made from outside. */
static size_t slot_of(const struct finder *f, const uint32_t *forms,
                      uint32_t words)
{
    uint64_t h = words;
    size_t slot;

    for (uint32_t i = 0; i < words; i++)
        h = (h ^ forms[i]) * 0x9E3779B97F4A7C15u ^ h >> 29;
    for (slot = (size_t) (h >> 32) & f->mask; f->slots[slot] != 0;
         slot = (slot + 1) & f->mask) {
        const struct term *term = &f->terms[f->slots[slot] - 1];
        if (term->words == words
            && memcmp(term->forms, forms, words * sizeof *forms) == 0)
            break;
    }
    return slot;
}

static struct term *name_find(const struct finder *f, const uint32_t *forms,
                              uint32_t words)
{
    size_t slot = slot_of(f, forms, words);

    return f->slots[slot] == 0 ? NULL : &f->terms[f->slots[slot] - 1];
}

void term_count(struct term *term, uint32_t sentence)
{
    if (term->count++ == 0)
        term->first = sentence;
    if (term->last != sentence + 1) {
        term->last = sentence + 1;
        term->spread++;
    }
}

static struct term *name_add(struct finder *f, const struct word *words,
                             uint32_t count)
{
    uint32_t forms[NAME_WORDS] = { 0 };
    struct term *term;
    size_t slot;

    for (uint32_t i = 0; i < count; i++)
        forms[i] = words[i].form;
    slot = slot_of(f, forms, count);
    if (f->slots[slot] != 0)
        return &f->terms[f->slots[slot] - 1];
    term = &f->terms[f->count++];
    memset(term, 0, sizeof *term);
    memcpy(term->forms, forms, sizeof forms);
    term->words = (uint8_t) count;
    term->start = words[0].start;
    term->end = words[count - 1].end;
    term->parent = NONE;
    f->slots[slot] = (uint32_t) f->count;
    return term;
}

/* The words of a name known from a quotation that begins with word t. */
static uint32_t known_size(const struct finder *f, uint32_t t,
                           uint32_t tokens)
{
    uint32_t forms[NAME_WORDS], most = tokens - t;

    if (most > QUOTED_WORDS)
        most = QUOTED_WORDS;
    for (uint32_t i = 0; i < most; i++)
        forms[i] = f->words[t + i].form;
    for (uint32_t n = most; n > 1; n--) {
        const struct term *term = name_find(f, forms, n);
        if (term != NULL && term->quoted)
            return n;
    }
    return 0;
}

void names_find_quoted(struct finder *f, const struct segment *segment)
{
    find_words(f, segment);
    for (uint32_t t = 0; t < segment->tokens; t++) {
        uint32_t size = quoted_size(f, t, segment);
        if (size > 0)
            name_add(f, &f->words[t], size)->quoted = 1;
    }
}

void names_find(struct finder *f, const struct segment *segment,
                uint32_t sentence)
{
    find_words(f, segment);
    for (uint32_t t = 0, size; t < segment->tokens; t += size) {
        struct term *term;
        size = f->words[t].capital ? known_size(f, t, segment->tokens) : 0;
        if (size == 0)
            size = name_size(f, t, segment->tokens);
        if (size == 0) {
            size = 1;
            continue;
        }
        term = name_add(f, &f->words[t], size);
        if (term->count == 0) { /* that in quotation marks may come later */
            term->start = f->words[t].start;
            term->end = f->words[t + size - 1].end;
        }
        term_count(term, sentence);
        for (uint32_t i = 0; i < size; i++)
            f->words[t + i].done = 1;
    }
}

/* A name that is the end of another: "Macron" for "Emmanuel Macron", unless
 * it came before and is far more frequent ("Paris", "Grand Paris").  But where
 * two or more words of the end stand alone too, what is before them is none of
 * theirs: "Paris Anne Hidalgo" counts for "Anne Hidalgo". */
static void find_parents(struct finder *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct term *longer = &f->terms[i];
        for (uint32_t from = 1; from < longer->words && longer->count > 0;
             from++) {
            struct term *tail = name_find(f, longer->forms + from,
                                          longer->words - from);
            if (form_in(f, LIST_PARTICLES, longer->forms[from - 1])
                || tail == NULL || tail->count == 0
                || (tail->start < longer->start
                    && longer->count * 2 < tail->count))
                continue;
            if (from == 1 && longer->words > 2
                && !is_stop(f, tail->forms[0])) {
                longer->parent = (uint32_t) (tail - f->terms);
                break;
            }
            if (tail->parent == NONE
                || f->terms[tail->parent].count < longer->count)
                tail->parent = (uint32_t) i;
        }
    }
}

static void merge_names(struct finder *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct term *tail = &f->terms[i], *longer = tail;
        for (int steps = 0; longer->parent != NONE && steps < NAME_WORDS;
             steps++)
            longer = &f->terms[longer->parent];
        if (longer == tail || tail->count == 0)
            continue;
        longer->count += tail->count;
        longer->spread += tail->spread;
        if (tail->first < longer->first)
            longer->first = tail->first;
    }
}

void names_merge(struct finder *f)
{
    find_parents(f);
    merge_names(f);
}
