#include <config.h>

#include "daemon/waiting.h"

#include <string.h>

/* The first frame that ROUTER gave is the client. */
static int is_same_client(const struct job *a, const struct job *b)
{
    size_t count;
    const struct frame *one = message_frames(a->message, &count);
    const struct frame *other = message_frames(b->message, &count);

    return a->listener == b->listener && one->size == other->size
           && memcmp(one->data, other->data, one->size) == 0;
}

static struct job *next_job(const struct job *job)
{
    return (struct job *) (void *) job->item.next;
}

int waiting_add(struct waiting *waiting, struct job *job, uint64_t now_us)
{
    size_t bytes = message_bytes(job->message);
    size_t of_client = 0;

    for (struct job *other = waiting->first; other != NULL;
         other = next_job(other))
        of_client += (size_t) is_same_client(job, other);
    if (of_client >= WAITING_PER_CLIENT || waiting->count >= WAITING_MAX
        || waiting->bytes + bytes > WAITING_BYTES_MAX)
        return -1;
    job->item.bytes = bytes;
    job->item.next = waiting->first != NULL ? &waiting->first->item : NULL;
    job->expires_us = now_us + WAITING_US;
    waiting->first = job;
    waiting->count++;
    waiting->bytes += bytes;
    return 0;
}

void waiting_retry(struct waiting *waiting, uint64_t now_us, waiting_try *try,
                   void *context)
{
    struct job *job = waiting->first;

    waiting->first = NULL;
    waiting->count = 0;
    waiting->bytes = 0;
    /* Those that stay are put back the other way round; any order will do,
     * since replies are matched by id. */
    while (job != NULL) {
        struct job *next = next_job(job);
        size_t bytes = job->item.bytes;

        if (!try(context, job, now_us >= job->expires_us)) {
            job->item.next
                = waiting->first != NULL ? &waiting->first->item : NULL;
            waiting->first = job;
            waiting->count++;
            waiting->bytes += bytes;
        }
        job = next;
    }
}
