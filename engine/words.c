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

/* The batch in which words are looked up: edges of words whose end or whose
 * neighbours are still to be read, and what the vocabulary finds. */
#define BATCH_WORDS SOUGHT_WORDS
#define BATCH_EDGES (2 * BATCH_WORDS + 1) /* the last word's end may lack */

struct reader {
    struct vocabulary *vocabulary;
    struct document *document;
    unsigned language;    /* number in language_table */
    struct stem *terms;   /* the stems, behind one that no word has */
    size_t room;          /* of surfaces, forms and stems */
    size_t token_room;
    const char *text;     /* being read: article, title or query */
    size_t text_size;
    /* what becomes of words that were found: `count` tokens behind the last */
    void (*take)(struct document *document, struct stem *terms, size_t count);
    size_t edge_count;
    uint32_t edges[BATCH_EDGES + SCAN_ROOM];
    uint32_t fresh[BATCH_WORDS]; /* words that the article had not yet had */
    struct sought words;
};

/* Makes an array in the arena one of `wanted` items.  What is new is not
 * zeroed: memory that is never used is never touched. */
static void *grow(struct arena *arena, void *old, size_t room, size_t wanted,
                  size_t item)
{
    return arena_grow(arena, old, room * item, wanted * item);
}

/* Makes room for twice the surfaces, and as many forms and stems, of which
 * there are no more, with one behind the last.  0, or PRECIS_EINTERNAL. */
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

/* Makes room for the tokens, and what may be new, of a batch.  0, or
 * PRECIS_EINTERNAL. */
static int room_make(struct reader *r)
{
    struct document *d = r->document;
    /* words and what stands between them have six bytes: hardly ever grown */
    size_t first = d->size / 4 < 1024 ? 1024 : d->size / 4;
    size_t wanted = r->token_room == 0 ? first : r->token_room * 2;
    void *tokens;

    if (d->surface_count + BATCH_WORDS >= r->room && surfaces_grow(r) != 0)
        return PRECIS_EINTERNAL;
    if (d->token_count + BATCH_WORDS <= r->token_room)
        return 0;
    tokens = grow(d->arena, d->tokens, r->token_room, wanted,
                  sizeof *d->tokens);
    if (tokens == NULL)
        return PRECIS_EINTERNAL;
    d->tokens = tokens;
    r->token_room = wanted;
    return 0;
}

/* ---- a batch of words ----
 *
 * Whether a word, a form or a stem is new to the article no processor can
 * foresee, so there is no branch for it: what would be written for a new one
 * is written in any case, behind the last, and counted if it is new. */

/* `a` where `is_a` is 1, `b` where it is 0. */
static inline uint32_t chosen(uint32_t is_a, uint32_t a, uint32_t b)
{
    return b ^ ((a ^ b) & (0 - is_a));
}

/* The record of any word; NONE when out of memory. */
__attribute__((noinline))
static uint32_t record_search(struct reader *r, const char *word, size_t size)
{
    struct spelling spelling;

    spelling_of(r->vocabulary, word, size, &spelling);
    return record_find(r->vocabulary, &spelling, r->language);
}

/* Writes the tokens of the batch.  Returns how many words are new, SIZE_MAX
 * when out of memory. */
static size_t tokens_find(struct reader *r, size_t count)
{
    struct vocabulary *v = r->vocabulary;
    struct document *d = r->document;
    uint32_t *tokens = d->tokens + d->token_count;
    uint32_t next = (uint32_t) d->surface_count, epoch = v->epoch;
    size_t fresh = 0;

    for (size_t i = 0; i < count; i++) {
        size_t at = r->edges[2 * i], size = r->edges[2 * i + 1] - at;
        struct record *record;
        uint32_t is_new;

        if (!sought_is(v, &r->words, i, size, r->language)) {
            uint32_t number = record_search(r, r->text + at, size);
            if (number == NONE)
                return SIZE_MAX;
            r->words.number[i] = number;
        }
        record = record_at(v, r->words.number[i]);
        is_new = record->surface.epoch != epoch;
        record->surface.id = chosen(is_new, next, record->surface.id);
        record->surface.epoch = epoch;
        tokens[i] = record->surface.id;
        r->fresh[fresh] = (uint32_t) i;
        fresh += is_new;
        next += is_new;
    }
    d->surface_count = next;
    return fresh;
}

/* The id of a word's stem, which may be new. */
static inline uint32_t stem_id(struct document *d, struct mark *stem,
                               uint32_t epoch)
{
    uint32_t is_new = stem->epoch != epoch;

    d->stems[d->stem_count] = (struct stem){ .first = NONE, .surface = NONE };
    stem->id = chosen(is_new, (uint32_t) d->stem_count, stem->id);
    stem->epoch = epoch;
    d->stem_count += is_new;
    return stem->id;
}

