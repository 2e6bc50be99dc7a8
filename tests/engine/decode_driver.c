/* decode_driver.c - decode_strictly() for tests/engine/test_codecs.py, decode()
 * where the charset is "auto".
 *
 * Standard input is a series of jobs, each
 *
 *     CHARSET SIZE\n BYTES        ("auto" for none)
 *
 * and standard output the answers, each
 *
 *     ok CHARSET SIZE REPLACED FIRST COUNT\n TEXT OFFSET... \n
 *     error CODE\n
 *
 * with COUNT source offsets, of each character and of the end.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/decode.h"
#include "engine/unicode.h"

static void die(const char *why)
{
    fprintf(stderr, "decode_driver: %s\n", why);
    exit(70);
}

static void answer(struct arena *arena, const struct decoded *decoded)
{
    size_t count = utf8_count(decoded->text, decoded->size) + 1;
    size_t *offsets = arena_take_array(arena, count, sizeof *offsets);
    size_t *sources = arena_take_array(arena, count, sizeof *sources);
    size_t position = 0;
    uint32_t cp;

    if (offsets == NULL || sources == NULL)
        die("out of memory");
    for (size_t i = 0; i < count - 1; i++) {
        offsets[i] = position;
        utf8_next(decoded->text, decoded->size, &position, &cp);
    }
    offsets[count - 1] = position;
    decode_source_offsets(decoded, offsets, count, sources);
    printf("ok %s %zu %zu %zu %zu\n", decoded->charset, decoded->size,
           decoded->replaced, decoded->first_replaced, count);
    fwrite(decoded->text, 1, decoded->size, stdout);
    for (size_t i = 0; i < count; i++)
        printf(" %zu", sources[i]);
    printf("\n");
}

int main(void)
{
    struct charset_cache *cache = charset_cache_new();
    struct arena arena;
    char charset[64];
    size_t size;

    if (cache == NULL)
        die("out of memory");
    arena_init(&arena);
    while (scanf("%63s %zu", charset, &size) == 2 && getchar() == '\n') {
        /* Of its very size, so that AddressSanitizer sees a read beyond it. */
        char *source = malloc(size > 0 ? size : 1);
        struct decoded decoded;
        precis_error error;

        if (source == NULL || fread(source, 1, size, stdin) != size)
            die("cannot read");
        if ((strcmp(charset, "auto") == 0 ? decode : decode_strictly)(
                cache, &arena, source, size, charset, &decoded, &error)
            == 0)
            answer(&arena, &decoded);
        else
            printf("error %d\n", error.code);
        fflush(stdout);
        arena_reset(&arena);
        free(source);
    }
    arena_clear(&arena);
    charset_cache_free(cache);
    return 0;
}
