/* html.h - the page of --html.
 *
 * One page for all files, an <article> each.  HTML that is XML, too; nothing
 * on it comes from elsewhere, and no script: what an article or a file's name
 * holds can only be read. */
#ifndef CLIENTS_HTML_H
#define CLIENTS_HTML_H

#include "clients/options.h"

/* Writes what stands before the first article. */
void html_begin(const struct settings *settings, const precis_reply *reply);

/* Writes an article.  `name` is the file's, where several are named, else
 * NULL. */
void html_render(const struct settings *settings, const char *name,
                 const precis_reply *reply);

/* Writes what stands behind the last article. */
void html_end(void);

#endif
