/* clients/reasons.c and spans.c: a reply in words, and what of the text is in
 * the summary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "clients/reasons.h"
#include "clients/spans.h"

static precis_reply *parse(const char *header)
{
    precis_reply *reply = NULL;

    assert_int_equal(
        precis_reply_parse(&reply, header, strlen(header), "", 0, NULL), 0);
    return reply;
}

/* ---- reasons ---- */

#define N "\xC2\xA0" /* no line ends here */

/* The reasons of the first segment. */
static void assert_reasons(const char *header, int no_quotes,
                           const char *wanted)
{
    precis_reply *reply = parse(header);
    precis_reply_sentence segment;
    struct reasons reasons;
    struct buffer out;

    reasons_init(&reasons, reply, no_quotes);
    buffer_init(&out);
    assert_int_equal(precis_reply_segment_at(reply, 0, &segment), 0);
    reasons_add(&reasons, &segment, &out);
    buffer_add(&out, "", 1);
    assert_false(out.failed);
    assert_string_equal(out.data, wanted);
    buffer_clear(&out);
    precis_reply_free(reply);
}

/* A reply whose one segment has these members. */
static void assert_segment(const char *language, const char *members,
                           const char *wanted)
{
    char header[500];

    snprintf(header, sizeof header,
             "{\"status\":\"ok\",\"language\":\"%s\",\"segments\":["
             "{\"kind\":\"sentence\",\"index\":4,\"rank\":1,%s}]}",
             language, members);
    assert_reasons(header, 0, wanted);
}

static void it_says_which_terms(void **state)
{
    (void) state;
    assert_segment("fr",
                   "\"reasons\":["
                   "{\"term\":\"Mossoul\",\"count\":9,\"first\":0},"
                   "{\"term\":\"front\",\"count\":3,\"first\":4}]",
                   "«" N "Mossoul" N "», 9" N "fois, dès la" N "1re" N
                   "phrase" N "; «" N "front" N "», 3" N "fois, d'abord ici");
    assert_segment("fr",
                   "\"reasons\":["
                   "{\"term\":\"port\",\"count\":2,\"first\":1},"
                   "{\"term\":\"cap\",\"count\":1,\"first\":4}]",
                   "«" N "port" N "», 2" N "fois, dès la" N "2e" N "phrase" N
                   "; «" N "cap" N "», une" N "fois");
    assert_segment("en",
                   "\"reasons\":["
                   "{\"term\":\"Mosul\",\"count\":9,\"first\":0},"
                   "{\"term\":\"front\",\"count\":3,\"first\":2},"
                   "{\"term\":\"cape\",\"count\":1,\"first\":4}]",
                   "\"Mosul\", 9" N "times, from sentence" N
                   "1 on; \"front\", 3" N "times, from sentence" N
                   "3 on; \"cape\", once");
    assert_segment("fr", "\"reasons\":[]", "aucun mot que l'article répète");
    assert_segment("en", "\"position\":0.5,\"redundancy\":0.126",
                   "no word that the article repeats; its place counts 50" N
                   "%; 13" N "% was said by those chosen before it");
}

static void it_says_what_kept_a_sentence_out(void **state)
{
    static const struct {
        const char *text; /* JSON */
        int no_quotes;
        const char *wanted;
    } rows[] = {
        {"Il pleut.", 0, ""},
        {"Il pleut ?", 0, "; passed over: a question"},
        {"Il pleut?\\\"", 0,
         "; passed over: its quotation goes on in another sentence"},
        {"\\\"Il pleut ? \\\"", 0, "; passed over: a question"},
        {"« Il pleut ? »", 0, "; passed over: a question"},
        {"« Il pleut.", 0,
         "; passed over: its quotation goes on in another sentence"},
        {"« Il pleut. »", 0, ""},
        {"« Il pleut. »", 1, "; passed over: a quotation"},
        {"Dit-il : \\\"Non.\\\"", 1, "; passed over: a quotation"},
        {"Il pleut.", 1, ""},
        {"?", 0, "; passed over: a question"},
        {"\\\"\\\"", 0, ""},
    };
    char header[400], wanted[200];
    size_t i;

    (void) state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        precis_reply *reply;
        size_t size;

        snprintf(header, sizeof header,
                 "{\"status\":\"ok\",\"segments\":[],\"text\":\"%s\"}",
                 rows[i].text);
        reply = parse(header);
        precis_reply_text(reply, &size);
        precis_reply_free(reply);
        snprintf(header, sizeof header,
                 "{\"status\":\"ok\",\"segments\":[{\"kind\":\"sentence\","
                 "\"start\":0,\"end\":%zu}],\"text\":\"%s\"}",
                 size, rows[i].text);
        snprintf(wanted, sizeof wanted, "no word that the article repeats%s",
                 rows[i].wanted);
        assert_reasons(header, rows[i].no_quotes, wanted);
    }
    assert_reasons("{\"status\":\"ok\",\"segments\":[{\"kind\":\"heading\"}]}",
                   0, "sub-heading, never chosen");
    assert_reasons("{\"status\":\"ok\",\"language\":\"fr\",\"segments\":[{"
                   "\"kind\":\"other\"}]}",
                   0, "légende, signature ou renvoi, jamais retenu");
}

