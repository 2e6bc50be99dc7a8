#include <config.h>

#include "daemon/schedule.h"

#include <pthread.h>
#include <sched.h>

int schedule_set(int policy)
{
    static const struct sched_param none;

    return pthread_setschedparam(pthread_self(), policy, &none) == 0 ? 0 : -1;
}

/* It is tried, since libzmq ends the process where it cannot have a policy;
 * and taken back, since threads inherit it. */
int schedule_find(void)
{
    struct sched_param priority;
    int policy;

    if (pthread_getschedparam(pthread_self(), &policy, &priority) != 0
        || policy != SCHED_OTHER || schedule_set(SCHED_BATCH) != 0)
        return -1;
    return schedule_set(SCHED_OTHER) == 0 ? SCHED_BATCH : -1;
}
