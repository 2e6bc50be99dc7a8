#include <config.h>

#include "clients/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "po/intl.h"

#define FIRST_MS 1000
#define EACH_MS 200

static long long clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_start(struct progress *progress, int no_progress,
                    unsigned long long total)
{
    *progress = (struct progress){
        .is_wanted = !no_progress && isatty(STDERR_FILENO),
        .started = clock_ms(),
        .total = total,
    };
    progress->shown = progress->started + FIRST_MS - EACH_MS;
}

/* "1 h 02 min", "3 min 20 s", "9 s" */
static void show_time(unsigned long long seconds)
{
    if (seconds >= 3600)
        fprintf(stderr, "%llu h %02llu min", seconds / 3600, seconds / 60 % 60);
    else if (seconds >= 60)
        fprintf(stderr, "%llu min %02llu s", seconds / 60, seconds % 60);
    else
        fprintf(stderr, "%llu s", seconds);
}

void progress_show(struct progress *progress, unsigned long long done,
                   unsigned long long bytes)
{
    long long now;
    unsigned long long elapsed;

    if (!progress->is_wanted)
        return;
    now = clock_ms();
    if (now - progress->shown < EACH_MS)
        return;
    progress->shown = now;
    progress->is_shown = 1;
    elapsed = (unsigned long long) (now - progress->started) + 1;
    fputs("\r", stderr);
    fprintf(stderr,
            ngettext("%llu article, %llu/s", "%llu articles, %llu/s",
                     (unsigned long) done),
            done, done * 1000 / elapsed);
    if (bytes > 0 && progress->total >= bytes) {
        double left = (double) (progress->total - bytes)
                      * ((double) elapsed / 1000) / (double) bytes;

        fprintf(stderr, ", %llu %%, ", bytes * 100 / progress->total);
        show_time((unsigned long long) (left + 0.5));
        /* TRANSLATORS: "3 min 20 s left" */
        fputs(_(" left"), stderr);
    }
    fputs("\033[K", stderr);
}

void progress_clear(struct progress *progress)
{
    if (progress->is_shown)
        fputs("\r\033[K", stderr);
    progress->is_shown = 0;
}
