/* socket.h - the ZeroMQ of a link: its socket, its monitor, and messages.
 * Private to libprecis-client. */
#ifndef CLIENTS_SOCKET_H
#define CLIENTS_SOCKET_H

#include <zmq.h>

#include "clients/link.h"
#include "protocol/protocol.h"

/* Delimiter, magic, header, body, and room for a proxy's envelope. */
#define REPLY_FRAMES_MAX 8

/* A new socket and its monitor, connecting.  `number` is unique in the
 * context.  Errors: PRECIS_EINTERNAL. */
int socket_open(struct link *link, void *context, unsigned number,
                precis_error *error);

/* Forgets what is under way.  Nothing, where there is no socket. */
void socket_close(struct link *link);

/* Sends a message; 0, or -1 where there is no connection to send on yet. */
int frames_send(void *socket, struct frame header, struct frame body);

/* Reads all frames of a message and keeps the first of them; returns how
 * many, 0 where there was no message. */
int frames_receive(void *socket, zmq_msg_t frames[REPLY_FRAMES_MAX]);

/* The number of the magic frame among `count`, or -1. */
int magic_find(zmq_msg_t *frames, int count);

/* Reads the monitor's events; returns not 0 when the connection is lost. */
int monitor_receive(struct link *link);

#endif
