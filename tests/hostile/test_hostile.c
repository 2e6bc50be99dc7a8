/* test_hostile.c - the shapes, summarized: an answer or an error that is
 * documented, what is true of every result, time in proportion to the size,
 * memory within a bound.
 *
 * usage: test_hostile [SHAPE...]     those whose names contain a SHAPE
 *
 * Each shape has a process of its own, so that the memory is its own.  Times
 * are never compared with a clock's, only with that of a quarter of the text:
 * a quadratic stage would take 16 times as long, a linear one 4 times.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/engine/properties.h"
#include "tests/hostile/shapes.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define SCALE (SANITIZED ? 8 : 1)
#define KIB ((size_t) 1024)
#define MIB (KIB * KIB)

/* Generous on both sides of 4, and tried again before it counts: first by the
 * engine that there is, then by new ones.  An engine remembers the words of
 * earlier texts up to a number, which may be those of the quarter but not those
 * of the whole, and to learn a word anew takes three times as long as to find
 * it.  With sanitizers the texts are small, and one block more of an arena, 4
 * MB that are not kept for the next text, costs as much as all the rest of 25
 * kB of distinct words: there a step like that is let pass, but not 16. */
#define RATIO_MAX (SANITIZED ? 12.0 : 8.0)
#define TRIES 6

/* Where every word is another one, all that is known of a word takes some 40
 * times its bytes. */
#define MEMORY_FACTOR 48
#define MEMORY_BASE (16 * MIB)

struct run {
    const struct shape *shape;
    precis_engine *engine;
    precis_options options;
    char problem[400]; /* the first one, or "" */
};

