/* clients.h - what each client has under way.
 *
 * A client is whoever has one routing id on one listener.  It is known only
 * while it has a job: waiting, at work, or with a reply that it does not
 * fetch.  So there are never more than there are jobs, and one that is gone
 * leaves nothing behind.  Each call takes constant time.  The loop's alone,
 * but for `lane`, which is the queue's, and `seen_us`, the workers'.
 */
#ifndef DAEMON_CLIENTS_H
#define DAEMON_CLIENTS_H

#include <stdatomic.h>

#include "daemon/job.h"

/* Of one client: enough for pipelining, and no more than a share. */
#define CLIENT_JOBS_MAX 64
#define CLIENT_BYTES_MAX (16u << 20)

/* A power of two.  Jobs are bounded by the queue, and so are clients. */
#define CLIENTS_BUCKETS 2048

struct client {
    struct queue_lane lane;
    size_t jobs;
    size_t bytes;
    struct job *first_waiting; /* replies, oldest first: waiting.h */
    struct job *last_waiting;
    size_t waiting;
    uint64_t stuck_us; /* since then it has read none of them; 0: it reads */
    struct client *next_waiting;
    struct client *next; /* in its bucket */
    uint64_t hash;
    size_t listener;
    uint64_t cookie; /* of its connection; 0: the kernel was not asked yet */
    _Atomic uint64_t seen_us; /* when a worker last asked, and it was there */
    size_t id_size;
    unsigned char id[];
};

struct clients {
    struct client *buckets[CLIENTS_BUCKETS];
    size_t count;
    uint64_t seed;
};

void clients_init(struct clients *clients);

/* Frees all, whatever they have under way. */
void clients_clear(struct clients *clients);

/* Finds whose job it is, or makes that client known, and counts the job for
 * it, with so many bytes.  0; PRECIS_EBUSY: it has its share under way; or
 * PRECIS_EINTERNAL: out of memory.  Where must_fit is 0, its share does not
 * matter.  Afterwards job->client is set, unless it failed. */
int clients_enter(struct clients *clients, struct job *job, size_t bytes,
                  int must_fit);

/* Whose it is stands in job->client; this says which connection that is, in
 * job->cookie, for those who want to know later whether it still is there.
 * The kernel is asked once while the client has jobs, not for each. */
void clients_mark(struct job *job);

/* The job is over, or was never begun.  A client without jobs is freed. */
void clients_leave(struct clients *clients, struct job *job);

#endif
