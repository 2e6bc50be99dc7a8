/* engine/words.c: the spellings of one word, in the languages that have several
 * of it. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/engine/reading.h"

/* All words of the text have one stem: the same word in several spellings. */
static void all_same(const char *language, const char *text)
{
    reads_in(language, text, NULL, NULL);
    assert_true(document.token_count > 1);
    for (size_t i = 0; i < document.token_count; i++) {
        if (stem(i) == NULL)
            fail_msg("%s: \"%s\": word %zu is a function word", language, text,
                     i);
        if (stem(i) != stem(0))
            fail_msg("%s: \"%s\": word %zu has another stem", language, text,
                     i);
    }
}

static void all_differ(const char *language, const char *text)
{
    reads_in(language, text, NULL, NULL);
    assert_int_equal(document.stem_count, document.token_count);
}

static void no_stem(const char *language, const char *text)
{
    reads_in(language, text, NULL, NULL);
    for (size_t i = 0; i < document.token_count; i++)
        if (stem(i) != NULL)
            fail_msg("%s: \"%s\": word %zu is no function word", language,
                     text, i);
}

static void test_unseen(void **state)
{
    (void) state;
    all_same("fr", "maire mai\xC2\xADre ma\xE2\x81\xA0ire MAI\xC2\xADRE");
    all_same("de", "Bürgermeister Bürger\xC2\xADmeister BÜRGERMEISTER");
    all_same("hi", "सरकार सर\xE2\x80\x8Dकार सर\xE2\x80\x8Cकार सरकारों");
}

/* What a decoder leaves of decomposed text: composed where Unicode composes,
 * else the letter and its point. */
static void reads_decomposed(const char *language, const char *raw)
{
    const char *text;
    char *copy;
    size_t size;
    struct arena other;

    arena_init(&other);
    assert_int_equal(normalize(&other, raw, strlen(raw), &text, &size), 0);
    copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    copy[size] = '\0';
    arena_clear(&other);
    all_same(language, copy);
    free(copy);
}

static void test_composed(void **state)
{
    (void) state;
    reads_decomposed("fr", "\xC3\xA9" "cole e\xCC\x81" "cole");
    /* U+FB2E and U+FB4A are letters with a point; the third has none */
    reads_decomposed("yi", "שפּר\xEF\xAC\xAE"
                           "ך ש\xD7\xA4\xD6\xBCר\xD7\x90\xD6\xB7"
                           "ך שפראך");
    /* U+0958, and its letter with a nukta */
    reads_decomposed("hi", "\xE0\xA5\x98" "ानून "
                           "\xE0\xA4\x95\xE0\xA4\xBC" "ानून");
    reads_decomposed("el", "κυβ\xCE\xAD" "ρνηση κυβ\xCE\xB5\xCC\x81" "ρνηση");
}

static void test_turkish(void **state)
{
    (void) state;
    all_same("tr", "ışık IŞIK Işık");
    all_same("tr", "istanbul İSTANBUL İstanbul i\xCC\x87stanbul");
    all_differ("tr", "kır kir");
    /* nobody else has a dotless i */
    all_same("de", "kiste KISTE");
    all_same("id", "istana ISTANA Istana");
}

static void test_greek(void **state)
{
    (void) state;
    all_same("el", "κυβέρνηση ΚΥΒΕΡΝΗΣΗ Κυβέρνηση");
    all_same("el", "σεισμός ΣΕΙΣΜΟΣ");
    all_same("el", "προϊόντα ΠΡΟΪΟΝΤΑ ΠΡΟΙΟΝΤΑ");
    all_differ("el", "σεισμός δήμος");
}

static void test_arabic(void **state)
{
    (void) state;
    all_same("ar", "الحكومة الحُكُومَة الحكــومة حكومة");
    all_same("ar", "أحمد احمد");
    no_stem("ar", "إلى إِلَى التي");
}

static void test_yiddish(void **state)
{
    (void) state;
    all_same("yi", "ייִדיש יידיש ײִדיש");
    all_same("yi", "װאָלקן וואָלקן וואלקן");
    no_stem("yi", "אָדער אדער אַזױ אַזוי");
}

static void test_serbian(void **state)
{
    (void) state;
    all_same("sr", "градоначелник gradonačelnik ГРАДОНАЧЕЛНИКА gradonačelnika");
    all_same("sr", "љубав ljubav LJUBAV Ljubav");
    all_same("sr", "џепови džepovi");
    no_stem("sr", "који koji КОЈИ");
}

static void test_romanian(void **state)
{
    (void) state;
    all_same("ro", "poziției poziţiei POZIȚIEI");
    all_same("ro", "școlile şcolile școli");
    no_stem("ro", "aceeași aceeaşi");
}

static void test_armenian(void **state)
{
    (void) state;
    all_same("hy", "արևելյան արեւելյան ԱՐԵՎԵԼՅԱՆ Արևելյան");
    all_same("hy", "գնում գնո՞ւմ գնո՜ւմ");
}

static void test_other_spellings(void **state)
{
    (void) state;
    all_same("de", "Straße Strasse STRASSE STRAẞE");
    all_same("ru", "берёза береза бере\xCC\x81за");
    all_same("ca", "col·legi col·legis COL·LEGI co\xC5\x80" "legi");
    all_same("nb", "kommunene kommunen");
    all_same("nn", "kommunane kommunen");
    all_same("ga", "gcathair cathair");
    all_same("ne", "सरकारले सरकार");
    all_same("ta", "அரசாங்கத்தின் அரசாங்கம்");
}

/* A sign that folding drops is still a word. */
static void test_nothing_left(void **state)
{
    (void) state;
    reads_in("ar", "\xD9\x8E a \xD9\x8E", NULL, NULL);
    assert_int_equal(document.token_count, 3);
    assert_ptr_equal(stem(0), stem(2));
}

/* The vocabulary keeps the languages apart. */
static void test_languages_apart(void **state)
{
    (void) state;
    for (int i = 0; i < 2; i++) {
        all_same("tr", "ILIK ılık");
        all_same("de", "ILIK ilik");
        all_differ("tr", "ILIK ilik");
    }
}

/* No stem of a word in any language is of another length than it says, and
 * none takes for ever: every letter of every script, repeated. */
static void test_repeated_letters(void **state)
{
    static const char *const letters[] = {"a", "é", "ı", "ω", "ж", "և", "א",
                                          "م", "क", "க", "·", "l·"};
    char text[800];

    (void) state;
    for (size_t l = 0; l < language_count; l++)
        for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
            size_t size = 0, letter = strlen(letters[i]);
            while (size + letter + 2 < sizeof text / 3) {
                memcpy(text + size, letters[i], letter);
                size += letter;
            }
            memcpy(text + size, " z", 3);
            reads_in(language_table[l].code, text, NULL, NULL);
            assert_true(document.token_count >= 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unseen),
        cmocka_unit_test(test_composed),
        cmocka_unit_test(test_turkish),
        cmocka_unit_test(test_greek),
        cmocka_unit_test(test_arabic),
        cmocka_unit_test(test_yiddish),
        cmocka_unit_test(test_serbian),
        cmocka_unit_test(test_romanian),
        cmocka_unit_test(test_armenian),
        cmocka_unit_test(test_other_spellings),
        cmocka_unit_test(test_nothing_left),
        cmocka_unit_test(test_languages_apart),
        cmocka_unit_test(test_repeated_letters),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, reading_start, reading_end);
}
