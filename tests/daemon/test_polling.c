/* daemon/polling.c: sockets and descriptors, ready or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/polling.h"

/* Long enough that a test which waits so long has failed. */
#define LONG_MS 60000

struct fixture {
    void *context, *one, *other; /* a pair of sockets */
    int ends[2];                 /* a pipe */
    struct polling_item items[3];
};

static struct fixture f;

static int begin(void **state)
{
    (void) state;
    f.context = zmq_ctx_new();
    f.one = zmq_socket(f.context, ZMQ_PAIR);
    f.other = zmq_socket(f.context, ZMQ_PAIR);
    if (zmq_bind(f.one, "inproc://polling") != 0
        || zmq_connect(f.other, "inproc://polling") != 0 || pipe(f.ends) != 0)
        return -1;
    f.items[0] = (struct polling_item){.socket = f.one};
    f.items[1] = (struct polling_item){.fd = f.ends[0]};
    f.items[2] = (struct polling_item){.fd = -1};
    return 0;
}

static int end(void **state)
{
    (void) state;
    zmq_close(f.one);
    zmq_close(f.other);
    zmq_ctx_term(f.context);
    close(f.ends[0]);
    close(f.ends[1]);
    return 0;
}

static void nothing_is_ready(void **state)
{
    (void) state;
    assert_int_equal(polling_wait(f.items, 3, 0), 0);
    assert_int_equal(polling_wait(f.items, 3, 20), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(f.items[i].is_ready, 0);
}

static void a_socket_is(void **state)
{
    char byte;

    (void) state;
    assert_int_equal(zmq_send(f.other, "x", 1, 0), 1);
    assert_int_equal(polling_wait(f.items, 3, LONG_MS), 1);
    assert_int_equal(f.items[0].is_ready, 1);
    /* and stays so until it is read */
    assert_int_equal(polling_wait(f.items, 3, -1), 1);
    assert_int_equal(zmq_recv(f.one, &byte, 1, 0), 1);
    assert_int_equal(polling_wait(f.items, 3, 0), 0);
    assert_int_equal(f.items[0].is_ready, 0);
}

static void a_descriptor_is(void **state)
{
    char byte;

    (void) state;
    assert_int_equal(write(f.ends[1], "x", 1), 1);
    assert_int_equal(polling_wait(f.items, 3, -1), 1);
    assert_int_equal(f.items[0].is_ready, 0);
    assert_int_equal(f.items[1].is_ready, 1);
    assert_int_equal(read(f.ends[0], &byte, 1), 1);
    assert_int_equal(polling_wait(f.items, 3, 0), 0);
}

static void both_are(void **state)
{
    char byte;

    (void) state;
    assert_int_equal(zmq_send(f.other, "x", 1, 0), 1);
    assert_int_equal(write(f.ends[1], "x", 1), 1);
    assert_int_equal(polling_wait(f.items, 3, LONG_MS), 2);
    assert_int_equal(zmq_recv(f.one, &byte, 1, 0), 1);
    assert_int_equal(read(f.ends[0], &byte, 1), 1);
    assert_int_equal(polling_wait(f.items, 3, 0), 0);
}

/* The socket stirs, since it learns that it may write again, but has nothing
 * to be read. */
static void a_stir_is_not_enough(void **state)
{
    (void) state;
    for (int i = 0; i < 1000; i++) {
        char byte;

        assert_int_equal(zmq_send(f.one, "x", 1, 0), 1);
        assert_int_equal(zmq_recv(f.other, &byte, 1, 0), 1);
    }
    f.items[0].is_settled = 0;
    assert_int_equal(polling_wait(f.items, 3, 20), 0);
    assert_int_equal(zmq_send(f.other, "x", 1, 0), 1);
    assert_int_equal(polling_wait(f.items, 3, LONG_MS), 1);
}

/* Not asked again while it is settled, it is heard all the same; by whoever
 * reads until nothing is left, too. */
static void a_settled_socket_is_heard(void **state)
{
    char byte;

    (void) state;
    assert_int_equal(polling_wait(f.items, 3, 0), 0);
    assert_int_equal(f.items[0].is_settled, 1);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(zmq_send(f.other, "x", 1, 0), 1);
        assert_int_equal(polling_wait(f.items, 3, LONG_MS), 1);
        assert_int_equal(f.items[0].is_settled, 0);
        assert_int_equal(zmq_recv(f.one, &byte, 1, ZMQ_DONTWAIT), 1);
        assert_int_equal(zmq_recv(f.one, &byte, 1, ZMQ_DONTWAIT), -1);
        assert_int_equal(errno, EAGAIN);
        f.items[0].is_settled = 1;
    }
    assert_int_equal(polling_wait(f.items, 3, 0), 0);
}

static void too_many_are_refused(void **state)
{
    (void) state;
    assert_int_equal(polling_wait(f.items, POLLING_MAX + 1, 0), -1);
    assert_int_equal(errno, EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_ready, begin, end),
        cmocka_unit_test_setup_teardown(a_socket_is, begin, end),
        cmocka_unit_test_setup_teardown(a_descriptor_is, begin, end),
        cmocka_unit_test_setup_teardown(both_are, begin, end),
        cmocka_unit_test_setup_teardown(a_stir_is_not_enough, begin, end),
        cmocka_unit_test_setup_teardown(a_settled_socket_is_heard, begin, end),
        cmocka_unit_test_setup_teardown(too_many_are_refused, begin, end),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
