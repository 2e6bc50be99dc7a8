/* answer.h - a request to an engine call, its result to a reply.
 *
 * The only place where protocol and engine meet.  precisd and `precis
 * --local` both call it, so their replies cannot differ.  libprecis-client
 * does not link it.
 */
#ifndef PROTOCOL_ANSWER_H
#define PROTOCOL_ANSWER_H

#include "protocol/protocol.h"

/* What counters want to know of a reply, so that nobody has to look for it in
 * the header. */
struct answer_notes {
    const char *language; /* borrowed until the next call; NULL: none */
    size_t replaced;      /* U+FFFD written */
    size_t sentences;     /* of the article */
};

/* Answers the operations that need an engine (summarize, keywords, segment,
 * detect) and `languages`; the others belong to the service and are
 * PRECIS_EUNSUPPORTED.
 * request->options.article_limit must have been set by the caller.  Appends
 * to header and body (both empty on entry).  elapsed_us is not written here:
 * see answer_finish().  Where the reply is no error, *notes is filled, unless
 * it is NULL.  Returns the code that the reply carries: 0 or PRECIS_E...; out
 * of memory leaves header->failed or body->failed set. */
int answer(precis_engine *engine, const struct request *request,
           const void *article, size_t size, struct buffer *header,
           struct buffer *body, struct answer_notes *notes);

/* Puts "elapsed_us" behind the last member of a reply header. */
void answer_finish(struct buffer *header, unsigned long long elapsed_us);

#endif
