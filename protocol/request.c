/* The header of a request, read and written.
 *
 * One table has a row for every key: reading, writing, ranges and messages
 * come from it.  jansson reads all numbers as reals: an id may be a number
 * too large for any integer and is echoed as it was written, so no number may
 * be refused for its size alone.  Counts are small enough to be exact. */
#include "protocol/protocol.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "protocol/json.h"
#include "protocol/refuse.h"

/* Nothing of ours nests deeper than an object in an array in the header. */
#define DEPTH_MAX 16

/* Twice what is defined, and room for keys of later versions. */
#define KEYS_MAX 64

/* Longest name of an operation, language, charset or method. */
#define NAME_MAX_BYTES 64

/* Longest id that is a number: 20 digits are the largest 64-bit integer. */
#define ID_NUMBER_MAX 64

/* ---- the values ---- */

static const char *const op_names[OP_COUNT] = {
    [OP_SUMMARIZE] = "summarize", [OP_KEYWORDS] = "keywords",
    [OP_SEGMENT] = "segment",     [OP_DETECT] = "detect",
    [OP_PING] = "ping",           [OP_STATUS] = "status",
    [OP_LANGUAGES] = "languages", [OP_METRICS] = "metrics",
    [OP_RELOAD] = "reload",       [OP_DRAIN] = "drain",
};

const char *op_name(enum op op)
{
    return op_names[op];
}

int op_has_article(enum op op)
{
    return op < OP_PING;
}

static const char *const order_names[] = {
    [PRECIS_ORDER_SOURCE] = "source",
    [PRECIS_ORDER_SCORE] = "score",
};

/* One key of a request header. */
struct key_row {
    const char *key;
    /* Puts a value that is not null into the request. */
    int (*parse)(struct request *request, const struct key_row *row,
                 const json_t *value, precis_error *error);
    /* Writes the key and its value, or nothing where it is the default. */
    void (*format)(const struct request *request, const struct key_row *row,
                   struct buffer *out);
    size_t max;    /* of the number, or of the bytes of the string */
    size_t member; /* offset in struct request */
    enum precis_limit limit;
};

/* The member of *request that a row is about. */
#define MEMBER(type, request, row) \
    ((type *) (void *) ((char *) (request) + (row)->member))
#define CONST_MEMBER(type, request, row) \
    ((const type *) (const void *) ((const char *) (request) + (row)->member))

/* Is it a string of at most `max` bytes without NUL? */
static int is_string(const json_t *value, size_t max)
{
    return json_is_string(value) && json_string_length(value) <= max
           && memchr(json_string_value(value), '\0', json_string_length(value))
                  == NULL;
}

/* Printable ASCII only: a name is repeated in messages. */
static int is_name(const json_t *value)
{
    const char *name = json_string_value(value);

    if (!is_string(value, NAME_MAX_BYTES) || *name == '\0')
        return 0;
    while (*name > ' ' && *name < 0x7F)
        name++;
    return *name == '\0';
}

/* A whole number from 1 to `max`; 3, 3.0 and 3e0 are the same.  0, or -1. */
static int count_parse(const json_t *value, size_t max, size_t *count)
{
    double number = json_number_value(value); /* 0 where it is none */

    if (!(number >= 1 && number <= (double) max)
        || (double) (size_t) number != number)
        return -1;
    *count = (size_t) number;
    return 0;
}

static int parse_op(struct request *request, const struct key_row *row,
                    const json_t *value, precis_error *error)
{
    int op;

    for (op = 0; op < OP_COUNT; op++) {
        if (is_string(value, row->max)
            && strcmp(json_string_value(value), op_names[op]) == 0) {
            request->op = (enum op) op;
            return 0;
        }
    }
    return refuse(error, row->key,
                  "op must be one of summarize, keywords, "
                  "segment, detect, ping, status, languages, metrics, "
                  "reload, drain");
}

static int parse_order(struct request *request, const struct key_row *row,
                       const json_t *value, precis_error *error)
{
    int order;

    for (order = PRECIS_ORDER_SOURCE; order <= PRECIS_ORDER_SCORE; order++) {
        if (is_string(value, row->max)
            && strcmp(json_string_value(value), order_names[order]) == 0) {
            request->options.order = (enum precis_order) order;
            return 0;
        }
    }
    return refuse(error, row->key, "order must be one of source, score");
}

