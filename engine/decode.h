/* decode.h - stage 1: bytes in some charset to UTF-8 in NFC.
 *
 * Private to engine/.  charset.c knows charsets (and is the one file that
 * includes iconv.h), sniff.c chooses one, transcode.c turns bytes into UTF-8
 * (these are also built and tested with musl), normalize.c knows NFC (and
 * utf8proc), decode.c calls them in order.
 */
#ifndef ENGINE_DECODE_H
#define ENGINE_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/arena.h"
#include "engine/precis-error.h"

/* Tables of the 8-bit charsets met so far: 256 code points each, asked from
 * iconv byte by byte at first use and kept, since in an 8-bit charset each
 * byte is one character: so source offsets are exact, and no iconv state, no
 * short output buffer and no loop can hurt.  One per engine; no threads. */
struct charset_cache;
struct charset_cache *charset_cache_new(void); /* NULL: out of memory */
void charset_cache_free(struct charset_cache *cache);

/* The allow-list, canonical names in the order shown to users; NULL past the
 * last. */
const char *charset_name(size_t number);

/* Canonical name for any spelling or alias ("latin1", "UTF8", "cp1252",
 * "ISO_8859-1" -> "windows-1252"...), NULL where it is not allowed.  Static. */
const char *charset_find(const char *name);

/* The same with an error that names the allow-list: 0 and, where `canonical`
 * is not NULL, the name; or PRECIS_EBAD_REQUEST with key "charset". */
int charset_check(const char *name, const char **canonical,
                  precis_error *error);

struct decoded {
    const char *text;      /* UTF-8, valid, NFC, no BOM, no NUL; in the arena
                              or, where nothing had to be changed, the very
                              bytes of the source */
    size_t size;
    const char *charset;   /* canonical name, static */
    size_t replaced;       /* U+FFFD written, one per maximal undecodable part
                              (Unicode 15, 3.9, "U+FFFD substitution of maximal
                              subparts"); a NUL counts as undecodable */
    size_t first_replaced; /* source offset of the first, where replaced > 0 */
    /* for decode_source_offsets() */
    const unsigned char *source;
    size_t source_size;
    const char *raw;       /* decoded, before NFC */
    size_t raw_size;
    size_t bom;            /* bytes of the source before the text */
    int inert;             /* not 0: raw is surely in NFC */
    const void *converter;
};

/* Decodes `size` bytes.  charset NULL or "auto": BOM, else UTF-16 where zero
 * bytes stand as in UTF-16 of an alphabet, else UTF-8.  A BOM also overrules
 * a declared charset of the UTF family.  UTF-16 and UTF-32 without a BOM: the
 * order in which the zero bytes are the high ones, little endian where there
 * are none; out->charset is then "UTF-16LE" and so on.
 *
 * The text is at most 3 x size + 64 bytes before NFC, which makes at most 3
 * bytes of one, and fewer of most.  Runs of more than 64 marks are composed in
 * pieces (normalize.c).  Errors: PRECIS_EBAD_REQUEST (key "charset") for a
 * name not allowed, PRECIS_EUNSUPPORTED where this iconv lacks an allowed one,
 * PRECIS_EINTERNAL out of memory. */
int decode(struct charset_cache *cache, struct arena *arena,
           const void *source, size_t size, const char *charset,
           struct decoded *out, precis_error *error);

/* For `count` ascending offsets into decoded->text, each at a character
 * boundary, the offsets of the source they came from.  One pass over the
 * source up to the last; none where text and source are the same bytes. */
void decode_source_offsets(const struct decoded *decoded,
                           const size_t *offsets, size_t count,
                           size_t *source_offsets);

/* Composes valid UTF-8 canonically (utf8proc).  *text is in the arena, or is
 * `raw` itself where it was in NFC already.  0, or PRECIS_EINTERNAL. */
int normalize(struct arena *arena, const char *raw, size_t size,
              const char **text, size_t *text_size);

/* Maps ascending offsets in the composed text to offsets in `raw`. */
void normalize_source_offsets(const char *raw, size_t raw_size,
                              size_t *offsets, size_t count);

#endif
