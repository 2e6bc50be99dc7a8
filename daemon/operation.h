/* operation.h - what the loop answers itself, without an engine: ping, status,
 * metrics, languages, and what only the control socket may ask. */
#ifndef DAEMON_OPERATION_H
#define DAEMON_OPERATION_H

#include "daemon/state.h"

/* Is it one of these? */
int operation_is_own(enum op op);

/* Writes the reply of one of these in the server's buffers, which are empty.
 * The caller has looked whether the client may ask.  Returns the code that the
 * reply carries. */
int operation_answer(struct server *server, const struct job *job,
                     const struct request *request);

#endif
