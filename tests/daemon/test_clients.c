/* What clients have under way, and the replies that they do not fetch.  The
 * messages come through a ROUTER of their own, as the service's do. */
#include <config.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/clients.h"
#include "daemon/waiting.h"
#include "engine/precis-error.h"

#define JOBS (CLIENT_JOBS_MAX * 2)

static void *context, *router;
static void *senders[3]; /* clients "a", "b", and "c" whom libzmq names */
static struct clients clients;
static struct job jobs[JOBS];

static int set_up(void **state)
{
    (void) state;
    context = zmq_ctx_new();
    router = zmq_socket(context, ZMQ_ROUTER);
    zmq_bind(router, "inproc://clients");
    for (size_t i = 0; i < 3; i++) {
        senders[i] = zmq_socket(context, ZMQ_DEALER);
        if (i < 2)
            zmq_setsockopt(senders[i], ZMQ_ROUTING_ID, i == 0 ? "a" : "b", 1);
        if (zmq_connect(senders[i], "inproc://clients") != 0)
            return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void) state;
    for (size_t i = 0; i < 3; i++)
        zmq_close(senders[i]);
    zmq_close(router);
    zmq_ctx_term(context);
    return 0;
}

/* A job of client "a", "b" or "c". */
static void receive(struct job *job, const char *name)
{
    zmq_pollitem_t item = {.socket = router, .events = ZMQ_POLLIN};

    assert_int_equal(zmq_send(senders[*name - 'a'], "x", 1, 0), 1);
    memset(job, 0, sizeof *job);
    job->message = message_new();
    assert_non_null(job->message);
    assert_int_equal(zmq_poll(&item, 1, -1), 1);
    assert_int_equal(message_receive(job->message, router), 0);
}

static void test_share(void **state)
{
    (void) state;
    clients_init(&clients);
    for (size_t i = 0; i <= CLIENT_JOBS_MAX + 1; i++)
        receive(&jobs[i], i == CLIENT_JOBS_MAX + 1 ? "b" : "a");
    for (size_t i = 0; i < CLIENT_JOBS_MAX; i++)
        assert_int_equal(clients_enter(&clients, &jobs[i], 1, 1), 0);
    assert_int_equal(clients.count, 1);
    assert_int_equal(
        clients_enter(&clients, &jobs[CLIENT_JOBS_MAX], 1, 1), PRECIS_EBUSY);
    assert_null(jobs[CLIENT_JOBS_MAX].client);
    assert_int_equal(
        clients_enter(&clients, &jobs[CLIENT_JOBS_MAX + 1], 1, 1), 0);
    assert_int_equal(clients.count, 2);
    clients_leave(&clients, &jobs[0]);
    clients_leave(&clients, &jobs[0]); /* counts once */
    assert_int_equal(
        clients_enter(&clients, &jobs[CLIENT_JOBS_MAX], 1, 1), 0);
    for (size_t i = 0; i <= CLIENT_JOBS_MAX + 1; i++) {
        clients_leave(&clients, &jobs[i]);
        message_free(jobs[i].message);
    }
    assert_int_equal(clients.count, 0);
}

static void test_bytes(void **state)
{
    (void) state;
    clients_init(&clients);
    for (size_t i = 0; i < 4; i++)
        receive(&jobs[i], "a");
    assert_int_equal(
        clients_enter(&clients, &jobs[0], CLIENT_BYTES_MAX - 1, 1), 0);
    assert_int_equal(clients_enter(&clients, &jobs[1], 2, 1), PRECIS_EBUSY);
    assert_int_equal(clients_enter(&clients, &jobs[1], 1, 1), 0);
    assert_int_equal(clients_enter(&clients, &jobs[2], 1, 1), PRECIS_EBUSY);
    /* A reply that must wait is counted whatever there is. */
    assert_int_equal(clients_enter(&clients, &jobs[2], 1, 0), 0);
    for (size_t i = 0; i < 3; i++)
        clients_leave(&clients, &jobs[i]);
    assert_int_equal(
        clients_enter(&clients, &jobs[3], SIZE_MAX / 2, 1), 0);
    assert_int_equal(clients_enter(&clients, &jobs[0], 0, 1), PRECIS_EBUSY);
    clients_leave(&clients, &jobs[3]);
    for (size_t i = 0; i < 4; i++)
        message_free(jobs[i].message);
    assert_int_equal(clients.count, 0);
}

