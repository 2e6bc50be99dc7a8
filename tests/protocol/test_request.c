/* protocol/request.c: request headers, good and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/protocol.h"

/* Parses a header that stands in memory of its own, without a NUL. */
static int parse(struct request *request, const char *header, size_t size,
                 precis_error *error)
{
    char *bytes = malloc(size == 0 ? 1 : size);
    int status;

    assert_non_null(bytes);
    memcpy(bytes, header, size);
    memset(error, 0x55, sizeof *error);
    status = request_parse(request, bytes, size, error);
    free(bytes);
    return status;
}

static void assert_defaults(const struct request *request)
{
    struct request initial;

    request_init(&initial);
    initial.tree = request->tree;
    assert_int_equal(request->op, initial.op);
    assert_string_equal(request->id, ""); /* behind its NUL stands anything */
    assert_memory_equal(&request->options, &initial.options,
                        sizeof initial - offsetof(struct request, options));
}

static void nothing_means_defaults(void **state)
{
    static const char *const headers[] = {
        "",
        "{}",
        " { } ",
        "{\"id\":null,\"op\":null,\"sentences\":null}",
        "{\"unknown\":[1,{\"a\":null}],\"x\":\"\\u0000\"}",
        "{\"op\":\"summarize\",\"language\":\"auto\",\"charset\":\"auto\","
        "\"order\":\"source\",\"terse\":false,\"no_quotes\":false,"
        "\"no_questions\":false,\"compress\":false,\"keywords\":0,"
        "\"explain\":false,\"text\":false,"
        "\"title\":\"\",\"query\":\"\",\"method\":\"auto\"}",
    };
    struct request request;
    precis_error error;
    size_t i;

    (void) state;
    for (i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        assert_int_equal(
            parse(&request, headers[i], strlen(headers[i]), &error), 0);
        assert_defaults(&request);
        assert_int_equal(request.options.size, sizeof request.options);
        request_clear(&request);
    }
    request_clear(&request); /* twice is allowed */
    assert_int_equal(request_parse(&request, NULL, 0, NULL), 0);
}

static void every_key_is_read(void **state)
{
    static const char header[] =
        "{\"id\":\"a\",\"op\":\"segment\",\"language\":\"fr\","
        "\"charset\":\"ISO-8859-1\",\"title\":\"\\u00e9t\xC3\xA9\","
        "\"words\":120,\"method\":\"lead\",\"order\":\"score\","
        "\"query\":\"la crue\",\"terse\":true,\"no_quotes\":true,"
        "\"no_questions\":true,\"compress\":true,\"keywords\":50,"
        "\"explain\":true,\"text\":true,"
        "\"timeout_ms\":600000}";
    struct request request;
    precis_error error;

    (void) state;
    assert_int_equal(parse(&request, header, sizeof header - 1, &error), 0);
    assert_string_equal(request.id, "\"a\"");
    assert_int_equal(request.op, OP_SEGMENT);
    assert_string_equal(request.options.language, "fr");
    assert_string_equal(request.options.charset, "ISO-8859-1");
    assert_string_equal(request.options.method, "lead");
    assert_int_equal(request.options.title_size, 5);
    assert_memory_equal(request.options.title, "\xC3\xA9t\xC3\xA9", 5);
    assert_int_equal(request.options.query_size, 7);
    assert_memory_equal(request.options.query, "la crue", 7);
    assert_int_equal(request.options.limit, PRECIS_LIMIT_WORDS);
    assert_int_equal(request.options.amount, 120);
    assert_int_equal(request.options.order, PRECIS_ORDER_SCORE);
    assert_int_equal(request.options.article_limit, 0);
    assert_true(request.options.terse);
    assert_true(request.options.no_quotes);
    assert_true(request.options.no_questions);
    assert_true(request.options.compress);
    assert_int_equal(request.options.keywords, 50);
    assert_true(request.options.explain);
    assert_true(request.text);
    assert_int_equal(request.timeout_ms, 600000);
    request_clear(&request);
    assert_defaults(&request);
}

