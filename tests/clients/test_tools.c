/* clients/terminal.c, members.c, source.c, ndjson.c, seconds.c. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/members.h"
#include "clients/ndjson.h"
#include "clients/preset.h"
#include "clients/seconds.h"
#include "clients/source.h"
#include "clients/terminal.h"

/* ---- terminal.c ---- */

static void it_reads_utf8(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        unsigned character;
    } rows[] = {
        {"a", 1, 'a'},
        {"\xC3\xA9", 2, 0xE9},
        {"\xE2\x82\xAC", 3, 0x20AC},
        {"\xF0\x9F\x98\x80", 4, 0x1F600},
        {"\xC3", 1, 0xFFFD},
        {"\xC0\x80", 1, 0xFFFD},
        {"\xED\xA0\x80", 1, 0xFFFD},
        {"\xF4\x90\x80\x80", 1, 0xFFFD},
        {"\x80", 1, 0xFFFD},
        {"\xE0\x9F\xBF", 1, 0xFFFD},
        {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
    };
    size_t i;

    (void) state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned character = 0;

        assert_int_equal(
            utf8_next(rows[i].text, strlen(rows[i].text), &character),
            rows[i].length);
        assert_int_equal(character, rows[i].character);
    }
    assert_int_equal(utf8_invalid("caf\xC3\xA9", 5), 5);
    assert_int_equal(utf8_invalid("caf\xE9", 4), 3);
    assert_int_equal(utf8_invalid("", 0), 0);
}

typedef void writer(FILE *stream, const char *text, size_t size);

static void assert_written(writer *write, const char *text, const char *wanted)
{
    char *data = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&data, &size);

    write(stream, text, strlen(text));
    fclose(stream);
    assert_string_equal(data, wanted);
    free(data);
}

static void cut_10(FILE *stream, const char *text, size_t size)
{
    terminal_write_cut(stream, text, size, 10);
}

static void wrap_10(FILE *stream, const char *text, size_t size)
{
    terminal_write_wrapped(stream, text, size, 2, 10);
}

static void it_wraps_lines(void **state)
{
    (void) state;
    assert_written(wrap_10, "", "");
    assert_written(wrap_10, "0123 56789", "0123 56789");
    assert_written(wrap_10, "0123 56789a", "0123\n  56789a");
    assert_written(wrap_10,
                   "a b\xC2\xA0"
                   "0123456 c",
                   "a\n  b 0123456\n  c");
    assert_written(wrap_10, "a 0123456789ab", "a\n  012345678\xE2\x80\xA6");
    assert_written(wrap_10, "a\nb\033", "a b\xEF\xBF\xBD");
}

static void it_makes_text_harmless(void **state)
{
#define R "\xEF\xBF\xBD"
    (void) state;
    assert_written(terminal_write, "a\tb\nc", "a\tb\nc");
    assert_written(terminal_write, "a\033[1m\007\x7f", "a" R "[1m" R R);
    assert_written(terminal_write,
                   "\xC2\x9B"
                   "0m\xC2\xA0",
                   R "0m\xC2\xA0");
    assert_written(terminal_write, "\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\xA6",
                   R R "\xE2\x80\xA6");
    assert_written(terminal_write, "a\r\nb\rc\xFF", "a\nb" R "c" R);
    assert_written(terminal_write_line, "a\nb\tc\033", "a b c" R);
    assert_written(cut_10, "0123456789", "0123456789");
    assert_written(cut_10, "0123456789a", "012345678\xE2\x80\xA6");
    assert_written(cut_10, "", "");
    assert_written(cut_10, "012\n45678\0339", "012 45678\xE2\x80\xA6");
#undef R
}

/* ---- members.c ---- */

