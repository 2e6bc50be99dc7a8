/* engine/score_*.c of the methods after papers, and the logarithm below them:
 * small articles worked out by hand, and large ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/document.h"
#include "engine/graph.h"
#include "engine/mathematics.h"

/* ---- an article in short: "ab.a|b" ----
 *
 * A small letter is a content word, its own stem; '.' is a function word; '|'
 * ends a sentence, '+' one that the next belongs to. */

#define STEMS 26
#define STOP STEMS

static void document_open(struct document *d, struct arena *arena,
                          const char *text)
{
    size_t size = strlen(text);

    memset(d, 0, sizeof *d);
    arena_init(arena);
    d->arena = arena;
    d->language = language_find("fr");
    d->text = text;
    d->size = d->rest = size;
    d->segments = arena_take_array(arena, size, sizeof *d->segments);
    d->tokens = arena_take_array(arena, size, sizeof *d->tokens);
    d->stems = arena_take_array(arena, STEMS, sizeof *d->stems);
    d->surfaces = arena_take_array(arena, STEMS + 1, sizeof *d->surfaces);
    d->stem_count = STEMS;
    for (uint32_t i = 0; i <= STEMS; i++)
        d->surfaces[i].stem = i == STOP ? NONE : i;
    d->segment_count = 1;
    for (size_t i = 0; i < size; i++) {
        struct segment *segment = &d->segments[d->segment_count - 1];
        if (text[i] == '|' || text[i] == '+') {
            segment[1].joined = text[i] == '+';
            segment[1].start = segment[1].end = (uint32_t) i + 1;
            segment[1].token = (uint32_t) d->token_count;
            d->segment_count++;
            continue;
        }
        d->tokens[d->token_count++] =
            text[i] == '.' ? STOP : (uint32_t) (text[i] - 'a');
        if (text[i] != '.')
            d->stems[text[i] - 'a'].count++;
        segment->tokens++;
        segment->end++;
    }
    d->sentence_count = d->total_sentences = d->segment_count;
    d->total_words = d->token_count;
    d->scores = arena_take_array(arena, size, sizeof(double));
    d->frequencies = arena_take_array(arena, size, sizeof(double));
    d->positions = arena_take_array(arena, size, sizeof(double));
    d->redundancies = arena_take_array(arena, size, sizeof(double));
    d->ranks = arena_take_array(arena, size, sizeof *d->ranks);
}

/* The scores of the method are as `wanted`, but for a factor: the largest is
 * 1. */
static void scores(const char *method, const char *text, const double *wanted)
{
    struct document d;
    struct arena arena;
    double best = 0;

    document_open(&d, &arena, text);
    assert_int_equal(method_find(method)->score(&d), 0);
    for (size_t i = 0; i < d.segment_count; i++)
        best = wanted[i] > best ? wanted[i] : best;
    for (size_t i = 0; i < d.segment_count; i++) {
        double want = best > 0 ? wanted[i] / best : 0;
        if (fabs(d.scores[i] - want) > 2e-5)
            fail_msg("%s \"%s\": sentence %zu has %.9f, not %.9f", method,
                     text, i, d.scores[i], want);
        assert_true(d.frequencies[i] == d.scores[i]);
        assert_true(d.positions[i] == 1);
    }
    arena_clear(&arena);
}

/* The sentences in the order chosen, as digits. */
static void chooses(const char *method, const char *text,
                    enum precis_limit limit, size_t amount,
                    const char *wanted)
{
    struct document d;
    struct arena arena;
    precis_options options;
    char got[20] = "";
    size_t shortest;

    precis_options_init(&options);
    options.limit = limit;
    options.amount = amount;
    document_open(&d, &arena, text);
    assert_int_equal(method_find(method)->score(&d), 0);
    assert_int_equal(select_sentences(&d, method_find(method), &options,
                                      &shortest), 0);
    for (size_t i = 0; i < d.chosen_count; i++)
        got[i] = (char) ('0' + d.chosen[i]);
    assert_string_equal(got, wanted);
    arena_clear(&arena);
}

#define SCORES(method, text, ...) \
    scores(method, text, (const double[]){ __VA_ARGS__ })

/* ---- the logarithm ---- */

static void logarithm(void **state)
{
    (void) state;
    assert_true(natural_log(1) == 0);
    assert_true(natural_log(2) == 0.69314718055994530942);
    assert_true(fabs(natural_log(10) - 2.302585092994045684) < 1e-15);
    assert_true(fabs(natural_log(0.1) + 2.302585092994045684) < 1e-15);
    assert_true(fabs(natural_log(2.7182818284590452354) - 1) < 1e-15);
    /* beside libm's, and the smallest and largest numbers there are */
    assert_true(fabs(natural_log(4.9406564584124654e-324)
                     + 744.44007192138126231) < 1e-12);
    for (double x = 1e-320; x < 1e308; x *= 1.37)
        assert_true(fabs(natural_log(x) - log(x)) <= 1e-15 * fabs(log(x)));
    for (double x = 0.5; x < 2; x += 1.0 / 4096)
        assert_true(fabs(natural_log(x) - log(x)) <= 1e-15 * fabs(log(x)));
    for (double x = 1; x < 30000; x++)
        assert_true(fabs(natural_log(x) - log(x)) <= 1e-15 * log(x));
    assert_true(fabs(natural_log(1.7976931348623157e308)
                     - 709.78271289338399684) < 1e-12);
}

