/* engine/engine.c: the same article has the same summary, whatever the engine
 * did before, and whatever stands behind the article. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "tests/engine/article.h"
#include "tests/engine/summarizing.h"

/* All that a result says, as text. */
static size_t print_all(const precis_result *result, char *out, size_t room)
{
    size_t size, used;
    const char *summary = precis_result_summary(result, &size);

    used = (size_t) snprintf(
        out, room, "%.*s\n%zu %zu %zu %d\n", (int) size, summary,
        precis_result_words(result), precis_result_characters(result),
        precis_result_total_sentences(result), precis_result_is_short(result));
    for (size_t i = 0; i < precis_result_segment_count(result); i++) {
        const precis_sentence *s = precis_result_segment(result, i);
        used += (size_t) snprintf(
            out + used, room - used, "%d %zu %zu %zu %a %a %a %a %zu %zu\n",
            (int) s->kind, s->start, s->end, s->words, s->score, s->frequency,
            s->position, s->redundancy, s->rank, s->reason_count);
        for (size_t k = 0; k < s->reason_count; k++)
            used += (size_t) snprintf(out + used, room - used, "%.*s %zu %zu\n",
                                      (int) s->reasons[k].term_size,
                                      s->reasons[k].term, s->reasons[k].count,
                                      s->reasons[k].first);
    }
    assert_true(used < room);
    return used;
}

/* Fills an engine's vocabulary and arena with something else. */
static void use(precis_engine *of)
{
    size_t size = 300000;
    char *text = malloc(size);
    const precis_result *result;

    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = "abcdefghijklm .nopqrst "[(i * i / 7 + i / 3) % 23];
    assert_int_equal(
        precis_summarize(of, text, size, &options, &result, &error), 0);
    free(text);
}

static void test_repeated(void **state)
{
    static char first[20000], again[20000];
    const precis_result *refused = NULL;
    precis_engine *fresh;

    (void) state;
    options.explain = 1;
    print_all(summary_of(engine, article, sizeof article - 1), first,
              sizeof first);
    for (int i = 0; i < 20; i++) {
        print_all(summary_of(engine, article, sizeof article - 1), again,
                  sizeof again);
        assert_string_equal(first, again);
        if (i % 5 == 0)
            use(engine);
        else if (i % 5 == 1) /* an error in between */
            assert_int_equal(precis_summarize(engine, " ", 1, &options,
                                              &refused, &error),
                             PRECIS_EEMPTY);
    }
    assert_null(refused);
    for (int i = 0; i < 10; i++) { /* another key of the hash each */
        assert_int_equal(precis_engine_new(&fresh, &error), 0);
        print_all(summary_of(fresh, article, sizeof article - 1), again,
                  sizeof again);
        assert_string_equal(first, again);
        precis_engine_free(fresh);
    }
}

/* What stands behind the article in memory is not looked at. */
static void test_bounds(void **state)
{
    char wanted[4000];

    (void) state;
    options.language = "fr"; /* a few letters are of any language */
    for (size_t size = sizeof article - 1; size > 0; size--) {
        char *alone = malloc(size), *followed = malloc(size + 200);
        const precis_result *result;
        const char *summary;
        size_t length, again;
        assert_true(alone != NULL && followed != NULL);
        memcpy(alone, article, size);
        memcpy(followed, article, size);
        memset(followed + size, size % 2 == 0 ? 'e' : 0xBB, 200);
        result = summary_of(engine, alone, size);
        summary = precis_result_summary(result, &length);
        memcpy(wanted, summary, length);
        result = summary_of(engine, followed, size);
        summary = precis_result_summary(result, &again);
        assert_int_equal(length, again);
        assert_memory_equal(summary, wanted, length);
        free(alone);
        free(followed);
    }
}

/* What an engine keeps of one language, or of words for one method, is not
 * taken for another's. */
static void test_by_turns(void **state)
{
    static const char *const turns[][2] = {
        {"fr", "credits"},   {"en", "frequency"}, {"fr", "frequency"},
        {"de", "textrank"},  {"und", "frequency"}, {"fr", "credits"},
        {"hy", "frequency"}, {"fr", "lead"},      {"fr", "credits"},
    };

    (void) state;
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        const precis_result *result, *expected;
        precis_engine *other;
        const char *summary, *wanted;
        size_t size, wanted_size;
        options.language = turns[i][0];
        options.method = turns[i][1];
        options.keywords = i % 2 == 0 ? 0 : 5;
        assert_int_equal(precis_engine_new(&other, NULL), 0);
        assert_int_equal(precis_summarize(other, article, sizeof article - 1,
                                          &options, &expected, &error), 0);
        assert_int_equal(precis_summarize(engine, article, sizeof article - 1,
                                          &options, &result, &error), 0);
        summary = precis_result_summary(result, &size);
        wanted = precis_result_summary(expected, &wanted_size);
        assert_int_equal(size, wanted_size);
        assert_memory_equal(summary, wanted, size);
        precis_engine_free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_repeated, defaults),
        cmocka_unit_test_setup(test_bounds, defaults),
        cmocka_unit_test_setup(test_by_turns, defaults),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
