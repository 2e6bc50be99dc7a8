/* binary.c - files that are no text, by how they begin.
 *
 * Signatures: as the specification of each format gives them.  RTF, HTML, XML,
 * PostScript and the like are text and not listed.
 */
#include <config.h>

#include "engine/binary.h"

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes that are looked at for control characters. */
#define SAMPLE_SIZE 4096

struct signature {
    const char *bytes;
    unsigned char size;
    unsigned short at;
    bool is_word; /* a text could begin so: only with a NUL behind it */
    const char *name;
};

#define BYTES(literal) literal, sizeof literal - 1

static const struct signature signatures[] = {
    {BYTES("\x89PNG\r\n\x1A\n"), 0, false, "a PNG image"},
    {BYTES("\xFF\xD8\xFF"), 0, false, "a JPEG image"},
    {BYTES("GIF87a"), 0, true, "a GIF image"},
    {BYTES("GIF89a"), 0, true, "a GIF image"},
    {BYTES("II*\0"), 0, false, "a TIFF image"},
    {BYTES("MM\0*"), 0, false, "a TIFF image"},
    {BYTES("WEBP"), 8, true, "a WebP image"},
    {BYTES("WAVE"), 8, true, "WAV audio"},
    {BYTES("AVI "), 8, true, "AVI video"},
    {BYTES("%PDF-"), 0, false, "a PDF document"},
    {BYTES("PK\3\4"), 0, false, "a ZIP archive or an office document"},
    {BYTES("PK\5\6"), 0, false, "a ZIP archive"},
    {BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, false,
     "an older office document"},
    {BYTES("\x1F\x8B\x08"), 0, false, "gzip data"},
    {BYTES("BZh"), 0, true, "bzip2 data"},
    {BYTES("\xFD" "7zXZ\0"), 0, false, "xz data"},
    {BYTES("\x28\xB5\x2F\xFD"), 0, false, "zstd data"},
    {BYTES("7z\xBC\xAF\x27\x1C"), 0, false, "a 7z archive"},
    {BYTES("Rar!\x1A\7"), 0, false, "a RAR archive"},
    {BYTES("ustar"), 257, true, "a tar archive"},
    {BYTES("\x7F" "ELF"), 0, false, "an ELF program"},
    {BYTES("MZ"), 0, true, "a Windows program"},
    {BYTES("\xCA\xFE\xBA\xBE"), 0, false, "a Java class"},
    {BYTES("\xCF\xFA\xED\xFE"), 0, false, "a Mach-O program"},
    {BYTES("\0asm"), 0, false, "a WebAssembly program"},
    {BYTES("SQLite format 3\0"), 0, false, "an SQLite database"},
    {BYTES("OggS\0"), 0, false, "Ogg audio or video"},
    {BYTES("ID3"), 0, true, "MP3 audio"},
    {BYTES("fLaC\0"), 0, false, "FLAC audio"},
    {BYTES("ftyp"), 4, true, "MP4 video"},
    {BYTES("\x1A\x45\xDF\xA3"), 0, false, "Matroska or WebM video"},
    {BYTES("wOFF"), 0, true, "a font"},
    {BYTES("wOF2"), 0, true, "a font"},
};

static bool is_there(const struct signature *signature,
                     const unsigned char *bytes, size_t size)
{
    if (size < (size_t) signature->at + signature->size
        || bytes[signature->at] != (unsigned char) signature->bytes[0]
        || memcmp(bytes + signature->at, signature->bytes, signature->size)
               != 0)
        return false;
    return !signature->is_word
           || memchr(bytes, 0, size < SAMPLE_SIZE ? size : SAMPLE_SIZE)
                  != NULL;
}

const char *binary_find(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (is_there(&signatures[i], bytes, size))
            return signatures[i].name;
    return NULL;
}

/* White space, and ESC of coloured terminals, stand in texts. */
static bool is_control(unsigned char byte)
{
    return (byte < ' ' && (byte < '\t' || byte > '\r') && byte != 0x1B)
           || byte == 0x7F;
}

/* Bytes looked at together. */
#define BLOCK 16

/* May one of a block be a control character, white space among them? */
static inline bool may_have_control(const unsigned char *bytes)
{
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' ' - 1);
    __m128i block = _mm_loadu_si128((const __m128i *) (const void *) bytes);
    __m128i low = _mm_cmpeq_epi8(_mm_max_epu8(block, space), space);
    __m128i deleted = _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F));

    return _mm_movemask_epi8(_mm_or_si128(low, deleted)) != 0;
#else
    const uint64_t ones = 0x0101010101010101u;
    uint64_t found = 0;

    for (size_t i = 0; i < BLOCK; i += 8) {
        uint64_t block, deleted;
        memcpy(&block, bytes + i, sizeof block);
        deleted = block ^ ones * 0x7F; /* 0 in the bytes that are 7F */
        found |= ((block - ones * 0x20) & ~block)
                 | ((deleted - ones) & ~deleted);
    }
    return (found & ones * 0x80) != 0;
#endif
}

bool binary_has_controls(const unsigned char *bytes, size_t size,
                         size_t *offset)
{
    size_t sample = size < SAMPLE_SIZE ? size : SAMPLE_SIZE;
    size_t count = 0;
    size_t first = 0;

    for (size_t i = 0; i < sample;) {
        size_t end = i + BLOCK < sample ? i + BLOCK : sample;
        if (end == i + BLOCK && !may_have_control(bytes + i)) {
            i = end;
            continue;
        }
        for (; i < end; i++)
            if (is_control(bytes[i]) && count++ == 0)
                first = i;
    }
    /* Random bytes have 11 of 100; articles of the wire services, framed by
     * SOH, STX and ETX, 4 of some thousand. */
    if (count < 4 || count * 25 <= sample)
        return false;
    *offset = first;
    return true;
}
