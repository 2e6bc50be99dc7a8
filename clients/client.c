/* The one file of clients/ that speaks ZeroMQ.
 *
 * A DEALER socket carries all requests under way (flight.h).  ZeroMQ
 * reconnects by itself and says nothing, so a request that was with a service
 * that died would be waited for in vain.  The socket's monitor tells of a
 * lost connection at once; then the socket is closed, which forgets what was
 * under way, and a new one is made when connect(2) finds that the service is
 * back (find.h).  While no connection is up, connect(2) is tried again every
 * PROBE_MS.
 */
#include <config.h>

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "clients/curve.h"
#include "clients/error.h"
#include "clients/find.h"
#include "clients/flight.h"
#include "clients/precis-client.h"
#include "clients/watch.h"
#include "protocol/protocol.h"

/* Between two looks whether the service still accepts connections. */
#define PROBE_MS 250

/* One frame of a reply: the decoded text of the largest article, each byte
 * escaped, and every segment explained, are below this. */
#define REPLY_FRAME_MAX ((int64_t) 256 << 20)

/* Delimiter, magic, header, body, and room for a proxy's envelope. */
#define REPLY_FRAMES_MAX 8

struct precis_client {
    struct endpoint endpoint;
    void *context;
    void *socket; /* NULL while the service is lost */
    void *monitor;
    int is_connected;
    unsigned sockets;    /* made so far */
    unsigned lost_tries; /* since the service was lost */
    long long lost_due;  /* when it is looked for again */
    long long probe_due;
    struct curve curve;
    struct watch watch;
    struct flights flights;
};

/* ---- the socket ---- */

static void socket_close(precis_client *client)
{
    if (client->socket != NULL) {
        zmq_socket_monitor(client->socket, NULL, 0);
        zmq_close(client->socket);
    }
    if (client->monitor != NULL)
        zmq_close(client->monitor);
    client->socket = NULL;
    client->monitor = NULL;
    client->is_connected = 0;
}

static int socket_set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int socket_options(precis_client *client)
{
    static const int64_t frame_max = REPLY_FRAME_MAX;

    return socket_set(client->socket, ZMQ_LINGER, 0)
           || socket_set(client->monitor, ZMQ_LINGER, 0)
           || socket_set(client->socket, ZMQ_IMMEDIATE, 1)
           || socket_set(client->socket, ZMQ_IPV6, client->endpoint.is_ipv6)
           || curve_apply(&client->curve, client->socket,
                          client->endpoint.address)
           || zmq_setsockopt(client->socket, ZMQ_MAXMSGSIZE, &frame_max,
                             sizeof frame_max);
}

/* A new socket and its monitor, connecting. */
static int socket_open(precis_client *client, precis_error *error)
{
    char monitor[64];

    /* Unique in the context; the last one may not have gone yet. */
    snprintf(monitor, sizeof monitor, "inproc://monitor-%u", ++client->sockets);
    client->socket = zmq_socket(client->context, ZMQ_DEALER);
    client->monitor = zmq_socket(client->context, ZMQ_PAIR);
    if (client->socket == NULL || client->monitor == NULL
        || socket_options(client) != 0
        || zmq_socket_monitor(client->socket, monitor,
                              WATCH_EVENTS | ZMQ_EVENT_DISCONNECTED)
               != 0
        || zmq_connect(client->monitor, monitor) != 0
        || zmq_connect(client->socket, client->endpoint.address) != 0) {
        char why[128];
        int code;

        error_reason(why, sizeof why, zmq_strerror, errno);
        code = error_set(error, PRECIS_EINTERNAL, NULL,
                         "cannot connect to %s: %s", client->endpoint.name,
                         why);
        socket_close(client);
        return code;
    }
    client->probe_due = now_ms() + PROBE_MS;
    return 0;
}

int precis_client_open(precis_client **client, const char *endpoint,
                       unsigned timeout_ms, precis_error *error)
{
    precis_client *made;
    struct endpoint found;
    int code = endpoint_find(endpoint, timeout_ms, &found, error);

    if (code != 0)
        return code;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_memory(error);
    made->endpoint = found;
    made->flights.service = made->endpoint.name;
    made->flights.random = (unsigned) now_ms() ^ ((unsigned) getpid() << 16);
    made->context = zmq_ctx_new();
    if (made->context == NULL)
        code = error_memory(error);
    else if (strncmp(found.name, "tcp://", 6) == 0)
        code = curve_load_environment(&made->curve, error);
    if (code == 0)
        code = socket_open(made, error);
    if (code != 0) {
        precis_client_close(made);
        return code;
    }
    *client = made;
    return 0;
}

int precis_client_set_keys(precis_client *client, const char *server_key,
                           const char *key_file, precis_error *error)
{
    int code = curve_load(&client->curve, server_key, key_file, error);

    if (code != 0)
        return code;
    socket_close(client);
    return socket_open(client, error);
}

