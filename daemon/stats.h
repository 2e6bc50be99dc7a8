/* stats.h - what the service has counted, as status and as metrics.
 *
 * Owned by the loop: workers write what they know into the job, so nothing
 * here needs a lock.
 */
#ifndef DAEMON_STATS_H
#define DAEMON_STATS_H

#include "daemon/job.h"
#include "daemon/rates.h"
#include "protocol/buffer.h"

/* One more than the number of codes: 0 and -1 ... -14. */
#define STATS_CODES 15

#define STATS_LANGUAGES_MAX 64

/* Messages and replies that came to nothing. */
enum loss {
    LOSS_NO_ENVELOPE, /* a message whose sender cannot be answered */
    LOSS_GONE,        /* a reply to a client that has left */
    LOSS_SLOW,        /* a reply to a client that does not read */
    LOSS_COUNT
};

/* Connections closed as soon as they came. */
enum refusal {
    REFUSAL_LIMIT,       /* as many as may be */
    REFUSAL_ADDRESS,     /* as many of one address as may be */
    REFUSAL_DESCRIPTORS, /* no descriptor left */
    REFUSAL_FAILURES,    /* an address refused too often: failures.h */
    REFUSAL_COUNT
};

/* Connections ended later. */
enum cut {
    CUT_ENDLESS, /* a message without an end */
    CUT_MEMORY,  /* silent while memory was short */
    CUT_SLOW,    /* its client does not read */
    CUT_COUNT
};

struct stats {
    uint64_t start_us;
    time_t start; /* for people: seconds since 1970 */
    uint64_t requests[OP_COUNT][STATS_CODES];
    struct histogram duration[OP_COUNT]; /* arrival to reply */
    struct histogram queue_wait;
    struct rates rates, waits; /* of late: replies; times in the queue */
    uint64_t articles[STATS_LANGUAGES_MAX + 1]; /* the last: other */
    size_t language; /* of the latest article, a number of that list */
    uint64_t bytes_in, bytes_out;
    uint64_t replaced;
    uint64_t sentences;
    uint64_t losses[LOSS_COUNT];
    uint64_t mean_service_us; /* of late */
    uint64_t denied;          /* requests that the sender may not make */
    uint64_t reloads;         /* tried */
    int reload_is_good;       /* the latest; 1 before the first */
    time_t reload_time;       /* of the latest good one, or the start */
};

/* What only the server knows, at this moment. */
struct gauges {
    int is_draining;
    const char *const *endpoints;
    size_t endpoint_count;
    size_t workers, workers_busy;
    size_t queued, queue_length;      /* waiting, and how many may */
    size_t queued_bytes, queue_bytes; /* the same in bytes */
    size_t in_flight;                 /* accepted, not yet answered */
    size_t article_limit;
    size_t timeout;
    size_t clients;                   /* that have something under way */
    size_t connections, connection_limit;
    uint64_t connections_accepted;
    uint64_t connections_refused[REFUSAL_COUNT];
    uint64_t connections_cut[CUT_COUNT];
    uint64_t handshakes_refused;
    int memory_is_short;
};

void stats_init(struct stats *stats);

/* Counts one job that has been answered. */
void stats_add(struct stats *stats, const struct job *job);

/* Notes the outcome of a reload. */
void stats_reload(struct stats *stats, int is_good);

/* The members that only the reply to `status` has. */
void stats_format_status(struct stats *stats,
                         const struct gauges *gauges, struct buffer *out);

/* Prometheus text, format 0.0.4. */
void stats_format_metrics(const struct stats *stats,
                          const struct gauges *gauges, struct buffer *out);

#endif
