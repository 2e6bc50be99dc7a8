/* translate.h - what the libraries and the service say, for the user.
 *
 * They speak English, which is what stands in JSON and goes over the wire.  A
 * message made of a format that the catalogue knows (po/formats.h) is taken
 * apart again, and its parts are put into the format's translation. */
#ifndef CLIENTS_TRANSLATE_H
#define CLIENTS_TRANSLATE_H

#include <stddef.h>

/* Room for any message in any language. */
#define TRANSLATE_SIZE 2048

/* The message in the user's language, in `out`; as it is where the catalogue
 * does not know it.  Returns out.  message and out may not overlap. */
const char *translate(const char *message, char out[TRANSLATE_SIZE]);

#endif
