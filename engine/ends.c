/* ends.c - stage 2: does a mark end a sentence?
 *
 * An exclamation mark, a question mark, an ellipsis and whatever a quotation
 * mark closes end one unless a small letter follows.  A full stop is asked
 * what word it stands behind: a title never ends a sentence ("Mme. Royer"),
 * another abbreviation and an initial do only where a word follows that opens
 * sentences and hardly anything else ("... av. J.-C. Ensuite ...").
 */
#include <config.h>

#include "engine/sixteen.h"
#include "engine/split.h"

#include <string.h>

/* A longer run without a space is not looked through for "://". */
#define ADDRESS_MAX 200

/* Names of items: "12", "iv". */
#define LABEL_MAX 4

/* The second part of an abbreviation that a capital is in: "v.Chr.". */
#define SHORT_PART 3

/* Does a word begin here that opens sentences: no initial, no part of a
 * name? */
static int opens(const struct splitter *s, size_t next)
{
    size_t end = word_end(s, next);
    uint32_t c = char_at(s, end);

    if (!is_starter(s, next))
        return 0;
    if (c == ' ') /* "I went" */
        c = is_lower(char_at(s, end + 1)) ? '\'' : c;
    return end > next + char_size(char_at(s, next)) || is_apostrophe(c);
}

/* The same, articles too. */
static int opens_or_article(const struct splitter *s, size_t next)
{
    return opens(s, next) || is_article(s, next);
}

/* ---- addresses and code ---- */

static int begins_with(const struct splitter *s, size_t at, const char *what)
{
    size_t size = strlen(what);

    return s->size - at >= size && memcmp(s->text + at, what, size) == 0;
}

#ifdef __SSE2__
/* What stands around `at` up to white space: is it short, and has it nothing
 * that is in every address? */
static int is_no_address(const struct splitter *s, size_t at)
{
    __m128i before, behind;
    unsigned spaces, found;

    if (at < SIXTEEN || s->size - at < SIXTEEN)
        return 0;
    before = sixteen(s->text + at - SIXTEEN);
    behind = sixteen(s->text + at);
    spaces = bits_of(range(behind, 0, ' ' + 1));
    found = bits_of(equal(behind, '@'));
    if (spaces == 0 || (found & (spaces ^ (spaces - 1))) != 0)
        return 0;
    spaces = bits_of(range(before, 0, ' ' + 1));
    found = bits_of(_mm_or_si128(equal(before, ':'), equal(before, 'w')));
    return found < spaces; /* the last space stands behind the last of them */
}
#endif

int is_in_address(const struct splitter *s, size_t at)
{
    size_t low = at > ADDRESS_MAX ? at - ADDRESS_MAX : 0, begin = at;
    size_t high = at + LOOKUP_MAX < s->size ? at + LOOKUP_MAX : s->size;

#ifdef __SSE2__
    if (is_no_address(s, at))
        return 0;
#endif
    for (size_t i = at; i < high && (unsigned char) s->text[i] > ' '; i++)
        if (s->text[i] == '@' && i > at && byte_at(s, i + 1) != '@')
            return 1;

    while (begin > low && (unsigned char) s->text[begin - 1] > ' ') {
        begin--;
        if (s->text[begin] == ':' && begins_with(s, begin, "://"))
            return 1;
        if (s->text[begin] == 'w' && begins_with(s, begin, "www."))
            return 1;
    }
    return 0;
}

/* Behind a mark inside an address, does a sentence follow?  "site.fr/.Enfin, "
 * does, "https://site.Example.com" does not. */
static int leaves_address(const struct splitter *s, size_t next)
{
    uint32_t c = char_at(s, word_end(s, next));

    return is_space(c) || is_apostrophe(c) || c == ',';
}

