/* A reply's two frames to something that C can read.
 *
 * jansson checks the header and finds its members; the header as it came is
 * kept beside the tree, since tools show its tokens unchanged (a real would
 * not survive being printed again).
 */
#include <config.h>

#include <jansson.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clients/error.h"
#include "clients/precis-client.h"
#include "clients/reply.h"
#include "protocol/protocol.h"

struct precis_reply {
    json_t *header;    /* an object */
    json_t *sentences; /* borrowed from header; NULL or an array */
    json_t *segments;
    json_t *keywords;
    json_t *warnings;
    char *bytes; /* the header, NUL, the body, NUL */
    size_t header_size;
    size_t body_size;
    int code;
};

static json_t *array_member(const json_t *object, const char *key)
{
    json_t *member = json_object_get(object, key);

    return json_is_array(member) ? member : NULL;
}

/* The code that the header's status and error say; 1 where they say none. */
static int status_code(const json_t *header)
{
    const char *status = json_string_value(json_object_get(header, "status"));
    const json_t *name;
    int code;

    if (status == NULL)
        return 1;
    if (strcmp(status, "ok") == 0)
        return 0;
    name = json_object_get(json_object_get(header, "error"), "code");
    if (strcmp(status, "error") != 0 || !json_is_string(name))
        return 1;
    code = code_find(json_string_value(name), json_string_length(name));
    return code != 0 ? code : PRECIS_EINTERNAL;
}

static int bytes_copy(precis_reply *reply, const void *header,
                      size_t header_size, const void *body, size_t body_size)
{
    if (header_size > SIZE_MAX / 4 || body_size > SIZE_MAX / 4)
        return -1;
    reply->bytes = malloc(header_size + body_size + 2);
    if (reply->bytes == NULL)
        return -1;
    if (header_size > 0)
        memcpy(reply->bytes, header, header_size);
    reply->bytes[header_size] = '\0';
    if (body_size > 0)
        memcpy(reply->bytes + header_size + 1, body, body_size);
    reply->bytes[header_size + 1 + body_size] = '\0';
    reply->header_size = header_size;
    reply->body_size = body_size;
    return 0;
}

static int header_load(precis_reply *reply, precis_error *error)
{
    json_error_t json_error;

    reply->header =
        json_loadb(reply->bytes, reply->header_size,
                   JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &json_error);
    if (reply->header == NULL
        && json_error_code(&json_error) == json_error_out_of_memory)
        return error_memory(error);
    if (!json_is_object(reply->header))
        return error_set(error, PRECIS_EBAD_REPLY, NULL,
                         "the service's reply is unreadable: its header is "
                         "no JSON object");
    reply->code = status_code(reply->header);
    if (reply->code > 0)
        return error_set(error, PRECIS_EBAD_REPLY, NULL,
                         "the service's reply is unreadable: its header has "
                         "no status");
    reply->sentences = array_member(reply->header, "sentences");
    reply->segments = array_member(reply->header, "segments");
    reply->keywords = array_member(reply->header, "keywords");
    reply->warnings = array_member(reply->header, "warnings");
    return 0;
}

int reply_make(precis_reply **reply, const void *header, size_t header_size,
               const void *body, size_t body_size, precis_error *error)
{
    precis_reply *made = calloc(1, sizeof *made);

    if (made == NULL
        || bytes_copy(made, header, header_size, body, body_size) != 0) {
        free(made);
        return error_memory(error);
    }
    *reply = made;
    return 0;
}

int precis_reply_parse(precis_reply **reply, const void *header,
                       size_t header_size, const void *body, size_t body_size,
                       precis_error *error)
{
    precis_reply *made = calloc(1, sizeof *made);
    int code;

    if (made == NULL
        || bytes_copy(made, header, header_size, body, body_size) != 0)
        code = error_memory(error);
    else
        code = header_load(made, error);
    if (code != 0) {
        precis_reply_free(made);
        return code;
    }
    *reply = made;
    return 0;
}

void precis_reply_free(precis_reply *reply)
{
    if (reply == NULL)
        return;
    json_decref(reply->header);
    free(reply->bytes);
    free(reply);
}

int precis_reply_code(const precis_reply *reply)
{
    return reply->code;
}

void precis_reply_error(const precis_reply *reply, precis_error *error)
{
    const json_t *object = json_object_get(reply->header, "error");
    const char *message = json_string_value(json_object_get(object, "message"));
    const json_t *offset = json_object_get(object, "offset");
    const char *key = json_string_value(json_object_get(object, "key"));

    *error = (precis_error){.code = reply->code, .offset = -1};
    if (reply->code == 0)
        return;
    error_set(error, reply->code, key, "%s",
              message != NULL ? message : code_name(reply->code));
    if (json_is_integer(offset))
        error->offset = json_integer_value(offset);
}

unsigned precis_reply_retry_after_ms(const precis_reply *reply)
{
    json_int_t after = json_integer_value(json_object_get(
        json_object_get(reply->header, "error"), "retry_after_ms"));

    if (after < 0)
        return 0;
    return after < PRECIS_TIMEOUT_MS_MAX ? (unsigned) after
                                         : PRECIS_TIMEOUT_MS_MAX;
}

const char *precis_reply_summary(const precis_reply *reply, size_t *size)
{
    *size = reply->body_size;
    return reply->bytes + reply->header_size + 1;
}

const char *precis_reply_header(const precis_reply *reply, size_t *size)
{
    *size = reply->header_size;
    return reply->bytes;
}

const char *precis_reply_string(const precis_reply *reply, const char *key)
{
    return json_string_value(json_object_get(reply->header, key));
}

