/* engine.c - the stages in order; precis_summarize() reads like the design:
 * decode, split, words, score, select, compose. */
#include <config.h>

#include "engine/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/unicode.h"
#include "engine/compress.h"
#include "engine/pages.h"
#include "engine/result.h"
#include "engine/weights.h"

/* Here a stage ends: bench/staged.c, which compiles this file once more, puts
 * a stopwatch in its place. */
#ifndef STAGE_DONE
#define STAGE_DONE(stage)
#endif

struct precis_engine {
    struct arena arena;
    struct charset_cache *charsets;
    struct vocabulary *vocabulary;
    struct weights *weights;
    struct split_tables *split_tables;
    uint64_t languages; /* a bit for each whose tables were asked for */
    struct precis_result result;
};

const char *precis_version(void)
{
    return PACKAGE_VERSION;
}

const char *precis_method(size_t number)
{
    return number < method_count ? method_table[number].name : NULL;
}

const char *precis_language(size_t number)
{
    return number < language_count ? language_table[number].code : NULL;
}

const char *precis_language_name(size_t number)
{
    return number < language_count ? language_table[number].name : NULL;
}

const char *precis_charset(size_t number)
{
    return charset_name(number);
}

/* ---- errors ---- */

__attribute__((format(printf, 4, 5)))
static int fail(precis_error *error, int code, const char *key,
                const char *format, ...)
{
    va_list arguments;

    if (error == NULL)
        return code;
    error->code = code;
    error->offset = -1;
    snprintf(error->key, sizeof error->key, "%s", key);
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return code;
}

static int fail_memory(precis_error *error)
{
    return fail(error, PRECIS_EINTERNAL, "", "out of memory");
}

/* ---- options ---- */

