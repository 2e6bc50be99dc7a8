/* vocabulary.c - see vocabulary.h. */
#include <config.h>

#include "engine/vocabulary.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "engine/fold.h"
#include "engine/unicode.h"

/* Records that are kept from article to article: 4 MiB, the words of some
 * thousand articles.  Within one their number is bounded by its size. */
#define RECORDS_MAX 65536

/* Bytes kept of the spellings that are longer than RECORD_BYTES. */
#define TEXTS_MAX (1u << 20)

/* What one article takes. */
#define SLOTS_FIRST 2048

#define CACHE_LINE 64

_Static_assert(sizeof(void *) != 8 || sizeof(struct record) == CACHE_LINE,
               "a record is a cache line");

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FIRST_BYTES(n) (((UINT64_C(1) << 8 * (n)) - 1))
#else
#define FIRST_BYTES(n) (~(~UINT64_C(0) >> 8 * (n)))
#endif
#define ALL UINT64_MAX

const uint64_t spelling_masks[RECORD_BYTES + 9] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0,
    FIRST_BYTES(1), FIRST_BYTES(2), FIRST_BYTES(3), FIRST_BYTES(4),
    FIRST_BYTES(5), FIRST_BYTES(6), FIRST_BYTES(7),
    ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL,
    ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL,
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

uint64_t hash_rest(const struct hash_key *key, uint64_t hash,
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

struct vocabulary *vocabulary_new(void)
{
    struct vocabulary *v = calloc(1, sizeof *v);

    if (v == NULL)
        return NULL;
    key_init(&v->key);
    arena_init(&v->texts);
    return v;
}

static void chunks_free(struct vocabulary *v, uint32_t kept)
{
    while (v->chunk_count > kept)
        free(v->chunks[--v->chunk_count].memory);
}

void vocabulary_free(struct vocabulary *v)
{
    if (v == NULL)
        return;
    for (size_t i = 0; i < LANGUAGES_MAX; i++)
        stemmer_free(v->stemmers[i]);
    chunks_free(v, 0);
    free(v->chunks);
    free(v->slots);
    arena_clear(&v->texts);
    free(v);
}

/* ---- tables ---- */

static void slot_put(struct vocabulary *v, uint32_t hash, uint32_t number)
{
    uint32_t at = hash & v->mask;

    while (v->slots[at].record != 0)
        at = (at + 1) & v->mask;
    v->slots[at] = (struct slot){ hash, number + 1 };
}

/* A table of so many slots for the records there are.  0, or -1: then there is
 * the one that was. */
static int slots_make(struct vocabulary *v, uint32_t count)
{
    struct slot *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return -1;
    free(v->slots);
    v->slots = slots;
    v->mask = count - 1;
    for (uint32_t i = 0; i < v->count; i++)
        slot_put(v, record_at(v, i)->hash, i);
    return 0;
}

static int chunk_add(struct vocabulary *v)
{
    struct chunk *chunks =
        realloc(v->chunks, (v->chunk_count + 1) * sizeof *chunks);
    struct chunk *chunk;
    uintptr_t at;

    if (chunks == NULL)
        return -1;
    v->chunks = chunks;
    chunk = &chunks[v->chunk_count];
    chunk->memory = malloc(CHUNK_RECORDS * sizeof(struct record) + CACHE_LINE);
    if (chunk->memory == NULL)
        return -1;
    at = (uintptr_t) chunk->memory;
    chunk->records = (void *) ((char *) chunk->memory
                               + (CACHE_LINE - at % CACHE_LINE));
    v->chunk_count++;
    return 0;
}

static void describe(struct record *record, const char *text, size_t size)
{
    size_t letters = utf8_count(text, size), at = 0;
    uint32_t first;

    utf8_next(text, size, &at, &first);
    record->letters =
        (uint8_t) (letters > LETTERS_MAX ? LETTERS_MAX : letters);
    record->opening =
        (uint8_t) (unicode_class(first) & (CLASS_UPPER | CLASS_DIGIT));
}

uint32_t record_add(struct vocabulary *v, const struct spelling *s,
                    unsigned language)
{
    uint32_t number = v->count;
    struct record *record;

    if ((number + 1 > v->mask / 2 && slots_make(v, (v->mask + 1) * 2) != 0)
        || (number == v->chunk_count * CHUNK_RECORDS && chunk_add(v) != 0))
        return NONE;
    record = record_at(v, number);
    memset(record, 0, sizeof *record);
    memcpy(record->spelling.part, s->part, sizeof s->part);
    if (s->size > RECORD_BYTES) {
        char *copy = arena_take(&v->texts, s->size);
        if (copy == NULL)
            return NONE;
        memcpy(copy, s->text, s->size);
        record->spelling.text.whole = copy;
        v->text_size += s->size;
    }
    record->hash = s->hash;
    record->size = s->size;
    record->language = (uint8_t) language;
    describe(record, s->text, s->size);
    record->epoch = v->epoch - 1;
    record_touch(v, record);
    slot_put(v, s->hash, number);
    v->count++;
    return number;
}

/* ---- from article to article ---- */

static void forget_all(struct vocabulary *v)
{
    v->count = 0;
    v->text_size = 0;
    v->cleaned = v->epoch;
    arena_reset(&v->texts);
    chunks_free(v, v->chunk_count > 0);
}

/* Numbers the records of articles since `epoch` anew, in `surface`.  Returns
 * how many. */
static uint32_t number_kept(struct vocabulary *v, uint32_t epoch,
                            size_t *text_size)
{
    uint32_t kept = 0;

    *text_size = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        struct record *record = record_at(v, i);
        if (record->epoch < epoch)
            continue;
        record->surface = kept++;
        if (record->size > RECORD_BYTES)
            *text_size += record->size;
    }
    return kept;
}

