/* What becomes of a message:
 *
 *   requests_read() -> queue of the workers -> requests_finish() -> client
 *        |     |                                     |
 *        |     +-> done at once, where it is alone --+
 *        |                                           |
 *        +-> refusals, ping, status, metrics --------+-> waiting list
 */
#include <config.h>

#include "daemon/request.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/control.h"
#include "daemon/log.h"
#include "daemon/lograte.h"
#include "daemon/operation.h"
#include "protocol/answer.h"

/* Jobs kept for reuse. */
#define FREE_JOBS_MAX 256

/* Refused clients come again between these.  The queue is never longer than
 * the usual deadline of 10 s, and half of it is a long time to wait. */
#define RETRY_MIN_US 10000
#define RETRY_MAX_US 5000000

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
    clients_leave(&server->clients, job);
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

static void job_lose(struct server *server, struct job *job, enum loss loss)
{
    server->stats.losses[loss]++;
    job_give_back(server, job);
}

/* A client that is cut comes again, so its line is limited as its requests'
 * are. */
static void log_cut_slow(const struct job *job)
{
    const struct frame *frames;
    unsigned source;
    size_t count;

    frames = message_frames(job->message, &count);
    source = lograte_source(job->listener, frames[0].data, frames[0].size);
    if (lograte_allows(source, clock_us()))
        log_line(LOG_LEVEL_WARNING,
                 "connection ended: its client reads no replies source=%u",
                 source);
}

/* The reply that is given up now would be missed for ever, and the pipe be
 * full of what nobody reads.  An end of the connection is at least noticed. */
static void cut_stuck(struct server *server, const struct job *job)
{
    const struct client *client = job->client;

    if (client == NULL || client->stuck_us == 0 || job->cookie == 0
        || clock_us() - client->stuck_us < WAITING_US
        || !monitor_cut(server->monitor, job->descriptor, job->cookie))
        return;
    server->cut_slow++;
    log_cut_slow(job);
}

static int try_send(void *context, struct job *job, int is_last)
{
    struct server *server = context;
    struct listener *listener = &server->listeners[job->listener];
    int error = message_send(job->message, listener->socket);

    listener->polled->is_settled = 0;

    if (error == EAGAIN && !is_last)
        return 0;
    if (error == 0) {
        if (job->client != NULL)
            job->client->stuck_us = 0;
        job_give_back(server, job);
        return 1;
    }
    if (error == EAGAIN)
        cut_stuck(server, job);
    job_lose(server, job, error == EAGAIN ? LOSS_SLOW : LOSS_GONE);
    return 1;
}

static void log_request(const struct job *job)
{
    char id[LOG_FIELD_SIZE];

    const struct frame *frames;
    unsigned source;
    size_t count;

    if (!log_is_on(LOG_LEVEL_INFO))
        return;
    frames = message_frames(job->message, &count);
    source = lograte_source(job->listener, frames[0].data, frames[0].size);
    if (!lograte_allows(source, clock_us()))
        return;
    log_line(LOG_LEVEL_INFO,
             "request id=%s op=%s bytes=%zu language=%s status=%s us=%llu "
             "wait_us=%llu source=%u%s%s",
             job->id[0] != '\0' ? log_escape(id, job->id, strlen(job->id))
                                : "-",
             op_name(job->op), job->bytes_in,
             job->language[0] != '\0' ? job->language : "-",
             job->code == 0 ? "ok" : code_name(job->code),
             (unsigned long long) (clock_us() - job->arrival_us),
             (unsigned long long) job->wait_us, source,
             job->traceparent[0] != '\0' ? " traceparent=" : "",
             job->traceparent);
}

/* Sends a finished job's reply, or has it wait for its client. */
static void reply_send(struct server *server, struct job *job)
{
    stats_add(&server->stats, job);
    log_request(job);
    server->trim_bytes += job->bytes_in + job->bytes_out;
    if (try_send(server, job, 0))
        return;
    if (job->client == NULL
        && clients_enter(&server->clients, job, 0, 0) != 0) {
        try_send(server, job, 1);
        return;
    }
    if (job->cookie == 0)
        clients_mark(job);
    if (waiting_add(&server->waiting, job, clock_us()) != 0)
        try_send(server, job, 1);
}

