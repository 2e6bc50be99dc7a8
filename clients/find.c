#include <config.h>

#include "clients/find.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clients/error.h"

#define SYSTEM_ENDPOINT "ipc:///run/precis/precis.sock"
#define TCP "tcp://"

/* Connects without blocking and waits for the outcome; 0 or an errno.  A full
 * backlog (EAGAIN) is a service that is slow, not one that is absent. */
static int connect_errno(int family, const struct sockaddr *address,
                         socklen_t size, unsigned timeout_ms)
{
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int result = 0;
    socklen_t result_size = sizeof result;

    if (fd < 0)
        return errno;
    if (connect(fd, address, size) != 0)
        result = errno;
    if (result == EAGAIN) {
        result = 0;
    } else if (result == EINPROGRESS) {
        struct pollfd waiting = {.fd = fd, .events = POLLOUT};
        int wait = timeout_ms < 1000000 ? (int) timeout_ms : 1000000;
        int ready = poll(&waiting, 1, wait);

        if (ready == 0)
            result = ETIMEDOUT;
        else if (ready < 0
                 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &result_size)
                        != 0)
            result = errno;
    }
    close(fd);
    return result;
}

/* What an errno of connect(2) means to the caller. */
static int connect_verdict(const char *name, int result, precis_error *error)
{
    char why[128];

    if (result == 0)
        return 0;
    if (result == EACCES || result == EPERM)
        return error_set(error, PRECIS_EDENIED, "endpoint",
                         "not permitted to use %s: its users are the members "
                         "of its group (adduser NAME precis)",
                         name);
    error_reason(why, sizeof why, error_system, result);
    return error_set(error, PRECIS_ENO_ANSWER, "endpoint",
                     "no service answers at %s: %s", name, why);
}

static int bad_endpoint(const char *name, precis_error *error)
{
    return error_set(error, PRECIS_EBAD_REQUEST, "endpoint",
                     "\"%.64s\" is no endpoint: ipc://PATH or "
                     "tcp://HOST:PORT is",
                     name);
}

/* A path that begins with @ is one of Linux's abstract names. */
static int ipc_probe(const char *name, const char *path, struct endpoint *found,
                     precis_error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    size_t size = sizeof address;
    int code;

    if (length == 0)
        return bad_endpoint(name, error);
    if (length >= sizeof address.sun_path)
        return error_set(error, PRECIS_EBAD_REQUEST, "endpoint",
                         "the path of an endpoint has at most %zu bytes: %s",
                         sizeof address.sun_path - 1, name);
    memcpy(address.sun_path, path, length + 1);
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
        size = offsetof(struct sockaddr_un, sun_path) + length;
    }
    code = connect_verdict(name,
                           connect_errno(AF_UNIX,
                                         (const struct sockaddr *) &address,
                                         (socklen_t) size, 0),
                           error);
    if (code != 0)
        return code;
    snprintf(found->address, sizeof found->address, "%s", name);
    found->is_ipv6 = 0;
    return 0;
}

/* Splits HOST:PORT or [HOST]:PORT. */
static int host_split(const char *rest, char host[ENDPOINT_SIZE],
                      const char **port)
{
    const char *colon = strrchr(rest, ':');
    size_t length;

    if (colon == NULL || colon == rest || colon[1] == '\0'
        || colon[1 + strspn(colon + 1, "0123456789")] != '\0')
        return -1;
    length = (size_t) (colon - rest);
    if (rest[0] == '[' && length > 2 && rest[length - 1] == ']') {
        rest++;
        length -= 2;
    }
    if (length >= ENDPOINT_SIZE)
        return -1;
    memcpy(host, rest, length);
    host[length] = '\0';
    *port = colon + 1;
    return 0;
}

/* The address that accepted, in digits: ZeroMQ tries only the first that a
 * name stands for. */
static int address_format(const struct addrinfo *row, struct endpoint *found)
{
    char host[64], port[16];

    if (getnameinfo(row->ai_addr, row->ai_addrlen, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV)
        != 0)
        return EADDRNOTAVAIL;
    found->is_ipv6 = row->ai_family == AF_INET6;
    snprintf(found->address, sizeof found->address,
             found->is_ipv6 ? "tcp://[%s]:%s" : "tcp://%s:%s", host, port);
    return 0;
}

static int tcp_probe(const char *name, const char *rest, unsigned timeout_ms,
                     struct endpoint *found, precis_error *error)
{
    static const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                          .ai_socktype = SOCK_STREAM,
                                          .ai_flags = AI_NUMERICSERV};
    char host[ENDPOINT_SIZE];
    const char *port;
    struct addrinfo *rows;
    int result = EADDRNOTAVAIL;
    char why[128];
    int looked_up;

    if (host_split(rest, host, &port) != 0)
        return bad_endpoint(name, error);
    looked_up = getaddrinfo(host, port, &hints, &rows);
    if (looked_up == EAI_MEMORY)
        return error_memory(error);
    if (looked_up != 0) {
        error_reason(why, sizeof why, gai_strerror, looked_up);
        return error_set(error, PRECIS_ENO_ANSWER, "endpoint",
                         "no service answers at %s: %s", name, why);
    }
    for (const struct addrinfo *row = rows; row != NULL && result != 0;
         row = row->ai_next) {
        result = connect_errno(row->ai_family, row->ai_addr, row->ai_addrlen,
                               timeout_ms);
        if (result == 0)
            result = address_format(row, found);
    }
    freeaddrinfo(rows);
    return connect_verdict(name, result, error);
}

int endpoint_is_tcp(const char *name)
{
    return strncmp(name, TCP, sizeof TCP - 1) == 0;
}

int endpoint_probe(const char *name, unsigned timeout_ms,
                   struct endpoint *found, precis_error *error)
{
    struct endpoint trial = {.is_ipv6 = 0};
    int code;

    if (strlen(name) >= sizeof trial.name)
        return bad_endpoint(name, error);
    memcpy(trial.name, name, strlen(name) + 1);
    if (strncmp(name, "ipc://", 6) == 0)
        code = ipc_probe(name, name + 6, &trial, error);
    else if (endpoint_is_tcp(name))
        code = tcp_probe(name, name + sizeof TCP - 1, timeout_ms, &trial,
                         error);
    else
        code = bad_endpoint(name, error);
    if (code == 0)
        *found = trial;
    return code;
}

int endpoint_find(const char *name, unsigned timeout_ms, struct endpoint *found,
                  precis_error *error)
{
    const char *given = name != NULL ? name : getenv("PRECIS_ENDPOINT");
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    char user[ENDPOINT_SIZE];
    precis_error user_error = {.code = PRECIS_ENO_ANSWER};
    int code;

    if (given != NULL && (name != NULL || given[0] != '\0'))
        return endpoint_probe(given, timeout_ms, found, error);
    if (runtime != NULL && runtime[0] == '/'
        && (size_t) snprintf(user, sizeof user, "ipc://%s/precis/precis.sock",
                             runtime)
               < sizeof user
        && endpoint_probe(user, timeout_ms, found, &user_error) == 0)
        return 0;
    code = endpoint_probe(SYSTEM_ENDPOINT, timeout_ms, found, error);
    if (code == 0 || user_error.code != PRECIS_EDENIED)
        return code;
    if (error != NULL)
        *error = user_error;
    return PRECIS_EDENIED;
}
