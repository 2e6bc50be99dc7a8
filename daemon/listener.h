/* listener.h - one ROUTER socket on one endpoint, and what belongs to it on
 * the file system. */
#ifndef DAEMON_LISTENER_H
#define DAEMON_LISTENER_H

#include <stddef.h>

#include "daemon/config.h"
#include "daemon/lock.h"
#include "daemon/monitor.h"
#include "daemon/security.h"

#define LISTENER_ENDPOINT_SIZE 160
#define LISTENER_REASON_SIZE 512

struct polling_item;

struct listener {
    struct monitor *monitor; /* these two are the caller's to set */
    size_t number;           /* of the listener, for the monitor */
    void *socket;
    struct polling_item *polled; /* of the loop */
    int is_guarded; /* by keys */
    char endpoint[LISTENER_ENDPOINT_SIZE]; /* as bound: with the real port */
    struct lock lock;
};

/* Binds; tcp with the keys, where there are some.  0, or the exit status and
 * one line why. */
int listener_open(struct listener *listener, void *context,
                  const char *endpoint, const struct config *config,
                  const struct security *security,
                  char reason[LISTENER_REASON_SIZE]);

/* Closes the socket; what is not sent in linger_ms is lost.  The endpoint is
 * still this process's until listener_leave(). */
void listener_close(struct listener *listener, int linger_ms);

/* After the context has been terminated: removes socket and lock file. */
void listener_leave(struct listener *listener);

#endif
