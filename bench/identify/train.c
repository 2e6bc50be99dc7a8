/* train - trains the weights of language identification.
 *
 * usage: train [--features N] [--floor N] [--rounds N] [--rate N] TEXTS
 *            > stemmers/identify
 *
 * TEXTS/<class>/<source>, as bench/identify/texts.py writes them: a sentence
 * or paragraph a line.  See bench/README.
 *
 *  1. The features of engine/identify.c are counted in each class.
 *  2. For each class those are kept that tell it best from the mean of the
 *     others, and from the nearest of them: share x log(share / other share).
 *  3. The weight of a feature in a class is log(share / floor), none where
 *     that is below 0.
 *  4. The weights are moved so that pieces of 30 to 120 characters of the
 *     texts score best in their own class: stochastic gradient descent of
 *     the logistic loss over all classes.  The mean of what they were in the
 *     last rounds is kept: what the last pieces happened to be says little
 *     then.
 *
 * Draws are from a generator of its own, with a fixed seed. */
#include <config.h>

#include <dirent.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "bench/identify/grams.h"
#include "engine/identify.h"
#include "engine/unicode.h"
#include "stemmers/ngrams.h"

#define COUNT_MIN 2   /* of a feature, in a class that is to have it */
#define RUNNING_LEAST 200000 /* bytes */
#define LEVELS 93     /* the highest weight */
#define TEMPERATURE 8 /* by how much n-grams that overlap say the same again */

static size_t features_wanted = 1640;
static double floor_share = 1e-5, rate = 0.05;
static long rounds = 6;

#define PIECES 4000 /* of each class in a round */

/* The mean is of the weights after every SUM_STEP of them, once a third of the
 * rounds is over. */
#define SUM_STEP 200

static const struct {
    const char *folder, *code, *name;
} classes[] = {
    { "af", "af", "Afrikaans" },   { "ar", "ar", "Arabic" },
    { "be", "be", "Belarusian" },  { "bg", "bg", "Bulgarian" },
    { "bn", "bn", "Bengali" },     { "ca", "ca", "Catalan" },
    { "cs", "cs", "Czech" },       { "cy", "cy", "Welsh" },
    { "da", "da", "Danish" },      { "de", "de", "German" },
    { "el", "el", "Greek" },       { "en", "en", "English" },
    { "es", "es", "Spanish" },     { "et", "et", "Estonian" },
    { "eu", "eu", "Basque" },      { "fa", "fa", "Persian" },
    { "fi", "fi", "Finnish" },     { "fr", "fr", "French" },
    { "ga", "ga", "Irish" },       { "gd", "gd", "Scottish_Gaelic" },
    { "gl", "gl", "Galician" },    { "he", "he", "Hebrew" },
    { "hi", "hi", "Hindi" },       { "hr", "hr", "Croatian" },
    { "hu", "hu", "Hungarian" },   { "hy", "hy", "Armenian" },
    { "id", "id", "Indonesian" },  { "is", "is", "Icelandic" },
    { "it", "it", "Italian" },     { "la", "la", "Latin" },
    { "lt", "lt", "Lithuanian" },  { "lv", "lv", "Latvian" },
    { "mk", "mk", "Macedonian" },  { "nb", "nb", "Norwegian_Bokmål" },
    { "ne", "ne", "Nepali" },      { "nl", "nl", "Dutch" },
    { "nn", "nn", "Norwegian_Nynorsk" }, { "pl", "pl", "Polish" },
    { "pt", "pt", "Portuguese" },  { "ro", "ro", "Romanian" },
    { "ru", "ru", "Russian" },     { "sk", "sk", "Slovak" },
    { "sl", "sl", "Slovenian" },   { "sq", "sq", "Albanian" },
    { "sr", "sr", "Serbian" },     { "sr-Cyrl", "sr", "Serbian" },
    { "sv", "sv", "Swedish" },     { "ta", "ta", "Tamil" },
    { "tr", "tr", "Turkish" },     { "uk", "uk", "Ukrainian" },
    { "ur", "ur", "Urdu" },        { "vi", "vi", "Vietnamese" },
    { "yi", "yi", "Yiddish" },
};

#define CLASSES (sizeof classes / sizeof classes[0])

/* ---- texts ---- */

struct lines {
    uint32_t *text;  /* normalized, one after the other */
    size_t *ends;
    size_t count, text_size, room, ends_room;
};

/* Of running text, and of the other sources. */
static struct lines lines[2][CLASSES];

