/* tables.h - how often words and pairs of words are in abstracts: what the
 * files words and pairs of a language say. */
#ifndef BENCH_CREDITS_TABLES_H
#define BENCH_CREDITS_TABLES_H

#include "bench/credits/corpus.h"
#include "bench/credits/settings.h"

/* Of a word or pair, by fold: articles with it in a sentence, and how many
 * of those have it in the abstract too. */
struct share {
    uint32_t articles[FOLDS], abstracts[FOLDS];
};

struct tables {
    struct share *words, *pairs; /* by the corpus's numbers */
    uint8_t (*again)[2];         /* of function words: the chances, in 1/255,
                                    that an abstract that has it has it twice
                                    and three times */
    double word_articles, pair_articles;
    int neutral; /* nothing is known of any word */
};

/* Counts the articles that were dealt out. */
void tables_init(struct tables *tables, const struct corpus *corpus,
                 const struct settings *settings, int neutral);
void tables_clear(struct tables *tables);

/* Gives the words and pairs of every article their buckets, as tables without
 * the article's own fold have them. */
void tables_fill(const struct tables *tables, struct corpus *corpus);

/* The files themselves, without head; return the lines written. */
size_t tables_write_words(const struct tables *tables,
                          const struct corpus *corpus, FILE *file);
size_t tables_write_pairs(const struct tables *tables,
                          const struct corpus *corpus, FILE *file);

#endif
