#include <config.h>

#include "daemon/listener.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/activation.h"
#include "daemon/endpoint.h"
#include "po/intl.h"

/* Above the article limit, so that a client just over it is still answered
 * too_large: libzmq closes the connection of whoever sends a larger frame. */
#define MESSAGE_MARGIN 65536

static int set_options(void *socket, const struct config *config)
{
    const struct {
        int option, value;
    } rows[] = {
        /* A reply that cannot be sent is an error, not dropped in silence. */
        {ZMQ_ROUTER_MANDATORY, 1},
        /* Per client; memory is the mark times the message size. */
        {ZMQ_RCVHWM, 16},
        {ZMQ_SNDHWM, 64},
        /* The default of 100 loses connections in a burst. */
        {ZMQ_BACKLOG, 1024},
        {ZMQ_HANDSHAKE_IVL, 5000},
        /* The time-out is above the slowest upload: 4 MiB at 128 KiB/s. */
        {ZMQ_HEARTBEAT_IVL, 10000},
        {ZMQ_HEARTBEAT_TIMEOUT, 40000},
        {ZMQ_HEARTBEAT_TTL, 60000},
        {ZMQ_LINGER, 0},
    };
    int64_t largest = config->article_limit + MESSAGE_MARGIN;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (zmq_setsockopt(socket, rows[i].option, &rows[i].value,
                           sizeof rows[i].value)
            != 0)
            return -1;
    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
}

/* Connections are counted from the first on, so before any can come.  Those of
 * the control socket, which has no monitor, are root's and our own. */
static int watch(struct listener *listener)
{
    if (listener->monitor == NULL)
        return 0;
    errno = monitor_watch(listener->monitor, listener->socket,
                          listener->number);
    return errno != 0 ? -1 : 0;
}

/* libzmq unlinks whatever it finds at the path. */
static int is_free_for_socket(const char *path)
{
    struct stat status;

    return lstat(path, &status) != 0 || S_ISSOCK(status.st_mode);
}

static int take_path(struct listener *listener, const char *path,
                     char *reason)
{
    pid_t holder;
    int error = lock_take(&listener->lock, path, &holder);

    if (error == EEXIST) {
        snprintf(reason, LISTENER_REASON_SIZE,
                 holder > 0
                     ? _("%s is served by another precisd, process %ld")
                     : _("%s is served by another precisd"),
                 path, (long) holder);
        return EX_UNAVAILABLE;
    }
    if (error != 0) {
        snprintf(reason, LISTENER_REASON_SIZE, _("cannot write %s.lock: %s"),
                 path, strerror(error));
        return error == EACCES || error == EPERM ? EX_NOPERM : EX_UNAVAILABLE;
    }
    if (!is_free_for_socket(path)) {
        snprintf(reason, LISTENER_REASON_SIZE,
                 _("%s is there and is no socket; it is left alone"), path);
        return EX_UNAVAILABLE;
    }
    return 0;
}

/* Nobody can connect between bind and the right mode. */
static int bind_path(struct listener *listener, const char *endpoint,
                     const struct config *config, char *reason)
{
    const char *path = endpoint_path(endpoint);
    mode_t mask;
    int status = take_path(listener, path, reason);
    int error = 0;

    if (status != 0)
        return status;
    mask = umask(0177);
    if (zmq_bind(listener->socket, endpoint) != 0)
        error = errno;
    umask(mask);
    if (error == 0)
        error = endpoint_set_access(path, config->socket_group,
                                    config->socket_mode);
    if (error == 0)
        return 0;
    snprintf(reason, LISTENER_REASON_SIZE, _("cannot serve on %s: %s"),
             endpoint, zmq_strerror(error));
    return error == EACCES || error == EPERM ? EX_NOPERM : EX_UNAVAILABLE;
}

