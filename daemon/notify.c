#include <config.h>

#include "daemon/notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* The supervisor's socket may be full, since nobody reads it or systemd is
 * busy.  To wait a little is better than to lose READY=1; but the loop, which
 * waits meanwhile, must not hang with it. */
#define PATIENCE_MS 100

/* Fills the address; 0 where NOTIFY_SOCKET is absent or no unix socket. */
static socklen_t notify_address(struct sockaddr_un *address)
{
    const char *path = getenv("NOTIFY_SOCKET");
    size_t size = path != NULL ? strlen(path) : 0;

    if (size < 2 || size >= sizeof address->sun_path)
        return 0;
    if (path[0] != '/' && path[0] != '@')
        return 0;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, path, size);
    if (path[0] == '@')
        address->sun_path[0] = '\0'; /* abstract name space */
    return (socklen_t) (offsetof(struct sockaddr_un, sun_path) + size);
}

void notify_send(const char *format, ...)
{
    static const struct timeval patience = {.tv_usec = PATIENCE_MS * 1000};
    struct sockaddr_un address;
    socklen_t address_size = notify_address(&address);
    char text[2048];
    va_list arguments;
    int size, fd;

    if (address_size == 0)
        return;
    va_start(arguments, format);
    size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    if ((size_t) size >= sizeof text)
        size = (int) sizeof text - 1;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void) setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    (void) sendto(fd, text, (size_t) size, MSG_NOSIGNAL,
                  (struct sockaddr *) &address, address_size);
    close(fd);
}
