/* Where the control socket is, for those who serve it and those who look for
 * it. */
#include "protocol/protocol.h"

#include <stdio.h>
#include <string.h>

#define IPC "ipc://"
#define USUAL_NAME "precis.sock"
#define CONTROL_NAME "control.sock"

int control_default(const char *endpoint, char *control, size_t size)
{
    const char *slash = strrchr(endpoint, '/');
    int written;

    if (strncmp(endpoint, IPC, strlen(IPC)) != 0)
        return -1;
    if (strcmp(slash + 1, USUAL_NAME) == 0)
        written = snprintf(control, size, "%.*s/" CONTROL_NAME,
                           (int) (slash - endpoint), endpoint);
    else
        written = snprintf(control, size, "%s.control", endpoint);
    return written < 0 || (size_t) written >= size ? -1 : 0;
}
