/* formats.h - what the catalogues have for clients/translate.c, as tables made
 * at build time by formats.awk. */
#ifndef PO_FORMATS_H
#define PO_FORMATS_H

#include <stddef.h>

/* The formats of all messages that the libraries and the service can send. */
extern const char *const library_formats[];
extern const size_t library_format_count;

/* Names that may stand in them, in English: of languages, "French", and of
 * what is no text. */
extern const char *const library_names[];
extern const size_t library_name_count;

#endif
