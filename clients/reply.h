/* reply.h - replies that were made in this process, or read before. */
#ifndef CLIENTS_REPLY_H
#define CLIENTS_REPLY_H

#include "clients/precis-client.h"

/* As precis_reply_parse(), of a reply with the status "ok" whose header is
 * known to be one: it is not read, so that only precis_reply_code(), _header(),
 * _summary() and _free() know anything of the reply. */
int reply_make(precis_reply **reply, const void *header, size_t header_size,
               const void *body, size_t body_size, precis_error *error);

#endif
