/* engine/split.c and segment.c: what is where, in small.  Whole articles are
 * in tests/cases/. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/precis.h"
#include "tests/engine/properties.h"

static precis_engine *engine;
static const char *language = "fr";

static int start(void **state)
{
    (void) state;
    return precis_engine_new(&engine, NULL);
}

static int end(void **state)
{
    (void) state;
    precis_engine_free(engine);
    return 0;
}

/* The segments of a text, each with the letter of its kind before it and `|`
 * behind it.  The text is in memory of its own, without a NUL. */
static const precis_result *segment(const char *text, size_t size,
                                    char *segments, size_t room)
{
    static char *article;
    precis_options options;
    const precis_result *result;
    precis_error error;
    const char *decoded, *broken;
    size_t used = 0, decoded_size;

    free(article);
    article = malloc(size == 0 ? 1 : size);
    assert_non_null(article);
    memcpy(article, text, size);
    precis_options_init(&options);
    options.language = language;
    if (precis_segment(engine, article, size, &options, &result, &error) != 0)
        fail_msg("%s: %s", text, error.message);
    broken = properties_broken(result, &options, size, 0);
    if (broken != NULL)
        fail_msg("%s: %s", text, broken);
    decoded = precis_result_text(result, &decoded_size);
    segments[0] = '\0';
    for (size_t i = 0; i < precis_result_segment_count(result); i++) {
        const precis_sentence *s = precis_result_segment(result, i);
        int n =
            snprintf(segments + used, room - used, "%c%.*s|", "SHO"[s->kind],
                     (int) (s->end - s->start), decoded + s->start);
        used += (size_t) n;
        if (used >= room)
            break;
    }
    return result;
}

static void segments_to(const char *text, const char *wanted)
{
    char segments[4000];

    segment(text, strlen(text), segments, sizeof segments);
    assert_string_equal(segments, wanted);
}

struct row {
    const char *text, *segments;
};

#define ROWS(rows)                                            \
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) \
    segments_to(rows[i].text, rows[i].segments)

