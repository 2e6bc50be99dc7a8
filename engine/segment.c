/* segment.c - stage 2, second half: what a run of the text is.
 *
 * split.c knows where a run ends and how; here sub-headings and datelines
 * that stand before a sentence without a mark are cut off it, and each piece
 * gets its kind.  A sub-heading in wire copy comes in three shapes:
 *
 *     - Peu de réactions -Le ministre ...        agency_heading()
 *     Peu de réactionsLe ministre ...            END_GLUED
 *     Peu de réactions Interrogé hier, il ...    END_BARE, joint.c
 *
 * besides the ordinary one, a line of its own.
 */
#include <config.h>

#include "engine/split.h"

#include <string.h>

/* A line of its own, or a run glued on both sides, with a question mark and
 * fewer bytes is a sub-heading. */
#define QUESTION_MAX 70

/* "SAINT-JEAN-DE-LUZ, 12 septembre (Agence) - " at most. */
#define DATELINE_MAX 70

/* Segments kept: candidates, and as many sub-headings and the like. */
#define SEGMENTS_MAX (2 * PRECIS_CANDIDATES_MAX)

static size_t next_char(const struct splitter *s, size_t at, uint32_t *c)
{
    utf8_next(s->text, s->size, &at, c);
    return at;
}

size_t agency_heading(const struct splitter *s, size_t begin)
{
    uint32_t dash = char_at(s, begin), c;
    size_t at, high = begin + HEADING_MAX, letters = 0;

    if (!is_dash(dash))
        return 0;
    at = next_char(s, begin, &c);
    while (at < s->size && at < high) {
        size_t next = next_char(s, at, &c);
        if (c == '\n' || c == '.' || c == ';')
            return 0;
        if (c == dash && letters > 1
            && (is_class(char_before(s, at), CLASS_SPACE)
                || is_class(char_at(s, next), CLASS_SPACE))) {
            uint32_t after = char_at(s, skip_space(s, next));
            if (is_class(after, CLASS_UPPER | CLASS_DIGIT | CLASS_OPEN)
                || after == '"' || after == 0)
                return next;
            return 0;
        }
        letters += (size_t) is_class(c, CLASS_LETTER);
        at = next;
    }
    return 0;
}

/* End of a dateline that opens [begin, end), or 0: capitals, then a dash,
 * with at most a date and an agency's name between. */
static size_t dateline(const struct splitter *s, size_t begin, size_t end)
{
    size_t at = begin, capitals = 0, high = begin + DATELINE_MAX;
    int agency = 0;
    uint32_t c, first = char_at(s, begin);

    if (!is_class(first, CLASS_UPPER) && first != '(')
        return 0;
    while (at < end && at < high) {
        size_t next = next_char(s, at, &c);
        if (c == '\n' || c == '"' || c == '!' || c == '?')
            return 0;
        /* "(ANV): ", "(ANV).- " */
        if (char_before(s, at) == ')'
            && (c == ':' || (c == '.' && byte_at(s, next) == '-'))) {
            next += c == '.';
            if (is_class(char_at(s, next), CLASS_SPACE))
                return next;
        }
        if (c == ')')
            agency = 1;
        if (is_dash(c) && is_class(char_before(s, at), CLASS_SPACE)
            && is_class(char_at(s, next), CLASS_SPACE))
            return agency || capitals >= 3 ? next : 0;
        if (capitals == at - begin && is_class(c, CLASS_UPPER))
            capitals = next - begin;
        at = next;
    }
    return 0;
}

