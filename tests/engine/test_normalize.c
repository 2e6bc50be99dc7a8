/* test_normalize.c - canonical composition, and offsets through it.
 *
 * test_codecs.py compares every character with Python's; here are the ends,
 * the limits and what happens without memory.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/decode.h"

static struct arena arena;

static int arena_start(void **state)
{
    (void) state;
    arena_init(&arena);
    return 0;
}

static int arena_end(void **state)
{
    (void) state;
    arena_clear(&arena);
    return 0;
}

static void becomes(const char *raw, const char *wanted)
{
    const char *text;
    size_t size;

    assert_int_equal(normalize(&arena, raw, strlen(raw), &text, &size), 0);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(text, wanted, size);
}

/* The very bytes come back. */
static void stays(const char *raw)
{
    const char *text;
    size_t size;

    assert_int_equal(normalize(&arena, raw, strlen(raw), &text, &size), 0);
    assert_ptr_equal(text, raw);
    assert_int_equal(size, strlen(raw));
}

static void test_same(void **state)
{
    (void) state;
    stays("");
    stays("Il pleut.");
    stays("d\xC3\xA9j\xC3\xA0 vu \xE2\x80\x94 \xC5\x93uvre");
    stays("\xCC\x81");                             /* a mark alone */
    stays("x\xCC\x81");                            /* nothing to compose to */
    stays("\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA4"); /* Hindi */
    stays("\xEA\xB0\x81");                         /* Hangul */
    stays("\xF0\x9F\x98\x80");
    stays("\xE1\xBA\xBF"); /* Vietnamese */
}

static void test_composed(void **state)
{
    (void) state;
    becomes("e\xCC\x81", "\xC3\xA9");
    becomes("\xC3\xAA\xCC\x81", "\xE1\xBA\xBF");
    becomes("12345678e\xCC\x81"
            "12345678",
            "12345678\xC3\xA9"
            "12345678");
    becomes("de\xCC\x81ja\xCC\x80 vu", "d\xC3\xA9j\xC3\xA0 vu");
    becomes("a\xCC\x81\xCC\xA3", "\xE1\xBA\xA1\xCC\x81"); /* reordered */
    becomes("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C");
    becomes("\xEA\xB0\x80\xE1\x86\xA8", "\xEA\xB0\x81");
    becomes("\xE2\x84\xAB", "\xC3\x85");     /* the Angstrom sign */
    becomes("\xCD\x84", "\xCC\x88\xCC\x81"); /* longer: U+0344 */
    becomes("\xF0\x9D\x85\xA0",              /* three times as long */
            "\xF0\x9D\x85\x98\xF0\x9D\x85\xA5\xF0\x9D\x85\xAE");
}

/* Text of `count` pieces, composed; it may take some seconds under sanitizers,
 * but not minutes, as it would in quadratic time. */
static void hostile(const char *piece, size_t count)
{
    size_t length = strlen(piece);
    char *raw = malloc(length * count);
    const char *text;
    size_t size;
    size_t offsets[2];

    assert_non_null(raw);
    for (size_t i = 0; i < count; i++)
        memcpy(raw + i * length, piece, length);
    assert_int_equal(normalize(&arena, raw, length * count, &text, &size), 0);
    assert_true(size <= 3 * length * count);
    offsets[0] = 0;
    offsets[1] = size;
    normalize_source_offsets(raw, length * count, offsets, 2);
    assert_int_equal(offsets[0], 0);
    assert_int_equal(offsets[1], length * count);
    arena_reset(&arena);
    free(raw);
}

static void test_linear(void **state)
{
    const size_t size = 4u << 20;

    (void) state;
    alarm(120);
    hostile("\xCC\x81", size / 2);
    hostile("\xCC\x81\xCC\xA3", size / 4); /* each pair out of order */
    hostile("\xCD\x84", size / 2);
    hostile("\xE1\x85\xA1", size / 3);
    hostile("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", size / 9);
    hostile("\xF0\x9D\x85\xA0", size / 4);
    hostile("e\xCC\x81", size / 3);
    hostile("\xE0\xBD\xB3", size / 3);
    hostile("\xE1\xBF\xB7", size / 3);
    alarm(0);
}

static void test_offsets(void **state)
{
    /* e´ z n~ . */
    static const char raw[] = "e\xCC\x81zn\xCC\x83.";
    size_t offsets[] = {0, 0, 2, 3, 5, 6};
    static const size_t wanted[] = {0, 0, 3, 4, 7, 8};

    (void) state;
    normalize_source_offsets(raw, sizeof raw - 1, offsets, 6);
    assert_memory_equal(offsets, wanted, sizeof wanted);
    normalize_source_offsets(raw, sizeof raw - 1, offsets, 0);
}

/* Inside a letter whose marks change place: the end of it, still ascending. */
static void test_offsets_inside(void **state)
{
    static const char raw[] = "(a\xCC\x81\xCC\xA3)"; /* composes to 3 + 2 */
    size_t offsets[] = {1, 4, 6, 7};
    static const size_t wanted[] = {1, 6, 6, 7};

    (void) state;
    normalize_source_offsets(raw, sizeof raw - 1, offsets, 4);
    assert_memory_equal(offsets, wanted, sizeof wanted);
}

/* The same for starts: the start of it. */
static void test_starts_inside(void **state)
{
    static const char raw[] = "(a\xCC\x81\xCC\xA3)";
    size_t starts[] = {1, 4, 6, 7};
    static const size_t wanted[] = {1, 1, 6, 7};

    (void) state;
    normalize_source_starts(raw, sizeof raw - 1, starts, 4);
    assert_memory_equal(starts, wanted, sizeof wanted);
}

/* ---- without memory ---- */

static int is_refusing;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
    return is_refusing ? NULL : __real_malloc(size);
}

static void test_memory(void **state)
{
    static const char raw[] = "\xE2\x84\xAB";
    const char *text = NULL;
    size_t size = 7;
    struct arena broken = {.blocks = NULL};

    (void) state;
    is_refusing = 1;
    assert_int_equal(normalize(&broken, raw, sizeof raw - 1, &text, &size),
                     PRECIS_EINTERNAL);
    is_refusing = 0;
    assert_null(text);
    assert_int_equal(size, 7);
    assert_int_equal(normalize(&broken, raw, sizeof raw - 1, &text, &size), 0);
    arena_clear(&broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),           cmocka_unit_test(test_composed),
        cmocka_unit_test(test_linear),         cmocka_unit_test(test_offsets),
        cmocka_unit_test(test_offsets_inside),
        cmocka_unit_test(test_starts_inside), cmocka_unit_test(test_memory),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, arena_start, arena_end);
}
