/* words.c - stage 3: words to stems.
 *
 * What a word is says scan.c.  Each costs one look-up in the vocabulary, which
 * knows form, stem and stop words from article to article; only what it does
 * not know goes further, to the word lists and the stemmer.
 */
#include <config.h>

#include "engine/pages.h"
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
    size_t ready;         /* of them may be written: at most room */
    size_t token_room;
    const char *text;     /* being read: article, title or query */
    size_t text_size;
    /* what becomes of words that were found: `count` tokens behind the last */
    void (*take)(struct document *document, struct stem *terms, size_t count);
    size_t edge_count;
    uint32_t edges[BATCH_EDGES + SCAN_ROOM];
    struct fresh {
        uint32_t number; /* of the record */
        uint32_t at;
    } fresh[BATCH_WORDS]; /* words that the article had not yet had */
    struct sought words;
};

/* Makes an array in the arena one of `wanted` items.  What is new is not
 * zeroed: memory that is never used is never touched. */
static void *grow(struct arena *arena, void *old, size_t room, size_t wanted,
                  size_t item)
{
    return arena_grow(arena, old, room * item, wanted * item);
}

/* Surfaces, forms and stems whose pages are made at once in a long text: some
 * 200 KiB each. */
#define SURFACES_READY 8192

/* A text for which room is made at once for as many surfaces as it may have,
 * and in large pages: memory that is never used costs nothing. */
#define LONG_TEXT (1u << 20)

/* Surfaces that there is room for at first: enough for nearly all articles, as
 * what is moved is read and written once more. */
static size_t surfaces_first(size_t size)
{
    size_t enough = size / 12 < SURFACES_READY ? size / 12 : SURFACES_READY;

    if (size >= LONG_TEXT)
        return size / 8;
    enough = enough < 512 ? 512 : enough;
    return enough < size / 32 ? size / 32 : enough;
}

/* Makes room for more surfaces, and as many forms and stems, of which
 * there are no more, with one behind the last.  0, or PRECIS_EINTERNAL. */
