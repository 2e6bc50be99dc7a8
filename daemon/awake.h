/* awake.h - waits as polling_wait() does, but awake where that pays.
 *
 * A core that sleeps is slow to wake, and then slow for a while: a client that
 * waits for each reply before it asks again waits twice as long for the loop to
 * wake as for its summary.  So where nothing is under way and the loop was
 * asked again so soon the last time, it stays awake for as long.  Where nothing
 * comes meanwhile it sleeps, and does so at once the next time: AWAKE_US of
 * processor time are lost once for all requests that come soon after another,
 * and none for those that do not.
 */
#ifndef DAEMON_AWAKE_H
#define DAEMON_AWAKE_H

#include "daemon/polling.h"

/* Twice what a client took to ask again that waits for each reply (ipc and
 * tcp, two virtual cores). */
#define AWAKE_US 200

struct awake {
    int pays; /* the last wait was shorter than AWAKE_US */
    int is_off;
};

/* `cores` that the process may use: on a single one whoever would end the wait
 * could not run meanwhile. */
void awake_init(struct awake *awake, size_t cores);

/* polling_wait().  `is_idle`: nothing is under way; else it just waits, and
 * does not count. */
int awake_wait(struct awake *awake, struct polling_item *items, int count,
               long timeout_ms, int is_idle);

#endif
