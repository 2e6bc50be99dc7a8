/* readable.h - what makes a sentence read badly, or not be wanted, outside
 * its article.  Private to engine/.
 */
#ifndef ENGINE_READABLE_H
#define ENGINE_READABLE_H

#include "engine/document.h"

/* The next byte from `at` on that may begin a bracket or a quotation mark, or
 * `size`. */
size_t sign_find(const char *text, size_t size, size_t at);

/* Do its quotation marks and brackets balance? */
int is_balanced(const char *text, size_t size);

/* Is it a question, or a line of a dialogue?  A sentence that says whose
 * question it quotes is none. */
int is_talk(const char *text, size_t size);
int is_question(const char *text, size_t size);

/* Has it a quotation mark? */
int has_quote(const char *text, size_t size);

/* Does it open with a connective or a pronoun that points to the sentence
 * before it?  By the lists connectives, pronouns and openings. */
int is_leaning(const struct language *language, const char *text,
               size_t size);

#endif
