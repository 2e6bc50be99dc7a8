/* turns.c - engines of several builds in one process, by turns.
 *
 *     turns METHOD LANGUAGE PASSES CORPUS LIBRARY...
 *
 * Loads each LIBRARY, a libprecis.so, beside the others.  In every pass each of
 * them in turn summarizes all articles of CORPUS, which is as bench/bodies.c
 * reads it; the last one first in every second pass.  One pass comes before
 * those that count.  Prints a line for each library: its median of the passes,
 * microseconds of processor time an article, both quartiles, and its path.
 */
#include <config.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bodies.h"
#include "bench/clock.h"
#include "engine/precis.h"

typedef int engine_new(precis_engine **engine, precis_error *error);
typedef void options_init(precis_options *options);
typedef int summarize(precis_engine *engine, const void *article, size_t size,
                      const precis_options *options,
                      const precis_result **result, precis_error *error);

struct library {
    const char *path;
    options_init *init;
    summarize *summarize;
    precis_engine *engine;
    double *times; /* by pass: microseconds an article */
};

struct turns {
    const char *method, *language;
    struct bodies bodies;
    struct library *list;
    size_t count, passes;
};

static int library_load(struct library *library, const char *path,
                        size_t passes)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    engine_new *new;

    if (handle == NULL)
        return fprintf(stderr, "turns: %s\n", dlerror()), -1;
    /* POSIX has it that a function's address is a pointer to data, too. */
    *(void **) &new = dlsym(handle, "precis_engine_new");
    *(void **) &library->init = dlsym(handle, "precis_options_init");
    *(void **) &library->summarize = dlsym(handle, "precis_summarize");
    if (new == NULL || library->init == NULL || library->summarize == NULL)
        return fprintf(stderr, "turns: %s: no libprecis\n", path), -1;
    library->path = path;
    library->times = calloc(passes, sizeof *library->times);
    if (library->times == NULL || new(&library->engine, NULL) != 0)
        return fprintf(stderr, "turns: out of memory\n"), -1;
    return 0;
}

/* Summarizes all articles once.  Microseconds an article, or -1. */
static double pass(const struct turns *turns, const struct library *library)
{
    uint64_t begin = processor_now();

    for (size_t i = 0; i < turns->bodies.count; i++) {
        const struct body *body = &turns->bodies.list[i];
        const precis_result *result;
        precis_options options;
        precis_error error;

        library->init(&options);
        options.language = turns->language;
        options.method = turns->method;
        if (library->summarize(library->engine, body->data, body->size,
                               &options, &result, &error)
            != 0)
            return fprintf(stderr, "turns: %s: %s\n", library->path,
                           error.message), -1;
    }
    return (double) (processor_now() - begin) / 1e3
           / (double) turns->bodies.count;
}

/* The pass before the first does not count: its number is `passes`. */
static int measure(struct turns *turns, size_t number)
{
    for (size_t i = 0; i < turns->count; i++) {
        size_t turn = number % 2 == 0 ? i : turns->count - 1 - i;
        struct library *library = &turns->list[turn];
        double time = pass(turns, library);

        if (time < 0)
            return -1;
        if (number < turns->passes)
            library->times[number] = time;
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;

    return (x > y) - (x < y);
}

static void print(const struct turns *turns)
{
    for (size_t i = 0; i < turns->count; i++) {
        const struct library *library = &turns->list[i];
        size_t count = turns->passes;

        qsort(library->times, count, sizeof *library->times, compare);
        printf("%.3f\t%.3f\t%.3f\t%s\n", library->times[count / 2],
               library->times[count / 4], library->times[count * 3 / 4],
               library->path);
    }
}

int main(int argc, char **argv)
{
    struct turns turns = { .count = argc > 5 ? (size_t) argc - 5 : 0 };

    if (turns.count == 0
        || (turns.passes = strtoul(argv[3], NULL, 10)) < 1) {
        fprintf(stderr, "usage: turns METHOD LANGUAGE PASSES CORPUS "
                        "LIBRARY...\n");
        return 64;
    }
    turns.method = argv[1];
    turns.language = argv[2];
    if (bodies_load(&turns.bodies, argv[4]) != 0)
        return 66;
    turns.list = calloc(turns.count, sizeof *turns.list);
    for (size_t i = 0; turns.list != NULL && i < turns.count; i++)
        if (library_load(&turns.list[i], argv[5 + i], turns.passes) != 0)
            return 70;
    if (turns.list == NULL || measure(&turns, turns.passes) != 0)
        return 70;
    for (size_t number = 0; number < turns.passes; number++)
        if (measure(&turns, number) != 0)
            return 70;
    print(&turns);
    return 0; /* engines, articles and libraries go with the process */
}
