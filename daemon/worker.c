#include <config.h>

#include "daemon/worker.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/clients.h"
#include "daemon/connections.h"
#include "po/intl.h"
#include "protocol/answer.h"

/* Recursion is bounded everywhere, so a small stack will do. */
#define STACK_SIZE (1u << 20)

/* A reply buffer above this is not kept for the next request. */
#define BUFFER_KEEP_MAX (256u << 10)

/* The loop is woken for several replies at a time while there is more to do:
 * waking a thread, and having it preempt this one, costs about as much as a
 * tenth of an article.  So many replies wait at most, and for so long; none
 * waits for the end of an article so large that it takes as long by itself. */
#define RING_COUNT 16
#define RING_US 1000
#define RING_BYTES (16u << 10)

/* What the loop may do itself, envelope and header included: 99 of 100 news
 * articles.  It is deaf meanwhile, for about 0.1 ms, but the slowest text and
 * method for so many bytes take 10 ms.  Such a one is not met often: after one
 * above AT_ONCE_US workers do them all for a while. */
#define AT_ONCE_BYTES (6u << 10)
#define AT_ONCE_US 2000
#define AT_ONCE_REST_US 100000

/* Clients leave in the middle of what they have asked for, but seldom within
 * this time.  Of one that was there a moment ago the kernel is not asked
 * again; the moment is shorter than the time, so that nothing is begun later
 * than that for one that has left. */
#define GONE_US 10000
#define SEEN_US 5000

struct worker {
    struct workers *workers;
    pthread_t thread;
    int has_thread;
    _Atomic uint64_t begun_us; /* the request at hand; 0: idle */
    _Atomic size_t taken;
    size_t silent;      /* replies that the loop was not woken for */
    uint64_t silent_us; /* since when there are some */
    precis_engine *engine;
    struct buffer header;
    struct buffer body;
};

static void clear_reply(struct worker *worker)
{
    struct buffer *buffers[] = {&worker->header, &worker->body};

    for (size_t i = 0; i < 2; i++) {
        if (buffers[i]->failed || buffers[i]->room > BUFFER_KEEP_MAX)
            buffer_clear(buffers[i]);
        else
            buffer_reset(buffers[i]);
    }
}

/* Deadline passed while the job was in the queue? */
static int is_expired(const struct worker *worker, const struct job *job,
                      const struct request *request)
{
    uint64_t timeout = request->timeout_ms != 0 ? request->timeout_ms
                                                : worker->workers->timeout;

    return job->wait_us > timeout * 1000;
}

/* What log and counters want to know. */
static void job_note(struct job *job, const struct answer_notes *notes)
{
    size_t size = notes->language != NULL ? strlen(notes->language) : 0;

    if (size > 0 && size < sizeof job->language)
        memcpy(job->language, notes->language, size + 1);
    job->replaced = notes->replaced;
    job->sentences = notes->sentences;
}

/* What a client that reads nothing makes the service keep is bounded by the
 * size of a reply, too.  Asked for less, any article has a reply. */
static void refuse_summary(struct worker *worker, size_t limit,
                           precis_error *error)
{
    snprintf(error->message, sizeof error->message,
             "the summary has %zu bytes, the limit is %zu: ask for a shorter "
             "one", worker->body.size, limit);
    clear_reply(worker);
    error->code = PRECIS_ETOO_LARGE;
}

/* Fills the worker's buffers with the reply.  Not for operations of the
 * service. */
static int worker_answer(struct worker *worker, struct job *job,
                         struct request *request, const struct frame *body,
                         precis_error *error)
{
    size_t limit = worker->workers->summary_limit;
    struct answer_notes notes = {0};
    int code;

    if (is_expired(worker, job, request)) {
        error->code = PRECIS_ETIMEOUT;
        snprintf(error->message, sizeof error->message,
                 "the deadline passed while the request waited");
    } else {
        request->options.article_limit = worker->workers->article_limit;
        code = answer(worker->engine, request, body->data, body->size,
                      &worker->header, &worker->body, &notes);
        if (worker->header.failed || worker->body.failed) {
            clear_reply(worker);
            error->code = PRECIS_EINTERNAL;
            snprintf(error->message, sizeof error->message, "out of memory");
        } else if (worker->body.size > limit) {
            refuse_summary(worker, limit, error);
        } else {
            job_note(job, &notes);
            return code;
        }
    }
    reply_format_error(request, error, 0, &worker->header);
    return error->code;
}

