/* refuse.h - filling a precis_error.  Private to protocol/.
 *
 * Each function fills *error, unless it is NULL, and returns its code.
 */
#ifndef PROTOCOL_REFUSE_H
#define PROTOCOL_REFUSE_H

#include <stddef.h>

#include "engine/precis-error.h"

/* PRECIS_EBAD_REQUEST with the key at fault ("" where there is none). */
int refuse(precis_error *error, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* PRECIS_EBAD_REQUEST with the offset at fault. */
int refuse_at(precis_error *error, size_t offset, const char *message);

/* Any code, neither key nor offset. */
int refuse_code(precis_error *error, int code, const char *message);

#endif