int is_code(const struct splitter *s, size_t at)
{
    static const char *const openings[] = {
        "window.", "document.", "function(", "function (", "var "
    };

    switch (byte_at(s, at)) {
    case 'w': case 'd': case 'f': case 'v':
        break;
    default:
        return 0;
    }
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++)
        if (begins_with(s, at, openings[i]))
            return 1;
    return 0;
}

/* ---- labels of lists ---- */

static int is_ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number, or a letter that counts, 1 for a. */
static int label_number(const struct splitter *s, size_t begin, size_t end,
                        unsigned *number)
{
    *number = 0;
    if (end == begin + 1 && s->text[begin] >= 'a' && s->text[begin] <= 'z') {
        *number = (unsigned) (s->text[begin] - 'a') + 1;
        return LABEL_LETTER;
    }
    if (end == begin || end - begin > 2)
        return 0;
    for (size_t i = begin; i < end; i++) {
        if (s->text[i] < '0' || s->text[i] > '9')
            return 0;
        *number = *number * 10 + (unsigned) (s->text[i] - '0');
    }
    return LABEL_NUMBER;
}

int label_of(const struct splitter *s, size_t at, size_t *begin,
             unsigned *number)
{
    size_t low = at, next = at + 1;
    int style, mark = s->text[at];

    /* Behind a word, as nearly always, one look is enough. */
    if (at >= s->begin + 2 && (unsigned char) s->text[at - 2] > ' '
        && !(is_ascii_digit(s->text[at - 1])
             && is_ascii_digit(s->text[at - 2])))
        return 0;
    while (low > s->begin && at - low < LABEL_MAX
           && (unsigned char) s->text[low - 1] > ' ')
        low--;
    if (low > s->begin && s->text[low - 1] != ' '
        && s->text[low - 1] != '\n')
        return 0;
    style = label_number(s, low, at, number);
    if (style == 0)
        return 0;
    if (mark == '.' && next < s->size && s->text[next] == ')') {
        mark = ')';
        next++;
    }
    if (next >= s->size || s->text[next] != ' '
        || !is_letter(char_at(s, skip_space(s, next))))
        return 0;
    *begin = low;
    return mark == ')' ? style | LABEL_BRACKET : style;
}

int is_label(const struct splitter *s, size_t at)
{
    size_t end = at;

    while (end < s->size && end - at < LABEL_MAX
           && ((s->text[end] >= '0' && s->text[end] <= '9')
               || s->text[end] == 'i' || s->text[end] == 'v'
               || s->text[end] == 'x'
               || (end == at && s->text[end] >= 'a' && s->text[end] <= 'z')))
        end++;
    return end > at && end + 1 < s->size
           && (s->text[end] == ')' || s->text[end] == '.')
           && s->text[end + 1] == ' ';
}

/* ---- full stops ---- */

/* Is the letter before the stop the last of "6 p.m." or "44 B.C."?  No name
 * goes with those, so a capital behind them opens a sentence, unless they are
 * only the time that one opens with ("At 6 p.m. Nora", "6 p.m. Monday"). */
static int unit_ends(const struct splitter *s, size_t begin, size_t next)
{
    size_t at = begin, letters = 1;
    uint32_t c = char_at(s, next);

    while (at > 1 && s->text[at - 1] == '.' && letters < 4
           && is_letter((unsigned char) s->text[at - 2])) {
        at -= 2;
        letters++;
    }
    return letters > 1 && at > 1 && s->text[at - 1] == ' '
           && is_digit(char_before(s, at - 1)) && is_upper(c)
           && is_lower(char_at(s, next + char_size(c)))
           && !word_in(s, LIST_TIMES, s->begin, word_end(s, s->begin))
           && !word_in(s, LIST_TIMES, next, word_end(s, next));
}

/* One letter stands before the stop: an initial, the last of "U.S.A.", "p.m."
 * or "J.-C.", or a unit: "à 18 h." */
