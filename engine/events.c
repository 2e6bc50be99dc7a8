/* events.c - what may begin with each byte; see events.h. */
#include <config.h>

#include "engine/events.h"

#include <string.h>

static const unsigned char common_events[256] = {
    ['.'] = EVENT_MARK, ['!'] = EVENT_MARK, ['?'] = EVENT_MARK,
    ['"'] = EVENT_QUOTE, ['('] = EVENT_OPEN, [')'] = EVENT_CLOSE,
    ['\n'] = EVENT_LINE,
    ['A'] = EVENT_CAPITAL, ['B'] = EVENT_CAPITAL, ['C'] = EVENT_CAPITAL,
    ['D'] = EVENT_CAPITAL, ['E'] = EVENT_CAPITAL, ['F'] = EVENT_CAPITAL,
    ['G'] = EVENT_CAPITAL, ['H'] = EVENT_CAPITAL, ['I'] = EVENT_CAPITAL,
    ['J'] = EVENT_CAPITAL, ['K'] = EVENT_CAPITAL, ['L'] = EVENT_CAPITAL,
    ['M'] = EVENT_CAPITAL, ['N'] = EVENT_CAPITAL, ['O'] = EVENT_CAPITAL,
    ['P'] = EVENT_CAPITAL, ['Q'] = EVENT_CAPITAL, ['R'] = EVENT_CAPITAL,
    ['S'] = EVENT_CAPITAL, ['T'] = EVENT_CAPITAL, ['U'] = EVENT_CAPITAL,
    ['V'] = EVENT_CAPITAL, ['W'] = EVENT_CAPITAL, ['X'] = EVENT_CAPITAL,
    ['Y'] = EVENT_CAPITAL, ['Z'] = EVENT_CAPITAL, [0xC3] = EVENT_CAPITAL,
    [0xE2] = EVENT_WIDE, [0xC2] = EVENT_WIDE
};

void events_find(struct split_tables *tables)
{
    memcpy(tables->events, common_events, sizeof common_events);
    if (tables->language->ends != NULL) {
        tables->events['-'] = EVENT_DASH;
        if (tables->language->colons)
            tables->events[':'] = EVENT_COLON;
        for (int lead = 0xC3; lead < 0xE0; lead++) /* U+00C0 to U+07FF */
            tables->events[lead] = EVENT_WIDE;
    }
    for (const uint16_t *mark = tables->language->marks; *mark != 0; mark++) {
        char bytes[4];
        size_t size = utf8_put(*mark, bytes);
        tables->events[(unsigned char) bytes[0]] = size == 1 ? EVENT_MARK
                                                             : EVENT_WIDE;
    }
    tables->common = memcmp(tables->events, common_events,
                            sizeof tables->events)
                     == 0;
}

#if WIDE
/* Capitals: those that follow no letter, digit, space or closing bracket begin
 * nothing (split.c's at_capital()).  What stands before the block is not
 * looked at. */
WIDE_CODE static inline uint64_t capitals_wide(__m512i bytes, __m512i next)
{
    uint64_t before = wide_range(bytes, 0x80, 0x80)
                      | wide_range(wide_with(bytes, 0x20), 'a', 26)
                      | wide_range(bytes, '0', 10) | wide_equal(bytes, ' ')
                      | wide_equal(bytes, ')') | wide_equal(bytes, ']');
    uint64_t capitals =
        wide_range(bytes, 'A', 26)
        | (wide_equal(bytes, 0xC3) & wide_range(next, 0x80, 31));

    return capitals & (before << 1 | 1);
}

/* Leads of typographic marks: apostrophes and no-break spaces, which are most
 * of them, begin nothing either.  Nor is what stands behind the block looked
 * at. */
WIDE_CODE static inline uint64_t marks_wide(__m512i bytes, __m512i next)
{
    uint64_t apostrophes = wide_equal(bytes, 0xE2) & wide_equal(next, 0x80)
                           & wide_equal(bytes, 0x99) >> 2;
    uint64_t spaces = wide_equal(bytes, 0xC2) & wide_equal(next, 0xA0);

    return wide_equal(wide_only(bytes, 0xDF), 0xC2) /* and E2 */
           & ~(apostrophes | spaces);
}

WIDE_CODE uint64_t events_wide(const char *text, size_t size)
{
    __m512i bytes = wide_load(text, size), next = wide_load(text + 1, size - 1);

    return capitals_wide(bytes, next) | marks_wide(bytes, next)
           | wide_range(bytes, '!', 2) /* and " */
           | wide_range(bytes, '(', 2) | wide_equal(bytes, '.')
           | wide_equal(bytes, '?') | wide_equal(bytes, '\n');
}
#endif
