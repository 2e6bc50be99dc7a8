#include <config.h>

#include "bench/credits/corpus.h"

#include <err.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bench/credits/input.h"
#include "bench/credits/rouge.h"
#include "engine/unicode.h"

/* Turns go by this stride, a prime far from any number of articles a day, or
 * by the next number that meets every article once. */
#define STRIDE 7919

void corpus_init(struct corpus *corpus, const char *language, int with_title,
                 int neutral)
{
    memset(corpus, 0, sizeof *corpus);
    corpus->language = language_find(language);
    if (corpus->language == NULL)
        errx(1, "unknown language %s", language);
    corpus->with_title = with_title;
    corpus->neutral = neutral;
    arena_init(&corpus->arena);
    corpus->charsets = charset_cache_new();
    corpus->vocabulary = vocabulary_new();
    if (corpus->charsets == NULL || corpus->vocabulary == NULL)
        err(1, NULL);
}

void corpus_clear(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->count; i++) {
        struct article *article = &corpus->articles[i];
        free(article->words);
        free(article->pairs);
        free(article->word_hits);
        free(article->pair_hits);
        free(article->abstract);
        free(article->places);
        free(article->units);
    }
    free(corpus->articles);
    names_clear(&corpus->words);
    names_clear(&corpus->pairs);
    arena_clear(&corpus->arena);
    charset_cache_free(corpus->charsets);
    vocabulary_free(corpus->vocabulary);
}

/* ---- the engine's stages ---- */

/* A text of the line as the engine sees it: in NFC, in the corpus's arena. */
static struct decoded text_read(struct corpus *corpus, const json_t *record,
                                const char *key)
{
    const json_t *value = json_object_get(record, key);
    size_t size = json_string_length(value);
    char *copy = arena_take(&corpus->arena, size);
    struct decoded text;
    precis_error error;

    if (copy == NULL)
        err(1, NULL);
    if (size > 0)
        memcpy(copy, json_string_value(value), size);
    if (decode(corpus->charsets, &corpus->arena, copy, size, "UTF-8", &text,
               &error)
        != 0)
        errx(1, "%s: %s", key, error.message);
    return text;
}

/* Is it one of the articles that are read with their abstract in front?  They
 * are spread evenly over the corpus. */
static int has_lead(const struct corpus *corpus, size_t number)
{
    return number * corpus->leads / 100 != (number + 1) * corpus->leads / 100;
}

/* The article behind its abstract. */
static struct decoded lead_read(struct corpus *corpus, const json_t *record)
{
    struct decoded lead = text_read(corpus, record, "abstract");
    struct decoded text = text_read(corpus, record, "article");
    char *joined = arena_take(&corpus->arena, lead.size + text.size + 2);

    if (joined == NULL)
        err(1, NULL);
    memcpy(joined, lead.text, lead.size);
    memcpy(joined + lead.size, "\n\n", 2);
    memcpy(joined + lead.size + 2, text.text, text.size);
    text.text = joined;
    text.size += lead.size + 2;
    return text;
}

static void document_read(struct corpus *corpus, struct article *article,
                          const json_t *record)
{
    struct document *d = &article->document;
    precis_options options;

    precis_options_init(&options);
    if (corpus->with_title) {
        struct decoded title = text_read(corpus, record, "title");
        options.title = title.text;
        options.title_size = title.size;
    }
    d->arena = &corpus->arena;
    d->language = corpus->language;
    d->decoded = has_lead(corpus, corpus->count - 1)
                     ? lead_read(corpus, record)
                     : text_read(corpus, record, "article");
    d->text = d->decoded.text;
    d->size = d->decoded.size;
    if (split_text(d) != 0 || read_words(corpus->vocabulary, d, &options) != 0
        || credits_collect(d, &article->facts, corpus->neutral, 1) != 0)
        err(1, NULL);
}

static void units_read(struct article *article)
{
    struct document *d = &article->document;
    struct selector selector = {.document = d};

    /* units have scores; these are given later */
    d->scores =
        arena_take_array(d->arena, d->segment_count + 1, sizeof *d->scores);
    if (d->scores == NULL || find_units(&selector) != 0)
        err(1, NULL);
    find_pairs(&selector);
    article->units = take(selector.count, sizeof *article->units);
    for (size_t i = 0; i < selector.count; i++)
        if (unit_is_whole(&selector, &selector.units[i])
            && selector.units[i].words > 0)
            article->units[article->unit_count++] = selector.units[i];
}

static void numbers_give(struct corpus *corpus, struct article *article)
{
    const struct document *d = &article->document;
    const struct credit_facts *facts = &article->facts;

    article->words = take(d->form_count, sizeof *article->words);
    article->pairs = take(facts->pair_count, sizeof *article->pairs);
    for (size_t i = 0; i < d->form_count; i++)
        article->words[i] = facts->words[i].count == 0
                                ? NONE
                                : names_number(&corpus->words, d->forms[i].text,
                                               d->forms[i].size);
    for (size_t i = 0; i < facts->pair_count; i++) {
        uint32_t key[2] = {article->words[facts->pairs[i].x],
                           article->words[facts->pairs[i].y]};
        article->pairs[i] = names_number(&corpus->pairs, key, sizeof key);
    }
}

