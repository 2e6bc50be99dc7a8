/* flight.h - the requests of a client that are under way.
 *
 * A flight keeps copies of its frames, so that it can be sent again, and is
 *
 *     FREE -> READY -> SENT -> DONE -> FREE
 *               ^--------'
 *
 * back from SENT to READY when the service was busy, or was lost.  Every
 * flight reaches DONE by its deadline at the latest.  Times are those of
 * now_ms().  Private to libprecis-client; knows nothing of sockets.
 */
#ifndef CLIENTS_FLIGHT_H
#define CLIENTS_FLIGHT_H

#include "clients/precis-client.h"

/* A request is sent again so often when its service was lost or fell silent;
 * and so often a lost service is looked for, after about 100, 300 and 900 ms:
 * enough for a restart, and short for one who waits. */
#define LOST_TRIES 3
#define LOST_WAIT_MS 100

enum flight_state { FREE, READY, SENT, DONE };

struct flight {
    enum flight_state state;
    unsigned long long number;
    long long deadline;
    long long due;       /* READY: not sent before */
    unsigned busy_tries; /* allowed */
    unsigned tries;      /* used of them */
    unsigned losses;     /* times its service was lost */
    int link;            /* that it was sent over last; -1: none */
    const char *service; /* that is at its end; borrowed */
    int was_silent;      /* a service was given up without a word */
    long long sent;      /* when */
    long long patience;  /* how long a silence is not worth a question */
    precis_reply *reply; /* DONE: owned */
    char *header;        /* owned */
    size_t header_size;
    char *body; /* owned */
    size_t body_size;
};

struct flights {
    const char *service; /* named where none was sent to; borrowed */
    unsigned long long last_number;
    unsigned random;
    int is_out_of_memory; /* met since this was last looked at */
    struct flight rows[PRECIS_IN_FLIGHT_MAX];
};

long long now_ms(void);

/* `wait` and up to half as much again, so that many clients who were turned
 * away together do not come back together. */
long long flights_jitter(struct flights *flights, unsigned wait);

/* Copies a request into a free flight, READY.  Errors as
 * precis_client_send(). */
int flights_add(struct flights *flights, const precis_request *request,
                unsigned long long *number, precis_error *error);

/* The READY flight that is due and was added first, or NULL. */
struct flight *flights_due(struct flights *flights, long long now);

/* It was sent over `link` to `service`, which is borrowed. */
void flight_sent(struct flight *flight, int link, const char *service);

/* Those SENT over `link`. */
size_t flights_count(const struct flights *flights, int link);

/* Gives a reply that came over `link` to its flight.  `reply` is taken over;
 * NULL for one that could not be read, which is then the answer to the flight
 * that has waited longest, and `error` says why. */
void flights_answer(struct flights *flights, int link, precis_reply *reply,
                    const precis_error *error);

/* A link is gone: what was SENT over it becomes READY, or fails when that has
 * happened too often. */
void flights_lose(struct flights *flights, int link, int was_silent);

/* When a silence of `link`, which replied last at `heard`, is worth a question
 * whether anybody is there; LLONG_MAX: never.  *patience: how long one waits
 * for the answer. */
long long flights_silence(const struct flights *flights, int link,
                          long long heard, long long *patience);

/* Ends every READY flight with `error`. */
void flights_fail(struct flights *flights, const precis_error *error);

/* Ends those whose time has passed: PRECIS_ETIMEOUT where the service
 * `is_there`, else PRECIS_ENO_ANSWER. */
void flights_expire(struct flights *flights, int is_there);

/* A DONE flight: `number`, or the oldest where that is 0; or NULL. */
struct flight *flights_finished(struct flights *flights,
                                unsigned long long number);

/* The earliest time at which a flight must be looked at, or `until`. */
long long flights_next(const struct flights *flights, long long until);

/* Frees what it owns and makes it FREE. */
void flight_clear(struct flight *flight);

#endif
