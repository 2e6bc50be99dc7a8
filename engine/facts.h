/* facts.h - what facts.c and facts_wide.c share: theirs alone, and of the
 * test that both say the same. */
#ifndef ENGINE_FACTS_H
#define ENGINE_FACTS_H

#include "engine/buckets.h"

#include <string.h>

/* A pair that is put aside. */
struct aside {
    uint32_t token;    /* that opens it */
    uint32_t sentence; /* times two, and whether both words have a capital */
};

struct collector {
    struct document *document;
    struct credit_facts *facts;
    uint8_t *asked;  /* by form: enum asked */
    uint32_t *slots; /* of the pairs that are looked for: pair + 1 */
    size_t mask;
    uint32_t *list;  /* two items a token: the pair that it ends, itself */
    uint32_t *words_aside; /* tokens of a sentence */
    struct aside *aside;   /* of all sentences */
    size_t aside_count;
    int all_again;   /* any word may earn again */
};

/* A pair is looked for where both its words are the same of these. */
enum asked {
    ASKED_AGAIN = 1, /* more than once in sentences */
    ASKED_TITLE = 2  /* in the title, whose pairs are looked for too */
};

/* Lists the pairs of a sentence that stand nowhere else.  Puts the others
 * aside. */
void single_pairs_narrow(struct collector *collector,
                         const struct segment *segment, uint32_t sentence);

/* The same by what wide.h asks for, so many pairs at once; `pairs` and `aside`
 * have room for so many more, and `asked` can be read three bytes further. */
#define WIDE_PAIRS 16
void single_pairs_wide(struct collector *collector,
                       const struct segment *segment, uint32_t sentence);

/* Whether a mark of French wire copy, which the model of French was fitted
 * with, ends with this byte: straight, « or “. */
static inline int is_quote_end(const char *text, size_t at)
{
    return text[at] == '"'
           || (at >= 1 && memcmp(text + at - 1, "\xC2\xAB", 2) == 0)
           || (at >= 2 && memcmp(text + at - 2, "\xE2\x80\x9C", 3) == 0);
}

/* The last byte of the first such mark from `at` on, or `size`. */
size_t quote_find_narrow(const char *text, size_t size, size_t at);

/* The same by what wide.h asks for. */
size_t quote_find_wide(const char *text, size_t size, size_t at);

#endif
