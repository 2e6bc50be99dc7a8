/* complain.h - lines on standard error: "precis: ...".  What came from
 * outside is shown as terminal_write_line() shows it. */
#ifndef CLIENTS_COMPLAIN_H
#define CLIENTS_COMPLAIN_H

#include "engine/precis-error.h"

/* Shown before the colon; "precis" until it is set.  Static. */
void complain_program(const char *name);

void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same; returns STATUS_USAGE. */
int complain_usage(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* "precis: NAME: MESSAGE"; returns the exit status of error->code.  name may
 * be NULL. */
int complain_error(const char *name, const precis_error *error);

#endif
