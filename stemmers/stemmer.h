/* stemmer.h - Snowball, behind one file.
 *
 * Algorithms: the Snowball project (Porter and others, 2001 on), French after
 * https://snowballstem.org/algorithms/french/stemmer.html.
 */
#ifndef STEMMERS_STEMMER_H
#define STEMMERS_STEMMER_H

#include <stddef.h>

#include "stemmers/language.h"

/* Longer words are not stemmed: no real word has so many bytes, and some
 * Snowball algorithms are quadratic in the length. */
#define STEMMER_WORD_MAX 255

struct stemmer; /* belongs to one thread at a time */

/* NULL when out of memory or where the language has no stemmer. */
struct stemmer *stemmer_new(const struct language *language);
void stemmer_free(struct stemmer *stemmer);

/* Stems a word of at most STEMMER_WORD_MAX bytes, in small letters, UTF-8 in
 * NFC.  The stem is borrowed until the next call; it may be longer than the
 * word.  NULL when out of memory. */
const char *stemmer_stem(struct stemmer *stemmer, const char *word,
                         size_t size, size_t *stem_size);

#endif
