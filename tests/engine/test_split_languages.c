/* engine/split.c, quotes.c and signs.c in other languages than French: their
 * marks, their quotation marks, their ordinals.  The sentences are invented. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "engine/precis.h"

/* Splits the text, whose segments stand between bars: "One.| Two.". */
static void splits(const char *language, const char *barred)
{
    char text[1000], got[1200];
    size_t size = 0, used = 0, last = 0;
    precis_engine *engine;
    precis_options options;
    const precis_result *result;
    precis_error error;

    for (const char *c = barred; *c != '\0'; c++)
        if (*c != '|')
            text[size++] = *c;
    text[size] = '\0';
    precis_options_init(&options);
    options.charset = "UTF-8";
    options.language = language;
    assert_int_equal(precis_engine_new(&engine, &error), 0);
    assert_int_equal(precis_segment(engine, text, size, &options, &result,
                                    &error),
                     0);
    for (size_t i = 0; i < precis_result_segment_count(result); i++) {
        size_t end = precis_result_segment(result, i)->source_end;
        used += (size_t) snprintf(got + used, sizeof got - used, "%.*s%s",
                                  (int) (end - last), text + last,
                                  end < size ? "|" : "");
        last = end;
    }
    assert_string_equal(got, barred);
    precis_engine_free(engine);
}

static void test_danda(void **state)
{
    (void) state;
    splits("hi", "गाँव में नया पुल बना।| लोग बहुत खुश हैं।| "
                 "क्या सड़क भी बनेगी?| मंत्री ने कुछ नहीं कहा।");
    splits("ne", "गाउँमा नयाँ पुल बन्यो ।| मानिसहरू खुसी छन् ।| काम सकियो॥| "
                 "अब बाटो बन्छ ।");
}

static void test_arabic(void **state)
{
    (void) state;
    splits("ar", "افتتحت المدينة جسرا جديدا أمس.| متى يفتح الطريق؟| لم يجب "
                 "الوزير على السؤال.| بلغت الكلفة 3.5 مليون.");
}

static void test_armenian(void **state)
{
    (void) state;
    splits("hy", "Քաղաքում բացվեց նոր կամուրջ։| Բնակիչները գոհ են։");
    splits("hy", "Քաղաքում բացվեց նոր կամուրջ:| Բնակիչները գոհ են:| "
                 "Հանդիպումը եղավ ժամը 12:30-ին:");
}

static void test_greek(void **state)
{
    (void) state;
    splits("el", "Πότε θα ανοίξει η γέφυρα;| Ο δήμαρχος δεν απάντησε.| Το "
                 "έργο κόστισε 3,5 εκατομμύρια.");
    splits("el", "Ο κ. Βλαχάκης μίλησε χθες.| Η γέφυρα ανοίγει αύριο.");
}

static void test_spanish(void **state)
{
    (void) state;
    splits("es", "El puente se cerró ayer.| ¿Cuándo volverá a abrirse?| ¡Nadie "
                 "lo sabe!| El alcalde calla.");
    splits("es", "El puente se cerró ayer.|¿Cuándo volverá a abrirse?");
    splits("es", "El Sr. Almarza llegó tarde.| La Dra. Peña no vino.");
}

static void test_german(void **state)
{
    (void) state;
    splits("de", "Die Brücke wird am 3. Oktober eröffnet.| Der 2. Abschnitt "
                 "folgt später.| Alle freuen sich.");
    splits("de", "„Wir haben lange gewartet.| Jetzt ist sie da“, sagte der "
                 "Bürgermeister.| Gefeiert wird heute.");
    splits("de", "»Das ist gut!«, rief sie.| »Wir kommen wieder.«| Dann ging "
                 "sie.");
    splits("de", "Dr. Lund und Prof. Weide kamen z. B. mit dem Rad.| Das "
                 "freute alle.");
}

static void test_quotations(void **state)
{
    (void) state;
    splits("sv", "”Vi har väntat länge.| Nu är den här”, sade borgmästaren.| "
                 "Alla är glada.");
    splits("da", "»Vi har ventet længe.| Nu er den her«, sagde hun.| Alle er "
                 "glade.");
    splits("pl", "„Długo na to czekaliśmy.| Teraz jest” – powiedział "
                 "burmistrz.| Wszyscy się cieszą.");
    splits("ru", "«Мы долго ждали.| Теперь мост есть», — сказал мэр.| Все "
                 "рады.");
}

static void test_letters(void **state)
{
    (void) state;
    splits("ru", "Мост открыли вчера.| Это стоило 3,5 млн рублей.| "
                 "Жители рады.");
    splits("sr", "Мост је отворен јуче.| Становници су задовољни.");
    splits("tr", "Köprü dün açıldı.| İnşaat üç yıl sürdü.| Şimdi herkes "
                 "mutlu.");
    splits("ru", "Мост открыли вчера.|Жители рады.");
}

/* A whole sentence behind a Norwegian colon has a capital. */
static void test_colons(void **state)
{
    (void) state;
    splits("nb", "Ordføreren har bare ett svar:| Det er ingen penger igjen.");
    splits("nn", "Ordføraren har berre eitt svar:| Det er ikkje pengar att.");
    splits("nb", "Rådet kjøpte tre ting: stoler, bord og lamper.");
    splits("nb", "Møtet begynner kl. 12:30 i dag.| Alle kan komme.");
    splits("de", "Die Sprecherin nannte einen Grund: Das Geld fehlt.");
}

/* Numbers of chapters, and what has stops inside. */
static void test_stops_inside(void **state)
{
    (void) state;
    splits("lt", "2.4. Finansinė parama miestui didėja.| Visi patenkinti.");
    splits("en", "2.1. Roads must be mended soon.| Nobody disagrees.");
    splits("sv", "Staden grundades på 700-talet f.Kr. av handelsmän.| Den "
                 "växte snabbt.");
    splits("fr", "Le musée ferme à 18h.|Le maire le regrette.");
}

/* What no language's weights may overrule. */
static void test_rules_that_stand(void **state)
{
    static const char *const titles[][2] = {
        { "de", "Gestern kam Dr. Weide aus der Stadt zurück." },
        { "en", "Yesterday Dr. Lund came back from the town." },
        { "es", "Ayer la Dra. Peña volvió de la ciudad." },
        { "it", "Ieri il dott. Balducci è tornato dalla città." },
        { "nl", "Gisteren kwam dr. Brink terug uit de stad." },
    };

    (void) state;
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
        splits(titles[i][0], titles[i][1]);
    splits("en", "\"Leave me alone!\" she said.| Nobody answered.");
    splits("en", "He sold pens, ink etc. in the market.| Few came.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_danda),
        cmocka_unit_test(test_arabic),
        cmocka_unit_test(test_armenian),
        cmocka_unit_test(test_greek),
        cmocka_unit_test(test_spanish),
        cmocka_unit_test(test_german),
        cmocka_unit_test(test_quotations),
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_colons),
        cmocka_unit_test(test_stops_inside),
        cmocka_unit_test(test_rules_that_stand),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
