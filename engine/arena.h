/* arena.h - memory of one request: taken piecewise, given back all at once.
 *
 * Blocks are taken from malloc, each at least twice the last, so a request
 * costs a handful of mallocs the first time and none once the arena has grown
 * to the size of ordinary articles.  arena_reset() keeps up to
 * ARENA_KEEP_MAX bytes for the next request and frees the rest, so one huge
 * article does not stay in memory.
 */
#ifndef ENGINE_ARENA_H
#define ENGINE_ARENA_H

#include <stddef.h>

/* About what a 200 kB article takes; ordinary ones take a tenth. */
#define ARENA_KEEP_MAX (4u << 20)

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *next;                 /* free bytes of the newest block */
    size_t left;
};

void arena_init(struct arena *arena);
void arena_clear(struct arena *arena); /* frees everything */
void arena_reset(struct arena *arena);

/* `size` bytes aligned for any type, not zeroed; NULL when out of memory.
 * Valid until the next reset or clear. */
void *arena_take(struct arena *arena, size_t size);

/* count * size bytes, zeroed; NULL on overflow and when out of memory. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* Gives back the end of the latest piece, of which only `used` of `size`
 * bytes are wanted. */
void arena_shrink(struct arena *arena, void *piece, size_t size, size_t used);

#endif
