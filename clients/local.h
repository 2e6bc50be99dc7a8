/* local.h - the engine in this process, asked as a service is asked.
 *
 * A request becomes the same header frame, is read by the same parser and
 * answered by the same answer() as in precisd, so the replies cannot differ.
 */
#ifndef CLIENTS_LOCAL_H
#define CLIENTS_LOCAL_H

#include "clients/precis-client.h"

struct local;

/* One of the jobs is done inside local_receive(), by the thread of its caller,
 * which else would only take the processor from the others; each of the rest
 * has a thread.  Each has an engine.  Owned: local_stop().
 *
 * Where `usual` is not NULL, every request will be as it is, but for article,
 * title and language; then it is made a header and read once only, and replies
 * are those of reply_make().  Its strings are borrowed until local_stop(). */
int local_start(struct local **local, unsigned jobs, size_t article_limit,
                const precis_request *usual, precis_error *error);

/* Ends the threads, after what they are at.  NULL is allowed. */
void local_stop(struct local *local);

/* As precis_client_send() and precis_client_receive(), without time-outs. */
int local_send(struct local *local, const precis_request *request,
               unsigned long long *number, precis_error *error);
int local_receive(struct local *local, unsigned long long *number,
                  precis_reply **reply, precis_error *error);

#endif
