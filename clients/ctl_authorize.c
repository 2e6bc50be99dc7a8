/* precisctl authorize: the list of the clients that a service takes.
 *
 * The list is replaced as a whole: a new file beside it, which is also the
 * lock that keeps two of us from working at once, is filled and then renamed
 * over it.  So a service that reads it finds the old list or the new one. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/complain.h"
#include "clients/ctl.h"
#include "clients/status.h"
#include "po/intl.h"
#include "protocol/keys.h"

#define FILE_SIZE 4096

#define USUAL_LIST SYSCONFDIR "/precis/authorized-keys"

/* What is to be done. */
struct change {
    const char *list;
    char key[KEY_SIZE]; /* of a client to be added; "": one goes */
    char name[KEY_NAME_MAX + 1];
};

static int is_suffix(const char *text, const char *suffix)
{
    size_t size = strlen(text);
    size_t length = strlen(suffix);

    return size > length && strcmp(text + size - length, suffix) == 0;
}

/* ---- what is given ---- */

/* The name of a file without folder and ".pub". */
static void name_of_file(const char *file, char *name, size_t size)
{
    const char *slash = strrchr(file, '/');
    const char *last = slash != NULL ? slash + 1 : file;
    size_t length = strlen(last);

    if (is_suffix(last, ".pub"))
        length -= strlen(".pub");
    snprintf(name, size, "%.*s", length < size ? (int) length : 0, last);
}

static int take_name(struct change *change, const char *name)
{
    if (!key_name_is_valid(name, strlen(name)))
        return complain_usage(_("\"%s\" is no name for a key: it has letters, "
                                "digits, \".\", \"_\" and \"-\", at most %d"),
                              name, KEY_NAME_MAX);
    if (name != change->name)
        snprintf(change->name, sizeof change->name, "%s", name);
    return STATUS_OK;
}

/* A key, or a file that has it. */
static int take_key(struct change *change, const char *key)
{
    char keys[1][KEY_SIZE];
    precis_error error;
    size_t count;
    int code;

    if (key_is_valid(key, strlen(key))) {
        memcpy(change->key, key, KEY_SIZE);
        return STATUS_OK;
    }
    if (is_suffix(key, ".key"))
        return complain_usage(_("%s is a secret key, which no service needs: "
                                "the public one is in the .pub beside it"),
                              key);
    if (strchr(key, '/') == NULL && access(key, F_OK) != 0)
        return complain_usage(_("\"%s\" is neither a public key, 40 characters "
                                "of Z85, nor a file with one"),
                              key);
    code = key_read_public(key, keys, 1, &count, &error);
    if (code != 0)
        return complain_error(NULL, &error);
    memcpy(change->key, keys[0], KEY_SIZE);
    name_of_file(key, change->name, sizeof change->name);
    return STATUS_OK;
}

/* ---- the list ---- */

static int check_added(const struct change *change,
                       const struct key_list *list)
{
    const struct key_client *same = key_list_find(list, change->key);

    if (same != NULL)
        return complain_usage(_("this key is in %s already, as %s"),
                              change->list, same->name);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->rows[i].name, change->name) == 0)
            return complain_usage(_("%s has another key in %s: revoke it "
                                    "first, or choose another name"),
                                  change->name, change->list);
    return STATUS_OK;
}

static int check_gone(const struct change *change,
                      const struct key_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->rows[i].name, change->name) == 0)
            return STATUS_OK;
    return complain_usage(_("there is no %s in %s"), change->name,
                          change->list);
}

/* A list that does not exist yet is an empty one, but nobody leaves it. */
static int check(const struct change *change)
{
    struct key_list list = {0};
    precis_error error;
    int status = STATUS_OK;

    if (access(change->list, F_OK) == 0 || change->key[0] == '\0') {
        if (key_list_read(change->list, &list, &error) != 0)
            status = complain_error(NULL, &error);
    }
    if (status == STATUS_OK)
        status = change->key[0] != '\0' ? check_added(change, &list)
                                        : check_gone(change, &list);
    key_list_clear(&list);
    return status;
}

/* Is it the line of the client who goes? */
static int is_line_of(const char *line, const char *name)
{
    size_t key = strcspn(line, " \t");
    const char *found = line + key + strspn(line + key, " \t");
    size_t size = strcspn(found, " \t\r\n");

    return key_is_valid(line, key) && size == strlen(name)
           && memcmp(found, name, size) == 0;
}

