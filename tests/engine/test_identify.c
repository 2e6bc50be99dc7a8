/* engine/identify.c: one sentence of each language, what is none of ours, and
 * texts that are hardly texts.  All sentences are invented. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/identify.h"
#include "stemmers/language.h"

static struct identified found;

static const char *language_of(const char *text)
{
    identify(text, strlen(text), &found);
    return found.language;
}

struct sample {
    const char *code, *text;
};

static const struct sample ours[] = {
    { "ar", "أعلنت البلدية أن الجسر القديم سيغلق أمام السيارات حتى نهاية "
        "الصيف." },
    { "ca", "L'ajuntament ha anunciat que el pont vell restarà tancat fins que "
            "acabi l'estiu." },
    { "da", "Borgmesteren sagde i går, at den gamle bro bliver lukket, fordi "
            "den ikke længere er sikker." },
    { "de", "Die Bürgermeisterin sagte gestern, dass die alte Brücke "
        "nicht mehr "
            "sicher ist und gesperrt wird." },
    { "el", "Ο δήμαρχος ανακοίνωσε χθες ότι η παλιά γέφυρα θα κλείσει." },
    { "en", "The mayor said yesterday that the old bridge is no longer "
        "safe and "
            "will be closed." },
    { "es", "El alcalde dijo ayer que el puente viejo ya no es seguro y que se "
            "cerrará este verano." },
    { "eu", "Alkateak atzo esan zuenez, zubi zaharra itxi egingo dute udan, ez "
            "baita segurua." },
    { "fi", "Kaupunginjohtaja kertoi eilen, että vanha silta suljetaan, koska "
            "se ei ole enää turvallinen." },
    { "fr", "Le maire a dit hier que le vieux pont n'est plus sûr et "
        "qu'il sera "
            "fermé cet été." },
    { "ga", "Dúirt an méara inné go ndúnfar an seandroichead mar nach "
        "bhfuil sé "
            "sábháilte a thuilleadh." },
    { "hi", "महापौर ने कल कहा कि पुराना पुल अब सुरक्षित नहीं है और उसे "
        "बंद किया जाएगा।" },
    { "hu", "A polgármester tegnap azt mondta, hogy a régi híd már nem "
            "biztonságos, ezért lezárják." },
    { "hy", "Քաղաքապետը երեկ ասաց, որ հին կամուրջը կփակվի մինչև ամառվա "
        "վերջը։" },
    { "id", "Wali kota mengatakan kemarin bahwa jembatan tua itu tidak aman "
            "lagi dan akan ditutup." },
    { "it", "Il sindaco ha detto ieri che il vecchio ponte non è più sicuro e "
            "che sarà chiuso." },
    { "lt", "Meras vakar pranešė, kad senasis tiltas nebėra saugus ir bus "
            "uždarytas iki vasaros pabaigos." },
    { "nb", "Ordføreren sa i går at den gamle broen ikke lenger er trygg, "
        "og at "
            "den blir stengt etter sommeren." },
    { "ne", "नगर प्रमुखले हिजो भने कि पुरानो पुल अब सुरक्षित छैन र त्यो "
        "बन्द गरिनेछ।" },
    { "nl", "De burgemeester zei gisteren dat de oude brug niet meer veilig is "
            "en dat hij wordt gesloten." },
    { "nn", "Ordføraren sa i går at den gamle brua ikkje lenger er trygg, "
        "og at "
            "ho vert stengd frå hausten." },
    { "pt", "O prefeito disse ontem que a ponte velha já não é segura e que "
            "será fechada neste verão." },
    { "ro", "Primarul a spus ieri că podul vechi nu mai este sigur și că va fi "
            "închis până la toamnă." },
    { "ru", "Мэр сообщил вчера, что старый мост больше не безопасен и что его "
            "закроют." },
    { "sr", "Градоначелник је јуче рекао да стари мост више није безбедан и да "
            "ће бити затворен." },
    { "sr", "Gradonačelnik je juče rekao da stari most više nije bezbedan i da "
            "će biti zatvoren cele nedelje." },
    { "sv", "Borgmästaren sade i går att den gamla bron inte längre är säker "
            "och att den ska stängas." },
    { "ta", "பழைய பாலம் இனி பாதுகாப்பானது அல்ல என்று மேயர் நேற்று கூறினார்." },
    { "tr", "Belediye başkanı dün eski köprünün artık güvenli olmadığını ve "
            "kapatılacağını söyledi." },
    { "yi", "דער מײאָר האָט נעכטן געזאָגט אַז די אַלטע בריק איז מער נישט "
        "זיכער." },
};

static void test_ours(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        assert_string_equal(language_of(ours[i].text), ours[i].code);
        assert_true(found.confidence > 500);
        assert_string_equal(found.looks_like,
                            language_find(ours[i].code)->name);
        assert_null(found.second);
    }
}

/* By the name of what it looks like. */
static const struct sample others[] = {
    { "Afrikaans", "Die burgemeester het gister gesê dat die ou brug nie meer "
                   "veilig is nie en gesluit sal word." },
    { "Bulgarian", "Кметът съобщи вчера, че старият мост вече не е безопасен и "
                   "ще бъде затворен." },
    { "Croatian", "Gradonačelnik je jučer rekao da stari most više nije "
                  "siguran te da će tijekom cijelog tjedna biti zatvoren." },
    { "Czech", "Starosta včera řekl, že starý most už není bezpečný a že bude "
               "uzavřen." },
    { "Estonian", "Linnapea ütles eile, et vana sild ei ole enam ohutu ja see "
                  "suletakse." },
    { "Hebrew", "ראש העיר אמר אתמול כי הגשר הישן אינו בטוח עוד וכי הוא "
        "ייסגר." },
    { "Icelandic", "Borgarstjórinn sagði í gær að gamla brúin væri ekki lengur "
                   "örugg og að henni yrði lokað." },
    { "Latvian", "Mērs vakar sacīja, ka vecais tilts vairs nav drošs un ka to "
                 "slēgs." },
    { "Persian", "شهردار دیروز گفت که پل قدیمی دیگر امن نیست و بسته خواهد "
        "شد." },
    { "Polish", "Burmistrz powiedział wczoraj, że stary most nie jest już "
                "bezpieczny i że zostanie zamknięty." },
    { "Slovak", "Primátor včera povedal, že starý most už nie je bezpečný a že "
                "bude uzavretý." },
    { "Ukrainian", "Мер повідомив учора, що старий міст більше не є безпечним "
                   "і що його закриють." },
    { "Vietnamese", "Thị trưởng hôm qua cho biết cây cầu cũ không còn an toàn "
                    "và sẽ bị đóng cửa." },
    { "Chinese", "市长昨天表示，旧桥已不再安全，将被关闭。" },
    { "Japanese", "市長は昨日、古い橋はもう安全ではないので閉鎖すると述べた。" },
    { "Korean", "시장은 어제 낡은 다리가 더 이상 안전하지 않다고 말했다." },
    { "Thai", "นายกเทศมนตรีกล่าวเมื่อวานนี้ว่าสะพานเก่าไม่ปลอดภัยอีกต่อไป" },
    { "Georgian", "მერმა გუშინ თქვა, რომ ძველი ხიდი აღარ არის უსაფრთხო." },
    { "Bengali", "মেয়র গতকাল বলেছেন যে পুরানো সেতুটি আর নিরাপদ নয়।" },
};

