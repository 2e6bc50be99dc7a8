/* language - language identification as a filter, for programs that score
 * it.
 *
 * usage: language < LINES > LINES
 *
 * Reads lines "id TAB text" of UTF-8 and writes lines "id TAB code": what
 * precis_detect() says of the text, "und" where it is none of our languages.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "engine/precis.h"

static int answer(precis_engine *engine, const char *line, size_t size)
{
    const char *tab = memchr(line, '\t', size);
    precis_detection found;
    precis_options options;
    precis_error error;
    size_t start;
    int code;

    if (tab == NULL) {
        fputs("language: a line without a tab\n", stderr);
        return 65;
    }
    start = (size_t) (tab + 1 - line);
    precis_options_init(&options);
    options.charset = "UTF-8";
    code = precis_detect(engine, line + start, size - start, &options, &found,
                         &error);
    if (code != 0 && code != PRECIS_EEMPTY) {
        fprintf(stderr, "language: %s\n", error.message);
        return 70;
    }
    fwrite(line, 1, start, stdout);
    puts(code == 0 ? found.language : "und");
    return 0;
}

int main(void)
{
    precis_engine *engine;
    precis_error error;
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    int status = 0;

    if (precis_engine_new(&engine, &error) != 0)
        return 70;
    while (status == 0 && (size = getline(&line, &room, stdin)) > 0)
        status = answer(engine, line,
                        (size_t) size - (line[size - 1] == '\n'));
    free(line);
    precis_engine_free(engine);
    return status;
}
