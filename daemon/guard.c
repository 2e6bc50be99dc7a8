/* What counts is not how much a connection has sent, but how much since the
 * look before which a message was last heard of: so nothing has to be known
 * of libzmq's framing, and nothing adds up over the years but the heartbeats
 * of one who never asks anything, which are allowed for. */
#include <config.h>

#include "daemon/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/config.h"
#include "daemon/job.h"
#include "daemon/log.h"

/* Between two looks; while memory grows, or is short. */
#define LOOK_MS 50
#define LOOK_SOON_MS 10

/* Connections looked at in one go: so each is seen once a second where there
 * are 2,000, and all where memory grows so much from one look to the next. */
#define LOOK_MOST 100
#define GROWTH_BYTES (4u << 20)

/* Looks in a row that must find too much: what is whole already may still
 * stand in libzmq's pipe. */
#define LOOKS_TCP 2
#define LOOKS_IPC 4

/* While memory is short a message under way may have so much. */
#define LARGEST_AT_ALARM (256u << 10)
#define SILENT_US 1000000

/* Memory goes back to the system so often while it is short, and for a while
 * after a connection was ended. */
#define TRIM_US 1000000
#define TRIM_WHILE_US 5000000

/* A heartbeat a second, encrypted and acknowledged. */
#define HEARTBEAT_BYTES_PER_SECOND 64

#define DESCRIPTORS_MAX (1u << 20)

struct seen {
    uint64_t serial;   /* of the connection that the rest is about */
    uint64_t base;     /* bytes that libzmq had read when last heard */
    uint64_t heard_us;
    uint64_t drained;  /* of its listener, when there first was too much */
    unsigned messages; /* heard then */
    unsigned looks;    /* in a row that found too much */
};

struct guard {
    struct monitor *monitor;
    size_t largest, alarm;
    unsigned *heard; /* messages, by descriptor */
    struct seen *seen;
    size_t count;    /* of both */
    uint64_t drained[CONFIG_ENDPOINTS_MAX];
    int statm;       /* /proc/self/statm */
    int cursor;      /* the descriptor to look at next */
    int is_alarmed;
    size_t open;
    size_t resident;
    uint64_t next_us, alarm_us;
    uint64_t trim_us, trim_until_us;
    uint64_t cut_endless, cut_alarm;
    struct connection buffer[LOOK_MOST];
};

static size_t resident_bytes(const struct guard *guard)
{
    char text[128];
    unsigned long total, pages;
    ssize_t size = pread(guard->statm, text, sizeof text - 1, 0);

    if (size <= 0)
        return 0;
    text[size] = '\0';
    if (sscanf(text, "%lu %lu", &total, &pages) != 2)
        return 0;
    return pages * (size_t) sysconf(_SC_PAGESIZE);
}

int guard_new(struct guard **out, struct monitor *monitor, size_t largest,
              size_t alarm)
{
    struct guard *guard = calloc(1, sizeof *guard);
    struct rlimit limit;

    if (guard == NULL)
        return ENOMEM;
    *guard = (struct guard){.monitor = monitor, .largest = largest,
                            .alarm = alarm, .count = DESCRIPTORS_MAX};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0
        && limit.rlim_cur < DESCRIPTORS_MAX)
        guard->count = (size_t) limit.rlim_cur;
    /* Pages that no descriptor reaches are never touched. */
    guard->heard = calloc(guard->count, sizeof *guard->heard);
    guard->seen = calloc(guard->count, sizeof *guard->seen);
    guard->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (guard->heard == NULL || guard->seen == NULL) {
        guard_free(guard);
        return ENOMEM;
    }
    *out = guard;
    return 0;
}

void guard_free(struct guard *guard)
{
    if (guard == NULL)
        return;
    if (guard->statm >= 0)
        close(guard->statm);
    free(guard->heard);
    free(guard->seen);
    free(guard);
}

void guard_set_alarm(struct guard *guard, size_t alarm)
{
    guard->alarm = alarm;
    guard->next_us = 0; /* it may be time for it, or for its end */
}

void guard_hear(struct guard *guard, int fd)
{
    if (fd >= 0 && (size_t) fd < guard->count)
        guard->heard[fd]++;
}

void guard_drained(struct guard *guard, size_t listener)
{
    if (listener < CONFIG_ENDPOINTS_MAX) /* the control socket has no guard */
        guard->drained[listener]++;
}

/* ---- one connection ---- */

/* Bytes that libzmq has read; 0 where the kernel does not count them. */
static uint64_t bytes_read(int fd, uint64_t unread)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0
        || info.tcpi_bytes_received < unread)
        return 0;
    return info.tcpi_bytes_received - unread;
}

static uint64_t bytes_unread(int fd)
{
    int unread = 0;

    return ioctl(fd, FIONREAD, &unread) == 0 && unread > 0 ? (uint64_t) unread
                                                           : 0;
}

static uint64_t too_much(const struct guard *guard, const struct seen *seen,
                         uint64_t now)
{
    size_t largest
        = guard->is_alarmed && guard->largest > LARGEST_AT_ALARM
              ? LARGEST_AT_ALARM
              : guard->largest;

    return seen->base + largest
           + (now - seen->heard_us) / 1000000 * HEARTBEAT_BYTES_PER_SECOND;
}

/* Begins anew where the connection is another one, or has been heard. */
static void notice(const struct guard *guard, struct seen *seen,
                   const struct connection *connection, uint64_t base,
                   uint64_t now)
{
    unsigned messages = guard->heard[connection->fd];

    if (seen->serial == connection->serial && seen->messages == messages)
        return;
    *seen = (struct seen){
        .serial = connection->serial,
        .base = seen->serial == connection->serial ? base : 0,
        .heard_us = now, .messages = messages};
}

