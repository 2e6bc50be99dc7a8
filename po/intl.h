/* intl.h - what programs say, in their user's language.
 *
 * Programs only: the libraries and the protocol speak English, which
 * clients/translate.h translates for people.  JSON, logs and metrics are never
 * translated.
 */
#ifndef PO_INTL_H
#define PO_INTL_H

#ifdef ENABLE_NLS
#include <libintl.h>
#define _(text) gettext(text)
#else
#define _(text) (text)
#define ngettext(one, many, number) ((number) == 1 ? (one) : (many))
#endif

/* Marks a text of a table, which is translated where it is shown. */
#define N_(text) (text)

/* Takes the user's language and charset; nothing else of the locale, so that
 * numbers look the same everywhere.  The catalogues are those of
 * $PRECIS_LOCALEDIR, for a build that is not installed, or the installed ones.
 * What comes out is UTF-8.  Once, first in main(). */
void intl_start(void);

#endif
