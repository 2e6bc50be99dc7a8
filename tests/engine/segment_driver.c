/* segment_driver.c - prints the segments of an article, for the case folders.
 *
 *     segment_driver [OPTION...] FILE
 *
 * One segment a line: its kind, a tab, its text with every run of blanks and
 * line ends as one space.  Takes the options of precis(1) as a case has them
 * and heeds -l, the language (French without it), and --charset alone, so that
 * a test can pass them all.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/precis.h"

/* Cases are short; a larger file is a mistake in the test. */
#define INPUT_MAX (1u << 20)

static const char *const kinds[] = {
    [PRECIS_SENTENCE] = "sentence",
    [PRECIS_HEADING] = "heading",
    [PRECIS_OTHER] = "other",
};

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void print_segment(const char *text, const precis_sentence *segment)
{
    int pending = 0;
    int started = 0;

    printf("%s\t", kinds[segment->kind]);
    for (size_t i = segment->start; i < segment->end; i++) {
        if (is_blank(text[i])) {
            pending = started;
            continue;
        }
        if (pending)
            putchar(' ');
        putchar(text[i]);
        pending = 0;
        started = 1;
    }
    putchar('\n');
}

static int print_segments(const char *input, size_t size,
                          const char *language, const char *charset)
{
    precis_engine *engine = NULL;
    precis_options options;
    const precis_result *result;
    precis_error error;
    const char *text;
    size_t text_size;
    int code;

    code = precis_engine_new(&engine, &error);
    if (code != 0)
        goto cleanup;
    precis_options_init(&options);
    options.language = language;
    options.charset = charset;
    code = precis_segment(engine, input, size, &options, &result, &error);
    if (code != 0)
        goto cleanup;
    text = precis_result_text(result, &text_size);
    for (size_t i = 0; i < precis_result_segment_count(result); i++)
        print_segment(text, precis_result_segment(result, i));
cleanup:
    if (code != 0)
        fprintf(stderr, "segment_driver: %s\n", error.message);
    precis_engine_free(engine);
    return code;
}

int main(int argc, char **argv)
{
    const char *charset = NULL, *language = "fr";
    char *input;
    size_t size;
    FILE *file;
    int code;

    if (argc < 2)
        return fprintf(stderr, "usage: segment_driver FILE\n"), 64;
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "--charset") == 0)
            charset = argv[i + 1];
        if (strcmp(argv[i], "-l") == 0)
            language = argv[i + 1];
    }
    file = fopen(argv[argc - 1], "rb");
    if (file == NULL)
        return perror(argv[argc - 1]), 66;
    input = malloc(INPUT_MAX);
    if (input == NULL)
        return perror("segment_driver"), fclose(file), 70;
    size = fread(input, 1, INPUT_MAX, file);
    fclose(file);
    code = print_segments(input, size, language, charset);
    free(input);
    return code == 0 ? 0 : 65;
}
