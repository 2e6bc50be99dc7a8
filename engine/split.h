/* split.h - what the two halves of stage 2 share.  Private to split.c, which
 * finds the ends of segments, and segment.c, which says what each is. */
#ifndef ENGINE_SPLIT_H
#define ENGINE_SPLIT_H

#include <string.h>

#include "engine/document.h"
#include "engine/unicode.h"

/* A longer run without a mark is no sub-heading. */
#define HEADING_MAX 110

/* Bytes of a word looked up in a list; no entry is longer. */
#define LOOKUP_MAX 64

/* How a segment came to its end. */
enum ending {
    END_MARK,  /* a mark, with its closing quotes and brackets */
    END_GLUED, /* no mark: a capital glued to a small letter */
    END_BARE,  /* neither mark nor glue: joint.c says so */
    END_LINE   /* the end of a line or of the text */
};

/* What is to be known of a language before its texts are split: the engine
 * keeps it from article to article. */
struct split_tables {
    const struct language *language; /* whose it is; NULL: nobody's yet */
    unsigned char events[256]; /* by byte: what may begin with it */
    int common;                /* events are the common ones */
    int run_tops[8]; /* joint.c: what a run can weigh, by its length ... */
    int run_flags;   /* ... and by what else is in it, at most */
    int no_capitals; /* none is before a word that opens with two capitals */
    unsigned char credit_ends[256]; /* bits: how film credits may end */
    unsigned char junk_starts[128]; /* bits: how junk may begin */
};

struct splitter {
    struct document *document;
    const struct language *language;
    const struct split_tables *tables;
    const char *text;
    size_t size;
    size_t begin;        /* of the segment being read */
    int line_start;      /* it opens a line */
    enum ending last;    /* how the one before it ended */
    size_t line_segments;/* segments when that line began */
    size_t room;         /* of document->segments */
    int wrapped;         /* lines are broken anywhere */
    size_t line_max;     /* the longest line, where wrapped */
    int quote;           /* a straight quotation mark is open */
    int guillemets;      /* open « and “ */
    size_t quote_segment;/* number of the segment where the quotation opened */
    size_t paren_end;    /* no split before this: inside brackets */
    int label_style;     /* of the list's items that were met, or 0 ... */
    unsigned label_next; /* ... and the number of the next */
    int joined;          /* JOINED_...: the segment to come goes with this */
    size_t totals[PRECIS_OTHER + 1]; /* segments of each kind, kept or not */
    int is_wide;         /* events are found as wide.h has it */
};

#define ELLIPSIS 0x2026u
#define GUILLEMET_OPEN 0xABu
#define GUILLEMET_CLOSE 0xBBu
#define DOUBLE_OPEN 0x201Cu
#define DOUBLE_CLOSE 0x201Du
#define APOSTROPHE 0x2019u /* and the closing single quotation mark */

/* 0, which is beyond the text, is of none that is asked for here. */
static inline int is_class(uint32_t c, unsigned class)
{
    return (unicode_class(c) & class) != 0;
}

static inline int is_upper(uint32_t c) { return is_class(c, CLASS_UPPER); }
static inline int is_lower(uint32_t c) { return is_class(c, CLASS_LOWER); }
static inline int is_letter(uint32_t c) { return is_class(c, CLASS_LETTER); }
static inline int is_digit(uint32_t c) { return is_class(c, CLASS_DIGIT); }
static inline int is_space(uint32_t c) { return is_class(c, CLASS_SPACE); }

/* Does the mark end sentences?  Those of all languages, and what the
 * language's file `marks` adds. */
static inline int is_mark(const struct splitter *s, uint32_t c)
{
    const uint16_t *mark = s->language->marks;

    if (c == '.' || c == '!' || c == '?' || c == ELLIPSIS)
        return 1;
    if (c < 0x80 ? c != ':' && c != ';' && c != '|' : c < 0x37E)
        return 0;
    while (*mark != 0 && *mark != c)
        mark++;
    return *mark != 0;
}

static inline int is_dash(uint32_t c)
{
    return c == '-' || c == 0x2013 || c == 0x2014;
}

/* ¿ and ¡, which open a sentence. */
static inline int is_inverted(uint32_t c)
{
    return c == 0xBF || c == 0xA1;
}

static inline int is_bullet(uint32_t c)
{
    return c == 0x2022 || c == 0x25AA || c == 0x25A0 || c == 0x25BA
           || c == 0x2043 || c == 0x25B6 || c == 0x25CF || c == 0x25C6
           || c == 0x2666;
}

static inline int is_apostrophe(uint32_t c)
{
    return c == '\'' || c == APOSTROPHE;
}

/* What the character is among the quotation marks of the language, a set of
 * these; 0 where it is none.  The straight one is both, and so is what stands
 * on either side of some pair. */
#define QUOTE_OPENS 1u
#define QUOTE_CLOSES 2u
static inline unsigned quote_role(const struct splitter *s, uint32_t c)
{
    const uint16_t *pair = s->language->quotes;
    unsigned role = 0;

    if (c != '"' && (c < GUILLEMET_OPEN || c > 0x203A
                     || (c > GUILLEMET_CLOSE && c < 0x2018)))
        return 0;
    for (; *pair != 0; pair += 2)
        role |= (pair[0] == c ? QUOTE_OPENS : 0)
                | (pair[1] == c ? QUOTE_CLOSES : 0);
    return role;
}

