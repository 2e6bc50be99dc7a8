/* intl.h - what programs say, in their user's language.
 *
 * Programs only: the libraries and the protocol speak English, which
 * clients/translate.h translates for people.  JSON, logs and metrics are never
 * translated.
 */
#ifndef PO_INTL_H
#define PO_INTL_H

#ifdef ENABLE_NLS
#define _(text) intl_text(text)
#define ngettext(one, many, number) intl_plural(one, many, number)
const char *intl_text(const char *text) __attribute__((format_arg(1)));
const char *intl_plural(const char *one, const char *many, unsigned long number)
    __attribute__((format_arg(1), format_arg(2)));
#else
#define _(text) (text)
#define ngettext(one, many, number) ((number) == 1 ? (one) : (many))
#endif

/* Marks a text of a table, which is translated where it is shown. */
#define N_(text) (text)

/* Takes the user's language and charset; nothing else of the locale, so that
 * numbers look the same everywhere.  The catalogues are those of
 * $PRECIS_LOCALEDIR, for a build that is not installed, or the installed ones.
 * What comes out is UTF-8.  Of the main thread. */
void intl_start(void);

/* The same where it was not done yet.  The first text does that, since the
 * locale takes time, and most runs of precis have nothing to say; whoever
 * needs the user's language or charset otherwise does it before. */
void intl_ready(void);

/* strerror() in the user's language. */
const char *intl_reason(int number);

#endif
