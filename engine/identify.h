/* identify.h - which language a text is in.
 *
 * Private to engine/.  Naive Bayes over the 1- to 4-grams of each word and
 * over whole short words, of 53 classes: our languages and others that
 * could be taken for them; and scripts that tell a language by themselves
 * (William B. Cavnar and John M. Trenkle, "N-Gram-Based Text Categorization",
 * 1994, for the n-grams within a word; Ted Dunning, "Statistical
 * Identification of Language", 1994, for the sum of their log-likelihoods).
 * The weights, in stemmers/identify, are trained by bench/identify; sums of
 * integers, so that every machine says the same.  No memory is taken, no state
 * kept: any number of threads may call.
 */
#ifndef ENGINE_IDENTIFY_H
#define ENGINE_IDENTIFY_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a text that are read where a few words leave a doubt (glance.c): all
 * of a shorter one, else IDENTIFY_PIECES pieces of the same size from its start
 * to its end, each from the beginning of a word. */
#define IDENTIFY_READ 2048
#define IDENTIFY_PIECES 8

/* The code of no language; a row of stemmers/languages. */
#define LANGUAGE_NONE "und"

/* What stands for "this surely": of 1 for certain. */
#define IDENTIFY_CERTAIN 1000

struct identified {
    const char *language;   /* a code of stemmers/languages, or LANGUAGE_NONE:
                               none of ours, or no letters at all */
    const char *looks_like; /* English name of what the text looks most like,
                               of ours or not; NULL: nothing known */
    int confidence;         /* that `language` is right: 0 to
                               IDENTIFY_CERTAIN; see identify() */
    const char *second;     /* English name of another language that a
                               quarter or more of the text is in, or NULL */
    int contradicted;       /* not 0: it is surely not what was declared */
    size_t letters;         /* letters and marks read */
};

/* Finds the language of valid UTF-8 in NFC: the class with the best score.
 * Where that is none of ours, but the text scores too little to be in any
 * language (names, numbers of parts, noise), it is the best of ours.
 * Confidence is the share of texts with that margin over the next language
 * that were right, of sentences of the news and the web that trained
 * nothing; noise has at most a quarter. */
void identify(const char *text, size_t size, struct identified *out);

/* The same of a text that was declared to be in a language (its code); NULL:
 * in none.  The result is not led by it, but says whether it contradicts. */
void identify_declared(const char *text, size_t size, const char *declared,
                       struct identified *out);

/* How much like some known language a text reads, to choose among decodings
 * of the same bytes: the larger the likelier.  The mean over its characters,
 * but for ASCII other than letters, of the log-likelihood by the best class,
 * in units of 1/1000, 0 for what no class has seen; what is no letter, and no
 * usual mark of typography, counts as unseen.  Reads what identify() reads,
 * or, where the text is longer, the pieces with the same places; 0 where
 * nothing is to be counted.  Compare texts of about the same length. */
int identify_likelihood(const char *text, size_t size);

/* The characters that features are taken from, for identify() and what trains
 * it: small letters, one IDENTIFY_EDGE before, between and after the words.
 * `out` has room for size + 2; returns how many. */
#define IDENTIFY_EDGE ' '
size_t identify_normalize(const char *text, size_t size, uint32_t *out);

#endif
