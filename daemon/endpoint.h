/* endpoint.h - where the service listens: names, folders, permissions.
 *
 * No sockets here; listener.h opens them.
 */
#ifndef DAEMON_ENDPOINT_H
#define DAEMON_ENDPOINT_H

#include <stddef.h>

#define ENDPOINT_IPC "ipc://"
#define ENDPOINT_TCP "tcp://"

/* Longest path of a unix socket: sun_path less the NUL. */
#define ENDPOINT_PATH_MAX 107

/* Is it an endpoint?  ipc://PATH, or tcp:// on localhost, *, or an address in
 * digits, with a port or * (any free one).  0, or -1 and a reason. */
int endpoint_check(const char *endpoint, char *reason, size_t size);

/* Can others than this machine reach it?  Without keys those would be all. */
int endpoint_is_remote(const char *endpoint);

/* Is its port chosen by the system? */
int endpoint_is_ephemeral(const char *endpoint);

/* The path of an ipc endpoint; NULL for others.  Borrowed from the
 * argument. */
const char *endpoint_path(const char *endpoint);

/* Writes the endpoint for those who name none: the user's socket in
 * XDG_RUNTIME_DIR, or for root, and where there is no such folder, the
 * system's.  0, or -1: the name is too long. */
int endpoint_default(char *endpoint, size_t size);

/* Makes the folder of the default endpoint (0750, the group where one is
 * given) unless it is there.  0 or an errno. */
int endpoint_make_folder(const char *endpoint, const char *group);

/* Gives a socket its group (NULL: none) and then its mode.  0 or an errno. */
int endpoint_set_access(const char *path, const char *group, long mode);

#endif