/* Whoever has left is not worked for, however much it had waiting.  What has
 * not waited long is not asked about: it has hardly left, and asking the kernel
 * takes 1.5 us. */
static int is_gone(struct job *job, uint64_t now_us)
{
    _Atomic uint64_t *seen_us = &job->client->seen_us;

    if (job->cookie == 0 || job->wait_us < GONE_US
        || now_us - atomic_load(seen_us) < SEEN_US)
        return 0;
    if (connection_cookie(job->descriptor) != job->cookie)
        return 1;
    atomic_store(seen_us, now_us);
    return 0;
}

static void worker_do(struct worker *worker, struct job *job, uint64_t begin)
{
    struct request request;
    precis_error error = {.offset = -1};
    struct frame header, body;
    const struct frame *frames;
    size_t count;
    uint64_t end;

    clear_reply(worker);
    request_init(&request);
    frames = message_frames(job->message, &count);
    /* The loop has looked at the frames already: this cannot fail. */
    job->code = envelope_payload(frames + job->envelope, count - job->envelope,
                                 &header, &body, &error);
    if (job->code == 0)
        job->code = request_parse(&request, header.data, header.size, &error);
    job->op = request.op;
    memcpy(job->id, request.id, strlen(request.id) + 1);
    memcpy(job->traceparent, request.traceparent, sizeof job->traceparent);
    if (job->code != 0) {
        reply_format_error(&request, &error, 0, &worker->header);
    } else if (!op_has_article(request.op) && request.op != OP_LANGUAGES) {
        job->is_for_loop = 1;
        goto cleanup;
    } else {
        job->code = worker_answer(worker, job, &request, &body, &error);
    }
    end = clock_us();
    job->service_us = end - begin;
    answer_finish(&worker->header, end - job->arrival_us);
    job->bytes_out = worker->header.size + worker->body.size;
    if (message_reply(job->message, job->envelope, &worker->header,
                      &worker->body)
        != 0)
        job->code = PRECIS_EINTERNAL;

cleanup:
    request_clear(&request);
}

static void worker_take(struct worker *worker, struct job *job)
{
    uint64_t begin = clock_us();

    atomic_store(&worker->begun_us, begin);
    atomic_fetch_add(&worker->taken, 1);
    job->wait_us = begin - job->arrival_us;
    if (is_gone(job, begin))
        job->is_gone = 1;
    else
        worker_do(worker, job, begin);
    atomic_store(&worker->begun_us, 0);
}

