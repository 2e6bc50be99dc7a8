/* The handler that says who may connect, asked by hand and by libzmq. */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zmq.h>

#include "daemon/zap.h"

/* Nothing here takes so long; whoever waits longer has failed. */
#define WAIT_MS 20000

struct pair {
    char public[KEY_SIZE], secret[KEY_SIZE];
};

static struct pair server, known, stranger;

static struct key_list list_of(const struct pair *pair)
{
    struct key_list list = {.rows = calloc(1, sizeof *list.rows), .count = 1};

    assert_non_null(list.rows);
    memcpy(list.rows->key, pair->public, KEY_SIZE);
    memcpy(list.rows->name, "known", sizeof "known");
    return list;
}

static int make_keys(void **state)
{
    (void) state;
    return zmq_curve_keypair(server.public, server.secret) != 0
           || zmq_curve_keypair(known.public, known.secret) != 0
           || zmq_curve_keypair(stranger.public, stranger.secret) != 0;
}

/* ---- by hand ---- */

static void *ask_open(void *context)
{
    static const int wait = WAIT_MS, linger = 0;
    void *asker = zmq_socket(context, ZMQ_REQ);

    assert_non_null(asker);
    zmq_setsockopt(asker, ZMQ_RCVTIMEO, &wait, sizeof wait);
    zmq_setsockopt(asker, ZMQ_LINGER, &linger, sizeof linger);
    assert_int_equal(zmq_connect(asker, ZAP_ENDPOINT), 0);
    return asker;
}

static void send_frames(void *asker, const char *const *texts, size_t count,
                        const void *key, size_t key_size)
{
    for (size_t i = 0; i < count; i++)
        assert_true(
            zmq_send(asker, texts[i], strlen(texts[i]),
                     i + 1 < count || key != NULL ? ZMQ_SNDMORE : 0)
            >= 0);
    if (key != NULL)
        assert_true(zmq_send(asker, key, key_size, 0) >= 0);
}

/* The status of the reply, with its User-Id. */
static int read_reply(void *asker, char user[64])
{
    char frame[64];
    int status = 0;

    for (int i = 0; i < 6; i++) {
        int size = zmq_recv(asker, frame, sizeof frame - 1, 0);
        int more;
        size_t more_size = sizeof more;

        assert_true(size >= 0 && size < (int) sizeof frame);
        frame[size] = '\0';
        if (i == 0)
            assert_string_equal(frame, "1.0");
        if (i == 1)
            assert_string_equal(frame, "77");
        if (i == 2)
            status = (int) strtol(frame, NULL, 10);
        if (i == 4)
            memcpy(user, frame, strlen(frame) + 1);
        zmq_getsockopt(asker, ZMQ_RCVMORE, &more, &more_size);
        assert_int_equal(more, i < 5);
    }
    return status;
}

static int ask(void *asker, const char *const *texts, size_t count,
               const struct pair *pair, size_t size)
{
    uint8_t key[KEY_BYTES + 1] = {0};
    char user[64] = "";
    int status;

    assert_non_null(zmq_z85_decode(key, pair->public));
    send_frames(asker, texts, count, key, size);
    status = read_reply(asker, user);
    assert_string_equal(user, status == 200 ? pair->public : "");
    return status;
}

