#include <config.h>

#include "clients/flight.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/error.h"
#include "protocol/protocol.h"

/* Where a busy service does not say when to come back; and where one that is
 * shutting down does not: a drain lasts at least a second. */
#define BUSY_WAIT_MS 50
#define DRAINING_WAIT_MS 300

/* To this a wait grows; one that the service asked for may be longer. */
#define BUSY_WAIT_MS_MAX 5000

/* A silence is a part of the time that is left when a request is sent: after a
 * quarter the service is asked, after another it counts as dead, and half is
 * left for another one.  But a busy machine may be as slow as this. */
#define SILENCE_PARTS 4
#define SILENCE_MS_MIN 500

long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

long long flights_jitter(struct flights *flights, unsigned wait)
{
    flights->random = flights->random * 1103515245u + 12345u;
    return (long long) wait + (flights->random >> 16) % (wait / 2 + 1);
}

/* ---- one flight ---- */

void flight_clear(struct flight *flight)
{
    free(flight->header);
    free(flight->body);
    precis_reply_free(flight->reply);
    *flight = (struct flight){.state = FREE};
}

static void flight_done(struct flight *flight, precis_reply *reply)
{
    flight->reply = reply;
    flight->state = DONE;
}

/* An error reply made here.  Where memory is out there is none: the flight
 * stays as it is, and the caller is told. */
static void flight_fail(struct flights *flights, struct flight *flight,
                        const precis_error *error)
{
    struct buffer header;
    precis_reply *reply;

    buffer_init(&header);
    reply_format_error(NULL, error, 0, &header);
    if (!header.failed
        && precis_reply_parse(&reply, header.data, header.size, "", 0, NULL)
               == 0)
        flight_done(flight, reply);
    else
        flights->is_out_of_memory = 1;
    buffer_clear(&header);
}

/* How often it may be sent again for all reasons together. */
static unsigned flight_limit(const struct flight *flight)
{
    return flight->busy_tries > LOST_TRIES ? flight->busy_tries : LOST_TRIES;
}

/* What the service asked for, at least, and twice as long each time. */
static unsigned busy_wait(const struct flight *flight,
                          const precis_reply *reply)
{
    unsigned asked = precis_reply_retry_after_ms(reply);
    unsigned wait = asked;
    unsigned i;

    if (wait == 0)
        wait = precis_reply_code(reply) == PRECIS_EBUSY ? BUSY_WAIT_MS
                                                        : DRAINING_WAIT_MS;
    for (i = 0; i < flight->tries && wait < BUSY_WAIT_MS_MAX; i++)
        wait *= 2;
    if (wait > BUSY_WAIT_MS_MAX)
        wait = asked > BUSY_WAIT_MS_MAX ? asked : BUSY_WAIT_MS_MAX;
    return wait;
}

/* Busy or shutting down: again after a while, unless the tries or the time
 * are used up.  Returns 0 where it will be sent again. */
static int flight_again(struct flights *flights, struct flight *flight,
                        const precis_reply *reply)
{
    long long due;

    if (flight->tries >= flight->busy_tries
        || flight->tries + flight->losses >= flight_limit(flight))
        return -1;
    due = now_ms() + flights_jitter(flights, busy_wait(flight, reply));
    if (due >= flight->deadline)
        return -1;
    flight->tries++;
    flight->due = due;
    flight->state = READY;
    return 0;
}

void flight_sent(struct flight *flight, int link, const char *service)
{
    flight->state = SENT;
    flight->link = link;
    flight->service = service;
    flight->sent = now_ms();
    flight->patience = (flight->deadline - flight->sent) / SILENCE_PARTS;
    if (flight->patience < SILENCE_MS_MIN)
        flight->patience = SILENCE_MS_MIN;
}

/* ---- all of them ---- */

/* Copies `size` bytes; a copy of none is not NULL. */
static char *copy_bytes(const void *bytes, size_t size)
{
    char *copy = malloc(size + 1);

    if (copy != NULL && size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

int flights_add(struct flights *flights, const precis_request *request,
                unsigned long long *number, precis_error *error)
{
    struct flight *flight = flights->rows;
    struct flight *end = flight + PRECIS_IN_FLIGHT_MAX;
    char id[24];
    int code;

    while (flight < end && flight->state != FREE)
        flight++;
    if (flight == end)
        return error_set(error, PRECIS_EBUSY, NULL,
                         "%d requests are under way: receive first",
                         PRECIS_IN_FLIGHT_MAX);
    snprintf(id, sizeof id, "%llu", flights->last_number + 1);
    code = precis_request_format(request, id, &flight->header,
                                 &flight->header_size, error);
    if (code != 0)
        return code;
    flight->body = copy_bytes(request->article, request->article_size);
    if (flight->body == NULL) {
        flight_clear(flight);
        return error_memory(error);
    }
    flight->body_size = request->article_size;
    flight->number = ++flights->last_number;
    flight->deadline =
        now_ms()
        + (request->timeout_ms != 0 ? request->timeout_ms : PRECIS_TIMEOUT_MS);
    flight->busy_tries = request->busy_tries;
    flight->link = -1;
    flight->service = flights->service;
    flight->state = READY;
    *number = flight->number;
    return 0;
}

struct flight *flights_due(struct flights *flights, long long now)
{
    struct flight *oldest = NULL;
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct flight *flight = &flights->rows[i];

        if (flight->state == READY && flight->due <= now
            && (oldest == NULL || flight->number < oldest->number))
            oldest = flight;
    }
    return oldest;
}

size_t flights_count(const struct flights *flights, int link)
{
    size_t count = 0;
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        count +=
            flights->rows[i].state == SENT && flights->rows[i].link == link;
    return count;
}

/* The flight that a reply belongs to: the one with its id; where it has none,
 * the one that has waited longest.  NULL: it comes too late, or was never
 * asked for over this link. */
static struct flight *flight_find(struct flights *flights, int link,
                                  long long id)
{
    struct flight *oldest = NULL;
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct flight *flight = &flights->rows[i];

        if (flight->state != SENT || flight->link != link)
            continue;
        if (id >= 0 && flight->number == (unsigned long long) id)
            return flight;
        if (oldest == NULL || flight->number < oldest->number)
            oldest = flight;
    }
    return id < 0 ? oldest : NULL;
}