void precis_options_init(precis_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

static int is_auto(const char *name)
{
    return name == NULL || strcmp(name, "auto") == 0;
}

/* "frequency, lead" into a buffer of the caller. */
static const char *names(const char *(*name)(size_t), char *list, size_t room)
{
    size_t used = 0;

    list[0] = '\0';
    for (size_t i = 0; name(i) != NULL; i++) {
        int n = snprintf(list + used, room - used, "%s%s",
                         i > 0 ? ", " : "", name(i));
        if (n < 0 || (size_t) n >= room - used)
            break;
        used += (size_t) n;
    }
    return list;
}

struct range {
    const char *key;
    size_t high;
};

/* By enum precis_limit. */
static const struct range ranges[] = {
    [PRECIS_LIMIT_AUTO] = { "", 0 },
    [PRECIS_LIMIT_SENTENCES] = { "sentences", PRECIS_CANDIDATES_MAX },
    [PRECIS_LIMIT_WORDS] = { "words", 10000000 },
    [PRECIS_LIMIT_CHARACTERS] = { "characters", 100000000 },
    [PRECIS_LIMIT_PERCENT] = { "percent", 100 },
};

static int limit_check(const precis_options *options, precis_error *error)
{
    const struct range *range;

    if ((unsigned) options->limit > PRECIS_LIMIT_PERCENT)
        return fail(error, PRECIS_EBAD_REQUEST, "limit", "unknown limit");
    range = &ranges[options->limit];
    if (options->limit != PRECIS_LIMIT_AUTO
        && (options->amount < 1 || options->amount > range->high))
        return fail(error, PRECIS_EBAD_REQUEST, range->key,
                    "%s must be a whole number from 1 to %zu", range->key,
                    range->high);
    if ((unsigned) options->order > PRECIS_ORDER_SCORE)
        return fail(error, PRECIS_EBAD_REQUEST, "order",
                    "order must be source or score");
    return 0;
}

/* An unknown name is quoted in the message, but for what is not printable
 * ASCII, and not at length. */
static const char *quoted(const char *name, char *out, size_t room)
{
    size_t i = 0;

    for (; name[i] != '\0' && i + 1 < room; i++)
        out[i] = (unsigned char) name[i] < 0x20
                         || (unsigned char) name[i] > 0x7E
                     ? '?'
                     : name[i];
    out[i] = '\0';
    return out;
}

int precis_options_check(const precis_options *options, precis_error *error)
{
    char list[400], name[32];

    if (options->size != sizeof *options)
        return fail(error, PRECIS_EBAD_REQUEST, "size",
                    "options were not filled by precis_options_init()");
    if (!is_auto(options->language)
        && language_find(options->language) == NULL)
        return fail(error, PRECIS_EBAD_REQUEST, "language",
                    "unknown language \"%s\"; allowed: auto, %s",
                    quoted(options->language, name, sizeof name),
                    names(precis_language, list, sizeof list));
    if (!is_auto(options->charset)) {
        int code = charset_check(options->charset, NULL, error);
        if (code != 0)
            return code;
    }
    if (options->method != NULL && method_find(options->method) == NULL)
        return fail(error, PRECIS_EBAD_REQUEST, "method",
                    "unknown method \"%s\"; allowed: %s",
                    quoted(options->method, name, sizeof name),
                    names(precis_method, list, sizeof list));
    if (options->title_size > PRECIS_TITLE_MAX)
        return fail(error, PRECIS_EBAD_REQUEST, "title",
                    "title must have at most %d bytes", PRECIS_TITLE_MAX);
    if (options->query_size > PRECIS_TITLE_MAX)
        return fail(error, PRECIS_EBAD_REQUEST, "query",
                    "query must have at most %d bytes", PRECIS_TITLE_MAX);
    if (options->keywords > PRECIS_KEYWORDS_MAX)
        return fail(error, PRECIS_EBAD_REQUEST, "keywords",
                    "keywords must be a whole number from 0 to %d",
                    PRECIS_KEYWORDS_MAX);
    return limit_check(options, error);
}

/* ---- the engine ---- */

int precis_engine_new(precis_engine **engine, precis_error *error)
{
    precis_engine *e = calloc(1, sizeof *e);

    if (e == NULL)
        return fail_memory(error);
    arena_init(&e->arena);
    e->charsets = charset_cache_new();
    e->vocabulary = vocabulary_new();
    e->weights = weights_new();
    e->split_tables = split_tables_new();
    if (e->charsets == NULL || e->vocabulary == NULL || e->weights == NULL
        || e->split_tables == NULL) {
        precis_engine_free(e);
        return fail_memory(error);
    }
    *engine = e;
    return 0;
}

void precis_engine_free(precis_engine *engine)
{
    if (engine == NULL)
        return;
    arena_clear(&engine->arena);
    charset_cache_free(engine->charsets);
    vocabulary_free(engine->vocabulary);
    weights_free(engine->weights);
    split_tables_free(engine->split_tables);
    free(engine);
}

static int check_size(size_t size, const precis_options *options,
                      precis_error *error)
{
    size_t limit = options->article_limit;

    if (limit == 0)
        limit = PRECIS_ARTICLE_LIMIT;
    if (limit > PRECIS_ARTICLE_LIMIT_MAX)
        limit = PRECIS_ARTICLE_LIMIT_MAX;
    if (size > limit)
        return fail(error, PRECIS_ETOO_LARGE, "",
                    "the article has more than the %zu bytes allowed", limit);
    return 0;
}

/* The title and the query come as UTF-8, composed like the text. */
static int read_hints(precis_engine *engine, precis_options *options,
                      precis_error *error)
{
    static const char *const keys[] = { "title", "query" };
    const char **texts[] = { &options->title, &options->query };
    size_t *sizes[] = { &options->title_size, &options->query_size };

    for (size_t i = 0; i < 2; i++) {
        struct decoded hint;
        int code;
        if (*texts[i] == NULL)
            continue;
        code = decode_strictly(engine->charsets, &engine->arena, *texts[i],
                               *sizes[i], "UTF-8", &hint, error);
        if (code != 0)
            return code;
        if (hint.replaced > 0)
            return fail(error, PRECIS_EBAD_REQUEST, keys[i],
                        "%s is not valid UTF-8 at byte %zu", keys[i],
                        hint.first_replaced);
        *texts[i] = hint.text;
        *sizes[i] = hint.size;
    }
    return 0;
}

static int is_blank(const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t c;
        utf8_next(text, size, &at, &c);
        if (!(unicode_class(c) & (CLASS_SPACE | CLASS_CONTROL | CLASS_FORMAT)))
            return 0;
    }
    return 1;
}

