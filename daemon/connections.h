/* connections.h - the connections of all listeners, and how many there may be.
 *
 * A descriptor is used again as soon as its connection is closed, the kernel's
 * cookie never: who wants to end a connection, or to know whether it still is,
 * names both.
 *
 * monitor.h keeps this table, with its lock held.
 */
#ifndef DAEMON_CONNECTIONS_H
#define DAEMON_CONNECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/address.h"
#include "daemon/failures.h"

struct connection {
    int fd;
    size_t listener;      /* the number given to monitor_watch() */
    uint64_t serial;      /* 1 for the first */
    uint64_t cookie;      /* the kernel's own number of the socket */
    uint64_t accepted_us; /* by clock_us() */
    struct address address;
    int is_cut;           /* ended by us, not yet closed by libzmq */
};

struct connection_counts {
    size_t open;              /* connections at this moment */
    size_t limit;
    uint64_t accepted;
    uint64_t refused;         /* cut at once: more than `limit` */
    uint64_t refused_address; /* more than `per_address` of one address */
    uint64_t refused_failures; /* of an address that is blocked */
    uint64_t failed;          /* accept() failed */
    uint64_t cut;             /* later */
};

/* Lists of addresses; at 2,000 connections an entry each. */
#define CONNECTIONS_BUCKETS 2048

struct entry;

struct connections {
    size_t limit, per_address;
    struct failures *failures; /* borrowed; NULL: nobody is blocked */
    struct connection_counts counts;
    size_t held;           /* open and not cut */
    uint64_t serial;
    uint64_t seed;
    int buckets[CONNECTIONS_BUCKETS]; /* descriptors, or -1 */
    struct entry *entries; /* owned; by descriptor */
    size_t entry_count;
    size_t top; /* descriptors from here on never had a connection */
};

/* The kernel's number of the socket that the descriptor is; 0: it is none.
 * Another number later means that the descriptor was closed in between. */
uint64_t connection_cookie(int fd);

/* 0, or an errno. */
int connections_init(struct connections *connections, size_t limit,
                     size_t per_address);
void connections_clear(struct connections *connections);

/* One has come; it is ended at once where it is one too many. */
void connections_add(struct connections *connections, int fd,
                     size_t listener);

/* libzmq has closed the descriptor. */
void connections_remove(struct connections *connections, int fd);

/* Copies up to `most` of those with a descriptor of at least `from`. */
size_t connections_list(const struct connections *connections, int from,
                        struct connection *out, size_t most);

/* Ends one.  1, or 0: it was ended already, or libzmq has closed it. */
int connections_cut(struct connections *connections, int fd, uint64_t cookie);

#endif
