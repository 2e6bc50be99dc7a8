/* engine/select.c and score*.c: which sentences, and never more than asked. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/precis.h"
#include "tests/engine/properties.h"

static precis_engine *engine;
static precis_options options;
static precis_error error;

static int start(void **state)
{
    (void) state;
    return precis_engine_new(&engine, NULL);
}

static int end(void **state)
{
    (void) state;
    precis_engine_free(engine);
    return 0;
}

static int defaults(void **state)
{
    (void) state;
    precis_options_init(&options);
    options.language = "fr";
    options.explain = 1;
    return 0;
}

static const precis_result *summarize(const char *article)
{
    size_t size = strlen(article);
    const precis_result *result;
    const char *broken;

    if (precis_summarize(engine, article, size, &options, &result, &error) != 0)
        return NULL;
    broken = properties_broken(result, &options, size, 1);
    if (broken != NULL)
        fail_msg("%s", broken);
    return result;
}

static void summary_is(const char *article, const char *wanted)
{
    const precis_result *result = summarize(article);
    const char *summary;
    size_t size;
    char *copy;

    if (result == NULL)
        fail_msg("%s", error.message);
    summary = precis_result_summary(result, &size);
    copy = calloc(size + 1, 1);
    assert_non_null(copy);
    memcpy(copy, summary, size);
    assert_string_equal(copy, wanted);
    free(copy);
}

/* Articles are by chance, but the same on every machine: words of a small
 * vocabulary, in sentences, quotations, headings and lines. */
static uint32_t lot_state;

static uint32_t lot(uint32_t below)
{
    lot_state = lot_state * 1664525u + 1013904223u;
    return (lot_state >> 8) % below;
}

static void generate(char *text, size_t room, uint32_t seed)
{
    static const char *const words[] = {
        "le",      "maire",  "de",    "la",      "ville", "annonce", "un",
        "plan",    "pour",   "les",   "écoles",  "et",    "trois",   "ponts",
        "mardi",   "L'ONU",  "Paris", "travaux", "à",     "prix",    "2017",
        "M. Noël", "demain", "qui",   "ferment", "dès",   "l'été",   "eau",
    };
    static const char *const ends[] = {". ",   ". ", ". ",    "! ",   "? ",
                                       "... ", ".",  ".\n\n", "\n\n", ".\" "};
    static const char *const opens[] = {"", "", "", "", "\"", "« ", "(", "- "};
    size_t used = 0;

    lot_state = seed;
    for (uint32_t count = 1 + lot(40); count > 0; count--) {
        const char *open = opens[lot(8)];
        char sentence[400];
        int n = snprintf(sentence, sizeof sentence, "%sLe", open);
        for (uint32_t k = lot(20); k > 0; k--)
            n += snprintf(sentence + n, sizeof sentence - (size_t) n, " %s",
                          words[lot(28)]);
        n += snprintf(sentence + n, sizeof sentence - (size_t) n, "%s",
                      ends[lot(10)]);
        if ((size_t) n >= room - used)
            break;
        memcpy(text + used, sentence, (size_t) n);
        used += (size_t) n;
    }
    text[used] = '\0';
}

static const struct {
    enum precis_limit limit;
    const char *key;
    size_t amounts[8];
} limits[] = {
    {PRECIS_LIMIT_AUTO, "", {1}},
    {PRECIS_LIMIT_SENTENCES, "sentences", {1, 2, 3, 7, 100, 20000}},
    {PRECIS_LIMIT_WORDS, "words", {1, 5, 20, 46, 47, 200, 10000000}},
    {PRECIS_LIMIT_CHARACTERS,
     "characters",
     {1, 30, 100, 280, 281, 1000, 100000000}},
    {PRECIS_LIMIT_PERCENT, "percent", {1, 10, 33, 50, 99, 100}},
};

static void check_refusal(const char *key)
{
    assert_int_equal(error.code, PRECIS_EBAD_REQUEST);
    assert_string_equal(error.key, key);
    assert_memory_equal(error.message, "no sentence fits: the shortest has ",
                        35);
    assert_true(strlen(error.message) < 70);
}

