/* heap.c - see heap.h.
 *
 * An article of a few kilobytes has us write to some 60 pages of the heap, each
 * of which costs a trap when it is touched for the first time: half a
 * microsecond on bare metal, ten and more on a virtual machine.  So malloc gets
 * them at once, and the kernel makes all of them in one call.
 *
 * One page of 2 MiB instead would be a single trap, and a tenth of the whole
 * run less where such a page is at hand.  Where it is not, as mostly on a
 * virtual machine that gives free memory back, it takes 6 to 19 ms to come.
 */
#include <config.h>

#include "clients/heap.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

#if defined(__GLIBC__) && defined(MADV_POPULATE_WRITE)

/* What an article of 2 kB takes. */
#define HEAP_SIZE (448 << 10)

/* malloc's own, which it does not move any more once one of them was set: what
 * the heap grows by beside what is asked for, and how much may be free at its
 * end.  Pieces above the last have memory of their own, so that what is zero by
 * itself, as the tables of an engine, needs no clearing. */
#define USUAL_PAD (128 << 10)
#define KEPT_FREE (1 << 20)
#define LARGE_PIECE (512 << 10)

void heap_prepare(void)
{
    uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    void *volatile first; /* or the compiler sees no use in it */

    mallopt(M_MMAP_THRESHOLD, LARGE_PIECE);
    mallopt(M_TRIM_THRESHOLD, KEPT_FREE);
    mallopt(M_TOP_PAD, HEAP_SIZE);
    first = malloc(1);
    mallopt(M_TOP_PAD, USUAL_PAD);
    madvise((void *) ((uintptr_t) first & ~(page - 1)), HEAP_SIZE,
            MADV_POPULATE_WRITE);
    free(first);
}

#else

void heap_prepare(void)
{
}

#endif