static void every_op_has_a_name(void **state)
{
    char header[64];
    int op;

    (void) state;
    for (op = 0; op < OP_COUNT; op++) {
        struct request request;
        precis_error error;

        snprintf(header, sizeof header, "{\"op\":\"%s\"}",
                 op_name((enum op) op));
        assert_int_equal(parse(&request, header, strlen(header), &error), 0);
        assert_int_equal(request.op, op);
        request_clear(&request);
    }
}

static const struct {
    const char *value;
    enum precis_limit limit;
    size_t amount;
} limits[] = {
    {"\"sentences\":1", PRECIS_LIMIT_SENTENCES, 1},
    {"\"sentences\":20000", PRECIS_LIMIT_SENTENCES, 20000},
    {"\"sentences\":3.0", PRECIS_LIMIT_SENTENCES, 3},
    {"\"sentences\":3e2", PRECIS_LIMIT_SENTENCES, 300},
    {"\"words\":10000000", PRECIS_LIMIT_WORDS, 10000000},
    {"\"characters\":100000000", PRECIS_LIMIT_CHARACTERS, 100000000},
    {"\"percent\":100", PRECIS_LIMIT_PERCENT, 100},
    {"\"percent\":20,\"words\":null", PRECIS_LIMIT_PERCENT, 20},
};

static void limits_are_read(void **state)
{
    char header[128];
    size_t i;

    (void) state;
    for (i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct request request;
        precis_error error;

        snprintf(header, sizeof header, "{%s}", limits[i].value);
        assert_int_equal(parse(&request, header, strlen(header), &error), 0);
        assert_int_equal(request.options.limit, limits[i].limit);
        assert_int_equal(request.options.amount, limits[i].amount);
        request_clear(&request);
    }
}

