/* Sockets and frames: see socket.h. */
#include <config.h>

#include "clients/socket.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "clients/error.h"
#include "protocol/protocol.h"

/* One frame of a reply: the decoded text of the largest article, each byte
 * escaped, and every segment explained, are below this. */
#define REPLY_FRAME_MAX ((int64_t) 256 << 20)

void socket_close(struct link *link)
{
    if (link->socket != NULL) {
        zmq_socket_monitor(link->socket, NULL, 0);
        zmq_close(link->socket);
    }
    if (link->monitor != NULL)
        zmq_close(link->monitor);
    link->socket = NULL;
    link->monitor = NULL;
    link->is_connected = 0;
    link->heard = 0;
    link->asked_until = 0;
}

static int socket_set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

/* IMMEDIATE: nothing waits in a queue for a connection that may never come. */
static int socket_options(const struct link *link)
{
    static const int64_t frame_max = REPLY_FRAME_MAX;
    void *socket = link->socket;

    return socket_set(socket, ZMQ_LINGER, 0)
           || socket_set(link->monitor, ZMQ_LINGER, 0)
           || socket_set(socket, ZMQ_IMMEDIATE, 1)
           || socket_set(socket, ZMQ_RECONNECT_IVL, LOST_WAIT_MS)
           || socket_set(socket, ZMQ_RECONNECT_IVL_MAX, LOST_WAIT_MS_MAX)
           || socket_set(socket, ZMQ_IPV6, link->endpoint.is_ipv6)
           || curve_apply(link->curve, link->watch.server, socket,
                          link->endpoint.address)
           || zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max,
                             sizeof frame_max);
}

int socket_open(struct link *link, void *context, unsigned number,
                precis_error *error)
{
    char monitor[64];

    /* The last one may not have gone yet. */
    snprintf(monitor, sizeof monitor, "inproc://monitor-%u", number);
    link->socket = zmq_socket(context, ZMQ_DEALER);
    link->monitor = zmq_socket(context, ZMQ_PAIR);
    if (link->socket == NULL || link->monitor == NULL
        || socket_options(link) != 0
        || zmq_socket_monitor(link->socket, monitor,
                              WATCH_EVENTS | ZMQ_EVENT_DISCONNECTED)
               != 0
        || zmq_connect(link->monitor, monitor) != 0
        || zmq_connect(link->socket, link->endpoint.address) != 0) {
        char why[128];
        int code;

        error_reason(why, sizeof why, zmq_strerror, errno);
        code = error_set(error, PRECIS_EINTERNAL, NULL,
                         "cannot connect to %s: %s", link->endpoint.name, why);
        socket_close(link);
        return code;
    }
    return 0;
}

/* Only the first frame can be refused: libzmq keeps a message together. */
int frames_send(void *socket, struct frame header, struct frame body)
{
    const struct frame frames[] = {
        {"", 0}, {PROTOCOL_MAGIC, strlen(PROTOCOL_MAGIC)}, header, body};
    size_t count = sizeof frames / sizeof frames[0];
    size_t i;

    for (i = 0; i < count; i++)
        if (zmq_send(socket, frames[i].data, frames[i].size,
                     ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0))
            < 0)
            return -1;
    return 0;
}

int magic_find(zmq_msg_t *frames, int count)
{
    size_t size = strlen(PROTOCOL_MAGIC);
    int i;

    for (i = 0; i < count; i++)
        if (zmq_msg_size(&frames[i]) == size
            && memcmp(zmq_msg_data(&frames[i]), PROTOCOL_MAGIC, size) == 0)
            return i;
    return -1;
}

int frames_receive(void *socket, zmq_msg_t frames[REPLY_FRAMES_MAX])
{
    int count = 0;
    int more = 1;

    while (more) {
        zmq_msg_t frame;

        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&frame);
            return count;
        }
        more = zmq_msg_more(&frame);
        if (count < REPLY_FRAMES_MAX) {
            zmq_msg_init(&frames[count]);
            zmq_msg_move(&frames[count++], &frame);
        }
        zmq_msg_close(&frame);
    }
    return count;
}

int monitor_receive(struct link *link)
{
    zmq_msg_t frames[REPLY_FRAMES_MAX];
    int is_lost = 0;
    int count;

    while ((count = frames_receive(link->monitor, frames)) > 0) {
        uint16_t event = 0;

        if (zmq_msg_size(&frames[0]) >= sizeof event)
            memcpy(&event, zmq_msg_data(&frames[0]), sizeof event);
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            link->is_connected = 1;
        else if (event == ZMQ_EVENT_DISCONNECTED)
            is_lost = 1;
        watch_event(&link->watch, link->curve, link->endpoint.name,
                    zmq_msg_data(&frames[0]), zmq_msg_size(&frames[0]));
        while (count > 0)
            zmq_msg_close(&frames[--count]);
    }
    return is_lost;
}
