/* split.c - stage 2: the text to sentences, sub-headings and junk.
 *
 * One pass.  Bytes that can matter (marks, quotes, brackets, line ends,
 * capitals) are found through a table of 256; at each of them a decision is
 * made from the few characters around it.  No look-ahead or look-behind is
 * longer than a constant, so time is linear whatever the text.
 *
 * The conventions: every sentence of a quotation is a sentence; `"...!",
 * a-t-il dit` is one; a semicolon never ends one, and a colon only where the
 * language's files say so; sub-headings, captions and bullets' labels are
 * segments of their own.  What wire copy
 * does to sentences ("Pyrénées.Alors") is why none of the libraries serves.
 *
 * Marks and quotation marks are the language's (files `marks` and `quotes`);
 * where it has weights (signs.c) they have the last word on a mark before
 * white space, and find the ends that have no mark.
 */
#include <config.h>

#include "engine/events.h"
#include "engine/joint.h"
#include "engine/signs.h"

#include <stdlib.h>
#include <string.h>

/* A bracket that closes further away was never closed. */
#define PAREN_MAX 120

/* Bytes of the number of a chapter: "12.10.3.". */
#define NUMBERING_MAX 10

/* Ends the segment being read at `end`.  Returns 0 or PRECIS_EINTERNAL. */
static int finish(struct splitter *s, size_t end, enum ending ending)
{
    size_t next = skip_space(s, end);
    int code = segment_add(s, end, ending);

    s->begin = next;
    s->line_start = 0;
    s->last = ending;
    s->joined = s->quote || s->guillemets > 0 ? JOINED_QUOTE : 0;
    if (next < s->paren_end)
        s->paren_end = 0;
    return code;
}

/* End of the run of marks that begins at `at`, spaces between them or not:
 * "?!", ". . .".  Writes how many full stops were set apart. */
static size_t marks_end(const struct splitter *s, size_t at, int *apart)
{
    *apart = 0;
    for (;;) {
        uint32_t c = char_at(s, at);
        if (is_mark(s, c)) {
            at += char_size(c);
            continue;
        }
        if (c != ' ' || at + 1 >= s->size || !is_mark(s, char_at(s, at + 1)))
            return at;
        c = char_at(s, at + 1 + char_size(char_at(s, at + 1)));
        if (is_letter(c) || is_digit(c)) /* " .NET" */
            return at;
        *apart += 1;
        at++;
    }
}

/* The label of a list's item: the item before it ends.  Returns whether it is
 * one. */
static int at_label(struct splitter *s, size_t *at, int *code)
{
    size_t begin, first = s->begin;
    unsigned number;
    int style = label_of(s, *at, &begin, &number), expected;

    if (style == 0)
        return 0;
    if (is_bullet(char_at(s, first)))
        first = skip_space(s, first + char_size(char_at(s, first)));
    expected = style == s->label_style && number == s->label_next;
    if (!expected
        && (begin > first || (number != 1 && (style & LABEL_LETTER) != 0)))
        return 0;
    *code = begin > first ? finish(s, begin, END_MARK) : 0;
    s->label_style = style;
    s->label_next = number + 1;
    *at += byte_at(s, *at + 1) == ')' ? 2 : 1;
    return 1;
}

/* Script code runs to the end of its line. */
static size_t code_end(const struct splitter *s, size_t at)
{
    const char *line = memchr(s->text + at, '\n', s->size - at);

    return line == NULL ? s->size : (size_t) (line - s->text);
}

/* Is all that the segment has so far a number with stops: "2.4.", which a
 * chapter opens with? */
static int is_numbering(const struct splitter *s, size_t end)
{
    int stops = 0;

    if (end - s->begin > NUMBERING_MAX)
        return 0;
    for (size_t i = s->begin; i < end; i++) {
        if (s->text[i] != '.' && !is_digit((unsigned char) s->text[i]))
            return 0;
        stops += s->text[i] == '.';
    }
    return stops > 1 && s->text[s->begin] != '.';
}

