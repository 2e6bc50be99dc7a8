/* shapes.h - texts that nobody writes, of any size. */
#ifndef TESTS_HOSTILE_SHAPES_H
#define TESTS_HOSTILE_SHAPES_H

#include <stddef.h>

struct shape {
    const char *name;
    void (*fill)(char *text, size_t size, const char *part);
    const char *part; /* what the shape repeats, where it does */
    int refusal;      /* the answer is this PRECIS_E..., 0: a summary */
    int is_heavy;     /* tried at 16 MiB too */
};

extern const struct shape shapes[];
extern const size_t shape_count;

#endif
