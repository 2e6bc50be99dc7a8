/* source.h - reading a file or standard input, bounded.  */
#ifndef CLIENTS_SOURCE_H
#define CLIENTS_SOURCE_H

#include <stddef.h>

#include "engine/precis-error.h"

/* Opens `name`, or gives standard input for "-".  Returns a descriptor, or
 * -1 after a complaint. */
int source_open(const char *name);

void source_close(int fd);

/* What messages call it. */
const char *source_name(const char *name);

/* Reads all of `name`, at most `limit` bytes.  *data is owned: free(3).
 * Returns 0 or, after a complaint, an exit status. */
int source_read(const char *name, size_t limit, char **data, size_t *size);

/* The error of an article above `limit`; returns its code. */
int source_too_large(size_t limit, precis_error *error);

/* Lines of a descriptor, each at most `limit` bytes; of a longer one the rest
 * is skipped. */
struct lines {
    int fd;
    size_t limit;
    char *data; /* owned */
    size_t room;
    size_t start;             /* of the line to come */
    size_t end;               /* of what was read */
    size_t searched;          /* no newline before this */
    size_t number;            /* of the line given last, from 1 */
    unsigned long long bytes; /* read so far */
    int is_ended;
    int is_skipping; /* inside a line that was too long */
};

enum line_status {
    LINE_READ,
    LINE_TOO_LONG,
    LINE_WAIT, /* none is there yet, and the caller would not wait */
    LINE_END,
    LINE_FAILED /* errno says why */
};

void lines_init(struct lines *lines, int fd, size_t limit);
void lines_clear(struct lines *lines);

/* The next line without its newline (or CR LF), borrowed until the next call.
 * A last one needs no newline. */
enum line_status lines_next(struct lines *lines, int may_wait,
                            const char **line, size_t *size);

#endif
