#include <config.h>

#include "daemon/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "po/intl.h"

#define SYSTEM_ENDPOINT ENDPOINT_IPC "/run/precis/precis.sock"

static int has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

const char *endpoint_path(const char *endpoint)
{
    return has_prefix(endpoint, ENDPOINT_IPC)
               ? endpoint + strlen(ENDPOINT_IPC)
               : NULL;
}

static int check_path(const char *path, char *reason, size_t size)
{
    size_t length = strlen(path);

    if (length == 0 || length > ENDPOINT_PATH_MAX) {
        snprintf(reason, size,
                 _("the path of an ipc endpoint must have 1 to %d bytes, not "
                   "%zu"),
                 ENDPOINT_PATH_MAX, length);
        return -1;
    }
    /* libzmq reads these as an abstract name, which has no permissions, and
     * as a folder of its own. */
    if (*path == '@' || strcmp(path, "*") == 0) {
        snprintf(reason, size, _("ipc://%s: a path is needed"), path);
        return -1;
    }
    return 0;
}

/* 127.0.0.0/8, ::1 in brackets, and localhost. */
static int is_loopback(const char *host)
{
    struct in_addr address;

    if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return 1;
    return inet_pton(AF_INET, host, &address) == 1
           && (ntohl(address.s_addr) >> 24) == 127;
}

/* *, digits, or in brackets what IPv6 has. */
static int is_address(const char *host)
{
    struct in6_addr address6;
    struct in_addr address;
    size_t size = strlen(host);
    char inner[64];

    if (strcmp(host, "*") == 0 || inet_pton(AF_INET, host, &address) == 1)
        return 1;
    if (size < 3 || host[0] != '[' || host[size - 1] != ']')
        return 0;
    snprintf(inner, sizeof inner, "%.*s", (int) size - 2, host + 1);
    return inet_pton(AF_INET6, inner, &address6) == 1;
}

static int is_port(const char *port)
{
    char *end;
    long number;

    if (strcmp(port, "*") == 0)
        return 1;
    if (*port < '0' || *port > '9' || strlen(port) > 5)
        return 0;
    number = strtol(port, &end, 10);
    return *end == '\0' && number >= 1 && number <= 65535;
}

static int check_address(const char *address, char *reason, size_t size)
{
    const char *colon = strrchr(address, ':');
    char host[64];

    if (colon == NULL || !is_port(colon + 1)) {
        snprintf(reason, size,
                 _("tcp://%.100s: the port must be 1 to 65535, or * for any "
                   "free one"),
                 address);
        return -1;
    }
    snprintf(host, sizeof host, "%.*s", (int) (colon - address), address);
    if ((size_t) (colon - address) < sizeof host
        && (is_loopback(host) || is_address(host)))
        return 0;
    snprintf(reason, size,
             _("tcp://%.100s: the host must be localhost, *, or an address as "
               "192.0.2.1 or [2001:db8::1]"),
             address);
    return -1;
}

int endpoint_is_remote(const char *endpoint)
{
    const char *address = endpoint + strlen(ENDPOINT_TCP);
    const char *colon = strrchr(endpoint, ':');
    char host[64];

    if (!has_prefix(endpoint, ENDPOINT_TCP) || colon < address)
        return 0;
    snprintf(host, sizeof host, "%.*s", (int) (colon - address), address);
    return !is_loopback(host);
}

int endpoint_check(const char *endpoint, char *reason, size_t size)
{
    for (const char *next = endpoint; *next != '\0'; next++) {
        if ((unsigned char) *next <= ' ' || *next == 0x7f) {
            snprintf(reason, size, "%s",
                     _("an endpoint has no blanks or control characters"));
            return -1;
        }
    }
    if (has_prefix(endpoint, ENDPOINT_IPC))
        return check_path(endpoint_path(endpoint), reason, size);
    if (has_prefix(endpoint, ENDPOINT_TCP))
        return check_address(endpoint + strlen(ENDPOINT_TCP), reason, size);
    snprintf(reason, size,
             _("\"%.100s\": an endpoint is ipc://PATH or tcp://HOST:PORT"),
             endpoint);
    return -1;
}

int endpoint_is_ephemeral(const char *endpoint)
{
    size_t size = strlen(endpoint);

    return has_prefix(endpoint, ENDPOINT_TCP) && size > 0
           && endpoint[size - 1] == '*';
}

int endpoint_default(char *endpoint, size_t size)
{
    const char *folder = getenv("XDG_RUNTIME_DIR");
    int written;

    /* Root's service is the system's, also from a root login, which has a
     * folder of its own. */
    if (getuid() == 0 || folder == NULL || *folder != '/')
        written = snprintf(endpoint, size, "%s", SYSTEM_ENDPOINT);
    else
        written = snprintf(endpoint, size, ENDPOINT_IPC
                           "%s/precis/precis.sock", folder);
    return written < 0 || (size_t) written >= size ? -1 : 0;
}

static int change_group(const char *path, const char *group)
{
    const struct group *entry;

    if (group == NULL)
        return 0;
    entry = getgrnam(group);
    if (entry == NULL)
        return ENOENT;
    return lchown(path, (uid_t) -1, entry->gr_gid) != 0 ? errno : 0;
}

int endpoint_make_folder(const char *endpoint, const char *group)
{
    const char *path = endpoint_path(endpoint);
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    char folder[ENDPOINT_PATH_MAX + 1];

    if (slash == NULL || slash == path)
        return 0;
    snprintf(folder, sizeof folder, "%.*s", (int) (slash - path), path);
    if (mkdir(folder, 0750) != 0)
        return errno == EEXIST ? 0 : errno;
    return change_group(folder, group);
}

int endpoint_set_access(const char *path, const char *group, long mode)
{
    int error = change_group(path, group);

    if (error != 0)
        return error;
    return chmod(path, (mode_t) mode) != 0 ? errno : 0;
}
