/* A descriptor's number is used again once its connection has ended, so what
 * is noted of it counts only with the same address at the other end.  All tcp
 * connections that the process has are those that its sockets accepted:
 * precisd connects to nobody. */
#include <config.h>

#include "daemon/peers.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Where the system has no limit: above any number in use. */
#define DESCRIPTORS_MAX (1 << 20)

struct peer {
    char key[KEY_SIZE]; /* "": nothing known */
    socklen_t size;
    struct sockaddr_in6 address; /* the larger one */
};

/* 0, or -1 where the descriptor is no tcp connection. */
static int find_address(int descriptor, struct sockaddr_in6 *address,
                        socklen_t *size)
{
    *address = (struct sockaddr_in6){0};
    *size = sizeof *address;
    if (getpeername(descriptor, (struct sockaddr *) address, size) != 0
        || *size > sizeof *address)
        return -1;
    return address->sin6_family == AF_INET || address->sin6_family == AF_INET6
               ? 0
               : -1;
}

static int make_room(struct peers *peers, size_t descriptor)
{
    size_t count = peers->count > 0 ? peers->count : 64;
    struct peer *rows;

    if (descriptor < peers->count)
        return 0;
    while (count <= descriptor)
        count *= 2;
    rows = realloc(peers->rows, count * sizeof *rows);
    if (rows == NULL)
        return -1;
    memset(rows + peers->count, 0, (count - peers->count) * sizeof *rows);
    peers->rows = rows;
    peers->count = count;
    return 0;
}

/* Without memory for it a connection counts as one of nobody. */
void peers_note(struct peers *peers, int descriptor, const char *key)
{
    struct peer *peer;

    if (descriptor < 0 || descriptor >= DESCRIPTORS_MAX
        || make_room(peers, (size_t) descriptor) != 0)
        return;
    peer = &peers->rows[descriptor];
    peer->key[0] = '\0';
    if (strlen(key) == KEY_SIZE - 1
        && find_address(descriptor, &peer->address, &peer->size) == 0)
        memcpy(peer->key, key, KEY_SIZE);
}

static int is_kept(const struct peers *peers, int descriptor,
                   const struct sockaddr_in6 *address, socklen_t size,
                   peers_is_good *is_good, const void *context)
{
    const struct peer *peer;

    if ((size_t) descriptor >= peers->count)
        return 0;
    peer = &peers->rows[descriptor];
    return peer->key[0] != '\0' && peer->size == size
           && memcmp(&peer->address, address, size) == 0
           && is_good(context, peer->key);
}

size_t peers_cut(struct peers *peers, peers_is_good *is_good,
                 const void *context)
{
    struct rlimit limit;
    struct sockaddr_in6 address;
    socklen_t size;
    size_t cut = 0;
    int end = DESCRIPTORS_MAX;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t) end)
        end = (int) limit.rlim_cur;
    for (int i = 0; i < end; i++) {
        if (find_address(i, &address, &size) != 0
            || is_kept(peers, i, &address, size, is_good, context))
            continue;
        if ((size_t) i < peers->count)
            peers->rows[i].key[0] = '\0';
        if (shutdown(i, SHUT_RDWR) == 0)
            cut++;
    }
    return cut;
}

void peers_clear(struct peers *peers)
{
    free(peers->rows);
    *peers = (struct peers){0};
}
