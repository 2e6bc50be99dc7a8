/* tables.c - the share of abstracts among the articles with a word is a noisy
 * figure where there are few, so some made-up articles of average share are
 * counted with the real ones; then its log-odds go into buckets.
 *
 * The bounds are such that the average lies in the middle, and no bucket but
 * the outermost is much larger or smaller than its neighbours on French
 * news. */
#include <config.h>

#include "bench/credits/tables.h"

#include <stdlib.h>
#include <string.h>

#include "engine/mathematics.h"

/* Of the words of an article so many are in its abstract too (of numbers a
 * little fewer); as much is believed of a word before any was counted, and
 * that with the weight of so many articles. */
#define WORD_SHARE 0.065
#define NUMBER_SHARE 0.06
#define WORD_BELIEF 15.0

#define PAIR_SHARE 0.025
#define PAIR_BELIEF 10.0

/* Where the second bucket (the first is "not in the table") begins, and how
 * wide it and the others are. */
#define PRIOR_LOW (-4.8)
#define PRIOR_STEP 0.2
#define COMMON_LOW 0.0
#define COMMON_STEP 0.9
#define PAIR_PRIOR_LOW (-4.26)
#define PAIR_PRIOR_STEP 0.4

static unsigned bucket(double value, double low, double step, unsigned count)
{
    double number = (value - low) / step;

    if (number < 0)
        return 1;
    return number >= count - 2 ? count - 1 : 1 + (unsigned) number;
}

/* What is counted, but for one fold (-1: all of it). */
struct sum {
    double articles, abstracts;
};

static struct sum sum_without(const struct share *share, int fold)
{
    struct sum sum = {0, 0};

    for (int i = 0; i < FOLDS; i++)
        if (i != fold) {
            sum.articles += share->articles[i];
            sum.abstracts += share->abstracts[i];
        }
    return sum;
}

static double log_odds(struct sum sum, double share, double belief)
{
    return natural_log((sum.abstracts + belief * share)
                       / (sum.articles - sum.abstracts + belief * (1 - share)));
}

static unsigned word_prior(struct sum sum, int number)
{
    return bucket(
        log_odds(sum, number ? NUMBER_SHARE : WORD_SHARE, WORD_BELIEF),
        PRIOR_LOW, PRIOR_STEP, PRIOR_BUCKETS);
}

/* By the logarithm of one in how many articles has it. */
static unsigned word_common(struct sum sum, double articles)
{
    return bucket(natural_log((articles + 1) / (sum.articles + 0.5)),
                  COMMON_LOW, COMMON_STEP, COMMON_BUCKETS);
}

static unsigned pair_prior(struct sum sum)
{
    return bucket(log_odds(sum, PAIR_SHARE, PAIR_BELIEF), PAIR_PRIOR_LOW,
                  PAIR_PRIOR_STEP, PAIR_PRIOR_BUCKETS);
}

/* ---- counting ---- */

/* Abstracts that have a function word, twice, and three times. */
struct repeats {
    uint32_t times[3];
};

/* Hardly any word is never said again, so a little is added to each count:
 * a tenth of an abstract that says it twice, less that says it three times,
 * to two that have it. */
static uint8_t repeat_chance(const struct repeats *repeats, int times)
{
    double seen = repeats->times[times] + (times == 1 ? 0.1 : 0.02);

    return (uint8_t) (255 * seen / (repeats->times[0] + 2) + 0.5);
}

static void article_count(struct tables *tables, struct repeats *repeats,
                          const struct article *article)
{
    const struct document *d = &article->document;

    for (size_t i = 0; i < d->form_count; i++) {
        uint32_t word = article->words[i];
        if (word == NONE)
            continue;
        tables->words[word].articles[article->fold]++;
        tables->words[word].abstracts[article->fold] +=
            article->word_hits[i] > 0;
        for (int k = 0; k < article->word_hits[i]; k++)
            if (d->forms[i].stem == NONE)
                repeats[word].times[k]++;
    }
    for (size_t i = 0; i < article->facts.pair_count; i++) {
        struct share *share = &tables->pairs[article->pairs[i]];
        share->articles[article->fold]++;
        share->abstracts[article->fold] += article->pair_hits[i];
    }
}

void tables_init(struct tables *tables, const struct corpus *corpus,
                 const struct settings *settings, int neutral)
{
    struct repeats *repeats = take(corpus->words.count, sizeof *repeats);

    tables->words = take(corpus->words.count, sizeof *tables->words);
    tables->pairs = take(corpus->pairs.count, sizeof *tables->pairs);
    tables->again = take(corpus->words.count, sizeof *tables->again);
    tables->word_articles = settings->word_articles;
    tables->pair_articles = settings->pair_articles;
    tables->neutral = neutral;
    for (size_t i = 0; i < corpus->trained; i++)
        article_count(tables, repeats, &corpus->articles[i]);
    for (size_t i = 0; i < corpus->words.count && !neutral; i++)
        if (repeats[i].times[0] > 0) {
            tables->again[i][0] = repeat_chance(&repeats[i], 1);
            tables->again[i][1] = repeat_chance(&repeats[i], 2);
        }
    free(repeats);
}

