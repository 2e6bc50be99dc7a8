#include <config.h>

#include "daemon/awake.h"

#include <sched.h>

#include "daemon/job.h"

void awake_init(struct awake *awake, size_t cores)
{
    awake->short_waits = 0;
    awake->is_off = cores < 2;
}

/* Asks again and again until an item is ready or the time is over; whoever else
 * wants the core has it.  As polling_wait(). */
static int ask_until(struct polling_item *items, int count, uint64_t end_us)
{
    for (;;) {
        int ready = polling_wait(items, count, 0);

        if (ready != 0 || clock_us() >= end_us)
            return ready;
        sched_yield();
    }
}

int awake_wait(struct awake *awake, struct polling_item *items, int count,
               long timeout_ms, int is_idle)
{
    uint64_t soon;
    int ready = 0;

    if (!is_idle || awake->is_off || timeout_ms == 0)
        return polling_wait(items, count, timeout_ms);
    soon = clock_us() + AWAKE_US;
    if (awake->short_waits == AWAKE_AFTER)
        ready = ask_until(items, count, soon);
    if (ready == 0)
        ready = polling_wait(items, count, timeout_ms);
    if (ready == 0 || (ready > 0 && clock_us() >= soon))
        awake->short_waits = 0;
    else if (ready > 0 && awake->short_waits < AWAKE_AFTER)
        awake->short_waits++;
    return ready;
}
