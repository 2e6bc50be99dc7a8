/* unicode.h - what the engine asks about characters.
 *
 * Private to engine/.  Everything up to U+024F, which is all of a French
 * article but its typographic marks, is answered from tables here; utf8proc
 * answers for the rest (unicode.c).
 */
#ifndef ENGINE_UNICODE_H
#define ENGINE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a code point is: a set of these bits. */
enum unicode_class {
    CLASS_LETTER = 1,     /* L* */
    CLASS_UPPER = 2,      /* Lu, Lt */
    CLASS_LOWER = 4,      /* Ll */
    CLASS_MARK = 8,       /* M*: belongs to the character before it */
    CLASS_DIGIT = 16,     /* N*: also fractions and Roman numerals */
    CLASS_SPACE = 32,     /* White_Space: also line ends and no-break spaces */
    CLASS_PUNCT = 64,     /* P* */
    CLASS_OPEN = 128,     /* Ps, Pi: opening brackets and quotes */
    CLASS_CLOSE = 256,    /* Pe, Pf: closing ones; ’ too, the apostrophe */
    CLASS_DASH = 512,     /* Pd */
    CLASS_SYMBOL = 1024,  /* S* */
    CLASS_CONTROL = 2048, /* Cc, those that are white space too */
    CLASS_FORMAT = 4096   /* Cf: soft hyphen, joiners, U+FEFF */
};

/* Code points below this one are in the tables. */
#define UNICODE_TABLE_SIZE 0x250

extern const uint16_t unicode_table[UNICODE_TABLE_SIZE];
unsigned unicode_class_above(uint32_t cp);
uint32_t unicode_lower_above(uint32_t cp);

/* The one code point that is the capital of cp, or cp itself. */
uint32_t unicode_upper(uint32_t cp);

static inline unsigned unicode_class(uint32_t cp)
{
    return cp < UNICODE_TABLE_SIZE ? unicode_table[cp]
                                   : unicode_class_above(cp);
}

/* The one code point that is the small letter of cp, or cp itself. */
static inline uint32_t unicode_lower(uint32_t cp)
{
    if (cp < 0x80)
        return cp + (cp - 'A' < 26 ? 32 : 0);
    if (cp < 0x100)
        return cp + (cp - 0xC0 < 31 && cp != 0xD7 ? 32 : 0);
    return unicode_lower_above(cp);
}

/* Reads the character at *position, which is below `size`, of valid UTF-8,
 * moves *position past it and returns its size in bytes, 1 to 4. */
static inline int utf8_next(const char *text, size_t size, size_t *position,
                            uint32_t *cp)
{
    const unsigned char *s = (const unsigned char *) text + *position;
    int length;

    (void) size; /* valid text has the whole character */
    if (s[0] < 0x80) {
        *cp = s[0];
        length = 1;
    } else if (s[0] < 0xE0) {
        *cp = (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
        length = 2;
    } else if (s[0] < 0xF0) {
        *cp = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
        length = 3;
    } else {
        *cp = (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6
              | (s[3] & 0x3Fu);
        length = 4;
    }
    *position += (size_t) length;
    return length;
}

/* Writes a code point, at most U+10FFFF, as 1 to 4 bytes; returns how many. */
static inline size_t utf8_put(uint32_t cp, char *out)
{
    if (cp < 0x80) {
        out[0] = (char) cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char) (0xC0 | cp >> 6);
        out[1] = (char) (0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char) (0xE0 | cp >> 12);
        out[1] = (char) (0x80 | (cp >> 6 & 0x3F));
        out[2] = (char) (0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char) (0xF0 | cp >> 18);
    out[1] = (char) (0x80 | (cp >> 12 & 0x3F));
    out[2] = (char) (0x80 | (cp >> 6 & 0x3F));
    out[3] = (char) (0x80 | (cp & 0x3F));
    return 4;
}

/* Code points of valid UTF-8. */
size_t utf8_count(const char *text, size_t size);

/* Lower-cases valid UTF-8 into `out`; returns the bytes written, or 0 where
 * `room` is too small.  A small letter can be longer than its capital (U+023A
 * has 2 bytes, U+2C65 has 3): room of size + size / 2 is always enough. */
size_t unicode_fold(const char *word, size_t size, char *out, size_t room);

/* Whether composition can neither change cp nor join it to the character
 * before it: a quick "surely", so that ordinary text is never taken apart.
 * False says only that utf8proc must be asked.  The ranges hold the letters
 * and signs of Latin, Greek, Cyrillic, Han and Hangul, the common punctuation
 * and symbols, and emoji; tests/engine/test_unicode.c checks them. */
static inline bool unicode_is_inert(uint32_t cp)
{
    if (cp < 0x300)
        return true;
    if (cp < 0x2002)
        return (cp >= 0x388 && cp <= 0x482) || (cp >= 0x48A && cp <= 0x52F);
    return cp <= 0x20CF || (cp >= 0x2100 && cp <= 0x2125)
           || (cp >= 0x232B && cp <= 0x2ADB) || (cp >= 0x3400 && cp <= 0x9FFF)
           || (cp >= 0xAC00 && cp <= 0xD7A3) || cp == 0xFFFD
           || (cp >= 0x1F000 && cp <= 0x1FAFF);
}

#endif
