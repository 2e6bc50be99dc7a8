/* settings.h - what can be tried; settings.c has the values that proved best
 * and why. */
#ifndef BENCH_CREDITS_SETTINGS_H
#define BENCH_CREDITS_SETTINGS_H

#include <stdio.h>

struct settings {
    double word_articles, pair_articles;               /* tables.c */
    double word_scale, pair_scale;                     /* model.c */
    double logistic_rate, word_passes, pair_passes;    /* logistic.c */
    double rate, extra_rate, sharpness, passes, renew; /* listwise.c */
    double decay;
    double leads; /* corpus.c */
};

void settings_init(struct settings *settings);

/* "rate=0.02"; ends the program where there is no such setting or it is no
 * number. */
void settings_set(struct settings *settings, const char *assignment);

void settings_help(FILE *file);

#endif
