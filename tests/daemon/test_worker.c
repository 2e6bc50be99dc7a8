/* Workers, and the loop in the place of one.  The engine is replaced by one
 * that takes as long as it is told, and messages by frames without ZeroMQ. */
#include <config.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/clients.h"
#include "daemon/worker.h"
#include "protocol/answer.h"

#define JOBS 4

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static size_t begun;       /* articles, so far */
static size_t let_go;      /* that may end; the others wait */
static uint64_t busy_us;   /* what each takes at least */
static pthread_t answered; /* by this thread */
static size_t bytes;       /* of the next messages */

int __wrap_answer(precis_engine *engine, struct request *request,
                  const void *body, size_t size, struct buffer *header,
                  struct buffer *out, struct answer_notes *notes);

int __wrap_answer(precis_engine *engine, struct request *request,
                  const void *body, size_t size, struct buffer *header,
                  struct buffer *out, struct answer_notes *notes)
{
    uint64_t begin = clock_us();
    size_t number;

    (void) request;
    (void) body;
    (void) size;
    (void) out;
    (void) notes;
    assert_non_null(engine);
    pthread_mutex_lock(&mutex);
    number = begun++;
    answered = pthread_self();
    pthread_cond_broadcast(&changed);
    while (number >= let_go)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    while (clock_us() - begin < busy_us)
        ;
    buffer_add_string(header, "{}");
    return 0;
}

const struct frame *__wrap_message_frames(const struct message *message,
                                          size_t *count);

const struct frame *__wrap_message_frames(const struct message *message,
                                          size_t *count)
{
    static const struct frame frames[]
        = {{"client", 6}, {"PRECIS/1", 8}, {"", 0}, {"text", 4}};

    (void) message;
    *count = sizeof frames / sizeof frames[0];
    return frames;
}

size_t __wrap_message_bytes(const struct message *message);

size_t __wrap_message_bytes(const struct message *message)
{
    (void) message;
    return bytes;
}

int __wrap_message_reply(struct message *message, size_t envelope,
                         struct buffer *header, struct buffer *body);

int __wrap_message_reply(struct message *message, size_t envelope,
                         struct buffer *header, struct buffer *body)
{
    (void) message;
    (void) envelope;
    (void) header;
    (void) body;
    return 0;
}

static struct workers workers;
static struct client client;
static struct job jobs[JOBS];

static int begin(void **state)
{
    precis_error error = {0};

    (void) state;
    workers = (struct workers){.timeout = 60000, .article_limit = 1 << 20};
    client = (struct client){0};
    for (size_t i = 0; i < JOBS; i++)
        jobs[i] = (struct job){.client = &client, .envelope = 1,
                               .arrival_us = clock_us()};
    begun = 0;
    let_go = 0;
    busy_us = 0;
    bytes = 100;
    return workers_start(&workers, 1, 10, 1 << 20, &error);
}

static int end(void **state)
{
    (void) state;
    workers_stop(&workers);
    return 0;
}

