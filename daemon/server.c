/* One thread polls: the ROUTER sockets, an eventfd that workers ring when a
 * reply is ready, and a signalfd.  It never waits for a client or a worker;
 * what it does itself is short (workers_do()).
 *
 * The end: sockets stay bound to the last, since libzmq's unbind would cut
 * the connections whose replies are still to be sent. */
#include <config.h>

#include "daemon/server.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/accept.h"
#include "daemon/control.h"
#include "daemon/log.h"
#include "daemon/lograte.h"
#include "daemon/notify.h"
#include "daemon/reload.h"
#include "daemon/request.h"
#include "daemon/schedule.h"
#include "daemon/state.h"
#include "po/intl.h"

/* Messages read from one socket before the others have their turn. */
#define TURN_MAX 20

/* While each worker has so many requests before it, nobody gains when those
 * that come are read one by one: the loop sleeps until replies are ready, and
 * for so long at most, then reads all there are; all else waits for as long.
 * Each time less that it wakes saves 5 to 10 us.  The end is behind the next
 * tick of the kernel (4 ms at 250 a second): one that is before it sets the
 * clock anew each time, for which a virtual machine stops. */
#define PAUSE_EACH 2
#define PAUSE_MS 5

/* Messages read at the very end, so that a flood cannot hold the end up. */
#define LAST_TURN_MAX 1000

/* After SIGTERM: requests that come within the first time are told so, and
 * longer while some still come, since where cores are short a client is late
 * with what it sent before it was told; but not for ever, since some send
 * whatever they are told.  What still waits after DRAIN_QUEUE_US is answered
 * timeout; after DRAIN_MAX_US whatever is not finished is given up. */
#define DRAIN_MIN_US 1000000
#define DRAIN_QUIET_US 500000
#define DRAIN_LATE_US 3000000
#define DRAIN_QUEUE_US 8000000
#define DRAIN_MAX_US 10000000
#define DRAIN_POLL_MS 50
#define LINGER_MS 2000

/* Free memory goes back to the system when nothing has happened for a second
 * and so much has passed through since the last time. */
#define TRIM_BYTES (8u << 20)
#define TRIM_POLL_MS 1000

/* For lines of the log that were held back. */
#define LOG_POLL_MS 1000
/* What a request has beside its article: header, envelope, framing; and what
 * makes an article just too large. */
#define MESSAGE_ROOM (256u << 10)

/* Descriptors wanted, as far as the hard limit allows: libzmq aborts when it
 * runs out of them. */
#define DESCRIPTORS 16384

/* ---- the end ---- */

void server_stop(struct server *server, const char *cause)
{
    server->stop_us = clock_us();
    log_line(LOG_LEVEL_NOTICE, "stopping cause=%s in_flight=%zu", cause,
             server->in_flight);
    notify_send("STOPPING=1\nSTATUS=finishing %zu requests",
                server->in_flight);
}

static void stop_by_signal(struct server *server, unsigned signal_number)
{
    if (server->stop_us == 0) {
        server_stop(server, signal_number == SIGINT ? "SIGINT" : "SIGTERM");
    } else {
        log_line(LOG_LEVEL_WARNING, "second signal: stopping at once");
        server->is_over = 1;
    }
}

static void stop_step(struct server *server)
{
    uint64_t passed = clock_us() - server->stop_us;

    if (passed >= DRAIN_QUEUE_US)
        requests_expire(server);
    if (passed >= DRAIN_MAX_US)
        server->is_over = 1;
    if (passed < DRAIN_MIN_US || server->in_flight > 0
        || server->waiting.count > 0)
        return;
    if (passed < DRAIN_LATE_US && clock_us() - server->told_us < DRAIN_QUIET_US)
        return;
    for (size_t i = 0; i < server->listener_count; i++)
        requests_read(server, i, LAST_TURN_MAX, 0);
    if (control_is_open(server))
        requests_read(server, CONTROL_LISTENER, LAST_TURN_MAX, 0);
    server->is_over = 1;
}

