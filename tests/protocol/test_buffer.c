/* protocol/buffer.c: growth, numbers, JSON strings, and no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/buffer.h"

/* Linked with --wrap=realloc: after so many calls every one fails. */
static long reallocs_left = -1;

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    if (reallocs_left == 0)
        return NULL;
    if (reallocs_left > 0)
        reallocs_left--;
    return __real_realloc(old, size);
}

static void assert_content(const struct buffer *buffer, const char *wanted)
{
    assert_false(buffer->failed);
    assert_int_equal(buffer->size, strlen(wanted));
    assert_memory_equal(buffer->data, wanted, buffer->size);
}

static void it_grows(void **state)
{
    struct buffer buffer;
    size_t i;

    (void) state;
    buffer_init(&buffer);
    buffer_add(&buffer, NULL, 0);
    assert_int_equal(buffer.size, 0);
    for (i = 0; i < 100000; i++)
        buffer_add(&buffer, "abc", 3);
    assert_int_equal(buffer.size, 300000);
    for (i = 0; i < buffer.size; i++)
        assert_int_equal(buffer.data[i], "abc"[i % 3]);
    buffer_reset(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_true(buffer.room >= 300000);
    buffer_clear(&buffer);
    assert_null(buffer.data);
    buffer_add_string(&buffer, "again");
    assert_content(&buffer, "again");
    buffer_clear(&buffer);
}

static void it_writes_numbers(void **state)
{
    struct buffer buffer;

    (void) state;
    buffer_init(&buffer);
    buffer_add_number(&buffer, 0);
    buffer_add_string(&buffer, " ");
    buffer_add_number(&buffer, 90071992);
    buffer_add_string(&buffer, " ");
    buffer_add_number(&buffer, UINT64_MAX);
    assert_content(&buffer, "0 90071992 18446744073709551615");
    buffer_clear(&buffer);
}

static const struct {
    double real;
    const char *text;
} reals[] = {
    {0, "0.000000"},
    {-0.0, "0.000000"},
    {1, "1.000000"},
    {-1, "-1.000000"},
    {0.5, "0.500000"},
    {0.1, "0.100000"},
    {0.9999994, "0.999999"},
    {0.9999996, "1.000000"},
    {-0.9999996, "-1.000000"},
    {1e-7, "0.000000"},
    {-1e-7, "0.000000"},
    {4.9e-324, "0.000000"},
    {0.000001, "0.000001"},
    {0.0000005, "0.000000"}, /* the double is just below the half */
    {0.0078125, "0.007813"}, /* 1/128: a true half, away from zero */
    {-0.0078125, "-0.007813"},
    {2.0078125, "2.007813"},
    {123456.789, "123456.789000"},
    {999999999999.5, "999999999999.500000"},
    {1e12, "1000000000000.000000"},
    {2e12, "1000000000000.000000"},
    {-1e300, "-1000000000000.000000"},
};

static void it_writes_reals(void **state)
{
    struct buffer buffer;
    size_t i;

    (void) state;
    buffer_init(&buffer);
    for (i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        buffer_reset(&buffer);
        buffer_add_real(&buffer, reals[i].real);
        assert_content(&buffer, reals[i].text);
    }
    buffer_reset(&buffer);
    buffer_add_real(&buffer, (double) NAN);
    buffer_add_real(&buffer, (double) INFINITY);
    buffer_add_real(&buffer, -(double) INFINITY);
    assert_content(&buffer, "0.0000000.0000000.000000");
    buffer_clear(&buffer);
}

/* glibc's printf rounds exactly (halves to even, so those are left out). */
static void its_reals_are_those_of_printf(void **state)
{
    struct buffer buffer;
    uint64_t seed = 1;
    char text[64];
    int i;

    (void) state;
    buffer_init(&buffer);
    for (i = 0; i < 200000; i++) {
        double real;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        real = (double) (seed >> 11) / 9007199254740992.0;
        if (i % 3 != 0)
            real *= i % 3 == 1 ? 1000 : -1e9;
        buffer_reset(&buffer);
        buffer_add_real(&buffer, real);
        snprintf(text, sizeof text, "%.6f", real);
        assert_content(&buffer, text);
    }
    buffer_clear(&buffer);
}

static const struct {
    const char *text;
    size_t size;
    const char *json;
} strings[] = {
    {"", 0, "\"\""},
    {"plain ASCII text that is long", 29, "\"plain ASCII text that is long\""},
    {"a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\""},
    {"\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\""},
    {"\0\x01\x1F\x7F", 4, "\"\\u0000\\u0001\\u001F\\u007F\""},
    {"12345678\x1B[31m12345678", 21, "\"12345678\\u001B[31m12345678\""},
    {"d\xC3\xA9j\xC3\xA0 vu", 9, "\"d\xC3\xA9j\xC3\xA0 vu\""},
    {"\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA7", 9,
     "\"\\u2028\\u2029\xE2\x80\xA7\""},
    {"\xF0\x9F\x8C\xA7", 4, "\"\xF0\x9F\x8C\xA7\""},
    {"\x80", 1, "\"\xEF\xBF\xBD\""},
    {"a\xC3", 2, "\"a\xEF\xBF\xBD\""},
    {"a\xC3z", 3, "\"a\xEF\xBF\xBDz\""},
    {"\xC0\xAF", 2, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"\xE2\x80", 2, "\"\xEF\xBF\xBD\""},
    {"\xE2\x80\"", 3, "\"\xEF\xBF\xBD\\\"\""},
    {"\xF0\x9F\x8Cz", 4, "\"\xEF\xBF\xBDz\""},
    {"\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"\xF4\x90\x80\x80", 4,
     "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"\xFF\xFE", 2, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
};

static void it_writes_strings(void **state)
{
    struct buffer buffer;
    size_t i;

    (void) state;
    buffer_init(&buffer);
    for (i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        buffer_reset(&buffer);
        buffer_add_json(&buffer, strings[i].text, strings[i].size);
        assert_content(&buffer, strings[i].json);
    }
    buffer_reset(&buffer);
    buffer_add_json(&buffer, NULL, 0);
    assert_content(&buffer, "\"\"");
    buffer_clear(&buffer);
}

/* Every special byte at every place around the blocks of eight. */
static void it_sees_every_byte(void **state)
{
    struct buffer buffer;
    char text[24];
    int byte;
    size_t place;

    (void) state;
    buffer_init(&buffer);
    for (byte = 0; byte < 128; byte++) {
        for (place = 0; place < sizeof text; place++) {
            json_t *parsed;

            memset(text, 'x', sizeof text);
            text[place] = (char) byte;
            buffer_reset(&buffer);
            buffer_add_json(&buffer, text, sizeof text);
            parsed = json_loadb(buffer.data, buffer.size,
                                JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
            assert_non_null(parsed);
            assert_int_equal(json_string_length(parsed), sizeof text);
            assert_memory_equal(json_string_value(parsed), text, sizeof text);
            assert_null(memchr(buffer.data, 0x7F, buffer.size));
            json_decref(parsed);
        }
    }
    buffer_clear(&buffer);
}

static void anything_becomes_json(void **state)
{
    struct buffer buffer;
    uint32_t seed = 7;
    char text[64];
    int i;

    (void) state;
    buffer_init(&buffer);
    for (i = 0; i < 20000; i++) {
        size_t size = (size_t) i % sizeof text, k;
        json_t *parsed;

        for (k = 0; k < size; k++) {
            seed = seed * 1664525u + 1013904223u;
            text[k] = (char) (seed >> 24);
        }
        buffer_reset(&buffer);
        buffer_add_json(&buffer, text, size);
        parsed = json_loadb(buffer.data, buffer.size,
                            JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(parsed);
        json_decref(parsed);
    }
    buffer_clear(&buffer);
}

static void it_puts_commas(void **state)
{
    struct buffer buffer;

    (void) state;
    buffer_init(&buffer);
    buffer_add_string(&buffer, "{");
    buffer_add_key(&buffer, "a");
    buffer_add_string(&buffer, "[{");
    buffer_add_key(&buffer, "b");
    buffer_add_number(&buffer, 1);
    buffer_add_string(&buffer, "}]");
    buffer_add_key(&buffer, "c");
    buffer_add_json(&buffer, "{", 1);
    buffer_add_key(&buffer, "d");
    buffer_add_string(&buffer, "null}");
    assert_content(&buffer, "{\"a\":[{\"b\":1}],\"c\":\"{\",\"d\":null}");
    buffer_clear(&buffer);
}

static void no_memory_is_remembered(void **state)
{
    struct buffer buffer;
    char big[4096];
    long calls;

    (void) state;
    memset(big, 'x', sizeof big);
    for (calls = 0; calls < 3; calls++) {
        buffer_init(&buffer);
        reallocs_left = calls;
        buffer_add(&buffer, "a", 1);
        buffer_add(&buffer, big, sizeof big);
        buffer_add(&buffer, big, sizeof big);
        reallocs_left = 0;
        buffer_add_json(&buffer, big, sizeof big);
        assert_true(buffer.failed);
        buffer_add_key(&buffer, "key");
        buffer_add_number(&buffer, 1);
        buffer_add_real(&buffer, 1);
        assert_true(buffer.failed);
        reallocs_left = -1;
        buffer_reset(&buffer);
        buffer_add_string(&buffer, "works again");
        assert_content(&buffer, "works again");
        buffer_clear(&buffer);
    }
}

static void an_absurd_size_fails(void **state)
{
    volatile size_t most = SIZE_MAX; /* unseen by the compiler, which warns */
    struct buffer buffer;

    (void) state;
    buffer_init(&buffer);
    buffer_add_string(&buffer, "a");
    reallocs_left = 0;
    buffer_add(&buffer, "", most);
    assert_true(buffer.failed);
    buffer_reset(&buffer);
    buffer_add(&buffer, "", most - 8);
    assert_true(buffer.failed);
    reallocs_left = -1;
    buffer_clear(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_grows),
        cmocka_unit_test(it_writes_numbers),
        cmocka_unit_test(it_writes_reals),
        cmocka_unit_test(its_reals_are_those_of_printf),
        cmocka_unit_test(it_writes_strings),
        cmocka_unit_test(it_sees_every_byte),
        cmocka_unit_test(anything_becomes_json),
        cmocka_unit_test(it_puts_commas),
        cmocka_unit_test(no_memory_is_remembered),
        cmocka_unit_test(an_absurd_size_fails),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
