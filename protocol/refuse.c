#include "protocol/refuse.h"

#include <stdarg.h>
#include <stdio.h>

int refuse(precis_error *error, const char *key, const char *format, ...)
{
    va_list arguments;

    if (error == NULL)
        return PRECIS_EBAD_REQUEST;
    error->code = PRECIS_EBAD_REQUEST;
    error->offset = -1;
    snprintf(error->key, sizeof error->key, "%s", key);
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return PRECIS_EBAD_REQUEST;
}

int refuse_at(precis_error *error, size_t offset, const char *message)
{
    refuse(error, "", "%s", message);
    if (error != NULL)
        error->offset = (long long) offset;
    return PRECIS_EBAD_REQUEST;
}

int refuse_code(precis_error *error, int code, const char *message)
{
    refuse(error, "", "%s", message);
    if (error != NULL)
        error->code = code;
    return code;
}
