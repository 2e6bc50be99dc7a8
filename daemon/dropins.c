#include <config.h>

#include "daemon/dropins.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "po/intl.h"

#define FOLDER_SUFFIX ".d"
#define NAME_SUFFIX ".conf"

/* Longer than PATH_MAX is no path. */
#define PATH_SIZE 4096

static int is_dropin(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    size_t suffix = strlen(NAME_SUFFIX);

    return entry->d_name[0] != '.' && size > suffix
           && strcmp(entry->d_name + size - suffix, NAME_SUFFIX) == 0;
}

/* Not by the locale: the order must be the same for everybody. */
static int compare(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static size_t load_one(struct config *config, const char *file, FILE *errors,
                       FILE *good)
{
    size_t faults = config_load(config, file, errors);

    config->file_count++;
    if (faults == 0 && good != NULL) {
        fprintf(good, _("%s: ok"), file);
        fputs("\n", good);
    }
    return faults;
}

static size_t fault(const char *file, FILE *errors)
{
    fprintf(errors, _("%s: %s"), file, strerror(errno));
    fputs("\n", errors);
    return 1;
}

static size_t load_folder(struct config *config, const char *folder,
                          FILE *errors, FILE *good)
{
    struct dirent **entries;
    char file[PATH_SIZE];
    size_t faults = 0;
    int count = scandir(folder, &entries, is_dropin, compare);

    if (count < 0)
        return errno == ENOENT ? 0 : fault(folder, errors);
    for (int i = 0; i < count; i++) {
        snprintf(file, sizeof file, "%s/%s", folder, entries[i]->d_name);
        faults += load_one(config, file, errors, good);
        free(entries[i]);
    }
    free(entries);
    return faults;
}

size_t config_load_all(struct config *config, const char *file, FILE *errors,
                       FILE *good)
{
    char folder[PATH_SIZE - NAME_MAX - 1];
    size_t faults = load_one(config, file, errors, good);
    int size = snprintf(folder, sizeof folder, "%s" FOLDER_SUFFIX, file);

    free(config->file);
    config->file = strdup(file);
    if (config->file == NULL)
        return fault(file, errors);
    if (size < 0 || (size_t) size >= sizeof folder) {
        errno = ENAMETOOLONG;
        return fault(file, errors);
    }
    return faults + load_folder(config, folder, errors, good);
}