/* Every limit on every article: kept, or refused since nothing fits; and what
 * fits a smaller one fits a larger one. */
static void check_limits(const char *article)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        int fitted = 0;
        options.limit = limits[i].limit;
        for (size_t k = 0; k < 8 && limits[i].amounts[k] > 0; k++) {
            options.amount = limits[i].amounts[k];
            options.order =
                k % 2 == 0 ? PRECIS_ORDER_SOURCE : PRECIS_ORDER_SCORE;
            if (summarize(article) != NULL) {
                fitted = 1;
            } else {
                assert_false(fitted);
                check_refusal(limits[i].key);
            }
        }
        assert_true(fitted);
        if (options.limit == PRECIS_LIMIT_SENTENCES)
            assert_true(summarize(article) != NULL);
    }
}

static void test_limits(void **state)
{
    static char article[20000];

    (void) state;
    for (uint32_t seed = 0; seed < 300; seed++) {
        generate(article, sizeof article, seed);
        for (size_t m = 0; precis_method(m) != NULL; m++) {
            options.method = precis_method(m);
            check_limits(article);
        }
    }
}

/* The cases, but for those in UTF-16. */
static void test_limits_of_cases(void **state)
{
    const char *top = getenv("abs_top_srcdir");
    char pattern[2000];
    glob_t names;

    (void) state;
    if (top == NULL)
        skip();
    snprintf(pattern, sizeof pattern, "%s/tests/cases/*/*/input", top);
    assert_int_equal(glob(pattern, 0, NULL, &names), 0);
    for (size_t i = 0; i < names.gl_pathc; i++) {
        static char article[100000];
        FILE *file = fopen(names.gl_pathv[i], "rb");
        size_t size;
        assert_non_null(file);
        size = fread(article, 1, sizeof article - 1, file);
        fclose(file);
        article[size] = '\0';
        if (strlen(article) == size)
            check_limits(article);
    }
    assert_true(names.gl_pathc > 10);
    globfree(&names);
}

/* The one refused: its amount less one.  The one asked for: the shortest. */
static void test_shortest(void **state)
{
    static const char article[] =
        "Le maire de la ville parle aux habitants. La pluie tombe fort. "
        "Les enfants de l'école dessinent des bateaux bleus.";

    (void) state;
    options.limit = PRECIS_LIMIT_WORDS;
    options.amount = 3;
    assert_null(summarize(article));
    assert_string_equal(error.key, "words");
    assert_string_equal(error.message,
                        "no sentence fits: the shortest has 4 words");
    options.amount = 4;
    summary_is(article, "La pluie tombe fort.");
    options.limit = PRECIS_LIMIT_CHARACTERS;
    options.amount = 19;
    assert_null(summarize(article));
    assert_string_equal(error.key, "characters");
    assert_string_equal(error.message,
                        "no sentence fits: the shortest has 20 characters");
    options.amount = 20;
    summary_is(article, "La pluie tombe fort.");
    options.limit = PRECIS_LIMIT_PERCENT;
    options.amount = 15; /* of 21 words: 3 */
    assert_null(summarize(article));
    assert_string_equal(error.key, "percent");
    options.amount = 20;
    summary_is(article, "La pluie tombe fort.");
}

static void test_short(void **state)
{
    static const char article[] =
        "Il pleut. Elle dort.\n\nUn titre\n\nIls rient.";
    static const char whole[] = "Il pleut. Elle dort. Ils rient.";

    (void) state;
    summary_is(article, whole);
    assert_true(precis_result_is_short(summarize(article)));
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 3;
    summary_is(article, whole);
    assert_true(precis_result_is_short(summarize(article)));
    options.amount = 2;
    assert_false(precis_result_is_short(summarize(article)));
    options.limit = PRECIS_LIMIT_PERCENT;
    options.amount = 100;
    assert_true(precis_result_is_short(summarize(article)));
    options.amount = 99;
    assert_false(precis_result_is_short(summarize(article)));
}

