/* preset.h - lengths that newsrooms use, by name: the one table from which
 * --preset, --help, and the tests of manual page and completion read. */
#ifndef CLIENTS_PRESET_H
#define CLIENTS_PRESET_H

#include <stddef.h>

#include "clients/precis-client.h"

struct preset {
    const char *name;
    size_t amount;    /* a ceiling, as with the option of the unit's name */
    const char *unit; /* "characters", "words" or "sentences" */
    size_t offset;    /* of the limit it sets in precis_request */
    int has_bullets;  /* shown as a list */
};

/* By number from 0; NULL past the last. */
const struct preset *preset_at(size_t number);

/* NULL: there is none of this name. */
const struct preset *preset_find(const char *name);

/* Sets the limit; the request has none yet. */
void preset_apply(const struct preset *preset, precis_request *request);

#endif
