/* engine/engine.c and compose.c: one article in many charsets has one summary,
 * and its sentences are found in the bytes as they came. */
#include <config.h>

#include <stdlib.h>

#include "tests/engine/article.h"
#include "tests/engine/summarizing.h"

struct bytes {
    unsigned char *data;
    size_t size;
};

static void put(struct bytes *bytes, unsigned byte)
{
    bytes->data[bytes->size++] = (unsigned char) byte;
}

static size_t read_character(const char *text, uint32_t *c)
{
    const unsigned char *s = (const unsigned char *) text;

    if (s[0] < 0x80)
        return *c = s[0], 1;
    if (s[0] < 0xE0)
        return *c = (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu), 2;
    *c = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    return 3;
}

/* Only what the article has, … and œ, is in the part of windows-1252 that is
 * not ISO-8859-1. */
static void put_1252(struct bytes *bytes, uint32_t c)
{
    put(bytes, c == 0x2026 ? 0x85u : c == 0x153 ? 0x9Cu : c);
}

/* The article's characters above 7F, in other charsets. */
static void put_8bit(struct bytes *bytes, uint32_t c, const char *table)
{
    static const uint32_t characters[] = {0xAB, 0xBB, 0xE0, 0xE8, 0xE9, 0xEB,
                                          0xEE, 0xFB, 0x153, 0x2026};

    if (c < 0x80)
        put(bytes, c);
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++)
        if (characters[i] == c)
            put(bytes, (unsigned char) table[i]);
}

static void put_mac(struct bytes *bytes, uint32_t c)
{
    put_8bit(bytes, c, "\xC7\xC8\x88\x8F\x8E\x91\x94\x9E\xCF\xC9");
}

/* ISO-8859-1 has neither: as an editor would write them. */
static void put_8859(struct bytes *bytes, uint32_t c)
{
    put(bytes, c == 0x2026 ? '.' : c == 0x153 ? 'o' : c);
}

static void put_16le(struct bytes *bytes, uint32_t c)
{
    put(bytes, c & 0xFF);
    put(bytes, c >> 8);
}

static void put_16be(struct bytes *bytes, uint32_t c)
{
    put(bytes, c >> 8);
    put(bytes, c & 0xFF);
}

static void put_32le(struct bytes *bytes, uint32_t c)
{
    put_16le(bytes, c);
    put_16le(bytes, 0);
}

static void put_utf8(struct bytes *bytes, uint32_t c)
{
    if (c < 0x80) {
        put(bytes, c);
    } else if (c < 0x800) {
        put(bytes, 0xC0 | c >> 6);
        put(bytes, 0x80 | (c & 0x3F));
    } else {
        put(bytes, 0xE0 | c >> 12);
        put(bytes, 0x80 | (c >> 6 & 0x3F));
        put(bytes, 0x80 | (c & 0x3F));
    }
}

/* The letters with accents that the article has, taken apart. */
static void put_nfd(struct bytes *bytes, uint32_t c)
{
    static const struct {
        uint32_t whole, letter, accent;
    } letters[] = {
        {0xE9, 'e', 0x301}, {0xE8, 'e', 0x300}, {0xE0, 'a', 0x300},
        {0xEE, 'i', 0x302}, {0xEB, 'e', 0x308}, {0xFB, 'u', 0x302},
    };

    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letters[i].whole == c) {
            put(bytes, letters[i].letter);
            put_utf8(bytes, letters[i].accent);
            return;
        }
    put_utf8(bytes, c);
}

static const struct coding {
    const char *name;    /* to declare, or NULL */
    const char *charset; /* to be told */
    const char *bom;
    size_t bom_size;
    void (*put)(struct bytes *bytes, uint32_t c);
    int loses; /* not all of the article's characters */
} codings[] = {
    {NULL, "UTF-8", "", 0, put_utf8, 0},
    {NULL, "UTF-8", "\xEF\xBB\xBF", 3, put_utf8, 0},
    {"utf8", "UTF-8", "", 0, put_utf8, 0},
    {NULL, "UTF-8", "", 0, put_nfd, 0},
    {"windows-1252", "windows-1252", "", 0, put_1252, 0},
    {NULL, "windows-1252", "", 0, put_1252, 0},
    {"UTF-8", "windows-1252", "", 0, put_1252, 0},
    {NULL, "MACINTOSH", "", 0, put_mac, 0},
    {"MacRoman", "MACINTOSH", "", 0, put_mac, 0},
    {"ISO-8859-1", "MACINTOSH", "", 0, put_mac, 0},
    {"ISO-8859-1", "windows-1252", "", 0, put_8859, 1},
    {NULL, "UTF-16LE", "\xFF\xFE", 2, put_16le, 0},
    {NULL, "UTF-16BE", "\xFE\xFF", 2, put_16be, 0},
    {NULL, "UTF-16LE", "", 0, put_16le, 0},
    {"UTF-16", "UTF-16BE", "", 0, put_16be, 0},
    {"UTF-32", "UTF-32LE", "", 0, put_32le, 0},
};