/* To the last character, spaces between sentences counted once. */
static void test_short_characters(void **state)
{
    static const char quotation[] =
        "Elle dit : \"Il pleut. Il vente. Partez.\"";

    (void) state;
    options.limit = PRECIS_LIMIT_CHARACTERS;
    options.amount = strlen(quotation);
    assert_true(precis_result_is_short(summarize(quotation)));
    options.amount--;
    assert_false(precis_result_is_short(summarize(quotation)));
}

/* A word counts once a sentence, and the later a sentence the less. */
static void test_frequency(void **state)
{
    const precis_result *result;

    (void) state;
    options.method = "frequency";
    result = summarize("Pont pont pont. Le pont. Rien.");
    assert_true(precis_result_segment(result, 0)->frequency
                < precis_result_segment(result, 1)->frequency);
    assert_true(precis_result_segment(result, 1)->frequency == 1);
    assert_true(precis_result_segment(result, 0)->position == 1);
    assert_true(precis_result_segment(result, 1)->position < 1);
    assert_true(precis_result_segment(result, 2)->position
                < precis_result_segment(result, 1)->position);
}

/* A quotation over several sentences is chosen whole or not at all. */
static void test_quotations(void **state)
{
    static const char article[] =
        "Le maire a parlé du pont. \"Le pont du maire est un pont solide. Le "
        "pont sera fermé, a dit le maire.\" Des oiseaux volent.";

    (void) state;
    options.limit = PRECIS_LIMIT_SENTENCES;
    for (options.amount = 1; options.amount <= 4; options.amount++) {
        const precis_result *result = summarize(article);
        size_t size, quotes = 0;
        const char *summary;
        assert_non_null(result);
        summary = precis_result_summary(result, &size);
        for (size_t i = 0; i < size; i++)
            quotes += summary[i] == '"';
        assert_int_equal(quotes % 2, 0);
    }
}

/* Where there is nothing but a quotation longer than the limit, one sentence
 * of it is better than an error. */
static void test_only_a_quotation(void **state)
{
    (void) state;
    options.method = "frequency";
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 1;
    summary_is("« Il pleut sur la ville. Il neige dans la vallée. »",
               "« Il pleut sur la ville.");
    options.limit = PRECIS_LIMIT_WORDS;
    options.amount = 6;
    summary_is("« Il pleut sur la ville. Il neige dans la vallée. »",
               "« Il pleut sur la ville.");
}

/* A sentence with a stray quotation mark or bracket is the last choice. */
static void test_unbalanced(void **state)
{
    static const char *const strays[] = {"\"", "« ", "(", "“", "» ", "” "};
    char article[300];

    (void) state;
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 1;
    for (size_t i = 0; i < sizeof strays / sizeof strays[0]; i++) {
        snprintf(article, sizeof article,
                 "Le pont du maire est %sun pont solide.\n\n"
                 "Le pont est au maire.\n\nDes oiseaux volent.",
                 strays[i]);
        summary_is(article, "Le pont est au maire.");
        snprintf(article, sizeof article, "Le pont est %slà.\n\nLe pont %s!",
                 strays[i], strays[i]);
        assert_non_null(summarize(article));
    }
}

/* What was said already counts less: not the same sentence twice. */
static void test_redundancy(void **state)
{
    static const char article[] =
        "Le maire ferme le pont de la ville. "
        "Le maire ferme le pont de la ville. "
        "La crue menace les écoles des villages voisins. "
        "Des oiseaux volent. La crue noie les villages.";

    (void) state;
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 2;
    summary_is(article, "Le maire ferme le pont de la ville. "
                        "La crue menace les écoles des villages voisins.");
    options.method = "lead"; /* which says what stands first, all the same */
    summary_is(article, "Le maire ferme le pont de la ville. "
                        "Le maire ferme le pont de la ville.");
}

