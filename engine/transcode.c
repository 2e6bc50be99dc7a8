/* transcode.c - bytes to UTF-8, with a loop for each kind of charset.
 *
 * Undecodable parts become U+FFFD, one for each "maximal subpart" (Unicode 15,
 * 3.9): the longest beginning of a character that the next byte cannot go on
 * with, or else one byte.  Python's bytes.decode(..., "replace") does the same.
 * A NUL, though decodable, is replaced and counted too: no text has one, and
 * what comes after this stage may rely on that.
 *
 * transcode_source_offsets() runs the same loops over the source again, with
 * nothing written, rather than keep an offset for each character: offsets are
 * wanted for a few sentences only, and most sources are UTF-8 without faults,
 * where both are the same.
 */
#include <config.h>

#include "engine/transcode.h"

#include <string.h>

#include "engine/binary.h"
#include "engine/charset.h"
#include "engine/unicode.h"

/* Bytes of U+FFFD in UTF-8. */
#define BAD_SIZE 3

/* Room behind the text, for stores of whole blocks. */
#define SLACK 64

#define ONES 0x0101010101010101u
#define HIGHS 0x8080808080808080u

/* The 8 bytes at s, the first in the low bits. */
static inline uint64_t block_load(const unsigned char *s)
{
    uint64_t block;

    memcpy(&block, s, sizeof block);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    block = __builtin_bswap64(block);
#endif
    return block;
}

/* Not 0 where a byte is NUL or not ASCII.  The lowest bit set is in the first
 * such byte; a borrow makes those above it doubtful. */
static inline uint64_t block_odd(uint64_t block)
{
    return (block | (block - ONES)) & HIGHS;
}

/* Bytes from `position` on that are ASCII without NUL. */
static inline size_t ascii_size(const unsigned char *s, size_t size,
                                size_t position)
{
    size_t i = position;

    while (size - i >= 16) {
        uint64_t odd = block_odd(block_load(s + i));
        uint64_t odd_next = block_odd(block_load(s + i + 8));

        if ((odd | odd_next) != 0) {
            if (odd == 0)
                return i + 8 - position
                       + (size_t) __builtin_ctzll(odd_next) / 8;
            return i - position + (size_t) __builtin_ctzll(odd) / 8;
        }
        i += 16;
    }
    while (i < size && s[i] > 0 && s[i] < 0x80)
        i++;
    return i - position;
}

/* ---- UTF-8 ---- */

/* unicode_is_inert() of the valid character at s. */
static inline bool utf8_is_inert(const unsigned char *s, size_t size)
{
    size_t position = 0;
    uint32_t cp;

    if (s[0] < 0xCC) /* below U+0300 */
        return true;
    utf8_next((const char *) s, size, &position, &cp);
    return unicode_is_inert(cp);
}

/* The size of the beginning of s that is valid and without NUL, and in *part
 * that of the undecodable part behind it, 0 at the end.  *inert becomes 0 where
 * a character may not be inert. */
static size_t utf8_valid(const unsigned char *s, size_t size, size_t *part,
                         int *inert)
{
    size_t i = 0;
    size_t sequences = 0;

    while (true) {
        size_t length;

        i += utf8_plain(s + i, size - i, &sequences);
        i += ascii_size(s, size, i);
        if (i == size) {
            *part = 0;
            return i;
        }
        /* Accents mostly stand alone between ASCII, but not in Cyrillic or
         * Greek: so stay here while they last. */
        do {
            if (s[i] == 0) {
                *part = 1;
                return i;
            }
            length = utf8_size(s + i, size - i, part);
            if (length == 0)
                return i;
            if (!utf8_is_inert(s + i, length))
                *inert = 0;
            i += length;
        } while (i < size && s[i] >= 0x80);
    }
}

/* How much of a part that is not UTF-8 is one character: in the charset that
 * it may be of instead each byte is, in none all of it.  A NUL and what is cut
 * at the end are of none. */