static void find_credit_ends(struct split_tables *tables)
{
    const struct wordlist *list = &tables->language->lists[LIST_FILM_CREDITS];

    for (size_t i = 0; i < list->count; i++) {
        size_t start = list->offsets[i], end = list->offsets[i + 1];
        const char *tail = list->words + end - CREDIT_TAIL;
        char padded[CREDIT_TAIL] = { ' ', 'x', 'x', 'x' };
        unsigned bit;
        if (end - start < CREDIT_TAIL) {
            if (end - start < CREDIT_TAIL - 1) {
                memset(tables->credit_ends, 0xFF,
                       sizeof tables->credit_ends);
                return;
            }
            memcpy(padded + 1, list->words + start, CREDIT_TAIL - 1);
            tail = padded;
        }
        bit = credit_bit(tail);
        tables->credit_ends[bit / 8] |= (unsigned char) (1u << bit % 8);
    }
}

/* Bit of the first two bytes of an entry in junk_starts. */
static unsigned junk_bit(unsigned a, unsigned b)
{
    return (a << 8 | b) * 0x9E3779B1u >> 22;
}

static void find_junk_starts(struct split_tables *tables)
{
    const struct wordlist *list = &tables->language->lists[LIST_JUNK];

    for (size_t i = 0; i < list->count; i++) {
        const char *entry = list->words + list->offsets[i];
        unsigned bit;
        if (list->offsets[i + 1] - list->offsets[i] < 2) {
            memset(tables->junk_starts, 0xFF, sizeof tables->junk_starts);
            return;
        }
        bit = junk_bit((unsigned char) entry[0], (unsigned char) entry[1]);
        tables->junk_starts[bit / 8] |= (unsigned char) (1u << bit % 8);
    }
}

void segments_start(struct split_tables *tables)
{
    find_credit_ends(tables);
    find_junk_starts(tables);
}

/* May what begins with the character c at `begin` open with junk? */
static int may_be_junk(const struct splitter *s, size_t begin, uint32_t c)
{
    unsigned char first[4], second;
    unsigned bit;

    if (utf8_put(unicode_lower(c), (char *) first) > 1) {
        bit = junk_bit(first[0], first[1]);
    } else {
        second = (unsigned char) byte_at(s, begin + char_size(c));
        /* a small letter may begin otherwise, but for those of À to ß */
        if (second >= 0x80 && second != 0xC3)
            return 1;
        bit = junk_bit(first[0],
                       second < 0x80 ? unicode_lower(second) : second);
    }
    return s->tables->junk_starts[bit / 8] >> bit % 8 & 1;
}

/* Does [begin, end) open with an entry of the list? */
static int opens_with(const struct splitter *s, enum list list, size_t begin,
                      size_t end)
{
    char fold[LOOKUP_MAX * 3];
    size_t size, fold_size, entry;
    uint32_t c = char_at(s, begin);

    while (begin < end && !is_class(c, CLASS_LETTER) && c != 0xA9) {
        begin = next_char(s, begin, &c);
        c = char_at(s, begin);
    }
    if (begin >= end || (list == LIST_JUNK && !may_be_junk(s, begin, c)))
        return 0;
    size = end - begin;
    if (size > LOOKUP_MAX) {
        size = LOOKUP_MAX;
        while (((unsigned char) s->text[begin + size] & 0xC0) == 0x80)
            size--;
    }
    fold_size = unicode_fold(s->text + begin, size, fold, sizeof fold);
    entry = language_prefix(s->language, list, fold, fold_size);
    if (entry == 0 || entry == fold_size)
        return entry > 0;
    /* an entry that ends with a letter must end a word: not "©", "photo:" */
    size = entry - 1;
    while (((unsigned char) fold[size] & 0xC0) == 0x80)
        size--;
    utf8_next(fold, fold_size, &size, &c);
    if (!is_class(c, CLASS_LETTER))
        return 1;
    utf8_next(fold, fold_size, &size, &c);
    return !is_class(c, CLASS_LETTER);
}

/* Does it end with a mark, not counting what closes? */
static int is_marked(const struct splitter *s, size_t begin, size_t end)
{
    while (end > begin) {
        uint32_t c = char_before(s, end);
        if (is_mark(s, c))
            return 1;
        if (c != '"' && !is_class(c, CLASS_CLOSE | CLASS_SPACE))
            return 0;
        end--;
        while (end > begin
               && ((unsigned char) s->text[end] & 0xC0) == 0x80)
            end--;
    }
    return 0;
}

