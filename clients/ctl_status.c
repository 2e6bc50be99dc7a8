/* status, and what top shows of it. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "clients/complain.h"
#include "clients/ctl.h"
#include "clients/members.h"
#include "clients/status.h"
#include "po/intl.h"

/* The control socket tells more, but not to everybody.  Whatever is wrong with
 * it, the ordinary one is asked then. */
int ctl_ask_status(const struct ctl *ctl, struct ctl_answer *answer)
{
    precis_error error;
    int code;

    *answer = (struct ctl_answer){0};
    code = ctl_open_control(ctl, &answer->client, &error);
    if (code == 0)
        code = ctl_call(ctl, "status", answer, &error);
    if (code == 0)
        return STATUS_OK;
    ctl_answer_clear(answer);
    return ctl->control != NULL ? complain_error(NULL, &error)
                                : ctl_ask(ctl, "status", answer);
}

/* A service that would turn a request away now: one that says how full it is,
 * and is; or that goes away. */
static int is_ready(const precis_reply *reply)
{
    const char *state = precis_reply_string(reply, "state");
    long long length = precis_reply_number(reply, "queue_length", -1);

    return state != NULL && strcmp(state, "running") == 0
           && (length < 0 || precis_reply_number(reply, "queued", -1) < length);
}

/* "workers_busy: 1", for every member that there is, now or later. */
static void show_status(const struct ctl *ctl, const precis_reply *reply)
{
    struct member member;
    size_t at = 0;
    size_t size;
    const char *header = precis_reply_header(reply, &size);

    while (members_next(header, size, &at, &member) == 0) {
        size_t quote = member.token_size >= 2 && member.token[0] == '"';

        if (member_is(&member, "id") || member_is(&member, "status")
            || member_is(&member, "elapsed_us"))
            continue;
        output_text(&ctl->output, member.key, member.key_size);
        output_string(": ");
        output_text(&ctl->output, member.token + quote,
                    member.token_size - 2 * quote);
        output_string("\n");
    }
}

static void show_ready(const struct ctl *ctl, const precis_reply *reply)
{
    const char *state = precis_reply_string(reply, "state");

    if (is_ready(reply)) {
        printf("%s\n", _("ready"));
    } else if (state != NULL && strcmp(state, "running") == 0) {
        printf("%s\n", _("not ready: the queue is full"));
    } else {
        output_string(_("not ready: "));
        output_text(&ctl->output, state != NULL ? state : "?",
                    state != NULL ? strlen(state) : 1);
        output_string("\n");
    }
}

int ctl_status(const struct ctl *ctl, int count, char *const *arguments)
{
    struct ctl_answer answer;
    int status = ctl_ask_status(ctl, &answer);

    (void) count, (void) arguments;
    if (status == STATUS_OK) {
        if (ctl->is_json)
            ctl_show_json(ctl, answer.reply);
        else if (ctl->is_ready)
            show_ready(ctl, answer.reply);
        else
            show_status(ctl, answer.reply);
        status = ctl_end(is_ready(answer.reply) ? STATUS_OK : STATUS_TRY_AGAIN);
    }
    ctl_answer_clear(&answer);
    return status;
}