/* ---- the abstract ---- */

/* The words of the abstract in small letters, as words.c finds them. */
static size_t abstract_split(const struct decoded *text, struct name *words)
{
    size_t at = 0, count = 0, begin = 0;
    int inside = 0;

    while (at <= text->size && count < ROUGE_MAX) {
        size_t here = at;
        uint32_t c = ' ';
        int letter;
        if (at == text->size)
            at++; /* ends the last word */
        else
            utf8_next(text->text, text->size, &at, &c);
        letter =
            (unicode_class(c) & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT)) != 0;
        if (letter && !inside)
            begin = here;
        if (!letter && inside) {
            size_t room = (here - begin) * 3 / 2 + 1;
            char *word = take(room, 1);
            words[count].size = (uint32_t) unicode_fold(
                text->text + begin, here - begin, word, room);
            words[count++].text = word;
        }
        inside = letter;
    }
    return count;
}

static int same_word(const struct name *word, const char *text, size_t size)
{
    return word->size == size && memcmp(word->text, text, size) == 0;
}

/* Where in the abstract a word stands first, + 1; 0: nowhere. */
static uint16_t place_of(const struct name *words, size_t count,
                         const char *text, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (same_word(&words[i], text, size))
            return (uint16_t) (i + 1);
    return 0;
}

static void abstract_read(struct article *article, const struct decoded *text)
{
    const struct document *d = &article->document;
    struct name *words = take(ROUGE_MAX, sizeof *words);
    size_t count = abstract_split(text, words);

    article->abstract = take(count, sizeof *article->abstract);
    article->abstract_words = count;
    for (size_t i = 0; i < count; i++)
        article->abstract[i] =
            place_of(words, count, words[i].text, words[i].size);
    article->places = take(d->form_count, sizeof *article->places);
    for (size_t i = 0; i < d->form_count; i++)
        article->places[i] =
            place_of(words, count, d->forms[i].text, d->forms[i].size);
    for (size_t i = 0; i < count; i++)
        free((char *) words[i].text);
    free(words);
}

/* What is to be foretold: which words and pairs the abstract has. */
static void hits_find(struct article *article)
{
    const struct credit_facts *facts = &article->facts;
    const uint16_t *abstract = article->abstract;
    size_t forms = article->document.form_count;

    article->word_hits = take(forms, 1);
    article->pair_hits = take(facts->pair_count, 1);
    for (size_t i = 0; i < forms; i++)
        for (size_t k = 0; k < article->abstract_words; k++)
            if (abstract[k] == article->places[i] && article->word_hits[i] < 3)
                article->word_hits[i]++;
    for (size_t i = 0; i < facts->pair_count; i++)
        for (size_t k = 1; k < article->abstract_words; k++)
            if (abstract[k - 1] == article->places[facts->pairs[i].x]
                && abstract[k] == article->places[facts->pairs[i].y])
                article->pair_hits[i] = 1;
}

/* ---- the corpus ---- */

static void article_read(struct corpus *corpus, const json_t *record)
{
    struct article *article;
    struct decoded abstract;
    const char *date = json_string_value(json_object_get(record, "date"));

    if (corpus->count == corpus->room) {
        corpus->room = corpus->room == 0 ? 1024 : corpus->room * 2;
        corpus->articles =
            take_more(corpus->articles, corpus->room, sizeof *corpus->articles);
    }
    article = &corpus->articles[corpus->count++];
    memset(article, 0, sizeof *article);
    article->fold = -1;
    document_read(corpus, article, record);
    units_read(article);
    numbers_give(corpus, article);
    abstract = text_read(corpus, record, "abstract");
    abstract_read(article, &abstract);
    hits_find(article);
    if (date != NULL && strlen(date) == sizeof corpus->newest - 1
        && strcmp(date, corpus->newest) > 0)
        memcpy(corpus->newest, date, sizeof corpus->newest);
}

void corpus_read(struct corpus *corpus, const char *dir, const char *name)
{
    struct input input;
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t size;

    input_open(&input, dir, name);
    while ((size = getline(&line, &room, input.file)) > 0) {
        json_error_t error;
        json_t *record = json_loadb(line, (size_t) size, 0, &error);
        number++;
        if (record == NULL)
            errx(1, "%s:%zu: %s", input.path, number, error.text);
        if (!json_is_string(json_object_get(record, "article"))
            || !json_is_string(json_object_get(record, "abstract")))
            errx(1, "%s:%zu: no \"article\" or \"abstract\"", input.path,
                 number);
        article_read(corpus, record);
        json_decref(record);
    }
    free(line);
    input_close(&input);
}

void corpus_deal(struct corpus *corpus, size_t count)
{
    corpus->trained = count;
    for (size_t i = 0; i < count; i++)
        corpus->articles[i].fold = (int) (i % FOLDS);
}

static size_t common_divisor(size_t a, size_t b)
{
    while (b != 0) {
        size_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

struct article *corpus_turn(const struct corpus *corpus, size_t turn)
{
    size_t stride = STRIDE;

    while (common_divisor(stride, corpus->trained) != 1)
        stride++;
    return &corpus->articles[turn * stride % corpus->trained];
}