static int has_words(const struct splitter *s, size_t begin, size_t end)
{
    while (begin < end) {
        uint32_t c;
        begin = next_char(s, begin, &c);
        if (is_class(c, CLASS_LETTER | CLASS_DIGIT))
            return 1;
    }
    return 0;
}

static int has_verb(const struct splitter *s, size_t begin, size_t end)
{
    while (begin < end) {
        size_t word = word_end(s, begin);
        uint32_t c;
        if (word_in(s, LIST_VERBS, begin, word))
            return 1;
        begin = word;
        if (begin < end)
            begin = next_char(s, begin, &c);
    }
    return 0;
}

/* Does nothing stand between [begin, end) and the text on both sides? */
static int is_glued(const struct splitter *s, size_t begin, size_t end)
{
    return begin > 0 && end < s->size
           && !is_class(char_before(s, begin), CLASS_SPACE)
           && !is_class(char_at(s, end), CLASS_SPACE);
}

int ends_credit(const struct splitter *s, size_t at)
{
    size_t low = at > LOOKUP_MAX ? at - LOOKUP_MAX : 0;

    if (low < s->begin + 1)
        low = s->begin + 1;
    for (size_t i = at; i-- > low;) {
        uint32_t before;
        if (s->text[i] != 'p' || at - i < 5
            || memcmp(s->text + i, "par ", 4) != 0)
            continue;
        before = char_before(s, i);
        return !is_space(before) && !is_dash(before) && before != '\''
               && language_prefix(s->language, LIST_FILM_CREDITS,
                                  s->text + i + 4, s->size - i - 4)
                      == at - i - 4;
    }
    return 0;
}

/* A web address and nothing else? */
static int is_address(const struct splitter *s, size_t begin, size_t end)
{
    if (end - begin < 8 || s->text[begin] != 'h'
        || memcmp(s->text + begin, "http", 4) != 0)
        return 0;
    return memchr(s->text + begin, ' ', end - begin) == NULL;
}

static enum precis_kind kind_of(const struct splitter *s, size_t begin,
                                size_t end, enum ending ending)
{
    uint32_t first = char_at(s, begin);
    int line = ending == END_LINE && s->line_start;

    if (!has_words(s, begin, end) || opens_with(s, LIST_JUNK, begin, end)
        || is_credit(s, end) || is_address(s, begin, end)
        || is_code(s, begin))
        return PRECIS_OTHER;
    if ((line || is_glued(s, begin, end)) && end - begin < QUESTION_MAX
        && s->text[end - 1] == '?' && !s->wrapped
        && (is_class(first, CLASS_UPPER) || is_inverted(first)))
        return PRECIS_HEADING;
    if (end - begin > HEADING_MAX || is_marked(s, begin, end))
        return PRECIS_SENTENCE;
    if (ending == END_GLUED || ending == END_BARE)
        return PRECIS_HEADING;
    if (ending == END_MARK)
        return PRECIS_SENTENCE;
    if (is_bullet(first))
        return PRECIS_HEADING;
    if (line && opens_with(s, LIST_BYLINES, begin, end))
        return PRECIS_OTHER;
    if (!line || (end == s->size && has_verb(s, begin, end)))
        return PRECIS_SENTENCE;
    return PRECIS_HEADING;
}

static int store(struct splitter *s, size_t begin, size_t end,
                 enum precis_kind kind)
{
    struct document *d = s->document;
    struct segment *segment;

