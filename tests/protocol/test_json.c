/* protocol/json.c: where values stand, and how deep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/json.h"
#include "protocol/protocol.h"

/* In memory of its own and without a NUL, so that a sanitizer sees a byte
 * too many. */
static char *copy(const char *text, size_t size)
{
    char *bytes = malloc(size == 0 ? 1 : size);

    assert_non_null(bytes);
    memcpy(bytes, text, size);
    return bytes;
}

static const struct {
    const char *json, *key, *token; /* NULL: not found */
} finds[] = {
    {"{\"id\":1}", "id", "1"},
    {" \t\r\n{ \"id\" : 1e3 } \n", "id", "1e3"},
    {"{\"a\":[{\"id\":2}],\"id\":1.50}", "id", "1.50"},
    {"{\"a\":\"\\\"id\\\":3,\",\"id\":\"x\\\"}\"}", "id", "\"x\\\"}\""},
    {"{\"id\":1,\"id\":2}", "id", "2"},
    {"{\"\\u0069d\":7}", "id", "7"},
    {"{\"\\u0069\\u0064\":7,\"\\u00e9\":8}", "id", "7"},
    {"{\"i\\d\":7}", "id", NULL},
    {"{\"\\u00e9d\":7}", "id", NULL},
    {"{\"\\ud83d\\ude00\":7}", "id", NULL},
    {"{\"a\\/b\\n\":[]}", "a/b\n", "[]"},
    {"{\"id\":{\"a\":[1,{\"b\":\"]}\"}]},\"z\":0}", "id",
     "{\"a\":[1,{\"b\":\"]}\"}]}"},
    {"{\"id\":true}", "id", "true"},
    {"{\"id\":null,\"b\":false}", "b", "false"},
    {"{\"idea\":1,\"i\":2,\"\":3}", "id", NULL},
    {"{\"idea\":1,\"i\":2,\"\":3}", "", "3"},
    {"{\"\xC3\xA9\":5}", "\xC3\xA9", "5"},
    {"{}", "id", NULL},
    {"", "id", NULL},
    {"[\"id\",1]", "id", NULL},
    /* what jansson would not have let through must do no harm */
    {"{", "id", NULL},
    {"{\"id", "id", NULL},
    {"{\"id\"", "id", NULL},
    {"{\"id\":", "id", NULL},
    {"{\"id\":1", "id", NULL},
    {"{\"id\":\"a\\", "id", NULL},
    {"{\"id\\", "id", NULL},
    {"{\"id\":[[1]", "id", NULL},
    {"{\"id\":[\"", "id", NULL},
    {"{\"\\u00\":1}", "id", NULL},
    {"{\"\\uZZZZ\":1}", "id", NULL},
    {"{\"\\", "id", NULL},
    {"{id:1}", "id", NULL},
    {"{\"id\":,}", "id", NULL},
    {"{\"id\" 1}", "id", NULL},
};

static void values_are_found(void **state)
{
    size_t i;

    (void) state;
    for (i = 0; i < sizeof finds / sizeof finds[0]; i++) {
        size_t size = strlen(finds[i].json);
        char *json = copy(finds[i].json, size);
        struct frame token = {NULL, 0};
        int found = json_find_raw(json, size, finds[i].key, &token);

        if (finds[i].token == NULL) {
            assert_int_equal(found, -1);
            assert_null(token.data);
        } else {
            assert_int_equal(found, 0);
            assert_int_equal(token.size, strlen(finds[i].token));
            assert_memory_equal(token.data, finds[i].token, token.size);
        }
        free(json);
    }
}

static void every_beginning_is_harmless(void **state)
{
    static const char json[] = "{\"a\":\"\\u00e9\\\"\",\"b\":[{},[1,2e5]],"
                               "\"\\u0069d\":\"x\",\"c\":{\"d\":null}}";
    size_t size, offset;

    (void) state;
    for (size = 0; size < sizeof json - 1; size++) {
        char *bytes = copy(json, size);
        struct frame token;

        assert_int_equal(json_find_raw(bytes, size, "id", &token), -1);
        assert_true(json_depth(bytes, size, 16, &offset) <= 3);
        free(bytes);
    }
}

static void depth_is_counted(void **state)
{
    size_t offset = 0;

    (void) state;
    assert_int_equal(json_depth("", 0, 16, &offset), 0);
    assert_int_equal(json_depth("1", 1, 16, &offset), 0);
    assert_int_equal(json_depth("{}", 2, 16, &offset), 1);
    assert_int_equal(json_depth("[[],[{}]]", 9, 16, &offset), 3);
    assert_int_equal(json_depth("{\"a\":\"[[[[\"}", 12, 16, &offset), 1);
    assert_int_equal(json_depth("]]]][", 5, 16, &offset), 1);
    assert_int_equal(offset, 0);
    assert_int_equal(json_depth("[[[[[", 5, 3, &offset), 4);
    assert_int_equal(offset, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found),
        cmocka_unit_test(every_beginning_is_harmless),
        cmocka_unit_test(depth_is_counted),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
