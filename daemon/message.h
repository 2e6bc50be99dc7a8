/* message.h - the frames of one message, kept as ZeroMQ gave them.
 *
 * Hides zmq.h from the rest: whoever reads frames sees pointer and size.  The
 * same object carries a request in and its reply out, so the envelope is
 * never copied.
 */
#ifndef DAEMON_MESSAGE_H
#define DAEMON_MESSAGE_H

#include <stddef.h>

#include "protocol/buffer.h"
#include "protocol/protocol.h"

struct message;

struct message *message_new(void); /* owned; NULL: out of memory */
void message_free(struct message *message);

/* Lets go of all frames; the object can be used again. */
void message_clear(struct message *message);

/* Takes the next message of a ROUTER, without waiting, into an empty object.
 * Frames beyond PROTOCOL_FRAMES_MAX are read and discarded one by one.  0, or
 * an errno: EAGAIN, there is none. */
int message_receive(struct message *message, void *socket);

/* The frames; borrowed until the object changes. */
const struct frame *message_frames(const struct message *message,
                                   size_t *count);

/* Who sent it: the User-Id that zap.c gave the connection.  NULL: nobody that
 * is known.  Borrowed until the object changes. */
const char *message_sender(const struct message *message);

/* Descriptor of the connection that it came through, -1: unknown. */
int message_descriptor(const struct message *message);

/* Bytes of all frames kept. */
size_t message_bytes(const struct message *message);

/* Were there more frames than are kept? */
int message_is_cut(const struct message *message);

/* The user whose process sent it, as the kernel told for an ipc socket; -1
 * where nothing is known. */
long message_peer_uid(struct message *message);

/* Turns the request into its reply: keeps the first `envelope` frames, then
 * puts magic, header and body behind.  Large contents are moved out of the
 * buffers, small ones copied; the buffers stay usable.  0, or -1: out of
 * memory, and the header is one that says so. */
int message_reply(struct message *message, size_t envelope,
                  struct buffer *header, struct buffer *body);

/* Sends without waiting.  0: gone to ZeroMQ, the object is empty.  EAGAIN:
 * this client reads too slowly, the message is still whole.  Else an errno,
 * EHOSTUNREACH where the client has left; the message is still whole. */
int message_send(struct message *message, void *socket);

#endif
