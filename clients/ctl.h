/* ctl.h - the commands of precisctl, and what they share.
 *
 * To add a command: a function here, in a file of its own, a row in
 * ctl_commands.c (the help comes from it), its paragraph in precisctl(1), its
 * name in completions/precisctl, tests/clients/.
 */
#ifndef CLIENTS_CTL_H
#define CLIENTS_CTL_H

#include "clients/output.h"
#include "clients/precis-client.h"

/* Whoever asks for the state of a service wants to know soon. */
#define CTL_TIMEOUT_MS 5000

/* What the command line says. */
struct ctl {
    const char *endpoint; /* NULL: none was given */
    const char *control;  /* endpoint of the control socket; NULL: the usual */
    unsigned timeout_ms;  /* 0: none was given */
    int is_json;
    struct output output;
};

/* Options that only some commands have. */
enum ctl_option { CTL_JSON = 1 };

struct ctl_command {
    const char *name;
    const char *arguments; /* as --help shows them; NULL: none */
    int arguments_min, arguments_max;
    unsigned options; /* of enum ctl_option */
    /* Does it, with its arguments; returns the exit status. */
    int (*run)(const struct ctl *ctl, int count, char *const *arguments);
    const char *help;
};

/* The table, by number from 0; NULL past the last. */
const struct ctl_command *ctl_command(size_t number);

int ctl_ping(const struct ctl *ctl, int count, char *const *arguments);
int ctl_status(const struct ctl *ctl, int count, char *const *arguments);
int ctl_languages(const struct ctl *ctl, int count, char *const *arguments);
int ctl_metrics(const struct ctl *ctl, int count, char *const *arguments);
int ctl_reload(const struct ctl *ctl, int count, char *const *arguments);
int ctl_drain(const struct ctl *ctl, int count, char *const *arguments);

/* ---- asking ---- */

struct ctl_answer {
    precis_client *client;
    precis_reply *reply;
};

/* Asks the service for an operation that takes no article.  STATUS_OK and
 * *answer, or an exit status after a complaint.  Call ctl_answer_clear()
 * either way. */
int ctl_ask(const struct ctl *ctl, const char *op, struct ctl_answer *answer);

/* The same on the control socket: the one that was named; or the one beside
 * the endpoint that was; or the user's or the system's. */
int ctl_ask_control(const struct ctl *ctl, const char *op,
                    struct ctl_answer *answer);

/* Connects to that socket, without a word. */
int ctl_open_control(const struct ctl *ctl, precis_client **client,
                     precis_error *error);
void ctl_answer_clear(struct ctl_answer *answer);

/* Prints the reply's header as one JSON object. */
void ctl_show_json(const struct ctl *ctl, const precis_reply *reply);

/* Flushes; `status`, or STATUS_IO where that failed. */
int ctl_end(int status);

#endif
