#include <config.h>

#include "bench/credits/output.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void path_make(char path[4096], const char *dir, const char *name,
                      const char *end)
{
    int size = snprintf(path, 4096, "%s/%s%s", dir, name, end);

    if (size < 0 || size >= 4096)
        errx(1, "%s: too long a name", dir);
}

static FILE *file_open(const char *dir, const char *name)
{
    char path[4096];
    FILE *file;

    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        err(1, "%s", dir);
    path_make(path, dir, name, "-t");
    file = fopen(path, "w");
    if (file == NULL)
        err(1, "%s", path);
    return file;
}

static void file_close(FILE *file, const char *name)
{
    int failed = ferror(file);

    if (fclose(file) != 0 || failed)
        errx(1, "%s: cannot write", name);
}

/* Text in comment lines of less than 80 columns, those after the first
 * indented by `indent`. */
static void comment(FILE *file, const char *text, int indent)
{
    size_t column = 1;

    fputc('#', file);
    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        if (column + 1 + size > 78) {
            fprintf(file, "\n#%*s", indent, "");
            column = 1 + (size_t) indent;
        }
        fprintf(file, " %.*s", (int) size, text);
        column += 1 + size;
        text += size;
        text += strspn(text, " ");
    }
    fputc('\n', file);
}

static void head(FILE *file, const struct origin *origin, const char *what)
{
    char text[1000];

    comment(file, what, 0);
    snprintf(text, sizeof text,
             "source: counts in the %zu articles and"
             " abstracts of %s",
             origin->articles, origin->source);
    comment(file, text, 8);
    snprintf(text, sizeof text, "licence: %s", origin->licence);
    comment(file, text, 8);
    snprintf(text, sizeof text, "date: %s", origin->date);
    comment(file, text, 0);
}

void output_tables(const char *dir, const struct origin *origin,
                   const struct tables *tables, const struct corpus *corpus)
{
    char what[1000];
    size_t words, pairs;
    FILE *file = file_open(dir, "words");

    snprintf(what, sizeof what,
             "The trained word table of %s: a form in"
             " small letters; the bucket of how often it is in the abstract"
             " of an article that has it; the bucket of how rare it is; for"
             " function words the chances, in 1/255, that an abstract that"
             " has it has it twice and three times. Made by \"make train\""
             " (bench/README) of the forms in at least %g articles.",
             origin->language, origin->word_articles);
    head(file, origin, what);
    words = tables_write_words(tables, corpus, file);
    file_close(file, "words");
    file = file_open(dir, "pairs");
    snprintf(what, sizeof what,
             "The trained pairs of %s: two forms that"
             " stand side by side, and the bucket of how often the pair is"
             " in the abstract of an article that has it. Made by \"make"
             " train\" (bench/README) of the pairs in at least %g articles.",
             origin->language, origin->pair_articles);
    head(file, origin, what);
    pairs = tables_write_pairs(tables, corpus, file);
    file_close(file, "pairs");
    fprintf(stderr, "%zu words, %zu pairs\n", words, pairs);
}

void output_models(const char *dir, const struct origin *origin,
                   const struct model models[2])
{
    char what[1000];
    FILE *file = file_open(dir, "credits");

    snprintf(what, sizeof what,
             "The weights of the method credits for %s,"
             " in thousandths: one for each bucket of each feature in the"
             " order of engine/credits.h, without a title (plain) and with"
             " one (title). Made by \"make %s\" (bench/README).",
             origin->neutral ? "languages without a model of their own"
                             : origin->language,
             origin->neutral ? "train-neutral" : "train");
    head(file, origin, what);
    model_write(&models[0], "plain", file);
    model_write(&models[1], "title", file);
    file_close(file, "credits");
}

void output_finish(const char *dir, int neutral)
{
    static const char *const names[] = {"credits", "words", "pairs"};

    for (size_t i = 0; i < (neutral ? 1 : 3); i++) {
        char from[4096], to[4096];
        path_make(from, dir, names[i], "-t");
        path_make(to, dir, names[i], "");
        if (rename(from, to) != 0)
            err(1, "%s", to);
    }
}
