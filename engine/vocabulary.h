/* vocabulary.h - the words that an engine has met, from article to article.
 * Private to words.c, vocabulary.c, hashed.c and forget.c.
 *
 * Every spelling is one record: as it is written, in small letters, or as a
 * stem.  A written word's record says which are those of its form and of its
 * stem, so that folding, stop list, trained table and stemmer are asked once
 * for many articles, and each word of a text costs one look-up.  A record
 * also has the numbers that the article being read has given it.
 *
 * The hash is keyed from getrandom(2), so that nobody can send an article of
 * colliding words; ids are given in the order of the text, so neither the key
 * nor what is remembered changes a result.
 */
#ifndef ENGINE_VOCABULARY_H
#define ENGINE_VOCABULARY_H

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/document.h"
#include "stemmers/stemmer.h"

/* Bytes of a spelling that its record holds itself; ninety-nine of a hundred
 * French words are shorter. */
#define RECORD_BYTES 16

/* No bytes of UTF-8. */
#define SPELLING_LONG UINT64_MAX

enum record_flag {
    RECORD_LETTERS = 15, /* characters of its form, at most LETTERS_MAX */
    RECORD_KNOWN = 16,   /* what it is was worked out */
    RECORD_CAPITAL = 32, /* opens with one */
    RECORD_DIGIT = 64    /* its form opens with one */
};

/* An id that an article has given. */
struct mark {
    uint32_t epoch; /* which article */
    uint32_t id;
};

/* 64 bytes: a cache line, mostly the only one of a word. */
struct record {
    union {
        uint64_t part[RECORD_BYTES / 8]; /* with zeros behind it */
        char bytes[RECORD_BYTES];
        const char *whole; /* where it is longer: then part[1] is
                              SPELLING_LONG */
    } spelling;
    const char *form_text; /* NULL: it is its form itself */
    uint32_t size;
    struct mark surface, form; /* as a word that is written, as a form */
    uint32_t fold;    /* record of the word in small letters */
    uint32_t root;    /* number of its stem; 0: a function word */
    uint32_t row;     /* in the trained word table, or NONE */
    uint32_t stem;    /* its number as a stem; 0: it has been none */
    uint16_t form_size;
    uint8_t language; /* number in language_table */
    uint8_t flags;    /* enum record_flag */
};

/* Where words with the same hash are looked for: a cache line, of which all
 * hashes are compared at once.  Where a bucket is full, the next one has the
 * rest. */
#define BUCKET_SLOTS 8

struct bucket {
    uint32_t hashes[BUCKET_SLOTS];
    uint32_t records[BUCKET_SLOTS]; /* numbers; 0: free */
};

struct hash_key {
    uint64_t a, b;
};

#define LANGUAGES_MAX 64

/* Records that are kept from article to article: the words of some thousand.
 * With those of an ordinary article they are 4 MiB.  Within one article their
 * number is bounded by its size. */
#define RECORDS_MAX (ROOM_MAX - 4096)
#define ROOM_MAX 65536

/* Bytes kept of the spellings that are longer than RECORD_BYTES. */
#define TEXTS_MAX (1u << 20)

struct vocabulary {
    struct hash_key key;
    struct hash_key article_key; /* the same for words of its language */
    struct bucket *buckets; /* in bucket_memory, each in one cache line */
    uint32_t mask;          /* of buckets */
    uint32_t bucket_room;   /* for as many there is memory */
    uint32_t expected;      /* no article of this size has many more records */
    uint32_t count, room;   /* of records; number 0 is that of none */
    uint32_t ready;         /* records that may be written: at most room */
    struct record *records; /* in record_memory, likewise; they move when one
                               is added */
    struct mark *stems;     /* ids of stems, by their numbers: apart, so that
                               those of many articles stay in the cache */
    uint32_t stem_count, stem_room;
    void *bucket_memory, *record_memory; /* owned, as `stems` is */
    uint32_t epoch;     /* number of this article */
    uint32_t cleaned;   /* the article when old records were last dropped */
    size_t text_size;   /* of spellings outside of their records */
    struct arena texts; /* those */
    struct stemmer *stemmers[LANGUAGES_MAX]; /* made when first wanted */
};

/* What is being looked for: see spelling_of(). */
struct spelling {
    uint64_t part[RECORD_BYTES / 8];
    const char *text;
    uint32_t size, hash;
};

static inline struct record *record_at(const struct vocabulary *v,
                                       uint32_t number)
{
    return &v->records[number];
}

/* ---- hash: multiply and fold, as in wyhash (Wang Yi, 2019) ---- */

/* Both halves of the product of 128 bits. */
static inline uint64_t fold_product(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128) a * b;

    return (uint64_t) product ^ (uint64_t) (product >> 64);
#else /* processors of 32 bits: by halves, as on paper */
    uint64_t a_low = a & UINT32_MAX, a_high = a >> 32;
    uint64_t b_low = b & UINT32_MAX, b_high = b >> 32;
    uint64_t low = a_low * b_low;
    uint64_t middle = a_high * b_low + (low >> 32);
    uint64_t other = a_low * b_high + (middle & UINT32_MAX);
    uint64_t high = a_high * b_high + (middle >> 32) + (other >> 32);

    return (other << 32 | (low & UINT32_MAX)) ^ high;
#endif
}

/* Of a word of up to 16 bytes, what of its first 8 is mask[size + 8], of the
 * others mask[size]. */
extern const uint64_t spelling_masks[25];

/* The hash of up to 16 bytes. */
static inline uint64_t hash_parts(struct hash_key key, uint64_t first,
                                  uint64_t second)
{
    return fold_product(first ^ key.b, second ^ key.a);
}