/* Counts the looks that found too much; is it enough to end it? */
static int is_endless(const struct guard *guard, struct seen *seen,
                      const struct connection *connection, uint64_t now)
{
    uint64_t drained = guard->drained[connection->listener];
    int is_ipc = !address_is_known(&connection->address);
    /* On ipc it matters at the alarm only. */
    uint64_t unread
        = is_ipc && !guard->is_alarmed ? 0 : bytes_unread(connection->fd);
    uint64_t got = is_ipc ? 0 : bytes_read(connection->fd, unread);

    notice(guard, seen, connection, got, now);
    if (is_ipc ? !guard->is_alarmed || unread == 0
               : got <= too_much(guard, seen, now)) {
        seen->looks = 0;
        return 0;
    }
    if (seen->looks++ == 0)
        seen->drained = drained;
    return seen->looks >= (is_ipc ? LOOKS_IPC : LOOKS_TCP)
           && (guard->is_alarmed || drained != seen->drained);
}

static void look(struct guard *guard, const struct connection *connection,
                 uint64_t now)
{
    struct seen *seen = &guard->seen[connection->fd];
    uint64_t *counter;

    if (is_endless(guard, seen, connection, now))
        counter = &guard->cut_endless;
    else if (guard->is_alarmed && now - guard->alarm_us >= SILENT_US
             && now - seen->heard_us >= SILENT_US)
        counter = &guard->cut_alarm;
    else
        return;
    if (monitor_cut(guard->monitor, connection->fd, connection->cookie)) {
        ++*counter;
        guard->trim_until_us = now + TRIM_WHILE_US;
    }
}

/* ---- all of them ---- */

static void log_cuts(const struct guard *guard, uint64_t endless,
                     uint64_t silent)
{
    if (guard->cut_endless > endless)
        log_line(LOG_LEVEL_WARNING,
                 "connections ended: endless messages count=%llu",
                 (unsigned long long) (guard->cut_endless - endless));
    if (guard->cut_alarm > silent)
        log_line(LOG_LEVEL_WARNING,
                 "connections ended: silent while memory is short count=%llu",
                 (unsigned long long) (guard->cut_alarm - silent));
}

static void look_around(struct guard *guard, uint64_t now, int is_whole)
{
    uint64_t endless = guard->cut_endless;
    uint64_t silent = guard->cut_alarm;
    size_t count;

    if (is_whole)
        guard->cursor = 0;
    do {
        count = monitor_list(guard->monitor, guard->cursor, guard->buffer,
                             LOOK_MOST);
        for (size_t i = 0; i < count; i++)
            if (!guard->buffer[i].is_cut
                && (size_t) guard->buffer[i].fd < guard->count)
                look(guard, &guard->buffer[i], now);
        guard->cursor = count == LOOK_MOST ? guard->buffer[count - 1].fd + 1
                                           : 0;
    } while (is_whole && count == LOOK_MOST);
    log_cuts(guard, endless, silent);
}

/* A tenth less ends the alarm, so that it does not flutter. */
static void look_at_memory(struct guard *guard, uint64_t now)
{
    size_t resident = guard->resident;

    if (!guard->is_alarmed && resident > guard->alarm) {
        guard->is_alarmed = 1;
        guard->alarm_us = now;
        guard->trim_us = now;
        log_line(LOG_LEVEL_WARNING, "memory is short: resident_bytes=%zu",
                 resident);
    } else if (guard->is_alarmed && resident < guard->alarm / 10 * 9) {
        guard->is_alarmed = 0;
        log_line(LOG_LEVEL_NOTICE, "memory is no longer short: "
                 "resident_bytes=%zu", resident);
    }
    if ((guard->is_alarmed || now < guard->trim_until_us)
        && now >= guard->trim_us) {
#ifdef __GLIBC__
        malloc_trim(0);
#endif
        guard->trim_us = now + TRIM_US;
    }
}

static uint64_t in_ms(long ms, uint64_t now)
{
    return now + (uint64_t) ms * 1000;
}

void guard_step(struct guard *guard)
{
    struct connection_counts counts;
    uint64_t now = clock_us();
    size_t before = guard->resident;
    int is_growing;

    /* With nobody there it is always time: the first one may have come. */
    if (guard->open > 0 && now < guard->next_us)
        return;
    monitor_count(guard->monitor, &counts);
    guard->open = counts.open;
    guard->resident = resident_bytes(guard);
    is_growing = guard->resident > before + GROWTH_BYTES;
    look_at_memory(guard, now);
    if (guard->open > 0)
        look_around(guard, now, is_growing || guard->is_alarmed);
    guard->next_us = in_ms(is_growing || guard->is_alarmed ? LOOK_SOON_MS
                                                           : LOOK_MS, now);
}

long guard_timeout(const struct guard *guard)
{
    uint64_t now = clock_us();

    if (guard->open == 0 && !guard->is_alarmed
        && now >= guard->trim_until_us)
        return -1;
    return now >= guard->next_us
               ? 0
               : (long) ((guard->next_us - now + 999) / 1000);
}

int guard_is_alarmed(const struct guard *guard)
{
    return guard->is_alarmed;
}

uint64_t guard_cut_endless(const struct guard *guard)
{
    return guard->cut_endless;
}

uint64_t guard_cut_alarm(const struct guard *guard)
{
    return guard->cut_alarm;
}
