/* The client: what is sent, received, lost and found again.
 *
 * A DEALER socket to each service carries the requests under way (flight.h).
 * ZeroMQ reconnects by itself and says nothing, so a request that was with a
 * service that died would be waited for in vain.  The socket's monitor tells
 * of a lost connection at once; then the socket is closed, which forgets what
 * was under way, and a new one is made: where another service is connected
 * soon, else when connect(2) finds that somebody is there (link.h).  While no
 * connection is up, connect(2) is tried again every PROBE_MS.
 *
 * A service that is connected and silent may be at work, or hang.  So it is
 * asked: its event loop answers a ping at once, however long its queue is.
 * Without an answer it counts as lost.
 */
#include <config.h>

#include <limits.h>
#include <zmq.h>

#include "clients/error.h"
#include "clients/find.h"
#include "clients/socket.h"
#include "clients/state.h"

/* Those that ZeroMQ looks for, by now every five seconds perhaps, are to be
 * looked for by us.  One that has requests is connected: we just have not
 * heard of it. */
static void links_close(precis_client *client)
{
    size_t i;

    for (i = 0; i < client->links.count; i++)
        if (flights_count(&client->flights, (int) i) == 0)
            socket_close(&client->links.rows[i]);
}

void link_lose(precis_client *client, struct link *link, int was_silent)
{
    int was_connected = link->is_connected;

    socket_close(link);
    link_wait(link, &client->flights);
    flights_lose(&client->flights, (int) (link - client->links.rows),
                 was_silent);
    if (was_connected && !links_are_connected(&client->links)) {
        links_close(client);
        links_hurry(&client->links, &client->flights);
    }
}

