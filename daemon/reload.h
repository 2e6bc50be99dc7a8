/* reload.h - reads the configuration again while the service serves. */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "daemon/state.h"

/* More than there are keys; a test counts them. */
#define RELOAD_KEYS_MAX 64

/* Reads and checks the whole configuration; a bad one changes nothing.  Of a
 * good one, takes over what can change at run time.  The verdict goes to the
 * log, to systemd and, unless NULL, as members of a reply to *out:
 * "reloaded", "changed", "needs_restart" and "errors".  0, or -1: the old one
 * was kept. */
int server_reload(struct server *server, struct buffer *out);

/* Can this key change at run time? */
int reload_has_key(const char *name);

#endif
