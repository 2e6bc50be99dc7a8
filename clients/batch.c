/* A batch keeps a window of lines, a ring in input order.  New lines enter at
 * its end and are sent; outcomes arrive in any order and are put in their
 * place; what is finished at the front is written.  So order is kept and
 * memory bounded, however long the input is.
 *
 * Input may come slowly, from somebody who waits for each result before he
 * writes the next line: so while something is under way, a line that is not
 * there yet is not waited for.
 */
#include <config.h>

#include "clients/batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/complain.h"
#include "clients/error.h"
#include "clients/ndjson.h"
#include "clients/progress.h"
#include "clients/render.h"
#include "clients/source.h"
#include "clients/status.h"
#include "po/intl.h"

/* Lines under way: enough to keep every worker of a service fed, and a fair
 * share of its queue.  To threads of our own few lines go further: they are
 * still in the cache when they are worked on. */
#define WINDOW_SERVICE 32
#define WINDOW_THREAD 8
#define WINDOW_MAX PRECIS_IN_FLIGHT_MAX

/* A batch is patient with a busy service: a line fails when its time is over,
 * not before. */
#define BUSY_TRIES 1000

/* A line may hold an article of the limit with every byte as \u00XX, and as
 * much again as a small article of other members. */
#define LINE_FACTOR 6
#define LINE_ROOM ((size_t) 1 << 20)

/* Results are written so many bytes at once, while the input has more. */
#define OUTPUT_SIZE 65536

struct item {
    size_t line;
    const char *file;          /* shown in errors; NULL: the only one */
    char *id;                  /* owned, a JSON token; NULL: none */
    unsigned long long number; /* while it is under way */
    precis_reply *reply;       /* owned; NULL: not there yet */
};

struct batch {
    struct way *way;
    const struct settings *settings;
    const struct output *output;
    precis_request defaults;
    struct progress progress;
    struct lines lines;
    const char *file;
    unsigned long long bytes_before; /* of files read already */
    unsigned long long done;
    struct item items[WINDOW_MAX];
    size_t window; /* lines that may be under way */
    size_t first;  /* of the ring */
    size_t count;
    size_t waiting; /* items without a reply */
    int has_failed; /* some line has */
    int status;     /* not 0: the batch ends early, with this */
};

static struct item *item_at(struct batch *batch, size_t place)
{
    return &batch->items[(batch->first + place) % WINDOW_MAX];
}

static void item_clear(struct item *item)
{
    free(item->id);
    precis_reply_free(item->reply);
    *item = (struct item){.line = 0};
}

static int stop(struct batch *batch, const precis_error *error)
{
    progress_clear(&batch->progress);
    batch->status = complain_error(NULL, error);
    return -1;
}

/* ---- out ---- */

/* {"id":...,"line":N,"status":"error","error":{...}} */
static void write_error(struct batch *batch, const struct item *item)
{
    struct frame token;
    size_t size;
    const char *header = precis_reply_header(item->reply, &size);

    printf("\"line\":%zu,", item->line);
    if (item->file != NULL) {
        output_string("\"file\":");
        output_json_string(batch->output, item->file, strlen(item->file));
        output_string(",");
    }
    output_string("\"status\":\"error\",\"error\":");
    if (json_find_raw(header, size, "error", &token) == 0)
        output_text(batch->output, token.data, token.size);
    else
        output_string("{}");
    batch->has_failed = 1;
    if (precis_reply_code(item->reply) == PRECIS_ENO_ANSWER
        && batch->status == 0) {
        precis_error error;

        precis_reply_error(item->reply, &error);
        stop(batch, &error);
    }
}

static void write_item(struct batch *batch, const struct item *item)
{
    output_string("{");
    if (item->id != NULL) {
        output_string("\"id\":");
        output_text(batch->output, item->id, strlen(item->id));
    }
    if (precis_reply_code(item->reply) != 0) {
        output_string(item->id != NULL ? "," : "");
        write_error(batch, item);
    } else {
        render_members(batch->output, batch->settings, item->reply,
                       item->id != NULL);
    }
    output_string("}\n");
    batch->done++;
}

