#include <config.h>

#include "clients/ctl.h"

#include <stdio.h>
#include <stdlib.h>

#include "clients/complain.h"
#include "clients/status.h"
#include "po/intl.h"
#include "protocol/protocol.h"

#define SYSTEM_ENDPOINT "ipc:///run/precis/precis.sock"

/* "ipc://" and the longest path of a unix socket, with room. */
#define CONTROL_SIZE 160

static unsigned timeout_of(const struct ctl *ctl)
{
    return ctl->timeout_ms != 0 ? ctl->timeout_ms : CTL_TIMEOUT_MS;
}

/* The operation is asked of answer->client. */
static int ask(const struct ctl *ctl, const char *op, struct ctl_answer *answer,
               precis_error *error)
{
    precis_request request;

    precis_request_init(&request);
    request.op = op;
    request.timeout_ms = timeout_of(ctl);
    return precis_client_call(answer->client, &request, &answer->reply, error);
}

int ctl_ask(const struct ctl *ctl, const char *op, struct ctl_answer *answer)
{
    precis_error error;
    int code;

    *answer = (struct ctl_answer){0};
    code = precis_client_open(&answer->client, ctl->endpoint, timeout_of(ctl),
                              &error);
    if (code == 0)
        code = ask(ctl, op, answer, &error);
    return code == 0 ? STATUS_OK : complain_error(NULL, &error);
}

/* ---- the control socket ---- */

/* Connects to the control socket beside an endpoint. */
static int open_beside(const struct ctl *ctl, const char *endpoint,
                       precis_client **client, precis_error *error)
{
    char control[CONTROL_SIZE];

    if (control_default(endpoint, control, sizeof control) == 0)
        return precis_client_open(client, control, timeout_of(ctl), error);
    error->code = PRECIS_EBAD_REQUEST;
    snprintf(error->message, sizeof error->message,
             _("%.128s has no control socket beside it; name it with "
               "--control"),
             endpoint);
    return error->code;
}

/* The user's, else the system's; that we may not use the one is told rather
 * than that the other is not there. */
static int open_usual(const struct ctl *ctl, precis_client **client,
                      precis_error *error)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    precis_error user_error = {.code = 0};
    char endpoint[CONTROL_SIZE];
    int code;

    if (runtime != NULL && runtime[0] == '/'
        && (size_t) snprintf(endpoint, sizeof endpoint,
                             "ipc://%s/precis/precis.sock", runtime)
               < sizeof endpoint
        && open_beside(ctl, endpoint, client, &user_error) == 0)
        return 0;
    code = open_beside(ctl, SYSTEM_ENDPOINT, client, error);
    if (code != 0 && user_error.code == PRECIS_EDENIED)
        *error = user_error;
    return code != 0 ? error->code : 0;
}

int ctl_open_control(const struct ctl *ctl, precis_client **client,
                     precis_error *error)
{
    const char *named = getenv("PRECIS_ENDPOINT");

    if (ctl->control != NULL)
        return precis_client_open(client, ctl->control, timeout_of(ctl), error);
    if (ctl->endpoint != NULL)
        return open_beside(ctl, ctl->endpoint, client, error);
    if (named != NULL && named[0] != '\0')
        return open_beside(ctl, named, client, error);
    return open_usual(ctl, client, error);
}

int ctl_ask_control(const struct ctl *ctl, const char *op,
                    struct ctl_answer *answer)
{
    precis_error error;
    int status;
    int code;

    *answer = (struct ctl_answer){0};
    code = ctl_open_control(ctl, &answer->client, &error);
    if (code == 0)
        code = ask(ctl, op, answer, &error);
    if (code == 0)
        return STATUS_OK;
    status = complain_error(NULL, &error);
    if (code == PRECIS_EDENIED && answer->client == NULL)
        complain(_("the control socket is for root and the user that the "
                   "service runs as"));
    return status;
}

void ctl_answer_clear(struct ctl_answer *answer)
{
    precis_reply_free(answer->reply);
    precis_client_close(answer->client);
    *answer = (struct ctl_answer){0};
}

void ctl_show_json(const struct ctl *ctl, const precis_reply *reply)
{
    output_string("{");
    output_members(&ctl->output, reply, 0);
    output_string("}\n");
}

int ctl_end(int status)
{
    return output_flush() != STATUS_OK ? STATUS_IO : status;
}