static struct bytes encode(const struct coding *coding, const char *text,
                           size_t size)
{
    struct bytes bytes = {malloc(4 * size + 4), 0};

    assert_non_null(bytes.data);
    for (size_t i = 0; i < coding->bom_size; i++)
        put(&bytes, (unsigned char) coding->bom[i]);
    for (size_t at = 0; at < size;) {
        uint32_t c;
        at += read_character(text + at, &c);
        coding->put(&bytes, c);
    }
    return bytes;
}

/* The bytes of the source that a sentence names are the sentence. */
static void check_source(const struct bytes *source,
                         const struct coding *coding, const char *text,
                         const precis_sentence *s)
{
    struct coding without = *coding;
    struct bytes sentence;

    without.bom_size = 0;
    sentence = encode(&without, text + s->start, s->end - s->start);
    assert_int_equal(s->source_end - s->source_start, sentence.size);
    assert_memory_equal(source->data + s->source_start, sentence.data,
                        sentence.size);
    free(sentence.data);
}

static void test_codings(void **state)
{
    char wanted[4000];
    size_t wanted_size, size;

    (void) state;
    options.explain = 1;
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        const struct coding *coding = &codings[i];
        struct bytes source = encode(coding, article, sizeof article - 1);
        const precis_result *result;
        const char *text, *summary;
        options.charset = coding->name;
        result = summary_of(engine, source.data, source.size);
        assert_string_equal(precis_result_charset(result), coding->charset);
        assert_int_equal(precis_result_replaced(result), 0);
        text = precis_result_text(result, &size);
        summary = precis_result_summary(result, &wanted_size);
        if (i == 0)
            memcpy(wanted, summary, wanted_size);
        if (!coding->loses) {
            assert_int_equal(size, sizeof article - 1);
            assert_memory_equal(text, article, size);
        }
        assert_memory_equal(summary, wanted, wanted_size);
        for (size_t k = 0; k < precis_result_segment_count(result); k++)
            check_source(&source, coding, text,
                         precis_result_segment(result, k));
        for (size_t k = 0; k < precis_result_sentence_count(result); k++)
            check_source(&source, coding, text,
                         precis_result_sentence(result, k));
        free(source.data);
    }
}

/* Undecodable bytes between and inside sentences move nothing else. */
static void test_invalid_offsets(void **state)
{
    static const char text[] =
        "\xFF\xFELe pont est\xC3 là. \x80Il ferme.\n\nElle\xE2\x80 rit\xF0.";
    static const struct {
        size_t start, end, source_start, source_end;
    } sentences[] = {
        {0, 19, 0, 17},
        {20, 32, 18, 28},
        {34, 49, 30, 42},
    };
    const precis_result *result;

    (void) state;
    options.charset = "windows-1252"; /* no BOM there: all are characters */
    result = summary_of(engine, text, sizeof text - 1);
    assert_int_equal(precis_result_replaced(result), 0);
    options.charset = NULL;
    options.explain = 1;
    result = summary_of(engine, text + 2, sizeof text - 3);
    assert_int_equal(precis_result_replaced(result), 4);
    for (size_t i = 0; i < 3; i++) {
        const precis_sentence *s = precis_result_segment(result, i);
        assert_int_equal(s->start, sentences[i].start);
        assert_int_equal(s->end, sentences[i].end);
        assert_int_equal(s->source_start, sentences[i].source_start);
        assert_int_equal(s->source_end, sentences[i].source_end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_codings, defaults),
        cmocka_unit_test_setup(test_invalid_offsets, defaults),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
