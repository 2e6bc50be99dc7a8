/* Connections stand in an array by descriptor, which is never longer than the
 * limit of descriptors; those of one address are linked, by descriptor too. */
#include <config.h>

#include "daemon/monitor.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/job.h"

/* As many as there may be listeners, with room. */
#define WATCHED_MAX 64

/* Lists of addresses; at 2,000 connections an entry each. */
#define BUCKETS 2048

/* Events that may be unread before libzmq waits for this thread. */
#define EVENTS_MAX 10000

#define STACK_SIZE (128u << 10)

/* Descriptors that are kept track of where there is no limit. */
#define DESCRIPTORS_MAX (1u << 20)

#define EVENTS \
    (ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_DISCONNECTED)

struct entry {
    struct connection connection;
    uint64_t cookie;      /* the kernel's own number of the socket */
    int next, previous;   /* of the same bucket, or -1 */
    unsigned char is_open;
    unsigned char has_bucket;
};

struct monitor {
    pthread_t thread;
    pthread_mutex_t mutex; /* guards all that follows */
    size_t limit, per_address;
    struct monitor_counts counts;
    size_t held;           /* open and not cut */
    uint64_t serial;
    uint64_t seed;
    int buckets[BUCKETS];  /* descriptors, or -1 */
    struct entry *entries; /* by descriptor */
    size_t entry_count;
    size_t top; /* descriptors from here on never had a connection */
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

/* ---- the table, all with the lock held ---- */

static size_t address_size(const struct connection *connection)
{
    return connection->family == AF_INET    ? 4
           : connection->family == AF_INET6 ? 8
                                            : 0;
}

/* Who connects chooses the address, so the lists depend on a secret. */
static size_t bucket_find(const struct monitor *monitor,
                          const struct connection *connection)
{
    uint64_t hash = monitor->seed;

    for (size_t i = 0; i < address_size(connection); i++) {
        hash = (hash ^ connection->address[i]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    return (size_t) (hash % BUCKETS);
}

static size_t count_address(const struct monitor *monitor,
                            const struct connection *connection)
{
    size_t count = 0;
    int fd = monitor->buckets[bucket_find(monitor, connection)];

    for (; fd >= 0; fd = monitor->entries[fd].next) {
        const struct connection *other = &monitor->entries[fd].connection;

        count += (size_t) (other->family == connection->family
                           && memcmp(other->address, connection->address,
                                     address_size(connection))
                                  == 0);
    }
    return count;
}

static void bucket_add(struct monitor *monitor, struct entry *entry)
{
    size_t bucket = bucket_find(monitor, &entry->connection);
    int fd = entry->connection.fd;

    entry->previous = -1;
    entry->next = monitor->buckets[bucket];
    if (entry->next >= 0)
        monitor->entries[entry->next].previous = fd;
    monitor->buckets[bucket] = fd;
    entry->has_bucket = 1;
}

static void bucket_remove(struct monitor *monitor, struct entry *entry)
{
    if (!entry->has_bucket)
        return;
    if (entry->next >= 0)
        monitor->entries[entry->next].previous = entry->previous;
    if (entry->previous >= 0)
        monitor->entries[entry->previous].next = entry->next;
    else
        monitor->buckets[bucket_find(monitor, &entry->connection)]
            = entry->next;
    entry->has_bucket = 0;
}

static struct entry *entry_find(struct monitor *monitor, int fd)
{
    if (fd < 0 || (size_t) fd >= monitor->entry_count)
        return NULL;
    return &monitor->entries[fd];
}

static uint64_t socket_cookie(int fd)
{
    uint64_t cookie = 0;
    socklen_t size = sizeof cookie;

    getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size);
    return cookie;
}

static void connection_remove(struct monitor *monitor, struct entry *entry)
{
    if (!entry->is_open)
        return;
    bucket_remove(monitor, entry);
    monitor->counts.open--;
    monitor->held -= !entry->connection.is_cut;
    entry->is_open = 0;
}

/* Only what libzmq still has: it may have closed the descriptor, and
 * something else may have it by now. */
static int connection_cut(struct monitor *monitor, struct entry *entry)
{
    int fd = entry->connection.fd;

    if (entry->connection.is_cut || entry->cookie != socket_cookie(fd))
        return 0;
    bucket_remove(monitor, entry);
    monitor->held--;
    entry->connection.is_cut = 1;
    shutdown(fd, SHUT_RDWR);
    return 1;
}

static void read_address(struct connection *connection)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
    } peer = {0};
    socklen_t size = sizeof peer;

    connection->family = AF_UNIX;
    if (getpeername(connection->fd, &peer.any, &size) != 0)
        return;
    connection->family = peer.any.sa_family;
    if (peer.any.sa_family == AF_INET)
        memcpy(connection->address, &peer.in.sin_addr, 4);
    else if (peer.any.sa_family == AF_INET6)
        memcpy(connection->address, &peer.in6.sin6_addr, 16);
}

