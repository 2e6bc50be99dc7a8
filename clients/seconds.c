#include <config.h>

#include "clients/seconds.h"

#include "clients/complain.h"
#include "clients/precis-client.h"
#include "po/intl.h"

unsigned seconds_parse(const char *text)
{
    unsigned long ms = 0;
    unsigned unit = 1000;

    for (; *text >= '0' && *text <= '9' && ms <= PRECIS_TIMEOUT_MS_MAX; text++)
        ms = ms * 10 + (unsigned long) (*text - '0') * 1000;
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++) {
            unit /= 10;
            ms += (unsigned long) (*text - '0') * unit;
        }
    return *text == '\0' && ms <= PRECIS_TIMEOUT_MS_MAX ? (unsigned) ms : 0;
}

int seconds_refuse(const char *text)
{
    return complain_usage(_("--timeout takes seconds from 0.001 to %d, "
                            "not \"%.64s\""),
                          PRECIS_TIMEOUT_MS_MAX / 1000, text);
}