static void test_marks(void **state)
{
    static const struct row rows[] = {
        {"Il pleut. Il neige. Il vente.", "SIl pleut.|SIl neige.|SIl vente.|"},
        {"Il pleut! Vraiment? Oui...", "SIl pleut!|SVraiment?|SOui...|"},
        {"Il dort !Oui. Il part ?Non.", "SIl dort !|SOui.|SIl part ?|SNon.|"},
        {"Il dort... et il rit. Il part… Mais non.",
         "SIl dort... et il rit.|SIl part…|SMais non.|"},
        {"Depuis... 1990 il dort. Depuis… 1990 il dort.",
         "SDepuis... 1990 il dort.|SDepuis… 1990 il dort.|"},
        {"Il dort ;Il part. Elle rit :Elle part.",
         "SIl dort ;Il part.|SElle rit :Elle part.|"},
        {"À Paris. Ça va. Œuvre. Été.", "SÀ Paris.|SÇa va.|SŒuvre.|SÉté.|"},
        {"Prix : 3 €. Il paie. 50 %. Il rit.",
         "SPrix : 3 €.|SIl paie.|S50 %.|SIl rit.|"},
        {"C'est fini.et puis rien.", "SC'est fini.et puis rien.|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_abbreviations(void **state)
{
    static const struct row rows[] = {
        {"M. Dupont est venu. Mme Durand aussi.",
         "SM. Dupont est venu.|SMme Durand aussi.|"},
        {"Il habite av. J.-C. depuis longtemps. Il part.",
         "SIl habite av. J.-C. depuis longtemps.|SIl part.|"},
        {"J. Martin et A. Petit sont là. Ils rient.",
         "SJ. Martin et A. Petit sont là.|SIls rient.|"},
        {"Le plan A. Ensuite, le plan B. Puis rien.",
         "SLe plan A.|SEnsuite, le plan B.|SPuis rien.|"},
        {"La C.G.T. La grève continue.", "SLa C.G.T.|SLa grève continue.|"},
        {"Voir p. 12 et art. 5. Il lit.", "SVoir p. 12 et art. 5.|SIl lit.|"},
        {"Il a lu la page p. Douze fois.", "SIl a lu la page p.|SDouze fois.|"},
        {"Il lit, etc. et il dort. Il lit, etc. Il dort.",
         "SIl lit, etc. et il dort.|SIl lit, etc.|SIl dort.|"},
        {"Le Dr. Paul et le Pr. Jean. Mgr. Marc.",
         "SLe Dr. Paul et le Pr. Jean.|SMgr. Marc.|"},
        {"Me. Durand plaide pour me. Il dort.",
         "SMe. Durand plaide pour me.|SIl dort.|"},
        {"Le nom de J.Paul.", "SLe nom de J.Paul.|"},
        {"Le nom de J.La suite.", "SLe nom de J.|SLa suite.|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_numbers(void **state)
{
    static const struct row rows[] = {
        {"Il a 5.000 euros. Elle en a 1,5 million.",
         "SIl a 5.000 euros.|SElle en a 1,5 million.|"},
        {"Il vend 12. Elle achète.", "SIl vend 12.|SElle achète.|"},
        {"Il vint.12 personnes le virent.",
         "SIl vint.|S12 personnes le virent.|"},
        {"Il est né en 1998.Elle aussi.", "SIl est né en 1998.|SElle aussi.|"},
        {"Il dort !12 personnes rient.", "SIl dort !12 personnes rient.|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_glued_joints(void **state)
{
    static const struct row rows[] = {
        {"Il vit dans les Pyrénées.Alors il marche.",
         "SIl vit dans les Pyrénées.|SAlors il marche.|"},
        {"Il regarde France.TV le soir.", "SIl regarde France.TV le soir.|"},
        {"Il a vu le PDG.La suite vient.",
         "SIl a vu le PDG.|SLa suite vient.|"},
        {"Il dort.L'ONU veille.", "SIl dort.|SL'ONU veille.|"},
        {"Sans pointLa suite arrive.", "HSans point|SLa suite arrive.|"},
        {"Il a luLa suite.", "SIl a luLa suite.|"},
        {"Le (FN)La suite vient.", "HLe (FN)|SLa suite vient.|"},
        {"Le FNLa suite vient.", "HLe FN|SLa suite vient.|"},
        {"En 2017Le maire est venu.", "HEn 2017|SLe maire est venu.|"},
        {"YouTube est là. MacDonald aussi.",
         "SYouTube est là.|SMacDonald aussi.|"},
        /* the capital before the article is in the middle of no word */
        {"Il vit aÉLe soir.", "SIl vit aÉLe soir.|"},
        {"Il est venu.(Il dormait.)Elle rit.",
         "SIl est venu.|S(Il dormait.)|SElle rit.|"},
        {"Il rit.•Il dort.", "SIl rit.|S•Il dort.|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_quotations(void **state)
{
    static const struct row rows[] = {
        {"Il a dit: \"Je viens.\" Puis il part.",
         "SIl a dit: \"Je viens.\"|SPuis il part.|"},
        {"Il a dit: \"Je viens\". Puis il part.",
         "SIl a dit: \"Je viens\".|SPuis il part.|"},
        {"\"Je viens!\", dit-il. Elle rit.",
         "S\"Je viens!\", dit-il.|SElle rit.|"},
        {"\"Je viens. Je pars.\" Il rit.",
         "S\"Je viens.|SJe pars.\"|SIl rit.|"},
        {"Il a creusé \"un trou.\"Elle a ri.",
         "SIl a creusé \"un trou.\"|SElle a ri.|"},
        {"Né en 1998.\"Elle a creusé\", dit-il.",
         "SNé en 1998.|S\"Elle a creusé\", dit-il.|"},
        {"la \"une\"Le maire est là.", "Hla \"une\"|SLe maire est là.|"},
        {"Il a dit \"oui\"Paul aussi.", "HIl a dit \"oui\"|SPaul aussi.|"},
        {"« Je viens. Je pars. » Il rit.",
         "S« Je viens.|SJe pars. »|SIl rit.|"},
        {"« Je viens » . Il rit.", "S« Je viens » .|SIl rit.|"},
        {"«Je viens.»Il rit.", "S«Je viens.»|SIl rit.|"},
        {"“Je viens.” Il rit.", "S“Je viens.”|SIl rit.|"},
        {"‘Je viens.’ Il rit.", "S‘Je viens.’|SIl rit.|"},
        {"Elle dit \"Je viens. \"Il dort. Elle rit.",
         "SElle dit \"Je viens.|S\"Il dort.|SElle rit.|"},
        {"Elle dit « Je viens. Il dort.\nUn autre jour. Il part.",
         "SElle dit « Je viens.|SIl dort.|SUn autre jour.|SIl part.|"},
        {"Elle dit \"Je viens. Il dort.\nUn autre jour. Il part.",
         "SElle dit \"Je viens.|SIl dort.|SUn autre jour.|SIl part.|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_brackets(void **state)
{
    static const struct row rows[] = {
        {"Il est venu (hier. Tard). Elle dort.",
         "SIl est venu (hier. Tard).|SElle dort.|"},
        {"Il est venu (hier. Tard. Elle dort.",
         "SIl est venu (hier.|STard.|SElle dort.|"},
        {"Il est venu. (Il dormait.) Elle rit.",
         "SIl est venu.|S(Il dormait.)|SElle rit.|"},
        {"Il est venu. (et il dort) Elle rit.",
         "SIl est venu. (et il dort) Elle rit.|"},
        {"Il est venu [sic]. Elle rit.", "SIl est venu [sic].|SElle rit.|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_headings(void **state)
{
    static const struct row rows[] = {
        {"Il rit.- Pas de réaction -Le ministre dort.",
         "SIl rit.|H- Pas de réaction -|SLe ministre dort.|"},
        {"- Pas de réaction - Le ministre dort bien.",
         "H- Pas de réaction -|SLe ministre dort bien.|"},
        {"Un titre court\n\nLa suite arrive demain matin.",
         "HUn titre court|SLa suite arrive demain matin.|"},
        {"Encore plus de déplacés L'ONU a prévenu que la faim menace.",
         "HEncore plus de déplacés|SL'ONU a prévenu que la faim menace.|"},
        {"Peu de réactions Interrogé hier, il a refusé de répondre.",
         "HPeu de réactions|SInterrogé hier, il a refusé de répondre.|"},
        {"Hausse des prix du pain Selon le syndicat, la farine manque.",
         "HHausse des prix du pain|SSelon le syndicat, la farine manque.|"},
        {"• Alain Juppé\nIl est là. • Paul\nIl dort.",
         "H• Alain Juppé|SIl est là.|H• Paul|SIl dort.|"},
        {"Pourquoi dormir ?\nParce que.", "HPourquoi dormir ?|SParce que.|"},
        /* a text without a sentence has others as such */
        {"Un titre\n\nUn autre titre", "SUn titre|SUn autre titre|"},
        {"...\n!!!", "S...|S!!!|"},
        {"Photo : AFP", "SPhoto : AFP|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_dashes(void **state)
{
    static const struct row rows[] = {
        {"Il dort. - Oui. - Non.", "SIl dort.|S- Oui.|S- Non.|"},
        {"Il dort. – et il rit.", "SIl dort. – et il rit.|"},
        {"- pas de liste\n- deux de liste", "Spas de liste|Sdeux de liste|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_junk(void **state)
{
    static const struct row rows[] = {
        {"PARIS, 3 mars (AFP) - Le maire est venu.",
         "OPARIS, 3 mars (AFP) -|SLe maire est venu.|"},
        {"PARIS - Le maire est venu.", "OPARIS -|SLe maire est venu.|"},
        {"Paris - Le maire est venu.", "SParis - Le maire est venu.|"},
        {"(AFP) - Le maire est venu.", "O(AFP) -|SLe maire est venu.|"},
        {"Photo : AFP\nIl dort.", "OPhoto : AFP|SIl dort.|"},
        {"Photo:AFP\nIl dort.", "OPhoto:AFP|SIl dort.|"},
        {"©AFP\nIl dort.", "O©AFP|SIl dort.|"},
        {"Photographie du mois : la mer.", "SPhotographie du mois : la mer.|"},
        {"Il dort. Photo : AFP\nElle rit.",
         "OIl dort. Photo : AFP|SElle rit.|"},
        {"Lire aussi : le pain\nIl dort.", "OLire aussi : le pain|SIl dort.|"},
        {"Par Jean Petit\nIl dort.", "OPar Jean Petit|SIl dort.|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_lines(void **state)
{
    static const struct row rows[] = {
        {"Il dort.\nElle rit.\r\n\r\nIl part.",
         "SIl dort.|SElle rit.|SIl part.|"},
        {"La ligne est\nlongue et continue.\nElle finit ici.",
         "SLa ligne est\nlongue et continue.|SElle finit ici.|"},
        {"La ligne, qui est\nlongue,\nfinit ici. La\nVille rit. Elle\ndort.",
         "SLa ligne, qui est\nlongue,\nfinit ici.|SLa\nVille rit.|"
         "SElle\ndort.|"},
        {" \n\tIl dort.\n \n", "SIl dort.|"},
    };
    (void) state;
    ROWS(rows);
}

/* Alone and at the end: nothing is read behind the text. */
static void test_ends(void **state)
{
    static const char *const ends[] = {
        "a",        "A",       ".",    "!",         "…",   "\"",
        "'",        "’",       "«",    "»",         "“",   "”",
        "(",        ")",       "[",    "]",         "-",   "–",
        "—",        "•",       "©",    "é",         "É",   "1",
        ":",        ",",       "M.",   "J.",        "«.",  ".»",
        ".\"",      "\".",     "(.",   ".)",        ".(",  ".-",
        "-.",       "- ",      "- -",  "A.A",       "a.A", "a.1",
        "1.a",      "aA",      "aÉ",   "ÉL",        "1L",  ")L",
        "\"L",      "l'",      "L’",   "Photo",     "©A",  "PARIS -",
        "PARIS - ", "- a b -", "a\nA", "A\n\n",     "…1",  "... 1",
        "l\nl",     "•\n",     "\n•",  "e\xCC\x81", "😀",   "漢",
    };
    char text[64], segments[400];

    (void) state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        segment(ends[i], strlen(ends[i]), segments, sizeof segments);
        assert_true(strlen(segments) > 2);
        snprintf(text, sizeof text, "Il dort. %s", ends[i]);
        segment(text, strlen(text), segments, sizeof segments);
        snprintf(text, sizeof text, "Il dort%s", ends[i]);
        segment(text, strlen(text), segments, sizeof segments);
        snprintf(text, sizeof text, "%sIl dort.", ends[i]);
        segment(text, strlen(text), segments, sizeof segments);
    }
}

/* `count` times `part`. */
static char *repeat(const char *part, size_t count, size_t *size)
{
    size_t length = strlen(part);
    char *text = malloc(length * count + 1);

    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * length, part, length);
    *size = length * count;
    return text;
}

/* What is kept of a very long text, and that it says what is not. */
static void test_candidates(void **state)
{
    static const struct {
        const char *part;
        size_t count, segments, total;
        int warns;
    } rows[] = {
        {"Il dort. ", 20000, 20000, 20000, 0},
        {"Il dort. ", 20001, 20000, 20001, 1},
        {"Un titre\n\nIl dort. Il rit.\n\n", 10000, 30000, 20000, 0},
        {"Un titre\n\n", 20001, 20000, 20001, 1},
        {"Un titre\n\n", 50000, 20000, 50000, 1},
        {"...\n\n", 30000, 20000, 30000, 1},
    };
    char segments[100];

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const precis_result *result;
        size_t size;
        char *text = repeat(rows[i].part, rows[i].count, &size);
        result = segment(text, size, segments, sizeof segments);
        free(text);
        assert_int_equal(precis_result_segment_count(result), rows[i].segments);
        assert_int_equal(precis_result_total_sentences(result), rows[i].total);
        assert_int_equal(precis_result_warning_count(result), rows[i].warns);
    }
}

/* Sentences behind so many headings that none of them is a candidate. */
static void test_late_sentences(void **state)
{
    const precis_result *result;
    char segments[100];
    size_t size;
    char *text = repeat("Un titre\n\n", 50001, &size);

    (void) state;
    memcpy(text + size - 10, "Il dort.\n\n", 10);
    result = segment(text, size, segments, sizeof segments);
    free(text);
    assert_int_equal(precis_result_segment_count(result), 20000);
    assert_int_equal(precis_result_total_sentences(result), 50001);
    assert_int_equal(precis_result_warning_count(result), 1);
}

static void test_lists(void **state)
{
    static const struct row rows[] = {
        {"1. Le pain 2. Le vin 3. Le sel", "SLe pain|S2. Le vin|S3. Le sel|"},
        {"1) Le pain 2) Le vin", "S1) Le pain|S2) Le vin|"},
        {"Il dort : voici. a) Le pain b) Le vin",
         "SIl dort : voici.|Sa) Le pain|Sb) Le vin|"},
        {"Il en reste 2. Le vin est bon.",
         "SIl en reste 2.|SLe vin est bon.|"},
        {"Il dort.[1][2] Elle rit. [3] Il part.",
         "SIl dort.[1][2]|SElle rit. [3]|SIl part.|"},
        {"Il dort . . . mais elle rit . Il part .",
         "SIl dort . . . mais elle rit .|SIl part .|"},
    };
    (void) state;
    ROWS(rows);
}

static void test_english(void **state)
{
    static const struct row rows[] = {
        {"Mr. Hale met Dr. Ortiz on Jan. 5. They talked.",
         "SMr. Hale met Dr. Ortiz on Jan. 5.|SThey talked.|"},
        {"She left at 6 P.M. Nobody saw her. He woke at 5 a.m. Monday.",
         "SShe left at 6 P.M.|SNobody saw her.|SHe woke at 5 a.m. Monday.|"},
        {"The U.S. Senate met. He lives in the U.S. His son does not.",
         "SThe U.S. Senate met.|SHe lives in the U.S.|SHis son does not.|"},
        {"Carver Inc. The firm was small. It has a Ph.D. student.",
         "SCarver Inc.|SThe firm was small.|SIt has a Ph.D. student.|"},
        {"At 6 p.m. Nora left. She left at 6 p.m. Nora slept.",
         "SAt 6 p.m. Nora left.|SShe left at 6 p.m.|SNora slept.|"},
        {"(a) One bed. (b) Two beds. Write to Ann.Lee@example.org. She knows.",
         "S(a) One bed.|S(b) Two beds.|SWrite to Ann.Lee@example.org."
         "|SShe knows.|"},
        {"He weighed 5 lb. Tom did not. He is 5 ft. 6 in. tall.",
         "SHe weighed 5 lb.|STom did not.|SHe is 5 ft. 6 in. tall.|"},
        {"Higher prices Last week the shop closed.",
         "HHigher prices|SLast week the shop closed.|"},
    };
    (void) state;
    language = "en";
    ROWS(rows);
    language = "fr";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_abbreviations),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_glued_joints),
        cmocka_unit_test(test_quotations),
        cmocka_unit_test(test_brackets),
        cmocka_unit_test(test_headings),
        cmocka_unit_test(test_dashes),
        cmocka_unit_test(test_junk),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_late_sentences),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_english),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
