/* heap.h - room for an engine of this process. */
#ifndef CLIENTS_HEAP_H
#define CLIENTS_HEAP_H

/* For an article or a few; before an engine is made, and best before anything
 * is allocated.  It never fails: without it all takes a little longer. */
void heap_prepare(void);

#endif
