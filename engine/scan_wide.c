/* scan_wide.c - scan.h's blocks of 64 bytes, each read at once; see wide.h. */
#include <config.h>

#include "engine/scan.h"
#include "engine/wide.h"

#if WIDE

/* Bytes behind a block that are looked at with it. */
#define BEHIND 2

/* The bits of a block: what scan.c's block_read() says. */
struct bits {
    uint64_t word, other;
};

/* `size` bytes may be read. */
WIDE_CODE static inline struct bits read_block(struct scan *scan,
                                               const char *text, size_t size)
{
    __m512i bytes = wide_load(text, size);
    __m512i second = wide_load(text + 1, size - 1);
    uint64_t all = wide_lowest(size > 1 ? size - BEHIND : 0);
    __m512i third = _mm512_maskz_loadu_epi8(all, text + BEHIND);
    uint64_t ascii = wide_range(wide_with(bytes, 0x20), 'a', 26)
                     | wide_range(bytes, '0', 10);
    uint64_t signs = wide_equal(bytes, 0xC3)
                     & wide_equal(wide_with(second, 0x20), 0xB7);
    uint64_t letter = (wide_range(bytes, 0xC3, 8) & ~signs)
                      | wide_equal(wide_only(bytes, 0xFE), 0xD0);
    uint64_t two = wide_equal(bytes, 0xC2)
                   & (wide_equal(wide_with(second, 0x10), 0xBB)
                      | wide_equal(second, 0xA0));
    uint64_t three = wide_equal(bytes, 0xE2) & wide_equal(second, 0x80)
                     & wide_range(third, 0x90, 0x70);
    struct bits bits = {
        ascii | letter | letter << 1 | scan->spill,
        wide_range(bytes, 0xC0, 0x40) & ~(letter | two | three)
    };

    scan->spill = letter >> 63;
    return bits;
}

WIDE_CODE static inline uint64_t next_block(struct scan *scan)
{
    size_t limit = scan->limit - scan->next, size = scan->end - scan->next;
    uint64_t own = wide_lowest(size); /* what is behind is another segment's */
    struct bits bits = read_block(scan, scan->text + scan->next,
                                  limit < WIDE_BLOCK + BEHIND
                                      ? limit
                                      : WIDE_BLOCK + BEHIND);

    scan->base = scan->next;
    scan->next += WIDE_BLOCK;
    bits.word &= own;
    bits.other &= own;
    return bits.other == 0 ? bits.word
                           : scan_others(scan, bits.word, bits.other);
}

/* Writes sixteen edges, whether there are as many or not. */
WIDE_CODE static inline void write_sixteen(__m128i at, __m512i base,
                                           uint32_t *edges)
{
    _mm512_storeu_si512(edges,
                        _mm512_add_epi32(base, _mm512_cvtepu8_epi32(at)));
}

/* Writes the places of the bits; returns how many.  More than 32 of them have
 * only blocks with hardly a word of two letters. */
WIDE_CODE static inline size_t write_edges(uint64_t bits, size_t base,
                                           uint32_t *edges)
{
    static const uint8_t numbers[WIDE_BLOCK] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
    };
    __m512i at = _mm512_maskz_compress_epi8(bits,
                                            _mm512_loadu_si512(numbers));
    __m512i all = _mm512_set1_epi32((int) base);
    size_t count = (size_t) _mm_popcnt_u64(bits);

    write_sixteen(_mm512_extracti32x4_epi32(at, 0), all, edges);
    write_sixteen(_mm512_extracti32x4_epi32(at, 1), all, edges + 16);
    if (count > 32) {
        write_sixteen(_mm512_extracti32x4_epi32(at, 2), all, edges + 32);
        write_sixteen(_mm512_extracti32x4_epi32(at, 3), all, edges + 48);
    }
    return count;
}

_Static_assert(WIDE_BLOCK + 1 <= SCAN_ROOM, "all edges of a block have room");

WIDE_CODE size_t scan_edges_wide(struct scan *scan, uint32_t *edges,
                                 size_t room)
{
    size_t count = 0;

    while (scan->next < scan->end && room - count >= SCAN_ROOM) {
        uint64_t bits = next_block(scan);
        count += write_edges(bits ^ (bits << 1 | scan->open), scan->base,
                             edges + count);
        scan->open = bits >> 63;
    }
    if (scan->open != 0 && scan->next >= scan->end) {
        scan->open = 0;
        edges[count++] = (uint32_t) scan->end;
    }
    return count;
}

#endif
