/* input.h - lines of a JSONL file, plain or compressed with xz. */
#ifndef BENCH_CREDITS_INPUT_H
#define BENCH_CREDITS_INPUT_H

#include <stdio.h>
#include <sys/types.h>

struct input {
    FILE *file;
    char path[4096];
    pid_t child; /* the xz that unpacks it, or 0 */
};

/* Opens DIR/NAME.jsonl or DIR/NAME.jsonl.xz; ends the program where there is
 * neither.  The same on closing where xz failed. */
void input_open(struct input *input, const char *dir, const char *name);
void input_close(struct input *input);

#endif
