/* curve.h - the keys of a client: for a service that takes only those it
 * knows, over tcp.  Private to libprecis-client. */
#ifndef CLIENTS_CURVE_H
#define CLIENTS_CURVE_H

#include "engine/precis-error.h"
#include "protocol/keys.h"

/* Files, not keys: others may see an environment. */
#define CURVE_SERVER_KEY_VARIABLE "PRECIS_SERVER_KEY"
#define CURVE_KEY_VARIABLE "PRECIS_KEY"

struct curve {
    int is_on;
    char servers[KEY_SERVERS_MAX][KEY_SIZE]; /* tried in turn */
    size_t server_count;
    char public_key[KEY_SIZE];
    char secret_key[KEY_SIZE];
};

/* Reads the keys: `server_key` is a public key or a file with one or two,
 * `key_file` a file with the client's secret one.  Both NULL: no keys, which
 * is no error.  Else 0, or PRECIS_EBAD_REQUEST with the key "server_key" or
 * "key". */
int curve_load(struct curve *curve, const char *server_key,
               const char *key_file, precis_error *error);

/* The same with the files that the environment names. */
int curve_load_environment(struct curve *curve, precis_error *error);

/* Gives a socket that is not connected yet the keys, where the address is
 * tcp; `server` is the number of the service's key.  0, or -1 and errno. */
int curve_apply(const struct curve *curve, size_t server, void *socket,
                const char *address);

/* Wipes it. */
void curve_clear(struct curve *curve);

#endif
