/* floor.h - the least that an engine has to do with an article, as fast as
 * plain C does it: what libprecis is measured against.
 *
 * Each function reads a text once.  A word is a run of letters and digits;
 * elision and hyphens end one.  Nothing is kept from one article to the next
 * but the table of words, which is warm once every article has been read: then
 * no word is inserted and none is stemmed.
 */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stddef.h>
#include <stdint.h>

/* Bytes behind each text that may be read, but are not looked at. */
#define FLOOR_PADDING 16

/* The sum of the bytes: the memory, and nothing else. */
uint64_t floor_sum(const char *text, size_t size);

/* The number of words. */
size_t floor_split(const char *text, size_t size);

struct floor;

/* For French.  NULL when out of memory. */
struct floor *floor_new(void);
void floor_free(struct floor *floor);

/* Counts each word as it is written; texts must stay until floor_free().
 * Returns the number of words, SIZE_MAX when out of memory. */
size_t floor_count(struct floor *floor, const char *text, size_t size);

/* Counts the stem of each word, which is kept beside the word. */
size_t floor_stems(struct floor *floor, const char *text, size_t size);

/* How many different ones have been met. */
size_t floor_words(const struct floor *floor);
size_t floor_distinct_stems(const struct floor *floor);

#endif
