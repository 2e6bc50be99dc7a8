/* Rates, percentiles and the limit of the log, by a clock of our own. */
#include <config.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/lograte.h"
#include "daemon/rates.h"

#define SECOND UINT64_C(1000000)

static int thousandths(double real)
{
    return (int) (real * 1000 + 0.5);
}

static void test_percentile(void **state)
{
    struct histogram histogram = {0};

    (void) state;
    assert_int_equal(histogram_percentile(&histogram, 50), 0);
    for (int i = 0; i < 98; i++)
        histogram_add(&histogram, 2000); /* (1000, 2500] */
    histogram_add(&histogram, 600000); /* (500000, 1000000] */
    histogram_add(&histogram, 9000000); /* above every bound */
    assert_int_equal(histogram.count, 100);
    assert_int_equal(histogram_percentile(&histogram, 98), 2500);
    assert_int_equal(histogram_percentile(&histogram, 49), 1750);
    assert_int_equal(histogram_percentile(&histogram, 99), 1000000);
    assert_int_equal(histogram_percentile(&histogram, 100), 1000000);
    assert_in_range(histogram_percentile(&histogram, 1), 1001, 1100);
}

static void test_bounds(void **state)
{
    struct histogram histogram = {0};

    (void) state;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
        histogram_add(&histogram, histogram_bounds_us[i]);
        assert_int_equal(histogram.buckets[i], 1);
        histogram_add(&histogram, histogram_bounds_us[i] + 1);
        assert_int_equal(histogram.buckets[i + 1], 1);
        histogram.buckets[i + 1] = 0;
    }
}

static void test_rate(void **state)
{
    struct rates rates = {0};
    uint64_t now = 1000 * SECOND;

    (void) state;
    for (int second = 0; second < 10; second++, now += SECOND)
        for (int i = 0; i < 30; i++)
            rates_add(&rates, now, i < 3, 500);
    /* The second under way, which is empty, is left out. */
    assert_int_equal(thousandths(rates_requests(&rates, now, 10)), 30000);
    assert_int_equal(thousandths(rates_errors(&rates, now, 10)), 3000);
    assert_int_equal(thousandths(rates_requests(&rates, now, 20)), 15000);
    now += 5 * SECOND;
    assert_int_equal(thousandths(rates_requests(&rates, now, 10)), 15000);
    now += 1000 * SECOND;
    assert_int_equal(thousandths(rates_requests(&rates, now, 59)), 0);
    /* A ring's length later is not now. */
    rates_add(&rates, now, 0, 0);
    now += RATES_SECONDS * SECOND;
    assert_int_equal(thousandths(rates_requests(&rates, now, 59)), 0);
}

static void test_recent(void **state)
{
    struct rates rates = {0};
    uint64_t now = 3000 * SECOND;

    (void) state;
    rates_add(&rates, now, 0, 80);
    rates_add(&rates, now, 0, 0); /* no worker's: no time */
    assert_int_equal(rates_percentile(&rates, now, 99), 100);
    now += 30 * SECOND;
    rates_add(&rates, now, 0, 400000);
    assert_int_equal(rates_percentile(&rates, now, 50), 100);
    assert_int_equal(rates_percentile(&rates, now, 99), 500000);
    now += 30 * SECOND;
    assert_int_equal(rates_percentile(&rates, now, 50), 500000);
    now += 60 * SECOND;
    assert_int_equal(rates_percentile(&rates, now, 50), 0);
}

static void test_log(void **state)
{
    unsigned source = lograte_source(0, "abc", 3);
    unsigned other = (source + 1) % LOGRATE_SOURCES;
    uint64_t now = 5000 * SECOND;

    (void) state;
    log_open(LOG_LEVEL_ERROR); /* what is told is not written here */
    assert_int_equal(lograte_source(0, "abc", 3), source);
    for (int i = 0; i < LOGRATE_LINES; i++)
        assert_true(lograte_allows(source, now + (uint64_t) i));
    assert_false(lograte_is_pending());
    for (int i = 0; i < 100; i++)
        assert_false(lograte_allows(source, now + 100));
    assert_true(lograte_is_pending());
    assert_true(lograte_allows(other, now));
    lograte_tell(now + 200); /* the second is not over */
    assert_true(lograte_is_pending());
    lograte_tell(now + SECOND);
    assert_false(lograte_is_pending());
    assert_true(lograte_allows(source, now + SECOND));
    log_set_level(LOG_LEVEL_DEBUG);
    for (int i = 0; i < 3 * LOGRATE_LINES; i++)
        assert_true(lograte_allows(source, now + 2 * SECOND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_percentile), cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_rate),       cmocka_unit_test(test_recent),
        cmocka_unit_test(test_log),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
