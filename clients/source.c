#include <config.h>

#include "clients/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/complain.h"
#include "clients/error.h"
#include "clients/status.h"
#include "po/intl.h"
#include "protocol/protocol.h"

/* A pipe holds 64 KiB; an ordinary article is read at once. */
#define READ_SIZE ((size_t) 65536)

const char *source_name(const char *name)
{
    return strcmp(name, "-") == 0 ? _("standard input") : name;
}

static int refuse_source(const char *name, int why)
{
    complain(_("%s: %s"), source_name(name), intl_reason(why));
    return STATUS_NO_INPUT;
}

static int refuse_read(const char *name, int why)
{
    if (why != ENOMEM)
        return refuse_source(name, why);
    complain("%s", _("out of memory"));
    return STATUS_INTERNAL;
}

int source_open(const char *name)
{
    int fd;

    if (strcmp(name, "-") == 0)
        return STDIN_FILENO;
    fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        refuse_source(name, errno);
    return fd;
}

void source_close(int fd)
{
    if (fd != STDIN_FILENO)
        close(fd);
}

int source_too_large(size_t limit, precis_error *error)
{
    return error_set(error, PRECIS_ETOO_LARGE, NULL,
                     "the article is larger than the limit of %zu bytes",
                     limit);
}

static int refuse_size(const char *name, size_t limit)
{
    precis_error error;

    source_too_large(limit, &error);
    return complain_error(source_name(name), &error);
}

/* Makes room for `least` more bytes; -1 when out of memory. */
static int grow(char **data, size_t *room, size_t used, size_t least)
{
    size_t wanted = *room != 0 ? *room * 2 : READ_SIZE;
    char *grown;

    if (*room - used >= least)
        return 0;
    while (wanted - used < least)
        wanted *= 2;
    grown = realloc(*data, wanted);
    if (grown == NULL)
        return -1;
    *data = grown;
    *room = wanted;
    return 0;
}

static ssize_t read_some(int fd, char *data, size_t size)
{
    ssize_t count;

    do
        count = read(fd, data, size);
    while (count < 0 && errno == EINTR);
    return count;
}

/* Reads from fd until its end, or one byte more than limit. */
static int read_all(int fd, size_t limit, char **data, size_t *size)
{
    size_t room = 0;
    ssize_t count = 1;

    while (count > 0 && *size <= limit) {
        size_t most = limit + 1 - *size;

        if (grow(data, &room, *size, 1) != 0) {
            errno = ENOMEM;
            return -1;
        }
        if (most > room - *size)
            most = room - *size;
        count = read_some(fd, *data + *size, most);
        if (count > 0)
            *size += (size_t) count;
    }
    return count < 0 ? -1 : 0;
}

int source_read(const char *name, size_t limit, char **data, size_t *size)
{
    int fd = source_open(name);
    char *read_data = NULL;
    size_t read_size = 0;
    struct stat info;
    int status = STATUS_OK;

    if (fd < 0)
        return STATUS_NO_INPUT;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)
        && info.st_size > (off_t) limit)
        status = refuse_size(name, limit);
    else if (read_all(fd, limit, &read_data, &read_size) != 0)
        status = refuse_read(name, errno);
    else if (read_size > limit)
        status = refuse_size(name, limit);
    source_close(fd);
    if (status != STATUS_OK) {
        free(read_data);
        return status;
    }
    *data = read_data;
    *size = read_size;
    return STATUS_OK;
}

/* ---- lines ---- */

void lines_init(struct lines *lines, int fd, size_t limit)
{
    *lines = (struct lines){.fd = fd, .limit = limit};
}

void lines_clear(struct lines *lines)
{
    free(lines->data);
    lines->data = NULL;
}

/* Gives what lies between start and `end`, where `next` follows. */
static enum line_status give(struct lines *lines, size_t end, size_t next,
                             const char **line, size_t *size)
{
    *line = lines->data + lines->start;
    *size = end - lines->start;
    if (*size > 0 && (*line)[*size - 1] == '\r')
        (*size)--;
    lines->start = lines->searched = next;
    lines->number++;
    if (lines->is_skipping) {
        lines->is_skipping = 0;
        return LINE_TOO_LONG;
    }
    return *size > lines->limit ? LINE_TOO_LONG : LINE_READ;
}

/* Forgets the part of a line that is over the limit anyway. */
static void skip_long(struct lines *lines)
{
    if (!lines->is_skipping && lines->end - lines->start <= lines->limit + 1)
        return;
    lines->is_skipping = 1;
    lines->start = lines->searched = lines->end;
}

/* Reads more behind what is there; LINE_READ where there was something. */
static enum line_status fill(struct lines *lines, int may_wait)
{
    struct pollfd ready = {.fd = lines->fd, .events = POLLIN};
    ssize_t count;

    if (!may_wait && poll(&ready, 1, 0) == 0)
        return LINE_WAIT;
    if (lines->start > 0) {
        memmove(lines->data, lines->data + lines->start,
                lines->end - lines->start);
        lines->end -= lines->start;
        lines->searched -= lines->start;
        lines->start = 0;
    }
    if (grow(&lines->data, &lines->room, lines->end, READ_SIZE) != 0) {
        errno = ENOMEM;
        return LINE_FAILED;
    }
    count = read_some(lines->fd, lines->data + lines->end, READ_SIZE);
    if (count < 0)
        return LINE_FAILED;
    if (count == 0)
        lines->is_ended = 1;
    lines->end += (size_t) count;
    lines->bytes += (unsigned long long) count;
    return LINE_READ;
}

enum line_status lines_next(struct lines *lines, int may_wait,
                            const char **line, size_t *size)
{
    for (;;) {
        const char *newline = NULL;
        enum line_status status;

        if (lines->end > lines->searched)
            newline = memchr(lines->data + lines->searched, '\n',
                             lines->end - lines->searched);
        if (newline != NULL) {
            size_t at = (size_t) (newline - lines->data);

            return give(lines, at, at + 1, line, size);
        }
        lines->searched = lines->end;
        if (lines->is_ended && lines->start == lines->end
            && !lines->is_skipping)
            return LINE_END;
        if (lines->is_ended)
            return give(lines, lines->end, lines->end, line, size);
        skip_long(lines);
        status = fill(lines, may_wait);
        if (status != LINE_READ)
            return status;
    }
}
