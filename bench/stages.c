/* stages.c - how long floors, stages and the whole engine take, on one core.
 *
 *     stages [-r ROUNDS] [-l LANGUAGE] CORPUS
 *     stages -e METHOD [-1] [-r ROUNDS] [-l LANGUAGE] CORPUS
 *
 * CORPUS holds articles in UTF-8, each behind its size in decimal digits and a
 * line end.  Everything is measured once in each round, over all articles, and
 * each article by itself.  What is printed, in columns divided by tabs, is
 *
 *     name  nanoseconds  processor  spread  round...
 *
 * the sum over the articles of the median over the rounds, so that a few
 * interruptions change nothing; and the nanoseconds of each round as a whole,
 * with the distance of their quartiles over their median, by which noise shows.
 * "processor" is the processor time of a round, less what its clock cost: a
 * median too, on which others who want the processor have the least influence.
 * The first line is "corpus", the articles, their bytes and their words.
 *
 * -e: every article by itself, with one method: its bytes, sentences, words,
 * different words, and nanoseconds.  Short ones are read more than once, unless
 * -1 says that each is read once in each round.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/bodies.h"
#include "bench/clock.h"
#include "bench/floor.h"
#include "bench/staged.h"
#include "engine/precis.h"
#include "engine/result.h"

#define ROUNDS_MAX 1000

/* Before anything is measured so much is read: what came before it has had its
 * own tables in the caches. */
#define WARM_BYTES (64u << 10)

/* With -e an article is read again and again until so many bytes are read. */
#define EACH_BYTES (128u << 10)

struct bench {
    struct bodies bodies;
    struct floor *counted, *stemmed;
    precis_engine *engine;
    const char *language;
    size_t rounds;
    size_t each_bytes; /* with -e: see EACH_BYTES */
    uint64_t clock;   /* what one look at the clock costs */
    uint64_t *times;  /* columns x articles x rounds */
    uint64_t *processor; /* measures x rounds */
    volatile size_t sink;
};

/* One thing that is measured, `columns` figures of it. */
struct measure {
    const char *name;
    int (*run)(struct bench *bench, const struct measure *measure,
               const struct body *body);
    const char *method, *language; /* NULL: what -l says */
    size_t sentences;              /* 0: as many as pay */
    size_t columns;
};

static const char *const stage_names[STAGE_COUNT] = {
    "decode", "detect", "split", "words", "score", "select", "compose",
};

/* ---- what is measured ---- */

static int run_sum(struct bench *bench, const struct measure *measure,
                   const struct body *body)
{
    (void) measure;
    bench->sink += (size_t) floor_sum(body->data, body->size);
    return 0;
}

static int run_split(struct bench *bench, const struct measure *measure,
                     const struct body *body)
{
    (void) measure;
    bench->sink += floor_split(body->data, body->size);
    return 0;
}

static int run_count(struct bench *bench, const struct measure *measure,
                     const struct body *body)
{
    (void) measure;
    return floor_count(bench->counted, body->data, body->size) == SIZE_MAX;
}

static int run_stems(struct bench *bench, const struct measure *measure,
                     const struct body *body)
{
    (void) measure;
    return floor_stems(bench->stemmed, body->data, body->size) == SIZE_MAX;
}

static int run_engine(struct bench *bench, const struct measure *measure,
                      const struct body *body)
{
    const precis_result *result;
    precis_options options;
    precis_error error;

    precis_options_init(&options);
    options.method = measure->method;
    options.language = measure->language;
    options.article_limit = STAGED_ARTICLE_MAX;
    if (options.language == NULL)
        options.language = bench->language;
    if (measure->sentences > 0) {
        options.limit = PRECIS_LIMIT_SENTENCES;
        options.amount = measure->sentences;
    }
    if (precis_summarize(bench->engine, body->data, body->size, &options,
                         &result, &error)
        != 0) {
        fprintf(stderr, "stages: an article of %zu bytes: %s\n", body->size,
                error.message);
        return -1;
    }
    bench->sink += result->summary_size;
    return 0;
}

/* Columns: the stages of stage_names. */
static const struct measure measures[] = {
    {"sum of bytes", run_sum, NULL, NULL, 0, 1},
    {"split", run_split, NULL, NULL, 0, 1},
    {"split + count", run_count, NULL, NULL, 0, 1},
    {"split + cached stems", run_stems, NULL, NULL, 0, 1},
    {"frequency", run_engine, "frequency", NULL, 0, 1},
    {"credits", run_engine, "credits", NULL, 0, 1},
    {"credits, language not declared", run_engine, NULL, "auto", 0, 1},
    {"credits, 3 sentences", run_engine, "credits", NULL, 3, 1},
    {"frequency, 3 sentences", run_engine, "frequency", NULL, 3, 1},
    {"frequency", run_engine, "frequency", NULL, 0, STAGE_COUNT},
    {"credits", run_engine, "credits", NULL, 0, STAGE_COUNT},
};
#define MEASURES (sizeof measures / sizeof measures[0])

