/* A client's beginning and end: its endpoints are looked for and connected to,
 * get keys, and are closed.
 */
#include <config.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "clients/error.h"
#include "clients/find.h"
#include "clients/socket.h"
#include "clients/state.h"

static precis_client *client_new(precis_error *error)
{
    precis_client *client = calloc(1, sizeof *client);

    if (client != NULL)
        client->context = zmq_ctx_new();
    if (client == NULL || client->context == NULL) {
        free(client);
        error_memory(error);
        return NULL;
    }
    /* Clients of one process must not have the same jitter. */
    client->flights.random = (unsigned) now_ms() ^ ((unsigned) getpid() << 16)
                             ^ (unsigned) (uintptr_t) client;
    return client;
}

int link_open(precis_client *client, struct link *link, precis_error *error)
{
    link->probe_due = now_ms() + PROBE_MS;
    return socket_open(link, client->context, ++client->sockets, error);
}

/* Does any endpoint take keys? */
static int links_have_tcp(const struct links *links)
{
    size_t i;

    for (i = 0; i < links->count; i++)
        if (endpoint_is_tcp(links->rows[i].endpoint.name))
            return 1;
    return 0;
}

/* Connects to those that were found; the first of them gives its name. */
static int client_start(precis_client **client, precis_client *made,
                        precis_error *error)
{
    size_t i;
    int code = 0;

    if (links_have_tcp(&made->links))
        code = curve_load_environment(&made->curve, error);
    for (i = 0; i < made->links.count && code == 0; i++) {
        struct link *link = &made->links.rows[i];

        link->curve = &made->curve;
        if (link->endpoint.address[0] == '\0') {
            link_wait(link, &made->flights);
            continue;
        }
        code = link_open(made, link, error);
        if (made->flights.service == NULL)
            made->flights.service = link->endpoint.name;
    }
    if (code == 0)
        *client = made;
    else
        precis_client_close(made);
    return code;
}

int precis_client_open(precis_client **client, const char *endpoint,
                       unsigned timeout_ms, precis_error *error)
{
    precis_client *made;
    struct endpoint found;
    int code = endpoint_find(endpoint, timeout_ms, &found, error);

    if (code != 0)
        return code;
    made = client_new(error);
    if (made == NULL)
        return PRECIS_EINTERNAL;
    made->links.count = 1;
    made->links.rows[0].endpoint = found;
    return client_start(client, made, error);
}

/* Looks for each, with an equal share of the time that is left.  0 where one
 * is there and none is wrong; else the first's fault. */
static int links_find(struct links *links, const char *const *endpoints,
                      unsigned timeout_ms, precis_error *error)
{
    long long end = now_ms() + timeout_ms;
    int first = 1; /* no code */
    size_t i;

    for (i = 0; i < links->count; i++) {
        struct endpoint *endpoint = &links->rows[i].endpoint;
        long long left = (end - now_ms()) / (long long) (links->count - i);
        precis_error fault;
        int code = endpoint_probe(endpoints[i], left > 0 ? (unsigned) left : 0,
                                  endpoint, &fault);

        if (code == 0)
            first = 0;
        else if (code != PRECIS_EBAD_REQUEST && code != PRECIS_EINTERNAL)
            memcpy(endpoint->name, endpoints[i], strlen(endpoints[i]) + 1);
        if (code != 0 && (first == 1 || endpoint->name[0] == '\0')) {
            if (error != NULL)
                *error = fault;
            if (endpoint->name[0] == '\0')
                return code;
            first = code;
        }
    }
    return first;
}

/* Lets those that are there connect, so that the first requests are shared,
 * too. */
static void links_await(precis_client *client, unsigned timeout_ms)
{
    long long end = now_ms() + timeout_ms;
    zmq_pollitem_t items[PRECIS_ENDPOINTS_MAX];

    for (;;) {
        long long left = end - now_ms();
        int count = 0;
        size_t i;

        for (i = 0; i < client->links.count; i++) {
            struct link *link = &client->links.rows[i];

            if (link->socket != NULL && monitor_receive(link))
                link_lose(client, link, 0);
            if (link->socket != NULL && !link->is_connected)
                items[count++] = (zmq_pollitem_t){.socket = link->monitor,
                                                  .events = ZMQ_POLLIN};
        }
        if (count == 0 || left <= 0)
            return;
        zmq_poll(items, count, (long) left);
    }
}

int precis_client_open_list(precis_client **client,
                            const char *const *endpoints, size_t count,
                            unsigned timeout_ms, precis_error *error)
{
    precis_client *made;
    int code;

    if (count <= 1)
        return precis_client_open(client, count == 1 ? endpoints[0] : NULL,
                                  timeout_ms, error);
    if (count > PRECIS_ENDPOINTS_MAX)
        return error_set(error, PRECIS_EBAD_REQUEST, "endpoint",
                         "at most %d endpoints can be used at once",
                         PRECIS_ENDPOINTS_MAX);
    made = client_new(error);
    if (made == NULL)
        return PRECIS_EINTERNAL;
    made->links.count = count;
    code = links_find(&made->links, endpoints, timeout_ms, error);
    if (code != 0) {
        precis_client_close(made);
        return code;
    }
    code = client_start(client, made, error);
    if (code == 0)
        links_await(made, timeout_ms < PROBE_MS ? timeout_ms : PROBE_MS);
    return code;
}

/* What was tried without these keys counts for nothing. */
int precis_client_set_keys(precis_client *client, const char *server_key,
                           const char *key_file, precis_error *error)
{
    int code = curve_load(&client->curve, server_key, key_file, error);
    size_t i;

    for (i = 0; i < client->links.count && code == 0; i++) {
        struct link *link = &client->links.rows[i];

        link->watch = (struct watch){0};
        link->losses = 0;
        if (link->endpoint.address[0] == '\0')
            continue;
        socket_close(link);
        code = link_open(client, link, error);
    }
    return code;
}

void precis_client_close(precis_client *client)
{
    size_t i;

    if (client == NULL)
        return;
    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        flight_clear(&client->flights.rows[i]);
    for (i = 0; i < client->links.count; i++)
        socket_close(&client->links.rows[i]);
    while (zmq_ctx_term(client->context) != 0 && errno == EINTR)
        ;
    curve_clear(&client->curve);
    free(client);
}
