/* take.h - the values of precis's options to struct settings.  Private to
 * options.c. */
#ifndef CLIENTS_TAKE_H
#define CLIENTS_TAKE_H

#include <stddef.h>

#include "clients/options.h"

struct row;

/* Takes an option's value; NULL where it has none.  Returns 0, or STATUS_USAGE
 * after a complaint. */
typedef int take(struct settings *settings, const struct row *row,
                 const char *value);

struct row {
    char letter; /* 0: none */
    const char *name;
    const char *argument; /* shown in --help; NULL: a flag; "[": may lack */
    take *take;
    size_t offset; /* of what it sets in struct settings */
    long value;    /* a flag's value; a number's maximum */
    const char *help;
};

/* The complaint about two options that exclude each other. */
int refuse_together(const char *option, const char *other);

take take_flag, take_form, take_string, take_limit, take_preset, take_keywords,
    take_jobs, take_text, take_order, take_color, take_seconds, take_endpoint;

/* Not 0 where one of the four lengths was given. */
int has_limit(const precis_request *request);

/* The option that asks for a form. */
const char *form_name(enum form form);

#endif
