/* scan.h - the words of a text, 64 bytes at a time.  Private to engine/.
 *
 * scan_block() makes a bit of each byte: does it belong to a word?  Where the
 * bits change, words begin and end, so that the length of a word costs no
 * branch.  The words are those of next_word(). */
#ifndef ENGINE_SCAN_H
#define ENGINE_SCAN_H

#include <stddef.h>
#include <stdint.h>

struct scan {
    const char *text;
    size_t limit;   /* bytes of it: no byte from here on is read */
    size_t next;    /* where the next block begins ... */
    size_t end;     /* ... and the last one ends */
    size_t base;    /* of this block */
    uint64_t edges; /* of this block: where words begin or end, those left */
    size_t begin;   /* of the word that is open */
    uint64_t open;  /* 1 where one is */
    uint64_t spill; /* bits of the next block that end a word's character */
    unsigned behind; /* bytes of it that end any character of this one */
};

static inline void scan_start(struct scan *scan, const char *text,
                              size_t limit, size_t begin, size_t end)
{
    *scan = (struct scan){ .text = text, .limit = limit, .next = begin,
                           .end = end };
}

/* The bits of the block at `base`, which becomes the one at `next`. */
uint64_t scan_block(struct scan *scan);

/* Finds the next word, and where it begins.  Returns its size; 0 at the
 * end. */
static inline size_t scan_next(struct scan *scan, size_t *begin)
{
    for (;;) {
        size_t at;
        if (scan->edges == 0) {
            uint64_t bits;
            if (scan->next >= scan->end)
                break;
            bits = scan_block(scan);
            scan->edges = bits ^ (bits << 1 | scan->open);
            continue;
        }
        at = scan->base + (size_t) __builtin_ctzll(scan->edges);
        scan->edges &= scan->edges - 1;
        if (scan->open) {
            scan->open = 0;
            *begin = scan->begin;
            return at - scan->begin;
        }
        scan->begin = at;
        scan->open = 1;
    }
    if (!scan->open)
        return 0;
    scan->open = 0;
    *begin = scan->begin;
    return scan->end - scan->begin;
}

#endif
