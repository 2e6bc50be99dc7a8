/* log.h - one line per event on standard error.
 *
 * Under systemd (standard error is the journal) each line begins with its
 * priority, <N>; else with the time in UTC and the level.  Never article text;
 * what came from outside goes through log_escape().  Used by the main thread
 * only.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stddef.h>

/* The numbers are syslog's. */
enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7
};

/* The number of "error", ... "debug"; -1 where unknown. */
int log_level_find(const char *name);

/* Lines above this level are not written. */
void log_open(int level);
void log_set_level(int level);
int log_is_on(int level);

void log_line(int level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Longest text, with the NUL, that log_escape() makes of LOG_FIELD_MAX
 * bytes. */
#define LOG_FIELD_MAX 256
#define LOG_FIELD_SIZE (LOG_FIELD_MAX * 4 + 4)

/* Writes to `out` (LOG_FIELD_SIZE bytes) the text with everything but
 * printable ASCII as \xNN, cut after LOG_FIELD_MAX bytes with "..." behind.
 * Returns out. */
const char *log_escape(char *out, const char *text, size_t size);

#endif
