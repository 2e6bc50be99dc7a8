/* polling.h - waits for sockets and descriptors, as zmq_poll() does.
 *
 * zmq_poll() asks the kernel twice before it waits and asks each socket again
 * whatever has become ready: between a request and its reply that is most of
 * the system calls of the loop.  This asks each socket once, waits, and asks
 * again only those that have stirred.
 */
#ifndef DAEMON_POLLING_H
#define DAEMON_POLLING_H

#include "daemon/config.h"

/* Every listener, and what else the loop waits for. */
#define POLLING_MAX (CONFIG_ENDPOINTS_MAX + 8)

struct polling_item {
    void *socket; /* of ZeroMQ; NULL: the descriptor is meant */
    int fd;
    int is_ready; /* to be read: polling_wait() says so */
    /* Of a socket: when it was used last it was asked for a message and had
     * none.  Set by polling_wait() and by whoever reads until EAGAIN; whoever
     * sends must clear it, since libzmq may take notice of what has come
     * meanwhile, and the descriptor be silent about it. */
    int is_settled;
};

/* Waits until an item is ready, at most so many milliseconds (-1: for ever).
 * Returns how many are and sets is_ready, 0 where the time is over, or -1
 * with errno, where it may be EINTR.  `count` is at most POLLING_MAX. */
int polling_wait(struct polling_item *items, int count, long timeout_ms);

#endif
