#include <config.h>

#include "clients/ndjson.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clients/error.h"
#include "clients/plain.h"

/* Keys in the order in which they are looked for, NULL behind the last. */
static const char *const text_keys[] = {"text", "article", "body", "content",
                                        NULL};
static const char *const title_keys[] = {"title", "headline", NULL};
static const char *const language_keys[] = {"language", "lang", NULL};

int line_is_blank(const char *line, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++)
        if (memchr(" \t\r", line[i], 3) == NULL)
            return 0;
    return 1;
}

/* The string under the first of `keys` that is there and not null; *string is
 * NULL where none is. */
static int find_string(const json_t *object, const char *const *keys,
                       const json_t **string, precis_error *error)
{
    *string = NULL;
    for (; *keys != NULL; keys++) {
        const json_t *value = json_object_get(object, *keys);

        if (value == NULL || json_is_null(value))
            continue;
        if (!json_is_string(value))
            return error_set(error, PRECIS_EBAD_REQUEST, *keys,
                             "%s must be a string", *keys);
        *string = value;
        return 0;
    }
    return 0;
}

/* Integers are read as reals, since an id may have more digits than fit. */
static int load(struct article *article, const char *line, size_t size,
                precis_error *error)
{
    json_error_t why;
    enum json_error_code code;

    article->tree =
        json_loadb(line, size, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &why);
    if (json_is_object((json_t *) article->tree))
        return 0;
    if (article->tree != NULL)
        return error_set(error, PRECIS_EBAD_DOCUMENT, NULL,
                         "the line is JSON, but not an object");
    code = json_error_code(&why);
    if (code == json_error_out_of_memory)
        return error_memory(error);
    if (code == json_error_invalid_utf8)
        error_set(error, PRECIS_EBAD_ENCODING, NULL, "the line is not UTF-8");
    else
        error_set(error, PRECIS_EBAD_DOCUMENT, NULL, "the line is not JSON");
    error->offset = why.position;
    return error->code;
}

static int take_id(struct article *article, const char *line, size_t size,
                   precis_error *error)
{
    const json_t *id = json_object_get(article->tree, "id");
    struct frame token;

    if (id == NULL || json_is_null(id))
        return 0;
    if ((!json_is_string(id) && !json_is_number(id))
        || json_string_length(id) > PROTOCOL_ID_TEXT_MAX
        || json_find_raw(line, size, "id", &token) != 0
        || token.size >= sizeof article->id)
        return error_set(error, PRECIS_EBAD_REQUEST, "id",
                         "id must be a number, or a string of at most %d "
                         "bytes",
                         PROTOCOL_ID_TEXT_MAX);
    memcpy(article->id, token.data, token.size);
    article->id[token.size] = '\0';
    return 0;
}

static int take_strings(struct article *article, precis_error *error)
{
    precis_request *request = &article->request;
    const json_t *text;
    const json_t *title;
    const json_t *language;
    int code = find_string(article->tree, text_keys, &text, error);

    if (code == 0)
        code = find_string(article->tree, title_keys, &title, error);
    if (code == 0)
        code = find_string(article->tree, language_keys, &language, error);
    if (code != 0)
        return code;
    if (text == NULL)
        return error_set(error, PRECIS_EBAD_DOCUMENT, "text",
                         "the line has no text, article, body or content");
    request->article = json_string_value(text);
    request->article_size = json_string_length(text);
    if (title != NULL) {
        request->title = json_string_value(title);
        request->title_size = json_string_length(title);
    }
    if (json_string_length(language) > 0)
        request->language = json_string_value(language);
    return 0;
}

/* ---- without jansson ---- */

/* The keys of a plain line: those of all lists above. */
enum { TEXT = 0, TITLE = 4, LANGUAGE = 6, ID = 8, KEY_COUNT = 9 };

static const char *const plain_keys[KEY_COUNT] = {
    "text",     "article",  "body", "content", "title",
    "headline", "language", "lang", "id",
};

/* The first of `count` values that is there; NULL where none is. */
static const struct plain *first_of(const struct plain *values, size_t count)
{
    for (; count > 0; count--, values++)
        if (values->kind != PLAIN_NONE)
            return values;
    return NULL;
}

static int is_string(const struct plain *value)
{
    return value == NULL || value->kind == PLAIN_STRING;
}

/* May it be an id?  One that is too long for sure, or perhaps, is not. */
static int is_id(const struct plain *value)
{
    return value->kind == PLAIN_NONE || value->kind == PLAIN_NUMBER
           || (value->kind == PLAIN_STRING
               && value->size <= PROTOCOL_ID_TEXT_MAX + 2);
}

/* What a string means: as it stands in the line, or else written to *room,
 * which then ends behind it and a NUL. */
static const char *string_take(const struct plain *string, int is_copied,
                               char **room, size_t *size)
{
    const char *text = *room;

    if (!string->has_escapes && !is_copied) {
        *size = string->size - 2;
        return string->token + 1;
    }
    *size = plain_decode(string, *room);
    (*room)[*size] = '\0';
    *room += *size + 1;
    return text;
}

/* Takes a line where it is plain: 0, or -1 where jansson must read it, or
 * say what is wrong with it. */
static int plain_take(struct article *article, const char *line, size_t size)
{
    precis_request *request = &article->request;
    struct plain values[KEY_COUNT];
    const struct plain *text, *title, *language;
    char *room;
    size_t length;

    if (plain_find(line, size, plain_keys, KEY_COUNT, values) != 0)
        return -1;
    text = first_of(values + TEXT, TITLE - TEXT);
    title = first_of(values + TITLE, LANGUAGE - TITLE);
    language = first_of(values + LANGUAGE, ID - LANGUAGE);
    if (text == NULL || !is_string(text) || !is_string(title)
        || !is_string(language) || !is_id(&values[ID]))
        return -1;
    room = article->memory = malloc(size); /* quotes are as many as NULs */
    if (room == NULL)
        return -1;
    request->article = string_take(text, 0, &room, &request->article_size);
    if (title != NULL)
        request->title = string_take(title, 1, &room, &request->title_size);
    if (language != NULL && language->size > 2)
        request->language = string_take(language, 1, &room, &length);
    if (values[ID].kind != PLAIN_NONE) {
        memcpy(article->id, values[ID].token, values[ID].size);
        article->id[values[ID].size] = '\0';
    }
    return 0;
}

/* ---- the interface ---- */

int article_parse(struct article *article, const char *line, size_t size,
                  const precis_request *defaults, precis_error *error)
{
    int code;

    article->id[0] = '\0';
    article->tree = NULL;
    article->memory = NULL;
    article->request = *defaults;
    if (plain_take(article, line, size) == 0)
        return 0;
    code = load(article, line, size, error);
    if (code == 0)
        code = take_id(article, line, size, error);
    if (code == 0)
        code = take_strings(article, error);
    return code;
}

void article_clear(struct article *article)
{
    json_decref(article->tree);
    article->tree = NULL;
    free(article->memory);
    article->memory = NULL;
}