/* "auto" is the default of every name. */
static int parse_name(struct request *request, const struct key_row *row,
                      const json_t *value, precis_error *error)
{
    const char *name = json_string_value(value);

    if (!is_name(value))
        return refuse(error, row->key,
                      "%s must be a name of 1 to %zu "
                      "printable ASCII characters",
                      row->key, row->max);
    if (strcmp(name, "auto") != 0)
        *MEMBER(const char *, request, row) = name;
    return 0;
}

/* The size of a text is the member behind it. */
static int parse_text(struct request *request, const struct key_row *row,
                      const json_t *value, precis_error *error)
{
    const char **text = MEMBER(const char *, request, row);

    if (!is_string(value, row->max))
        return refuse(error, row->key,
                      "%s must be a text of at most %zu "
                      "bytes, without U+0000",
                      row->key, row->max);
    if (json_string_length(value) == 0)
        return 0;
    *text = json_string_value(value);
    *(size_t *) (void *) (text + 1) = json_string_length(value);
    return 0;
}

_Static_assert(offsetof(precis_options, title_size)
                       == offsetof(precis_options, title) + sizeof(char *)
                   && offsetof(precis_options, query_size)
                          == offsetof(precis_options, query) + sizeof(char *),
               "parse_text finds a size behind its text");

static int parse_limit(struct request *request, const struct key_row *row,
                       const json_t *value, precis_error *error)
{
    size_t amount;

    if (count_parse(value, row->max, &amount) != 0)
        return refuse(error, row->key,
                      "%s must be a whole number from 1 to "
                      "%zu",
                      row->key, row->max);
    if (request->options.limit != PRECIS_LIMIT_AUTO)
        return refuse(error, row->key,
                      "only one of sentences, words, "
                      "characters, percent may be given");
    request->options.limit = row->limit;
    request->options.amount = amount;
    return 0;
}

static int parse_timeout(struct request *request, const struct key_row *row,
                         const json_t *value, precis_error *error)
{
    size_t timeout;

    if (count_parse(value, row->max, &timeout) != 0)
        return refuse(error, row->key,
                      "%s must be a whole number from 1 to "
                      "%zu",
                      row->key, row->max);
    request->timeout_ms = (unsigned) timeout;
    return 0;
}

static int parse_trace(struct request *request, const struct key_row *row,
                       const json_t *value, precis_error *error)
{
    if (!is_string(value, row->max)
        || !trace_is_valid(json_string_value(value)))
        return refuse(error, row->key,
                      "%s must be as in W3C's Trace Context: 2, 32, 16 and 2 "
                      "small hexadecimal digits, with - between",
                      row->key);
    memcpy(request->traceparent, json_string_value(value),
           sizeof request->traceparent);
    return 0;
}

static int parse_flag(struct request *request, const struct key_row *row,
                      const json_t *value, precis_error *error)
{
    if (!json_is_boolean(value))
        return refuse(error, row->key, "%s must be true or false", row->key);
    *MEMBER(int, request, row) = json_is_true(value);
    return 0;
}

/* The only count that may be 0. */
static int parse_keywords(struct request *request, const struct key_row *row,
                          const json_t *value, precis_error *error)
{
    size_t count = 0;

    if (!(json_is_number(value) && json_number_value(value) == 0)
        && count_parse(value, row->max, &count) != 0)
        return refuse(error, row->key,
                      "%s must be a whole number from 0 to "
                      "%zu",
                      row->key, row->max);
    request->options.keywords = count;
    return 0;
}

/* A key and a string. */
static void format_string(const struct key_row *row, const char *text,
                          size_t size, struct buffer *out)
{
    buffer_add_key(out, row->key);
    buffer_add_json(out, text, size);
}

static void format_op(const struct request *request, const struct key_row *row,
                      struct buffer *out)
{
    const char *name = op_names[request->op];

    if (request->op != OP_SUMMARIZE)
        format_string(row, name, strlen(name), out);
}

static void format_order(const struct request *request,
                         const struct key_row *row, struct buffer *out)
{
    const char *name = order_names[request->options.order];

    if (request->options.order != PRECIS_ORDER_SOURCE)
        format_string(row, name, strlen(name), out);
}

static void format_name(const struct request *request,
                        const struct key_row *row, struct buffer *out)
{
    const char *name = *CONST_MEMBER(char *, request, row);

    if (name != NULL && strcmp(name, "auto") != 0)
        format_string(row, name, strlen(name), out);
}

static void format_text(const struct request *request,
                        const struct key_row *row, struct buffer *out)
{
    const char *const *text = CONST_MEMBER(char *, request, row);
    size_t size = *(const size_t *) (const void *) (text + 1);

    if (*text != NULL && size > 0)
        format_string(row, *text, size, out);
}

