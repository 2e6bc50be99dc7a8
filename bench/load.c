/* load.c - asks as fast as a service answers, and says how fast that was.
 *
 *     load ENDPOINT CORPUS REQUESTS CLIENTS WINDOW [HEADER]
 *
 * CLIENTS threads, each with a DEALER of its own and WINDOW requests under
 * way, share REQUESTS between them.  CORPUS holds the bodies, taken in turn,
 * as bench/bodies.c reads them; each has HEADER, JSON, before it.  Prints the
 * requests answered each second, the mean sizes of a body and of a reply, and,
 * where each client waits for a reply before it asks again (WINDOW 1), half of
 * the replies and 99 of 100 within so many microseconds, else 0 and 0.  Every
 * reply is looked at: one that is neither an echo nor "ok" ends the run.
 */
#include <config.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "bench/bodies.h"
#include "bench/clock.h"

#define CLIENTS_MAX 64

/* A reply that takes so long will never come. */
#define PATIENCE_MS 20000

struct client {
    pthread_t thread;
    void *context;
    const char *endpoint;
    const char *header;
    double *waits;   /* microseconds, by request; NULL: not wanted */
    size_t first;    /* the body it begins with */
    size_t requests;
    size_t window;
    size_t bytes_in, bytes_out;
    const char *fault; /* NULL: all went well */
};

static struct bodies bodies;

static int send_request(struct client *client, void *socket, size_t number)
{
    const struct body *body
        = &bodies.list[(client->first + number) % bodies.count];

    client->bytes_in += body->size;
    if (zmq_send_const(socket, "PRECIS/1", 8, ZMQ_SNDMORE) < 0 ||
        zmq_send_const(socket, client->header, strlen(client->header),
                       ZMQ_SNDMORE) < 0 ||
        zmq_send(socket, body->data, body->size, 0) < 0)
        return -1;
    return 0;
}

/* Reads one reply: magic, header, body. */
static int receive_reply(struct client *client, void *socket)
{
    static const char ok[] = "\"status\":\"ok\"";
    zmq_msg_t part;
    int number = 0;
    int good = 0;
    int more = 1;

    while (more) {
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, 0) < 0)
            return zmq_msg_close(&part), -1;
        client->bytes_out += zmq_msg_size(&part);
        if (++number == 2)
            good = memmem(zmq_msg_data(&part), zmq_msg_size(&part), ok,
                          sizeof ok - 1) != NULL;
        more = zmq_msg_more(&part);
        zmq_msg_close(&part);
    }
    return good ? 0 : -1;
}

static void *run(void *argument)
{
    struct client *client = argument;
    void *socket = zmq_socket(client->context, ZMQ_DEALER);
    int patience = PATIENCE_MS;
    int linger = 0;
    size_t sent = 0;
    double asked = 0;

    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    if (zmq_connect(socket, client->endpoint) != 0)
        client->fault = "cannot connect";
    for (size_t got = 0; got < client->requests && !client->fault; got++) {
        if (client->waits != NULL)
            asked = now();
        while (sent < client->requests && sent < got + client->window)
            if (send_request(client, socket, sent++) != 0)
                client->fault = "cannot send";
        if (receive_reply(client, socket) != 0)
            client->fault = "no reply, or one with an error";
        if (client->waits != NULL)
            client->waits[got] = (now() - asked) * 1e6;
    }
    zmq_close(socket);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;

    return (x > y) - (x < y);
}

/* Starts the clients and waits for their end.  Returns how long they took, or
 * a negative number where one failed. */
static double run_clients(struct client *clients, size_t count)
{
    double begun = now(), taken;
    int failed = 0;

    for (size_t i = 0; i < count; i++)
        if (pthread_create(&clients[i].thread, NULL, run, &clients[i]) != 0)
            return perror("load"), -1;
    for (size_t i = 0; i < count; i++)
        pthread_join(clients[i].thread, NULL);
    taken = now() - begun;
    for (size_t i = 0; i < count && !failed; i++)
        if (clients[i].fault != NULL)
            fprintf(stderr, "load: %s\n", clients[i].fault), failed = 1;
    return failed ? -1 : taken;
}

static void report(const struct client *clients, size_t count, double *waits,
                  double taken)
{
    size_t each = clients[0].requests, total = each * count;
    size_t in = 0, out = 0;

    for (size_t i = 0; i < count; i++) {
        in += clients[i].bytes_in;
        out += clients[i].bytes_out;
    }
    if (waits != NULL)
        qsort(waits, total, sizeof *waits, compare);
    printf("%.1f %zu %zu %.2f %.2f\n", (double) total / taken, in / total,
           out / total, waits != NULL ? waits[total / 2] : 0,
           waits != NULL ? waits[total * 99 / 100] : 0);
}

int main(int argc, char **argv)
{
    static struct client clients[CLIENTS_MAX];
    size_t requests, count, window;
    void *context;
    double *waits = NULL, taken;

    if (argc < 6 || argc > 7 || bodies_load(&bodies, argv[2]) != 0)
        return fprintf(stderr, "usage: load ENDPOINT CORPUS REQUESTS CLIENTS "
                               "WINDOW [HEADER]\n"), 64;
    requests = strtoul(argv[3], NULL, 10);
    count = strtoul(argv[4], NULL, 10);
    window = strtoul(argv[5], NULL, 10);
    if (count < 1 || count > CLIENTS_MAX || requests < count || window < 1)
        return fprintf(stderr, "load: 1 to %d clients\n", CLIENTS_MAX), 64;
    requests /= count;
    if (window == 1)
        waits = calloc(requests * count, sizeof *waits);
    if (window == 1 && waits == NULL)
        return perror("load"), 70;
    context = zmq_ctx_new();
    for (size_t i = 0; i < count; i++)
        clients[i] = (struct client){
            .context = context,
            .endpoint = argv[1],
            .header = argc == 7 ? argv[6] : "",
            .waits = waits != NULL ? waits + i * requests : NULL,
            .first = i * bodies.count / count,
            .requests = requests,
            .window = window,
        };
    taken = run_clients(clients, count);
    if (taken < 0)
        return 69;
    report(clients, count, waits, taken);
    zmq_ctx_term(context);
    free(waits);
    bodies_clear(&bodies);
    return 0;
}
