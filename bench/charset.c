/* charset - charset detection as a filter, for programs that score detectors.
 *
 * usage: charset < LINES > LINES
 *
 * Reads "id TAB bytes in base64" a line and writes "id TAB charset"; the
 * charset is "binary" for what is no text.  Every answer is flushed, so that a
 * program can wait for it.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/decode.h"

/* The value of a digit of base64, or -1. */
static int digit_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *place = c == '\0' ? NULL : strchr(digits, c);

    return place == NULL ? -1 : (int) (place - digits);
}

/* In place; returns the bytes. */
static size_t base64_decode(char *text)
{
    unsigned bits = 0;
    int count = 0;
    size_t used = 0;

    for (const char *next = text; *next != '\0'; next++) {
        int value = digit_value(*next);

        if (value < 0)
            continue;
        bits = bits << 6 | (unsigned) value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            text[used++] = (char) (bits >> count & 0xFF);
        }
    }
    return used;
}

int main(void)
{
    struct charset_cache *cache = charset_cache_new();
    struct arena arena;
    char *line = NULL;
    size_t room = 0;

    if (cache == NULL)
        return 70;
    arena_init(&arena);
    while (getline(&line, &room, stdin) > 0) {
        char *bytes = strchr(line, '\t');
        struct decoded decoded;
        precis_error error;
        int code;

        if (bytes == NULL)
            return 65;
        *bytes++ = '\0';
        code = decode(cache, &arena, bytes, base64_decode(bytes), NULL,
                      &decoded, &error);
        if (code != 0 && code != PRECIS_EBAD_ENCODING)
            return 70;
        printf("%s\t%s\n", line, code == 0 ? decoded.charset : "binary");
        fflush(stdout);
        arena_reset(&arena);
    }
    free(line);
    arena_clear(&arena);
    charset_cache_free(cache);
    return 0;
}
