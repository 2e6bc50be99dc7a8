/* engine/keywords.c and names.c: what an article is about. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/precis.h"
#include "tests/engine/properties.h"

static precis_engine *engine;
static precis_options options;

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
    options.keywords = 10;
    return 0;
}

/* The keywords on one line, "term:count, ...". */
static const char *keywords_of(const char *article, size_t size)
{
    static char line[4000];
    const precis_result *result;
    precis_error error;
    size_t used = 0;

    line[0] = '\0';
    if (precis_summarize(engine, article, size, &options, &result, &error) != 0)
        fail_msg("%s", error.message);
    assert_true(precis_result_keyword_count(result) <= options.keywords);
    assert_null(precis_result_keyword(result,
                                      precis_result_keyword_count(result)));
    for (size_t i = 0; i < precis_result_keyword_count(result); i++) {
        const precis_keyword *k = precis_result_keyword(result, i);
        assert_true(k->term_size > 0 && k->count > 0);
        assert_true(i == 0 ? k->score == 1
                           : k->score <= k[-1].score && k->score > 0);
        used += (size_t) snprintf(line + used, sizeof line - used,
                                  "%s%.*s:%zu", i > 0 ? ", " : "",
                                  (int) k->term_size, k->term, k->count);
        assert_true(used < sizeof line);
    }
    return line;
}

static void are(const char *article, const char *wanted)
{
    assert_string_equal(keywords_of(article, strlen(article)), wanted);
}

static void has(const char *article, const char *term, int wanted)
{
    const char *line = keywords_of(article, strlen(article));

    if ((strstr(line, term) != NULL) != wanted)
        fail_msg("%s: %s", term, line);
}

/* A name is whole, and its end counts for it. */
static void test_names(void **state)
{
    static const char article[] =
        "Le ministre Jean-Yves Le Drune a visité hier la Banque de Vaumont. "
        "Ensuite Le Drune a dîné avec le patron de la Banque de Vaumont. "
        "La ville attend que Le Drune parle.";

    (void) state;
    has(article, "Jean-Yves Le Drune:3", 1);
    has(article, "Banque de Vaumont:2", 1);
    has(article, "Le Drune:", 1);
    has(article, ", Le Drune:", 0);
    has(article, "Jean-Yves:", 0);
}

/* The first word of a sentence is no name for its capital. */
static void test_openings(void **state)
{
    static const char article[] =
        "Tempêtes et marées menacent la digue. Des tempêtes ont cassé la "
        "digue de Kerval. Kerval répare la digue à grands frais.";

    (void) state;
    has(article, "Tempêtes", 0);
    has(article, "tempêtes:2", 1);
    has(article, "Kerval:2", 1);
    has(article, "digue:3", 1);
}

/* A title in quotation marks is one name, there and elsewhere. */
static void test_quoted(void **state)
{
    static const char *const marks[][2] = {
        {"\"", "\""}, {"“", "”"}, {"«", "»"}};
    char article[300];

    (void) state;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        snprintf(article, sizeof article,
                 "Le film %sPluie Noire%s sort mercredi à Kerval. Le public "
                 "aime Pluie Noire et le film aura une suite.",
                 marks[i][0], marks[i][1]);
        has(article, "Pluie Noire:2", 1);
    }
}

static void test_amount(void **state)
{
    static const char article[] =
        "Le port de Kerval ferme. Le port de Kerval rouvrira à Noël.";
    const char *comma;

    (void) state;
    options.keywords = 1;
    comma = strchr(keywords_of(article, sizeof article - 1), ',');
    assert_null(comma);
    options.keywords = 0;
    are(article, "");
    options.keywords = PRECIS_KEYWORDS_MAX;
    has(article, "port:2", 1);
    has("12 345. 6 ?", "12", 0);
}

/* Of its score, what the term has of the other's. */
static double ratio(const char *article, const char *term, const char *other)
{
    const precis_result *result;
    double scores[2] = {0, 0};

    assert_int_equal(precis_summarize(engine, article, strlen(article),
                                      &options, &result, NULL),
                     0);
    for (size_t i = 0; i < precis_result_keyword_count(result); i++) {
        const precis_keyword *k = precis_result_keyword(result, i);
        for (int j = 0; j < 2; j++) {
            const char *wanted = j == 0 ? term : other;
            if (k->term_size == strlen(wanted)
                && memcmp(k->term, wanted, k->term_size) == 0)
                scores[j] = k->score;
        }
    }
    assert_true(scores[0] > 0 && scores[1] > 0);
    return scores[0] / scores[1];
}

/* A word of the title is worth more. */
static void test_title(void **state)
{
    static const char article[] =
        "La digue protège le phare de la tempête. Le phare et la digue "
        "tiennent bon.";
    double without = ratio(article, "phare", "digue");

    (void) state;
    options.title = "Le phare tient";
    options.title_size = strlen(options.title);
    assert_true(ratio(article, "phare", "digue") > 1.2 * without);
    options.title = "La digue tient";
    options.title_size = strlen(options.title);
    assert_true(ratio(article, "phare", "digue") * 1.2 < without);
}

/* A name that a line ends in has a space there. */
static void test_wrapped(void **state)
{
    (void) state;
    has("Le comité a reçu hier la Banque\nde Vaumont, dont le patron a parlé "
        "de la mer. On dit que la Banque de Vaumont est riche.",
        "Banque de Vaumont:2", 1);
}

/* Whatever comes: terms of the article, one way at every call. */
static void test_any(void **state)
{
    static const char *const pieces[] = {
        "Paul ", "Dune ", "de ", "la ", "Mer", "-", "'", "« ", " »", "\"",
        ". ", "É", "œ", "\n", "phare ", "PHARE ", "12", "\xEF\xBF\xBD",
        "\xF0\x9F\x98\x80", ", ", "M. ", "Jean-",
    };
    uint32_t state_of_lot = 7;
    char text[2000], first[4000];

    (void) state;
    for (int turn = 0; turn < 400; turn++) {
        size_t used = 0;
        const precis_result *result;
        for (int i = 0; i < 150; i++) {
            const char *piece;
            state_of_lot = state_of_lot * 1664525u + 1013904223u;
            piece = pieces[(state_of_lot >> 8)
                           % (sizeof pieces / sizeof pieces[0])];
            memcpy(text + used, piece, strlen(piece));
            used += strlen(piece);
        }
        if (precis_summarize(engine, text, used, &options, &result, NULL) != 0)
            continue;
        snprintf(first, sizeof first, "%s", keywords_of(text, used));
        assert_string_equal(keywords_of(text, used), first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_names, defaults),
        cmocka_unit_test_setup(test_openings, defaults),
        cmocka_unit_test_setup(test_quoted, defaults),
        cmocka_unit_test_setup(test_amount, defaults),
        cmocka_unit_test_setup(test_title, defaults),
        cmocka_unit_test_setup(test_wrapped, defaults),
        cmocka_unit_test_setup(test_any, defaults),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
