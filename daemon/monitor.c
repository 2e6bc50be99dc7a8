#include <config.h>

#include "daemon/monitor.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/job.h"

/* As many as there may be listeners, with room. */
#define WATCHED_MAX 64

/* Events that may be unread before libzmq waits for this thread. */
#define EVENTS_MAX 10000

#define STACK_SIZE (128u << 10)

#define EVENTS \
    (ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_DISCONNECTED)

struct monitor {
    pthread_t thread;
    pthread_mutex_t mutex; /* guards all that follows */
    struct connections connections;
    int is_over;
    void *context;
    void *sockets[WATCHED_MAX]; /* the reading ends; the thread's */
    size_t listeners[WATCHED_MAX];
    size_t watched;
    int wake_fd; /* rung when `watched` grows */
    int bell_fd; /* rung at the first connection, or -1 */
};

static void ring(int fd)
{
    static const uint64_t one = 1;

    while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

/* ---- the thread ---- */

/* Two frames: number and value of the event, then the endpoint.  0, or -1:
 * there is none, or the socket is at its end. */
static int read_event(void *socket, uint16_t *number, int32_t *value)
{
    unsigned char data[sizeof *number + sizeof *value];
    char endpoint[1];
    int size = zmq_recv(socket, data, sizeof data, ZMQ_DONTWAIT);

    if (size < 0)
        return errno == EINTR ? read_event(socket, number, value) : -1;
    /* Both come at once; what does not fit is discarded. */
    while (zmq_recv(socket, endpoint, sizeof endpoint, 0) < 0
           && errno == EINTR)
        ;
    *number = 0;
    if ((size_t) size >= sizeof data) {
        memcpy(number, data, sizeof *number);
        memcpy(value, data + sizeof *number, sizeof *value);
    }
    return 0;
}

static void take_event(struct monitor *monitor, uint16_t number, int32_t value,
                       size_t listener)
{
    struct connections *connections = &monitor->connections;

    pthread_mutex_lock(&monitor->mutex);
    if (number == ZMQ_EVENT_ACCEPTED) {
        connections_add(connections, value, listener);
        if (connections->counts.open == 1 && monitor->bell_fd >= 0)
            ring(monitor->bell_fd);
    } else if (number == ZMQ_EVENT_DISCONNECTED) {
        connections_remove(connections, value);
    } else if (number == ZMQ_EVENT_ACCEPT_FAILED) {
        connections->counts.failed++;
    }
    pthread_mutex_unlock(&monitor->mutex);
}

static void read_events(struct monitor *monitor, void *socket,
                        size_t listener)
{
    uint16_t number;
    int32_t value;

    while (read_event(socket, &number, &value) == 0)
        take_event(monitor, number, value, listener);
}

/* Takes over the sockets that are new.  0, or -1: monitor_free() rings. */
static int take_sockets(struct monitor *monitor, zmq_pollitem_t *items,
                        size_t *count)
{
    uint64_t rings;
    int is_over;

    while (read(monitor->wake_fd, &rings, sizeof rings) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&monitor->mutex);
    is_over = monitor->is_over;
    for (; *count < monitor->watched; ++*count)
        items[*count] = (zmq_pollitem_t){.socket = monitor->sockets[*count],
                                         .events = ZMQ_POLLIN};
    pthread_mutex_unlock(&monitor->mutex);
    return is_over ? -1 : 0;
}

static void *monitor_run(void *argument)
{
    struct monitor *monitor = argument;
    zmq_pollitem_t items[WATCHED_MAX + 1] = {
        {.fd = monitor->wake_fd, .events = ZMQ_POLLIN}};
    zmq_pollitem_t *watched = items + 1;
    size_t count = 0;
    int is_over = 0;

    while (!is_over) {
        int ready = zmq_poll(items, (int) count + 1, -1);

        if (ready < 0 && errno != EINTR)
            is_over = 1; /* the context is at its end */
        for (size_t i = 0; ready > 0 && i < count; i++)
            if (watched[i].revents != 0)
                read_events(monitor, watched[i].socket,
                            monitor->listeners[i]);
        if (ready > 0 && items[0].revents != 0
            && take_sockets(monitor, watched, &count) != 0)
            is_over = 1;
    }
    take_sockets(monitor, watched, &count);
    for (size_t i = 0; i < count; i++)
        zmq_close(watched[i].socket);
    return NULL;
}

/* ---- opening and closing ---- */

static int start_thread(struct monitor *monitor)
{
    pthread_attr_t attributes;
    int error;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    error = pthread_create(&monitor->thread, &attributes, monitor_run,
                           monitor);
    pthread_attr_destroy(&attributes);
    return error;
}

int monitor_start(struct monitor **out, void *context, size_t limit,
                  size_t per_address)
{
    struct monitor *monitor = calloc(1, sizeof *monitor);
    int error;

    if (monitor == NULL)
        return ENOMEM;
    monitor->context = context;
    monitor->bell_fd = -1;
    monitor->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    error = monitor->wake_fd >= 0
                ? connections_init(&monitor->connections, limit, per_address)
                : errno;
    if (error != 0)
        goto failed;
    error = pthread_mutex_init(&monitor->mutex, NULL);
    if (error != 0)
        goto failed;
    error = start_thread(monitor);
    if (error == 0) {
        *out = monitor;
        return 0;
    }
    pthread_mutex_destroy(&monitor->mutex);
failed:
    if (monitor->wake_fd >= 0)
        close(monitor->wake_fd);
    connections_clear(&monitor->connections);
    free(monitor);
    return error;
}

void monitor_set_bell(struct monitor *monitor, int bell_fd)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->bell_fd = bell_fd;
    pthread_mutex_unlock(&monitor->mutex);
}