/* Below so many bytes a title says something about the language, too. */
#define SHORT_TEXT 400

/* What the text seems to be, declared or not. */
static int identify_text(struct precis_result *result,
                         const precis_options *options)
{
    struct document *d = &result->document;
    const char *declared = result->declared ? d->language->code : NULL;
    size_t title = options->title_size;
    char *both;

    if (d->size >= SHORT_TEXT || options->title == NULL || title == 0) {
        identify_declared(d->text, d->size, declared, &result->identified);
        return 0;
    }
    both = arena_take(d->arena, title + 1 + d->size);
    if (both == NULL)
        return PRECIS_EINTERNAL;
    memcpy(both, options->title, title);
    both[title] = '\n';
    memcpy(both + title + 1, d->text, d->size);
    identify_declared(both, title + 1 + d->size, declared,
                      &result->identified);
    return 0;
}

/* None of ours, and not for want of letters. */
static int is_unknown(const struct precis_result *result)
{
    return !result->declared && result->identified.letters > 0
           && strcmp(result->identified.language, LANGUAGE_NONE) == 0;
}

static int fail_unknown(const struct precis_result *result,
                        precis_error *error)
{
    const char *name = result->identified.looks_like;

    return fail(error, PRECIS_EUNKNOWN_LANGUAGE, "language",
                "the article is in none of our languages%s%s: declare one "
                "with -l, or -l und to summarize without stems",
                name == NULL ? "" : ", it looks like ",
                name == NULL ? "" : name);
}

/* The tables of a language that is new here will be read all over. */
static void meet(precis_engine *engine, const struct language *language)
{
    uint64_t bit = UINT64_C(1) << (language - language_table);

    if (!(engine->languages & bit))
        pages_read_language(language);
    engine->languages |= bit;
}

/* Stage 1, and which language the text is in. */
static int read_text(precis_engine *engine, const void *article, size_t size,
                     precis_options *options, precis_error *error)
{
    struct document *d = &engine->result.document;
    int code;

    arena_reset(&engine->arena);
    memset(&engine->result, 0, sizeof engine->result);
    d->arena = &engine->arena;
    d->weights = engine->weights;
    d->split_tables = engine->split_tables;
    code = check_size(size, options, error);
    if (code == 0)
        code = read_hints(engine, options, error);
    if (code == 0)
        code = decode(engine->charsets, &engine->arena, article, size,
                      is_auto(options->charset) ? NULL : options->charset,
                      &d->decoded, error);
    if (code != 0)
        return code;
    d->text = d->decoded.text;
    d->size = d->decoded.size;
    if (is_blank(d->text, d->size))
        return fail(error, PRECIS_EEMPTY, "", "the article is empty");
    STAGE_DONE(DECODE);
    engine->result.declared = !is_auto(options->language);
    if (engine->result.declared)
        d->language = language_find(options->language);
    if (identify_text(&engine->result, options) != 0)
        return fail_memory(error);
    if (!engine->result.declared)
        d->language = language_find(engine->result.identified.language);
    meet(engine, d->language);
    STAGE_DONE(DETECT);
    return 0;
}

/* The method that is asked for, which may not know the language. */
static const struct method *method_of(const precis_options *options,
                                      const struct language *language)
{
    if (options->method != NULL)
        return method_find(options->method);
    return strcmp(language->code, LANGUAGE_NONE) == 0
               ? method_find("frequency")
               : &method_table[0];
}

/* Whether there is a model for the method credits. */
static int is_trained(const struct language *language)
{
    return language->models[0].word_odds != NULL;
}

/* Stages 1 to 3: bytes to stems. */
static int prepare(precis_engine *engine, const void *article, size_t size,
                   precis_options *options, precis_error *error)
{
    struct document *d = &engine->result.document;
    int code = read_text(engine, article, size, options, error), is_credits;

    if (code != 0)
        return code;
    if (is_unknown(&engine->result))
        return fail_unknown(&engine->result, error);
    if (split_text(d) != 0)
        return fail_memory(error);
    STAGE_DONE(SPLIT);
    /* credits goes by words in small letters, and keywords do */
    is_credits = method_of(options, d->language)->score == score_credits;
    d->no_forms = !is_credits && options->keywords == 0;
    d->terms_above =
        is_credits && is_trained(d->language) ? CREDITS_WORDS_MAX : 0;
    d->forms_words = options->keywords == 0 ? CREDITS_WORDS_MAX : 0;
    if (read_words(engine->vocabulary, d, options) != 0)
        return fail_memory(error);
    STAGE_DONE(WORDS);
    return 0;
}

