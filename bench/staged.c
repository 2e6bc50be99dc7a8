#include <config.h>

#include <stddef.h>
#include <time.h>

#include "bench/staged.h"
#include "engine/precis.h"

uint64_t *stopwatch;

uint64_t stopwatch_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * 1000000000 + (uint64_t) now.tv_nsec;
}

#define STAGE_DONE(stage) \
    do { \
        if (stopwatch != NULL) \
            stopwatch[STAGE_##stage] = stopwatch_now(); \
    } while (0)

#undef PRECIS_ARTICLE_LIMIT_MAX
#define PRECIS_ARTICLE_LIMIT_MAX STAGED_ARTICLE_MAX

#include "engine/engine.c"
