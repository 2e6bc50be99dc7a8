/* quotes.c - stage 2: quotation marks, what they open and close.
 *
 * Which characters they are, and on which side, is in the language's file
 * `quotes`.  One that stands on both sides (", the Swedish ”, guillemets where
 * they point either way) opens or closes by its shape.
 */
#include <config.h>

#include "engine/split.h"

void quote_open(struct splitter *s)
{
    struct document *d = s->document;

    /* Still open: the one before was never closed, so what was said to go on
     * with it does not.  Each segment is looked at once for each opening. */
    if (s->quote) {
        for (size_t i = s->quote_segment + 1; i < d->segment_count; i++)
            d->segments[i].joined &= JOINED_COLON;
        s->joined &= JOINED_COLON;
    }
    s->quote = 1;
    s->quote_segment = d->segment_count;
}

/* Does the quotation mark at `at` open?  1, 0, or -1 by its shape alone
 * undecided. */
static int quote_shape(const struct splitter *s, size_t at)
{
    uint32_t before = char_before(s, at);
    uint32_t after = char_at(s, at + char_size(char_at(s, at)));
    int left = before == 0 || is_space(before) || before == '('
               || before == '[' || before == '\'' || before == APOSTROPHE
               || is_dash(before);
    int right = after == 0 || is_space(after) || after == ','
                || after == ';' || after == ':' || after == ')'
                || after == ']' || is_mark(s, after);

    if (left && !right)
        return 1;
    if (right && !left)
        return 0;
    return -1;
}

int quote_opens(const struct splitter *s, size_t at)
{
    uint32_t c = char_at(s, at);
    int shape;

    if (c != '"') { /* which is both */
        unsigned role = quote_role(s, c);
        if (role != (QUOTE_OPENS | QUOTE_CLOSES))
            return role == QUOTE_OPENS;
    }
    shape = quote_shape(s, at);
    if (shape >= 0)
        return shape;
    return c == '"' ? !s->quote : s->guillemets == 0;
}

void quotes_forget(struct splitter *s)
{
    if (s->quote) {
        s->quote = 0;
        for (size_t i = s->quote_segment + 1;
             i < s->document->segment_count; i++)
            s->document->segments[i].joined &= JOINED_COLON;
    }
    s->guillemets = 0;
    s->joined &= JOINED_COLON;
}

/* End of references ("[1][2] [3]") that begin at `at`, or `at`. */
static size_t citation(const struct splitter *s, size_t at)
{
    size_t end = at;

    while (end < s->size && s->text[end] == '[') {
        size_t digit = end + 1;
        while (digit < s->size && is_digit((unsigned char) s->text[digit]))
            digit++;
        if (digit == end + 1 || digit >= s->size || s->text[digit] != ']')
            break;
        at = end = digit + 1;
        if (end + 1 < s->size && s->text[end] == ' ')
            end++;
    }
    return at;
}

/* Size of a closing quotation mark at `at` that is a word of its own, as in
 * texts whose words are set apart; or 0. */
static size_t spaced_quote(struct splitter *s, size_t at)
{
    size_t size = 0;

    if (at >= s->size)
        return 0;
    if (s->text[at] == '"' && s->quote)
        size = 1;
    else if (s->text[at] == '\'')
        size = byte_at(s, at + 1) == '\'' ? 2 : 1;
    if (size == 0 || (at + size < s->size && s->text[at + size] != ' '))
        return 0;
    if (s->text[at] == '"')
        s->quote = 0;
    return size;
}

/* Does the quotation mark c at `at`, behind a mark, close? */
static int closes_here(const struct splitter *s, uint32_t c, size_t at)
{
    unsigned role = c == '"' ? 0 : quote_role(s, c);

    return (role & QUOTE_CLOSES) != 0 && !quote_opens(s, at);
}

size_t closers(struct splitter *s, size_t at, int *closed)
{
    size_t mark, size;

    for (;;) {
        uint32_t c = char_at(s, at);
        if (c == '"' && !quote_opens(s, at)) {
            s->quote = 0;
        } else if (c == APOSTROPHE && !is_letter(char_at(s, at + 3))) {
            ;
        } else if (closes_here(s, c, at)) {
            s->guillemets -= s->guillemets > 0 && is_counted(c);
        } else if (c == '\'' && !is_letter(char_at(s, at + 1))) {
            at += byte_at(s, at + 1) == '\''; /* the quotation mark '' */
        } else if (c == ')' || c == ']') {
            s->paren_end = 0;
        } else if (c == '[' && (mark = citation(s, at)) > at) {
            at = mark;
            continue;
        } else if (is_space(c)) {
            mark = skip_space(s, at);
            if (c == ' ' && citation(s, at + 1) > at + 1) {
                at++;
                continue;
            }
            if (c == ' ' && s->text[at - 1] != ']'
                && (size = spaced_quote(s, at + 1)) > 0) {
                *closed = 1;
                at += 1 + size;
                continue;
            }
            if (s->guillemets == 0 || !is_counted(char_at(s, mark))
                || !closes_here(s, char_at(s, mark), mark))
                return at;
            s->guillemets--;
            at = mark;
            c = char_at(s, mark);
        } else if (!is_mark(s, c)) {
            return at;
        }
        *closed |= !is_mark(s, c);
        at += char_size(c);
    }
}
