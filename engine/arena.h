/* arena.h - memory of one request: taken piecewise, given back all at once.
 *
 * Blocks are taken from malloc, each at least twice the last, so a request
 * costs a handful of mallocs the first time and none once the arena has grown
 * to the size of ordinary articles.  arena_reset() keeps a block of up to
 * ARENA_KEEP_MAX bytes for the next request, and one of a large piece, since
 * new memory costs more than all else that is done with it; it frees the
 * rest, so one huge article does not stay in memory.
 *
 * A piece larger than ARENA_LARGE gets a block of its own, so that it costs
 * no end of a block begun, and arena_grow() can give it to realloc: a table
 * that doubles does not leave its smaller selves behind.
 */
#ifndef ENGINE_ARENA_H
#define ENGINE_ARENA_H

#include <stddef.h>

/* About what a 200 kB article takes; ordinary ones take a tenth. */
#define ARENA_KEEP_MAX (4u << 20)

#define ARENA_LARGE (ARENA_KEEP_MAX / 4)

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first; the first is shared by
                                   pieces, those of one piece are behind */
    char *next;                 /* free bytes of the first block */
    size_t left;
    struct arena_block *spare;  /* of one piece, free, or NULL */
};

void arena_init(struct arena *arena);
void arena_clear(struct arena *arena); /* frees everything */
void arena_reset(struct arena *arena);

/* `size` bytes aligned for any type, not zeroed; NULL when out of memory.
 * Valid until the next reset or clear. */
void *arena_take(struct arena *arena, size_t size);

/* count * size bytes, zeroed; NULL on overflow and when out of memory. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* Makes a piece of `size` bytes (NULL: 0) one of `wanted`, which is more; the
 * new bytes are not zeroed.  Returns where it is now, or NULL when out of
 * memory: then the old piece is as it was. */
void *arena_grow(struct arena *arena, void *piece, size_t size, size_t wanted);

/* Gives back the end of the latest piece, of which only `used` of `size`
 * bytes are wanted. */
void arena_shrink(struct arena *arena, void *piece, size_t size, size_t used);

#endif
