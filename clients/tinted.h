/* tinted.h - the article on the page of --html, every sentence tinted by its
 * score.  Private to html.c. */
#ifndef CLIENTS_TINTED_H
#define CLIENTS_TINTED_H

#include <stddef.h>

#include "clients/options.h"

/* Classes t0 to t7 of the style sheet, lightest first. */
#define TINTS 8

/* Of an element with text from outside: it is set from right to left where its
 * first letter is, as in Arabic and Yiddish. */
#define HTML_AUTO " dir=\"auto\""

/* Writes text from outside, also inside of double quotation marks.  Newlines
 * are spaces: the page breaks its lines itself. */
void html_text(const char *text, size_t size);

/* Writes the article's paragraphs, and its sub-headings as <h`level`>. */
void tinted_render(const struct settings *settings, const precis_reply *reply,
                   unsigned level);

#endif
