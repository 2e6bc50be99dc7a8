/* split.c - stage 2: the text to sentences, sub-headings and junk.
 *
 * One pass.  Bytes that can matter (marks, quotes, brackets, line ends,
 * capitals) are found through a table of 256; at each of them a decision is
 * made from the few characters around it.  No look-ahead or look-behind is
 * longer than a constant, so time is linear whatever the text.
 *
 * The conventions: every sentence of a quotation is a sentence; `"...!",
 * a-t-il dit` is one; a colon or semicolon never ends one; sub-headings,
 * captions and bullets' labels are segments of their own.  What wire copy
 * does to sentences ("Pyrénées.Alors") is why none of the libraries serves.
 *
 * Straight quotation marks open or close by their shape (`: "ab` opens,
 * `ab" :` closes) and, where the shape says nothing (`1998."Elle`), by
 * whether one is open.
 */
#include <config.h>

#include "engine/split.h"

#include <string.h>

/* A bracket that closes further away was never closed. */
#define PAREN_MAX 120

enum event {
    EVENT_NONE = 0,
    EVENT_MARK,    /* . ! ? and the first byte of the ellipsis */
    EVENT_QUOTE,   /* " */
    EVENT_OPEN,    /* ( */
    EVENT_LINE,    /* \n */
    EVENT_CAPITAL, /* A to Z, and 0xC3, which leads À to ÿ */
    EVENT_E2,      /* leads the typographic marks */
    EVENT_C2       /* leads « » */
};

static const unsigned char events[256] = {
    ['.'] = EVENT_MARK, ['!'] = EVENT_MARK, ['?'] = EVENT_MARK,
    ['"'] = EVENT_QUOTE, ['('] = EVENT_OPEN, ['\n'] = EVENT_LINE,
    ['A'] = EVENT_CAPITAL, ['B'] = EVENT_CAPITAL, ['C'] = EVENT_CAPITAL,
    ['D'] = EVENT_CAPITAL, ['E'] = EVENT_CAPITAL, ['F'] = EVENT_CAPITAL,
    ['G'] = EVENT_CAPITAL, ['H'] = EVENT_CAPITAL, ['I'] = EVENT_CAPITAL,
    ['J'] = EVENT_CAPITAL, ['K'] = EVENT_CAPITAL, ['L'] = EVENT_CAPITAL,
    ['M'] = EVENT_CAPITAL, ['N'] = EVENT_CAPITAL, ['O'] = EVENT_CAPITAL,
    ['P'] = EVENT_CAPITAL, ['Q'] = EVENT_CAPITAL, ['R'] = EVENT_CAPITAL,
    ['S'] = EVENT_CAPITAL, ['T'] = EVENT_CAPITAL, ['U'] = EVENT_CAPITAL,
    ['V'] = EVENT_CAPITAL, ['W'] = EVENT_CAPITAL, ['X'] = EVENT_CAPITAL,
    ['Y'] = EVENT_CAPITAL, ['Z'] = EVENT_CAPITAL, [0xC3] = EVENT_CAPITAL,
    [0xE2] = EVENT_E2, [0xC2] = EVENT_C2
};

#define ELLIPSIS 0x2026u
#define GUILLEMET_OPEN 0xABu
#define GUILLEMET_CLOSE 0xBBu
#define DOUBLE_OPEN 0x201Cu
#define DOUBLE_CLOSE 0x201Du
#define SINGLE_CLOSE 0x2019u

/* ---- characters and words around a position ---- */

uint32_t char_at(const struct splitter *s, size_t at)
{
    uint32_t c = 0;

    if (at < s->size)
        utf8_next(s->text, s->size, &at, &c);
    return c;
}

uint32_t char_before(const struct splitter *s, size_t at)
{
    if (at == 0)
        return 0;
    do
        at--;
    while (at > 0 && ((unsigned char) s->text[at] & 0xC0) == 0x80);
    return char_at(s, at);
}

static int is_class(uint32_t c, unsigned class)
{
    return c != 0 && (unicode_class(c) & class) != 0;
}

