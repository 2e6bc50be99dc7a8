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
    unsigned language;    /* number in language_table */
    struct stem *terms;   /* the stems, behind one that no word has */
    size_t room;          /* of surfaces, forms and stems */
    size_t token_room;
};

/* Makes an array in the arena one of `wanted` items.  What is new is not
 * zeroed: memory that is never used is never touched. */
static void *grow(struct arena *arena, void *old, size_t room, size_t wanted,
                  size_t item)
{
    return arena_grow(arena, old, room * item, wanted * item);
}

/* Makes room for twice the surfaces, and as many forms and stems, of which
 * there are no more.  0, or PRECIS_EINTERNAL. */
static int surfaces_grow(struct reader *r)
{
    struct document *d = r->document;
    size_t wanted = r->room == 0 ? 512 : r->room * 2;
    void *surfaces = grow(d->arena, d->surfaces, r->room, wanted,
                          sizeof *d->surfaces);
    void *forms = surfaces == NULL ? NULL
                                   : grow(d->arena, d->forms, r->room, wanted,
                                          sizeof *d->forms);
    struct stem *terms;

    if (forms == NULL)
        return PRECIS_EINTERNAL;
    d->surfaces = surfaces;
    d->forms = forms;
    terms = grow(d->arena, r->terms, r->room + (r->room > 0), wanted + 1,
                 sizeof *terms);
    if (terms == NULL)
        return PRECIS_EINTERNAL;
    if (r->room == 0)
        terms[0] = (struct stem){ .first = 0 };
    r->terms = terms;
    d->stems = terms + 1;
    r->room = wanted;
    return 0;
}

/* ---- words that the article has not had yet ---- */

/* The id of a stem. */
static uint32_t stem_id(struct reader *r, struct record *record)
{
    struct document *d = r->document;

    record_touch(r->vocabulary, record);
    if (record->stem != NONE)
        return record->stem;
    d->stems[d->stem_count] = (struct stem){ .first = NONE, .surface = NONE };
    return record->stem = (uint32_t) d->stem_count++;
}

/* A copy of the text of a form, since records move.  NULL: out of memory. */
static const char *form_text(struct reader *r, const struct record *form)
{
    const char *text = form->size <= RECORD_BYTES ? form->spelling.bytes
                                                  : form->spelling.text.whole;
    char *copy = arena_take(r->document->arena, form->size);

    return copy == NULL ? NULL : memcpy(copy, text, form->size);
}

/* The id of a word in small letters; NONE when out of memory. */
static uint32_t form_id(struct reader *r, const struct record *written,
                        const char *word, uint32_t stem)
{
    struct document *d = r->document;
    struct record *record = record_at(r->vocabulary, written->fold);

    record_touch(r->vocabulary, record);
    if (record->form != NONE)
        return record->form;
    if (record != written && (word = form_text(r, record)) == NULL)
        return NONE;
    d->forms[d->form_count] = (struct form){
        .stem = stem, .row = written->row, .size = record->size, .text = word,
        .letters = record->letters,
        .digit = (record->opening & CLASS_DIGIT) != 0,
    };
    return record->form = (uint32_t) d->form_count++;
}

/* Gives a word that the article has not had yet an id; NONE when out of
 * memory. */
__attribute__((noinline))
static uint32_t surface_add(struct reader *r, uint32_t number,
                            const char *word)
{
    struct document *d = r->document;
    struct vocabulary *v = r->vocabulary;
    struct record *record;
    uint32_t stem = NONE, form;

    if ((!record_at(v, number)->known
         && record_learn(v, d->language, number, word) != 0)
        || (d->surface_count == r->room && surfaces_grow(r) != 0))
        return NONE;
    record = record_at(v, number);
    record_touch(v, record);
    if (record->root != NONE)
        stem = stem_id(r, record_at(v, record->root));
    form = form_id(r, record, word, stem);
    if (form == NONE)
        return NONE;
    d->surfaces[d->surface_count] =
        (struct surface){ stem, form, record->size,
                          (record->opening & CLASS_UPPER) != 0, word };
    return record->surface = (uint32_t) d->surface_count++;
}

/* ---- words ---- */

/* The id of the word that a record is of. */
static inline uint32_t surface_of(struct reader *r, uint32_t number,
                                  const char *word)
{
    const struct vocabulary *v = r->vocabulary;
    const struct record *record = record_at(v, number);

    if (record->epoch == v->epoch && record->surface != NONE)
        return record->surface;
    return surface_add(r, number, word);
}

/* The id of any word; NONE when out of memory. */
__attribute__((noinline))
static uint32_t surface_find(struct reader *r, const char *word, size_t size)
{
    struct spelling spelling;
    uint32_t number;

    spelling_of(r->vocabulary, word, size, &spelling);
    number = record_find(r->vocabulary, &spelling, r->language);
    return number == NONE ? NONE : surface_of(r, number, word);
}