/* Is it counted in `guillemets`?  Single ones are apostrophes too often. */
static inline int is_counted(uint32_t c)
{
    return c != '"' && (c < 0x2018 || c > 0x201B);
}

/* Bytes of a character. */
static inline size_t char_size(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* The byte at a position; 0 beyond the text. */
static inline char byte_at(const struct splitter *s, size_t at)
{
    return at < s->size ? s->text[at] : '\0';
}

/* The character at, and before, a position; 0 beyond the text. */
static inline uint32_t char_at(const struct splitter *s, size_t at)
{
    uint32_t c = 0;

    if (at < s->size)
        utf8_next(s->text, s->size, &at, &c);
    return c;
}

static inline uint32_t char_before(const struct splitter *s, size_t at)
{
    if (at == 0)
        return 0;
    if ((unsigned char) s->text[at - 1] < 0x80)
        return (unsigned char) s->text[at - 1];
    do
        at--;
    while (at > 0 && ((unsigned char) s->text[at] & 0xC0) == 0x80);
    return char_at(s, at);
}

/* ---- around.c: words around a position ---- */

/* Where the run of letters that ends or begins at a position begins or ends;
 * looks at no more than LOOKUP_MAX bytes. */
size_t word_begin(const struct splitter *s, size_t end);
size_t word_end(const struct splitter *s, size_t begin);

/* The lists that have the word [begin, end) in small letters, a set of
 * IN(...), and whether one of them does. */
#define IN(list) (1u << (list))
unsigned word_lists(const struct splitter *s, size_t begin, size_t end);
int word_in(const struct splitter *s, enum list list, size_t begin,
            size_t end);

/* Both at once, of the word that begins here. */
unsigned word_read(const struct splitter *s, size_t begin, size_t *end);

/* Does the word that begins here open sentences, and hardly anything else? */
int is_starter(const struct splitter *s, size_t begin);
int is_article(const struct splitter *s, size_t begin);
int is_opener(const struct splitter *s, size_t begin); /* either of the two */

/* The lists that have the word [begin, end) as it is written, or with its
 * first letter made small. */
unsigned written_lists(const struct splitter *s, size_t begin, size_t end);

size_t skip_space(const struct splitter *s, size_t at);

/* ---- quotes.c ---- */

/* A straight quotation mark opens. */
void quote_open(struct splitter *s);

/* Does the quotation mark at `at` open?  By its shape (`: "ab` opens, `ab" :`
 * closes) and, where that says nothing, by whether one is open. */
int quote_opens(const struct splitter *s, size_t at);

/* A paragraph ends: what is open is forgotten. */
void quotes_forget(struct splitter *s);

/* Takes closing quotation marks, brackets and further marks behind a mark.
 * Returns where they end; sets *closed where there are any but marks. */
size_t closers(struct splitter *s, size_t at, int *closed);

/* ---- ends.c: does a mark end a sentence? ---- */

/* The text goes on at `next`, behind white space or glued to the mark.  `dot`
 * is the single full stop that came, or SIZE_MAX: another mark, or one behind
 * which something closed. */
int ends_spaced(const struct splitter *s, size_t dot, size_t next);
int ends_glued(const struct splitter *s, size_t dot, size_t next);

/* Does a word with two capitals at its opening begin here? */
int is_shouted(const struct splitter *s, size_t at);

/* Is `at` inside a web address? */
int is_in_address(const struct splitter *s, size_t at);

/* Does script code of a page begin at `at`? */
int is_code(const struct splitter *s, size_t at);

/* The label of a list's item ("1.", "b)", "2.)") that the mark at `at` ends:
 * writes where it begins and its number, from 1.  Returns its style, or 0. */
#define LABEL_NUMBER 1
#define LABEL_LETTER 2
#define LABEL_BRACKET 4 /* with one of the others */
int label_of(const struct splitter *s, size_t at, size_t *begin,
             unsigned *number);

/* Does the label of a list's item begin at `at`? */
int is_label(const struct splitter *s, size_t at);

/* ---- segment.c ---- */

/* What is to be known of the language's lists. */
void segments_start(struct split_tables *tables);

/* Does the credit of a film's caption ("...par Agence Ciel") end at `at`?  Its
 * last bytes, of "par AFP" those of " AFP", have a bit in credit_ends. */
int ends_credit(const struct splitter *s, size_t at);

#define CREDIT_TAIL 4
static inline unsigned credit_bit(const char *tail)
{
    uint32_t bytes;

    memcpy(&bytes, tail, sizeof bytes);
    return bytes * 0x9E3779B1u >> 21;
}

static inline int is_credit(const struct splitter *s, size_t at)
{
    unsigned bit;

    if (at < s->begin + 1 + CREDIT_TAIL)
        return 0;
    bit = credit_bit(s->text + at - CREDIT_TAIL);
    return (s->tables->credit_ends[bit / 8] >> bit % 8 & 1) != 0
           && ends_credit(s, at);
}

/* End of an agency's sub-heading "- Titre -" that begins here, or 0. */
size_t agency_heading(const struct splitter *s, size_t begin);

/* Adds [s->begin, end) as one or more segments.  0, or PRECIS_EINTERNAL. */
int segment_add(struct splitter *s, size_t end, enum ending ending);

/* When all are known: counts the sentences; where no candidate is one, its
 * headings are, or else all there is. */
void segments_finish(struct splitter *s);

#endif
