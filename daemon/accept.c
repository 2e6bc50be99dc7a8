#include <config.h>

#include "daemon/accept.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where even the descriptor kept has been taken by somebody else. */
#define PAUSE_MS 10

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int kept = -1;
static atomic_uint_least64_t refused;

/* Any descriptor will do; this kind needs no file, which a sandbox may hide. */
static int keep(void)
{
    return eventfd(0, EFD_CLOEXEC);
}

int accept_prepare(void)
{
    if (kept < 0)
        kept = keep();
    return kept >= 0 ? 0 : errno;
}

uint64_t accept_refused(void)
{
    return atomic_load(&refused);
}

static int take(int listener, struct sockaddr *address, socklen_t *size,
                int flags)
{
    return (int) syscall(SYS_accept4, listener, address, size, flags);
}

static void refuse_one(int listener)
{
    int connection;

    pthread_mutex_lock(&mutex);
    if (kept >= 0)
        close(kept);
    connection = take(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection >= 0) {
        close(connection);
        atomic_fetch_add(&refused, 1);
    }
    kept = keep();
    pthread_mutex_unlock(&mutex);
    if (connection < 0)
        poll(NULL, 0, PAUSE_MS);
}

__attribute__((visibility("default")))
int accept4(int listener, struct sockaddr *address, socklen_t *size,
            int flags)
{
    int connection = take(listener, address, size, flags);

    if (connection >= 0 || (errno != EMFILE && errno != ENFILE))
        return connection;
    refuse_one(listener);
    errno = EAGAIN;
    return -1;
}
