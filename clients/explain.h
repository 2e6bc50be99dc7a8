/* explain.h - the table of --explain. */
#ifndef CLIENTS_EXPLAIN_H
#define CLIENTS_EXPLAIN_H

#include "clients/output.h"

/* Two lines or more per segment: which were chosen, what each scored, how it
 * begins; and behind it in words, why. */
void explain_render(const struct output *output,
                    const struct settings *settings, const precis_reply *reply);

#endif
