/* One thread polls: the ROUTER sockets, an eventfd that workers ring when a
 * reply is ready, and a signalfd.  It never waits for a client or a worker:
 *
 *   ROUTER -> request_read() -> queue of the workers -> reply_send() -> ROUTER
 *                  |                                         |
 *                  +-> refusals, ping, status, metrics ->----+-> waiting list
 *
 * The end: sockets stay bound to the last, since libzmq's unbind would cut
 * the connections whose replies are still to be sent. */
#include <config.h>

#include "daemon/server.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/endpoint.h"
#include "daemon/listener.h"
#include "daemon/log.h"
#include "daemon/notify.h"
#include "daemon/stats.h"
#include "daemon/waiting.h"
#include "daemon/worker.h"
#include "protocol/answer.h"

/* Messages read from one socket before the others have their turn. */
#define TURN_MAX 20

/* Messages read at the very end, so that a flood cannot hold the end up. */
#define LAST_TURN_MAX 1000

/* After SIGTERM: requests that come within the first time are told so; what
 * still waits after the second is answered timeout; after the third whatever
 * is not finished is given up. */
#define DRAIN_MIN_US 1000000
#define DRAIN_QUEUE_US 8000000
#define DRAIN_MAX_US 10000000
#define DRAIN_POLL_MS 50
#define LINGER_MS 2000

/* Free memory goes back to the system when nothing has happened for a second
 * and so much has passed through since the last time. */
#define TRIM_BYTES (8u << 20)
#define TRIM_POLL_MS 1000

/* Jobs kept for reuse. */
#define FREE_JOBS_MAX 256

/* Descriptors wanted, as far as the hard limit allows: libzmq aborts when it
 * runs out of them. */
#define DESCRIPTORS 16384

struct server {
    const struct config *config;
    void *context;
    struct listener listeners[CONFIG_ENDPOINTS_MAX];
    const char *endpoints[CONFIG_ENDPOINTS_MAX];
    size_t listener_count;
    char endpoints_text[CONFIG_ENDPOINTS_MAX * (LISTENER_ENDPOINT_SIZE + 2)];
    int signal_fd;
    struct workers workers;
    int has_workers;
    size_t in_flight; /* given to the workers, not yet back */
    struct waiting waiting;
    struct stats stats;
    struct buffer header, body; /* of replies that the loop makes */
    struct job *free_jobs;
    size_t free_count;
    uint64_t trim_bytes;
    uint64_t stop_us; /* when the first signal came; 0: running */
    int is_over;
    int status;
};

/* ---- jobs ---- */

static struct job *job_take(struct server *server)
{
    struct job *job = server->free_jobs;

    if (job != NULL) {
        server->free_jobs = (struct job *) (void *) job->item.next;
        server->free_count--;
        return job;
    }
    job = malloc(sizeof *job);
    if (job == NULL)
        return NULL;
    job->message = message_new();
    if (job->message == NULL) {
        free(job);
        return NULL;
    }
    return job;
}

static void job_give_back(struct server *server, struct job *job)
{
    message_clear(job->message);
    if (server->free_count >= FREE_JOBS_MAX) {
        message_free(job->message);
        free(job);
        return;
    }
    job->item.next
        = server->free_jobs != NULL ? &server->free_jobs->item : NULL;
    server->free_jobs = job;
    server->free_count++;
}

static void job_begin(struct job *job, size_t listener)
{
    struct message *message = job->message;

    /* Not the whole: the id is long, and ends at its NUL. */
    memset(job, 0, offsetof(struct job, id) + 1);
    job->message = message;
    job->listener = listener;
    job->arrival_us = clock_us();
}

/* ---- replies ---- */

static int try_send(void *context, struct job *job, int is_last)
{
    struct server *server = context;
    int error = message_send(job->message,
                             server->listeners[job->listener].socket);

    if (error == EAGAIN && !is_last)
        return 0;
    if (error != 0)
        server->stats.losses[error == EAGAIN ? LOSS_SLOW : LOSS_GONE]++;
    job_give_back(server, job);
    return 1;
}

