/* summary_driver.c - prints all that libprecis says of each file, every real
 * to its last bit.  test_determinism.sh compiles it, with the whole engine, in
 * several ways.
 *
 * usage: summary_driver FILE...
 */
#include "engine/precis.h"

#include <stdio.h>

static void print_sentence(const precis_sentence *sentence)
{
    printf("%d %zu %zu-%zu %zu-%zu %zu-%zu %zu %a %a %a %a %zu\n",
           (int) sentence->kind, sentence->index, sentence->start,
           sentence->end, sentence->char_start, sentence->char_end,
           sentence->source_start, sentence->source_end, sentence->words,
           sentence->score, sentence->frequency, sentence->position,
           sentence->redundancy, sentence->rank);
    for (size_t i = 0; i < sentence->reason_count; i++)
        printf("  %.*s %zu %zu\n", (int) sentence->reasons[i].term_size,
               sentence->reasons[i].term, sentence->reasons[i].count,
               sentence->reasons[i].first);
}

static void print_result(const precis_result *result)
{
    size_t size;
    const char *summary = precis_result_summary(result, &size);

    printf("%.*s\n", (int) size, summary);
    printf("%s %a %s %s %zu %zu %zu %zu %d\n", precis_result_language(result),
           precis_result_language_confidence(result),
           precis_result_charset(result), precis_result_method(result),
           precis_result_replaced(result),
           precis_result_total_sentences(result), precis_result_words(result),
           precis_result_characters(result), precis_result_is_short(result));
    for (size_t i = 0; i < precis_result_sentence_count(result); i++)
        print_sentence(precis_result_sentence(result, i));
    for (size_t i = 0; i < precis_result_segment_count(result); i++)
        print_sentence(precis_result_segment(result, i));
    for (size_t i = 0; i < precis_result_warning_count(result); i++)
        printf("%s\n", precis_result_warning(result, i));
}

static void summarize(precis_engine *engine, const char *article, size_t size,
                      const precis_options *options)
{
    const precis_result *result;
    precis_error error;

    if (precis_summarize(engine, article, size, options, &result, &error) == 0)
        print_result(result);
    else
        printf("%d %lld %s %s\n", error.code, error.offset, error.key,
               error.message);
}

/* Every method, with and without a limit. */
static void summarize_file(precis_engine *engine, const char *name)
{
    static char article[1 << 20];
    precis_options options;
    FILE *file = fopen(name, "rb");

    printf("== %s\n", name);
    if (!file)
        return;
    size_t size = fread(article, 1, sizeof article, file);
    fclose(file);
    for (size_t i = 0; precis_method(i); i++) {
        precis_options_init(&options);
        options.language = "fr";
        options.method = precis_method(i);
        options.explain = 1;
        summarize(engine, article, size, &options);
        options.limit = PRECIS_LIMIT_SENTENCES;
        options.amount = 3;
        options.order = PRECIS_ORDER_SCORE;
        options.title = "La ville et ses habitants";
        options.title_size = 25;
        summarize(engine, article, size, &options);
    }
}

int main(int argc, char **argv)
{
    precis_engine *engine;
    precis_error error;

    if (precis_engine_new(&engine, &error) != 0)
        return fprintf(stderr, "%s\n", error.message), 70;
    for (int i = 1; i < argc; i++)
        summarize_file(engine, argv[i]);
    precis_engine_free(engine);
    return 0;
}
