/* words.c - stage 3: words to stems.
 *
 * A word is a run of letters, marks and digits; an apostrophe or a hyphen
 * ends it, so elision ("l'", "qu'") needs no rule: what is left of it stands
 * in the stop list.  Soft hyphens, joiners and what else shows nothing stay
 * inside a word, but are not compared (fold.h).
 *
 * Each word costs one look-up in a table of the article's own surface forms.
 * Only a form met for the first time in an article goes further: to the
 * vocabulary, which remembers fold, stem and stop flag from article to
 * article, and past it, rarely, to the stemmer.
 *
 * The hash is keyed from getrandom(2), so that nobody can send an article of
 * colliding words; ids are given in the order of the text, so the key changes
 * no result.
 */
#include <config.h>

#include "engine/document.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "engine/fold.h"
#include "engine/unicode.h"
#include "stemmers/stemmer.h"

/* ---- hash: multiply and fold, as in wyhash (Wang Yi, 2019) ---- */

struct hash_key {
    uint64_t a, b;
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

/* Both halves of the product of 128 bits. */
static uint64_t fold_product(uint64_t a, uint64_t b)
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

static uint32_t hash_bytes(const struct hash_key *key, const char *data,
                           size_t size)
{
    uint64_t h = key->b ^ size, block;

    while (size > 8) {
        memcpy(&block, data, 8);
        h = fold_product(h ^ block, key->a);
        data += 8;
        size -= 8;
    }
    block = 0;
    memcpy(&block, data, size);
    h = fold_product(h ^ block, key->a);
    return (uint32_t) (h ^ h >> 32);
}

/* ---- the vocabulary ---- */

/* 64 bytes: a cache line.  Most words of a language fit. */
#define ENTRY_BYTES 52
#define ENTRY_STOP 1
#define ENTRY_USED 2
#define ENTRY_OPENS 4 /* the word begins with its stem, which is not kept */
#define ENTRIES 8192 /* 512 KiB: the forms of some thousand articles */
#define WAYS 2       /* places where a word may be */

struct entry {
    uint32_t hash;
    uint8_t word_size, stem_size, flags, language;
    uint32_t row; /* in the trained word table, or NONE */
    char bytes[ENTRY_BYTES]; /* the word, then its stem if need be */
};

#define LANGUAGES_MAX 64

struct vocabulary {
    struct hash_key key;
    struct entry entries[ENTRIES];
    struct stemmer *stemmers[LANGUAGES_MAX]; /* made when first wanted */
};

struct vocabulary *vocabulary_new(void)
{
    struct vocabulary *v = calloc(1, sizeof *v);

