#include <config.h>

#include "clients/local.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "clients/error.h"
#include "clients/options.h"
#include "protocol/answer.h"

enum job_state { FREE, WAITING, AT_WORK, DONE };

/* One request; like a flight of flight.h, that nobody can lose. */
struct job {
    enum job_state state;
    unsigned long long number;
    char *header; /* owned */
    size_t header_size;
    char *body; /* owned */
    size_t body_size;
    precis_reply *reply; /* DONE: owned; NULL: out of memory */
};

/* An engine, and room for a reply, of one thread. */
struct worker {
    struct local *local;
    precis_engine *engine;
    struct buffer header;
    struct buffer body;
    pthread_t thread;
    int is_started;
};

/* So many jobs are handed back at once while others wait: a thread that is
 * woken for each costs more than a short article. */
#define BACK_AT_ONCE 8

struct local {
    size_t article_limit;
    unsigned count; /* workers; the first has no thread if it is alone */
    struct worker workers[JOBS_MAX];
    pthread_mutex_t guard; /* of all below */
    pthread_cond_t is_waiting;
    pthread_cond_t is_done;
    int is_stopping;
    unsigned waiting, done; /* jobs in these states */
    unsigned long long last_number;
    struct job jobs[PRECIS_IN_FLIGHT_MAX];
};

/* The job in `state` with the lowest number, or NULL. */
static struct job *find_job(struct local *local, enum job_state state)
{
    struct job *oldest = NULL;
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct job *job = &local->jobs[i];

        if (job->state == state
            && (oldest == NULL || job->number < oldest->number))
            oldest = job;
    }
    return oldest;
}

static void job_clear(struct job *job)
{
    free(job->header);
    free(job->body);
    precis_reply_free(job->reply);
    *job = (struct job){.state = FREE};
}

/* ---- the work ---- */

static int make_engine(struct worker *worker, precis_error *error)
{
    if (worker->engine != NULL)
        return 0;
    return precis_engine_new(&worker->engine, error);
}

/* What a worker of precisd does.  No reply: out of memory. */
static precis_reply *work(struct worker *worker, const struct job *job)
{
    struct request request;
    precis_reply *reply = NULL;
    precis_error error;
    int code;

    buffer_reset(&worker->header);
    buffer_reset(&worker->body);
    request_init(&request);
    code = request_parse(&request, job->header, job->header_size, &error);
    if (code == 0)
        code = make_engine(worker, &error);
    if (code != 0) {
        reply_format_error(&request, &error, 0, &worker->header);
    } else {
        request.options.article_limit = worker->local->article_limit;
        answer(worker->engine, &request, job->body, job->body_size,
               &worker->header, &worker->body);
    }
    request_clear(&request);
    if (!worker->header.failed && !worker->body.failed)
        precis_reply_parse(&reply, worker->header.data, worker->header.size,
                           worker->body.data, worker->body.size, NULL);
    return reply;
}

/* Takes one job, works unguarded, and hands it back.  The guard is held. */
static void work_on(struct worker *worker, struct job *job)
{
    struct local *local = worker->local;
    precis_reply *reply;

    job->state = AT_WORK;
    local->waiting--;
    pthread_mutex_unlock(&local->guard);
    reply = work(worker, job);
    pthread_mutex_lock(&local->guard);
    job->reply = reply;
    job->state = DONE;
    local->done++;
    if (local->done >= BACK_AT_ONCE || local->waiting == 0)
        pthread_cond_signal(&local->is_done);
}

static void *worker_run(void *argument)
{
    struct worker *worker = argument;
    struct local *local = worker->local;

    pthread_mutex_lock(&local->guard);
    while (!local->is_stopping) {
        struct job *job = find_job(local, WAITING);

        if (job != NULL)
            work_on(worker, job);
        else
            pthread_cond_wait(&local->is_waiting, &local->guard);
    }
    pthread_mutex_unlock(&local->guard);
    return NULL;
}

/* ---- the interface ---- */