static size_t is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* A mark stands at `at`.  Writes where to read on. */
static int at_mark(struct splitter *s, size_t *at)
{
    struct place place = { .start = *at };
    size_t start = *at, end, next, dot, line;
    int closed = 0, apart, code = 0;

    if (s->text[start] == '.' && at_label(s, at, &code))
        return code;
    place.closers = end = marks_end(s, start, &apart);
    dot = end == start + 1 && s->text[start] == '.' ? start : SIZE_MAX;
    *at = end;
    if (end < s->paren_end) /* inside brackets */
        return 0;
    if (start == s->begin + 1
        && (byte_at(s, end) == ')' || byte_at(s, end) == ']'))
        return 0; /* "[...] Et puis" */
    end = closers(s, end, &closed);
    if (closed)
        dot = SIZE_MAX;
    place.end = *at = end;
    next = skip_space(s, end);
    if (next >= s->size)
        return finish(s, end, END_MARK);
    if (is_numbering(s, end))
        return 0;
    if (apart == 2 && end == start + 5 && word_end(s, next) == next + 1)
        return 0; /* "it is . . . I think" */
    /* A line end in between is looked at when it is met: it must not be
     * skipped, since it may end a paragraph. */
    for (line = end; line < next; line++)
        if (s->text[line] == '\n')
            return 0;
    if (next == end) {
        if (!ends_glued(s, dot, next))
            return 0;
    } else {
        place.next = next;
        place.rule = ends_spaced(s, dot, next);
        if (!signs_end(s, &place))
            return 0;
    }
    /* the capital that opens the next one says nothing more */
    *at = is_code(s, next) ? code_end(s, next)
                           : next + is_capital(s->text[next]);
    return finish(s, end, END_MARK);
}

/* A colon: what follows may be a sentence of its own.  Both are chosen only
 * together, so that no summary ends with "She said:". */
static int at_colon(struct splitter *s, size_t *at)
{
    struct place place = { .start = *at };
    size_t next = skip_space(s, *at + 1);
    int code;

    *at += 1;
    if (place.start < s->paren_end || byte_at(s, *at) != ' '
        || next >= s->size || is_lower(char_at(s, next))
        || memchr(s->text + *at, '\n', next - *at) != NULL)
        return 0;
    place.closers = place.end = *at;
    place.next = next;
    if (!signs_end(s, &place))
        return 0;
    code = finish(s, place.end, END_MARK);
    s->joined |= JOINED_COLON;
    *at = next;
    return code;
}

static int at_close(struct splitter *s, size_t *at)
{
    int code = 0;

    if (*at < s->paren_end || !at_label(s, at, &code))
        *at += 1;
    return code;
}

/* A line ends at `at`. */
static int at_line(struct splitter *s, size_t *at)
{
    size_t next = skip_space(s, *at), end = *at, lines = 0, line;
    uint32_t last;
    int hard, code;

    for (size_t i = *at; i < next; i++)
        lines += s->text[i] == '\n';
    while (end > s->begin && is_space(char_before(s, end)))
        end -= char_size(char_before(s, end));
    line = *at;
    *at = next;
    last = char_before(s, end);
    hard = lines > 1 || next >= s->size || is_bullet(char_at(s, next))
           || is_label(s, next);
    if (!hard && is_lower(char_at(s, next)))
        return 0;
    if (!hard && s->wrapped) {
        /* The last line of a paragraph is short; the others are full. */
        size_t from = line > s->line_max ? line - s->line_max : 0, low = line;
        while (low > from && s->text[low - 1] != '\n')
            low--;
        if (line - low >= s->line_max / 2) {
            size_t dot = end > 0 && s->text[end - 1] == '.' ? end - 1
                                                            : SIZE_MAX;
            int marked = is_mark(s, last) || last == '"'
                         || last == GUILLEMET_CLOSE;
            if (!marked || !ends_spaced(s, dot, next))
                return 0;
            return finish(s, end, END_MARK);
        }
    }
    code = finish(s, end, END_LINE);
    quotes_forget(s);
    s->line_start = 1;
    s->line_segments = s->document->segment_count;
    return code;
}

/* Does a segment begin at `at`, behind a space and no mark? */
static int begins_bare(const struct splitter *s, size_t at)
{
    return joint_begins(s, at) || signs_begin(s, at);
}

/* Does the quotation mark at `at`, which opens, stand straight behind a
 * sub-heading: `Pistes diverses"Il semble`?  (Not `l"Huma`.) */
static int is_glued_quote(const struct splitter *s, size_t at)
{
    uint32_t c = char_before(s, at);
    size_t high = at + 1 + char_size(char_at(s, at + 1));

    if (at < s->paren_end || !is_upper(char_at(s, at + 1)))
        return 0;
    if (is_lower(char_at(s, high)) || is_space(char_at(s, high))
        || is_apostrophe(char_at(s, high)))
        return is_digit(c) || c == ')'
               || (is_letter(c) && at - word_begin(s, at) > 2);
    return 0;
}