static void log_request(const struct job *job)
{
    char id[LOG_FIELD_SIZE];

    if (!log_is_on(LOG_LEVEL_INFO))
        return;
    log_line(LOG_LEVEL_INFO,
             "request id=%s op=%s bytes=%zu language=%s status=%s us=%llu "
             "wait_us=%llu",
             job->id[0] != '\0' ? log_escape(id, job->id, strlen(job->id))
                                : "-",
             op_name(job->op), job->bytes_in,
             job->language[0] != '\0' ? job->language : "-",
             job->code == 0 ? "ok" : code_name(job->code),
             (unsigned long long) (clock_us() - job->arrival_us),
             (unsigned long long) job->wait_us);
}

/* Sends a finished job's reply, or has it wait for its client. */
static void reply_send(struct server *server, struct job *job)
{
    stats_add(&server->stats, job);
    log_request(job);
    server->trim_bytes += job->bytes_in + job->bytes_out;
    if (try_send(server, job, 0))
        return;
    if (waiting_add(&server->waiting, job, clock_us()) != 0)
        try_send(server, job, 1);
}

/* Makes the reply of what stands in the loop's buffers. */
static void reply_finish(struct server *server, struct job *job,
                         const struct request *request)
{
    job->op = request->op;
    memcpy(job->id, request->id, strlen(request->id) + 1);
    answer_finish(&server->header, clock_us() - job->arrival_us);
    job->bytes_out = server->header.size + server->body.size;
    if (message_reply(job->message, job->envelope, &server->header,
                      &server->body)
        != 0)
        job->code = PRECIS_EINTERNAL;
    buffer_clear(&server->header);
    buffer_clear(&server->body);
    reply_send(server, job);
}

static unsigned retry_after_ms(struct server *server)
{
    uint64_t queued = queue_count(&server->workers.todo, NULL) + 1;
    uint64_t ms = queued * server->stats.mean_service_us
                  / server->workers.count / 1000;

    return ms < 10 ? 10 : ms > 1000 ? 1000 : (unsigned) ms;
}

/* Answers with an error; *request carries the id. */
static void request_refuse(struct server *server, struct job *job,
                           const struct request *request,
                           const precis_error *error)
{
    job->code = error->code;
    reply_format_error(request, error,
                       error->code == PRECIS_EBUSY ? retry_after_ms(server)
                                                   : 0,
                       &server->header);
    reply_finish(server, job, request);
}

/* The same for a request whose header has not been parsed. */
__attribute__((format(printf, 4, 5)))
static void request_refuse_raw(struct server *server, struct job *job,
                               int code, const char *format, ...)
{
    precis_error error = {.code = code, .offset = -1};
    struct request request;
    struct frame header, body;
    const struct frame *frames;
    va_list arguments;
    size_t count;

    va_start(arguments, format);
    vsnprintf(error.message, sizeof error.message, format, arguments);
    va_end(arguments);
    frames = message_frames(job->message, &count);
    request_init(&request);
    /* Its faults do not matter any more, only its id does. */
    if (envelope_payload(frames + job->envelope, count - job->envelope,
                         &header, &body, NULL)
        == 0)
        request_parse(&request, header.data, header.size, NULL);
    request_refuse(server, job, &request, &error);
    request_clear(&request);
}

/* ---- operations of the service itself ---- */

static struct gauges gauges_now(struct server *server)
{
    size_t bytes;
    size_t queued = queue_count(&server->workers.todo, &bytes);
    size_t busy = server->in_flight > queued ? server->in_flight - queued : 0;

    return (struct gauges){
        .is_draining = server->stop_us != 0,
        .endpoints = server->endpoints,
        .endpoint_count = server->listener_count,
        .workers = server->workers.count,
        .workers_busy
        = busy < server->workers.count ? busy : server->workers.count,
        .queued = queued,
        .queue_length = (size_t) server->config->queue_length,
        .queued_bytes = bytes,
        .queue_bytes = (size_t) server->config->queue_bytes,
        .in_flight = server->in_flight,
        .article_limit = (size_t) server->config->article_limit,
        .timeout = (size_t) server->config->timeout,
    };
}

static void format_ping(struct server *server)
{
    buffer_add_key(&server->header, "article_limit");
    buffer_add_number(&server->header,
                      (unsigned long long) server->config->article_limit);
}

static void format_status(struct server *server)
{
    struct gauges gauges = gauges_now(server);

    stats_format_status(&server->stats, &gauges, &server->header);
}

