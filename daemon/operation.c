#include <config.h>

#include "daemon/operation.h"

#include "daemon/accept.h"
#include "daemon/control.h"
#include "protocol/answer.h"

static struct gauges gauges_now(struct server *server)
{
    size_t bytes;
    size_t queued = queue_count(&server->workers.todo, &bytes);
    size_t busy = server->in_flight > queued ? server->in_flight - queued : 0;
    struct connection_counts counts;

    monitor_count(server->monitor, &counts);

    return (struct gauges){
        .is_draining = server->stop_us != 0,
        .endpoints = server->endpoints,
        .endpoint_count = server->listener_count,
        .workers = server->workers.count,
        .workers_busy
        = busy < server->workers.count ? busy : server->workers.count,
        .queued = queued,
        .queue_length = (size_t) server->config->queue_length,
        .queued_bytes = bytes,
        .queue_bytes = (size_t) server->config->queue_bytes,
        .in_flight = server->in_flight,
        .article_limit = (size_t) server->config->article_limit,
        .timeout = (size_t) server->config->timeout,
        .clients = server->clients.count,
        .connections = counts.open,
        .connection_limit = counts.limit,
        .connections_accepted = counts.accepted,
        .connections_refused = {
            [REFUSAL_LIMIT] = counts.refused,
            [REFUSAL_ADDRESS] = counts.refused_address,
            [REFUSAL_FAILURES] = counts.refused_failures,
            [REFUSAL_DESCRIPTORS] = accept_refused()},
        .connections_cut = {
            [CUT_ENDLESS] = guard_cut_endless(server->guard),
            [CUT_MEMORY] = guard_cut_alarm(server->guard),
            [CUT_SLOW] = server->cut_slow},
        .handshakes_refused = server->security.refused,
        .memory_is_short = guard_is_alarmed(server->guard),
    };
}

static void format_ping(struct server *server)
{
    buffer_add_key(&server->header, "article_limit");
    buffer_add_number(&server->header,
                      (unsigned long long) server->config->article_limit);
}

static void format_status(struct server *server)
{
    struct gauges gauges = gauges_now(server);

    stats_format_status(&server->stats, &gauges, &server->header);
}

static void format_metrics(struct server *server)
{
    struct gauges gauges = gauges_now(server);

    stats_format_metrics(&server->stats, &gauges, &server->body);
}

/* By operation; those that are not here are for the workers. */
static void (*const own_operations[OP_COUNT])(struct server *) = {
    [OP_PING] = format_ping,
    [OP_STATUS] = format_status,
    [OP_METRICS] = format_metrics,
    [OP_RELOAD] = control_reload,
    [OP_DRAIN] = control_drain,
};

int operation_answer(struct server *server, const struct job *job,
                     const struct request *request)
{
    if (request->op == OP_LANGUAGES) /* needs no engine */
        return answer(NULL, request, "", 0, &server->header, &server->body,
                      NULL);
    reply_format_start(request, &server->header);
    own_operations[request->op](server);
    if (request->op == OP_STATUS && job->listener == CONTROL_LISTENER)
        control_format_status(server);
    reply_format_end(&server->header);
    return 0;
}

int operation_is_own(enum op op)
{
    return op == OP_LANGUAGES || own_operations[op] != NULL;
}
