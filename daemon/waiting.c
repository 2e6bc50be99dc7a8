#include <config.h>

#include "daemon/waiting.h"

static struct job *next_job(const struct job *job)
{
    return (struct job *) (void *) job->item.next;
}

static void client_append(struct waiting *waiting, struct client *client)
{
    client->next_waiting = NULL;
    if (waiting->last != NULL)
        waiting->last->next_waiting = client;
    else
        waiting->first = client;
    waiting->last = client;
}

int waiting_add(struct waiting *waiting, struct job *job, uint64_t now_us)
{
    size_t bytes = message_bytes(job->message);
    struct client *client = job->client;

    if (client->waiting >= WAITING_PER_CLIENT || waiting->count >= WAITING_MAX
        || waiting->bytes + bytes > WAITING_BYTES_MAX)
        return -1;
    job->item.bytes = bytes;
    job->item.next = NULL;
    job->expires_us = now_us + WAITING_US;
    if (client->last_waiting != NULL)
        client->last_waiting->item.next = &job->item;
    else
        client->first_waiting = job;
    client->last_waiting = job;
    if (client->waiting++ == 0)
        client_append(waiting, client);
    if (client->stuck_us == 0)
        client->stuck_us = now_us;
    waiting->count++;
    waiting->bytes += bytes;
    return 0;
}

/* Its replies in turn, until one does not go.  The client may be gone when
 * its last one went. */
static int retry_client(struct waiting *waiting, struct client *client,
                        uint64_t now_us, waiting_try *try, void *context)
{
    size_t left = client->waiting;

    while (left > 0) {
        struct job *job = client->first_waiting;
        struct job *next = next_job(job);
        size_t bytes = job->item.bytes;

        /* As if it were gone, since then nobody may look at it any more. */
        client->first_waiting = next;
        client->waiting = --left;
        if (next == NULL)
            client->last_waiting = NULL;
        if (!try(context, job, now_us >= job->expires_us)) {
            client->first_waiting = job;
            client->waiting = ++left;
            if (next == NULL)
                client->last_waiting = job;
            return 0;
        }
        waiting->count--;
        waiting->bytes -= bytes;
    }
    return 1;
}

void waiting_retry(struct waiting *waiting, uint64_t now_us, waiting_try *try,
                   void *context)
{
    struct client *client = waiting->first;

    if (now_us < waiting->next_us)
        return;
    waiting->next_us = now_us + WAITING_RETRY_MS * 1000;
    waiting->first = NULL;
    waiting->last = NULL;
    while (client != NULL) {
        struct client *next = client->next_waiting;

        if (!retry_client(waiting, client, now_us, try, context))
            client_append(waiting, client);
        client = next;
    }
}

struct job *waiting_take_all(struct waiting *waiting)
{
    struct job *jobs = NULL;

    for (struct client *client = waiting->first; client != NULL;
         client = client->next_waiting) {
        client->last_waiting->item.next = jobs != NULL ? &jobs->item : NULL;
        jobs = client->first_waiting;
    }
    *waiting = (struct waiting){0};
    return jobs;
}
