#include <config.h>

#include "daemon/watchdog.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/notify.h"

/* The largest article that may be configured takes seconds on a slow and
 * crowded machine; what takes so much longer than any deadline hangs. */
#define MARGIN_US 30000000u

/* The value of a variable, digits only; 0 where it is anything else. */
static uint64_t read_number(const char *name)
{
    const char *text = getenv(name);
    char *end;
    unsigned long long number;

    if (text == NULL || *text < '0' || *text > '9')
        return 0;
    errno = 0;
    number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' ? number : 0;
}

void watchdog_init(struct watchdog *watchdog)
{
    *watchdog = (struct watchdog){.margin_us = MARGIN_US};
    if (getenv("WATCHDOG_PID") != NULL
        && read_number("WATCHDOG_PID") != (uint64_t) getpid())
        return;
    watchdog->interval_us = read_number("WATCHDOG_USEC") / 3;
}

long watchdog_timeout(const struct watchdog *watchdog, long timeout)
{
    uint64_t now = clock_us();
    uint64_t left;

    if (watchdog->interval_us == 0)
        return timeout;
    left = watchdog->next_us > now ? (watchdog->next_us - now) / 1000 + 1 : 0;
    return timeout >= 0 && (uint64_t) timeout < left ? timeout : (long) left;
}

/* Does a worker sit at one request for too long, or do all sleep before a
 * queue that has something, now and the last time? */
static int is_hung(struct watchdog *watchdog, struct workers *workers,
                   uint64_t now)
{
    uint64_t busy = workers_busy_us(workers, now);
    uint64_t busy_max = workers->timeout * UINT64_C(1000) + watchdog->margin_us;
    size_t taken = workers_taken(workers);
    size_t queued = queue_count(&workers->todo, NULL);
    int asleep = busy == 0 && queued > 0 && watchdog->queued > 0
                 && taken == watchdog->taken;

    watchdog->taken = taken;
    watchdog->queued = queued;
    if (!asleep && busy <= busy_max) {
        watchdog->is_starved = 0;
        return 0;
    }
    if (!watchdog->is_starved)
        log_line(LOG_LEVEL_ERROR,
                 "a worker hangs: busy_ms=%llu queued=%zu; the watchdog is "
                 "no longer told",
                 (unsigned long long) busy / 1000, queued);
    watchdog->is_starved = 1;
    return 1;
}

int watchdog_step(struct watchdog *watchdog, struct workers *workers)
{
    uint64_t now;

    if (watchdog->interval_us == 0)
        return 0;
    now = clock_us();
    if (now < watchdog->next_us)
        return 0;
    watchdog->next_us = now + watchdog->interval_us;
    if (is_hung(watchdog, workers, now))
        return 0;
    notify_send("WATCHDOG=1");
    return 1;
}
