/* What surrounds a header: envelopes, and the replies that need no engine.
 * Request headers are in request.c. */
#include <config.h>

#include "protocol/protocol.h"

#include <string.h>

#include "protocol/refuse.h"

#define MAGIC_SIZE (sizeof PROTOCOL_MAGIC - 1)
#define MAGIC_NAME_SIZE (sizeof "PRECIS/" - 1) /* without the version */

/* ---- the envelope ---- */

/* Does the frame begin as the magic of every version does? */
static int is_precis(const struct frame *frame)
{
    return frame->size > MAGIC_NAME_SIZE
           && memcmp(frame->data, PROTOCOL_MAGIC, MAGIC_NAME_SIZE) == 0;
}

/* Is this the magic of some version: PRECIS/ and up to three digits?  Later
 * versions count, so that they are answered and not lost. */
static int is_magic(const struct frame *frame)
{
    const char *data = frame->data;
    size_t i;

    if (!is_precis(frame) || frame->size > MAGIC_NAME_SIZE + 3)
        return 0;
    for (i = MAGIC_NAME_SIZE; i < frame->size; i++)
        if (data[i] < '0' || data[i] > '9')
            return 0;
    return 1;
}

int envelope_find(const struct frame *frames, size_t count, size_t *magic)
{
    size_t i;

    if (count < 2)
        return -1;
    if (is_magic(&frames[1])) {
        *magic = 1;
        return 0;
    }
    for (i = 1; i < count; i++) {
        if (frames[i].size == 0) {
            *magic = i + 1;
            return 0;
        }
    }
    return -1;
}

int envelope_payload(const struct frame *frames, size_t count,
                     struct frame *header, struct frame *body,
                     precis_error *error)
{
    static const struct frame none = {"", 0};

    if (count == 0)
        return refuse(error, "", "the message has no frame PRECIS/1");
    if (frames[0].size != MAGIC_SIZE
        || memcmp(frames[0].data, PROTOCOL_MAGIC, MAGIC_SIZE) != 0) {
        if (is_precis(&frames[0]))
            return refuse(error, "",
                          "unknown version of the protocol: only PRECIS/1 is "
                          "spoken here");
        return refuse(error, "",
                      "the frame behind the envelope must be PRECIS/1");
    }
    if (count > 3)
        return refuse(error, "",
                      "the message has %zu frames behind the envelope; at "
                      "most 3 are allowed: PRECIS/1, header, body",
                      count);
    *header = count > 1 ? frames[1] : none;
    *body = count > 2 ? frames[2] : none;
    return 0;
}

/* ---- replies ---- */

/* A header's first members. */
static void reply_start(const struct request *request, const char *status,
                        struct buffer *out)
{
    buffer_add(out, "{", 1);
    if (request != NULL && request->id[0] != '\0') {
        buffer_add_key(out, "id");
        buffer_add_string(out, request->id);
    }
    if (request != NULL && request->traceparent[0] != '\0') {
        buffer_add_key(out, "traceparent");
        buffer_add_json(out, request->traceparent,
                        strlen(request->traceparent));
    }
    buffer_add_key(out, "status");
    buffer_add_json(out, status, strlen(status));
}

void reply_format_start(const struct request *request, struct buffer *out)
{
    reply_start(request, "ok", out);
}

void reply_format_end(struct buffer *out)
{
    buffer_add_key(out, "version");
    buffer_add_string(out, "\"" PACKAGE_VERSION "\"}");
}

void reply_format_error(const struct request *request,
                        const precis_error *error, unsigned retry_after_ms,
                        struct buffer *out)
{
    const char *code = code_name(error->code);

    reply_start(request, "error", out);
    buffer_add_key(out, "error");
    buffer_add(out, "{", 1);
    buffer_add_key(out, "code");
    buffer_add_json(out, code, strlen(code));
    buffer_add_key(out, "message");
    buffer_add_json(out, error->message,
                    strnlen(error->message, sizeof error->message));
    if (error->offset >= 0) {
        buffer_add_key(out, "offset");
        buffer_add_number(out, (unsigned long long) error->offset);
    }
    if (error->key[0] != '\0') {
        buffer_add_key(out, "key");
        buffer_add_json(out, error->key,
                        strnlen(error->key, sizeof error->key));
    }
    if (retry_after_ms > 0) {
        buffer_add_key(out, "retry_after_ms");
        buffer_add_number(out, retry_after_ms);
    }
    buffer_add(out, "}", 1);
    reply_format_end(out);
}
