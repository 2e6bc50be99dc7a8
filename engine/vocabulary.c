/* vocabulary.c - see vocabulary.h. */
#include <config.h>

#include "engine/vocabulary.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "engine/fold.h"
#include "engine/unicode.h"

/* Records that are kept from article to article: the words of some thousand.
 * With those of an ordinary article they are 4 MiB.  Within one article their
 * number is bounded by its size. */
#define RECORDS_MAX (ROOM_MAX - 4096)
#define ROOM_MAX 65536

/* Bytes kept of the spellings that are longer than RECORD_BYTES. */
#define TEXTS_MAX (1u << 20)

/* What one article takes. */
#define ROOM_FIRST 1024
#define SLOTS_FIRST 2048

#define CACHE_LINE 64

_Static_assert(sizeof(void *) != 8 || sizeof(struct record) == CACHE_LINE,
               "a record is a cache line");

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
    hash = hash_parts(v, s->part[0], s->part[1]);
    if (size > 16)
        hash = fold_product(hash ^ s->part[2], v->key.a);
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
    free(v->memory);
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

/* A table of so many slots for what is in the one there is.  0, or -1: then
 * that is as it was. */
static int slots_make(struct vocabulary *v, uint32_t count)
{
    struct slot *old = v->slots;
    uint32_t old_count = old == NULL ? 0 : v->mask + 1;
    struct slot *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return -1;
    v->slots = slots;
    v->mask = count - 1;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].record != 0)
            slot_put(v, old[i].hash, old[i].record - 1);
    free(old);
    return 0;
}

/* Room for so many records, by realloc, which needs no second place for many
 * of them.  0, or -1: then there is the room that was. */
