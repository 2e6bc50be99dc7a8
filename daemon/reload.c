/* Everything is read and checked before anything changes: the loader builds a
 * whole new struct config, by the same way as at the start (files, then
 * options).  Then each key that differs is taken over by its row here, or
 * named as one that needs a restart.
 *
 * To have something else read again: a check that fails goes where the
 * configuration is loaded, what takes it over goes into take_over(). */
#include <config.h>

#include "daemon/reload.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/endpoint.h"
#include "daemon/log.h"
#include "daemon/notify.h"

/* Faults told in a reply; the log has all. */
#define ERRORS_MAX 50

/* ---- keys ---- */

static int apply_queue(struct server *server, const struct config *config)
{
    queue_limit(&server->workers.todo, (size_t) config->queue_length,
                (size_t) config->queue_bytes);
    return 0;
}

/* The sockets were opened for messages of the size that was the limit then. */
static int apply_article_limit(struct server *server,
                               const struct config *config)
{
    if (config->article_limit > server->article_limit_max)
        return -1;
    server->workers.article_limit = (size_t) config->article_limit;
    return 0;
}

static int apply_summary_limit(struct server *server,
                               const struct config *config)
{
    server->workers.summary_limit = (size_t) config->summary_limit;
    return 0;
}

static int apply_timeout(struct server *server, const struct config *config)
{
    server->workers.timeout = (unsigned) config->timeout;
    return 0;
}

static int apply_log_level(struct server *server, const struct config *config)
{
    (void) server;
    log_set_level((int) config->log_level);
    return 0;
}

/* Sockets that are not ours to change have no lock. */
static int apply_access(struct server *server, const struct config *config)
{
    int error = 0;

    if (config->socket_group == NULL && server->config->socket_group != NULL)
        return -1;
    for (size_t i = 0; i < server->listener_count && error == 0; i++) {
        const struct listener *listener = &server->listeners[i];

        if (listener->lock.fd >= 0)
            error = endpoint_set_access(endpoint_path(listener->endpoint),
                                        config->socket_group,
                                        config->socket_mode);
    }
    return error;
}

/* Who is connected stays. */
static int apply_connections(struct server *server,
                             const struct config *config)
{
    monitor_set_limits(server->monitor, server_connection_limit(config),
                       (size_t) config->connections_per_address);
    return 0;
}

static int apply_memory_alarm(struct server *server,
                              const struct config *config)
{
    guard_set_alarm(server->guard, (size_t) config->memory_alarm);
    return 0;
}

/* The keys that can change at run time, each with what it takes besides the
 * value itself: 0, or not: only a restart will do.  NULL: nothing. */
static const struct {
    const char *key;
    int (*apply)(struct server *server, const struct config *config);
} rows[] = {
    {"socket-mode", apply_access},
    {"socket-group", apply_access},
    {"authorized-keys", NULL}, /* security_change() takes what it holds */
    {"queue-length", apply_queue},
    {"queue-bytes", apply_queue},
    {"article-limit", apply_article_limit},
    {"summary-limit", apply_summary_limit},
    {"timeout", apply_timeout},
    {"log-level", apply_log_level},
    {"connections", apply_connections},
    {"connections-per-address", apply_connections},
    {"memory-alarm", apply_memory_alarm},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static size_t find_row(const char *name)
{
    size_t i = 0;

    while (i < ROW_COUNT && strcmp(rows[i].key, name) != 0)
        i++;
    return i;
}

int reload_has_key(const char *name)
{
    return find_row(name) < ROW_COUNT;
}

/* ---- the verdict ---- */

struct verdict {
    char *errors; /* owned; "FILE:LINE: reason", a line each */
    struct buffer changed, needs_restart; /* "KEY,KEY" */
};

static void name_key(struct buffer *list, const char *name)
{
    if (list->size > 0)
        buffer_add_string(list, ",");
    buffer_add_string(list, name);
}

/* Can the service take it over as it runs?  Then it has, but for the value. */
static int key_apply(struct server *server, const struct config *config,
                     const struct config_key *key)
{
    size_t row = find_row(key->name);

    return row < ROW_COUNT
           && (rows[row].apply == NULL
               || rows[row].apply(server, config) == 0);
}

/* No value moves before all are applied: a row may look at several. */
static void take_over(struct server *server, struct config *config,
                      struct verdict *verdict)
{
    const struct config_key *key;
    int is_taken[RELOAD_KEYS_MAX] = {0};

    server->config->file_count = config->file_count;
    for (size_t i = 0; (key = config_key(i)) != NULL; i++) {
        if (config_is_same(server->config, config, key))
            continue;
        is_taken[i] = key_apply(server, config, key);
        name_key(is_taken[i] ? &verdict->changed : &verdict->needs_restart,
                 key->name);
    }
    for (size_t i = 0; (key = config_key(i)) != NULL; i++)
        if (is_taken[i])
            config_swap(server->config, config, key);
}

/* The clients that may connect with CURVE. */
static int read_clients(const struct server *server,
                        const struct config *config, struct key_list *clients,
                        FILE *errors)
{
    char reason[SECURITY_REASON_SIZE];

    if (security_read(&server->security, config, clients, reason) == 0)
        return 0;
    fprintf(errors, "%s\n", reason);
    return -1;
}

/* Logs and replies are in English, whatever the service's own language. */
static int load(struct server *server, struct config *config,
                struct key_list *clients, char **errors)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t) 0);
    locale_t before = plain != (locale_t) 0 ? uselocale(plain) : plain;
    size_t size;
    FILE *stream = open_memstream(errors, &size);
    int status = -1;

    if (stream != NULL) {
        status = server->load(server->load_context, config, stream);
        if (status == 0)
            status = read_clients(server, config, clients, stream);
        if (fclose(stream) != 0)
            status = -1;
    }
    if (plain != (locale_t) 0) {
        uselocale(before);
        freelocale(plain);
    }
    return status;
}

