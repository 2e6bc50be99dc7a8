/* waiting.h - replies to clients that do not read as fast as they ask.
 *
 * A client at its high-water mark must not stop the others, and must not
 * fill the memory: a reply is tried again for a second, a client has at most
 * WAITING_PER_CLIENT of them, and all together are bounded too.  They stand in
 * a list of each client, and only the first of it is tried: where that does
 * not go, the others will not.
 */
#ifndef DAEMON_WAITING_H
#define DAEMON_WAITING_H

#include "daemon/clients.h"

#define WAITING_PER_CLIENT 64
#define WAITING_MAX 1024
#define WAITING_BYTES_MAX (64u << 20)
#define WAITING_US 1000000
#define WAITING_RETRY_MS 10

struct waiting {
    struct client *first; /* those that have replies waiting */
    struct client *last;
    size_t count;
    size_t bytes;
    uint64_t next_us; /* when to try again */
};

/* Tries to send the job's reply.  Not 0: done with it, sent or given up; it
 * is no longer the list's.  0: still too slow.  With is_last it must give
 * up. */
typedef int waiting_try(void *context, struct job *job, int is_last);

/* Takes the job over, whose client is set.  -1: no room, it is still the
 * caller's. */
int waiting_add(struct waiting *waiting, struct job *job, uint64_t now_us);

/* Tries the replies again, every WAITING_RETRY_MS at most. */
void waiting_retry(struct waiting *waiting, uint64_t now_us, waiting_try *try,
                   void *context);

/* At the end: all of them, linked by item.next. */
struct job *waiting_take_all(struct waiting *waiting);

#endif
