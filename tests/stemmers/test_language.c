/* stemmers/: the tables made of the word lists, look-ups, and stems. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stemmers/language.h"
#include "stemmers/stemmer.h"

/* A list of our own, with words that begin others and a byte above 7F. */
static const uint16_t offsets[] = {0, 1, 3, 6, 8, 10};
static const struct language own = {
    .code = "xx",
    .name = "Own",
    .lists = {[LIST_VERBS] = {"aababcba\xC3\xA9", offsets, 5}},
};

static int has(const char *word)
{
    return language_has(&own, LIST_VERBS, word, strlen(word));
}

static void test_has(void **state)
{
    static const char *const words[] = {"a", "ab", "abc", "ba", "\xC3\xA9"};
    static const char *const others[] = {"",   "aa", "b",    "bab",  "c",
                                         "ac", "A",  "abcd", "\xC3", "~"};

    (void) state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_true(has(words[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(has(others[i]));
    assert_false(language_has(&own, LIST_JUNK, "a", 1)); /* an empty list */
}

static void test_prefix(void **state)
{
    static const struct {
        const char *text;
        size_t prefix;
    } rows[] = {
        {"", 0},    {"a", 1},   {"ab", 2},   {"abcd", 3},      {"ac", 1},
        {"bac", 2}, {"cba", 0}, {"\xC3", 0}, {"\xC3\xA9t", 2},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(language_prefix(&own, LIST_VERBS, rows[i].text,
                                         strlen(rows[i].text)),
                         rows[i].prefix);
    assert_int_equal(language_prefix(&own, LIST_JUNK, "a", 1), 0);
}

static void test_find(void **state)
{
    (void) state;
    assert_non_null(language_find("fr"));
    assert_null(language_find(""));
    assert_null(language_find("f"));
    assert_null(language_find("fra"));
    assert_null(language_find("fr-"));
    assert_null(language_find("fr--CA"));
    assert_null(language_find("fr_FR.UTF-8"));
    assert_null(language_find("fr-Französisch"));
    assert_null(language_find("fr-123456789"));
    assert_null(language_find("-fr"));
    assert_ptr_equal(language_find("FR"), language_find("fr"));
    assert_ptr_equal(language_find("fr-CA"), language_find("fr"));
    assert_ptr_equal(language_find("pt_BR"), language_find("pt"));
    assert_ptr_equal(language_find("sr-Latn-RS"), language_find("sr"));
    assert_ptr_equal(language_find("No"), language_find("nb"));
    assert_ptr_equal(language_find("nn-NO"), language_find("nn"));
    assert_ptr_equal(language_find("in"), language_find("id"));
    for (size_t i = 0; i < language_count; i++)
        assert_ptr_equal(language_find(language_table[i].code),
                         &language_table[i]);
}

/* Every list is in order, so that every word of it is found. */
static void test_tables(void **state)
{
    (void) state;
    assert_true(language_count > 0);
    for (size_t i = 0; i < language_count; i++) {
        const struct language *language = &language_table[i];
        assert_true(strlen(language->code) >= 2);
        assert_true(strlen(language->name) > 0);
        if (i > 0)
            assert_true(strcmp(language_table[i - 1].code, language->code) < 0);
        for (int k = 0; k < LIST_COUNT; k++) {
            const struct wordlist *list = &language->lists[k];
            /* what only joints need may be missing */
            assert_true(list->count > 0 || language->joints == NULL);
            for (size_t w = 0; w < list->count; w++) {
                const char *word = list->words + list->offsets[w];
                size_t size =
                    (size_t) (list->offsets[w + 1] - list->offsets[w]);
                assert_true(size > 0 && size < 64);
                assert_true(language_has(language, (enum list) k, word, size));
                assert_int_equal(
                    language_prefix(language, (enum list) k, word, size), size);
            }
        }
    }
}

static void stem_is(struct stemmer *stemmer, const char *word,
                    const char *wanted)
{
    size_t size;
    const char *stem = stemmer_stem(stemmer, word, strlen(word), &size);

    assert_non_null(stem);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(stem, wanted, size);
}

static void test_stems(void **state)
{
    struct stemmer *stemmer = stemmer_new(language_find("fr"));
    char word[STEMMER_WORD_MAX];
    size_t size;

    (void) state;
    assert_non_null(stemmer);
    stem_is(stemmer, "continuellement", "continuel");
    stem_is(stemmer, "maires", "mair");
    stem_is(stemmer, "île", "île");
    stem_is(stemmer, "x", "x");
    stem_is(stemmer, "\xE6\xBC\xA2", "\xE6\xBC\xA2");
    memset(word, 'z', sizeof word);
    assert_non_null(stemmer_stem(stemmer, word, sizeof word, &size));
    assert_int_equal(size, sizeof word);
    assert_non_null(stemmer_stem(stemmer, word, 0, &size));
    assert_int_equal(size, 0);
    stemmer_free(stemmer);
}

/* A file of stemmers/fr.  Skips the test where nobody says where that is. */
static FILE *french_open(const char *name)
{
    const char *top = getenv("abs_top_srcdir");
    char path[4096];
    FILE *file;

    if (top == NULL)
        skip();
    snprintf(path, sizeof path, "%s/stemmers/fr/%s", top, name);
    file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

static uint32_t row_of(const struct language *language, const char *word,
                       size_t size)
{
    return language_row(language, word, size, lexicon_hash_word(word, size));
}

/* The pairs that trained.awk was given are found with their numbers, and no
 * others: of the same words turned round, as of any, both ways to look say
 * the same. */
static void test_pairs(void **state)
{
    const struct language *fr = language_find("fr");
    const struct word_table *table = &fr->table;
    FILE *file = french_open("pairs");
    char first[256], second[256];
    unsigned number;
    size_t found = 0;

    (void) state;
    for (char line[600]; fgets(line, sizeof line, file) != NULL;) {
        uint32_t x, y;
        if (line[0] == '#'
            || sscanf(line, "%255s %255s %u", first, second, &number) != 3)
            continue;
        x = row_of(fr, first, strlen(first));
        y = row_of(fr, second, strlen(second));
        assert_int_equal(language_pair(fr, x, y), number);
        found++;
        for (unsigned i = 0; i < 3; i++) {
            uint32_t slot = pair_slot_of(table->pairs[x], y);
            assert_int_equal(pair_find(table->pair_slots, slot, y),
                             language_pair(fr, x, y));
            y = i == 0 ? x : (y + 1) % (uint32_t) table->count;
        }
        assert_int_equal(pair_find(table->pair_slots,
                                   pair_slot_of(table->pairs[x], PAIR_NO_ROW),
                                   PAIR_NO_ROW),
                         0);
    }
    fclose(file);
    assert_true(found > 1000);
    assert_int_equal(pair_find(table->pair_slots,
                               pair_slot_of(table->pairs[table->count], 1), 1),
                     0);
}

/* Every form of the trained table has its own row, with its numbers, the
 * commonest first; what is nearly one has none but its own. */
static void test_rows(void **state)
{
    const struct language *fr = language_find("fr");
    const struct word_table *table = &fr->table;
    FILE *file = french_open("words");
    char word[256];
    unsigned number, common;
    size_t found = 0;

    (void) state;
    for (char line[600]; fgets(line, sizeof line, file) != NULL;) {
        uint32_t row, other;
        size_t size;
        if (line[0] == '#'
            || sscanf(line, "%255s %u %u", word, &number, &common) != 3)
            continue;
        size = strlen(word);
        row = row_of(fr, word, size);
        assert_true(row < table->count);
        assert_int_equal(table->values[4 * row], number);
        assert_int_equal(table->values[4 * row + 1], common);
        assert_true(row == 0 || table->values[4 * row - 3] <= common);
        word[0] ^= 1;
        other = row_of(fr, word, size);
        assert_true(other != row);
        word[0] ^= 1;
        assert_true(row_of(fr, word, size - 1) != row);
        found++;
    }
    fclose(file);
    assert_int_equal(found, table->count);
    assert_int_equal(row_of(fr, "", 0), UINT32_MAX);
    assert_int_equal(row_of(language_find("de"), "der", 3), UINT32_MAX);
}

static void test_no_stemmer(void **state)
{
    const struct language wrong = {.code = "xx", .stemmer = "klingon"};

    (void) state;
    assert_null(stemmer_new(&own));
    assert_null(stemmer_new(&wrong));
    stemmer_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_has),   cmocka_unit_test(test_prefix),
        cmocka_unit_test(test_find),  cmocka_unit_test(test_tables),
        cmocka_unit_test(test_stems), cmocka_unit_test(test_no_stemmer),
        cmocka_unit_test(test_pairs), cmocka_unit_test(test_rows),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