static void test_lead(void **state)
{
    static const char article[] =
        "Un titre\n\nIl pleut. Elle dort. Ils rient. Nous partons.";

    (void) state;
    options.method = "lead";
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 2;
    summary_is(article, "Il pleut. Elle dort.");
}

/* The title and the query pull. */
static void test_hints(void **state)
{
    static const char article[] =
        "Le maire ferme le pont. Le pont est vieux. La piscine ouvre lundi. "
        "Le pont sera refait. Des roses fleurissent.";

    (void) state;
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 1;
    summary_is(article, "Le maire ferme le pont.");
    options.query = "la piscine";
    options.query_size = strlen(options.query);
    summary_is(article, "La piscine ouvre lundi.");
    options.query = NULL;
    options.title = "Des roses, des roses";
    options.title_size = strlen(options.title);
    options.amount = 2;
    summary_is(article, "Le maire ferme le pont. Des roses fleurissent.");
}

static void test_order(void **state)
{
    static char article[20000];
    size_t places[64], count;

    (void) state;
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 10;
    for (uint32_t seed = 0; seed < 50; seed++) {
        const precis_result *result;
        generate(article, sizeof article, seed);
        options.order = PRECIS_ORDER_SOURCE;
        result = summarize(article);
        count = precis_result_sentence_count(result);
        for (size_t i = 0; i < count; i++)
            places[precis_result_sentence(result, i)->rank - 1] =
                precis_result_sentence(result, i)->start;
        options.order = PRECIS_ORDER_SCORE; /* the same, by rank */
        result = summarize(article);
        assert_int_equal(precis_result_sentence_count(result), count);
        for (size_t i = 0; i < count; i++) {
            const precis_sentence *s = precis_result_sentence(result, i);
            assert_int_equal(s->rank, i + 1);
            assert_int_equal(s->start, places[i]);
        }
    }
}

/* More are wanted than are compared with each other one by one. */
static void test_many(void **state)
{
    enum { SENTENCES = 300 };
    static char article[SENTENCES * 60 + 1];
    size_t used = 0;

    (void) state;
    for (unsigned i = 0; i < SENTENCES; i++)
        used +=
            (size_t) snprintf(article + used, sizeof article - used,
                              "Le mot%u et le mot%u vont au pont. ", i % 17, i);
    options.limit = PRECIS_LIMIT_SENTENCES;
    for (options.amount = 60; options.amount < SENTENCES; options.amount += 40)
        assert_int_equal(precis_result_sentence_count(summarize(article)),
                         options.amount);
    options.amount = SENTENCES;
    assert_true(precis_result_is_short(summarize(article)));
    assert_int_equal(precis_result_sentence_count(summarize(article)),
                     SENTENCES);
}

/* About 50 words where nothing is asked. */
static void test_automatic(void **state)
{
    static char article[20000];
    const precis_result *result;

    (void) state;
    for (uint32_t seed = 0; seed < 100; seed++) {
        generate(article, sizeof article, seed);
        result = summarize(article);
        assert_non_null(result);
        if (precis_result_words(result) > 80)
            fail_msg("%zu words", precis_result_words(result));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_limits, defaults),
        cmocka_unit_test_setup(test_limits_of_cases, defaults),
        cmocka_unit_test_setup(test_shortest, defaults),
        cmocka_unit_test_setup(test_short, defaults),
        cmocka_unit_test_setup(test_short_characters, defaults),
        cmocka_unit_test_setup(test_frequency, defaults),
        cmocka_unit_test_setup(test_quotations, defaults),
        cmocka_unit_test_setup(test_only_a_quotation, defaults),
        cmocka_unit_test_setup(test_unbalanced, defaults),
        cmocka_unit_test_setup(test_redundancy, defaults),
        cmocka_unit_test_setup(test_lead, defaults),
        cmocka_unit_test_setup(test_hints, defaults),
        cmocka_unit_test_setup(test_order, defaults),
        cmocka_unit_test_setup(test_many, defaults),
        cmocka_unit_test_setup(test_automatic, defaults),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
