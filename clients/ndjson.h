/* ndjson.h - one line of a batch: an article as a JSON object. */
#ifndef CLIENTS_NDJSON_H
#define CLIENTS_NDJSON_H

#include <stddef.h>

#include "clients/precis-client.h"
#include "protocol/protocol.h"

/* An article that was read.  The strings of `request` are borrowed from
 * `tree`. */
struct article {
    char id[PROTOCOL_ID_MAX + 1]; /* the token as it came; "": none */
    precis_request request;
    void *tree; /* owned: article_clear() */
};

/* Reads a line.  The text stands under text, article, body or content, the
 * first of them that is there; title or headline, language or lang, and id
 * may be.  *article->request is `defaults` with these put in.
 *
 * Errors: PRECIS_EBAD_DOCUMENT, no JSON object or no text in it;
 * PRECIS_EBAD_ENCODING, no UTF-8; PRECIS_EBAD_REQUEST with the key of a wrong
 * type; PRECIS_EINTERNAL.  article->id is filled where it could be read.
 * Call article_clear() either way. */
int article_parse(struct article *article, const char *line, size_t size,
                  const precis_request *defaults, precis_error *error);
void article_clear(struct article *article);

/* Not 0 for a line of white space. */
int line_is_blank(const char *line, size_t size);

#endif