/* The id of a word in small letters, which may be new. */
static inline uint32_t form_id(struct document *d, struct mark *mark,
                               const struct record *record, uint32_t stem,
                               const char *word, uint32_t epoch)
{
    uint32_t is_new = mark->epoch != epoch;
    uint32_t is_form = record->form_text == NULL;
    struct form *form = &d->forms[d->form_count];

    form->stem = stem;
    form->row = record->row;
    form->size = chosen(is_form, record->size, record->form_size);
    form->text = is_form ? word : record->form_text;
    form->in_title = 0;
    form->letters = record->flags & RECORD_LETTERS;
    form->digit = (record->flags & RECORD_DIGIT) != 0;
    mark->id = chosen(is_new, (uint32_t) d->form_count, mark->id);
    mark->epoch = epoch;
    d->form_count += is_new;
    return mark->id;
}

/* Says of a new word what it is. */
static inline void surface_write(struct reader *r, uint32_t number,
                                 const char *word)
{
    const struct vocabulary *v = r->vocabulary;
    const struct record *record = record_at(v, number);
    struct document *d = r->document;
    struct surface *surface = &d->surfaces[record->surface.id];
    uint32_t stem = stem_id(d, &v->stems[record->root], v->epoch);

    surface->stem = stem;
    surface->form = form_id(d, &record_at(v, record->fold)->form, record,
                            stem, word, v->epoch);
    surface->size = record->size;
    surface->capital = (record->flags & RECORD_CAPITAL) != 0;
    surface->text = word;
}

/* The same of all new words of a batch.  0, or PRECIS_EINTERNAL. */
static int surfaces_write(struct reader *r, size_t fresh)
{
    struct vocabulary *v = r->vocabulary;

    for (size_t i = 0; i < fresh; i++) {
        const struct record *record =
            record_at(v, r->words.number[r->fresh[i]]);
        __builtin_prefetch(&v->stems[record->root], 1);
        __builtin_prefetch(record_at(v, record->fold), 1);
    }
    for (size_t i = 0; i < fresh; i++) {
        uint32_t number = r->words.number[r->fresh[i]];
        const char *word = r->text + r->edges[2 * r->fresh[i]];
        if ((record_at(v, number)->flags & RECORD_KNOWN) == 0
            && record_learn(v, r->document->language, number, word) != 0)
            return PRECIS_EINTERNAL;
        surface_write(r, number, word);
    }
    return 0;
}

/* Reads the words whose edges are there.  0, or PRECIS_EINTERNAL. */
static int batch_read(struct reader *r)
{
    size_t count = r->edge_count / 2, fresh;

    if (room_make(r) != 0)
        return PRECIS_EINTERNAL;
    sought_find(r->vocabulary, &r->words, r->text, r->text_size, r->edges,
                count);
    fresh = tokens_find(r, count);
    if (fresh == SIZE_MAX || surfaces_write(r, fresh) != 0)
        return PRECIS_EINTERNAL;
    r->take(r->document, r->terms, count);
    r->edges[0] = r->edges[2 * count];
    r->edge_count -= 2 * count;
    return 0;
}

/* Finds the words of [begin, end); those for which there is no batch yet stay
 * for later.  0, or PRECIS_EINTERNAL. */
static int range_read(struct reader *r, size_t begin, size_t end)
{
    struct scan scan;

    scan_start(&scan, r->text, r->text_size, begin, end);
    while (scan.next < scan.end) {
        if (r->edge_count + SCAN_ROOM > BATCH_EDGES && batch_read(r) != 0)
            return PRECIS_EINTERNAL;
        r->edge_count += scan_edges(&scan, r->edges + r->edge_count,
                                    BATCH_EDGES - r->edge_count);
    }
    return 0;
}

/* ---- the article ---- */

/* Counts a word in sentence number `sentence`, or in none where it is a
 * sub-heading's.  A function word counts for the stem that no word has: there
 * is no branch here, since no processor could foresee it. */
static inline void stem_count(const struct document *d, struct stem *terms,
                              uint32_t surface, uint32_t sentence,
                              int is_sentence)
{
    struct stem *stem = &terms[d->surfaces[surface].stem + 1];
    int is_first = is_sentence & (stem->seen != sentence + 1);

    stem->count++;
    /* sentences are in order, and NONE is above all of them */
    stem->first = stem->first < sentence ? stem->first : sentence;
    stem->surface = stem->surface == NONE ? surface : stem->surface;
    stem->seen = is_first ? sentence + 1 : stem->seen;
    stem->sentences += (uint32_t) is_first;
}

