/* normalize.c - canonical composition (NFC).
 *
 * Composition acts only inside short stretches: a character that begins
 * something (a letter, say) and the marks after it.  So the text is searched
 * for such stretches, utf8proc composes each by itself, and all the rest, in
 * ordinary text everything, is copied.  A stretch begins at the last character
 * that cannot be joined to what is before it and goes up to the next such one.
 * Those that can are the marks (category M), the vowels and finals of Hangul,
 * and the vowel signs of Kirat Rai.
 *
 * A stretch is cut after STRETCH_MAX characters, since ordering the marks of
 * one takes time quadratic in their number.  The longest found in natural text
 * have less than 20, and the Stream-Safe Text Format (UAX 15) allows 30.  The
 * result of a longer one is each piece in NFC, which need not be NFC as a
 * whole; that keeps 4 MiB of accents linear.
 *
 * The result depends on nothing but the text, so normalize_source_offsets()
 * composes again what it passes rather than keep a map.
 */
#include <config.h>

#include "engine/decode.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "engine/unicode.h"

#define STRETCH_MAX 64

/* No character decomposes canonically into more than 4, and none takes more
 * than 4 bytes. */
#define DECOMPOSED_MAX (STRETCH_MAX * 4)
#define COMPOSED_SIZE_MAX (DECOMPOSED_MAX * 4)

/* NFC of UTF-8 is at most 3 times as long (UAX 15, "maximum expansion"): some
 * musical notes must stay decomposed. */
#define EXPANSION_MAX 3

/* A piece of the text: bytes up to `start` stay as they are, those from there
 * to `end` are composed. */
struct stretch {
    size_t start;
    size_t end;
};

/* Whether a character never joins what is before it.  cp is not inert. */
static bool is_beginning(uint32_t cp, const utf8proc_property_t *property)
{
    if (cp >= 0x1160 && cp <= 0x11FF) /* Hangul vowels and finals */
        return false;
    if (cp >= 0x16D40 && cp <= 0x16D7F) /* Kirat Rai, since Unicode 16 */
        return false;
    return property->category != UTF8PROC_CATEGORY_MN
           && property->category != UTF8PROC_CATEGORY_MC
           && property->category != UTF8PROC_CATEGORY_ME;
}

static bool is_decomposable(const utf8proc_property_t *property)
{
    return property->decomp_seqindex != UINT16_MAX
           && property->decomp_type == 0;
}

/* Bytes at `from` that are surely below U+0300: lead bytes below CC. */
static size_t plain_size(const char *text, size_t size, size_t from)
{
    const uint64_t ones = 0x0101010101010101u;
    size_t i = from;

    while (size - i >= 8) {
        uint64_t block;

        /* In each byte the bits 11xxxxxx with xxxxxx + 0x74 reaching 0x80. */
        memcpy(&block, text + i, 8);
        if ((((block & ones * 0x3F) + ones * 0x74) & block & block << 1
             & ones * 0x80)
            != 0)
            break;
        i += 8;
    }
    while (i < size && (unsigned char) text[i] < 0xCC)
        i++;
    return i - from;
}

/* The end of the stretch whose first character ends at `from`. */
static size_t stretch_end(const char *text, size_t size, size_t from)
{
    for (int characters = 1; from < size && characters < STRETCH_MAX;
         characters++) {
        size_t next = from;
        uint32_t cp;

        utf8_next(text, size, &next, &cp);
        if (unicode_is_inert(cp)
            || is_beginning(cp, utf8proc_get_property((utf8proc_int32_t) cp)))
            break;
        from = next;
    }
    return from;
}

/* Finds the first stretch at or after `from`, where no stretch goes on; false
 * where there is none. */
static bool stretch_find(const char *text, size_t size, size_t from,
                         struct stretch *stretch)
{
    size_t position = from;
    size_t last = from; /* of the character before `position` */

    while (true) {
        const utf8proc_property_t *property;
        size_t start;
        size_t plain = plain_size(text, size, position);
        uint32_t cp;

        if (plain > 0) {
            position += plain;
            last = position - 1;
            while ((text[last] & 0xC0) == 0x80)
                last--;
        }
        if (position == size)
            return false;
        start = position;
        utf8_next(text, size, &position, &cp);
        if (unicode_is_inert(cp)) {
            last = start;
            continue;
        }
        property = utf8proc_get_property((utf8proc_int32_t) cp);
        if (!is_beginning(cp, property)) {
            stretch->start = last;
            break;
        }
        last = start;
        if (is_decomposable(property)) {
            stretch->start = start;
            break;
        }
    }
    stretch->end = stretch_end(text, size, position);
    return true;
}

