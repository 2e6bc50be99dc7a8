/* Addresses, and those whose clients fail too often. */
#include <config.h>

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/failures.h"

static struct address address_of(const char *text)
{
    struct address address;

    assert_int_equal(address_parse(text, &address), 0);
    return address;
}

static void test_addresses(void **state)
{
    static const struct {
        const char *one, *other;
        int is_same;
    } rows[] = {
        {"192.0.2.7", "192.0.2.7", 1},
        {"192.0.2.7", "192.0.2.8", 0},
        {"2001:db8::1", "2001:db8::ffff", 1},
        {"2001:db8::1", "2001:db8:0:1::1", 0},
        {"fe80::1%eth0", "fe80::1", 1},
        {"::ffff:192.0.2.7", "192.0.2.7", 1},
        {"::ffff:192.0.2.7", "::ffff:192.0.2.8", 0},
        {"::ffff:192.0.2.7", "::1", 0},
    };
    static const char *const bad[] = {
        "", "localhost", "localhost:0:0:1", "192.0.2", "192.0.2.7.1", "%eth0",
        "2001:db8::1::1",
        "2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct address one = address_of(rows[i].one);
        struct address other = address_of(rows[i].other);

        assert_true(address_is_known(&one));
        assert_int_equal(address_is_same(&one, &other), rows[i].is_same);
        if (rows[i].is_same)
            assert_true(address_hash(&one, 7) == address_hash(&other, 7));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct address address;

        assert_int_equal(address_parse(bad[i], &address), -1);
        assert_false(address_is_known(&address));
    }
}

static void test_peer(void **state)
{
    struct address address;
    int pair[2];

    (void) state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    address_of_peer(pair[0], &address);
    assert_false(address_is_known(&address));
    address_of_peer(-1, &address);
    assert_false(address_is_known(&address));
}

static void add(struct failures *failures, const struct address *address,
                int times, uint64_t now)
{
    while (times-- > 0)
        assert_int_equal(failures_add(failures, address, now), 0);
}

static void test_block(void **state)
{
    static struct failures failures;
    struct address one = address_of("192.0.2.7");
    struct address other = address_of("192.0.2.8");
    uint64_t now = 5000000;

    (void) state;
    assert_int_equal(failures_init(&failures), 0);
    add(&failures, &one, FAILURES_MOST - 1, now);
    assert_false(failures_is_blocked(&failures, &one, now));
    assert_int_not_equal(failures_add(&failures, &one, now), 0);
    assert_true(failures_is_blocked(&failures, &one, now));
    assert_false(failures_is_blocked(&failures, &other, now));
    assert_int_equal(failures_blocked(&failures), 1);
    /* What was under way, and fails yet. */
    add(&failures, &one, 3 * FAILURES_MOST, now + 1000);
    assert_int_equal(failures_blocked(&failures), 1);
    now += 1000 + FAILURES_US;
    assert_true(failures_is_blocked(&failures, &one, now - 1));
    assert_false(failures_is_blocked(&failures, &one, now));
    add(&failures, &one, FAILURES_MOST - 1, now);
    assert_int_not_equal(failures_add(&failures, &one, now), 0);
    assert_int_equal(failures_blocked(&failures), 2);
    failures_clear(&failures);
}

static void test_slow_and_admitted(void **state)
{
    static struct failures failures;
    struct address one = address_of("2001:db8::1");
    struct address none = {.family = AF_UNIX};
    uint64_t now = 5000000;

    (void) state;
    assert_int_equal(failures_init(&failures), 0);
    for (int minute = 0; minute < 20; minute++) {
        add(&failures, &one, FAILURES_MOST - 1, now);
        now += FAILURES_US;
    }
    for (int i = 0; i < 20; i++) {
        add(&failures, &one, FAILURES_MOST - 1, now);
        failures_forget(&failures, &one);
    }
    /* Who is on this machine has no address. */
    add(&failures, &none, 3 * FAILURES_MOST, now);
    assert_false(failures_is_blocked(&failures, &none, now));
    failures_forget(&failures, &none);
    assert_int_equal(failures_blocked(&failures), 0);
    failures_clear(&failures);
}

/* A flood from more addresses than are remembered: the newest still are. */
static void test_many(void **state)
{
    static struct failures failures;
    uint64_t now = 5000000;
    size_t blocked = 0;

    (void) state;
    assert_int_equal(failures_init(&failures), 0);
    for (unsigned i = 0; i < 100000; i++, now++) {
        struct address address = {.family = AF_INET};

        memcpy(address.bytes, &i, 4);
        add(&failures, &address, FAILURES_MOST - 1, now);
        assert_int_not_equal(failures_add(&failures, &address, now), 0);
        assert_true(failures_is_blocked(&failures, &address, now));
    }
    for (unsigned i = 0; i < 100000; i++) {
        struct address address = {.family = AF_INET};

        memcpy(address.bytes, &i, 4);
        blocked += (size_t) failures_is_blocked(&failures, &address, now);
    }
    assert_int_equal(blocked, FAILURES_SETS * FAILURES_SET_SIZE);
    failures_clear(&failures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_peer),
        cmocka_unit_test(test_block),
        cmocka_unit_test(test_slow_and_admitted),
        cmocka_unit_test(test_many),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
