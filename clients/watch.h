/* watch.h - what a socket's monitor says of a handshake that failed.
 *
 * A refused client sees nothing on its socket, and ZeroMQ tries for ever.
 * What refused it stands in the monitor's events.  Private to
 * libprecis-client.
 */
#ifndef CLIENTS_WATCH_H
#define CLIENTS_WATCH_H

#include <stddef.h>

#include "clients/curve.h"

/* To be asked of zmq_socket_monitor() beside what else is wanted. */
#define WATCH_EVENTS                                                        \
    (ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH        \
     | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL                                 \
     | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL)

struct watch {
    size_t server;      /* number of the service's key to be used */
    unsigned cut;       /* handshakes in a row that ended without a word */
    int is_trying;      /* it failed, and the next may not */
    precis_error error; /* code 0: nothing is known against it */
};

/* Takes the first frame of an event of the monitor.  Returns not 0, and has
 * the reason in watch->error, where another try is of no use: the service does
 * not know the key, is not the one whose key we have, or wants keys and has
 * none to talk to, or the other way round.  Before that all keys of the
 * service that curve has were tried.  `name` is the endpoint's. */
int watch_event(struct watch *watch, const struct curve *curve,
                const char *name, const void *frame, size_t size);

#endif
