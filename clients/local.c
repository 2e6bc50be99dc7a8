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

/* Room of up to so many bytes is kept for the next request of a job: what an
 * ordinary article takes.  So malloc is seldom asked, and no thread gives back
 * what another one took: its locks and lists would go from one processor to
 * the other and back. */
#define KEPT_ROOM 65536

/* One request; like a flight of flight.h, that nobody can lose. */
struct job {
    unsigned long long number;
    char *header; /* owned; NULL: the usual request, with these two: */
    size_t header_size;
    const char *title; /* in `body`, as is the language; or NULL */
    size_t title_size;
    const char *language;
    char *body; /* owned */
    size_t body_size;
    size_t body_room;
    int code;                   /* DONE: what answer() returned ... */
    struct buffer reply_header; /* ... and wrote */
    struct buffer reply_body;
};

/* An engine, of one thread. */
struct worker {
    struct local *local;
    precis_engine *engine;
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
    unsigned long long first_number; /* received are all before it; the
                                        caller's thread alone asks */
    pthread_mutex_t guard; /* of all below, but for FREE jobs, which the threads
                              leave alone */
    pthread_cond_t is_waiting;
    pthread_cond_t is_done;
    int is_stopping;
    unsigned at_work;
    unsigned long long last_number;
    unsigned long long next_number; /* the first that nobody is at */
    unsigned char states[PRECIS_IN_FLIGHT_MAX]; /* enum job_state: side by side,
                                                   as many are asked at once */
    struct job jobs[PRECIS_IN_FLIGHT_MAX];
};

/* Numbers that are under way differ by less than there are places. */
static size_t place_of(unsigned long long number)
{
    return number % PRECIS_IN_FLIGHT_MAX;
}

/* The job that waits longest, or NULL. */
static struct job *find_waiting(struct local *local)
{
    return local->next_number <= local->last_number
               ? &local->jobs[place_of(local->next_number)]
               : NULL;
}

/* The first job that is done, or NULL. */
static struct job *find_done(struct local *local)
{
    unsigned long long number = local->first_number;

    for (; number <= local->last_number; number++)
        if (local->states[place_of(number)] == DONE)
            return &local->jobs[place_of(number)];
    return NULL;
}

static void buffer_keep(struct buffer *buffer)
{
    if (buffer->room > KEPT_ROOM || buffer->failed)
        buffer_clear(buffer);
    else
        buffer_reset(buffer);
}

/* Makes a job ready for its next request. */
static void job_reset(struct job *job)
{
    free(job->header);
    job->header = NULL;
    if (job->body_room > KEPT_ROOM) {
        free(job->body);
        job->body = NULL;
        job->body_room = 0;
    }
    buffer_keep(&job->reply_header);
    buffer_keep(&job->reply_body);
}

