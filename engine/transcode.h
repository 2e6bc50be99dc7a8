/* transcode.h - bytes in some charset to valid UTF-8, not yet in NFC.
 *
 * Private to engine/; the part of decode() that needs the C library alone.
 */
#ifndef ENGINE_TRANSCODE_H
#define ENGINE_TRANSCODE_H

#include <stdbool.h>

#include "engine/decode.h"

/* As decode(), or decode_strictly() where `strict`, but for text and size,
 * which are left alone: fills every other member of *out. */
int transcode(struct charset_cache *cache, struct arena *arena,
              const void *source, size_t size, const char *charset,
              bool strict, struct decoded *out, precis_error *error);

/* Maps ascending offsets into decoded->raw to those of the source, in place. */
void transcode_source_offsets(const struct decoded *decoded, size_t *offsets,
                              size_t count);

#endif