/* Words of the segments. */
static void take_tokens(struct document *d, struct stem *terms, size_t count)
{
    (void) terms;
    d->token_count += count;
}

/* Words behind the candidates: counted, not kept. */
static void take_rest(struct document *d, struct stem *terms, size_t count)
{
    const uint32_t *tokens = d->tokens + d->token_count;

    for (size_t i = 0; i < count; i++)
        stem_count(d, terms, tokens[i], (uint32_t) d->sentence_count, 1);
    d->total_words += count;
}

static int read_segments(struct reader *r)
{
    struct document *d = r->document;

    r->take = take_tokens;
    for (size_t i = 0; i < d->segment_count; i++) {
        struct segment *segment = &d->segments[i];
        size_t first = d->token_count + r->edge_count / 2;
        if (range_read(r, segment->start, segment->end) != 0)
            return PRECIS_EINTERNAL;
        segment->token = (uint32_t) first;
        segment->tokens =
            (uint32_t) (d->token_count + r->edge_count / 2 - first);
    }
    return batch_read(r);
}

/* Counts the words of the segments. */
static void count_stems(struct reader *r)
{
    struct document *d = r->document;
    uint32_t sentence = 0;

    for (size_t i = 0; i < d->segment_count; i++) {
        const struct segment *segment = &d->segments[i];
        const uint32_t *tokens = d->tokens + segment->token;
        int is_sentence = segment->kind == PRECIS_SENTENCE;

        if (segment->kind == PRECIS_OTHER)
            continue;
        for (uint32_t t = 0; t < segment->tokens; t++)
            stem_count(d, r->terms, tokens[t], sentence, is_sentence);
        if (is_sentence)
            d->total_words += segment->tokens;
        sentence += (uint32_t) is_sentence;
    }
}

static int read_rest(struct reader *r)
{
    struct document *d = r->document;

    if (d->rest >= d->size)
        return 0;
    r->take = take_rest;
    if (range_read(r, d->rest, d->size) != 0)
        return PRECIS_EINTERNAL;
    return batch_read(r);
}

/* ---- title and query ---- */

static void take_title(struct document *d, struct stem *terms, size_t count)
{
    const uint32_t *tokens = d->tokens + d->token_count;

    for (size_t i = 0; i < count; i++) {
        const struct surface *surface = &d->surfaces[tokens[i]];
        d->forms[surface->form].in_title = 1;
        d->title[d->title_count++] = surface->form;
        terms[surface->stem + 1].in_title = 1;
    }
}

static void take_query(struct document *d, struct stem *terms, size_t count)
{
    const uint32_t *tokens = d->tokens + d->token_count;

    for (size_t i = 0; i < count; i++)
        terms[d->surfaces[tokens[i]].stem + 1].in_query = 1;
}

static int read_hint(struct reader *r, const char *text, size_t text_size)
{
    r->text = text;
    r->text_size = text_size;
    if (range_read(r, 0, text_size) != 0)
        return PRECIS_EINTERNAL;
    return batch_read(r);
}

static int read_title(struct reader *r, const char *text, size_t text_size)
{
    struct document *d = r->document;

    /* no more words than half its bytes */
    d->title = arena_take(d->arena, (text_size / 2 + 1) * sizeof *d->title);
    if (d->title == NULL)
        return PRECIS_EINTERNAL;
    r->take = take_title;
    return read_hint(r, text, text_size);
}

static int read_query(struct reader *r, const char *text, size_t text_size)
{
    r->take = take_query;
    return read_hint(r, text, text_size);
}

int read_words(struct vocabulary *vocabulary, struct document *document,
               const precis_options *options)
{
    struct reader r; /* not zeroed: a batch is some kilobytes */
    int code = vocabulary_begin(vocabulary, document->language);

    r.vocabulary = vocabulary;
    r.document = document;
    r.language = (unsigned) (document->language - language_table);
    r.terms = NULL;
    r.room = r.token_room = r.edge_count = 0;
    r.text = document->text;
    r.text_size = document->size;

    if (code == 0)
        code = read_segments(&r);
    if (code == 0) {
        count_stems(&r);
        code = read_rest(&r);
    }
    if (code == 0 && options->title != NULL)
        code = read_title(&r, options->title, options->title_size);
    if (code == 0 && options->query != NULL)
        code = read_query(&r, options->query, options->query_size);
    vocabulary_end(vocabulary);
    return code;
}
