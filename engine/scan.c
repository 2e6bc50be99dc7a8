/* scan.c - see scan.h.
 *
 * A word is a run of letters, marks and digits; an apostrophe or a hyphen
 * ends it, so elision ("l'", "qu'") needs no rule: what is left of it stands
 * in the stop list.  Soft hyphens, joiners and what else shows nothing stay
 * inside a word, but are not compared (fold.h).
 */
#include <config.h>

#include "engine/scan.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/document.h"
#include "engine/fold.h"
#include "engine/unicode.h"
#include "engine/wide.h"

#define CLASS_WORD (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT)

/* More than so many characters that show nothing end a word: who wrote a run
 * of thousands of them would otherwise have it read anew at each. */
#define INSIDE_MAX 4

/* Bytes of a block, one for each bit. */
#define BLOCK 64

/* Does the word go on behind `cp`, which ends at `position`?  Rare: called at
 * the ends of words where no ASCII character stands. */
static int goes_on(const char *text, size_t position, size_t end, uint32_t cp,
                   uint32_t before)
{
    uint32_t after = cp;

    for (int i = 0; i < INSIDE_MAX && position < end
                    && fold_is_inside(cp, before, before);
         i++) {
        utf8_next(text, end, &position, &after);
        if (unicode_class(after) & CLASS_WORD)
            return fold_is_inside(cp, before, after);
        cp = after;
    }
    return 0;
}

size_t next_word(const char *text, size_t *at, size_t end)
{
    size_t begin = *at, position = begin;
    uint32_t c, before = 0;

    for (;;) {
        if (position >= end)
            return *at = end, 0;
        begin = position;
        utf8_next(text, end, &position, &c);
        if (unicode_class(c) & CLASS_WORD)
            break;
    }
    *at = begin;
    while (position < end) {
        size_t here = position;
        before = c;
        utf8_next(text, end, &position, &c);
        if (unicode_class(c) & CLASS_WORD)
            continue;
        if (c < 0x80 || !goes_on(text, position, end, c, before))
            return here - begin;
        c = before;
    }
    return position - begin;
}

/* What is known of a block at once: a bit for each byte. */
struct block {
    uint64_t word;  /* of a word */
    uint64_t other; /* begins a character to be looked at by itself */
};

/* Bytes behind a block that are looked at with it. */
#define BLOCK_BEHIND 2

#ifdef __SSE2__
static inline uint64_t mask_of(__m128i bytes)
{
    return (uint64_t) (unsigned) _mm_movemask_epi8(bytes);
}

static inline __m128i is_byte(__m128i bytes, int byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char) byte));
}

static inline __m128i is_ascii_word(__m128i bytes)
{
    /* Added to a signed byte, these leave just the small letters above 127 -
     * 26, and the digits above 127 - 10; what is not ASCII stays below. */
    __m128i small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    __m128i letters = _mm_add_epi8(small, _mm_set1_epi8(127 - 'z'));
    __m128i digits = _mm_add_epi8(bytes, _mm_set1_epi8(127 - '9'));

    return _mm_or_si128(_mm_cmpgt_epi8(letters, _mm_set1_epi8(127 - 26)),
                        _mm_cmpgt_epi8(digits, _mm_set1_epi8(127 - 10)));
}

/* Where letters of two bytes begin, `second` being the bytes behind: U+00C0 to
 * U+02BF but for the signs × and ÷, and U+0400 to U+047F.  */
static inline __m128i is_letter_of_two(__m128i bytes, __m128i second)
{
    /* C3 to CA become -128 to -121 */
    __m128i latin = _mm_cmplt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(-0x43)),
                                   _mm_set1_epi8(-120));
    __m128i signs = _mm_and_si128(
        is_byte(bytes, 0xC3),
        is_byte(_mm_or_si128(second, _mm_set1_epi8(0x20)), 0xB7));
    __m128i cyrillic =
        is_byte(_mm_and_si128(bytes, _mm_set1_epi8((char) 0xFE)), 0xD0);

    return _mm_or_si128(_mm_andnot_si128(signs, latin), cyrillic);
}

