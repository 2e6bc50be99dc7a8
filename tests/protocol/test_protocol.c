/* protocol/protocol.c: envelopes, and replies without an engine. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "protocol/protocol.h"

#define FRAMES_MAX 8

/* Frames of a message, "-" an empty one, NULL behind the last. */
static const struct {
    const char *frames[FRAMES_MAX];
    int magic; /* -1: dropped */
} messages[] = {
    /* REQ, REQ with correlation, DEALER with a delimiter and without */
    {{"identity", "-", "PRECIS/1", "{}", "text"}, 2},
    {{"identity", "1234", "-", "PRECIS/1", "{}", "text"}, 3},
    {{"identity", "PRECIS/1", "{}", "text"}, 1},
    {{"identity", "PRECIS/1", "-", "text"}, 1},
    {{"identity", "PRECIS/1"}, 1},
    {{"identity", "device", "client", "-", "PRECIS/1", "-", "text"}, 4},
    {{"identity", "-", "-", "PRECIS/1"}, 2},
    {{"identity", "-"}, 2},
    {{"identity", "-", "garbage"}, 2},
    {{"-", "-", "PRECIS/1"}, 2},
    {{"identity", "PRECIS/2", "-", "text"}, 1},
    {{"identity", "PRECIS/999", "-", "text"}, 1},
    {{"identity", "PRECIS/x", "-", "text"}, 3},
    {{"identity", "PRECIS/", "-", "text"}, 3},
    {{"identity", "PRECIS/1000", "-", "text"}, 3},
    {{"identity", "precis/1", "-", "text"}, 3},
    {{"identity"}, -1},
    {{NULL}, -1},
    {{"identity", "garbage"}, -1},
    {{"identity", "one", "two", "PRECIS/1", "{}", "text"}, -1},
    {{"-", "garbage", "garbage"}, -1},
};

static size_t frames_fill(const char *const *texts, struct frame *frames)
{
    size_t count = 0;

    while (count < FRAMES_MAX && texts[count] != NULL) {
        const char *text = texts[count];

        frames[count].data = text;
        frames[count].size = strcmp(text, "-") == 0 ? 0 : strlen(text);
        count++;
    }
    return count;
}

static void envelopes_are_found(void **state)
{
    size_t i;

    (void) state;
    for (i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct frame frames[FRAMES_MAX];
        size_t count = frames_fill(messages[i].frames, frames);
        size_t magic = 77;
        int status = envelope_find(frames, count, &magic);

        assert_int_equal(status, messages[i].magic < 0 ? -1 : 0);
        assert_int_equal(magic, messages[i].magic < 0 ? 77 : messages[i].magic);
    }
}

static void payloads_are_taken(void **state)
{
    const struct frame frames[] = {
        {PROTOCOL_MAGIC, 8}, {"{}", 2}, {"text", 4}, {"more", 4}};
    struct frame header, body;

    (void) state;
    assert_int_equal(envelope_payload(frames, 3, &header, &body, NULL), 0);
    assert_ptr_equal(header.data, frames[1].data);
    assert_ptr_equal(body.data, frames[2].data);
    assert_int_equal(envelope_payload(frames, 2, &header, &body, NULL), 0);
    assert_int_equal(header.size, 2);
    assert_int_equal(body.size, 0);
    assert_non_null(body.data);
    assert_int_equal(envelope_payload(frames, 1, &header, &body, NULL), 0);
    assert_int_equal(header.size, 0);
    assert_non_null(header.data);
}

static const struct {
    const char *frames[FRAMES_MAX];
    const char *message; /* a piece of it */
} refusals[] = {
    {{NULL}, "no frame"},
    {{"PRECIS/1", "{}", "text", "more"}, "4 frames"},
    {{"PRECIS/2", "{}", "text"}, "unknown version"},
    {{"PRECIS/10", "{}", "text"}, "unknown version"},
    {{"PRECIS/", "{}", "text"}, "must be PRECIS/1"},
    {{"HTTP/1.1", "{}"}, "must be PRECIS/1"},
    {{"PRECIS/1\n"}, "unknown version"},
    {{"-"}, "must be PRECIS/1"},
};