/* The same, of a word that was made ready. */
static inline uint32_t surface_id(struct reader *r, const struct sought *w)
{
    uint32_t number = sought_find(r->vocabulary, w, r->language);

    return number == NONE ? surface_find(r, w->text, w->size)
                          : surface_of(r, number, w->text);
}

/* Words that are made ready together: enough to fetch at once. */
#define BATCH 32

/* Makes the next words ready; returns how many. */
static size_t batch_read(const struct vocabulary *v, struct scan *scan,
                         struct sought words[BATCH])
{
    size_t count = 0, at, size;

    while (count < BATCH && (size = scan_next(scan, &at)) > 0)
        sought_init(v, &words[count++], scan->text + at, size,
                    scan->limit - at);
    sought_fetch(v, words, count);
    return count;
}

/* Counts a word in sentence number `sentence`, or in none where it is a
 * sub-heading's.  A function word counts for the stem that no word has: there
 * is no branch here, since no processor could foresee it. */
static inline void stem_count(struct reader *r, uint32_t surface,
                              uint32_t sentence, int is_sentence)
{
    struct stem *stem = &r->terms[r->document->surfaces[surface].stem + 1];
    int is_first = is_sentence & (stem->seen != sentence + 1);

    stem->count++;
    /* sentences are in order, and NONE is above all of them */
    stem->first = stem->first < sentence ? stem->first : sentence;
    stem->surface = stem->surface == NONE ? surface : stem->surface;
    stem->seen = is_first ? sentence + 1 : stem->seen;
    stem->sentences += (uint32_t) is_first;
}

/* Makes room for more words.  0, or PRECIS_EINTERNAL. */
static int tokens_grow(struct reader *r)
{
    struct document *d = r->document;
    /* words and what stands between them have six bytes: hardly ever grown */
    size_t first = d->size / 4 < 1024 ? 1024 : d->size / 4;
    size_t wanted = r->token_room == 0 ? first : r->token_room * 2;
    void *tokens = grow(d->arena, d->tokens, r->token_room, wanted,
                        sizeof *d->tokens);

    if (tokens == NULL)
        return PRECIS_EINTERNAL;
    d->tokens = tokens;
    r->token_room = wanted;
    return 0;
}

static int read_segment(struct reader *r, struct segment *segment,
                        uint32_t sentence)
{
    struct document *d = r->document;
    int is_sentence = segment->kind == PRECIS_SENTENCE;
    struct sought words[BATCH];
    struct scan scan;
    size_t count;

    segment->token = (uint32_t) d->token_count;
    scan_start(&scan, d->text, d->size, segment->start, segment->end);
    while ((count = batch_read(r->vocabulary, &scan, words)) > 0) {
        if (d->token_count + count > r->token_room && tokens_grow(r) != 0)
            return PRECIS_EINTERNAL;
        for (size_t i = 0; i < count; i++) {
            uint32_t surface = surface_id(r, &words[i]);
            if (surface == NONE)
                return PRECIS_EINTERNAL;
            d->tokens[d->token_count++] = surface;
            if (segment->kind != PRECIS_OTHER)
                stem_count(r, surface, sentence, is_sentence);
        }
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
    struct sought words[BATCH];
    struct scan scan;
    size_t count;

    scan_start(&scan, d->text, d->size, d->rest, d->size);
    while ((count = batch_read(r->vocabulary, &scan, words)) > 0)
        for (size_t i = 0; i < count; i++) {
            uint32_t surface = surface_id(r, &words[i]);
            if (surface == NONE)
                return PRECIS_EINTERNAL;
            stem_count(r, surface, (uint32_t) d->sentence_count, 1);
            d->total_words++;
        }
    return 0;
}

/* Marks the stem of a word of a title or query. */
static void mark_hint(struct document *d, uint32_t surface, int is_title)
{
    uint32_t stem = d->surfaces[surface].stem;

    if (is_title) {
        d->forms[d->surfaces[surface].form].in_title = 1;
        d->title[d->title_count++] = d->surfaces[surface].form;
    }
    if (stem != NONE && is_title)
        d->stems[stem].in_title = 1;
    else if (stem != NONE)
        d->stems[stem].in_query = 1;
}

/* Reads a title or query. */
static int read_hint(struct reader *r, const char *text, size_t text_size,
                     int is_title)
{
    struct document *d = r->document;
    struct sought words[BATCH];
    struct scan scan;
    size_t count;

    if (is_title) { /* no more words than half its bytes */
        d->title = arena_take(d->arena,
                              (text_size / 2 + 1) * sizeof *d->title);
        if (d->title == NULL)
            return PRECIS_EINTERNAL;
    }
    scan_start(&scan, text, text_size, 0, text_size);
    while ((count = batch_read(r->vocabulary, &scan, words)) > 0)
        for (size_t i = 0; i < count; i++) {
            uint32_t surface = surface_id(r, &words[i]);
            if (surface == NONE)
                return PRECIS_EINTERNAL;
            mark_hint(d, surface, is_title);
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
