/* staged.h - the engine with a stopwatch between its stages, for bench/.
 *
 * bench/staged.c is engine/engine.c, compiled once more: linked before
 * libengine.la it takes the place of engine.o there.
 */
#ifndef BENCH_STAGED_H
#define BENCH_STAGED_H

#include <stdint.h>

enum stage {
    STAGE_DECODE,
    STAGE_DETECT,
    STAGE_SPLIT,
    STAGE_WORDS,
    STAGE_SCORE,
    STAGE_SELECT,
    STAGE_COMPOSE,
    STAGE_COUNT
};

/* Articles that this engine takes: more than the library does. */
#define STAGED_ARTICLE_MAX (80u << 20)

/* Nanoseconds of a clock that nobody sets. */
uint64_t stopwatch_now(void);

/* When each stage of the article ended; NULL: the stopwatch stands still. */
extern uint64_t *stopwatch;

#endif
