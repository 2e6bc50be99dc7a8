/* compress.h - parts of sentences that a summary can do without.  Private to
 * engine/. */
#ifndef ENGINE_COMPRESS_H
#define ENGINE_COMPRESS_H

#include "engine/credits.h"

/* Of one sentence. */
#define CUTS_MAX 4

/* Fills document->cut and document->cuts with what pays to leave out.  0, or
 * PRECIS_EINTERNAL. */
int compress(struct document *document, const struct credits *credits);

#endif
