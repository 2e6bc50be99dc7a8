/* grams.c - the features of texts; see grams.h. */
#include <config.h>

#include "bench/identify/grams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/identify.h"

struct gram *grams;
size_t grams_room = 1 << 16, gram_count;

void *checked(void *memory)
{
    if (memory == NULL) {
        fputs("train: out of memory\n", stderr);
        exit(70);
    }
    return memory;
}

void grams_start(void)
{
    grams = checked(calloc(grams_room, sizeof *grams));
}

static uint64_t key_of(const uint32_t *text, size_t size)
{
    uint64_t key = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < size; i++)
        key = (key ^ text[i]) * UINT64_C(0x100000001B3);
    return key ^ key >> 29;
}

static struct gram *slot_of(struct gram *table, size_t size, uint64_t key)
{
    size_t slot = key % size;

    while (table[slot].size > 0 && table[slot].key != key)
        slot = (slot + 1) % size;
    return &table[slot];
}

void grams_rebuild(size_t size, int all)
{
    struct gram *table = checked(calloc(size, sizeof *table));

    gram_count = 0;
    for (size_t i = 0; i < grams_room; i++)
        if (grams[i].size > 0 && (all || grams[i].weights != NULL)) {
            *slot_of(table, size, grams[i].key) = grams[i];
            gram_count++;
        }
    free(grams);
    grams = table;
    grams_room = size;
}

struct gram *gram_find(const uint32_t *text, size_t size, int add)
{
    uint64_t key = key_of(text, size);
    struct gram *gram = slot_of(grams, grams_room, key);

    if (gram->size > 0 || !add)
        return gram->size > 0 ? gram : NULL;
    if (2 * ++gram_count > grams_room) {
        grams_rebuild(2 * grams_room, 1);
        gram_count++;
        gram = slot_of(grams, grams_room, key);
    }
    gram->key = key;
    gram->size = (uint8_t) size;
    memcpy(gram->text, text, size * sizeof *text);
    return gram;
}

void each_feature(const uint32_t *text, size_t size,
                  void (*each)(const uint32_t *, size_t, void *), void *data)
{
    size_t word = 0;

    for (size_t i = 0; i + 1 < size; i++) {
        if (text[i] == IDENTIFY_EDGE)
            word = i;
        for (size_t n = 0; n < 4 && i + n < size; n++) {
            if (n > 0 || text[i] != IDENTIFY_EDGE)
                each(text + i, n + 1, data);
            if (n > 0 && text[i + n] == IDENTIFY_EDGE)
                break;
        }
        if (text[i + 1] == IDENTIFY_EDGE && i + 2 - word >= 5
            && i + 2 - word <= GRAM_MAX)
            each(text + word, i + 2 - word, data);
    }
}
