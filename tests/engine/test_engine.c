/* engine/engine.c and compose.c: what precis.h promises. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "tests/engine/article.h"
#include "tests/engine/summarizing.h"

/* ---- errors ---- */

static void fails(int code, const char *key, const char *message)
{
    assert_int_equal(error.code, code);
    assert_int_equal(error.offset, -1);
    assert_string_equal(error.key, key);
    if (strncmp(error.message, message, strlen(message)) != 0)
        assert_string_equal(error.message, message);
    assert_null(strchr(error.message, '\n'));
}

/* The options are refused, by every call that takes them, and the caller's
 * result is untouched. */
static void refused(const char *key, const char *message)
{
    const precis_result *result = NULL;

    assert_int_equal(precis_options_check(&options, &error),
                     PRECIS_EBAD_REQUEST);
    fails(PRECIS_EBAD_REQUEST, key, message);
    memset(&error, 0xAA, sizeof error);
    assert_int_equal(precis_summarize(engine, article, sizeof article - 1,
                                      &options, &result, &error),
                     PRECIS_EBAD_REQUEST);
    fails(PRECIS_EBAD_REQUEST, key, message);
    assert_int_equal(precis_segment(engine, article, sizeof article - 1,
                                    &options, &result, NULL),
                     PRECIS_EBAD_REQUEST);
    assert_int_equal(precis_options_check(&options, NULL), PRECIS_EBAD_REQUEST);
    assert_null(result);
    defaults(NULL);
}

static void test_names(void **state)
{
    (void) state;
    options.language = "xx";
    refused("language", "unknown language \"xx\"; allowed: auto, ");
    options.language = "";
    refused("language", "unknown language \"\"; allowed: auto, ");
    options.language = "fr\n\x1B[31m\xC3\xA9";
    refused("language", "unknown language \"fr??[31m??\"; allowed: auto, ");
    options.language = "a name that is much longer than anybody wants to read";
    refused("language",
            "unknown language \"a name that is much longer than\"; allowed: ");
    options.charset = "UTF-7";
    refused("charset", "charset \"UTF-7\" is none of: auto UTF-8 ");
    options.method = "magic";
    refused("method", "unknown method \"magic\"; allowed: ");
    options.method = "auto";
    refused("method", "unknown method \"auto\"; allowed: ");
}

static void test_texts(void **state)
{
    (void) state;
    options.title = article;
    options.title_size = PRECIS_TITLE_MAX + 1;
    refused("title", "title must have at most 4096 bytes");
    options.query = article;
    options.query_size = SIZE_MAX;
    refused("query", "query must have at most 4096 bytes");
}

static void test_amounts(void **state)
{
    static const struct {
        enum precis_limit limit;
        size_t amount;
        const char *key, *message;
    } rows[] = {
        {PRECIS_LIMIT_SENTENCES, 0, "sentences",
         "sentences must be a whole number from 1 to 20000"},
        {PRECIS_LIMIT_SENTENCES, 20001, "sentences",
         "sentences must be a whole number from 1 to 20000"},
        {PRECIS_LIMIT_WORDS, 0, "words",
         "words must be a whole number from 1 to 10000000"},
        {PRECIS_LIMIT_WORDS, 10000001, "words",
         "words must be a whole number from 1 to 10000000"},
        {PRECIS_LIMIT_CHARACTERS, 0, "characters",
         "characters must be a whole number from 1 to 100000000"},
        {PRECIS_LIMIT_CHARACTERS, SIZE_MAX, "characters",
         "characters must be a whole number from 1 to 100000000"},
        {PRECIS_LIMIT_PERCENT, 0, "percent",
         "percent must be a whole number from 1 to 100"},
        {PRECIS_LIMIT_PERCENT, 101, "percent",
         "percent must be a whole number from 1 to 100"},
        {(enum precis_limit) 5, 1, "limit", "unknown limit"},
        {(enum precis_limit) - 1, 1, "limit", "unknown limit"},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options.limit = rows[i].limit;
        options.amount = rows[i].amount;
        refused(rows[i].key, rows[i].message);
    }
    options.order = (enum precis_order) 2;
    refused("order", "order must be source or score");
    options.size = 8;
    refused("size", "options were not filled by precis_options_init()");
}