static int letter_ends(const struct splitter *s, size_t begin, size_t next)
{
    uint32_t before = char_before(s, begin);

    if (before == '.' && unit_ends(s, begin, next))
        return 1;
    if (is_upper(char_at(s, begin))) {
        if (begin == s->begin) /* "A. His name" */
            return 0;
        return before == '.' || before == '-' ? opens_or_article(s, next)
                                              : opens(s, next);
    }
    return before != '.' || opens(s, next);
}

/* Is the word one letter with signs on it? */
static int is_syllable(const struct splitter *s, size_t begin, size_t end)
{
    for (size_t at = begin + char_size(char_at(s, begin)); at < end;
         at += char_size(char_at(s, at)))
        if (!is_class(char_at(s, at), CLASS_MARK))
            return 0;
    return 1;
}

/* Is the number that ends at `end` one that counts: "sein 125. Jubiläum"?  In
 * the languages that write those with a stop, behind an article and the like
 * in small letters. */
static int is_ordinal(const struct splitter *s, size_t end)
{
    size_t at = end, word;

    if ((s->language->ordinals & 1) == 0)
        return 0;
    while (at > s->begin && end - at < 4 && s->text[at - 1] >= '0'
           && s->text[at - 1] <= '9')
        at--;
    if (at == end || at <= s->begin || s->text[at - 1] != ' ')
        return 0;
    word = word_begin(s, at - 1);
    return is_lower(char_at(s, word))
           && (word_lists(s, word, at - 1)
               & (IN(LIST_ARTICLES) | IN(LIST_DETERMINERS)))
                  != 0;
}

/* May the single full stop at `dot` end a sentence, when what comes next
 * begins at `next`? */
static int stop_ends(const struct splitter *s, size_t dot, size_t next)
{
    size_t end = dot, begin;
    unsigned lists;

    while (end > s->begin && s->text[end - 1] == ' ') /* "Mr . Kane" */
        end--;
    begin = word_begin(s, end);
    if (begin == end) /* a digit, a bracket, a quote before the stop */
        return !is_ordinal(s, end);
    if (is_digit(char_at(s, next))
        && word_in(s, LIST_ABBREVIATIONS_NUMBER, begin, end))
        return 0;
    lists = written_lists(s, begin, end);
    if (lists & IN(LIST_TITLES))
        return 0;
    if (lists & IN(LIST_ABBREVIATIONS))
        return opens(s, next);
    if (begin + char_size(char_at(s, begin)) == end)
        return letter_ends(s, begin, next);
    /* A consonant and its vowel sign, in a script without case: an initial. */
    return !is_syllable(s, begin, end) || opens(s, next);
}

/* ---- what follows ---- */

int ends_spaced(const struct splitter *s, size_t dot, size_t next)
{
    uint32_t c = char_at(s, next);

    if (is_digit(c) && dot == SIZE_MAX && next > 4
        && (memcmp(s->text + next - 4, "...", 3) == 0
            || char_before(s, next - 1) == ELLIPSIS))
        return 0; /* "depuis... 1990" */
    if (is_lower(c)) /* a list begins: "a) " */
        return is_code(s, next) || (c == 'a' && is_label(s, next));
    if (c == ',' || c == ';' || c == ':' || c == ')' || is_mark(s, c))
        return 0;
    if (dot != SIZE_MAX && !stop_ends(s, dot, next))
        return 0;
    if (is_dash(c) || c == '(' || c == '[') {
        size_t after = next;
        while (is_dash(c) && is_dash(char_at(s, after)))
            after += char_size(char_at(s, after));
        if (after == next)
            after += char_size(c);
        if (c == '(' && is_label(s, after)) /* "(b) " */
            return 1;
        return !is_lower(char_at(s, skip_space(s, after)))
               || agency_heading(s, next) != 0;
    }
    return 1;
}

/* Ends of addresses that are written like a sentence's first word:
 * "France.TV", "Vente.Com". */