    if (v != NULL)
        key_init(&v->key);
    return v;
}

void vocabulary_free(struct vocabulary *v)
{
    if (v == NULL)
        return;
    for (size_t i = 0; i < LANGUAGES_MAX; i++)
        stemmer_free(v->stemmers[i]);
    free(v);
}

/* ---- reading ---- */

/* An open-addressing table of ids, at most half full. */
struct table {
    uint32_t *slots; /* id + 1, 0 is free */
    size_t mask;
    size_t used;
};

struct reader {
    struct vocabulary *vocabulary;
    struct document *document;
    unsigned language; /* number in language_table */
    struct stemmer *stemmer;
    struct table surfaces, forms, stems;
    size_t surface_room, form_room, stem_room, token_room;
    /* of each stem: its bytes, for comparing */
    struct stem_text {
        const char *text;
        uint32_t size, hash;
    } *stem_texts;
};

#define TABLE_FIRST 1024

/* Makes it an empty table of so many slots, more than it had if any. */
static int table_init(struct table *table, struct arena *arena, size_t slots)
{
    size_t old = table->slots == NULL ? 0 : table->mask + 1;
    uint32_t *bigger = arena_grow(arena, table->slots,
                                  old * sizeof *bigger,
                                  slots * sizeof *bigger);

    if (bigger == NULL)
        return PRECIS_EINTERNAL;
    memset(bigger, 0, slots * sizeof *bigger);
    table->slots = bigger;
    table->mask = slots - 1;
    table->used = 0;
    return 0;
}

static void table_put(struct table *table, uint32_t hash, uint32_t id)
{
    size_t slot = hash & table->mask;

    while (table->slots[slot] != 0)
        slot = (slot + 1) & table->mask;
    table->slots[slot] = id + 1;
    table->used++;
}

/* Grows an array in the arena to twice its room.  What is new is not zeroed:
 * memory that is never used is never touched. */
static void *grow(struct arena *arena, void *old, size_t *room, size_t first,
                  size_t item)
{
    size_t wanted = *room == 0 ? first : *room * 2;
    void *bigger = arena_grow(arena, old, *room * item, wanted * item);

    if (bigger != NULL)
        *room = wanted;
    return bigger;
}

/* Makes room for one more stem.  0, or PRECIS_EINTERNAL. */
static int stem_room(struct reader *r)
{
    struct document *d = r->document;
    size_t room = r->stem_room;
    void *bigger = grow(d->arena, d->stems, &room, 512, sizeof *d->stems);

    if (bigger == NULL)
        return PRECIS_EINTERNAL;
    d->stems = bigger;
    room = r->stem_room;
    bigger = grow(d->arena, r->stem_texts, &room, 512, sizeof *r->stem_texts);
    if (bigger == NULL)
        return PRECIS_EINTERNAL;
    r->stem_texts = bigger;
    r->stem_room = room;
    return 0;
}

/* The stem's id; NONE when out of memory.  The text is copied, unless it
 * stays as long as the document. */
static uint32_t stem_id(struct reader *r, const char *text, size_t size,
                        int stays)
{
    struct document *d = r->document;
    uint32_t hash = hash_bytes(&r->vocabulary->key, text, size), id;
    size_t slot = hash & r->stems.mask;

    for (; (id = r->stems.slots[slot]) != 0;
         slot = (slot + 1) & r->stems.mask) {
        const struct stem_text *known = &r->stem_texts[--id];
        if (known->hash == hash && known->size == size
            && memcmp(known->text, text, size) == 0)
            return id;
    }
    if (d->stem_count == r->stem_room && stem_room(r) != 0)
        return NONE;
    if (r->stems.used * 2 > r->stems.mask) {
        if (table_init(&r->stems, d->arena, (r->stems.mask + 1) * 2) != 0)
            return NONE;
        for (size_t i = 0; i < d->stem_count; i++)
            table_put(&r->stems, r->stem_texts[i].hash, (uint32_t) i);
    }
    if (!stays) {
        char *copy = arena_take(d->arena, size);
        if (copy == NULL)
            return NONE;
        memcpy(copy, text, size);
        text = copy;
    }
    id = (uint32_t) d->stem_count++;
    r->stem_texts[id] = (struct stem_text){ text, (uint32_t) size, hash };
    d->stems[id] = (struct stem){ .first = NONE, .surface = NONE };
    table_put(&r->stems, hash, id);
    return id;
}

/* Folds and stems a word that the vocabulary does not know.  Returns the
 * stem's size, 0 for a function word, or SIZE_MAX when out of memory, and its
 * row in the trained word table. */
static size_t work_out(struct reader *r, const char *word, size_t size,
                       const char **stem, uint32_t *row)
{
    static const size_t room = STEMMER_WORD_MAX * FOLD_EXPANSION_MAX;
    char fold[STEMMER_WORD_MAX * FOLD_EXPANSION_MAX];
    size_t fold_size, stem_size;
    char *copy;

    *row = NONE;
    if (size > STEMMER_WORD_MAX) { /* as it stands: no real word */
        *stem = word;
        return size;
    }
    fold_size = fold_word(r->document->language, word, size, fold, room);
    if (fold_size == 0) { /* a sign by itself that folding drops */
        *stem = word;
        return size;
    }
    *row = language_row(r->document->language, fold, fold_size);
    if (language_has(r->document->language, LIST_STOPWORDS, fold, fold_size))
        return 0;
    if (r->stemmer != NULL && fold_size <= STEMMER_WORD_MAX) {
        *stem = stemmer_stem(r->stemmer, fold, fold_size, &stem_size);
        if (*stem == NULL)
            return SIZE_MAX;
        if (stem_size > 0)
            return stem_size;
    }
    copy = arena_take(r->document->arena, fold_size);
    if (copy == NULL)
        return SIZE_MAX;
    memcpy(copy, fold, fold_size);
    *stem = copy;
    return fold_size;
}

/* The stem of a word through the vocabulary: an id, NONE for a function
 * word.  Returns 0 or PRECIS_EINTERNAL. */
static int resolve(struct reader *r, const char *word, size_t size,
                   uint32_t hash, uint32_t *stem, uint32_t *row)
{
    struct vocabulary *v = r->vocabulary;
    size_t place = (hash >> 8) % (ENTRIES / WAYS) * WAYS, stem_size;
    struct entry *entry = NULL;
    const char *text = word;
    int opens;

    for (size_t i = 0; i < WAYS && entry == NULL; i++) {
        struct entry *e = &v->entries[place + i];
        if (e->hash == hash && e->word_size == size
            && e->language == r->language && (e->flags & ENTRY_USED)
            && memcmp(e->bytes, word, size) == 0)
            entry = e;
    }
    if (entry != NULL) {
        text = entry->bytes
               + (entry->flags & ENTRY_OPENS ? 0 : entry->word_size);
        stem_size = entry->flags & ENTRY_STOP ? 0 : entry->stem_size;
        *row = entry->row;
    } else {
        stem_size = work_out(r, word, size, &text, row);
        if (stem_size == SIZE_MAX)
            return PRECIS_EINTERNAL;
        opens = stem_size <= size && memcmp(text, word, stem_size) == 0;
        if (size + (opens ? 0 : stem_size) <= ENTRY_BYTES) {
            /* the newest first; the older one of the two goes */
            v->entries[place + 1] = v->entries[place];
            entry = &v->entries[place];
            entry->hash = hash;
            entry->word_size = (uint8_t) size;
            entry->stem_size = (uint8_t) stem_size;
            entry->language = (uint8_t) r->language;
            entry->row = *row;
            entry->flags = (uint8_t) (ENTRY_USED
                                      | (stem_size == 0 ? ENTRY_STOP : 0)
                                      | (opens ? ENTRY_OPENS : 0));
            memcpy(entry->bytes, word, size);
            if (!opens)
                memcpy(entry->bytes + size, text, stem_size);
        }
    }
    *stem = NONE;
    if (stem_size == 0)
        return 0;
    /* most stems are what their word begins with */
    if (stem_size <= size && memcmp(text, word, stem_size) == 0)
        *stem = stem_id(r, word, stem_size, 1);
    else
        *stem = stem_id(r, text, stem_size, 0);
    return *stem == NONE ? PRECIS_EINTERNAL : 0;
}

/* The id of the word in small letters; NONE when out of memory. */
static uint32_t form_id(struct reader *r, const char *word, size_t size,
                        uint32_t stem, uint32_t row)
{
    struct document *d = r->document;
    const struct hash_key *key = &r->vocabulary->key;
    char fold[STEMMER_WORD_MAX * FOLD_EXPANSION_MAX];
    const char *text = word;
    uint32_t hash, id;
    size_t slot;

    if (size <= STEMMER_WORD_MAX) {
        size_t fold_size =
            fold_word(d->language, word, size, fold, sizeof fold);
        if (fold_size > 0
            && (fold_size != size || memcmp(fold, word, size) != 0)) {
            text = fold;
            size = fold_size;
        }
    }
    hash = hash_bytes(key, text, size);
    for (slot = hash & r->forms.mask; (id = r->forms.slots[slot]) != 0;
         slot = (slot + 1) & r->forms.mask) {
        const struct form *known = &d->forms[--id];
        if (known->hash == hash && known->size == size
            && memcmp(known->text, text, size) == 0)
            return id;
    }
    if (d->form_count == r->form_room) {
        void *bigger = grow(d->arena, d->forms, &r->form_room, 512,
                            sizeof *d->forms);
        if (bigger == NULL)
            return NONE;
        d->forms = bigger;
    }
    if (r->forms.used * 2 > r->forms.mask) {
        if (table_init(&r->forms, d->arena, (r->forms.mask + 1) * 2) != 0)
            return NONE;
        for (size_t i = 0; i < d->form_count; i++)
            table_put(&r->forms, d->forms[i].hash, (uint32_t) i);
    }
    if (text == fold) {
        char *copy = arena_take(d->arena, size);
        if (copy == NULL)
            return NONE;
        memcpy(copy, fold, size);
        text = copy;
    }
    id = (uint32_t) d->form_count++;
    d->forms[id] = (struct form){ hash, stem, row, (uint32_t) size, text, 0 };
    table_put(&r->forms, hash, id);
    return id;
}

/* The surface form's id; NONE when out of memory. */
static uint32_t surface_id(struct reader *r, const char *word, size_t size)
{
    struct document *d = r->document;
    uint32_t hash = hash_bytes(&r->vocabulary->key, word, size);
    uint32_t id, stem, form, row;
    size_t slot = hash & r->surfaces.mask;

    for (; (id = r->surfaces.slots[slot]) != 0;
         slot = (slot + 1) & r->surfaces.mask) {
        const struct surface *known = &d->surfaces[--id];
        if (known->hash == hash && known->size == size
            && memcmp(known->text, word, size) == 0)
            return id;
    }
    if (resolve(r, word, size, hash, &stem, &row) != 0
        || (form = form_id(r, word, size, stem, row)) == NONE)
        return NONE;
    if (d->surface_count == r->surface_room) {
        void *bigger = grow(d->arena, d->surfaces, &r->surface_room, 512,
                            sizeof *d->surfaces);
        if (bigger == NULL)
            return NONE;
        d->surfaces = bigger;
    }
    if (r->surfaces.used * 2 > r->surfaces.mask) {
        if (table_init(&r->surfaces, d->arena, (r->surfaces.mask + 1) * 2)
            != 0)
            return NONE;
        for (size_t i = 0; i < d->surface_count; i++)
            table_put(&r->surfaces, d->surfaces[i].hash, (uint32_t) i);
    }
    id = (uint32_t) d->surface_count++;
    d->surfaces[id] = (struct surface){ hash, stem, form, (uint32_t) size,
                                       word };
    table_put(&r->surfaces, hash, id);
    return id;
}

#define CLASS_WORD (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT)

/* More than so many characters that show nothing end a word: who wrote a run
 * of thousands of them would otherwise have it read anew at each. */
#define INSIDE_MAX 4

/* Does the word go on behind `cp`, which ends at `position`?  Rare: called at
 * the ends of words where no ASCII character stands. */
static int goes_on(const char *text, size_t position, size_t end, uint32_t cp,
                   uint32_t before)
{
    uint32_t after = cp;

    for (int i = 0; i < INSIDE_MAX && position < end
                    && fold_is_inside(cp, before, before);
         i++) {
        utf8_next(text, end, &position, &after);
        if (unicode_class(after) & CLASS_WORD)
            return fold_is_inside(cp, before, after);
        cp = after;
    }
    return 0;
}

size_t next_word(const char *text, size_t *at, size_t end)
{
    size_t begin = *at, position = begin;
    uint32_t c, before = 0;

    for (;;) {
        if (position >= end)
            return *at = end, 0;
        begin = position;
        utf8_next(text, end, &position, &c);
        if (unicode_class(c) & CLASS_WORD)
            break;
    }
    *at = begin;
    while (position < end) {
        size_t here = position;
        before = c;
        utf8_next(text, end, &position, &c);
        if (unicode_class(c) & CLASS_WORD)
            continue;
        if (c < 0x80 || !goes_on(text, position, end, c, before))
            return here - begin;
        c = before;
    }
    return position - begin;
}

/* Counts a word in sentence number `sentence`, or in none where it is a
 * sub-heading's. */
static void stem_count(struct document *d, uint32_t surface,
                       uint32_t sentence, int is_sentence)
{
    struct stem *stem;

    if (d->surfaces[surface].stem == NONE)
        return;
    stem = &d->stems[d->surfaces[surface].stem];
    stem->count++;
    if (stem->first == NONE)
        stem->first = sentence;
    if (stem->surface == NONE)
        stem->surface = surface;
    if (is_sentence && stem->seen != sentence + 1) {
        stem->seen = sentence + 1;
        stem->sentences++;
    }
}

static int token_add(struct reader *r, uint32_t surface)
{
    struct document *d = r->document;

    if (d->token_count == r->token_room) {
        void *bigger = grow(d->arena, d->tokens, &r->token_room, 1024,
                            sizeof *d->tokens);
        if (bigger == NULL)
            return PRECIS_EINTERNAL;
        d->tokens = bigger;
    }
    d->tokens[d->token_count++] = surface;
    return 0;
}

static int read_segment(struct reader *r, struct segment *segment,
                        uint32_t sentence)
{
    struct document *d = r->document;
    int is_sentence = segment->kind == PRECIS_SENTENCE;
    size_t at = segment->start, size;

    segment->token = (uint32_t) d->token_count;
    while ((size = next_word(d->text, &at, segment->end)) > 0) {
        uint32_t surface = surface_id(r, d->text + at, size);
        if (surface == NONE || token_add(r, surface) != 0)
            return PRECIS_EINTERNAL;
        if (segment->kind != PRECIS_OTHER)
            stem_count(d, surface, sentence, is_sentence);
        at += size;
    }
    segment->tokens = (uint32_t) d->token_count - segment->token;
    if (is_sentence)
        d->total_words += segment->tokens;
    return 0;
}

/* What lies behind the candidates: counted, not kept. */
static int read_rest(struct reader *r)
{
    struct document *d = r->document;
    size_t at = d->rest, size;

    while ((size = next_word(d->text, &at, d->size)) > 0) {
        uint32_t surface = surface_id(r, d->text + at, size);
        if (surface == NONE)
            return PRECIS_EINTERNAL;
        stem_count(d, surface, (uint32_t) d->sentence_count, 1);
        d->total_words++;
        at += size;
    }
    return 0;
}

/* Marks the stems of a title or query. */
static int read_hint(struct reader *r, const char *text, size_t text_size,
                     int is_title)
{
    struct document *d = r->document;
    size_t at = 0, size;

    if (is_title) { /* no more words than half its bytes */
        d->title = arena_take(d->arena,
                              (text_size / 2 + 1) * sizeof *d->title);
        if (d->title == NULL)
            return PRECIS_EINTERNAL;
    }
    while ((size = next_word(text, &at, text_size)) > 0) {
        uint32_t surface = surface_id(r, text + at, size), stem;
        if (surface == NONE)
            return PRECIS_EINTERNAL;
        stem = d->surfaces[surface].stem;
        if (is_title) {
            d->forms[d->surfaces[surface].form].in_title = 1;
            d->title[d->title_count++] = d->surfaces[surface].form;
        }
        if (stem != NONE && is_title)
            d->stems[stem].in_title = 1;
        else if (stem != NONE)
            d->stems[stem].in_query = 1;
        at += size;
    }
    return 0;
}

static int reader_init(struct reader *r, struct vocabulary *vocabulary,
                       struct document *document)
{
    const struct language *language = document->language;

