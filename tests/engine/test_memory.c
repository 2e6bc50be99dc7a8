/* Out of memory: every allocation of an engine and its libraries fails once,
 * and then all from there on.  What is wanted: the error that precis.h names
 * or the very summary, nothing lost, and an engine that works again.
 *
 * malloc and its like are defined here, for the whole process, since
 * libstemmer and iconv allocate too.  They lead to those of the C library or,
 * where there is one, of the address sanitizer. */
#include <config.h>

/* ThreadSanitizer wants the malloc that is defined here, early. */
#ifdef __SANITIZE_THREAD__ /* gcc */
#define THREAD_SANITIZER
#elif defined(__has_feature) /* clang */
#if __has_feature(thread_sanitizer)
#define THREAD_SANITIZER
#endif
#endif

#ifdef THREAD_SANITIZER
#include <stdio.h>

int main(void)
{
    puts("1..0 # SKIP not with the thread sanitizer, which needs its malloc");
    return 0;
}
#else

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/arena.h"
#include "engine/precis.h"

/* ---- the allocator ---- */

static long countdown = -1; /* calls before the one that fails; -1: none */
static int for_ever;        /* all after it fail too */
static long in_use;         /* blocks, counted while `counting` */
static int counting;

static void *(*real_malloc)(size_t size);
static void *(*real_calloc)(size_t count, size_t size);
static void *(*real_realloc)(void *old, size_t size);
static void (*real_free)(void *old);

/* What dlsym itself, or start-up, wants before the real ones are known. */
static _Alignas(16) char early[16384];
static size_t early_used;

static int is_early(const void *block)
{
    return (const char *) block >= early
           && (const char *) block < early + sizeof early;
}

static void *early_take(size_t size)
{
    void *block = early + early_used;

    size = (size + 15) & ~(size_t) 15;
    if (size > sizeof early - early_used)
        return NULL;
    early_used += size;
    return block;
}

static void find_real(void)
{
    static int looking;

    if (looking || real_free != NULL)
        return;
    looking = 1;
    *(void **) &real_malloc = dlsym(RTLD_NEXT, "malloc");
    *(void **) &real_calloc = dlsym(RTLD_NEXT, "calloc");
    *(void **) &real_realloc = dlsym(RTLD_NEXT, "realloc");
    *(void **) &real_free = dlsym(RTLD_NEXT, "free");
    looking = 0;
}

static int fails(void)
{
    if (countdown < 0)
        return 0;
    if (countdown > 0) {
        countdown--;
        return 0;
    }
    if (!for_ever)
        countdown = -1;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    void *block;

    find_real();
    if (real_free == NULL)
        return early_take(size);
    if (fails())
        return NULL;
    block = real_malloc(size);
    in_use += counting && block != NULL;
    return block;
}

void *calloc(size_t count, size_t size)
{
    void *block;

    find_real();
    if (real_free == NULL)
        return early_take(count * size); /* static: zeroed */
    if (fails())
        return NULL;
    block = real_calloc(count, size);
    in_use += counting && block != NULL;
    return block;
}

void *realloc(void *old, size_t size)
{
    void *block;

    find_real();
    if (real_free == NULL || is_early(old)) {
        size_t there = (size_t) (early + sizeof early - (char *) old);
        block = real_free == NULL ? early_take(size) : real_malloc(size);
        if (old != NULL && block != NULL)
            memcpy(block, old, there < size ? there : size);
        return block;
    }
    if (fails())
        return NULL;
    block = real_realloc(old, size);
    in_use += counting && block != NULL && old == NULL;
    return block;
}

void free(void *old)
{
    find_real();
    if (old == NULL || is_early(old) || real_free == NULL)
        return;
    in_use -= counting;
    real_free(old);
}

/* ---- the arena ---- */

/* It asks malloc so seldom that most places which take memory of it would
 * never see a failure.  Linked with --wrap: these fail by a countdown of
 * their own. */
static long takes = -1;

