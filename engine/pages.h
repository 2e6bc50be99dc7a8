/* pages.h - memory that is about to be used, all of it at once.  Private to
 * engine/.
 *
 * A page that is touched for the first time costs a trap: half a microsecond
 * on bare metal, ten on a virtual machine, which is most of what one article
 * costs in a process of its own.  The kernel can be told of many pages in one
 * call.  Where it does not know that (Linux before 5.14), nothing happens.
 */
#ifndef ENGINE_PAGES_H
#define ENGINE_PAGES_H

#include <stddef.h>

#include "stemmers/language.h"

/* All will be written; it is for parts of large pieces, and leaves the pages
 * alone that others have a share of. */
void pages_fill(void *memory, size_t size);

/* Large memory that will be written all over: in large pages, where the kernel
 * has some.  It is for what has just been made, or has just grown: behind what
 * is there already.  Less than LARGE_PAGES_MIN is left as it is. */
void pages_large(void *memory, size_t size);

/* So much is wanted of very long articles alone; at the ends of memory up to
 * two pages of 2 MiB may be made that nobody writes to. */
#define LARGE_PAGES_MIN (4u << 20)

/* The large tables of a language, which are read here and there. */
void pages_read_language(const struct language *language);

#endif
