/* engine/words.c: what a word is, which words are the same stem, and what is
 * counted of them. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/scan.h"
#include "engine/unicode.h"
#include "tests/engine/reading.h"

static void test_words(void **state)
{
    static const struct {
        const char *text;
        size_t words;
    } rows[] = {
        {"l'an 2000", 3},
        {"aujourd'hui, qu’il", 4},
        {"Saint-Jean-de-Luz", 4},
        {"5.000 euros et 1,5 %", 6},
        {"co\xC2\xADopérer", 1}, /* what shows nothing does not end a word */
        {"co\xC2\xAD\xE2\x81\xA0opérer\xC2\xAD", 1},
        {"co\xC2\xAD opérer \xC2\xAD", 2},
        {"a\xC2\xAD\xC2\xAD\xC2\xAD\xC2\xADz", 1}, /* up to four ... */
        {"a\xC2\xAD\xC2\xAD\xC2\xAD\xC2\xAD\xC2\xADz", 2}, /* ... do not */
        {"a\xE2\x80\x8Bz", 2}, /* a space of no width is a space */
        {"col·legi COL·LEGI a·b l·", 5},
        {"क्‍ष क्षेत्र नहीं", 3}, /* virama, a joiner, signs */
        {"क्\xE2\x80\x8Dष राज\xE2\x80\x8Cनीति", 2},
        {"அரசாங்கத்தின் முடிவு", 2},
        {"الحُكُومَة حكــومة", 2},
        {"שפּראַך־קורס צה״ל ״וואָרט״", 4},
        {"ինչպե՞ս, արի՛ գնա՜նք", 3},
        {"un\xC2\xA0mot", 2},
        {"n\xCC\x83", 1}, /* marks belong to their letter */
        {"№ 5 ½ Ⅷ", 3},
        {"… – « » \" ! ( )", 0},
        {"漢字 кот", 2},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        reads(rows[i].text);
        assert_int_equal(document.token_count, rows[i].words);
        assert_int_equal(document.total_words, rows[i].words);
        assert_int_equal(document.segments[0].tokens, rows[i].words);
    }
}

static void test_stems(void **state)
{
    (void) state;
    reads("maire Maire MAIRE maires Maires");
    assert_int_equal(document.stem_count, 1);
    assert_int_equal(document.surface_count, 5);
    assert_int_equal(stem(0)->count, 5);
    reads("École école ÉCOLES");
    assert_int_equal(document.stem_count, 1);
    reads("ville village vil");
    assert_ptr_not_equal(stem(0), stem(1));
}

static void test_function_words(void **state)
{
    (void) state;
    reads("Le maire de l'école qu'il A vue");
    for (size_t i = 0; i < document.token_count; i++)
        assert_int_equal(stem(i) == NULL, i != 1 && i != 4 && i != 8);
}

/* The stems of each sentence: each once, in the order of the text, and no
 * function words; of headings and junk none. */
static void test_terms(void **state)
{
    static const char *const terms[] = {"maire voit", "", "ville maire", "",
                                        "maires"};
    (void) state;
    reads("Le maire voit le maire\n# La ville\nLa ville a ville maire\n"
          "@ junk\nmaires maire maires");
    assert_int_equal(document.segment_count, 5);
    for (size_t i = 0; i < document.segment_count; i++) {
        const struct segment *segment = &document.segments[i];
        char found[100] = "";
        for (uint32_t k = 0; k < segment->terms; k++) {
            uint32_t term = document.terms[segment->token + k], t = 0;
            assert_int_not_equal(term, 0);
            while (term_at(&document, segment->token + t) != term)
                assert_true(++t < segment->tokens);
            t = document.tokens[segment->token + t];
            snprintf(found + strlen(found), sizeof found - strlen(found),
                     "%s%.*s", k > 0 ? " " : "",
                     (int) document.surfaces[t].size,
                     document.surfaces[t].text);
        }
        assert_string_equal(found, terms[i]);
    }
}

/* A word met again, in this article or in the next, is the same. */
static void test_vocabulary(void **state)
{
    (void) state;
    for (int i = 0; i < 3; i++) {
        reads("Le maire parle au maire de la ville");
        assert_int_equal(document.stem_count, 3);
        assert_int_equal(document.surface_count, 7);
        assert_null(stem(0));
        assert_int_equal(stem(1)->count, 2);
    }
}

/* Words at the sizes where something changes: 28 + 28 bytes fit an entry of
 * the vocabulary, 255 the stemmer. */
