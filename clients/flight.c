#include <config.h>

#include "clients/flight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/error.h"
#include "protocol/protocol.h"

/* Where a busy service does not say when to come back. */
#define BUSY_WAIT_MS 50
#define BUSY_WAIT_MS_MAX 2000

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

/* Busy or shutting down: again after a while, twice as long each time, unless
 * the tries or the time are used up.  Returns 0 where it will be sent again.
 */
static int flight_again(struct flights *flights, struct flight *flight,
                        const precis_reply *reply)
{
    unsigned wait = precis_reply_retry_after_ms(reply);
    long long due;

    if (flight->tries >= flight->busy_tries)
        return -1;
    if (wait == 0)
        wait = BUSY_WAIT_MS;
    wait <<= flight->tries < 5 ? flight->tries : 5;
    if (wait > BUSY_WAIT_MS_MAX)
        wait = BUSY_WAIT_MS_MAX;
    due = now_ms() + flights_jitter(flights, wait);
    if (due >= flight->deadline)
        return -1;
    flight->tries++;
    flight->due = due;
    flight->state = READY;
    return 0;
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

/* The flight that a reply belongs to: the one with its id; where it has none,
 * the one that has waited longest.  NULL: it comes too late, or was never
 * asked for. */
static struct flight *flight_find(struct flights *flights, long long id)
{
    struct flight *oldest = NULL;
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct flight *flight = &flights->rows[i];

        if (flight->state != SENT)
            continue;
        if (id >= 0 && flight->number == (unsigned long long) id)
            return flight;
        if (oldest == NULL || flight->number < oldest->number)
            oldest = flight;
    }
    return id < 0 ? oldest : NULL;
}

void flights_answer(struct flights *flights, precis_reply *reply,
                    const precis_error *error)
{
    long long id = reply != NULL ? precis_reply_number(reply, "id", -1) : -1;
    struct flight *flight = flight_find(flights, id);
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

void flights_lose(struct flights *flights)
{
    precis_error error;
    size_t i;

    error_set(&error, PRECIS_ENO_ANSWER, NULL,
              "the service at %s went away without an answer",
              flights->service);
    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct flight *flight = &flights->rows[i];

        if (flight->state != SENT)
            continue;
        flight->state = READY;
        flight->due = 0;
        if (++flight->losses > LOST_TRIES)
            flight_fail(flights, flight, &error);
    }
}

void flights_fail(struct flights *flights, const precis_error *error)
{
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        if (flights->rows[i].state == READY)
            flight_fail(flights, &flights->rows[i], error);
}

void flights_expire(struct flights *flights, int is_there)
{
    long long now = now_ms();
    precis_error error;
    size_t i;

    if (is_there)
        error_set(&error, PRECIS_ETIMEOUT, NULL, "%s did not answer in time",
                  flights->service);
    else
        error_set(&error, PRECIS_ENO_ANSWER, NULL, "no service answers at %s",
                  flights->service);
    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++) {
        struct flight *flight = &flights->rows[i];

        if ((flight->state == READY || flight->state == SENT)
            && flight->deadline <= now)
            flight_fail(flights, flight, &error);
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
