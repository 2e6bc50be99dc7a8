/* binary.h - what bytes look like that are no text.
 *
 * Private to sniff.c and binary.c.
 */
#ifndef ENGINE_BINARY_H
#define ENGINE_BINARY_H

#include <stdbool.h>
#include <stddef.h>

/* What a file that begins so is, "a PNG image", by its signature; NULL where
 * it has none that is known.  Static. */
const char *binary_find(const unsigned char *bytes, size_t size);

/* Whether more of the first bytes are control characters than in any text, in
 * a charset that is not UTF-16 or UTF-32; *offset: that of the first. */
bool binary_has_controls(const unsigned char *bytes, size_t size,
                         size_t *offset);

#endif
