/* spans.h - what of the text stands in the summary. */
#ifndef CLIENTS_SPANS_H
#define CLIENTS_SPANS_H

#include "clients/precis-client.h"

struct spans {
    precis_reply_span *rows; /* owned */
    size_t count;
};

/* The chosen sentences without what was cut of them, in source order, each
 * inside the text and none inside another, whatever the service says.  None
 * where memory runs out.  Call spans_clear(). */
void spans_find(struct spans *spans, const precis_reply *reply);
void spans_clear(struct spans *spans);

#endif
