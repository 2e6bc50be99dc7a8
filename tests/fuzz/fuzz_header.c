/* fuzz_header - request headers from anywhere.
 *
 * What is accepted must be written again, read again and be the same; the id
 * must be the very value that jansson sees; what is refused must give an error
 * reply that is JSON.  With libFuzzer:
 *
 *     clang-14 -g -O1 -fsanitize=fuzzer,address,undefined -DFUZZER \
 *         -I. -DPACKAGE_VERSION='"0"' -I<folder of config.h> \
 *         tests/fuzz/fuzz_header.c protocol/{buffer,code,json,protocol}.c \
 *         protocol/{refuse,request}.c -ljansson -o fuzz_header
 *     ./fuzz_header -max_len=1024 -dict=tests/fuzz/header.dict FOLDER
 *
 * Without -DFUZZER it replays the files that it is given.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/protocol.h"

#define CHECK(truth) ((truth) ? (void) 0 : check_failed(#truth, __LINE__))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_failed(const char *truth, int line)
{
    fprintf(stderr, "fuzz_header.c:%d: not true: %s\n", line, truth);
    abort();
}

static int same_text(const char *a, size_t a_size, const char *b, size_t b_size)
{
    return a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

static int same_name(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void check_same(const struct request *a, const struct request *b)
{
    const precis_options *x = &a->options, *y = &b->options;

    CHECK(strcmp(a->id, b->id) == 0);
    CHECK(a->op == b->op && a->text == b->text);
    CHECK(a->timeout_ms == b->timeout_ms);
    CHECK(same_name(x->language, y->language));
    CHECK(same_name(x->charset, y->charset));
    CHECK(same_name(x->method, y->method));
    CHECK(same_text(x->title, x->title_size, y->title, y->title_size));
    CHECK(same_text(x->query, x->query_size, y->query, y->query_size));
    CHECK(x->limit == y->limit && x->amount == y->amount);
    CHECK(x->order == y->order && x->explain == y->explain);
    CHECK(x->terse == y->terse && x->no_quotes == y->no_quotes);
    CHECK(x->no_questions == y->no_questions && x->compress == y->compress);
    CHECK(x->keywords == y->keywords);
}

static void check_id(const struct request *request)
{
    json_t *id = json_object_get(request->tree, "id");
    json_t *again;

    if (request->id[0] == '\0') {
        CHECK(id == NULL || json_is_null(id));
        return;
    }
    again = json_loads(request->id, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL,
                       NULL);
    CHECK(again != NULL && json_equal(id, again));
    json_decref(again);
}

static void check_accepted(const struct request *request)
{
    struct request again;
    struct buffer header;

    if (request->tree != NULL)
        check_id(request);
    buffer_init(&header);
    request_format(request, &header);
    CHECK(!header.failed);
    CHECK(request_parse(&again, header.data, header.size, NULL) == 0);
    check_same(request, &again);
    request_clear(&again);
    buffer_clear(&header);
}

static void check_refused(const struct request *request,
                          const precis_error *error, size_t size)
{
    struct buffer header;
    json_t *tree;

    CHECK(error->code == PRECIS_EBAD_REQUEST);
    CHECK(error->offset >= -1 && error->offset <= (long long) size);
    CHECK(error->message[0] != '\0');
    buffer_init(&header);
    reply_format_error(request, error, 0, &header);
    CHECK(!header.failed);
    tree = json_loadb(header.data, header.size,
                      JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, NULL);
    CHECK(tree != NULL);
    json_decref(tree);
    buffer_clear(&header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request request;
    struct frame token;
    precis_error error;

    /* first, what was not accepted must do it no harm */
    json_find_raw((const char *) data, size, "id", &token);
    if (request_parse(&request, data, size, &error) == 0)
        check_accepted(&request);
    else
        check_refused(&request, &error, size);
    request_clear(&request);
    return 0;
}

#ifndef FUZZER
static int replay(const char *name)
{
    static uint8_t data[PROTOCOL_HEADER_MAX + 2];
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
    int failed = 0, i;

    for (i = 1; i < argc; i++)
        failed |= replay(argv[i]);
    return failed != 0;
}
#endif
