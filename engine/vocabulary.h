/* vocabulary.h - the words that an engine has met, from article to article.
 * Private to words.c and vocabulary.c.
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

#include "engine/document.h"
#include "stemmers/stemmer.h"

/* Bytes of a spelling that its record holds itself; all but one of a thousand
 * French words are shorter. */
#define RECORD_BYTES 24

/* 64 bytes: a cache line. */
struct record {
    union {
        uint64_t part[RECORD_BYTES / 8]; /* with zeros behind it */
        char bytes[RECORD_BYTES];
        struct {
            char head[16];
            const char *whole; /* where it is longer */
        } text;
    } spelling;
    uint32_t size;
    uint32_t kind;   /* kind_of() size and language */
    uint32_t fold;   /* record of the word in small letters ... */
    uint32_t root;   /* ... and of its stem; NONE: a function word */
    uint32_t row;    /* in the trained word table, or NONE */
    uint32_t epoch;  /* article that the following are of */
    uint32_t surface, form, stem; /* ids, or NONE */
    uint8_t known;   /* not 0: fold, root and row are worked out */
    uint8_t letters; /* characters, at most LETTERS_MAX */
    uint8_t opening; /* CLASS_UPPER and CLASS_DIGIT of the first */
};

struct slot {
    uint32_t hash;
    uint32_t record; /* its number + 1; 0: free */
};

struct hash_key {
    uint64_t a, b;
};

#define LANGUAGES_MAX 64

struct vocabulary {
    struct hash_key key;
    struct slot *slots;
    uint32_t mask;
    uint32_t count, room;
    struct record *records; /* in `memory`, each in one cache line; they move
                               when one is added */
    void *memory;       /* owned */
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

/* What two equal spellings have in common, in one number. */
static inline uint32_t kind_of(size_t size, unsigned language)
{
    return (uint32_t) (size << 8) | language;
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
static inline uint64_t hash_parts(const struct vocabulary *v, uint64_t first,
                                  uint64_t second)
{
    return fold_product(first ^ v->key.b, second ^ v->key.a);
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

/* ---- many words at once ----
 *
 * A word's slot, its record and its stem's record are seldom in the nearest
 * cache.  So words are looked up some at a time: of all of them the hash, then
 * of all the record, then of all the stem, each fetched while the others are
 * worked at. */

/* A word of the text; `is_short` where it has at most 16 bytes and as many may
 * be read: then it is looked up here, and the numbers are of it. */
struct sought {
    const char *text;
    uint32_t size, hash;
    uint64_t first, second;
    int is_short;
};

static inline void sought_init(const struct vocabulary *v, struct sought *w,
                               const char *text, size_t size, size_t room)
{
    w->text = text;
    w->size = (uint32_t) size;
    w->is_short = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (size > 16 || room < 16)
        return;
    w->is_short = 1;
    memcpy(&w->first, text, 8);
    memcpy(&w->second, text + 8, 8);
    w->first &= spelling_masks[size + 8];
    w->second &= spelling_masks[size];
    w->hash = hash_end(hash_parts(v, w->first, w->second));
    __builtin_prefetch(&v->slots[w->hash & v->mask]);
#else
    (void) v, (void) room;
#endif
}

/* What is in its slot, mostly its record; NULL: nothing. */
static inline const struct record *sought_guess(const struct vocabulary *v,
                                                const struct sought *w)
{
    uint32_t number = w->is_short ? v->slots[w->hash & v->mask].record : 0;

    return number == 0 ? NULL : record_at(v, number - 1);
}

static inline void sought_fetch(const struct vocabulary *v,
                                const struct sought *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct record *record = sought_guess(v, &words[i]);
        if (record != NULL)
            __builtin_prefetch(record);
    }
    for (size_t i = 0; i < count; i++) {
        const struct record *record = sought_guess(v, &words[i]);
        if (record != NULL && record->root != NONE && record->epoch != v->epoch)
            __builtin_prefetch(record_at(v, record->root));
    }
}

/* The number of a word's record; NONE where it is not short or not among those
 * that are there. */
static inline uint32_t sought_find(const struct vocabulary *v,
                                   const struct sought *w, unsigned language)
{
    uint32_t kind = kind_of(w->size, language), at;

    if (!w->is_short)
        return NONE;
    for (at = w->hash & v->mask; v->slots[at].record != 0;
         at = (at + 1) & v->mask)
        if (v->slots[at].hash == w->hash) {
            uint32_t number = v->slots[at].record - 1;
            const struct record *record = record_at(v, number);
            if (record->kind == kind && record->spelling.part[0] == w->first
                && record->spelling.part[1] == w->second)
                return number;
        }
    return NONE;
}

/* Has the article given it numbers?  If not it has none yet. */
static inline void record_touch(const struct vocabulary *v,
                                struct record *record)
{
    if (record->epoch == v->epoch)
        return;
    record->epoch = v->epoch;
    record->surface = record->form = record->stem = NONE;
}

/* Begins an article in a language, whose stemmer is made where need be, and
 * forgets old words where there are many.  0, or PRECIS_EINTERNAL. */
int vocabulary_begin(struct vocabulary *vocabulary,
                     const struct language *language);

/* Ends it: the words of a very long article are not kept while it is scored. */
void vocabulary_end(struct vocabulary *vocabulary);

/* Works out form, stem and row of a word, whose record is `number`.  0, or
 * PRECIS_EINTERNAL. */
int record_learn(struct vocabulary *vocabulary,
                 const struct language *language, uint32_t number,
                 const char *word);

#endif
