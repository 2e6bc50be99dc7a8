#include <config.h>

#include "clients/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clients/status.h"
#include "clients/terminal.h"
#include "clients/translate.h"
#include "po/intl.h"
#include "protocol/protocol.h"

/* A message of ours around a name as long as a path may be. */
#define LINE_SIZE 5000

/* The tools' own, set once at the start. */
static const char *program = "precis";

void complain_program(const char *name)
{
    program = name;
}

static void complain_list(const char *format, va_list arguments)
    __attribute__((format(printf, 1, 0)));

static void complain_list(const char *format, va_list arguments)
{
    char line[LINE_SIZE];
    int length = vsnprintf(line, sizeof line, format, arguments);

    if (length < 0)
        return;
    fprintf(stderr, "%s: ", program);
    terminal_write_line(stderr, line, strlen(line));
    fputc('\n', stderr);
}

void complain(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain_list(format, arguments);
    va_end(arguments);
}

int complain_usage(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain_list(format, arguments);
    va_end(arguments);
    return STATUS_USAGE;
}

int complain_error(const char *name, const precis_error *error)
{
    char message[TRANSLATE_SIZE];

    translate(error->message, message);
    /* TRANSLATORS: the name of a file, and what is wrong with it. */
    if (name != NULL)
        complain(_("%s: %s"), name, message);
    else
        complain("%s", message);
    return code_exit_status(error->code);
}