static void format_metrics(struct server *server)
{
    struct gauges gauges = gauges_now(server);

    stats_format_metrics(&server->stats, &gauges, &server->body);
}

/* By operation; those that are not here are for the workers. */
static void (*const own_operations[OP_COUNT])(struct server *) = {
    [OP_PING] = format_ping,
    [OP_STATUS] = format_status,
    [OP_METRICS] = format_metrics,
};

static void answer_own(struct server *server, struct job *job,
                       const struct request *request)
{
    job->code = 0;
    if (request->op == OP_LANGUAGES) {
        job->code = answer(NULL, request, "", 0, &server->header,
                           &server->body);
    } else {
        reply_format_start(request, &server->header);
        own_operations[request->op](server);
        reply_format_end(&server->header);
    }
    reply_finish(server, job, request);
}

static int is_own(enum op op)
{
    return op == OP_LANGUAGES || own_operations[op] != NULL;
}

/* A worker found that the loop must answer. */
static void answer_returned(struct server *server, struct job *job)
{
    struct request request;

    request_init(&request);
    request.op = job->op;
    memcpy(request.id, job->id, sizeof request.id);
    answer_own(server, job, &request);
}

/* ---- requests ---- */

static void request_queue(struct server *server, struct job *job)
{
    if (server->stop_us != 0) {
        request_refuse_raw(server, job, PRECIS_ESHUTTING_DOWN,
                           "the service is shutting down");
    } else if (workers_push(&server->workers, job) != 0) {
        request_refuse_raw(server, job, PRECIS_EBUSY, "the queue is full");
    } else {
        server->in_flight++;
    }
}

/* Without a body it is perhaps one of the service's own operations, which
 * never wait in the queue. */
static void request_without_body(struct server *server, struct job *job,
                                 const struct frame *header)
{
    struct request request;
    precis_error error = {.offset = -1};

    request_init(&request);
    if (request_parse(&request, header->data, header->size, &error) != 0)
        request_refuse(server, job, &request, &error);
    else if (is_own(request.op))
        answer_own(server, job, &request);
    else
        request_queue(server, job);
    request_clear(&request);
}

/* A whole message has come. */
static void request_accept(struct server *server, struct job *job)
{
    size_t limit = (size_t) server->config->article_limit;
    precis_error error = {.offset = -1};
    struct request none;
    struct frame header, body;
    const struct frame *frames;
    size_t count;

    frames = message_frames(job->message, &count);
    if (envelope_find(frames, count, &job->envelope) != 0
        || job->envelope > count) {
        server->stats.losses[LOSS_NO_ENVELOPE]++;
        job_give_back(server, job);
        return;
    }
    if (message_is_cut(job->message)) {
        request_refuse_raw(server, job, PRECIS_EBAD_REQUEST,
                           "the message has more than %d frames",
                           PROTOCOL_FRAMES_MAX);
        return;
    }
    if (envelope_payload(frames + job->envelope, count - job->envelope,
                         &header, &body, &error)
        != 0) {
        request_init(&none);
        request_refuse(server, job, &none, &error);
        return;
    }
    job->bytes_in = body.size;
    if (body.size == 0)
        request_without_body(server, job, &header);
    else if (body.size > limit)
        request_refuse_raw(server, job, PRECIS_ETOO_LARGE,
                           "the article has %zu bytes; the limit is %zu",
                           body.size, limit);
    else
        request_queue(server, job);
}

/* 0, or -1: the socket has nothing more. */
static int request_read(struct server *server, size_t listener)
{
    struct job *job = job_take(server);

    if (job == NULL)
        return -1;
    job_begin(job, listener);
    if (message_receive(job->message, server->listeners[listener].socket)
        != 0) {
        job_give_back(server, job);
        return -1;
    }
    request_accept(server, job);
    return 0;
}

static void listener_read(struct server *server, size_t listener, int most)
{
    while (most-- > 0)
        if (request_read(server, listener) != 0)
            return;
}

static void take_done(struct server *server)
{
    struct job *job = workers_take_done(&server->workers);

    while (job != NULL) {
        struct job *next = (struct job *) (void *) job->item.next;

        server->in_flight--;
        if (job->is_for_loop)
            answer_returned(server, job);
        else
            reply_send(server, job);
        job = next;
    }
}