/* ---- the exponential ---- */

static void exponentials(void **state)
{
    (void) state;
    assert_true(exponential(0) == 1);
    assert_true(logistic(0) == 0.5);
    assert_true(logistic(31) == 1);
    assert_true(logistic(-1e300) == 0);
    for (double x = -699; x < 699; x += 0.37) {
        assert_true(fabs(exponential(x) - exp(x)) <= 1e-12 * exp(x));
        assert_true(fabs(logistic(x) - 1 / (1 + exp(-x))) < 1e-12);
    }
}

/* ---- luhn ---- */

static void luhn(void **state)
{
    (void) state;
    /* the paper's: 4 significant words among 7 */
    SCORES("luhn", "a.a..aa|aa|.a.|...", 16.0 / 7, 2, 1, 0);
    /* what stands once is not significant */
    SCORES("luhn", "ab|ac|dd", 1, 1, 2);
    /* four words may lie between two, five may not */
    SCORES("luhn", "aa....aa|aa.....aa", 16.0 / 8, 2);
    SCORES("luhn", "bcde.aa....aa...|aaa", 16.0 / 8, 3);
    /* a cluster is as long as it can be, worse or not */
    SCORES("luhn", "aa....a|a", 9.0 / 7, 1);
    /* the best cluster counts, not the last or the first */
    SCORES("luhn", "a.....aaa.....aa|a", 3, 1);
    SCORES("luhn", "bcd|efg", 0, 0);
}

/* ---- textrank ---- */

/* Three sentences, the first joined to the others, of whose weight the second
 * has so much. */
static void star(const char *text, double part)
{
    double centre = (0.15 + 0.85 * 0.3) / (1 - 0.85 * 0.85);

    SCORES("textrank", text, centre, 0.15 + 0.85 * part * centre,
           0.15 + 0.85 * (1 - part) * centre);
}

static void textrank(void **state)
{
    (void) state;
    /* 2 and 1 stems shared, both over ln 3 + ln 2 */
    star("abc|ab|cd", 2.0 / 3);
    /* function words and repetition add nothing */
    star("a.bc.b|.aab|c..d", 2.0 / 3);
    /* 1 / (ln 2 + ln 4) and 1 / (ln 2 + ln 8): 4 to 3 */
    star("ab|acde|bfghijkl", 4.0 / 7);
    /* alone; and ln 1 + ln 1 divides nothing */
    SCORES("textrank", "ab|ab|cd", 1, 1, 0.15);
    SCORES("textrank", "a|a|..", 1, 1, 1);
    SCORES("textrank", "ab", 1);
}

/* ---- lexrank ---- */

static void lexrank(void **state)
{
    double hub = (0.15 + 1.275 * 0.15 / 0.575)
                 / (0.7875 - 1.275 * 0.2125 / 0.575);
    double spoke = (0.15 + 0.2125 * hub) / 0.575;
    double middle = (0.15 + 0.85 * 0.15 / 0.575)
                    / (1 - 0.85 / 3 - 0.85 * (0.85 / 3) / 0.575);
    double end = (0.15 + 0.85 / 3 * middle) / 0.575;

    (void) state;
    /* a stem of two sentences is worth ln 2, of one ln 4: the cosine of the
     * first with each other is 1 / sqrt(3 * 5).  All have a loop too. */
    SCORES("lexrank", "abc|ax|by|cz", hub, spoke, spoke, spoke);
    /* how much alike is not asked */
    SCORES("lexrank", "abc|aax|by|cz", hub, spoke, spoke, spoke);
    /* the last two have cosine ln(1.5) / sqrt(2) / sqrt(ln(1.5)^2
     * + k ln(3)^2): 0.104 where k is 6, 0.097 where it is 7 */
    SCORES("lexrank", "p|pq|qrstuvw", end, middle, end);
    SCORES("lexrank", "p|pq|qrstuvwx", 1, 1, 1);
    /* no stem: not even a loop */
    SCORES("lexrank", "p|pq|qrstuvw|..", end, middle, end, 0.15);
    /* stems that all have say nothing */
    SCORES("lexrank", "ab|ab", 1, 1);
    SCORES("lexrank", "ab", 1);
}

/* ---- sumbasic ---- */

