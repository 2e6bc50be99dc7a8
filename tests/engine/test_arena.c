/* engine/arena.c: alignment, growth, what is kept, and no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <malloc.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "engine/arena.h"

/* Linked with --wrap: counts calls and bytes in use, and fails when told to. */
static size_t mallocs;
static size_t in_use;
static int malloc_fails;

void *__real_malloc(size_t size);
void *__real_realloc(void *piece, size_t size);
void __real_free(void *piece);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *piece, size_t size);
void __wrap_free(void *piece);

void *__wrap_malloc(size_t size)
{
    void *piece = malloc_fails ? NULL : __real_malloc(size);

    mallocs++;
    in_use += malloc_usable_size(piece);
    return piece;
}

void *__wrap_realloc(void *piece, size_t size)
{
    size_t before = malloc_usable_size(piece);

    mallocs++;
    piece = malloc_fails ? NULL : __real_realloc(piece, size);
    if (piece != NULL)
        in_use += malloc_usable_size(piece) - before;
    return piece;
}

void __wrap_free(void *piece)
{
    in_use -= malloc_usable_size(piece);
    __real_free(piece);
}

static void it_aligns(void **state)
{
    struct arena arena;

    (void) state;
    arena_init(&arena);
    for (size_t size = 0; size < 100; size++) {
        char *piece = arena_take(&arena, size);
        assert_non_null(piece);
        assert_int_equal((uintptr_t) piece % alignof(max_align_t), 0);
        memset(piece, 0xAA, size);
    }
    arena_clear(&arena);
}

static void pieces_do_not_overlap(void **state)
{
    struct arena arena;
    unsigned char *pieces[300];

    (void) state;
    arena_init(&arena);
    for (size_t i = 0; i < 300; i++) {
        pieces[i] = arena_take(&arena, i * 37);
        assert_non_null(pieces[i]);
        memset(pieces[i], (int) (i % 251), i * 37);
    }
    for (size_t i = 0; i < 300; i++)
        for (size_t k = 0; k < i * 37; k++)
            assert_int_equal(pieces[i][k], i % 251);
    arena_clear(&arena);
}

static void arrays_are_zeroed(void **state)
{
    struct arena arena;
    const unsigned char *array;

    (void) state;
    arena_init(&arena);
    memset(arena_take(&arena, 4096), 0xFF, 4096);
    arena_reset(&arena);
    array = arena_take_array(&arena, 512, 8);
    assert_non_null(array);
    for (size_t i = 0; i < 4096; i++)
        assert_int_equal(array[i], 0);
    arena_clear(&arena);
}

static void absurd_sizes_are_refused(void **state)
{
    struct arena arena;

    (void) state;
    arena_init(&arena);
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_null(arena_take(&arena, SIZE_MAX - 40));
    assert_null(arena_take_array(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_take_array(&arena, (size_t) 1 << 40, (size_t) 1 << 40));
    assert_non_null(arena_take(&arena, 1));
    arena_clear(&arena);
}

static void it_shrinks_only_the_latest(void **state)
{
    struct arena arena;
    char *first;
    char *second;

    (void) state;
    arena_init(&arena);
    first = arena_take(&arena, 1000);
    arena_shrink(&arena, first, 1000, 10);
    second = arena_take(&arena, 1000);
    assert_true(second - first < 100);
    arena_shrink(&arena, first, 10, 0);
    assert_true((char *) arena_take(&arena, 1) >= second + 1000);
    arena_clear(&arena);
}

/* The next request of the same size costs no malloc. */
static void it_keeps_what_requests_need(void **state)
{
    struct arena arena;
    size_t before;

    (void) state;
    arena_init(&arena);
    for (int request = 0; request < 4; request++) {
        before = mallocs;
        for (int i = 0; i < 100; i++)
            assert_non_null(arena_take(&arena, 5000));
        arena_reset(&arena);
    }
    assert_int_equal(mallocs, before);
    arena_clear(&arena);
}

static void it_gives_back_what_is_huge(void **state)
{
    struct arena arena;
    size_t before = in_use;

    (void) state;
    arena_init(&arena);
    assert_non_null(arena_take(&arena, 1));
    for (int i = 0; i < 3; i++)
        assert_non_null(arena_take(&arena, 2 * (size_t) ARENA_KEEP_MAX));
    assert_true(in_use > before + 6 * (size_t) ARENA_KEEP_MAX);
    arena_reset(&arena);
    assert_true(in_use <= before + ARENA_KEEP_MAX + 4096);
    assert_non_null(arena_take(&arena, 1));
    arena_clear(&arena);
    assert_int_equal(in_use, before);
}

/* A table that doubles keeps its content, and leaves no more behind than it
 * has itself. */
static void it_grows_pieces(void **state)
{
    struct arena arena;
    size_t before = in_use;
    size_t size = 16;
    unsigned char *table;

    (void) state;
    arena_init(&arena);
    table = arena_grow(&arena, NULL, 0, size);
    assert_non_null(table);
    memset(table, 0xA5, size);
    while (size < 8 * (size_t) ARENA_KEEP_MAX) {
        assert_non_null(arena_take(&arena, 24));
        table = arena_grow(&arena, table, size, 2 * size);
        assert_non_null(table);
        for (size_t i = 0; i < size; i += 1 + size / 64)
            assert_int_equal(table[i], 0xA5);
        size *= 2;
        memset(table, 0xA5, size);
    }
    assert_true(in_use - before < 2 * size);
    arena_clear(&arena);
    assert_int_equal(in_use, before);
}

static void without_memory_it_stays_usable(void **state)
{
    struct arena arena;
    char *piece;

    (void) state;
    arena_init(&arena);
    malloc_fails = 1;
    assert_null(arena_take(&arena, 0));
    assert_null(arena_take(&arena, 1));
    assert_null(arena_take_array(&arena, 10, 10));
    malloc_fails = 0;
    assert_non_null(arena_take(&arena, 1));
    malloc_fails = 1;
    assert_null(arena_take(&arena, (size_t) 1 << 20));
    piece = arena_take(&arena, 100);
    assert_non_null(piece);
    memset(piece, 'p', 100);
    assert_null(arena_grow(&arena, piece, 100, (size_t) 8 << 20));
    assert_int_equal(piece[99], 'p');
    malloc_fails = 0;
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_aligns),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(arrays_are_zeroed),
        cmocka_unit_test(absurd_sizes_are_refused),
        cmocka_unit_test(it_shrinks_only_the_latest),
        cmocka_unit_test(it_keeps_what_requests_need),
        cmocka_unit_test(it_gives_back_what_is_huge),
        cmocka_unit_test(it_grows_pieces),
        cmocka_unit_test(without_memory_it_stays_usable),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