static void test_long_words(void **state)
{
    static const size_t sizes[] = {1,   27,  28,  29,  55,   56,   57,
                                   254, 255, 256, 300, 1000, 70000};
    char *text = malloc(2 * 70000 + 2);

    (void) state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t size = sizes[i];
        memset(text, 'z', 2 * size + 1);
        text[size] = ' ';
        text[2 * size + 1] = '\0';
        reads(text);
        assert_int_equal(document.token_count, 2);
        assert_int_equal(document.stem_count, 1);
        assert_int_equal(stem(0)->count, 2);
        /* one letter more is another word */
        text[size] = 'z';
        reads(text);
        assert_int_equal(document.token_count, 1);
        assert_int_equal(document.stem_count, 1);
    }
    free(text);
}

/* Letters whose small form is longer than they are. */
static void test_growing_fold(void **state)
{
    char word[2 * 120 + 1];

    (void) state;
    for (size_t i = 0; i < 120; i++)
        memcpy(word + 2 * i, "\xC8\xBA", 2); /* U+023A, small U+2C65 */
    word[sizeof word - 1] = '\0';
    reads(word);
    assert_int_equal(document.token_count, 1);
    assert_int_equal(document.stem_count, 1);
}

static void test_counts(void **state)
{
    (void) state;
    reads("# Le maire et le port\n"
          "Le maire parle au maire.\n"
          "@ Photo du maire et de la mer\n"
          "Il dort au port.\n"
          "Les maires partent.");
    /* tokens: 5 + 5 + 7 + 4 + 3 */
    assert_int_equal(document.token_count, 24);
    assert_int_equal(document.total_words, 12);
    assert_int_equal(stem(1)->count, 4);     /* the heading's, not the junk's */
    assert_int_equal(stem(1)->sentences, 2); /* not the heading */
    assert_int_equal(stem(1)->first, 0);
    assert_int_equal(stem(4)->count, 2);
    assert_int_equal(stem(4)->first, 0); /* the heading stands before it */
    assert_int_equal(stem(4)->sentences, 1);
    assert_int_equal(stem(16)->count, 0); /* only in junk */
    assert_int_equal(stem(16)->first, NONE);
}

/* Words behind the candidates count, but are not kept. */
static void test_rest(void **state)
{
    precis_options options;
    struct document *d = &document;

    (void) state;
    reads("Le maire dort.\nLe maire part.");
    d->segment_count = d->sentence_count = 1;
    d->rest = d->segments[1].start;
    d->tokens = NULL;
    d->surfaces = NULL;
    d->stems = NULL;
    d->token_count = d->surface_count = d->stem_count = d->total_words = 0;
    precis_options_init(&options);
    assert_int_equal(read_words(vocabulary, d, &options), 0);
    assert_int_equal(d->token_count, 3);
    assert_int_equal(d->total_words, 6);
    assert_int_equal(stem(1)->count, 2);
    assert_int_equal(stem(1)->sentences, 2);
}

static void test_hints(void **state)
{
    (void) state;
    reads_hinted("Le maire parle du port.\nLa ville dort.", "Le MAIRE absent",
                 "une ville d'eau");
    assert_true(stem(1)->in_title && !stem(1)->in_query);
    assert_int_equal(stem(1)->count, 1); /* a hint counts nothing */
    assert_true(stem(6)->in_query && !stem(6)->in_title);
    assert_true(!stem(4)->in_title && !stem(4)->in_query);
    reads_hinted("Le maire", "", "");
    assert_false(stem(1)->in_title);
}

/* Writes so many words of eight letters, all different. */
static char *write_different(char *at, unsigned words)
{
    for (unsigned i = 0; i < words; i++) {
        unsigned n = i;
        for (int k = 0; k < 7; k++, n /= 7)
            *at++ = (char) ('b' + n % 7 * 3); /* b e h k n q t: no suffix */
        *at++ = 'x';
        *at++ = ' ';
    }
    *at = '\0';
    return at;
}

/* So many distinct words that every table grows and some hashes are the same:
 * with another key others are.  They come twice, and all are found again. */
static void test_growth(void **state)
{
    enum { WORDS = 200000 };
    char *text = malloc(2 * WORDS * 9 + 1);
    size_t stems;

    (void) state;
    assert_non_null(text);
    write_different(write_different(text, WORDS), WORDS);
    reads(text);
    assert_int_equal(document.token_count, 2 * WORDS);
    assert_int_equal(document.surface_count, WORDS);
    assert_true(document.stem_count > WORDS / 2);
    for (size_t i = 0; i < WORDS; i++) {
        const struct surface *surface = &document.surfaces[document.tokens[i]];
        assert_int_equal(surface->size, 8);
        assert_ptr_equal(surface->text, text + 9 * i);
        assert_int_equal(document.tokens[WORDS + i], document.tokens[i]);
        assert_non_null(stem(i));
    }
    stems = document.stem_count;
    vocabulary_free(vocabulary);
    vocabulary = vocabulary_new();
    assert_non_null(vocabulary);
    reads(text);
    assert_int_equal(document.stem_count, stems);
    assert_int_equal(document.surface_count, WORDS);
    free(text);
}

