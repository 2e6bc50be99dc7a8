/* split.h - what the two halves of stage 2 share.  Private to split.c, which
 * finds the ends of segments, and segment.c, which says what each is. */
#ifndef ENGINE_SPLIT_H
#define ENGINE_SPLIT_H

#include "engine/document.h"
#include "engine/unicode.h"

/* A longer run without a mark is no sub-heading. */
#define HEADING_MAX 110

/* Bytes of a word looked up in a list; no entry is longer. */
#define LOOKUP_MAX 40

/* How a segment came to its end. */
enum ending {
    END_MARK,  /* a mark, with its closing quotes and brackets */
    END_GLUED, /* no mark: a capital glued to a small letter */
    END_BARE,  /* neither mark nor glue: joint.c says so */
    END_LINE   /* the end of a line or of the text */
};

struct splitter {
    struct document *document;
    const struct language *language;
    const char *text;
    size_t size;
    size_t begin;        /* of the segment being read */
    int line_start;      /* it opens a line */
    size_t line_segments;/* segments when that line began */
    size_t room;         /* of document->segments */
    int wrapped;         /* lines are broken anywhere */
    size_t line_max;     /* the longest line, where wrapped */
    int quote;           /* a straight quotation mark is open */
    int guillemets;      /* open « and “ */
    size_t quote_segment;/* number of the segment where the quotation opened */
    size_t paren_end;    /* no split before this: inside brackets */
    int joined;          /* the segment to come goes on with a quotation */
    size_t totals[PRECIS_OTHER + 1]; /* segments of each kind, kept or not */
};

/* The character at, and before, a position; 0 beyond the text. */
uint32_t char_at(const struct splitter *s, size_t at);
uint32_t char_before(const struct splitter *s, size_t at);

/* Where the run of letters that ends or begins at a position begins or ends;
 * looks at no more than LOOKUP_MAX bytes. */
size_t word_begin(const struct splitter *s, size_t end);
size_t word_end(const struct splitter *s, size_t begin);

/* Is the word [begin, end), in small letters, in the list? */
int word_in(const struct splitter *s, enum list list, size_t begin,
            size_t end);

/* Does the word that begins here open sentences, and hardly anything else? */
int is_starter(const struct splitter *s, size_t begin);
int is_article(const struct splitter *s, size_t begin);

/* Is the word [begin, end) an abbreviation as it is written, or with its
 * first letter made small? */
int is_abbreviation(const struct splitter *s, size_t begin, size_t end);

size_t skip_space(const struct splitter *s, size_t at);

/* End of an agency's sub-heading "- Titre -" that begins here, or 0. */
size_t agency_heading(const struct splitter *s, size_t begin);

/* Adds [s->begin, end) as one or more segments.  0, or PRECIS_EINTERNAL. */
int segment_add(struct splitter *s, size_t end, enum ending ending);

/* When all are known: counts the sentences; where no candidate is one, its
 * headings are, or else all there is. */
void segments_finish(struct splitter *s);

#endif
