/* sniff.c - which charset an article is in. */
#include <config.h>

#include <string.h>

#include "engine/charset.h"

/* Bytes looked at where an order or a charset has to be found out. */
#define SAMPLE_SIZE 4096

static bool starts_with(const struct decoded *decoded, const char *bytes,
                        size_t size)
{
    return decoded->source_size >= size
           && memcmp(decoded->source, bytes, size) == 0;
}

/* The kind that a BOM tells, with decoded->bom set, or `declared` itself.
 * FF FE 00 00 is UTF-32, unless UTF-16 was declared. */
static enum charset_kind bom_find(struct decoded *decoded,
                                  enum charset_kind declared)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum charset_kind kind;
    } boms[] = {
        {"\xEF\xBB\xBF", 3, CHARSET_UTF8},
        {"\xFF\xFE\0\0", 4, CHARSET_UTF32LE},
        {"\0\0\xFE\xFF", 4, CHARSET_UTF32BE},
        {"\xFF\xFE", 2, CHARSET_UTF16LE},
        {"\xFE\xFF", 2, CHARSET_UTF16BE},
    };
    bool is_utf16 = declared == CHARSET_UTF16 || declared == CHARSET_UTF16LE
                    || declared == CHARSET_UTF16BE;

    for (size_t i = 0; i < sizeof boms / sizeof boms[0]; i++) {
        if (is_utf16 && boms[i].size == 4)
            continue;
        if (starts_with(decoded, boms[i].bytes, boms[i].size)) {
            decoded->bom = boms[i].size;
            return boms[i].kind;
        }
    }
    return declared;
}

/* The beginning of the source that is looked at, in bytes. */
static size_t sample_size(const struct decoded *decoded)
{
    return decoded->source_size < SAMPLE_SIZE ? decoded->source_size
                                              : SAMPLE_SIZE;
}

/* UTF-16 and UTF-32 of unknown order: the one in which more of the highest
 * bytes are zero, little endian where it makes no difference. */
static enum charset_kind order_find(const struct decoded *decoded,
                                    enum charset_kind kind)
{
    size_t size = sample_size(decoded);
    size_t zeros[4] = {0, 0, 0, 0};

    for (size_t i = 0; i < size; i++)
        zeros[i % 4] += decoded->source[i] == 0;
    if (kind == CHARSET_UTF16)
        return zeros[0] + zeros[2] > zeros[1] + zeros[3] ? CHARSET_UTF16BE
                                                         : CHARSET_UTF16LE;
    return zeros[0] > zeros[3] ? CHARSET_UTF32BE : CHARSET_UTF32LE;
}

/* Nothing declared and no BOM: UTF-16 where there are NULs, and of most pairs
 * of bytes the high one is a control character other than a line end (00 for
 * Latin letters, 04 for Cyrillic, and so on), as never in a text of bytes;
 * else UTF-8.  A text of bytes with a NUL at its end, or a few strays, is far
 * from that. */
static enum charset_kind kind_guess(const struct decoded *decoded)
{
    size_t size = sample_size(decoded) & ~(size_t) 1;
    size_t zeros[2] = {0, 0};
    size_t controls[2] = {0, 0};

    if (memchr(decoded->source, 0, size) == NULL)
        return CHARSET_UTF8;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = decoded->source[i];

        zeros[i % 2] += c == 0;
        controls[i % 2] += c < ' ' && c != '\n' && c != '\r';
    }
    if (zeros[1] > 0 && controls[1] * 4 > size && zeros[0] * 20 <= zeros[1])
        return CHARSET_UTF16LE;
    if (zeros[0] > 0 && controls[0] * 4 > size && zeros[1] * 20 <= zeros[0])
        return CHARSET_UTF16BE;
    return CHARSET_UTF8;
}

int converter_find(struct charset_cache *cache, const char *charset,
                   struct decoded *decoded, precis_error *error)
{
    const struct converter *converter = NULL;
    enum charset_kind kind = CHARSET_UTF8;
    bool guess = charset == NULL || strcmp(charset, "auto") == 0;

    if (!guess) {
        int code = charset_converter(cache, charset, &converter, error);

        if (code != 0)
            return code;
        kind = converter->kind;
    }
    if (kind != CHARSET_8BIT) {
        kind = bom_find(decoded, kind);
        if (guess && decoded->bom == 0)
            kind = kind_guess(decoded);
        if (kind == CHARSET_UTF16 || kind == CHARSET_UTF32)
            kind = order_find(decoded, kind);
        converter = charset_utf(kind);
    }
    decoded->charset = converter->name;
    decoded->converter = converter;
    return 0;
}
