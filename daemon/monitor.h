/* monitor.h - who is connected, and how many may be.
 *
 * libzmq tells of connections only through a socket monitor, and blocks its
 * own thread while nobody reads that.  So one thread does nothing but read
 * the events of all listeners into a table, and end the newest connection
 * where there is one too many.  It never logs and never waits for anything
 * else; its lock is held for moments only.
 *
 * A descriptor is used again as soon as its connection is closed, a serial
 * number never: who wants to end a connection names both.
 */
#ifndef DAEMON_MONITOR_H
#define DAEMON_MONITOR_H

#include <stddef.h>
#include <stdint.h>

struct monitor;

#define MONITOR_ADDRESS_SIZE 16

struct connection {
    int fd;
    size_t listener;      /* the number given to monitor_watch() */
    uint64_t serial;      /* 1 for the first */
    uint64_t accepted_us; /* by clock_us() */
    int family;           /* AF_UNIX, AF_INET, AF_INET6 */
    unsigned char address[MONITOR_ADDRESS_SIZE]; /* of the peer, in network
                                                    order; 0 for AF_UNIX */
    int is_cut;           /* ended by us, not yet closed by libzmq */
};

struct monitor_counts {
    size_t open;              /* connections at this moment */
    size_t limit;
    uint64_t accepted;
    uint64_t refused;         /* cut at once: more than `limit` */
    uint64_t refused_address; /* more than `per_address` of one address */
    uint64_t failed;          /* accept() failed */
    uint64_t cut;             /* by monitor_cut() and monitor_cut_listener() */
};

/* Starts the thread.  At most `limit` connections in all, and `per_address`
 * of one tcp address; of IPv6 the first 64 bits are the address.  0 and an
 * owned monitor, or an errno. */
int monitor_start(struct monitor **monitor, void *context, size_t limit,
                  size_t per_address);

/* Rings the eventfd when the first of all connections comes; before the first
 * monitor_watch(). */
void monitor_set_bell(struct monitor *monitor, int bell_fd);

/* From now on the events of a socket are read.  Before the socket is bound,
 * and by its thread.  0, or an errno. */
int monitor_watch(struct monitor *monitor, void *socket, size_t listener);

/* Before the socket is closed, by its thread. */
void monitor_unwatch(void *socket);

/* After the context has been terminated, which is what ends the thread. */
void monitor_free(struct monitor *monitor);

/* The rest may be called by any thread. */

void monitor_set_limits(struct monitor *monitor, size_t limit,
                        size_t per_address);

void monitor_count(struct monitor *monitor, struct monitor_counts *counts);

/* The open connection that has the descriptor: 1, or 0 where none has. */
int monitor_find(struct monitor *monitor, int fd,
                 struct connection *connection);

/* Goes through the connections: copies up to `most` of those with a
 * descriptor of at least `from`, by descriptor.  Returns how many; fewer than
 * `most` means the end. */
size_t monitor_list(struct monitor *monitor, int from,
                    struct connection *connections, size_t most);

/* Ends a connection, as shutdown(2) does; libzmq closes it then.  1, or 0
 * where it is not there any more. */
int monitor_cut(struct monitor *monitor, int fd, uint64_t serial);

/* Ends all connections of one listener; returns how many. */
size_t monitor_cut_listener(struct monitor *monitor, size_t listener);

#endif