static void test_questions(void **state)
{
    static const char *const good[]
        = {"1.0", "77", ZAP_DOMAIN, "192.0.2.7", "", "CURVE"};
    static const char *const version[]
        = {"2.0", "77", ZAP_DOMAIN, "192.0.2.7", "", "CURVE"};
    static const char *const domain[]
        = {"1.0", "77", "", "192.0.2.7", "", "CURVE"};
    static const char *const null[]
        = {"1.0", "77", ZAP_DOMAIN, "192.0.2.7", "", "NULL"};
    static const char *const many[]
        = {"1.0", "77", ZAP_DOMAIN, "192.0.2.7", "", "CURVE", "x", "y"};
    struct key_list list = list_of(&known);
    void *context = zmq_ctx_new();
    struct zap_refusal refusal;
    struct pollfd bell = {.events = POLLIN};
    struct zap *zap;
    void *asker;

    (void) state;
    assert_int_equal(zap_start(&zap, context, &list), 0);
    assert_null(list.rows);
    asker = ask_open(context);
    bell.fd = zap_bell(zap);
    assert_int_equal(ask(asker, good, 6, &known, 32), 200);
    assert_int_equal(poll(&bell, 1, 0), 0);
    assert_int_equal(ask(asker, good, 6, &stranger, 32), 400);
    assert_int_equal(poll(&bell, 1, WAIT_MS), 1);
    assert_int_equal(zap_answer_bell(zap, &refusal), 0);
    assert_int_equal(refusal.count, 1);
    assert_string_equal(refusal.key, stranger.public);
    assert_string_equal(refusal.address, "192.0.2.7");
    assert_int_equal(poll(&bell, 1, 0), 0);
    assert_int_equal(ask(asker, good, 6, &known, 31), 400);
    assert_int_equal(ask(asker, good, 6, &known, 33), 400);
    assert_int_equal(ask(asker, good, 6, &known, 0), 400);
    assert_int_equal(ask(asker, good, 5, &known, 32), 400);
    assert_int_equal(ask(asker, good, 2, &known, 32), 400);
    assert_int_equal(ask(asker, version, 6, &known, 32), 400);
    assert_int_equal(ask(asker, domain, 6, &known, 32), 400);
    assert_int_equal(ask(asker, null, 6, &known, 32), 400);
    assert_int_equal(ask(asker, many, 8, &known, 32), 400);
    assert_int_equal(zap_answer_bell(zap, &refusal), 0);
    assert_int_equal(refusal.count, 9);
    assert_int_equal(refusal.total, 10);
    /* And it serves on. */
    assert_int_equal(ask(asker, good, 6, &known, 32), 200);
    zmq_close(asker);
    zmq_ctx_term(context);
    zap_stop(zap);
}

/* An address that failed too often is told to come later, whoever asks. */
static void test_blocked(void **state)
{
    static const char *const bad[]
        = {"1.0", "77", ZAP_DOMAIN, "192.0.2.7", "", "CURVE"};
    static const char *const good[]
        = {"1.0", "77", ZAP_DOMAIN, "192.0.2.8", "", "CURVE"};
    struct key_list list = list_of(&known);
    void *context = zmq_ctx_new();
    struct zap_refusal refusal;
    struct zap *zap;
    void *asker;

    (void) state;
    assert_int_equal(zap_start(&zap, context, &list), 0);
    asker = ask_open(context);
    for (int i = 0; i < FAILURES_MOST; i++)
        assert_int_equal(ask(asker, bad, 6, &stranger, 32), 400);
    assert_int_equal(ask(asker, bad, 6, &stranger, 32), 300);
    assert_int_equal(ask(asker, bad, 6, &known, 32), 300);
    assert_int_equal(ask(asker, good, 6, &known, 32), 200);
    assert_int_equal(zap_answer_bell(zap, &refusal), 0);
    assert_int_equal(refusal.total, FAILURES_MOST);
    assert_int_equal(refusal.blocked, 1);
    assert_string_equal(refusal.blocked_address, "192.0.2.7");
    zmq_close(asker);
    zmq_ctx_term(context);
    zap_stop(zap);
}

static void test_change(void **state)
{
    static const char *const good[]
        = {"1.0", "77", ZAP_DOMAIN, "192.0.2.7", "", "CURVE"};
    struct key_list list = list_of(&known);
    void *context = zmq_ctx_new();
    struct zap *zap;
    void *asker;

    (void) state;
    assert_int_equal(zap_start(&zap, context, &list), 0);
    asker = ask_open(context);
    assert_string_equal(zap_client(zap, known.public), "known");
    list = list_of(&known);
    assert_int_equal(zap_change(zap, &list), 0);
    list = list_of(&stranger);
    assert_int_equal(zap_change(zap, &list), 1);
    assert_int_equal(zap_client_count(zap), 1);
    assert_null(zap_client(zap, known.public));
    assert_int_equal(ask(asker, good, 6, &known, 32), 400);
    assert_int_equal(ask(asker, good, 6, &stranger, 32), 200);
    list = (struct key_list){0};
    assert_int_equal(zap_change(zap, &list), 1);
    assert_int_equal(ask(asker, good, 6, &stranger, 32), 400);
    zmq_close(asker);
    zmq_ctx_term(context);
    zap_stop(zap);
}

/* A question that cannot be answered ends the thread; so would a fault of
 * libzmq.  The loop hears of it. */
static void test_death(void **state)
{
    static const char *const bad[] = {"1.0"};
    struct key_list list = list_of(&known);
    void *context = zmq_ctx_new();
    struct zap_refusal refusal;
    struct pollfd bell = {.events = POLLIN};
    struct zap *zap;
    void *asker;

    (void) state;
    assert_int_equal(zap_start(&zap, context, &list), 0);
    bell.fd = zap_bell(zap);
    asker = ask_open(context);
    send_frames(asker, bad, 1, NULL, 0);
    assert_int_equal(poll(&bell, 1, WAIT_MS), 1);
    assert_int_not_equal(zap_answer_bell(zap, &refusal), 0);
    zmq_close(asker);
    zmq_ctx_term(context);
    zap_stop(zap);
}