/* Writes what is finished at the front. */
static void write_finished(struct batch *batch)
{
    while (batch->count > 0 && item_at(batch, 0)->reply != NULL) {
        write_item(batch, item_at(batch, 0));
        item_clear(item_at(batch, 0));
        batch->first = (batch->first + 1) % WINDOW_MAX;
        batch->count--;
    }
    if (ferror(stdout) && batch->status == 0) {
        progress_clear(&batch->progress);
        batch->status = output_flush();
    }
    progress_show(&batch->progress, batch->done,
                  batch->bytes_before + batch->lines.bytes);
}

/* ---- in ---- */

/* A line that failed here gets the reply that a service would give. */
static int item_fail(struct batch *batch, struct item *item,
                     const precis_error *error)
{
    struct buffer header;
    int code = PRECIS_EINTERNAL;
    precis_error memory;

    buffer_init(&header);
    reply_format_error(NULL, error, 0, &header);
    if (!header.failed)
        code = precis_reply_parse(&item->reply, header.data, header.size, "", 0,
                                  &memory);
    else
        error_memory(&memory);
    buffer_clear(&header);
    if (code != 0)
        return stop(batch, &memory);
    return 0;
}

/* Sends the article of a line.  Not 0, and *error, where the line is bad. */
static int item_send(struct batch *batch, struct item *item, const char *line,
                     size_t size, precis_error *error)
{
    struct article article;
    int code = article_parse(&article, line, size, &batch->defaults, error);

    if (code == 0 && article.request.article_size > batch->way->article_limit)
        code = source_too_large(batch->way->article_limit, error);
    if (article.id[0] != '\0') {
        item->id = strdup(article.id);
        if (item->id == NULL)
            code = error_memory(error);
    }
    if (code == 0)
        code = way_send(batch->way, &article.request, &item->number, error);
    article_clear(&article);
    return code;
}

/* Takes a line into the window. */
static int take_line(struct batch *batch, enum line_status status,
                     const char *line, size_t size)
{
    struct item *item;
    precis_error error;
    int code;

    /* A byte order mark, as some programs write it. */
    if (batch->lines.number == 1 && size >= 3
        && memcmp(line, "\xEF\xBB\xBF", 3) == 0) {
        line += 3;
        size -= 3;
    }
    if (status == LINE_READ && line_is_blank(line, size))
        return 0;
    item = item_at(batch, batch->count++);
    *item = (struct item){.line = batch->lines.number};
    if (batch->settings->file_count > 1)
        item->file = batch->file;
    if (status == LINE_TOO_LONG)
        code = error_set(&error, PRECIS_ETOO_LARGE, NULL,
                         "the line is longer than the limit of %zu bytes",
                         batch->lines.limit);
    else
        code = item_send(batch, item, line, size, &error);
    if (code != 0)
        return item_fail(batch, item, &error);
    batch->waiting++;
    return 0;
}

/* Fills the window; LINE_END at the end of the file. */
static enum line_status fill(struct batch *batch)
{
    enum line_status status = LINE_READ;

    while (batch->count < batch->window && batch->status == 0) {
        const char *line;
        size_t size;

        status = lines_next(&batch->lines, 0, &line, &size);
        if (status == LINE_WAIT) {
            /* Others may be waiting for what is written already. */
            fflush(stdout);
            if (batch->count > 0)
                return status;
            status = lines_next(&batch->lines, 1, &line, &size);
        }
        if (status == LINE_END || status == LINE_FAILED)
            return status;
        if (take_line(batch, status, line, size) != 0)
            return status;
        /* A bad line at the front is finished at once. */
        if (batch->waiting == 0)
            write_finished(batch);
    }
    return status;
}