/* ---- the end ---- */

static void stop_begin(struct server *server, int signal_number)
{
    if (server->stop_us != 0) {
        log_line(LOG_LEVEL_WARNING, "second signal: stopping at once");
        server->is_over = 1;
        return;
    }
    server->stop_us = clock_us();
    log_line(LOG_LEVEL_NOTICE, "stopping signal=%s in_flight=%zu",
             signal_number == SIGINT ? "SIGINT" : "SIGTERM",
             server->in_flight);
    notify_send("STOPPING=1\nSTATUS=finishing %zu requests",
                server->in_flight);
}

static void stop_queue(struct server *server)
{
    struct job *job = workers_take_waiting(&server->workers);

    while (job != NULL) {
        struct job *next = (struct job *) (void *) job->item.next;

        server->in_flight--;
        request_refuse_raw(server, job, PRECIS_ETIMEOUT,
                           "the service went away before a worker was free");
        job = next;
    }
}

static void stop_step(struct server *server)
{
    uint64_t passed = clock_us() - server->stop_us;

    if (passed >= DRAIN_QUEUE_US)
        stop_queue(server);
    if (passed >= DRAIN_MAX_US)
        server->is_over = 1;
    if (passed < DRAIN_MIN_US || server->in_flight > 0
        || server->waiting.count > 0)
        return;
    for (size_t i = 0; i < server->listener_count; i++)
        listener_read(server, i, LAST_TURN_MAX);
    server->is_over = 1;
}

static void read_signals(struct server *server)
{
    struct signalfd_siginfo info;

    while (read(server->signal_fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP)
            log_line(LOG_LEVEL_NOTICE,
                     "SIGHUP ignored: restart to read the configuration");
        else
            stop_begin(server, (int) info.ssi_signo);
    }
}

/* ---- the loop ---- */

static long poll_timeout(const struct server *server)
{
    if (server->waiting.count > 0)
        return WAITING_RETRY_MS;
    if (server->stop_us != 0)
        return DRAIN_POLL_MS;
    return server->trim_bytes >= TRIM_BYTES ? TRIM_POLL_MS : -1;
}

/* Nothing happened for a while. */
static void idle(struct server *server)
{
    if (server->in_flight > 0 || server->trim_bytes < TRIM_BYTES)
        return;
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    server->trim_bytes = 0;
}

static void loop_turn(struct server *server, zmq_pollitem_t *items)
{
    size_t count = server->listener_count;
    int ready = zmq_poll(items, (int) count + 2, poll_timeout(server));

    if (ready < 0 && errno != EINTR) {
        log_line(LOG_LEVEL_ERROR, "polling failed: %s", zmq_strerror(errno));
        server->status = EX_OSERR;
        server->is_over = 1;
        return;
    }
    if (ready == 0)
        idle(server);
    if (ready > 0 && items[count].revents != 0)
        read_signals(server);
    if (ready > 0 && items[count + 1].revents != 0)
        take_done(server);
    if (server->waiting.count > 0)
        waiting_retry(&server->waiting, clock_us(), try_send, server);
    for (size_t i = 0; ready > 0 && i < count; i++)
        if (items[i].revents != 0)
            listener_read(server, i, TURN_MAX);
    if (server->stop_us != 0 && !server->is_over)
        stop_step(server);
}

int server_run(struct server *server)
{
    zmq_pollitem_t items[CONFIG_ENDPOINTS_MAX + 2] = {0};
    size_t count = server->listener_count;
    size_t left;

    for (size_t i = 0; i < count; i++) {
        items[i].socket = server->listeners[i].socket;
        items[i].events = ZMQ_POLLIN;
    }
    items[count].fd = server->signal_fd;
    items[count].events = ZMQ_POLLIN;
    items[count + 1].fd = server->workers.wake_fd;
    items[count + 1].events = ZMQ_POLLIN;
    while (!server->is_over)
        loop_turn(server, items);
    left = server->in_flight + server->waiting.count;
    if (left > 0) {
        log_line(LOG_LEVEL_WARNING, "stopped; requests cut off: %zu", left);
        return server->status != 0 ? server->status : EX_TEMPFAIL;
    }
    log_line(LOG_LEVEL_NOTICE, "stopped; everything was answered");
    return server->status;
}