    memset(r, 0, sizeof *r);
    r->vocabulary = vocabulary;
    r->document = document;
    r->language = (unsigned) (language - language_table);
    if (language->stemmer != NULL) {
        if (vocabulary->stemmers[r->language] == NULL)
            vocabulary->stemmers[r->language] = stemmer_new(language);
        r->stemmer = vocabulary->stemmers[r->language];
        if (r->stemmer == NULL)
            return PRECIS_EINTERNAL;
    }
    if (table_init(&r->surfaces, document->arena, TABLE_FIRST) != 0
        || table_init(&r->forms, document->arena, TABLE_FIRST) != 0)
        return PRECIS_EINTERNAL;
    return table_init(&r->stems, document->arena, TABLE_FIRST);
}

int read_words(struct vocabulary *vocabulary, struct document *document,
               const precis_options *options)
{
    struct reader r;
    uint32_t sentence = 0;
    int code = reader_init(&r, vocabulary, document);

    for (size_t i = 0; i < document->segment_count && code == 0; i++) {
        struct segment *segment = &document->segments[i];
        code = read_segment(&r, segment, sentence);
        sentence += segment->kind == PRECIS_SENTENCE;
    }
    if (code == 0)
        code = read_rest(&r);
    if (code == 0 && options->title != NULL)
        code = read_hint(&r, options->title, options->title_size, 1);
    if (code == 0 && options->query != NULL)
        code = read_hint(&r, options->query, options->query_size, 0);
    return code;
}
