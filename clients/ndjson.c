#include <config.h>

#include "clients/ndjson.h"

#include <jansson.h>
#include <string.h>

#include "clients/error.h"

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

int article_parse(struct article *article, const char *line, size_t size,
                  const precis_request *defaults, precis_error *error)
{
    int code;

    article->id[0] = '\0';
    article->request = *defaults;
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
}