static int is_upper(uint32_t c) { return is_class(c, CLASS_UPPER); }
static int is_lower(uint32_t c) { return is_class(c, CLASS_LOWER); }
static int is_letter(uint32_t c) { return is_class(c, CLASS_LETTER); }
static int is_digit(uint32_t c) { return is_class(c, CLASS_DIGIT); }
static int is_space(uint32_t c) { return is_class(c, CLASS_SPACE); }

static int is_mark(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == ELLIPSIS;
}

static int is_dash(uint32_t c)
{
    return c == '-' || c == 0x2013 || c == 0x2014;
}

static int is_bullet(uint32_t c)
{
    return c == 0x2022 || c == 0x25AA || c == 0x25A0 || c == 0x25BA;
}

static size_t char_size(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

size_t word_begin(const struct splitter *s, size_t end)
{
    size_t at = end, low = end > LOOKUP_MAX ? end - LOOKUP_MAX : 0;

    while (at > low) {
        uint32_t c = char_before(s, at);
        if (!is_class(c, CLASS_LETTER | CLASS_MARK))
            break;
        at -= char_size(c);
    }
    return at;
}

size_t word_end(const struct splitter *s, size_t begin)
{
    size_t at = begin, high = begin + LOOKUP_MAX;

    while (at < s->size && at < high) {
        uint32_t c = char_at(s, at);
        if (!is_class(c, CLASS_LETTER | CLASS_MARK))
            break;
        at += char_size(c);
    }
    return at;
}

int word_in(const struct splitter *s, enum list list, size_t begin,
            size_t end)
{
    char fold[LOOKUP_MAX * 3];
    size_t size;

    if (end <= begin || end - begin > LOOKUP_MAX)
        return 0;
    size = unicode_fold(s->text + begin, end - begin, fold, sizeof fold);
    return size > 0 && language_has(s->language, list, fold, size);
}

int is_starter(const struct splitter *s, size_t begin)
{
    return word_in(s, LIST_STARTERS, begin, word_end(s, begin));
}

int is_article(const struct splitter *s, size_t begin)
{
    return word_in(s, LIST_ARTICLES, begin, word_end(s, begin));
}

/* Either of the two. */
static int is_opener(const struct splitter *s, size_t begin)
{
    size_t end = word_end(s, begin);

    return word_in(s, LIST_STARTERS, begin, end)
           || word_in(s, LIST_ARTICLES, begin, end);
}

size_t skip_space(const struct splitter *s, size_t at)
{
    for (;;) {
        uint32_t c = char_at(s, at);
        if (!is_space(c))
            return at;
        at += char_size(c);
    }
}

/* ---- abbreviations ---- */

int is_abbreviation(const struct splitter *s, size_t begin, size_t end)
{
    char word[LOOKUP_MAX * 3];
    size_t size = end - begin, first;
    uint32_t c = char_at(s, begin);

    if (size == 0 || size > LOOKUP_MAX)
        return 0;
    if (language_has(s->language, LIST_ABBREVIATIONS, s->text + begin, size))
        return 1;
    first = unicode_fold(s->text + begin, char_size(c), word, sizeof word);
    memcpy(word + first, s->text + begin + char_size(c), size - char_size(c));
    return is_upper(c) && first > 0
           && language_has(s->language, LIST_ABBREVIATIONS, word,
                           first + size - char_size(c));
}

/* Is all that stands before the stop a number that opens a line ("2.")? */
static int is_list_number(const struct splitter *s, size_t dot)
{
    if (!s->line_start || dot - s->begin > 2)
        return 0;
    for (size_t i = s->begin; i < dot; i++)
        if (s->text[i] < '0' || s->text[i] > '9')
            return 0;
    return 1;
}

/* May the single full stop at `dot` end a sentence, when what comes next
 * begins at `next`? */
static int stop_ends(const struct splitter *s, size_t dot, size_t next)
{
    size_t begin = word_begin(s, dot);
    uint32_t first = char_at(s, begin), before = char_before(s, begin);
    int single = begin < dot && begin + char_size(first) == dot;

    if (begin == dot) /* a digit, a bracket, a quote before the stop */
        return !is_list_number(s, dot);
    if (is_digit(char_at(s, next))
        && word_in(s, LIST_ABBREVIATIONS_NUMBER, begin, dot))
        return 0;
    if (is_abbreviation(s, begin, dot))
        return 0;
    if (single && is_upper(first)) {
        /* an initial, or the last letter of U.S.A. or J.-C. */
        if (before == '.' || before == '-')
            return is_opener(s, next);
        return is_starter(s, next) && word_end(s, next) > next + 1;
    }
    return 1;
}

/* ---- quotation marks ---- */

static void quote_open(struct splitter *s)
{
    struct document *d = s->document;

    /* Still open: the one before was never closed, so what was said to go on
     * with it does not.  Each segment is looked at once for each opening. */
    if (s->quote) {
        for (size_t i = s->quote_segment + 1; i < d->segment_count; i++)
            d->segments[i].joined = 0;
        s->joined = 0;
    }
    s->quote = 1;
    s->quote_segment = d->segment_count;
}

/* Does the straight quotation mark at `at` open?  1, 0, or -1 by its shape
 * alone undecided. */
static int quote_shape(const struct splitter *s, size_t at)
{
    uint32_t before = char_before(s, at), after = char_at(s, at + 1);
    int left = before == 0 || is_space(before) || before == '('
               || before == '[' || before == '\'' || before == SINGLE_CLOSE
               || is_dash(before);
    int right = after == 0 || is_space(after) || after == ','
                || after == ';' || after == ':' || after == ')'
                || after == ']' || is_mark(after);

    if (left && !right)
        return 1;
    if (right && !left)
        return 0;
    return -1;
}

static int quote_opens(const struct splitter *s, size_t at)
{
    int shape = quote_shape(s, at);

    return shape < 0 ? !s->quote : shape;
}

static void paragraph_end(struct splitter *s)
{
    if (s->quote) {
        s->quote = 0;
        for (size_t i = s->quote_segment + 1;
             i < s->document->segment_count; i++)
            s->document->segments[i].joined = 0;
    }
    s->guillemets = 0;
    s->joined = 0;
}

/* ---- decisions ---- */

/* The text goes on at `next` behind white space: is there an end before it? */
static int spaced_end(const struct splitter *s, size_t dot, size_t next)
{
    uint32_t c = char_at(s, next);

    if (is_digit(c) && dot == SIZE_MAX && next > 4
        && (memcmp(s->text + next - 4, "...", 3) == 0
            || char_before(s, next - 1) == ELLIPSIS))
        return 0; /* "depuis... 1990" */
    if (is_lower(c) || c == ',' || c == ';' || c == ':' || c == ')')
        return 0;
    if (dot != SIZE_MAX && !stop_ends(s, dot, next))
        return 0;
    if (is_dash(c) || c == '(' || c == '[') {
        size_t after = skip_space(s, next + char_size(c));
        uint32_t letter = char_at(s, after);
        return !is_lower(letter) || agency_heading(s, next) != 0;
    }
    return 1;
}

/* A capital stands straight behind the stop at `dot` or, SIZE_MAX, behind
 * another mark or a closing quotation mark. */
static int glued_capital_ends(const struct splitter *s, size_t dot,
                              size_t next)
{
    size_t begin, end = word_end(s, next), second;
    uint32_t first = char_at(s, next);

    if (dot == SIZE_MAX)
        return 1;
    begin = word_begin(s, dot);
    if (begin == dot) /* behind a digit or a bracket */
        return 1;
    if (is_abbreviation(s, begin, dot))
        return 0;
    if (begin + char_size(char_at(s, begin)) == dot) /* one letter */
        return end > next + char_size(first) && is_opener(s, next);
    /* "France.TV", "Rue89.Com": both parts written as a name */
    second = next + char_size(first);
    if (is_upper(char_at(s, begin)) && second < end
        && is_upper(char_at(s, second)))
        return is_lower(char_before(s, dot)) && end - next > 3;
    return 1;
}

/* The text goes on at `next` without white space. */
static int glued_end(const struct splitter *s, size_t dot, size_t next)
{
    uint32_t c = char_at(s, next), before;

    if (is_upper(c))
        return glued_capital_ends(s, dot, next);
    if (is_digit(c)) {
        size_t begin;
        if (dot == SIZE_MAX)
            return 0;
        before = char_before(s, dot);
        begin = word_begin(s, dot);
        return is_lower(before) && dot - begin >= 3 && stop_ends(s, dot, next);
    }
    if (c == '(' || c == '[' || c == '"' || c == GUILLEMET_OPEN
        || c == DOUBLE_OPEN) {
        uint32_t inner = char_at(s, skip_space(s, next + char_size(c)));
        return (dot == SIZE_MAX || stop_ends(s, dot, next))
               && !is_lower(inner);
    }
    if (is_dash(c))
        return (dot == SIZE_MAX || stop_ends(s, dot, next))
               && agency_heading(s, next) != 0;
    return is_bullet(c);
}

/* Ends the segment being read at `end`.  Returns 0 or PRECIS_EINTERNAL. */
static int finish(struct splitter *s, size_t end, enum ending ending)
{
    size_t next = skip_space(s, end);
    int code = segment_add(s, end, ending);

    s->begin = next;
    s->line_start = 0;
    s->joined = s->quote || s->guillemets > 0;
    if (next < s->paren_end)
        s->paren_end = 0;
    return code;
}

/* Takes closing quotation marks, brackets and further marks behind a mark. */
static size_t closers(struct splitter *s, size_t at, int *closed)
{
    for (;;) {
        uint32_t c = char_at(s, at);
        if (c == '"' && !quote_opens(s, at)) {
            s->quote = 0;
        } else if (c == DOUBLE_CLOSE
                   || (c == SINGLE_CLOSE
                       && !is_letter(char_at(s, at + 3)))) {
            s->guillemets -= s->guillemets > 0 && c == DOUBLE_CLOSE;
        } else if (c == ')' || c == ']') {
            s->paren_end = 0;
        } else if (c == GUILLEMET_CLOSE || is_space(c)) {
            size_t mark = skip_space(s, at);
            if (char_at(s, mark) != GUILLEMET_CLOSE
                || (c != GUILLEMET_CLOSE && s->guillemets == 0))
                return at;
            s->guillemets -= s->guillemets > 0;
            at = mark;
            c = GUILLEMET_CLOSE;
        } else if (!is_mark(c)) {
            return at;
        }
        *closed |= !is_mark(c);
        at += char_size(c);
    }
}

/* A mark stands at `at`.  Writes where to read on. */
static int at_mark(struct splitter *s, size_t *at)
{
    size_t start = *at, end = start, next, dot;
    int closed = 0;

    while (is_mark(char_at(s, end)))
        end += char_size(char_at(s, end));
    dot = end == start + 1 && s->text[start] == '.' ? start : SIZE_MAX;
    if (end < s->paren_end) { /* inside brackets */
        *at = end;
        return 0;
    }
    end = closers(s, end, &closed);
    if (closed)
        dot = SIZE_MAX;
    *at = end;
    next = skip_space(s, end);
    if (next >= s->size)
        return finish(s, end, END_MARK);
    if (next > end ? spaced_end(s, dot, next) : glued_end(s, dot, next)) {
        /* A line end in between is looked at when it is met: it must not be
         * skipped, since it may end a paragraph. */
        size_t line = end;
        while (line < next && s->text[line] != '\n')
            line++;
        if (line < next)
            return 0;
        *at = next;
        return finish(s, end, END_MARK);
    }
    return 0;
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
    hard = lines > 1 || next >= s->size || is_bullet(char_at(s, next));
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
            int marked = is_mark(last) || last == '"'
                         || last == GUILLEMET_CLOSE;
            if (!marked || !spaced_end(s, dot, next))
                return 0;
            return finish(s, end, END_MARK);
        }
    }
    code = finish(s, end, END_LINE);
    paragraph_end(s);
    s->line_start = 1;
    s->line_segments = s->document->segment_count;
    return code;
}