/* Somebody was refused; or keys are not checked any more, and nobody must be
 * served whose key was not. */
static void check_security(struct server *server)
{
    if (security_answer_bell(&server->security) == 0)
        return;
    server->status = EX_SOFTWARE;
    server->is_over = 1;
}

static void read_signals(struct server *server)
{
    struct signalfd_siginfo info;

    while (read(server->signal_fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo != SIGHUP)
            stop_by_signal(server, info.ssi_signo);
        else if (server->stop_us == 0)
            server_reload(server, NULL);
    }
}

/* ---- the loop ---- */

/* What it waits for; listeners and the control socket follow. */
enum { ITEM_SIGNAL, ITEM_WAKE, ITEM_BELL /* where keys are checked */ };

static long poll_timeout(const struct server *server)
{
    long wait = guard_timeout(server->guard);

    if (server->waiting.count > 0)
        return WAITING_RETRY_MS;
    if (server->stop_us != 0)
        return DRAIN_POLL_MS;
    if (lograte_is_pending() && (wait < 0 || wait > LOG_POLL_MS))
        return LOG_POLL_MS;
    if (server->trim_bytes >= TRIM_BYTES && wait < 0)
        return TRIM_POLL_MS;
    return wait;
}

/* Is nothing under way? */
static int is_idle(const struct server *server)
{
    return server->in_flight == 0 && server->waiting.count == 0
           && server->stop_us == 0;
}

/* Nothing happened for a while. */
static void give_back(struct server *server)
{
    if (server->in_flight > 0 || server->trim_bytes < TRIM_BYTES
        || clock_us() - server->busy_us < TRIM_POLL_MS * 1000)
        return;
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    server->trim_bytes = 0;
}

/* Without the sockets: the descriptors stand first. */
static void pause_reading(struct server *server)
{
    size_t queued = queue_count(&server->workers.todo, NULL);

    if (queued >= server->workers.count * PAUSE_EACH && !server->has_more
        && server->stop_us == 0)
        polling_wait(server->items, (int) server->descriptor_count, PAUSE_MS);
}

static void loop_turn(struct server *server)
{
    struct polling_item *sockets = server->items + server->descriptor_count;
    size_t count = server->listener_count;
    int has_control = control_is_open(server);
    int ready;

    pause_reading(server);
    ready = awake_wait(&server->awake, server->items,
                       (int) (server->descriptor_count + count) + has_control,
                       watchdog_timeout(&server->watchdog,
                                        poll_timeout(server)),
                       is_idle(server));
    if (ready < 0 && errno != EINTR) {
        log_line(LOG_LEVEL_ERROR, "polling failed: %s", zmq_strerror(errno));
        server->status = EX_OSERR;
        server->is_over = 1;
        return;
    }
    if (lograte_is_pending())
        lograte_tell(clock_us());
    if (ready == 0)
        give_back(server);
    else
        server->busy_us = clock_us();
    if (ready > 0 && server->items[ITEM_SIGNAL].is_ready)
        read_signals(server);
    /* Whenever the loop is awake: workers do not wake it for each reply. */
    requests_finish(server, ready > 0 && server->items[ITEM_WAKE].is_ready);
    if (ready > 0 && server->descriptor_count > ITEM_BELL
        && server->items[ITEM_BELL].is_ready)
        check_security(server);
    if (server->waiting.count > 0)
        requests_retry(server);
    guard_step(server->guard);
    server->has_more = 0;
    for (size_t i = 0; ready >= 0 && i < count && !server->is_over; i++) {
        if (sockets[i].is_ready)
            server->has_more |= requests_read(server, i, TURN_MAX, ready == 1);
        else
            guard_drained(server->guard, i);
    }
    if (ready > 0 && has_control && sockets[count].is_ready)
        requests_read(server, CONTROL_LISTENER, TURN_MAX, 0);
    if (server->stop_us != 0 && !server->is_over)
        stop_step(server);
    watchdog_step(&server->watchdog, &server->workers);
}

