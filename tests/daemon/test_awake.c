/* daemon/awake.c: when the loop waits awake, and for how long.  Clock and
 * polling are replaced: a wait takes as long as the test says. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "daemon/awake.h"

#define LONG_MS 60000

/* What asking and yielding takes. */
#define ASK_US 3

static uint64_t clock_now_us;
static unsigned yields;
static struct awake awake;

/* What the next waits find: something after so many microseconds, of which a
 * wait that is asked for less finds nothing; -1 instead: they fail. */
static uint64_t comes_us;
static int fails;

/* What was asked for. */
static unsigned asks, sleeps; /* with time 0, and with the test's */
static long slept_ms;

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_sched_yield(void);
int __wrap_polling_wait(struct polling_item *items, int count,
                        long timeout_ms);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    assert_int_equal(clock, CLOCK_MONOTONIC);
    now->tv_sec = (time_t) (clock_now_us / 1000000);
    now->tv_nsec = (long) (clock_now_us % 1000000) * 1000;
    return 0;
}

int __wrap_sched_yield(void)
{
    yields++;
    return 0;
}

int __wrap_polling_wait(struct polling_item *items, int count,
                        long timeout_ms)
{
    assert_null(items);
    assert_int_equal(count, 3);
    if (fails)
        return -1;
    if (timeout_ms == 0) {
        asks++;
        clock_now_us += ASK_US;
        comes_us -= comes_us < ASK_US ? comes_us : ASK_US;
        return comes_us == 0 ? 2 : 0;
    }
    sleeps++;
    slept_ms = timeout_ms;
    if (timeout_ms > 0 && comes_us > (uint64_t) timeout_ms * 1000) {
        clock_now_us += (uint64_t) timeout_ms * 1000;
        return 0;
    }
    clock_now_us += comes_us;
    return 2;
}

static int begin(void **state)
{
    (void) state;
    clock_now_us = 1000000;
    yields = 0;
    fails = 0;
    awake_init(&awake, 2);
    return 0;
}

/* Waits for something that comes after so long. */
static int wait_for(uint64_t after_us, long timeout_ms, int is_idle)
{
    comes_us = after_us;
    asks = sleeps = 0;
    return awake_wait(&awake, NULL, 3, timeout_ms, is_idle);
}

static void short_waits(unsigned count)
{
    while (count-- > 0)
        assert_int_equal(wait_for(AWAKE_US / 2, -1, 1), 2);
}

static void several_short_waits_begin_it(void **state)
{
    (void) state;
    for (int i = 0; i < AWAKE_AFTER; i++) {
        assert_int_equal(wait_for(AWAKE_US / 2, LONG_MS, 1), 2);
        assert_int_equal(asks, 0);
        assert_int_equal(sleeps, 1);
        assert_int_equal(slept_ms, LONG_MS);
    }
    for (int i = 0; i < 10; i++) {
        assert_int_equal(wait_for(AWAKE_US / 2, LONG_MS, 1), 2);
        assert_true(asks > 1);
        assert_int_equal(sleeps, 0);
    }
    assert_true(yields > 0);
}

static void a_long_one_ends_it(void **state)
{
    uint64_t begun;

    (void) state;
    short_waits(AWAKE_AFTER);
    begun = clock_now_us;
    assert_int_equal(wait_for(1000 * AWAKE_US, LONG_MS, 1), 2);
    /* awake first, then asleep, and for no longer than it was to be */
    assert_in_range(asks, AWAKE_US / ASK_US, AWAKE_US / ASK_US + 2);
    assert_int_equal(sleeps, 1);
    assert_int_equal(slept_ms, LONG_MS);
    assert_true(clock_now_us - begun >= 1000 * AWAKE_US);
    assert_int_equal(wait_for(AWAKE_US / 2, LONG_MS, 1), 2);
    assert_int_equal(asks, 0);
}

static void one_between_begins_anew(void **state)
{
    (void) state;
    for (int i = 0; i < 10; i++) {
        short_waits(AWAKE_AFTER - 1);
        assert_int_equal(wait_for(AWAKE_US, -1, 1), 2);
        assert_int_equal(asks, 0);
    }
}

static void the_end_of_the_time_ends_it(void **state)
{
    (void) state;
    short_waits(AWAKE_AFTER);
    assert_int_equal(wait_for(UINT64_MAX, 1, 1), 0);
    assert_int_equal(sleeps, 1);
    assert_int_equal(wait_for(1, -1, 1), 2);
    assert_int_equal(asks, 0);
}

static void busy_waits_do_not_count(void **state)
{
    (void) state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(wait_for(1, -1, 0), 2);
    short_waits(AWAKE_AFTER);
    assert_int_equal(asks, 0);
    assert_int_equal(wait_for(1000 * AWAKE_US, -1, 0), 2);
    assert_int_equal(asks, 0);
    assert_int_equal(wait_for(1, -1, 1), 2); /* awake still */
    assert_int_equal(asks, 1);
}

static void a_look_does_not_count(void **state)
{
    (void) state;
    short_waits(AWAKE_AFTER);
    assert_int_equal(wait_for(1000, 0, 1), 0);
    assert_int_equal(asks, 1);
    assert_int_equal(sleeps, 0);
    assert_int_equal(wait_for(1, -1, 1), 2);
    assert_int_equal(sleeps, 0);
}

static void failures_are_told(void **state)
{
    (void) state;
    short_waits(AWAKE_AFTER);
    fails = 1;
    assert_int_equal(wait_for(1, -1, 1), -1);
    fails = 0;
    assert_int_equal(wait_for(1, -1, 1), 2); /* as one by a signal, say */
    assert_int_equal(sleeps, 0);
}

static void never_on_one_core(void **state)
{
    (void) state;
    awake_init(&awake, 1);
    for (int i = 0; i < 10; i++) {
        short_waits(1);
        assert_int_equal(asks, 0);
    }
}

#define TEST(function) cmocka_unit_test_setup(function, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(several_short_waits_begin_it),
        TEST(a_long_one_ends_it),
        TEST(one_between_begins_anew),
        TEST(the_end_of_the_time_ends_it),
        TEST(busy_waits_do_not_count),
        TEST(a_look_does_not_count),
        TEST(failures_are_told),
        TEST(never_on_one_core),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
