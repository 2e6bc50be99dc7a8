/* hashed.c - the buckets of the vocabulary; see vocabulary.h.
 *
 * A word is in the first bucket from its own on that had a free slot, and none
 * is ever taken out, so whoever looks for it may stop at a free slot.
 */
#include <config.h>

#include <stdlib.h>

#include "engine/pages.h"
#include "engine/vocabulary.h"

/* From so many on, 512 KiB, their pages are made at once: all are wanted. */
#define BUCKETS_MANY 8192

_Static_assert(sizeof(struct bucket) == CACHE_LINE,
               "a bucket is a cache line");

void bucket_put(struct vocabulary *v, uint32_t hash, uint32_t number)
{
    for (uint32_t at = hash & v->mask;; at = (at + 1) & v->mask)
        for (unsigned i = 0; i < BUCKET_SLOTS; i++)
            if (v->buckets[at].records[i] == 0) {
                v->buckets[at].hashes[i] = hash;
                v->buckets[at].records[i] = number;
                return;
            }
}

int buckets_make(struct vocabulary *v, uint32_t count)
{
    size_t size = ((size_t) count + 1) * sizeof *v->buckets;
    void *memory = calloc(1, size);

    if (memory == NULL)
        return -1;
    pages_large(memory, size);
    if (count >= BUCKETS_MANY)
        pages_fill(memory, size);
    v->bucket_memory = memory;
    v->buckets = line_in(memory);
    v->mask = count - 1;
    v->bucket_room = count;
    return 0;
}

/* Memory for so many, with those that there are in front.  0, or -1. */
static int buckets_move(struct vocabulary *v, uint32_t room)
{
    const size_t size = ((size_t) room + 1) * sizeof *v->buckets;
    size_t before = (size_t) ((char *) v->buckets - (char *) v->bucket_memory);
    char *memory = realloc(v->bucket_memory, size);

    if (memory == NULL)
        return -1;
    pages_large(memory, size);
    v->bucket_memory = memory;
    v->bucket_room = room;
    v->buckets = line_in(memory);
    if ((char *) v->buckets != memory + before)
        memmove(v->buckets, memory + before,
                ((size_t) v->mask + 1) * sizeof *v->buckets);
    return 0;
}

/* Makes room for twice as many, of which the second half is empty.  Where there
 * are many, there is memory for all that the article may want, so that they
 * need not move again.  0, or -1. */
static int buckets_extend(struct vocabulary *v, uint32_t count)
{
    const size_t half = count * sizeof *v->buckets;
    uint32_t room = 2 * count;

    if (count >= BUCKETS_MANY)
        while ((uint64_t) room * BUCKET_SLOTS / 2 < v->expected)
            room *= 2;
    if (2 * count > v->bucket_room && buckets_move(v, room) != 0
        && buckets_move(v, 2 * count) != 0)
        return -1;
    if (2 * count >= BUCKETS_MANY)
        pages_fill(v->buckets + count, half);
    memset(v->buckets + count, 0, half);
    v->mask = 2 * count - 1;
    return 0;
}

/* Each bucket in turn is emptied, and what was in it put where it belongs
 * now.  That is never behind a bucket that is still to be emptied: those from
 * its own on up to this one had room for all that was put into them.  So the
 * first one must be one that nothing went past. */
int buckets_double(struct vocabulary *v)
{
    const uint32_t mask = v->mask;
    uint32_t first = 0;

    if (buckets_extend(v, mask + 1) != 0)
        return -1;
    while (v->buckets[(first - 1) & mask].records[BUCKET_SLOTS - 1] != 0)
        first++;
    for (uint32_t i = 0; i <= mask; i++) {
        struct bucket *bucket = &v->buckets[(first + i) & mask];
        const struct bucket old = *bucket;
        memset(bucket, 0, sizeof *bucket);
        for (unsigned s = 0; s < BUCKET_SLOTS && old.records[s] != 0; s++)
            bucket_put(v, old.hashes[s], old.records[s]);
    }
    return 0;
}
