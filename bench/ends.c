/* ends - learns the weights of engine/signs.c.
 *
 * usage: ends [-c FOLD] [-es] [-x SOURCE]... [-d FOLDER] GOLD.jsonl...
 *
 * GOLD has {"id", "lang", "source", "text", "ends"} on each line, ends in code
 * points.  Learns from all of it but the sources named by -x, and writes
 * FOLDER/ends (all languages together) and FOLDER/<code>/ends (what a language
 * adds).  With -c a third of the records, FOLD (0 to 2) of a hash of the id,
 * is kept back, and nothing is written.  In either case prints for each
 * language (-s: for each source) what the splitter makes of those kept back
 * (of all, without -c) and of the sources of -x: boundaries, precision,
 * recall, F1 and the share of records that are right all through.  -e shows
 * what is wrong.
 *
 * The splitter runs as it does in the engine, but takes the ends given for
 * what the weights say, and what it saw there is an example.  Weights are
 * those of logistic regression, the sum of a common one and one of the
 * language, by AdaGrad (J. Duchi et al., JMLR 12, 2011), averaged over the
 * later rounds; that of the language is pulled harder towards 0.  Languages
 * count alike, however much text they have.
 */
#include <config.h>

/* The engine's own, which the program puts its eye in front of. */
#define signs_end engine_signs_end
#define signs_begin engine_signs_begin
#include "engine/signs.c"
#undef signs_end
#undef signs_begin

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LANGUAGES_MAX 64
#define SOURCES_MAX 16
#define ROWS_MAX 128
#define ROUNDS 24
#define RATE 0.25
#define COMMON_PULL 2e-4
#define OWN_PULL 1.5e-3
#define SCALE 16.0

/* So small a weight, in the tables' unit, is left out of them. */
#define NEGLIGIBLE 2

/* Without a mark a boundary must be surer than one with it. */
#define BARE_CAUTION 0.3

struct example {
    size_t first; /* of its numbers */
    uint8_t count, is_end, is_bare, language;
};

struct record {
    const struct language *language;
    json_t *line;
    size_t *ends; /* in bytes, without the last */
    size_t end_count;
    int excluded, kept_back;
};

/* The eye of the hooks. */
static const struct record *reading;
static size_t next_end;
static int deciding, showing;
static uint32_t fold;

static struct example *examples;
static uint16_t *numbers;
static size_t example_count, example_room, number_count, number_room;

static double common[ENDS_WEIGHTS], own[LANGUAGES_MAX][ENDS_WEIGHTS];
static double common_sum[ENDS_WEIGHTS], own_sum[LANGUAGES_MAX][ENDS_WEIGHTS];
static double common_square[ENDS_WEIGHTS];
static double own_square[LANGUAGES_MAX][ENDS_WEIGHTS];
static int has_own[LANGUAGES_MAX]; /* examples of its own */
static int8_t whole[LANGUAGES_MAX][ENDS_WEIGHTS];

static void fail(const char *what)
{
    fprintf(stderr, "ends: %s\n", what);
    exit(EXIT_FAILURE);
}

static void *grow(void *old, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return old;
    *room = *room == 0 ? 1u << 16 : *room * 2;
    old = realloc(old, *room * size);
    if (old == NULL)
        fail("out of memory");
    return old;
}

static unsigned language_number(const struct splitter *s)
{
    return (unsigned) (s->language - language_table);
}

static void keep(const struct splitter *s, const struct signs *signs,
                 int is_end, int is_bare)
{
    struct example *e;

    examples = grow(examples, example_count, &example_room, sizeof *examples);
    e = &examples[example_count++];
    *e = (struct example) { number_count, (uint8_t) signs->count,
                            (uint8_t) is_end, (uint8_t) is_bare,
                            (uint8_t) language_number(s) };
    for (size_t i = 0; i < signs->count; i++) {
        numbers = grow(numbers, number_count, &number_room, sizeof *numbers);
        numbers[number_count++] = signs->numbers[i];
    }
}

/* Is an end in [low, high]?  Places come in the order of the text. */
static int has_end(size_t low, size_t high)
{
    while (next_end < reading->end_count && reading->ends[next_end] < low)
        next_end++;
    return next_end < reading->end_count && reading->ends[next_end] <= high;
}