static void test_good_options(void **state)
{
    (void) state;
    assert_int_equal(precis_options_check(&options, &error), 0);
    for (size_t i = 0; precis_language(i) != NULL; i++) {
        options.language = precis_language(i);
        assert_int_equal(precis_options_check(&options, NULL), 0);
        assert_non_null(precis_language_name(i));
    }
    for (size_t i = 0; precis_charset(i) != NULL; i++) {
        options.charset = precis_charset(i);
        assert_int_equal(precis_options_check(&options, NULL), 0);
    }
    for (size_t i = 0; precis_method(i) != NULL; i++) {
        options.method = precis_method(i);
        assert_int_equal(precis_options_check(&options, NULL), 0);
    }
    assert_null(precis_language(SIZE_MAX));
    assert_null(precis_language_name(SIZE_MAX));
    assert_null(precis_charset(SIZE_MAX));
    assert_null(precis_method(SIZE_MAX));
    options.language = options.charset = "auto";
    options.amount = SIZE_MAX; /* unused */
    assert_int_equal(precis_options_check(&options, &error), 0);
    assert_string_equal(precis_version(), PACKAGE_VERSION);
}

static int summarize(const void *text, size_t size)
{
    const precis_result *result = NULL;
    int code = precis_summarize(engine, text, size, &options, &result, &error);

    assert_true((code == 0) == (result != NULL));
    return code;
}

static void test_size(void **state)
{
    size_t room = PRECIS_ARTICLE_LIMIT_MAX + 1;
    char *text = malloc(room);

    (void) state;
    assert_non_null(text);
    memset(text, 'a', room);
    options.language = "fr";
    assert_int_equal(summarize(text, PRECIS_ARTICLE_LIMIT), 0);
    assert_int_equal(summarize(text, PRECIS_ARTICLE_LIMIT + 1),
                     PRECIS_ETOO_LARGE);
    fails(PRECIS_ETOO_LARGE, "",
          "the article has more than the 4194304 bytes allowed");
    options.article_limit = SIZE_MAX; /* as much as is possible */
    assert_int_equal(summarize(text, room - 1), 0);
    assert_int_equal(summarize(text, room), PRECIS_ETOO_LARGE);
    fails(PRECIS_ETOO_LARGE, "",
          "the article has more than the 16777216 bytes allowed");
    options.article_limit = 5;
    assert_int_equal(summarize(text, 5), 0);
    assert_int_equal(summarize(text, 6), PRECIS_ETOO_LARGE);
    fails(PRECIS_ETOO_LARGE, "", "the article has more than the 5 bytes");
    free(text);
}

static void test_empty(void **state)
{
    static const char *const blanks[] = {
        "",
        " ",
        "\n",
        "\r\n \t\f\v",
        "\xC2\xA0",
        "\xE2\x80\x89",
        "\xEF\xBB\xBF",
        "\xE2\x80\x8B\xC2\xAD",
        "\x01\x7F",
    };

    (void) state;
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        assert_int_equal(summarize(blanks[i], strlen(blanks[i])),
                         PRECIS_EEMPTY);
        fails(PRECIS_EEMPTY, "", "the article is empty");
    }
    assert_int_equal(summarize(NULL, 0), PRECIS_EEMPTY);
    assert_int_equal(precis_segment(engine, NULL, 0, &options, NULL, &error),
                     PRECIS_EEMPTY);
    options.charset = "UTF-16"; /* a line end */
    assert_int_equal(summarize("\n\0", 2), PRECIS_EEMPTY);
}

static void test_invalid_hints(void **state)
{
    const precis_result *result = NULL;

    (void) state;
    options.title = "Le pont\xFF";
    options.title_size = 8;
    assert_int_equal(summarize(article, sizeof article - 1),
                     PRECIS_EBAD_REQUEST);
    fails(PRECIS_EBAD_REQUEST, "title", "title is not valid UTF-8 at byte 7");
    options.title = NULL;
    options.query = "a\0b";
    options.query_size = 3;
    assert_int_equal(precis_segment(engine, article, sizeof article - 1,
                                    &options, &result, &error),
                     PRECIS_EBAD_REQUEST);
    fails(PRECIS_EBAD_REQUEST, "query", "query is not valid UTF-8 at byte 1");
    assert_null(result);
}

/* ---- results ---- */

