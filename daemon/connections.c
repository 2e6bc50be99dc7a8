/* They stand in an array by descriptor, which is never longer than the limit
 * of descriptors; those of one address are linked, by descriptor too. */
#include <config.h>

#include "daemon/connections.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "daemon/job.h"

/* Descriptors that are kept track of where there is no limit. */
#define DESCRIPTORS_MAX (1u << 20)

struct entry {
    struct connection connection;
    int next, previous;   /* of the same bucket, or -1 */
    unsigned char is_open;
    unsigned char has_bucket;
};

uint64_t connection_cookie(int fd)
{
    uint64_t cookie = 0;
    socklen_t size = sizeof cookie;

    getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size);
    return cookie;
}

static size_t descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0
        || limit.rlim_cur > DESCRIPTORS_MAX)
        return DESCRIPTORS_MAX;
    return (size_t) limit.rlim_cur;
}

int connections_init(struct connections *connections, size_t limit,
                     size_t per_address)
{
    *connections = (struct connections){.limit = limit,
                                        .per_address = per_address};
    for (size_t i = 0; i < CONNECTIONS_BUCKETS; i++)
        connections->buckets[i] = -1;
    if (getrandom(&connections->seed, sizeof connections->seed, GRND_NONBLOCK)
        < 0)
        connections->seed = clock_us();
    connections->entry_count = descriptor_limit();
    /* Pages that no descriptor reaches are never touched. */
    connections->entries
        = calloc(connections->entry_count, sizeof *connections->entries);
    return connections->entries != NULL ? 0 : ENOMEM;
}

void connections_clear(struct connections *connections)
{
    free(connections->entries);
    connections->entries = NULL;
}

static struct entry *entry_find(const struct connections *connections, int fd)
{
    if (fd < 0 || (size_t) fd >= connections->entry_count)
        return NULL;
    return &connections->entries[fd];
}

/* ---- those of one address ---- */

static size_t bucket_find(const struct connections *connections,
                          const struct connection *connection)
{
    return (size_t) (address_hash(&connection->address, connections->seed)
                     % CONNECTIONS_BUCKETS);
}

static size_t count_address(const struct connections *connections,
                            const struct connection *connection)
{
    size_t count = 0;
    int fd = connections->buckets[bucket_find(connections, connection)];

    for (; fd >= 0; fd = connections->entries[fd].next)
        count += (size_t) address_is_same(
            &connections->entries[fd].connection.address,
            &connection->address);
    return count;
}

static void bucket_add(struct connections *connections, struct entry *entry)
{
    size_t bucket = bucket_find(connections, &entry->connection);
    int fd = entry->connection.fd;

    entry->previous = -1;
    entry->next = connections->buckets[bucket];
    if (entry->next >= 0)
        connections->entries[entry->next].previous = fd;
    connections->buckets[bucket] = fd;
    entry->has_bucket = 1;
}

static void bucket_remove(struct connections *connections,
                          struct entry *entry)
{
    if (!entry->has_bucket)
        return;
    if (entry->next >= 0)
        connections->entries[entry->next].previous = entry->previous;
    if (entry->previous >= 0)
        connections->entries[entry->previous].next = entry->next;
    else
        connections->buckets[bucket_find(connections, &entry->connection)]
            = entry->next;
    entry->has_bucket = 0;
}

/* ---- coming and going ---- */

static void entry_remove(struct connections *connections, struct entry *entry)
{
    if (!entry->is_open)
        return;
    bucket_remove(connections, entry);
    connections->counts.open--;
    connections->held -= !entry->connection.is_cut;
    entry->is_open = 0;
}

/* Only what libzmq still has: it may have closed the descriptor, and
 * something else may have it by now. */
static int entry_cut(struct connections *connections, struct entry *entry)
{
    int fd = entry->connection.fd;

    if (!entry->is_open || entry->connection.is_cut
        || entry->connection.cookie != connection_cookie(fd))
        return 0;
    bucket_remove(connections, entry);
    connections->held--;
    entry->connection.is_cut = 1;
    shutdown(fd, SHUT_RDWR);
    return 1;
}

/* One too many, or of whom nothing is wanted?  Then it is ended. */
static void entry_check(struct connections *connections, struct entry *entry)
{
    const struct connection *connection = &entry->connection;
    struct connection_counts *counts = &connections->counts;
    uint64_t *refused = NULL;

    if (connections->held > connections->limit) {
        refused = &counts->refused;
    } else if (connections->failures != NULL
               && failures_is_blocked(connections->failures,
                                      &connection->address,
                                      connection->accepted_us)) {
        /* Perhaps the handshake was refused already: it counts all the
         * same. */
        counts->refused_failures++;
        entry_cut(connections, entry);
    } else if (address_is_known(&connection->address)) {
        bucket_add(connections, entry);
        if (count_address(connections, connection)
            > connections->per_address)
            refused = &counts->refused_address;
    }
    if (refused != NULL)
        *refused += (uint64_t) entry_cut(connections, entry);
}

void connections_add(struct connections *connections, int fd, size_t listener)
{
    struct entry *entry = entry_find(connections, fd);

    if (entry == NULL)
        return;
    entry_remove(connections, entry);
    if (connections->top <= (size_t) fd)
        connections->top = (size_t) fd + 1;
    *entry = (struct entry){
        .connection = {.fd = fd, .listener = listener,
                       .serial = ++connections->serial,
                       .cookie = connection_cookie(fd),
                       .accepted_us = clock_us()},
        .is_open = 1};
    address_of_peer(fd, &entry->connection.address);
    connections->counts.accepted++;
    connections->counts.open++;
    connections->held++;
    entry_check(connections, entry);
}

void connections_remove(struct connections *connections, int fd)
{
    struct entry *entry = entry_find(connections, fd);

    if (entry != NULL)
        entry_remove(connections, entry);
}

int connections_cut(struct connections *connections, int fd, uint64_t cookie)
{
    struct entry *entry = entry_find(connections, fd);
    int is_cut = entry != NULL && entry->connection.cookie == cookie
                 && entry_cut(connections, entry);

    connections->counts.cut += (uint64_t) is_cut;
    return is_cut;
}

size_t connections_list(const struct connections *connections, int from,
                        struct connection *out, size_t most)
{
    size_t count = 0;

    for (size_t fd = from < 0 ? 0 : (size_t) from;
         fd < connections->top && count < most; fd++)
        if (connections->entries[fd].is_open)
            out[count++] = connections->entries[fd].connection;
    return count;
}