void *__real_arena_take(struct arena *arena, size_t size);
void *__real_arena_take_array(struct arena *arena, size_t count, size_t size);
void *__real_arena_grow(struct arena *arena, void *piece, size_t size,
                        size_t wanted);
void *__wrap_arena_take(struct arena *arena, size_t size);
void *__wrap_arena_take_array(struct arena *arena, size_t count, size_t size);
void *__wrap_arena_grow(struct arena *arena, void *piece, size_t size,
                        size_t wanted);

static int take_fails(void)
{
    return takes >= 0 && takes-- == 0;
}

void *__wrap_arena_take(struct arena *arena, size_t size)
{
    return take_fails() ? NULL : __real_arena_take(arena, size);
}

void *__wrap_arena_take_array(struct arena *arena, size_t count, size_t size)
{
    return take_fails() ? NULL : __real_arena_take_array(arena, count, size);
}

void *__wrap_arena_grow(struct arena *arena, void *piece, size_t size,
                        size_t wanted)
{
    return take_fails() ? NULL : __real_arena_grow(arena, piece, size, wanted);
}

/* ---- the articles ---- */

static char *article;
static size_t article_size;
static char wanted[100000];
static size_t wanted_size;
static precis_options options;

/* Letters by lot, in words, sentences and paragraphs: so many bytes that
 * every table and array grows, and large pieces too. */
static void make_article(size_t size, const char *accent)
{
    uint32_t lot = 12345;

    free(article);
    article = malloc(size);
    assert_non_null(article);
    article_size = size;
    for (size_t i = 0; i < size; i++) {
        lot = lot * 1664525u + 1013904223u;
        article[i] = "eaitnsrulodcmp  vgfbqh, . E"[(lot >> 16) % 27];
    }
    memcpy(article + 100, accent, strlen(accent));
}

/* NULL, or the method that start_article() asks for. */
static const char *method;

static void start_article(size_t size, const char *accent, const char *charset)
{
    precis_engine *engine;
    const precis_result *result;
    const char *summary;

    make_article(size, accent);
    precis_options_init(&options);
    options.language = "fr";
    options.charset = charset;
    options.method = method;
    options.title = "Le titre";
    options.title_size = 8;
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 70;
    options.explain = 1;
    /* the C library keeps what it knows of a charset once it was asked */
    assert_int_equal(precis_engine_new(&engine, NULL), 0);
    assert_int_equal(precis_summarize(engine, article, article_size, &options,
                                      &result, NULL),
                     0);
    summary = precis_result_summary(result, &wanted_size);
    assert_true(wanted_size < sizeof wanted);
    memcpy(wanted, summary, wanted_size);
    precis_engine_free(engine);
}

/* ---- the failures ---- */

static int summarizes(precis_engine *engine, precis_error *error)
{
    const precis_result *result = NULL;
    const char *summary;
    size_t size;
    int code = precis_summarize(engine, article, article_size, &options,
                                &result, error);

    if (code != 0) {
        assert_null(result);
        return code;
    }
    summary = precis_result_summary(result, &size);
    assert_int_equal(size, wanted_size);
    assert_memory_equal(summary, wanted, size);
    return 0;
}

static void check_error(const precis_error *error)
{
    assert_int_equal(error->code, PRECIS_EINTERNAL);
    assert_string_equal(error->message, "out of memory");
    assert_string_equal(error->key, "");
    assert_int_equal(error->offset, -1);
}

/* The whole life of an engine with its allocation number `n` failing.
 * Returns whether there were so many. */
static int lives(long n, int ever)
{
    precis_engine *engine = NULL;
    precis_error error;
    int code, failed;

    for_ever = ever;
    countdown = n;
    code = precis_engine_new(&engine, &error);
    if (code != 0) {
        countdown = -1;
        check_error(&error);
        assert_null(engine);
    } else {
        code = summarizes(engine, &error);
        failed = countdown < 0 || (ever && countdown == 0);
        countdown = -1;
        if (code != 0) {
            check_error(&error);
            assert_true(failed);
        }
        if (article_size < 100000 || n % 8 == 0)
            assert_int_equal(summarizes(engine, &error), 0);
        precis_engine_free(engine);
        if (!failed)
            n = -1;
    }
    return n >= 0;
}

