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

void queue_limit(struct queue *queue, size_t max_count, size_t max_bytes)
{
    pthread_mutex_lock(&queue->mutex);
    queue->max_count = max_count;
    queue->max_bytes = max_bytes;
    pthread_mutex_unlock(&queue->mutex);
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

/* ---- lanes, with the lock held ---- */

static void lane_append(struct queue *queue, struct queue_lane *lane)
{
    lane->next = NULL;
    lane->turn_count = 0;
    lane->turn_bytes = 0;
    if (queue->last != NULL)
        queue->last->next = lane;
    else
        queue->first = lane;
    queue->last = lane;
}

static struct queue_lane *lane_remove_first(struct queue *queue)
{
    struct queue_lane *lane = queue->first;

    queue->first = lane->next;
    if (queue->first == NULL)
        queue->last = NULL;
    lane->next = NULL;
    return lane;
}

static void lane_push(struct queue *queue, struct queue_lane *lane,
                      struct queue_item *item)
{
    item->next = NULL;
    if (lane->last != NULL) {
        lane->last->next = item;
    } else {
        lane->first = item;
        lane_append(queue, lane);
    }
    lane->last = item;
}

/* There is one. */
static struct queue_item *lane_take(struct queue *queue)
{
    struct queue_lane *lane = queue->first;
    struct queue_item *item = lane->first;

    lane->first = item->next;
    item->next = NULL;
    lane->turn_count++;
    lane->turn_bytes += item->bytes;
    if (lane->first == NULL) {
        lane->last = NULL;
        lane_remove_first(queue);
    } else if (lane->turn_count >= QUEUE_TURN_COUNT
               || lane->turn_bytes >= QUEUE_TURN_BYTES) {
        lane_append(queue, lane_remove_first(queue));
    }
    return item;
}

/* ---- items ---- */

long queue_push_lane(struct queue *queue, struct queue_lane *lane,
                     struct queue_item *item)
{
    long before = -1;

    pthread_mutex_lock(&queue->mutex);
    if (queue_has_room(queue, item->bytes)) {
        before = (long) queue->count;
        lane_push(queue, lane, item);
        queue->count++;
        queue->bytes += item->bytes;
    }
    pthread_mutex_unlock(&queue->mutex);
    /* Not with the lock held: who wakes would wait for it at once. */
    if (before >= 0)
        pthread_cond_signal(&queue->filled);
    return before;
}

long queue_push(struct queue *queue, struct queue_item *item)
{
    return queue_push_lane(queue, &queue->common, item);
}

/* With the lock held; NULL: there is none. */
static struct queue_item *item_take(struct queue *queue)
{
    struct queue_item *item;

    if (queue->first == NULL)
        return NULL;
    item = lane_take(queue);
    queue->count--;
    queue->bytes -= item->bytes;
    return item;
}

struct queue_item *queue_take(struct queue *queue)
{
    struct queue_item *item;

    pthread_mutex_lock(&queue->mutex);
    while (queue->first == NULL && !queue->closed)
        pthread_cond_wait(&queue->filled, &queue->mutex);
    item = item_take(queue);
    pthread_mutex_unlock(&queue->mutex);
    return item;
}

struct queue_item *queue_take_now(struct queue *queue)
{
    struct queue_item *item;

    pthread_mutex_lock(&queue->mutex);
    item = item_take(queue);
    pthread_mutex_unlock(&queue->mutex);
    return item;
}

struct queue_item *queue_take_all(struct queue *queue)
{
    struct queue_item *items = NULL;
    struct queue_item **end = &items;

    pthread_mutex_lock(&queue->mutex);
    while (queue->first != NULL) {
        struct queue_lane *lane = lane_remove_first(queue);

        *end = lane->first;
        end = &lane->last->next;
        lane->first = NULL;
        lane->last = NULL;
    }
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
