/* schedule.h - whoever is at work keeps the processor.
 *
 * The loop and libzmq's thread are woken again and again under load.  As
 * ordinary threads they take the processor from a worker in the middle of an
 * article, or from a client, for a few microseconds of work: two switches, and
 * caches that are cold afterwards.  As SCHED_BATCH (sched(7)) they wait for a
 * core that is free, at most for the end of a time slice, and find more to do
 * together.  Workers remain ordinary threads: they are woken seldom, and then
 * nothing else is under way.
 */
#ifndef DAEMON_SCHEDULE_H
#define DAEMON_SCHEDULE_H

/* The policy of threads that are to wait so; -1 where the system has none, or
 * where the process was started with one that is not the usual: then that
 * stands for all its threads. */
int schedule_find(void);

/* Gives the thread that calls a policy.  0, or -1: it has the one of before. */
int schedule_set(int policy);

#endif