void precis_client_close(precis_client *client)
{
    size_t i;

    if (client == NULL)
        return;
    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        flight_clear(&client->flights.rows[i]);
    socket_close(client);
    if (client->context != NULL)
        while (zmq_ctx_term(client->context) != 0 && errno == EINTR)
            ;
    curve_clear(&client->curve);
    free(client);
}

const char *precis_client_endpoint(const precis_client *client)
{
    return client->endpoint.name;
}

size_t precis_client_in_flight(const precis_client *client)
{
    size_t count = 0;
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        count += client->flights.rows[i].state != FREE;
    return count;
}

/* ---- a service that went away ---- */

static void service_lose(precis_client *client)
{
    socket_close(client);
    client->lost_tries = 0;
    client->lost_due =
        now_ms() + flights_jitter(&client->flights, LOST_WAIT_MS);
    flights_lose(&client->flights);
}

/* Looks for a lost service; the last try in vain ends all that waits. */
static void service_seek(precis_client *client)
{
    long long now = now_ms();
    unsigned wait = LOST_WAIT_MS;
    precis_error error;
    unsigned i;
    int code;

    if (now < client->lost_due)
        return;
    code = endpoint_probe(client->endpoint.name, PROBE_MS, &client->endpoint,
                          &error);
    if (code == 0)
        code = socket_open(client, &error);
    if (code == 0)
        return;
    client->lost_tries++;
    for (i = 0; i < client->lost_tries; i++)
        wait *= 3;
    client->lost_due = now + flights_jitter(&client->flights, wait);
    if (client->lost_tries == LOST_TRIES) {
        flights_fail(&client->flights, &error);
        client->lost_tries = 0;
        client->lost_due = 0;
    }
}

/* While there is no connection: is there still somebody to connect to? */
static int service_is_absent(precis_client *client)
{
    long long now = now_ms();
    struct endpoint found;

    if (client->is_connected || now < client->probe_due)
        return 0;
    client->probe_due = now + PROBE_MS;
    return endpoint_probe(client->endpoint.name, PROBE_MS, &found, NULL) != 0;
}

/* ---- sending ---- */

/* 0; or -1 where there is no connection to send on yet.  Only the first frame
 * can be refused: libzmq keeps a message together. */
static int frames_send(void *socket, const struct flight *flight)
{
    const struct frame frames[] = {{"", 0},
                                   {PROTOCOL_MAGIC, strlen(PROTOCOL_MAGIC)},
                                   {flight->header, flight->header_size},
                                   {flight->body, flight->body_size}};
    size_t count = sizeof frames / sizeof frames[0];
    size_t i;

    for (i = 0; i < count; i++)
        if (zmq_send(socket, frames[i].data, frames[i].size,
                     ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0))
            < 0)
            return -1;
    return 0;
}

/* Sends what is due.  Returns not 0 where something waits for a connection. */
static int flights_send(precis_client *client)
{
    long long now = now_ms();
    struct flight *flight;

    if (client->socket == NULL)
        return 0;
    while ((flight = flights_due(&client->flights, now)) != NULL) {
        if (frames_send(client->socket, flight) != 0)
            return 1;
        flight->state = SENT;
    }
    return 0;
}

int precis_client_send(precis_client *client, const precis_request *request,
                       unsigned long long *number, precis_error *error)
{
    int code = flights_add(&client->flights, request, number, error);

    if (code == 0)
        flights_send(client);
    return code;
}

/* ---- receiving ---- */

static void reply_take(precis_client *client, zmq_msg_t *header,
                       zmq_msg_t *body)
{
    precis_reply *reply = NULL;
    precis_error error;
    int code =
        precis_reply_parse(&reply, zmq_msg_data(header), zmq_msg_size(header),
                           zmq_msg_data(body), zmq_msg_size(body), &error);

    if (code == PRECIS_EINTERNAL)
        client->flights.is_out_of_memory = 1;
    flights_answer(&client->flights, reply, &error);
}

/* The number of the magic frame among `count`, or -1. */
static int magic_find(zmq_msg_t *frames, int count)
{
    size_t size = strlen(PROTOCOL_MAGIC);
    int i;

    for (i = 0; i < count; i++)
        if (zmq_msg_size(&frames[i]) == size
            && memcmp(zmq_msg_data(&frames[i]), PROTOCOL_MAGIC, size) == 0)
            return i;
    return -1;
}

/* Reads all frames of a message and keeps the first of them; returns how
 * many, 0 where there was no message. */
static int frames_receive(void *socket, zmq_msg_t frames[REPLY_FRAMES_MAX])
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

