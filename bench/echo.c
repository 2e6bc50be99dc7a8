/* echo.c - a bare ROUTER: the floor that precisd is measured against.
 *
 *     echo ENDPOINT SIZE
 *
 * Answers every message with its envelope and magic, a small header and a
 * body, SIZE bytes in all behind the envelope: what any service on ZeroMQ pays
 * before it does anything.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define SIZE_MAX_OUT 65536
#define HEADER "{\"status\":\"ok\"}"

/* Reads one message, keeping its first part, the identity. */
static int receive(void *socket, zmq_msg_t *identity)
{
    zmq_msg_t part;
    int more;

    zmq_msg_init(identity);
    if (zmq_msg_recv(identity, socket, 0) < 0)
        return -1;
    more = zmq_msg_more(identity);
    while (more) {
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, 0) < 0)
            return -1;
        more = zmq_msg_more(&part);
        zmq_msg_close(&part);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static char body[SIZE_MAX_OUT];
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    size_t size = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    zmq_msg_t identity;

    if (size < sizeof HEADER + 8 || size > sizeof body)
        return fprintf(stderr, "usage: echo ENDPOINT SIZE\n"), 64;
    size -= sizeof HEADER - 1 + 8;
    memset(body, 'x', sizeof body);
    if (zmq_bind(socket, argv[1]) != 0)
        return perror(argv[1]), 69;
    while (receive(socket, &identity) == 0)
        if (zmq_msg_send(&identity, socket, ZMQ_SNDMORE) < 0 ||
            zmq_send(socket, "PRECIS/1", 8, ZMQ_SNDMORE) < 0 ||
            zmq_send(socket, HEADER, sizeof HEADER - 1, ZMQ_SNDMORE) < 0 ||
            zmq_send(socket, body, size, 0) < 0)
            break;
    return 0;
}
