/* places.c - where a text is read; see tally.h. */
#include <config.h>

#include "engine/tally.h"

#ifdef __SSE2__
/* Which of 16 bytes are spaces or line ends. */
static unsigned spaces_of(const char *text)
{
    __m128i bytes = _mm_loadu_si128((const void *) text);
    __m128i spaces = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '));
    __m128i lines = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));

    return (unsigned) _mm_movemask_epi8(_mm_or_si128(spaces, lines));
}
#endif

static int is_continuation(char c)
{
    return ((unsigned char) c & 0xC0) == 0x80;
}

/* Where a space or a line's end is in [begin, end), a short way; or `end`.
 * Sixteen bytes are looked at in one go: how far it is cannot be foreseen. */
static size_t first_space(const char *text, size_t begin, size_t end)
{
#ifdef __SSE2__
    for (; end - begin >= 16; begin += 16) {
        unsigned found = spaces_of(text + begin);
        if (found != 0)
            return begin + (unsigned) __builtin_ctz(found);
    }
#endif
    while (begin < end && text[begin] != ' ' && text[begin] != '\n')
        begin++;
    return begin;
}

/* Where the last one in [begin, end) is; or SIZE_MAX. */
static size_t last_space(const char *text, size_t begin, size_t end)
{
#ifdef __SSE2__
    for (; end - begin >= 16; end -= 16) {
        unsigned found = spaces_of(text + end - 16);
        if (found != 0)
            return end - 1 - ((unsigned) __builtin_clz(found) - 16);
    }
#endif
    while (end > begin && text[end - 1] != ' ' && text[end - 1] != '\n')
        end--;
    return end > begin ? end - 1 : SIZE_MAX;
}

/* Bytes around a place in which a word's edge is looked for. */
#define WORD_REACH 64

/* Where a word begins, at or soon after `at`; else where a character does. */
static size_t word_start(const char *text, size_t size, size_t at)
{
    size_t end = size - at > WORD_REACH ? at + WORD_REACH : size, space;

    if (at == 0 || at >= size)
        return at;
    space = first_space(text, at - 1, end - 1);
    if (space < end - 1)
        return space + 1;
    while (at < size && is_continuation(text[at]))
        at++;
    return at;
}

struct piece piece_place(const char *text, size_t size, size_t number,
                         size_t count, const struct pieces *pieces)
{
    size_t piece = pieces->size, low, space;
    struct piece p;

    if (size <= pieces->count * piece) {
        p.start = word_start(text, size, number * size / count);
        p.end = word_start(text, size, (number + 1) * size / count);
        return p;
    }
    p.start = word_start(text, size, number * (size - piece) / (count - 1));
    p.end = p.start + piece < size ? p.start + piece : size;
    while (p.end > p.start && p.end < size && is_continuation(text[p.end]))
        p.end--;
    if (p.end >= size)
        return p;
    low = p.end - p.start > WORD_REACH ? p.end - WORD_REACH : p.start;
    space = last_space(text, low, p.end);
    if (space != SIZE_MAX)
        p.end = space + 1;
    return p;
}
