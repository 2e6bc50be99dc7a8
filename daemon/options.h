/* options.h - the command line of precisd. */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include "daemon/config.h"

/* Reads the command line, and the file that --config names before the
 * options, which go first.  Returns -1 to serve, or the exit status where the
 * work is done (--help, --version, --check-config) or something is wrong,
 * which has been said to `errors`. */
int options_parse(int argc, char **argv, struct config *config, FILE *errors);

#endif
