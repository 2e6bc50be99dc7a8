/* test_unicode.c - the tables against utf8proc, and UTF-8 helpers. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <utf8proc.h>

#include "engine/unicode.h"

/* Unicode's White_Space, all 25. */
static const uint32_t spaces[] = {
    0x9,    0xA,    0xB,    0xC,    0xD,    0x20,   0x85,   0xA0,   0x1680,
    0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
    0x2009, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};

/* A class by the letters of the category, another way than unicode.c's. */
static unsigned class_wanted(uint32_t cp)
{
    const char *category = utf8proc_category_string((utf8proc_int32_t) cp);
    unsigned wanted = 0;

    wanted |= category[0] == 'L' ? CLASS_LETTER : 0u;
    wanted |= strcmp(category, "Lu") == 0 ? CLASS_UPPER : 0u;
    wanted |= strcmp(category, "Lt") == 0 ? CLASS_UPPER : 0u;
    wanted |= strcmp(category, "Ll") == 0 ? CLASS_LOWER : 0u;
    wanted |= category[0] == 'M' ? CLASS_MARK : 0u;
    wanted |= category[0] == 'N' ? CLASS_DIGIT : 0u;
    wanted |= category[0] == 'P' ? CLASS_PUNCT : 0u;
    wanted |= strcmp(category, "Ps") == 0 ? CLASS_OPEN : 0u;
    wanted |= strcmp(category, "Pi") == 0 ? CLASS_OPEN : 0u;
    wanted |= strcmp(category, "Pe") == 0 ? CLASS_CLOSE : 0u;
    wanted |= strcmp(category, "Pf") == 0 ? CLASS_CLOSE : 0u;
    wanted |= strcmp(category, "Pd") == 0 ? CLASS_DASH : 0u;
    wanted |= category[0] == 'S' ? CLASS_SYMBOL : 0u;
    wanted |= strcmp(category, "Cc") == 0 ? CLASS_CONTROL : 0u;
    wanted |= strcmp(category, "Cf") == 0 ? CLASS_FORMAT : 0u;
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        wanted |= cp == spaces[i] ? CLASS_SPACE : 0u;
    return wanted;
}

static void test_class(void **state)
{
    (void) state;
    for (uint32_t cp = 0; cp < 0x110000; cp++)
        if (unicode_class(cp) != class_wanted(cp))
            fail_msg("U+%04X has class %u, not %u", cp, unicode_class(cp),
                     class_wanted(cp));
    assert_int_equal(unicode_class(0x110000), 0);
    assert_int_equal(unicode_class(UINT32_MAX), 0);
}

static void test_class_french(void **state)
{
    (void) state;
    assert_int_equal(unicode_class('a'), CLASS_LETTER | CLASS_LOWER);
    assert_int_equal(unicode_class(0xC9), CLASS_LETTER | CLASS_UPPER);
    assert_int_equal(unicode_class(0x153), CLASS_LETTER | CLASS_LOWER);
    assert_int_equal(unicode_class(0xAB), CLASS_PUNCT | CLASS_OPEN);
    assert_int_equal(unicode_class(0xBB), CLASS_PUNCT | CLASS_CLOSE);
    assert_int_equal(unicode_class(0x2019), CLASS_PUNCT | CLASS_CLOSE);
    assert_int_equal(unicode_class(0x2014), CLASS_PUNCT | CLASS_DASH);
    assert_int_equal(unicode_class('\n'), CLASS_SPACE | CLASS_CONTROL);
    assert_int_equal(unicode_class(0x202F), CLASS_SPACE);
    assert_int_equal(unicode_class(0x20AC), CLASS_SYMBOL);
    assert_int_equal(unicode_class(0xAD), CLASS_FORMAT);
    assert_int_equal(unicode_class(0x301), CLASS_MARK);
    assert_int_equal(unicode_class('7'), CLASS_DIGIT);
}

static void test_lower(void **state)
{
    (void) state;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        uint32_t wanted = (uint32_t) utf8proc_tolower((utf8proc_int32_t) cp);

        if (unicode_lower(cp) != wanted)
            fail_msg("U+%04X", cp);
    }
    assert_int_equal(unicode_lower(0xC9), 0xE9);
    assert_int_equal(unicode_lower(0xD7), 0xD7);
    assert_int_equal(unicode_lower(0x178), 0xFF);
    assert_int_equal(unicode_lower(UINT32_MAX), UINT32_MAX);
}