static void test_others(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_string_equal(language_of(others[i].text), "und");
        assert_string_equal(found.looks_like, others[i].code);
    }
}

/* A few words are enough, and never refused for want of certainty. */
static void test_short(void **state)
{
    (void) state;
    assert_string_equal(language_of("Bonjour tout le monde"), "fr");
    assert_string_not_equal(language_of("a"), "und");
    assert_true(found.confidence < 900);
    assert_string_not_equal(language_of("xqz"), "und");
    assert_true(found.confidence <= 250);
}

static void test_no_letters(void **state)
{
    static const char *const texts[] = { "", "\n", "1", "3,14 + 2 = 5,14!",
                                         "... --- ...", "\xF0\x9F\x98\x80" };

    (void) state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_string_equal(language_of(texts[i]), "und");
        assert_null(found.looks_like);
        assert_int_equal(found.confidence, 0);
        assert_int_equal(found.letters, 0);
        assert_int_equal(identify_likelihood(texts[i], strlen(texts[i]))
                             * (i < 5),
                         0);
    }
}

/* So many times a sentence, then so many times another. */
static char *joined(const char *first, size_t firsts, const char *second,
                    size_t seconds, size_t *size)
{
    size_t a = strlen(first), b = strlen(second), at = 0;
    char *text = malloc((a + 1) * firsts + (b + 1) * seconds + 1);

    assert_non_null(text);
    for (size_t i = 0; i < firsts + seconds; i++) {
        const char *part = i < firsts ? first : second;
        size_t n = i < firsts ? a : b;
        memcpy(text + at, part, n);
        text[at + n] = ' ';
        at += n + 1;
    }
    *size = at;
    return text;
}

/* By a code of ours or the name of another. */
static const char *text_of(const char *code)
{
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (strcmp(ours[i].code, code) == 0)
            return ours[i].text;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(others[i].code, code) == 0)
            return others[i].text;
    return NULL;
}

static void test_two_languages(void **state)
{
    static const size_t shares[][2] = { { 6, 4 }, { 60, 40 }, { 600, 300 } };

    (void) state;
    for (size_t i = 0; i < 3; i++) {
        size_t size;
        char *text = joined(text_of("fr"), shares[i][0], text_of("en"),
                            shares[i][1], &size);
        identify(text, size, &found);
        assert_string_equal(found.language, "fr");
        assert_non_null(found.second);
        assert_string_equal(found.second, "English");
        free(text);
    }
}