/* Behind so many words nobody asks for forms: of those there are, none is
 * another for that, and neither are surfaces and stems. */
static void test_forms_words(void **state)
{
    enum { WORDS = 20000, FORMS_WORDS = 5000, BATCH = 1000 };
    char *text = malloc(WORDS * 9 + 1);
    struct document *d = &document, all;
    precis_options options;

    (void) state;
    assert_non_null(text);
    write_different(text, WORDS);
    reads(text);
    assert_int_equal(d->form_count, WORDS);
    all = *d;
    d->forms_words = FORMS_WORDS;
    d->tokens = NULL;
    d->surfaces = NULL;
    d->forms = NULL;
    d->stems = NULL;
    d->token_count = d->surface_count = d->form_count = d->stem_count = 0;
    d->total_words = 0;
    precis_options_init(&options);
    assert_int_equal(read_words(vocabulary, d, &options), 0);
    assert_true(d->form_count > FORMS_WORDS);
    assert_true(d->form_count < FORMS_WORDS + BATCH);
    for (size_t i = 0; i < d->form_count; i++) {
        assert_ptr_equal(d->forms[i].text, all.forms[i].text);
        assert_int_equal(d->forms[i].stem, all.forms[i].stem);
    }
    assert_int_equal(d->surface_count, WORDS);
    assert_int_equal(d->stem_count, all.stem_count);
    for (size_t i = 0; i < WORDS; i++) {
        assert_ptr_equal(d->surfaces[i].text, all.surfaces[i].text);
        assert_int_equal(d->surfaces[i].stem, all.surfaces[i].stem);
    }
    free(text);
}

typedef size_t edge_finder(struct scan *scan, uint32_t *edges, size_t room);

/* Are the words of [begin, end), read in portions of `room` edges, those that
 * are found one character after the other? */
static void scans_by(edge_finder *finder, const char *text, size_t size,
                     size_t begin, size_t end, size_t room)
{
    uint32_t edges[1024];
    size_t count = 0, next = 0, at = begin, found;
    struct scan scan;

    scan_start(&scan, text, size, begin, end);
    while (scan.next < scan.end) {
        assert_true(count + room <= sizeof edges / sizeof *edges);
        count += finder(&scan, edges + count, room);
    }
    for (; (found = next_word(text, &at, end)) > 0; at += found) {
        assert_true(next + 2 <= count);
        assert_int_equal(edges[next++], at);
        assert_int_equal(edges[next++], at + found);
    }
    assert_int_equal(next, count);
}

/* In every way that this processor has. */
static void scans(const char *text, size_t size, size_t begin, size_t end,
                  size_t room)
{
    scans_by(scan_edges, text, size, begin, end, room);
    scans_by(scan_edges_narrow, text, size, begin, end, room);
}

/* Words found by blocks are those found one character after the other, also
 * where blocks end, inside what is left out, and up to the last byte. */
static void test_blocks(void **state)
{
    static const char *const pieces[] = {
        "a", "Z", "7", "z", "e", "\xC3\xA9", "\xC3\x97", "\xC2\xAD",
        "\xC2\xAD", "\xE2\x80\x8D", "\xC2\xB7", "l", " ", "'",
        "\xE2\x80\x99", "\xE6\xBC\xA2", "\xF0\x9F\x98\x80",
        "\xF0\x9D\x90\x80", "\xCC\x81", "\xD5\x9E", "\xD7\xA6",
        "\xD7\xB4", "-", "\xC2\xB2", "mot", "@", "[", "`", "{", "/", ":",
        "\xC2\xAB", "\xC2\xA0", "\xC5\x93", "\xD0\xB7", "\xE2\x82\xAC",
    };
    uint32_t random = 1;

    (void) state;
    for (int round = 0; round < 20000; round++) {
        char raw[200], *text;
        size_t size = 0, begin = 0, end = 0, wanted = random >> 8;
        for (wanted %= 190; size < wanted;) {
            const char *piece;
            random = random * 1664525 + 1013904223;
            piece = pieces[(random >> 16) % (sizeof pieces / sizeof *pieces)];
            memcpy(raw + size, piece, strlen(piece));
            size += strlen(piece);
            if (begin == 0 && (random >> 8) % 4 == 0)
                begin = size; /* of a segment inside the text ... */
            if (size < wanted / 8 * 7)
                end = size;
        }
        if (end < begin || (random >> 8) % 2 == 0)
            end = size; /* ... or up to its last byte */
        random = random * 1664525 + 1013904223;
        text = malloc(size + 1);
        assert_non_null(text);
        memcpy(text + 1, raw, size); /* nothing may be read behind it */
        scans(text + 1, size, begin, end, SCAN_ROOM + (random >> 8) % 200);
        free(text);
    }
}

