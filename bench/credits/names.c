/* names.c - an open-addressing table over an array. */
#include <config.h>

#include "bench/credits/names.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096

void *take(size_t count, size_t size)
{
    void *piece = calloc(count + 1, size);

    if (piece == NULL)
        err(1, NULL);
    return piece;
}

void *take_more(void *old, size_t count, size_t size)
{
    void *piece = reallocarray(old, count, size);

    if (piece == NULL)
        err(1, NULL);
    return piece;
}

/* FNV-1a (Fowler, Noll and Vo).  Not keyed: who trains trusts the corpus. */
static uint32_t hash_bytes(const unsigned char *bytes, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    return (uint32_t) (hash ^ hash >> 32);
}

static void slot_fill(struct names *names, uint32_t number)
{
    size_t slot = names->list[number].hash & names->mask;

    while (names->slots[slot] != 0)
        slot = (slot + 1) & names->mask;
    names->slots[slot] = number + 1;
}

static void grow(struct names *names)
{
    names->room = names->room == 0 ? ROOM_FIRST : names->room * 2;
    names->list = take_more(names->list, names->room, sizeof *names->list);
    free(names->slots);
    names->slots = take(names->room * 2, sizeof *names->slots);
    names->mask = names->room * 2 - 1;
    for (uint32_t i = 0; i < names->count; i++)
        slot_fill(names, i);
}

uint32_t names_number(struct names *names, const void *text, size_t size)
{
    uint32_t hash = hash_bytes(text, size), number;
    char *copy;

    if (names->count == names->room)
        grow(names);
    for (size_t slot = hash & names->mask; (number = names->slots[slot]) != 0;
         slot = (slot + 1) & names->mask) {
        const struct name *known = &names->list[number - 1];
        if (known->hash == hash && known->size == size
            && memcmp(known->text, text, size) == 0)
            return number - 1;
    }
    copy = take(size, 1);
    memcpy(copy, text, size);
    number = (uint32_t) names->count++;
    names->list[number] = (struct name){copy, (uint32_t) size, hash};
    slot_fill(names, number);
    return number;
}

void names_clear(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free((char *) names->list[i].text);
    free(names->list);
    free(names->slots);
    memset(names, 0, sizeof *names);
}