void monitor_set_failures(struct monitor *monitor, struct failures *failures)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->connections.failures = failures;
    pthread_mutex_unlock(&monitor->mutex);
}

int monitor_watch(struct monitor *monitor, void *socket, size_t listener)
{
    static const int events_max = EVENTS_MAX;
    char endpoint[64];
    void *events = NULL;

    if (monitor->watched == WATCHED_MAX)
        return EMFILE;
    snprintf(endpoint, sizeof endpoint, "inproc://monitor-%zu",
             monitor->watched);
    if (zmq_socket_monitor(socket, endpoint, EVENTS) != 0)
        return errno;
    events = zmq_socket(monitor->context, ZMQ_PAIR);
    if (events == NULL
        || zmq_setsockopt(events, ZMQ_RCVHWM, &events_max, sizeof events_max)
               != 0
        || zmq_connect(events, endpoint) != 0) {
        int error = errno;

        if (events != NULL)
            zmq_close(events);
        return error;
    }
    pthread_mutex_lock(&monitor->mutex);
    monitor->sockets[monitor->watched] = events;
    monitor->listeners[monitor->watched] = listener;
    monitor->watched++;
    pthread_mutex_unlock(&monitor->mutex);
    ring(monitor->wake_fd);
    return 0;
}

void monitor_unwatch(void *socket)
{
    zmq_socket_monitor(socket, NULL, 0);
}

void monitor_free(struct monitor *monitor)
{
    if (monitor == NULL)
        return;
    pthread_mutex_lock(&monitor->mutex);
    monitor->is_over = 1;
    pthread_mutex_unlock(&monitor->mutex);
    ring(monitor->wake_fd);
    pthread_join(monitor->thread, NULL);
    pthread_mutex_destroy(&monitor->mutex);
    close(monitor->wake_fd);
    connections_clear(&monitor->connections);
    free(monitor);
}

/* ---- questions of other threads ---- */

void monitor_set_limits(struct monitor *monitor, size_t limit,
                        size_t per_address)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->connections.limit = limit;
    monitor->connections.per_address = per_address;
    pthread_mutex_unlock(&monitor->mutex);
}

void monitor_count(struct monitor *monitor, struct connection_counts *counts)
{
    pthread_mutex_lock(&monitor->mutex);
    *counts = monitor->connections.counts;
    counts->limit = monitor->connections.limit;
    pthread_mutex_unlock(&monitor->mutex);
}

size_t monitor_list(struct monitor *monitor, int from,
                    struct connection *connections, size_t most)
{
    size_t count;

    pthread_mutex_lock(&monitor->mutex);
    count = connections_list(&monitor->connections, from, connections, most);
    pthread_mutex_unlock(&monitor->mutex);
    return count;
}

int monitor_cut(struct monitor *monitor, int fd, uint64_t cookie)
{
    int is_cut;

    pthread_mutex_lock(&monitor->mutex);
    is_cut = connections_cut(&monitor->connections, fd, cookie);
    pthread_mutex_unlock(&monitor->mutex);
    return is_cut;
}
