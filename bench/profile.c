/* profile.c - the engine on a few articles, for valgrind and perf.
 *
 *     profile METHOD PASSES FILE...
 *
 * Reads the files, has the engine, French declared, summarize all of them
 * twice, so that its tables are warm, and then PASSES times in
 * measured_passes(): callgrind's --toggle-collect wants a name.  Prints the
 * bytes that were read there, and what compiled the program: the key of a
 * figure in bench/instructions.
 *
 * Nothing differs from run to run: getrandom(2), from which words.c takes the
 * key of its hash, always says the same here.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "engine/precis.h"

#define FILES_MAX 32
#define ARTICLE_MAX (1u << 20)

/* ---- what compiled it ---- */

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

#ifdef __clang__
#define COMPILER "clang-" TEXT(__clang_major__)
#else
#define COMPILER "gcc-" TEXT(__GNUC__)
#endif

#ifdef __x86_64__
#define PROCESSOR "x86_64"
#elif defined __aarch64__
#define PROCESSOR "aarch64"
#else
#define PROCESSOR "other"
#endif

/* ---- articles ---- */

struct article {
    char *data;
    size_t size;
};

static struct article list[FILES_MAX];
static size_t count;

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
    (void) flags;
    memset(buffer, 0x5A, size);
    return (ssize_t) size;
}

static int pass(precis_engine *engine, const char *method)
{
    const precis_result *result;
    precis_options options;
    precis_error error;

    precis_options_init(&options);
    options.method = method;
    options.language = "fr";
    for (size_t i = 0; i < count; i++)
        if (precis_summarize(engine, list[i].data, list[i].size, &options,
                             &result, &error)
            != 0)
            return fprintf(stderr, "profile: %s\n", error.message), -1;
    return 0;
}

int measured_passes(precis_engine *engine, const char *method,
                    unsigned long passes);

__attribute__((noinline))
int measured_passes(precis_engine *engine, const char *method,
                    unsigned long passes)
{
    int code = 0;

    while (passes-- > 0 && code == 0)
        code = pass(engine, method);
    return code;
}

/* 0, or -1 and a message. */
static int article_read(struct article *article, const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return perror(path), -1;
    article->data = malloc(ARTICLE_MAX);
    if (article->data != NULL)
        article->size = fread(article->data, 1, ARTICLE_MAX, file);
    fclose(file);
    return article->size > 0 ? 0 : (fprintf(stderr, "%s: empty\n", path), -1);
}

int main(int argc, char **argv)
{
    unsigned long passes = argc > 3 ? strtoul(argv[2], NULL, 10) : 0;
    precis_engine *engine = NULL;
    size_t bytes = 0;
    int status = 70;

    if (passes < 1 || argc - 3 > FILES_MAX)
        return fprintf(stderr, "usage: profile METHOD PASSES FILE...\n"), 64;
    for (int i = 3; i < argc; i++) {
        if (article_read(&list[count], argv[i]) != 0)
            return 66;
        bytes += list[count++].size;
    }
    if (precis_engine_new(&engine, NULL) == 0 && pass(engine, argv[1]) == 0
        && pass(engine, argv[1]) == 0
        && measured_passes(engine, argv[1], passes) == 0) {
        printf("%lu %s-%s\n", passes * (unsigned long) bytes, COMPILER,
               PROCESSOR);
        status = 0;
    }
    precis_engine_free(engine);
    for (size_t i = 0; i < count; i++)
        free(list[i].data);
    return status;
}
