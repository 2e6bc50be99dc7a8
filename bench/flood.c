/* flood.c - asks by the clock, whatever the replies, as a crowd does.
 *
 *     flood ENDPOINT CORPUS RATE SECONDS CLIENTS
 *
 * RATE requests a second in all, from CLIENTS connections in turn; CORPUS is
 * that of bench/load.  After SECONDS nothing more is sent, also where it was
 * too slow for the rate: then it says "over" on a line, and waits for the
 * replies that are due.  Last comes one line of JSON: requests sent; replies
 * ok, busy and other; ok within the time; requests without a reply;
 * milliseconds until 99 of 100 were told busy, from when they were sent.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "bench/bodies.h"
#include "bench/clock.h"

#define CLIENTS_MAX 256

/* After the end, for the replies that are due. */
#define PATIENCE_SECONDS 15

/* Sent before the replies are looked at again. */
#define BURST_MAX 50

static struct bodies bodies;
static zmq_pollitem_t items[CLIENTS_MAX];
static size_t client_count;
static double *asked; /* by request; 0: answered */
static float *busy_ms;
static size_t sent, ok, ok_in_time, busy, other;

static void send_one(void)
{
    const struct body *body = &bodies.list[sent % bodies.count];
    void *socket = items[sent % client_count].socket;
    char header[32];
    int size = snprintf(header, sizeof header, "{\"id\":%zu}", sent);

    asked[sent] = now();
    zmq_send_const(socket, "PRECIS/1", 8, ZMQ_SNDMORE);
    zmq_send(socket, header, (size_t) size, ZMQ_SNDMORE);
    zmq_send_const(socket, body->data, body->size, 0);
    sent++;
}

static void count_reply(const char *header, size_t size, double end)
{
    double time = now();
    char text[512];
    char *id;
    size_t number;

    snprintf(text, sizeof text, "%.*s", (int) size, header);
    id = strstr(text, "\"id\":");
    number = id != NULL ? strtoul(id + 5, NULL, 10) : sent;
    if (number >= sent || asked[number] <= 0) {
        other++; /* nobody asked, or it is the second one */
        return;
    }
    if (strstr(text, "\"status\":\"ok\"") != NULL) {
        ok++;
        ok_in_time += time < end;
    } else if (strstr(text, "\"code\":\"busy\"") != NULL) {
        busy_ms[busy++] = (float) ((time - asked[number]) * 1000);
    } else {
        other++;
    }
    asked[number] = 0;
}

/* 0, or -1: there is nothing more. */
static int receive_one(void *socket, double end)
{
    int more = 1;

    for (int number = 0; more; number++) {
        zmq_msg_t part;

        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, number == 0 ? ZMQ_DONTWAIT : 0) < 0)
            return zmq_msg_close(&part), -1;
        if (number == 1)
            count_reply(zmq_msg_data(&part), zmq_msg_size(&part), end);
        more = zmq_msg_more(&part);
        zmq_msg_close(&part);
    }
    return 0;
}

static void receive(double end)
{
    zmq_poll(items, (int) client_count, 1);
    for (size_t i = 0; i < client_count; i++)
        while (items[i].revents != 0 && receive_one(items[i].socket, end) == 0)
            ;
}

static void run(double rate, double seconds)
{
    double begin = now();
    double end = begin + seconds;
    size_t most = (size_t) (rate * seconds);

    while (now() < end) {
        size_t due = (size_t) ((now() - begin) * rate);

        for (int i = 0; i < BURST_MAX && sent < due && sent < most; i++)
            send_one();
        receive(end);
    }
    puts("over");
    fflush(stdout);
    while (ok + busy + other < sent && now() < end + PATIENCE_SECONDS)
        receive(end);
}

static int compare(const void *a, const void *b)
{
    float one = *(const float *) a, two = *(const float *) b;

    return (one > two) - (one < two);
}

int main(int argc, char **argv)
{
    int none = 0;
    void *context = zmq_ctx_new();
    double rate, seconds;
    size_t room;

    if (argc != 6 || bodies_load(&bodies, argv[2]) != 0)
        return fprintf(stderr, "usage: flood ENDPOINT CORPUS RATE SECONDS "
                               "CLIENTS\n"), 64;
    rate = strtod(argv[3], NULL);
    seconds = strtod(argv[4], NULL);
    client_count = strtoul(argv[5], NULL, 10);
    room = (size_t) (rate * seconds) + 1;
    asked = calloc(room, sizeof *asked);
    busy_ms = calloc(room, sizeof *busy_ms);
    if (client_count < 1 || client_count > CLIENTS_MAX || asked == NULL
        || busy_ms == NULL)
        return fprintf(stderr, "flood: 1 to %d clients\n", CLIENTS_MAX), 64;
    for (size_t i = 0; i < client_count; i++) {
        void *socket = zmq_socket(context, ZMQ_DEALER);

        zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
        zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof none);
        zmq_setsockopt(socket, ZMQ_RCVHWM, &none, sizeof none);
        if (zmq_connect(socket, argv[1]) != 0)
            return fprintf(stderr, "flood: cannot connect\n"), 69;
        items[i] = (zmq_pollitem_t){.socket = socket, .events = ZMQ_POLLIN};
    }
    run(rate, seconds);
    qsort(busy_ms, busy, sizeof *busy_ms, compare);
    printf("{\"sent\": %zu, \"ok\": %zu, \"busy\": %zu, \"other\": %zu, "
           "\"ok_in_time\": %zu, \"lost\": %zu, \"busy_ms\": %.2f}\n",
           sent, ok, busy, other, ok_in_time, sent - ok - busy - other,
           busy > 0 ? (double) busy_ms[busy * 99 / 100] : 0);
    for (size_t i = 0; i < client_count; i++)
        zmq_close(items[i].socket);
    zmq_ctx_term(context);
    bodies_clear(&bodies);
    return 0;
}