/* A handler that another part of the process has is no handler of ours. */
static void test_second(void **state)
{
    struct key_list list = list_of(&known);
    void *context = zmq_ctx_new();
    struct zap *zap, *second;

    (void) state;
    assert_int_equal(zap_start(&zap, context, &list), 0);
    list = list_of(&known);
    assert_int_equal(zap_start(&second, context, &list), EADDRINUSE);
    zmq_ctx_term(context);
    zap_stop(zap);
}

/* ---- by libzmq ---- */

/* Connects with a key; returns the event that ends the handshake.  A question
 * to a handler that is just dying may get lost in libzmq: then the handshake
 * ends with its time, which so must be shorter than the wait for it. */
static int connect_with(const char *endpoint, const struct pair *pair)
{
    static const int linger = 0, wait = WAIT_MS, handshake = WAIT_MS / 2;
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);
    void *monitor = zmq_socket(context, ZMQ_PAIR);
    uint16_t event = 0;
    uint8_t frame[64];

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(monitor, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(monitor, ZMQ_RCVTIMEO, &wait, sizeof wait);
    zmq_setsockopt(socket, ZMQ_HANDSHAKE_IVL, &handshake, sizeof handshake);
    assert_int_equal(zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY,
                                    server.public, KEY_SIZE), 0);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, pair->public, KEY_SIZE);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, pair->secret, KEY_SIZE);
    zmq_socket_monitor(socket, "inproc://monitor",
                       ZMQ_EVENT_HANDSHAKE_SUCCEEDED
                           | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
                           | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
                           | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL);
    zmq_connect(monitor, "inproc://monitor");
    assert_int_equal(zmq_connect(socket, endpoint), 0);
    assert_true(zmq_recv(monitor, frame, sizeof frame, 0) >= 6);
    memcpy(&event, frame, sizeof event);
    zmq_socket_monitor(socket, NULL, 0);
    zmq_close(monitor);
    zmq_close(socket);
    zmq_ctx_term(context);
    return event;
}

static void *serve(void *context, char endpoint[64])
{
    static const int linger = 0;
    void *router = zmq_socket(context, ZMQ_ROUTER);
    size_t size = 64;

    zmq_setsockopt(router, ZMQ_LINGER, &linger, sizeof linger);
    assert_int_equal(zap_guard(router, server.secret), 0);
    assert_int_equal(zmq_bind(router, "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, endpoint, &size);
    return router;
}

static void test_handshakes(void **state)
{
    struct key_list list = list_of(&known);
    void *context = zmq_ctx_new();
    char endpoint[64];
    struct zap *zap;
    void *router;

    (void) state;
    assert_int_equal(zap_start(&zap, context, &list), 0);
    router = serve(context, endpoint);
    assert_int_equal(connect_with(endpoint, &known),
                     ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_equal(connect_with(endpoint, &stranger),
                     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    zmq_close(router);
    zmq_ctx_term(context);
    zap_stop(zap);
}

/* Without a handler nobody comes in, not even who is on a list. */
static void test_no_handler(void **state)
{
    void *context = zmq_ctx_new();
    char endpoint[64];
    void *router = serve(context, endpoint);

    (void) state;
    assert_int_not_equal(connect_with(endpoint, &known),
                         ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_not_equal(connect_with(endpoint, &stranger),
                         ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    zmq_close(router);
    zmq_ctx_term(context);
}

/* The same once it is dead. */
static void test_dead_handler(void **state)
{
    static const char *const bad[] = {"1.0"};
    struct key_list list = list_of(&known);
    void *context = zmq_ctx_new();
    struct pollfd bell = {.events = POLLIN};
    char endpoint[64];
    struct zap *zap;
    void *router, *asker;

    (void) state;
    assert_int_equal(zap_start(&zap, context, &list), 0);
    router = serve(context, endpoint);
    bell.fd = zap_bell(zap);
    asker = ask_open(context);
    send_frames(asker, bad, 1, NULL, 0);
    assert_int_equal(poll(&bell, 1, WAIT_MS), 1);
    zmq_close(asker);
    assert_int_not_equal(connect_with(endpoint, &known),
                         ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    zmq_close(router);
    zmq_ctx_term(context);
    zap_stop(zap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_blocked),
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_death),
        cmocka_unit_test(test_second),
        cmocka_unit_test(test_handshakes),
        cmocka_unit_test(test_no_handler),
        cmocka_unit_test(test_dead_handler),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
