#include "engine/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/pages.h"

/* The first block: what an article of 2 kB takes. */
#define ARENA_FIRST (64u << 10)

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes behind this head */
    int own;     /* not 0: of one large piece */
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
    free(arena->spare);
    arena_init(arena);
}

/* Takes the largest block of one piece that may be kept out of the list, to
 * be the spare one. */
static void spare_keep(struct arena *arena, struct arena_block **link)
{
    struct arena_block **best = NULL;
    size_t size = arena->spare == NULL ? 0 : arena->spare->size;

    for (; *link != NULL; link = &(*link)->next)
        if ((*link)->own && (*link)->size > size
            && (*link)->size <= ARENA_KEEP_MAX + ALIGNMENT) {
            best = link;
            size = (*link)->size;
        }
    if (best == NULL)
        return;
    free(arena->spare);
    arena->spare = *best;
    *best = arena->spare->next;
}

void arena_reset(struct arena *arena)
{
    struct arena_block *first = arena->blocks;

    if (first == NULL)
        return;
    spare_keep(arena, &first->next);
    blocks_free(first->next);
    first->next = NULL;
    arena->next = (char *) first + HEAD;
    arena->left = first->size;
}

/* A multiple of the alignment, at least one; 0 on overflow. */
static size_t round_up(size_t size)
{
    if (size > SIZE_MAX - HEAD - ALIGNMENT)
        return 0;
    return size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/* Puts a block for pieces of up to `size` bytes before the others. */
static int block_add(struct arena *arena, size_t size)
{
    size_t room = ARENA_FIRST;
    struct arena_block *block;

    if (arena->blocks != NULL)
        room = arena->blocks->size * 2;
    if (room > ARENA_KEEP_MAX)
        room = ARENA_KEEP_MAX;
    if (room < size)
        room = size;
    block = malloc(HEAD + room);
    if (block == NULL)
        return -1;
    block->next = arena->blocks;
    block->size = room;
    block->own = 0;
    arena->blocks = block;
    arena->next = (char *) block + HEAD;
    arena->left = room;
    return 0;
}

static void *take_large(struct arena *arena, size_t size)
{
    struct arena_block *block;

    /* the first block is always one that reset may keep */
    if (arena->blocks == NULL && block_add(arena, 0) != 0)
        return NULL;
    block = arena->spare;
    if (block != NULL && block->size >= size && block->size / 4 <= size) {
        arena->spare = NULL;
    } else {
        block = malloc(HEAD + size);
        if (block == NULL)
            return NULL;
        pages_large(block, HEAD + size);
        block->size = size;
    }
    block->next = arena->blocks->next;
    block->own = 1;
    arena->blocks->next = block;
    return (char *) block + HEAD;
}

void *arena_take(struct arena *arena, size_t size)
{
    void *piece;

    size = round_up(size);
    if (size == 0)
        return NULL;
    if (size > ARENA_LARGE)
        return take_large(arena, size);
    /* NULL means no memory, also where nothing is asked of an empty arena. */
    if ((size > arena->left || arena->next == NULL)
        && block_add(arena, size) != 0)
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

/* The link to the block that the piece has for itself, or NULL.  There are
 * few blocks: each is at least ARENA_LARGE, or twice the one before. */
static struct arena_block **own_find(struct arena *arena, const void *piece)
{
    struct arena_block **link = &arena->blocks;

    while (*link != NULL) {
        if ((*link)->own && (const char *) *link + HEAD == piece)
            return link;
        link = &(*link)->next;
    }
    return NULL;
}

void *arena_grow(struct arena *arena, void *piece, size_t size, size_t wanted)
{
    size_t old = round_up(size), rounded = round_up(wanted);
    struct arena_block **link;
    void *bigger;

    if (rounded == 0)
        return NULL;
    if (piece == NULL)
        return arena_take(arena, wanted);
    if (wanted <= size)
        return piece;
    link = old > ARENA_LARGE ? own_find(arena, piece) : NULL;
    if (link != NULL) {
        struct arena_block *block = realloc(*link, HEAD + rounded);
        if (block == NULL)
            return NULL;
        pages_large(block, HEAD + rounded);
        block->size = rounded;
        *link = block;
        return (char *) block + HEAD;
    }
    if ((char *) piece + old == arena->next && rounded <= ARENA_LARGE
        && rounded - old <= arena->left) {
        arena->next += rounded - old;
        arena->left -= rounded - old;
        return piece;
    }
    bigger = arena_take(arena, wanted);
    if (bigger != NULL)
        memcpy(bigger, piece, size);
    return bigger;
}

void arena_shrink(struct arena *arena, void *piece, size_t size, size_t used)
{
    size = round_up(size);
    used = round_up(used);
    if ((char *) piece + size != arena->next || used > size)
        return;
    arena->next -= size - used;
    arena->left += size - used;
}
