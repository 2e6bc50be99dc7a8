#include <config.h>

#include "bench/credits/settings.h"

#include <err.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Chosen on articles held back from train and on the first half of valid. */
static const struct row {
    const char *name;
    size_t offset;
    double value;
    const char *what;
} rows[] = {
    {"word-articles", offsetof(struct settings, word_articles), 12,
     "articles a form needs to be in the word table: 5 gives twice\n"
     "the table and nothing more"},
    {"pair-articles", offsetof(struct settings, pair_articles), 20,
     "the same of a pair of words"},
    {"word-scale", offsetof(struct settings, word_scale), 1.5,
     "what the chance of a word weighs before corrections; pairs are\n"
     "fewer and each tells more"},
    {"pair-scale", offsetof(struct settings, pair_scale), 2.5,
     "the same of a pair"},
    {"logistic-rate", offsetof(struct settings, logistic_rate), 0.1,
     "step of the logistic regressions"},
    {"word-passes", offsetof(struct settings, word_passes), 6,
     "over all articles, for words: the loss stands still then"},
    {"pair-passes", offsetof(struct settings, pair_passes), 5,
     "the same for pairs"},
    {"rate", offsetof(struct settings, rate), 0.03,
     "first step of the listwise fit; falls to a fifth"},
    {"extra-rate", offsetof(struct settings, extra_rate), 0.1,
     "of that for the corrections, which are in units of credits and\n"
     "so smaller than log-odds"},
    {"sharpness", offsetof(struct settings, sharpness), 45,
     "of the softmax: scores of the best sets differ by some\n"
     "hundredths, so that a few of them share the weight"},
    {"passes", offsetof(struct settings, passes), 7,
     "of the listwise fit; weights are the mean of the second half"},
    {"renew", offsetof(struct settings, renew), 4,
     "passes between two choices of the sets to tell apart"},
    {"decay", offsetof(struct settings, decay), 1e-6,
     "pull of each weight towards 0: breaks ties, no more; buckets\n"
     "are few and articles many"},
    {"leads", offsetof(struct settings, leads), 3,
     "with --neutral: of a hundred articles so many are read with\n"
     "their abstract as the first paragraph, since elsewhere the\n"
     "opening of an article often is its lead; with 0 English\n"
     "summaries without a title lose 3 points, with 25 German ones"},
};

#define ROWS (sizeof rows / sizeof rows[0])

static double *place(struct settings *settings, const struct row *row)
{
    return (double *) (void *) ((char *) settings + row->offset);
}

void settings_init(struct settings *settings)
{
    for (size_t i = 0; i < ROWS; i++)
        *place(settings, &rows[i]) = rows[i].value;
}

void settings_set(struct settings *settings, const char *assignment)
{
    size_t size = strcspn(assignment, "=");

    for (size_t i = 0; i < ROWS; i++) {
        const char *number = assignment + size + 1;
        char *end;
        if (assignment[size] == '\0' || strlen(rows[i].name) != size
            || memcmp(rows[i].name, assignment, size) != 0)
            continue;
        errno = 0;
        *place(settings, &rows[i]) = strtod(number, &end);
        if (end == number || *end != '\0' || errno != 0)
            errx(64, "%s: no number", assignment);
        return;
    }
    errx(64, "%s: no setting; see --help", assignment);
}

void settings_help(FILE *file)
{
    for (size_t i = 0; i < ROWS; i++) {
        const char *line = rows[i].what, *end;
        fprintf(file, "  %-14s %-6g ", rows[i].name, rows[i].value);
        for (; (end = strchr(line, '\n')) != NULL; line = end + 1)
            fprintf(file, "%.*s\n%24s", (int) (end - line), line, "");
        fprintf(file, "%s\n", line);
    }
}