/* ---- measuring ---- */

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;

    return (x > y) - (x < y);
}

/* Sorts them. */
static uint64_t median(uint64_t *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* The least that two looks at the clock differ by is not what they mostly
 * cost. */
static uint64_t clock_cost(void)
{
    uint64_t costs[1001];

    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        uint64_t begin = stopwatch_now();
        costs[i] = stopwatch_now() - begin;
    }
    return median(costs, sizeof costs / sizeof costs[0]);
}

static uint64_t without_clock(const struct bench *bench, uint64_t time)
{
    return time > bench->clock ? time - bench->clock : 0;
}

static uint64_t *time_of(const struct bench *bench, size_t column,
                         size_t article, size_t round)
{
    return &bench->times[(column * bench->bodies.count + article)
                             * bench->rounds
                         + round];
}

/* Measures one article, from column `first` on. */
static int time_article(struct bench *bench, const struct measure *measure,
                        size_t first, size_t article, size_t round)
{
    const struct body *body = &bench->bodies.list[article];
    uint64_t ends[STAGE_COUNT], begin, end;

    stopwatch = measure->columns == STAGE_COUNT ? ends : NULL;
    begin = stopwatch_now();
    if (measure->run(bench, measure, body) != 0)
        return -1;
    end = stopwatch_now();
    if (stopwatch == NULL) {
        *time_of(bench, first, article, round)
            = without_clock(bench, end - begin);
        return 0;
    }
    stopwatch = NULL;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        *time_of(bench, first + i, article, round)
            = without_clock(bench, ends[i] - begin);
        begin = ends[i];
    }
    return 0;
}

/* Reads the last articles, which will be measured last. */
static int warm(struct bench *bench, const struct measure *measure)
{
    size_t left = bench->bodies.count;

    for (size_t bytes = 0; left > 0 && bytes < WARM_BYTES;) {
        const struct body *body = &bench->bodies.list[--left];
        if (measure->run(bench, measure, body) != 0)
            return -1;
        bytes += body->size;
    }
    return 0;
}

static int time_round(struct bench *bench, size_t round)
{
    size_t column = 0;

    for (size_t i = 0; i < MEASURES; i++) {
        uint64_t begin;

        if (warm(bench, &measures[i]) != 0)
            return -1;
        begin = processor_now();
        for (size_t j = 0; j < bench->bodies.count; j++)
            if (time_article(bench, &measures[i], column, j, round) != 0)
                return -1;
        bench->processor[i * bench->rounds + round] = processor_now() - begin;
        column += measures[i].columns;
    }
    return 0;
}

/* ---- printing ---- */

static void print_column(struct bench *bench, size_t column,
                         uint64_t processor)
{
    size_t rounds = bench->rounds, articles = bench->bodies.count;
    uint64_t totals[ROUNDS_MAX] = {0}, sorted[ROUNDS_MAX], sum = 0, middle;

    for (size_t i = 0; i < articles; i++) {
        for (size_t r = 0; r < rounds; r++)
            totals[r] += *time_of(bench, column, i, r);
        sum += median(time_of(bench, column, i, 0), rounds);
    }
    memcpy(sorted, totals, rounds * sizeof *sorted);
    middle = median(sorted, rounds);
    printf("\t%llu\t%llu\t%.4f", (unsigned long long) sum,
           (unsigned long long) processor,
           middle == 0 ? 0
                       : (double) (sorted[rounds * 3 / 4] - sorted[rounds / 4])
                             / (double) middle);
    for (size_t r = 0; r < rounds; r++)
        printf("\t%llu", (unsigned long long) totals[r]);
    printf("\n");
}

