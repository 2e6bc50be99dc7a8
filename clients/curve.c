#include <config.h>

#include "clients/curve.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "clients/error.h"
#include "clients/find.h"

void curve_clear(struct curve *curve)
{
    explicit_bzero(curve, sizeof *curve);
}

/* The fault of a file, under the option that named it. */
static int blame(precis_error *error, int code, const char *key)
{
    if (error != NULL)
        memcpy(error->key, key, strlen(key) + 1);
    return code;
}

static int load_server(struct curve *curve, const char *server_key,
                       precis_error *error)
{
    size_t size = strlen(server_key);
    int code;

    if (key_is_valid(server_key, size)) {
        memcpy(curve->servers[0], server_key, size + 1);
        curve->server_count = 1;
        return 0;
    }
    code = key_read_public(server_key, curve->servers, KEY_SERVERS_MAX,
                           &curve->server_count, error);
    return code == 0 ? 0 : blame(error, code, "server_key");
}

static int load_client(struct curve *curve, const char *key_file,
                       precis_error *error)
{
    int code;

    /* Not shown again: it was seen by too many already. */
    if (key_is_valid(key_file, strlen(key_file)))
        return error_set(error, PRECIS_EBAD_REQUEST, "key",
                         "the client's key is wanted as the name of its file, "
                         "not as such: others can see it there");
    code = key_read_secret(key_file, curve->secret_key, error);
    if (code != 0)
        return blame(error, code, "key");
    if (zmq_curve_public(curve->public_key, curve->secret_key) == 0)
        return 0;
    return error_set(error, PRECIS_EUNSUPPORTED, "key",
                     "this libzmq was built without CURVE");
}

int curve_load(struct curve *curve, const char *server_key,
               const char *key_file, precis_error *error)
{
    struct curve loaded = {0};
    int code = 0;

    if (server_key != NULL && key_file == NULL)
        return error_set(error, PRECIS_EBAD_REQUEST, "key",
                         "the service's key is of no use without the "
                         "client's: name its file");
    if (server_key == NULL && key_file != NULL)
        return error_set(error, PRECIS_EBAD_REQUEST, "server_key",
                         "the client's key is of no use without the "
                         "service's: name it, or its file");
    if (server_key != NULL) {
        code = load_server(&loaded, server_key, error);
        if (code == 0)
            code = load_client(&loaded, key_file, error);
        loaded.is_on = 1;
    }
    if (code == 0)
        memcpy(curve, &loaded, sizeof loaded);
    curve_clear(&loaded);
    return code;
}

/* Set, and not empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

int curve_load_environment(struct curve *curve, precis_error *error)
{
    return curve_load(curve, variable(CURVE_SERVER_KEY_VARIABLE),
                      variable(CURVE_KEY_VARIABLE), error);
}

int curve_apply(const struct curve *curve, size_t server, void *socket,
                const char *address)
{
    if (!curve->is_on || !endpoint_is_tcp(address))
        return 0;
    return zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY,
                          curve->servers[server], KEY_SIZE)
                       != 0
                   || zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY,
                                     curve->public_key, KEY_SIZE)
                          != 0
                   || zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY,
                                     curve->secret_key, KEY_SIZE)
                          != 0
               ? -1
               : 0;
}