/* Composes a stretch into `out`, of COMPOSED_SIZE_MAX bytes; returns the bytes
 * written. */
static size_t stretch_compose(const char *text, size_t size, char *out)
{
    const utf8proc_option_t options = UTF8PROC_COMPOSE | UTF8PROC_STABLE;
    utf8proc_int32_t cps[DECOMPOSED_MAX + 1];
    utf8proc_ssize_t count;
    size_t used = 0;

    count = utf8proc_decompose((const utf8proc_uint8_t *) text,
                               (utf8proc_ssize_t) size, cps, DECOMPOSED_MAX,
                               options);
    if (count > 0 && count <= DECOMPOSED_MAX)
        count = utf8proc_normalize_utf32(cps, count, options);
    if (count <= 0 || count > DECOMPOSED_MAX) {
        /* Not possible for valid text of so few characters. */
        memcpy(out, text, size);
        return size;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++)
        used += utf8_put((uint32_t) cps[i], out + used);
    return used;
}

/* Copies text from `from` on to out, composed; returns the bytes written. */
static size_t compose_all(const char *text, size_t size, size_t from, char *out)
{
    struct stretch stretch;
    size_t used = 0;

    while (stretch_find(text, size, from, &stretch)) {
        char composed[COMPOSED_SIZE_MAX];
        size_t length = stretch_compose(text + stretch.start,
                                        stretch.end - stretch.start, composed);

        memcpy(out + used, text + from, stretch.start - from);
        used += stretch.start - from;
        memcpy(out + used, composed, length);
        used += length;
        from = stretch.end;
    }
    memcpy(out + used, text + from, size - from);
    return used + (size - from);
}

/* The start of the first stretch that changes, or `size`. */
static size_t change_find(const char *text, size_t size)
{
    struct stretch stretch = {0, 0};

    while (stretch_find(text, size, stretch.end, &stretch)) {
        char composed[COMPOSED_SIZE_MAX];
        size_t length = stretch.end - stretch.start;

        if (stretch_compose(text + stretch.start, length, composed) != length
            || memcmp(text + stretch.start, composed, length) != 0)
            return stretch.start;
    }
    return size;
}

int normalize(struct arena *arena, const char *raw, size_t size,
              const char **text, size_t *text_size)
{
    size_t same = change_find(raw, size);
    size_t room;
    size_t used;
    char *out;

    if (same == size) {
        *text = raw;
        *text_size = size;
        return 0;
    }
    if (size - same > (SIZE_MAX - same) / EXPANSION_MAX)
        return PRECIS_EINTERNAL;
    room = same + (size - same) * EXPANSION_MAX;
    out = arena_take(arena, room);
    if (out == NULL)
        return PRECIS_EINTERNAL;
    memcpy(out, raw, same);
    used = same + compose_all(raw, size, same, out + same);
    arena_shrink(arena, out, room, used);
    *text = out;
    *text_size = used;
    return 0;
}

/* Inside a stretch there is no boundary that text could be cut at; where one
 * is asked for, the stretch's end is nearest to what is meant, or, `down`, its
 * start. */
static void map_offsets(const char *raw, size_t raw_size, size_t *offsets,
                        size_t count, bool down)
{
    size_t from = 0; /* in raw */
    size_t at = 0;   /* of it in the composed text */
    size_t next = 0;

    while (next < count) {
        char composed[COMPOSED_SIZE_MAX];
        struct stretch stretch = {raw_size, raw_size};
        bool found = stretch_find(raw, raw_size, from, &stretch);
        size_t same = (found ? stretch.start : raw_size) - from;
        size_t length;

        for (; next < count && offsets[next] <= at + same; next++)
            offsets[next] += from - at;
        if (!found)
            return;
        length = stretch_compose(raw + stretch.start,
                                 stretch.end - stretch.start, composed);
        at += same + length;
        from = stretch.end;
        for (; next < count && offsets[next] < at; next++)
            offsets[next] = down ? stretch.start : from;
    }
}

void normalize_source_offsets(const char *raw, size_t raw_size, size_t *offsets,
                              size_t count)
{
    map_offsets(raw, raw_size, offsets, count, false);
}

void normalize_source_starts(const char *raw, size_t raw_size, size_t *offsets,
                             size_t count)
{
    map_offsets(raw, raw_size, offsets, count, true);
}
