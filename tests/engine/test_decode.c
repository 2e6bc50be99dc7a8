/* test_decode.c - the whole stage: one text in many charsets is one text. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/decode.h"

static struct charset_cache *cache;
static struct arena arena;

static int start(void **state)
{
    (void) state;
    arena_init(&arena);
    cache = charset_cache_new();
    return cache == NULL;
}

static int end(void **state)
{
    (void) state;
    arena_clear(&arena);
    charset_cache_free(cache);
    return 0;
}

#define BYTES(literal) literal, sizeof literal - 1

/* "Été à Noë." */
static const char text[] = "\xC3\x89t\xC3\xA9 \xC3\xA0 No\xC3\xAB.";

static void decodes(const char *charset, const char *source, size_t size,
                    struct decoded *decoded)
{
    precis_error error;

    assert_int_equal(
        decode(cache, &arena, source, size, charset, decoded, &error), 0);
    assert_int_equal(decoded->size, sizeof text - 1);
    assert_memory_equal(decoded->text, text, sizeof text - 1);
    assert_int_equal(decoded->replaced, 0);
}

static void test_one_text(void **state)
{
    static const char utf16[] = "\xFE\xFF\0\xC9\0t\0\xE9\0 \0\xE0\0 \0N\0o"
                                "\0\xEB\0.";
    static const char latin1[] = "\xC9t\xE9 \xE0 No\xEB.";
    static const char nfd[] = "E\xCC\x81te\xCC\x81 a\xCC\x80 Noe\xCC\x88.";
    struct decoded decoded;

    (void) state;
    decodes(NULL, BYTES(text), &decoded);
    assert_ptr_equal(decoded.text, text);
    decodes("ISO-8859-1", BYTES(latin1), &decoded);
    assert_string_equal(decoded.charset, "windows-1252");
    decodes("iso-8859-15", BYTES(latin1), &decoded);
    decodes("UTF-16", utf16, sizeof utf16 - 1, &decoded);
    assert_string_equal(decoded.charset, "UTF-16BE");
    decodes("utf-16be", utf16 + 2, sizeof utf16 - 3, &decoded);
    decodes(NULL, BYTES(nfd), &decoded);
    assert_string_equal(decoded.charset, "UTF-8");
}

/* iconv would join the accents of windows-1258 itself; here NFC does. */
static void test_accents_apart(void **state)
{
    struct decoded decoded;
    size_t offsets[] = {0, 2, 3};
    size_t sources[3];

    (void) state;
    assert_int_equal(
        decode(cache, &arena, BYTES("e\xECz"), "windows-1258", &decoded, NULL),
        0);
    assert_int_equal(decoded.size, 3);
    assert_memory_equal(decoded.text, "\xC3\xA9z", 3);
    decode_source_offsets(&decoded, offsets, 3, sources);
    assert_int_equal(sources[0], 0);
    assert_int_equal(sources[1], 2);
    assert_int_equal(sources[2], 3);
    assert_int_equal(offsets[1], 2);
}

/* A BOM, a fault and a decomposed letter, all in one. */
static void test_offsets(void **state)
{
    static const char source[] = "\xEF\xBB\xBF\xFF"
                                 "e\xCC\x81z";
    size_t offsets[] = {0, 3, 5, 6};
    static const size_t wanted[] = {3, 4, 7, 8};
    size_t sources[4];
    struct decoded decoded;

    (void) state;
    assert_int_equal(
        decode_strictly(cache, &arena, BYTES(source), "UTF-8", &decoded, NULL),
        0);
    assert_int_equal(decoded.replaced, 1);
    assert_int_equal(decoded.first_replaced, 3);
    decode_source_offsets(&decoded, offsets, 4, sources);
    assert_memory_equal(sources, wanted, sizeof wanted);
    decode_source_offsets(&decoded, offsets, 0, NULL);
}

static void test_errors(void **state)
{
    struct decoded decoded = {.size = 77};
    precis_error error;

    (void) state;
    assert_int_equal(decode(cache, &arena, "a", 1, "UTF-7", &decoded, &error),
                     PRECIS_EBAD_REQUEST);
    assert_int_equal(error.code, PRECIS_EBAD_REQUEST);
    assert_string_equal(error.key, "charset");
    assert_int_equal(decoded.size, 77);
}

/* ---- without memory ---- */

static int allocations_left = -1; /* -1: as many as wanted */

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

static int is_refused(void)
{
    return allocations_left >= 0 && allocations_left-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __real_calloc(count, size);
}

/* Fails the first allocation, then the second, until none is left to fail;
 * returns how many there were. */
static int fail_each(const char *charset, const char *source, size_t size)
{
    int number = 0;
    int code;

    do {
        struct charset_cache *fresh = charset_cache_new();
        struct arena small;
        struct decoded decoded = {.size = 77};
        precis_error error = {.code = 0};

        assert_non_null(fresh);
        arena_init(&small);
        allocations_left = number++;
        code = decode(fresh, &small, source, size, charset, &decoded, &error);
        allocations_left = -1;
        if (code != 0) {
            assert_int_equal(code, PRECIS_EINTERNAL);
            assert_int_equal(error.code, PRECIS_EINTERNAL);
            assert_string_equal(error.message, "out of memory");
            assert_int_equal(decoded.size, 77);
            /* It can be used again at once. */
            assert_int_equal(
                decode(fresh, &small, source, size, charset, &decoded, &error),
                0);
        }
        arena_clear(&small);
        charset_cache_free(fresh);
    } while (code != 0);
    return number - 1;
}

static void test_no_memory(void **state)
{
    (void) state;
    assert_int_equal(fail_each(NULL, BYTES("Il pleut.")), 0);
    /* The room for guesses, and the text; the converter of two charsets. */
    assert_int_equal(fail_each(NULL, BYTES("Il \xFF pleut \xC3\xA0.")), 2);
    assert_true(fail_each(NULL, BYTES("pr\xE9s \xC3\xA0 c\xF4t\xE9")) >= 3);
    assert_int_equal(fail_each(NULL, BYTES("e\xCC\x81")), 1);
    assert_int_equal(fail_each("UTF-16LE", BYTES("I\0l\0")), 1);
    assert_true(fail_each("ISO-8859-1", BYTES("\xC9t\xE9")) >= 2);
    allocations_left = 0;
    assert_null(charset_cache_new());
    allocations_left = -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_text),  cmocka_unit_test(test_accents_apart),
        cmocka_unit_test(test_offsets),   cmocka_unit_test(test_errors),
        cmocka_unit_test(test_no_memory),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
