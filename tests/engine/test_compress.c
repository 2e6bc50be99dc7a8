/* engine/compress.c and clauses.c: what is cut of a sentence, and what never
 * is. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/compress.h"
#include "tests/engine/properties.h"

static struct arena arena;
static struct vocabulary *vocabulary;
static struct document document;
static struct credits credits;
static precis_engine *engine;

static int start(void **state)
{
    (void) state;
    arena_init(&arena);
    vocabulary = vocabulary_new();
    return vocabulary == NULL || precis_engine_new(&engine, NULL) != 0;
}

static int end(void **state)
{
    (void) state;
    precis_engine_free(engine);
    vocabulary_free(vocabulary);
    arena_clear(&arena);
    return 0;
}

/* ---- single sentences ---- */

/* Every word is worth nothing, and one that stays `best`. */
static void make_credits(double best)
{
    struct document *d = &document;

    memset(&credits, 0, sizeof credits);
    credits.best = best;
    credits.once = arena_take_array(&arena, d->form_count + 1,
                                    sizeof *credits.once);
    credits.pair = arena_take_array(&arena, 1, sizeof *credits.pair);
    credits.facts.pair_of = arena_take_array(
        &arena, d->token_count + 1, sizeof *credits.facts.pair_of);
    assert_non_null(credits.once);
    assert_non_null(credits.pair);
    assert_non_null(credits.facts.pair_of);
    for (size_t i = 0; i <= d->token_count; i++)
        credits.facts.pair_of[i] = NONE;
}

/* Reads a text as one sentence. */
static void read_sentence(const char *text)
{
    struct document *d = &document;
    precis_options options;

    arena_reset(&arena);
    memset(d, 0, sizeof *d);
    d->arena = &arena;
    d->language = language_find("fr");
    d->text = text;
    d->size = d->rest = strlen(text);
    d->segments = arena_take_array(&arena, 2, sizeof *d->segments);
    assert_non_null(d->segments);
    d->segments[0].end = (uint32_t) d->size;
    d->segment_count = d->sentence_count = 1;
    precis_options_init(&options);
    assert_int_equal(read_words(vocabulary, d, &options), 0);
}

/* The text with braces around what is cut of it. */
static void mark_cuts(const char *text, char *out, size_t room)
{
    const struct cuts *cuts = &document.cuts[0];
    size_t at = 0, used = 0;

    for (uint32_t i = 0; i <= cuts->count; i++) {
        size_t stop = i < cuts->count ? cuts->spans[i].start : strlen(text);
        int n;
        assert_true(stop >= at);
        n = snprintf(out + used, room - used, "%.*s", (int) (stop - at),
                     text + at);
        used += (size_t) n;
        if (i == cuts->count)
            return;
        at = cuts->spans[i].end;
        assert_true(at > stop);
        n = snprintf(out + used, room - used, "{%.*s}", (int) (at - stop),
                     text + stop);
        used += (size_t) n;
        assert_true(used < room);
    }
}

/* Words that document.cut has of the sentence. */
static size_t cut_words(void)
{
    size_t count = 0;

    for (uint32_t t = 0; t < document.segments[0].tokens; t++)
        count += document.cut[t];
    return count;
}

/* What stands in braces is cut of the sentence, and nothing else. */
static void cuts_marked(const char *marked)
{
    char text[1000], got[1100];
    size_t used = 0, words = 0;

    for (const char *c = marked; *c != '\0'; c++)
        if (*c != '{' && *c != '}')
            text[used++] = *c;
    text[used] = '\0';
    read_sentence(text);
    make_credits(1);
    assert_int_equal(compress(&document, &credits), 0);
    mark_cuts(text, got, sizeof got);
    assert_string_equal(got, marked);
    for (uint32_t i = 0; i < document.cuts[0].count; i++) {
        const precis_span *span = &document.cuts[0].spans[i];
        words += count_words(text + span->start, span->end - span->start);
    }
    assert_int_equal(cut_words(), words);
}

static void all_cut(const char *const *sentences)
{
    for (; *sentences != NULL; sentences++)
        cuts_marked(*sentences);
}

