/* guard.h - ends connections that fill the memory.
 *
 * libzmq bounds neither the parts of a message nor their sum: it keeps them
 * until the last has come, and the loop hears of nothing.  So the guard looks
 * at the connections several times a second: one that has sent more than the
 * largest request without the loop having heard a message is ended.
 *
 * That can be told on tcp only.  On ipc the kernel counts no bytes; there the
 * guard waits for the memory alarm, and then ends those that send without
 * being heard, and after a second those that are silent.
 *
 * All of it is the loop's.
 */
#ifndef DAEMON_GUARD_H
#define DAEMON_GUARD_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/monitor.h"

struct guard;

/* A connection may send so many bytes in one message; the alarm is resident
 * memory.  0 and an owned guard, or an errno. */
int guard_new(struct guard **guard, struct monitor *monitor, size_t largest,
              size_t alarm);
void guard_free(struct guard *guard);

/* From now on the alarm is at so many bytes. */
void guard_set_alarm(struct guard *guard, size_t alarm);

/* A whole message came through the descriptor; below 0: unknown. */
void guard_hear(struct guard *guard, int fd);

/* A listener has been read until there was nothing more. */
void guard_drained(struct guard *guard, size_t listener);

/* Milliseconds until the next look, -1: there is nobody to look at. */
long guard_timeout(const struct guard *guard);

/* Looks, where it is time. */
void guard_step(struct guard *guard);

/* Is memory short?  Then nothing should be accepted that can wait. */
int guard_is_alarmed(const struct guard *guard);

/* Connections ended: fed without an end, and at the alarm. */
uint64_t guard_cut_endless(const struct guard *guard);
uint64_t guard_cut_alarm(const struct guard *guard);

#endif
