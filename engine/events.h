/* events.h - bytes at which something may begin or end, and the next of them.
 * Private to split.c, whose inner loop it is: so most of it is inline.
 */
#ifndef ENGINE_EVENTS_H
#define ENGINE_EVENTS_H

#include "engine/sixteen.h"
#include "engine/split.h"
#include "engine/wide.h"

enum event {
    EVENT_NONE = 0,
    EVENT_MARK,    /* . ! ? and the first byte of the ellipsis */
    EVENT_QUOTE,   /* " */
    EVENT_OPEN,    /* ( */
    EVENT_CLOSE,   /* ) */
    EVENT_LINE,    /* \n */
    EVENT_CAPITAL, /* A to Z, and 0xC3, which leads À to ÿ */
    EVENT_COLON,   /* : where a sentence may begin behind it */
    EVENT_DASH,    /* - where it may open a line of dialogue */
    EVENT_WIDE     /* leads typographic marks, or capitals beyond À to ÿ */
};

/* What may begin with each byte, in this language. */
void events_find(struct split_tables *tables);

#if WIDE
/* The events of common_events in the block that begins here, of which `size`
 * bytes may be read; but for some that begin and end nothing. */
uint64_t events_wide(const char *text, size_t size);
#endif

#ifdef __SSE2__
/* Which of 16 bytes are events of common_events, but for 0xC3 where no capital
 * follows; 17 bytes are read. */
static inline unsigned events_of(const unsigned char *text)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *) (const void *) text);
    __m128i next = _mm_loadu_si128((const __m128i *) (const void *) (text + 1));
    __m128i found = range(bytes, 'A', 26);
    __m128i capital = _mm_and_si128(equal(bytes, 0xC3), range(next, 0x80, 31));
    __m128i brackets = _mm_and_si128(bytes, _mm_set1_epi8((char) 0xFE));
    __m128i wide = _mm_and_si128(bytes, _mm_set1_epi8((char) 0xDF));

    found = _mm_or_si128(found, range(bytes, '!', 2)); /* and " */
    found = _mm_or_si128(found, equal(brackets, '('));
    found = _mm_or_si128(found, equal(bytes, '.'));
    found = _mm_or_si128(found, equal(bytes, '?'));
    found = _mm_or_si128(found, equal(bytes, '\n'));
    found = _mm_or_si128(found, equal(wide, 0xC2)); /* and E2 */
    return (unsigned) _mm_movemask_epi8(_mm_or_si128(found, capital));
}
#define BLOCK 64

/* The block that was looked at last: where it ends, 0 before the first, and
 * which of its bytes are events. */
struct block {
    size_t end;
    uint64_t events;
};

/* Finds the events of the block that begins at `at`. */
static inline void block_read(const struct splitter *s, size_t at,
                              struct block *block)
{
    const unsigned char *text = (const unsigned char *) s->text + at;

    block->end = at + BLOCK;
#if WIDE
    if (s->is_wide) {
        block->events = events_wide(s->text + at, s->size - at);
        return;
    }
#endif
    block->events = events_of(text) | events_of(text + 16) << 16
                    | (uint64_t) (events_of(text + 32)
                                  | events_of(text + 48) << 16)
                          << 32;
}

/* The first byte at or behind `at` that is an event, or the size. */
static inline size_t next_event(const struct splitter *s, size_t at,
                                struct block *block)
{
    const unsigned char *text = (const unsigned char *) s->text;

    while (s->tables->common) {
        if (at < block->end) {
            uint64_t left = block->events >> (at + BLOCK - block->end);
            if (left != 0)
                return at + (unsigned) __builtin_ctzll(left);
            at = block->end;
        }
        if (at >= s->size)
            return s->size;
        if (s->size - at <= BLOCK && !s->is_wide)
            break;
        block_read(s, at, block);
    }
    while (s->tables->common && s->size - at > 16) {
        unsigned found = events_of(text + at);
        if (found != 0)
            return at + (unsigned) __builtin_ctz(found);
        at += 16;
    }
    while (at < s->size && s->tables->events[text[at]] == EVENT_NONE)
        at++;
    return at;
}
#else
struct block {
    size_t end;
};

static inline size_t next_event(const struct splitter *s, size_t at,
                                struct block *block)
{
    const unsigned char *text = (const unsigned char *) s->text;

    (void) block;
    while (at < s->size && s->tables->events[text[at]] == EVENT_NONE)
        at++;
    return at;
}
#endif

#endif
