/* daemon/awake.c: when the loop waits awake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "daemon/awake.h"
#include "daemon/job.h"

/* Long enough that a test which waits so long has failed. */
#define LONG_MS 60000

#define SHORT_MS 20

struct fixture {
    int ends[2]; /* a pipe */
    struct polling_item items[2];
    struct awake awake;
};

static struct fixture f;

static int begin(void **state)
{
    (void) state;
    if (pipe(f.ends) != 0)
        return -1;
    f.items[0] = (struct polling_item){.fd = f.ends[0]};
    f.items[1] = (struct polling_item){.fd = -1};
    awake_init(&f.awake, 2);
    return 0;
}

static int end(void **state)
{
    (void) state;
    close(f.ends[0]);
    close(f.ends[1]);
    return 0;
}

static void stir(void)
{
    assert_int_equal(write(f.ends[1], "", 1), 1);
}

static void calm(void)
{
    char byte;

    assert_int_equal(read(f.ends[0], &byte, 1), 1);
}

/* Processor time of this thread. */
static uint64_t used_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

static void a_short_wait_pays(void **state)
{
    (void) state;
    assert_int_equal(f.awake.pays, 0);
    for (int tries = 0; tries < 1000 && !f.awake.pays; tries++) {
        stir(); /* a machine under load may lose the processor here */
        assert_int_equal(
            awake_wait(&f.awake, f.items, 2, LONG_MS, 1), 1);
        assert_int_equal(f.items[0].is_ready, 1);
        calm();
    }
    assert_int_equal(f.awake.pays, 1);
}

/* And it is awake for AWAKE_US, then asleep until the end. */
static void a_long_one_does_not(void **state)
{
    uint64_t begun = clock_us(), used = used_us();

    (void) state;
    f.awake.pays = 1;
    assert_int_equal(awake_wait(&f.awake, f.items, 2, SHORT_MS, 1), 0);
    assert_int_equal(f.awake.pays, 0);
    assert_true(clock_us() - begun >= SHORT_MS * 1000);
    assert_true(used_us() - used < SHORT_MS * 1000 / 2);
}

static void busy_waits_do_not_count(void **state)
{
    (void) state;
    stir();
    assert_int_equal(awake_wait(&f.awake, f.items, 2, LONG_MS, 0), 1);
    assert_int_equal(f.awake.pays, 0);
    calm();
    f.awake.pays = 1;
    assert_int_equal(awake_wait(&f.awake, f.items, 2, SHORT_MS, 0), 0);
    assert_int_equal(f.awake.pays, 1);
}

static void not_on_one_core(void **state)
{
    (void) state;
    awake_init(&f.awake, 1);
    for (int i = 0; i < 10; i++) {
        stir();
        assert_int_equal(
            awake_wait(&f.awake, f.items, 2, LONG_MS, 1), 1);
        assert_int_equal(f.awake.pays, 0);
        calm();
    }
}

static void *stir_late(void *unused)
{
    (void) unused;
    stir();
    return NULL;
}

/* What comes while it is awake, or later, is told. */
static void nothing_is_missed(void **state)
{
    (void) state;
    for (int i = 0; i < 200; i++) {
        pthread_t thread;

        f.awake.pays = i % 2;
        assert_int_equal(pthread_create(&thread, NULL, stir_late, NULL), 0);
        assert_int_equal(awake_wait(&f.awake, f.items, 2, LONG_MS, 1), 1);
        assert_int_equal(f.items[0].is_ready, 1);
        pthread_join(thread, NULL);
        calm();
    }
}

static void errors_are_told(void **state)
{
    (void) state;
    f.awake.pays = 1;
    assert_int_equal(
        awake_wait(&f.awake, f.items, POLLING_MAX + 1, LONG_MS, 1), -1);
    assert_int_equal(f.awake.pays, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_short_wait_pays),
        TEST(a_long_one_does_not),
        TEST(busy_waits_do_not_count),
        TEST(not_on_one_core),
        TEST(nothing_is_missed),
        TEST(errors_are_told),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
