#include <config.h>

#include "engine/pages.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined MADV_HUGEPAGE || defined MADV_POPULATE_READ

static void advise(uintptr_t start, uintptr_t end, int advice)
{
    int before = errno;

    if (start < end)
        madvise((void *) start, end - start, advice);
    errno = before;
}

/* The same of all pages that it has a part of. */
static void advise_around(const void *memory, size_t size, int advice)
{
    uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t) memory, end = start + size;

    advise(start & ~(page - 1), (end + page - 1) & ~(page - 1), advice);
}

#endif

#ifdef MADV_HUGEPAGE

void pages_large(void *memory, size_t size)
{
    if (size >= LARGE_PAGES_MIN)
        advise_around(memory, size, MADV_HUGEPAGE);
}

#else

void pages_large(void *memory, size_t size)
{
    (void) memory, (void) size;
}

#endif

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
    advise_around(memory, size, MADV_POPULATE_READ);
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
    pages_read(table->row_starts,
               (ROW_PLACES + 1) * sizeof *table->row_starts);
    pages_read(table->row_tags, count);
    pages_read(table->row_numbers, count * sizeof *table->row_numbers);
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
