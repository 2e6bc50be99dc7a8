#include "protocol/protocol.h"

#include <string.h>

/* The table of precis-protocol(7), ERRORS.  The name goes over the wire, the
 * status is what precis(1) exits with. */
static const struct code_row {
    int code;
    int exit_status;
    const char *name;
} rows[] = {
    {PRECIS_OK, 0, "ok"},
    {PRECIS_EBAD_REQUEST, 64, "bad_request"},
    {PRECIS_EUNSUPPORTED, 64, "unsupported"},
    {PRECIS_ETOO_LARGE, 65, "too_large"},
    {PRECIS_EBAD_ENCODING, 65, "bad_encoding"},
    {PRECIS_EBAD_DOCUMENT, 65, "bad_document"},
    {PRECIS_EUNKNOWN_LANGUAGE, 65, "unknown_language"},
    {PRECIS_EEMPTY, 65, "empty"},
    {PRECIS_EBUSY, 75, "busy"},
    {PRECIS_ETIMEOUT, 75, "timeout"},
    {PRECIS_EDENIED, 77, "denied"},
    {PRECIS_ESHUTTING_DOWN, 75, "shutting_down"},
    {PRECIS_EINTERNAL, 70, "internal"},
    {PRECIS_ENO_ANSWER, 69, "no_answer"},
    {PRECIS_EBAD_REPLY, 76, "bad_reply"},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* An unknown code is a fault of ours: "internal". */
static const struct code_row *row_of(int code)
{
    const struct code_row *internal = NULL;
    size_t i;

    for (i = 0; i < ROW_COUNT; i++) {
        if (rows[i].code == code)
            return &rows[i];
        if (rows[i].code == PRECIS_EINTERNAL)
            internal = &rows[i];
    }
    return internal;
}

const char *code_name(int code)
{
    return row_of(code)->name;
}

int code_exit_status(int code)
{
    return row_of(code)->exit_status;
}

int code_find(const char *name, size_t size)
{
    size_t i;

    for (i = 0; i < ROW_COUNT; i++)
        if (strlen(rows[i].name) == size
            && memcmp(rows[i].name, name, size) == 0)
            return rows[i].code;
    return 0;
}