/* Where « and » and the no-break space begin, which stand in no word. */
static inline __m128i is_sign_of_two(__m128i bytes, __m128i second)
{
    __m128i quote = is_byte(_mm_or_si128(second, _mm_set1_epi8(0x10)), 0xBB);

    return _mm_and_si128(is_byte(bytes, 0xC2),
                         _mm_or_si128(quote, is_byte(second, 0xA0)));
}

/* Where U+2010 to U+203F begin: dashes, quotation marks, the apostrophe. */
static inline __m128i is_sign_of_three(__m128i bytes, __m128i second,
                                       __m128i third)
{
    return _mm_and_si128(
        _mm_and_si128(is_byte(bytes, 0xE2), is_byte(second, 0x80)),
        _mm_cmpgt_epi8(third, _mm_set1_epi8((char) 0x8F)));
}

/* Where characters begin that are not ASCII: C0 to FF. */
static inline __m128i is_lead(__m128i bytes)
{
    return _mm_cmplt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(-0x40)),
                          _mm_set1_epi8(-0x40));
}

static inline __m128i load(const char *text)
{
    return _mm_loadu_si128((const void *) text);
}

/* The letters of most alphabets of Europe, and what French has between
 * words, are told without a branch. */
static inline struct block block_read(struct scan *scan, const char *text)
{
    struct block block = { scan->spill, 0 };
    uint64_t letters = 0;

    for (int i = 0; i < BLOCK; i += 16) {
        __m128i bytes = load(text + i), second = load(text + i + 1);
        __m128i letter = is_letter_of_two(bytes, second);
        __m128i known = _mm_or_si128(
            _mm_or_si128(letter, is_sign_of_two(bytes, second)),
            is_sign_of_three(bytes, second, load(text + i + 2)));
        block.word |= mask_of(_mm_or_si128(letter, is_ascii_word(bytes))) << i;
        block.other |= mask_of(_mm_andnot_si128(known, is_lead(bytes))) << i;
        letters |= mask_of(letter) << i;
    }
    block.word |= letters << 1;
    scan->spill = letters >> 63;
    return block;
}
#else
static inline struct block block_read(struct scan *scan, const char *text)
{
    struct block block = { scan->spill, 0 };

    for (int i = 0; i < BLOCK; i++) {
        unsigned char byte = (unsigned char) text[i];
        uint64_t bit = UINT64_C(1) << i;
        if (byte >= 0xC0)
            block.other |= bit;
        else if (byte < 0x80 && (unicode_class(byte) & CLASS_WORD) != 0)
            block.word |= bit;
    }
    scan->spill = 0;
    return block;
}
#endif

/* Does the word that ends before `at` go on behind the character there, which
 * is no word's and ends at `behind`? */
static int is_inside(const struct scan *scan, size_t at, size_t behind,
                     uint32_t cp)
{
    uint32_t before = cp;

    /* the last character of the word that is one by itself */
    while (at > 0 && !(unicode_class(before) & CLASS_WORD)) {
        size_t position;
        do
            at--;
        while (at > 0 && ((unsigned char) scan->text[at] & 0xC0) == 0x80);
        position = at;
        utf8_next(scan->text, scan->limit, &position, &before);
    }
    return goes_on(scan->text, behind, scan->end, cp, before);
}

/* Is the character at `at` part of a word, and how long is it? */
static int is_word(const struct scan *scan, size_t at, int behind_word,
                   unsigned *size)
{
    const unsigned char *bytes = (const unsigned char *) scan->text + at;
    size_t position = at;
    uint32_t cp;

    if (*bytes == 0xC3) { /* À to ÿ: letters, but for two signs */
        *size = 2;
        return bytes[1] != 0x97 && bytes[1] != 0xB7;
    }
    *size = (unsigned) utf8_next(scan->text, scan->limit, &position, &cp);
    if (unicode_class(cp) & CLASS_WORD)
        return 1;
    return behind_word && is_inside(scan, at, position, cp);
}

