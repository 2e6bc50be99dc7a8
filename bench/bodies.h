/* bodies.h - a corpus for bench/: articles, each behind its size in decimal
 * digits and a line end, as bench/articles.py writes them. */
#ifndef BENCH_BODIES_H
#define BENCH_BODIES_H

#include <stddef.h>

#define BODIES_MAX 100000

struct body {
    char *data; /* owned, with FLOOR_PADDING zeros behind */
    size_t size;
};

struct bodies {
    struct body *list;
    size_t count, bytes;
};

/* 0, or -1 and a message on standard error. */
int bodies_load(struct bodies *bodies, const char *path);
void bodies_clear(struct bodies *bodies);

#endif