static void connection_add(struct monitor *monitor, int fd, size_t listener)
{
    struct entry *entry = entry_find(monitor, fd);

    if (entry == NULL)
        return;
    connection_remove(monitor, entry);
    if (monitor->top <= (size_t) fd)
        monitor->top = (size_t) fd + 1;
    *entry = (struct entry){
        .connection = {.fd = fd, .listener = listener,
                       .serial = ++monitor->serial,
                       .accepted_us = clock_us()},
        .cookie = socket_cookie(fd), .is_open = 1};
    read_address(&entry->connection);
    monitor->counts.accepted++;
    if (monitor->counts.open++ == 0 && monitor->bell_fd >= 0)
        ring(monitor->bell_fd);
    if (++monitor->held > monitor->limit) {
        monitor->counts.refused += (uint64_t) connection_cut(monitor, entry);
    } else if (address_size(&entry->connection) > 0) {
        bucket_add(monitor, entry);
        if (count_address(monitor, &entry->connection)
            > monitor->per_address)
            monitor->counts.refused_address
                += (uint64_t) connection_cut(monitor, entry);
    }
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

static void read_events(struct monitor *monitor, void *socket,
                        size_t listener)
{
    uint16_t number;
    int32_t value;

    while (read_event(socket, &number, &value) == 0) {
        struct entry *entry;

        pthread_mutex_lock(&monitor->mutex);
        entry = entry_find(monitor, value);
        if (number == ZMQ_EVENT_ACCEPTED)
            connection_add(monitor, value, listener);
        else if (number == ZMQ_EVENT_DISCONNECTED && entry != NULL)
            connection_remove(monitor, entry);
        else if (number == ZMQ_EVENT_ACCEPT_FAILED)
            monitor->counts.failed++;
        pthread_mutex_unlock(&monitor->mutex);
    }
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

static size_t descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0
        || limit.rlim_cur > DESCRIPTORS_MAX)
        return DESCRIPTORS_MAX;
    return (size_t) limit.rlim_cur;
}

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
    int error = ENOMEM;

    if (monitor == NULL)
        return error;
    monitor->context = context;
    monitor->limit = limit;
    monitor->per_address = per_address;
    monitor->bell_fd = -1;
    for (size_t i = 0; i < BUCKETS; i++)
        monitor->buckets[i] = -1;
    if (getrandom(&monitor->seed, sizeof monitor->seed, GRND_NONBLOCK) < 0)
        monitor->seed = clock_us();
    monitor->entry_count = descriptor_limit();
    /* Pages that no descriptor reaches are never touched. */
    monitor->entries = calloc(monitor->entry_count, sizeof(struct entry));
    monitor->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (monitor->entries == NULL || monitor->wake_fd < 0)
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
    free(monitor->entries);
    free(monitor);
    return error;
}

void monitor_set_bell(struct monitor *monitor, int bell_fd)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->bell_fd = bell_fd;
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
    free(monitor->entries);
    free(monitor);
}

/* ---- questions of other threads ---- */

void monitor_set_limits(struct monitor *monitor, size_t limit,
                        size_t per_address)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->limit = limit;
    monitor->per_address = per_address;
    pthread_mutex_unlock(&monitor->mutex);
}

void monitor_count(struct monitor *monitor, struct monitor_counts *counts)
{
    pthread_mutex_lock(&monitor->mutex);
    *counts = monitor->counts;
    counts->limit = monitor->limit;
    pthread_mutex_unlock(&monitor->mutex);
}

int monitor_find(struct monitor *monitor, int fd,
                 struct connection *connection)
{
    struct entry *entry = entry_find(monitor, fd);
    int is_open;

    if (entry == NULL)
        return 0;
    pthread_mutex_lock(&monitor->mutex);
    is_open = entry->is_open;
    if (is_open)
        *connection = entry->connection;
    pthread_mutex_unlock(&monitor->mutex);
    return is_open;
}

size_t monitor_list(struct monitor *monitor, int from,
                    struct connection *connections, size_t most)
{
    size_t count = 0;

    pthread_mutex_lock(&monitor->mutex);
    for (size_t fd = from < 0 ? 0 : (size_t) from;
         fd < monitor->top && count < most; fd++)
        if (monitor->entries[fd].is_open)
            connections[count++] = monitor->entries[fd].connection;
    pthread_mutex_unlock(&monitor->mutex);
    return count;
}

int monitor_cut(struct monitor *monitor, int fd, uint64_t serial)
{
    struct entry *entry = entry_find(monitor, fd);
    int is_cut = 0;

    if (entry == NULL)
        return 0;
    pthread_mutex_lock(&monitor->mutex);
    if (entry->is_open && entry->connection.serial == serial)
        is_cut = connection_cut(monitor, entry);
    monitor->counts.cut += (uint64_t) is_cut;
    pthread_mutex_unlock(&monitor->mutex);
    return is_cut;
}

size_t monitor_cut_listener(struct monitor *monitor, size_t listener)
{
    size_t count = 0;

    pthread_mutex_lock(&monitor->mutex);
    for (size_t fd = 0; fd < monitor->top; fd++) {
        struct entry *entry = &monitor->entries[fd];

        if (entry->is_open && entry->connection.listener == listener)
            count += (size_t) connection_cut(monitor, entry);
    }
    monitor->counts.cut += count;
    pthread_mutex_unlock(&monitor->mutex);
    return count;
}
