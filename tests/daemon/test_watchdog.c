/* The watchdog: fed while the workers get on, starved when one hangs.  The
 * engine is replaced by one that waits until it is let go, and messages by
 * frames without ZeroMQ. */
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
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/clients.h"
#include "daemon/log.h"
#include "daemon/watchdog.h"
#include "protocol/answer.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_working, may_go;

int __wrap_answer(precis_engine *engine, struct request *request,
                  const void *body, size_t size, struct buffer *header,
                  struct buffer *out, struct answer_notes *notes);

int __wrap_answer(precis_engine *engine, struct request *request,
                  const void *body, size_t size, struct buffer *header,
                  struct buffer *out, struct answer_notes *notes)
{
    (void) engine;
    (void) request;
    (void) body;
    (void) size;
    (void) out;
    (void) notes;
    pthread_mutex_lock(&mutex);
    is_working = 1;
    pthread_cond_broadcast(&changed);
    while (!may_go)
        pthread_cond_wait(&changed, &mutex);
    is_working = 0;
    pthread_mutex_unlock(&mutex);
    buffer_add_string(header, "{}");
    return 0;
}

static struct frame frame(const char *text)
{
    return (struct frame){text, strlen(text)};
}

const struct frame *__wrap_message_frames(const struct message *message,
                                          size_t *count);

const struct frame *__wrap_message_frames(const struct message *message,
                                          size_t *count)
{
    static struct frame frames[4];

    (void) message;
    frames[0] = frame("client");
    frames[1] = frame("PRECIS/1");
    frames[2] = frame("");
    frames[3] = frame("text");
    *count = 4;
    return frames;
}

size_t __wrap_message_bytes(const struct message *message);

size_t __wrap_message_bytes(const struct message *message)
{
    (void) message;
    return 4;
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

/* ---- what systemd would hear ---- */

static int open_receiver(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t size = sizeof(sa_family_t);
    char name[sizeof address.sun_path + 1] = "@";
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    assert_true(fd >= 0);
    /* An abstract name that the kernel chooses. */
    assert_int_equal(bind(fd, (struct sockaddr *) &address, size), 0);
    size = sizeof address;
    assert_int_equal(getsockname(fd, (struct sockaddr *) &address, &size), 0);
    memcpy(name + 1, address.sun_path + 1,
           size - offsetof(struct sockaddr_un, sun_path) - 1);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

static int has_heard(int fd)
{
    char text[64] = "";
    ssize_t size = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);

    return size > 0 && strcmp(text, "WATCHDOG=1") == 0;
}

/* ---- tests ---- */

static void test_off(void **state)
{
    struct watchdog watchdog;
    struct workers workers = {0};

    (void) state;
    unsetenv("WATCHDOG_USEC");
    watchdog_init(&watchdog);
    assert_int_equal(watchdog_timeout(&watchdog, -1), -1);
    assert_int_equal(watchdog_step(&watchdog, &workers), 0);
    setenv("WATCHDOG_USEC", "3000000", 1);
    setenv("WATCHDOG_PID", "1", 1);
    watchdog_init(&watchdog);
    assert_int_equal(watchdog.interval_us, 0);
    unsetenv("WATCHDOG_PID");
    setenv("WATCHDOG_USEC", "-5", 1);
    watchdog_init(&watchdog);
    assert_int_equal(watchdog.interval_us, 0);
}

static void start(struct workers *workers)
{
    precis_error error = {0};

    *workers = (struct workers){.timeout = 60000, .article_limit = 1 << 20,
                                .summary_limit = 1 << 20};
    assert_int_equal(workers_start(workers, 1, 10, 1 << 20, &error), 0);
}

static void test_idle(void **state)
{
    struct watchdog watchdog;
    struct workers workers;
    int fd = open_receiver();

    (void) state;
    setenv("WATCHDOG_USEC", "3000000", 1);
    start(&workers);
    watchdog_init(&watchdog);
    assert_int_equal(watchdog_timeout(&watchdog, -1), 0);
    assert_int_equal(watchdog_step(&watchdog, &workers), 1);
    assert_true(has_heard(fd));
    /* Not again before a third of the time has passed. */
    assert_int_equal(watchdog_step(&watchdog, &workers), 0);
    assert_true(watchdog_timeout(&watchdog, -1) <= 1001);
    assert_true(watchdog_timeout(&watchdog, 5000) <= 1001);
    assert_int_equal(watchdog_timeout(&watchdog, 7), 7);
    workers_stop(&workers);
    close(fd);
}

static struct job *make_job(void)
{
    static struct client client;
    struct job *job = calloc(1, sizeof *job);

    assert_non_null(job);
    job->client = &client;
    job->envelope = 1;
    job->arrival_us = clock_us();
    return job;
}

static int step_now(struct watchdog *watchdog, struct workers *workers)
{
    watchdog->next_us = 0;
    return watchdog_step(watchdog, workers);
}

static void test_hung(void **state)
{
    struct watchdog watchdog;
    struct workers workers;
    struct job *job = make_job();
    struct pollfd done;
    int fd = open_receiver();

    (void) state;
    setenv("WATCHDOG_USEC", "3000000", 1);
    start(&workers);
    watchdog_init(&watchdog);
    may_go = 0;
    assert_int_equal(workers_push(&workers, job), 0);
    pthread_mutex_lock(&mutex);
    while (!is_working)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);

    /* At work, and within its time. */
    assert_int_equal(step_now(&watchdog, &workers), 1);
    assert_true(has_heard(fd));
    /* Beyond it. */
    watchdog.margin_us = 0;
    workers.timeout = 0;
    assert_int_equal(step_now(&watchdog, &workers), 0);
    assert_false(has_heard(fd));
    /* Done after all. */
    pthread_mutex_lock(&mutex);
    may_go = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    done = (struct pollfd){.fd = workers.wake_fd, .events = POLLIN};
    assert_int_equal(poll(&done, 1, 60000), 1);
    assert_ptr_equal(workers_take_done(&workers, 1), job);
    watchdog.margin_us = 60000000;
    assert_int_equal(step_now(&watchdog, &workers), 1);
    assert_true(has_heard(fd));
    assert_int_equal(workers_taken(&workers), 1);

    workers_stop(&workers);
    free(job);
    close(fd);
}

/* A queue that nobody takes from. */
static void test_asleep(void **state)
{
    struct watchdog watchdog;
    struct workers workers = {0};
    struct queue_item item = {0};
    int fd = open_receiver();

    (void) state;
    setenv("WATCHDOG_USEC", "3000000", 1);
    watchdog_init(&watchdog);
    assert_int_equal(queue_init(&workers.todo, 10, 100), 0);
    assert_int_equal(queue_push(&workers.todo, &item), 0);
    /* It may have come a moment ago. */
    assert_int_equal(step_now(&watchdog, &workers), 1);
    assert_int_equal(step_now(&watchdog, &workers), 0);
    assert_ptr_equal(queue_take_all(&workers.todo), &item);
    assert_int_equal(step_now(&watchdog, &workers), 1);
    queue_clear(&workers.todo);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_hung),
        cmocka_unit_test(test_asleep),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    log_open(LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
