/* protocol/answer.c: requests answered by the engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/answer.h"

/* Linked with --wrap for these: after so many calls every one fails. */
static long mallocs_left = -1;

static int is_out_of_memory(void)
{
    if (mallocs_left > 0)
        mallocs_left--;
    else if (mallocs_left == 0)
        return 1;
    return 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return is_out_of_memory() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_out_of_memory() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return is_out_of_memory() ? NULL : __real_realloc(old, size);
}

static const char article[] =
    "La Lys est sortie de son lit dans la nuit de lundi \xC3\xA0 mardi. "
    "La crue de la Lys a inond\xC3\xA9 deux cents maisons d'Armenti\xC3\xA8res "
    "et coup\xC3\xA9 trois routes. Il pleut encore. La mairie a ouvert un "
    "gymnase pour les familles que la crue a chass\xC3\xA9"
    "es de leurs maisons. "
    "M. Durand, le maire, attend une seconde crue de la Lys jeudi.\n";

struct fixture {
    precis_engine *engine;
    struct request request;
    struct buffer header, body;
    struct answer_notes notes;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    if (fixture == NULL || precis_engine_new(&fixture->engine, NULL) != 0)
        return -1;
    request_init(&fixture->request);
    buffer_init(&fixture->header);
    buffer_init(&fixture->body);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    request_clear(&fixture->request);
    buffer_clear(&fixture->header);
    buffer_clear(&fixture->body);
    precis_engine_free(fixture->engine);
    free(fixture);
    return 0;
}

static int ask_about(struct fixture *fixture, const char *header,
                     const void *text, size_t size)
{
    request_clear(&fixture->request);
    assert_int_equal(
        request_parse(&fixture->request, header, strlen(header), NULL), 0);
    buffer_reset(&fixture->header);
    buffer_reset(&fixture->body);
    fixture->notes = (struct answer_notes){"none", 1000, 1000};
    return answer(fixture->engine, &fixture->request, text, size,
                  &fixture->header, &fixture->body, &fixture->notes);
}

static int ask(struct fixture *fixture, const char *header)
{
    return ask_about(fixture, header, article, sizeof article - 1);
}

/* The reply header as jansson sees it; owned. */
static json_t *reply(const struct fixture *fixture)
{
    json_t *tree = json_loadb(fixture->header.data, fixture->header.size,
                              JSON_REJECT_DUPLICATES, NULL);

    assert_false(fixture->header.failed);
    assert_false(fixture->body.failed);
    assert_non_null(tree);
    return tree;
}

static size_t number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_integer(value))
        fail_msg("%s is no whole number", key);
    assert_true(json_integer_value(value) >= 0);
    return (size_t) json_integer_value(value);
}

/* `keys` are all keys of the object, in this order. */
static void assert_keys(json_t *object, const char *keys)
{
    char found[512] = "";
    size_t size = 0;
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        size_t length = strlen(key);

        assert_true(size + length + 2 < sizeof found);
        if (size > 0)
            found[size++] = ' ';
        memcpy(found + size, key, length + 1);
        size += length;
    }
    assert_string_equal(found, keys);
}

#define PLACE "index start end char_start char_end source_start source_end"

static void a_summary_has_its_keys_in_order(void **state)
{
    struct fixture *fixture = *state;
    json_t *tree, *sentence;

    assert_int_equal(ask(fixture, "{\"id\":1.50,\"sentences\":2}"), 0);
    assert_memory_equal(fixture->header.data, "{\"id\":1.50,", 11);
    tree = reply(fixture);
    assert_keys(tree, "id status language language_confidence charset method "
                      "replaced sentences total_sentences words characters "
                      "short warnings version");
    assert_string_equal(json_string_value(json_object_get(tree, "status")),
                        "ok");
    assert_string_equal(json_string_value(json_object_get(tree, "version")),
                        precis_version());
    assert_int_equal(number(tree, "total_sentences"), 5);
    assert_int_equal(number(tree, "replaced"), 0);
    assert_true(json_is_false(json_object_get(tree, "short")));
    assert_int_equal(json_array_size(json_object_get(tree, "sentences")), 2);
    sentence = json_array_get(json_object_get(tree, "sentences"), 0);
    assert_keys(sentence, PLACE " score rank");
    json_decref(tree);
}