/* Makes the reply of what stands in the loop's buffers. */
static void reply_finish(struct server *server, struct job *job,
                         const struct request *request)
{
    job->op = request->op;
    memcpy(job->id, request->id, strlen(request->id) + 1);
    memcpy(job->traceparent, request->traceparent, sizeof job->traceparent);
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

/* A number below `limit`, not to be foreseen well; xorshift. */
static uint64_t throw_dice(struct server *server, uint64_t limit)
{
    server->dice ^= server->clients.seed | 1;
    server->dice ^= server->dice << 13;
    server->dice ^= server->dice >> 7;
    server->dice ^= server->dice << 17;
    return server->dice % limit;
}

/* Who is refused is given a slot of his own: the first when the queue will be
 * done with, each of the others when one more request will be.  Beyond
 * RETRY_MAX_US they are strewn over the second half of it.  So those who were
 * refused together do not come back together. */
static unsigned retry_after_ms(struct server *server)
{
    uint64_t now = clock_us();
    uint64_t each = server->stats.mean_service_us / server->workers.count + 1;
    uint64_t slot
        = now + (queue_count(&server->workers.todo, NULL) + 1) * each;
    uint64_t wait;

    if (slot < server->slot_us + each)
        slot = server->slot_us + each;
    if (slot > now + RETRY_MAX_US)
        slot = now + RETRY_MAX_US;
    server->slot_us = slot;
    wait = slot - now;
    if (wait == RETRY_MAX_US)
        wait -= throw_dice(server, RETRY_MAX_US / 2);
    if (wait < RETRY_MIN_US)
        wait = RETRY_MIN_US + throw_dice(server, RETRY_MIN_US);
    return (unsigned) (wait / 1000);
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

static void answer_own(struct server *server, struct job *job,
                       const struct request *request)
{
    job->code = operation_answer(server, job, request);
    reply_finish(server, job, request);
}

/* A worker found that the loop must answer. */
static void answer_returned(struct server *server, struct job *job)
{
    precis_error error = {.offset = -1};
    struct request request;

    request_init(&request);
    request.op = job->op;
    memcpy(request.id, job->id, sizeof request.id);
    memcpy(request.traceparent, job->traceparent, sizeof request.traceparent);
    if (control_check(server, job, request.op, &error) != 0)
        request_refuse(server, job, &request, &error);
    else
        answer_own(server, job, &request);
}

/* ---- requests ---- */

/* Gives the request that was held back to the workers, whose queue is empty:
 * there is room for it. */
static void held_push(struct server *server)
{
    struct job *job = server->held;

    server->held = NULL;
    if (job == NULL)
        return;
    clients_mark(job);
    if (workers_push(&server->workers, job) == 0)
        return;
    server->in_flight--;
    clients_leave(&server->clients, job);
    request_refuse_raw(server, job, PRECIS_EBUSY, "the queue is full");
}

/* While nothing is under way the first request is held back, until it is known
 * whether another one comes with it.  0, or -1: there is no room. */
static int request_push(struct server *server, struct job *job)
{
    if (server->in_flight == 0) {
        server->held = job;
    } else {
        held_push(server);
        clients_mark(job);
        if (workers_push(&server->workers, job) != 0)
            return -1;
    }
    server->in_flight++;
    return 0;
}

static void request_queue(struct server *server, struct job *job)
{
    int code = 0;

    if (server->stop_us != 0) {
        server->told_us = clock_us();
        request_refuse_raw(server, job, PRECIS_ESHUTTING_DOWN,
                           "the service is shutting down");
    /* One at a time may always be: else it would never become better. */
    } else if (guard_is_alarmed(server->guard) && server->in_flight > 0) {
        request_refuse_raw(server, job, PRECIS_EBUSY, "memory is short");
    } else if ((code = clients_enter(&server->clients, job,
                                     message_bytes(job->message), 1))
               == PRECIS_EBUSY) {
        request_refuse_raw(server, job, code,
                           "too many requests of this client wait");
    } else if (code != 0) {
        request_refuse_raw(server, job, code, "out of memory");
    } else if (request_push(server, job) != 0) {
        clients_leave(&server->clients, job);
        request_refuse_raw(server, job, PRECIS_EBUSY, "the queue is full");
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
    else if (control_check(server, job, request.op, &error) != 0)
        request_refuse(server, job, &request, &error);
    else if (operation_is_own(request.op))
        answer_own(server, job, &request);
    else
        request_queue(server, job);
    request_clear(&request);
}

/* 0; or -1: nobody can be answered, and the job is given back. */
static int find_envelope(struct server *server, struct job *job)
{
    const struct frame *frames;
    size_t count;

    frames = message_frames(job->message, &count);
    if (envelope_find(frames, count, &job->envelope) == 0
        && job->envelope <= count)
        return 0;
    job_lose(server, job, LOSS_NO_ENVELOPE);
    return -1;
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

    if (find_envelope(server, job) != 0)
        return;
    frames = message_frames(job->message, &count);
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
    if (body.size == 0 || job->listener == CONTROL_LISTENER)
        request_without_body(server, job, &header);
    else if (body.size > limit)
        request_refuse_raw(server, job, PRECIS_ETOO_LARGE,
                           "the article has %zu bytes; the limit is %zu",
                           body.size, limit);
    else
        request_queue(server, job);
}

/* From a client whose key was taken off the list. */
static void request_deny(struct server *server, struct job *job)
{
    if (find_envelope(server, job) != 0)
        return;
    request_refuse_raw(server, job, PRECIS_EDENIED,
                       "the key of this client was revoked");
}

/* 0, or -1: the socket has nothing more. */
static int request_read(struct server *server, size_t listener)
{
    struct job *job = job_take(server);

    if (job == NULL)
        return -1;
    job_begin(job, listener);
    if (message_receive(job->message, server->listeners[listener].socket)
        != 0) { /* at the end nothing has come any more: EAGAIN */
        job_give_back(server, job);
        guard_drained(server->guard, listener);
        server->listeners[listener].polled->is_settled = 1;
        return -1;
    }
    job->descriptor = message_descriptor(job->message);
    guard_hear(server->guard, job->descriptor);
    if (server->listeners[listener].is_guarded
        && !security_admits(&server->security, job->message, job->descriptor))
        request_deny(server, job);
    else
        request_accept(server, job);
    return 0;
}

/* A worker has done with it, or the loop in the place of one. */
static void job_finish(struct server *server, struct job *job)
{
    server->in_flight--;
    if (job->is_gone)
        job_lose(server, job, LOSS_GONE);
    else if (job->is_for_loop)
        answer_returned(server, job);
    else
        reply_send(server, job);
}

int requests_read(struct server *server, size_t listener, int most,
                  int is_alone)
{
    struct job *job;
    int has_more = 1;

    while (has_more && most-- > 0)
        has_more = request_read(server, listener) == 0;
    job = server->held;
    if (job != NULL && !has_more && is_alone
        && workers_do(&server->workers, job) == 0) {
        server->held = NULL;
        job_finish(server, job);
    }
    held_push(server);
    return has_more;
}

void requests_finish(struct server *server, int is_woken)
{
    struct job *job = workers_take_done(&server->workers, is_woken);

    while (job != NULL) {
        struct job *next = (struct job *) (void *) job->item.next;

        job_finish(server, job);
        job = next;
    }
}

void requests_retry(struct server *server)
{
    waiting_retry(&server->waiting, clock_us(), try_send, server);
}

void requests_expire(struct server *server)
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

void requests_clear(struct server *server)
{
    struct job *lists[] = {server->free_jobs,
                           waiting_take_all(&server->waiting)};

    for (size_t i = 0; i < 2; i++) {
        while (lists[i] != NULL) {
            struct job *job = lists[i];

            lists[i] = (struct job *) (void *) job->item.next;
            message_free(job->message);
            free(job);
        }
    }
    clients_clear(&server->clients);
}