static const struct charset_char *part_char(const struct decoded *decoded,
                                            size_t from, size_t *part)
{
    static const struct charset_char bad = {
        {0xEF, 0xBF, 0xBD}, BAD_SIZE | CHARSET_BAD};
    const struct converter *converter = decoded->converter;
    const unsigned char *s = decoded->source + from;

    if (converter->table == NULL || s[0] == 0
        || utf8_is_cut(s, decoded->source_size - from))
        return &bad;
    *part = 1;
    return &converter->table->chars[s[0]];
}

/* Copies the source from `from` on, faults replaced, to out. */
static size_t utf8_repair(struct decoded *decoded, size_t from, char *out)
{
    const unsigned char *s = decoded->source;
    size_t used = 0;

    while (true) {
        const struct charset_char *c;
        size_t part;
        size_t valid = utf8_valid(s + from, decoded->source_size - from, &part,
                                  &decoded->inert);

        memcpy(out + used, s + from, valid);
        used += valid;
        from += valid;
        if (part == 0)
            break;
        c = part_char(decoded, from, &part);
        memcpy(out + used, c->utf8, sizeof c->utf8);
        used += c->size & CHARSET_SIZE;
        if ((c->size & CHARSET_BAD) != 0 && decoded->replaced++ == 0)
            decoded->first_replaced = from;
        from += part;
    }
    return used;
}

static int utf8_transcode(struct arena *arena, struct decoded *decoded)
{
    const unsigned char *s = decoded->source + decoded->bom;
    const struct converter *converter = decoded->converter;
    size_t size = decoded->source_size - decoded->bom;
    size_t part;
    size_t valid = utf8_valid(s, size, &part, &decoded->inert);
    size_t room;
    char *raw;

    decoded->raw = (const char *) s;
    decoded->raw_size = size;
    if (valid == size)
        return 0;
    if (size - valid > (SIZE_MAX - SLACK - valid) / BAD_SIZE)
        return -1;
    room = valid + (size - valid) * BAD_SIZE + SLACK;
    raw = arena_take(arena, room);
    if (raw == NULL)
        return -1;
    if (converter->table != NULL && !converter->table->inert)
        decoded->inert = 0;
    memcpy(raw, s, valid);
    decoded->raw = raw;
    decoded->raw_size =
        valid + utf8_repair(decoded, decoded->bom + valid, raw + valid);
    arena_shrink(arena, raw, room, decoded->raw_size);
    return 0;
}

static void utf8_source_offsets(const struct decoded *decoded, size_t *offsets,
                                size_t count)
{
    const unsigned char *s = decoded->source;
    size_t size = decoded->source_size;
    size_t from = decoded->bom; /* in the source */
    size_t at = 0;              /* of it in raw */
    size_t next = 0;
    int inert;

    while (next < count) {
        size_t part;
        size_t valid = utf8_valid(s + from, size - from, &part, &inert);

        for (; next < count && offsets[next] <= at + valid; next++)
            offsets[next] += from - at;
        at += valid;
        from += valid;
        if (part == 0)
            break;
        at += part_char(decoded, from, &part)->size & CHARSET_SIZE;
        from += part;
    }
}

/* ---- UTF-16 and UTF-32 ---- */

static inline uint32_t unit16(const unsigned char *s, bool big)
{
    return big ? (uint32_t) s[0] << 8 | s[1] : (uint32_t) s[1] << 8 | s[0];
}

/* The character at s, with 1 byte at least, or U+FFFD with *bad set; returns
 * the bytes it takes.  A tail too short for a unit is one part, together with
 * the first half of a pair before it. */
static inline size_t utf16_next(const unsigned char *s, size_t size, bool big,
                                uint32_t *cp, bool *bad)
{
    uint32_t unit;
    uint32_t second;

    *bad = true;
    *cp = 0xFFFD;
    if (size < 2)
        return size;
    unit = unit16(s, big);
    if (unit < 0xD800 || unit > 0xDFFF) {
        if (unit == 0)
            return 2;
        *cp = unit;
        *bad = false;
        return 2;
    }
    if (unit > 0xDBFF)
        return 2;
    if (size < 4)
        return size;
    second = unit16(s + 2, big);
    if (second < 0xDC00 || second > 0xDFFF)
        return 2;
    *cp = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
    *bad = false;
    return 4;
}

