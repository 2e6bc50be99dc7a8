/* zap.h - who may connect with CURVE: the handler that libzmq asks, RFC 27.
 *
 * libzmq admits everybody where nobody answers its question.  So the sockets
 * say that they want an answer (zap_guard()), the handler is there before any
 * of them is bound, and its end is the end of the service: zap_bell() becomes
 * readable, and zap_answer_bell() says so.
 *
 * Used by one thread, but for the handler's own.
 */
#ifndef DAEMON_ZAP_H
#define DAEMON_ZAP_H

#include <stddef.h>

#include "daemon/failures.h"
#include "protocol/keys.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
#define ZAP_DOMAIN "precis"

/* An IPv6 address with its zone, and the NUL. */
#define ZAP_ADDRESS_SIZE 64

struct zap;

/* The latest of the connections refused since the last call. */
struct zap_refusal {
    unsigned long count;
    unsigned long total; /* ever */
    unsigned long blocked; /* addresses blocked since the last call */
    char key[KEY_SIZE];  /* public; "" where the handshake had none */
    char address[ZAP_ADDRESS_SIZE];
    char blocked_address[ZAP_ADDRESS_SIZE]; /* the latest, "": none */
};

/* Starts the handler in a context without one.  Takes the list over, also
 * when it fails.  0, or an errno. */
int zap_start(struct zap **zap, void *context, struct key_list *list);

/* Has a ROUTER that is not bound yet admit nobody but the clients of the
 * list, and be the service of this secret key.  0, or an errno. */
int zap_guard(void *socket, const char secret[KEY_SIZE]);

/* From now on the clients are these.  Takes the list over.  Returns how many
 * keys are gone. */
size_t zap_change(struct zap *zap, struct key_list *list);

/* The addresses of those who are refused too often.  Borrowed until
 * zap_stop(). */
struct failures *zap_failures(struct zap *zap);

/* The name of a client of the list, by its key (the User-Id of its messages);
 * NULL: it is none.  Borrowed until zap_change(). */
const char *zap_client(const struct zap *zap, const char *key);

/* How many clients there are. */
size_t zap_client_count(const struct zap *zap);

/* A descriptor that is readable when somebody was refused or the handler is
 * dead; zap_answer_bell() quiets it.  Returns not 0 where it is dead. */
int zap_bell(const struct zap *zap);
int zap_answer_bell(struct zap *zap, struct zap_refusal *refusal);

/* After the context was terminated, which ends the handler.  NULL is
 * allowed. */
void zap_stop(struct zap *zap);

#endif
