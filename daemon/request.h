/* request.h - from a message to the workers' queue, and from a reply to the
 * client.  All of it runs in the loop and never waits. */
#ifndef DAEMON_REQUEST_H
#define DAEMON_REQUEST_H

#include "daemon/server.h"
#include "daemon/state.h"

/* Reads up to `most` messages of one listener.  Each is queued, or answered
 * here: refusals, and the operations of the service itself.  So is a short
 * article while nothing else is to be done: to wake a worker and be woken by
 * it takes longer than the article.  is_alone: nothing but this listener waits
 * for the loop.  Returns whether there may be more to read. */
int requests_read(struct server *server, size_t listener, int most,
                  int is_alone);

/* Sends the replies that the workers have ready.  is_woken: they said so. */
void requests_finish(struct server *server, int is_woken);

/* Tries the replies that wait for slow clients. */
void requests_retry(struct server *server);

/* Answers what no worker has begun with `timeout`. */
void requests_expire(struct server *server);

/* Frees the jobs kept for reuse and those that wait. */
void requests_clear(struct server *server);

#endif
