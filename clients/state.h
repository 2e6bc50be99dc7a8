/* state.h - what a client is made of, for the two files that work on it.
 *
 * client.c sends and receives, open.c makes and ends.  Private to
 * libprecis-client.
 */
#ifndef CLIENTS_STATE_H
#define CLIENTS_STATE_H

#include "clients/curve.h"
#include "clients/flight.h"
#include "clients/link.h"
#include "clients/precis-client.h"

/* Between two looks whether the service still accepts connections. */
#define PROBE_MS 250

struct precis_client {
    void *context;
    unsigned sockets; /* made so far */
    struct links links;
    struct curve curve;
    struct flights flights;
};

/* Connects; 0 or a code. */
int link_open(precis_client *client, struct link *link, precis_error *error);

/* `was_silent`: we gave it up. */
void link_lose(precis_client *client, struct link *link, int was_silent);

#endif