int local_start(struct local **local, unsigned jobs, size_t article_limit,
                precis_error *error)
{
    struct local *made = calloc(1, sizeof *made);
    unsigned i;

    if (made == NULL)
        return error_memory(error);
    made->article_limit = article_limit;
    made->count = jobs < JOBS_MAX ? jobs : JOBS_MAX;
    pthread_mutex_init(&made->guard, NULL);
    pthread_cond_init(&made->is_waiting, NULL);
    pthread_cond_init(&made->is_done, NULL);
    for (i = 0; i < made->count; i++) {
        struct worker *worker = &made->workers[i];

        worker->local = made;
        buffer_init(&worker->header);
        buffer_init(&worker->body);
        if (made->count == 1)
            break;
        if (pthread_create(&worker->thread, NULL, worker_run, worker) != 0) {
            local_stop(made);
            return error_set(error, PRECIS_EINTERNAL, NULL,
                             "cannot start %u threads", made->count);
        }
        worker->is_started = 1;
    }
    *local = made;
    return 0;
}

void local_stop(struct local *local)
{
    unsigned i;

    if (local == NULL)
        return;
    pthread_mutex_lock(&local->guard);
    local->is_stopping = 1;
    pthread_cond_broadcast(&local->is_waiting);
    pthread_mutex_unlock(&local->guard);
    for (i = 0; i < local->count; i++) {
        struct worker *worker = &local->workers[i];

        if (worker->is_started)
            pthread_join(worker->thread, NULL);
        precis_engine_free(worker->engine);
        buffer_clear(&worker->header);
        buffer_clear(&worker->body);
    }
    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        job_clear(&local->jobs[i]);
    pthread_cond_destroy(&local->is_done);
    pthread_cond_destroy(&local->is_waiting);
    pthread_mutex_destroy(&local->guard);
    free(local);
}

static int job_load(struct job *job, const precis_request *request,
                    unsigned long long number, precis_error *error)
{
    int code = precis_request_format(request, NULL, &job->header,
                                     &job->header_size, error);

    if (code != 0)
        return code;
    job->body = malloc(request->article_size + 1);
    if (job->body == NULL) {
        job_clear(job);
        return error_memory(error);
    }
    if (request->article_size > 0)
        memcpy(job->body, request->article, request->article_size);
    job->body_size = request->article_size;
    job->number = number;
    return 0;
}

int local_send(struct local *local, const precis_request *request,
               unsigned long long *number, precis_error *error)
{
    struct job *job;
    int code;

    pthread_mutex_lock(&local->guard);
    job = find_job(local, FREE);
    if (job == NULL)
        code = error_set(error, PRECIS_EBUSY, NULL, "receive first");
    else
        code = job_load(job, request, local->last_number + 1, error);
    if (code == 0) {
        job->state = WAITING;
        local->waiting++;
        *number = ++local->last_number;
        pthread_cond_signal(&local->is_waiting);
    }
    pthread_mutex_unlock(&local->guard);
    return code;
}

/* Waits for a job that is done, or does one.  The guard is held. */
static struct job *wait_done(struct local *local)
{
    struct job *job;

    while ((job = find_job(local, DONE)) == NULL) {
        if (local->count == 1) {
            job = find_job(local, WAITING);
            if (job == NULL)
                return NULL;
            work_on(&local->workers[0], job);
        } else if (local->waiting == 0 && find_job(local, AT_WORK) == NULL) {
            return NULL;
        } else {
            pthread_cond_wait(&local->is_done, &local->guard);
        }
    }
    return job;
}

int local_receive(struct local *local, unsigned long long *number,
                  precis_reply **reply, precis_error *error)
{
    struct job *job;
    int code = 0;

    pthread_mutex_lock(&local->guard);
    job = wait_done(local);
    if (job == NULL) {
        code = error_set(error, PRECIS_EBAD_REQUEST, NULL,
                         "no request is under way");
    } else if (job->reply == NULL) {
        code = error_memory(error);
        local->done--;
        job_clear(job);
    } else {
        *number = job->number;
        *reply = job->reply;
        job->reply = NULL;
        local->done--;
        job_clear(job);
    }
    pthread_mutex_unlock(&local->guard);
    return code;
}