    s->totals[kind]++;
    if (d->rest == SIZE_MAX
        && (d->segment_count == SEGMENTS_MAX
            || (kind == PRECIS_SENTENCE
                && d->sentence_count == PRECIS_CANDIDATES_MAX)))
        d->rest = begin;
    if (d->rest != SIZE_MAX)
        return 0;
    if (d->segment_count == s->room) {
        size_t room = s->room == 0 ? 64 : s->room * 2;
        segment = arena_grow(d->arena, d->segments,
                             s->room * sizeof *segment,
                             room * sizeof *segment);
        if (segment == NULL)
            return PRECIS_EINTERNAL;
        d->segments = segment;
        s->room = room;
    }
    segment = &d->segments[d->segment_count++];
    memset(segment, 0, sizeof *segment);
    segment->start = (uint32_t) begin;
    segment->end = (uint32_t) end;
    segment->kind = (uint8_t) kind;
    segment->joined = (uint8_t) s->joined;
    s->joined = 0;
    d->sentence_count += kind == PRECIS_SENTENCE;
    return 0;
}

/* A caption's credit ("Photo : ...") behind the one sentence of its line: the
 * line is one caption. */
static int joins_caption(struct splitter *s, size_t begin, size_t end)
{
    struct document *d = s->document;
    struct segment *last;

    if (s->line_start || d->rest != SIZE_MAX
        || d->segment_count != s->line_segments + 1
        || !opens_with(s, LIST_JUNK, begin, end))
        return 0;
    last = &d->segments[d->segment_count - 1];
    d->sentence_count -= last->kind == PRECIS_SENTENCE;
    s->totals[last->kind]--;
    s->totals[PRECIS_OTHER]++;
    last->kind = PRECIS_OTHER;
    last->end = (uint32_t) end;
    return 1;
}

/* The dash or number of a list's item ("- ", "2. ") is no part of it. */
static size_t skip_marker(const struct splitter *s, size_t begin, size_t end)
{
    size_t at = begin;

    if (!s->line_start)
        return begin;
    while (at < end && at < begin + 2 && s->text[at] >= '0'
           && s->text[at] <= '9')
        at++;
    if (at + 1 < end && s->text[at + 1] == ' '
        && s->text[at] == (at == begin ? '-' : '.'))
        return skip_space(s, at + 1);
    return begin;
}

int segment_add(struct splitter *s, size_t end, enum ending ending)
{
    size_t begin = s->begin, cut;
    int code = 0;

    while (end > begin && is_class(char_before(s, end), CLASS_SPACE)) {
        end--;
        while (((unsigned char) s->text[end] & 0xC0) == 0x80)
            end--;
    }
    if (begin >= end)
        return 0;
    if (s->line_start && (cut = dateline(s, begin, end)) > 0) {
        code = store(s, begin, cut, PRECIS_OTHER);
        begin = skip_space(s, cut);
    }
    cut = agency_heading(s, begin);
    if (code == 0 && cut > 0 && cut < end) {
        code = store(s, begin, cut, PRECIS_HEADING);
        begin = skip_space(s, cut);
    }
    if (code != 0 || begin >= end
        || (ending == END_LINE && joins_caption(s, begin, end)))
        return code;
    begin = skip_marker(s, begin, end);
    if (begin < end)
        code = store(s, begin, end, kind_of(s, begin, end, ending));
    return code;
}

void segments_finish(struct splitter *s)
{
    struct document *d = s->document;
    enum precis_kind kind = PRECIS_HEADING;

    d->total_sentences = s->totals[PRECIS_SENTENCE];
    if (d->sentence_count > 0)
        return;
    for (size_t i = 0; i < d->segment_count && kind == PRECIS_HEADING; i++)
        if (d->segments[i].kind == PRECIS_HEADING)
            kind = PRECIS_SENTENCE;
    kind = kind == PRECIS_SENTENCE ? PRECIS_HEADING : PRECIS_OTHER;
    d->total_sentences += s->totals[kind];
    for (size_t i = 0; i < d->segment_count; i++) {
        if (d->segments[i].kind != (uint8_t) kind)
            continue;
        if (d->sentence_count == PRECIS_CANDIDATES_MAX) {
            d->rest = d->segments[i].start;
            d->segment_count = i;
            return;
        }
        d->segments[i].kind = PRECIS_SENTENCE;
        d->sentence_count++;
    }
}