static void test_brackets(void **state)
{
    static const char *const sentences[] = {
        "Le maire de Vaumont{ (Orle)} a ouvert la piscine de la ville hier.",
        "La piscine de Vaumont ouvre pour l'été{ (la première fois)}.",
        "Le prix de l'entrée{ (8 euros)}, fixé hier, a surpris la ville.",
        /* glued to a word, behind a mark, within another, too many */
        "Les élu(e)s de la ville ont voté hier le budget de la piscine.",
        "Le maire a dit oui, (enfin) oui, au budget de la piscine hier.",
        "Le maire a voté (hier (mardi) soir) le budget de la piscine.",
        "Le maire (A), le préfet (B) et le juge (C) ont ouvert la piscine.",
        "Le maire (Orle)a ouvert la piscine municipale de la ville hier.",
        /* not closed, closed twice */
        "Le maire de Vaumont (Orle a ouvert la piscine de la ville hier.",
        "Le maire de Vaumont (Orle)) a ouvert la piscine de la ville hier.",
        NULL,
    };

    (void) state;
    all_cut(sentences);
}

static void test_openings(void **state)
{
    static const char *const sentences[] = {
        "{Par ailleurs, }le maire de Vaumont a ouvert la piscine hier soir.",
        "{D\xE2\x80\x99" "ailleurs, }le maire a ouvert la piscine de la ville.",
        "{Lundi soir, }le maire de Vaumont a ouvert la piscine de la ville.",
        "{À Vaumont, }le maire a ouvert la piscine de la ville hier soir.",
        "{Après deux ans, }la piscine a rouvert lundi soir à Vaumont en Orle.",
        "{Lundi, }le maire, Paul Dune, a ouvert la piscine de la ville.",
        /* its comma is that of a list; an apposition; no clause follows */
        "Dans l'Orle, la Dune, le Vaumont, les piscines ont rouvert lundi.",
        "Dans ce roman, le Vaumont, une ville pleure ses piscines fermées.",
        "Parmi les changements annoncés lundi, les horaires de la piscine.",
        /* it has a verb; what follows is no subject; a quotation */
        "Dans la ville où il est né, le maire a ouvert une piscine.",
        "Lundi soir, afin de nager, des élus ont ouvert la piscine.",
        "Pourtant, \"la piscine a rouvert hier\", a dit le maire de Vaumont.",
        /* the verb before its subject */
        "Ainsi, la ville de Vaumont a-t-elle ouvert sa piscine hier soir.",
        NULL,
    };

    (void) state;
    all_cut(sentences);
}

static void test_ends(void **state)
{
    static const char *const sentences[] = {
        "Le maire a ouvert hier la piscine de la ville{, qui fuit encore}.",
        "Le maire a ouvert la piscine de la ville{, dont le toit fuit} !",
        "Le maire a ouvert hier soir la piscine{, alors que le toit fuit}…",
        "Le maire a ouvert hier la piscine neuve{, après midi, dans un cri}.",
        "Un matin, le maire a ouvert la piscine{, dans le calme} ?",
        /* the last part is another's */
        "Le maire a ouvert hier la piscine, qui fuit encore, et le gymnase.",
        /* no verb before it, or that of a clause which opens the sentence */
        "Une piscine toute neuve pour la ville entière, qui a coûté cher.",
        "Lorsque le maire a ouvert la piscine neuve, dans la ville il a plu.",
        /* its main clause */
        "C'est la ville de Vaumont, la plus riche de l'Orle, qui a payé.",
        "En mars, c'est la ville riche de Vaumont en Orle, qui a payé.",
        /* more than a clause */
        "Le maire a ouvert hier la piscine, qui fuit ; le toit est neuf.",
        "Le maire a ouvert hier la piscine, qui a un but : la santé.",
        NULL,
    };

    (void) state;
    all_cut(sentences);
}

static void test_asides(void **state)
{
    static const char *const sentences[] = {
        "Le maire{, qui nage peu,} a ouvert hier la piscine de la ville.",
        "La piscine{, dont le toit fuit,} s'est vidée hier dans la rue.",
        "Le maire{, par ailleurs,} a ouvert hier la piscine de la ville.",
        /* a list; a second subject; an apposition that ends there */
        "Le maire, qui nage, court et saute, a ouvert hier la piscine.",
        "Le maire, avec son adjoint, ont ouvert hier la piscine de la ville.",
        "Le maire, Paul Dune, qui nage peu, a ouvert hier la piscine.",
        /* who said it */
        "La piscine a fermé, dans la nuit, a annoncé hier soir la mairie.",
        NULL,
    };

    (void) state;
    all_cut(sentences);
}

static void test_insertions(void **state)
{
    static const char *const sentences[] = {
        "Le maire a{ par ailleurs} ouvert hier la piscine de la ville.",
        "Le maire est{ également} venu hier à la piscine de la ville.",
        /* behind no verb; before a mark */
        "Le maire et également préfet a ouvert hier la piscine de la ville.",
        "Le maire a également, hier soir, ouvert la piscine de la ville.",
        NULL,
    };

    (void) state;
    all_cut(sentences);
}