/* The C library keeps some of what it learns of charsets, and forgets it when
 * it has no memory: so only the sum over all lives is known. */
#define KEPT 20

static void fails_everywhere(void)
{
    long lost, n = 0;

    in_use = 0;
    counting = 1;
    for (int ever = 0; ever < 2; ever++)
        for (n = 0; lives(n, ever);)
            n++;
    counting = 0;
    lost = in_use;
    assert_true(n > 5);
    if (lost > (options.charset == NULL ? 0 : KEPT))
        fail_msg("%ld blocks are lost in %ld lives", lost, 2 * n);
}

static void test_small(void **state)
{
    (void) state;
    start_article(2000, "\xC3\xA9", NULL);
    fails_everywhere();
}

static void test_large(void **state)
{
    (void) state;
    start_article(500000, "\xC3\xA9", NULL);
    fails_everywhere();
}

static void test_charset(void **state)
{
    (void) state;
    start_article(2000, "\xE9", "ISO-8859-1");
    fails_everywhere();
    start_article(2000, "\xE9", "KOI8-R");
    fails_everywhere();
}

/* An invalid byte and a decomposed letter: the text is copied twice. */
static void test_copies(void **state)
{
    (void) state;
    start_article(200000, "\xFF e\xCC\x81", NULL);
    fails_everywhere();
}

static void test_segment(void **state)
{
    precis_engine *engine;
    const precis_result *result = NULL;
    precis_error error;
    int code;

    (void) state;
    start_article(50000, "\xC3\xA9", NULL);
    assert_int_equal(precis_engine_new(&engine, NULL), 0);
    for_ever = 0;
    for (long n = 0;; n++) {
        precis_engine_free(engine);
        assert_int_equal(precis_engine_new(&engine, NULL), 0);
        countdown = n;
        code = precis_segment(engine, article, article_size, &options, &result,
                              &error);
        if (countdown >= 0)
            break;
        if (code != 0)
            check_error(&error);
    }
    countdown = -1;
    assert_int_equal(code, 0);
    precis_engine_free(engine);
}

/* Each place that takes memory of the arena, in either call. */
static void takes_fail(const char *accent, const char *charset, int segment)
{
    precis_engine *engine;
    precis_error error;
    long n = -1;

    start_article(9000, accent, charset);
    assert_int_equal(precis_engine_new(&engine, NULL), 0);
    do {
        const precis_result *result = NULL;
        int code;
        takes = ++n;
        code = (segment ? precis_segment : precis_summarize)(
            engine, article, article_size, &options, &result, &error);
        if (takes < 0) {
            assert_int_equal(code, PRECIS_EINTERNAL);
            check_error(&error);
            assert_null(result);
        } else {
            assert_int_equal(code, 0);
        }
    } while (takes < 0);
    takes = -1;
    assert_true(n > 10);
    assert_int_equal(summarizes(engine, &error), 0);
    precis_engine_free(engine);
}

static void test_arena(void **state)
{
    (void) state;
    for (int segment = 0; segment < 2; segment++) {
        takes_fail("\xC3\xA9", NULL, segment);
        takes_fail("\xE9", "ISO-8859-1", segment);
        takes_fail("\xFF e\xCC\x81", NULL, segment);
    }
}

static void test_methods(void **state)
{
    (void) state;
    for (size_t i = 0; (method = precis_method(i)) != NULL; i++)
        takes_fail("\xC3\xA9", NULL, 0);
}

static int end(void **state)
{
    (void) state;
    free(article);
    article = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),   cmocka_unit_test(test_large),
        cmocka_unit_test(test_charset), cmocka_unit_test(test_copies),
        cmocka_unit_test(test_segment), cmocka_unit_test(test_arena),
        cmocka_unit_test(test_methods),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, end);
}
#endif
