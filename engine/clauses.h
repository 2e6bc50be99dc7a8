/* clauses.h - the parts of a sentence, as far as commas, quotation marks,
 * brackets and the lists of its language tell without a parse.  Private to
 * engine/.  All places are bytes of the document's text.
 */
#ifndef ENGINE_CLAUSES_H
#define ENGINE_CLAUSES_H

#include "engine/document.h"

/* A sentence with more of any of these is no prose, and left alone. */
#define WORDS_MAX 200
#define COMMAS_MAX 32
#define QUOTES_MAX 16

struct clauses {
    const struct document *d;
    const struct segment *segment;
    const char *text;           /* of the document */
    uint32_t starts[WORDS_MAX]; /* of its words */
    uint32_t ends[WORDS_MAX];
    uint32_t words;
    uint32_t commas[COMMAS_MAX]; /* outside quotations and brackets, each */
    uint32_t comma_count;        /* with one space or line end behind it */
    precis_span quotes[QUOTES_MAX]; /* with their marks */
    uint32_t quote_count;
    uint32_t stop; /* where its last marks begin */
};

/* Finds words, commas, quotations and the last marks of s->segment, where s->d
 * and s->text are set.  0 where the sentence is better left alone: its marks
 * do not pair, it is part of a quotation over several, it is too long. */
int clauses_look(struct clauses *s);

/* The first word that ends behind `at`. */
uint32_t word_at(const struct clauses *s, uint32_t at);

/* Is one of the words `first` to `last` - 1 in the list?  One of the words in
 * [start, end) a verb? */
int has_word(const struct clauses *s, enum list list, uint32_t first,
             uint32_t last);
int has_verb(const struct clauses *s, uint32_t start, uint32_t end);

/* Where the entry of the list ends that the text at `at` opens with, as whole
 * words, or 0.  Letters may be large, apostrophes curly. */
uint32_t behind_entry(const struct clauses *s, enum list list, uint32_t at);
int opens_with(const struct clauses *s, enum list list, uint32_t at);

/* Does [start, end) touch a quotation?  Does one end right before `at`? */
int is_in_quotes(const struct clauses *s, uint32_t start, uint32_t end);
int is_behind_quote(const struct clauses *s, uint32_t at);

/* Is [start, end) one plain clause or less: no marks but commas, stops within
 * words and apostrophes? */
int is_plain(const struct clauses *s, uint32_t start, uint32_t end);

/* May a sentence open here: with a name or a determiner?  With any letter? */
int may_open(const struct clauses *s, uint32_t at);
int opens_with_letter(const struct clauses *s, uint32_t at);

/* Where the part behind comma number i ends. */
uint32_t part_end(const struct clauses *s, uint32_t i);

/* Does a verb come right behind comma number i: "a dit", "s'est"? */
int verb_follows(const struct clauses *s, uint32_t i);

/* Does a clause follow comma number i: its verb before the next comma, or
 * behind a part between two? */
int clause_follows(const struct clauses *s, uint32_t i);

#endif