static void job_clear(struct job *job)
{
    free(job->header);
    free(job->body);
    buffer_clear(&job->reply_header);
    buffer_clear(&job->reply_body);
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

/* What a worker of precisd does. */
static void work(struct worker *worker, struct job *job)
{
    struct request request;
    precis_error error;

    request_init(&request);
    job->code = read_request(worker->local, job, &request, &error);
    if (job->code == 0)
        job->code = make_engine(worker, &error);
    if (job->code != 0) {
        reply_format_error(&request, &error, 0, &job->reply_header);
    } else {
        request.options.article_limit = worker->local->article_limit;
        job->code = answer(worker->engine, &request, job->body, job->body_size,
                           &job->reply_header, &job->reply_body, NULL);
    }
    request_clear(&request);
}

/* Takes the next job, works unguarded, and hands it back.  The guard is
 * held. */
static void work_on(struct worker *worker, struct job *job)
{
    struct local *local = worker->local;

    local->states[place_of(job->number)] = AT_WORK;
    local->next_number++;
    local->at_work++;
    pthread_mutex_unlock(&local->guard);
    work(worker, job);
    pthread_mutex_lock(&local->guard);
    local->states[place_of(job->number)] = DONE;
    local->at_work--;
    pthread_cond_signal(&local->is_done);
}

static void *worker_run(void *argument)
{
    struct worker *worker = argument;
    struct local *local = worker->local;

    pthread_mutex_lock(&local->guard);
    while (!local->is_stopping) {
        struct job *job = find_waiting(local);

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
    made->first_number = made->next_number = 1;
    request_init(&made->usual);
    if (usual != NULL)
        usual_read(made, usual);
    pthread_mutex_init(&made->guard, NULL);
    pthread_cond_init(&made->is_waiting, NULL);
    pthread_cond_init(&made->is_done, NULL);
    for (i = 0; i < made->count; i++) {
        struct worker *worker = &made->workers[i];

        worker->local = made;
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

/* Makes room for so many bytes of `body`.  0, or -1. */
static int body_make_room(struct job *job, size_t size)
{
    char *body;

    if (size <= job->body_room)
        return 0;
    body = malloc(size);
    if (body == NULL)
        return -1;
    free(job->body);
    job->body = body;
    job->body_room = size;
    return 0;
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
    if (body_make_room(job, request->article_size + title_size + language_size
                                + 1)
        != 0) {
        job_reset(job);
        return error_memory(error);
    }
    room = job->body;
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

    if (local->last_number + 1 - local->first_number == PRECIS_IN_FLIGHT_MAX)
        return error_set(error, PRECIS_EBUSY, NULL, "receive first");
    /* The threads leave a free one alone. */
    job = &local->jobs[place_of(local->last_number + 1)];
    code = job_load(local, job, request, error);
    if (code != 0)
        return code;
    *number = job->number;
    pthread_mutex_lock(&local->guard);
    local->last_number = job->number;
    local->states[place_of(job->number)] = WAITING;
    pthread_cond_signal(&local->is_waiting);
    pthread_mutex_unlock(&local->guard);
    return 0;
}

/* A job that is done.  While there is none, does one itself, or waits for the
 * threads.  The guard is held. */
static struct job *wait_done(struct local *local)
{
    struct job *job;

    while ((job = find_done(local)) == NULL) {
        job = find_waiting(local);
        if (job != NULL)
            work_on(&local->workers[0], job);
        else if (local->at_work > 0)
            pthread_cond_wait(&local->is_done, &local->guard);
        else
            return NULL;
    }
    return job;
}

/* Takes a job that is done, or NULL: none is under way. */
static struct job *take_done(struct local *local)
{
    struct job *job;

    pthread_mutex_lock(&local->guard);
    job = wait_done(local);
    if (job != NULL)
        local->states[place_of(job->number)] = FREE;
    while (local->first_number <= local->last_number
           && local->states[place_of(local->first_number)] == FREE)
        local->first_number++;
    pthread_mutex_unlock(&local->guard);
    return job;
}

/* 0, or PRECIS_EINTERNAL: out of memory. */
static int make_reply(const struct local *local, const struct job *job,
                      precis_reply **reply, precis_error *error)
{
    const struct buffer *header = &job->reply_header, *body = &job->reply_body;
    precis_error ignored;
    int code;

    if (header->failed || body->failed)
        return error_memory(error);
    if (job->code == 0 && local->is_batch)
        code = reply_make(reply, header->data, header->size, body->data,
                          body->size, &ignored);
    else
        code = precis_reply_parse(reply, header->data, header->size,
                                  body->data, body->size, &ignored);
    return code != 0 ? error_memory(error) : 0;
}

int local_receive(struct local *local, unsigned long long *number,
                  precis_reply **reply, precis_error *error)
{
    struct job *job = take_done(local);
    int code;

    if (job == NULL)
        return error_set(error, PRECIS_EBAD_REQUEST, NULL,
                         "no request is under way");
    code = make_reply(local, job, reply, error);
    if (code == 0)
        *number = job->number;
    job_reset(job);
    return code;
}
