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
    uint32_t hash, size;
    uint32_t fold;   /* record of the word in small letters ... */
    uint32_t root;   /* ... and of its stem; NONE: a function word */
    uint32_t row;    /* in the trained word table, or NONE */
    uint32_t epoch;  /* article that the following are of */
    uint32_t surface, form, stem; /* ids, or NONE */
    uint8_t language;
    uint8_t known;   /* not 0: fold, root and row are worked out */
    uint8_t letters; /* characters, at most LETTERS_MAX */
    uint8_t opening; /* CLASS_UPPER and CLASS_DIGIT of the first */
};

/* Records lie in chunks, where they stay while an article is read. */
#define CHUNK_BITS 10
#define CHUNK_RECORDS (1u << CHUNK_BITS)

struct chunk {
    void *memory;           /* owned */
    struct record *records; /* in it, each in one cache line */
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
    struct slot *slots; /* at most half of them in use */
    uint32_t mask;
    uint32_t count;     /* records */
    struct chunk *chunks;
    uint32_t chunk_count;
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
    return &v->chunks[number >> CHUNK_BITS]
                .records[number & (CHUNK_RECORDS - 1)];
}

static inline const char *record_text(const struct record *record)
{
    return record->size <= RECORD_BYTES ? record->spelling.bytes
                                        : record->spelling.text.whole;
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

/* The hash of what is longer than its record holds. */
uint64_t hash_rest(const struct hash_key *key, uint64_t hash,
                   const char *text, size_t size);

/* Bytes that part 0 keeps of a word of `size` bytes are mask[size + 8], those
 * of part 1 mask[size], of part 2 mask[size - 8]. */
extern const uint64_t spelling_masks[RECORD_BYTES + 9];

/* Makes the key of a word of which `room` bytes, at least `size`, may be
 * read. */
static inline void spelling_of(const struct vocabulary *v, const char *text,
                               size_t size, size_t room, struct spelling *s)
{
    uint64_t hash;

    s->text = text;
    s->size = (uint32_t) size;
    s->part[2] = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (room >= RECORD_BYTES) {
        size_t kept = size < RECORD_BYTES ? size : RECORD_BYTES;
        memcpy(s->part, text, 16);
        s->part[0] &= spelling_masks[kept + 8];
        s->part[1] &= spelling_masks[kept];
        if (size > 16) {
            memcpy(&s->part[2], text + 16, 8);
            s->part[2] &= spelling_masks[kept - 8];
        }
    } else
#endif
    {
        s->part[0] = s->part[1] = 0;
        memcpy(s->part, text, size < RECORD_BYTES ? size : RECORD_BYTES);
    }
    (void) room;
    hash = fold_product(s->part[0] ^ v->key.b, s->part[1] ^ v->key.a);
    if (size > 16) {
        hash = fold_product(hash ^ s->part[2], v->key.a);
        if (size > RECORD_BYTES)
            hash = hash_rest(&v->key, hash, text + RECORD_BYTES,
                             size - RECORD_BYTES);
    }
    s->hash = (uint32_t) (hash ^ hash >> 32);
}

static inline int record_is(const struct record *record,
                            const struct spelling *s, unsigned language)
{
    if (record->size != s->size || record->language != language
        || record->spelling.part[0] != s->part[0]
        || record->spelling.part[1] != s->part[1])
        return 0;
    if (s->size <= RECORD_BYTES)
        return record->spelling.part[2] == s->part[2];
    return memcmp(record->spelling.text.whole, s->text, s->size) == 0;
}

/* Adds a record that is not there.  Its number, or NONE: out of memory. */
uint32_t record_add(struct vocabulary *vocabulary, const struct spelling *s,
                    unsigned language);

/* The number of a spelling's record, which is made where there is none.  NONE:
 * out of memory. */
static inline uint32_t record_find(struct vocabulary *v,
                                   const struct spelling *s,
                                   unsigned language)
{
    uint32_t at = s->hash & v->mask;

    for (; v->slots[at].record != 0; at = (at + 1) & v->mask) {
        uint32_t number = v->slots[at].record - 1;
        if (v->slots[at].hash == s->hash
            && record_is(record_at(v, number), s, language))
            return number;
    }
    return record_add(v, s, language);
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

/* Works out form, stem and row of a written word.  0, or PRECIS_EINTERNAL. */
int record_learn(struct vocabulary *vocabulary,
                 const struct language *language, struct record *record);

#endif
