/* vocabulary.c - see vocabulary.h. */
#include <config.h>

#include "engine/vocabulary.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "engine/fold.h"
#include "engine/pages.h"
#include "engine/unicode.h"
#include "engine/wide.h"

/* What one article takes. */
#define ROOM_FIRST 1024
#define STEMS_FIRST 512
#define BUCKETS_FIRST 256

/* Bytes of a text for each record, where hardly a word comes twice: words of
 * nine bytes and their stems. */
#define RECORD_TEXT 6

_Static_assert(sizeof(void *) != 8 || sizeof(struct record) == CACHE_LINE,
               "a record is a cache line");
_Static_assert(STEMMER_WORD_MAX * FOLD_EXPANSION_MAX <= UINT16_MAX,
               "form_size has room for any fold");
_Static_assert(LETTERS_MAX <= RECORD_LETTERS, "flags have room for them");

#define FIRST_BYTES(n) ((UINT64_C(1) << 8 * (n)) - 1)
#define ALL UINT64_MAX

const uint64_t spelling_masks[25] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0,
    FIRST_BYTES(1), FIRST_BYTES(2), FIRST_BYTES(3), FIRST_BYTES(4),
    FIRST_BYTES(5), FIRST_BYTES(6), FIRST_BYTES(7),
    ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL,
};

static void key_init(struct hash_key *key)
{
    if (getrandom(key, sizeof *key, GRND_NONBLOCK) != (ssize_t) sizeof *key) {
        /* early at boot: weaker, but results do not depend on it */
        key->a = (uint64_t) (uintptr_t) key * 0x9E3779B97F4A7C15u;
        key->b = (uint64_t) time(NULL) * 0xD6E8FEB86659FD93u;
    }
    key->a |= 1;
}

/* The hash of what is longer than its record holds. */
static uint64_t hash_rest(const struct hash_key *key, uint64_t hash,
                          const char *text, size_t size)
{
    uint64_t block;

    hash ^= size;
    while (size > 8) {
        memcpy(&block, text, 8);
        hash = fold_product(hash ^ block, key->a);
        text += 8;
        size -= 8;
    }
    block = 0;
    memcpy(&block, text, size);
    return fold_product(hash ^ block, key->a);
}

void spelling_of(const struct vocabulary *v, const char *text, size_t size,
                 struct spelling *s)
{
    uint64_t hash;

    s->text = text;
    s->size = (uint32_t) size;
    memset(s->part, 0, sizeof s->part);
    memcpy(s->part, text, size < RECORD_BYTES ? size : RECORD_BYTES);
    hash = hash_parts(v->article_key, s->part[0], s->part[1]);
    if (size > RECORD_BYTES)
        hash = hash_rest(&v->key, hash, text + RECORD_BYTES,
                         size - RECORD_BYTES);
    s->hash = hash_end(hash);
}

struct vocabulary *vocabulary_new(void)
{
    struct vocabulary *v = calloc(1, sizeof *v);

    if (v == NULL)
        return NULL;
    v->count = v->stem_count = 1; /* the record of none */
    key_init(&v->key);
    arena_init(&v->texts);
    return v;
}

void vocabulary_free(struct vocabulary *v)
{
    if (v == NULL)
        return;
    for (size_t i = 0; i < LANGUAGES_MAX; i++)
        stemmer_free(v->stemmers[i]);
    free(v->record_memory);
    free(v->bucket_memory);
    free(v->stems);
    arena_clear(&v->texts);
    free(v);
}

/* ---- tables ---- */

/* How many are made room for behind so many.  Most of it may never be touched,
 * and what is not takes no memory; but each time that a table moves, its pages
 * are touched for the first time once more, which costs more than all else that
 * is done with them.  So a very long article has room for all it may want. */
static uint32_t room_above(const struct vocabulary *v, uint32_t room)
{
    if (room < ROOM_MAX)
        return room < ROOM_MAX / 16 ? room * 2 : ROOM_MAX;
    return room * 4 > v->expected ? room * 4 : v->expected;
}

/* Room for so many records, more or fewer, by realloc, which needs no second
 * place for many of them.  0, or -1: then there is the room that was. */
static int records_move(struct vocabulary *v, uint32_t room)
{
    size_t before = (size_t) ((char *) v->records
                              - (char *) v->record_memory);
    char *memory = realloc(v->record_memory,
                           room * sizeof *v->records + CACHE_LINE);

    if (memory == NULL)
        return -1;
    if (room > ROOM_MAX) /* which itself is kept, and seldom full */
        pages_large(memory, room * sizeof *v->records);
    v->record_memory = memory;
    v->records = line_in(memory);
    if ((char *) v->records != memory + before && v->room > 0)
        memmove(v->records, memory + before, v->count * sizeof *v->records);
    if (v->room == 0)
        memset(v->records, 0, sizeof *v->records); /* that of none */
    v->room = room;
    return 0;
}

