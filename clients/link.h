/* link.h - the services of a client, and which of them a request goes to.
 *
 * One link is one endpoint.  It is
 *
 *     lost (no socket) -> connecting -> connected -> lost
 *
 * While another link is connected, ZeroMQ's own reconnecting looks for a lost
 * one.  While none is, connect(2) does (find.h): it says whether somebody is
 * there, so that nothing waits in vain.  Times are those of now_ms().  Private
 * to libprecis-client; knows nothing of sockets.
 */
#ifndef CLIENTS_LINK_H
#define CLIENTS_LINK_H

#include "clients/find.h"
#include "clients/flight.h"
#include "clients/watch.h"

/* Looking for a lost service: after LOST_WAIT_MS at first, three times as long
 * after each look in vain and each loss without a reply between; at most: */
#define LOST_WAIT_MS_MAX 5000

/* A service that is shutting down gets no new requests for so long, where
 * there is another: a drain lasts a second and more, and ends with a lost
 * connection. */
#define DRAIN_WAIT_MS 1000

struct link {
    struct endpoint endpoint;
    const struct curve *curve; /* borrowed; the client's keys */
    struct watch watch;        /* over its handshakes */
    void *socket; /* NULL: lost */
    void *monitor;
    int is_connected;
    unsigned losses;       /* and looks in vain, since it last replied */
    unsigned looks;        /* in vain, since no link was connected */
    long long due;         /* lost: looked for again */
    long long probe_due;   /* connecting: is anybody there? */
    long long avoid_until; /* busy, or going away: others first */
    long long heard;       /* the last reply; 0: none yet */
    long long asked_until; /* a reply to our ping is due; 0: not asked */
};

struct links {
    struct link rows[PRECIS_ENDPOINTS_MAX];
    size_t count;
    size_t turn; /* who is first among equals */
};

/* Not 0 where one is connected; where one has a socket at all. */
int links_are_connected(const struct links *links);
int links_are_there(const struct links *links);

/* Why all are refused that are there, or NULL: there is hope.  One that is
 * lost counts as well as one that refuses us. */
const precis_error *links_refusal(const struct links *links);

/* Not 0 where each was looked for LOST_TRIES times in vain. */
int links_are_gone(const struct links *links);

/* When a link that was lost just now, or looked for in vain, is looked for
 * next: sets its `due`. */
void link_wait(struct link *link, struct flights *flights);

/* After the last connection went: all are looked for, and soon. */
void links_hurry(struct links *links, struct flights *flights);

/* After the verdict that nobody is there, or lets us in: whoever asks next
 * has it looked up anew. */
void links_forget(struct links *links);

/* A reply came: the link is well.  `code` is its error, or 0. */
void link_hear(struct link *link, int code, unsigned retry_after_ms);

/* The best link with a socket for a flight, none of the set `tried` (a bit
 * each): not one that is to be avoided or that failed this flight before,
 * where there is another; of these the one with the fewest requests.  -1 where
 * none is left. */
int links_choose(struct links *links, const struct flights *flights,
                 const struct flight *flight, unsigned tried);

#endif
