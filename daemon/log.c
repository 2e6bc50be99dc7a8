#include <config.h>

#include "daemon/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Room for the longest line: 16 endpoints of 128 bytes and some words. */
#define LINE_SIZE 4096

static const char *const level_names[] = {
    [LOG_LEVEL_ERROR] = "error",   [LOG_LEVEL_WARNING] = "warning",
    [LOG_LEVEL_NOTICE] = "notice", [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};
#define LEVEL_COUNT (sizeof level_names / sizeof level_names[0])

static int highest = LOG_LEVEL_NOTICE;
static int to_journal;

int log_level_find(const char *name)
{
    for (size_t i = 0; i < LEVEL_COUNT; i++)
        if (level_names[i] != NULL && strcmp(level_names[i], name) == 0)
            return (int) i;
    return -1;
}

/* JOURNAL_STREAM is inherited by everything a service starts, so it proves
 * something only where it names the very file that standard error is.  See
 * systemd.exec(5). */
static int stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat status;

    if (stream == NULL || sscanf(stream, "%llu:%llu", &device, &inode) != 2)
        return 0;
    return fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device
           && status.st_ino == inode;
}

void log_open(int level)
{
    highest = level;
    to_journal = stderr_is_journal();
}

void log_set_level(int level)
{
    highest = level;
}

int log_is_on(int level)
{
    return level <= highest;
}

static size_t format_prefix(char *line, int level)
{
    struct timespec now;
    struct tm utc;
    size_t size;
    int written;

    if (to_journal) {
        written = snprintf(line, LINE_SIZE, "<%d>", level);
        return written < 0 ? 0 : (size_t) written;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &utc) == NULL)
        return 0;
    size = strftime(line, LINE_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
    written = snprintf(line + size, LINE_SIZE - size, ".%03dZ %s ",
                       (int) (now.tv_nsec / 1000000), level_names[level]);
    return written < 0 ? size : size + (size_t) written;
}

void log_line(int level, const char *format, ...)
{
    char line[LINE_SIZE];
    size_t size;
    va_list arguments;
    int written;

    if (!log_is_on(level))
        return;
    size = format_prefix(line, level);
    va_start(arguments, format);
    written = vsnprintf(line + size, LINE_SIZE - size - 1, format, arguments);
    va_end(arguments);
    if (written < 0)
        return;
    if ((size_t) written > LINE_SIZE - size - 2)
        size = LINE_SIZE - 2;
    else
        size += (size_t) written;
    line[size++] = '\n';
    /* One write per line, so that lines of several processes do not mix.  A
     * log that cannot be written is no reason to stop. */
    while (write(STDERR_FILENO, line, size) < 0 && errno == EINTR)
        ;
}

const char *log_escape(char *out, const char *text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t kept = size < LOG_FIELD_MAX ? size : LOG_FIELD_MAX;
    char *next = out;

    for (size_t i = 0; i < kept; i++) {
        unsigned char byte = (unsigned char) text[i];

        if (byte >= 0x20 && byte < 0x7f) {
            *next++ = (char) byte;
        } else {
            *next++ = '\\';
            *next++ = 'x';
            *next++ = digits[byte >> 4];
            *next++ = digits[byte & 15];
        }
    }
    if (kept < size) {
        memcpy(next, "...", 3);
        next += 3;
    }
    *next = '\0';
    return out;
}