static inline size_t utf32_next(const unsigned char *s, size_t size, bool big,
                                uint32_t *cp, bool *bad)
{
    uint32_t unit;

    *bad = true;
    *cp = 0xFFFD;
    if (size < 4)
        return size;
    unit = big ? unit16(s, big) << 16 | unit16(s + 2, big)
               : unit16(s + 2, big) << 16 | unit16(s, big);
    if (unit == 0 || unit > 0x10FFFF || (unit >= 0xD800 && unit <= 0xDFFF))
        return 4;
    *cp = unit;
    *bad = false;
    return 4;
}

static inline size_t wide_next(enum charset_kind kind, const unsigned char *s,
                               size_t size, uint32_t *cp, bool *bad)
{
    switch (kind) {
    case CHARSET_UTF16LE:
        return utf16_next(s, size, false, cp, bad);
    case CHARSET_UTF16BE:
        return utf16_next(s, size, true, cp, bad);
    case CHARSET_UTF32LE:
        return utf32_next(s, size, false, cp, bad);
    default:
        return utf32_next(s, size, true, cp, bad);
    }
}

/* Returns the bytes written: a unit of 2 becomes 3 at most, one of 4 4. */
static size_t wide_write(enum charset_kind kind, struct decoded *decoded,
                         char *out)
{
    size_t from = decoded->bom;
    size_t used = 0;

    while (from < decoded->source_size) {
        uint32_t cp;
        bool bad;
        size_t length = wide_next(kind, decoded->source + from,
                                  decoded->source_size - from, &cp, &bad);

        if (bad && decoded->replaced++ == 0)
            decoded->first_replaced = from;
        if (!unicode_is_inert(cp))
            decoded->inert = 0;
        used += utf8_put(cp, out + used);
        from += length;
    }
    return used;
}

static void wide_source_offsets(enum charset_kind kind,
                                const struct decoded *decoded, size_t *offsets,
                                size_t count)
{
    size_t from = decoded->bom;
    size_t at = 0;
    size_t next = 0;

    while (true) {
        char utf8[4];
        uint32_t cp;
        bool bad;

        for (; next < count && offsets[next] <= at; next++)
            offsets[next] = from;
        if (next == count || from == decoded->source_size)
            return;
        from += wide_next(kind, decoded->source + from,
                          decoded->source_size - from, &cp, &bad);
        at += utf8_put(cp, utf8);
    }
}

/* ---- 8-bit charsets ---- */

static size_t table_write(const struct charset_table *table,
                          struct decoded *decoded, char *out)
{
    const unsigned char *s = decoded->source;
    size_t size = decoded->source_size;
    size_t bad = 0;
    size_t i = 0;
    char *next = out;

    while (i < size) {
        /* Blocks of ASCII whole; of another block the ASCII before the first
         * other byte; then bytes by the table up to the next ASCII. */
        while (table->ascii && size - i >= 8) {
            uint64_t odd = block_odd(block_load(s + i));
            size_t length = odd == 0 ? 8 : (size_t) __builtin_ctzll(odd) / 8;

            memcpy(next, s + i, 8);
            next += length;
            i += length;
            if (odd != 0)
                break;
        }
        if (i == size)
            break;
        do {
            const struct charset_char *c = &table->chars[s[i++]];

            memcpy(next, c, sizeof *c); /* its last byte is overwritten */
            next += c->size & CHARSET_SIZE;
            bad += c->size / CHARSET_BAD;
        } while (i < size && s[i] >= 0x80);
    }
    decoded->replaced = bad;
    return (size_t) (next - out);
}

