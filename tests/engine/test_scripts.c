/* What engine/readable.c and the method credits make of languages that are not
 * French: quotation marks either way round, questions that end with no "?",
 * openings in scripts without capitals, and articles without a model of their
 * own. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "engine/document.h"
#include "engine/fold.h"
#include "engine/readable.h"

static void test_balanced(void **state)
{
    static const struct {
        const char *text;
        int balanced;
    } rows[] = {
        {"„Wir warten“, sagte sie.", 1},
        {"„Wir warten, sagte sie.", 0},
        {"Wir warten“, sagte sie.", 0},
        {"»Wir warten«, sagte sie.", 1},
        {"»Wir warten, sagte sie.", 0},
        {"„Czekamy” – mówi.", 1},
        {"”Vi väntar”, sade hon.", 1},
        {"”Vi väntar, sade hon.", 0},
        {"»Odotamme», hän sanoi.", 1},
        {"»Odotamme, hän sanoi.", 0},
        {"“We wait,” she said.", 1},
        {"“We wait, she said.", 0},
        {"« Nous attendons », dit-elle.", 1},
        {"« Nous attendons, dit-elle.", 0},
        {"Nous attendons », dit-elle.", 0},
        {"L’«affaire» attend.", 1},
        {"Die „Welt“-Karte (und „mehr“).", 1},
        {"«Սպասում ենք»,- ասաց նա։", 1},
        {"«Սպասում ենք,- ասաց նա։", 0},
        {"\"מיר וואַרטן\", האָט זי געזאָגט.", 1},
        {"צה\"ל האָט געזאָגט.", 1},
        {"\"צה\"ל האָט געזאָגט.", 0},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (is_balanced(rows[i].text, strlen(rows[i].text))
            != rows[i].balanced)
            fail_msg("%s", rows[i].text);
}

static void test_quotes(void **state)
{
    static const struct {
        const char *text;
        int quote;
    } rows[] = {
        {"„Wir warten“, sagte sie.", 1}, {"Czekamy” – mówi.", 1},
        {"»Vi venter«, sagde hun.", 1},  {"‘We wait’, she said.", 1},
        {"We don’t wait.", 0},           {"उन्होंने कहा, ‘हम रुकेंगे’।", 1},
        {"צה״ל האָט געוואַרט.", 0},         {"צה\"ל האָט געוואַרט.", 0},
        {"זי זאָגט \"יאָ\".", 1},           {"Wir warten.", 0},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (has_quote(rows[i].text, strlen(rows[i].text)) != rows[i].quote)
            fail_msg("%s", rows[i].text);
}

static void test_questions(void **state)
{
    static const struct {
        const char *text;
        int question;
    } rows[] = {
        {"Wer wartet?", 1},
        {"„Wer wartet?“", 1},
        {"Sie fragt: „Wer wartet?“", 0},
        {"¿Quién espera?", 1},
        {"من ينتظر؟", 1},
        {"ننتظر.", 0},
        {"Ποιος περιμένει;", 1},
        {"Περιμένουμε·", 0},
        {"We wait;", 0},
        {"Ո՞վ է սպասում։", 1},
        {"Ո՞վ է սպասում:", 1},
        {"Սպասում ենք։", 0},
        {"«Ո՞վ է սպասում»,- հարցրեց նա։", 0},
        {"कौन रुकेगा?", 1},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (is_question(rows[i].text, strlen(rows[i].text))
            != rows[i].question)
            fail_msg("%s", rows[i].text);
}

/* A language made for the purpose: one list has the entries, in order. */
static struct language with_list(const char *code, enum list list,
                                 const char *words, const uint16_t *offsets,
                                 size_t count)
{
    struct language language = *language_find(code);

    for (int i = 0; i < LIST_COUNT; i++)
        language.lists[i].count = 0;
    language.lists[list] = (struct wordlist){words, offsets, count};
    language.leanings = NULL; /* they say what was in the lists */
    return language;
}

static void test_openings(void **state)
{
    static const struct {
        const char *code, *entry, *text;
        int leans;
    } rows[] = {
        {"tr", "ılık o", "ILIK O zaman", 1},
        {"tr", "ılık o", "„Ilık o zaman", 1},
        {"tr", "ılık o", "İlik o zaman", 0},
        {"tr", "ılık o", "Ilık oda", 0},
        {"el", "αυτος", "Αυτός μίλησε.", 0}, /* the σ is compared, not the ς */
        {"el", "αυτοσ", "Αυτός μίλησε.", 1},
        {"el", "αυτοσ", "ΑΥΤΟΣ ΜΙΛΗΣΕ.", 1},
        {"el", "αυτοσ", "— Αυτός\nμίλησε.", 1},
        {"ar", "لذلك", "لِذَلِكَ انتظرنا.", 1},
        {"ar", "لذلك", "لذلكم انتظرنا.", 0},
        {"hi", "लेकिन", "लेकिन हम रुके।", 1},
        {"hi", "लेकिन", "लेकिनहम रुके।", 0},
        {"hi", "वह", "वही रुका।", 0}, /* a vowel sign goes on with the word */
        {"sr", "zato", "Зато чекамо.", 1},
        {"hy", "բայց", "Բայց սպասում ենք։", 1},
        {"ta", "ஆனால்", "ஆனால் காத்திருந்தோம்.", 1},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint16_t offsets[2] = {0, (uint16_t) strlen(rows[i].entry)};
        struct language language = with_list(
            rows[i].code, i % 2 ? LIST_PRONOUNS : LIST_CONNECTIVES,
            rows[i].entry, offsets, 1);
        if (is_leaning(&language, rows[i].text, strlen(rows[i].text))
            != rows[i].leans)
            fail_msg("%s: %s", rows[i].code, rows[i].text);
    }
}

