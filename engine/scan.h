/* scan.h - the words of a text, 64 bytes at a time.  Private to engine/.
 *
 * scan.c makes a bit of each byte: does it belong to a word?  Where the
 * bits change, words begin and end: these places, the edges, are written one
 * after the other, so that neither the length of a word nor its letters cost a
 * branch.  The words are those of next_word(). */
#ifndef ENGINE_SCAN_H
#define ENGINE_SCAN_H

#include <stddef.h>
#include <stdint.h>

struct scan {
    const char *text;
    size_t limit;    /* bytes of it: no byte from here on is read */
    size_t next;     /* where the next block begins ... */
    size_t end;      /* ... and the last one ends */
    size_t base;     /* of this block */
    uint64_t open;   /* 1 where a word is, at its end */
    uint64_t spill;  /* bits of the next block that end a word's character */
};

/* More room than that is never needed for one block, and the end of a word
 * that ends with the text: edges are written by the dozen. */
#define SCAN_ROOM 96

/* The words of [begin, end), both between characters. */
static inline void scan_start(struct scan *scan, const char *text,
                              size_t limit, size_t begin, size_t end)
{
    *scan = (struct scan){ .text = text, .limit = limit, .next = begin,
                           .end = end };
}

/* Writes where the next words begin and end, by turns, as long as there is
 * `room` for SCAN_ROOM.  Returns how many edges; all is read where scan->next
 * has reached scan->end.  A word that is begun may end in the next call. */
size_t scan_edges(struct scan *scan, uint32_t *edges, size_t room);

/* The same by any processor, which scan_edges() calls where wide.h has nothing
 * for this one; and by what that has, in scan_wide.c. */
size_t scan_edges_narrow(struct scan *scan, uint32_t *edges, size_t room);
size_t scan_edges_wide(struct scan *scan, uint32_t *edges, size_t room);

/* Adds to `bits`, of this block, those of the characters that are left, which
 * begin where `left` has bits. */
uint64_t scan_others(struct scan *scan, uint64_t bits, uint64_t left);

#endif
