/* precis_request to a header frame. */
#include <config.h>

#include <string.h>

#include "clients/error.h"
#include "clients/precis-client.h"
#include "protocol/protocol.h"

const char *precis_client_version(void)
{
    return PACKAGE_VERSION;
}

void precis_request_init(precis_request *request)
{
    *request = (precis_request){.size = sizeof *request, .busy_tries = 3};
}

static int find_op(const char *name, enum op *op)
{
    unsigned i;

    for (i = 0; i < OP_COUNT; i++)
        if (strcmp(op_name((enum op) i), name) == 0) {
            *op = (enum op) i;
            return 0;
        }
    return -1;
}

static int find_limit(const precis_request *request, precis_options *options,
                      precis_error *error)
{
    const struct {
        enum precis_limit limit;
        size_t amount;
    } rows[] = {{PRECIS_LIMIT_SENTENCES, request->sentences},
                {PRECIS_LIMIT_WORDS, request->words},
                {PRECIS_LIMIT_CHARACTERS, request->characters},
                {PRECIS_LIMIT_PERCENT, request->percent}};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].amount == 0)
            continue;
        if (options->limit != PRECIS_LIMIT_AUTO)
            return error_set(error, PRECIS_EBAD_REQUEST, "sentences",
                             "one limit at most: sentences, words, "
                             "characters or percent");
        options->limit = rows[i].limit;
        options->amount = rows[i].amount;
    }
    return 0;
}

static int find_order(const char *name, precis_options *options,
                      precis_error *error)
{
    if (name == NULL || strcmp(name, "source") == 0)
        options->order = PRECIS_ORDER_SOURCE;
    else if (strcmp(name, "score") == 0)
        options->order = PRECIS_ORDER_SCORE;
    else
        return error_set(error, PRECIS_EBAD_REQUEST, "order",
                         "order must be source or score");
    return 0;
}

/* The wire's form of a request; `wire` borrows its strings. */
static int convert(const precis_request *request, const char *id,
                   struct request *wire, precis_error *error)
{
    precis_options *options = &wire->options;
    int code;

    request_init(wire);
    /* A larger struct is one of a newer library: the part known here is the
     * same. */
    if (request->size < sizeof *request)
        return error_set(error, PRECIS_EBAD_REQUEST, NULL,
                         "the request was not made by precis_request_init()");
    if (request->op != NULL && find_op(request->op, &wire->op) != 0)
        return error_set(error, PRECIS_EBAD_REQUEST, "op",
                         "no operation is called \"%.64s\"", request->op);
    if (request->timeout_ms > PRECIS_TIMEOUT_MS_MAX)
        return error_set(error, PRECIS_EBAD_REQUEST, "timeout_ms",
                         "timeout_ms must be 1 to %d", PRECIS_TIMEOUT_MS_MAX);
    if (id != NULL) {
        if (strlen(id) >= sizeof wire->id)
            return error_set(error, PRECIS_EBAD_REQUEST, "id",
                             "the id is longer than %d bytes",
                             PROTOCOL_ID_TEXT_MAX);
        memcpy(wire->id, id, strlen(id) + 1);
    }
    if (request->traceparent != NULL) {
        if (!trace_is_valid(request->traceparent))
            return error_set(error, PRECIS_EBAD_REQUEST, "traceparent",
                             "traceparent must be as in W3C's Trace Context");
        memcpy(wire->traceparent, request->traceparent,
               sizeof wire->traceparent);
    }
    wire->text = request->text;
    wire->timeout_ms = request->timeout_ms;
    options->language = request->language;
    options->charset = request->charset;
    options->method = request->method;
    options->title = request->title;
    options->title_size = request->title_size;
    options->query = request->query;
    options->query_size = request->query_size;
    options->explain = request->explain;
    options->terse = request->terse;
    options->no_quotes = request->no_quotes;
    options->no_questions = request->no_questions;
    options->compress = request->compress;
    options->keywords = request->keywords;
    code = find_order(request->order, options, error);
    if (code == 0)
        code = find_limit(request, options, error);
    return code;
}

int precis_request_format(const precis_request *request, const char *id,
                          char **header, size_t *size, precis_error *error)
{
    struct request wire;
    struct buffer out;
    int code = convert(request, id, &wire, error);

    if (code != 0)
        return code;
    buffer_init(&out);
    request_format(&wire, &out);
    if (out.failed) {
        buffer_clear(&out);
        return error_memory(error);
    }
    if (out.size > PROTOCOL_HEADER_MAX) {
        buffer_clear(&out);
        return error_set(error, PRECIS_EBAD_REQUEST, "title",
                         "title and query are too long");
    }
    *header = out.data;
    *size = out.size;
    return 0;
}