static int sum_whole(const struct splitter *s, const struct signs *signs)
{
    int total = 0;

    for (size_t i = 0; i < signs->count; i++)
        total += whole[language_number(s)][signs->numbers[i]];
    return total;
}

int signs_end(const struct splitter *s, const struct place *place);
int signs_begin(const struct splitter *s, size_t at);

int signs_end(const struct splitter *s, const struct place *place)
{
    struct signs signs;
    int is;

    if (s->language->ends == NULL && deciding)
        return place->rule;
    signs_at_mark(s, place, &signs);
    if (deciding)
        return signs_overrule(s, place, sum_whole(s, &signs));
    is = has_end(place->start + 1, place->next);
    keep(s, &signs, is, 0);
    return is;
}

int signs_begin(const struct splitter *s, size_t at)
{
    struct signs signs;
    size_t end;
    int is;

    if ((deciding && !has_own[language_number(s)])
        || !signs_is_joint(s, at, &end))
        return 0;
    signs_at_joint(s, at, end, &signs);
    if (deciding)
        return sum_whole(s, &signs) > 0;
    is = has_end(end, at);
    keep(s, &signs, is, 1);
    return is;
}

/* ---- records ---- */

static uint32_t hash_id(const char *id)
{
    uint32_t hash = 2166136261u;

    for (; *id != '\0'; id++)
        hash = (hash ^ (unsigned char) *id) * 16777619u;
    return hash ^ hash >> 15;
}

/* Byte offsets of the ends, white space before each taken off. */
static void read_ends(struct record *r, const char *text, size_t size)
{
    const json_t *ends = json_object_get(r->line, "ends");
    size_t count = json_array_size(ends), at = 0, points = 0, last = size;
    uint32_t c;

    r->ends = calloc(count + 1, sizeof *r->ends);
    if (r->ends == NULL)
        fail("out of memory");
    while (last > 0 && (unsigned char) text[last - 1] <= ' ')
        last--;
    for (size_t i = 0; i < count; i++) {
        size_t end = (size_t) json_integer_value(json_array_get(ends, i));
        size_t trimmed;
        while (at < size && points < end) {
            utf8_next(text, size, &at, &c);
            points++;
        }
        trimmed = at;
        while (trimmed > 0 && (unsigned char) text[trimmed - 1] <= ' ')
            trimmed--;
        if (trimmed > 0 && trimmed < last)
            r->ends[r->end_count++] = trimmed;
    }
}

static int is_among(const char *name, char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return 1;
    return 0;
}

static struct record *read_records(char **paths, char **without,
                                   size_t without_count, size_t *count)
{
    struct record *records = NULL;
    size_t room = 0, line_room = 0;
    char *line = NULL;

    *count = 0;
    for (; *paths != NULL; paths++) {
        FILE *file = fopen(*paths, "r");
        if (file == NULL)
            fail(strerror(errno));
        while (getline(&line, &line_room, file) > 0) {
            struct record *r;
            const json_t *text;
            records = grow(records, *count, &room, sizeof *records);
            r = &records[*count];
            memset(r, 0, sizeof *r);
            r->line = json_loads(line, 0, NULL);
            text = json_object_get(r->line, "text");
            if (!json_is_string(text))
                fail("a line without a text");
            r->language = language_find(
                json_string_value(json_object_get(r->line, "lang")));
            if (r->language == NULL)
                fail("an unknown language");
            r->excluded = is_among(
                json_string_value(json_object_get(r->line, "source")),
                without, without_count);
            r->kept_back
                = hash_id(json_string_value(json_object_get(r->line, "id")))
                      % 3
                  == fold;
            read_ends(r, json_string_value(text), json_string_length(text));
            ++*count;
        }
        fclose(file);
    }
    free(line);
    return records;
}

static void split_record(const struct record *r, struct document *d,
                         struct arena *arena)
{
    const json_t *text = json_object_get(r->line, "text");

    memset(d, 0, sizeof *d);
    arena_reset(arena);
    reading = r;
    next_end = 0;
    d->arena = arena;
    d->language = r->language;
    d->text = json_string_value(text);
    d->size = json_string_length(text);
    if (split_text(d) != 0)
        fail("out of memory");
}

/* ---- learning ---- */