/* A header that is refused, the key named, a piece of the message. */
static const struct {
    const char *header, *key, *message;
} refusals[] = {
    {"{\"sentences\":0}", "sentences",
     "sentences must be a whole number from 1 to 20000"},
    {"{\"sentences\":20001}", "sentences", "from 1 to 20000"},
    {"{\"sentences\":-1}", "sentences", "from 1 to 20000"},
    {"{\"sentences\":1.5}", "sentences", "from 1 to 20000"},
    {"{\"sentences\":\"3\"}", "sentences", "from 1 to 20000"},
    {"{\"sentences\":[3]}", "sentences", "from 1 to 20000"},
    {"{\"sentences\":true}", "sentences", "from 1 to 20000"},
    {"{\"sentences\":18446744073709551616}", "sentences", "to 20000"},
    {"{\"sentences\":18446744073709551617}", "sentences", "to 20000"},
    {"{\"sentences\":4294967297}", "sentences", "to 20000"},
    {"{\"sentences\":1e300}", "sentences", "to 20000"},
    {"{\"words\":10000001}", "words", "from 1 to 10000000"},
    {"{\"characters\":100000001}", "characters", "from 1 to 100000000"},
    {"{\"percent\":101}", "percent", "from 1 to 100"},
    {"{\"percent\":1,\"sentences\":1}", "percent", "only one of"},
    {"{\"timeout_ms\":0}", "timeout_ms", "from 1 to 600000"},
    {"{\"traceparent\":1}", "traceparent", "Trace Context"},
    {"{\"traceparent\":\"\"}", "traceparent", "Trace Context"},
    {"{\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-"
     "b7ad6b7169203331-0\"}",
     "traceparent", "Trace Context"},
    {"{\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-"
     "b7ad6b7169203331-01-\"}",
     "traceparent", "Trace Context"},
    {"{\"traceparent\":\"00-0AF7651916CD43DD8448EB211C80319C-"
     "B7AD6B7169203331-01\"}",
     "traceparent", "Trace Context"},
    {"{\"traceparent\":\"ff-0af7651916cd43dd8448eb211c80319c-"
     "b7ad6b7169203331-01\"}",
     "traceparent", "Trace Context"},
    {"{\"traceparent\":\"00-00000000000000000000000000000000-"
     "b7ad6b7169203331-01\"}",
     "traceparent", "Trace Context"},
    {"{\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-"
     "0000000000000000-01\"}",
     "traceparent", "Trace Context"},
    {"{\"timeout_ms\":600001}", "timeout_ms", "from 1 to 600000"},
    {"{\"op\":\"sumarize\"}", "op", "op must be one of summarize"},
    {"{\"op\":7}", "op", "op must be one of"},
    {"{\"op\":\"ping\\u0000\"}", "op", "op must be one of"},
    {"{\"op\":\"\"}", "op", "op must be one of"},
    {"{\"order\":\"random\"}", "order", "source, score"},
    {"{\"order\":1}", "order", "source, score"},
    {"{\"keywords\":51}", "keywords",
     "keywords must be a whole number from 0 to 50"},
    {"{\"keywords\":-1}", "keywords", "from 0 to 50"},
    {"{\"keywords\":0.5}", "keywords", "from 0 to 50"},
    {"{\"keywords\":\"\"}", "keywords", "from 0 to 50"},
    {"{\"keywords\":false}", "keywords", "from 0 to 50"},
    {"{\"terse\":1}", "terse", "terse must be true or false"},
    {"{\"no_quotes\":0}", "no_quotes", "must be true or false"},
    {"{\"no_questions\":\"\"}", "no_questions", "must be true or false"},
    {"{\"compress\":\"yes\"}", "compress", "must be true or false"},
    {"{\"explain\":1}", "explain", "explain must be true or false"},
    {"{\"text\":\"true\"}", "text", "text must be true or false"},
    {"{\"language\":3}", "language", "printable ASCII"},
    {"{\"language\":\"\"}", "language", "printable ASCII"},
    {"{\"language\":\"f\\u0000r\"}", "language", "printable ASCII"},
    {"{\"language\":\"f\\u001br\"}", "language", "printable ASCII"},
    {"{\"charset\":\"\xC3\xA9\"}", "charset", "printable ASCII"},
    {"{\"charset\":\"UTF 8\"}", "charset", "printable ASCII"},
    {"{\"method\":{}}", "method", "printable ASCII"},
    {"{\"title\":1}", "title", "title must be a text of at most 4096"},
    {"{\"title\":\"a\\u0000b\"}", "title", "without U+0000"},
    {"{\"query\":false}", "query", "query must be a text"},
    {"{\"id\":true}", "id", "id must be a string"},
    {"{\"id\":[1]}", "id", "id must be a string"},
    {"{\"id\":{}}", "id", "id must be a string"},
    {"{\"id\":\"a\\u0000\"}", "id", "id must be a string"},
    {"{\"id\":\"a\x7F\"}", "id", "control characters escaped"},
    {"{\"id\":\"a\xC2\x9B[31m\"}", "id", "control characters escaped"},
    {"{\"id\":1234567890123456789012345678901234567890123456789012345678901"
     "2345}",
     "id", "at most 64"},
};

static void wrong_values_are_named(void **state)
{
    size_t i;

    (void) state;
    for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct request request;
        precis_error error;

        assert_int_equal(parse(&request, refusals[i].header,
                               strlen(refusals[i].header), &error),
                         PRECIS_EBAD_REQUEST);
        assert_int_equal(error.code, PRECIS_EBAD_REQUEST);
        assert_int_equal(error.offset, -1);
        assert_string_equal(error.key, refusals[i].key);
        assert_non_null(strstr(error.message, refusals[i].message));
        request_clear(&request);
    }
}

/* A header that is no JSON of ours, and where (-1: not said; -2: jansson says,
 * more or less). */
