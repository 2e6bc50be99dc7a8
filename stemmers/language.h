/* language.h - what is known of each language, as constant tables.
 *
 * Made at build time from the text files of stemmers/<code>/ by tables.awk.
 */
#ifndef STEMMERS_LANGUAGE_H
#define STEMMERS_LANGUAGE_H

#include <stddef.h>
#include <stdint.h>

/* A word list, sorted bytewise: words is one string, word i is
 * words[offsets[i]..offsets[i + 1]). */
struct wordlist {
    const char *words;
    const uint16_t *offsets;
    size_t count;
};

/* The lists of a language, in the order that tables.awk writes them.  What
 * each holds is said at the head of its file. */
enum list {
    LIST_STOPWORDS,
    LIST_TITLES,
    LIST_ABBREVIATIONS,
    LIST_ABBREVIATIONS_NUMBER,
    LIST_STARTERS,
    LIST_ARTICLES,
    LIST_TIMES,
    LIST_VERBS,
    LIST_NAMERS,
    LIST_INSTITUTIONS,
    LIST_JUNK,
    LIST_BYLINES,
    LIST_FILM_CREDITS,
    LIST_COUNT
};

/* A word of the lists, or size 0. */
struct lexicon_entry {
    uint16_t offset, size;
    uint32_t lists; /* bit 1 << enum list for each that has it */
};

/* What each weight counts for is said in engine/joint.c. */
#define JOINT_WEIGHTS 798

struct language {
    const char *code;           /* ISO 639: "fr" */
    const char *name;           /* in English */
    const char *stemmer;        /* Snowball's name, or NULL */
    const char *legacy_charset; /* of its older 8-bit texts */
    struct wordlist lists[LIST_COUNT];
    const struct lexicon_entry *lexicon; /* a hash table, or NULL */
    const char *lexicon_words;
    uint32_t lexicon_mask;      /* its entries less one */
    const int16_t *joints;      /* JOINT_WEIGHTS of them, or NULL */
};

extern const struct language language_table[];
extern const size_t language_count;

/* By code; NULL where it is none of ours. */
const struct language *language_find(const char *code);

/* Is a word (in small letters) in a list of the language?  A search by
 * halves. */
int language_has(const struct language *language, enum list list,
                 const char *word, size_t size);

/* The lists that have a word, bit 1 << enum list for each: faster, and all at
 * once. */
uint32_t language_lists(const struct language *language, const char *word,
                        size_t size);

/* Does the text begin with an entry of the list?  Returns the entry's size,
 * the longest that fits, or 0. */
size_t language_prefix(const struct language *language, enum list list,
                       const char *text, size_t size);

#endif
