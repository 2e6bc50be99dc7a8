/* The field traceparent of W3C's Trace Context, by which a request is found
 * again in the logs of every service that it went through. */
#include "protocol/protocol.h"

#include <string.h>

#define HEX "0123456789abcdef"

/* Does it begin with `count` small hexadecimal digits and then `end`?  They
 * must not all be `banned`, which is 0 where they may. */
static int has_field(const char *text, size_t count, char end, char banned)
{
    size_t i = 0;

    if (strspn(text, HEX) != count || text[count] != end)
        return 0;
    while (banned != 0 && i < count && text[i] == banned)
        i++;
    return i < count;
}

int trace_is_valid(const char *text)
{
    return has_field(text, 2, '-', 'f') && has_field(text + 3, 32, '-', '0')
           && has_field(text + 36, 16, '-', '0')
           && has_field(text + 53, 2, '\0', 0);
}
