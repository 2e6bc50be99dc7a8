#include <config.h>

#include "daemon/clients.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/connections.h"
#include "engine/precis-error.h"

void clients_init(struct clients *clients)
{
    *clients = (struct clients){0};
    if (getrandom(&clients->seed, sizeof clients->seed, GRND_NONBLOCK) < 0)
        clients->seed = clock_us();
}

void clients_clear(struct clients *clients)
{
    for (size_t i = 0; i < CLIENTS_BUCKETS; i++) {
        while (clients->buckets[i] != NULL) {
            struct client *client = clients->buckets[i];

            clients->buckets[i] = client->next;
            free(client);
        }
    }
    clients->count = 0;
}

/* A client may choose its routing id, so the buckets depend on a secret. */
static uint64_t hash_id(const struct clients *clients, size_t listener,
                        const struct frame *id)
{
    const unsigned char *bytes = id->data;
    uint64_t hash = clients->seed ^ listener;

    for (size_t i = 0; i < id->size; i++) {
        hash = (hash ^ bytes[i]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    return hash;
}

static int is_client(const struct client *client, uint64_t hash,
                     size_t listener, const struct frame *id)
{
    return client->hash == hash && client->listener == listener
           && client->id_size == id->size
           && memcmp(client->id, id->data, id->size) == 0;
}

static struct client *client_find(struct clients *clients, size_t listener,
                                  const struct frame *id)
{
    uint64_t hash = hash_id(clients, listener, id);
    struct client **bucket = &clients->buckets[hash % CLIENTS_BUCKETS];
    struct client *client = *bucket;

    while (client != NULL && !is_client(client, hash, listener, id))
        client = client->next;
    if (client != NULL)
        return client;
    client = malloc(sizeof *client + id->size);
    if (client == NULL)
        return NULL;
    *client = (struct client){.hash = hash, .listener = listener,
                              .id_size = id->size, .next = *bucket};
    memcpy(client->id, id->data, id->size);
    *bucket = client;
    clients->count++;
    return client;
}

static void client_free(struct clients *clients, struct client *client)
{
    struct client **link = &clients->buckets[client->hash % CLIENTS_BUCKETS];

    while (*link != client)
        link = &(*link)->next;
    *link = client->next;
    clients->count--;
    free(client);
}

/* A first job always fits, whatever its size. */
static int has_room(const struct client *client, size_t bytes)
{
    if (client->jobs == 0)
        return 1;
    return client->jobs < CLIENT_JOBS_MAX && client->bytes <= CLIENT_BYTES_MAX
           && bytes <= CLIENT_BYTES_MAX - client->bytes;
}

int clients_enter(struct clients *clients, struct job *job, size_t bytes,
                  int must_fit)
{
    size_t count;
    const struct frame *frames = message_frames(job->message, &count);
    struct client *client = client_find(clients, job->listener, &frames[0]);

    if (client == NULL)
        return PRECIS_EINTERNAL;
    if (must_fit && !has_room(client, bytes))
        return PRECIS_EBUSY;
    client->jobs++;
    client->bytes += bytes;
    job->client = client;
    job->held_bytes = bytes;
    return 0;
}

/* libzmq makes ids of a zero and a number that grows: nobody else will have
 * this one, whereas who chose one himself may come back with it, and with the
 * descriptor of before. */
static int is_only_once(const struct client *client)
{
    return client->id_size == 5 && client->id[0] == '\0';
}

void clients_mark(struct job *job)
{
    struct client *client = job->client;

    if (client->cookie == 0 || !is_only_once(client))
        client->cookie = connection_cookie(job->descriptor);
    job->cookie = client->cookie;
}

void clients_leave(struct clients *clients, struct job *job)
{
    struct client *client = job->client;

    if (client == NULL)
        return;
    client->bytes -= job->held_bytes;
    client->jobs--;
    job->client = NULL;
    job->held_bytes = 0;
    if (client->jobs == 0)
        client_free(clients, client);
}
