/* decode.c - stage 1 in order: transcode, then compose. */
#include <config.h>

#include "engine/decode.h"

#include <string.h>

#include "engine/charset.h"
#include "engine/transcode.h"

static int compose_text(struct arena *arena, struct decoded *out,
                   precis_error *error)
{
    struct decoded decoded = *out;

    decoded.text = decoded.raw;
    decoded.size = decoded.raw_size;
    if (!decoded.inert
        && normalize(arena, decoded.raw, decoded.raw_size, &decoded.text,
                     &decoded.size)
               != 0)
        return charset_no_memory(error);
    *out = decoded;
    return 0;
}

int decode(struct charset_cache *cache, struct arena *arena, const void *source,
           size_t size, const char *charset, struct decoded *out,
           precis_error *error)
{
    struct decoded decoded;
    int code = transcode(cache, arena, source, size, charset, false, &decoded,
                         error);

    if (code == 0)
        code = compose_text(arena, &decoded, error);
    if (code == 0)
        *out = decoded;
    return code;
}

int decode_strictly(struct charset_cache *cache, struct arena *arena,
                    const void *source, size_t size, const char *charset,
                    struct decoded *out, precis_error *error)
{
    struct decoded decoded;
    int code = transcode(cache, arena, source, size, charset, true, &decoded,
                         error);

    if (code == 0)
        code = compose_text(arena, &decoded, error);
    if (code == 0)
        *out = decoded;
    return code;
}

/* `normalized` finds where in the text before composing they were. */
static void source_offsets_by(
    void (*normalized)(const char *raw, size_t raw_size, size_t *offsets,
                       size_t count),
    const struct decoded *decoded, const size_t *offsets, size_t count,
    size_t *source_offsets)
{
    if (count == 0)
        return;
    memmove(source_offsets, offsets, count * sizeof *offsets);
    if (decoded->text != decoded->raw)
        normalized(decoded->raw, decoded->raw_size, source_offsets, count);
    transcode_source_offsets(decoded, source_offsets, count);
}

void decode_source_offsets(const struct decoded *decoded, const size_t *offsets,
                           size_t count, size_t *source_offsets)
{
    source_offsets_by(normalize_source_offsets, decoded, offsets, count,
                      source_offsets);
}

void decode_source_starts(const struct decoded *decoded, const size_t *offsets,
                          size_t count, size_t *source_offsets)
{
    source_offsets_by(normalize_source_starts, decoded, offsets, count,
                      source_offsets);
}
