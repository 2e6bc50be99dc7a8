/* result.h - stage 6: what the caller sees.  Private to engine/. */
#ifndef ENGINE_RESULT_H
#define ENGINE_RESULT_H

#include "engine/document.h"
#include "engine/identify.h"

#define WARNINGS_MAX 8
#define WARNING_SIZE 200

struct precis_result {
    struct document document;
    const struct method *method; /* NULL: nothing was chosen */
    int declared;                /* the language was */
    struct identified identified;
    const char *summary;
    size_t summary_size;
    size_t words, characters;
    precis_sentence *sentences;  /* chosen, in the order asked for */
    size_t sentence_count;
    precis_sentence *segments;   /* all, where wanted */
    size_t segment_count;
    precis_keyword *keywords;
    size_t keyword_count;
    char warnings[WARNINGS_MAX][WARNING_SIZE];
    size_t warning_count;
};

/* Fills the result from its document: the summary, offsets, warnings.
 * method NULL: after precis_segment().  0, or PRECIS_EINTERNAL. */
int compose(struct precis_result *result, const struct method *method,
            const precis_options *options);

/* Fills the result's keywords, at most `wanted`.  0, or PRECIS_EINTERNAL. */
int find_keywords(struct precis_result *result, size_t wanted);

#endif
