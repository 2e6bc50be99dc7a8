/* reading.h - reads words for the tests of engine/words.c. */
#ifndef TESTS_ENGINE_READING_H
#define TESTS_ENGINE_READING_H

#include "engine/document.h"
#include "engine/vocabulary.h"

/* What was read last, and what reads it. */
extern struct arena arena;
extern struct vocabulary *vocabulary;
extern struct document document;

/* Of a group of tests. */
int reading_start(void **state);
int reading_end(void **state);

/* Reads a text of one segment for each line, all of them sentences but those
 * that begin with # (headings) and @ (junk); in French where no language is
 * named. */
void reads_in(const char *language, const char *text, const char *title,
              const char *query);
void reads_hinted(const char *text, const char *title, const char *query);
void reads(const char *text);

/* The stem of token number `number`, or NULL for a function word. */
const struct stem *stem(size_t number);

#endif