static void let(size_t count)
{
    pthread_mutex_lock(&mutex);
    let_go = count;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void wait_begun(size_t count)
{
    pthread_mutex_lock(&mutex);
    while (begun < count)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
}

static int is_rung(int timeout)
{
    struct pollfd bell = {.fd = workers.wake_fd, .events = POLLIN};

    return poll(&bell, 1, timeout);
}

static size_t take(int is_woken)
{
    struct queue_item *item = (void *) workers_take_done(&workers, is_woken);
    size_t count = 0;

    for (; item != NULL; item = item->next)
        count++;
    return count;
}

/* ---- the loop in the place of a worker ---- */

static void at_once(void **state)
{
    (void) state;
    let(JOBS);
    assert_int_equal(workers_do(&workers, &jobs[0]), 0);
    assert_true(pthread_equal(answered, pthread_self()));
    assert_int_equal(jobs[0].code, 0);
    assert_int_equal(workers_taken(&workers), 1);
    assert_int_equal(workers_busy_us(&workers, clock_us() + 1000), 0);
    assert_int_equal(is_rung(0), 0);
    /* With the same engine the worker goes on. */
    assert_int_equal(workers_push(&workers, &jobs[1]), 0);
    assert_int_equal(is_rung(60000), 1);
    assert_int_equal(take(1), 1);
    assert_false(pthread_equal(answered, pthread_self()));
    jobs[2].arrival_us = clock_us() + 10000000; /* should the first be slow */
    assert_int_equal(workers_do(&workers, &jobs[2]), 0);
    assert_int_equal(workers_taken(&workers), 3);
}

static void not_what_is_large(void **state)
{
    (void) state;
    let(JOBS);
    bytes = 1 << 20;
    assert_int_equal(workers_do(&workers, &jobs[0]), -1);
    assert_int_equal(workers_taken(&workers), 0);
}

/* After one that took long the loop does none, for a while. */
static void not_after_a_slow_one(void **state)
{
    (void) state;
    let(JOBS);
    busy_us = 50000;
    assert_int_equal(workers_do(&workers, &jobs[0]), 0);
    busy_us = 0;
    jobs[1].arrival_us = jobs[0].arrival_us + busy_us + 1;
    assert_int_equal(workers_do(&workers, &jobs[1]), -1);
    jobs[1].arrival_us = clock_us() + 10000000;
    assert_int_equal(workers_do(&workers, &jobs[1]), 0);
    assert_int_equal(workers_taken(&workers), 2);
}

/* ---- clients that have left ---- */

/* Has a worker take what came so long ago; does it find its client gone? */
static int is_gone(struct job *job, uint64_t waited_us)
{
    job->is_gone = 0;
    job->arrival_us = clock_us() - waited_us;
    assert_int_equal(workers_push(&workers, job), 0);
    assert_int_equal(is_rung(60000), 1);
    assert_int_equal(take(1), 1);
    return job->is_gone;
}

/* Nobody works for whoever has left, but only what has waited for a while is
 * asked about. */
static void gone(void **state)
{
    (void) state;
    let(1000000);
    jobs[0].descriptor = -1; /* closed */
    assert_false(is_gone(&jobs[0], 1000000)); /* never known */
    assert_int_equal(begun, 1);
    jobs[0].cookie = 1;
    assert_true(is_gone(&jobs[0], 1000000));
    assert_int_equal(begun, 1);
    do /* until the worker is as quick as it should be */
        begun = 1;
    while (is_gone(&jobs[0], 0) || jobs[0].wait_us > 1000);
    assert_int_equal(begun, 2);
}

/* Of a client that was there a moment ago nobody asks; soon they do again. */
static void gone_a_moment_ago(void **state)
{
    (void) state;
    let(1000000);
    jobs[0].descriptor = -1;
    jobs[0].cookie = 1;
    do /* until the worker is as quick as it should be */
        atomic_store(&client.seen_us, clock_us());
    while (is_gone(&jobs[0], 1000000));
    atomic_store(&client.seen_us, clock_us() - 10000);
    assert_true(is_gone(&jobs[0], 1000000));
}

/* ---- when the loop is woken ---- */

/* One who looks finds what is ready, whether he was woken or not; and at the
 * end he is. */
static void together(void **state)
{
    size_t taken;

    (void) state;
    for (size_t i = 0; i < JOBS; i++)
        assert_int_equal(workers_push(&workers, &jobs[i]), 0);
    let(1);
    wait_begun(2);
    taken = take(0);
    assert_int_equal(taken, 1);
    let(JOBS - 1);
    wait_begun(JOBS);
    taken += take(0);
    assert_int_equal(taken, JOBS - 1);
    let(JOBS);
    while (taken < JOBS) {
        assert_int_equal(is_rung(60000), 1);
        taken += take(1);
    }
    assert_int_equal(taken, JOBS);
}

/* A reply does not wait for the large article behind it. */
static void before_a_large_one(void **state)
{
    (void) state;
    assert_int_equal(workers_push(&workers, &jobs[0]), 0);
    wait_begun(1);
    bytes = 1 << 19;
    assert_int_equal(workers_push(&workers, &jobs[1]), 0);
    let(1);
    wait_begun(2);
    assert_int_equal(is_rung(0), 1);
    assert_int_equal(take(1), 1);
    let(2);
    assert_int_equal(is_rung(60000), 1);
    assert_int_equal(take(1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(at_once, begin, end),
        cmocka_unit_test_setup_teardown(not_what_is_large, begin, end),
        cmocka_unit_test_setup_teardown(not_after_a_slow_one, begin, end),
        cmocka_unit_test_setup_teardown(gone, begin, end),
        cmocka_unit_test_setup_teardown(gone_a_moment_ago, begin, end),
        cmocka_unit_test_setup_teardown(together, begin, end),
        cmocka_unit_test_setup_teardown(before_a_large_one, begin, end),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
