/* load.c - asks as fast as a service answers, and says how fast that was.
 *
 *     load ENDPOINT CORPUS REQUESTS CLIENTS WINDOW
 *
 * CLIENTS threads, each with a DEALER of its own and WINDOW requests under
 * way, share REQUESTS between them.  CORPUS holds the bodies, taken in turn,
 * each behind its size in decimal digits and a line end.  Prints the requests
 * answered each second, and the mean sizes of a body and of a reply.  Every
 * reply is looked at: one that is neither an echo nor "ok" ends the run.
 */
#include <config.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#define BODIES_MAX 100000
#define CLIENTS_MAX 64

/* A reply that takes so long will never come. */
#define PATIENCE_MS 20000

struct body {
    char *data;
    size_t size;
};

struct client {
    pthread_t thread;
    void *context;
    const char *endpoint;
    size_t first;    /* the body it begins with */
    size_t requests;
    size_t window;
    size_t bytes_in, bytes_out;
    const char *fault; /* NULL: all went well */
};

static struct body bodies[BODIES_MAX];
static size_t body_count;

static int load_bodies(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size;

    if (file == NULL)
        return perror(path), -1;
    while (body_count < BODIES_MAX && fscanf(file, "%zu", &size) == 1) {
        struct body *body = &bodies[body_count];

        if (fgetc(file) != '\n' || size == 0 || size > (16u << 20))
            break;
        body->data = malloc(size);
        body->size = size;
        if (body->data == NULL || fread(body->data, 1, size, file) != size)
            break;
        body_count++;
    }
    fclose(file);
    return body_count > 0 ? 0 : (fprintf(stderr, "%s: no bodies\n", path), -1);
}

static int send_request(struct client *client, void *socket, size_t number)
{
    const struct body *body = &bodies[(client->first + number) % body_count];

    client->bytes_in += body->size;
    if (zmq_send_const(socket, "PRECIS/1", 8, ZMQ_SNDMORE) < 0 ||
        zmq_send_const(socket, "", 0, ZMQ_SNDMORE) < 0 ||
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

    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    if (zmq_connect(socket, client->endpoint) != 0)
        client->fault = "cannot connect";
    for (size_t got = 0; got < client->requests && !client->fault; got++) {
        while (sent < client->requests && sent < got + client->window)
            if (send_request(client, socket, sent++) != 0)
                client->fault = "cannot send";
        if (receive_reply(client, socket) != 0)
            client->fault = "no reply, or one with an error";
    }
    zmq_close(socket);
    return NULL;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static struct client clients[CLIENTS_MAX];
    size_t requests, count, in = 0, out = 0;
    void *context;
    double begun;

    if (argc != 6 || load_bodies(argv[2]) != 0)
        return fprintf(stderr, "usage: load ENDPOINT CORPUS REQUESTS CLIENTS "
                               "WINDOW\n"), 64;
    requests = strtoul(argv[3], NULL, 10);
    count = strtoul(argv[4], NULL, 10);
    if (count < 1 || count > CLIENTS_MAX || requests < count)
        return fprintf(stderr, "load: 1 to %d clients\n", CLIENTS_MAX), 64;
    context = zmq_ctx_new();
    begun = now();
    for (size_t i = 0; i < count; i++) {
        clients[i].context = context;
        clients[i].endpoint = argv[1];
        clients[i].first = i * body_count / count;
        clients[i].requests = requests / count;
        clients[i].window = strtoul(argv[5], NULL, 10);
        if (pthread_create(&clients[i].thread, NULL, run, &clients[i]) != 0)
            return perror("load"), 70;
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
        in += clients[i].bytes_in;
        out += clients[i].bytes_out;
        if (clients[i].fault != NULL)
            return fprintf(stderr, "load: %s\n", clients[i].fault), 69;
    }
    requests = requests / count * count;
    printf("%.1f %zu %zu\n", (double) requests / (now() - begun),
           in / requests, out / requests);
    zmq_ctx_term(context);
    return 0;
}
