/* names.h - numbers for words and pairs of words, in the order first met, so
 * that the same corpus always gives the same numbers. */
#ifndef BENCH_CREDITS_NAMES_H
#define BENCH_CREDITS_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct name {
    const char *text; /* owned by the names; any bytes */
    uint32_t size, hash;
};

struct names {
    struct name *list;
    size_t count, room;
    uint32_t *slots; /* number + 1, 0 is free; at most half full */
    size_t mask;
};

/* The number of a name, a new one where it is met for the first time. */
uint32_t names_number(struct names *names, const void *text, size_t size);

void names_clear(struct names *names);

/* malloc and realloc that end the program where there is no memory: all of
 * bench/credits does, since it could do nothing else. */
void *take(size_t count, size_t size); /* zeroed */
void *take_more(void *old, size_t count, size_t size);

#endif