/* Inert: composition leaves it alone behind and before any letter or mark. */
static void test_inert(void **state)
{
    (void) state;
    for (uint32_t cp = 1; cp < 0x110000; cp++) {
        const utf8proc_property_t *property =
            utf8proc_get_property((utf8proc_int32_t) cp);
        char text[8];
        utf8proc_uint8_t *composed;

        if (!unicode_is_inert(cp))
            continue;
        if (property->category == UTF8PROC_CATEGORY_MN
            || property->category == UTF8PROC_CATEGORY_MC
            || property->category == UTF8PROC_CATEGORY_ME
            || property->combining_class != 0)
            fail_msg("U+%04X is a mark", cp);
        text[utf8_put(cp, text)] = '\0';
        composed = utf8proc_NFC((utf8proc_uint8_t *) text);
        if (strcmp((char *) composed, text) != 0)
            fail_msg("U+%04X is not in NFC", cp);
        free(composed);
    }
    assert_true(unicode_is_inert(0x2019));
    assert_true(unicode_is_inert(0x20AC));
    assert_false(unicode_is_inert(0x301));
    assert_false(unicode_is_inert(0x1161));
    assert_false(unicode_is_inert(0x110000));
}

static void test_utf8(void **state)
{
    char text[8];

    (void) state;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        size_t position = 3;
        uint32_t back;
        size_t size;

        if (cp == 0xD800)
            cp = 0xE000;
        size = utf8_put(cp, text + 3);
        if (utf8_next(text, 3 + size, &position, &back) != (int) size
            || back != cp || position != 3 + size)
            fail_msg("U+%04X", cp);
    }
}

/* Sizes around blocks of 8 bytes and rounds of 255 blocks. */
static void test_count(void **state)
{
    enum { LONG = 3 * 255 * 8 };
    static char text[2 * LONG];

    (void) state;
    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "\xC3\xA9", 2);
    for (size_t size = 0; size < sizeof text; size += 2)
        if (utf8_count(text, size) != size / 2)
            fail_msg("size %zu", size);
    assert_int_equal(utf8_count("", 0), 0);
    assert_int_equal(utf8_count("d\xC3\xA9j\xC3\xA0 \xE2\x82\xAC", 10), 6);
    assert_int_equal(utf8_count("\xF0\x9F\x98\x80", 4), 1);
    memset(text, 'a', sizeof text);
    assert_int_equal(utf8_count(text, sizeof text), sizeof text);
}

static void fold_is(const char *word, const char *wanted)
{
    char out[64];
    size_t size = unicode_fold(word, strlen(word), out, sizeof out);

    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(out, wanted, size);
    /* The very room is enough, one byte less is not. */
    assert_int_equal(unicode_fold(word, strlen(word), out, size), size);
    if (size > 0)
        assert_int_equal(unicode_fold(word, strlen(word), out, size - 1), 0);
}

static void test_fold(void **state)
{
    (void) state;
    fold_is("", "");
    fold_is("ONU", "onu");
    fold_is("\xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9");
    fold_is("\xC5\x92uvre", "\xC5\x93uvre");
    fold_is("\xD0\x9C\xD0\xBE", "\xD0\xBC\xD0\xBE");
    fold_is("\xC8\xBA", "\xE2\xB1\xA5"); /* longer */
    fold_is("\xC4\xB0X", "ix");          /* shorter */
    fold_is("\xF0\x90\x90\x80", "\xF0\x90\x90\xA8");
}

/* What unicode_fold() promises: size + size / 2 is enough. */
static void test_fold_room(void **state)
{
    (void) state;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        char capital[4];
        char small[4];
        size_t size = utf8_put(cp, capital);

        if (utf8_put(unicode_lower(cp), small) > size + size / 2)
            fail_msg("U+%04X", cp);
    }
}

/* The rows of unicode_table, for engine/unicode.c. */
static int print_table(void)
{
    for (uint32_t cp = 0; cp < UNICODE_TABLE_SIZE; cp++)
        printf("%s%u,%s", cp % 8 == 0 ? "    " : " ", class_wanted(cp),
               cp % 8 == 7 ? "\n" : "");
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_class), cmocka_unit_test(test_class_french),
        cmocka_unit_test(test_lower), cmocka_unit_test(test_inert),
        cmocka_unit_test(test_utf8),  cmocka_unit_test(test_count),
        cmocka_unit_test(test_fold),  cmocka_unit_test(test_fold_room),
    };

    if (argc > 1 && strcmp(argv[1], "table") == 0)
        return print_table();
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