static void format_limit(const struct request *request,
                         const struct key_row *row, struct buffer *out)
{
    if (request->options.limit == row->limit) {
        buffer_add_key(out, row->key);
        buffer_add_number(out, request->options.amount);
    }
}

static void format_timeout(const struct request *request,
                           const struct key_row *row, struct buffer *out)
{
    if (request->timeout_ms != 0) {
        buffer_add_key(out, row->key);
        buffer_add_number(out, request->timeout_ms);
    }
}

static void format_trace(const struct request *request,
                         const struct key_row *row, struct buffer *out)
{
    if (request->traceparent[0] != '\0')
        format_string(row, request->traceparent, strlen(request->traceparent),
                      out);
}

static void format_keywords(const struct request *request,
                            const struct key_row *row, struct buffer *out)
{
    if (request->options.keywords != 0) {
        buffer_add_key(out, row->key);
        buffer_add_number(out, request->options.keywords);
    }
}

static void format_flag(const struct request *request,
                        const struct key_row *row, struct buffer *out)
{
    if (*CONST_MEMBER(int, request, row)) {
        buffer_add_key(out, row->key);
        buffer_add_string(out, "true");
    }
}

/* ---- the table ---- */

#define NAME NAME_MAX_BYTES
#define TEXT PRECIS_TITLE_MAX
#define TRACE (PROTOCOL_TRACE_SIZE - 1)
#define OPTION(member) offsetof(struct request, options.member)

/* In the order in which keys are looked at and written. */
static const struct key_row rows[] = {
    {"traceparent", parse_trace, format_trace, TRACE, 0, 0},
    {"op", parse_op, format_op, NAME, 0, 0},
    {"language", parse_name, format_name, NAME, OPTION(language), 0},
    {"charset", parse_name, format_name, NAME, OPTION(charset), 0},
    {"title", parse_text, format_text, TEXT, OPTION(title), 0},
    {"sentences", parse_limit, format_limit, 20000, 0, PRECIS_LIMIT_SENTENCES},
    {"words", parse_limit, format_limit, 10000000, 0, PRECIS_LIMIT_WORDS},
    {"characters", parse_limit, format_limit, 100000000, 0,
     PRECIS_LIMIT_CHARACTERS},
    {"percent", parse_limit, format_limit, 100, 0, PRECIS_LIMIT_PERCENT},
    {"method", parse_name, format_name, NAME, OPTION(method), 0},
    {"order", parse_order, format_order, NAME, 0, 0},
    {"query", parse_text, format_text, TEXT, OPTION(query), 0},
    {"terse", parse_flag, format_flag, 0, OPTION(terse), 0},
    {"no_quotes", parse_flag, format_flag, 0, OPTION(no_quotes), 0},
    {"no_questions", parse_flag, format_flag, 0, OPTION(no_questions), 0},
    {"compress", parse_flag, format_flag, 0, OPTION(compress), 0},
    {"keywords", parse_keywords, format_keywords, PRECIS_KEYWORDS_MAX, 0, 0},
    {"explain", parse_flag, format_flag, 0, OPTION(explain), 0},
    {"text", parse_flag, format_flag, 0, offsetof(struct request, text), 0},
    {"timeout_ms", parse_timeout, format_timeout, PROTOCOL_TIMEOUT_MS_MAX, 0,
     0},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* The values that the header has, by row.  A header has few keys: that is
 * less work than to ask for each of ours. */
static void values_find(json_t *tree, const json_t *values[ROW_COUNT])
{
    const char *key;
    json_t *value;

    memset(values, 0, ROW_COUNT * sizeof *values);
    json_object_foreach(tree, key, value)
        for (size_t i = 0; i < ROW_COUNT; i++)
            if (rows[i].key[0] == key[0] && strcmp(rows[i].key, key) == 0)
                values[i] = value;
}

/* ---- requests ---- */

void request_init(struct request *request)
{
    /* Not the whole: the id is long, and ends at its NUL. */
    request->op = OP_SUMMARIZE;
    request->id[0] = '\0';
    memset(&request->options, 0,
           sizeof *request - offsetof(struct request, options));
    request->options.size = sizeof request->options;
}

void request_clear(struct request *request)
{
    json_decref(request->tree);
    request_init(request);
}

/* U+007F to U+009F as they stand, which a terminal may obey. */
static int has_raw_control(const char *text, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++)
        if (text[i] == 0x7F
            || (i + 1 < size && (unsigned char) text[i] == 0xC2
                && (unsigned char) text[i + 1] >= 0x80
                && (unsigned char) text[i + 1] <= 0x9F))
            return 1;
    return 0;
}

