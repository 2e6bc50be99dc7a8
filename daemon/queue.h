/* queue.h - hands jobs from one thread to another.
 *
 * Items wait in lanes, one for each client, and lanes take turns: whoever
 * asks for much waits for himself, the others pass by.  A turn is
 * QUEUE_TURN_COUNT items or QUEUE_TURN_BYTES of them, whichever comes first,
 * and at least one.
 *
 * One mutex guards everything, so ownership of an item passes with it: the
 * thread that pushes must not touch the item again, the one that takes owns
 * it.  Bounded in items and bytes; full is an answer, never a wait.
 */
#ifndef DAEMON_QUEUE_H
#define DAEMON_QUEUE_H

#include <pthread.h>
#include <stddef.h>

/* Stands first in whatever is queued. */
struct queue_item {
    struct queue_item *next;
    size_t bytes; /* what it counts against max_bytes */
};

/* An ordinary article is some KB: large ones use a turn up at once. */
#define QUEUE_TURN_COUNT 20
#define QUEUE_TURN_BYTES (256u << 10)

/* Zeroed at first.  Belongs to the queue while it has items. */
struct queue_lane {
    struct queue_lane *next;
    struct queue_item *first;
    struct queue_item *last;
    size_t turn_count; /* taken in this turn */
    size_t turn_bytes;
};

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct queue_lane *first; /* has its turn */
    struct queue_lane *last;
    struct queue_lane common; /* of those who ask for no lane */
    size_t count;
    size_t bytes;
    size_t max_count;
    size_t max_bytes;
    int closed;
};

/* 0, or -1 where the system has no mutex left. */
int queue_init(struct queue *queue, size_t max_count, size_t max_bytes);

/* Items still queued are the caller's: take them before. */
void queue_clear(struct queue *queue);

/* From now on; what is queued stays. */
void queue_limit(struct queue *queue, size_t max_count, size_t max_bytes);

/* Appends to a lane, or to one common to all.  Returns how many items were
 * queued before, or -1: full or closed, the item is still the caller's.  An
 * empty queue takes an item of any size, so that a small max_bytes delays large
 * items but never refuses them for ever. */
long queue_push(struct queue *queue, struct queue_item *item);
long queue_push_lane(struct queue *queue, struct queue_lane *lane,
                     struct queue_item *item);

/* The next item of the lane that has its turn; waits for one.  NULL: the queue
 * is closed and empty. */
struct queue_item *queue_take(struct queue *queue);

/* The same without waiting; NULL: there is none at this moment. */
struct queue_item *queue_take_now(struct queue *queue);

/* All items, lane by lane, oldest first, linked by next; NULL where there are
 * none.  Does not wait. */
struct queue_item *queue_take_all(struct queue *queue);

/* Items waiting at this moment; bytes may be NULL. */
size_t queue_count(struct queue *queue, size_t *bytes);

/* No more pushes; takers get what is left, then NULL. */
void queue_close(struct queue *queue);

#endif
