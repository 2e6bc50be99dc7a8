#include <config.h>

#include "daemon/activation.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/endpoint.h"
#include "po/intl.h"

/* The first descriptor that is passed. */
#define FIRST 3

/* Longest "ipc://PATH", with the NUL. */
#define NAME_SIZE (sizeof ENDPOINT_IPC + ENDPOINT_PATH_MAX)

/* Digits only; -1 where it is anything else. */
static long read_number(const char *name)
{
    const char *text = getenv(name);
    char *end;
    long number;

    if (text == NULL || *text < '0' || *text > '9')
        return -1;
    errno = 0;
    number = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' ? number : -1;
}

/* How many were passed to this process, and not to one that it descends
 * from. */
static int passed_count(void)
{
    long count = read_number("LISTEN_FDS");

    if (read_number("LISTEN_PID") != (long) getpid() || count < 0)
        return 0;
    return count < CONFIG_ENDPOINTS_MAX ? (int) count : CONFIG_ENDPOINTS_MAX;
}

union address {
    struct sockaddr any;
    struct sockaddr_un path;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    struct sockaddr_storage room;
};

static int is_listening(int fd)
{
    int type = 0, listens = 0;
    socklen_t size = sizeof type;

    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0
        || type != SOCK_STREAM)
        return 0;
    size = sizeof listens;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0
           && listens;
}

static int format_path(const struct sockaddr_un *address, socklen_t size,
                       char name[NAME_SIZE])
{
    size_t start = offsetof(struct sockaddr_un, sun_path);
    size_t length = size > start ? size - start : 0;

    length = strnlen(address->sun_path, length);
    if (length == 0 || length > ENDPOINT_PATH_MAX)
        return -1;
    snprintf(name, NAME_SIZE, ENDPOINT_IPC "%.*s", (int) length,
             address->sun_path);
    return 0;
}

/* The endpoint that the socket is bound to, as precis.conf writes it.  0, or
 * -1: it has none. */
static int format_endpoint(int fd, char name[NAME_SIZE])
{
    union address address = {0};
    socklen_t size = sizeof address;
    char host[INET6_ADDRSTRLEN];

    if (!is_listening(fd) || getsockname(fd, &address.any, &size) != 0)
        return -1;
    switch (address.any.sa_family) {
    case AF_UNIX:
        return format_path(&address.path, size, name);
    case AF_INET:
        inet_ntop(AF_INET, &address.four.sin_addr, host, sizeof host);
        snprintf(name, NAME_SIZE, ENDPOINT_TCP "%s:%u", host,
                 ntohs(address.four.sin_port));
        return 0;
    case AF_INET6:
        inet_ntop(AF_INET6, &address.six.sin6_addr, host, sizeof host);
        snprintf(name, NAME_SIZE, ENDPOINT_TCP "[%s]:%u", host,
                 ntohs(address.six.sin6_port));
        return 0;
    default:
        return -1;
    }
}

/* Writes the endpoint as format_endpoint() would: addresses in their shortest
 * form, localhost as the number that listener.c takes for it. */
static void normalize(const char *endpoint, char name[NAME_SIZE])
{
    const char *host = endpoint + sizeof ENDPOINT_TCP - 1;
    const char *colon = strrchr(endpoint, ':');
    struct in6_addr six;
    char text[INET6_ADDRSTRLEN];
    size_t length;

    snprintf(name, NAME_SIZE, "%s", endpoint);
    if (endpoint_path(endpoint) != NULL || colon == NULL || colon < host)
        return;
    length = (size_t) (colon - host);
    if (length == strlen("localhost")
        && strncmp(host, "localhost", length) == 0) {
        snprintf(name, NAME_SIZE, ENDPOINT_TCP "127.0.0.1%s", colon);
    } else if (length > 2 && length < sizeof text && *host == '[') {
        snprintf(text, sizeof text, "%.*s", (int) length - 2, host + 1);
        if (inet_pton(AF_INET6, text, &six) == 1
            && inet_ntop(AF_INET6, &six, text, sizeof text) != NULL)
            snprintf(name, NAME_SIZE, ENDPOINT_TCP "[%s]%s", text, colon);
    }
}

int activation_find(const char *endpoint)
{
    char wanted[NAME_SIZE], name[NAME_SIZE];
    int end = FIRST + passed_count();

    normalize(endpoint, wanted);
    for (int fd = FIRST; fd < end; fd++) {
        if (format_endpoint(fd, name) != 0 || strcmp(name, wanted) != 0)
            continue;
        /* libzmq accepts in the thread that serves everybody. */
        if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0
            && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0)
            return fd;
    }
    return -1;
}

static int is_named(const struct config *config, const char *name)
{
    char wanted[NAME_SIZE];

    for (size_t i = 0; i < config->endpoint_count; i++) {
        normalize(config->endpoints[i], wanted);
        if (strcmp(wanted, name) == 0)
            return 1;
    }
    return 0;
}

int activation_adopt(struct config *config, char reason[CONFIG_REASON_SIZE])
{
    char name[NAME_SIZE];
    int end = FIRST + passed_count();

    for (int fd = FIRST; fd < end; fd++) {
        if (format_endpoint(fd, name) != 0) {
            snprintf(reason, CONFIG_REASON_SIZE,
                     _("descriptor %d, which was passed, is no listening "
                       "stream socket with a path or an address"),
                     fd);
            return -1;
        }
        if (!is_named(config, name)
            && config_set(config, config_key(0), name, reason) != 0)
            return -1;
    }
    return 0;
}