/* A quotation mark that does not follow a mark. */
static int at_quote(struct splitter *s, size_t *at)
{
    size_t next = *at + 1;

    if (quote_opens(s, *at)) {
        int code = 0;
        if (*at > s->begin && s->text[*at - 1] == ' ') {
            if (is_upper(char_at(s, next))
                && (is_credit(s, *at - 1) || begins_bare(s, *at)))
                code = finish(s, *at, END_BARE);
        } else if (*at > s->begin
                   && (is_glued_quote(s, *at) || is_credit(s, *at))) {
            code = finish(s, *at, END_GLUED);
        }
        quote_open(s);
        *at = next;
        return code;
    }
    s->quote = 0;
    /* `la "une"Le maire`: a closing quotation mark glued to a capital */
    if (is_upper(char_at(s, next)) && next >= s->paren_end
        && (is_opener(s, next) || s->text[s->begin] == '"'
            || is_lower(char_at(s, next + char_size(char_at(s, next)))))) {
        *at = next;
        return finish(s, next, END_GLUED);
    }
    *at = next;
    return 0;
}

/* A heading in capitals before `at` ("LE CAS HAMONArnaud"): two words? */
static int shouted_before(const struct splitter *s, size_t at)
{
    size_t word = word_begin(s, at), first = s->begin, second;

    if (at - first > HEADING_MAX)
        return 0;
    while (first < word && !is_letter(char_at(s, first)))
        first += char_size(char_at(s, first));
    second = at + char_size(char_at(s, at));
    return word > first && at - word > 2 && is_shouted(s, first)
           && is_shouted(s, word)
           && is_lower(char_at(s, second + char_size(char_at(s, second))));
}

/* Does a sentence begin with the capital at `at`, although nothing stands
 * between it and the letter before ("sans pointLa suite")? */
static int capital_begins(const struct splitter *s, size_t at)
{
    uint32_t before = char_before(s, at);
    size_t begin, second = at + char_size(char_at(s, at));
    uint32_t after = char_at(s, second);
    int opener;

    if (!is_lower(after) && !is_apostrophe(after) && !is_space(after))
        return 0;
    opener = is_opener(s, at);
    if (is_in_address(s, at)) {
        after = char_at(s, word_end(s, at));
        return opener && (is_space(after) || is_apostrophe(after));
    }
    if (is_upper(before)) /* "FNLa" */
        return is_lower(after)
               && ((opener
                    && is_upper(char_before(s, at - char_size(before))))
                   || shouted_before(s, at));
    if (!is_lower(before)) /* "2017Le", "(FN)La" */
        return opener && !is_space(after);
    if (is_space(after)) /* "se réinventerA la place" */
        opener = opener || s->text[at] == 'A';
    begin = word_begin(s, at);
    for (size_t i = begin; i < at;) {
        uint32_t c = char_at(s, i);
        if (!is_lower(c)) /* "YouTube": a name, unless an opener follows */
            return opener && word_end(s, at) > second + (i > begin);
        i += char_size(c);
    }
    return at - begin >= 3 && (opener || !is_space(after));
}

static int at_capital(struct splitter *s, size_t *at)
{
    size_t here = *at;
    uint32_t c = char_at(s, here), before;

    *at = here + char_size(c);
    if (here <= s->begin || here < s->paren_end || !is_upper(c))
        return 0;
    if (s->text[here - 1] == ' ') {
        if (is_credit(s, here - 1) || begins_bare(s, here))
            return finish(s, here, END_BARE);
        return 0;
    }
    before = char_before(s, here);
    if (!is_class(before, CLASS_LETTER | CLASS_DIGIT) && before != ')'
        && before != ']')
        return 0;
    if (!is_credit(s, here) && !capital_begins(s, here))
        return 0;
    return finish(s, here, END_GLUED);
}

/* A quotation mark that is not the straight one. */
static int at_typographic(struct splitter *s, size_t *at, uint32_t c)
{
    size_t here = *at, inner;
    int code = 0, counted = is_counted(c);

    *at += char_size(c);
    if (!quote_opens(s, here)) {
        s->guillemets -= counted && s->guillemets > 0;
        return 0;
    }
    inner = skip_space(s, *at);
    if (here > s->begin && s->text[here - 1] == ' '
        && is_upper(char_at(s, inner)) && begins_bare(s, here))
        code = finish(s, here, END_BARE);
    s->guillemets += counted;
    return code;
}

/* A dash that may open a line of dialogue, or an item. */
static int at_dash(struct splitter *s, size_t *at)
{
    size_t here = *at, inner;
    uint32_t c = char_at(s, here);

    *at += char_size(c);
    if (here <= s->begin || s->text[here - 1] != ' '
        || byte_at(s, *at) != ' ')
        return 0;
    inner = *at + 1;
    if (quote_role(s, char_at(s, inner)) != 0)
        inner += char_size(char_at(s, inner));
    if (!is_upper(char_at(s, inner)) || !signs_begin(s, here))
        return 0;
    return finish(s, here, END_BARE);
}