static int bind_address(struct listener *listener, const char *endpoint,
                        char *reason)
{
    static const char localhost[] = ENDPOINT_TCP "localhost";
    char numeric[LISTENER_ENDPOINT_SIZE];
    int is_ipv6 = strchr(endpoint, '[') != NULL;

    /* libzmq binds to numbers and interfaces, not to names. */
    if (strncmp(endpoint, localhost, sizeof localhost - 1) == 0)
        snprintf(numeric, sizeof numeric, ENDPOINT_TCP "127.0.0.1%s",
                 endpoint + sizeof localhost - 1);
    else
        snprintf(numeric, sizeof numeric, "%s", endpoint);
    zmq_setsockopt(listener->socket, ZMQ_IPV6, &is_ipv6, sizeof is_ipv6);
    if (zmq_bind(listener->socket, numeric) == 0)
        return 0;
    snprintf(reason, LISTENER_REASON_SIZE, _("cannot serve on %s: %s"),
             endpoint, zmq_strerror(errno));
    return errno == EACCES ? EX_NOPERM : EX_UNAVAILABLE;
}

/* No tcp without keys but on loopback, whatever the options say. */
static int guard(struct listener *listener, const char *endpoint,
                 const struct security *security, char *reason)
{
    int error = security_guard(security, listener->socket);

    listener->is_guarded = security->zap != NULL;
    if (error == 0 && (listener->is_guarded || !endpoint_is_remote(endpoint)))
        return 0;
    snprintf(reason, LISTENER_REASON_SIZE, _("cannot serve on %s: %s"),
             endpoint, error != 0 ? zmq_strerror(error) : _("without keys"));
    return EX_CONFIG;
}

/* A socket that systemd opened has its path, group and mode from there, and
 * stays when we go: no lock, nothing to remove. */
static int bind_passed(struct listener *listener, const char *endpoint,
                       char *reason)
{
    if (zmq_bind(listener->socket, endpoint) == 0)
        return 0;
    snprintf(reason, LISTENER_REASON_SIZE, _("cannot serve on %s: %s"),
             endpoint, zmq_strerror(errno));
    return EX_UNAVAILABLE;
}

static int bind_endpoint(struct listener *listener, const char *endpoint,
                         const struct config *config, char *reason)
{
    int fd = activation_find(endpoint);

    /* Always set: the option stays until it is set again. */
    if (zmq_setsockopt(listener->socket, ZMQ_USE_FD, &fd, sizeof fd) != 0) {
        snprintf(reason, LISTENER_REASON_SIZE, _("cannot open a socket: %s"),
                 zmq_strerror(errno));
        return EX_OSERR;
    }
    if (endpoint_path(endpoint) == NULL)
        return bind_address(listener, endpoint, reason);
    return fd >= 0 ? bind_passed(listener, endpoint, reason)
                   : bind_path(listener, endpoint, config, reason);
}

int listener_open(struct listener *listener, void *context,
                  const char *endpoint, const struct config *config,
                  const struct security *security,
                  char reason[LISTENER_REASON_SIZE])
{
    size_t size = sizeof listener->endpoint;
    int status = 0;

    *listener = (struct listener){.monitor = listener->monitor,
                                  .number = listener->number,
                                  .lock = {.fd = -1}};
    listener->socket = zmq_socket(context, ZMQ_ROUTER);
    if (listener->socket == NULL
        || set_options(listener->socket, config) != 0
        || watch(listener) != 0) {
        snprintf(reason, LISTENER_REASON_SIZE, _("cannot open a socket: %s"),
                 zmq_strerror(errno));
        return EX_OSERR;
    }
    snprintf(listener->endpoint, size, "%s", endpoint);
    if (endpoint_path(endpoint) == NULL)
        status = guard(listener, endpoint, security, reason);
    if (status == 0)
        status = bind_endpoint(listener, endpoint, config, reason);
    if (status == 0 && endpoint_path(endpoint) == NULL)
        zmq_getsockopt(listener->socket, ZMQ_LAST_ENDPOINT,
                       listener->endpoint, &size);
    return status;
}

void listener_close(struct listener *listener, int linger_ms)
{
    if (listener->socket == NULL)
        return;
    if (listener->monitor != NULL)
        monitor_unwatch(listener->socket);
    zmq_setsockopt(listener->socket, ZMQ_LINGER, &linger_ms,
                   sizeof linger_ms);
    zmq_close(listener->socket);
    listener->socket = NULL;
}

void listener_leave(struct listener *listener)
{
    if (listener->lock.fd < 0)
        return;
    /* libzmq has removed the socket already, unless it was cut short. */
    if (is_free_for_socket(endpoint_path(listener->endpoint)))
        unlink(endpoint_path(listener->endpoint));
    lock_release(&listener->lock);
}
