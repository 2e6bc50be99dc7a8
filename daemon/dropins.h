/* dropins.h - the configuration as administrators divide it: a file, and
 * those of a folder beside it. */
#ifndef DAEMON_DROPINS_H
#define DAEMON_DROPINS_H

#include "daemon/config.h"

/* Reads `file` and then, on top of it, FILE.d/NAME.conf, by names in the order
 * of their bytes; names that begin with a dot are left out.  Notes in *config
 * what was read.  Faults go to `errors` as those of config_load(); the name of
 * each file without one goes to `good`, as "FILE: ok", unless that is NULL.
 * Returns the number of faults. */
size_t config_load_all(struct config *config, const char *file, FILE *errors,
                       FILE *good);

#endif