/* Room for so many stems.  0, or -1. */
static int stems_move(struct vocabulary *v, uint32_t room)
{
    struct mark *stems = realloc(v->stems, room * sizeof *stems);

    if (stems == NULL)
        return -1;
    pages_large(stems, room * sizeof *stems);
    v->stems = stems;
    v->stem_room = room;
    return 0;
}

/* Room for more of what `move` makes room for, of which there is such a room
 * now.  0, or -1. */
static int room_grow(struct vocabulary *v, uint32_t room, uint32_t first,
                     int (*move)(struct vocabulary *v, uint32_t room))
{
    if (room == 0)
        return move(v, first);
    return move(v, room_above(v, room)) == 0 ? 0 : move(v, room * 2);
}

static int records_grow(struct vocabulary *v)
{
    return room_grow(v, v->room, ROOM_FIRST, records_move);
}

static int stems_grow(struct vocabulary *v)
{
    return room_grow(v, v->stem_room, STEMS_FIRST, stems_move);
}

void vocabulary_shrink(struct vocabulary *v)
{
    if (v->room > ROOM_MAX && records_move(v, ROOM_MAX) == 0)
        v->ready = ROOM_MAX; /* all of them were in use */
    if (v->stem_room > ROOM_MAX)
        stems_move(v, ROOM_MAX);
}

/* The number of a record as a stem.  0: out of memory. */
static uint32_t stem_number(struct vocabulary *v, struct record *record)
{
    if (record->stem != 0)
        return record->stem;
    if (v->stem_count == v->stem_room && stems_grow(v) != 0)
        return 0;
    v->stems[v->stem_count] = (struct mark){ v->epoch - 1, 0 };
    return record->stem = v->stem_count++;
}

/* Records whose pages are made at once, where there are many: 256 KiB. */
#define RECORDS_READY 4096

/* Makes some records ready to be written.  0, or -1. */
static int records_ready(struct vocabulary *v)
{
    uint32_t more;

    if (v->count == v->room && records_grow(v) != 0)
        return -1;
    more = v->room - v->count;
    if (v->room >= ROOM_MAX) {
        more = more < RECORDS_READY ? more : RECORDS_READY;
        pages_fill(record_at(v, v->count), more * sizeof *v->records);
    }
    v->ready = v->count + more;
    return 0;
}

/* Makes room for one more.  0, or -1.  Half of the slots are used, so that
 * nearly every word is in its own bucket, but where that would take many
 * megabytes. */
static int room_make(struct vocabulary *v)
{
    uint64_t slots = ((uint64_t) v->mask + 1) * BUCKET_SLOTS;
    uint64_t used = slots <= 4 * ROOM_MAX ? slots / 2 : slots - slots / 4;

    if (v->count + 1 > used && buckets_double(v) != 0)
        return -1;
    return v->count < v->ready ? 0 : records_ready(v);
}

/* A copy of what does not fit in a record.  NULL: out of memory. */
static const char *text_keep(struct vocabulary *v, const char *text,
                             size_t size)
{
    char *copy = arena_take(&v->texts, size);

    if (copy == NULL)
        return NULL;
    v->text_size += size;
    return memcpy(copy, text, size);
}

static uint8_t opening(const char *text, size_t size)
{
    size_t at = 0;
    unsigned class;
    uint32_t first;

    utf8_next(text, size, &at, &first);
    class = unicode_class(first);
    return (uint8_t) ((class & CLASS_UPPER ? RECORD_CAPITAL : 0)
                      | (class & CLASS_DIGIT ? RECORD_DIGIT : 0));
}

static uint32_t record_add(struct vocabulary *v, const struct spelling *s,
                           unsigned language)
{
    struct record *record;
    const char *copy = NULL;

    if (room_make(v) != 0)
        return NONE;
    if (s->size > RECORD_BYTES) {
        copy = text_keep(v, s->text, s->size);
        if (copy == NULL)
            return NONE;
    }
    record = record_at(v, v->count);
    memset(record, 0, sizeof *record);
    memcpy(record->spelling.part, s->part, sizeof s->part);
    if (copy != NULL) {
        record->spelling.part[1] = SPELLING_LONG;
        record->spelling.whole = copy;
    }
    record->size = s->size;
    record->language = (uint8_t) language;
    record->surface.epoch = record->form.epoch = v->epoch - 1;
    bucket_put(v, s->hash, v->count);
    return v->count++;
}