static void learn_one(const struct example *e, double weight)
{
    const uint16_t *number = numbers + e->first;
    double z = e->is_bare ? -BARE_CAUTION : 0, step;
    double *mine = own[e->language], *mine_square = own_square[e->language];

    for (size_t i = 0; i < e->count; i++)
        z += common[number[i]] + mine[number[i]];
    step = weight * (e->is_end - 1 / (1 + exp(-z)));
    for (size_t i = 0; i < e->count; i++) {
        size_t n = number[i];
        double slope = step - weight * COMMON_PULL * common[n];
        common_square[n] += slope * slope;
        common[n] += RATE * slope / (0.1 + sqrt(common_square[n]));
        slope = step - weight * OWN_PULL * mine[n];
        mine_square[n] += slope * slope;
        mine[n] += RATE * slope / (0.1 + sqrt(mine_square[n]));
    }
}

/* Rounds to the numbers that the tables hold. */
static int8_t rounded(double weight)
{
    double n = floor(weight * SCALE + 0.5);

    if (n >= -NEGLIGIBLE && n <= NEGLIGIBLE)
        return 0;
    return (int8_t) (n > 127 ? 127 : n < -127 ? -127 : n);
}

static void learn(void)
{
    double count[LANGUAGES_MAX] = { 0 }, total = 0;
    size_t languages = 0;
    uint32_t random = 1;

    for (size_t i = 0; i < example_count; i++)
        count[examples[i].language]++;
    for (size_t l = 0; l < language_count; l++) {
        has_own[l] = count[l] > 0 && language_table[l].ends != NULL;
        languages += count[l] > 0;
        total += count[l];
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = example_count; i > 1; i--) {
            struct example swap = examples[i - 1];
            size_t j;
            random = random * 1664525u + 1013904223u;
            j = (size_t) ((double) random / 4294967296.0 * (double) i);
            examples[i - 1] = examples[j];
            examples[j] = swap;
        }
        for (size_t i = 0; i < example_count; i++) {
            const struct example *e = &examples[i];
            learn_one(e, sqrt(total / (double) languages
                              / count[e->language]));
        }
        if (round < ROUNDS / 2)
            continue;
        for (size_t n = 0; n < ENDS_WEIGHTS; n++) {
            common_sum[n] += common[n] / (ROUNDS - ROUNDS / 2);
            for (size_t l = 0; l < language_count; l++)
                own_sum[l][n] += own[l][n] / (ROUNDS - ROUNDS / 2);
        }
    }
    for (size_t l = 0; l < language_count; l++)
        for (size_t n = 0; n < ENDS_WEIGHTS; n++) {
            int sum = rounded(common_sum[n]) + rounded(own_sum[l][n]);
            whole[l][n] = (int8_t) (sum > 127 ? 127 : sum < -127 ? -127 : sum);
        }
}

/* ---- results ---- */

struct score {
    const char *name;
    size_t right, found, given, records, whole;
};

/* The row of a name. */
static struct score *score_of(struct score *scores, size_t *count,
                              const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(scores[i].name, name) == 0)
            return &scores[i];
    if (*count == ROWS_MAX)
        fail("too many rows");
    scores[*count].name = name;
    return &scores[(*count)++];
}

static void show(const char *what, const struct record *r, size_t end)
{
    const json_t *text = json_object_get(r->line, "text");
    const char *s = json_string_value(text);
    size_t low = end > 70 ? end - 70 : 0, high = end + 50;

    if (!showing)
        return;
    if (high > json_string_length(text))
        high = json_string_length(text);
    while (((unsigned char) s[low] & 0xC0) == 0x80)
        low++;
    while (((unsigned char) s[high] & 0xC0) == 0x80)
        high++;
    printf("%s\t%s\t%.*s|%.*s\n", what, r->language->code, (int) (end - low),
           s + low, (int) (high - end), s + end);
}

static void add_score(const struct record *r, const struct document *d,
                      struct score *score)
{
    size_t i = 0, last = d->size, right = score->right;
    size_t found = score->found;

    while (last > 0 && (unsigned char) d->text[last - 1] <= ' ')
        last--;
    score->given += r->end_count;
    for (size_t n = 0; n < d->segment_count; n++) {
        size_t end = d->segments[n].end;
        if (end >= last)
            continue;
        score->found++;
        for (; i < r->end_count && r->ends[i] < end; i++)
            show("missed", r, r->ends[i]);
        if (i < r->end_count && r->ends[i] == end) {
            score->right++;
            i++;
        } else {
            show("wrong", r, end);
        }
    }
    for (; i < r->end_count; i++)
        show("missed", r, r->ends[i]);
    score->records++;
    score->whole += score->right - right == r->end_count
                    && score->found - found == r->end_count;
}

