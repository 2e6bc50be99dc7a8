/* peers.h - which client's key holds which tcp connection.
 *
 * libzmq tells with every message who sent it and on which descriptor, but it
 * closes no connection when told to.  So they are cut beneath it with
 * shutdown(2), which it takes for a client that left.
 */
#ifndef DAEMON_PEERS_H
#define DAEMON_PEERS_H

#include <stddef.h>

#include "protocol/keys.h"

struct peer;

struct peers {
    struct peer *rows; /* owned; by descriptor */
    size_t count;
};

/* The client of this key has sent something on the descriptor. */
void peers_note(struct peers *peers, int descriptor, const char *key);

/* Is a key still good? */
typedef int peers_is_good(const void *context, const char *key);

/* Cuts every tcp connection of the process but those noted with a key that is
 * still good.  One that never sent anything is cut, too, since nobody knows
 * whose it is: its client connects anew.  Returns how many. */
size_t peers_cut(struct peers *peers, peers_is_good *is_good,
                 const void *context);

void peers_clear(struct peers *peers);

#endif
