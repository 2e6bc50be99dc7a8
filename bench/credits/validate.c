#include <config.h>

#include "bench/credits/fit.h"
#include "bench/credits/rouge.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

/* What is shown: lengths that users ask for. */
static const struct row {
    const char *name;
    enum precis_limit limit;
    size_t amount;
    int terse;
} rows[] = {
    {"as long as pays", PRECIS_LIMIT_AUTO, 0, 0},
    {"terse", PRECIS_LIMIT_AUTO, 0, 1},
    {"1 sentence", PRECIS_LIMIT_SENTENCES, 1, 0},
    {"35 words", PRECIS_LIMIT_WORDS, 35, 0},
};

/* The summary that the engine would choose, as places in the abstract;
 * returns its size. */
static size_t summarize(struct article *article, struct arena *arena,
                        const struct row *row, struct credits *credits,
                        uint16_t **summary)
{
    struct document d = article->document; /* selection writes in it */
    precis_options options;
    size_t count = 0, shortest;

    precis_options_init(&options);
    options.limit = row->limit;
    options.amount = row->amount;
    options.terse = row->terse;
    arena_reset(arena);
    d.arena = arena;
    d.credits = credits;
    d.ranks = arena_take_array(arena, d.segment_count + 1, sizeof *d.ranks);
    d.redundancies =
        arena_take_array(arena, d.segment_count + 1, sizeof *d.redundancies);
    *summary = arena_take_array(arena, d.token_count + 1, sizeof **summary);
    if (d.ranks == NULL || d.redundancies == NULL || *summary == NULL
        || credits_sum(&d, credits) != 0)
        err(1, NULL);
    if (select_sentences(&d, method_find("credits"), &options, &shortest)
        == PRECIS_EINTERNAL)
        err(1, NULL);
    for (size_t i = 0; i < d.segment_count; i++)
        for (uint32_t t = 0; t < d.segments[i].tokens && d.ranks[i] > 0; t++)
            (*summary)[count++] =
                article->places[token_form(&d, d.segments[i].token + t)];
    return count;
}

static void validate_row(struct fit *fit, struct arena *arena,
                         const struct row *row, size_t first, size_t end)
{
    struct rouge sum = {0, 0, 0};
    double words = 0, count = (double) (end - first);

    for (size_t i = first; i < end; i++) {
        struct article *article = &fit->corpus->articles[i];
        struct rouge r;
        uint16_t *summary;
        size_t size;
        estimate_all(fit->estimate, fit->model, fit->tables, article);
        size =
            summarize(article, arena, row, &fit->estimate->credits, &summary);
        r = rouge(summary, size, article->abstract, article->abstract_words);
        words += (double) size;
        sum.f1 += 100 * r.f1;
        sum.f2 += 100 * r.f2;
        sum.fl += 100 * r.fl;
    }
    printf("%-16s %5.1f    %5.2f    %5.2f    %5.2f  %5.2f\n", row->name,
           words / count, sum.f1 / count, sum.f2 / count, sum.fl / count,
           (sum.f1 + sum.f2 + sum.fl) / count);
}

void validate(struct fit *fit, const char *name, size_t first, size_t end)
{
    struct arena arena;

    if (first == end)
        return;
    arena_init(&arena);
    printf("\n%s, %zu articles\n", name, end - first);
    printf("%-16s words  ROUGE-1  ROUGE-2  ROUGE-L    sum\n", "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        validate_row(fit, &arena, &rows[i], first, end);
    fflush(stdout);
    arena_clear(&arena);
}
