#include <config.h>

#include "clients/local.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "clients/error.h"
#include "clients/options.h"
#include "clients/reply.h"
#include "protocol/answer.h"

enum job_state { FREE, WAITING, AT_WORK, DONE };

/* One request; like a flight of flight.h, that nobody can lose. */
struct job {
    enum job_state state;
    unsigned long long number;
    char *header; /* owned; NULL: the usual request, with these two: */
    size_t header_size;
    const char *title; /* in `body`, as is the language; or NULL */
    size_t title_size;
    const char *language;
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

struct local {
    size_t article_limit;
    int is_batch; /* replies are made, not parsed */
    int has_usual;
    struct request usual; /* without article, title and language */
    unsigned count;       /* workers; the first has the caller's thread */
    struct worker workers[JOBS_MAX];
    pthread_mutex_t guard; /* of all below */
    pthread_cond_t is_waiting;
    pthread_cond_t is_done;
    int is_stopping;
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

/* Reads the request of a job, as a worker of precisd would. */
static int read_request(const struct local *local, const struct job *job,
                        struct request *request, precis_error *error)
{
    if (job->header != NULL)
        return request_parse(request, job->header, job->header_size, error);
    *request = local->usual;
    request->tree = NULL; /* stays where it is */
    request->options.title = job->title;
    request->options.title_size = job->title_size;
    request->options.language = job->language;
    return 0;
}

/* What a worker of precisd does.  No reply: out of memory. */
static precis_reply *work(struct worker *worker, const struct job *job)
{
    struct buffer *header = &worker->header, *body = &worker->body;
    struct request request;
    precis_reply *reply = NULL;
    precis_error error;
    int code;

    buffer_reset(header);
    buffer_reset(body);
    request_init(&request);
    code = read_request(worker->local, job, &request, &error);
    if (code == 0)
        code = make_engine(worker, &error);
    if (code != 0) {
        reply_format_error(&request, &error, 0, header);
    } else {
        request.options.article_limit = worker->local->article_limit;
        code = answer(worker->engine, &request, job->body, job->body_size,
                      header, body, NULL);
    }
    request_clear(&request);
    if (header->failed || body->failed)
        return NULL;
    if (code == 0 && worker->local->is_batch)
        reply_make(&reply, header->data, header->size, body->data, body->size,
                   NULL);
    else
        precis_reply_parse(&reply, header->data, header->size, body->data,
                           body->size, NULL);
    return reply;
}

/* Takes one job, works unguarded, and hands it back.  The guard is held. */
static void work_on(struct worker *worker, struct job *job)
{
    struct local *local = worker->local;
    precis_reply *reply;

    job->state = AT_WORK;
    pthread_mutex_unlock(&local->guard);
    reply = work(worker, job);
    pthread_mutex_lock(&local->guard);
    job->reply = reply;
    job->state = DONE;
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

/* Reads the request that all are like.  Where it cannot be read, each is, and
 * has its error. */
static void usual_read(struct local *local, const precis_request *usual)
{
    precis_request bare = *usual;
    char *header;
    size_t size;

    bare.title = bare.language = NULL;
    bare.title_size = 0;
    if (precis_request_format(&bare, NULL, &header, &size, NULL) != 0)
        return;
    local->has_usual = request_parse(&local->usual, header, size, NULL) == 0;
    free(header);
}

int local_start(struct local **local, unsigned jobs, size_t article_limit,
                const precis_request *usual, precis_error *error)
{
    struct local *made = calloc(1, sizeof *made);
    unsigned i;

    if (made == NULL)
        return error_memory(error);
    made->article_limit = article_limit;
    made->count = jobs < JOBS_MAX ? jobs : JOBS_MAX;
    made->is_batch = usual != NULL;
    request_init(&made->usual);
    if (usual != NULL)
        usual_read(made, usual);
    pthread_mutex_init(&made->guard, NULL);
    pthread_cond_init(&made->is_waiting, NULL);
    pthread_cond_init(&made->is_done, NULL);
    for (i = 0; i < made->count; i++) {
        struct worker *worker = &made->workers[i];

        worker->local = made;
        buffer_init(&worker->header);
        buffer_init(&worker->body);
        if (i == 0) /* the caller's thread is its */
            continue;
        if (pthread_create(&worker->thread, NULL, worker_run, worker) != 0) {
            local_stop(made);
            return error_set(error, PRECIS_EINTERNAL, NULL,
                             "cannot start %u threads", made->count - 1);
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
    request_clear(&local->usual);
    pthread_cond_destroy(&local->is_done);
    pthread_cond_destroy(&local->is_waiting);
    pthread_mutex_destroy(&local->guard);
    free(local);
}

/* Longest language of a usual request: a tag such as sr-Latn-RS. */
#define LANGUAGE_MAX 35

/* Is its title or its language nothing that request_parse() would refuse? */
static int is_usual(const struct local *local, const precis_request *request)
{
    const char *language = request->language;

    if (!local->has_usual || request->title_size > PRECIS_TITLE_MAX
        || (request->title_size > 0
            && memchr(request->title, '\0', request->title_size) != NULL))
        return 0;
    return language == NULL
           || (language[0] != '\0' && strlen(language) <= LANGUAGE_MAX
               && language[strspn(language, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
                                            "abcdefghijklmnopqrstuvwxyz")]
                      == '\0');
}

/* Copies a text to *room, which then ends behind it; NULL for none. */
static const char *put(char **room, const char *text, size_t size)
{
    char *copy = *room;

    if (text == NULL || size == 0)
        return NULL;
    memcpy(copy, text, size);
    *room += size;
    return copy;
}

static int job_load(struct local *local, struct job *job,
                    const precis_request *request, precis_error *error)
{
    const char *language = request->language;
    size_t title_size = request->title_size, language_size = 0;
    char *room;
    int code;

    if (!is_usual(local, request)) {
        code = precis_request_format(request, NULL, &job->header,
                                     &job->header_size, error);
        if (code != 0)
            return code;
        language = NULL;
        title_size = 0;
    } else if (language != NULL && strcmp(language, "auto") == 0) {
        language = NULL;
    }
    if (language != NULL)
        language_size = strlen(language) + 1;
    room = malloc(request->article_size + title_size + language_size + 1);
    if (room == NULL) {
        job_clear(job);
        return error_memory(error);
    }
    job->body = room;
    job->body_size = request->article_size;
    put(&room, request->article, request->article_size);
    job->title = put(&room, request->title, title_size);
    job->title_size = job->title != NULL ? title_size : 0;
    job->language = put(&room, language, language_size);
    job->number = local->last_number + 1;
    return 0;
}

int local_send(struct local *local, const precis_request *request,
               unsigned long long *number, precis_error *error)
{
    struct job *job;
    int code;

    pthread_mutex_lock(&local->guard);
    job = find_job(local, FREE);
    pthread_mutex_unlock(&local->guard);
    if (job == NULL)
        return error_set(error, PRECIS_EBUSY, NULL, "receive first");
    /* The threads leave a free one alone. */
    code = job_load(local, job, request, error);
    if (code != 0)
        return code;
    *number = ++local->last_number;
    pthread_mutex_lock(&local->guard);
    job->state = WAITING;
    pthread_cond_signal(&local->is_waiting);
    pthread_mutex_unlock(&local->guard);
    return 0;
}

/* A job that is done.  While there is none, does one itself, or waits for the
 * threads.  The guard is held. */
static struct job *wait_done(struct local *local)
{
    struct job *job;

    while ((job = find_job(local, DONE)) == NULL) {
        job = find_job(local, WAITING);
        if (job != NULL)
            work_on(&local->workers[0], job);
        else if (find_job(local, AT_WORK) != NULL)
            pthread_cond_wait(&local->is_done, &local->guard);
        else
            return NULL;
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
        job_clear(job);
    } else {
        *number = job->number;
        *reply = job->reply;
        job->reply = NULL;
        job_clear(job);
    }
    pthread_mutex_unlock(&local->guard);
    return code;
}
