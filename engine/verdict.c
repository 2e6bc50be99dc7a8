/* verdict.c - the class that the sums of a text speak for; see tally.h. */
#include <config.h>

#include <string.h>

#include "engine/tally.h"
#include "stemmers/language.h"

/* A language that is none of ours has the better of a near tie: a wrong
 * stemmer and stop list are worse than a question. */
#define BIAS 3 /* letters that are worth 1 */

static void add_bias(const struct tally *tally,
                     int32_t scores[NGRAM_CLASSES_MAX])
{
    int32_t bias = (int32_t) tally->letters / BIAS;

    for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++) {
        int32_t other = -(ngram_keys[c] >= NGRAM_OTHER);
        int32_t some = -(tally->scores[c] != 0);
        scores[c] = tally->scores[c] + (bias & other & some);
    }
}

/* Languages whose texts score too little beside a neighbour's, for they were
 * trained on less like what is read: so many quarters for each letter, of the
 * first LEAN_LETTERS, are added where the neighbour scores best.  A longer
 * text says by itself which it is. */
#define LEAN_LETTERS 80
static const struct near {
    char neighbour[3], code[3];
    int quarters;
} nears[] = {
    { "sr", "hr", 3 },
    { "nl", "af", 6 },
};

static int is_code(const char *a, const char *b)
{
    return a[0] == b[0] && a[1] == b[1];
}

static int lean(const struct tally *tally, const char *best, int32_t *scores)
{
    int32_t letters = tally->letters < LEAN_LETTERS ? (int32_t) tally->letters
                                                    : LEAN_LETTERS;
    int leans = 0;

    for (size_t i = 0; i < sizeof nears / sizeof nears[0]; i++) {
        if (!is_code(nears[i].neighbour, best))
            continue;
        leans = 1;
        for (size_t c = 0; c < ngram_class_count; c++)
            if (is_code(nears[i].code, ngram_classes[c].code))
                scores[c] += letters * nears[i].quarters / 4;
    }
    return leans;
}

/* Four scores at a time, for compilers that know no better. */
typedef int32_t four __attribute__((vector_size(16)));

static inline four four_at(const int32_t *scores)
{
    four f;

    memcpy(&f, scores, sizeof f);
    return f;
}

static inline four four_most(four a, four b)
{
    four more = a > b;

    return (a & more) | (b & ~more);
}

/* The greatest of the scores, none being below 0: of those whose key is
 * another, so that NO_KEY asks for all. */
#define NO_KEY (-1)
static int32_t most_of(const int32_t *scores, int32_t key)
{
    const four not = { key, key, key, key };
    four most = { 0 };
    int32_t all[4], ends[2];

    for (size_t c = 0; c < NGRAM_CLASSES_MAX; c += 4)
        most = four_most(most, four_at(scores + c)
                                   & (four_at(ngram_keys + c) != not));
    memcpy(all, &most, sizeof all);
    ends[0] = all[0] > all[1] ? all[0] : all[1];
    ends[1] = all[2] > all[3] ? all[2] : all[3];
    return ends[0] > ends[1] ? ends[0] : ends[1];
}

static size_t place_of(const int32_t *scores, int32_t score)
{
    size_t c = 0;

    while (c < NGRAM_CLASSES_MAX - 1 && scores[c] != score)
        c++;
    return c;
}

static int has_scripts(const struct tally *tally)
{
    static const int32_t none[SCRIPTS];

    return memcmp(tally->scripts, none, sizeof none) != 0;
}

/* The best script, where one scores more than `most`, or SIZE_MAX. */
static size_t best_script(const struct tally *tally, int32_t most)
{
    size_t best = SIZE_MAX, end = ngram_class_count + SCRIPTS;

    if (!has_scripts(tally))
        return best;
    for (size_t c = ngram_class_count; c < end; c++)
        if (score_of(tally, c) > most) {
            best = c;
            most = score_of(tally, c);
        }
    return best;
}

/* The best score of another language than `best`. */
static int32_t next_of(const struct tally *tally, const int32_t *scores,
                       size_t best)
{
    int32_t key = best < ngram_class_count ? ngram_keys[best] : NO_KEY;
    int32_t next = most_of(scores, key);

    if (!has_scripts(tally))
        return next;
    for (size_t c = ngram_class_count; c < ngram_class_count + SCRIPTS; c++)
        if (c != best && score_of(tally, c) > next)
            next = score_of(tally, c);
    return next;
}

struct verdict tally_decide(const struct tally *tally)
{
    int32_t scores[NGRAM_CLASSES_MAX], ours[NGRAM_CLASSES_MAX];
    struct verdict v;

    add_bias(tally, scores);
    v.score = most_of(scores, NO_KEY);
    v.best = best_script(tally, v.score);
    if (v.best != SIZE_MAX) {
        v.score = score_of(tally, v.best);
    } else {
        v.best = place_of(scores, v.score);
        if (lean(tally, ngram_classes[v.best].code, scores)) {
            v.score = most_of(scores, NO_KEY);
            v.best = place_of(scores, v.score);
        }
    }
    for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++) /* -1: not ours */
        ours[c] = scores[c] | -(ngram_keys[c] >= NGRAM_OTHER);
    v.behind = v.score - most_of(ours, NO_KEY);
    v.ours = place_of(ours, v.score - v.behind);
    v.lead = v.score - next_of(tally, scores, v.best);
    return v;
}
