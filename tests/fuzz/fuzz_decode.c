/* fuzz_decode - articles of bytes from anywhere, in every charset.
 *
 * The first byte chooses the charset, and whether it is taken at its word; the
 * rest is the article.  The text must
 * be valid UTF-8 without NUL, within its bound and in NFC; offsets must ascend
 * from the text's first byte to the source's last.  With libFuzzer:
 *
 *     clang-14 -g -O1 -fsanitize=fuzzer,address,undefined -DFUZZER \
 *         -I. -IBUILD tests/fuzz/fuzz_decode.c \
 *         engine/{arena,binary,charset,decode,guess,normalize,sniff}.c \
 *         engine/{transcode,unicode}.c BUILD/engine/charset_tables.c \
 *         -lutf8proc -o fuzz_decode
 *     ./fuzz_decode -max_len=4096 FOLDER tests/fuzz/decode
 *
 * Without -DFUZZER it replays the files that it is given.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "engine/decode.h"

#define CHECK(truth) ((truth) ? (void) 0 : check_failed(#truth, __LINE__))

/* Of engine/normalize.c: a longer run of marks need not come out in NFC. */
#define STRETCH_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_failed(const char *truth, int line)
{
    fprintf(stderr, "fuzz_decode.c:%d: not true: %s\n", line, truth);
    abort();
}

/* Another decoder than the engine's tells whether text is UTF-8; returns its
 * characters, and in *run the longest run of marks, letters of two halves
 * counted as such. */
static size_t check_utf8(const char *text, size_t size, size_t *run)
{
    const utf8proc_uint8_t *s = (const utf8proc_uint8_t *) text;
    size_t count = 0;
    size_t marks = 0;
    size_t i = 0;

    *run = 0;
    while (i < size) {
        utf8proc_int32_t cp;
        utf8proc_ssize_t length =
            utf8proc_iterate(s + i, (utf8proc_ssize_t) (size - i), &cp);

        CHECK(length > 0 && cp > 0);
        i += (size_t) length;
        count++;
        marks = utf8proc_category(cp) >= UTF8PROC_CATEGORY_MN
                        && utf8proc_category(cp) <= UTF8PROC_CATEGORY_ME
                    ? marks + 1
                    : 0;
        if (marks > *run)
            *run = marks;
    }
    return count;
}

/* The whole text through utf8proc at once is the same. */
static void check_nfc(const struct decoded *decoded)
{
    utf8proc_uint8_t *wanted = NULL;
    utf8proc_ssize_t size =
        utf8proc_map((const utf8proc_uint8_t *) decoded->raw,
                     (utf8proc_ssize_t) decoded->raw_size, &wanted,
                     UTF8PROC_COMPOSE | UTF8PROC_STABLE);

    CHECK(size >= 0 && (size_t) size == decoded->size);
    CHECK(memcmp(wanted, decoded->text, decoded->size) == 0);
    free(wanted);
}

static void check_offsets(struct arena *arena, const struct decoded *decoded,
                          size_t count)
{
    size_t *offsets = arena_take_array(arena, count + 1, sizeof *offsets);
    size_t *sources = arena_take_array(arena, count + 1, sizeof *sources);
    size_t used = 0;

    CHECK(offsets != NULL && sources != NULL);
    for (size_t i = 0; i < decoded->size; i++)
        if ((decoded->text[i] & 0xC0) != 0x80)
            offsets[used++] = i;
    CHECK(used == count);
    offsets[used] = decoded->size;
    decode_source_offsets(decoded, offsets, count + 1, sources);
    CHECK(sources[0] == decoded->bom);
    CHECK(sources[count] == decoded->source_size);
    for (size_t i = 1; i <= count; i++)
        CHECK(sources[i - 1] <= sources[i]);
}

static void check_decoded(struct arena *arena, const struct decoded *decoded)
{
    size_t run;
    size_t count;

    CHECK(decoded->raw_size <= 3 * decoded->source_size + 64);
    CHECK(charset_find(decoded->charset) == decoded->charset);
    CHECK(decoded->other == NULL
          || decoded->first_other < decoded->source_size);
    CHECK(decoded->replaced == 0
          || decoded->first_replaced < decoded->source_size);
    count = check_utf8(decoded->raw, decoded->raw_size, &run);
    CHECK(decoded->replaced <= count);
    count = check_utf8(decoded->text, decoded->size, &run);
    check_offsets(arena, decoded, count);
    if (run < STRETCH_MAX / 4)
        check_nfc(decoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct charset_cache *cache;
    static struct arena arena;
    const char *charset;
    struct decoded decoded;
    precis_error error;

    if (cache == NULL) {
        cache = charset_cache_new();
        arena_init(&arena);
        CHECK(cache != NULL);
    }
    if (size == 0)
        return 0;
    charset = charset_name(data[0] % 64); /* past the last: NULL */
    if ((data[0] < 128 || charset == NULL ? decode : decode_strictly)(
            cache, &arena, data + 1, size - 1, charset, &decoded, &error)
        == 0)
        check_decoded(&arena, &decoded);
    else
        CHECK(error.code == PRECIS_EUNSUPPORTED
              || (error.code == PRECIS_EBAD_ENCODING && error.offset >= 0
                  && (size_t) error.offset < size - 1));
    arena_clear(&arena);
    return 0;
}

#ifndef FUZZER
static int replay(const char *name)
{
    FILE *file = fopen(name, "rb");
    size_t room = 1u << 20;
    uint8_t *data = malloc(room);
    uint8_t *copy;
    size_t size;

    if (file == NULL || data == NULL) {
        perror(name);
        return -1;
    }
    size = fread(data, 1, room, file);
    fclose(file);
    /* Of its very size, so that a read beyond it is seen. */
    copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL)
        return -1;
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++)
        failed |= replay(argv[i]);
    return failed != 0;
}
#endif
