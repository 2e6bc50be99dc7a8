/* job.h - one request on its way through the service. */
#ifndef DAEMON_JOB_H
#define DAEMON_JOB_H

#include <stdint.h>
#include <time.h>

#include "daemon/message.h"
#include "daemon/queue.h"

struct client;

struct job {
    struct queue_item item; /* first: the queue sees only this */
    struct message *message;
    size_t listener;     /* the socket it came through */
    int descriptor;      /* of the connection it came through; -1: unknown */
    uint64_t cookie;     /* and that connection: connections.h; 0: unknown */
    size_t envelope;     /* frames to echo */
    struct client *client; /* NULL: not yet counted for anybody */
    size_t held_bytes;     /* what it counts against its client */
    uint64_t arrival_us; /* when the loop read it */
    uint64_t expires_us; /* of a reply that waits for a slow client */

    /* Said by whoever answered it, for log and counters. */
    enum op op;
    int code;            /* 0 or PRECIS_E... */
    int is_gone;         /* its client has left: there is no reply */
    int is_for_loop;     /* an operation of the service itself: not answered
                            yet, the loop does */
    size_t bytes_in;     /* of the article */
    size_t bytes_out;    /* of the reply's header and body */
    uint64_t wait_us;    /* in the queue */
    uint64_t service_us; /* at work */
    uint64_t replaced;   /* U+FFFD written */
    uint64_t sentences;  /* of the article */
    char language[16];   /* of the reply, "" where there is none */
    char traceparent[PROTOCOL_TRACE_SIZE];
    char id[PROTOCOL_ID_MAX + 1];
};

/* Microseconds of a clock that nobody sets. */
static inline uint64_t clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

#endif