static void the_body_is_the_sentences(void **state)
{
    struct fixture *fixture = *state;
    json_t *tree, *sentences, *sentence;
    size_t i, at = 0;

    assert_int_equal(ask(fixture, "{\"sentences\":3,\"text\":true}"), 0);
    tree = reply(fixture);
    sentences = json_object_get(tree, "sentences");
    json_array_foreach(sentences, i, sentence)
    {
        const char *text = json_string_value(json_object_get(tree, "text"));
        size_t start = number(sentence, "start");
        size_t size = number(sentence, "end") - start;

        if (i > 0)
            assert_int_equal(fixture->body.data[at++], ' ');
        assert_true(at + size <= fixture->body.size);
        assert_memory_equal(fixture->body.data + at, text + start, size);
        /* the article is UTF-8 in NFC, so its bytes are those of the text */
        assert_int_equal(number(sentence, "source_start"), start);
        assert_int_equal(number(sentence, "source_end"), start + size);
        at += size;
    }
    assert_int_equal(at, fixture->body.size);
    json_decref(tree);
}

static void explain_shows_every_segment(void **state)
{
    struct fixture *fixture = *state;
    json_t *tree, *segments, *segment;
    size_t i, chosen = 0, reasons = 0;

    assert_int_equal(ask(fixture, "{\"sentences\":2,\"explain\":true}"), 0);
    tree = reply(fixture);
    segments = json_object_get(tree, "segments");
    assert_int_equal(json_array_size(segments), 5);
    json_array_foreach(segments, i, segment)
    {
        json_t *list = json_object_get(segment, "reasons");

        assert_keys(segment, "kind " PLACE " score rank words frequency "
                             "position redundancy reasons");
        assert_int_equal(number(segment, "index"), i);
        chosen += number(segment, "rank") > 0;
        reasons += json_array_size(list);
        if (json_array_size(list) > 0)
            assert_keys(json_array_get(list, 0), "term count first");
    }
    assert_int_equal(chosen, 2);
    assert_true(reasons > 0);
    json_decref(tree);
}

static void segment_chooses_nothing(void **state)
{
    struct fixture *fixture = *state;
    json_t *tree, *segments;

    assert_int_equal(ask(fixture, "{\"op\":\"segment\",\"id\":\"s\","
                                  "\"text\":true}"),
                     0);
    assert_int_equal(fixture->body.size, 0);
    tree = reply(fixture);
    assert_keys(tree, "id status language language_confidence charset "
                      "replaced total_sentences segments text warnings "
                      "version");
    segments = json_object_get(tree, "segments");
    assert_int_equal(json_array_size(segments), 5);
    assert_keys(json_array_get(segments, 0), "kind " PLACE " words");
    json_decref(tree);
}

static void keywords_have_a_summary_no_more(void **state)
{
    struct fixture *fixture = *state;
    json_t *tree;

    assert_int_equal(ask(fixture, "{\"op\":\"keywords\",\"sentences\":1,"
                                  "\"keywords\":2,\"explain\":true}"),
                     0);
    assert_int_equal(fixture->body.size, 0);
    tree = reply(fixture);
    assert_keys(tree, "status language language_confidence charset replaced "
                      "total_sentences keywords warnings version");
    assert_true(json_is_array(json_object_get(tree, "keywords")));
    json_decref(tree);
    assert_int_equal(
        ask(fixture, "{\"op\":\"keywords\",\"method\":\"x\"}"),
        PRECIS_EBAD_REQUEST);
}

static void detection_has_no_summary(void **state)
{
    struct fixture *fixture = *state;
    json_t *tree;

    assert_int_equal(ask(fixture, "{\"op\":\"detect\",\"sentences\":1,"
                                  "\"explain\":true,\"text\":true}"),
                     0);
    assert_int_equal(fixture->body.size, 0);
    tree = reply(fixture);
    assert_keys(tree, "status language language_confidence charset replaced "
                      "version");
    assert_string_equal(
        json_string_value(json_object_get(tree, "language")), "fr");
    json_decref(tree);
    assert_int_equal(
        ask(fixture, "{\"op\":\"detect\",\"language\":\"de\"}"), 0);
    tree = reply(fixture);
    assert_string_equal(
        json_string_value(json_object_get(tree, "language")), "de");
    assert_true(
        json_real_value(json_object_get(tree, "language_confidence")) == 1);
    json_decref(tree);
}

static void what_was_asked_for_is_there(void **state)
{
    struct fixture *fixture = *state;
    json_t *tree, *sentence;

    assert_int_equal(ask(fixture, "{\"compress\":true,\"keywords\":3}"), 0);
    tree = reply(fixture);
    assert_keys(tree, "status language language_confidence charset method "
                      "replaced sentences total_sentences words characters "
                      "short keywords warnings version");
    sentence = json_array_get(json_object_get(tree, "sentences"), 0);
    assert_keys(sentence, PLACE " score rank cuts");
    assert_true(json_is_array(json_object_get(sentence, "cuts")));
    json_decref(tree);
}

