/* test_sniff.c - which charset a text is in, by what it looks like.
 *
 * The texts are invented.  Each is put into all the charsets that can hold it
 * and were in use for its language, and must come back.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/charset.h"
#include "engine/unicode.h"

#define WESTERN "windows-1252 ISO-8859-15 MACINTOSH IBM850"
#define CENTRAL "windows-1250 ISO-8859-2 IBM852 MAC-CENTRALEUROPE"
#define CYRILLIC "windows-1251 KOI8-R ISO-8859-5 IBM866 MAC-CYRILLIC IBM855"

static const struct {
    const char *language;
    const char *charsets;
    const char *text;
} texts[] = {
    {"fr", WESTERN,
     "La passerelle de Sainte-Aure, fermée depuis février, a rouvert à la "
     "circulation. « Nous avons dû changer tous les câbles », a déclaré "
     "l'ingénieure, qui espère que l'été sera plus calme."},
    {"de", WESTERN,
     "Die Brücke über den Mühlbach ist nach langer Prüfung wieder geöffnet. "
     "Fußgänger dürfen sie täglich benutzen, für Lastwagen bleibt sie bis zum "
     "Frühjahr gesperrt."},
    {"es", WESTERN,
     "El puente de Peñaclara volverá a abrir mañana después de tres años de "
     "obras. ¿Quién pagará la última factura? El alcalde no quiso contestar, "
     "pero prometió más información."},
    {"it", WESTERN,
     "Il ponte di Valserena è stato riaperto perché i lavori sono finiti più "
     "presto del previsto. La città pagherà la metà della spesa, ma però non "
     "si sa ancora da chi verrà il resto."},
    {"pt", WESTERN,
     "A ponte de São Julião reabrirá amanhã à tarde, após três meses de "
     "reparações. A população não será informada das restrições até que a "
     "câmara conclua a avaliação."},
    {"sv", WESTERN,
     "Bron över Älgån öppnas på nytt efter två års arbete. Kommunen säger att "
     "kostnaden blev större än väntat, men att vägen nu är säker även för "
     "tunga fordon."},
    {"da", WESTERN,
     "Broen over Rødå åbner igen på lørdag, når de sidste prøver er overstået. "
     "Kommunen håber, at både cyklister og gående vil få glæde af den nye "
     "belægning."},
    {"fi", WESTERN,
     "Kyläjoen silta avataan jälleen liikenteelle, kun viimeiset työt on "
     "tehty. Kunnan mielestä hinta nousi enemmän kuin pidettiin mahdollisena, "
     "mutta tie on nyt käyttökunnossa."},
    {"pl", CENTRAL,
     "Most w Zielonej Łące został wreszcie otwarty, choć prace ciągnęły się "
     "dłużej niż planowano. Według władz każda następna przeprawa będzie już "
     "tańsza i szybciej ukończona."},
    {"cs", CENTRAL,
     "Most přes říčku Lužnou byl znovu otevřen, protože dělníci skončili "
     "dříve, než se čekalo. Město zaplatí třetinu ceny, zbytek uhradí kraj "
     "ještě před koncem příštího měsíce."},
    {"hu", CENTRAL,
     "A tölgyesi hidat újra megnyitották, miután a mérnökök befejezték az "
     "utolsó vizsgálatot. A költségek jelentősen nőttek, de a város szerint "
     "ez volt az egyetlen lehetőség, hogy az út időben elkészüljön."},
    {"ro", CENTRAL " ISO-8859-16",
     "Podul din Valea Albă a fost redeschis după lucrări îndelungate. În "
     "orăşel, oamenii aşteaptă încă să afle cine va plăti ultima tranşă, "
     "fiindcă primăria şi judeţul nu s-au înţeles."},
    {"tr", "windows-1254 ISO-8859-9",
     "Yeşilırmak üzerindeki köprü, uzun süren çalışmaların ardından yeniden "
     "açıldı. Belediye başkanı, işçilerin kışa kadar bütün eksikleri "
     "gidereceğini söyledi."},
    {"lt", "windows-1257 ISO-8859-13",
     "Žaliosios upės tiltas vėl atidarytas, nes darbai baigti anksčiau, negu "
     "tikėtasi. Savivaldybė sumokės trečdalį kainos, o likusią dalį šįmet "
     "padengs įmonė."},
    {"ru", CYRILLIC,
     "Мост через Тихую речку снова открыт: рабочие закончили ремонт раньше, "
     "чем ожидалось. Город заплатит треть стоимости, а остальное, по словам "
     "мэра, внесёт область."},
    {"uk", "windows-1251 KOI8-U MAC-CYRILLIC",
     "Міст через Тиху річку знову відкрили: робітники закінчили ремонт "
     "раніше, ніж очікувалося. Місто сплатить третину вартості, а решту, як "
     "каже голова, внесе ще й область."},
    {"el", "windows-1253 ISO-8859-7",
     "Η γέφυρα του Ασπροπόταμου άνοιξε ξανά, αφού οι εργασίες τελείωσαν "
     "νωρίτερα από ό,τι περίμεναν οι κάτοικοι. Ο δήμος θα πληρώσει το ένα "
     "τρίτο της δαπάνης."},
    {"ar", "windows-1256 ISO-8859-6",
     "أعيد فتح الجسر القديم بعد أن انتهى العمال من إصلاحه قبل الموعد المحدد. "
     "وقال رئيس البلدية إن المدينة ستدفع ثلث التكلفة وإن الباقي على المحافظة."},
    {"he", "windows-1255 ISO-8859-8",
     "הגשר מעל הנחל השקט נפתח מחדש אחרי שהפועלים סיימו את התיקון לפני המועד. "
     "העירייה תשלם שליש מן המחיר ואת השאר ישלם המחוז."},
};

#define TEXT_COUNT (sizeof texts / sizeof texts[0])

static struct charset_cache *cache;
static struct arena arena;

static int start(void **state)
{
    (void) state;
    arena_init(&arena);
    cache = charset_cache_new();
    return cache == NULL;
}

static int end(void **state)
{
    (void) state;
    arena_clear(&arena);
    charset_cache_free(cache);
    return 0;
}

/* The text in an 8-bit charset, in the arena, or NULL where it has characters
 * that the charset lacks; *count: its bytes. */