static int record_is(const struct record *record, const struct spelling *s)
{
    if (record->size != s->size)
        return 0;
    return s->size <= RECORD_BYTES
               ? memcmp(record->spelling.part, s->part, sizeof s->part) == 0
               : memcmp(record->spelling.whole, s->text, s->size) == 0;
}

uint32_t record_find(struct vocabulary *v, const struct spelling *s,
                     unsigned language)
{
    for (uint32_t at = s->hash & v->mask;; at = (at + 1) & v->mask) {
        const struct bucket *bucket = &v->buckets[at];
        for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
            const struct record *record = record_at(v, bucket->records[i]);
            if (bucket->records[i] == 0)
                return record_add(v, s, language);
            if (bucket->hashes[i] == s->hash
                && record->language == language && record_is(record, s))
                return bucket->records[i];
        }
    }
}

/* ---- many words at once ---- */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SHORT_MAX 16
#else
#define SHORT_MAX 0 /* all by record_find() */
#endif

/* Spelling and hash of a word; is it short? */
static inline int word_read(struct hash_key key, struct sought *words,
                            size_t i, const char *text, size_t size)
{
    uint64_t first, second;

    if (size > SHORT_MAX)
        return 0;
    memcpy(&first, text, 8);
    memcpy(&second, text + 8, 8);
    first &= spelling_masks[size + 8];
    second &= spelling_masks[size];
    words->spelling[i][0] = first;
    words->spelling[i][1] = second;
    words->hash[i] = hash_end(hash_parts(key, first, second));
    return 1;
}

/* What is like no record, nor that of none. */
static inline void word_leave(struct sought *words, size_t i)
{
    words->spelling[i][0] = 1;
    words->spelling[i][1] = 0;
    words->hash[i] = 0;
}

