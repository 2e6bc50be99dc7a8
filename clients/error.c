#include <config.h>

#include "clients/error.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(precis_error *error, int code, const char *key,
              const char *format, ...)
{
    va_list arguments;

    if (error == NULL)
        return code;
    error->code = code;
    error->offset = -1;
    snprintf(error->key, sizeof error->key, "%s", key != NULL ? key : "");
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return code;
}

int error_memory(precis_error *error)
{
    return error_set(error, PRECIS_EINTERNAL, NULL, "out of memory");
}

const char *error_system(int number)
{
    return strerror(number);
}

void error_reason(char *out, size_t room, const char *(*text)(int),
                  int number)
{
    locale_t english = newlocale(LC_ALL_MASK, "C", (locale_t) 0);
    locale_t before = uselocale(english); /* of this thread only */

    snprintf(out, room, "%s", text(number));
    uselocale(before);
    if (english != (locale_t) 0)
        freelocale(english);
}
