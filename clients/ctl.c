#include <config.h>

#include "clients/ctl.h"

#include "clients/complain.h"
#include "clients/status.h"

int ctl_ask(const struct ctl *ctl, const char *op, struct ctl_answer *answer)
{
    precis_request request;
    precis_error error;
    int code;

    *answer = (struct ctl_answer){0};
    precis_request_init(&request);
    request.op = op;
    request.timeout_ms =
        ctl->timeout_ms != 0 ? ctl->timeout_ms : CTL_TIMEOUT_MS;
    code = precis_client_open(&answer->client, ctl->endpoint,
                              request.timeout_ms, &error);
    if (code == 0 && (ctl->server_key != NULL || ctl->key != NULL))
        code = precis_client_set_keys(answer->client, ctl->server_key,
                                      ctl->key, &error);
    if (code == 0)
        code = precis_client_call(answer->client, &request, &answer->reply,
                                  &error);
    return code == 0 ? STATUS_OK : complain_error(NULL, &error);
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
