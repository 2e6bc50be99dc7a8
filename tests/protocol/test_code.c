/* protocol/code.c: the codes of precis-protocol(7), ERRORS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "protocol/protocol.h"

static const struct {
    int code;
    const char *name;
    int exit_status;
} codes[] = {
    {PRECIS_EBAD_REQUEST, "bad_request", 64},
    {PRECIS_EUNSUPPORTED, "unsupported", 64},
    {PRECIS_ETOO_LARGE, "too_large", 65},
    {PRECIS_EBAD_ENCODING, "bad_encoding", 65},
    {PRECIS_EBAD_DOCUMENT, "bad_document", 65},
    {PRECIS_EUNKNOWN_LANGUAGE, "unknown_language", 65},
    {PRECIS_EEMPTY, "empty", 65},
    {PRECIS_EBUSY, "busy", 75},
    {PRECIS_ETIMEOUT, "timeout", 75},
    {PRECIS_EDENIED, "denied", 77},
    {PRECIS_ESHUTTING_DOWN, "shutting_down", 75},
    {PRECIS_EINTERNAL, "internal", 70},
    {PRECIS_ENO_ANSWER, "no_answer", 69},
    {PRECIS_EBAD_REPLY, "bad_reply", 76},
};

static void codes_have_names_and_statuses(void **state)
{
    size_t i;

    (void) state;
    for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        const char *name = codes[i].name;

        assert_string_equal(code_name(codes[i].code), name);
        assert_int_equal(code_find(name, strlen(name)), codes[i].code);
        assert_int_equal(code_exit_status(codes[i].code), codes[i].exit_status);
    }
    assert_int_equal(code_exit_status(PRECIS_OK), 0);
}

static void unknown_codes_are_internal(void **state)
{
    (void) state;
    assert_string_equal(code_name(-99), "internal");
    assert_string_equal(code_name(1), "internal");
    assert_int_equal(code_exit_status(-99), 70);
    assert_int_equal(code_find("nonsense", 8), 0);
    assert_int_equal(code_find("", 0), 0);
    assert_int_equal(code_find("bus", 3), 0);
    assert_int_equal(code_find("busyness", 8), 0);
    assert_int_equal(code_find("busyness", 4), PRECIS_EBUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_names_and_statuses),
        cmocka_unit_test(unknown_codes_are_internal),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
