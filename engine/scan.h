/* scan.h - the words of a text, 64 bytes at a time.  Private to engine/.
 *
 * scan.c makes a bit of each byte: does it belong to a word?  Where the
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

/* The same as scan_next(), of a word that may be in two blocks. */
size_t scan_across(struct scan *scan, size_t *begin);

/* Finds the next word, and where it begins.  Returns its size; 0 at the
 * end. */
static inline size_t scan_next(struct scan *scan, size_t *begin)
{
    uint64_t edges = scan->edges, end = edges & (edges - 1);
    size_t at;

    if (scan->open != 0 || end == 0)
        return scan_across(scan, begin);
    at = (size_t) __builtin_ctzll(edges); /* it is all in this block */
    *begin = scan->base + at;
    scan->edges = end & (end - 1);
    return (size_t) __builtin_ctzll(end) - at;
}

#endif