long long precis_reply_number(const precis_reply *reply, const char *key,
                              long long otherwise)
{
    const json_t *member = json_object_get(reply->header, key);

    return json_is_integer(member) ? json_integer_value(member) : otherwise;
}

const char *precis_reply_text(const precis_reply *reply, size_t *size)
{
    const json_t *text = json_object_get(reply->header, "text");

    if (json_is_string(text))
        *size = json_string_length(text);
    return json_string_value(text);
}

const char *precis_reply_language(const precis_reply *reply)
{
    return precis_reply_string(reply, "language");
}

double precis_reply_language_confidence(const precis_reply *reply)
{
    return json_number_value(
        json_object_get(reply->header, "language_confidence"));
}

const char *precis_reply_looks_like(const precis_reply *reply)
{
    return precis_reply_string(reply, "looks_like");
}

const char *precis_reply_charset(const precis_reply *reply)
{
    return precis_reply_string(reply, "charset");
}

const char *precis_reply_version(const precis_reply *reply)
{
    return precis_reply_string(reply, "version");
}

/* A count from the service: what is none, or negative, is 0. */
static size_t size_value(const json_t *value)
{
    json_int_t number = json_integer_value(value);

    return number > 0 ? (size_t) number : 0;
}

static size_t size_member(const json_t *object, const char *key)
{
    return size_value(json_object_get(object, key));
}

size_t precis_reply_replaced(const precis_reply *reply)
{
    return size_member(reply->header, "replaced");
}

int precis_reply_is_short(const precis_reply *reply)
{
    return json_is_true(json_object_get(reply->header, "short"));
}

size_t precis_reply_warning_count(const precis_reply *reply)
{
    return json_array_size(reply->warnings);
}

const char *precis_reply_warning(const precis_reply *reply, size_t number)
{
    return json_string_value(json_array_get(reply->warnings, number));
}

/* ---- sentences ---- */

static const char *kind_member(const json_t *object)
{
    const char *kind = json_string_value(json_object_get(object, "kind"));

    if (kind == NULL || strcmp(kind, "sentence") == 0)
        return "sentence";
    return strcmp(kind, "heading") == 0 ? "heading" : "other";
}

static double real_member(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void fill_reasons(const json_t *array, precis_reply_sentence *sentence)
{
    size_t i;

    sentence->reason_count = 0;
    for (i = 0; i < json_array_size(array)
                && sentence->reason_count < PRECIS_REPLY_REASONS_MAX;
         i++) {
        const json_t *object = json_array_get(array, i);
        const json_t *term = json_object_get(object, "term");

        if (json_is_string(term))
            sentence->reasons[sentence->reason_count++] = (precis_reply_reason){
                .term = json_string_value(term),
                .term_size = json_string_length(term),
                .count = size_member(object, "count"),
                .first = size_member(object, "first"),
            };
    }
}

static int sentence_at(const json_t *array, size_t number,
                       precis_reply_sentence *sentence)
{
    const json_t *object = json_array_get(array, number);

    if (!json_is_object(object))
        return -1;
    *sentence = (precis_reply_sentence){
        .kind = kind_member(object),
        .index = size_member(object, "index"),
        .start = size_member(object, "start"),
        .end = size_member(object, "end"),
        .char_start = size_member(object, "char_start"),
        .char_end = size_member(object, "char_end"),
        .source_start = size_member(object, "source_start"),
        .source_end = size_member(object, "source_end"),
        .score = real_member(object, "score"),
        .rank = size_member(object, "rank"),
        .words = size_member(object, "words"),
        .frequency = real_member(object, "frequency"),
        .position = real_member(object, "position"),
        .redundancy = real_member(object, "redundancy"),
    };
    fill_reasons(json_object_get(object, "reasons"), sentence);
    return 0;
}

size_t precis_reply_sentence_count(const precis_reply *reply)
{
    return json_array_size(reply->sentences);
}

int precis_reply_sentence_at(const precis_reply *reply, size_t number,
                             precis_reply_sentence *sentence)
{
    return sentence_at(reply->sentences, number, sentence);
}

size_t precis_reply_segment_count(const precis_reply *reply)
{
    return json_array_size(reply->segments);
}

int precis_reply_segment_at(const precis_reply *reply, size_t number,
                            precis_reply_sentence *segment)
{
    return sentence_at(reply->segments, number, segment);
}

/* ---- cuts and keywords ---- */

static const json_t *cuts_of(const precis_reply *reply, size_t sentence)
{
    return array_member(json_array_get(reply->sentences, sentence), "cuts");
}

size_t precis_reply_cut_count(const precis_reply *reply, size_t sentence)
{
    return json_array_size(cuts_of(reply, sentence));
}

int precis_reply_cut_at(const precis_reply *reply, size_t sentence,
                        size_t number, precis_reply_span *cut)
{
    const json_t *pair = json_array_get(cuts_of(reply, sentence), number);

    if (pair == NULL)
        return -1;
    *cut = (precis_reply_span){.start = size_value(json_array_get(pair, 0)),
                               .end = size_value(json_array_get(pair, 1))};
    return 0;
}

size_t precis_reply_keyword_count(const precis_reply *reply)
{
    return json_array_size(reply->keywords);
}

int precis_reply_keyword_at(const precis_reply *reply, size_t number,
                            precis_reply_keyword *keyword)
{
    const json_t *object = json_array_get(reply->keywords, number);
    const json_t *term = json_object_get(object, "term");

    if (!json_is_string(term))
        return -1;
    *keyword = (precis_reply_keyword){
        .term = json_string_value(term),
        .term_size = json_string_length(term),
        .score = real_member(object, "score"),
        .count = size_member(object, "count"),
    };
    return 0;
}