static void test_listeners(void **state)
{
    (void) state;
    clients_init(&clients);
    receive(&jobs[0], "a");
    receive(&jobs[1], "a");
    jobs[1].listener = 1;
    assert_int_equal(clients_enter(&clients, &jobs[0], 1, 1), 0);
    assert_int_equal(clients_enter(&clients, &jobs[1], 1, 1), 0);
    assert_ptr_not_equal(jobs[0].client, jobs[1].client);
    clients_clear(&clients);
    message_free(jobs[0].message);
    message_free(jobs[1].message);
}

/* ---- replies that wait ---- */

static size_t tried, given_up;
static int goes; /* does a reply go? */

static int try_reply(void *unused, struct job *job, int is_last)
{
    (void) unused;
    tried++;
    if (!goes && !is_last)
        return 0;
    given_up += (size_t) !goes;
    clients_leave(&clients, job);
    return 1;
}

static void test_waiting(void **state)
{
    struct waiting waiting = {0};

    (void) state;
    clients_init(&clients);
    tried = given_up = 0;
    for (size_t i = 0; i <= WAITING_PER_CLIENT + 1; i++) {
        receive(&jobs[i], i == 0 ? "b" : "a");
        assert_int_equal(clients_enter(&clients, &jobs[i], 0, 0), 0);
        assert_int_equal(waiting_add(&waiting, &jobs[i], i),
                         i <= WAITING_PER_CLIENT ? 0 : -1);
    }
    clients_leave(&clients, &jobs[WAITING_PER_CLIENT + 1]);
    assert_int_equal(waiting.count, WAITING_PER_CLIENT + 1);
    goes = 0;
    waiting_retry(&waiting, 0, try_reply, NULL);
    assert_int_equal(tried, 2); /* of each client the first only */
    waiting_retry(&waiting, WAITING_US + 10, try_reply, NULL);
    assert_int_equal(given_up, 11); /* those that waited for a second */
    assert_int_equal(waiting.count, WAITING_PER_CLIENT - 10);
    assert_int_equal(clients.count, 1);
    goes = 1;
    waiting_retry(&waiting, WAITING_US + 11, try_reply, NULL);
    assert_int_equal(waiting.count, WAITING_PER_CLIENT - 10); /* too soon */
    waiting_retry(&waiting, 2 * WAITING_US, try_reply, NULL);
    assert_int_equal(waiting.count, 0);
    assert_int_equal(waiting.bytes, 0);
    assert_null(waiting.first);
    assert_int_equal(clients.count, 0);
    for (size_t i = 0; i <= WAITING_PER_CLIENT + 1; i++)
        message_free(jobs[i].message);
}

/* ---- which connection it is ---- */

/* The next job of a client, from the connection `descriptor`. */
static uint64_t mark(size_t number, const char *name, int descriptor)
{
    receive(&jobs[number], name);
    jobs[number].descriptor = descriptor;
    assert_int_equal(clients_enter(&clients, &jobs[number], 1, 1), 0);
    clients_mark(&jobs[number]);
    return jobs[number].cookie;
}

static void leave(size_t number)
{
    clients_leave(&clients, &jobs[number]);
    message_free(jobs[number].message);
}

/* Whom libzmq names has one connection as long as the name is known; who names
 * himself may have another by the next request, and the same descriptor. */
static void test_mark(void **state)
{
    int pair[2];
    uint64_t first, named, unnamed;

    (void) state;
    clients_init(&clients);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    first = mark(0, "a", pair[0]);
    assert_int_not_equal(first, 0);
    assert_int_equal(mark(1, "c", pair[0]), first);
    assert_int_equal(dup2(pair[1], pair[0]), pair[0]);
    named = mark(2, "a", pair[0]);
    assert_int_not_equal(named, 0);
    assert_int_not_equal(named, first);
    unnamed = mark(3, "c", pair[0]);
    assert_int_equal(unnamed, first);
    for (size_t i = 0; i < 4; i++)
        leave(i);
    /* Not known any more: asked again. */
    assert_int_equal(mark(0, "c", pair[0]), named);
    leave(0);
    /* No socket: nothing is known, and nothing remembered. */
    assert_int_equal(mark(0, "c", -1), 0);
    assert_int_equal(mark(1, "c", pair[0]), named);
    leave(0);
    leave(1);
    close(pair[0]);
    close(pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_listeners),
        cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_mark),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
