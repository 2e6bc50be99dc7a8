/* heap.c - see heap.h.
 *
 * An article of a few kilobytes has the engine write to some 150 pages, each of
 * which costs a trap when it is touched for the first time: half a microsecond
 * on bare metal, ten and more on a virtual machine, where that was a third of
 * what a summary cost.  They all fit into one page of the large sort, which is
 * one trap; so malloc's heap is made to begin with one.  Where the kernel has
 * none to give it is asked for the first of the small pages in one call.
 */
#include <config.h>

#include "clients/heap.h"

#include <stdlib.h>

#if defined(__linux__) && defined(__GLIBC__)

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* A large page of x86-64, and of others with small pages of 4 KiB. */
#define LARGE_PAGE ((uintptr_t) 2 << 20)

/* What an article of 2 kB writes to. */
#define FIRST_USED ((size_t) 400 << 10)

/* What the next larger piece has above what was asked for: malloc's own. */
#define USUAL_PAD (128 << 10)

/* What malloc would reach by itself after some long texts, whose memory is
 * used again that way; no limit can move once one was set. */
#define MMAP_THRESHOLD (32 << 20)

void heap_prepare(void)
{
    uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    uintptr_t end = (uintptr_t) sbrk(0);
    /* What malloc writes first must not make small pages of the large one. */
    uintptr_t start = (end + page + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
    void *volatile first;

    if (sbrk((intptr_t) (start - page - end)) == (void *) -1)
        return;
    mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD);
    mallopt(M_TRIM_THRESHOLD, 2 * MMAP_THRESHOLD);
    mallopt(M_TOP_PAD, (int) (LARGE_PAGE + page));
    first = malloc(1);
    mallopt(M_TOP_PAD, USUAL_PAD);
    free(first);
    if ((uintptr_t) sbrk(0) < start + LARGE_PAGE)
        return; /* malloc is another one, or has its memory elsewhere */
    madvise((void *) start, LARGE_PAGE, MADV_HUGEPAGE);
#ifdef MADV_POPULATE_WRITE
    madvise((void *) start, FIRST_USED, MADV_POPULATE_WRITE);
#endif
}

#else

void heap_prepare(void)
{
}

#endif
