/* words.c - stage 3: words to stems.
 *
 * What a word is says scan.c.  Each costs one look-up in the vocabulary, which
 * knows form, stem and stop words from article to article; only what it does
 * not know goes further, to the word lists and the stemmer.
 */
#include <config.h>

#include "engine/scan.h"
#include "engine/unicode.h"
#include "engine/vocabulary.h"

struct reader {
    struct vocabulary *vocabulary;
    struct document *document;
    unsigned language; /* number in language_table */
    size_t surface_room, form_room, stem_room, token_room;
};

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

/* The id of a stem; NONE when out of memory. */
static uint32_t stem_id(struct reader *r, struct record *record)
{
    struct document *d = r->document;

    record_touch(r->vocabulary, record);
    if (record->stem != NONE)
        return record->stem;
    if (d->stem_count == r->stem_room) {
        void *bigger = grow(d->arena, d->stems, &r->stem_room, 512,
                            sizeof *d->stems);
        if (bigger == NULL)
            return NONE;
        d->stems = bigger;
    }
    d->stems[d->stem_count] = (struct stem){ .first = NONE, .surface = NONE };
    return record->stem = (uint32_t) d->stem_count++;
}

/* The text of a form, of the word where it is written like it: records
 * move.  NULL: out of memory. */
static const char *form_text(struct reader *r, const struct record *form,
                             const struct record *written, const char *word)
{
    const char *text = form->size <= RECORD_BYTES ? form->spelling.bytes
                                                  : form->spelling.text.whole;
    char *copy;

    if (form == written)
        return word;
    copy = arena_take(r->document->arena, form->size);
    return copy == NULL ? NULL : memcpy(copy, text, form->size);
}

/* The id of a word in small letters; NONE when out of memory. */
static uint32_t form_id(struct reader *r, const struct record *written,
                        const char *word, uint32_t stem)
{
    struct document *d = r->document;
    struct record *record = record_at(r->vocabulary, written->fold);
    const char *text;

    record_touch(r->vocabulary, record);
    if (record->form != NONE)
        return record->form;
    if (d->form_count == r->form_room) {
        void *bigger = grow(d->arena, d->forms, &r->form_room, 512,
                            sizeof *d->forms);
        if (bigger == NULL)
            return NONE;
        d->forms = bigger;
    }
    text = form_text(r, record, written, word);
    if (text == NULL)
        return NONE;
    d->forms[d->form_count] = (struct form){
        .stem = stem, .row = written->row, .size = record->size, .text = text,
        .letters = record->letters,
        .digit = (record->opening & CLASS_DIGIT) != 0,
    };
    return record->form = (uint32_t) d->form_count++;
}

/* Gives a word that the article has not had yet an id; NONE when out of
 * memory. */
static uint32_t surface_add(struct reader *r, uint32_t number,
                            const char *word)
{
    struct document *d = r->document;
    struct vocabulary *v = r->vocabulary;
    struct record *record;
    uint32_t stem = NONE, form;

    if (!record_at(v, number)->known
        && record_learn(v, d->language, number, word) != 0)
        return NONE;
    record = record_at(v, number);
    record_touch(v, record);
    if (record->root != NONE
        && (stem = stem_id(r, record_at(v, record->root))) == NONE)
        return NONE;
    form = form_id(r, record, word, stem);
    if (form == NONE)
        return NONE;
    if (d->surface_count == r->surface_room) {
        void *bigger = grow(d->arena, d->surfaces, &r->surface_room, 512,
                            sizeof *d->surfaces);
        if (bigger == NULL)
            return NONE;
        d->surfaces = bigger;
    }
    d->surfaces[d->surface_count] =
        (struct surface){ stem, form, record->size,
                          (record->opening & CLASS_UPPER) != 0, word };
    return record->surface = (uint32_t) d->surface_count++;
}

/* The id of any word; NONE when out of memory. */
static uint32_t surface_find(struct reader *r, const char *word, size_t size)
{
    struct vocabulary *v = r->vocabulary;
    const struct record *record;
    struct spelling spelling;
    uint32_t number;

    spelling_of(v, word, size, &spelling);
    number = record_find(v, &spelling, r->language);
    if (number == NONE)
        return NONE;
    record = record_at(v, number);
    if (record->epoch == v->epoch && record->surface != NONE)
        return record->surface;
    return surface_add(r, number, word);
}

/* The same, of a word of which `room` bytes may be read. */
static inline uint32_t surface_id(struct reader *r, const char *word,
                                  size_t size, size_t room)
{
    const struct vocabulary *v = r->vocabulary;
    const struct record *record;
    uint32_t number;

    if (size > 16 || room < 16
        || (number = record_find_short(v, word, size, r->language)) == NONE)
        return surface_find(r, word, size);
    record = record_at(v, number);
    if (record->epoch == v->epoch && record->surface != NONE)
        return record->surface;
    return surface_add(r, number, word);
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
        /* words and what stands between them have six bytes: hardly ever
         * grown */
        size_t first = d->size / 4 < 1024 ? 1024 : d->size / 4;
        void *bigger = grow(d->arena, d->tokens, &r->token_room, first,
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
    struct scan scan;
    size_t at, size;

    segment->token = (uint32_t) d->token_count;
    scan_start(&scan, d->text, d->size, segment->start, segment->end);
    while ((size = scan_next(&scan, &at)) > 0) {
        uint32_t surface = surface_id(r, d->text + at, size, d->size - at);
        if (surface == NONE || token_add(r, surface) != 0)
            return PRECIS_EINTERNAL;
        if (segment->kind != PRECIS_OTHER)
            stem_count(d, surface, sentence, is_sentence);
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
    struct scan scan;
    size_t at, size;

    scan_start(&scan, d->text, d->size, d->rest, d->size);
    while ((size = scan_next(&scan, &at)) > 0) {
        uint32_t surface = surface_id(r, d->text + at, size, d->size - at);
        if (surface == NONE)
            return PRECIS_EINTERNAL;
        stem_count(d, surface, (uint32_t) d->sentence_count, 1);
        d->total_words++;
    }
    return 0;
}

/* Marks the stems of a title or query. */
static int read_hint(struct reader *r, const char *text, size_t text_size,
                     int is_title)
{
    struct document *d = r->document;
    struct scan scan;
    size_t at, size;

    if (is_title) { /* no more words than half its bytes */
        d->title = arena_take(d->arena,
                              (text_size / 2 + 1) * sizeof *d->title);
        if (d->title == NULL)
            return PRECIS_EINTERNAL;
    }
    scan_start(&scan, text, text_size, 0, text_size);
    while ((size = scan_next(&scan, &at)) > 0) {
        uint32_t surface = surface_id(r, text + at, size, text_size - at);
        uint32_t stem;
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
    }
    return 0;
}

int read_words(struct vocabulary *vocabulary, struct document *document,
               const precis_options *options)
{
    struct reader r = { .vocabulary = vocabulary, .document = document };
    uint32_t sentence = 0;
    int code = vocabulary_begin(vocabulary, document->language);

    r.language = (unsigned) (document->language - language_table);

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
    vocabulary_end(vocabulary);
    return code;
}