/* A quotation of a line is no second language. */
static void test_quotation(void **state)
{
    size_t size;
    char *text = joined(text_of("de"), 20, text_of("en"), 1, &size);

    (void) state;
    identify(text, size, &found);
    assert_string_equal(found.language, "de");
    assert_null(found.second);
    free(text);
}

static void test_declared(void **state)
{
    const char *text = text_of("es");
    size_t size;
    char *longer = joined(text, 3, "", 0, &size);

    (void) state;
    identify_declared(longer, size, "es", &found);
    assert_false(found.contradicted);
    identify_declared(longer, size, "fr", &found);
    assert_true(found.contradicted);
    assert_string_equal(found.language, "es");
    identify_declared(longer, size, "und", &found);
    assert_false(found.contradicted);
    identify_declared(text, 20, "fr", &found); /* too short to be sure */
    assert_false(found.contradicted);
    free(longer);
}

/* Declared, what has no stemmer is told at a glance, too: of a long text no
 * more than eight pieces of 96 bytes are read. */
static void test_declared_other(void **state)
{
    const char *text = text_of("Polish");

    (void) state;
    for (size_t times = 40; times <= 4000; times *= 10) {
        size_t size;
        char *longer = joined(text, times, "", 0, &size);
        identify_declared(longer, size, "pl", &found);
        assert_string_equal(found.language, "und");
        assert_string_equal(found.looks_like, "Polish");
        assert_int_equal(found.confidence, 995);
        assert_null(found.second);
        assert_false(found.contradicted);
        assert_in_range(found.letters, 1, 8 * 96);
        identify_declared(longer, size, "fr", &found);
        assert_true(found.contradicted);
        assert_true(found.letters > 8 * 96);
        identify(longer, size, &found); /* as sure, and never at a glance */
        assert_string_equal(found.language, "und");
        assert_true(found.letters > 8 * 96);
        free(longer);
        longer = joined(text, times * 6 / 10, text_of("fr"), times * 4 / 10,
                        &size);
        identify_declared(longer, size, "pl", &found);
        assert_string_equal(found.looks_like, "Polish");
        assert_string_equal(found.second, "French");
        free(longer);
    }
}

/* What charset detection goes by: the right decoding reads best. */
static void test_likelihood(void **state)
{
    static const struct sample readings[] = {
        { "Le maire a été réélu à la tête de la cité dès l'été",
          "Le maire a ŽtŽ rŽŽlu ˆ la tte de la citŽ ds l'ŽtŽ" },
        { "Мэр сообщил вчера, что старый мост", "лЩП УППВЫЙМ ЧЮЕПБ, ЮРП "
        "УРБПШИ" },
        { "Мэр сообщил вчера, что старый мост",
          "Ìýð ñîîáùèë â÷åðà, ÷òî ñòàðûé ìîñò" },
    };

    (void) state;
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++)
        assert_true(identify_likelihood(readings[i].code,
                                        strlen(readings[i].code))
                    > identify_likelihood(readings[i].text,
                                          strlen(readings[i].text)) + 1000);
}

/* Nothing is kept from text to text, and nothing read beyond the end. */
static void test_same(void **state)
{
    struct identified again;

    (void) state;
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        for (size_t size = 0; size <= strlen(ours[i].text); size++) {
            char *copy;
            if (((unsigned char) ours[i].text[size] & 0xC0) == 0x80)
                continue; /* inside a character */
            copy = malloc(size + 1);
            assert_non_null(copy);
            copy = realloc(copy, size > 0 ? size : 1);
            memcpy(copy, ours[i].text, size);
            memset(&found, 0, sizeof found);
            memset(&again, 0, sizeof again);
            identify(copy, size, &found);
            identify(ours[i].text, size, &again);
            assert_memory_equal(&found, &again, sizeof found);
            free(copy);
        }
}

static void test_hostile(void **state)
{
    static const char *const parts[] = {
        "a",  "a ", "\xC3\xA9", "\xE5\xB8\x82", "\xF0\x9F\x98\x80 ",
        " ",  "\n", "\xCC\x81", "\xD9\x8B",     "le pont ",
        "0 ",
    };
    size_t size = 16u << 20;
    char *text = malloc(size);

    (void) state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t part = strlen(parts[i]), at = 0;
        for (; at + part <= size; at += part)
            memcpy(text + at, parts[i], part);
        identify(text, at, &found);
        assert_non_null(found.language);
        assert_true(found.letters <= IDENTIFY_READ);
        assert_in_range(found.confidence, 0, IDENTIFY_CERTAIN);
        assert_true(identify_likelihood(text, at) >= 0);
    }
    assert_string_equal(found.language, "und");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ours),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_short),
        cmocka_unit_test(test_no_letters),
        cmocka_unit_test(test_two_languages),
        cmocka_unit_test(test_quotation),
        cmocka_unit_test(test_declared),
        cmocka_unit_test(test_declared_other),
        cmocka_unit_test(test_likelihood),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_hostile),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("identify", tests, NULL, NULL);
}
