/* names.h - the names of an article, found in three passes over its
 * sentences, each linear.  Private to engine/.
 */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include "engine/document.h"

/* Words of a name at most; a longer run is cut. */
#define NAME_WORDS 6

/* A word of the text where it stands. */
struct word {
    uint32_t start, end, form;
    uint8_t capital; /* its first letter is one */
    uint8_t opens;   /* stands where a capital says nothing */
    uint8_t joint;   /* what separates it from the word before */
    uint8_t done;    /* part of a name */
};

enum joint { JOINT_NONE, JOINT_SPACE, JOINT_HYPHEN, JOINT_QUOTE };

/* How a form is written where that says something. */
struct cases {
    uint32_t capital, small;
};

/* A name, or behind the names a stem. */
struct term {
    uint32_t forms[NAME_WORDS];
    uint8_t words;   /* 0: a stem */
    uint8_t quoted;
    uint8_t in_title;
    uint32_t count, spread, first, last; /* last: 1 + the last counted */
    uint32_t nouns;                      /* times behind a determiner */
    uint32_t start, end;                 /* where it stands first */
    uint32_t parent; /* the longer name that it counts for, or NONE */
    double score;
};

struct finder {
    struct document *d;
    struct cases *cases;   /* by form */
    struct term *terms;
    size_t count;
    uint32_t *slots;       /* name + 1 */
    size_t mask;
    uint32_t *stem_terms;  /* by stem: term + 1 */
    uint32_t *written;     /* by surface: times, outside names */
    struct word *words;    /* of one segment */
};

/* Is the form a function word?  Is it in the list? */
int is_stop(const struct finder *f, uint32_t form);
int form_in(const struct finder *f, enum list list, uint32_t form);

/* Counts a term that stands in the sentence. */
void term_count(struct term *term, uint32_t sentence);

/* First pass: how every word is written. */
void names_count_cases(struct finder *f, const struct segment *segment);

/* Second: names known from quotations. */
void names_find_quoted(struct finder *f, const struct segment *segment);

/* Third: adds and counts the names of a sentence; f->words are its words
 * then, those of names done. */
void names_find(struct finder *f, const struct segment *segment,
                uint32_t sentence);

/* After the last sentence: a name that is the end of a longer one counts for
 * that. */
void names_merge(struct finder *f);

#endif
