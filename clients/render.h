/* render.h - a reply as the user wants to see it. */
#ifndef CLIENTS_RENDER_H
#define CLIENTS_RENDER_H

#include "clients/options.h"
#include "clients/output.h"

/* Sets in *request what rendering needs of the reply. */
void render_prepare(const struct settings *settings, precis_request *request);

/* Writes what stands before the first reply; between two; and at the end, where
 * there was one. */
void render_begin(const struct settings *settings, const precis_reply *reply);
void render_between(const struct settings *settings);
void render_end(const struct settings *settings);

/* Writes a reply with status "ok" by settings->form.  `name` is the file's,
 * where several are named, else NULL. */
void render(const struct output *output, const struct settings *settings,
            const char *name, const precis_reply *reply);

/* Writes the members of the reply's header but id and elapsed_us, then the
 * summary, unless --detect was asked for: what stands between the braces of
 * --json and --ndjson.  Begins with a comma where `has_first`. */
void render_members(const struct output *output,
                    const struct settings *settings, const precis_reply *reply,
                    int has_first);

#endif