static void print_all(struct bench *bench)
{
    size_t words = 0, column = 0;

    for (size_t i = 0; i < bench->bodies.count; i++)
        words += floor_split(bench->bodies.list[i].data,
                             bench->bodies.list[i].size);
    printf("corpus\t%zu\t%zu\t%zu\t%zu\t%zu\n", bench->bodies.count,
           bench->bodies.bytes, words, floor_words(bench->stemmed),
           floor_distinct_stems(bench->stemmed));
    for (size_t i = 0; i < MEASURES; i++) {
        uint64_t processor =
            median(&bench->processor[i * bench->rounds], bench->rounds);
        uint64_t clocks = 2 * bench->clock * bench->bodies.count;

        processor = processor > clocks ? processor - clocks : 1;

        for (size_t j = 0; j < measures[i].columns; j++) {
            printf("%s", measures[i].name);
            if (measures[i].columns > 1)
                printf(": %s", stage_names[j]);
            print_column(bench, column++, processor);
        }
    }
}

/* ---- all articles together ---- */

static int measure_all(struct bench *bench)
{
    size_t columns = 0;

    for (size_t i = 0; i < MEASURES; i++)
        columns += measures[i].columns;
    bench->times = calloc(columns * bench->bodies.count * bench->rounds,
                          sizeof *bench->times);
    bench->processor = calloc(MEASURES * bench->rounds,
                              sizeof *bench->processor);
    if (bench->times == NULL || bench->processor == NULL)
        return -1;
    /* The first round fills tables and caches, and is measured over. */
    if (time_round(bench, 0) != 0)
        return -1;
    for (size_t i = 0; i < bench->rounds; i++)
        if (time_round(bench, i) != 0)
            return -1;
    print_all(bench);
    return 0;
}

/* ---- each article by itself ---- */

static int time_again(struct bench *bench, const struct measure *measure,
                      const struct body *body, uint64_t *time)
{
    size_t times = bench->each_bytes / body->size + 1;
    uint64_t begin = stopwatch_now();

    for (size_t i = 0; i < times; i++)
        if (measure->run(bench, measure, body) != 0)
            return -1;
    *time = (stopwatch_now() - begin) / times;
    return 0;
}

static int measure_each(struct bench *bench, const char *method)
{
    const struct measure measure = {method, run_engine, method, NULL, 0, 1};
    size_t count = bench->bodies.count;

    bench->times = calloc(count * bench->rounds, sizeof *bench->times);
    if (bench->times == NULL)
        return -1;
    for (size_t round = 0; round < bench->rounds; round++)
        for (size_t i = 0; i < count; i++)
            if (time_again(bench, &measure, &bench->bodies.list[i],
                           time_of(bench, 0, i, round))
                != 0)
                return -1;
    for (size_t i = 0; i < count; i++) {
        const struct body *body = &bench->bodies.list[i];
        const struct document *d;
        const precis_result *result;
        precis_options options;

        precis_options_init(&options);
        options.language = bench->language;
        options.article_limit = STAGED_ARTICLE_MAX;
        if (precis_summarize(bench->engine, body->data, body->size, &options,
                             &result, NULL)
            != 0)
            return -1;
        d = &result->document;
        printf("%zu\t%zu\t%zu\t%zu\t%llu\n", body->size, d->total_sentences,
               d->total_words, d->surface_count,
               (unsigned long long) median(time_of(bench, 0, i, 0),
                                           bench->rounds));
    }
    return 0;
}

/* ---- main ---- */

static int usage(void)
{
    fprintf(stderr, "usage: stages [-e METHOD [-1]] [-r ROUNDS] "
                    "[-l LANGUAGE] CORPUS\n");
    return 64;
}

int main(int argc, char **argv)
{
    struct bench bench = {
        .language = "fr", .rounds = 15, .each_bytes = EACH_BYTES
    };
    const char *each = NULL;
    int option, status = 70;

    while ((option = getopt(argc, argv, "e:1r:l:")) != -1)
        if (option == 'e')
            each = optarg;
        else if (option == '1')
            bench.each_bytes = 0;
        else if (option == 'r')
            bench.rounds = strtoul(optarg, NULL, 10);
        else if (option == 'l')
            bench.language = optarg;
        else
            return usage();
    if (argc - optind != 1 || bench.rounds < 1 || bench.rounds > ROUNDS_MAX)
        return usage();
    if (bodies_load(&bench.bodies, argv[optind]) != 0)
        return 66;
    bench.clock = clock_cost();
    bench.counted = floor_new();
    bench.stemmed = floor_new();
    if (bench.counted != NULL && bench.stemmed != NULL
        && precis_engine_new(&bench.engine, NULL) == 0)
        status = each != NULL ? measure_each(&bench, each)
                              : measure_all(&bench);
    if (status == -1)
        status = 70;
    precis_engine_free(bench.engine);
    floor_free(bench.counted);
    floor_free(bench.stemmed);
    free(bench.times);
    free(bench.processor);
    bodies_clear(&bench.bodies);
    return status;
}
