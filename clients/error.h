/* error.h - filling a precis_error.  Private to clients/. */
#ifndef CLIENTS_ERROR_H
#define CLIENTS_ERROR_H

#include "engine/precis-error.h"

/* Fills *error (NULL is allowed) and returns `code`.  key may be NULL. */
int error_set(precis_error *error, int code, const char *key,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

int error_memory(precis_error *error);

#endif