void flights_answer(struct flights *flights, int link, precis_reply *reply,
                    const precis_error *error)
{
    long long id = reply != NULL ? precis_reply_number(reply, "id", -1) : -1;
    struct flight *flight = flight_find(flights, link, id);
    int code;

    if (flight == NULL) {
        precis_reply_free(reply);
        return;
    }
    if (reply == NULL) {
        flight_fail(flights, flight, error);
        return;
    }
    code = precis_reply_code(reply);
    if ((code == PRECIS_EBUSY || code == PRECIS_ESHUTTING_DOWN)
        && flight_again(flights, flight, reply) == 0)
        precis_reply_free(reply);
    else
        flight_done(flight, reply);
}

/* At once, the first time: there may be another service.  What loses one after
 * the other may be to blame. */
static void flight_lose(struct flights *flights, struct flight *flight)
{
    unsigned wait = LOST_WAIT_MS;
    precis_error error;
    unsigned i;

    flight->state = READY;
    flight->due = 0;
    flight->losses++;
    for (i = 2; i < flight->losses; i++)
        wait *= 3;
    if (flight->losses > 1)
        flight->due = now_ms() + flights_jitter(flights, wait);
    if (flight->losses <= LOST_TRIES
        && flight->tries + flight->losses <= flight_limit(flight))
        return;
    error_set(&error, PRECIS_ENO_ANSWER, NULL,
              "the service at %s went away without an answer", flight->service);
    flight_fail(flights, flight, &error);
}

void flights_lose(struct flights *flights, int link, int was_silent)
{
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct flight *flight = &flights->rows[i];

        if (flight->state != SENT || flight->link != link)
            continue;
        flight->was_silent = was_silent;
        flight_lose(flights, flight);
    }
}

long long flights_silence(const struct flights *flights, int link,
                          long long heard, long long *patience)
{
    long long earliest = LLONG_MAX;
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        const struct flight *flight = &flights->rows[i];
        long long since = flight->sent > heard ? flight->sent : heard;

        /* The last try waits to the end. */
        if (flight->state != SENT || flight->link != link
            || flight->losses >= LOST_TRIES
            || since + flight->patience >= earliest)
            continue;
        earliest = since + flight->patience;
        *patience = flight->patience;
    }
    return earliest;
}

void flights_fail(struct flights *flights, const precis_error *error)
{
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        if (flights->rows[i].state == READY)
            flight_fail(flights, &flights->rows[i], error);
}

static void flight_expire(struct flights *flights, struct flight *flight,
                          int is_there)
{
    precis_error error;

    if (is_there || flight->was_silent)
        error_set(&error, PRECIS_ETIMEOUT, NULL, "%s did not answer in time",
                  flight->service);
    else
        error_set(&error, PRECIS_ENO_ANSWER, NULL, "no service answers at %s",
                  flight->service);
    flight_fail(flights, flight, &error);
}

void flights_expire(struct flights *flights, int is_there)
{
    long long now = now_ms();
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct flight *flight = &flights->rows[i];

        if ((flight->state == READY || flight->state == SENT)
            && flight->deadline <= now)
            flight_expire(flights, flight, is_there);
    }
}

struct flight *flights_finished(struct flights *flights,
                                unsigned long long number)
{
    struct flight *oldest = NULL;
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct flight *flight = &flights->rows[i];

        if (flight->state == DONE && (number == 0 || flight->number == number)
            && (oldest == NULL || flight->number < oldest->number))
            oldest = flight;
    }
    return oldest;
}

long long flights_next(const struct flights *flights, long long until)
{
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        const struct flight *flight = &flights->rows[i];

        if (flight->state != READY && flight->state != SENT)
            continue;
        if (flight->deadline < until)
            until = flight->deadline;
        /* One that is due already waits for a connection, not for a time. */
        if (flight->state == READY && flight->due > now_ms()
            && flight->due < until)
            until = flight->due;
    }
    return until;
}
