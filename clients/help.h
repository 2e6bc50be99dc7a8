/* help.h - the lines of --help. */
#ifndef CLIENTS_HELP_H
#define CLIENTS_HELP_H

/* "  -n, --sentences N   at most N sentences", on as many lines as it needs.
 * letter 0: none; argument NULL: none, "[=N]": may lack.  Both texts are
 * translated here. */
void help_option(char letter, const char *name, const char *argument,
                 const char *help);

#endif
