/* service.h - libprecis-client, loaded when a service is asked.
 *
 * It needs libzmq, which needs fifteen libraries more: to load them takes five
 * times as long as to summarize an article in this process.  So precis does
 * not link it: each service_X() is precis_client_X() of precis-client.h, which
 * service_load() must have found before.
 *
 * A reply that comes back is one of this program's: what the library's own
 * replies are made of may change with its version.
 */
#ifndef CLIENTS_SERVICE_H
#define CLIENTS_SERVICE_H

#include "clients/precis-client.h"

/* Loads the library, once.  PRECIS_ENO_ANSWER where it is not there. */
int service_load(precis_error *error);

int service_open(precis_client **client, const char *endpoint,
                 unsigned timeout_ms, precis_error *error);
int service_open_list(precis_client **client, const char *const *endpoints,
                      size_t count, unsigned timeout_ms, precis_error *error);
int service_set_keys(precis_client *client, const char *server_key,
                     const char *key_file, precis_error *error);
void service_close(precis_client *client);
const char *service_endpoint(const precis_client *client);
int service_send(precis_client *client, const precis_request *request,
                 unsigned long long *number, precis_error *error);
int service_call(precis_client *client, const precis_request *request,
                 precis_reply **reply, precis_error *error);

/* Waits for as long as a request may take.  `is_batch`: replies of status ok
 * are those of reply_make(). */
int service_receive(precis_client *client, int is_batch,
                    unsigned long long *number, precis_reply **reply,
                    precis_error *error);
#endif
