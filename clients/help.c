#include <config.h>

#include "clients/help.h"

#include <stdio.h>
#include <string.h>

#include "clients/terminal.h"
#include "po/intl.h"

#define COLUMNS 80
#define HELP_COLUMN 25 /* where the texts stand */

void help_option(char letter, const char *name, const char *argument,
                 const char *help)
{
    char option[64];
    const char *text = _(help);

    snprintf(option, sizeof option, "--%s%s%s", name,
             argument == NULL || argument[0] == '[' ? "" : " ",
             argument != NULL ? _(argument) : "");
    printf("  %c%c%c %-18s ", letter != 0 ? '-' : ' ',
           letter != 0 ? letter : ' ', letter != 0 ? ',' : ' ', option);
    terminal_write_wrapped(stdout, text, strlen(text), HELP_COLUMN,
                           COLUMNS - HELP_COLUMN);
    printf("\n");
}
