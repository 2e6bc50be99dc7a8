/* lock.h - one daemon per socket.
 *
 * libzmq unlinks whatever stands at an ipc path before it binds, so a second
 * daemon would silently take the first one's socket.  A lock file beside the
 * socket, held with flock(2), says who has it; the kernel lets go of it
 * however the holder ends, so what a crash leaves behind never has to be
 * removed by hand.
 */
#ifndef DAEMON_LOCK_H
#define DAEMON_LOCK_H

#include <sys/types.h>

struct lock {
    char *path; /* owned */
    int fd;     /* -1: not held */
};

/* Takes PATH.lock.  0; EEXIST: another process has it, *holder is its number
 * or 0 where it has not written it yet; else an errno of open(2) or
 * flock(2). */
int lock_take(struct lock *lock, const char *path, pid_t *holder);

/* Removes the file and lets go.  Safe against others who wait for it: they
 * find that the file they locked is gone from its place and start again. */
void lock_release(struct lock *lock);

#endif