static int is_running(const char *source)
{
    return strcmp(source, "treebanks") == 0 || strcmp(source, "articles") == 0
           || strcmp(source, "own") == 0;
}

static void keep_line(struct lines *l, const uint32_t *text, size_t size)
{
    if (l->count + 1 >= l->ends_room) {
        l->ends_room = 2 * l->ends_room + 64;
        l->ends = checked(realloc(l->ends, l->ends_room * sizeof *l->ends));
        l->ends[0] = 0;
    }
    if (l->text_size + size > l->room) {
        l->room = 2 * (l->text_size + size);
        l->text = checked(realloc(l->text, l->room * sizeof *l->text));
    }
    memcpy(l->text + l->text_size, text, size * sizeof *text);
    l->text_size += size;
    l->ends[++l->count] = l->text_size;
}

static void count(const uint32_t *text, size_t size, void *data)
{
    gram_find(text, size, 1)->count += *(const float *) data;
}

/* Forgets what the class just read has too rarely to be chosen, and what no
 * class has. */
static void keep_counts(size_t class)
{
    for (size_t i = 0; i < grams_room; i++) {
        struct gram *gram = &grams[i];
        if (gram->count >= COUNT_MIN) {
            if (gram->weights == NULL)
                gram->weights = checked(calloc(CLASSES,
                                               sizeof *gram->weights));
            gram->weights[class] = gram->count;
        }
        gram->count = 0;
    }
    grams_rebuild(grams_room, 0);
}

/* How much a character of a source counts.  Running text of the day is what
 * is to be told apart: little of it counts as much as RUNNING_LEAST would.
 * Messages of programs speak of windows and files, lists of words have no
 * frequencies. */
static float source_weight(const char *source, long size)
{
    if (is_running(source))
        return size < RUNNING_LEAST ? (float) RUNNING_LEAST / (float) size : 1;
    if (strcmp(source, "words") == 0)
        return 0.1F;
    return strcmp(source, "udhr") == 0 ? 1 : 0.25F;
}

