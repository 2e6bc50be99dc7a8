/* buffer.h - a growing output buffer, and JSON into it.
 *
 * A failed allocation is remembered in `failed` and later writes are ignored,
 * so a writer checks once, at the end.
 */
#ifndef PROTOCOL_BUFFER_H
#define PROTOCOL_BUFFER_H

#include <stddef.h>
#include <string.h>

struct buffer {
    char *data; /* owned: buffer_clear(); no NUL */
    size_t size;
    size_t room;
    int failed; /* not 0: out of memory, content is incomplete */
};

void buffer_init(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* frees; usable again */
void buffer_reset(struct buffer *buffer); /* empties; keeps the room */

/* Makes room for `more` bytes.  0, or -1 with `failed` set. */
int buffer_grow(struct buffer *buffer, size_t more);

/* Here, since a reply is some fifty small pieces of known size. */
static inline void buffer_add(struct buffer *buffer, const void *data,
                              size_t size)
{
    if (buffer->failed || size == 0
        || (buffer->room - buffer->size < size
            && buffer_grow(buffer, size) != 0))
        return;
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}

void buffer_add_string(struct buffer *buffer, const char *string);

/* Decimal digits. */
void buffer_add_number(struct buffer *buffer, unsigned long long number);

/* A real with six digits behind the point, whatever the locale; halves away
 * from zero; magnitudes above 1e12 are written as 1e12. */
void buffer_add_real(struct buffer *buffer, double real);

/* A JSON string with its quotes.  Input must be UTF-8; what is not becomes
 * U+FFFD.  Escaped: " \ and below U+0020, U+007F, U+2028, U+2029. */
void buffer_add_json(struct buffer *buffer, const char *text, size_t size);

/* "key": with a comma before it unless the buffer ends with { or [. */
void buffer_add_key(struct buffer *buffer, const char *key);

#endif