/* ---- opening and closing ---- */

static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0
        || limit.rlim_cur >= DESCRIPTORS)
        return;
    limit.rlim_cur
        = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Before any thread, so that all inherit the mask. */
static int block_signals(struct server *server)
{
    sigset_t signals;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
        return -1;
    server->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return server->signal_fd >= 0 ? 0 : -1;
}

static size_t core_count(void)
{
    cpu_set_t cores;
    int count = 1;

    if (sched_getaffinity(0, sizeof cores, &cores) == 0)
        count = CPU_COUNT(&cores);
    return count < 1 ? 1 : count > WORKERS_MAX ? WORKERS_MAX : (size_t) count;
}

static int open_workers(struct server *server, char *reason)
{
    const struct config *config = server->config;
    precis_error error = {0};

    server->workers.article_limit = (size_t) config->article_limit;
    server->workers.timeout = (unsigned) config->timeout;
    if (workers_start(&server->workers,
                      config->workers > 0 ? (size_t) config->workers
                                          : core_count(),
                      (size_t) config->queue_length,
                      (size_t) config->queue_bytes, &error)
        != 0) {
        snprintf(reason, SERVER_REASON_SIZE, "%s", error.message);
        return EX_OSERR;
    }
    server->has_workers = 1;
    return 0;
}

static int open_listeners(struct server *server, char *reason)
{
    const struct config *config = server->config;
    size_t used = 0;

    for (size_t i = 0; i < config->endpoint_count; i++) {
        struct listener *listener = &server->listeners[i];
        int status;

        server->listener_count = i + 1;
        status = listener_open(listener, server->context,
                               config->endpoints[i], config, reason);
        if (status != 0)
            return status;
        server->endpoints[i] = listener->endpoint;
        used += (size_t) snprintf(server->endpoints_text + used,
                                  sizeof server->endpoints_text - used,
                                  "%s%s", i > 0 ? ", " : "",
                                  listener->endpoint);
    }
    return 0;
}

int server_open(struct server **out, const struct config *config,
                char reason[SERVER_REASON_SIZE])
{
    struct server *server = calloc(1, sizeof *server);
    int status = EX_OSERR;

    if (server == NULL) {
        snprintf(reason, SERVER_REASON_SIZE, "out of memory");
        return status;
    }
    server->config = config;
    server->signal_fd = -1;
    stats_init(&server->stats);
    raise_descriptors();
    if (block_signals(server) != 0
        || (server->context = zmq_ctx_new()) == NULL) {
        snprintf(reason, SERVER_REASON_SIZE, "cannot start: %s",
                 strerror(errno));
        goto failed;
    }
    zmq_ctx_set(server->context, ZMQ_MAX_SOCKETS, 64);
    status = open_workers(server, reason);
    if (status == 0)
        status = open_listeners(server, reason);
    if (status == 0) {
        *out = server;
        return 0;
    }
failed:
    server_close(server);
    return status;
}

const char *server_endpoints(const struct server *server)
{
    return server->endpoints_text;
}

static void free_jobs(struct server *server)
{
    while (server->free_jobs != NULL) {
        struct job *job = server->free_jobs;

        server->free_jobs = (struct job *) (void *) job->item.next;
        message_free(job->message);
        free(job);
    }
}

void server_close(struct server *server)
{
    int is_cut = server->in_flight > 0;

    for (size_t i = 0; i < server->listener_count; i++)
        listener_close(&server->listeners[i], is_cut ? 0 : LINGER_MS);
    if (server->context != NULL)
        while (zmq_ctx_term(server->context) != 0 && errno == EINTR)
            ;
    for (size_t i = 0; i < server->listener_count; i++)
        listener_leave(&server->listeners[i]);
    /* A worker in the middle of an article is not waited for: the process
     * ends now, and what it uses must stay. */
    if (is_cut)
        return;
    if (server->has_workers)
        workers_stop(&server->workers);
    for (struct job *job = server->waiting.first; job != NULL;) {
        struct job *next = (struct job *) (void *) job->item.next;

        job_give_back(server, job);
        job = next;
    }
    free_jobs(server);
    if (server->signal_fd >= 0)
        close(server->signal_fd);
    free(server);
}
