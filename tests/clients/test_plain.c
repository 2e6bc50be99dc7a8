/* Lines that are read without jansson: what is accepted means what jansson
 * says it means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clients/plain.h"

enum { TEXT, TITLE, ID, COUNT };

static const char *const keys[COUNT] = {"text", "title", "id"};

static int find(const char *line, struct plain *values)
{
    return plain_find(line, strlen(line), keys, COUNT, values);
}

static void test_values(void **state)
{
    struct plain values[COUNT];
    char out[64];

    (void) state;
    assert_int_equal(find(" {\"id\" : -12.50, \"text\":\"a\\u00e9\\n\\u20AC\","
                          " \"other\": [1, {\"text\": true}, \"\"],"
                          " \"title\": null}\r",
                          values),
                     0);
    assert_int_equal(values[ID].kind, PLAIN_NUMBER);
    assert_int_equal(values[ID].size, 6);
    assert_memory_equal(values[ID].token, "-12.50", 6);
    assert_int_equal(values[TITLE].kind, PLAIN_NONE);
    assert_int_equal(values[TEXT].kind, PLAIN_STRING);
    assert_int_equal(plain_decode(&values[TEXT], out), 7);
    assert_memory_equal(out, "a\xC3\xA9\n\xE2\x82\xAC", 7);
}

/* The last one, as jansson has it. */
static void test_twice(void **state)
{
    struct plain values[COUNT];

    (void) state;
    assert_int_equal(find("{\"text\":\"one\",\"text\":\"two\"}", values), 0);
    assert_memory_equal(values[TEXT].token, "\"two\"", 5);
    assert_int_equal(values[TEXT].has_escapes, 0);
    assert_int_equal(find("{\"text\":\"one\",\"text\":null}", values), 0);
    assert_int_equal(values[TEXT].kind, PLAIN_NONE);
}

/* Wrong, or better known by jansson. */
static void test_left(void **state)
{
    static const char *const lines[] = {
        "",
        "{",
        "[]",
        "\"text\"",
        "{}",
        "{\"text\":\"a\"} x",
        "{\"text\":\"a\",}",
        "{\"text\":\"a}",
        "{\"text\":\"a\\",
        "{\"text\":\"a\\u12\"}",
        "{\"text\":\"a\\x\"}",
        "{\"text\":\"\\ud83d\\ude00\"}",
        "{\"text\":\"\\ud83d\"}",
        "{\"text\":\"\t\"}",
        "{\"text\":\"\xC3\"}",
        "{\"text\":\"\xED\xA0\x80\"}",
        "{\"text\":\"\xC0\x80\"}",
        "{\"te\\u0078t\":\"a\"}",
        "{\"id\":01}",
        "{\"id\":+1}",
        "{\"id\":1.}",
        "{\"id\":.5}",
        "{\"id\":-}",
        "{\"id\":1e400}",
        "{\"id\":nul}",
        "{\"id\":nulls}",
        "{\"id\":[1,]}",
        "{\"id\":{\"a\"}}",
        "{\"id\":{1:2}}",
        "{\"id\":[[[[[[[[[[1]]]]]]]]]]}",
        "{\"id\" 1}",
        "{text:1}",
    };
    struct plain values[COUNT];
    size_t i;

    (void) state;
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (find(lines[i], values) != -1)
            fail_msg("accepted: %s", lines[i]);
}

/* ---- against jansson ---- */

static void compare(const char *line, size_t size, const struct plain *value,
                    const json_t *wanted)
{
    char out[256];
    size_t written;

    if (value->kind == PLAIN_NONE) {
        assert_true(wanted == NULL || json_is_null(wanted));
    } else if (value->kind == PLAIN_NUMBER) {
        assert_true(json_is_number(wanted));
    } else if (value->kind == PLAIN_OTHER) {
        assert_false(json_is_string(wanted) || json_is_number(wanted));
    } else {
        assert_true(value->token > line
                    && value->token + value->size < line + size);
        assert_true(json_is_string(wanted));
        written = plain_decode(value, out);
        assert_int_equal(written, json_string_length(wanted));
        assert_memory_equal(out, json_string_value(wanted), written);
        if (!value->has_escapes)
            assert_int_equal(written, value->size - 2);
    }
}

/* Returns whether the line was accepted. */
static int try(const char *line, size_t size)
{
    struct plain values[COUNT];
    json_t *tree;
    size_t i;

    if (plain_find(line, size, keys, COUNT, values) != 0)
        return 0;
    tree =
        json_loadb(line, size, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
    if (!json_is_object(tree))
        fail_msg("jansson refuses: %.*s", (int) size, line);
    for (i = 0; i < COUNT; i++)
        compare(line, size, &values[i], json_object_get(tree, keys[i]));
    json_decref(tree);
    return 1;
}

static size_t next(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

/* Puts a piece behind what is there; returns how much that is now. */
static size_t append(char *line, size_t room, size_t size, const char *piece)
{
    size_t length = strlen(piece);

    assert_true(size + length <= room);
    memcpy(line + size, piece, length);
    return size + length;
}

/* Pieces of lines, right and wrong, put together and spoilt at random, but
 * always in the same way. */
static void test_random(void **state)
{
    static const char *const pieces[] = {
        "{\"text\":\"Il pleut \xC3\xA0 Brissol.\"",
        "\"title\":\"\\\"Oui\\\"\"",
        "\"id\":17",
        "\"id\":\"a-\\u0041\\u0000\\u00FF\\uFFFD\"",
        "\"x\":null",
        "\"title\":[1.5,{\"text\":\"\\\\\\/\\b\\f\\n\\r\\t\"},false]",
        "\"text\":\"\xE2\x82\xAC\xF0\x9F\x98\x80\x7F\"",
        "\"y\":{}",
        "\"id\":-0.0",
        "\"z\":[]",
        "\"text\":true",
    };
    static const char spoilers[] = "\"\\{}[],:u0 e\xC3\xA9\xED\x01\xFF";
    const size_t count = sizeof pieces / sizeof pieces[0];
    uint32_t random = 1;
    size_t accepted = 0, round, i;

    (void) state;
    for (round = 0; round < 200000; round++) {
        char line[256];
        size_t size = append(line, sizeof line, 0, pieces[0]);

        for (i = next(&random) % 3; i > 0; i--) {
            size = append(line, sizeof line, size, ",");
            size =
                append(line, sizeof line, size, pieces[next(&random) % count]);
        }
        size = append(line, sizeof line, size, "}");
        for (i = next(&random) % 3; i > 0; i--) {
            size_t at = next(&random) % size;

            line[at] = spoilers[next(&random) % (sizeof spoilers - 1)];
        }
        accepted += (size_t) try(line, size - next(&random) % 8 / 7);
    }
    assert_in_range(accepted, round / 5, round - round / 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_left),
        cmocka_unit_test(test_random),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
