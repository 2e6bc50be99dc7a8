#include <config.h>

#include "daemon/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Is the file that was locked still the one at the path?  If its last holder
 * removed it between our open and our flock, it is not. */
static int lock_is_current(int fd, const char *path)
{
    struct stat held, there;

    return fstat(fd, &held) == 0 && lstat(path, &there) == 0
           && held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

static pid_t lock_read_holder(int fd)
{
    char text[32];
    ssize_t size = pread(fd, text, sizeof text - 1, 0);
    char *end;
    long pid;

    if (size <= 0)
        return 0;
    text[size] = '\0';
    pid = strtol(text, &end, 10);
    return *end == '\n' && pid > 0 ? (pid_t) pid : 0;
}

static int lock_write_holder(int fd)
{
    char text[32];
    int size = snprintf(text, sizeof text, "%ld\n", (long) getpid());

    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t) size, 0) != size)
        return errno != 0 ? errno : EIO;
    return 0;
}

int lock_take(struct lock *lock, const char *path, pid_t *holder)
{
    char *name;
    int fd = -1;
    int error;

    *holder = 0;
    if (asprintf(&name, "%s.lock", path) < 0)
        return ENOMEM;
    /* Ends: each turn means that one more holder has gone meanwhile. */
    for (;;) {
        fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0) {
            error = errno;
            goto failed;
        }
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            error = errno == EWOULDBLOCK ? EEXIST : errno;
            *holder = lock_read_holder(fd);
            goto failed;
        }
        if (lock_is_current(fd, name))
            break;
        close(fd);
    }
    error = lock_write_holder(fd);
    if (error != 0)
        goto failed;
    lock->path = name;
    lock->fd = fd;
    return 0;

failed:
    if (fd >= 0)
        close(fd);
    free(name);
    return error;
}

void lock_release(struct lock *lock)
{
    if (lock->fd < 0)
        return;
    unlink(lock->path);
    close(lock->fd);
    free(lock->path);
    lock->path = NULL;
    lock->fd = -1;
}
