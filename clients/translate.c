/* A format is matched from left to right: a number is all digits that are
 * there, a text goes to the first place where what follows it in the format
 * stands, the last one to the end.  That is linear, and whoever sends a message
 * to mislead it gets his own words in another order at worst. */
#include <config.h>

#include "clients/translate.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/error.h"
#include "po/formats.h"
#include "po/intl.h"

#define PIECES_MAX 8

/* errno's largest value, Linux's EHWPOISON, and the EAI_... of netdb.h: glibc's
 * are negative, others' positive. */
#define ERRNO_MAX 133
#define GAI_MIN (-15)
#define GAI_MAX 15

/* What a directive of the format stood for. */
struct piece {
    const char *text;
    size_t size;
    int is_number;
    int is_quoted; /* a user's own word */
};

struct match {
    const char *format; /* NULL: none yet */
    struct piece pieces[PIECES_MAX];
    size_t count;
    size_t literal; /* bytes that the message shares with the format */
};

#define NP_(one, many) one, many

/* Formats that the libraries put together of several, and so the catalogue
 * would not find; with their plural forms, which go by the first number. */
static const struct plural {
    const char *one, *many;
} plurals[] = {
    {NP_("no sentence fits: the shortest has %zu word",
         "no sentence fits: the shortest has %zu words")},
    {NP_("no sentence fits: the shortest has %zu character",
         "no sentence fits: the shortest has %zu characters")},
    {NP_("%zu undecodable part was replaced by U+FFFD, the first at byte %zu: "
         "is the charset %s?",
         "%zu undecodable parts were replaced by U+FFFD, the first at byte "
         "%zu: is the charset %s?")},
};

static const char *const composed[] = {
    N_("charset \"%s\" is none of: auto%s"),
    N_("the article is in none of our languages, it looks like %s: declare "
       "one with -l, or -l und to summarize without stems"),
    N_("the article is in none of our languages: declare one with -l, or "
       "-l und to summarize without stems"),
};

/* ---- taking apart ---- */

/* Bytes of the directive at `format`, 0 where there is none.  *kind is its
 * last letter. */
static size_t directive_size(const char *format, char *kind)
{
    size_t size;

    if (format[0] != '%')
        return 0;
    size = 1 + strspn(format + 1, "-+ #0123456789.hljztL$");
    *kind = format[size];
    return *kind != '\0' ? size + 1 : 0;
}

/* Bytes of the format up to its next directive. */
static size_t literal_size(const char *format)
{
    return strcspn(format, "%");
}

/* The piece at *message for a directive before `literal`.  0, or -1. */
static int take_piece(const char **message, const char *literal, char kind,
                      struct piece *piece)
{
    size_t length = literal_size(literal);
    const char *end;

    if (strchr("diu", kind) != NULL) {
        *piece = (struct piece){.text = *message,
                                .size = strspn(*message, "0123456789"),
                                .is_number = 1};
        *message += piece->size;
        return piece->size > 0 ? 0 : -1;
    }
    if (kind != 's')
        return -1;
    end = *message + strlen(*message);
    if (literal[length] == '\0') {
        if ((size_t) (end - *message) < length)
            return -1;
        end -= length;
    } else if (length > 0) {
        end = memmem(*message, strlen(*message), literal, length);
        if (end == NULL)
            return -1;
    } else {
        return -1;
    }
    *piece = (struct piece){.text = *message,
                            .size = (size_t) (end - *message)};
    *message = end;
    return 0;
}

/* Takes a message apart by a format; 0 where it fits and says more than
 * *best, which it becomes. */
static int match_format(const char *message, const char *format,
                        struct match *best)
{
    struct match match = {.format = format};
    const char *at = format;

