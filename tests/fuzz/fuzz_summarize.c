/* fuzz_summarize - articles from anywhere, with any options.
 *
 * The first four bytes choose the limit, its amount, order, method and
 * language, the charset and what else is asked for; the rest is the article,
 * its first line the title, and maybe the query, where asked for.  What is true
 * of every result must hold, the same input give the same result on the same
 * engine and on a used one, precis_segment() find the same segments, and an
 * error be one that precis.h names.  With libFuzzer:
 *
 *     clang-14 -g -O1 -fsanitize=fuzzer,address,undefined -DFUZZER \
 *         -I. -I<build folder> tests/fuzz/fuzz_summarize.c \
 *         tests/engine/properties.c engine/?*.c stemmers/?*.c \
 *         <build folder>/stemmers/tables.c -lutf8proc -lstemmer -lm \
 *         -o fuzz_summarize
 *     ./fuzz_summarize -max_len=4096 -dict=tests/fuzz/summarize.dict FOLDER
 *
 * Without -DFUZZER it replays the files that it is given.
 */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/precis.h"
#include "tests/engine/properties.h"

#define CHECK(truth) ((truth) ? (void) 0 : failed(#truth, __LINE__))

#define HEAD 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void failed(const char *what, int line)
{
    fprintf(stderr, "fuzz_summarize.c:%d: not true: %s\n", line, what);
    abort();
}

static void choose(const uint8_t *head, precis_options *options)
{
    static const char *const charsets[] = {
        NULL,           NULL,     NULL,     "UTF-8",
        "windows-1252", "UTF-16", "UTF-32", "windows-1258",
    };
    static const size_t most[] = {1, 20000, 10000000, 100000000, 100};

    precis_options_init(options);
    options->language = head[2] >> 3 & 1 ? "auto" : "fr";
    options->limit = (enum precis_limit)(head[0] % 5);
    options->amount =
        head[1] == 0xFF ? most[options->limit] : head[1] % 100u + 1;
    options->order = (enum precis_order)(head[2] & 1);
    options->method = precis_method(head[2] >> 1 & 1);
    options->explain = head[2] >> 2 & 1;
    options->charset = charsets[head[3] % 8];
    options->compress = head[3] >> 3 & 1;
    options->no_quotes = head[3] >> 4 & 1;
    options->no_questions = head[3] >> 5 & 1;
    options->keywords = (head[3] >> 6 & 1) * (head[1] % PRECIS_KEYWORDS_MAX);
    options->terse = head[3] >> 7 & 1;
}

static void check_error(const precis_options *options, size_t size,
                        const precis_error *error)
{
    CHECK(error->code == PRECIS_EEMPTY || error->code == PRECIS_EBAD_REQUEST
          || error->code == PRECIS_EBAD_ENCODING
          || error->code == PRECIS_EUNKNOWN_LANGUAGE);
    CHECK(error->code == PRECIS_EBAD_ENCODING
              ? error->offset >= 0 && (unsigned long long) error->offset < size
              : error->offset == -1);
    CHECK(memchr(error->message, '\0', sizeof error->message) != NULL);
    CHECK(strlen(error->message) > 10 && strlen(error->message) < 200);
    if (error->code == PRECIS_EUNKNOWN_LANGUAGE) {
        CHECK(strcmp(options->language, "auto") == 0);
        return;
    }
    if (error->code == PRECIS_EEMPTY || error->code == PRECIS_EBAD_ENCODING
        || strcmp(error->key, "title") == 0)
        return;
    if (strcmp(error->key, "no_quotes") == 0
        || strcmp(error->key, "no_questions") == 0) {
        CHECK(options->no_quotes || options->no_questions);
        return;
    }
    CHECK(options->limit != PRECIS_LIMIT_AUTO
          && options->limit != PRECIS_LIMIT_SENTENCES);
}

static void check_keywords(const precis_result *result,
                           const precis_options *options)
{
    size_t count = precis_result_keyword_count(result);

    CHECK(count <= options->keywords);
    for (size_t i = 0; i < count; i++) {
        const precis_keyword *keyword = precis_result_keyword(result, i);
        CHECK(count_words(keyword->term, keyword->term_size) > 0);
        CHECK(keyword->count > 0);
        CHECK(keyword->score > 0 && keyword->score <= 1);
    }
}