static int surfaces_grow(struct reader *r)
{
    struct document *d = r->document;
    size_t first = surfaces_first(d->size);
    /* many are seldom moved: then they are touched for the first time again */
    size_t times = r->room < SURFACES_READY ? 2 : 4;
    size_t wanted = r->room == 0 ? first : r->room * times;
    void *surfaces = grow(d->arena, d->surfaces, r->room, wanted,
                          sizeof *d->surfaces);
    struct stem *terms;

    if (surfaces == NULL)
        return PRECIS_EINTERNAL;
    d->surfaces = surfaces;
    if (r->room == 0 || !d->no_forms) {
        void *forms = grow(d->arena, d->forms, r->room, wanted,
                           sizeof *d->forms);
        if (forms == NULL)
            return PRECIS_EINTERNAL;
        d->forms = forms;
    }
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

/* Makes some of them ready to be written.  0, or PRECIS_EINTERNAL. */
static int surfaces_ready(struct reader *r)
{
    struct document *d = r->document;
    size_t more, from = d->surface_count;

    if (from + BATCH_WORDS >= r->room && surfaces_grow(r) != 0)
        return PRECIS_EINTERNAL;
    more = r->room - from;
    if (r->room > SURFACES_READY) {
        more = more < SURFACES_READY ? more : SURFACES_READY;
        pages_fill(d->surfaces + from, more * sizeof *d->surfaces);
        if (!d->no_forms)
            pages_fill(d->forms + d->form_count, more * sizeof *d->forms);
        pages_fill(d->stems + d->stem_count, more * sizeof *d->stems);
    }
    r->ready = from + more;
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

    if (d->forms_words > 0 && d->token_count > d->forms_words)
        d->no_forms = 1;
    if (d->surface_count + BATCH_WORDS >= r->ready && surfaces_ready(r) != 0)
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
    return is_a != 0 ? a : b;
}

/* Finds the record of any word.  0, or PRECIS_EINTERNAL. */
__attribute__((noinline))
static int record_search(struct reader *r, size_t i)
{
    size_t at = r->edges[2 * i], size = r->edges[2 * i + 1] - at;
    struct spelling spelling;

    spelling_of(r->vocabulary, r->text + at, size, &spelling);
    r->words.number[i] = record_find(r->vocabulary, &spelling, r->language);
    return r->words.number[i] == NONE ? PRECIS_EINTERNAL : 0;
}

/* Writes the tokens of the batch, and in r->fresh the words that are new.
 * Returns how many these are, or SIZE_MAX when out of memory. */
static size_t tokens_find(struct reader *r, size_t count)
{
    struct vocabulary *v = r->vocabulary;
    struct document *d = r->document;
    uint32_t *tokens = d->tokens + d->token_count;
    uint32_t first = (uint32_t) d->surface_count, epoch = v->epoch;
    uint32_t language = r->language;
    size_t fresh = 0;

    for (size_t i = 0; i < count; i++) {
        struct record *record = record_at(v, r->words.number[i]);
        uint32_t is_new;

        if (record->language != language
            || !spelling_is(record, r->words.spelling[i])) {
            if (record_search(r, i) != 0)
                return SIZE_MAX;
            record = record_at(v, r->words.number[i]);
        }
        is_new = record->surface.epoch != epoch;
        tokens[i] = chosen(is_new, first + (uint32_t) fresh,
                           record->surface.id);
        record->surface.id = tokens[i];
        record->surface.epoch = epoch;
        r->fresh[fresh].number = r->words.number[i];
        r->fresh[fresh].at = r->edges[2 * i];
        fresh += is_new;
    }
    return fresh;
}

/* Works out what new words are that no article has had yet, and fetches what
 * the others have in common.  0, or PRECIS_EINTERNAL. */
static int fresh_learn(struct reader *r, size_t fresh)
{
    struct vocabulary *v = r->vocabulary;
    struct learning learning = { .number = 0 };

    for (size_t i = 0; i < fresh; i++) {
        uint32_t number = r->fresh[i].number;
        const struct record *record = record_at(v, number);
        if ((record->flags & RECORD_KNOWN) == 0) {
            if (record_learn(v, r->document->language, number,
                             r->text + r->fresh[i].at, &learning)
                != 0)
                return PRECIS_EINTERNAL;
            record = record_at(v, number);
        }
        __builtin_prefetch(&v->stems[record->root], 1);
        __builtin_prefetch(record_at(v, record->fold), 1);
    }
    return learning_end(v, &learning);
}

/* What is written for a new word, each behind the last of its kind. */
struct output {
    struct surface *surface;
    struct form *form;
    struct stem *stem;
    uint32_t form_count, stem_count;
    uint32_t epoch;
};

/* The id of a word's stem, which may be new. */
static inline uint32_t stem_id(struct output *out, struct mark *mark)
{
    uint32_t is_new = mark->epoch != out->epoch;
    uint32_t id = chosen(is_new, out->stem_count, mark->id);

    *out->stem = (struct stem){ .first = NONE, .surface = NONE };
    mark->id = id;
    mark->epoch = out->epoch;
    out->stem_count += is_new;
    out->stem += is_new;
    return id;
}

/* The id of a word in small letters, which may be new. */
static inline uint32_t form_id(struct output *out, struct mark *mark,
                               const struct record *record, uint32_t stem,
                               const char *word)
{
    uint32_t is_new = mark->epoch != out->epoch;
    uint32_t is_form = record->form_text == NULL;
    uint32_t id = chosen(is_new, out->form_count, mark->id);
    struct form *form = out->form;

    form->stem = stem;
    form->row = record->row;
    form->size = chosen(is_form, record->size, record->form_size);
    form->text = is_form ? word : record->form_text;
    form->in_title = 0;
    form->letters = record->flags & RECORD_LETTERS;
    form->digit = (record->flags & RECORD_DIGIT) != 0;
    mark->id = id;
    mark->epoch = out->epoch;
    out->form_count += is_new;
    out->form += is_new;
    return id;
}

/* Says of the new words of a batch what they are: with their forms or not is
 * known where this is compiled. */
static inline void fresh_write_as(struct reader *r, size_t count,
                                  const int with_forms)
{
    const struct vocabulary *v = r->vocabulary;
    struct document *d = r->document;
    struct record *records = v->records;
    struct mark *stems = v->stems;
    const char *text = r->text;
    struct output out = {
        d->surfaces + d->surface_count, d->forms + d->form_count,
        d->stems + d->stem_count, (uint32_t) d->form_count,
        (uint32_t) d->stem_count, v->epoch,
    };

    for (size_t i = 0; i < count; i++, out.surface++) {
        const struct record *record = &records[r->fresh[i].number];
        const char *word = text + r->fresh[i].at;
        uint32_t stem = stem_id(&out, &stems[record->root]);
        out.surface->stem = stem;
        out.surface->form = 0;
        if (with_forms)
            out.surface->form = form_id(&out, &records[record->fold].form,
                                        record, stem, word);
        out.surface->size = record->size;
        out.surface->capital = (record->flags & RECORD_CAPITAL) != 0;
        out.surface->text = word;
    }
    d->surface_count += count;
    d->form_count = out.form_count;
    d->stem_count = out.stem_count;
}

static void fresh_write(struct reader *r, size_t count)
{
    if (r->document->no_forms)
        fresh_write_as(r, count, 0);
    else
        fresh_write_as(r, count, 1);
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
    if (fresh == SIZE_MAX || fresh_learn(r, fresh) != 0)
        return PRECIS_EINTERNAL;
    fresh_write(r, fresh);
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

/* Counts a word of a sentence, or of a heading before that one.  There is no
 * branch in what counts words, since no processor could foresee it: a function
 * word counts for the stem that no word has. */
static inline void count_word(struct stem *stem, uint32_t token,
                              uint32_t sentence)
{
    stem->count++;
    /* sentences are in order, and NONE is above all of them */
    stem->first = stem->first < sentence ? stem->first : sentence;
    stem->surface = stem->surface == NONE ? token : stem->surface;
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
    uint32_t sentence = (uint32_t) d->sentence_count;

    for (size_t i = 0; i < count; i++) {
        struct stem *stem = &terms[d->surfaces[tokens[i]].stem + 1];
        count_word(stem, tokens[i], sentence);
        stem->sentences += stem->seen != sentence + 1;
        stem->seen = sentence + 1;
    }
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

/* Counts the words of a sentence, and writes its terms. */
static void count_sentence(const struct document *d, struct stem *stems,
                           struct segment *segment, uint32_t sentence)
{
    const struct surface *surfaces = d->surfaces;
    const uint32_t *tokens = d->tokens + segment->token;
    uint32_t *terms = d->terms + segment->token, count = 0;

    for (uint32_t t = 0; t < segment->tokens; t++) {
        uint32_t term = surfaces[tokens[t]].stem + 1;
        struct stem *stem = &stems[term];
        uint32_t is_new = stem->seen != sentence + 1;
        count_word(stem, tokens[t], sentence);
        stem->sentences += is_new;
        stem->seen = sentence + 1;
        terms[count] = term;
        count += is_new & (uint32_t) (term != 0);
    }
    segment->terms = count;
}

/* The same without its terms; or of a sub-heading, which is no sentence: the
 * next one is. */
static void count_words(const struct document *d, struct stem *stems,
                        const struct segment *segment, uint32_t sentence)
{
    const uint32_t *tokens = d->tokens + segment->token;

    for (uint32_t t = 0; t < segment->tokens; t++)
        count_word(&stems[d->surfaces[tokens[t]].stem + 1], tokens[t],
                   sentence);
}

/* Makes room for the terms, where somebody asks for them.  0, or
 * PRECIS_EINTERNAL. */
static int terms_take(struct document *d)
{
    if (d->terms_above > 0 && d->token_count <= d->terms_above)
        return 0;
    d->terms = arena_take(d->arena, (d->token_count + 1) * sizeof *d->terms);
    return d->terms == NULL ? PRECIS_EINTERNAL : 0;
}

/* Counts the words of the segments.  0, or PRECIS_EINTERNAL. */
static int count_stems(struct reader *r)
{
    struct document *d = r->document;
    uint32_t sentence = 0;

    if (terms_take(d) != 0)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < d->segment_count; i++) {
        struct segment *segment = &d->segments[i];
        int is_sentence = segment->kind == PRECIS_SENTENCE;
        if (is_sentence && d->terms != NULL)
            count_sentence(d, r->terms, segment, sentence);
        else if (segment->kind != PRECIS_OTHER)
            count_words(d, r->terms, segment, sentence);
        if (is_sentence) {
            d->total_words += segment->tokens;
            sentence++;
        }
    }
    return 0;
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
        if (!d->no_forms) {
            d->forms[surface->form].in_title = 1;
            d->title[d->title_count++] = surface->form;
        }
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
    int code = vocabulary_begin(vocabulary, document->language,
                                document->size);

    r.vocabulary = vocabulary;
    r.document = document;
    r.language = (unsigned) (document->language - language_table);
    r.terms = NULL;
    r.room = r.ready = r.token_room = r.edge_count = 0;
    r.text = document->text;
    r.text_size = document->size;

    if (code == 0)
        code = read_segments(&r);
    if (code == 0)
        code = count_stems(&r);
    if (code == 0)
        code = read_rest(&r);
    if (code == 0 && options->title != NULL)
        code = read_title(&r, options->title, options->title_size);
    if (code == 0 && options->query != NULL)
        code = read_query(&r, options->query, options->query_size);
    vocabulary_end(vocabulary);
    return code;
}
