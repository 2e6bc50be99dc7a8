/* way.h - who does the work: a service, or the engine in this process. */
#ifndef CLIENTS_WAY_H
#define CLIENTS_WAY_H

#include "clients/local.h"
#include "clients/options.h"

struct way {
    precis_client *client; /* NULL: local */
    struct local *local;
    unsigned jobs;        /* its threads */
    size_t article_limit; /* in bytes; known before anything is sent */
    int has_limit;        /* a service said it */
    int is_batch;         /* replies of status ok are those of reply_make() */
};

/* Finds a service, or starts the engine here; says which with --verbose.
 * Without an endpoint a service that cannot be used counts as none.  Returns
 * 0 or, after a complaint, an exit status. */
int way_open(struct way *way, const struct settings *settings);
void way_close(struct way *way);

/* As precis_client_send() and precis_client_receive(); the latter waits for
 * as long as the request may take.  In a batch requests are the settings' but
 * for article, title and language, and their time-outs and tries. */
int way_send(struct way *way, const precis_request *request,
             unsigned long long *number, precis_error *error);
int way_receive(struct way *way, unsigned long long *number,
                precis_reply **reply, precis_error *error);

#endif
