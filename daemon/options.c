#include <config.h>

#include "daemon/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/dropins.h"
#include "po/intl.h"

/* What getopt_long() returns for the row of a key: above every letter. */
#define KEY_CODE 1000

/* Options that are no keys of the configuration. */
enum command {
    COMMAND_CONFIG = 2000,
    COMMAND_CHECK,
    COMMAND_HELP,
    COMMAND_VERSION
};

static const struct {
    const char *name;
    int letter;
    enum command command;
    const char *argument;
    const char *help;
} commands[] = {
    {"config", 'c', COMMAND_CONFIG, N_("FILE"),
     N_("read FILE first; options go over it")},
    {"check-config", 0, COMMAND_CHECK, NULL,
     N_("only say whether the file of --config is right")},
    {"help", 'h', COMMAND_HELP, NULL, N_("show this")},
    {"version", 'V', COMMAND_VERSION, NULL, N_("show the version")},
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

#define OPTIONS_MAX 64 /* rows of both tables and the zero at the end */

struct getopt_tables {
    struct option rows[OPTIONS_MAX];
    char letters[2 * OPTIONS_MAX + 2];
};

static void add_row(struct getopt_tables *tables, size_t row, const char *name,
                    int code, int letter, int has_argument)
{
    size_t size = strlen(tables->letters);

    tables->rows[row] = (struct option){
        name, has_argument ? required_argument : no_argument, NULL, code};
    if (letter != 0) {
        tables->letters[size++] = (char) letter;
        if (has_argument)
            tables->letters[size] = ':';
    }
}

static void make_tables(struct getopt_tables *tables)
{
    const struct config_key *key;
    size_t row = 0;

    *tables = (struct getopt_tables){0};
    for (; (key = config_key(row)) != NULL; row++)
        add_row(tables, row, key->name, KEY_CODE + (int) row, key->letter, 1);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        add_row(tables, row++, commands[i].name, (int) commands[i].command,
                commands[i].letter, commands[i].argument != NULL);
}

/* A letter's code is that of the option it is short for. */
static int find_code(int code)
{
    for (size_t i = 0; config_key(i) != NULL; i++)
        if (config_key(i)->letter == code)
            return KEY_CODE + (int) i;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].letter == code)
            return (int) commands[i].command;
    return code;
}

static void print_row(int letter, const char *name, const char *argument,
                      const char *help, const char *shown)
{
    char left[64];

    snprintf(left, sizeof left, "%c%c%s --%s%s%s", letter != 0 ? '-' : ' ',
             letter != 0 ? letter : ' ', letter != 0 ? "," : " ", name,
             argument != NULL ? " " : "",
             argument != NULL ? _(argument) : "");
    printf("  %-28s  %s\n", left, _(help));
    if (shown != NULL) {
        printf("  %-28s  ", "");
        printf(_("(default: %s)"), _(shown));
        printf("\n");
    }
}

static int print_help(void)
{
    const struct config_key *key;

    printf("%s\n\n",
           _("Usage: precisd [OPTION...]\n"
             "Summarizes the articles that clients send over ZeroMQ."));
    for (size_t i = 0; (key = config_key(i)) != NULL; i++)
        print_row(key->letter, key->name, key->argument, key->help,
                  key->shown);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        print_row(commands[i].letter, commands[i].name, commands[i].argument,
                  commands[i].help, NULL);
    printf("\n%s\n", _("The manual is precisd(8); the file is described in "
                       "precis.conf(5)."));
    return fflush(stdout) != 0 ? EX_IOERR : EX_OK;
}

/* What the first turn over the command line finds. */
struct seen {
    const char *file;
    int check;
};

/* What getopt_long stumbled over, as it was written. */
static int refuse_option(char **argv, FILE *errors)
{
    fprintf(errors,
            _("precisd: %s is no option here, or its value is wrong; see "
              "--help"),
            argv[optind - 1]);
    fputs("\n", errors);
    return EX_USAGE;
}

/* The first turn: commands, and what is no option.  -1: go on. */
static int run_commands(int argc, char **argv,
                        const struct getopt_tables *tables, struct seen *seen,
                        FILE *errors)
{
    int code;

    opterr = 0;
    optind = 0; /* glibc: start from the beginning, also the second time */
    while ((code = getopt_long(argc, argv, tables->letters, tables->rows,
                               NULL)) != -1) {
        switch (find_code(code)) {
        case COMMAND_CONFIG:
            seen->file = optarg;
            break;
        case COMMAND_CHECK:
            seen->check = 1;
            break;
        case COMMAND_HELP:
            return print_help();
        case COMMAND_VERSION:
            printf("precisd %s\n", PACKAGE_VERSION);
            return fflush(stdout) != 0 ? EX_IOERR : EX_OK;
        case '?':
            return refuse_option(argv, errors);
        default:
            break;
        }
    }
    if (optind < argc) {
        fprintf(errors, _("precisd: unexpected argument \"%s\"; see --help"),
                argv[optind]);
        fputs("\n", errors);
        return EX_USAGE;
    }
    if (seen->check && seen->file == NULL) {
        fprintf(errors, "precisd: %s\n",
                _("--check-config needs --config FILE"));
        return EX_USAGE;
    }
    return -1;
}

/* The second turn: keys, over what the file said. */
static int set_keys(int argc, char **argv, const struct getopt_tables *tables,
                    struct config *config, FILE *errors)
{
    char reason[CONFIG_REASON_SIZE];
    const struct config_key *key;
    int endpoints = 0;
    int code;

    optind = 0; /* glibc: start again from the beginning */
    while ((code = getopt_long(argc, argv, tables->letters, tables->rows,
                               NULL)) != -1) {
        code = find_code(code);
        if (code >= COMMAND_CONFIG)
            continue;
        key = config_key((size_t) (code - KEY_CODE));
        if (key->kind == CONFIG_ENDPOINT && endpoints++ == 0)
            config_clear_endpoints(config);
        if (config_set(config, key, optarg, reason) != 0) {
            fprintf(errors, "precisd: %s\n", reason);
            return EX_USAGE;
        }
    }
    return -1;
}

int options_parse(int argc, char **argv, struct config *config, FILE *errors)
{
    struct getopt_tables tables;
    struct seen seen = {0};
    char reason[CONFIG_REASON_SIZE];
    int status;

    make_tables(&tables);
    status = run_commands(argc, argv, &tables, &seen, errors);
    if (status >= 0)
        return status;
    if (seen.file != NULL
        && config_load_all(config, seen.file, errors,
                           seen.check ? stdout : NULL)
               != 0)
        return EX_CONFIG;
    if (seen.check) {
        if (config_check(config, reason) != 0) {
            fprintf(errors, "%s: %s\n", seen.file, reason);
            return EX_CONFIG;
        }
        return fflush(stdout) != 0 ? EX_IOERR : EX_OK;
    }
    status = set_keys(argc, argv, &tables, config, errors);
    if (status < 0 && config_check(config, reason) != 0) {
        fprintf(errors, "precisd: %s\n", reason);
        status = seen.file != NULL ? EX_CONFIG : EX_USAGE;
    }
    return status;
}