/* Is the answer the same, whether the bits of what entries begin with are
 * looked at or the lists are searched? */
static void answers_same(const struct language *language, const char *entry,
                         size_t size, const char *behind)
{
    struct language searched = *language;
    char text[256];

    searched.leanings = NULL;
    assert_true(size + strlen(behind) < sizeof text);
    memcpy(text, entry, size);
    memcpy(text + size, behind, strlen(behind) + 1);
    if (is_leaning(language, text, strlen(text))
        != is_leaning(&searched, text, strlen(text)))
        fail_msg("%s: %s", language->code, text);
}

static void test_leanings(void **state)
{
    static const enum list lists[] = {LIST_CONNECTIVES, LIST_PRONOUNS,
                                      LIST_OPENINGS, LIST_STOPWORDS};
    size_t entries = 0;

    (void) state;
    for (size_t l = 0; l < language_count; l++)
        for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
            const struct wordlist *list = &language_table[l].lists[lists[k]];
            for (size_t i = 0; i < list->count; i++) {
                const char *entry = list->words + list->offsets[i];
                size_t size =
                    (size_t) (list->offsets[i + 1] - list->offsets[i]);
                answers_same(&language_table[l], entry, size, " alpha.");
                answers_same(&language_table[l], entry, size, "a beta.");
                answers_same(&language_table[l], entry, size, "");
                entries += language_table[l].leanings != NULL;
            }
        }
    assert_true(entries > 1000);
}

/* ---- folding ---- */

static void test_fold_room(void **state)
{
    const struct language *serbian = language_find("sr");
    char out[16];

    (void) state;
    assert_int_equal(fold_word(serbian, "Џеп", 6, out, sizeof out), 5);
    assert_memory_equal(out, "džep", 5);
    assert_int_equal(fold_word(serbian, "Џеп", 6, out, 5), 5);
    for (size_t room = 0; room < 5; room++)
        assert_int_equal(fold_word(serbian, "Џеп", 6, out, room), 0);
    assert_int_equal(fold_word(language_find("fr"), "ABC", 3, out, 2), 0);
    assert_int_equal(fold_word(language_find("ar"), "\xD9\x8E", 2, out, 16), 0);
}

/* ---- the method credits ---- */

static void summary_of(const char *language, const char *method,
                       const char *text, const char *wanted_method)
{
    precis_engine *engine;
    precis_options options;
    precis_error error;
    const precis_result *result;
    size_t size;

    assert_int_equal(precis_engine_new(&engine, &error), 0);
    precis_options_init(&options);
    options.language = language;
    options.method = method;
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 1;
    options.explain = 1;
    if (precis_summarize(engine, text, strlen(text), &options, &result, &error)
        != 0)
        fail_msg("%s: %s", language, error.message);
    assert_string_equal(precis_result_method(result), wanted_method);
    assert_non_null(precis_result_summary(result, &size));
    assert_true(size > 0 && size < strlen(text));
    for (size_t i = 0; i < precis_result_segment_count(result); i++) {
        double score = precis_result_segment(result, i)->score;
        assert_true(score >= 0 && score <= 1);
    }
    precis_engine_free(engine);
}

/* Three sentences that any segmenter cuts, of made-up words. */
static const char article[] = "Bato miru senka bato. Bato senka lodi terun "
                              "gapo.\n\nMiru kapo lanta bato senka.\n";

static void test_credits(void **state)
{
    (void) state;
    for (size_t i = 0; i < language_count; i++) {
        const struct language *language = &language_table[i];
        int stops = language->lists[LIST_STOPWORDS].count > 0;
        /* one without stop words has nothing that the model could ask */
        assert_int_equal(language->models[0].word_odds != NULL, stops);
        assert_int_equal(language->models[1].word_odds != NULL, stops);
        summary_of(language->code, NULL, article,
                   stops ? "credits" : "frequency");
        summary_of(language->code, "frequency", article, "frequency");
    }
    assert_false(language_find("fr")->neutral);
    assert_true(language_find("de")->neutral);
}

/* The letters of a word say nothing to the neutral model: the same article in
 * longer words and in capitals has the same scores. */
static void test_neutral_letters(void **state)
{
    static const char *const texts[] = {
        "Bato miru senka bato. Bato senka lodi terun gapo. Miru kapo.",
        "Batobatobato Mirumiru SENKASENKA batobatobato. Batobatobato "
        "SENKASENKA Lodilodi terunterunterun gg. Mirumiru kk."};
    double scores[2][3];

    (void) state;
    for (size_t t = 0; t < 2; t++) {
        precis_engine *engine;
        precis_options options;
        precis_error error;
        const precis_result *result;

        assert_int_equal(precis_engine_new(&engine, &error), 0);
        precis_options_init(&options);
        options.language = "id";
        options.explain = 1;
        options.limit = PRECIS_LIMIT_SENTENCES;
        options.amount = 1;
        assert_int_equal(precis_summarize(engine, texts[t], strlen(texts[t]),
                                          &options, &result, &error), 0);
        assert_int_equal(precis_result_segment_count(result), 3);
        for (size_t i = 0; i < 3; i++)
            scores[t][i] = precis_result_segment(result, i)->score;
        precis_engine_free(engine);
    }
    for (size_t i = 0; i < 3; i++)
        assert_true(scores[0][i] == scores[1][i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_balanced),  cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_questions), cmocka_unit_test(test_openings),
        cmocka_unit_test(test_leanings),
        cmocka_unit_test(test_fold_room), cmocka_unit_test(test_credits),
        cmocka_unit_test(test_neutral_letters),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("scripts", tests, NULL, NULL);
}
