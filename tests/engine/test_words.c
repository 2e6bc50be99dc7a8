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

#include "engine/document.h"
#include "engine/scan.h"
#include "engine/vocabulary.h"

static struct arena arena;
static struct vocabulary *vocabulary;
static struct document document;

static int start(void **state)
{
    (void) state;
    arena_init(&arena);
    vocabulary = vocabulary_new();
    return vocabulary == NULL;
}

static int end(void **state)
{
    (void) state;
    vocabulary_free(vocabulary);
    arena_clear(&arena);
    return 0;
}

/* Reads a text of one segment for each line, all of them sentences but those
 * that begin with # (headings) and @ (junk). */
static void reads_in(const char *language, const char *text, const char *title,
                     const char *query)
{
    struct document *d = &document;
    precis_options options;
    size_t size = strlen(text), at = 0;

    arena_reset(&arena);
    memset(d, 0, sizeof *d);
    d->arena = &arena;
    d->language = language_find(language);
    assert_non_null(d->language);
    d->text = text;
    d->size = d->rest = size;
    d->segments = arena_take_array(&arena, size + 1, sizeof *d->segments);
    assert_non_null(d->segments);
    while (at < size) {
        const char *line_end = memchr(text + at, '\n', size - at);
        size_t stop = line_end == NULL ? size : (size_t) (line_end - text);
        struct segment *s = &d->segments[d->segment_count++];
        s->start = (uint32_t) at;
        s->end = (uint32_t) stop;
        s->kind = text[at] == '#'   ? PRECIS_HEADING
                  : text[at] == '@' ? PRECIS_OTHER
                                    : PRECIS_SENTENCE;
        d->sentence_count += s->kind == PRECIS_SENTENCE;
        at = stop + 1;
    }
    precis_options_init(&options);
    options.title = title;
    options.title_size = title == NULL ? 0 : strlen(title);
    options.query = query;
    options.query_size = query == NULL ? 0 : strlen(query);
    assert_int_equal(read_words(vocabulary, d, &options), 0);
}

static void reads_hinted(const char *text, const char *title, const char *query)
{
    reads_in("fr", text, title, query);
}

static void reads(const char *text)
{
    reads_hinted(text, NULL, NULL);
}

/* The stem of token number `number`, or NULL for a function word. */
static const struct stem *stem(size_t number)
{
    uint32_t id = document.surfaces[document.tokens[number]].stem;

    assert_true(number < document.token_count);
    return id == NONE ? NULL : &document.stems[id];
}

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

/* So many distinct words that every table grows and some hashes are the same:
 * with another key others are. */
static void test_growth(void **state)
{
    enum { WORDS = 200000 };
    char *text = malloc(WORDS * 9 + 1), *at = text;
    size_t stems;

    (void) state;
    assert_non_null(text);
    for (unsigned i = 0; i < WORDS; i++) {
        unsigned n = i;
        for (int k = 0; k < 7; k++, n /= 7)
            *at++ = (char) ('b' + n % 7 * 3); /* b e h k n q t: no suffix */
        *at++ = 'x';
        *at++ = ' ';
    }
    *at = '\0';
    reads(text);
    assert_int_equal(document.token_count, WORDS);
    assert_int_equal(document.surface_count, WORDS);
    assert_true(document.stem_count > WORDS / 2);
    for (size_t i = 0; i < WORDS; i++) {
        const struct surface *surface = &document.surfaces[document.tokens[i]];
        assert_int_equal(surface->size, 8);
        assert_ptr_equal(surface->text, text + 9 * i);
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
    };
    uint32_t random = 1;

    (void) state;
    for (int round = 0; round < 20000; round++) {
        char raw[200], *text;
        size_t size = 0, begin = 0, end = 0, wanted = random >> 8, found, at;
        struct scan scan;
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
        scan_start(&scan, text + 1, size, begin, end);
        for (at = begin; (found = next_word(text + 1, &at, end)) > 0;
             at += found) {
            size_t place = 0;
            assert_int_equal(scan_next(&scan, &place), found);
            assert_int_equal(place, at);
        }
        assert_int_equal(scan_next(&scan, &at), 0);
        free(text);
    }
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

/* ---- other languages ---- */

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
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_stems),
        cmocka_unit_test(test_function_words),
        cmocka_unit_test(test_vocabulary),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_growing_fold),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_forgetting),
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
    return cmocka_run_group_tests(tests, start, end);
}