/* Takes all replies that are there. */
static void replies_receive(precis_client *client)
{
    zmq_msg_t frames[REPLY_FRAMES_MAX];
    zmq_msg_t empty;
    int count;

    zmq_msg_init(&empty);
    while ((count = frames_receive(client->socket, frames)) > 0) {
        int header = magic_find(frames, count) + 1;

        if (header == 0)
            header = count;
        reply_take(client, header < count ? &frames[header] : &empty,
                   header + 1 < count ? &frames[header + 1] : &empty);
        while (count > 0)
            zmq_msg_close(&frames[--count]);
    }
}

/* Reads the monitor's events; returns not 0 when the connection is lost. */
static int monitor_receive(precis_client *client)
{
    zmq_msg_t frames[REPLY_FRAMES_MAX];
    int is_lost = 0;
    int count;

    while ((count = frames_receive(client->monitor, frames)) > 0) {
        uint16_t event = 0;

        if (zmq_msg_size(&frames[0]) >= sizeof event)
            memcpy(&event, zmq_msg_data(&frames[0]), sizeof event);
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            client->is_connected = 1;
        else if (event == ZMQ_EVENT_DISCONNECTED)
            is_lost = 1;
        watch_event(&client->watch, &client->curve, client->endpoint.name,
                    zmq_msg_data(&frames[0]), zmq_msg_size(&frames[0]));
        while (count > 0)
            zmq_msg_close(&frames[--count]);
    }
    return is_lost;
}

/* A handshake failed for good: what waits for it waits in vain. */
static void refusal_tell(precis_client *client)
{
    flights_fail(&client->flights, &client->watch.error);
    client->watch.error.code = 0;
}

/* How long nothing has to be looked at, `until` at the latest. */
static long wait_ms(const precis_client *client, long long until)
{
    long long next = flights_next(&client->flights, until);
    long long now = now_ms();

    if (client->socket == NULL && client->lost_due < next)
        next = client->lost_due;
    if (client->socket != NULL && !client->is_connected
        && client->probe_due < next)
        next = client->probe_due;
    if (next - now > INT_MAX)
        return INT_MAX;
    return next > now ? (long) (next - now) : 0;
}

/* Waits until something happens, `until` at the latest, and handles it. */
static void client_step(precis_client *client, long long until)
{
    int is_unsent = flights_send(client);
    zmq_pollitem_t items[] = {
        {.socket = client->socket,
         .events = (short) (ZMQ_POLLIN | (is_unsent ? ZMQ_POLLOUT : 0))},
        {.socket = client->monitor, .events = ZMQ_POLLIN},
    };

    /* A signal ends the wait early; the caller comes again. */
    zmq_poll(items, client->socket != NULL ? 2 : 0, wait_ms(client, until));
    if (client->socket == NULL) {
        service_seek(client);
        return;
    }
    replies_receive(client);
    if (monitor_receive(client) || service_is_absent(client)) {
        /* What came before the connection's end is there by now. */
        replies_receive(client);
        service_lose(client);
        if (client->watch.error.code != 0)
            refusal_tell(client);
    }
}

/* Waits for the flight `number`, or for any where that is 0. */
static int client_wait(precis_client *client, long long until,
                       unsigned long long number, struct flight **finished,
                       precis_error *error)
{
    struct flights *flights = &client->flights;

    for (;;) {
        flights_expire(flights, client->socket != NULL);
        *finished = flights_finished(flights, number);
        if (*finished != NULL)
            return 0;
        if (flights->is_out_of_memory) {
            flights->is_out_of_memory = 0;
            return error_memory(error);
        }
        if (now_ms() >= until)
            return error_set(error, PRECIS_ETIMEOUT, NULL,
                             "nothing was answered in time");
        client_step(client, until);
    }
}

int precis_client_receive(precis_client *client, unsigned timeout_ms,
                          unsigned long long *number, precis_reply **reply,
                          precis_error *error)
{
    struct flight *flight;
    int code;

    if (precis_client_in_flight(client) == 0)
        return error_set(error, PRECIS_EBAD_REQUEST, NULL,
                         "no request is under way");
    code = client_wait(client, now_ms() + timeout_ms, 0, &flight, error);
    if (code != 0)
        return code;
    *number = flight->number;
    *reply = flight->reply;
    flight->reply = NULL;
    flight_clear(flight);
    return 0;
}

int precis_client_call(precis_client *client, const precis_request *request,
                       precis_reply **reply, precis_error *error)
{
    unsigned long long number;
    struct flight *flight;
    int code = precis_client_send(client, request, &number, error);

    if (code == 0)
        code = client_wait(client, LLONG_MAX, number, &flight, error);
    if (code != 0)
        return code;
    code = precis_reply_code(flight->reply);
    if (code == 0) {
        *reply = flight->reply;
        flight->reply = NULL;
    } else if (error != NULL) {
        precis_reply_error(flight->reply, error);
    }
    flight_clear(flight);
    return code;
}