static const struct {
    const char *header;
    size_t size; /* 0: up to the NUL */
    int offset;
    const char *message;
} garbage[] = {
    {"nonsense", 0, -2, "not JSON"},
    {"{\"a\":1", 0, 6, "ends too early"},
    {"{\"a\":", 0, 5, "ends too early"},
    {"{", 0, 1, "ends too early"},
    {"   ", 0, -2, ""},
    {"{'a':1}", 0, -2, "not JSON"},
    {"{\"a\":1,}", 0, -2, "not JSON"},
    {"{\"a\":01}", 0, -2, "not JSON"},
    {"{\"a\":NaN}", 0, -2, "not JSON"},
    {"{\"a\":+1}", 0, -2, "not JSON"},
    {"{\"a\":nul}", 0, -2, "not JSON"},
    {"{\"a\":\"\n\"}", 0, -2, "not JSON"},
    {"{\"a\":\"\\x\"}", 0, -2, "not JSON"},
    {"{\"a\":\"\\ud800\"}", 0, -2, "not JSON"},
    {"{\"a\":\"\\udc00\"}", 0, -2, "not JSON"},
    {"{\"a\":\"\\ud800\\ud800\"}", 0, -2, "not JSON"},
    {"{\"a\":1} x", 0, -2, "behind its JSON object"},
    {"{}{}", 0, -2, "behind its JSON object"},
    {"{}\0", 3, -2, "behind its JSON object"},
    {"\0", 1, -2, "not JSON"},
    {"{\"a\":1,\"a\":2}", 0, -2, "stands twice"},
    {"{\"a\":{\"b\":1,\"b\":1}}", 0, -2, "stands twice"},
    {"{\"id\":1e999}", 0, -2, "too large"},
    {"{\"x\":-1e999}", 0, -2, "too large"},
    {"{\"a\\u0000\":1}", 0, -2, "U+0000"},
    {"{\"a\":\"\xFF\"}", 0, -2, "not valid UTF-8"},
    {"{\"a\":\"\xC0\xAF\"}", 0, -2, "not valid UTF-8"},
    {"{\"a\":\"\xED\xA0\x80\"}", 0, -2, "not valid UTF-8"},
    {"{\"a\":\"\xF4\x90\x80\x80\"}", 0, -2, "not valid UTF-8"},
    {"{\"a\":\"\xC3", 0, -2, "not valid UTF-8"},
    {"\xEF\xBB\xBF{}", 0, -2, "not JSON"},
    {"[]", 0, -1, "must be a JSON object"},
    {"1", 0, -2, "not JSON"},
    {"\"{}\"", 0, -2, "not JSON"},
    {"null", 0, -2, "not JSON"},
    {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", 0, 16, "nested too deep"},
    {"{\"a\":[[[[[[[[[[[[[[[[[[[[[[[", 0, 20, "nested too deep"},
};

static void garbage_is_refused(void **state)
{
    size_t i;

    (void) state;
    for (i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        size_t size =
            garbage[i].size != 0 ? garbage[i].size : strlen(garbage[i].header);
        struct request request;
        precis_error error;

        assert_int_equal(parse(&request, garbage[i].header, size, &error),
                         PRECIS_EBAD_REQUEST);
        assert_string_equal(error.key, "");
        assert_string_equal(request.id, "");
        if (strstr(error.message, garbage[i].message) == NULL)
            fail_msg("%s: %s", garbage[i].header, error.message);
        if (garbage[i].offset == -2)
            assert_in_range(error.offset, 0, size);
        else if (error.offset != garbage[i].offset)
            fail_msg("%s: offset %lld", garbage[i].header, error.offset);
        request_clear(&request);
    }
}

static const char *const good_ids[] = {
    "0",
    "-1",
    "17",
    "1e3",
    "1.50",
    "1E+2",
    "12345678901234567890",
    "123456789012345678901234567890123456789012345678901234567890",
    "\"\"",
    "\"afp-17\"",
    "\"\xC3\xA9\\u00e9\\n\"",
    "\"\\u001b[31m\\u007f\"",
    "\"\\ud83c\\udf27\\\\\\\"}\"",
    "\"{\\\"id\\\":2}\"",
};

static void ids_come_back_as_they_were_written(void **state)
{
    char header[256];
    size_t i;

    (void) state;
    for (i = 0; i < sizeof good_ids / sizeof good_ids[0]; i++) {
        struct request request;
        struct buffer buffer;
        precis_error error;

        snprintf(header, sizeof header,
                 "{\"x\":{\"id\":0},\"id\" : %s ,\"sentences\":2}",
                 good_ids[i]);
        assert_int_equal(parse(&request, header, strlen(header), &error), 0);
        assert_string_equal(request.id, good_ids[i]);
        buffer_init(&buffer);
        request_format(&request, &buffer);
        buffer_add(&buffer, "", 1);
        snprintf(header, sizeof header, "{\"id\":%s,\"sentences\":2}",
                 good_ids[i]);
        assert_string_equal(buffer.data, header);
        buffer_clear(&buffer);
        request_clear(&request);
    }
}

/* {"KEY":"xxx..."} with `count` pieces. */
static size_t long_header(char *header, size_t room, const char *key,
                          const char *piece, size_t count)
{
    size_t size = (size_t) snprintf(header, room, "{\"%s\":\"", key);

    while (count-- > 0)
        size += (size_t) snprintf(header + size, room - size, "%s", piece);
    size += (size_t) snprintf(header + size, room - size, "\"}");
    assert_true(size < room);
    return size;
}

static void lengths_are_bounded(void **state)
{
    static const struct {
        const char *key, *piece;
        size_t count;
        int status;
    } rows[] = {
        {"id", "x", 256, 0},
        {"id", "x", 257, PRECIS_EBAD_REQUEST},
        {"id", "\\u0061", 256, 0},
        {"id", "\\u0061", 257, PRECIS_EBAD_REQUEST},
        {"id", "\xC3\xA9", 128, 0},
        {"id", "\xC3\xA9", 129, PRECIS_EBAD_REQUEST},
        {"title", "x", 4096, 0},
        {"title", "x", 4097, PRECIS_EBAD_REQUEST},
        {"title", "\\u00e9", 2048, 0},
        {"title", "\\u00e9", 2049, PRECIS_EBAD_REQUEST},
        {"query", "x", 4096, 0},
        {"query", "x", 4097, PRECIS_EBAD_REQUEST},
        {"language", "x", 64, 0},
        {"language", "x", 65, PRECIS_EBAD_REQUEST},
        {"ignored", "x", 65536 - 14, 0},
        {"ignored", "x", 65536 - 13, PRECIS_EBAD_REQUEST},
    };
    static char header[70000];
    size_t i;

    (void) state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request;
        precis_error error;
        size_t size = long_header(header, sizeof header, rows[i].key,
                                  rows[i].piece, rows[i].count);

        assert_int_equal(parse(&request, header, size, &error), rows[i].status);
        request_clear(&request);
    }
}

