/* A file is opened once and judged by its descriptor, so that what is read is
 * what was judged. */
#include <config.h>

#include "protocol/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/refuse.h"

/* The longest line that means something, and room to see that one is longer:
 * key, blank, name, newline, NUL. */
#define LINE_SIZE 256

static const char alphabet[] =
    "0123456789abcdefghijklmnopqrstuvwxyz"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/* ---- texts ---- */

/* Five characters are four bytes: the sum must not be more than that. */
int key_is_valid(const char *text, size_t size)
{
    unsigned long long sum = 0;

    if (size != KEY_SIZE - 1)
        return 0;
    for (size_t i = 0; i < size; i++) {
        const char *place = memchr(alphabet, text[i], sizeof alphabet - 1);

        if (place == NULL)
            return 0;
        sum = sum * 85 + (unsigned long long) (place - alphabet);
        if (i % 5 == 4) {
            if (sum > 0xffffffffu)
                return 0;
            sum = 0;
        }
    }
    return 1;
}

int key_name_is_valid(const char *text, size_t size)
{
    static const char others[] = "._-";

    if (size == 0 || size > KEY_NAME_MAX)
        return 0;
    for (size_t i = 0; i < size; i++) {
        char letter = text[i];

        if ((letter < 'a' || letter > 'z') && (letter < 'A' || letter > 'Z')
            && (letter < '0' || letter > '9')
            && memchr(others, letter, sizeof others - 1) == NULL)
            return 0;
    }
    return 1;
}

/* ---- files ---- */

/* strerror(3) in English, as all messages of libraries are. */
static int refuse_errno(precis_error *error, const char *file, int number)
{
    locale_t english = newlocale(LC_ALL_MASK, "C", (locale_t) 0);
    locale_t before = uselocale(english);
    int code = refuse(error, "key", "cannot read the key file %s: %s", file,
                      strerror(number));

    uselocale(before);
    if (english != (locale_t) 0)
        freelocale(english);
    return code;
}

/* systemd gives credentials to the service's user by an access list, which
 * shows as a readable group; their folder is closed to others. */
static mode_t allowed_mode(const char *file, mode_t mode)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    size_t size = folder != NULL ? strlen(folder) : 0;

    if (size > 0 && strncmp(file, folder, size) == 0 && file[size] == '/'
        && strchr(file + size + 1, '/') == NULL)
        return mode | 0440;
    return mode;
}

static int judge(const char *file, int fd, mode_t allowed,
                 precis_error *error)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        return refuse_errno(error, file, errno);
    if (!S_ISREG(status.st_mode))
        return refuse(error, "key", "the key file %s is no file", file);
    if (status.st_uid != 0 && status.st_uid != geteuid())
        return refuse(error, "key",
                      "the key file %s is refused: it belongs to the user "
                      "%lu, not to root or the user %lu who wants it (chown)",
                      file, (unsigned long) status.st_uid,
                      (unsigned long) geteuid());
    if ((status.st_mode & 07777 & ~allowed_mode(file, allowed)) != 0)
        return refuse(error, "key",
                      "the key file %s is refused: its mode is %04o, and more "
                      "than %04o lets others in (chmod %04o %s)",
                      file, (unsigned) status.st_mode & 07777,
                      (unsigned) allowed, (unsigned) allowed, file);
    return 0;
}

/* `allowed`: the widest permission bits. */
static int open_judged(const char *file, mode_t allowed, FILE **stream,
                       precis_error *error)
{
    /* Not blocking: the file may be a pipe, which is refused. */
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    int code;

    if (fd < 0)
        return refuse_errno(error, file, errno);
    code = judge(file, fd, allowed, error);
    if (code == 0) {
        *stream = fdopen(fd, "r");
        if (*stream != NULL)
            return 0;
        code = refuse_errno(error, file, errno);
    }
    close(fd);
    return code;
}

/* The next line that says something, without its end; NULL at the end of the
 * file.  A line that is too long is cut, and so is no key. */
static char *next_line(FILE *stream, char line[LINE_SIZE], size_t *number)
{
    while (fgets(line, LINE_SIZE, stream) != NULL) {
        size_t size = strlen(line);

        ++*number;
        if (size > 0 && line[size - 1] != '\n' && !feof(stream)) {
            int byte;

            while ((byte = getc(stream)) != EOF && byte != '\n')
                ;
        }
        while (size > 0
               && (line[size - 1] == '\n' || line[size - 1] == '\r'
                   || line[size - 1] == ' ' || line[size - 1] == '\t'))
            line[--size] = '\0';
        if (size > 0 && strncmp(line, "# ", 2) != 0 && strcmp(line, "#") != 0)
            return line;
    }
    return NULL;
}

/* The keys of a file of one key a line. */
static int read_keys(const char *file, mode_t allowed, char (*keys)[KEY_SIZE],
                     size_t most, size_t *count, precis_error *error)
{
    char buffer[KEY_FILE_MAX];
    char line[LINE_SIZE];
    FILE *stream;
    size_t number = 0;
    int code = open_judged(file, allowed, &stream, error);

    *count = 0;
    if (code != 0)
        return code;
    /* A buffer of ours, which can be wiped. */
    setvbuf(stream, buffer, _IOFBF, sizeof buffer);
    while (code == 0 && next_line(stream, line, &number) != NULL) {
        size_t size = strlen(line);

        if (!key_is_valid(line, size))
            code = refuse(error, "key",
                          "%s, line %zu: no key, which has 40 characters of "
                          "Z85",
                          file, number);
        else if (*count == most)
            code = refuse(error, "key", "%s, line %zu: one key too many", file,
                          number);
        else
            memcpy(keys[(*count)++], line, size + 1);
    }
    fclose(stream);
    explicit_bzero(buffer, sizeof buffer);
    explicit_bzero(line, sizeof line);
    if (code == 0 && *count == 0)
        code = refuse(error, "key", "the key file %s has no key in it", file);
    return code;
}

