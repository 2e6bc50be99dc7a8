/* heap.h - room for an engine of this process. */
#ifndef CLIENTS_HEAP_H
#define CLIENTS_HEAP_H

/* Before an engine is made; best before anything is allocated.  It never
 * fails: without it all takes longer. */
void heap_prepare(void);

#endif
