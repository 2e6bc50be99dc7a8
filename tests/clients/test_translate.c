/* clients/translate.c: messages taken apart and put together again. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/translate.h"
#include "po/formats.h"
#include "po/intl.h"

/* Without a language nothing changes. */
static void assert_same(const char *message)
{
    char out[TRANSLATE_SIZE];

    assert_string_equal(translate(message, out), message);
}

/* A message as the format would make it: numbers are 17, texts a name. */
static void fill(const char *format, char *message, size_t room)
{
    size_t used = 0;

    while (*format != '\0' && used + 16 < room) {
        if (*format != '%') {
            message[used++] = *format++;
            continue;
        }
        format += 1 + strspn(format + 1, "0123456789.hljzt");
        used += (size_t) snprintf(message + used, room - used, "%s",
                                  *format++ == 's' ? "a/name.txt" : "17");
    }
    message[used] = '\0';
}

static void every_format_comes_back(void **state)
{
    char message[TRANSLATE_SIZE];
    size_t i;

    (void) state;
    assert_true(library_format_count > 50);
    for (i = 0; i < library_format_count; i++) {
        fill(library_formats[i], message, sizeof message);
        assert_same(message);
    }
}

static void what_is_unknown_stays(void **state)
{
    static char longest[TRANSLATE_SIZE];

    (void) state;
    assert_same("");
    assert_same("%s %n %zu %1$s %");
    assert_same("\xFF\xFE no such message");
    assert_same("the article has more than the many bytes allowed");
    assert_same("no service answers at : ");
    assert_same("unknown language \"\"; allowed: auto, ");
    memset(longest, '"', sizeof longest - 1);
    assert_same(longest);
    memcpy(longest, "no service answers at ", 22);
    assert_same(longest);
}

#ifdef ENABLE_NLS
static void assert_french(const char *message, const char *wanted)
{
    char out[TRANSLATE_SIZE];

    assert_string_equal(translate(message, out), wanted);
}

#define N "\xC2\xA0"

static void it_speaks_french(void **state)
{
    char folder[4096];
    char out[TRANSLATE_SIZE];

    (void) state;
    snprintf(folder, sizeof folder, "%s/po/locale", getenv("abs_top_builddir"));
    setenv("PRECIS_LOCALEDIR", folder, 1);
    setenv("LANGUAGE", "fr", 1);
    intl_start();
    /* Some systems take LANGUAGE for nothing in the locale C.UTF-8. */
    if (strcmp(_("out of memory"), "out of memory") == 0)
        skip();
    assert_french("the article is empty", "l'article est vide");
    assert_french("the article has 12 bytes; the limit is 7",
                  "l'article a 12 octets" N "; la limite est de 7");
    assert_french("no sentence fits: the shortest has 1 words",
                  "aucune phrase ne tient dans la limite" N
                  ": la plus courte compte 1 mot");
    assert_french("no sentence fits: the shortest has 31 characters",
                  "aucune phrase ne tient dans la limite" N
                  ": la plus courte compte 31 caract\xC3\xA8res");
    assert_french("the iconv of this system does not know charset %s%n",
                  "l'iconv de ce syst\xC3\xA8me ne conna\xC3\xAEt pas "
                  "l'encodage %s%n");
    assert_string_equal(translate("of no format", out), "of no format");
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_comes_back),
        cmocka_unit_test(what_is_unknown_stays),
#ifdef ENABLE_NLS
        cmocka_unit_test(it_speaks_french),
#endif
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
