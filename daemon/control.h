/* control.h - the control socket: a ROUTER of its own on ipc, mode 0600, for
 * those who run the service.  Only there are `reload` and `drain` done, and
 * only there does `status` tell everything. */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include "daemon/state.h"

/* Its place in server->listeners, behind all others. */
#define CONTROL_LISTENER CONFIG_ENDPOINTS_MAX

/* Opens what control-endpoint names or, without that, the one beside the
 * first ipc endpoint; there a failure is only logged.  0, or the exit status
 * and one line why. */
int control_open(struct server *server, char *reason, size_t size);

/* Is there one, and has it been opened? */
int control_is_open(const struct server *server);

/* May the sender of this job ask for this operation where it came in?  0, or
 * PRECIS_EDENIED and *error, whose message says where to ask instead. */
int control_check(const struct server *server, const struct job *job,
                  enum op op, precis_error *error);

/* Do the operation, and write what its reply tells to server->header. */
void control_reload(struct server *server);
void control_drain(struct server *server);

#endif
