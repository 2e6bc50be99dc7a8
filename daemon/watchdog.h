/* watchdog.h - tells systemd that the service gets on with its work.
 *
 * systemd kills and restarts a service from which it has not heard for
 * WATCHDOG_USEC (WatchdogSec= of the unit).  It hears from us only when the
 * loop turns and no worker hangs: a thread that did nothing but send would
 * keep a dead service alive.
 */
#ifndef DAEMON_WATCHDOG_H
#define DAEMON_WATCHDOG_H

#include "daemon/worker.h"

struct watchdog {
    uint64_t interval_us; /* a third of what systemd waits; 0: off */
    uint64_t next_us;     /* when to look and tell */
    uint64_t margin_us;   /* a request may take its deadline and this */
    size_t taken;         /* these two as they were the last time */
    size_t queued;
    int is_starved; /* said so already */
};

/* Reads WATCHDOG_USEC and WATCHDOG_PID. */
void watchdog_init(struct watchdog *watchdog);

/* Milliseconds to wait at most, where the loop would wait for `timeout`
 * (-1: for ever). */
long watchdog_timeout(const struct watchdog *watchdog, long timeout);

/* Once in every turn of the loop: tells systemd when it is time, unless
 * something hangs.  Returns whether it told. */
int watchdog_step(struct watchdog *watchdog, struct workers *workers);

#endif