static void languages_are_listed(void **state)
{
    struct fixture *fixture = *state;
    json_t *tree, *languages, *language;
    size_t i;

    assert_int_equal(ask(fixture, "{\"op\":\"languages\"}"), 0);
    assert_int_equal(fixture->body.size, 0);
    tree = reply(fixture);
    assert_keys(tree, "status languages version");
    languages = json_object_get(tree, "languages");
    json_array_foreach(languages, i, language)
    {
        assert_keys(language, "code name");
        assert_string_equal(
            json_string_value(json_object_get(language, "code")),
            precis_language(i));
    }
    assert_true(i > 0);
    assert_null(precis_language(i));
    json_decref(tree);
}

static void assert_error(struct fixture *fixture, const char *code,
                         const char *key)
{
    json_t *tree = reply(fixture);
    json_t *error = json_object_get(tree, "error");

    assert_int_equal(fixture->body.size, 0);
    assert_string_equal(json_string_value(json_object_get(error, "code")),
                        code);
    assert_true(json_string_length(json_object_get(error, "message")) > 0);
    if (key == NULL)
        assert_null(json_object_get(error, "key"));
    else
        assert_string_equal(json_string_value(json_object_get(error, "key")),
                            key);
    json_decref(tree);
}

static void other_operations_are_unsupported(void **state)
{
    static const char *const headers[] = {
        "{\"op\":\"ping\"}", "{\"op\":\"status\"}", "{\"op\":\"metrics\"}"};
    struct fixture *fixture = *state;
    size_t i;

    for (i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        assert_int_equal(ask(fixture, headers[i]), PRECIS_EUNSUPPORTED);
        assert_error(fixture, "unsupported", NULL);
    }
}

static void errors_of_the_engine_are_replies(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(ask_about(fixture, "{\"id\":4}", " \n\t", 3),
                     PRECIS_EEMPTY);
    assert_memory_equal(fixture->header.data, "{\"id\":4,", 8);
    assert_error(fixture, "empty", NULL);
    assert_int_equal(ask_about(fixture, "{}", "", 0), PRECIS_EEMPTY);
    assert_error(fixture, "empty", NULL);
    assert_int_equal(ask(fixture, "{\"language\":\"xx\"}"),
                     PRECIS_EBAD_REQUEST);
    assert_error(fixture, "bad_request", "language");
    assert_int_equal(ask(fixture, "{\"charset\":\"../../etc/passwd\"}"),
                     PRECIS_EBAD_REQUEST);
    assert_error(fixture, "bad_request", "charset");
    assert_int_equal(ask(fixture, "{\"method\":\"magic\"}"),
                     PRECIS_EBAD_REQUEST);
    assert_error(fixture, "bad_request", "method");
    assert_int_equal(ask(fixture, "{\"characters\":1}"), PRECIS_EBAD_REQUEST);
    assert_error(fixture, "bad_request", "characters");
    assert_int_equal(ask(fixture, "{\"op\":\"segment\",\"charset\":\"x\"}"),
                     PRECIS_EBAD_REQUEST);
    assert_error(fixture, "bad_request", "charset");
}

static void the_limit_is_the_callers(void **state)
{
    struct fixture *fixture = *state;

    request_init(&fixture->request);
    fixture->request.options.article_limit = 10;
    assert_int_equal(answer(fixture->engine, &fixture->request, article,
                            sizeof article - 1, &fixture->header,
                            &fixture->body, NULL),
                     PRECIS_ETOO_LARGE);
    assert_error(fixture, "too_large", NULL);
}

static void undecodable_bytes_are_counted(void **state)
{
    static const char text[] = "La crue\xFF monte à Lille. "
                               "La Lys\xFF est fermée.";
    struct fixture *fixture = *state;
    json_t *tree;

    assert_int_equal(
        ask_about(fixture, "{\"text\":true}", text, sizeof text - 1), 0);
    tree = reply(fixture);
    assert_int_equal(number(tree, "replaced"), 2);
    assert_true(json_is_true(json_object_get(tree, "short")));
    assert_true(json_array_size(json_object_get(tree, "warnings")) > 0);
    assert_string_equal(json_string_value(json_object_get(tree, "text")),
                        "La crue\xEF\xBF\xBD monte à Lille. "
                        "La Lys\xEF\xBF\xBD est fermée.");
    json_decref(tree);
}