static void it_says_who_said_it_already(void **state)
{
    static const char header[] =
        "{\"status\":\"ok\",\"text\":\"Un port.\",\"segments\":["
        "{\"kind\":\"sentence\",\"index\":0,\"reasons\":["
        "{\"term\":\"port\",\"count\":3,\"first\":0}]},"
        "{\"kind\":\"sentence\",\"index\":1,\"rank\":2,\"reasons\":["
        "{\"term\":\"cap\",\"count\":3,\"first\":1}]},"
        "{\"kind\":\"sentence\",\"index\":6,\"rank\":1,\"reasons\":["
        "{\"term\":\"mer\",\"count\":4,\"first\":2},"
        "{\"term\":\"port\",\"count\":3,\"first\":0}]}]}";

    (void) state;
    assert_reasons(header, 0,
                   "\"port\", 3" N "times, from sentence" N
                   "1 on; words that sentence" N "7 has, which was chosen");
}

static void it_bears_wrong_offsets(void **state)
{
    (void) state;
    assert_reasons("{\"status\":\"ok\",\"segments\":[{\"kind\":\"sentence\","
                   "\"start\":9,\"end\":4}],\"text\":\"Il pleut ?\"}",
                   0, "no word that the article repeats");
    assert_reasons("{\"status\":\"ok\",\"segments\":[{\"kind\":\"sentence\","
                   "\"start\":4,\"end\":99}],\"text\":\"Il pleut ?\"}",
                   0, "no word that the article repeats");
    assert_reasons("{\"status\":\"ok\",\"segments\":[{\"kind\":\"sentence\","
                   "\"start\":0,\"end\":9}]}",
                   1, "no word that the article repeats");
}

/* ---- spans ---- */

static void assert_spans(const char *sentences, const char *wanted)
{
    char header[400], got[200] = "";
    precis_reply *reply;
    struct spans spans;
    size_t used = 0;
    size_t i;

    snprintf(header, sizeof header,
             "{\"status\":\"ok\",\"text\":\"0123456789\",\"sentences\":[%s]}",
             sentences);
    reply = parse(header);
    spans_find(&spans, reply);
    for (i = 0; i < spans.count; i++)
        used += (size_t) snprintf(got + used, sizeof got - used, "%zu-%zu ",
                                  spans.rows[i].start, spans.rows[i].end);
    assert_string_equal(got, wanted);
    spans_clear(&spans);
    precis_reply_free(reply);
}

static void it_finds_what_is_shown(void **state)
{
    (void) state;
    assert_spans("", "");
    assert_spans("{\"start\":5,\"end\":8},{\"start\":0,\"end\":3}", "0-3 5-8 ");
    assert_spans("{\"start\":0,\"end\":8,\"cuts\":[[0,2],[4,5],[7,8]]}",
                 "2-4 5-7 ");
    assert_spans("{\"start\":0,\"end\":8,\"cuts\":[[0,8]]}", "");
    /* Whatever the service says. */
    assert_spans("{\"start\":5,\"end\":3},{\"start\":8,\"end\":11},7", "");
    assert_spans("{\"start\":0,\"end\":6},{\"start\":4,\"end\":9}", "0-6 ");
    assert_spans("{\"start\":2,\"end\":6,\"cuts\":[[5,9],[0,3],[4,3],7]}",
                 "2-6 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_which_terms),
        cmocka_unit_test(it_says_what_kept_a_sentence_out),
        cmocka_unit_test(it_says_who_said_it_already),
        cmocka_unit_test(it_bears_wrong_offsets),
        cmocka_unit_test(it_finds_what_is_shown),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