/* A quotation mark that does not follow a mark. */
static int at_quote(struct splitter *s, size_t *at)
{
    size_t next = *at + 1;

    if (quote_opens(s, *at)) {
        quote_open(s);
    } else {
        s->quote = 0;
        /* `la "une"Le maire`: a closing quotation mark glued to a capital */
        if (is_upper(char_at(s, next)) && next >= s->paren_end
            && is_opener(s, next)) {
            *at = next;
            return finish(s, next, END_GLUED);
        }
    }
    *at = next;
    return 0;
}

/* Does a sentence begin with the capital at `at`, although nothing stands
 * between it and the letter before ("sans pointLa suite")? */
static int capital_begins(const struct splitter *s, size_t at)
{
    uint32_t before = char_before(s, at);
    size_t begin, second = at + char_size(char_at(s, at));
    uint32_t after = char_at(s, second);
    int opener;

    if (!is_lower(before) && !is_digit(before) && before != ')'
        && !is_upper(before))
        return 0;
    if (!is_lower(after) && after != '\'' && after != SINGLE_CLOSE
        && !is_space(after))
        return 0;
    opener = is_opener(s, at);
    if (!is_lower(before)) /* "2017Le", "(FN)La", "FNLa" */
        return opener && is_lower(after)
               && (!is_upper(before)
                   || is_upper(char_before(s, at - char_size(before))));
    begin = word_begin(s, at);
    for (size_t i = begin; i < at;) {
        uint32_t c = char_at(s, i);
        if (!is_lower(c)) /* "YouTube": a name, unless an opener follows */
            return opener;
        i += char_size(c);
    }
    return at - begin >= 3 && (opener || !is_space(after));
}