static unsigned char *encode(const char *charset, const char *text,
                             size_t *count)
{
    size_t size = strlen(text);
    unsigned char *out = arena_take(&arena, size + 1);
    const struct converter *converter;

    *count = 0;
    assert_int_equal(charset_converter(cache, charset, &converter, NULL), 0);
    for (size_t at = 0; at < size;) {
        size_t before = at;
        uint32_t code;
        unsigned byte = 1;

        utf8_next(text, size, &at, &code);
        while (byte < 256
               && (converter->table->chars[byte].size != at - before
                   || memcmp(converter->table->chars[byte].utf8, text + before,
                             at - before)
                          != 0))
            byte++;
        if (byte == 256)
            return NULL;
        out[(*count)++] = (unsigned char) byte;
    }
    return out;
}

static void decodes(const void *source, size_t size, const char *charset,
                    struct decoded *decoded)
{
    precis_error error = {.message = ""};

    if (decode(cache, &arena, source, size, charset, decoded, &error) != 0)
        fail_msg("%s", error.message);
}

static void is_text(const struct decoded *decoded, const char *text,
                    const char *charset)
{
    if (decoded->size != strlen(text)
        || memcmp(decoded->text, text, decoded->size) != 0)
        fail_msg("%s is taken for %s:\n%.*s", charset, decoded->charset,
                 (int) decoded->size, decoded->text);
}

static void test_8bit(void **state)
{
    size_t done = 0;

    (void) state;
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *list = texts[i].charsets;

        while (*list != '\0') {
            size_t length = strcspn(list, " ");
            char charset[32];
            unsigned char *source;
            struct decoded decoded;
            size_t size;

            snprintf(charset, sizeof charset, "%.*s", (int) length, list);
            list += length + strspn(list + length, " ");
            source = encode(charset, texts[i].text, &size);
            if (source != NULL) {
                decodes(source, size, NULL, &decoded);
                is_text(&decoded, texts[i].text, charset);
                assert_null(decoded.declared);
                assert_null(decoded.other);
                assert_int_equal(decoded.replaced, 0);
                /* Declared, it is believed. */
                decodes(source, size, charset, &decoded);
                assert_string_equal(decoded.charset, charset);
                assert_null(decoded.declared);
                done++;
            }
            arena_reset(&arena);
        }
    }
    assert_true(done >= 60);
}