/* Moves the texts of those records to an arena of their own. */
static int keep_texts(struct vocabulary *v, uint32_t epoch)
{
    struct arena texts;

    arena_init(&texts);
    for (uint32_t i = 0; i < v->count; i++) {
        struct record *record = record_at(v, i);
        char *copy;
        if (record->epoch < epoch || record->size <= RECORD_BYTES)
            continue;
        copy = arena_take(&texts, record->size);
        if (copy == NULL) {
            arena_clear(&texts);
            return -1;
        }
        memcpy(copy, record->spelling.text.whole, record->size);
        record->spelling.text.whole = copy;
    }
    arena_clear(&v->texts);
    v->texts = texts;
    return 0;
}

/* Makes one record's references those to the new numbers; a word whose form
 * or stem is forgotten is to be learnt anew. */
static void renumber(const struct vocabulary *v, struct record *record,
                     uint32_t epoch)
{
    const struct record *fold = record_at(v, record->fold);
    const struct record *root =
        record->root == NONE ? fold : record_at(v, record->root);

    record->known = fold->epoch >= epoch && root->epoch >= epoch;
    record->fold = fold->surface;
    if (record->root != NONE)
        record->root = root->surface;
}

/* Forgets the words that the last quarter of the articles since the last time
 * did without; all of them where that leaves too many. */
static void forget_old(struct vocabulary *v)
{
    uint32_t epoch = v->epoch - (v->epoch - v->cleaned) / 4 - 1;
    size_t text_size;
    uint32_t kept = number_kept(v, epoch, &text_size);

    if (kept > RECORDS_MAX / 2 || text_size > TEXTS_MAX / 2
        || keep_texts(v, epoch) != 0) {
        forget_all(v);
        return;
    }
    for (uint32_t i = 0; i < v->count; i++) {
        struct record *record = record_at(v, i);
        if (record->epoch >= epoch && record->known)
            renumber(v, record, epoch);
    }
    for (uint32_t i = 0; i < v->count; i++) {
        struct record *record = record_at(v, i);
        if (record->epoch >= epoch)
            *record_at(v, record->surface) = *record;
    }
    v->count = kept;
    v->text_size = text_size;
    v->cleaned = v->epoch;
    chunks_free(v, kept / CHUNK_RECORDS + 1);
}

int vocabulary_begin(struct vocabulary *v, const struct language *language)
{
    size_t number = (size_t) (language - language_table);
    int is_full = v->count > RECORDS_MAX || v->text_size > TEXTS_MAX;

    if (language->stemmer != NULL && v->stemmers[number] == NULL) {
        v->stemmers[number] = stemmer_new(language);
        if (v->stemmers[number] == NULL)
            return PRECIS_EINTERNAL;
    }
    if (v->epoch == UINT32_MAX) {
        v->epoch = 0;
        forget_all(v);
        is_full = 1;
    }
    v->epoch++;
    if (is_full) {
        uint32_t count = SLOTS_FIRST;
        forget_old(v);
        while (count < v->count * 4)
            count *= 2;
        if (slots_make(v, count) != 0) {
            v->count = 0; /* nothing is found in the old table any more */
            memset(v->slots, 0, (v->mask + (size_t) 1) * sizeof *v->slots);
        }
    }
    return v->slots == NULL && slots_make(v, SLOTS_FIRST) != 0
               ? PRECIS_EINTERNAL
               : 0;
}

/* ---- what a word is ---- */

static uint32_t record_of(struct vocabulary *v, const char *text, size_t size,
                          unsigned language)
{
    struct spelling s;

    spelling_of(v, text, size, size, &s);
    return record_find(v, &s, language);
}

/* The record of the stem of a word in small letters, whose own is `form`.
 * NONE: out of memory. */
static uint32_t root_of(struct vocabulary *v, const char *fold, size_t size,
                        uint32_t form, unsigned language)
{
    struct stemmer *stemmer = v->stemmers[language];
    const char *stem;
    size_t stem_size;

    if (stemmer == NULL || size > STEMMER_WORD_MAX)
        return form;
    stem = stemmer_stem(stemmer, fold, size, &stem_size);
    if (stem == NULL)
        return NONE;
    return stem_size == 0 ? form : record_of(v, stem, stem_size, language);
}

int record_learn(struct vocabulary *v, const struct language *language,
                 struct record *record)
{
    char fold[STEMMER_WORD_MAX * FOLD_EXPANSION_MAX];
    unsigned number = record->language;
    const char *text = record_text(record);
    size_t size = record->size, folded = 0;

    if (size <= STEMMER_WORD_MAX)
        folded = fold_word(language, text, size, fold, sizeof fold);
    if (folded > 0) {
        text = fold;
        size = folded;
    } /* else as it stands: no real word, or a sign that folding drops */
    record->fold = record_of(v, text, size, number);
    if (record->fold == NONE)
        return PRECIS_EINTERNAL;
    record->row = folded > 0 ? language_row(language, fold, size) : NONE;
    if (folded == 0)
        record->root = record->fold;
    else if (language_has(language, LIST_STOPWORDS, fold, size))
        record->root = NONE;
    else {
        record->root = root_of(v, fold, size, record->fold, number);
        if (record->root == NONE)
            return PRECIS_EINTERNAL;
    }
    record->known = 1;
    return 0;
}
