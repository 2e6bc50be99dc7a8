/* formats.h - the formats of what the libraries and the service can say, as
 * the catalogues have them.  Made at build time by formats.awk. */
#ifndef PO_FORMATS_H
#define PO_FORMATS_H

#include <stddef.h>

extern const char *const library_formats[];
extern const size_t library_format_count;

#endif
