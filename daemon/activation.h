/* activation.h - listening sockets that systemd opened for us
 * (sd_listen_fds(3)), found by the address that they are bound to.
 *
 * The protocol is two variables: LISTEN_PID is our number, LISTEN_FDS how
 * many descriptors follow the three standard ones.
 */
#ifndef DAEMON_ACTIVATION_H
#define DAEMON_ACTIVATION_H

#include "daemon/config.h"

/* The passed socket that listens at the endpoint; -1: none does.  It is
 * non-blocking then and closed on exec; whoever takes it closes it. */
int activation_find(const char *endpoint);

/* Adds to the endpoints what was passed and is none of them: a client that
 * reaches a socket must be answered.  0, or -1 and a reason: the endpoint
 * may not be served, or a descriptor is no listening stream socket. */
int activation_adopt(struct config *config, char reason[CONFIG_REASON_SIZE]);

#endif
