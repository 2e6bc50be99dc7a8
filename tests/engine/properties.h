/* properties.h - what is true of every result, whatever the article. */
#ifndef TESTS_ENGINE_PROPERTIES_H
#define TESTS_ENGINE_PROPERTIES_H

#include "engine/precis.h"

/* Returns NULL, or the first property that does not hold: static text.  The
 * result is of precis_summarize(), or of precis_segment() where `chosen` is 0,
 * for an article of article_size bytes. */
const char *properties_broken(const precis_result *result,
                              const precis_options *options,
                              size_t article_size, int chosen);

/* Words of a text as precis.h defines them, and its code points. */
size_t count_words(const char *text, size_t size);
size_t count_characters(const char *text, size_t size);

#endif