static void items_fill(struct server *server)
{
    struct polling_item *items = server->items;
    int bell = security_bell(&server->security);
    struct listener *control = &server->listeners[CONTROL_LISTENER];

    items[ITEM_SIGNAL].fd = server->signal_fd;
    items[ITEM_WAKE].fd = server->workers.wake_fd;
    items[ITEM_BELL].fd = bell;
    server->descriptor_count = bell >= 0 ? ITEM_BELL + 1 : ITEM_BELL;
    items += server->descriptor_count;
    for (size_t i = 0; i < server->listener_count; i++) {
        items[i].socket = server->listeners[i].socket;
        server->listeners[i].polled = &items[i];
    }
    items[server->listener_count].socket = control->socket;
    control->polled = &items[server->listener_count];
}

int server_run(struct server *server)
{
    size_t left;

    items_fill(server);
    /* All other threads have been started, and would inherit it. */
    if (server->policy >= 0)
        schedule_set(server->policy);
    while (!server->is_over)
        loop_turn(server);
    left = server->in_flight + server->waiting.count;
    if (left > 0) {
        log_line(LOG_LEVEL_WARNING, "stopped; requests cut off: %zu", left);
        return server->status != 0 ? server->status : EX_TEMPFAIL;
    }
    log_line(LOG_LEVEL_NOTICE, "stopped; everything was answered");
    return server->status;
}

/* ---- opening and closing ---- */

static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0
        || limit.rlim_cur >= DESCRIPTORS)
        return;
    limit.rlim_cur
        = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Before any thread, so that all inherit the mask. */
static int block_signals(struct server *server)
{
    sigset_t signals;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
        return -1;
    server->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return server->signal_fd >= 0 ? 0 : -1;
}

static int open_context(struct server *server)
{
    server->context = zmq_ctx_new();
    if (server->context == NULL)
        return -1;
    zmq_ctx_set(server->context, ZMQ_MAX_SOCKETS, 64);
    server->policy = schedule_find();
    if (server->policy >= 0)
        zmq_ctx_set(server->context, ZMQ_THREAD_SCHED_POLICY, server->policy);
    return 0;
}

static size_t core_count(void)
{
    cpu_set_t cores;
    int count = 1;

    if (sched_getaffinity(0, sizeof cores, &cores) == 0)
        count = CPU_COUNT(&cores);
    return count < 1 ? 1 : count > WORKERS_MAX ? WORKERS_MAX : (size_t) count;
}

static int open_workers(struct server *server, char *reason)
{
    const struct config *config = server->config;
    precis_error error = {0};

    server->workers.article_limit = (size_t) config->article_limit;
    server->workers.summary_limit = (size_t) config->summary_limit;
    server->workers.timeout = (unsigned) config->timeout;
    if (workers_start(&server->workers,
                      config->workers > 0 ? (size_t) config->workers
                                          : core_count(),
                      (size_t) config->queue_length,
                      (size_t) config->queue_bytes, &error)
        != 0) {
        snprintf(reason, SERVER_REASON_SIZE, "%s", _(error.message));
        return EX_OSERR;
    }
    server->has_workers = 1;
    return 0;
}

size_t server_connection_limit(const struct config *config)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0
        && limit.rlim_cur / 2 < (rlim_t) config->connections)
        return (size_t) limit.rlim_cur / 2;
    return (size_t) config->connections;
}