/* Who said it, conditions, exceptions, denials, quotations. */
static void test_never(void **state)
{
    static const char *const sentences[] = {
        "La piscine de la ville a rouvert hier soir, a déclaré le maire.",
        "Selon la préfecture, la piscine de la ville a rouvert hier soir.",
        "D'après le maire, la piscine de la ville a rouvert hier soir.",
        "Pour le maire, la piscine de la ville a rouvert trop tôt hier.",
        "Aux yeux du maire, la piscine de la ville a rouvert trop tôt.",
        "À en croire le maire, la piscine de la ville a rouvert hier.",
        "La piscine a rouvert hier soir, comme l'a annoncé le maire.",
        "La piscine a rouvert hier (selon le maire) dans toute la ville.",
        "La piscine de la ville rouvre lundi soir, si le toit est sec.",
        "La piscine de la ville rouvre lundi soir, sauf pour les enfants.",
        "La piscine de la ville rouvre lundi soir, sans les enfants.",
        "La piscine (sauf le bassin des enfants) a rouvert hier soir.",
        "La piscine de la ville rouvre lundi, à condition que le toit tienne.",
        "En cas de pluie, la piscine de la ville a un toit tout neuf.",
        "Sinon, la piscine de la ville est fermée pour toute la semaine.",
        "Dans ce cas, la piscine de la ville est fermée toute la semaine.",
        "La piscine a rouvert hier soir, même si le toit n'est pas sec.",
        "La piscine a coûté cher à la ville, ce que le maire conteste.",
        "Lundi soir, la piscine de la ville n'a ouvert que deux heures.",
        "Le maire a dit : \"La piscine (neuve) a rouvert hier soir\".",
        "« La piscine a également rouvert hier soir », a dit le maire.",
        "“La piscine a rouvert hier soir, qui fuit”, a dit le maire.",
        "Le maire a parlé de \"piscine toute neuve\", qui fuit encore.",
        /* too little would be left */
        "Le maire a ouvert la piscine, qui fuit encore.",
        "Lundi, la piscine (neuve) a rouvert.",
        NULL,
    };

    (void) state;
    all_cut(sentences);
}

/* What is no sentence as others are is left alone. */
static void test_left_alone(void **state)
{
    static const char *const sentences[] = {
        "Le maire\" (Orle) a ouvert la piscine de la ville hier soir.",
        "Le maire » (Orle) a ouvert « la piscine de la ville hier soir.",
        "Le maire (Orle) a ouvert [hier] la piscine de la ville lundi.",
        "Le maire (Orle) a ouvert,hier, la piscine de la ville lundi.",
        "Le maire (Orle) a ouvert hier,  la piscine de la ville lundi.",
        "Le maire (Orle) a ouvert hier la piscine de la ville lundi,",
        NULL,
    };
    char text[2000] = "Le maire (Orle) a ouvert";
    size_t used = strlen(text);

    (void) state;
    all_cut(sentences);
    for (size_t i = 0; i < 40; i++) /* more commas than are kept */
        used += (size_t) snprintf(text + used, sizeof text - used, " un, ");
    read_sentence(text);
    make_credits(1);
    assert_int_equal(compress(&document, &credits), 0);
    assert_int_equal(document.cuts[0].count, 0);
    read_sentence("Le maire (Orle) a ouvert la piscine de la ville hier.");
    make_credits(1);
    document.segments[0].joined = 1; /* inside of a quotation */
    assert_int_equal(compress(&document, &credits), 0);
    assert_int_equal(document.cuts[0].count, 0);
}

/* Of more parts than have room the first are cut; what pays to keep stays. */
static void test_what_pays(void **state)
{
    static const char text[] =
        "Le maire (Orle) a ouvert la piscine de la ville hier soir.";

    (void) state;
    cuts_marked("{Lundi, }le maire{ (Orle)} a{ également} ouvert la piscine de"
                " la ville{, qui fuit depuis dix ans}.");
    read_sentence(text);
    make_credits(0);
    assert_int_equal(compress(&document, &credits), 0);
    assert_int_equal(document.cuts[0].count, 0);
    make_credits(1);
    for (size_t i = 0; i < document.form_count; i++)
        credits.once[i] = 2; /* a word earns more than those that stay */
    assert_int_equal(compress(&document, &credits), 0);
    assert_int_equal(document.cuts[0].count, 0);
}

/* ---- whole articles ---- */

