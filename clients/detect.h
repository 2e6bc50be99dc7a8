/* detect.h - what --detect prints for people. */
#ifndef CLIENTS_DETECT_H
#define CLIENTS_DETECT_H

#include "clients/output.h"

/* "article.txt: fr French 0.99 windows-1252".  `name` is the file's.
 * The language's name is in the user's language. */
void detect_render(const struct output *output, const char *name,
                   const precis_reply *reply);

#endif