/* Wakes the loop, unless it is about to look anyway. */
static void worker_ring(struct worker *worker)
{
    static const uint64_t one = 1;
    struct workers *workers = worker->workers;

    worker->silent = 0;
    if (atomic_exchange(&workers->is_rung, 1))
        return;
    while (write(workers->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

/* The next item, which may be waited for; NULL at the end. */
static struct queue_item *worker_next(struct worker *worker)
{
    struct queue *todo = &worker->workers->todo;
    struct queue_item *item = queue_take_now(todo);

    if (worker->silent > 0
        && (item == NULL || item->bytes > RING_BYTES
            || worker->silent >= RING_COUNT
            || clock_us() - worker->silent_us >= RING_US))
        worker_ring(worker);
    /* More is perhaps on its way and held up by this very thread: whoever
     * waits for its core has it first.  That costs less than to sleep and be
     * woken. */
    if (item == NULL) {
        sched_yield();
        item = queue_take_now(todo);
    }
    return item != NULL ? item : queue_take(todo);
}

static void *worker_run(void *argument)
{
    struct worker *worker = argument;
    struct queue_item *item;

    while ((item = worker_next(worker)) != NULL) {
        worker_take(worker, (struct job *) (void *) item);
        queue_push(&worker->workers->done, item);
        if (worker->silent++ == 0)
            worker->silent_us = clock_us();
    }
    return NULL;
}

static int worker_start(struct worker *worker, precis_error *error)
{
    pthread_attr_t attributes;
    int rc;

    buffer_init(&worker->header);
    buffer_init(&worker->body);
    if (precis_engine_new(&worker->engine, error) != 0)
        return -1;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    rc = pthread_create(&worker->thread, &attributes, worker_run, worker);
    pthread_attr_destroy(&attributes);
    if (rc != 0) {
        error->code = PRECIS_EINTERNAL;
        snprintf(error->message, sizeof error->message,
                 _("cannot start a thread: %s"), strerror(rc));
        return -1;
    }
    worker->has_thread = 1;
    return 0;
}

static int workers_init(struct workers *workers, size_t queue_length,
                        size_t queue_bytes)
{
    if (queue_init(&workers->todo, queue_length, queue_bytes) != 0)
        return -1;
    if (queue_init(&workers->done, SIZE_MAX, SIZE_MAX) != 0)
        goto no_done;
    atomic_store(&workers->is_rung, 0);
    workers->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (workers->wake_fd >= 0)
        return 0;
    queue_clear(&workers->done);
no_done:
    queue_clear(&workers->todo);
    return -1;
}

int workers_start(struct workers *workers, size_t count, size_t queue_length,
                  size_t queue_bytes, precis_error *error)
{
    workers->count = 0;
    workers->list = calloc(count, sizeof *workers->list);
    if (workers->list == NULL
        || workers_init(workers, queue_length, queue_bytes) != 0) {
        free(workers->list);
        error->code = PRECIS_EINTERNAL;
        snprintf(error->message, sizeof error->message, "%s",
                 strerror(errno));
        return -1;
    }
    while (workers->count < count) {
        struct worker *worker = &workers->list[workers->count++];

        worker->workers = workers;
        if (worker_start(worker, error) != 0) {
            workers_stop(workers);
            return -1;
        }
    }
    return 0;
}

int workers_push(struct workers *workers, struct job *job)
{
    job->item.bytes = message_bytes(job->message);
    return queue_push_lane(&workers->todo, &job->client->lane, &job->item) < 0
               ? -1
               : 0;
}

int workers_do(struct workers *workers, struct job *job)
{
    if (message_bytes(job->message) > AT_ONCE_BYTES
        || job->arrival_us < workers->rest_us)
        return -1;
    worker_take(&workers->list[0], job);
    if (job->service_us > AT_ONCE_US)
        workers->rest_us = clock_us() + AT_ONCE_REST_US;
    return 0;
}

struct job *workers_take_done(struct workers *workers, int is_woken)
{
    uint64_t times;

    /* First the bell, then the door: what comes between rings again. */
    while (is_woken && read(workers->wake_fd, &times, sizeof times) < 0
           && errno == EINTR)
        ;
    if (is_woken)
        atomic_store(&workers->is_rung, 0);
    return (struct job *) (void *) queue_take_all(&workers->done);
}

struct job *workers_take_waiting(struct workers *workers)
{
    return (struct job *) (void *) queue_take_all(&workers->todo);
}

uint64_t workers_busy_us(const struct workers *workers, uint64_t now_us)
{
    uint64_t longest = 0;

    for (size_t i = 0; i < workers->count; i++) {
        uint64_t begun = atomic_load(&workers->list[i].begun_us);

        /* It may have begun after the caller looked at the clock. */
        if (begun != 0 && begun < now_us && now_us - begun > longest)
            longest = now_us - begun;
    }
    return longest;
}

size_t workers_taken(const struct workers *workers)
{
    size_t taken = 0;

    for (size_t i = 0; i < workers->count; i++)
        taken += atomic_load(&workers->list[i].taken);
    return taken;
}

void workers_stop(struct workers *workers)
{
    queue_close(&workers->todo);
    for (size_t i = 0; i < workers->count; i++) {
        struct worker *worker = &workers->list[i];

        if (worker->has_thread)
            pthread_join(worker->thread, NULL);
        precis_engine_free(worker->engine);
        buffer_clear(&worker->header);
        buffer_clear(&worker->body);
    }
    free(workers->list);
    workers->list = NULL;
    workers->count = 0;
    close(workers->wake_fd);
    queue_clear(&workers->done);
    queue_clear(&workers->todo);
}
