/* monitor.h - who is connected, and how many may be.
 *
 * libzmq tells of connections only through a socket monitor, and blocks its
 * own thread while nobody reads that.  So one thread does nothing but read
 * the events of all listeners into a table, and end the newest connection
 * where there is one too many.  It never logs and never waits for anything
 * else; its lock is held for moments only.
 */
#ifndef DAEMON_MONITOR_H
#define DAEMON_MONITOR_H

#include "daemon/connections.h"

struct monitor;

/* Starts the thread.  At most `limit` connections in all, and `per_address`
 * of one tcp address; of IPv6 the first 64 bits are the address.  0 and an
 * owned monitor, or an errno. */
int monitor_start(struct monitor **monitor, void *context, size_t limit,
                  size_t per_address);

/* Rings the eventfd when the first of all connections comes; before the first
 * monitor_watch(). */
void monitor_set_bell(struct monitor *monitor, int bell_fd);

/* From now on connections of addresses that are blocked are ended at once.
 * Borrowed until monitor_free(). */
void monitor_set_failures(struct monitor *monitor, struct failures *failures);

/* From now on the events of a socket are read.  Before the socket is bound,
 * and by its thread.  0, or an errno. */
int monitor_watch(struct monitor *monitor, void *socket, size_t listener);

/* Before the socket is closed, by its thread. */
void monitor_unwatch(void *socket);

/* After the context has been terminated, which is what ends the thread. */
void monitor_free(struct monitor *monitor);

/* The rest may be called by any thread. */

/* Of those that come from now on; nobody who is there is ended. */
void monitor_set_limits(struct monitor *monitor, size_t limit,
                        size_t per_address);

void monitor_count(struct monitor *monitor,
                   struct connection_counts *counts);

/* Goes through the connections: copies up to `most` of those with a
 * descriptor of at least `from`, by descriptor.  Returns how many; fewer than
 * `most` means the end. */
size_t monitor_list(struct monitor *monitor, int from,
                    struct connection *connections, size_t most);

/* Ends a connection, as shutdown(2) does; libzmq closes it then.  1, or 0
 * where it is not there any more. */
int monitor_cut(struct monitor *monitor, int fd, uint64_t cookie);

#endif
