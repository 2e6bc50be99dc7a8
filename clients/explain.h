/* explain.h - the table of --explain. */
#ifndef CLIENTS_EXPLAIN_H
#define CLIENTS_EXPLAIN_H

#include "clients/output.h"

/* One line per segment: which were chosen, what each scored, and why. */
void explain_render(const struct output *output, const precis_reply *reply);

#endif
