#include <config.h>

#include "clients/terminal.h"

#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

#include "po/intl.h"

#define REPLACEMENT 0xFFFDu
#define REPLACEMENT_UTF8 "\xEF\xBF\xBD"

/* Well-formed sequences by their first byte (Unicode, table 3-7): how long
 * they are, and the range of the second byte. */
static const struct utf8_row {
    unsigned char first, last, length, low, high;
} utf8_rows[] = {
    {0x00, 0x7F, 1, 0x00, 0x00}, {0xC2, 0xDF, 2, 0x80, 0xBF},
    {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF},
    {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static const struct utf8_row *utf8_row(unsigned char first)
{
    size_t i;

    for (i = 0; i < sizeof utf8_rows / sizeof utf8_rows[0]; i++)
        if (first >= utf8_rows[i].first && first <= utf8_rows[i].last)
            return &utf8_rows[i];
    return NULL;
}

/* Length of the character at `text`, 0 where there is none. */
static size_t utf8_length(const unsigned char *text, size_t size)
{
    const struct utf8_row *row = utf8_row(text[0]);
    size_t i;

    if (row == NULL || row->length > size)
        return 0;
    if (row->length > 1 && (text[1] < row->low || text[1] > row->high))
        return 0;
    for (i = 2; i < row->length; i++)
        if (text[i] < 0x80 || text[i] > 0xBF)
            return 0;
    return row->length;
}

size_t utf8_next(const char *text, size_t size, unsigned *character)
{
    const unsigned char *bytes = (const unsigned char *) text;
    size_t length = utf8_length(bytes, size);
    unsigned value = bytes[0];
    size_t i;

    if (length == 0) {
        *character = REPLACEMENT;
        return 1;
    }
    if (length > 1)
        value &= 0xFFu >> (length + 1);
    for (i = 1; i < length; i++)
        value = value << 6 | (bytes[i] & 0x3Fu);
    *character = value;
    return length;
}

size_t utf8_invalid(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t length =
            utf8_length((const unsigned char *) text + at, size - at);

        if (length == 0)
            return at;
        at += length;
    }
    return size;
}

int character_is_harmful(unsigned character)
{
    return (character < 0x20 && character != '\n' && character != '\t')
           || (character >= 0x7F && character <= 0x9F)
           || (character >= 0x202A && character <= 0x202E)
           || (character >= 0x2066 && character <= 0x2069);
}

void terminal_write(FILE *stream, const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        unsigned character;
        size_t length = utf8_next(text + at, size - at, &character);

        if (character == '\r' && at + 1 < size && text[at + 1] == '\n')
            ; /* the end of a DOS line */
        else if (character == REPLACEMENT || character_is_harmful(character))
            fputs(REPLACEMENT_UTF8, stream);
        else
            fwrite(text + at, 1, length, stream);
        at += length;
    }
}

/* A character as it stands on one line. */
static void write_character(FILE *stream, const char *text, size_t length,
                            unsigned character)
{
    if (character == '\n' || character == '\t' || character == '\r')
        fputc(' ', stream);
    else if (character == REPLACEMENT || character_is_harmful(character))
        fputs(REPLACEMENT_UTF8, stream);
    else
        fwrite(text, 1, length, stream);
}

void terminal_write_line(FILE *stream, const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        unsigned character;
        size_t length = utf8_next(text + at, size - at, &character);

        write_character(stream, text + at, length, character);
        at += length;
    }
}

/* In a locale that is not UTF-8, wcwidth() knows ASCII only: then 1. */
unsigned terminal_character_columns(unsigned character)
{
    int columns = 1;

    if (character >= 0x80 && !character_is_harmful(character)) {
        intl_ready();
        columns = wcwidth((wchar_t) character);
    }
    return columns < 0 ? 1 : (unsigned) columns;
}

/* terminal_write_line() of a piece that fits: no line will end in it, so a
 * no-break space is a space. */
static void write_piece(FILE *stream, const char *text, size_t size)
{
    const char *end = text + size;

    while (text < end) {
        const char *space = memmem(text, (size_t) (end - text), "\xC2\xA0", 2);
        const char *next = space != NULL ? space : end;

        terminal_write_line(stream, text, (size_t) (next - text));
        if (space != NULL)
            fputc(' ', stream);
        text = space != NULL ? space + 2 : end;
    }
}

unsigned terminal_write_cut(FILE *stream, const char *text, size_t size,
                            unsigned columns)
{
    unsigned width = 0;
    size_t end = 0; /* where the text is cut when all does not fit ... */
    unsigned end_width = 0; /* ... leaving a column for the ellipsis */
    size_t at = 0;

    while (at < size && width <= columns) {
        unsigned character;
        size_t length = utf8_next(text + at, size - at, &character);

        width += terminal_character_columns(character);
        at += length;
        if (width + 1 <= columns) {
            end = at;
            end_width = width;
        }
    }
    if (at == size && width <= columns) {
        write_piece(stream, text, size);
        return width;
    }
    write_piece(stream, text, end);
    if (columns > 0)
        fputs("\xE2\x80\xA6", stream);
    return columns > 0 ? end_width + 1 : 0;
}

static unsigned text_columns(const char *text, size_t size)
{
    unsigned width = 0;
    unsigned character;
    size_t at;

    for (at = 0; at < size; width += terminal_character_columns(character))
        at += utf8_next(text + at, size - at, &character);
    return width;
}

void terminal_write_wrapped(FILE *stream, const char *text, size_t size,
                            unsigned indent, unsigned columns)
{
    const char *end = text + size;
    unsigned width = 0;

    while (text < end) {
        const char *space = memchr(text, ' ', (size_t) (end - text));
        size_t length = (size_t) ((space != NULL ? space : end) - text);
        unsigned word = text_columns(text, length);

        if (width > 0 && width + 1 + word > columns) {
            fprintf(stream, "\n%*s", (int) indent, "");
            width = 0;
        } else if (width > 0) {
            fputc(' ', stream);
            width++;
        }
        width += terminal_write_cut(stream, text, length, columns);
        text = space != NULL ? space + 1 : end;
    }
}

unsigned terminal_columns(int fd, unsigned otherwise)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return otherwise;
    return size.ws_col;
}
