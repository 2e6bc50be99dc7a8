#include <config.h>

#include "daemon/queue.h"

int queue_init(struct queue *queue, size_t max_count, size_t max_bytes)
{
    *queue = (struct queue){.max_count = max_count, .max_bytes = max_bytes};
    if (pthread_mutex_init(&queue->mutex, NULL) != 0)
        return -1;
    if (pthread_cond_init(&queue->filled, NULL) != 0) {
        pthread_mutex_destroy(&queue->mutex);
        return -1;
    }
    return 0;
}

void queue_clear(struct queue *queue)
{
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->mutex);
}

static int queue_has_room(const struct queue *queue, size_t bytes)
{
    if (queue->closed || queue->count >= queue->max_count)
        return 0;
    if (queue->count == 0)
        return 1;
    return queue->bytes <= queue->max_bytes
           && bytes <= queue->max_bytes - queue->bytes;
}

long queue_push(struct queue *queue, struct queue_item *item)
{
    long before = -1;

    pthread_mutex_lock(&queue->mutex);
    if (queue_has_room(queue, item->bytes)) {
        before = (long) queue->count;
        item->next = NULL;
        if (queue->last != NULL)
            queue->last->next = item;
        else
            queue->first = item;
        queue->last = item;
        queue->count++;
        queue->bytes += item->bytes;
    }
    pthread_mutex_unlock(&queue->mutex);
    /* Not with the lock held: who wakes would wait for it at once. */
    if (before >= 0)
        pthread_cond_signal(&queue->filled);
    return before;
}

struct queue_item *queue_take(struct queue *queue)
{
    struct queue_item *item;

    pthread_mutex_lock(&queue->mutex);
    while (queue->first == NULL && !queue->closed)
        pthread_cond_wait(&queue->filled, &queue->mutex);
    item = queue->first;
    if (item != NULL) {
        queue->first = item->next;
        if (queue->first == NULL)
            queue->last = NULL;
        queue->count--;
        queue->bytes -= item->bytes;
        item->next = NULL;
    }
    pthread_mutex_unlock(&queue->mutex);
    return item;
}

struct queue_item *queue_take_all(struct queue *queue)
{
    struct queue_item *items;

    pthread_mutex_lock(&queue->mutex);
    items = queue->first;
    queue->first = NULL;
    queue->last = NULL;
    queue->count = 0;
    queue->bytes = 0;
    pthread_mutex_unlock(&queue->mutex);
    return items;
}

size_t queue_count(struct queue *queue, size_t *bytes)
{
    size_t count;

    pthread_mutex_lock(&queue->mutex);
    count = queue->count;
    if (bytes != NULL)
        *bytes = queue->bytes;
    pthread_mutex_unlock(&queue->mutex);
    return count;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = 1;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->mutex);
}
