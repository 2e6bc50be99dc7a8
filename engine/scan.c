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

/* Letters and digits among 64 bytes of ASCII, a bit for each; and in *high the
 * bytes that are none. */
#ifdef __SSE2__
static uint64_t ascii_bits(const char *text, uint64_t *high)
{
    /* Added to a signed byte, these leave just the small letters above 127 -
     * 26, and the digits above 127 - 10; what is not ASCII stays below. */
    const __m128i small = _mm_set1_epi8(0x20);
    const __m128i letters = _mm_set1_epi8(127 - 'z');
    const __m128i digits = _mm_set1_epi8(127 - '9');
    const __m128i letters_low = _mm_set1_epi8(127 - 26);
    const __m128i digits_low = _mm_set1_epi8(127 - 10);
    uint64_t bits = 0;

    *high = 0;
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i bytes = _mm_loadu_si128((const void *) (text + i));
        __m128i is_letter = _mm_cmpgt_epi8(
            _mm_add_epi8(_mm_or_si128(bytes, small), letters), letters_low);
        __m128i is_digit =
            _mm_cmpgt_epi8(_mm_add_epi8(bytes, digits), digits_low);
        uint64_t word = (uint64_t) (unsigned) _mm_movemask_epi8(
            _mm_or_si128(is_letter, is_digit));
        bits |= word << i;
        *high |= (uint64_t) (unsigned) _mm_movemask_epi8(bytes) << i;
    }
    return bits;
}
#else
static uint64_t ascii_bits(const char *text, uint64_t *high)
{
    uint64_t bits = 0;

    *high = 0;
    for (int i = 0; i < BLOCK; i++) {
        unsigned char byte = (unsigned char) text[i];
        uint64_t bit = UINT64_C(1) << i;
        if (byte >= 0x80)
            *high |= bit;
        else if (unicode_class(byte) & CLASS_WORD)
            bits |= bit;
    }
    return bits;
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

/* Adds the bits of the characters that are not ASCII, which begin at `left`. */
static uint64_t other_bits(struct scan *scan, uint64_t bits, uint64_t left)
{
    while (left != 0) {
        unsigned at = (unsigned) __builtin_ctzll(left), size;
        int behind_word = (bits << 1 | scan->open) >> at & 1;
        int word = is_word(scan, scan->base + at, behind_word, &size);
        uint64_t own = ((UINT64_C(1) << size) - 1) << at;

        left &= ~own;
        if (word)
            bits |= own;
        if (at + size > BLOCK) {
            scan->behind = at + size - BLOCK;
            scan->spill = word ? (UINT64_C(1) << scan->behind) - 1 : 0;
        }
    }
    return bits;
}

/* The bits of the block at `next`, which becomes this one. */
static uint64_t scan_block(struct scan *scan)
{
    const char *text = scan->text + scan->next;
    uint64_t bits, high, own = ~UINT64_C(0);
    char last[BLOCK];

    scan->base = scan->next;
    scan->next += BLOCK;
    if (scan->next > scan->limit) {
        memset(last, 0, sizeof last);
        memcpy(last, text, scan->limit - scan->base);
        text = last;
    }
    if (scan->next > scan->end) /* what is behind is another segment's */
        own = (UINT64_C(1) << (scan->end - scan->base)) - 1;
    bits = ascii_bits(text, &high) & own;
    high &= own;
    if ((high | scan->spill) != 0) {
        bits |= scan->spill;
        high &= ~((UINT64_C(1) << scan->behind) - 1);
        scan->behind = 0;
        scan->spill = 0;
        bits = other_bits(scan, bits, high);
    }
    return bits;
}

size_t scan_across(struct scan *scan, size_t *begin)
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
