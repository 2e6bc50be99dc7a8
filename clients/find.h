/* find.h - where the service is, tried with connect(2).
 *
 * ZeroMQ never says that nobody listens: it goes on trying.  A connect(2) of
 * our own says so at once, and why.  Private to libprecis-client, and to
 * precis, which loads that only where there is somebody.
 */
#ifndef CLIENTS_FIND_H
#define CLIENTS_FIND_H

#include "engine/precis-error.h"

/* "ipc://" and the longest path of a unix socket; a host's name is at most
 * 253 bytes. */
#define ENDPOINT_SIZE 320

struct endpoint {
    char name[ENDPOINT_SIZE];    /* as users write it */
    char address[ENDPOINT_SIZE]; /* for ZeroMQ, numeric */
    int is_ipv6;
};

/* Does the name of an endpoint, or its address, say tcp?  Only there are there
 * keys. */
int endpoint_is_tcp(const char *name);

/* Tries the endpoint `name`: 0 and *found where somebody accepts, else
 * PRECIS_ENO_ANSWER, PRECIS_EDENIED or PRECIS_EBAD_REQUEST (key "endpoint")
 * with a message that names it. */
int endpoint_probe(const char *name, unsigned timeout_ms,
                   struct endpoint *found, precis_error *error);

/* The first that accepts: `name`; or, where that is NULL, $PRECIS_ENDPOINT;
 * or, where that is not set, the user's socket, then the system's.  Where
 * none does, PRECIS_EDENIED if one of them refused us, else
 * PRECIS_ENO_ANSWER. */
int endpoint_find(const char *name, unsigned timeout_ms, struct endpoint *found,
                  precis_error *error);

#endif
