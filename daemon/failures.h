/* failures.h - addresses whose clients are refused time and again.
 *
 * A handshake costs the thread that serves all connections a third of a
 * millisecond, and each refusal is told in the log.  So an address that has
 * failed FAILURES_MOST times within FAILURES_US is blocked for as long: its
 * new connections are closed when they come, before any handshake.  Those that
 * are open stay.  A client that is admitted clears its address, since many may
 * stand behind one, and the others should not pay for the one whose key is
 * wrong as long as they come and go.
 *
 * Loopback is no exception: tunnels and proxies come from there, and whoever
 * belongs to the machine has ipc, which nothing here touches.
 *
 * Any thread may call; the lock is held for moments only.
 */
#ifndef DAEMON_FAILURES_H
#define DAEMON_FAILURES_H

#include <pthread.h>

#include "daemon/address.h"

/* People try a handful of keys; a script that summarizes an article at a time
 * with a wrong one has so many failures in a second. */
#define FAILURES_MOST 10
#define FAILURES_US 60000000

/* What a flood from many addresses can fill: then the oldest is forgotten. */
#define FAILURES_SETS 256
#define FAILURES_SET_SIZE 4

struct failures {
    pthread_mutex_t mutex;
    uint64_t seed;
    uint64_t blocked; /* addresses, ever */
    struct failures_row {
        struct address address;
        uint64_t begun_us; /* the first of those counted; 0: the row is free */
        uint64_t until_us; /* blocked until then; 0: it is not */
        unsigned count;
    } rows[FAILURES_SETS][FAILURES_SET_SIZE];
};

/* 0, or an errno. */
int failures_init(struct failures *failures);
void failures_clear(struct failures *failures);

/* A client of the address was refused.  Not 0: now it is blocked. */
int failures_add(struct failures *failures, const struct address *address,
                 uint64_t now_us);

/* One was admitted. */
void failures_forget(struct failures *failures,
                     const struct address *address);

int failures_is_blocked(struct failures *failures,
                        const struct address *address, uint64_t now_us);

/* How many times an address was blocked. */
uint64_t failures_blocked(struct failures *failures);

#endif