const char *precis_client_endpoint(const precis_client *client)
{
    return client->flights.service;
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

/* How long one look may take; all of them together PROBE_MS. */
static unsigned probe_ms(const precis_client *client)
{
    return PROBE_MS / (unsigned) client->links.count;
}

/* Looks for a lost service; the last try in vain ends all that waits. */
static void link_seek(precis_client *client, struct link *link)
{
    precis_error error;
    int code = 0;

    if (now_ms() < link->due)
        return;
    if (link->endpoint.address[0] == '\0'
        || !links_are_connected(&client->links))
        code = endpoint_probe(link->endpoint.name, probe_ms(client),
                              &link->endpoint, &error);
    if (code == 0)
        code = link_open(client, link, &error);
    if (code == 0)
        return;
    link_wait(link, &client->flights);
    if (links_are_connected(&client->links))
        return;
    link->looks++;
    if (links_are_gone(&client->links)) {
        flights_fail(&client->flights, &error);
        links_forget(&client->links);
    }
}

/* While there is no connection: is there still somebody to connect to? */
static int link_is_absent(precis_client *client, struct link *link)
{
    long long now = now_ms();
    struct endpoint found;

    if (now < link->probe_due || links_are_connected(&client->links))
        return 0;
    link->probe_due = now + PROBE_MS;
    return endpoint_probe(link->endpoint.name, probe_ms(client), &found, NULL)
           != 0;
}

/* ---- sending ---- */

/* Sends a flight over the best link that takes it; or -1. */
static int flight_send(precis_client *client, struct flight *flight)
{
    unsigned tried = 0;
    int number;

    while (
        (number = links_choose(&client->links, &client->flights, flight, tried))
        >= 0) {
        struct link *link = &client->links.rows[number];

        if (frames_send(link->socket,
                        (struct frame){flight->header, flight->header_size},
                        (struct frame){flight->body, flight->body_size})
            == 0) {
            flight_sent(flight, number, link->endpoint.name);
            return 0;
        }
        tried |= 1u << number;
    }
    return -1;
}

/* Sends what is due.  Returns not 0 where something waits for a connection. */
static int flights_send(precis_client *client)
{
    long long now = now_ms();
    struct flight *flight;

    while ((flight = flights_due(&client->flights, now)) != NULL)
        if (flight_send(client, flight) != 0)
            return 1;
    return 0;
}

/* Asks a silent service whether it is there; not 0 where it has not answered
 * in time.  No request has the number 0, so the answer belongs to none. */
static int link_is_silent(precis_client *client, struct link *link)
{
    static const char ping[] = "{\"id\":0,\"op\":\"ping\"}";
    long long now = now_ms();
    long long patience;

    if (link->asked_until != 0)
        return now >= link->asked_until;
    if (now < flights_silence(&client->flights,
                              (int) (link - client->links.rows), link->heard,
                              &patience))
        return 0;
    link->asked_until = now + patience;
    /* Refused: then the monitor will say why. */
    frames_send(link->socket, (struct frame){ping, sizeof ping - 1},
                (struct frame){"", 0});
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

static void reply_take(precis_client *client, struct link *link,
                       zmq_msg_t *header, zmq_msg_t *body)
{
    precis_reply *reply = NULL;
    precis_error error;
    int code =
        precis_reply_parse(&reply, zmq_msg_data(header), zmq_msg_size(header),
                           zmq_msg_data(body), zmq_msg_size(body), &error);

    if (code == PRECIS_EINTERNAL)
        client->flights.is_out_of_memory = 1;
    link_hear(link, reply != NULL ? precis_reply_code(reply) : code,
              reply != NULL ? precis_reply_retry_after_ms(reply) : 0);
    flights_answer(&client->flights, (int) (link - client->links.rows), reply,
                   &error);
}

/* Takes all replies that are there. */
static void replies_receive(precis_client *client, struct link *link)
{
    zmq_msg_t frames[REPLY_FRAMES_MAX];
    zmq_msg_t empty;
    int count;

    zmq_msg_init(&empty);
    while ((count = frames_receive(link->socket, frames)) > 0) {
        int header = magic_find(frames, count) + 1;

        if (header == 0)
            header = count;
        reply_take(client, link, header < count ? &frames[header] : &empty,
                   header + 1 < count ? &frames[header + 1] : &empty);
        while (count > 0)
            zmq_msg_close(&frames[--count]);
    }
}

/* When a link must be looked at, `until` at the latest. */
static long long link_next(const precis_client *client, const struct link *link,
                           long long until)
{
    long long next;
    long long patience;

    if (link->socket == NULL)
        next = link->due;
    else if (link->asked_until != 0)
        next = link->asked_until;
    else
        next =
            flights_silence(&client->flights, (int) (link - client->links.rows),
                            link->heard, &patience);
    if (link->socket != NULL && !link->is_connected && link->probe_due < next
        && !links_are_connected(&client->links))
        next = link->probe_due;
    return next < until ? next : until;
}

/* How long nothing has to be looked at, `until` at the latest. */
static long wait_ms(const precis_client *client, long long until)
{
    long long next = flights_next(&client->flights, until);
    long long now = now_ms();
    size_t i;

    for (i = 0; i < client->links.count; i++)
        next = link_next(client, &client->links.rows[i], next);
    if (next - now > INT_MAX)
        return INT_MAX;
    return next > now ? (long) (next - now) : 0;
}

/* A handshake failed.  Where another try may do better it comes soon; where
 * nobody lets us in, what waits for it waits in vain. */
static void link_refused(precis_client *client, struct link *link)
{
    const precis_error *refusal = links_refusal(&client->links);

    if (link->watch.is_trying) {
        link->losses = 0;
        link_wait(link, &client->flights);
    }
    if (refusal != NULL) {
        flights_fail(&client->flights, refusal);
        links_forget(&client->links);
    }
}

static void link_step(precis_client *client, struct link *link)
{
    int is_silent;

    if (link->socket == NULL) {
        link_seek(client, link);
        return;
    }
    replies_receive(client, link);
    is_silent = link_is_silent(client, link);
    if (is_silent || monitor_receive(link) || link_is_absent(client, link)) {
        /* What came before the connection's end is there by now. */
        replies_receive(client, link);
        link_lose(client, link, is_silent);
        link_refused(client, link);
    }
}

/* Waits until something happens, `until` at the latest, and handles it. */
static void client_step(precis_client *client, long long until)
{
    zmq_pollitem_t items[2 * PRECIS_ENDPOINTS_MAX];
    struct links *links = &client->links;
    int is_unsent = flights_send(client);
    int count = 0;
    size_t i;

    for (i = 0; i < links->count; i++) {
        struct link *link = &links->rows[i];

        if (link->socket == NULL)
            continue;
        items[count++] = (zmq_pollitem_t){
            .socket = link->socket,
            .events = (short) (ZMQ_POLLIN | (is_unsent ? ZMQ_POLLOUT : 0))};
        items[count++] =
            (zmq_pollitem_t){.socket = link->monitor, .events = ZMQ_POLLIN};
    }
    /* A signal ends the wait early; the caller comes again. */
    zmq_poll(items, count, wait_ms(client, until));
    for (i = 0; i < links->count; i++)
        link_step(client, &links->rows[i]);
}

/* Waits for the flight `number`, or for any where that is 0. */
static int client_wait(precis_client *client, long long until,
                       unsigned long long number, struct flight **finished,
                       precis_error *error)
{
    struct flights *flights = &client->flights;

    for (;;) {
        flights_expire(flights, links_are_there(&client->links));
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