static int open_monitor(struct server *server, char *reason)
{
    const struct config *config = server->config;
    int error = accept_prepare();

    if (error == 0)
        error = monitor_start(&server->monitor, server->context,
                              server_connection_limit(config),
                              (size_t) config->connections_per_address);
    if (error == 0) {
        monitor_set_bell(server->monitor, server->workers.wake_fd);
        if (security_failures(&server->security) != NULL)
            monitor_set_failures(server->monitor,
                                 security_failures(&server->security));
        error = guard_new(&server->guard, server->monitor,
                          (size_t) config->article_limit + MESSAGE_ROOM,
                          (size_t) config->memory_alarm);
    }
    if (error == 0)
        return 0;
    snprintf(reason, SERVER_REASON_SIZE, _("cannot start: %s"),
             strerror(error));
    return EX_OSERR;
}

static int open_listeners(struct server *server, char *reason)
{
    const struct config *config = server->config;
    size_t used = 0;

    for (size_t i = 0; i < config->endpoint_count; i++) {
        struct listener *listener = &server->listeners[i];
        int status;

        server->listener_count = i + 1;
        listener->monitor = server->monitor;
        listener->number = i;
        status = listener_open(listener, server->context,
                               config->endpoints[i], config,
                               &server->security, reason);
        if (status != 0)
            return status;
        server->endpoints[i] = listener->endpoint;
        used += (size_t) snprintf(server->endpoints_text + used,
                                  sizeof server->endpoints_text - used,
                                  "%s%s", i > 0 ? ", " : "",
                                  listener->endpoint);
    }
    return 0;
}

int server_open(struct server **out, struct config *config,
                server_load *load, void *load_context,
                char reason[SERVER_REASON_SIZE])
{
    struct server *server = calloc(1, sizeof *server);
    int status = EX_OSERR;

    if (server == NULL) {
        snprintf(reason, SERVER_REASON_SIZE, "%s", _("out of memory"));
        return status;
    }
    server->config = config;
    server->load = load;
    server->load_context = load_context;
    server->article_limit_max = config->article_limit;
    server->listeners[CONTROL_LISTENER].lock.fd = -1;
    server->signal_fd = -1;
    stats_init(&server->stats);
    watchdog_init(&server->watchdog);
    awake_init(&server->awake, core_count());
    clients_init(&server->clients);
    raise_descriptors();
    if (block_signals(server) != 0 || open_context(server) != 0) {
        snprintf(reason, SERVER_REASON_SIZE, _("cannot start: %s"),
                 strerror(errno));
        goto failed;
    }
    status = security_open(&server->security, server->context, config, reason);
    if (status == 0)
        status = open_workers(server, reason);
    if (status == 0)
        status = open_monitor(server, reason);
    if (status == 0)
        status = open_listeners(server, reason);
    if (status == 0)
        status = control_open(server, reason, SERVER_REASON_SIZE);
    security_forget(&server->security);
    if (status == 0) {
        *out = server;
        return 0;
    }
failed:
    server_close(server);
    return status;
}

const char *server_endpoints(const struct server *server)
{
    return server->endpoints_text;
}

void server_close(struct server *server)
{
    int is_cut = server->in_flight > 0;

    for (size_t i = 0; i < server->listener_count; i++)
        listener_close(&server->listeners[i], is_cut ? 0 : LINGER_MS);
    listener_close(&server->listeners[CONTROL_LISTENER],
                   is_cut ? 0 : LINGER_MS);
    if (server->context != NULL)
        while (zmq_ctx_term(server->context) != 0 && errno == EINTR)
            ;
    monitor_free(server->monitor);
    guard_free(server->guard);
    for (size_t i = 0; i < server->listener_count; i++)
        listener_leave(&server->listeners[i]);
    listener_leave(&server->listeners[CONTROL_LISTENER]);
    if (!is_cut)
        security_close(&server->security);
    /* A worker in the middle of an article is not waited for: the process
     * ends now, and what it uses must stay. */
    if (is_cut)
        return;
    if (server->has_workers)
        workers_stop(&server->workers);
    requests_clear(server);
    if (server->signal_fd >= 0)
        close(server->signal_fd);
    free(server);
}
