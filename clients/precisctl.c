/* precisctl - asks a running precisd how it is. */
#include <config.h>

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "clients/complain.h"
#include "clients/help.h"
#include "clients/members.h"
#include "clients/output.h"
#include "clients/seconds.h"
#include "clients/status.h"
#include "po/intl.h"
#include "protocol/protocol.h"

/* Whoever asks for the state of a service wants to know soon. */
#define TIMEOUT_MS 5000

struct query {
    const char *endpoint;
    unsigned timeout_ms;
    int is_json;
    const struct command *command;
    struct output output;
};

/* Writes the reply to a command as text. */
typedef void show(const struct query *query, const precis_client *client,
                  const precis_reply *reply);

static show show_ping, show_status, show_languages, show_metrics;

/* The name of a command is that of its operation. */
static const struct command {
    const char *name;
    show *show;
    const char *help;
} commands[] = {
    {"ping", show_ping, N_("is it there?")},
    {"status", show_status, N_("what it is doing")},
    {"languages", show_languages, N_("the languages it knows")},
    {"metrics", show_metrics, N_("counters, in Prometheus's text format")},
};

static const struct option_row {
    char letter;
    const char *name;
    const char *argument;
    const char *help;
} rows[] = {
    {'e', "endpoint", "URL",
     N_("the service: ipc://PATH or tcp://HOST:PORT")},
    {'t', "timeout", N_("SECONDS"), N_("how long to wait for it; 5")},
    {'j', "json", NULL, N_("one JSON object instead of text")},
    {'h', "help", NULL, N_("show this")},
    {'V', "version", NULL, N_("show the version")},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* ---- what is shown ---- */

static void show_ping(const struct query *query, const precis_client *client,
                      const precis_reply *reply)
{
    const char *version = precis_reply_version(reply);

    if (version == NULL)
        version = _("of an unknown version");
    output_string("precisd ");
    output_text(&query->output, version, strlen(version));
    printf(_(" at %s takes articles of up to %lld bytes"),
           precis_client_endpoint(client),
           precis_reply_number(reply, "article_limit", 0));
    output_string("\n");
}

/* "workers_busy: 1", for every member that there is, now or later. */
static void show_status(const struct query *query, const precis_client *client,
                        const precis_reply *reply)
{
    struct member member;
    size_t at = 0;
    size_t size;
    const char *header = precis_reply_header(reply, &size);

    (void) client;
    while (members_next(header, size, &at, &member) == 0) {
        size_t quote = member.token_size >= 2 && member.token[0] == '"';

        if (member_is(&member, "id") || member_is(&member, "status")
            || member_is(&member, "elapsed_us"))
            continue;
        output_text(&query->output, member.key, member.key_size);
        output_string(": ");
        output_text(&query->output, member.token + quote,
                    member.token_size - 2 * quote);
        output_string("\n");
    }
}

static void show_string(const struct query *query, const json_t *string)
{
    output_text(&query->output, json_string_value(string),
                json_string_length(string));
}

/* "fr  French", the name in the user's language where we know it. */
static void show_languages(const struct query *query,
                           const precis_client *client,
                           const precis_reply *reply)
{
    size_t size;
    const char *header = precis_reply_header(reply, &size);
    json_t *tree = json_loadb(header, size, 0, NULL);
    const json_t *languages = json_object_get(tree, "languages");
    size_t i;

    (void) client;
    for (i = 0; i < json_array_size(languages); i++) {
        const json_t *row = json_array_get(languages, i);
        const char *name;

        show_string(query, json_object_get(row, "code"));
        output_string("  ");
        name = json_string_value(json_object_get(row, "name"));
        if (name != NULL && name[0] != '\0')
            output_text(&query->output, _(name), strlen(_(name)));
        output_string("\n");
    }
    json_decref(tree);
}

static void show_metrics(const struct query *query, const precis_client *client,
                         const precis_reply *reply)
{
    size_t size;
    const char *text = precis_reply_summary(reply, &size);

    (void) client;
    output_text(&query->output, text, size);
}

static void show_json(const struct query *query, const precis_reply *reply)
{
    output_string("{");
    output_members(&query->output, reply, 0);
    output_string("}\n");
}

/* ---- the flow ---- */

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

static int run(const struct query *query)
{
    precis_client *client = NULL;
    precis_reply *reply = NULL;
    precis_request request;
    precis_error error;
    int status;
    int code =
        precis_client_open(&client, query->endpoint, query->timeout_ms, &error);

    precis_request_init(&request);
    request.op = query->command->name;
    request.timeout_ms = query->timeout_ms;
    if (code == 0)
        code = precis_client_call(client, &request, &reply, &error);
    if (code != 0) {
        status = complain_error(NULL, &error);
    } else {
        if (query->is_json)
            show_json(query, reply);
        else
            query->command->show(query, client, reply);
        status = is_busy(reply) ? code_exit_status(PRECIS_EBUSY) : STATUS_OK;
        if (output_flush() != STATUS_OK)
            status = STATUS_IO;
    }
    precis_reply_free(reply);
    precis_client_close(client);
    return status;
}

/* ---- the command line ---- */

static int show_help(void)
{
    size_t i;

    printf("%s\n", _("Usage: precisctl [OPTION...] COMMAND\n"
                     "Asks a running precisd how it is.\n\nCommands:"));
    for (i = 0; i < COMMAND_COUNT; i++)
        printf("  %-10s %s\n", commands[i].name, _(commands[i].help));
    printf("\n%s\n", _("Options:"));
    for (i = 0; i < ROW_COUNT; i++)
        help_option(rows[i].letter, rows[i].name, rows[i].argument,
                    rows[i].help);
    printf("\n%s\n",
           _("Exit status: 0 it is up, 69 down, 75 busy, 77 not permitted.\n"
             "More in precisctl(1)."));
    return output_flush();
}

static int refuse_option(char **argv)
{
    const char *word = argv[optind - 1];

    return complain_usage(_("%s is no option here, or its value is wrong; "
                            "there are --endpoint URL --timeout SECONDS "
                            "--json --help --version"),
                          word);
}

static int find_command(int argc, char **argv, struct query *query)
{
    size_t i;

    if (argc - optind == 1)
        for (i = 0; i < COMMAND_COUNT; i++)
            if (strcmp(argv[optind], commands[i].name) == 0)
                query->command = &commands[i];
    if (query->command == NULL)
        return complain_usage(_("one command, please: ping, status, languages "
                                "or metrics"));
    if (query->is_json && query->command->show == show_metrics)
        return complain_usage(_("metrics have no JSON form"));
    return -1;
}

/* An exit status, or -1 to go on. */
static int parse(int argc, char **argv, struct query *query)
{
    struct option longs[ROW_COUNT + 1] = {{NULL, 0, NULL, 0}};
    size_t i;
    int letter;

    for (i = 0; i < ROW_COUNT; i++)
        longs[i] = (struct option){rows[i].name, rows[i].argument != NULL, NULL,
                                   rows[i].letter};
    opterr = 0;
    while ((letter = getopt_long(argc, argv, "e:t:jhV", longs, NULL)) != -1) {
        switch (letter) {
        case 'e':
            query->endpoint = optarg;
            break;
        case 't':
            query->timeout_ms = seconds_parse(optarg);
            if (query->timeout_ms == 0)
                return seconds_refuse(optarg);
            break;
        case 'j':
            query->is_json = 1;
            break;
        case 'h':
            return show_help();
        case 'V':
            puts("precisctl " PACKAGE_VERSION);
            return output_flush();
        default:
            return refuse_option(argv);
        }
    }
    return find_command(argc, argv, query);
}

int main(int argc, char **argv)
{
    struct query query = {.timeout_ms = TIMEOUT_MS};
    int status;

    intl_start();
    complain_program("precisctl");
    output_init(&query.output, COLOR_NEVER);
    status = parse(argc, argv, &query);
    return status >= 0 ? status : run(&query);
}
