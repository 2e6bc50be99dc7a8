/* clauses.c - the parts of a sentence, as far as marks and lists tell; see
 * clauses.h. */
#include <config.h>

#include "engine/clauses.h"

#include <string.h>

#include "engine/unicode.h"

/* Bytes looked at for an entry of a list; none is longer. */
#define FOLD_MAX 48

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
static int add_quote(struct clauses *s, size_t start, size_t end, int opens)
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
static int add_comma(struct clauses *s, size_t at)
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

static int find_marks(struct clauses *s)
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
static int is_joined(const struct clauses *s)
{
    const struct segment *behind = s->segment + 1;

    return s->segment->joined
           || (behind < s->d->segments + s->d->segment_count
               && behind->joined);
}

int clauses_look(struct clauses *s)
{
    size_t at = s->segment->start, end = s->segment->end, size;

    s->words = 0;
    if (s->segment->tokens > WORDS_MAX || is_joined(s) || !find_marks(s))
        return 0;
    while ((size = next_word(s->text, &at, end)) > 0) {
        s->starts[s->words] = (uint32_t) at;
        s->ends[s->words++] = (uint32_t) (at + size);
        at += size;
    }
    return s->words == s->segment->tokens;
}

/* ---- asking ---- */

uint32_t word_at(const struct clauses *s, uint32_t at)
{
    uint32_t word = 0;

    while (word < s->words && s->ends[word] <= at)
        word++;
    return word;
}

int has_word(const struct clauses *s, enum list list, uint32_t first,
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

int has_verb(const struct clauses *s, uint32_t start, uint32_t end)
{
    return has_word(s, LIST_VERBS, word_at(s, start), word_at(s, end));
}

uint32_t behind_entry(const struct clauses *s, enum list list,
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

int opens_with(const struct clauses *s, enum list list, uint32_t at)
{
    return behind_entry(s, list, at) > 0;
}

int is_in_quotes(const struct clauses *s, uint32_t start, uint32_t end)
{
    for (uint32_t i = 0; i < s->quote_count; i++)
        if (start < s->quotes[i].end && end > s->quotes[i].start)
            return 1;
    return 0;
}

int is_behind_quote(const struct clauses *s, uint32_t at)
{
    for (uint32_t i = 0; i < s->quote_count; i++)
        if (s->quotes[i].end == at)
            return 1;
    return 0;
}

int is_plain(const struct clauses *s, uint32_t start, uint32_t end)
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

int may_open(const struct clauses *s, uint32_t at)
{
    size_t next = at;
    uint32_t c;

    utf8_next(s->text, s->segment->end, &next, &c);
    return (unicode_class(c) & CLASS_UPPER) != 0
           || opens_with(s, LIST_ARTICLES, at)
           || opens_with(s, LIST_DETERMINERS, at);
}

int opens_with_letter(const struct clauses *s, uint32_t at)
{
    size_t next = at;
    uint32_t c;

    utf8_next(s->text, s->segment->end, &next, &c);
    return (unicode_class(c) & CLASS_LETTER) != 0;
}

uint32_t part_end(const struct clauses *s, uint32_t i)
{
    return i + 1 < s->comma_count ? s->commas[i + 1] : s->stop;
}

int verb_follows(const struct clauses *s, uint32_t i)
{
    uint32_t next = word_at(s, s->commas[i]);

    if (next == s->words || s->starts[next] != s->commas[i] + 2)
        return 0;
    if (s->ends[next] - s->starts[next] == 1
        && s->text[s->ends[next]] != ' ') /* elided */
        next++;
    return has_word(s, LIST_VERBS, next, next + 1);
}

int clause_follows(const struct clauses *s, uint32_t i)
{
    uint32_t start = s->commas[i] + 2, end = part_end(s, i);

    if (has_verb(s, start, end))
        return is_plain(s, start, s->starts[word_at(s, start)]);
    return i + 2 < s->comma_count && verb_follows(s, i + 2);
}