static void sumbasic(void **state)
{
    (void) state;
    /* a 3/8, b 2/8, c d e 1/8 */
    SCORES("sumbasic", "aa.b|ac|bd|e", 1.0 / 3, 0.25, 0.1875, 0.125);
    /* then a 9/64, b 4/64: the second still has the most probable word; then
     * d and e, where the fourth has the better mean */
    chooses("sumbasic", "aa.b|ac|bd|e", PRECIS_LIMIT_SENTENCES, 3, "013");
    /* the most probable word comes first, whatever the mean, and once */
    SCORES("sumbasic", "axw|ayv|azu|bb", 5.0 / 33, 5.0 / 33, 5.0 / 33,
           2.0 / 11);
    chooses("sumbasic", "axw|ayv|azu|bb", PRECIS_LIMIT_SENTENCES, 2, "03");
    /* what does not fit is passed over, and its words are not said */
    chooses("sumbasic", "aa.b|ac|bd|e", PRECIS_LIMIT_WORDS, 3, "13");
    /* a quotation over two sentences is one: a (2 + 1 + 3)/6 */
    chooses("sumbasic", "aa+b|ac|bd|e", PRECIS_LIMIT_WORDS, 6, "0124");
    chooses("sumbasic", "...|..", PRECIS_LIMIT_SENTENCES, 1, "0");
}

/* ---- large articles ---- */

/* Numbered words behind a common one. */
static char *large_article(size_t sentences, size_t words, size_t *size)
{
    size_t room = sentences * (words * 9 + 8), at = 0;
    char *text = malloc(room + 1);
    uint32_t number = 1;

    assert_non_null(text);
    for (size_t i = 0; i < sentences; i++) {
        at += (size_t) snprintf(text + at, room - at, "Maison");
        for (size_t w = 0; w < words; w++) {
            number = number * 1664525 + 1013904223;
            at += (size_t) snprintf(text + at, room - at, " mot%u",
                                    number >> 16);
        }
        at += (size_t) snprintf(text + at, room - at, ". ");
    }
    *size = at;
    return text;
}

/* Two engines, whose hashes have different keys, say the same. */
static void large(size_t sentences, size_t words, size_t compared)
{
    size_t size;
    char *text = large_article(sentences, words, &size);
    precis_options options;
    precis_error error;

    precis_options_init(&options);
    options.language = "und"; /* these are words of none */
    options.limit = PRECIS_LIMIT_PERCENT;
    options.amount = 30;
    options.explain = 1;
    for (size_t m = 0; precis_method(m) != NULL; m++) {
        precis_engine *engines[2];
        const precis_result *results[2];
        const char *summaries[2];
        size_t sizes[2];
        clock_t start = clock();
        int is_graph = strstr(precis_method(m), "rank") != NULL;
        if (method_find(precis_method(m))->score == score_frequency
            || method_find(precis_method(m))->score == score_credits)
            continue; /* as large in other tests */
        options.method = precis_method(m);
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(precis_engine_new(&engines[i], &error), 0);
            assert_int_equal(precis_summarize(engines[i], text, size,
                                              &options, &results[i], &error),
                             0);
            summaries[i] = precis_result_summary(results[i], &sizes[i]);
        }
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(summaries[0], summaries[1], sizes[0]);
        for (size_t i = 0; i < sentences; i++) {
            const precis_sentence *s = precis_result_segment(results[0], i);
            assert_true(s->score
                        == precis_result_segment(results[1], i)->score);
            assert_true(s->score >= 0 && s->score <= 1);
            if (is_graph && i >= compared)
                assert_true(s->score == 0);
        }
        assert_int_equal(precis_result_warning_count(results[0]),
                         is_graph && compared < sentences);
        if (is_graph && compared < sentences)
            assert_non_null(strstr(precis_result_warning(results[0], 0),
                                   precis_method(m)));
        precis_engine_free(engines[0]);
        precis_engine_free(engines[1]);
        /* a tenth of a second; minutes where every pair were compared */
        assert_true((clock() - start) / CLOCKS_PER_SEC < 20);
    }
    free(text);
}

static void many_sentences(void **state)
{
    (void) state;
    large(PRECIS_CANDIDATES_MAX, 6, GRAPH_SENTENCES_MAX);
    large(GRAPH_SENTENCES_MAX + 1, 3, GRAPH_SENTENCES_MAX);
    large(GRAPH_SENTENCES_MAX, 3, GRAPH_SENTENCES_MAX);
}

static void long_sentences(void **state)
{
    (void) state;
    large(450, 300, GRAPH_SENTENCES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logarithm),
        cmocka_unit_test(exponentials),
        cmocka_unit_test(luhn),
        cmocka_unit_test(textrank),
        cmocka_unit_test(lexrank),
        cmocka_unit_test(sumbasic),
        cmocka_unit_test(many_sentences),
        cmocka_unit_test(long_sentences),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("methods", tests, NULL, NULL);
}
