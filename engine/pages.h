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

/* A piece above PAGES_LARGE begins where a page of PAGES_HUGE does, and the
 * kernel is asked for such pages, if it has any: one trap then instead of 512.
 * For that, malloc() is asked for pages_room() of the size, and the piece is at
 * pages_place() in what it returned.  Smaller pieces, such as an engine keeps
 * from article to article, are as they ever were. */
#define PAGES_HUGE ((size_t) 2 << 20) /* on most processors */
#define PAGES_LARGE (2 * PAGES_HUGE + 4096)

size_t pages_room(size_t size);
void *pages_place(void *memory, size_t size);

/* Frees the memory of a piece of that size; of a large one, so that nothing
 * stays with malloc(). */
void pages_free(void *memory, size_t size);

/* All will be written; it is for parts of large pieces, and leaves the pages
 * alone that others have a share of. */
void pages_fill(void *memory, size_t size);

/* The large tables of a language, which are read here and there. */
void pages_read_language(const struct language *language);

#endif
