/* awake.h - waits as polling_wait() does, but awake where that pays.
 *
 * A core that sleeps is slow to wake, and then slow for a while: a client that
 * waits for each reply before it asks again waits twice as long for the loop to
 * wake as for its summary.  So where nothing is under way, and requests came
 * soon after each other several times in a row, the loop stays awake for as
 * long as one may take to come, and sleeps then.  What it does not sleep is
 * processor time that others may have, since it yields to them; one idle wait
 * that is longer ends it.  Requests that come by chance, as those of many
 * clients do, hardly ever begin it.
 *
 * Where others want all cores it does harm: CONTRIBUTING, Decisions, has by how
 * much, and what was tried against that.
 */
#ifndef DAEMON_AWAKE_H
#define DAEMON_AWAKE_H

#include "daemon/polling.h"

/* Twice the time that a client which waits for each reply took to ask again
 * (ipc and tcp, two virtual cores). */
#define AWAKE_US 200

/* Idle waits in a row that must have been shorter.  Of 2,000 requests a second
 * that come by chance one in a hundred has so many before it. */
#define AWAKE_AFTER 4

struct awake {
    unsigned short_waits; /* idle ones in a row, up to AWAKE_AFTER */
    int is_off;           /* never awake */
};

/* `cores` that the process may use: on a single one a client that works keeps
 * the core awake as it is. */
void awake_init(struct awake *awake, size_t cores);

/* polling_wait().  `is_idle`: nothing is under way; else, and where the time is
 * 0, it just waits, and does not count. */
int awake_wait(struct awake *awake, struct polling_item *items, int count,
               long timeout_ms, int is_idle);

#endif
