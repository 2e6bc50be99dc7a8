/* lograte.h - how many lines of the log one source may cause.
 *
 * A client that asks a thousand times a second must not fill the disk: of each
 * source LOGRATE_LINES lines a second are written, then the others are counted
 * and told in one line.  Sources share LOGRATE_SOURCES places by a hash, so
 * that all together are bounded too.  At level debug nothing is held back.
 * Used by the main thread only.
 */
#ifndef DAEMON_LOGRATE_H
#define DAEMON_LOGRATE_H

#include <stddef.h>
#include <stdint.h>

#define LOGRATE_LINES 20
#define LOGRATE_SOURCES 64

/* The place of whoever is at the other end: the socket, and his name there. */
unsigned lograte_source(size_t listener, const void *name, size_t size);

/* May a line of this source be written now? */
int lograte_allows(unsigned source, uint64_t now_us);

/* Tells what was held back in seconds that are over. */
void lograte_tell(uint64_t now_us);

/* Is there something to be told? */
int lograte_is_pending(void);

#endif
