/* rouge.h - ROUGE-1, -2 and -L as F1 (Lin, "ROUGE: a package for automatic
 * evaluation of summaries", 2004), as bench/rouge.py has them. */
#ifndef BENCH_CREDITS_ROUGE_H
#define BENCH_CREDITS_ROUGE_H

#include <stddef.h>
#include <stdint.h>

/* Of a longer reference only so many words are looked at. */
#define ROUGE_MAX 1000

struct rouge {
    double f1, f2, fl;
};

/* Words are numbers: those of the reference 1 to ROUGE_MAX, and in the
 * summary 0 for any word that the reference has not. */
struct rouge rouge(const uint16_t *summary, size_t size,
                   const uint16_t *reference, size_t reference_size);

#endif