void tables_clear(struct tables *tables)
{
    free(tables->words);
    free(tables->pairs);
    free(tables->again);
}

/* ---- giving ---- */

static void article_fill(const struct tables *tables, struct article *article,
                         double articles)
{
    struct credit_facts *facts = &article->facts;

    for (size_t i = 0; i < article->document.form_count; i++) {
        struct credit_word *word = &facts->words[i];
        struct sum sum;
        if (article->words[i] == NONE)
            continue;
        sum = sum_without(&tables->words[article->words[i]], article->fold);
        if (sum.articles < tables->word_articles)
            continue;
        word->prior = (uint8_t) word_prior(
            sum, article->document.forms[i].digit);
        word->common = (uint8_t) word_common(sum, articles);
    }
    for (size_t i = 0; i < facts->pair_count; i++) {
        struct sum sum =
            sum_without(&tables->pairs[article->pairs[i]], article->fold);
        if (sum.articles >= tables->pair_articles)
            facts->pairs[i].prior = (uint8_t) pair_prior(sum);
    }
}

void tables_fill(const struct tables *tables, struct corpus *corpus)
{
    double all = (double) corpus->trained;

    for (size_t i = 0; i < corpus->count && !tables->neutral; i++)
        article_fill(tables, &corpus->articles[i],
                     corpus->articles[i].fold < 0 ? all
                                                  : all * (FOLDS - 1) / FOLDS);
}

/* ---- writing ---- */

static int by_bytes(const void *a, const void *b)
{
    const struct name *const *x = a, *const *y = b;
    size_t size = (*x)->size < (*y)->size ? (*x)->size : (*y)->size;
    int order = memcmp((*x)->text, (*y)->text, size);

    return order != 0 ? order : (int) (*x)->size - (int) (*y)->size;
}

static int is_listed(const struct tables *tables, size_t word)
{
    return sum_without(&tables->words[word], -1).articles
           >= tables->word_articles;
}

/* The words of the table in their order; *count says how many. */
static const struct name **words_sort(const struct tables *tables,
                                      const struct names *names, size_t *count)
{
    const struct name **sorted = take(names->count, sizeof *sorted);

    *count = 0;
    for (size_t i = 0; i < names->count; i++)
        if (is_listed(tables, i))
            sorted[(*count)++] = &names->list[i];
    qsort(sorted, *count, sizeof *sorted, by_bytes);
    return sorted;
}

size_t tables_write_words(const struct tables *tables,
                          const struct corpus *corpus, FILE *file)
{
    size_t count;
    const struct name **sorted = words_sort(tables, &corpus->words, &count);

    for (size_t i = 0; i < count; i++) {
        const struct name *name = sorted[i];
        size_t word = (size_t) (name - corpus->words.list);
        struct sum sum = sum_without(&tables->words[word], -1);
        fprintf(file, "%.*s %u %u", (int) name->size, name->text,
                word_prior(sum, name->text[0] >= '0' && name->text[0] <= '9'),
                word_common(sum, (double) corpus->trained));
        if (tables->again[word][0] > 0 || tables->again[word][1] > 0)
            fprintf(file, " %u %u", tables->again[word][0],
                    tables->again[word][1]);
        fputc('\n', file);
    }
    free(sorted);
    return count;
}

struct ranked {
    uint32_t x, y; /* places of its words in the sorted list */
    uint32_t pair;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->x != y->x)
        return x->x < y->x ? -1 : 1;
    return (x->y > y->y) - (x->y < y->y);
}

/* The pairs of listed words that are in enough articles. */
static struct ranked *pairs_sort(const struct tables *tables,
                                 const struct names *pairs,
                                 const uint32_t *ranks, size_t *count)
{
    struct ranked *sorted = take(pairs->count, sizeof *sorted);

    *count = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        uint32_t words[2];
        memcpy(words, pairs->list[i].text, sizeof words);
        if (is_listed(tables, words[0]) && is_listed(tables, words[1])
            && sum_without(&tables->pairs[i], -1).articles
                   >= tables->pair_articles)
            sorted[(*count)++] =
                (struct ranked){ranks[words[0]], ranks[words[1]], (uint32_t) i};
    }
    qsort(sorted, *count, sizeof *sorted, by_rank);
    return sorted;
}

size_t tables_write_pairs(const struct tables *tables,
                          const struct corpus *corpus, FILE *file)
{
    size_t words, count;
    const struct name **names = words_sort(tables, &corpus->words, &words);
    uint32_t *ranks = take(corpus->words.count, sizeof *ranks);
    struct ranked *sorted;

    for (size_t i = 0; i < words; i++)
        ranks[names[i] - corpus->words.list] = (uint32_t) i;
    sorted = pairs_sort(tables, &corpus->pairs, ranks, &count);
    for (size_t i = 0; i < count; i++) {
        const struct name *x = names[sorted[i].x], *y = names[sorted[i].y];
        fprintf(file, "%.*s %.*s %u\n", (int) x->size, x->text, (int) y->size,
                y->text,
                pair_prior(sum_without(&tables->pairs[sorted[i].pair], -1)));
    }
    free(sorted);
    free(ranks);
    free(names);
    return count;
}
