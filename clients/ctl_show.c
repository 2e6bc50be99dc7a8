/* The commands that ask one question and print the answer. */
#include <config.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "clients/ctl.h"
#include "clients/members.h"
#include "clients/status.h"
#include "po/intl.h"
#include "protocol/protocol.h"

static void show_ping(const struct ctl *ctl, const struct ctl_answer *answer)
{
    const char *version = precis_reply_version(answer->reply);

    if (version == NULL)
        version = _("of an unknown version");
    output_string("precisd ");
    output_text(&ctl->output, version, strlen(version));
    printf(_(" at %s takes articles of up to %lld bytes"),
           precis_client_endpoint(answer->client),
           precis_reply_number(answer->reply, "article_limit", 0));
    output_string("\n");
}

/* "workers_busy: 1", for every member that there is, now or later. */
static void show_status(const struct ctl *ctl, const struct ctl_answer *answer)
{
    struct member member;
    size_t at = 0;
    size_t size;
    const char *header = precis_reply_header(answer->reply, &size);

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

static void show_string(const struct ctl *ctl, const json_t *string)
{
    output_text(&ctl->output, json_string_value(string),
                json_string_length(string));
}

/* "fr  French", the name in the user's language where we know it. */
static void show_languages(const struct ctl *ctl,
                           const struct ctl_answer *answer)
{
    size_t size;
    const char *header = precis_reply_header(answer->reply, &size);
    json_t *tree = json_loadb(header, size, 0, NULL);
    const json_t *languages = json_object_get(tree, "languages");
    size_t i;

    for (i = 0; i < json_array_size(languages); i++) {
        const json_t *row = json_array_get(languages, i);
        const char *name;

        show_string(ctl, json_object_get(row, "code"));
        output_string("  ");
        name = json_string_value(json_object_get(row, "name"));
        if (name != NULL && name[0] != '\0')
            output_text(&ctl->output, _(name), strlen(_(name)));
        output_string("\n");
    }
    json_decref(tree);
}

static void show_metrics(const struct ctl *ctl, const struct ctl_answer *answer)
{
    size_t size;
    const char *text = precis_reply_summary(answer->reply, &size);

    output_text(&ctl->output, text, size);
}

/* A service that would turn a request away now: one that says how full it is,
 * and is; or that goes away. */
static int is_busy(const precis_reply *reply)
{
    const char *state = precis_reply_string(reply, "state");
    long long length = precis_reply_number(reply, "queue_length", -1);

    return (state != NULL && strcmp(state, "running") != 0)
           || (length >= 0
               && precis_reply_number(reply, "queued", -1) >= length);
}

/* The question is the operation's name. */
static int ask_and_show(const struct ctl *ctl, const char *op,
                        void (*show)(const struct ctl *,
                                     const struct ctl_answer *))
{
    struct ctl_answer answer;
    int status = ctl_ask(ctl, op, &answer);

    if (status == STATUS_OK) {
        if (ctl->is_json)
            ctl_show_json(ctl, answer.reply);
        else
            show(ctl, &answer);
        if (is_busy(answer.reply))
            status = code_exit_status(PRECIS_EBUSY);
        status = ctl_end(status);
    }
    ctl_answer_clear(&answer);
    return status;
}

int ctl_ping(const struct ctl *ctl, int count, char *const *arguments)
{
    (void) count, (void) arguments;
    return ask_and_show(ctl, "ping", show_ping);
}

int ctl_status(const struct ctl *ctl, int count, char *const *arguments)
{
    (void) count, (void) arguments;
    return ask_and_show(ctl, "status", show_status);
}

int ctl_languages(const struct ctl *ctl, int count, char *const *arguments)
{
    (void) count, (void) arguments;
    return ask_and_show(ctl, "languages", show_languages);
}

int ctl_metrics(const struct ctl *ctl, int count, char *const *arguments)
{
    (void) count, (void) arguments;
    return ask_and_show(ctl, "metrics", show_metrics);
}
