/* test_charset.c - names, tables and transcoding: all of decoding but NFC.
 *
 * Plain TAP and the C library alone, so that test_musl.sh can build it with
 * musl as well.  What this iconv lacks is skipped.
 */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/transcode.h"

static int number;
static int failed;

static void ok(int good, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void ok(int good, const char *format, ...)
{
    va_list arguments;

    printf("%sok %d - ", good ? "" : "not ", ++number);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    failed += !good;
}

/* ---- names ---- */

static void test_names(void)
{
    static const struct {
        const char *name;
        const char *canonical;
    } names[] = {
        {"UTF-8", "UTF-8"},
        {"utf8", "UTF-8"},
        {"Utf_8", "UTF-8"},
        {"utf 8", "UTF-8"},
        {"UCS-2", "UTF-16"},
        {"utf16be", "UTF-16BE"},
        {"latin1", "windows-1252"},
        {"ISO_8859-1", "windows-1252"},
        {"ISO-8859-1:1987", "windows-1252"},
        {"iso88591", "windows-1252"},
        {"cp1252", "windows-1252"},
        {"Windows-1252", "windows-1252"},
        {"win1251", "windows-1251"},
        {"ASCII", "US-ASCII"},
        {"ANSI_X3.4-1968", "US-ASCII"},
        {"ISO-8859-15", "ISO-8859-15"},
        {"latin-9", "ISO-8859-15"},
        {"koi8_r", "KOI8-R"},
        {"x-mac-roman", "MACINTOSH"},
        {"cp437", "IBM437"},
        {"850", "IBM850"},
        {"ISO-8859-12", NULL}, /* was never published */
        {"win", NULL},
        {"windows-", NULL},
        {"", NULL},
        {"-", NULL},
        {" _-", NULL},
        {"auto", NULL},
        {"char", NULL},
        {"wchar_t", NULL},
        {"UTF-7", NULL},
        {"ISO-2022-CN-EXT", NULL},
        {"GB18030", NULL},
        {"EUC-KR", NULL},
        {"UTF-8//TRANSLIT", NULL},
        {"UTF-8//IGNORE", NULL},
        {"../UTF-8", NULL},
        {"UTF-8\n", NULL},
        {"utf8 cp65001", NULL}, /* not the list of a row */
        {"\xC3\xA9", NULL},
        {"UTF----------------------------------8", "UTF-8"},   /* 38 bytes */
        {"UTF------------------------------------8", "UTF-8"}, /* 40 */
        {"UTF-------------------------------------8", NULL},   /* 41 */
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *found = charset_find(names[i].name);
        int good =
            names[i].canonical == NULL
                ? found == NULL
                : found != NULL && strcmp(found, names[i].canonical) == 0;

        ok(good, "name %zu is %s", i,
           names[i].canonical != NULL ? names[i].canonical : "refused");
    }
}

static void test_list(void)
{
    precis_error error;
    const char *name;
    int listed = 0;
    int found = 0;
    size_t i;
    int code = charset_check("klingon", NULL, &error);

    for (i = 0; (name = charset_name(i)) != NULL; i++) {
        const char *place = strstr(error.message, name);

        found += charset_find(name) == name;
        listed += place != NULL && place[-1] == ' ';
    }
    ok(i == 44, "44 charsets");
    ok(found == 44, "each is found by its name");
    ok(code == PRECIS_EBAD_REQUEST && error.code == code && error.offset == -1
           && strcmp(error.key, "charset") == 0,
       "an unknown name is a bad request");
    ok(listed == 44, "the message has all the names");
    ok(strstr(error.message, " ISO-8859-1 ") != NULL, "and ISO-8859-1");
    ok(strstr(error.message, " auto ") != NULL, "and auto");
    ok(strstr(error.message, "\"klingon\"") != NULL, "and what was asked");

    charset_check("\"\x1B[31m\xC3\xA9 a name that is far longer than any "
                  "charset could ever have",
                  NULL, &error);
    ok(strstr(error.message, " IBM866") != NULL
           && strchr(error.message, '\x1B') == NULL
           && strchr(error.message, '\xC3') == NULL,
       "a hostile name is cut and harmless");
    ok(charset_check("x", NULL, NULL) == PRECIS_EBAD_REQUEST,
       "no error wanted");
    ok(charset_check("L1", &name, &error) == 0
           && strcmp(name, "windows-1252") == 0,
       "a good one is checked");
    ok(charset_check("L1", NULL, &error) == 0, "without its name too");
}

/* ---- bytes to text ---- */

struct sample {
    const char *charset;
    const char *source;
    size_t source_size;
    const char *name; /* the charset that is reported */
    const char *text;
    size_t replaced;
    size_t first;
};

#define BYTES(literal) literal, sizeof literal - 1
#define BAD "\xEF\xBF\xBD"

static const struct sample samples[] = {
    {NULL, BYTES(""), "UTF-8", "", 0, 0},
    {"latin1", BYTES(""), "windows-1252", "", 0, 0},
    {"UTF-16", BYTES(""), "UTF-16LE", "", 0, 0},
    {"auto", BYTES("Il pleut."), "UTF-8", "Il pleut.", 0, 0},

    /* Unicode 15, tables 3-8 to 3-11. */
    {"UTF-8", BYTES("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), "UTF-8",
     BAD BAD BAD BAD BAD BAD BAD BAD "A", 8, 0},
    {"UTF-8", BYTES("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), "UTF-8",
     BAD BAD BAD BAD BAD BAD BAD BAD "A", 8, 0},
    {"UTF-8", BYTES("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), "UTF-8",
     BAD BAD BAD BAD BAD "A" BAD BAD "B", 7, 0},
    {"UTF-8", BYTES("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), "UTF-8",
     BAD BAD BAD BAD "A", 4, 0},

    /* Cut at the end, after each byte. */
    {"UTF-8", BYTES("a\xC3"), "UTF-8", "a" BAD, 1, 1},
    {"UTF-8", BYTES("abcdefgh\xE2\x82"), "UTF-8", "abcdefgh" BAD, 1, 8},
    {"UTF-8", BYTES("\xF0\x9F\x98"), "UTF-8", BAD, 1, 0},
    /* The ends of every range. */
    {"UTF-8",
     BYTES("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80"
           "\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"),
     "UTF-8",
     "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80"
     "\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
     0, 0},
    {"UTF-8", BYTES("\xF4\x90\x80\x80"), "UTF-8", BAD BAD BAD BAD, 4, 0},
    /* U+FFFD that the source has itself is not counted. */
    {"UTF-8", BYTES("a" BAD "b\xFF"), "UTF-8", "a" BAD "b" BAD, 1, 5},
    /* NUL, in and outside a block of 8. */
    {"UTF-8", BYTES("12345678\0abcdefgh\0"), "UTF-8",
     "12345678" BAD "abcdefgh" BAD, 2, 8},
    {NULL, BYTES("Il pleut.\0"), "UTF-8", "Il pleut." BAD, 1, 9},

    /* Byte order marks. */
    {NULL, BYTES("\xEF\xBB\xBF\xC3\xA9"), "UTF-8", "\xC3\xA9", 0, 0},
    {"UTF-8", BYTES("\xEF\xBB\xBF"), "UTF-8", "", 0, 0},
    {"UTF-8",
     BYTES("\xEF\xBB\xBF\xEF\xBB\xBF"
           "a\xFF"),
     "UTF-8",
     "\xEF\xBB\xBF"
     "a" BAD,
     1, 7},
    {"UTF-8", BYTES("\xFF\xFE\xE9\0"), "UTF-16LE", "\xC3\xA9", 0, 0},
    {"UTF-16LE", BYTES("\xFE\xFF\0\xE9"), "UTF-16BE", "\xC3\xA9", 0, 0},
    {"UTF-16BE", BYTES("\xEF\xBB\xBF\xC3\xA9"), "UTF-8", "\xC3\xA9", 0, 0},
    {NULL, BYTES("\xFF\xFE\0\0\xE9\0\0\0"), "UTF-32LE", "\xC3\xA9", 0, 0},
    {NULL, BYTES("\0\0\xFE\xFF\0\0\0\xE9"), "UTF-32BE", "\xC3\xA9", 0, 0},
    {"UTF-16", BYTES("\xFF\xFE\0\0\xE9\0"), "UTF-16LE", BAD "\xC3\xA9", 1, 2},
    {"latin1", BYTES("\xEF\xBB\xBF"), "windows-1252",
     "\xC3\xAF\xC2\xBB\xC2\xBF", 0, 0},

    /* UTF-16: pairs, halves alone, cut ends. */
    {"UTF-16LE", BYTES("\x3D\xD8\x00\xDE"), "UTF-16LE", "\xF0\x9F\x98\x80", 0,
     0},
    {"UTF-16BE", BYTES("\xD8\x3D\xDE\x00\x20\xAC"), "UTF-16BE",
     "\xF0\x9F\x98\x80\xE2\x82\xAC", 0, 0},
    {"UTF-16LE", BYTES("a\0\x00\xDEz\0"), "UTF-16LE", "a" BAD "z", 1, 2},
    {"UTF-16LE", BYTES("\x3D\xD8z\0"), "UTF-16LE", BAD "z", 1, 0},
    {"UTF-16LE", BYTES("\x3D\xD8\x3D\xD8\x00\xDE"), "UTF-16LE",
     BAD "\xF0\x9F\x98\x80", 1, 0},
    {"UTF-16LE", BYTES("a\0\x3D\xD8"), "UTF-16LE", "a" BAD, 1, 2},
    {"UTF-16LE", BYTES("a\0b"), "UTF-16LE", "a" BAD, 1, 2},
    {"UTF-16LE", BYTES("a\0\x3D\xD8\x00"), "UTF-16LE", "a" BAD, 1, 2},
    {"UTF-16LE", BYTES("\0\0a\0"), "UTF-16LE", BAD "a", 1, 0},
    {"UTF-32LE", BYTES("\0\xD8\0\0a\0\0\0\0\0\x11\0\0\0\0\0zz"), "UTF-32LE",
     BAD "a" BAD BAD BAD, 4, 0},
    {"UTF-32BE", BYTES("\0\x10\xFF\xFF"), "UTF-32BE", "\xF4\x8F\xBF\xBF", 0, 0},

    /* Orders found out. */
    {"UTF-16", BYTES("I\0l\0"), "UTF-16LE", "Il", 0, 0},
    {"UTF-16", BYTES("\0I\0l"), "UTF-16BE", "Il", 0, 0},
    {"UTF-16", BYTES("\x2D\x4E"), "UTF-16LE", "\xE4\xB8\xAD", 0, 0},
    {"UTF-32", BYTES("\0\0\0I\0\0\0l"), "UTF-32BE", "Il", 0, 0},
    {"UTF-32", BYTES("I\0\0\0l\0\0\0"), "UTF-32LE", "Il", 0, 0},
    {NULL, BYTES("I\0l\0 \0p\0l\0e\0u\0t\0.\0"), "UTF-16LE", "Il pleut.", 0, 0},
    {NULL, BYTES("\0I\0l\0 \0p\0l\0e\0u\0t\0."), "UTF-16BE", "Il pleut.", 0, 0},
    {NULL, BYTES("\x14\x04\x30\x04,\0 \0=\4"), "UTF-16LE",
     "\xD0\x94\xD0\xB0, \xD0\xBD", 0, 0},
    {NULL, BYTES("de\0ux\0 morts"), "UTF-8", "de" BAD "ux" BAD " morts", 2, 2},

    /* 8-bit charsets, by bytes looked up in their own tables. */
    {"US-ASCII",
     BYTES("a\xE9"
           "b"),
     "US-ASCII", "a" BAD "b", 1, 1},
    {"ISO-8859-1", BYTES("12345678\xC9t\xE9, \x93oui\x94 \x80\x81\x9C"),
     "windows-1252",
     "12345678\xC3\x89t\xC3\xA9, \xE2\x80\x9Coui\xE2\x80\x9D "
     "\xE2\x82\xAC" BAD "\xC5\x93",
     1, 20},
    {"latin1", BYTES("a\0b"), "windows-1252", "a" BAD "b", 1, 1},
    {"ISO-8859-15", BYTES("\xA4\xBD\xE9"), "ISO-8859-15",
     "\xE2\x82\xAC\xC5\x93\xC3\xA9", 0, 0},
    {"ISO-8859-2", BYTES("\xB1\xE6"), "ISO-8859-2", "\xC4\x85\xC4\x87", 0, 0},
    {"windows-1251", BYTES("\xCC\xEE\xF1\xF2"), "windows-1251",
     "\xD0\x9C\xD0\xBE\xD1\x81\xD1\x82", 0, 0},
    {"KOI8-R", BYTES("\xED\xCF\xD3\xD4"), "KOI8-R",
     "\xD0\x9C\xD0\xBE\xD1\x81\xD1\x82", 0, 0},
    {"IBM866", BYTES("\x8C\xAE\xE1\xE2"), "IBM866",
     "\xD0\x9C\xD0\xBE\xD1\x81\xD1\x82", 0, 0},
    {"IBM850", BYTES("\x82t\x82"), "IBM850", "\xC3\xA9t\xC3\xA9", 0, 0},
    {"IBM858", BYTES("\xD5"), "IBM858", "\xE2\x82\xAC", 0, 0},
    {"MACINTOSH", BYTES("\x8Et\x8E \xCF"), "MACINTOSH",
     "\xC3\xA9t\xC3\xA9 \xC5\x93", 0, 0},
    /* A letter and its accent stay apart: that is for normalize(). */
    {"windows-1258",
     BYTES("a\xEC"
           "b"),
     "windows-1258",
     "a\xCC\x81"
     "b",
     0, 0},
};

static int as_wanted(const struct decoded *decoded, const struct sample *sample)
{
    return decoded->raw_size == strlen(sample->text)
           && memcmp(decoded->raw, sample->text, decoded->raw_size) == 0
           && strcmp(decoded->charset, sample->name) == 0
           && decoded->replaced == sample->replaced
           && (sample->replaced == 0
               || decoded->first_replaced == sample->first);
}

/* Prints a text so that a failure can be read. */
static void show(const struct decoded *decoded)
{
    printf("# %s, replaced %zu from %zu:", decoded->charset, decoded->replaced,
           decoded->first_replaced);
    for (size_t i = 0; i < decoded->raw_size; i++)
        printf(" %02X", (unsigned char) decoded->raw[i]);
    printf("\n");
}

static void test_samples(struct charset_cache *cache, struct arena *arena)
{
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        const struct sample *sample = &samples[i];
        struct decoded decoded;
        precis_error error;
        int code = transcode(cache, arena, sample->source, sample->source_size,
                             sample->charset, sample->charset != NULL, &decoded,
                             &error);

        if (code == PRECIS_EUNSUPPORTED && sample->charset != NULL) {
            ok(strcmp(error.key, "charset") == 0,
               "sample %zu # SKIP this iconv has no %s", i, sample->charset);
            continue;
        }
        ok(code == 0 && as_wanted(&decoded, sample), "sample %zu: %s", i,
           sample->name);
        if (code == 0 && !as_wanted(&decoded, sample))
            show(&decoded);
        arena_reset(arena);
    }
}

/* ---- where the text came from ---- */

/* The offsets of the text's characters, and of its end, must be the numbers
 * in `wanted`. */
static void offsets_are(struct charset_cache *cache, struct arena *arena,
                        const struct sample *sample, const char *wanted)
{
    struct decoded decoded;
    size_t offsets[32];
    size_t count = 0;
    char got[128] = "";
    size_t used = 0;

    if (transcode(cache, arena, sample->source, sample->source_size,
                  sample->charset, sample->charset != NULL, &decoded, NULL)
        != 0) {
        ok(0, "offsets %s: cannot decode", wanted);
        return;
    }
    for (size_t i = 0; i < decoded.raw_size; i++)
        if ((decoded.raw[i] & 0xC0) != 0x80)
            offsets[count++] = i;
    offsets[count++] = decoded.raw_size;
    transcode_source_offsets(&decoded, offsets, count);
    for (size_t i = 0; i < count; i++)
        used += (size_t) snprintf(got + used, sizeof got - used, "%s%zu",
                                  i == 0 ? "" : " ", offsets[i]);
    ok(strcmp(got, wanted) == 0, "offsets %s", wanted);
    if (strcmp(got, wanted) != 0)
        printf("# got %s\n", got);
}

static void test_offsets(struct charset_cache *cache, struct arena *arena)
{
    static const struct sample utf8 = {NULL,
                                       BYTES("\xEF\xBB\xBF"
                                             "e\xC3\xA9z"),
                                       "",
                                       "",
                                       0,
                                       0};
    static const struct sample faulty = {
        "UTF-8", BYTES("\xEF\xBB\xBF\xC3\xA9\xE2\x82z\xFF\xFF"), "", "", 0, 0};
    static const struct sample utf16 = {
        NULL, BYTES("\xFE\xFF\0a\xD8\x3D\xDE\0\xD8\x3D\0b\0"), "", "", 0, 0};
    static const struct sample utf32 = {
        "UTF-32BE", BYTES("\0\0\0a\0\1\xF6\0\0\0"), "", "", 0, 0};
    static const struct sample table = {
        "latin1", BYTES("a\xE9\x80\x81z"), "", "", 0, 0};
    static const struct sample empty = {"latin1", BYTES(""), "", "", 0, 0};

    offsets_are(cache, arena, &utf8, "3 4 6 7");
    offsets_are(cache, arena, &faulty, "3 5 7 8 9 10");
    offsets_are(cache, arena, &utf16, "2 4 8 10 12 13");
    offsets_are(cache, arena, &utf32, "0 4 8 10");
    offsets_are(cache, arena, &table, "0 1 2 3 4 5");
    offsets_are(cache, arena, &empty, "0");
}

/* ---- every charset ---- */

/* All 256 bytes, twice (by the table just made, and by the one kept): each is
 * one character, and NUL at least is replaced. */
static void test_every_byte(struct charset_cache *cache, struct arena *arena)
{
    unsigned char bytes[256];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char) (255 - i);
    for (size_t n = 7; charset_name(n) != NULL; n++) {
        size_t size = 0;
        int good = 1;
        int code = 0;

        for (int again = 0; again < 2 && code == 0; again++) {
            struct decoded decoded;
            size_t characters = 0;

            code = transcode(cache, arena, bytes, sizeof bytes, charset_name(n),
                             true, &decoded, NULL);
            if (code != 0)
                break;
            for (size_t i = 0; i < decoded.raw_size; i++)
                characters += (decoded.raw[i] & 0xC0) != 0x80;
            good &= characters == 256 && decoded.replaced >= 1
                    && decoded.first_replaced < 256
                    && (again == 0 || size == decoded.raw_size);
            size = decoded.raw_size;
            arena_reset(arena);
        }
        if (code == PRECIS_EUNSUPPORTED)
            ok(1, "every byte # SKIP this iconv has no %s", charset_name(n));
        else
            ok(code == 0 && good, "every byte of %s", charset_name(n));
    }
}

/* What needs no change is not copied. */
static void test_same_bytes(struct charset_cache *cache, struct arena *arena)
{
    static const char text[] = "\xEF\xBB\xBF"
                               "d\xC3\xA9j\xC3\xA0 vu";
    static const char marks[] = "e\xCC\x81";
    struct decoded decoded;

    transcode(cache, arena, text, sizeof text - 1, NULL, false, &decoded, NULL);
    ok(decoded.raw == text + 3, "UTF-8 is not copied");
    ok(decoded.inert, "accents are inert");
    transcode(cache, arena, marks, sizeof marks - 1, NULL, false, &decoded,
              NULL);
    ok(decoded.raw == marks && !decoded.inert, "marks are not inert");
    transcode(cache, arena, "\x92\x80\x85", 3, "latin1", true, &decoded,
              NULL);
    ok(decoded.inert, "windows-1252 is inert");
    transcode(cache, arena, NULL, 0, NULL, false, &decoded, NULL);
    ok(decoded.raw != NULL && decoded.raw_size == 0, "nothing at all");
}

static void test_unknown(struct charset_cache *cache, struct arena *arena)
{
    struct decoded decoded = {.replaced = 77};
    precis_error error;

    ok(transcode(cache, arena, "a", 1, "EBCDIC", false, &decoded,
                 &error)
               == PRECIS_EBAD_REQUEST
           && strcmp(error.key, "charset") == 0 && decoded.replaced == 77,
       "an unknown charset, and the result untouched");
}

int main(void)
{
    struct charset_cache *cache = charset_cache_new();
    struct arena arena;

    if (cache == NULL)
        return 99;
    arena_init(&arena);
    test_names();
    test_list();
    test_samples(cache, &arena);
    test_offsets(cache, &arena);
    test_every_byte(cache, &arena);
    test_same_bytes(cache, &arena);
    test_unknown(cache, &arena);
    charset_cache_free(NULL);
    arena_clear(&arena);
    charset_cache_free(cache);
    printf("1..%d\n", number);
    return failed > 0;
}
