/* input.c - xz is run rather than linked: only this program would need its
 * library. */
#include <config.h>

#include "bench/credits/input.h"

#include <err.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int path_make(struct input *input, const char *dir, const char *name,
                     const char *end)
{
    int size = snprintf(input->path, sizeof input->path, "%s/%s.jsonl%s", dir,
                        name, end);

    return size > 0 && (size_t) size < sizeof input->path
           && access(input->path, R_OK) == 0;
}

static void unpack(struct input *input)
{
    int ends[2];

    if (pipe(ends) != 0 || (input->child = fork()) < 0)
        err(1, "%s", input->path);
    if (input->child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execlp("xz", "xz", "-dc", "--", input->path, (char *) NULL);
        err(1, "xz");
    }
    close(ends[1]);
    input->file = fdopen(ends[0], "r");
}

void input_open(struct input *input, const char *dir, const char *name)
{
    memset(input, 0, sizeof *input);
    if (path_make(input, dir, name, ""))
        input->file = fopen(input->path, "r");
    else if (path_make(input, dir, name, ".xz"))
        unpack(input);
    else
        errx(1, "%s: no %s.jsonl or %s.jsonl.xz in it", dir, name, name);
    if (input->file == NULL)
        err(1, "%s", input->path);
}

void input_close(struct input *input)
{
    int status = 0;

    if (ferror(input->file))
        err(1, "%s", input->path);
    fclose(input->file);
    if (input->child != 0
        && (waitpid(input->child, &status, 0) < 0 || status != 0))
        errx(1, "%s: xz failed", input->path);
}
