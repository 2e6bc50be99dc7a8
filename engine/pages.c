#include <config.h>

#include "engine/pages.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined MADV_HUGEPAGE || defined MADV_POPULATE_READ                       \
    || defined MADV_DONTNEED
static void advise(uintptr_t start, uintptr_t end, int advice)
{
    int before = errno;

    if (start < end)
        madvise((void *) start, end - start, advice);
    errno = before;
}
#endif

static uintptr_t huge_up(uintptr_t at)
{
    return (at + PAGES_HUGE - 1) & ~(PAGES_HUGE - 1);
}

/* Pieces that began at the same place in their pages would drive each other
 * out of the nearest cache, so each begins at one of so many cache lines. */
#define LINES 61
#define LINE 64

/* Begin and end are rounded up. */
#define SLACK (2 * PAGES_HUGE + (size_t) LINES * LINE)

size_t pages_room(size_t size)
{
    int is_large = size > PAGES_LARGE && size <= SIZE_MAX - SLACK;

    return is_large ? size + SLACK : size;
}

void *pages_place(void *memory, size_t size)
{
    uintptr_t start = huge_up((uintptr_t) memory);

    if (memory == NULL || pages_room(size) == size)
        return memory;
#ifdef MADV_HUGEPAGE
    /* the last page, too, where the piece has at least half of it */
    advise(start, huge_up(start + size - PAGES_HUGE / 2), MADV_HUGEPAGE);
#endif
    return (void *) (start + ((uintptr_t) memory >> 12) % LINES * LINE);
}

void pages_free(void *memory, size_t size)
{
#ifdef MADV_DONTNEED
    uintptr_t start = (uintptr_t) memory, end = start + pages_room(size);

    if (memory != NULL && pages_room(size) != size)
        advise(huge_up(start), end & ~(PAGES_HUGE - 1), MADV_DONTNEED);
#else
    (void) size;
#endif
    free(memory);
}

#ifdef MADV_POPULATE_READ

void pages_fill(void *memory, size_t size)
{
    uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t) memory, end = start + size;

    advise((start + page - 1) & ~(page - 1), end & ~(page - 1),
           MADV_POPULATE_WRITE);
}

/* Constants may share their pages with anything that is there. */
static void pages_read(const void *memory, size_t size)
{
    uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t) memory, end = start + size;

    advise(start & ~(page - 1), (end + page - 1) & ~(page - 1),
           MADV_POPULATE_READ);
}

void pages_read_language(const struct language *language)
{
    const struct word_table *table = &language->table;
    size_t count = table->count;
    uint32_t last;

    if (language->lexicon != NULL)
        pages_read(language->lexicon, ((size_t) language->lexicon_mask + 1)
                                          * sizeof *language->lexicon);
    if (count == 0)
        return;
    pages_read(table->words, table->offsets[count]);
    pages_read(table->offsets, (count + 1) * sizeof *table->offsets);
    pages_read(table->values, 4 * (count + 1));
    pages_read(table->pairs, (count + 1) * sizeof *table->pairs);
    last = table->pairs[count]; /* of a word that opens none */
    pages_read(table->pair_slots,
               (last / 16 + (size_t) 1) * sizeof *table->pair_slots);
}

#else

void pages_fill(void *memory, size_t size)
{
    (void) memory, (void) size;
}

void pages_read_language(const struct language *language)
{
    (void) language;
}

#endif