/* Waits for an outcome and puts it in its place. */
static int receive(struct batch *batch)
{
    unsigned long long number;
    precis_reply *reply;
    precis_error error;
    size_t i;

    if (way_receive(batch->way, &number, &reply, &error) != 0)
        return stop(batch, &error);
    for (i = 0; i < batch->count; i++) {
        struct item *item = item_at(batch, i);

        if (item->reply == NULL && item->number == number) {
            item->reply = reply;
            batch->waiting--;
            return 0;
        }
    }
    precis_reply_free(reply);
    return 0;
}

/* ---- the whole ---- */

static size_t best_window(const struct way *way)
{
    size_t window = way->client != NULL ? WINDOW_SERVICE
                                        : WINDOW_THREAD * (size_t) way->jobs;

    return window < WINDOW_MAX ? window : WINDOW_MAX;
}

/* One file, to the last of its lines that are sent; some may still be under
 * way at its end. */
static void run_file(struct batch *batch, const char *name)
{
    enum line_status status;
    int fd = source_open(name);

    if (fd < 0) {
        batch->has_failed = 1;
        return;
    }
    lines_init(&batch->lines, fd,
               batch->way->article_limit * LINE_FACTOR + LINE_ROOM);
    batch->file = name;
    do {
        status = fill(batch);
        if (batch->waiting > 0 && batch->status == 0
            && (status != LINE_END && status != LINE_FAILED))
            receive(batch);
        write_finished(batch);
    } while (status != LINE_END && status != LINE_FAILED && batch->status == 0);
    if (status == LINE_FAILED) {
        progress_clear(&batch->progress);
        complain(_("%s: %s"), source_name(name), intl_reason(errno));
        batch->status = STATUS_NO_INPUT;
    }
    batch->bytes_before += batch->lines.bytes;
    lines_clear(&batch->lines);
    batch->lines.bytes = 0;
    source_close(fd);
}

/* Bytes of all files, 0 where one is no regular file. */
static unsigned long long total_size(char **files, int count)
{
    unsigned long long total = 0;
    struct stat info;
    int i;

    for (i = 0; i < count; i++) {
        int is_stdin = strcmp(files[i], "-") == 0;

        if ((is_stdin ? fstat(STDIN_FILENO, &info) : stat(files[i], &info)) != 0
            || !S_ISREG(info.st_mode))
            return 0;
        total += (unsigned long long) info.st_size;
    }
    return total;
}

/* What is still under way when the input ends is waited for, unless nobody
 * would see it, or nobody works on it any more. */
static void run_rest(struct batch *batch)
{
    while (batch->waiting > 0
           && (batch->status == 0 || batch->status == STATUS_NO_ANSWER
               || batch->status == STATUS_NO_INPUT)
           && receive(batch) == 0)
        write_finished(batch);
}

int batch_run(struct way *way, const struct settings *settings,
              const struct output *output)
{
    static char buffer[OUTPUT_SIZE]; /* until the process ends */
    char dash[] = "-";
    char *standard_input[] = {dash};
    char **files = settings->file_count > 0 ? settings->files : standard_input;
    int count = settings->file_count > 0 ? settings->file_count : 1;
    struct batch batch = {.way = way,
                          .settings = settings,
                          .output = output,
                          .window = best_window(way),
                          .defaults = settings->request};
    int missing = 0;
    int i;

    if (!output->is_terminal)
        setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    render_prepare(settings, &batch.defaults);
    batch.defaults.busy_tries = BUSY_TRIES;
    progress_start(&batch.progress, settings->no_progress,
                   total_size(files, count));
    for (i = 0; i < count && batch.status == 0; i++) {
        int failed_before = batch.has_failed;

        batch.file = NULL;
        run_file(&batch, files[i]);
        if (batch.file == NULL) {
            batch.has_failed = failed_before;
            missing = STATUS_NO_INPUT;
        }
    }
    run_rest(&batch);
    progress_clear(&batch.progress);
    while (batch.count > 0)
        item_clear(item_at(&batch, --batch.count));
    if (batch.status != 0)
        return batch.status;
    if (missing != 0)
        return missing;
    return batch.has_failed ? STATUS_SOME_FAILED : STATUS_OK;
}
