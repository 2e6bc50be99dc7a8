#include <config.h>

#ifdef ENABLE_NLS
#include <libintl.h>
#undef ngettext /* po/intl.h has one of the same name */
#endif

#include "po/intl.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static int is_started;

void intl_start(void)
{
    int before = errno; /* of what there is to say */

    is_started = 1;
    setlocale(LC_CTYPE, "");
#ifdef ENABLE_NLS
    /* Catalogues hold formats: not from whoever starts a set-uid program. */
    const char *folder = secure_getenv("PRECIS_LOCALEDIR");

    setlocale(LC_MESSAGES, "");
    bindtextdomain(PACKAGE, folder != NULL ? folder : LOCALEDIR);
    bind_textdomain_codeset(PACKAGE, "UTF-8");
    textdomain(PACKAGE);
#endif
    errno = before;
}

void intl_ready(void)
{
    if (!is_started)
        intl_start();
}

#ifdef ENABLE_NLS

const char *intl_text(const char *text)
{
    intl_ready();
    return gettext(text);
}

const char *intl_plural(const char *one, const char *many, unsigned long number)
{
    intl_ready();
    return dngettext(NULL, one, many, number);
}

#endif

const char *intl_reason(int number)
{
    intl_ready();
    return strerror(number);
}