int key_read_secret(const char *file, char key[KEY_SIZE], precis_error *error)
{
    char found[1][KEY_SIZE] = {""};
    size_t count;
    int code = read_keys(file, 0600, found, 1, &count, error);

    if (code == 0)
        memcpy(key, found[0], KEY_SIZE);
    explicit_bzero(found, sizeof found);
    return code;
}

int key_read_public(const char *file, char (*keys)[KEY_SIZE], size_t most,
                    size_t *count, precis_error *error)
{
    /* Who may write it may choose the service; who may read it may not. */
    return read_keys(file, 0755, keys, most, count, error);
}

/* ---- the clients of a service ---- */

static int compare_keys(const void *a, const void *b)
{
    const struct key_client *left = a;
    const struct key_client *right = b;

    return strcmp(left->key, right->key);
}

static int compare_names(const void *a, const void *b)
{
    const struct key_client *left = a;
    const struct key_client *right = b;

    return strcmp(left->name, right->name);
}

void key_list_clear(struct key_list *list)
{
    free(list->rows);
    *list = (struct key_list){0};
}

const struct key_client *key_list_find(const struct key_list *list,
                                       const char *key)
{
    struct key_client wanted;

    if (list->count == 0 || strlen(key) != KEY_SIZE - 1)
        return NULL;
    memcpy(wanted.key, key, KEY_SIZE);
    return bsearch(&wanted, list->rows, list->count, sizeof *list->rows,
                   compare_keys);
}

static int add_client(struct key_list *list, const char *key,
                      const char *name)
{
    struct key_client *row;

    /* Room is made at 0, 64, 128, 256... */
    if (list->count == 0
        || (list->count >= 64 && (list->count & (list->count - 1)) == 0)) {
        size_t room = list->count == 0 ? 64 : 2 * list->count;

        row = realloc(list->rows, room * sizeof *row);
        if (row == NULL)
            return -1;
        list->rows = row;
    }
    row = &list->rows[list->count++];
    memcpy(row->key, key, KEY_SIZE);
    snprintf(row->name, sizeof row->name, "%s", name);
    return 0;
}

/* "KEY NAME" */
static int take_client(const char *file, size_t number, char *line,
                       struct key_list *list, precis_error *error)
{
    size_t size = strcspn(line, " \t");
    char *name = line + size + strspn(line + size, " \t");

    if (!key_is_valid(line, size))
        return refuse(error, "authorized-keys",
                      "%s, line %zu: no key, which has 40 characters of Z85",
                      file, number);
    if (!key_name_is_valid(name, strlen(name)))
        return refuse(error, "authorized-keys",
                      "%s, line %zu: behind the key stands a name of letters, "
                      "digits, \".\", \"_\" and \"-\", at most %d",
                      file, number, KEY_NAME_MAX);
    line[size] = '\0';
    if (list->count == KEY_CLIENTS_MAX)
        return refuse(error, "authorized-keys", "%s has more than %d keys",
                      file, KEY_CLIENTS_MAX);
    return add_client(list, line, name) == 0
               ? 0
               : refuse_code(error, PRECIS_EINTERNAL, "out of memory");
}

/* What stands twice is a mistake: one of the two would stay when the other is
 * revoked. */
static int check_twice(const char *file, struct key_list *list,
                       precis_error *error)
{
    qsort(list->rows, list->count, sizeof *list->rows, compare_names);
    for (size_t i = 1; i < list->count; i++)
        if (compare_names(&list->rows[i - 1], &list->rows[i]) == 0)
            return refuse(error, "authorized-keys",
                          "%s: the name %s stands twice", file,
                          list->rows[i].name);
    qsort(list->rows, list->count, sizeof *list->rows, compare_keys);
    for (size_t i = 1; i < list->count; i++)
        if (compare_keys(&list->rows[i - 1], &list->rows[i]) == 0)
            return refuse(error, "authorized-keys",
                          "%s: %s and %s have the same key", file,
                          list->rows[i - 1].name, list->rows[i].name);
    return 0;
}

int key_list_read(const char *file, struct key_list *list,
                  precis_error *error)
{
    struct key_list read = {0};
    char line[LINE_SIZE];
    size_t number = 0;
    FILE *stream;
    int code = open_judged(file, 0755, &stream, error);

    if (code != 0)
        return code;
    while (code == 0 && next_line(stream, line, &number) != NULL)
        code = take_client(file, number, line, &read, error);
    if (code == 0 && ferror(stream))
        code = refuse_errno(error, file, EIO);
    fclose(stream);
    if (code == 0 && read.count > 0)
        code = check_twice(file, &read, error);
    if (code == 0)
        *list = read;
    else
        key_list_clear(&read);
    return code;
}
