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
 * each holds is said at the head of its file.  Beside each word they have the
 * spelling that is compared (struct folding), where it is another. */
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
    LIST_CONNECTIVES,
    LIST_PRONOUNS,
    LIST_OPENINGS,
    LIST_ADVERBIALS,
    LIST_TRAILERS,
    LIST_SAYINGS,
    LIST_INSERTIONS,
    LIST_PARTICLES,
    LIST_CALENDAR,
    LIST_DETERMINERS,
    LIST_ASIDES,
    LIST_CLEFTS,
    LIST_KEEPERS,
    LIST_COUNT
};

/* The trained word table: the forms, sorted bytewise, and of each four bytes:
 * the bucket of how often such a word of an article stands in its summary,
 * the bucket of how common it is, and the chances, in 1/255, that a summary
 * that has it has it twice and three times.  Empty where nothing was
 * trained. */
struct word_table {
    const char *words;
    const uint32_t *offsets; /* count + 1 of them */
    const uint8_t *values;
    size_t count;
    /* Pairs: of each word the hash table of those that it opens, where it
     * begins in pair_slots, times 16, and its bits.  A slot is the row of the
     * second word, times 256, and the bucket of how often they are in a
     * summary, or PAIR_FREE.  The last, pairs[count], is of a word that opens
     * none. */
    const uint32_t *pairs;
    const uint32_t *pair_slots;
};

/* Rows are below 2^16; the high bits of their product say where to look. */
#define PAIR_FACTOR 40503u
#define PAIR_FREE 0xFFFFFFu

/* Weights of the method credits, in 1/MODEL_UNIT, one for each bucket of each
 * feature in the order of engine/credits.h.  A language that nothing was
 * trained for has those of stemmers/neutral/, and one without stop words, which
 * they ask for, NULL. */
#define MODEL_UNIT 1000.0

struct credit_model {
    double word_scale, pair_scale;
    const int16_t *word_odds, *word_extra, *pair_odds, *pair_extra;
};

/* A word of the lists, or key 0.  From where it begins in lexicon_words
 * LEXICON_ROOM bytes may be read, whatever its size. */
#define LEXICON_ROOM 16
struct lexicon_entry {
    uint16_t offset;
    uint16_t key;   /* lexicon_key() of it; 0: none */
    uint32_t lists; /* bit 1 << enum list for each that has it */
};

/* A spelling and the one that is compared for it, which may be nothing: a line
 * of the file `folding`.  In small letters, but for capitals whose small letter
 * is not Unicode's. */
struct folding {
    uint8_t from_size, to_size;
    char from[6], to[6];
};

/* What each weight counts for is said in engine/joint.c. */
#define JOINT_WEIGHTS 798

/* Numbers that the signs of engine/signs.c are hashed to. */
#define ENDS_WEIGHTS 16384

/* A bit for everything that an entry of LIST_CONNECTIVES, LIST_PRONOUNS or
 * LIST_OPENINGS begins with, by its lexicon_hash(). */
#define LEANING_BITS 16384

struct language {
    const char *code;           /* ISO 639: "fr" */
    const char *name;           /* in English */
    const char *stemmer;        /* Snowball's name, or NULL */
    const char *legacy_charset; /* of its older 8-bit texts, or NULL */
    struct wordlist lists[LIST_COUNT];
    struct word_table table;
    struct credit_model models[2]; /* without a title, with one */
    uint8_t neutral;            /* not 0: the models that know no language, of
                                   stemmers/neutral/ */
    const struct lexicon_entry *lexicon; /* a hash table, or NULL */
    const char *lexicon_words;
    uint32_t lexicon_mask;      /* its entries less one */
    const int16_t *joints;      /* JOINT_WEIGHTS of them, or NULL */
    const struct folding *foldings; /* engine/fold.h */
    size_t folding_count;
    const uint16_t *marks;      /* characters that end sentences, then 0 */
    const uint16_t *quotes;     /* quotation marks: opens, closes; then 0 */
    const int8_t *ends;         /* ENDS_WEIGHTS of them, or NULL */
    unsigned char own_ends;     /* not 0: some of them are its own */
    unsigned char ordinals;     /* bit 0: "3." may count, bit 1: "III." may */
    unsigned char colons;       /* not 0: a sentence may begin behind one */
    const uint8_t *leanings;    /* LEANING_BITS / 8 of them, or NULL where the
                                   language has foldings */
};

extern const struct language language_table[];
extern const size_t language_count;

/* Their codes, close together, with zeros behind. */
#define LANGUAGE_CODE 4
extern const char language_codes[][LANGUAGE_CODE];

/* By code, in capitals or not, with what may follow it ("fr-CA", "pt_BR",
 * "sr-Latn-RS") left aside; "no" is nb.  NULL where it is none of ours. */
const struct language *language_find(const char *tag);

/* Is a word (in small letters) in a list of the language?  A search by
 * halves. */
int language_has(const struct language *language, enum list list,
                 const char *word, size_t size);

/* The lists that have a word, bit 1 << enum list for each: faster, and all at
 * once. */
uint32_t language_lists(const struct language *language, const char *word,
                        size_t size);

/* The same of a word that was hashed byte by byte, from LEXICON_HASH on, while
 * it was made. */
#define LEXICON_HASH 0u
static inline uint32_t lexicon_hash(uint32_t hash, unsigned byte)
{
    return hash * 31 + byte;
}
uint32_t lexicon_find(const struct language *language, const char *word,
                      size_t size, uint32_t hash);

/* What an entry is told by before its bytes are compared: its size, and of its
 * hash what does not say where it is.  No word of 256 bytes has one. */
#define LEXICON_FACTOR 40503u
static inline uint32_t lexicon_key(uint32_t hash, size_t size)
{
    return (hash * LEXICON_FACTOR >> 24) << 8 | (uint32_t) size;
}

/* Does the text begin with an entry of the list?  Returns the entry's size,
 * the longest that fits, or 0. */
size_t language_prefix(const struct language *language, enum list list,
                       const char *text, size_t size);

/* The row of a word, in small letters, in the trained table, or UINT32_MAX. */
uint32_t language_row(const struct language *language, const char *word,
                      size_t size);

/* The bucket of a pair of rows; 0 where the table has none. */
uint8_t language_pair(const struct language *language, uint32_t x,
                      uint32_t y);

/* The same in two steps, for who has many to look up and wants to fetch all
 * their slots before the first is read.  `pairs` is that of the first row;
 * pairs[count] stands for one that is UINT32_MAX, and PAIR_NO_ROW for a second
 * row that is. */
#define PAIR_NO_ROW 0xFFFEu

/* The number of the slot where to begin. */
static inline uint32_t pair_slot_of(uint32_t pairs, uint32_t y)
{
    return pairs / 16 + ((y * PAIR_FACTOR & 0xFFFF) >> (16 - pairs % 16));
}

/* What the table says of the rest. */
uint8_t pair_search(const uint32_t *slots, uint32_t pairs, uint32_t y);

static inline uint8_t pair_find(const uint32_t *slots, uint32_t slot,
                                uint32_t pairs, uint32_t y)
{
    uint32_t found = slots[slot];

    if (found != PAIR_FREE && found / 256 != y) /* seldom */
        return pair_search(slots, pairs, y);
    return (uint8_t) (found / 256 == y ? found : 0);
}

#endif
