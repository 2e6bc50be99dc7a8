/* error.h - filling a precis_error.  Private to clients/. */
#ifndef CLIENTS_ERROR_H
#define CLIENTS_ERROR_H

#include <stddef.h>

#include "engine/precis-error.h"

/* Fills *error (NULL is allowed) and returns `code`.  key may be NULL. */
int error_set(precis_error *error, int code, const char *key,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

int error_memory(precis_error *error);

/* What text(number) says in English, whatever the locale: messages are English
 * until a tool shows them.  Writes at most `room` bytes with the NUL. */
void error_reason(char *out, size_t room, const char *(*text)(int),
                  int number);

/* strerror(3) for it. */
const char *error_system(int number);

#endif
