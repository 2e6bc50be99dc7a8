/* summarizing.h - an engine for a group of tests, what is asked of it, and its
 * summaries.  In each test program its own. */
#ifndef TESTS_ENGINE_SUMMARIZING_H
#define TESTS_ENGINE_SUMMARIZING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "engine/precis.h"
#include "tests/engine/properties.h"

static precis_engine *engine;
static precis_options options;
static precis_error error;

/* Of the group. */
static inline int start(void **state)
{
    (void) state;
    return precis_engine_new(&engine, NULL);
}

static inline int end(void **state)
{
    (void) state;
    precis_engine_free(engine);
    return 0;
}

/* Before each test. */
static inline int defaults(void **state)
{
    (void) state;
    precis_options_init(&options);
    memset(&error, 0xAA, sizeof error);
    return 0;
}

/* The summary by an engine, of which everything is true that should be. */
static inline const precis_result *summary_of(precis_engine *of,
                                              const void *text, size_t size)
{
    const precis_result *result;
    const char *broken;

    if (precis_summarize(of, text, size, &options, &result, &error) != 0)
        fail_msg("%s", error.message);
    broken = properties_broken(result, &options, size, 1);
    if (broken != NULL)
        fail_msg("%s", broken);
    return result;
}

#endif
