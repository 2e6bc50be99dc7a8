#include <config.h>

#include <zmq.h>

#include "clients/watch.h"

#include <stdint.h>
#include <string.h>

#include "clients/error.h"
#include "clients/find.h"

/* A service that cannot read our greeting, since it is not the one whose key
 * we have, ends the connection without a word; so does one that dies, but
 * hardly twice in a row. */
#define CUT_MAX 2

/* A service that wants keys ends the connection of a client without any as
 * soon as it has read the greeting, in every second case before its own has
 * come.  One that has no room ends it, too. */
#define PLAIN_CUT_MAX 3

/* What a ZAP handler says to a key that is not on its list. */
#define ZAP_UNKNOWN 400

static int judge_key(struct watch *watch, const struct curve *curve,
                     const char *name, uint32_t value)
{
    if (value == ZAP_UNKNOWN)
        return error_set(&watch->error, PRECIS_EDENIED, "key",
                         "denied: %s does not know this client's key; its "
                         "operator can add it (precisctl authorize) as %s",
                         name, curve->public_key);
    return error_set(&watch->error, PRECIS_EDENIED, "key",
                     "denied: %s cannot check keys at the moment", name);
}

/* The two ends have not agreed whether there are keys. */
static int judge_mechanism(struct watch *watch, const struct curve *curve,
                           const char *name)
{
    if (!curve->is_on)
        return error_set(&watch->error, PRECIS_EDENIED, "key",
                         "denied: %s wants keys, its own and this client's",
                         name);
    return error_set(&watch->error, PRECIS_EDENIED, "server_key",
                     "wrong server key: %s has none, and would be asked "
                     "without encryption",
                     name);
}

/* The next key of the service, if there is one that was not tried; else the
 * verdict. */
static int judge_cut(struct watch *watch, const struct curve *curve,
                     const char *name)
{
    watch->is_trying = 1;
    if (++watch->cut < CUT_MAX)
        return 0;
    watch->cut = 0;
    if (watch->server + 1 < curve->server_count) {
        watch->server++;
        return 0;
    }
    watch->is_trying = 0;
    watch->server = 0;
    return error_set(&watch->error, PRECIS_EDENIED, "server_key",
                     "wrong server key: %s has another, or is no precisd",
                     name);
}

/* ZeroMQ tries again by itself.  Over ipc there are no keys. */
static int judge_plain_cut(struct watch *watch, const char *name)
{
    if (!endpoint_is_tcp(name) || ++watch->cut < PLAIN_CUT_MAX)
        return 0;
    watch->cut = 0;
    return error_set(&watch->error, PRECIS_EDENIED, "key",
                     "denied: %s wants keys, its own and this client's, or "
                     "has no room for another client",
                     name);
}

int watch_event(struct watch *watch, const struct curve *curve,
                const char *name, const void *frame, size_t size)
{
    uint16_t event;
    uint32_t value;

    if (size < sizeof event + sizeof value)
        return 0;
    memcpy(&event, frame, sizeof event);
    memcpy(&value, (const char *) frame + sizeof event, sizeof value);
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        watch->cut = 0;
        watch->is_trying = 0;
        watch->error.code = 0;
        return 0;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        return judge_key(watch, curve, name, value);
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        return value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH
                   ? judge_mechanism(watch, curve, name)
                   : judge_cut(watch, curve, name);
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        return curve->is_on ? judge_cut(watch, curve, name)
                            : judge_plain_cut(watch, name);
    default:
        return 0;
    }
}