static void it_steps_through_members(void **state)
{
    static const char json[] =
        " { \"a\" : 1.500000 , \"b\\\"}\":{\"x\":[1,2,{\"y\":\"}\"}]},"
        "\"c\":\"d,\\\"e\", \"f\":null }";
    static const char *const wanted[] = {
        "1.500000", "{\"x\":[1,2,{\"y\":\"}\"}]}", "\"d,\\\"e\"", "null"};
    struct member member;
    size_t at = 0;
    size_t i = 0;

    (void) state;
    while (members_next(json, strlen(json), &at, &member) == 0) {
        assert_true(i < 4);
        assert_int_equal(member.token_size, strlen(wanted[i]));
        assert_memory_equal(member.token, wanted[i], member.token_size);
        i++;
    }
    assert_int_equal(i, 4);
    at = 0;
    assert_int_equal(members_next("{}", 2, &at, &member), -1);
    at = 0;
    assert_int_equal(members_next("{\"a\":1}", 7, &at, &member), 0);
    assert_true(member_is(&member, "a"));
    assert_false(member_is(&member, "ab"));
}

/* ---- source.c ---- */

static void it_reads_lines(void **state)
{
    static const char input[] = "one\ntwo\r\n\n0123456789\n01234567890\n"
                                "a very long line that is skipped\nlast";
    static const struct {
        enum line_status status;
        const char *line;
    } rows[] = {
        {LINE_READ, "one"},        {LINE_READ, "two"},    {LINE_READ, ""},
        {LINE_READ, "0123456789"}, {LINE_TOO_LONG, NULL}, {LINE_TOO_LONG, NULL},
        {LINE_READ, "last"},       {LINE_END, NULL},      {LINE_END, NULL},
    };
    int pipes[2];
    struct lines lines;
    const char *line;
    size_t size;
    size_t sent = 0;
    size_t i;

    (void) state;
    assert_int_equal(pipe(pipes), 0);
    lines_init(&lines, pipes[0], 10);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum line_status status = lines_next(&lines, 0, &line, &size);

        /* Byte by byte, so that every break is met. */
        while (status == LINE_WAIT) {
            if (sent < sizeof input - 1)
                assert_int_equal(write(pipes[1], input + sent++, 1), 1);
            else
                close(pipes[1]);
            status = lines_next(&lines, 0, &line, &size);
        }
        assert_int_equal(status, rows[i].status);
        if (rows[i].line != NULL) {
            assert_int_equal(size, strlen(rows[i].line));
            assert_memory_equal(line, rows[i].line, size);
        }
    }
    assert_int_equal(lines.number, 7);
    lines_clear(&lines);
    close(pipes[0]);
}

/* ---- ndjson.c ---- */

static int parse(struct article *article, const char *line, precis_error *error)
{
    precis_request defaults;

    precis_request_init(&defaults);
    defaults.language = "fr";
    return article_parse(article, line, strlen(line), &defaults, error);
}

static void it_reads_articles(void **state)
{
    static const struct {
        const char *line;
        const char *id, *text, *title, *language;
    } rows[] = {
        {"{\"text\":\"a\"}", "", "a", NULL, "fr"},
        {"{\"body\":\"b\",\"article\":\"a\",\"id\":1e2}", "1e2", "a", NULL,
         "fr"},
        {"{\"text\":null,\"content\":\"c\",\"lang\":\"de\"}", "", "c", NULL,
         "de"},
        {"{\"text\":\"\",\"id\":\"\\u00e9\",\"headline\":\"t\"}", "\"\\u00e9\"",
         "", "t", "fr"},
        {"{\"id\":-12345678901234567890.50,\"text\":\"a\",\"lang\":\"\"}",
         "-12345678901234567890.50", "a", NULL, "fr"},
        {"{\"id\":null,\"text\":\"a\",\"x\":18446744073709551616}", "", "a",
         NULL, "fr"},
    };
    struct article article;
    precis_error error;
    size_t i;

    (void) state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(parse(&article, rows[i].line, &error), 0);
        assert_string_equal(article.id, rows[i].id);
        assert_string_equal(article.request.language, rows[i].language);
        assert_int_equal(article.request.article_size, strlen(rows[i].text));
        assert_memory_equal(article.request.article, rows[i].text,
                            article.request.article_size);
        if (rows[i].title != NULL)
            assert_string_equal(article.request.title, rows[i].title);
        else
            assert_null(article.request.title);
        article_clear(&article);
    }
}

