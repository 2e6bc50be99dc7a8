/* output.h - the files of a language that training makes. */
#ifndef BENCH_CREDITS_OUTPUT_H
#define BENCH_CREDITS_OUTPUT_H

#include "bench/credits/model.h"

/* What is said at the head of each. */
struct origin {
    const char *language; /* in English */
    int neutral;          /* nothing is said of its words */
    const char *source, *licence;
    size_t articles;
    char date[sizeof "2020-12-31"]; /* of the newest article */
    double word_articles, pair_articles;
};

/* Files are made beside those of before, DIR/words-t and so on, and take
 * their place when all are whole. */
void output_tables(const char *dir, const struct origin *origin,
                   const struct tables *tables, const struct corpus *corpus);
void output_models(const char *dir, const struct origin *origin,
                   const struct model models[2]);
void output_finish(const char *dir, int neutral);

#endif