static void test_result(void **state)
{
    const precis_result *result;
    const precis_sentence *s;
    size_t size;

    (void) state;
    options.language = "fr";
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 2;
    result = summary_of(engine, article, sizeof article - 1);
    assert_ptr_equal(precis_result_text(result, &size), article);
    assert_int_equal(size, sizeof article - 1);
    assert_string_equal(precis_result_language(result), "fr");
    assert_true(precis_result_language_confidence(result) == 1);
    assert_string_equal(precis_result_charset(result), "UTF-8");
    assert_string_equal(precis_result_method(result), precis_method(0));
    assert_int_equal(precis_result_replaced(result), 0);
    assert_int_equal(precis_result_total_sentences(result), 10);
    assert_int_equal(precis_result_sentence_count(result), 2);
    assert_false(precis_result_is_short(result));
    assert_int_equal(precis_result_warning_count(result), 0);
    assert_null(precis_result_warning(result, 0));
    assert_int_equal(precis_result_segment_count(result), 0);
    assert_null(precis_result_segment(result, 0));
    assert_null(precis_result_sentence(result, 2));
    s = precis_result_sentence(result, 0);
    assert_memory_equal(article + s->start, "Le maire de Montbrison", 22);
    assert_true(s->reason_count > 0);
    assert_memory_equal(s->reasons[0].term, "pont", s->reasons[0].term_size);
    assert_int_equal(s->reasons[0].count, 5);
    assert_int_equal(s->reasons[0].first, 0);
}

static void test_explain(void **state)
{
    static const char kinds[] = "OSSSHSSSSSOSS";
    const precis_result *result;
    size_t chosen = 0;

    (void) state;
    options.explain = 1;
    result = summary_of(engine, article, sizeof article - 1);
    assert_int_equal(precis_result_segment_count(result), sizeof kinds - 1);
    for (size_t i = 0; i < sizeof kinds - 1; i++) {
        const precis_sentence *s = precis_result_segment(result, i);
        assert_int_equal("SHO"[s->kind], kinds[i]);
        chosen += s->rank > 0;
        if (s->kind != PRECIS_SENTENCE)
            assert_true(s->score == 0 && s->rank == 0 && s->reason_count == 0);
    }
    assert_int_equal(chosen, precis_result_sentence_count(result));
    assert_true(precis_result_language_confidence(result) > 0.9
                && precis_result_language_confidence(result) < 1);
}

static void test_segment(void **state)
{
    const precis_result *result;
    size_t size;

    (void) state;
    options.explain = 0;
    assert_int_equal(precis_segment(engine, article, sizeof article - 1,
                                    &options, &result, &error),
                     0);
    assert_null(properties_broken(result, &options, sizeof article - 1, 0));
    assert_int_equal(precis_result_segment_count(result), 13);
    assert_string_equal(precis_result_summary(result, &size), "");
    assert_int_equal(size, 0);
    assert_string_equal(precis_result_method(result), "");
    assert_int_equal(precis_result_words(result), 0);
    assert_int_equal(precis_result_characters(result), 0);
    assert_true(precis_result_segment(result, 1)->score == 0);
}

static void test_warnings(void **state)
{
    static const char one[] = "Le pont\xFF est fermé. Il pleut.";
    static const char three[] = "Le pont\xFF est\0 fermé\xC0. Il pleut.";
    const precis_result *result;

    (void) state;
    result = summary_of(engine, one, sizeof one - 1);
    assert_int_equal(precis_result_replaced(result), 1);
    assert_int_equal(precis_result_warning_count(result), 1);
    assert_string_equal(precis_result_warning(result, 0),
                        "1 undecodable part was replaced by U+FFFD, the "
                        "first at byte 7: is the charset UTF-8?");
    result = summary_of(engine, three, sizeof three - 1);
    assert_int_equal(precis_result_replaced(result), 3);
    assert_string_equal(precis_result_warning(result, 0),
                        "3 undecodable parts were replaced by U+FFFD, the "
                        "first at byte 7: is the charset UTF-8?");
}

static void test_no_engine(void **state)
{
    (void) state;
    precis_engine_free(NULL);
}

/* ---- precis_detect() ---- */

