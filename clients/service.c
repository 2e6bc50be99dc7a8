#include <config.h>

#include "clients/service.h"

#include <dlfcn.h>
#include <limits.h>
#include <string.h>

#include "clients/error.h"
#include "clients/reply.h"
#include "po/intl.h"

/* By the name of its interface, so that the loader looks where it looks for
 * every program, and nowhere else. */
#define LIBRARY "libprecis-client.so.1"

/* Which of its functions are wanted. */
/* clang-format off */
#define FUNCTIONS(each) \
    each(client_open) each(client_open_list) each(client_set_keys) \
    each(client_close) each(client_endpoint) \
    each(client_send) each(client_receive) each(client_call) \
    each(reply_code) each(reply_header) each(reply_summary) each(reply_free)
/* clang-format on */

#define MEMBER(name) __typeof__(precis_##name) *name;
static struct {
    FUNCTIONS(MEMBER)
} library;

#ifdef STATIC_CLIENT

int service_load(precis_error *error)
{
#define TAKE(name) library.name = precis_##name;
    FUNCTIONS(TAKE)
    (void) error;
    return 0;
}

#else

/* Where each of them is put. */
#define ROW(name) {"precis_" #name, (char *) &library.name},
static const struct {
    const char *name;
    char *place;
} rows[] = {FUNCTIONS(ROW)};

/* Never unloaded: libzmq has threads. */
int service_load(precis_error *error)
{
    void *handle, *address;
    size_t i;

    if (library.client_open != NULL)
        return 0;
    handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    for (i = 0; handle != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        address = dlsym(handle, rows[i].name);
        if (address == NULL)
            break;
        memcpy(rows[i].place, &address, sizeof address);
    }
    if (i == sizeof rows / sizeof rows[0])
        return 0;
    library.client_open = NULL;
    intl_ready(); /* for dlerror() */
    return error_set(error, PRECIS_ENO_ANSWER, NULL,
                     "no service can be asked without the library of the "
                     "package libprecis-client1: %.160s",
                     dlerror());
}

#endif

int service_open(precis_client **client, const char *endpoint,
                 unsigned timeout_ms, precis_error *error)
{
    return library.client_open(client, endpoint, timeout_ms, error);
}

int service_open_list(precis_client **client, const char *const *endpoints,
                      size_t count, unsigned timeout_ms, precis_error *error)
{
    return library.client_open_list(client, endpoints, count, timeout_ms,
                                    error);
}

int service_set_keys(precis_client *client, const char *server_key,
                     const char *key_file, precis_error *error)
{
    return library.client_set_keys(client, server_key, key_file, error);
}

void service_close(precis_client *client)
{
    if (client != NULL)
        library.client_close(client);
}

const char *service_endpoint(const precis_client *client)
{
    return library.client_endpoint(client);
}

int service_send(precis_client *client, const precis_request *request,
                 unsigned long long *number, precis_error *error)
{
    return library.client_send(client, request, number, error);
}

/* The library's reply as one of ours; frees the former. */
static int reply_take(precis_reply *theirs, int is_batch, precis_reply **reply,
                      precis_error *error)
{
    size_t header_size, body_size;
    const char *header = library.reply_header(theirs, &header_size);
    const char *body = library.reply_summary(theirs, &body_size);
    int code;

    if (is_batch && library.reply_code(theirs) == 0)
        code = reply_make(reply, header, header_size, body, body_size, error);
    else
        code = precis_reply_parse(reply, header, header_size, body, body_size,
                                  error);
    library.reply_free(theirs);
    return code;
}

int service_receive(precis_client *client, int is_batch,
                    unsigned long long *number, precis_reply **reply,
                    precis_error *error)
{
    precis_reply *theirs;
    int code = library.client_receive(client, UINT_MAX, number, &theirs, error);

    return code != 0 ? code : reply_take(theirs, is_batch, reply, error);
}

int service_call(precis_client *client, const precis_request *request,
                 precis_reply **reply, precis_error *error)
{
    precis_reply *theirs;
    int code = library.client_call(client, request, &theirs, error);

    return code != 0 ? code : reply_take(theirs, 0, reply, error);
}