static inline uint32_t hash_end(uint64_t hash)
{
    return (uint32_t) (hash ^ hash >> 32);
}

/* Makes the key of a spelling. */
void spelling_of(const struct vocabulary *vocabulary, const char *text,
                 size_t size, struct spelling *s);

/* The number of a spelling's record, which is made where there is none.  NONE:
 * out of memory. */
uint32_t record_find(struct vocabulary *vocabulary, const struct spelling *s,
                     unsigned language);

/* ---- memory ---- */

#define CACHE_LINE 64

/* The first cache line in a piece of memory that has one to spare. */
static inline void *line_in(void *memory)
{
    return (char *) memory + (CACHE_LINE - (uintptr_t) memory % CACHE_LINE);
}

/* Twice as many buckets, with what is in them.  0, or -1. */
int buckets_double(struct vocabulary *vocabulary);

/* ---- between articles ---- */

/* Puts the number of a record into a bucket of its hash, where room was
 * made. */
void bucket_put(struct vocabulary *vocabulary, uint32_t hash, uint32_t number);

/* So many empty buckets, a power of two, in place of those there are, whose
 * memory is the caller's then.  0, or -1: then these are as they were. */
int buckets_make(struct vocabulary *vocabulary, uint32_t count);

/* Gives the memory back that only a very long article wants, where no more
 * than ROOM_MAX records and stems are left. */
void vocabulary_shrink(struct vocabulary *vocabulary);

/* Forgets the words that the last quarter of the articles since the last time
 * did without; all of them where that leaves too many. */
void vocabulary_forget_old(struct vocabulary *vocabulary);

/* Forgets all words: there are no buckets then.  The texts are still there. */
void vocabulary_forget_all(struct vocabulary *vocabulary);

/* ---- many words at once ----
 *
 * A word's bucket and record are seldom in the nearest cache.  So words are
 * looked up many at a time: of all of them the hash, then the bucket, then the
 * record, each fetched while others are worked at. */

/* Words that are looked up together.  More of them would drive each other out
 * of the nearest cache. */
#define SOUGHT_WORDS 128

struct sought {
    uint64_t spelling[SOUGHT_WORDS][RECORD_BYTES / 8]; /* as in a record */
    uint32_t hash[SOUGHT_WORDS];
    uint32_t number[SOUGHT_WORDS]; /* of its record; 0: not found yet */
};

/* The record of that hash in its bucket, or 0. */
static inline uint32_t bucket_find(const struct bucket *bucket, uint32_t hash)
{
    unsigned found = 0; /* two bits for each that is equal */

#ifdef __SSE2__
    const __m128i *hashes = (const void *) bucket->hashes;
    __m128i wanted = _mm_set1_epi32((int) hash);

    found = (unsigned) _mm_movemask_epi8(
        _mm_packs_epi32(_mm_cmpeq_epi32(_mm_load_si128(hashes), wanted),
                        _mm_cmpeq_epi32(_mm_load_si128(hashes + 1), wanted)));
#else
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        found |= (bucket->hashes[i] == hash ? 3u : 0u) << 2 * i;
#endif
    if (found == 0)
        return 0;
    return bucket->records[(unsigned) __builtin_ctz(found) / 2];
}

/* Finds the records of `count` words of a text, whose edges are given: where
 * each begins and ends.  What is long or at the very end of the text, or is
 * not where it should be, has number 0. */
void sought_find(const struct vocabulary *v, struct sought *words,
                 const char *text, size_t limit, const uint32_t *edges,
                 size_t count);

/* The same by any processor, and by what wide.h asks for. */
void sought_find_narrow(const struct vocabulary *v, struct sought *words,
                        const char *text, size_t limit, const uint32_t *edges,
                        size_t count);
void sought_find_wide(const struct vocabulary *v, struct sought *words,
                      const char *text, const uint32_t *edges, size_t count);

/* Is it that record's spelling? */
static inline int spelling_is(const struct record *record,
                              const uint64_t spelling[RECORD_BYTES / 8])
{
#ifdef __SSE2__
    __m128i a = _mm_loadu_si128((const void *) record->spelling.part);
    __m128i b = _mm_loadu_si128((const void *) spelling);

    return _mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) == 0xFFFF;
#else
    return record->spelling.part[0] == spelling[0]
           && record->spelling.part[1] == spelling[1];
#endif
}

/* Begins an article of such a size in a language, whose stemmer is made where
 * need be, and forgets old words where there are many.  0, or
 * PRECIS_EINTERNAL. */
int vocabulary_begin(struct vocabulary *vocabulary,
                     const struct language *language, size_t size);

/* Ends it: the words of a very long article are not kept while it is scored,
 * but for the texts of forms, which stay until the next article. */
void vocabulary_end(struct vocabulary *vocabulary);

/* A word that is being learnt: its stem is to be looked up, when its bucket
 * was fetched. */
struct learning {
    uint32_t number;      /* of its record; 0: there is no word */
    uint32_t root;        /* record of its stem, where `stem` is not it; 0: a
                             function word */
    unsigned language;
    struct spelling stem; /* size 0: is not to be looked up */
};

/* Works out form, stem and row of a word, whose record is `number`, but does
 * not look up the stem: it is left in `before`, and what that had is ended.  0,
 * or PRECIS_EINTERNAL. */
int record_learn(struct vocabulary *vocabulary,
                 const struct language *language, uint32_t number,
                 const char *word, struct learning *before);

/* Ends the last one, with whose record nothing may be done before.  0, or
 * PRECIS_EINTERNAL. */
int learning_end(struct vocabulary *vocabulary, struct learning *learning);

#endif