static void test_detect(void **state)
{
    static const char declared[] = "Le caf\xe9 est ferm\xe9.";
    static const char broken[] = "Le pont\xFF est fermé. Il pleut.";
    precis_detection found;

    (void) state;
    assert_int_equal(precis_detect(engine, article, sizeof article - 1,
                                   &options, &found, &error),
                     0);
    assert_string_equal(found.language, "fr");
    assert_null(found.looks_like);
    assert_string_equal(found.charset, "UTF-8");
    assert_int_equal(found.replaced, 0);

    options.language = "fr";
    options.charset = "latin1";
    assert_int_equal(precis_detect(engine, declared, sizeof declared - 1,
                                   &options, &found, &error),
                     0);
    assert_string_equal(found.language, "fr");
    assert_true(found.confidence == 1);
    assert_string_equal(found.charset, "windows-1252");

    options.charset = "UTF-8";
    assert_int_equal(precis_detect(engine, broken, sizeof broken - 1,
                                   &options, &found, &error),
                     0);
    assert_string_equal(found.charset, "UTF-8");
    assert_int_equal(found.replaced, 1);
}

/* None of ours is an answer of precis_detect(), and an error of the rest. */
static void test_unknown_language(void **state)
{
    static const char czech[] =
        "Starosta včera řekl, že starý most už není bezpečný a že bude "
        "uzavřen. Obyvatelé s tím nesouhlasí.";
    static const char spanish[] =
        "El alcalde dijo ayer que el puente viejo ya no es seguro y que se "
        "cerrará este verano. Los vecinos no están de acuerdo con la medida.";
    const precis_result *result;
    precis_detection found;

    (void) state;
    assert_int_equal(precis_detect(engine, czech, sizeof czech - 1, &options,
                                   &found, &error),
                     0);
    assert_string_equal(found.language, "und");
    assert_string_equal(found.looks_like, "Czech");
    assert_int_equal(precis_summarize(engine, czech, sizeof czech - 1,
                                      &options, &result, &error),
                     PRECIS_EUNKNOWN_LANGUAGE);
    fails(PRECIS_EUNKNOWN_LANGUAGE, "language",
          "the article is in none of our languages, it looks like Czech: ");

    options.language = "und";
    result = summary_of(engine, czech, sizeof czech - 1);
    assert_string_equal(precis_result_language(result), "und");
    assert_string_equal(precis_result_method(result), "frequency");
    assert_int_equal(precis_result_warning_count(result), 0);

    options.language = "pt_BR";
    result = summary_of(engine, spanish, sizeof spanish - 1);
    assert_string_equal(precis_result_language(result), "pt");
    assert_int_equal(precis_result_warning_count(result), 1);
    assert_string_equal(precis_result_warning(result, 0),
                        "declared as Portuguese, but it looks like Spanish");

    options.language = NULL;
    result = summary_of(engine, "1 + 1 = 2.", 10);
    assert_string_equal(precis_result_language(result), "und");
    assert_true(precis_result_language_confidence(result) == 0);
}

static void test_detect_errors(void **state)
{
    precis_detection found = { .replaced = 7 };

    (void) state;
    precis_detect(engine, " \n", 2, &options, &found, &error);
    fails(PRECIS_EEMPTY, "", "the article is empty");
    options.language = "xx";
    assert_int_equal(precis_detect(engine, "a", 1, &options, &found, NULL),
                     PRECIS_EBAD_REQUEST);
    assert_int_equal(found.replaced, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_names, defaults),
        cmocka_unit_test_setup(test_texts, defaults),
        cmocka_unit_test_setup(test_amounts, defaults),
        cmocka_unit_test_setup(test_good_options, defaults),
        cmocka_unit_test_setup(test_size, defaults),
        cmocka_unit_test_setup(test_empty, defaults),
        cmocka_unit_test_setup(test_invalid_hints, defaults),
        cmocka_unit_test_setup(test_result, defaults),
        cmocka_unit_test_setup(test_explain, defaults),
        cmocka_unit_test_setup(test_segment, defaults),
        cmocka_unit_test_setup(test_warnings, defaults),
        cmocka_unit_test_setup(test_detect, defaults),
        cmocka_unit_test_setup(test_unknown_language, defaults),
        cmocka_unit_test_setup(test_detect_errors, defaults),
        cmocka_unit_test_setup(test_no_engine, defaults),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