static size_t put_wide(uint32_t code, unsigned width, int big,
                       unsigned char *out)
{
    for (unsigned i = 0; i < width; i++)
        out[i] = (unsigned char) (code >> 8 * (big ? width - 1 - i : i));
    return width;
}

static void test_wide(void **state)
{
    (void) state;
    for (size_t i = 0; i < TEXT_COUNT * 4; i++) {
        const char *text = texts[i / 4].text;
        unsigned width = i % 4 < 2 ? 2 : 4;
        size_t size = strlen(text);
        unsigned char *source = arena_take(&arena, 4 * size);
        struct decoded decoded;
        size_t used = 0;

        for (size_t at = 0; at < size;) {
            uint32_t code;

            utf8_next(text, size, &at, &code);
            used += put_wide(code, width, i % 2 == 0, source + used);
        }
        decodes(source, used, NULL, &decoded);
        is_text(&decoded, text, width == 2 ? "UTF-16" : "UTF-32");
        assert_null(decoded.declared);
        /* Whatever else is declared. */
        decodes(source, used, "ISO-8859-15", &decoded);
        is_text(&decoded, text, width == 2 ? "UTF-16" : "UTF-32");
        assert_string_equal(decoded.declared, "ISO-8859-15");
        arena_reset(&arena);
    }
}

/* A wrong name is found out; the most frequent ones of all. */
static void test_declared(void **state)
{
    static const struct {
        const char *charset;
        const char *declared;
    } pairs[] = {
        {"UTF-8", "windows-1252"},     {"UTF-8", "US-ASCII"},
        {"UTF-8", "KOI8-R"},           {"UTF-8", "UTF-16"},
        {"UTF-8", "UTF-16BE"},         {"windows-1252", "UTF-8"},
        {"windows-1252", "US-ASCII"},  {"windows-1252", "UTF-16LE"},
        {"windows-1252", "MACINTOSH"}, {"MACINTOSH", "windows-1252"},
        {"windows-1252", "KOI8-R"},
    };
    const char *text = texts[0].text;

    (void) state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const void *source = text;
        size_t size = strlen(text);
        struct decoded decoded;

        if (strcmp(pairs[i].charset, "UTF-8") != 0)
            source = encode(pairs[i].charset, text, &size);
        decodes(source, size, pairs[i].declared, &decoded);
        is_text(&decoded, text, pairs[i].charset);
        assert_string_equal(decoded.charset, pairs[i].charset);
        assert_string_equal(decoded.declared, pairs[i].declared);
        arena_reset(&arena);
    }
}

/* Of a charset that is not told apart, only what cannot be is doubted. */
static void test_declared_unknown(void **state)
{
    static const char thai[] = "\xCA\xD0\xBE\xD2\xB9\xE0\xBB\xD4\xB4\xE1\xC5"
                               "\xE9\xC7 \xCA\xD0\xBE\xD2\xB9\xE0\xBB\xD4\xB4"
                               "\xE1\xC5\xE9\xC7 \xCA\xD0\xBE\xD2\xB9";
    struct decoded decoded;
    precis_error error;

    (void) state;
    if (decode(cache, &arena, thai, sizeof thai - 1, "windows-874", &decoded,
               &error)
        == PRECIS_EUNSUPPORTED)
        skip();
    assert_string_equal(decoded.charset, "windows-874");
    assert_null(decoded.declared);
    assert_int_equal(decoded.replaced, 0);
}

/* The first half in UTF-8, the second in windows-1252, and the reverse; cut
 * behind a sentence. */