/* What is remembered of a result while the engine makes the next. */
struct memory {
    char *summary;
    precis_sentence *segments;
    size_t size, count;
};

static void remember(const precis_result *result, struct memory *memory)
{
    const char *summary = precis_result_summary(result, &memory->size);

    memory->count = precis_result_segment_count(result);
    memory->summary = malloc(memory->size + 1);
    memory->segments = calloc(memory->count + 1, sizeof *memory->segments);
    CHECK(memory->summary != NULL && memory->segments != NULL);
    memcpy(memory->summary, summary, memory->size);
    for (size_t i = 0; i < memory->count; i++)
        memory->segments[i] = *precis_result_segment(result, i);
}

static void forget(struct memory *memory)
{
    free(memory->summary);
    free(memory->segments);
}

static void check_segments(const precis_result *result,
                           const struct memory *memory, int scored)
{
    CHECK(precis_result_segment_count(result) == memory->count);
    for (size_t i = 0; i < memory->count; i++) {
        const precis_sentence *a = precis_result_segment(result, i);
        const precis_sentence *b = &memory->segments[i];
        CHECK(a->kind == b->kind && a->index == b->index);
        CHECK(a->start == b->start && a->end == b->end);
        CHECK(a->char_start == b->char_start && a->char_end == b->char_end);
        CHECK(a->source_start == b->source_start
              && a->source_end == b->source_end);
        CHECK(a->words == b->words || (!scored && b->cut_count > 0));
        CHECK(!scored
              || (a->rank == b->rank
                  && memcmp(&a->score, &b->score, sizeof a->score) == 0));
    }
}

static void check_again(precis_engine *engine, const void *article, size_t size,
                        const precis_options *options,
                        const struct memory *memory)
{
    const precis_result *result;
    const char *summary, *broken;
    size_t length;

    CHECK(precis_summarize(engine, article, size, options, &result, NULL) == 0);
    summary = precis_result_summary(result, &length);
    CHECK(length == memory->size);
    CHECK(memcmp(summary, memory->summary, length) == 0);
    check_segments(result, memory, 1);
    CHECK(precis_segment(engine, article, size, options, &result, NULL) == 0);
    broken = properties_broken(result, options, size, 0);
    if (broken != NULL)
        failed(broken, __LINE__);
    if (options->explain)
        check_segments(result, memory, 0);
}

static void check_article(precis_engine *engine, const void *article,
                          size_t size, const precis_options *options)
{
    const precis_result *result = NULL;
    struct memory memory;
    const char *broken;
    precis_error error;

    if (precis_summarize(engine, article, size, options, &result, &error)
        != 0) {
        CHECK(result == NULL);
        check_error(options, size, &error);
        return;
    }
    broken = properties_broken(result, options, size, 1);
    if (broken != NULL)
        failed(broken, __LINE__);
    check_keywords(result, options);
    remember(result, &memory);
    check_again(engine, article, size, options, &memory);
    forget(&memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *head = data, *line;
    precis_options options;
    precis_engine *engine;

    if (size < HEAD)
        return 0;
    choose(head, &options);
    data += HEAD;
    size -= HEAD;
    line = size == 0 ? NULL : memchr(data, '\n', size);
    if ((head[2] & 8) != 0 && line != NULL) {
        options.title = (const char *) data;
        options.title_size = (size_t) (line - data);
        if (options.title_size > PRECIS_TITLE_MAX)
            options.title_size = PRECIS_TITLE_MAX;
        options.query = options.title;
        options.query_size = (head[2] & 16) != 0 ? options.title_size : 0;
        size -= (size_t) (line + 1 - data);
        data = line + 1;
    }
    CHECK(precis_engine_new(&engine, NULL) == 0);
    check_article(engine, data, size, &options);
    precis_engine_free(engine);
    return 0;
}

#ifndef FUZZER
/* In memory of just its size, so that a sanitizer sees a byte too many. */
static int replay(const char *name)
{
    static uint8_t data[1 << 20];
    FILE *file = fopen(name, "rb");
    uint8_t *copy;
    size_t size;

    if (file == NULL) {
        perror(name);
        return -1;
    }
    size = fread(data, 1, sizeof data, file);
    fclose(file);
    copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL)
        return -1;
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 0;
}

int main(int argc, char **argv)
{
    int wrong = 0;

    for (int i = 1; i < argc; i++)
        wrong |= replay(argv[i]);
    return wrong != 0;
}
#endif
