/* precisctl keygen: a pair of keys in two files of one line each, NAME.key,
 * which is secret, and NAME.pub.  A service's pair is made like a client's. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "clients/complain.h"
#include "clients/ctl.h"
#include "clients/status.h"
#include "po/intl.h"
#include "protocol/keys.h"

/* A path of any sane length. */
#define FILE_SIZE 4096

struct pair {
    char secret_file[FILE_SIZE];
    char public_file[FILE_SIZE];
    char secret[KEY_SIZE];
    char public[KEY_SIZE];
};

static int fail(const char *file, int number)
{
    if (number == EEXIST)
        complain(_("%s is there already, and is not written over"), file);
    else
        complain(_("cannot write %s: %s"), file, strerror(number));
    return STATUS_IO;
}

static int write_all(int fd, const char *key)
{
    char line[KEY_SIZE + 1];
    size_t size = KEY_SIZE;
    ssize_t written;

    memcpy(line, key, KEY_SIZE - 1);
    line[KEY_SIZE - 1] = '\n';
    written = write(fd, line, size);
    explicit_bzero(line, sizeof line);
    if (written >= 0 && (size_t) written != size)
        errno = ENOSPC;
    return written == (ssize_t) size && fsync(fd) == 0 ? 0 : errno;
}

/* A new file, or none.  STATUS_OK or, after a complaint, STATUS_IO. */
static int write_file(const char *file, mode_t mode, const char *key)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                  mode);
    int error;

    if (fd < 0)
        return fail(file, errno);
    error = write_all(fd, key);
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0)
        return STATUS_OK;
    unlink(file);
    return fail(file, error);
}

static int write_pair(const struct pair *pair)
{
    int status = write_file(pair->public_file, 0644, pair->public);

    if (status != STATUS_OK)
        return status;
    status = write_file(pair->secret_file, 0600, pair->secret);
    if (status != STATUS_OK)
        unlink(pair->public_file);
    return status;
}

static void advise(const struct pair *pair, const char *name)
{
    printf(_("%s is secret and stays where it is used; %s may be known."),
           pair->secret_file, pair->public_file);
    printf("\n\n%s\n  curve-key = %s\n  endpoint = tcp://*:5555\n",
           _("For a service, in precis.conf:"), pair->secret_file);
    printf("%s\n  precisctl authorize %s\n",
           _("For a client, where the service runs:"), pair->public_file);
    printf("%s\n"
           "  precis --endpoint tcp://HOST:5555 --server-key SERVICE.pub "
           "--key %s.key\n",
           _("and where the client runs:"), name);
}

int ctl_keygen(const struct ctl *ctl, int count, char *const *arguments)
{
    const char *name = arguments[0];
    const char *slash = strrchr(name, '/');
    const char *last = slash != NULL ? slash + 1 : name;
    struct pair pair;
    int status;

    (void) ctl;
    (void) count;
    if (!key_name_is_valid(last, strlen(last)))
        return complain_usage(_("\"%s\" is no name for a key: it has letters, "
                                "digits, \".\", \"_\" and \"-\", at most %d"),
                              last, KEY_NAME_MAX);
    if (strlen(name) + sizeof ".key" > FILE_SIZE)
        return fail(name, ENAMETOOLONG);
    snprintf(pair.secret_file, sizeof pair.secret_file, "%s.key", name);
    snprintf(pair.public_file, sizeof pair.public_file, "%s.pub", name);
    if (zmq_curve_keypair(pair.public, pair.secret) != 0) {
        complain(_("cannot make keys: %s"), zmq_strerror(errno));
        return STATUS_INTERNAL;
    }
    status = write_pair(&pair);
    explicit_bzero(pair.secret, sizeof pair.secret);
    if (status == STATUS_OK)
        advise(&pair, name);
    return ctl_end(status);
}