static void test_mixed(void **state)
{
    const char *text = texts[0].text;
    size_t half = (size_t) (strstr(text, "« Nous") - text);
    char first[512];
    unsigned char *encoded;
    char mixed[1024];
    struct decoded decoded;
    size_t size;

    (void) state;
    snprintf(first, sizeof first, "%.*s", (int) half, text);
    encoded = encode("windows-1252", text + half, &size);
    memcpy(mixed, first, half);
    memcpy(mixed + half, encoded, size);
    decodes(mixed, half + size, NULL, &decoded);
    is_text(&decoded, text, "UTF-8 then windows-1252");
    assert_string_equal(decoded.charset, "windows-1252");
    assert_string_equal(decoded.other, "UTF-8");
    assert_int_equal(decoded.first_other, strstr(text, "é") - text);

    encoded = encode("windows-1252", first, &size);
    memcpy(mixed, encoded, size);
    memcpy(mixed + size, text + half, strlen(text + half));
    decodes(mixed, size + strlen(text + half), "UTF-8", &decoded);
    is_text(&decoded, text, "windows-1252 then UTF-8");
    assert_string_equal(decoded.charset, "UTF-8");
    assert_string_equal(decoded.other, "windows-1252");
    assert_int_equal(decoded.first_other, strstr(text, "é") - text);
    assert_int_equal(decoded.replaced, 0);
}

/* Offsets of a text in two charsets: UTF-8 é, é of windows-1252, NUL, and a
 * character cut at the end. */
static void test_mixed_offsets(void **state)
{
    static const char source[] =
        "Il \xC3\xA9tait f\xEAl\xE9, tr\xE8s f\xEAl\xE9 m\xEAme.\0\xE2\x82";
    size_t offsets[] = {3, 5, 11, 13, 14, 37, 40, 43};
    static const size_t wanted[] = {3, 5, 11, 12, 13, 31, 32, 34};
    size_t sources[8];
    struct decoded decoded;

    (void) state;
    decodes(source, sizeof source - 1, NULL, &decoded);
    assert_string_equal(decoded.other, "UTF-8");
    assert_int_equal(decoded.replaced, 2);
    assert_int_equal(decoded.first_replaced, 31);
    assert_int_equal(decoded.size, 43);
    decode_source_offsets(&decoded, offsets, 8, sources);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(sources[i], wanted[i]);
}

static void is_refused(const void *source, size_t size, const char *charset,
                       const char *what)
{
    struct decoded decoded = {.size = 77};
    precis_error error;

    assert_int_equal(
        decode(cache, &arena, source, size, charset, &decoded, &error),
        PRECIS_EBAD_ENCODING);
    assert_int_equal(error.code, PRECIS_EBAD_ENCODING);
    if (strstr(error.message, what) == NULL)
        fail_msg("\"%s\" is not of %s", error.message, what);
    assert_in_range(error.offset, 0, size - 1);
    assert_int_equal(decoded.size, 77);
    assert_int_equal(
        decode(cache, &arena, source, size, charset, &decoded, NULL),
        PRECIS_EBAD_ENCODING);
}

#define BYTES(literal) literal, sizeof literal - 1

static void test_binary(void **state)
{
    (void) state;
    is_refused(BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), NULL, "a PNG image");
    is_refused(BYTES("\x1F\x8B\x08\0\0\0\0\0\0\3K"), NULL, "gzip data");
    is_refused(BYTES("PK\3\4\x14\0\6\0\x08\0\0\0"), NULL, "a ZIP archive");
    is_refused(BYTES("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"), "UTF-8",
               "a PDF document");
    is_refused(BYTES("\xFF\xD8\xFF\xE0\0\x10JFIF"), "latin1", "a JPEG image");
    is_refused(BYTES("\x7F" "ELF\2\1\1\0\0\0"), NULL, "an ELF program");
    is_refused(BYTES("\xCA\xFE\xBA\xBE\0\0\0\x34"), NULL, "a Java class");
    is_refused(BYTES("GIF89a\1\0\1\0\x80\0\0"), NULL, "a GIF image");
}

/* What only begins like one, and RTF, are text. */
static void test_not_binary(void **state)
{
    static const char *const sources[] = {
        "MZ, la revue, ferme.", "GIF89a est un format.", "ID3 revient.",
        "{\\rtf1\\ansi Il pleut.}", "<html><body>Il pleut.</body></html>",
        "PK gagne.", "BZh, dit-il."};
    struct decoded decoded;

    (void) state;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        decodes(sources[i], strlen(sources[i]), NULL, &decoded);
        assert_string_equal(decoded.charset, "UTF-8");
    }
}

/* Bytes by chance, all of them, those that are no control characters, and
 * those above 7F alone. */
