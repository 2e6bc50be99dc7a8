/* server.h - the event loop: owns the sockets, never waits for anybody. */
#ifndef DAEMON_SERVER_H
#define DAEMON_SERVER_H

#include "daemon/config.h"

struct server;

#define SERVER_REASON_SIZE 512

/* Blocks the signals, binds every endpoint of *config (at least one) and
 * starts the workers.  0 and an owned server, or the exit status and one line
 * why. */
int server_open(struct server **server, const struct config *config,
                char reason[SERVER_REASON_SIZE]);

/* "ENDPOINT, ENDPOINT", with the ports that the system chose.  Borrowed. */
const char *server_endpoints(const struct server *server);

/* Serves until SIGTERM or SIGINT, then finishes what was accepted.  Returns
 * the exit status: 0, or 75 where a second signal cut requests off. */
int server_run(struct server *server);

/* Sends what is left, for two seconds at most, and removes the sockets. */
void server_close(struct server *server);

#endif
