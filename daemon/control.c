/* The socket's mode keeps everybody else out before a byte is read; the peer's
 * uid, which the kernel tells libzmq, is looked at all the same, since a mode
 * can be changed by hand. */
#include <config.h>

#include "daemon/control.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/endpoint.h"
#include "daemon/log.h"
#include "daemon/lograte.h"
#include "daemon/reload.h"
#include "daemon/server.h"
#include "po/intl.h"

#define CONTROL_MODE 0600
#define CONTROL_NONE "none"

/* "" where there is to be none. */
static void find_endpoint(const struct config *config, char *endpoint,
                          size_t size)
{
    char reason[CONFIG_REASON_SIZE];

    *endpoint = '\0';
    if (config->control_endpoint != NULL) {
        if (strcmp(config->control_endpoint, CONTROL_NONE) != 0)
            snprintf(endpoint, size, "%s", config->control_endpoint);
        return;
    }
    for (size_t i = 0; i < config->endpoint_count; i++)
        if (control_default(config->endpoints[i], endpoint, size) == 0
            && endpoint_check(endpoint, reason, sizeof reason) == 0)
            return;
    *endpoint = '\0';
}

int control_open(struct server *server, char *reason, size_t size)
{
    struct listener *listener = &server->listeners[CONTROL_LISTENER];
    struct config private = *server->config;
    char endpoint[LISTENER_ENDPOINT_SIZE];
    char why[LISTENER_REASON_SIZE];
    int status;

    find_endpoint(server->config, endpoint, sizeof endpoint);
    if (*endpoint == '\0')
        return 0;
    private.socket_mode = CONTROL_MODE;
    private.socket_group = NULL;
    status = listener_open(listener, server->context, endpoint, &private,
                           &server->security, why);
    if (status == 0)
        return 0;
    listener_close(listener, 0);
    if (server->config->control_endpoint == NULL) {
        log_line(LOG_LEVEL_WARNING, "no control socket: %s", why);
        return 0;
    }
    snprintf(reason, size, "%s", why);
    return status;
}

int control_is_open(const struct server *server)
{
    return server->listeners[CONTROL_LISTENER].socket != NULL;
}

/* Root, and whoever the service runs as. */
static int is_peer_allowed(const struct job *job, long *uid)
{
    *uid = message_peer_uid(job->message);
    return *uid == 0 || (*uid > 0 && (uid_t) *uid == geteuid());
}

int control_check(const struct server *server, const struct job *job,
                  enum op op, precis_error *error)
{
    const struct listener *control = &server->listeners[CONTROL_LISTENER];
    size_t size = sizeof error->message;
    long uid;

    error->code = PRECIS_EDENIED;
    if (job->listener != CONTROL_LISTENER) {
        if (op != OP_RELOAD && op != OP_DRAIN)
            return error->code = 0;
        if (control->socket == NULL)
            snprintf(error->message, size,
                     "%s is done on a control socket only, and this service "
                     "has none",
                     op_name(op));
        else
            snprintf(error->message, size,
                     "%s is done on the control socket only, %.128s",
                     op_name(op), control->endpoint);
    } else if (!is_peer_allowed(job, &uid)) {
        snprintf(error->message, size,
                 "the control socket is for root and the user of the service");
        if (lograte_allows((unsigned) uid % LOGRATE_SOURCES, clock_us()))
            log_line(LOG_LEVEL_WARNING, "control denied uid=%ld op=%s", uid,
                     op_name(op));
    } else if (op_has_article(op)) {
        snprintf(error->message, size,
                 "the control socket takes no articles");
    } else {
        return error->code = 0;
    }
    return error->code;
}

static void add_number(struct buffer *out, const char *key, uint64_t number)
{
    buffer_add_key(out, key);
    buffer_add_number(out, number);
}

static void add_text(struct buffer *out, const char *key, const char *text)
{
    buffer_add_key(out, key);
    buffer_add_json(out, text, strlen(text));
}

void control_format_status(struct server *server)
{
    const struct config *config = server->config;
    struct buffer *out = &server->header;
    struct rates *waits = &server->stats.waits;
    uint64_t now_us = clock_us();

    add_text(out, "control_endpoint",
             server->listeners[CONTROL_LISTENER].endpoint);
    if (config->file != NULL)
        add_text(out, "config_file", config->file);
    add_number(out, "config_files", config->file_count);
    add_number(out, "config_time", (uint64_t) server->stats.reload_time);
    add_number(out, "reloads", server->stats.reloads);
    buffer_add_key(out, "reload_is_good");
    buffer_add_string(out, server->stats.reload_is_good ? "true" : "false");
    add_text(out, "log_level", log_level_name((int) config->log_level));
    add_number(out, "wait_p50_us", rates_percentile(waits, now_us, 50));
    add_number(out, "wait_p99_us", rates_percentile(waits, now_us, 99));
    add_number(out, "unread_replies", server->waiting.count);
    add_number(out, "unread_bytes", server->waiting.bytes);
    add_number(out, "denied", server->stats.denied);
    add_number(out, "handshakes_refused", server->security.refused);
    add_number(out, "addresses_blocked",
               server->security.zap != NULL
                   ? failures_blocked(security_failures(&server->security))
                   : 0);
    add_number(out, "replaced", server->stats.replaced);
    add_number(out, "total_sentences", server->stats.sentences);
}

void control_reload(struct server *server)
{
    server_reload(server, &server->header);
}

void control_drain(struct server *server)
{
    static const char state[] = "draining";

    if (server->stop_us == 0)
        server_stop(server, "drain");
    buffer_add_key(&server->header, "state");
    buffer_add_json(&server->header, state, sizeof state - 1);
    buffer_add_key(&server->header, "in_flight");
    buffer_add_number(&server->header, server->in_flight);
}
