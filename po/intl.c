#include <config.h>

#include "po/intl.h"

#include <locale.h>
#include <stdlib.h>

void intl_start(void)
{
    setlocale(LC_CTYPE, "");
#ifdef ENABLE_NLS
    /* Catalogues hold formats: not from whoever starts a set-uid program. */
    const char *folder = secure_getenv("PRECIS_LOCALEDIR");

    setlocale(LC_MESSAGES, "");
    bindtextdomain(PACKAGE, folder != NULL ? folder : LOCALEDIR);
    bind_textdomain_codeset(PACKAGE, "UTF-8");
    textdomain(PACKAGE);
#endif
}