/* Every character, at every place of a block: all that are told at once, and
 * those around them. */
static void test_characters(void **state)
{
    (void) state;
    for (uint32_t cp = 1; cp < 0x2100; cp++) {
        char text[128] = "";
        size_t size = 0;
        for (int i = 0; i < 24; i++) {
            size += utf8_put(cp, text + size);
            if (i % 3 == 0)
                text[size++] = i % 2 == 0 ? 'a' : ' ';
        }
        scans(text, size, 0, size, SCAN_ROOM);
        memmove(text + cp % 32, text, size); /* other places of a block */
        memset(text, cp % 2 == 0 ? ' ' : 'b', cp % 32);
        scans(text, size + cp % 32, 0, size + cp % 32, SCAN_ROOM);
    }
}

/* What is found of many words at once is the same by any processor, but for
 * words that only some can read at once. */
static void test_sought(void **state)
{
    static struct sought narrow, wide;
    static uint32_t edges[2 * SOUGHT_WORDS];
    static const char text[] = "Le maire de la ville d'Aix, "
                               "anticonstitutionnellement maire, "
                               "quinzelettres15 seizelettress16 "
                               "dixseptlettress17 é Été inconnu";
    size_t count = 0, at = 0, size, found = 0;

    (void) state;
    reads("La ville d'Aix. Le maire de l'été, de la maire fin "
          "anticonstitutionnellement quinzelettres15 seizelettress16");
    for (; (size = next_word(text, &at, sizeof text - 1)) > 0; at += size) {
        edges[2 * count] = (uint32_t) at;
        edges[2 * count++ + 1] = (uint32_t) (at + size);
    }
    sought_find_narrow(vocabulary, &narrow, text, sizeof text - 1, edges,
                       count);
    sought_find(vocabulary, &wide, text, sizeof text - 1, edges, count);
    for (size_t i = 0; i < count; i++) {
        if (narrow.spelling[i][0] == 1)
            continue;
        assert_memory_equal(narrow.spelling[i], wide.spelling[i],
                            sizeof wide.spelling[i]);
        assert_int_equal(narrow.hash[i], wide.hash[i]);
        assert_int_equal(narrow.number[i], wide.number[i]);
        found += narrow.number[i] > 0;
    }
    assert_true(found > 7);
}

/* What the vocabulary forgets between articles changes nothing: words that
 * every article has, and new ones by the thousand, with texts of all sizes. */
static void test_forgetting(void **state)
{
    enum { ARTICLES = 60, NEW = 2000 };
    char *text = malloc(NEW * 40 + 100);
    uint32_t most = 0, forgotten = 0;

    (void) state;
    assert_non_null(text);
    for (unsigned article = 0; article < ARTICLES; article++) {
        uint32_t before = vocabulary->count;
        static const char first[] = "Le maire et les maires, "
                                    "anticonstitutionnellement! ";
        static const char filler[] = "xxxxxxxxxxxxxxxxxxxxx";
        char *at = text + sizeof first - 1;

        memcpy(text, first, sizeof first - 1);
        for (unsigned i = 0; i < NEW; i++) {
            unsigned n = article * NEW + i;
            for (int k = 0; k < 8; k++, n /= 7)
                *at++ = (char) ('b' + n % 7 * 3); /* no suffix */
            if (i % 7 == 0) { /* longer than a record */
                memcpy(at, filler, sizeof filler - 1);
                at += sizeof filler - 1;
            }
            *at++ = ' ';
        }
        *at = '\0';
        reads(text);
        assert_int_equal(document.token_count, 6 + NEW);
        assert_int_equal(document.surface_count, 6 + NEW);
        assert_null(stem(0));
        assert_int_equal(stem(1)->count, 2);
        assert_ptr_equal(stem(1), stem(4));
        assert_int_equal(stem(5)->count, 1);
        assert_true(document.surfaces[document.tokens[6]].size > 24);
        assert_memory_equal(
            document.forms[document.surfaces[document.tokens[5]].form].text,
            "anticonstitutionnellement", 25);
        most = vocabulary->count > most ? vocabulary->count : most;
        forgotten += vocabulary->count < before;
    }
    assert_true(forgotten > 0);
    assert_true(most < 70000);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_stems),
        cmocka_unit_test(test_function_words),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_vocabulary),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_growing_fold),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_forms_words),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_sought),
        cmocka_unit_test(test_forgetting),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, reading_start, reading_end);
}