static void wrong_payloads_are_refused(void **state)
{
    size_t i;

    (void) state;
    for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct frame frames[FRAMES_MAX], header, body;
        size_t count = frames_fill(refusals[i].frames, frames);
        precis_error error;

        assert_int_equal(
            envelope_payload(frames, count, &header, &body, &error),
            PRECIS_EBAD_REQUEST);
        assert_int_equal(error.code, PRECIS_EBAD_REQUEST);
        assert_int_equal(error.offset, -1);
        assert_string_equal(error.key, "");
        assert_non_null(strstr(error.message, refusals[i].message));
    }
}

static json_t *parse(const struct buffer *buffer)
{
    json_t *tree =
        json_loadb(buffer->data, buffer->size, JSON_REJECT_DUPLICATES, NULL);

    assert_false(buffer->failed);
    assert_non_null(tree);
    return tree;
}

static void errors_read_back(void **state)
{
    precis_error error = {PRECIS_EBUSY, 17, "a \"key\"", ""};
    struct request request;
    struct buffer buffer;
    const char *code, *message, *key;
    json_int_t id, offset, retry;
    json_t *tree;

    (void) state;
    snprintf(error.message, sizeof error.message,
             "one\nline \x1B[31m of \xFF text");
    buffer_init(&buffer);
    request_init(&request);
    memcpy(request.id, "42", 3);
    reply_format_error(&request, &error, 250, &buffer);
    tree = parse(&buffer);
    assert_int_equal(json_unpack(tree, "{s:I, s:{s:s, s:s, s:I, s:s, s:I}}",
                                 "id", &id, "error", "code", &code, "message",
                                 &message, "offset", &offset, "key", &key,
                                 "retry_after_ms", &retry),
                     0);
    assert_int_equal(id, 42);
    assert_string_equal(code, "busy");
    assert_string_equal(message, "one\nline \x1B[31m of \xEF\xBF\xBD text");
    assert_string_equal(key, "a \"key\"");
    assert_int_equal(offset, 17);
    assert_int_equal(retry, 250);
    assert_string_equal(json_string_value(json_object_get(tree, "status")),
                        "error");
    assert_null(memchr(buffer.data, '\n', buffer.size));
    assert_null(memchr(buffer.data, 0x1B, buffer.size));
    json_decref(tree);
    buffer_clear(&buffer);
}

static void errors_leave_out_what_is_not(void **state)
{
    precis_error error = {PRECIS_EEMPTY, -1, "", "nothing"};
    struct buffer buffer;

    (void) state;
    buffer_init(&buffer);
    reply_format_error(NULL, &error, 0, &buffer);
    buffer_add(&buffer, "", 1);
    assert_false(buffer.failed);
    assert_string_equal(
        buffer.data,
        "{\"status\":\"error\",\"error\":{\"code\":\"empty\","
        "\"message\":\"nothing\"},\"version\":\"" PACKAGE_VERSION "\"}");
    buffer_clear(&buffer);
}

static void replies_have_two_ends(void **state)
{
    struct request request;
    struct buffer buffer;

    (void) state;
    buffer_init(&buffer);
    request_init(&request);
    memcpy(request.id, "\"a\"", 4);
    reply_format_start(&request, &buffer);
    buffer_add_key(&buffer, "article_limit");
    buffer_add_number(&buffer, 5);
    reply_format_end(&buffer);
    buffer_add(&buffer, "", 1);
    assert_false(buffer.failed);
    assert_string_equal(buffer.data,
                        "{\"id\":\"a\",\"status\":\"ok\",\"article_limit\":5,"
                        "\"version\":\"" PACKAGE_VERSION "\"}");
    buffer_reset(&buffer);
    reply_format_start(NULL, &buffer);
    buffer_add(&buffer, "", 1);
    assert_string_equal(buffer.data, "{\"status\":\"ok\"");
    buffer_clear(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(envelopes_are_found),
        cmocka_unit_test(payloads_are_taken),
        cmocka_unit_test(wrong_payloads_are_refused),
        cmocka_unit_test(errors_read_back),
        cmocka_unit_test(errors_leave_out_what_is_not),
        cmocka_unit_test(replies_have_two_ends),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
