/* document.h - the one type that runs through every stage.
 *
 * Everything in it lies in the engine's arena and dies with the request.
 * Positions are 32 bits: an article has at most PRECIS_ARTICLE_LIMIT_MAX
 * bytes, at most three times that once decoded.
 */
#ifndef ENGINE_DOCUMENT_H
#define ENGINE_DOCUMENT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/arena.h"
#include "engine/decode.h"
#include "engine/precis.h"
#include "stemmers/language.h"

#define NONE UINT32_MAX

/* A run of the text: a sentence, a sub-heading, or page junk. */
struct segment {
    uint32_t start, end; /* bytes; white space around is left out */
    uint32_t token;      /* first of its tokens ... */
    uint32_t tokens;     /* ... and how many: its length in words */
    uint32_t terms;      /* of a sentence, its different content stems */
    uint8_t kind;        /* enum precis_kind */
    uint8_t joined;      /* JOINED_...: it goes with the one before */
};

/* A quotation or bracket is open between the segment before and this one; the
 * one before ended with a colon. */
#define JOINED_QUOTE 1
#define JOINED_COLON 2

/* A distinct stem of content words.  Function words have none. */
struct stem {
    uint32_t count;       /* times in the article */
    uint32_t first;       /* index of the first sentence with it, or of the
                             next one where a heading has it first */
    uint32_t sentences;   /* sentences it stands in */
    uint32_t seen;        /* 1 + the last sentence counted; scratch later */
    uint32_t surface;     /* its first surface form */
    uint8_t in_title, in_query;
};

/* The characters of a longer word are not counted. */
#define LETTERS_MAX 12

/* A distinct word in small letters. */
struct form {
    uint32_t stem;    /* or NONE: a function word */
    uint32_t row;     /* in the language's trained word table, or NONE */
    uint32_t size;
    const char *text; /* of the vocabulary: until the next article; or borrowed
                         as a surface's */
    uint8_t in_title;
    uint8_t letters; /* characters, at most LETTERS_MAX */
    uint8_t digit;   /* opens with one */
};

/* A distinct word as it is written. */
struct surface {
    uint32_t stem;    /* or NONE: a function word */
    uint32_t form;
    uint32_t size;
    uint32_t capital; /* 1: opens with one, else 0 */
    const char *text; /* borrowed from the text, the title or the query */
};

struct document {
    struct arena *arena;
    const struct language *language;

    /* decode */
    struct decoded decoded;
    const char *text;
    size_t size;

    /* split: candidates in source order, then the rest of the text */
    struct segment *segments;
    size_t segment_count;
    size_t sentence_count;  /* of kind PRECIS_SENTENCE among segments */
    size_t total_sentences; /* with those beyond the candidates */
    size_t rest;            /* where the text behind the candidates begins */

    /* words */
    uint32_t *tokens;       /* the surface of each word of the segments */
    size_t token_count;
    uint32_t *terms;        /* of each sentence, from the place of its first
                               token on, by term_at(): its different content
                               stems in the order of the text */
    size_t total_words;     /* of the sentences, candidates or not */
    struct surface *surfaces;
    size_t surface_count;
    int no_forms;           /* nobody asks for the forms: there are none, and
                               what a surface and the title have is nothing */
    size_t forms_words;     /* nor does anybody where more words than so many
                               are kept; 0: however many there are */
    size_t terms_above;     /* nobody asks for the terms, nor in how many
                               sentences a stem is, unless more words than so
                               many are kept; 0: somebody does */
    struct form *forms;
    size_t form_count;
    uint32_t *title;        /* the forms of the title, in order */
    size_t title_count;
    struct stem *stems;
    size_t stem_count;

    /* compress, where asked for */
    uint8_t *cut;            /* by token: it is left out */
    struct cuts {
        precis_span *spans;
        uint32_t count;
    } *cuts;                 /* by segment */

    int too_long;            /* for the method credits */
    struct split_tables *split_tables; /* the engine's, or NULL */
    struct weights *weights; /* the engine's, for that method, or NULL */
    struct credits *credits; /* of the method of that name, or NULL */

    /* score, by segment: 0 where it is no sentence */
    double *scores;
    double *frequencies;
    double *positions;
    double *chances;        /* by stem: `sumbasic` alone */
    size_t compared;        /* sentences that a method was bounded to, or 0 */

    /* select */
    double *redundancies;   /* by segment; of the chosen */
    uint32_t *ranks;        /* by segment: 1 = chosen first, 0 = not */
    uint32_t *chosen;       /* segments in the order chosen */
    size_t chosen_count;
    int is_short;
};

/* The stem of a word of the segments, counted from 1; 0: a function word.  So
 * that counting words needs no branch, which nobody could foresee: what is at 0
 * is counted too, and not looked at. */
static inline uint32_t term_at(const struct document *document, uint32_t token)
{
    return document->surfaces[document->tokens[token]].stem + 1;
}

_Static_assert(NONE + 1 == 0, "term_at() relies on it");

/* Stages; each returns 0 or PRECIS_E..., out of memory as PRECIS_EINTERNAL
 * without touching an error (the engine words it). */

struct vocabulary;

/* split.c.  It remembers what it has to know of the last language. */
struct split_tables *split_tables_new(void);
void split_tables_free(struct split_tables *tables);
int split_text(struct document *document);

/* vocabulary.c.  It remembers words from article to article. */
struct vocabulary *vocabulary_new(void);
void vocabulary_free(struct vocabulary *vocabulary);

/* words.c */
int read_words(struct vocabulary *vocabulary, struct document *document,
               const precis_options *options);

/* scan.c.  Finds the next word of [*at, end), moves *at to it.  Returns its
 * size, 0 at the end. */
size_t next_word(const char *text, size_t *at, size_t end);

/* score.c: the table of methods. */
struct method {
    const char *name;
    const char *summary; /* one line for --help and manuals */
    int (*score)(struct document *document);
    int redundancy;      /* not 0: what was said already counts less */

    /* NULL, or: scores are for show, and what select.c goes by is the worth
     * of `count` segments from `first` on, found anew before each choice;
     * `say` tells the method what was chosen. */
    double (*worth)(const struct document *document, uint32_t first,
                    uint32_t count);
    void (*say)(struct document *document, uint32_t first, uint32_t count);
};
extern const struct method method_table[];
extern const size_t method_count;
const struct method *method_find(const char *name); /* NULL: none */
int score_credits(struct document *document);
int score_frequency(struct document *document);
int score_lead(struct document *document);
int score_luhn(struct document *document);
int score_textrank(struct document *document);
int score_lexrank(struct document *document);
int score_sumbasic(struct document *document);
double sumbasic_worth(const struct document *document, uint32_t first,
                      uint32_t count);
void sumbasic_say(struct document *document, uint32_t first, uint32_t count);

/* Of a method where the place of a sentence plays no part: divides the scores
 * by the largest, and says that terms alone earned them. */
void score_by_terms(struct document *document);

/* What the stems of segment i are worth each to `frequency`; explained at
 * the formula. */
double stem_weight(const struct stem *stem);

/* select.c.  PRECIS_EBAD_REQUEST where no sentence fits the limit: then
 * *shortest is the length, in the limit's unit, of the shortest. */
int select_sentences(struct document *document, const struct method *method,
                     const precis_options *options, size_t *shortest);

#endif