/* ---- telling it ---- */

static void add_list(struct buffer *out, const char *key, const char *text,
                     size_t size, char end)
{
    size_t count = 0;

    buffer_add_key(out, key);
    buffer_add_string(out, "[");
    while (size > 0 && count++ < ERRORS_MAX) {
        const char *next = memchr(text, end, size);
        size_t length = next != NULL ? (size_t) (next - text) : size;

        if (count > 1)
            buffer_add_string(out, ",");
        buffer_add_json(out, text, length);
        length += next != NULL;
        text += length;
        size -= length;
    }
    buffer_add_string(out, "]");
}

static void tell(const struct verdict *verdict, int is_good,
                 struct buffer *out)
{
    const char *errors = verdict->errors != NULL ? verdict->errors : "";

    buffer_add_key(out, "reloaded");
    buffer_add_string(out, is_good ? "true" : "false");
    add_list(out, "changed", verdict->changed.data, verdict->changed.size,
             ',');
    add_list(out, "needs_restart", verdict->needs_restart.data,
             verdict->needs_restart.size, ',');
    add_list(out, "errors", errors, strlen(errors), '\n');
}

static void log_errors(const char *errors)
{
    char text[LOG_FIELD_SIZE];

    while (errors != NULL && *errors != '\0') {
        size_t size = strcspn(errors, "\n");

        log_line(LOG_LEVEL_ERROR, "reload error: %s",
                 log_escape(text, errors, size));
        errors += size + (errors[size] == '\n');
    }
}

static void log_verdict(const struct verdict *verdict, int is_good,
                        uint64_t us)
{
    const struct buffer *lists[] = {&verdict->changed,
                                    &verdict->needs_restart};

    if (!is_good) {
        log_errors(verdict->errors);
        log_line(LOG_LEVEL_ERROR, "reload failed, nothing changed us=%llu",
                 (unsigned long long) us);
        return;
    }
    log_line(LOG_LEVEL_NOTICE, "reloaded changed=%.*s needs_restart=%.*s "
             "us=%llu",
             lists[0]->size > 0 ? (int) lists[0]->size : 1,
             lists[0]->size > 0 ? lists[0]->data : "-",
             lists[1]->size > 0 ? (int) lists[1]->size : 1,
             lists[1]->size > 0 ? lists[1]->data : "-",
             (unsigned long long) us);
}

int server_reload(struct server *server, struct buffer *out)
{
    uint64_t begin = clock_us();
    struct verdict verdict = {0};
    struct key_list clients = {0};
    struct config config;
    int is_good;

    /* One that is stopping has said so, and stays with it. */
    if (server->stop_us == 0)
        notify_send("RELOADING=1\nMONOTONIC_USEC=%llu\nSTATUS=reading the "
                "configuration",
                (unsigned long long) begin);
    config_init(&config);
    is_good = load(server, &config, &clients, &verdict.errors) == 0;
    if (is_good) {
        take_over(server, &config, &verdict);
        security_change(&server->security, &clients);
    }
    config_clear(&config);
    stats_reload(&server->stats, is_good);
    log_verdict(&verdict, is_good, clock_us() - begin);
    if (out != NULL)
        tell(&verdict, is_good, out);
    if (server->stop_us == 0)
        notify_send("READY=1\nSTATUS=%s on %s",
                is_good ? "ready" : "bad configuration not taken; ready",
                server->endpoints_text);
    free(verdict.errors);
    buffer_clear(&verdict.changed);
    buffer_clear(&verdict.needs_restart);
    return is_good ? 0 : -1;
}