static size_t table_first_bad(const struct charset_table *table,
                              const struct decoded *decoded)
{
    size_t i = 0;

    while ((table->chars[decoded->source[i]].size & CHARSET_BAD) == 0)
        i++;
    return i;
}

static void table_source_offsets(const struct charset_table *table,
                                 const struct decoded *decoded, size_t *offsets,
                                 size_t count)
{
    size_t from = 0;
    size_t at = 0;
    size_t next = 0;

    while (true) {
        for (; next < count && offsets[next] <= at; next++)
            offsets[next] = from;
        if (next == count || from == decoded->source_size)
            return;
        at += table->chars[decoded->source[from++]].size & CHARSET_SIZE;
    }
}

/* ---- the stage ---- */

/* All but UTF-8, which is often not copied: 3 bytes for each of the source's
 * are always enough. */
static int transcode_copy(struct arena *arena, struct decoded *decoded)
{
    const struct converter *converter = decoded->converter;
    size_t room;
    char *raw;

    if (decoded->source_size > (SIZE_MAX - SLACK) / 3)
        return -1;
    room = 3 * decoded->source_size + SLACK;
    raw = arena_take(arena, room);
    if (raw == NULL)
        return -1;
    if (converter->kind == CHARSET_8BIT) {
        decoded->raw_size = table_write(converter->table, decoded, raw);
        decoded->inert = converter->table->inert;
        if (decoded->replaced > 0)
            decoded->first_replaced =
                table_first_bad(converter->table, decoded);
    } else {
        decoded->raw_size = wide_write(converter->kind, decoded, raw);
    }
    decoded->raw = raw;
    arena_shrink(arena, raw, room, decoded->raw_size);
    return 0;
}

/* Whether the source is plainly UTF-8, which is then said.  converter_find()
 * and utf8_transcode() would find the same: what is plain begins with no BOM,
 * has no control characters and is in no charset of zero bytes. */
static bool plain_take(const char *charset, struct decoded *decoded)
{
    if ((charset != NULL && strcmp(charset, "auto") != 0
         && strcmp(charset, "UTF-8") != 0)
        || !utf8_is_plain(decoded->source, decoded->source_size)
        || binary_find(decoded->source, decoded->source_size) != NULL)
        return false;
    decoded->converter = charset_utf(CHARSET_UTF8);
    decoded->charset = charset_utf(CHARSET_UTF8)->name;
    decoded->raw = (const char *) decoded->source;
    decoded->raw_size = decoded->source_size;
    return true;
}

int transcode(struct charset_cache *cache, struct arena *arena,
              const void *source, size_t size, const char *charset,
              bool strict, struct decoded *out, precis_error *error)
{
    struct decoded decoded = {
        .source = size > 0 ? source : "", .source_size = size, .inert = 1};
    const struct converter *converter;
    int code;

    if (!strict && plain_take(charset, &decoded)) {
        *out = decoded;
        return 0;
    }
    code = converter_find(cache, arena, charset, strict, &decoded, error);
    if (code != 0)
        return code;
    converter = decoded.converter;
    code = converter->kind == CHARSET_UTF8 ? utf8_transcode(arena, &decoded)
                                           : transcode_copy(arena, &decoded);
    if (code != 0)
        return charset_no_memory(error);
    *out = decoded;
    return 0;
}

void transcode_source_offsets(const struct decoded *decoded, size_t *offsets,
                              size_t count)
{
    const struct converter *converter = decoded->converter;

    if (decoded->raw == (const char *) decoded->source + decoded->bom) {
        for (size_t i = 0; i < count; i++)
            offsets[i] += decoded->bom;
        return;
    }
    switch (converter->kind) {
    case CHARSET_8BIT:
        table_source_offsets(converter->table, decoded, offsets, count);
        break;
    case CHARSET_UTF8:
        utf8_source_offsets(decoded, offsets, count);
        break;
    default:
        wide_source_offsets(converter->kind, decoded, offsets, count);
        break;
    }
}
