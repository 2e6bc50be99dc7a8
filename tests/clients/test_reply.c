/* clients/reply.c: replies good, bad and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "clients/precis-client.h"

static precis_reply *parse(const char *header, const char *body)
{
    precis_reply *reply = NULL;
    precis_error error;

    assert_int_equal(precis_reply_parse(&reply, header, strlen(header), body,
                                        strlen(body), &error),
                     0);
    return reply;
}

static void it_reads_a_summary(void **state)
{
    static const char header[] =
        "{\"id\":7,\"status\":\"ok\",\"language\":\"fr\",\"charset\":\"UTF-8\","
        "\"replaced\":2,\"sentences\":[{\"index\":3,\"start\":5,\"end\":9,"
        "\"char_start\":4,\"char_end\":8,\"source_start\":5,"
        "\"source_end\":9,\"score\":0.500000,\"rank\":1}],"
        "\"short\":true,\"warnings\":[\"one\",\"two\"],"
        "\"text\":\"a\\u00e9b\",\"version\":\"0.1.0\"}";
    precis_reply *reply = parse(header, "Il pleut.");
    precis_reply_sentence sentence;
    precis_error error;
    size_t size;

    (void) state;
    assert_int_equal(precis_reply_code(reply), 0);
    precis_reply_error(reply, &error);
    assert_int_equal(error.code, 0);
    assert_string_equal(precis_reply_summary(reply, &size), "Il pleut.");
    assert_int_equal(size, 9);
    assert_string_equal(precis_reply_header(reply, &size), header);
    assert_string_equal(precis_reply_language(reply), "fr");
    assert_string_equal(precis_reply_charset(reply), "UTF-8");
    assert_string_equal(precis_reply_version(reply), "0.1.0");
    assert_string_equal(precis_reply_text(reply, &size), "a\xC3\xA9"
                                                         "b");
    assert_int_equal(size, 4);
    assert_int_equal(precis_reply_replaced(reply), 2);
    assert_true(precis_reply_is_short(reply));
    assert_int_equal(precis_reply_warning_count(reply), 2);
    assert_string_equal(precis_reply_warning(reply, 1), "two");
    assert_null(precis_reply_warning(reply, 2));
    assert_int_equal(precis_reply_number(reply, "id", -1), 7);
    assert_int_equal(precis_reply_number(reply, "none", -1), -1);
    assert_int_equal(precis_reply_sentence_count(reply), 1);
    assert_int_equal(precis_reply_sentence_at(reply, 0, &sentence), 0);
    assert_string_equal(sentence.kind, "sentence");
    assert_int_equal(sentence.index, 3);
    assert_int_equal(sentence.start, 5);
    assert_int_equal(sentence.char_end, 8);
    assert_int_equal(sentence.rank, 1);
    assert_true(sentence.score > 0.49 && sentence.score < 0.51);
    assert_int_equal(precis_reply_sentence_at(reply, 1, &sentence), -1);
    assert_int_equal(precis_reply_segment_count(reply), 0);
    precis_reply_free(reply);
}

static void it_reads_segments(void **state)
{
    precis_reply *reply = parse(
        "{\"status\":\"ok\",\"segments\":[{\"kind\":\"heading\",\"words\":4},"
        "{\"kind\":\"sentence\",\"position\":1.000000,\"reasons\":["
        "{\"term\":\"loups\",\"count\":4,\"first\":2},{\"term\":7},"
        "{\"term\":\"a\"},{\"term\":\"b\"},{\"term\":\"c\"}]}]}",
        "");
    precis_reply_sentence segment;

    (void) state;
    assert_int_equal(precis_reply_segment_count(reply), 2);
    assert_int_equal(precis_reply_segment_at(reply, 0, &segment), 0);
    assert_string_equal(segment.kind, "heading");
    assert_int_equal(segment.words, 4);
    assert_int_equal(segment.reason_count, 0);
    assert_int_equal(precis_reply_segment_at(reply, 1, &segment), 0);
    assert_int_equal(segment.reason_count, 3);
    assert_string_equal(segment.reasons[0].term, "loups");
    assert_int_equal(segment.reasons[0].count, 4);
    assert_int_equal(segment.reasons[0].first, 2);
    assert_string_equal(segment.reasons[2].term, "b");
    precis_reply_free(reply);
}

static void it_reads_a_detection(void **state)
{
    precis_reply *reply =
        parse("{\"status\":\"ok\",\"language\":\"und\","
              "\"language_confidence\":0.750000,\"looks_like\":\"Czech\","
              "\"charset\":\"windows-1250\",\"replaced\":0}",
              "");

    (void) state;
    assert_string_equal(precis_reply_language(reply), "und");
    assert_true(precis_reply_language_confidence(reply) == 0.75);
    assert_string_equal(precis_reply_looks_like(reply), "Czech");
    precis_reply_free(reply);
    reply = parse("{\"status\":\"ok\"}", "");
    assert_true(precis_reply_language_confidence(reply) == 0);
    assert_null(precis_reply_looks_like(reply));
    precis_reply_free(reply);
}

static void it_reads_cuts_and_keywords(void **state)
{
    precis_reply *reply =
        parse("{\"status\":\"ok\",\"sentences\":[{\"start\":0,\"end\":40,"
              "\"cuts\":[[5,12],[30,38],7,[-1,\"x\"]]},{\"start\":41}],"
              "\"keywords\":[{\"term\":\"mar\u00e9e\",\"score\":1.000000,"
              "\"count\":4},{\"term\":7},{\"term\":\"port\"}]}",
              "");
    precis_reply_keyword keyword;
    precis_reply_span cut;

    (void) state;
    assert_int_equal(precis_reply_cut_count(reply, 0), 4);
    assert_int_equal(precis_reply_cut_at(reply, 0, 1, &cut), 0);
    assert_int_equal(cut.start, 30);
    assert_int_equal(cut.end, 38);
    assert_int_equal(precis_reply_cut_at(reply, 0, 2, &cut), 0);
    assert_int_equal(cut.end, 0);
    assert_int_equal(precis_reply_cut_at(reply, 0, 3, &cut), 0);
    assert_int_equal(cut.start, 0);
    assert_int_equal(precis_reply_cut_at(reply, 0, 4, &cut), -1);
    assert_int_equal(precis_reply_cut_count(reply, 1), 0);
    assert_int_equal(precis_reply_cut_count(reply, 2), 0);
    assert_int_equal(precis_reply_cut_at(reply, 2, 0, &cut), -1);

    assert_int_equal(precis_reply_keyword_count(reply), 3);
    assert_int_equal(precis_reply_keyword_at(reply, 0, &keyword), 0);
    assert_string_equal(keyword.term, "mar\xC3\xA9"
                                      "e");
    assert_int_equal(keyword.term_size, 6);
    assert_int_equal(keyword.count, 4);
    assert_true(keyword.score > 0.99);
    assert_int_equal(precis_reply_keyword_at(reply, 1, &keyword), -1);
    assert_int_equal(precis_reply_keyword_at(reply, 2, &keyword), 0);
    assert_int_equal(keyword.count, 0);
    assert_int_equal(precis_reply_keyword_at(reply, 3, &keyword), -1);
    precis_reply_free(reply);

    reply = parse("{\"status\":\"ok\",\"sentences\":[{\"cuts\":{}}],"
                  "\"keywords\":{}}",
                  "");
    assert_int_equal(precis_reply_keyword_count(reply), 0);
    assert_int_equal(precis_reply_cut_count(reply, 0), 0);
    precis_reply_free(reply);
}

static void it_reads_errors(void **state)
{
    precis_reply *reply =
        parse("{\"status\":\"error\",\"error\":{\"code\":\"busy\",\"message\":"
              "\"full\",\"key\":\"op\",\"offset\":12,\"retry_after_ms\":50}}",
              "");
    precis_error error;

    (void) state;
    assert_int_equal(precis_reply_code(reply), PRECIS_EBUSY);
    assert_int_equal(precis_reply_retry_after_ms(reply), 50);
    precis_reply_error(reply, &error);
    assert_int_equal(error.code, PRECIS_EBUSY);
    assert_string_equal(error.message, "full");
    assert_string_equal(error.key, "op");
    assert_int_equal(error.offset, 12);
    precis_reply_free(reply);

    reply = parse("{\"status\":\"error\",\"error\":{\"code\":\"later\"}}", "");
    assert_int_equal(precis_reply_code(reply), PRECIS_EINTERNAL);
    assert_int_equal(precis_reply_retry_after_ms(reply), 0);
    precis_reply_error(reply, &error);
    assert_int_equal(error.offset, -1);
    assert_true(error.message[0] != '\0');
    precis_reply_free(reply);
}

static void it_refuses_what_it_cannot_read(void **state)
{
    static const char *const bad[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"status\":7}",
        "{\"status\":\"maybe\"}",
        "{\"status\":\"error\"}",
        "{\"status\":\"error\",\"error\":{}}",
        "{\"status\":\"error\",\"error\":{\"code\":1}}",
        "{\"status\":\"ok\",\"status\":\"ok\"}",
        "{\"status\":\"ok\"",
        "{\"status\":\"ok\"}x",
        "{\"status\":\"o\xFF\"}"};
    precis_reply *reply = NULL;
    precis_error error;
    size_t i;

    (void) state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(
            precis_reply_parse(&reply, bad[i], strlen(bad[i]), NULL, 0, &error),
            PRECIS_EBAD_REPLY);
        assert_int_equal(error.code, PRECIS_EBAD_REPLY);
        assert_null(reply);
    }
    assert_int_equal(precis_reply_parse(&reply, NULL, 0, NULL, 0, NULL),
                     PRECIS_EBAD_REPLY);
    precis_reply_free(NULL);
}

static void it_bears_wrong_types(void **state)
{
    precis_reply *reply =
        parse("{\"status\":\"ok\",\"sentences\":[7,{\"start\":-1,\"end\":\"x\","
              "\"kind\":null,\"reasons\":{}}],\"segments\":{},\"warnings\":[1],"
              "\"text\":1,\"language\":[],\"short\":1,\"replaced\":-4}",
              "");
    precis_reply_sentence sentence;
    size_t size;

    (void) state;
    assert_int_equal(precis_reply_sentence_at(reply, 0, &sentence), -1);
    assert_int_equal(precis_reply_sentence_at(reply, 1, &sentence), 0);
    assert_int_equal(sentence.start, 0);
    assert_int_equal(sentence.end, 0);
    assert_int_equal(sentence.reason_count, 0);
    assert_int_equal(precis_reply_segment_count(reply), 0);
    assert_null(precis_reply_warning(reply, 0));
    assert_null(precis_reply_text(reply, &size));
    assert_null(precis_reply_language(reply));
    assert_false(precis_reply_is_short(reply));
    assert_int_equal(precis_reply_replaced(reply), 0);
    precis_reply_free(reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_a_summary),
        cmocka_unit_test(it_reads_segments),
        cmocka_unit_test(it_reads_a_detection),
        cmocka_unit_test(it_reads_cuts_and_keywords),
        cmocka_unit_test(it_reads_errors),
        cmocka_unit_test(it_refuses_what_it_cannot_read),
        cmocka_unit_test(it_bears_wrong_types),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
