/* reload and drain: what is asked on the control socket. */
#include <config.h>

#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clients/complain.h"
#include "clients/ctl.h"
#include "clients/status.h"
#include "po/intl.h"

/* A service takes ten seconds at most to finish, and two to send. */
#define DRAIN_TIMEOUT_MS 15000
#define DRAIN_STEP_MS 50

/* ---- reload ---- */

/* "TITLE a, b", or nothing where the list is empty. */
static void show_list(const struct ctl *ctl, const char *title,
                      const json_t *list)
{
    size_t i;

    if (json_array_size(list) == 0)
        return;
    output_string(title);
    for (i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);

        output_string(i > 0 ? ", " : " ");
        output_text(&ctl->output, json_string_value(row),
                    json_string_length(row));
    }
    output_string("\n");
}

static void show_verdict(const struct ctl *ctl, const json_t *tree)
{
    const json_t *errors = json_object_get(tree, "errors");
    const json_t *changed = json_object_get(tree, "changed");
    const json_t *restart = json_object_get(tree, "needs_restart");
    size_t i;

    if (!json_is_true(json_object_get(tree, "reloaded"))) {
        for (i = 0; i < json_array_size(errors); i++)
            complain("%s", json_string_value(json_array_get(errors, i)));
        complain(_("the configuration is wrong; the old one stays"));
        return;
    }
    if (json_array_size(changed) + json_array_size(restart) == 0)
        printf("%s\n", _("reloaded; nothing is different"));
    show_list(ctl, _("reloaded; changed:"), changed);
    show_list(ctl, _("needs a restart:"), restart);
}

int ctl_reload(const struct ctl *ctl, int count, char *const *arguments)
{
    struct ctl_answer answer;
    const char *header;
    json_t *tree;
    size_t size;
    int status = ctl_ask_control(ctl, "reload", &answer);

    (void) count, (void) arguments;
    if (status == STATUS_OK) {
        header = precis_reply_header(answer.reply, &size);
        tree = json_loadb(header, size, 0, NULL);
        if (!json_is_true(json_object_get(tree, "reloaded")))
            status = STATUS_CONFIG;
        if (ctl->is_json)
            ctl_show_json(ctl, answer.reply);
        else
            show_verdict(ctl, tree);
        json_decref(tree);
        status = ctl_end(status);
    }
    ctl_answer_clear(&answer);
    return status;
}

/* ---- drain ---- */

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until nobody accepts connections there any more.  0, or -1: too long. */
static int wait_for_end(const char *endpoint, unsigned timeout_ms)
{
    long long end = now_ms() + timeout_ms;
    precis_client *client;
    precis_error error;

    while (precis_client_open(&client, endpoint, DRAIN_STEP_MS, &error) == 0) {
        precis_client_close(client);
        if (now_ms() >= end)
            return -1;
        poll(NULL, 0, DRAIN_STEP_MS);
    }
    return 0;
}

int ctl_drain(const struct ctl *ctl, int count, char *const *arguments)
{
    unsigned timeout_ms =
        ctl->timeout_ms != 0 ? ctl->timeout_ms : DRAIN_TIMEOUT_MS;
    struct ctl_answer answer;
    int status = ctl_ask_control(ctl, "drain", &answer);

    (void) count, (void) arguments;
    if (status == STATUS_OK) {
        if (ctl->is_json)
            ctl_show_json(ctl, answer.reply);
        else
            printf(_("finishing; requests under way: %lld\n"),
                   precis_reply_number(answer.reply, "in_flight", 0));
        status = ctl_end(status);
    }
    if (status == STATUS_OK
        && wait_for_end(precis_client_endpoint(answer.client), timeout_ms)
               != 0) {
        complain(_("the service has not ended yet"));
        status = STATUS_TRY_AGAIN;
    }
    ctl_answer_clear(&answer);
    return status;
}