static int records_move(struct vocabulary *v, uint32_t room)
{
    size_t before = (size_t) ((char *) v->records - (char *) v->memory), behind;
    char *memory =
        realloc(v->memory, room * sizeof *v->records + CACHE_LINE);

    if (memory == NULL)
        return -1;
    behind = CACHE_LINE - (uintptr_t) memory % CACHE_LINE;
    if (behind != before && v->count > 0)
        memmove(memory + behind, memory + before,
                v->count * sizeof *v->records);
    v->memory = memory;
    v->records = (void *) (memory + behind);
    v->room = room;
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

/* Makes room for one more.  0, or -1.  Few slots are used, so that they are
 * found at once, but where that would take many megabytes. */
static int room_make(struct vocabulary *v)
{
    uint32_t used = v->mask < 4 * ROOM_MAX ? v->mask / 2
                                           : v->mask - v->mask / 4;

    if (v->count + 1 > used && slots_make(v, (v->mask + 1) * 2) != 0)
        return -1;
    return v->count < v->room ? 0 : records_move(v, v->room * 2);
}

static uint32_t record_add(struct vocabulary *v, const struct spelling *s,
                           unsigned language)
{
    struct record *record;
    const char *copy = NULL;

    if (room_make(v) != 0)
        return NONE;
    if (s->size > RECORD_BYTES) {
        char *text = arena_take(&v->texts, s->size);
        if (text == NULL)
            return NONE;
        copy = memcpy(text, s->text, s->size);
        v->text_size += s->size;
    }
    record = record_at(v, v->count);
    memset(record, 0, sizeof *record);
    memcpy(record->spelling.part, s->part, sizeof s->part);
    if (copy != NULL)
        record->spelling.text.whole = copy;
    record->size = s->size;
    record->kind = kind_of(s->size, language);
    describe(record, s->text, s->size);
    record->epoch = v->epoch - 1;
    record_touch(v, record);
    slot_put(v, s->hash, v->count);
    return v->count++;
}

static int record_is(const struct record *record, const struct spelling *s)
{
    if (record->size != s->size)
        return 0;
    return s->size <= RECORD_BYTES
               ? memcmp(record->spelling.part, s->part, sizeof s->part) == 0
               : memcmp(record->spelling.text.whole, s->text, s->size) == 0;
}

uint32_t record_find(struct vocabulary *v, const struct spelling *s,
                     unsigned language)
{
    uint32_t kind = kind_of(s->size, language), at = s->hash & v->mask;

    for (; v->slots[at].record != 0; at = (at + 1) & v->mask) {
        uint32_t number = v->slots[at].record - 1;
        const struct record *record = record_at(v, number);
        if (v->slots[at].hash == s->hash && record->kind == kind
            && record_is(record, s))
            return number;
    }
    return record_add(v, s, language);
}

/* ---- from article to article ---- */

static void forget_all(struct vocabulary *v)
{
    v->count = 0;
    v->text_size = 0;
    v->cleaned = v->epoch;
    arena_reset(&v->texts);
    free(v->slots);
    v->slots = NULL;
    if (v->room > ROOM_MAX) {
        free(v->memory);
        v->memory = NULL;
        v->records = NULL;
        v->room = 0;
    }
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

/* Slots for the records that are kept, by their new numbers.  0, or -1. */
static int keep_slots(struct vocabulary *v, uint32_t epoch)
{
    struct slot *old = v->slots;
    uint32_t count = v->mask + 1;

    v->slots = NULL;
    if (slots_make(v, count) != 0) {
        v->slots = old;
        return -1;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct record *record;
        if (old[i].record == 0)
            continue;
        record = record_at(v, old[i].record - 1);
        if (record->epoch >= epoch)
            slot_put(v, old[i].hash, record->surface);
    }
    free(old);
    return 0;
}

/* Forgets the words that the last quarter of the articles since the last time
 * did without; all of them where that leaves too many. */
static void forget_old(struct vocabulary *v)
{
    uint32_t epoch = v->epoch - (v->epoch - v->cleaned) / 4 - 1;
    size_t text_size;
    uint32_t kept = number_kept(v, epoch, &text_size);

    if (kept > RECORDS_MAX / 2 || text_size > TEXTS_MAX / 2
        || keep_texts(v, epoch) != 0 || keep_slots(v, epoch) != 0) {
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
}

int vocabulary_begin(struct vocabulary *v, const struct language *language)
{
    size_t number = (size_t) (language - language_table);

    if (language->stemmer != NULL && v->stemmers[number] == NULL) {
        v->stemmers[number] = stemmer_new(language);
        if (v->stemmers[number] == NULL)
            return PRECIS_EINTERNAL;
    }
    if (v->epoch == UINT32_MAX) {
        v->epoch = 0;
        forget_all(v);
    }
    v->epoch++;
    if (v->count > RECORDS_MAX || v->text_size > TEXTS_MAX)
        forget_old(v);
    if ((v->slots == NULL && slots_make(v, SLOTS_FIRST) != 0)
        || (v->room == 0 && records_move(v, ROOM_FIRST) != 0))
        return PRECIS_EINTERNAL;
    return 0;
}

void vocabulary_end(struct vocabulary *v)
{
    if (v->count > 2 * ROOM_MAX)
        forget_all(v);
}

/* ---- what a word is ---- */

static uint32_t record_of(struct vocabulary *v, const char *text, size_t size,
                          unsigned language)
{
    struct spelling s;

    spelling_of(v, text, size, &s);
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
                 uint32_t number, const char *word)
{
    char fold[STEMMER_WORD_MAX * FOLD_EXPANSION_MAX];
    unsigned code = (unsigned) (language - language_table);
    size_t size = record_at(v, number)->size, folded = 0;
    uint32_t form, root = NONE;
    struct record *record;

    if (size <= STEMMER_WORD_MAX)
        folded = fold_word(language, word, size, fold, sizeof fold);
    if (folded > 0) {
        word = fold;
        size = folded;
    } /* else as it stands: no real word, or a sign that folding drops */
    form = record_of(v, word, size, code);
    if (form == NONE)
        return PRECIS_EINTERNAL;
    if (folded == 0)
        root = form;
    else if (!language_has(language, LIST_STOPWORDS, fold, size)) {
        root = root_of(v, fold, size, form, code);
        if (root == NONE)
            return PRECIS_EINTERNAL;
    }
    record = record_at(v, number);
    record->fold = form;
    record->root = root;
    record->row = folded > 0 ? language_row(language, fold, size) : NONE;
    record->known = 1;
    return 0;
}
