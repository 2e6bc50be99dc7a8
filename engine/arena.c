#include "engine/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first block: what an article of 2 kB takes. */
#define ARENA_FIRST (64u << 10)

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes behind this head */
};

/* Head rounded up so that what follows is aligned for any type. */
#define ALIGNMENT alignof(max_align_t)
#define HEAD ((sizeof(struct arena_block) + ALIGNMENT - 1) & ~(ALIGNMENT - 1))

void arena_init(struct arena *arena)
{
    memset(arena, 0, sizeof *arena);
}

static void blocks_free(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_clear(struct arena *arena)
{
    blocks_free(arena->blocks);
    arena_init(arena);
}

void arena_reset(struct arena *arena)
{
    struct arena_block *newest = arena->blocks;

    if (newest == NULL)
        return;
    blocks_free(newest->next);
    newest->next = NULL;
    if (newest->size > ARENA_KEEP_MAX) {
        free(newest);
        arena_init(arena);
        return;
    }
    arena->next = (char *) newest + HEAD;
    arena->left = newest->size;
}

static int block_add(struct arena *arena, size_t size)
{
    size_t room = ARENA_FIRST;
    struct arena_block *block;

    if (arena->blocks != NULL && arena->blocks->size < SIZE_MAX / 4)
        room = arena->blocks->size * 2;
    /* Double only while blocks are small enough to be kept: above that a
     * block is as large as asked for, so memory stays in proportion. */
    if (room > ARENA_KEEP_MAX)
        room = ARENA_KEEP_MAX;
    if (room < size)
        room = size;
    if (room > SIZE_MAX - HEAD)
        return -1;
    block = malloc(HEAD + room);
    if (block == NULL)
        return -1;
    block->next = arena->blocks;
    block->size = room;
    arena->blocks = block;
    arena->next = (char *) block + HEAD;
    arena->left = room;
    return 0;
}

void *arena_take(struct arena *arena, size_t size)
{
    void *piece;

    if (size > SIZE_MAX - ALIGNMENT)
        return NULL;
    size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (size > arena->left && block_add(arena, size) != 0)
        return NULL;
    piece = arena->next;
    arena->next += size;
    arena->left -= size;
    return piece;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    void *piece;

    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    piece = arena_take(arena, total);
    if (piece != NULL)
        memset(piece, 0, total);
    return piece;
}

void arena_shrink(struct arena *arena, void *piece, size_t size, size_t used)
{
    char *end;

    size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    used = (used + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    end = (char *) piece + size;
    if (end != arena->next || used > size)
        return;
    arena->next -= size - used;
    arena->left += size - used;
}