static int is_domain(const struct splitter *s, size_t begin, size_t end)
{
    static const char *const domains[] = { "com", "fr", "net", "org", "tv" };
    char fold[3 * 3];
    size_t size;

    if (end - begin > 3)
        return 0;
    size = unicode_fold(s->text + begin, end - begin, fold, sizeof fold);
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++)
        if (size == strlen(domains[i]) && memcmp(fold, domains[i], size) == 0)
            return 1;
    return 0;
}

int is_shouted(const struct splitter *s, size_t at)
{
    uint32_t c = char_at(s, at);

    return is_upper(c) && is_upper(char_at(s, at + char_size(c)));
}

/* Both parts are written as a name: "France.TV", "M6.LA". */
static int names_end(const struct splitter *s, size_t next, size_t end)
{
    uint32_t c = char_at(s, end);

    if (is_apostrophe(c) || is_opener(s, next))
        return 1;
    while (is_digit(c)) { /* "TF1" */
        end += char_size(c);
        c = char_at(s, end);
    }
    return end - next > 2 && (is_space(c) || end - next > 5);
}

/* A capital stands straight behind the stop at `dot` or, SIZE_MAX, behind
 * another mark or a closing quotation mark. */
static int capital_ends(const struct splitter *s, size_t dot, size_t next)
{
    size_t begin, end = word_end(s, next), second;

    if (dot == SIZE_MAX)
        return 1;
    begin = word_begin(s, dot);
    second = next + char_size(char_at(s, next));
    if (begin == dot) /* behind a digit or a bracket */
        return 1;
    if (written_lists(s, begin, dot)
        & (IN(LIST_TITLES) | IN(LIST_ABBREVIATIONS)))
        return 0;
    if (begin + char_size(char_at(s, begin)) == dot) {
        if (is_upper(char_at(s, begin)) || char_before(s, begin) == '.')
            return end > second && opens_or_article(s, next);
        if (char_at(s, end) == '.' && end - next <= SHORT_PART
            && (written_lists(s, next, end) & IN(LIST_TITLES)) == 0)
            return 0; /* "800 f.Kr.", "44 v.Chr." */
        return end > second || is_apostrophe(char_at(s, end))
               || is_space(char_at(s, end)); /* "à 18h.Le" */
    }
    if (char_at(s, end) == '.'
        && (written_lists(s, next, end) & IN(LIST_TITLES)))
        return 1; /* "a-t-il dit.M. Royer" */
    if (second == end && char_at(s, end) == '.' && dot - begin < 4)
        return 0; /* "Ph.D." */
    if (is_domain(s, next, end))
        return 0;
    if (is_upper(char_at(s, begin)) && is_shouted(s, next))
        return names_end(s, next, end);
    return 1;
}

int ends_glued(const struct splitter *s, size_t dot, size_t next)
{
    uint32_t c = char_at(s, next), before;

    if ((is_upper(c) || is_digit(c)) && is_in_address(s, next)
        && !leaves_address(s, next))
        return 0;
    if (is_upper(c))
        return capital_ends(s, dot, next);
    if (is_lower(c))
        return begins_with(s, next, "http") || is_code(s, next);
    if (is_digit(c)) {
        size_t begin;
        if (dot == SIZE_MAX)
            return 0;
        before = char_before(s, dot);
        begin = word_begin(s, dot);
        return is_lower(before) && dot - begin >= 3 && stop_ends(s, dot, next);
    }
    if (is_inverted(c))
        return dot == SIZE_MAX || stop_ends(s, dot, next);
    if (c == '(' || c == '[' || quote_role(s, c) & QUOTE_OPENS) {
        uint32_t inner = char_at(s, skip_space(s, next + char_size(c)));
        return (dot == SIZE_MAX || stop_ends(s, dot, next))
               && !is_lower(inner);
    }
    if (is_dash(c))
        return (dot == SIZE_MAX || stop_ends(s, dot, next))
               && agency_heading(s, next) != 0;
    return is_bullet(c);
}
