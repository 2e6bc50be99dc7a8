/* How a ZeroMQ socket is waited for: its descriptor becomes readable when
 * something may have happened, and stays so until the socket is asked for its
 * events; only then may the descriptor be waited for again.  A message that
 * was asked for and not there does as well.  See zmq_getsockopt(3), ZMQ_FD and
 * ZMQ_EVENTS. */
#include <config.h>

#include "daemon/polling.h"

#include <errno.h>
#include <poll.h>
#include <zmq.h>

#include "daemon/job.h"

/* Asks a socket whether it has something.  0, or -1. */
static int socket_ask(struct polling_item *item)
{
    int events;
    size_t size = sizeof events;

    if (zmq_getsockopt(item->socket, ZMQ_EVENTS, &events, &size) != 0)
        return -1;
    item->is_ready = (events & ZMQ_POLLIN) != 0;
    item->is_settled = !item->is_ready;
    return 0;
}

/* Asks the sockets that are not settled, and fills in what the kernel is to
 * watch.  Returns how many are ready, or -1. */
static int items_ask(struct polling_item *items, int count,
                     struct pollfd *watched)
{
    int ready = 0;

    for (int i = 0; i < count; i++) {
        size_t size = sizeof watched[i].fd;

        items[i].is_ready = 0;
        watched[i] = (struct pollfd){.fd = items[i].fd, .events = POLLIN};
        if (items[i].socket == NULL)
            continue;
        if ((!items[i].is_settled && socket_ask(&items[i]) != 0)
            || zmq_getsockopt(items[i].socket, ZMQ_FD, &watched[i].fd, &size)
                   != 0)
            return -1;
        ready += items[i].is_ready;
    }
    return ready;
}

/* Takes what the kernel has found.  Returns how many items are ready now, or
 * -1. */
static int items_answer(struct polling_item *items, int count,
                        const struct pollfd *watched)
{
    int ready = 0;

    for (int i = 0; i < count; i++) {
        if (watched[i].revents != 0 && items[i].socket == NULL)
            items[i].is_ready = 1;
        else if (watched[i].revents != 0 && !items[i].is_ready
                 && socket_ask(&items[i]) != 0)
            return -1;
        ready += items[i].is_ready;
    }
    return ready;
}

/* What is left of the time, in milliseconds, rounded up. */
static int time_left(long timeout_ms, uint64_t end_us)
{
    uint64_t now = timeout_ms > 0 ? clock_us() : 0;

    if (timeout_ms <= 0)
        return (int) timeout_ms;
    return now >= end_us ? 0 : (int) ((end_us - now + 999) / 1000);
}

int polling_wait(struct polling_item *items, int count, long timeout_ms)
{
    struct pollfd watched[POLLING_MAX];
    uint64_t end_us = 0;

    if (count > POLLING_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (timeout_ms > 0)
        end_us = clock_us() + (uint64_t) timeout_ms * 1000;
    for (;;) {
        int ready = items_ask(items, count, watched);
        int left = time_left(timeout_ms, end_us);
        int stirred;

        if (ready < 0)
            return -1;
        stirred = poll(watched, (nfds_t) count, ready > 0 ? 0 : left);
        if (stirred < 0)
            return -1;
        if (stirred > 0)
            ready = items_answer(items, count, watched);
        /* A socket may stir without having anything for us. */
        if (ready != 0 || (stirred == 0 && left >= 0) || left == 0)
            return ready;
    }
}