/* A character of two bytes or more. */
static int at_wide(struct splitter *s, size_t *at)
{
    uint32_t c = char_at(s, *at);
    size_t here = *at;

    if (c == APOSTROPHE) { /* by far the most frequent */
        *at += char_size(c);
        return 0;
    }
    if (is_mark(s, c))
        return at_mark(s, at);
    if (quote_role(s, c) != 0)
        return at_typographic(s, at, c);
    if (is_dash(c) && s->tables->events['-'] == EVENT_DASH)
        return at_dash(s, at);
    if (c < 0x2000 && is_upper(c))
        return at_capital(s, at);
    *at += char_size(c);
    return is_bullet(c) && here > s->begin ? finish(s, here, END_LINE) : 0;
}

static void at_open(struct splitter *s, size_t at)
{
    size_t left = s->size - at;
    const char *close;

    if (at < s->paren_end)
        return;
    close = memchr(s->text + at, ')', left < PAREN_MAX ? left : PAREN_MAX);
    if (close != NULL)
        s->paren_end = (size_t) (close - s->text);
}

/* Is the text broken into lines anywhere?  Then lines often begin with a
 * small letter, which a paragraph hardly ever does. */
static void find_wrapping(struct splitter *s)
{
    size_t lines = 0, low = 0, begin = 0;

    for (;;) {
        const char *end = memchr(s->text + begin, '\n', s->size - begin);
        size_t length, at;
        if (end == NULL)
            break;
        length = (size_t) (end - s->text) - begin;
        if (length > s->line_max)
            s->line_max = length;
        begin = (size_t) (end - s->text) + 1;
        at = begin;
        while (at < s->size && (s->text[at] == ' ' || s->text[at] == '\t'))
            at++;
        if (at < s->size && s->text[at] != '\n' && s->text[at] != '\r') {
            lines++;
            low += (size_t) is_lower(char_at(s, at));
        }
    }
    s->wrapped = low > 0 && low * 10 >= lines;
}

static int scan(struct splitter *s)
{
    const unsigned char *text = (const unsigned char *) s->text;
    const unsigned char *events = s->tables->events;
    struct block block = { 0 };
    size_t at = s->begin;
    int code = 0;

    while ((at = next_event(s, at, &block)) < s->size && code == 0) {
        switch ((enum event) events[text[at]]) {
        case EVENT_NONE: break;
        case EVENT_MARK: code = at_mark(s, &at); break;
        case EVENT_QUOTE: code = at_quote(s, &at); break;
        case EVENT_OPEN: at_open(s, at); at++; break;
        case EVENT_CLOSE: code = at_close(s, &at); break;
        case EVENT_LINE: code = at_line(s, &at); break;
        case EVENT_CAPITAL: code = at_capital(s, &at); break;
        case EVENT_COLON: code = at_colon(s, &at); break;
        case EVENT_DASH: code = at_dash(s, &at); break;
        case EVENT_WIDE: code = at_wide(s, &at); break;
        }
    }
    return code;
}

/* The tables of the text's language, in s->tables.  0, or PRECIS_EINTERNAL. */
static int tables_find(struct splitter *s)
{
    struct document *d = s->document;
    struct split_tables *tables = d->split_tables;

    if (tables == NULL)
        tables = arena_take_array(d->arena, 1, sizeof *tables);
    if (tables == NULL)
        return PRECIS_EINTERNAL;
    if (tables->language != s->language) {
        memset(tables, 0, sizeof *tables);
        tables->language = s->language;
        events_find(tables);
        segments_start(tables);
        joints_start(tables);
    }
    s->tables = tables;
    return 0;
}

struct split_tables *split_tables_new(void)
{
    return calloc(1, sizeof(struct split_tables));
}

void split_tables_free(struct split_tables *tables)
{
    free(tables);
}

int split_text(struct document *document)
{
    struct splitter s = { 0 };
    int code;

    s.document = document;
    s.language = document->language;
    s.text = document->text;
    s.size = document->size;
    s.begin = skip_space(&s, 0);
    s.line_start = 1;
    document->rest = SIZE_MAX;
#if WIDE
    s.is_wide = wide_is_there();
#endif
    if (tables_find(&s) != 0)
        return PRECIS_EINTERNAL;
    find_wrapping(&s);
    code = scan(&s);
    if (code == 0 && s.begin < s.size)
        code = segment_add(&s, s.size, END_LINE);
    if (code != 0)
        return code;
    quotes_forget(&s);
    if (document->rest == SIZE_MAX)
        document->rest = document->size;
    segments_finish(&s);
    return 0;
}
