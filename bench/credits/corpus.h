/* corpus.h - articles with abstracts written by people, read through the
 * stages of the engine: what the weights are fitted to is what they meet when
 * they run. */
#ifndef BENCH_CREDITS_CORPUS_H
#define BENCH_CREDITS_CORPUS_H

#include "bench/credits/names.h"
#include "engine/credits.h"
#include "engine/select.h"

/* Counts are kept in so many parts, by article, so that the tables an article
 * is fitted with can leave out the part it is in: with its own counts, a rare
 * word would always seem sure to be in the summary, or sure not to be.  With
 * 5, such tables have four fifths of the counts of the whole ones. */
#define FOLDS 5

struct article {
    struct document document;
    struct credit_facts facts;
    uint32_t *words;    /* by form: the number in corpus.words, or NONE where it
                        stands in no sentence */
    uint32_t *pairs;    /* by pair: the number in corpus.pairs */
    uint8_t *word_hits; /* by form: times in the abstract, at most 3 */
    uint8_t *pair_hits; /* by pair: is it in the abstract? */

    /* A word of the abstract is 1 + the place where it stands first; places,
     * by form, has the same number, or 0 where it is not in the abstract. */
    uint16_t *abstract, *places;
    size_t abstract_words;

    struct unit *units; /* those that may be chosen; whole, with words */
    size_t unit_count;
    int fold; /* or -1: it is in no counts */
};

struct corpus {
    const struct language *language;
    int with_title;
    int neutral; /* features that know no language */
    size_t leads; /* of a hundred articles that are trained on: the abstract is
                     the first paragraph */
    struct names words, pairs;
    struct article *articles;
    size_t count, room;
    size_t trained;                   /* the first so many are fitted to */
    char newest[sizeof "2020-12-31"]; /* date of an article, or "" */

    /* the engine's */
    struct arena arena;
    struct charset_cache *charsets;
    struct vocabulary *vocabulary;
};

/* Ends the program where the language is not known. */
void corpus_init(struct corpus *corpus, const char *language, int with_title,
                 int neutral);
void corpus_clear(struct corpus *corpus);

/* Adds the articles of DIR/NAME.jsonl[.xz]: on each line an object with
 * "article", "abstract", "title" and, where known, "date". */
void corpus_read(struct corpus *corpus, const char *dir, const char *name);

/* The first `count` articles are to be fitted to: deals them out to the
 * folds. */
void corpus_deal(struct corpus *corpus, size_t count);

/* The article whose turn it is, of turns 0 to trained - 1: each once, in an
 * order that is always the same and sets neighbours of the file, which may be
 * of one day, apart. */
struct article *corpus_turn(const struct corpus *corpus, size_t turn);

/* The form of a token. */
static inline uint32_t token_form(const struct document *d, uint32_t token)
{
    return d->surfaces[d->tokens[token]].form;
}

#endif
