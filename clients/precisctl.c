/* precisctl - asks a running precisd how it is, and tells it what to do.  The
 * command line; the commands are in ctl_*.c. */
#include <config.h>

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "clients/complain.h"
#include "clients/ctl.h"
#include "clients/help.h"
#include "clients/output.h"
#include "clients/seconds.h"
#include "clients/status.h"
#include "clients/terminal.h"
#include "po/intl.h"
#include "protocol/keys.h"

/* Options without a letter: above all of those. */
enum option_value {
    OPTION_SERVER_KEY = 256,
    OPTION_KEY,
    OPTION_LIST,
    OPTION_REVOKE
};

static const struct option_row {
    int value; /* its letter, or of enum option_value */
    const char *name;
    const char *argument;
    const char *help;
} rows[] = {
    {'e', "endpoint", "URL", N_("the service: ipc://PATH or tcp://HOST:PORT")},
    {OPTION_SERVER_KEY, "server-key", N_("KEY"),
     N_("public key of a service over tcp, or its file")},
    {OPTION_KEY, "key", N_("FILE"), N_("secret key to ask it with")},
    {OPTION_LIST, "list", N_("FILE"),
     N_("file of the clients of a service")},
    {OPTION_REVOKE, "revoke", N_("NAME"),
     N_("a client that may connect no more")},
    {'c', "control", "URL", N_("its control socket: ipc://PATH")},
    {'t', "timeout", N_("SECONDS"), N_("how long to wait for it; 5")},
    {'r', "ready", NULL, N_("of status: only whether it takes requests")},
    {'j', "json", NULL, N_("one JSON object instead of text")},
    {'h', "help", NULL, N_("show this")},
    {'V', "version", NULL, N_("show the version")},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* Where help's texts stand, as in help.c, and where its lines end. */
#define HELP_COLUMN 25
#define HELP_END 80

static void show_command(const struct ctl_command *command)
{
    const char *text = _(command->help);
    char left[64];

    snprintf(left, sizeof left, "%s%s%s", command->name,
             command->arguments != NULL ? " " : "",
             command->arguments != NULL ? _(command->arguments) : "");
    printf("  %-22s ", left);
    terminal_write_wrapped(stdout, text, strlen(text), HELP_COLUMN,
                           HELP_END - HELP_COLUMN);
    printf("\n");
}

static int show_help(void)
{
    const struct ctl_command *command;
    size_t i;

    printf("%s\n", _("Usage: precisctl [OPTION...] COMMAND\n"
                     "Asks a running precisd how it is.\n\nCommands:"));
    for (i = 0; (command = ctl_command(i)) != NULL; i++)
        show_command(command);
    printf("\n%s\n", _("Options:"));
    for (i = 0; i < ROW_COUNT; i++)
        help_option(rows[i].value < 256 ? (char) rows[i].value : 0,
                    rows[i].name, rows[i].argument,
                    rows[i].help);
    printf("\n%s\n",
           _("Exit status: 0 it is up, 69 down, 75 busy, 77 not permitted.\n"
             "More in precisctl(1)."));
    return output_flush();
}

static int refuse_option(char **argv)
{
    const char *word = argv[optind - 1];

    return complain_usage(_("%s is no option here, or its value is wrong; see "
                            "--help"),
                          word);
}

static const struct ctl_command *find_command(const char *name)
{
    const struct ctl_command *command;
    size_t i;

    for (i = 0; (command = ctl_command(i)) != NULL; i++)
        if (strcmp(name, command->name) == 0)
            return command;
    return NULL;
}

/* A command and its arguments.  Returns the exit status. */
static int run(const struct ctl *ctl, int count, char **words)
{
    const struct ctl_command *command =
        count > 0 ? find_command(words[0]) : NULL;

    if (command == NULL)
        return count == 0 ? complain_usage(_("a command is needed; see --help"))
                          : complain_usage(
                              _("\"%s\" is no command; see --help"), words[0]);
    count--;
    if (count < command->arguments_min || count > command->arguments_max)
        return complain_usage(_("%s has other arguments: see --help"),
                              command->name);
    if (ctl->is_json && !(command->options & CTL_JSON))
        return complain_usage(_("%s has no option --json"), command->name);
    if (ctl->is_ready && !(command->options & CTL_READY))
        return complain_usage(_("%s has no option --ready"), command->name);
    if ((ctl->list != NULL || ctl->revoke != NULL)
        && !(command->options & CTL_LIST))
        return complain_usage(_("--list and --revoke are for authorize"));
    return command->run(ctl, count, words + 1);
}

/* Does it stand for an option, with its argument behind a "="? */
static int is_long_option(const char *word)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        size_t size = strlen(rows[i].name);
        if (strncmp(word, "--", 2) == 0
            && strncmp(word + 2, rows[i].name, size) == 0
            && word[2 + size] == '=')
            return 1;
    }
    return 0;
}

/* One in 85 keys begins with "-", which makes no option of it where authorize
 * is given one.  Puts `instead` in the place of the first and returns it, or
 * NULL where there is none. */
static char *hide_key(int argc, char **argv, char *instead)
{
    int i = 1;

    while (i < argc && strcmp(argv[i], "authorize") != 0)
        i++;
    for (; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (argv[i][0] == '-' && key_is_valid(argv[i], strlen(argv[i]))
            && !is_long_option(argv[i]) && strcmp(argv[i - 1], "--list") != 0
            && strcmp(argv[i - 1], "--revoke") != 0) {
            char *key = argv[i];
            argv[i] = instead;
            return key;
        }
    return NULL;
}

/* An exit status, or -1 to go on. */
static int parse(int argc, char **argv, struct ctl *ctl)
{
    struct option longs[ROW_COUNT + 1] = {{NULL, 0, NULL, 0}};
    size_t i;
    int letter;

    for (i = 0; i < ROW_COUNT; i++)
        longs[i] = (struct option){rows[i].name, rows[i].argument != NULL, NULL,
                                   rows[i].value};
    opterr = 0;
    while ((letter = getopt_long(argc, argv, "e:c:t:rjhV", longs, NULL))
           != -1) {
        switch (letter) {
        case 'e':
            ctl->endpoint = optarg;
            break;
        case OPTION_SERVER_KEY:
            ctl->server_key = optarg;
            break;
        case OPTION_KEY:
            ctl->key = optarg;
            break;
        case OPTION_LIST:
            ctl->list = optarg;
            break;
        case OPTION_REVOKE:
            ctl->revoke = optarg;
            break;
        case 'c':
            ctl->control = optarg;
            break;
        case 't':
            ctl->timeout_ms = seconds_parse(optarg);
            if (ctl->timeout_ms == 0)
                return seconds_refuse(optarg);
            break;
        case 'r':
            ctl->is_ready = 1;
            break;
        case 'j':
            ctl->is_json = 1;
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
    return -1;
}

int main(int argc, char **argv)
{
    struct ctl ctl = {0};
    char instead[] = "KEY", *key;
    int status;

    intl_start();
    complain_program("precisctl");
    output_init(&ctl.output, COLOR_NEVER);
    key = hide_key(argc, argv, instead);
    status = parse(argc, argv, &ctl);
    for (int i = optind; i < argc; i++)
        if (argv[i] == instead)
            argv[i] = key;
    return status >= 0 ? status : run(&ctl, argc - optind, argv + optind);
}