static void test_noise(void **state)
{
    static const unsigned lows[] = {0, 32, 128};
    uint32_t chance = 20161020;

    (void) state;
    for (size_t size = 64; size <= 4096; size *= 2)
        for (size_t i = 0; i < 3 * 20; i++) {
            unsigned char *source = arena_take(&arena, size);
            unsigned low = lows[i % 3];

            for (size_t k = 0; k < size; k++) {
                chance = chance * 1664525u + 1013904223u;
                source[k] = (unsigned char) (low + (chance >> 8)
                                             % (256 - low));
            }
            source[0] = 'a'; /* no signature, no BOM */
            is_refused(source, size, i % 2 == 0 ? NULL : "UTF-8",
                       "binary data");
            arena_reset(&arena);
        }
}

/* Too little to tell: nothing is lost, and what is likeliest is taken. */
static void test_short(void **state)
{
    struct decoded decoded;

    (void) state;
    decodes(BYTES("caf\xE9"), NULL, &decoded);
    assert_string_equal(decoded.charset, "windows-1252");
    is_text(&decoded, "café", "windows-1252");
    decodes(BYTES("caf\xC3\xA9 cr\xC3"), NULL, &decoded); /* cut */
    assert_string_equal(decoded.charset, "UTF-8");
    assert_int_equal(decoded.replaced, 1);
    decodes(BYTES("Un caf\xC3\xA9 noir\xFF et un autre."), NULL, &decoded);
    assert_string_equal(decoded.charset, "UTF-8");
    assert_int_equal(decoded.replaced, 1);
}

static bool is_plain_char(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= ' ' && cp < 0x7F) || (cp >= '\t' && cp <= '\r');
    return cp < 0x300 || (cp >= 0x2002 && cp <= 0x20BF)
           || (cp >= 0x2340 && cp <= 0x2ABF);
}

/* Is it told by one look what is plain?  Where there is no such look nothing
 * is. */
static void plain(const char *text, size_t size, bool expected)
{
    unsigned char *copy = malloc(size + 1);

    assert_non_null(copy);
    memcpy(copy + 1, text, size); /* nothing may be read behind it */
#ifndef __SSE2__
    expected = false;
#endif
    if (utf8_is_plain(copy + 1, size) != expected)
        fail_msg("%zu bytes: %s", size, text);
    if (utf8_is_plain_narrow(copy + 1, size) != expected)
        fail_msg("%zu bytes, by any processor: %s", size, text);
    free(copy);
}

/* Every character, at every place of a block and at its end, whole and cut. */
static void test_plain(void **state)
{
    char text[200];

    (void) state;
    plain("", 0, true);
    for (uint32_t cp = 0; cp < 0x11000; cp++) {
        size_t before = cp % 131, size;
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        memset(text, 'a', sizeof text);
        size = utf8_put(cp, text + before);
        plain(text, before + size, is_plain_char(cp));
        plain(text, sizeof text, is_plain_char(cp));
        if (size > 1)
            plain(text, before + size - 1, false);
        text[before] = (char) 0x80; /* one that begins nothing */
        plain(text, sizeof text, false);
    }
}

/* Every two bytes between letters: valid or not. */
static void test_plain_pairs(void **state)
{
    (void) state;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        unsigned first = pair >> 8, second = pair & 0xFF;
        bool is_plain = is_plain_char(first) && is_plain_char(second)
                        && first < 0x80 && second < 0x80;
        char text[70];
        memset(text, 'e', sizeof text);
        text[62] = (char) first;
        text[63] = (char) second;
        is_plain |= first >= 0xC2 && first <= 0xCB && second >= 0x80
                    && second <= 0xBF;
        plain(text, sizeof text, is_plain);
        memmove(text + 63, text + 62, 2);
        text[62] = 'e';
        plain(text, sizeof text, is_plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_8bit),       cmocka_unit_test(test_wide),
        cmocka_unit_test(test_declared),
        cmocka_unit_test(test_declared_unknown),
        cmocka_unit_test(test_mixed),      cmocka_unit_test(test_mixed_offsets),
        cmocka_unit_test(test_binary),     cmocka_unit_test(test_not_binary),
        cmocka_unit_test(test_noise),      cmocka_unit_test(test_short),
        cmocka_unit_test(test_plain),      cmocka_unit_test(test_plain_pairs),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