static int score_text(struct document *d, const struct method *method)
{
    size_t count = d->segment_count;

    d->scores = arena_take_array(d->arena, count, sizeof *d->scores);
    d->frequencies = arena_take_array(d->arena, count,
                                      sizeof *d->frequencies);
    d->positions = arena_take_array(d->arena, count, sizeof *d->positions);
    d->redundancies = arena_take_array(d->arena, count,
                                       sizeof *d->redundancies);
    d->ranks = arena_take_array(d->arena, count, sizeof *d->ranks);
    if (d->scores == NULL || d->frequencies == NULL || d->positions == NULL
        || d->redundancies == NULL || d->ranks == NULL)
        return PRECIS_EINTERNAL;
    return method->score(d);
}

int precis_summarize(precis_engine *engine, const void *article, size_t size,
                     const precis_options *options,
                     const precis_result **result, precis_error *error)
{
    struct document *d = &engine->result.document;
    precis_options own = *options;
    const struct method *method;
    size_t shortest = 0;
    int code = precis_options_check(options, error);

    if (code == 0)
        code = prepare(engine, article, size, &own, error);
    if (code != 0)
        return code;
    method = method_of(&own, d->language);
    if (method->score == score_credits) {
        int trained = is_trained(d->language);
        if (!trained && own.method != NULL)
            return fail(error, PRECIS_EUNSUPPORTED, "method",
                        "credits is not trained for the language %s",
                        d->language->code);
        d->too_long = d->token_count > CREDITS_WORDS_MAX;
        if (!trained || d->too_long)
            method = method_find("frequency");
    }
    if (score_text(d, method) != 0)
        return fail_memory(error);
    STAGE_DONE(SCORE);
    if (own.compress && d->credits != NULL
        && compress(d, d->credits) != 0)
        return fail_memory(error);
    code = select_sentences(d, method, &own, &shortest);
    if (code == PRECIS_EBAD_REQUEST && shortest == 0)
        return fail(error, code,
                    own.no_questions ? "no_questions" : "no_quotes",
                    "no sentence is left: all are questions or have "
                    "quotation marks");
    if (code == PRECIS_EBAD_REQUEST)
        return fail(error, code, ranges[own.limit].key,
                    "no sentence fits: the shortest has %zu %s", shortest,
                    own.limit == PRECIS_LIMIT_CHARACTERS ? "characters"
                                                         : "words");
    STAGE_DONE(SELECT);
    if (code != 0 || compose(&engine->result, method, &own) != 0
        || (own.keywords > 0
            && find_keywords(&engine->result, own.keywords) != 0))
        return fail_memory(error);
    STAGE_DONE(COMPOSE);
    *result = &engine->result;
    return 0;
}

int precis_segment(precis_engine *engine, const void *article, size_t size,
                   const precis_options *options,
                   const precis_result **result, precis_error *error)
{
    precis_options own = *options;
    int code = precis_options_check(options, error);

    if (code == 0)
        code = prepare(engine, article, size, &own, error);
    if (code != 0)
        return code;
    own.explain = 1;
    if (compose(&engine->result, NULL, &own) != 0)
        return fail_memory(error);
    *result = &engine->result;
    return 0;
}

int precis_detect(precis_engine *engine, const void *article, size_t size,
                  const precis_options *options, precis_detection *detection,
                  precis_error *error)
{
    const precis_result *result = &engine->result;
    precis_options own = *options;
    int code = precis_options_check(options, error);

    if (code == 0)
        code = read_text(engine, article, size, &own, error);
    if (code != 0)
        return code;
    detection->language = precis_result_language(result);
    detection->confidence = precis_result_language_confidence(result);
    detection->looks_like =
        is_unknown(result) ? result->identified.looks_like : NULL;
    detection->charset = precis_result_charset(result);
    detection->replaced = precis_result_replaced(result);
    return 0;
}