static void keys_are_bounded(void **state)
{
    char header[2048];
    int count;

    (void) state;
    for (count = 63; count <= 64; count++) {
        size_t size = (size_t) snprintf(header, sizeof header, "{\"id\":5");
        struct request request;
        precis_error error;
        int i, status;

        for (i = 0; i < count; i++)
            size += (size_t) snprintf(header + size, sizeof header - size,
                                      ",\"k%d\":0", i);
        header[size++] = '}';
        status = parse(&request, header, size, &error);
        assert_int_equal(status, count == 63 ? 0 : PRECIS_EBAD_REQUEST);
        assert_string_equal(request.id, "5");
        if (status != 0)
            assert_non_null(strstr(error.message, "65 keys"));
        request_clear(&request);
    }
}

/* The reply to a wrong value still carries the id. */
static void the_id_survives_errors(void **state)
{
    static const char header[] = "{\"sentences\":0,\"id\":\"x-1\"}";
    struct request request;
    precis_error error;

    (void) state;
    assert_int_equal(parse(&request, header, sizeof header - 1, &error),
                     PRECIS_EBAD_REQUEST);
    assert_string_equal(request.id, "\"x-1\"");
    request_clear(&request);
    assert_int_equal(request_parse(&request, header, sizeof header - 1, NULL),
                     PRECIS_EBAD_REQUEST);
    request_clear(&request);
}