static void assert_notes(struct fixture *fixture, const char *header,
                         int has_sentences)
{
    static const char text[] = "La crue\xFF monte à Lille. "
                               "La Lys est fermée aux bateaux.";
    json_t *tree;

    assert_int_equal(ask_about(fixture, header, text, sizeof text - 1), 0);
    tree = reply(fixture);
    assert_string_equal(fixture->notes.language,
                        json_string_value(json_object_get(tree, "language")));
    assert_int_equal(number(tree, "replaced"), 1);
    assert_int_equal(fixture->notes.replaced, 1);
    assert_int_equal(fixture->notes.sentences,
                     has_sentences ? number(tree, "total_sentences") : 0);
    json_decref(tree);
}

static void the_notes_say_what_the_header_does(void **state)
{
    struct fixture *fixture = *state;

    assert_notes(fixture, "{\"language\":\"fr\"}", 1);
    assert_notes(fixture, "{\"op\":\"segment\",\"language\":\"fr\"}", 1);
    assert_notes(fixture, "{\"op\":\"keywords\",\"language\":\"fr\"}", 1);
    assert_notes(fixture, "{\"op\":\"detect\"}", 0);
    assert_int_equal(ask(fixture, "{\"op\":\"languages\"}"), 0);
    assert_null(fixture->notes.language);
    assert_int_equal(fixture->notes.sentences, 0);
    assert_int_equal(ask(fixture, "{\"characters\":1}"), PRECIS_EBAD_REQUEST);
    assert_string_equal(fixture->notes.language, "none"); /* left alone */
}

static void the_time_goes_last(void **state)
{
    struct fixture *fixture = *state;
    struct buffer empty;

    assert_int_equal(ask(fixture, "{\"op\":\"languages\"}"), 0);
    answer_finish(&fixture->header, 180);
    assert_true(fixture->header.size > 18);
    assert_memory_equal(fixture->header.data + fixture->header.size - 18,
                        ",\"elapsed_us\":180}", 18);
    json_decref(reply(fixture));
    buffer_init(&empty);
    answer_finish(&empty, 1);
    assert_int_equal(empty.size, 0);
    buffer_clear(&empty);
}

static void the_same_request_gets_the_same_bytes(void **state)
{
    static const char header[] =
        "{\"explain\":true,\"text\":true,\"words\":40}";
    struct fixture *fixture = *state;
    struct buffer first;

    buffer_init(&first);
    assert_int_equal(ask(fixture, header), 0);
    buffer_add(&first, fixture->header.data, fixture->header.size);
    assert_int_equal(ask(fixture, "{\"op\":\"segment\"}"), 0);
    assert_int_equal(ask(fixture, header), 0);
    assert_int_equal(first.size, fixture->header.size);
    assert_memory_equal(first.data, fixture->header.data, first.size);
    buffer_clear(&first);
}

/* Every allocation of a fresh engine and of its answer fails once. */
static void no_memory_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    int code = PRECIS_EINTERNAL;
    long calls;

    assert_int_equal(ask(fixture, "{\"explain\":true,\"text\":true}"), 0);
    for (calls = 0; code != 0; calls++) {
        precis_engine *engine = NULL;
        struct buffer header, body;

        assert_true(calls < 10000);
        buffer_init(&header);
        buffer_init(&body);
        mallocs_left = calls;
        code = precis_engine_new(&engine, NULL);
        if (code == 0)
            code = answer(engine, &fixture->request, article,
                          sizeof article - 1, &header, &body, NULL);
        mallocs_left = -1;
        assert_true(code == 0 || code == PRECIS_EINTERNAL);
        if (code == 0) {
            assert_false(header.failed || body.failed);
            assert_int_equal(header.size, fixture->header.size);
            assert_memory_equal(header.data, fixture->header.data, header.size);
        }
        buffer_clear(&header);
        buffer_clear(&body);
        precis_engine_free(engine);
    }
    assert_true(calls > 3);
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_summary_has_its_keys_in_order),
        TEST(the_body_is_the_sentences),
        TEST(explain_shows_every_segment),
        TEST(segment_chooses_nothing),
        TEST(languages_are_listed),
        TEST(keywords_have_a_summary_no_more),
        TEST(detection_has_no_summary),
        TEST(what_was_asked_for_is_there),
        TEST(other_operations_are_unsupported),
        TEST(errors_of_the_engine_are_replies),
        TEST(the_limit_is_the_callers),
        TEST(undecodable_bytes_are_counted),
        TEST(the_notes_say_what_the_header_does),
        TEST(the_time_goes_last),
        TEST(the_same_request_gets_the_same_bytes),
        TEST(no_memory_is_an_error),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
