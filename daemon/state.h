/* state.h - what the loop knows.  Private to server.c and request.c, and to
 * the one thread that runs them. */
#ifndef DAEMON_STATE_H
#define DAEMON_STATE_H

#include "daemon/awake.h"
#include "daemon/clients.h"
#include "daemon/config.h"
#include "daemon/guard.h"
#include "daemon/listener.h"
#include "daemon/polling.h"
#include "daemon/security.h"
#include "daemon/server.h"
#include "daemon/stats.h"
#include "daemon/waiting.h"
#include "daemon/watchdog.h"
#include "daemon/worker.h"

struct server {
    struct config *config;
    server_load *load; /* the configuration again, for a reload */
    void *load_context;
    void *context;
    int policy; /* of the loop and libzmq's threads; -1: schedule.h */
    struct listener listeners[CONFIG_ENDPOINTS_MAX + 1]; /* control.h's */
    struct polling_item items[POLLING_MAX]; /* descriptors, then sockets */
    size_t descriptor_count;
    struct awake awake;
    int has_more; /* of messages: the last turn did not read all */
    const char *endpoints[CONFIG_ENDPOINTS_MAX];
    size_t listener_count;
    struct monitor *monitor;
    struct guard *guard;
    char endpoints_text[CONFIG_ENDPOINTS_MAX * (LISTENER_ENDPOINT_SIZE + 2)];
    struct security security;
    int signal_fd;
    struct workers workers;
    int has_workers;
    long article_limit_max; /* what the sockets were opened for */
    size_t in_flight; /* given to the workers, not yet back */
    struct job *held; /* in_flight counts it; perhaps done at once */
    struct clients clients;
    struct waiting waiting;
    uint64_t cut_slow; /* connections whose client does not read */
    struct watchdog watchdog;
    uint64_t slot_us; /* when the last one told to come again will */
    uint64_t dice;    /* state of the jitter */
    struct stats stats;
    struct buffer header, body; /* of replies that the loop makes */
    struct job *free_jobs;
    size_t free_count;
    uint64_t trim_bytes;
    uint64_t busy_us; /* when something happened last */
    uint64_t stop_us; /* when the first signal came; 0: running */
    uint64_t told_us; /* when somebody was last told so; 0: nobody was */
    int is_over;
    int status;
};

#endif
