#include <config.h>

#include "bench/bodies.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/floor.h"

#define BODY_MAX (80u << 20)

static int body_read(struct body *body, FILE *file)
{
    if (fscanf(file, "%zu", &body->size) != 1 || fgetc(file) != '\n'
        || body->size == 0 || body->size > BODY_MAX)
        return -1;
    body->data = calloc(1, body->size + FLOOR_PADDING);
    if (body->data == NULL)
        return -1;
    if (fread(body->data, 1, body->size, file) == body->size)
        return 0;
    free(body->data);
    return -1;
}

int bodies_load(struct bodies *bodies, const char *path)
{
    FILE *file = fopen(path, "rb");

    *bodies = (struct bodies){0};
    if (file == NULL)
        return perror(path), -1;
    bodies->list = calloc(BODIES_MAX, sizeof *bodies->list);
    while (bodies->list != NULL && bodies->count < BODIES_MAX
           && body_read(&bodies->list[bodies->count], file) == 0)
        bodies->bytes += bodies->list[bodies->count++].size;
    fclose(file);
    if (bodies->count > 0)
        return 0;
    bodies_clear(bodies);
    return fprintf(stderr, "%s: no articles\n", path), -1;
}

void bodies_clear(struct bodies *bodies)
{
    for (size_t i = 0; i < bodies->count; i++)
        free(bodies->list[i].data);
    free(bodies->list);
    *bodies = (struct bodies){0};
}
