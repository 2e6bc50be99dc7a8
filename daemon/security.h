/* security.h - the keys of the service and of its clients, where tcp is served
 * with CURVE: zap.h and peers.h together, as configured.
 */
#ifndef DAEMON_SECURITY_H
#define DAEMON_SECURITY_H

#include <stdint.h>

#include "daemon/config.h"
#include "daemon/message.h"
#include "daemon/peers.h"
#include "daemon/zap.h"

#define SECURITY_REASON_SIZE 512

/* What happens more often than it is told in the log. */
struct said {
    uint64_t told_us;     /* the last time; 0: never */
    unsigned long untold; /* since then */
};

struct security {
    struct zap *zap; /* NULL: no keys, and tcp on loopback only */
    char secret[KEY_SIZE];
    struct peers peers;
    struct said refusals;
    struct said blocks;    /* addresses that were blocked */
    unsigned long refused; /* ever */
};

/* Reads the keys that the configuration names and starts the handler; before
 * any socket is bound.  Nothing where it names none.  0, or the exit status
 * and one line why. */
int security_open(struct security *security, void *context,
                  const struct config *config,
                  char reason[SECURITY_REASON_SIZE]);

/* Has a ROUTER that is not bound yet ask for keys.  0, or an errno. */
int security_guard(const struct security *security, void *socket);

/* Wipes the secret: all sockets are bound. */
void security_forget(struct security *security);

/* For a reload, reads the clients' keys into an empty list, where the service
 * has keys.  0; or -1 and one line why. */
int security_read(const struct security *security, const struct config *config,
                  struct key_list *list, char reason[SECURITY_REASON_SIZE]);

/* From now on those are the clients; the connections of who is none any more
 * are cut.  Takes the list over. */
void security_change(struct security *security, struct key_list *list);

/* The addresses of those who are refused too often; NULL where there are no
 * keys.  Borrowed until security_close(). */
struct failures *security_failures(const struct security *security);

/* May the sender of a message that came through a guarded socket, on this
 * descriptor, still ask?
 * Its connection's end may be under way. */
int security_admits(struct security *security, const struct message *message,
                    int descriptor);

/* To be polled, where there are keys; -1 where not. */
int security_bell(const struct security *security);

/* Logs who was refused.  -1: the handler is dead, and the service must end. */
int security_answer_bell(struct security *security);

/* After the context was terminated. */
void security_close(struct security *security);

#endif