static int at_capital(struct splitter *s, size_t *at)
{
    size_t here = *at;
    uint32_t c = char_at(s, here);

    *at = here + char_size(c);
    if (here <= s->begin || here < s->paren_end || !is_upper(c)
        || ((unsigned char) s->text[here - 1] < 0x80
            && !is_letter((unsigned char) s->text[here - 1])
            && !is_digit((unsigned char) s->text[here - 1])
            && s->text[here - 1] != ')')
        || !capital_begins(s, here))
        return 0;
    return finish(s, here, END_GLUED);
}

static int at_typographic(struct splitter *s, size_t *at)
{
    uint32_t c = char_at(s, *at);

    if (c == ELLIPSIS)
        return at_mark(s, at);
    if (c == GUILLEMET_OPEN || c == DOUBLE_OPEN) {
        s->guillemets++;
    } else if (c == GUILLEMET_CLOSE || c == DOUBLE_CLOSE) {
        s->guillemets -= s->guillemets > 0;
    } else if (is_bullet(c) && *at > s->begin) {
        size_t here = *at;
        *at += char_size(c);
        return finish(s, here, END_LINE);
    }
    *at += char_size(c);
    return 0;
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
    size_t at = s->begin;
    int code = 0;

    while (at < s->size && code == 0) {
        switch ((enum event) events[text[at]]) {
        case EVENT_NONE: at++; break;
        case EVENT_MARK: code = at_mark(s, &at); break;
        case EVENT_QUOTE: code = at_quote(s, &at); break;
        case EVENT_OPEN: at_open(s, at); at++; break;
        case EVENT_LINE: code = at_line(s, &at); break;
        case EVENT_CAPITAL: code = at_capital(s, &at); break;
        case EVENT_E2:
        case EVENT_C2: code = at_typographic(s, &at); break;
        }
    }
    return code;
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
    find_wrapping(&s);
    code = scan(&s);
    if (code == 0 && s.begin < s.size)
        code = segment_add(&s, s.size, END_LINE);
    if (code != 0)
        return code;
    paragraph_end(&s);
    if (document->rest == SIZE_MAX)
        document->rest = document->size;
    segments_finish(&s);
    return 0;
}
