/* accept.h - what libzmq is told when there is no descriptor left.
 *
 * libzmq aborts on ipc when accept4() fails with EMFILE, and on tcp it tries
 * again for ever with a whole core.  This program's own accept4(), which
 * libzmq finds before that of the C library, gives up a descriptor that is
 * kept for it, takes the connection with it and closes it at once: the client
 * is refused, and nobody waits any more.
 */
#ifndef DAEMON_ACCEPT_H
#define DAEMON_ACCEPT_H

#include <stdint.h>

/* Opens the descriptor kept; before any bind.  0, or an errno. */
int accept_prepare(void);

/* Connections refused so far. */
uint64_t accept_refused(void);

#endif
