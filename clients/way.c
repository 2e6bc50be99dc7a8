#include <config.h>

#include "clients/way.h"

#include <string.h>
#include <unistd.h>

#include "clients/complain.h"
#include "clients/error.h"
#include "clients/find.h"
#include "clients/heap.h"
#include "clients/render.h"
#include "clients/service.h"
#include "clients/translate.h"
#include "engine/precis.h"
#include "po/intl.h"
#include "protocol/protocol.h"

/* A service that was not asked for by name must be quick to say that it is
 * there: the engine here is as good. */
#define FIND_MS 1000

/* Names that an engine of this version knows are checked before anything is
 * read. */
static int check_names(const struct settings *settings, precis_error *error)
{
    precis_options options;

    precis_options_init(&options);
    options.language = settings->request.language;
    options.charset = settings->request.charset;
    options.method = settings->request.method;
    return precis_options_check(&options, error);
}

/* What a ping's reply says: the limit, which is the least of all, and the
 * version. */
static int take_ping(struct way *way, const struct settings *settings,
                     const precis_client *client, const precis_reply *reply,
                     precis_error *error)
{
    long long limit = precis_reply_number(reply, "article_limit", 0);
    const char *version = precis_reply_version(reply);

    if (limit > 0 && (!way->has_limit || (size_t) limit < way->article_limit)) {
        way->article_limit = (size_t) limit;
        way->has_limit = 1;
    }
    if (settings->is_verbose)
        complain(_("using the service at %s"), service_endpoint(client));
    if (version != NULL && strcmp(version, PACKAGE_VERSION) == 0)
        return check_names(settings, error);
    if (settings->is_verbose)
        complain(_("the service is version %s, this is %s"),
                 version != NULL ? version : _("unknown"), PACKAGE_VERSION);
    return 0;
}

static int ping(struct way *way, const struct settings *settings,
                precis_client *client, precis_error *error)
{
    precis_request request;
    precis_reply *reply;
    int code;

    precis_request_init(&request);
    request.op = "ping";
    request.timeout_ms = settings->request.timeout_ms;
    if (settings->endpoint_count != 1 && request.timeout_ms > FIND_MS)
        request.timeout_ms = FIND_MS;
    code = service_call(client, &request, &reply, error);
    if (code != 0)
        return code;
    code = take_ping(way, settings, client, reply, error);
    precis_reply_free(reply);
    return code;
}

/* Those of the options go before the environment's, which are in use. */
static int set_keys(const struct settings *settings, precis_client *client,
                    precis_error *error)
{
    if (settings->server_key == NULL && settings->key == NULL)
        return 0;
    return service_set_keys(client, settings->server_key, settings->key, error);
}

/* Opens a service and asks it whether it is there: *client, or an error. */
static int open_service(struct way *way, const struct settings *settings,
                        const char *endpoint, precis_client **client,
                        precis_error *error)
{
    int code =
        service_open(client, endpoint, settings->request.timeout_ms, error);

    if (code == 0)
        code = set_keys(settings, *client, error);
    if (code == 0)
        code = ping(way, settings, *client, error);
    if (code != 0) {
        service_close(*client);
        *client = NULL;
    }
    return code;
}

/* Asks each of several services, for their limits and versions, and then opens
 * all: those that are not there may come.  An error where none is there, which
 * is the first's. */
static int open_services(struct way *way, const struct settings *settings,
                         precis_error *error)
{
    precis_error fault;
    int first = 1; /* no code */
    size_t i;

    for (i = 0; i < settings->endpoint_count; i++) {
        precis_client *client = NULL;
        int code = open_service(way, settings, settings->endpoints[i], &client,
                                &fault);

        service_close(client);
        if (code == PRECIS_EBAD_REQUEST || first == 1)
            *error = fault;
        if (code == PRECIS_EBAD_REQUEST)
            return code;
        if (code != 0 && settings->is_verbose)
            complain_error(NULL, &fault);
        if (code == 0 || first == 1)
            first = code;
    }
    if (first != 0)
        return first;
    first = service_open_list(&way->client, settings->endpoints,
                              settings->endpoint_count,
                              settings->request.timeout_ms, error);
    return first == 0 ? set_keys(settings, way->client, error) : first;
}

/* Where nobody is looked for by name and nobody is there, the library is not
 * loaded. */
static int open_any(struct way *way, const struct settings *settings,
                    precis_error *error)
{
    struct endpoint found;
    int code = 0;

    if (settings->endpoint_count == 0)
        code = endpoint_find(NULL, settings->request.timeout_ms, &found, error);
    if (code == 0)
        code = service_load(error);
    if (code != 0)
        return code;
    if (settings->endpoint_count > 1)
        return open_services(way, settings, error);
    return open_service(way, settings,
                        settings->endpoint_count == 1 ? settings->endpoints[0]
                                                      : NULL,
                        &way->client, error);
}

/* One thread per core that is there. */
static unsigned cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    if (count < 1)
        return 1;
    return count < JOBS_MAX ? (unsigned) count : JOBS_MAX;
}

static int open_local(struct way *way, const struct settings *settings,
                      precis_error *error)
{
    precis_request usual = settings->request;
    int code;

    if (!way->is_batch)
        heap_prepare();
    code = check_names(settings, error);
    if (code != 0)
        return code;
    way->jobs = 1;
    if (way->is_batch)
        way->jobs = settings->jobs != 0 ? settings->jobs : cores();
    render_prepare(settings, &usual);
    way->article_limit = PRECIS_ARTICLE_LIMIT;
    return local_start(&way->local, way->jobs, way->article_limit,
                       way->is_batch ? &usual : NULL, error);
}

int way_open(struct way *way, const struct settings *settings)
{
    char why[TRANSLATE_SIZE];
    precis_error error;
    int code;

    *way = (struct way){.article_limit = PRECIS_ARTICLE_LIMIT,
                        .is_batch = settings->form == FORM_NDJSON};
    if (!settings->is_local) {
        code = open_any(way, settings, &error);
        if (code == 0)
            return 0;
        if (settings->endpoint_count > 0 || code == PRECIS_EBAD_REQUEST)
            return complain_error(NULL, &error);
    }
    if (settings->is_verbose && settings->is_local)
        complain(_("working in this process"));
    else if (settings->is_verbose)
        complain(_("working in this process: %s"),
                 translate(error.message, why));
    code = open_local(way, settings, &error);
    return code != 0 ? complain_error(NULL, &error) : 0;
}

void way_close(struct way *way)
{
    service_close(way->client);
    local_stop(way->local);
}

int way_send(struct way *way, const precis_request *request,
             unsigned long long *number, precis_error *error)
{
    if (way->client != NULL)
        return service_send(way->client, request, number, error);
    return local_send(way->local, request, number, error);
}

int way_receive(struct way *way, unsigned long long *number,
                precis_reply **reply, precis_error *error)
{
    if (way->client != NULL)
        return service_receive(way->client, way->is_batch, number, reply,
                               error);
    return local_receive(way->local, number, reply, error);
}