/* Copies the list and changes it on the way; 0 or an errno. */
static int copy_changed(const struct change *change, FILE *from, FILE *to)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    int ends = 1;

    while (from != NULL && (size = getline(&line, &room, from)) > 0) {
        if (change->key[0] == '\0' && is_line_of(line, change->name))
            continue;
        ends = line[size - 1] == '\n';
        fwrite(line, 1, (size_t) size, to);
    }
    free(line);
    if (from != NULL && ferror(from))
        return EIO;
    if (change->key[0] != '\0')
        fprintf(to, "%s%s %s\n", ends ? "" : "\n", change->key, change->name);
    return ferror(to) || fflush(to) != 0 || fsync(fileno(to)) != 0
               ? (errno != 0 ? errno : EIO)
               : 0;
}

/* As the list was, or for everybody to read: public keys are no secret. */
static int copy_access(FILE *from, FILE *to)
{
    struct stat status;

    if (from == NULL)
        return fchmod(fileno(to), 0644) != 0 ? errno : 0;
    if (fstat(fileno(from), &status) != 0
        || fchmod(fileno(to), status.st_mode & 0777) != 0)
        return errno;
    if (status.st_uid != geteuid()
        && fchown(fileno(to), status.st_uid, status.st_gid) != 0)
        return errno;
    return 0;
}

static int fail(const char *file, int number)
{
    if (number == EEXIST)
        complain(_("%s is there: another precisctl is at work, or was cut "
                   "short; then remove it"),
                 file);
    else
        complain(_("cannot write %s: %s"), file, strerror(number));
    return STATUS_IO;
}

/* With the lock held: the list is looked at, and replaced. */
static int replace(const struct change *change, const char *file, FILE *to)
{
    int status = check(change);
    FILE *from;
    int error;

    if (status != STATUS_OK) {
        fclose(to);
        unlink(file);
        return status;
    }
    from = fopen(change->list, "re");
    error = from != NULL || errno == ENOENT ? copy_access(from, to) : errno;
    if (error == 0)
        error = copy_changed(change, from, to);
    if (from != NULL)
        fclose(from);
    if (fclose(to) != 0 && error == 0)
        error = errno;
    if (error == 0 && rename(file, change->list) != 0)
        error = errno;
    if (error == 0)
        return STATUS_OK;
    unlink(file);
    return fail(change->list, error);
}

static int apply(const struct change *change)
{
    char file[FILE_SIZE];
    FILE *to = NULL;
    int fd;

    if (snprintf(file, sizeof file, "%s.new", change->list) >= FILE_SIZE)
        return fail(change->list, ENAMETOOLONG);
    fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
              0600);
    if (fd >= 0)
        to = fdopen(fd, "w");
    if (to != NULL)
        return replace(change, file, to);
    if (fd >= 0) {
        close(fd);
        unlink(file);
    }
    return fail(file, errno);
}

/* ---- the command ---- */

int ctl_authorize(const struct ctl *ctl, int count, char *const *arguments)
{
    struct change change = {
        .list = ctl->list != NULL ? ctl->list : USUAL_LIST};
    int status = STATUS_OK;

    if ((ctl->revoke != NULL) == (count > 0))
        return complain_usage(_("authorize takes a key and its name, or "
                                "--revoke NAME"));
    if (count > 0)
        status = take_key(&change, arguments[0]);
    if (status == STATUS_OK && count == 1 && change.name[0] == '\0')
        return complain_usage(_("a name for the key is needed behind it"));
    if (status == STATUS_OK)
        status = take_name(&change, ctl->revoke != NULL ? ctl->revoke
                                    : count == 2        ? arguments[1]
                                                        : change.name);
    if (status == STATUS_OK)
        status = apply(&change);
    if (status != STATUS_OK)
        return status;
    printf(count > 0 ? _("%s may connect, once the service has read %s: "
                         "systemctl reload precisd")
                     : _("%s may not connect any more, and is cut off, once "
                         "the service has read %s: systemctl reload precisd"),
           change.name, change.list);
    printf("\n");
    return ctl_end(STATUS_OK);
}