static void it_refuses_bad_lines(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *id;
    } rows[] = {
        {"nonsense", PRECIS_EBAD_DOCUMENT, ""},
        {"[]", PRECIS_EBAD_DOCUMENT, ""},
        {"{}", PRECIS_EBAD_DOCUMENT, ""},
        {"{\"id\":1,\"text\":null}", PRECIS_EBAD_DOCUMENT, "1"},
        {"{\"id\":1,\"text\":7}", PRECIS_EBAD_REQUEST, "1"},
        {"{\"id\":1,\"text\":\"a\",\"title\":[]}", PRECIS_EBAD_REQUEST, "1"},
        {"{\"id\":true,\"text\":\"a\"}", PRECIS_EBAD_REQUEST, ""},
        {"{\"id\":{},\"text\":\"a\"}", PRECIS_EBAD_REQUEST, ""},
        {"{\"text\":\"caf\xE9\"}", PRECIS_EBAD_ENCODING, ""},
        {"{\"text\":\"a\"", PRECIS_EBAD_DOCUMENT, ""},
        {"{\"text\":\"a\"}{}", PRECIS_EBAD_DOCUMENT, ""},
    };
    char line[400];
    struct article article;
    precis_error error;
    size_t i;

    (void) state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(parse(&article, rows[i].line, &error), rows[i].code);
        assert_string_equal(article.id, rows[i].id);
        article_clear(&article);
    }
    snprintf(line, sizeof line, "{\"id\":\"%0256d\",\"text\":\"a\"}", 1);
    assert_int_equal(parse(&article, line, &error), 0);
    assert_int_equal(strlen(article.id), 258);
    article_clear(&article);
    snprintf(line, sizeof line, "{\"id\":\"%0257d\",\"text\":\"a\"}", 1);
    assert_int_equal(parse(&article, line, &error), PRECIS_EBAD_REQUEST);
    assert_string_equal(error.key, "id");
    article_clear(&article);
    assert_true(line_is_blank(" \t\r", 3));
    assert_false(line_is_blank(" a", 2));
}

/* ---- seconds.c ---- */

static void it_reads_seconds(void **state)
{
    static const struct {
        const char *text;
        unsigned ms;
    } rows[] = {
        {"1", 1000},      {"0.5", 500},
        {".25", 250},     {"600", 600000},
        {"2.", 2000},     {"0.001", 1},
        {"1.9999", 1999}, {"0", 0},
        {"", 0},          {".", 0},
        {"600.001", 0},   {"1s", 0},
        {"-1", 0},        {"1,5", 0},
        {"1.5.5", 0},     {"99999999999999999999", 0},
    };
    size_t i;

    (void) state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(seconds_parse(rows[i].text), rows[i].ms);
}

/* ---- preset.c ---- */

static void it_finds_presets(void **state)
{
    const struct preset *preset;
    precis_request request;
    size_t i;

    (void) state;
    for (i = 0; (preset = preset_at(i)) != NULL; i++) {
        precis_request_init(&request);
        assert_ptr_equal(preset_find(preset->name), preset);
        preset_apply(preset, &request);
        assert_int_equal(request.characters + request.words + request.sentences,
                         preset->amount);
    }
    assert_true(i > 0);
    assert_null(preset_find("novel"));
    precis_request_init(&request);
    preset_apply(preset_find("push"), &request);
    assert_int_equal(request.characters, 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_utf8),
        cmocka_unit_test(it_makes_text_harmless),
        cmocka_unit_test(it_wraps_lines),
        cmocka_unit_test(it_steps_through_members),
        cmocka_unit_test(it_reads_lines),
        cmocka_unit_test(it_reads_articles),
        cmocka_unit_test(it_refuses_bad_lines),
        cmocka_unit_test(it_reads_seconds),
        cmocka_unit_test(it_finds_presets),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
