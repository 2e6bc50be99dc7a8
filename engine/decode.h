/* decode.h - stage 1: bytes in some charset to UTF-8 in NFC.
 *
 * Private to engine/.  charset.c knows charsets (and is the one file that
 * includes iconv.h), sniff.c chooses one, binary.c knows what is no text and
 * guess.c which 8-bit charset a text is in, plain.c what is surely UTF-8 at one
 * look, transcode.c turns bytes into UTF-8 (these are also built and tested
 * with musl), normalize.c knows NFC (and
 * utf8proc), decode.c calls them in order.
 */
#ifndef ENGINE_DECODE_H
#define ENGINE_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/arena.h"
#include "engine/precis-error.h"

/* Tables of the 8-bit charsets met so far, 256 code points each, made at first
 * use and kept: of those that can be told apart from tables of ours, of the
 * others from iconv, asked byte by byte, since in an 8-bit charset each byte
 * is one character: so source offsets are exact, and no iconv state, no short
 * output buffer and no loop can hurt.  Also the room for telling them apart.
 * One per engine; no threads. */
struct charset_cache;
struct charset_cache *charset_cache_new(void); /* NULL: out of memory */
void charset_cache_free(struct charset_cache *cache);

/* The allow-list, canonical names in the order shown to users; NULL past the
 * last. */
const char *charset_name(size_t number);

/* Canonical name for any spelling or alias ("latin1", "UTF8", "cp1252",
 * "ISO_8859-1" -> "windows-1252"...), NULL where it is not allowed.  Static. */
const char *charset_find(const char *name);

/* The same with an error: 0 and, where `canonical` is not NULL, the name;
 * PRECIS_EUNSUPPORTED for the Chinese, Japanese and Korean charsets of more
 * than one byte, PRECIS_EBAD_REQUEST for anything else, with a message that
 * names the allow-list; both with key "charset". */
int charset_check(const char *name, const char **canonical,
                  precis_error *error);

struct decoded {
    const char *text;      /* UTF-8, valid, NFC, no BOM, no NUL; in the arena
                              or, where nothing had to be changed, the very
                              bytes of the source */
    size_t size;
    const char *charset;   /* canonical name, static */
    const char *declared;  /* the charset that was declared, where the text is
                              not in it; else NULL.  Static */
    const char *other;     /* the charset of the parts that are not in
                              `charset`: one of the two is then UTF-8; else
                              NULL.  Static */
    size_t first_other;    /* source offset of the first such part */
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

/* Decodes `size` bytes.  charset NULL or "auto", in this order:
 *
 *   1. a BOM;
 *   2. UTF-16 or UTF-32, where zero bytes stand as in one of an alphabet;
 *   3. UTF-8, where that is valid but for a character cut at the end;
 *   4. the 8-bit charset whose decoding looks most like a language (guess.h),
 *      alone, or together with UTF-8 where the text has both: then what is
 *      valid UTF-8 is read as that and the other bytes as the 8-bit charset.
 *      A few stray bytes that make no sense in any are replaced.
 *
 * Linear; 3 and 4 look at the whole text.  A declared charset is taken, unless
 * more than 1 % of the bytes are undecodable in it or what is found as above
 * is clearly likelier: then that is taken, and out->declared tells.  A BOM
 * also overrules a declared charset of the UTF family.  UTF-16 and UTF-32
 * without a BOM: the order in which the zero bytes are the high ones, little
 * endian where there are none; out->charset is then "UTF-16LE" and so on.
 * "ISO-8859-1" is windows-1252.
 *
 * The text is at most 3 x size + 64 bytes before NFC, which makes at most 3
 * bytes of one, and fewer of most.  Runs of more than 64 marks are composed in
 * pieces (normalize.c).  Errors: PRECIS_EBAD_ENCODING for what is no text: it
 * begins as a PNG image or the like, has too many control characters or makes
 * no sense in any charset; the message says which, and error->offset where;
 * PRECIS_EBAD_REQUEST or PRECIS_EUNSUPPORTED (key "charset") for a name not
 * allowed, PRECIS_EUNSUPPORTED also where this iconv lacks an allowed one;
 * PRECIS_EINTERNAL out of memory. */
int decode(struct charset_cache *cache, struct arena *arena,
           const void *source, size_t size, const char *charset,
           struct decoded *out, precis_error *error);

/* The same with the charset taken at its word, whatever the bytes look like:
 * only a BOM and the order of UTF-16 and UTF-32 are still found out. */
int decode_strictly(struct charset_cache *cache, struct arena *arena,
                    const void *source, size_t size, const char *charset,
                    struct decoded *out, precis_error *error);

/* For `count` ascending offsets into decoded->text, each at a character
 * boundary, the offsets of the source they came from.  One pass over the
 * source up to the last; none where text and source are the same bytes. */
void decode_source_offsets(const struct decoded *decoded,
                           const size_t *offsets, size_t count,
                           size_t *source_offsets);

/* The same for where sentences start: one that starts inside of what composing
 * changed comes from all of it. */
void decode_source_starts(const struct decoded *decoded, const size_t *offsets,
                          size_t count, size_t *source_offsets);

/* Composes valid UTF-8 canonically (utf8proc).  *text is in the arena, or is
 * `raw` itself where it was in NFC already.  0, or PRECIS_EINTERNAL. */
int normalize(struct arena *arena, const char *raw, size_t size,
              const char **text, size_t *text_size);

/* Maps ascending offsets in the composed text to offsets in `raw`. */
void normalize_source_offsets(const char *raw, size_t raw_size,
                              size_t *offsets, size_t count);

/* The same, but one inside of what composing changed goes to its start. */
void normalize_source_starts(const char *raw, size_t raw_size, size_t *offsets,
                             size_t count);

#endif