static void summary_is(const char *article, const char *wanted)
{
    const precis_result *result;
    precis_options options;
    precis_error error;
    const char *summary, *broken;
    size_t size;

    precis_options_init(&options);
    options.language = "fr";
    options.compress = 1;
    options.limit = PRECIS_LIMIT_SENTENCES;
    options.amount = 1;
    if (precis_summarize(engine, article, strlen(article), &options, &result,
                         &error)
        != 0)
        fail_msg("%s", error.message);
    broken = properties_broken(result, &options, strlen(article), 1);
    if (broken != NULL)
        fail_msg("%s", broken);
    summary = precis_result_summary(result, &size);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(summary, wanted, size);
}

/* Where the opening goes, the next letter becomes a capital. */
static void test_capital(void **state)
{
    (void) state;
    summary_is("En effet, l'école de Vaumont (Orle) a perdu son toit dans la"
               " tempête.",
               "L'école de Vaumont a perdu son toit dans la tempête.");
    summary_is("En outre, école et mairie de Vaumont ont perdu leur toit dans"
               " la tempête.",
               "École et mairie de Vaumont ont perdu leur toit dans la"
               " tempête.");
}

/* By chance, but the same on every machine. */
static uint32_t lot_state;

static uint32_t lot(uint32_t below)
{
    lot_state = lot_state * 1664525u + 1013904223u;
    return (lot_state >> 8) % below;
}

static size_t add(char *text, size_t used, const char *const *pieces,
                  uint32_t count)
{
    const char *piece = pieces[lot(count)];
    size_t size = strlen(piece);

    memcpy(text + used, piece, size);
    return used + size;
}

/* Sentences with parts that may go, and marks and letters anywhere. */
static size_t generate(char *text, size_t room, uint32_t seed)
{
    static const char *const parts[6][4] = {
        {"En effet, ", "Lundi, ", "D\xE2\x80\x99" "ailleurs, ", ""},
        {"l\xE2\x80\x99" "école de Noël", "le maire (Orle)", "la mer", "Été"},
        {", qui nage,", ", dont œuf,", ", par ailleurs,", ""},
        {" a également", " a", " est en effet", " s'est"},
        {" ouvert hier soir la piscine de Vaumont", " (ßa) vu la mer à Brest",
         " parlé de l'île et de la mer", " dit \"oui (oui)\" à la ville"},
        {", qui fuit. ", ", après un an.\n", " (1,5). ", ", alors que 12… "},
    };
    static const char *const noise[] = {
        "\"", "«", " »", "(", ")", ", ", ",", "[", "\n", "\xEF\xBF\xBD",
        "\xC2\xA0", "; ", " - ", "\xF0\x9F\x98\x80", "“", "”",
    };
    size_t used = 0;

    lot_state = seed;
    for (uint32_t count = 1 + lot(12); count > 0 && used + 300 < room; count--)
        for (size_t part = 0; part < 6; part++) {
            used = add(text, used, parts[part], 4);
            if (lot(40) == 0)
                used = add(text, used, noise, 16);
        }
    return used;
}

/* Whatever comes, what is said of the cuts is what is missing. */
static void test_any(void **state)
{
    char text[3000];
    size_t cuts = 0;

    (void) state;
    for (uint32_t seed = 0; seed < 1500; seed++) {
        size_t size = generate(text, sizeof text, seed);
        const precis_result *result;
        precis_options options;
        const char *broken;
        precis_options_init(&options);
        options.language = "fr";
        options.explain = 1;
        options.compress = 1;
        options.limit = PRECIS_LIMIT_SENTENCES;
        options.amount = 20;
        options.order = seed % 2 ? PRECIS_ORDER_SCORE : PRECIS_ORDER_SOURCE;
        if (precis_summarize(engine, text, size, &options, &result, NULL) != 0)
            continue;
        broken = properties_broken(result, &options, size, 1);
        if (broken != NULL)
            fail_msg("seed %u: %s", (unsigned) seed, broken);
        for (size_t i = 0; i < precis_result_sentence_count(result); i++)
            cuts += precis_result_sentence(result, i)->cut_count;
    }
    assert_true(cuts > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_brackets),   cmocka_unit_test(test_openings),
        cmocka_unit_test(test_ends),       cmocka_unit_test(test_asides),
        cmocka_unit_test(test_insertions), cmocka_unit_test(test_never),
        cmocka_unit_test(test_left_alone), cmocka_unit_test(test_what_pays),
        cmocka_unit_test(test_capital),    cmocka_unit_test(test_any),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
