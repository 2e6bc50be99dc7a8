/* batch.h - precis --ndjson: articles in, results out, in the same order. */
#ifndef CLIENTS_BATCH_H
#define CLIENTS_BATCH_H

#include "clients/options.h"
#include "clients/output.h"
#include "clients/way.h"

/* Reads settings->files, or standard input.  Returns an exit status. */
int batch_run(struct way *way, const struct settings *settings,
              const struct output *output);

#endif