/* Keeps the id as it was written. */
static int parse_id(struct request *request, const struct frame *header,
                    const json_t *value, precis_error *error)
{
    size_t max = json_is_string(value) ? PROTOCOL_ID_MAX : ID_NUMBER_MAX;
    struct frame token;

    if (json_is_null(value))
        return 0;
    if (json_find_raw(header->data, header->size, "id", &token) != 0
        || !(json_is_number(value) || is_string(value, PROTOCOL_ID_TEXT_MAX))
        || token.size > max || has_raw_control(token.data, token.size))
        return refuse(error, "id",
                      "id must be a string of at most %d bytes, "
                      "control characters escaped and U+0000 not among them, "
                      "or a number of at most %d characters",
                      PROTOCOL_ID_TEXT_MAX, ID_NUMBER_MAX);
    memcpy(request->id, token.data, token.size);
    request->id[token.size] = '\0';
    return 0;
}

/* jansson's reasons in our words: its own repeat pieces of the input. */
static const char *syntax_message(enum json_error_code code)
{
    switch (code) {
    case json_error_invalid_utf8:
        return "the header is not valid UTF-8";
    case json_error_premature_end_of_input:
        return "the header is not JSON: it ends too early";
    case json_error_end_of_input_expected:
        return "the header has bytes behind its JSON object";
    case json_error_null_byte_in_key:
        return "a key of the header has U+0000 in it";
    case json_error_duplicate_key:
        return "a key stands twice in the header";
    case json_error_numeric_overflow:
        return "a number in the header is too large";
    default:
        return "the header is not JSON";
    }
}

/* Parses the bytes to request->tree. */
static int tree_parse(struct request *request, const struct frame *header,
                      precis_error *error)
{
    const size_t flags =
        JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL;
    json_error_t reason;
    size_t offset = 0;

    if (header->size > PROTOCOL_HEADER_MAX)
        return refuse(error, "",
                      "the header has %zu bytes; at most %d are "
                      "allowed",
                      header->size, PROTOCOL_HEADER_MAX);
    if (json_depth(header->data, header->size, DEPTH_MAX, &offset) > DEPTH_MAX)
        return refuse_at(error, offset,
                         "the header is nested too deep: at "
                         "most 16 levels are allowed");
    request->tree = json_loadb(header->data, header->size, flags, &reason);
    if (request->tree == NULL) {
        enum json_error_code code = json_error_code(&reason);

        if (reason.position > 0)
            offset = (size_t) reason.position;
        /* jansson does not always say so, but then it says nothing. */
        if (code == json_error_out_of_memory || reason.text[0] == '\0')
            return refuse_code(error, PRECIS_EINTERNAL, "out of memory");
        return refuse_at(error, offset < header->size ? offset : header->size,
                         syntax_message(code));
    }
    if (!json_is_object((json_t *) request->tree))
        return refuse(error, "", "the header must be a JSON object");
    return 0;
}

int request_parse(struct request *request, const void *header, size_t size,
                  precis_error *error)
{
    const struct frame frame = {header, size};
    const json_t *values[ROW_COUNT];
    const json_t *value;
    int status;
    size_t i;

    request_init(request);
    if (size == 0)
        return 0;
    status = tree_parse(request, &frame, error);
    if (status != 0)
        return status;
    value = json_object_get(request->tree, "id");
    if (value != NULL) {
        status = parse_id(request, &frame, value, error);
        if (status != 0)
            return status;
    }
    if (json_object_size(request->tree) > KEYS_MAX)
        return refuse(error, "",
                      "the header has %zu keys; at most %d are "
                      "allowed",
                      json_object_size(request->tree), KEYS_MAX);
    values_find(request->tree, values);
    for (i = 0; i < ROW_COUNT; i++) {
        if (values[i] == NULL || json_is_null(values[i]))
            continue;
        status = rows[i].parse(request, &rows[i], values[i], error);
        if (status != 0)
            return status;
    }
    return 0;
}

void request_format(const struct request *request, struct buffer *out)
{
    size_t i;

    buffer_add(out, "{", 1);
    if (request->id[0] != '\0') {
        buffer_add_key(out, "id");
        buffer_add_string(out, request->id);
    }
    for (i = 0; i < ROW_COUNT; i++)
        rows[i].format(request, &rows[i], out);
    buffer_add(out, "}", 1);
}