    while (*at != '\0') {
        size_t length = literal_size(at);
        char kind;

        if (strncmp(message, at, length) != 0)
            return -1;
        message += length;
        match.literal += length;
        at += length;
        length = directive_size(at, &kind);
        if (*at == '\0')
            break;
        if (length == 0 || match.count == PIECES_MAX)
            return -1;
        at += length;
        if (take_piece(&message, at, kind, &match.pieces[match.count]) != 0)
            return -1;
        match.pieces[match.count++].is_quoted =
            at - length > format && at[-1 - (long) length] == '"';
    }
    if (*message != '\0'
        || (best->format != NULL && match.literal <= best->literal))
        return -1;
    *best = match;
    return 0;
}

/* ---- putting together ---- */

static size_t put(char *out, size_t used, const char *text, size_t size)
{
    size_t room = TRANSLATE_SIZE - 1 - used;

    if (size > room)
        size = room;
    memcpy(out + used, text, size);
    return used + size;
}

/* What text(number) says to the user, of the number from `low` to `high` for
 * which it says in English what the piece says; or NULL. */
static const char *find_reason(const struct piece *piece,
                               const char *(*text)(int), int low, int high)
{
    char english[128];
    int number;

    for (number = low; number <= high; number++) {
        error_reason(english, sizeof english, text, number);
        if (strlen(english) == piece->size
            && memcmp(english, piece->text, piece->size) == 0)
            return text(number);
    }
    return NULL;
}

/* A name, as of a language, to the user, or NULL. */
static const char *find_name(const struct piece *piece)
{
    size_t i;

    for (i = 0; i < library_name_count; i++)
        if (strlen(library_names[i]) == piece->size
            && memcmp(library_names[i], piece->text, piece->size) == 0)
            return _(library_names[i]);
    return NULL;
}

/* The system's reason for a failure, and a name, are English in a message,
 * too. */
static size_t put_piece(char *out, size_t used, const struct piece *piece)
{
    const char *text = NULL;

    if (!piece->is_number && !piece->is_quoted) {
        text = find_name(piece);
        if (text == NULL)
            text = find_reason(piece, error_system, 1, ERRNO_MAX);
        if (text == NULL)
            text = find_reason(piece, gai_strerror, GAI_MIN, GAI_MAX);
    }
    if (text != NULL)
        return put(out, used, text, strlen(text));
    return put(out, used, piece->text, piece->size);
}

/* Writes `format`, a translation, with the pieces of the original: in order,
 * or by number, as "%2$s". */
static void put_together(const char *format, const struct match *match,
                         char *out)
{
    size_t used = 0;
    size_t next = 0;

    while (*format != '\0') {
        size_t length = literal_size(format);
        size_t number;
        char kind;
        char *dollar;

        used = put(out, used, format, length);
        format += length;
        length = directive_size(format, &kind);
        if (length == 0)
            break;
        number = strtoul(format + 1, &dollar, 10);
        number = *dollar == '$' ? number - 1 : next++;
        format += length;
        if (number < match->count)
            used = put_piece(out, used, &match->pieces[number]);
    }
    out[used] = '\0';
}

/* ---- the whole ---- */

/* The translation for the first number of a match. */
static const char *find_plural(const struct plural *plural,
                               const struct match *match)
{
    unsigned long number = 0;
    size_t i;

    for (i = match->count; i-- > 0;)
        if (match->pieces[i].is_number)
            number = strtoul(match->pieces[i].text, NULL, 10);
    return ngettext(plural->one, plural->many, number);
}

const char *translate(const char *message, char out[TRANSLATE_SIZE])
{
    struct match best = {.format = NULL};
    const struct plural *plural = NULL;
    size_t i;

    for (i = 0; i < library_format_count; i++)
        match_format(message, library_formats[i], &best);
    for (i = 0; i < sizeof composed / sizeof composed[0]; i++)
        match_format(message, composed[i], &best);
    for (i = 0; i < sizeof plurals / sizeof plurals[0]; i++)
        if (match_format(message, plurals[i].one, &best) == 0
            || match_format(message, plurals[i].many, &best) == 0)
            plural = &plurals[i];
    if (best.format == NULL)
        snprintf(out, TRANSLATE_SIZE, "%s", message);
    else
        put_together(plural != NULL ? find_plural(plural, &best)
                                    : _(best.format),
                     &best, out);
    return out;
}