static void read_source(const char *folder, size_t class, const char *source)
{
    int words = strcmp(source, "words") == 0;
    float weight;
    char path[4096], *line = NULL;
    size_t line_room = 0;
    ssize_t size;
    FILE *in;

    snprintf(path, sizeof path, "%s/%s/%s", folder, classes[class].folder,
             source);
    in = fopen(path, "r");
    if (in == NULL || fseek(in, 0, SEEK_END) != 0)
        return;
    weight = source_weight(source, ftell(in));
    rewind(in);
    while ((size = getline(&line, &line_room, in)) > 0) {
        uint32_t *out = checked(malloc(((size_t) size + 2) * sizeof *out));
        size_t n = identify_normalize(line, (size_t) size, out);
        each_feature(out, n, count, &weight);
        if (!words)
            keep_line(&lines[!is_running(source)][class], out, n);
        free(out);
    }
    free(line);
    fclose(in);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_class(const char *folder, size_t class)
{
    struct dirent **files;
    char path[4096];
    int n;

    snprintf(path, sizeof path, "%s/%s", folder, classes[class].folder);
    n = scandir(path, &files, NULL, by_name);
    for (int i = 0; i < n; i++) {
        if (files[i]->d_name[0] != '.')
            read_source(folder, class, files[i]->d_name);
        free(files[i]);
    }
    if (n > 0)
        free(files);
    if (lines[1][class].count == 0)
        fprintf(stderr, "train: no texts of %s\n", classes[class].folder);
    keep_counts(class);
}

/* ---- choosing features ---- */

/* Counts to shares, of all features of the same length. */
static void find_shares(void)
{
    static double totals[CLASSES][GRAM_MAX + 1];

    for (size_t i = 0; i < grams_room; i++)
        for (size_t c = 0; grams[i].size > 0 && c < CLASSES; c++)
            totals[c][grams[i].size > 4 ? 5 : grams[i].size]
                += grams[i].weights[c];
    for (size_t i = 0; i < grams_room; i++)
        for (size_t c = 0; grams[i].size > 0 && c < CLASSES; c++) {
            double total = totals[c][grams[i].size > 4 ? 5 : grams[i].size];
            if (total > 0)
                grams[i].weights[c] = (float) (grams[i].weights[c] / total);
        }
}

struct ranked {
    size_t gram;
    double value;
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return (grams[x->gram].key > grams[y->gram].key)
           - (grams[x->gram].key < grams[y->gram].key);
}

/* How well a feature tells a class from the mean of the others, or from the
 * nearest of them. */
static double value_of(const struct gram *gram, size_t class, int nearest)
{
    double share = gram->weights[class], sum = 0, most = 0, other;

    if (share <= floor_share)
        return 0;
    for (size_t c = 0; c < CLASSES; c++)
        if (c != class && strcmp(classes[c].code, classes[class].code) != 0) {
            sum += gram->weights[c];
            if (gram->weights[c] > most)
                most = gram->weights[c];
        }
    other = nearest ? most : sum / (CLASSES - 1);
    return share * log(share / (other + floor_share));
}

static void choose(size_t class, int nearest, size_t wanted)
{
    struct ranked *ranked = checked(malloc(gram_count * sizeof *ranked));
    size_t n = 0;

    for (size_t i = 0; i < grams_room; i++)
        if (grams[i].size > 0) {
            double value = value_of(&grams[i], class, nearest);
            if (value > 0)
                ranked[n++] = (struct ranked) { i, value };
        }
    qsort(ranked, n, sizeof *ranked, by_value);
    for (size_t i = 0; i < n && i < wanted; i++) {
        struct gram *gram = &grams[ranked[i].gram];
        gram->kept = 1;
        /* engine/identify.c stops at the first that it misses */
        for (uint8_t k = 1; gram->size <= 4 && k < gram->size; k++)
            if (k > 1 || gram->text[0] != IDENTIFY_EDGE)
                gram_find(gram->text, k, 0)->kept = 1;
    }
    free(ranked);
}

/* Forgets all features but those: a small table is searched faster. */
static void forget_others(void)
{
    size_t kept = 0;

    for (size_t i = 0; i < grams_room; i++) {
        struct gram *gram = &grams[i];
        if (gram->size == 0)
            continue;
        if (gram->kept) {
            gram->sums = checked(calloc(CLASSES, sizeof *gram->sums));
            kept++;
        } else {
            free(gram->weights);
            gram->weights = NULL;
        }
    }
    grams_rebuild(4 * kept + 1, 0);
}

/* ---- fitting ---- */

static uint64_t seed = 20261124;

static size_t draw(size_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (size_t) (seed >> 33) % below;
}

struct found {
    struct gram *grams[4096];
    size_t count;
};

static void collect(const uint32_t *text, size_t size, void *data)
{
    struct found *found = data;
    struct gram *gram = gram_find(text, size, 0);

    if (gram != NULL && gram->kept && found->count < 4096)
        found->grams[found->count++] = gram;
}

/* A piece of whole words of a random line; 0 where none is long enough. */
static size_t piece(const struct lines *l, const uint32_t **text)
{
    size_t line = draw(l->count), wanted = 30 + draw(90);
    const uint32_t *start = l->text + l->ends[line];
    size_t size = l->ends[line + 1] - l->ends[line], from = 0;

    if (size > 2 * wanted) {
        from = draw(size - wanted);
        while (from > 0 && start[from] != IDENTIFY_EDGE)
            from--;
    }
    if (size - from > wanted)
        size = from + wanted;
    while (size > from && start[size - 1] != IDENTIFY_EDGE)
        size--;
    *text = start + from;
    return size - from;
}

static int fit(size_t class, double step)
{
    static struct found found;
    const uint32_t *text;
    int other = draw(5) < 2 || lines[0][class].count == 0;
    size_t size = piece(&lines[other][class], &text), best = 0;
    double scores[CLASSES] = { 0 }, sum = 0;

    found.count = 0;
    each_feature(text, size, collect, &found);
    for (size_t i = 0; i < found.count; i++)
        for (size_t c = 0; c < CLASSES; c++)
            scores[c] += found.grams[i]->weights[c];
    for (size_t c = 0; c < CLASSES; c++)
        if (scores[c] > scores[best])
            best = c;
    for (size_t c = 0; c < CLASSES; c++)
        sum += exp((scores[c] - scores[best]) / TEMPERATURE);
    for (size_t c = 0; c < CLASSES; c++) {
        double chance = exp((scores[c] - scores[best]) / TEMPERATURE) / sum;
        double move = step * ((c == class) - chance);
        if (move < 1e-5 && move > -1e-5)
            continue;
        for (size_t i = 0; i < found.count; i++) {
            float *weight = &found.grams[i]->weights[c];
            if (*weight > 0)
                *weight = fmaxf(*weight + (float) move, 0.01F);
        }
    }
    return strcmp(classes[best].code, classes[class].code) == 0;
}

static void add_to_sums(void)
{
    for (size_t i = 0; i < grams_room; i++)
        for (size_t c = 0; grams[i].size > 0 && c < CLASSES; c++)
            grams[i].sums[c] += grams[i].weights[c];
}

static void take_means(long count)
{
    for (size_t i = 0; i < grams_room; i++)
        for (size_t c = 0; grams[i].size > 0 && count > 0 && c < CLASSES; c++)
            grams[i].weights[c] = (float) (grams[i].sums[c] / (double) count);
}

/* How many pieces of how many were found right before they moved anything. */
static long fit_round(double step, long *all, int summed)
{
    long right = 0;

    for (long i = 0; i < PIECES; i++) {
        for (size_t c = 0; c < CLASSES; c++) {
            if (lines[1][c].count == 0)
                continue;
            right += fit(c, step);
            ++*all;
        }
        if (summed && i % SUM_STEP == 0)
            add_to_sums();
    }
    return right;
}

static void fit_all(void)
{
    long sums = 0;

    for (long round = 0; round < rounds; round++) {
        int summed = round >= rounds / 3;
        double step = rate / (1 + (double) round);
        long all = 0, right = fit_round(step, &all, summed);

        sums += summed ? PIECES / SUM_STEP : 0;
        fprintf(stderr, "round %ld: %.2f %%\n", round + 1,
                100.0 * (double) right / (double) all);
    }
    take_means(sums);
}

/* ---- writing ---- */

static int by_text(const void *a, const void *b)
{
    const struct gram *x = *(const struct gram *const *) a,
                      *y = *(const struct gram *const *) b;

    for (size_t i = 0; i < x->size && i < y->size; i++)
        if (x->text[i] != y->text[i])
            return x->text[i] < y->text[i] ? -1 : 1;
    return (x->size > y->size) - (x->size < y->size);
}

static int level(float weight)
{
    long units = lround(weight * NGRAM_UNITS);

    return units > LEVELS ? LEVELS : (int) units;
}

static void write_gram(const struct gram *gram)
{
    char out[4];
    size_t postings = 0;

    for (size_t c = 0; c < CLASSES; c++)
        postings += level(gram->weights[c]) > 0;
    if (postings == 0)
        return;
    for (size_t i = 0; i < gram->size; i++)
        if (gram->text[i] == IDENTIFY_EDGE)
            putchar('_');
        else
            fwrite(out, 1, utf8_put(gram->text[i], out), stdout);
    putchar(' ');
    for (size_t c = 0; c < CLASSES; c++)
        if (level(gram->weights[c]) > 0)
            printf("%c%c", (int) ('!' + c), '!' + level(gram->weights[c]));
    putchar('\n');
}

static void write_model(void)
{
    struct gram **kept = checked(malloc(gram_count * sizeof *kept));
    size_t n = 0;

    for (size_t i = 0; i < grams_room; i++)
        if (grams[i].size > 0 && grams[i].kept)
            kept[n++] = &grams[i];
    qsort(kept, n, sizeof *kept, by_text);
    for (size_t c = 0; c < CLASSES; c++)
        printf("class %s %s\n", classes[c].code, classes[c].name);
    for (size_t i = 0; i < n; i++)
        write_gram(kept[i]);
    fprintf(stderr, "%zu features\n", n);
    free(kept);
}

static void shares_to_weights(void)
{
    for (size_t i = 0; i < grams_room; i++)
        for (size_t c = 0; grams[i].kept && c < CLASSES; c++) {
            double share = grams[i].weights[c];
            grams[i].weights[c] = share > floor_share
                                      ? (float) log(share / floor_share)
                                      : 0;
        }
}

int main(int argc, char **argv)
{
    int at = 1;

    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        double value = strtod(argv[at + 1], NULL);
        if (strcmp(argv[at], "--features") == 0)
            features_wanted = (size_t) value;
        else if (strcmp(argv[at], "--floor") == 0)
            floor_share = value;
        else if (strcmp(argv[at], "--rounds") == 0)
            rounds = (long) value;
        else if (strcmp(argv[at], "--rate") == 0)
            rate = value;
        else
            break;
    }
    if (at + 1 != argc) {
        fputs("usage: train [--features N] [--floor N] [--rounds N]"
              " [--rate N] TEXTS\n", stderr);
        return 64;
    }
    grams_start();
    for (size_t c = 0; c < CLASSES; c++)
        read_class(argv[at], c);
    find_shares();
    for (size_t c = 0; c < CLASSES; c++) {
        choose(c, 0, features_wanted * 3 / 5);
        choose(c, 1, features_wanted * 2 / 5);
    }
    forget_others();
    shares_to_weights();
    fit_all();
    write_model();
    return 0;
}
