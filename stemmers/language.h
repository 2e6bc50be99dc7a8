/* language.h - what is known of each language, as constant tables.
 *
 * Made at build time from the text files of stemmers/<code>/ by tables.awk.
 */
#ifndef STEMMERS_LANGUAGE_H
#define STEMMERS_LANGUAGE_H

#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

/* The trained word table: the forms, the commonest first, and of each four
 * bytes: the bucket of how often such a word of an article stands in its
 * summary, the bucket of how common it is, and the chances, in 1/255, that a
 * summary that has it has it twice and three times.  Empty where nothing was
 * trained. */
struct word_table {
    const char *words;
    const uint32_t *offsets; /* count + 1 of them */
    const uint8_t *values;
    size_t count;
    /* Pairs: of each word the hash table of those that it opens, where it
     * begins in pair_slots, times 16, and its bits.  A slot is the row of the
     * second word, times 256, and the bucket of how often they are in a
     * summary, or PAIR_FREE.  A word that has no slot at its place has one
     * before the next that is free.  The last, pairs[count], is of a word that
     * opens none. */
    const uint32_t *pairs;
    const uint32_t *pair_slots;
    /* How a form is found: row_tags and row_numbers from row_starts[i] on,
     * before row_starts[i + 1], are of the forms whose row_hash() says place i.
     * ROW_TAGS may be read from any on.  NULL where there are no forms. */
    const uint16_t *row_starts; /* ROW_PLACES + 1 of them */
    const uint8_t *row_tags;
    const uint16_t *row_numbers;
};

/* Five forms have a place: their tags say of 49 words of 50 that have no row
 * that it is so, in two cache lines. */
#define ROW_PLACES 4096u
#define ROW_TAGS 16

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

/* Two bits for everything that an entry of LIST_CONNECTIVES, LIST_PRONOUNS or
 * LIST_OPENINGS begins with, by its lexicon_hash(): is it such, is it all of an
 * entry?  Others may have the same. */
#define LEANING_BITS 32768
#define LEANING_BEGINS 1u
#define LEANING_ENDS 2u
static inline unsigned leaning_bits(const uint8_t *leanings, uint32_t hash)
{
    hash %= LEANING_BITS / 2;
    return (unsigned) leanings[hash / 4] >> hash % 4 * 2 & 3u;
}

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
static inline uint32_t lexicon_hash_word(const char *word, size_t size)
{
    uint32_t hash = LEXICON_HASH;

    for (size_t i = 0; i < size; i++)
        hash = lexicon_hash(hash, (unsigned char) word[i]);
    return hash;
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

/* The row of a word, in small letters and hashed as for lexicon_find(), in the
 * trained table, or UINT32_MAX. */
uint32_t language_row(const struct language *language, const char *word,
                      size_t size, uint32_t hash);

/* Its upper 12 bits are a form's place, the next 8 its tag. */
static inline uint32_t row_hash(uint32_t hash)
{
    return hash * LEXICON_FACTOR;
}

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

/* What the table says of the second word, from that slot on. */
uint8_t pair_search(const uint32_t *slots, uint32_t slot, uint32_t y);

/* The same.  Four slots say it nearly always: all at once, for which of them
 * does cannot be foreseen. */
static inline uint8_t pair_find(const uint32_t *slots, uint32_t slot,
                                uint32_t y)
{
#ifdef __SSE2__
    __m128i four = _mm_loadu_si128((const void *) (slots + slot));
    __m128i found = _mm_cmpeq_epi32(_mm_srli_epi32(four, 8),
                                    _mm_set1_epi32((int) y));
    __m128i end = _mm_cmpeq_epi32(four, _mm_set1_epi32((int) PAIR_FREE));
    unsigned is_found = (unsigned) _mm_movemask_ps(_mm_castsi128_ps(found));
    unsigned is_end = (unsigned) _mm_movemask_ps(_mm_castsi128_ps(end));

    if ((is_found | is_end) != 0) {
        is_found &= (is_end & (0 - is_end)) - 1; /* before the first end */
        slot += (unsigned) __builtin_ctz(is_found | 8);
        return (uint8_t) (slots[slot] & (0 - (uint32_t) (is_found != 0)));
    }
#endif
    return pair_search(slots, slot, y);
}

#endif