static void problem(struct run *run, size_t size, const char *what)
{
    if (run->problem[0] == '\0')
        snprintf(run->problem, sizeof run->problem, "%zu bytes, limit %d: %s",
                 size, (int) run->options.limit, what);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

/* A refusal is right where the text is blank or no text, or no sentence
 * fits. */
static int is_right(const struct run *run, const precis_error *error)
{
    if (run->shape->refusal != 0)
        return error->code == run->shape->refusal;
    if (error->code == PRECIS_EBAD_REQUEST
        && strncmp(error->message, "no sentence is left: all are ", 29) == 0)
        return run->options.no_quotes || run->options.no_questions;
    if (error->code == PRECIS_EUNKNOWN_LANGUAGE)
        return run->options.language == NULL;
    return error->code == PRECIS_EBAD_REQUEST
           && run->options.limit >= PRECIS_LIMIT_WORDS
           && strncmp(error->message, "no sentence fits: the shortest has ", 35)
                  == 0
           && strlen(error->message) < 60;
}

/* Summarizes so much of the shape; returns the time it took. */
static double summarize(struct run *run, const char *text, size_t size)
{
    const precis_result *result;
    const char *broken;
    precis_error error;
    double before = seconds(), taken;
    int code = precis_summarize(run->engine, text, size, &run->options, &result,
                                &error);

    taken = seconds() - before;
    if (code != 0 && !is_right(run, &error))
        problem(run, size, error.message);
    if (code == 0 && run->shape->refusal != 0)
        problem(run, size, "a summary of nothing");
    if (code == 0
        && (broken = properties_broken(result, &run->options, size, 1)) != NULL)
        problem(run, size, broken);
    return taken;
}

/* An engine that remembers nothing, in place of the one there is. */
static void engine_renew(struct run *run)
{
    precis_engine_free(run->engine);
    if (precis_engine_new(&run->engine, NULL) != 0)
        _exit(1);
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* How many times as long as the text behind it, a quarter of its size, does it
 * take?  Tries no longer once that is near enough to 4. */
static double times_quarter(struct run *run, const char *text, size_t size,
                            int is_new)
{
    double quarter = 1e9, whole = 1e9;

    for (int i = 0; i < TRIES; i++) {
        for (int k = 0; k < 3; k++) {
            if (is_new)
                engine_renew(run);
            if (k < 2)
                quarter = smaller(quarter,
                                  summarize(run, text + size, size / 4));
            else
                whole = smaller(whole, summarize(run, text, size));
        }
        if (whole <= quarter * RATIO_MAX)
            break;
    }
    return whole / quarter;
}

/* Compares the time at `size` with that at a quarter.  The text has room for
 * both. */
static void check_linear(struct run *run, char *text, size_t size)
{
    double ratio = 0;
    char what[100];

    run->shape->fill(text, size, run->shape->part);
    run->shape->fill(text + size, size / 4, run->shape->part);
    for (int is_new = 0; is_new < 2; is_new++) {
        ratio = times_quarter(run, text, size, is_new);
        if (ratio <= RATIO_MAX)
            return;
    }
    snprintf(what, sizeof what, "%.1f times as long as a quarter", ratio);
    problem(run, size, what);
}

static void check_limits(struct run *run, char *text, size_t size)
{
    static const struct {
        enum precis_limit limit;
        size_t amount;
        enum precis_order order;
    } limits[] = {
        {PRECIS_LIMIT_SENTENCES, 3, PRECIS_ORDER_SCORE},
        {PRECIS_LIMIT_SENTENCES, 20000, PRECIS_ORDER_SOURCE},
        {PRECIS_LIMIT_WORDS, 100, PRECIS_ORDER_SOURCE},
        {PRECIS_LIMIT_CHARACTERS, 300, PRECIS_ORDER_SOURCE},
        {PRECIS_LIMIT_PERCENT, 20, PRECIS_ORDER_SCORE},
        {PRECIS_LIMIT_PERCENT, 100, PRECIS_ORDER_SOURCE},
    };

    run->shape->fill(text, size, run->shape->part);
    run->options.explain = 1;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        run->options.limit = limits[i].limit;
        run->options.amount = limits[i].amount;
        run->options.order = limits[i].order;
        summarize(run, text, size);
    }
}

/* What else can be asked for, one by one and all at once. */
static void check_options(struct run *run, char *text, size_t size)
{
    static const char query[] = "pont de la ville";

    for (unsigned i = 1; i < 32; i = i < 16 ? 2 * i : i + 15) {
        precis_options_init(&run->options);
        run->options.language = "fr";
        run->options.compress = i & 1;
        run->options.no_quotes = (i & 2) != 0;
        run->options.no_questions = (i & 4) != 0;
        run->options.keywords = i & 8 ? PRECIS_KEYWORDS_MAX : 0;
        run->options.query = i & 16 ? query : NULL;
        run->options.query_size = i & 16 ? sizeof query - 1 : 0;
        if (i == 1 || i == 8 || i == 31)
            check_linear(run, text, size);
        else
            summarize(run, text, size);
    }
}

static void check_memory(struct run *run, size_t size)
{
    struct rusage usage;
    size_t bound = MEMORY_FACTOR * size + MEMORY_BASE;
    char what[100];

    getrusage(RUSAGE_SELF, &usage);
    if (SANITIZED || (size_t) usage.ru_maxrss <= bound / KIB)
        return;
    snprintf(what, sizeof what, "%ld KiB taken, %zu allowed", usage.ru_maxrss,
             bound / KIB);
    problem(run, size, what);
}

static void check_shape(struct run *run)
{
    size_t size = PRECIS_ARTICLE_LIMIT / SCALE;
    char *text = malloc(PRECIS_ARTICLE_LIMIT_MAX / SCALE);

    precis_options_init(&run->options);
    run->options.language = "fr";
    if (text == NULL || precis_engine_new(&run->engine, NULL) != 0) {
        problem(run, 0, "no memory for the test");
        return;
    }
    check_linear(run, text, 200 * KIB / SCALE);
    check_linear(run, text, size);
    check_memory(run, size);
    check_limits(run, text, 150 * KIB / SCALE);
    check_options(run, text, 200 * KIB / SCALE);
    if (run->shape->is_heavy) {
        size = PRECIS_ARTICLE_LIMIT_MAX / SCALE;
        run->shape->fill(text, size, run->shape->part);
        precis_options_init(&run->options);
        run->options.article_limit = PRECIS_ARTICLE_LIMIT_MAX;
        summarize(run, text, size);
        check_memory(run, size);
    }
    precis_engine_free(run->engine);
    free(text);
}

/* In a process of its own.  Returns whether all was well; *what is then what
 * was not. */
static int shape_is_well(const struct shape *shape, char *what, size_t room)
{
    int ends[2], status = 0;
    ssize_t size;
    pid_t child;

    what[0] = '\0';
    if (pipe(ends) != 0 || (child = fork()) < 0)
        return 0;
    if (child == 0) {
        struct run run = {.shape = shape};
        check_shape(&run);
        size = write(ends[1], run.problem, strlen(run.problem));
        _exit(size == (ssize_t) strlen(run.problem) ? 0 : 1);
    }
    close(ends[1]);
    size = read(ends[0], what, room - 1);
    what[size > 0 ? size : 0] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    if (status != 0)
        snprintf(what, room, "the process ended with status %#x",
                 (unsigned) status);
    return what[0] == '\0';
}

static int is_wanted(const char *name, char **names)
{
    if (*names == NULL)
        return 1;
    for (; *names != NULL; names++)
        if (strstr(name, *names) != NULL)
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    int number = 0, failed = 0;

    (void) argc;
    for (size_t i = 0; i < shape_count; i++) {
        char what[500];
        int well;
        if (!is_wanted(shapes[i].name, argv + 1))
            continue;
        well = shape_is_well(&shapes[i], what, sizeof what);
        printf("%s %d - %s\n", well ? "ok" : "not ok", ++number,
               shapes[i].name);
        if (!well)
            printf("# %s\n", what);
        failed |= !well;
        fflush(stdout);
    }
    printf("1..%d\n", number);
    return failed;
}
