/* engine/readable.c: sentences that read badly by themselves. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/readable.h"

typedef int asked(const char *text, size_t size);

/* In memory of just its size, so that a sanitizer sees a byte too many. */
static int ask(asked *question, const char *text)
{
    size_t size = strlen(text);
    char *copy = malloc(size == 0 ? 1 : size);
    int answer;

    assert_non_null(copy);
    memcpy(copy, text, size);
    answer = question(copy, size);
    free(copy);
    return answer != 0;
}

static void answers(asked *question, const char *const *texts, int wanted)
{
    for (; *texts != NULL; texts++)
        if (ask(question, *texts) != wanted)
            fail_msg("%s: not %d", *texts, wanted);
}

static void test_balanced(void **state)
{
    static const char *const yes[] = {
        "", "Il pleut.", "\"Il pleut\", dit-il (hier).",
        "« Il “pleut” ».", NULL,
    };
    static const char *const no[] = {
        "\"Il pleut.", "« Il pleut.", "Il pleut ».", "“Il pleut.",
        "Il pleut (hier.", "Il pleut hier).", "« Il pleut\"", NULL,
    };

    (void) state;
    answers(is_balanced, yes, 1);
    answers(is_balanced, no, 0);
}

/* A mark wherever it may stand, in texts that are read in several steps. */
static void test_places(void **state)
{
    static const char *const marks[] = { "\"\"", "()" };
    char text[70];

    (void) state;
    for (size_t size = 2; size <= sizeof text; size++)
        for (size_t i = 0; i + 1 < 2 * size; i++) {
            const char *pair = marks[i / size];
            size_t at = i % size;
            if (at + 1 == size)
                continue;
            memset(text, 'a', size);
            text[at] = pair[0];
            assert_int_equal(is_balanced(text, size), 0);
            text[size - 1] = pair[1];
            assert_int_equal(is_balanced(text, size), 1);
        }
}

/* As many as bytes can count, and more. */
static void test_many(void **state)
{
    static char text[5000];

    (void) state;
    memset(text, '"', sizeof text);
    for (size_t size = 4000; size <= sizeof text; size++)
        assert_int_equal(is_balanced(text, size), size % 2 == 0);
    memset(text, '(', sizeof text / 2);
    memset(text + sizeof text / 2, ')', sizeof text / 2);
    for (size_t less = 0; less < 2000; less++)
        assert_int_equal(is_balanced(text + less, sizeof text - 2 * less), 1);
    assert_int_equal(is_balanced(text + 1000, 4000), 0);
}

static void test_quote(void **state)
{
    static const char *const yes[] = {
        "Il \"pleut\".", "«", "»", "Il pleut”", "“", "‘Il pleut’",
        NULL,
    };
    static const char *const no[] = {
        "", "Il pleut.", "L'été, l\xE2\x80\x99hiver.", NULL,
    };

    (void) state;
    answers(has_quote, yes, 1);
    answers(has_quote, no, 0);
}

static void test_question(void **state)
{
    static const char *const yes[] = {
        "Pleut-il ?", "?", "Pleut-il ? ", "Pleut-il ?)", "« Pleut-il ? »",
        "\"Pleut-il ?\"", NULL,
    };
    static const char *const no[] = {
        "", " ", "Il pleut.", "\"Pleut-il ?\", demande le maire.",
        "Le maire demande : \"Pleut-il ?\"", "Pleut-il ? Oui.", NULL,
    };

    (void) state;
    answers(is_question, yes, 1);
    answers(is_question, no, 0);
}

static void test_talk(void **state)
{
    static const char *const yes[] = {
        "– Il pleut.", "— Il pleut.", "Pleut-il ?", NULL,
    };
    static const char *const no[] = {"", "- Il pleut.", "Il pleut –", NULL};

    (void) state;
    answers(is_talk, yes, 1);
    answers(is_talk, no, 0);
}

static int leans(const char *text, size_t size)
{
    return is_leaning(language_find("fr"), text, size);
}

static void test_leaning(void **state)
{
    static const char *const yes[] = {
        "Il part demain.", "Elle dort.", "Mais la mer monte.",
        "« Il part », dit-elle.", "Par ailleurs, la mer monte.",
        "D'ailleurs, la mer monte.", "D\xE2\x80\x99" "ailleurs, la mer monte.",
        "Par\xC2\xA0" "ailleurs, la mer monte.", "IL PART", "Ils", NULL,
    };
    static const char *const no[] = {
        "", "...", "Le maire part.", "Ilona part.", "Maisons à vendre.",
        "Il y a du vent.", "Celui qui part paiera.", "Il faut partir.", NULL,
    };
    static const char *const english[] = {"It rains.", "But it rains.", NULL};
    const struct language *none = language_find("und");

    (void) state;
    answers(leans, yes, 1);
    answers(leans, no, 0);
    for (size_t i = 0; english[i] != NULL; i++) {
        size_t size = strlen(english[i]);
        assert_true(is_leaning(language_find("en"), english[i], size));
        assert_false(is_leaning(none, english[i], size));
    }
}

/* An opening longer than what is looked at, of letters of any size. */
static void test_long(void **state)
{
    char text[400];

    (void) state;
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, '.', shift);
        for (size_t i = shift; i + 4 <= sizeof text; i += 4)
            memcpy(text + i, "\xF0\x90\x90\x80", 4);
        assert_false(leans(text, shift + (sizeof text - shift) / 4 * 4));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_balanced), cmocka_unit_test(test_places),
        cmocka_unit_test(test_many),     cmocka_unit_test(test_quote),
        cmocka_unit_test(test_question), cmocka_unit_test(test_talk),
        cmocka_unit_test(test_leaning),  cmocka_unit_test(test_long),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