uint64_t scan_others(struct scan *scan, uint64_t bits, uint64_t left)
{
    for (; left != 0; left &= left - 1) {
        unsigned at = (unsigned) __builtin_ctzll(left), size;
        int behind_word = (bits << 1 | scan->open) >> at & 1;
        uint64_t own;

        if (!is_word(scan, scan->base + at, behind_word, &size))
            continue;
        own = (UINT64_C(1) << size) - 1;
        bits |= own << at;
        if (at + size > BLOCK)
            scan->spill = own >> (BLOCK - at);
    }
    return bits;
}

/* The bits of the block at `next`, which becomes this one. */
static inline uint64_t scan_block(struct scan *scan)
{
    const char *text = scan->text + scan->next;
    uint64_t own = ~UINT64_C(0);
    char last[BLOCK + 16];
    struct block block;

    scan->base = scan->next;
    scan->next += BLOCK;
    if (scan->limit - scan->base < BLOCK + BLOCK_BEHIND) {
        memset(last, 0, sizeof last);
        memcpy(last, text, scan->limit - scan->base);
        text = last;
    }
    if (scan->next > scan->end) /* what is behind is another segment's */
        own = (UINT64_C(1) << (scan->end - scan->base)) - 1;
    block = block_read(scan, text);
    block.word &= own;
    block.other &= own;
    return block.other == 0 ? block.word
                            : scan_others(scan, block.word, block.other);
}

static inline size_t bits_count(uint64_t bits)
{
    const uint64_t fives = UINT64_MAX / 3, threes = UINT64_MAX / 5;

    bits -= bits >> 1 & fives;
    bits = (bits & threes) + (bits >> 2 & threes);
    return (size_t) (((bits + (bits >> 4)) & UINT64_MAX / 17)
                         * (UINT64_MAX / 255)
                     >> 56);
}

/* Edges that are written whether there are as many or not: more than an
 * ordinary block has, so that there is hardly a branch to foresee. */
#define EDGES_AT_ONCE 24

_Static_assert(BLOCK + 1 <= SCAN_ROOM && EDGES_AT_ONCE <= SCAN_ROOM,
               "all edges of a block have room");

/* Writes an edge, the lowest bit of `bits`.  Returns those left. */
static inline uint64_t edge_write(uint64_t bits, uint32_t base, uint32_t *edge)
{
    const uint64_t top = UINT64_C(1) << 63; /* there is always a lowest bit */

    *edge = base + (uint32_t) __builtin_ctzll(bits | top);
    return bits & (bits - 1);
}

static inline size_t edges_write(uint64_t bits, uint32_t base, uint32_t *edges)
{
    size_t count = bits_count(bits);

    for (int i = 0; i < EDGES_AT_ONCE; i += 4) {
        bits = edge_write(bits, base, &edges[i]);
        bits = edge_write(bits, base, &edges[i + 1]);
        bits = edge_write(bits, base, &edges[i + 2]);
        bits = edge_write(bits, base, &edges[i + 3]);
    }
    for (size_t i = EDGES_AT_ONCE; i < count; i++)
        bits = edge_write(bits, base, &edges[i]);
    return count;
}

size_t scan_edges_narrow(struct scan *scan, uint32_t *edges, size_t room)
{
    size_t count = 0;

    while (scan->next < scan->end && room - count >= SCAN_ROOM) {
        uint64_t bits = scan_block(scan);
        count += edges_write(bits ^ (bits << 1 | scan->open),
                             (uint32_t) scan->base, edges + count);
        scan->open = bits >> 63;
    }
    if (scan->open != 0 && scan->next >= scan->end) {
        scan->open = 0;
        edges[count++] = (uint32_t) scan->end;
    }
    return count;
}

size_t scan_edges(struct scan *scan, uint32_t *edges, size_t room)
{
#if WIDE
    if (wide_is_there())
        return scan_edges_wide(scan, edges, room);
#endif
    return scan_edges_narrow(scan, edges, room);
}