static const char *const round_trips[] = {
    "{}",
    "{\"op\":\"ping\"}",
    "{\"id\":1e3,\"op\":\"segment\",\"language\":\"fr\",\"charset\":\"UTF-8\","
    "\"title\":\"l'\xC3\xA9t\xC3\xA9 \\\"chaud\\\"\\n\",\"sentences\":3,"
    "\"method\":\"lead\",\"order\":\"score\",\"query\":\"a b\","
    "\"terse\":true,\"no_quotes\":true,\"no_questions\":true,"
    "\"compress\":true,\"keywords\":7,"
    "\"explain\":true,\"text\":true,\"timeout_ms\":5}",
    "{\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-"
    "b7ad6b7169203331-01\",\"op\":\"ping\"}",
    "{\"words\":1}",
    "{\"characters\":280}",
    "{\"percent\":20,\"timeout_ms\":600000}",
};

static void what_is_written_is_read_the_same(void **state)
{
    size_t i;

    (void) state;
    for (i = 0; i < sizeof round_trips / sizeof round_trips[0]; i++) {
        struct request request;
        struct buffer buffer;
        precis_error error;

        assert_int_equal(
            parse(&request, round_trips[i], strlen(round_trips[i]), &error), 0);
        buffer_init(&buffer);
        request_format(&request, &buffer);
        buffer_add(&buffer, "", 1);
        assert_false(buffer.failed);
        assert_string_equal(buffer.data, round_trips[i]);
        buffer_clear(&buffer);
        request_clear(&request);
    }
}

static void auto_is_not_written(void **state)
{
    struct request request;
    struct buffer buffer;

    (void) state;
    request_init(&request);
    request.options.language = "auto";
    request.options.charset = "auto";
    request.options.title = "";
    buffer_init(&buffer);
    request_format(&request, &buffer);
    buffer_add(&buffer, "", 1);
    assert_string_equal(buffer.data, "{}");
    buffer_clear(&buffer);
}

/* ---- no memory ---- */

static long mallocs_left;

static void *malloc_or_not(size_t size)
{
    return mallocs_left > 0 && mallocs_left-- > 0 ? malloc(size) : NULL;
}

/* Or, where jansson takes it for a bad token, bad_request; never success. */
static void no_memory_is_an_error(void **state)
{
    static const char header[] = "{\"id\":\"a\",\"title\":\"b\",\"a\":[1,2,3,"
                                 "{\"b\":\"c\",\"d\":1.5}],\"words\":7}";
    struct request request;
    precis_error error;
    int status = PRECIS_EINTERNAL;
    long calls;

    (void) state;
    json_set_alloc_funcs(malloc_or_not, free);
    for (calls = 0; status != 0; calls++) {
        assert_true(calls < 1000);
        mallocs_left = calls;
        status = request_parse(&request, header, sizeof header - 1, &error);
        if (status != 0) {
            if (status != PRECIS_EINTERNAL)
                assert_non_null(strstr(error.message, "not JSON"));
            assert_int_equal(error.code, status);
        }
        request_clear(&request);
    }
    assert_true(calls > 10);
    json_set_alloc_funcs(malloc, free);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_means_defaults),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(every_op_has_a_name),
        cmocka_unit_test(limits_are_read),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(garbage_is_refused),
        cmocka_unit_test(ids_come_back_as_they_were_written),
        cmocka_unit_test(lengths_are_bounded),
        cmocka_unit_test(keys_are_bounded),
        cmocka_unit_test(the_id_survives_errors),
        cmocka_unit_test(what_is_written_is_read_the_same),
        cmocka_unit_test(auto_is_not_written),
        cmocka_unit_test(no_memory_is_an_error),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