void sought_find_narrow(const struct vocabulary *v, struct sought *words,
                        const char *text, size_t limit, const uint32_t *edges,
                        size_t count)
{
    const struct bucket *buckets = v->buckets;
    const struct record *records = v->records;
    const struct hash_key key = v->article_key;
    uint32_t mask = v->mask;
    size_t safe = count; /* 16 bytes may be read of as many */

    for (; safe > 0 && limit - edges[2 * safe - 2] < 16; safe--)
        word_leave(words, safe - 1);
    for (size_t i = 0; i < safe; i++) {
        size_t at = edges[2 * i], size = edges[2 * i + 1] - at;
        if (!word_read(key, words, i, text + at, size))
            word_leave(words, i);
        __builtin_prefetch(&buckets[words->hash[i] & mask]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t hash = words->hash[i];
        words->number[i] = bucket_find(&buckets[hash & mask], hash);
        __builtin_prefetch(&records[words->number[i]]);
    }
}

void sought_find(const struct vocabulary *v, struct sought *words,
                 const char *text, size_t limit, const uint32_t *edges,
                 size_t count)
{
#if WIDE
    if (wide_is_there()) {
        sought_find_wide(v, words, text, edges, count);
        return;
    }
#endif
    sought_find_narrow(v, words, text, limit, edges, count);
}

/* ---- from article to article ---- */

int vocabulary_begin(struct vocabulary *v, const struct language *language,
                     size_t size)
{
    size_t number = (size_t) (language - language_table);

    if (language->stemmer != NULL && v->stemmers[number] == NULL) {
        v->stemmers[number] = stemmer_new(language);
        if (v->stemmers[number] == NULL)
            return PRECIS_EINTERNAL;
    }
    if (v->epoch == UINT32_MAX) {
        v->epoch = 0;
        vocabulary_forget_all(v);
    }
    v->epoch++;
    v->expected = (uint32_t) (size / RECORD_TEXT);
    if (v->count > RECORDS_MAX || v->text_size > TEXTS_MAX)
        vocabulary_forget_old(v);
    if (v->buckets == NULL) { /* nothing is remembered */
        arena_reset(&v->texts);
        v->text_size = 0;
        if (buckets_make(v, BUCKETS_FIRST) != 0)
            return PRECIS_EINTERNAL;
    }
    if ((v->room == 0 && records_grow(v) != 0)
        || (v->stem_room == 0 && stems_grow(v) != 0))
        return PRECIS_EINTERNAL;
    v->article_key.a = v->key.a;
    v->article_key.b = v->key.b ^ (number + 1) * 0x9E3779B97F4A7C15u;
    v->stems[0] = (struct mark){ v->epoch, NONE }; /* of function words */
    return 0;
}

void vocabulary_end(struct vocabulary *v)
{
    if (v->count > 2 * ROOM_MAX)
        vocabulary_forget_all(v);
}

/* ---- what a word is ---- */

static uint32_t record_of(struct vocabulary *v, const char *text, size_t size,
                          unsigned language)
{
    struct spelling s;

    spelling_of(v, text, size, &s);
    return record_find(v, &s, language);
}

/* Finds out what the stem of a word in small letters is.  It is asked for in
 * learning_end(), its bucket being fetched meanwhile, or at once where it is
 * long.  0, or PRECIS_EINTERNAL. */
static int stem_begin(struct vocabulary *v, struct learning *l,
                      const char *fold, size_t size)
{
    struct stemmer *stemmer = v->stemmers[l->language];
    const char *stem;
    size_t stem_size = 0;

    if (stemmer == NULL || size > STEMMER_WORD_MAX)
        return 0;
    stem = stemmer_stem(stemmer, fold, size, &stem_size);
    if (stem == NULL)
        return PRECIS_EINTERNAL;
    if (stem_size == 0
        || (stem_size == size && memcmp(stem, fold, size) == 0))
        return 0;
    spelling_of(v, stem, stem_size, &l->stem);
    if (stem_size > RECORD_BYTES) {
        l->root = record_find(v, &l->stem, l->language);
        l->stem.size = 0;
        return l->root == NONE ? PRECIS_EINTERNAL : 0;
    }
    __builtin_prefetch(&v->buckets[l->stem.hash & v->mask]);
    return 0;
}

/* Fetches the record of the last one's stem, whose bucket has come by now. */
static void learning_fetch(const struct vocabulary *v,
                           const struct learning *l)
{
    uint32_t hash = l->stem.hash;

    if (l->number != 0 && l->stem.size > 0)
        __builtin_prefetch(
            record_at(v, bucket_find(&v->buckets[hash & v->mask], hash)));
}

int learning_end(struct vocabulary *v, struct learning *l)
{
    uint32_t root = l->root;
    struct record *record;

    if (l->number == 0)
        return 0;
    if (l->stem.size > 0)
        root = record_find(v, &l->stem, l->language);
    if (root == NONE)
        return PRECIS_EINTERNAL;
    if (root != 0) {
        root = stem_number(v, record_at(v, root));
        if (root == 0)
            return PRECIS_EINTERNAL;
    }
    record = record_at(v, l->number);
    record->root = root;
    record->flags |= RECORD_KNOWN;
    return 0;
}

/* Says in the record of a word what its form is like, whose text is given.
 * 0, or PRECIS_EINTERNAL. */
static int form_describe(struct vocabulary *v, uint32_t number,
                         const char *text, size_t size)
{
    size_t letters = utf8_count(text, size);
    const char *copy = NULL;
    struct record *record = record_at(v, number);

    if (record->fold != number) {
        copy = text_keep(v, text, size);
        if (copy == NULL)
            return PRECIS_EINTERNAL;
        record->form_size = (uint16_t) size;
    }
    record->form_text = copy;
    record->flags |= (uint8_t) (letters > LETTERS_MAX ? LETTERS_MAX : letters);
    record->flags |= opening(text, size) & RECORD_DIGIT;
    return 0;
}

static int is_stopword(const struct language *language, const char *word,
                       size_t size, uint32_t hash)
{
    return lexicon_find(language, word, size, hash) >> LIST_STOPWORDS & 1;
}

int record_learn(struct vocabulary *v, const struct language *language,
                 uint32_t number, const char *word, struct learning *before)
{
    char fold[STEMMER_WORD_MAX * FOLD_EXPANSION_MAX];
    struct learning l = { .number = number, .root = number };
    size_t size = record_at(v, number)->size, folded = 0;
    uint8_t capital = opening(word, size) & RECORD_CAPITAL;
    uint32_t form = number, row = NONE;
    struct record *record;
    int code;

    l.language = (unsigned) (language - language_table);
    if (size <= STEMMER_WORD_MAX)
        folded = fold_word(language, word, size, fold, sizeof fold);
    if (folded > 0) { /* else as it stands: no real word, or a sign that
                         folding drops */
        uint32_t hash = lexicon_hash_word(fold, folded);
        if (folded != size || memcmp(word, fold, size) != 0)
            form = l.root = record_of(v, fold, folded, l.language);
        if (form == NONE)
            return PRECIS_EINTERNAL;
        word = fold;
        size = folded;
        row = language_row(language, fold, size, hash);
        learning_fetch(v, before);
        if (is_stopword(language, fold, size, hash))
            l.root = 0;
        else if (stem_begin(v, &l, fold, size) != 0)
            return PRECIS_EINTERNAL;
    }
    record = record_at(v, number);
    record->fold = form;
    record->root = 0;
    record->row = row;
    record->flags = capital; /* known in learning_end() */
    code = form_describe(v, number, word, size);
    if (code == 0)
        code = learning_end(v, before);
    *before = l;
    return code;
}