static void report(const struct record *records, size_t count, int checking,
                   int by_source, struct arena *arena)
{
    static struct score scores[ROWS_MAX];
    double sum = 0;
    size_t rows = 0, counted = 0;
    struct document document;

    deciding = 1;
    for (size_t i = 0; i < count; i++) {
        const struct record *r = &records[i];
        const char *source
            = json_string_value(json_object_get(r->line, "source"));
        if (checking && !r->kept_back && !r->excluded)
            continue;
        split_record(r, &document, arena);
        add_score(r, &document,
                  score_of(scores, &rows,
                           by_source ? source : r->language->code));
    }
    for (size_t i = 0; i < rows; i++) {
        const struct score *s = &scores[i];
        double p, r, f;
        if (s->given == 0)
            continue;
        p = 100.0 * (double) s->right / (double) (s->found ? s->found : 1);
        r = 100.0 * (double) s->right / (double) s->given;
        f = s->right ? 2 * p * r / (p + r) : 0;
        printf("%s %6zu  P %6.2f  R %6.2f  F1 %6.2f  whole records %6.2f\n",
               s->name, s->given, p, r, f,
               100.0 * (double) s->whole / (double) s->records);
        sum += f;
        counted++;
    }
    printf("macro F1 over %zu rows: %.2f\n", counted, sum / (double) counted);
}

static void write_weights(const char *folder, const char *code,
                          const double *weights, const char *date)
{
    char path[4096];
    FILE *file;
    int some = 0;

    snprintf(path, sizeof path, "%s/%s%sends", folder, code,
             *code ? "/" : "");
    file = fopen(path, "w");
    if (file == NULL)
        fail(path);
    fprintf(file,
            "# Weights of the signs of the end of a sentence, %s: number,\n"
            "# weight.  What is hashed to each number is in engine/signs.c.\n"
            "# source: made by bench/ends.c from Universal Dependencies "
            "treebanks and FLORES\n"
            "# licence: numbers, of no text; learned from texts under CC "
            "BY-SA 3.0 and 4.0,\n#          GPL 3.0 (UD_Catalan) and "
            "LGPL-LR (UD_French-Sequoia)\n# date: %s\n",
            *code ? "besides stemmers/ends" : "all languages", date);
    for (size_t n = 0; n < ENDS_WEIGHTS; n++)
        if (rounded(weights[n]) != 0) {
            fprintf(file, "%05zu %d\n", n, rounded(weights[n]));
            some = 1;
        }
    if (!some)
        fprintf(file, "00000 0\n");
    if (fclose(file) != 0)
        fail(path);
}

int main(int argc, char **argv)
{
    char *without[SOURCES_MAX];
    const char *folder = NULL, *date = "2026-11-26";
    size_t without_count = 0, count;
    int option, checking = 0, by_source = 0;
    struct record *records;
    struct document document;
    struct arena arena;

    while ((option = getopt(argc, argv, "c:d:esx:")) != -1) {
        if (option == 'c')
            checking = 1, fold = (uint32_t) strtoul(optarg, NULL, 10);
        else if (option == 'e')
            showing = 1;
        else if (option == 's')
            by_source = 1;
        else if (option == 'd')
            folder = optarg;
        else if (option == 'x' && without_count < SOURCES_MAX)
            without[without_count++] = optarg;
        else
            return 64;
    }
    arena_init(&arena);
    records = read_records(argv + optind, without, without_count, &count);
    for (size_t i = 0; i < count; i++)
        if (!records[i].excluded && !(checking && records[i].kept_back))
            split_record(&records[i], &document, &arena);
    fprintf(stderr, "%zu records, %zu places\n", count, example_count);
    learn();
    report(records, count, checking, by_source, &arena);
    if (folder != NULL && !checking) {
        int used[LANGUAGES_MAX] = { 0 };
        write_weights(folder, "", common_sum, date);
        for (size_t i = 0; i < count; i++)
            used[records[i].language - language_table]
                |= !records[i].excluded && records[i].language->ends != NULL;
        for (size_t l = 0; l < language_count; l++)
            if (used[l])
                write_weights(folder, language_table[l].code, own_sum[l],
                              date);
    }
    return EXIT_SUCCESS;
}
