/* worker.h - the threads that summarize, one engine each.
 *
 * Jobs go in through one queue and come back through another; an eventfd
 * wakes the loop, at once when a worker has nothing more to do, else for some
 * replies together.  Nothing else is shared.
 */
#ifndef DAEMON_WORKER_H
#define DAEMON_WORKER_H

#include "daemon/job.h"
#include "engine/precis.h"

#define WORKERS_MAX 256

struct worker;

struct workers {
    struct queue todo;
    struct queue done;
    int wake_fd;          /* readable when `done` should be looked at */
    _Atomic int is_rung;  /* it is, and the loop has not looked yet */
    uint64_t rest_us; /* until then workers_do() does nothing */
    size_t count;
    struct worker *list;  /* owned */
    /* The loop may change these while threads read them. */
    _Atomic size_t article_limit;
    _Atomic size_t summary_limit;
    _Atomic unsigned timeout; /* milliseconds */
};

/* Makes engines and queues and starts `count` threads.  0, or -1 and *error.
 */
int workers_start(struct workers *workers, size_t count, size_t queue_length,
                  size_t queue_bytes, precis_error *error);

/* Gives a job with a client to them: 0, or -1 where the queue is full and the
 * job still the caller's. */
int workers_push(struct workers *workers, struct job *job);

/* Does a job at once, in the thread of the caller and with the engine of a
 * worker.  Only while nothing that was pushed is still to be taken back: then
 * all workers sleep, and the queues' locks have handed their engines over.
 * 0, or -1: it is too large for one who must not wait, or the last one took too
 * long; it was not begun. */
int workers_do(struct workers *workers, struct job *job);

/* The jobs done since the last call, linked by item.next; NULL for none.
 * is_woken: the eventfd is readable. */
struct job *workers_take_done(struct workers *workers, int is_woken);

/* The jobs that nobody has begun, linked by item.next. */
struct job *workers_take_waiting(struct workers *workers);

/* Microseconds that the slowest worker has been at its request; 0: all are
 * idle. */
uint64_t workers_busy_us(const struct workers *workers, uint64_t now_us);

/* Requests that workers have begun since they were started. */
size_t workers_taken(const struct workers *workers);

/* Lets each thread finish what it has begun, and ends it.  The caller has
 * taken all jobs. */
void workers_stop(struct workers *workers);

#endif
