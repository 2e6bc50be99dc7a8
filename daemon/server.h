/* server.h - the event loop: owns the sockets, never waits for anybody. */
#ifndef DAEMON_SERVER_H
#define DAEMON_SERVER_H

#include <stdio.h>

#include "daemon/config.h"

struct server;

#define SERVER_REASON_SIZE 512

/* Reads the configuration once more into *config, which has the defaults.  0,
 * or not 0 after every fault was written to `errors`. */
typedef int server_load(void *context, struct config *config, FILE *errors);

/* Connections that there may be: libzmq aborts when accept() finds no
 * descriptor, so that half of them stay free. */
size_t server_connection_limit(const struct config *config);

/* Blocks the signals, binds every endpoint of *config (at least one) and
 * starts the workers.  *config is borrowed and changed by reloads, for which
 * `load` is called.  0 and an owned server, or the exit status and one line
 * why. */
int server_open(struct server **server, struct config *config,
                server_load *load, void *load_context,
                char reason[SERVER_REASON_SIZE]);

/* "ENDPOINT, ENDPOINT", with the ports that the system chose.  Borrowed. */
const char *server_endpoints(const struct server *server);

/* Serves until SIGTERM or SIGINT, then finishes what was accepted.  Returns
 * the exit status: 0, or 75 where a second signal cut requests off. */
int server_run(struct server *server);

/* Begins the end as SIGTERM does; `cause` is for the log. */
void server_stop(struct server *server, const char *cause);

/* Sends what is left, for two seconds at most, and removes the sockets. */
void server_close(struct server *server);

#endif
