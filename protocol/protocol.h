/* protocol.h - PRECIS/1: frames to structs and back.
 *
 * The specification is precis-protocol(7); this is the codec.  No sockets, no
 * policy, no engine: frames are pointer and size.  Every byte given here may
 * be hostile.
 */
#ifndef PROTOCOL_PROTOCOL_H
#define PROTOCOL_PROTOCOL_H

#include <stddef.h>

#include "engine/precis.h" /* types and constants only; links nothing */
#include "protocol/buffer.h"

#define PROTOCOL_MAGIC "PRECIS/1"

/* A request header is a page at most; 64 KiB leaves room for a long title. */
#define PROTOCOL_HEADER_MAX 65536

/* Longest id as it stands in the header, quotes and escapes included: 256
 * bytes of text, each at worst a \uXXXX escape, and two quotes. */
#define PROTOCOL_ID_TEXT_MAX 256
#define PROTOCOL_ID_MAX (PROTOCOL_ID_TEXT_MAX * 6 + 2)

/* A traceparent of W3C's Trace Context: VERSION-TRACE-PARENT-FLAGS in 2, 32,
 * 16 and 2 hexadecimal digits, and the NUL. */
#define PROTOCOL_TRACE_SIZE 56

/* Frames of a request: identity, envelope, delimiter, magic, header, body.
 * Real envelopes have one or two frames (a REQ's number, a proxy's identity);
 * 16 is generous. */
#define PROTOCOL_FRAMES_MAX 16

#define PROTOCOL_TIMEOUT_MS 10000 /* deadline where none is asked for */
#define PROTOCOL_TIMEOUT_MS_MAX 600000

struct frame {
    const void *data;
    size_t size;
};

/* Finds the magic frame.  frames[0] is the identity that ROUTER put there.
 * If frames[1] is the magic there is no delimiter; else the envelope ends at
 * the first empty frame.  Writes to *magic the number of the frame just
 * behind the envelope (the reply echoes frames[0..*magic) unchanged).
 * Returns 0, or -1 where no envelope can be made out: such a message is
 * dropped in silence.  Does not look at what stands at *magic. */
int envelope_find(const struct frame *frames, size_t count, size_t *magic);

/* Takes magic, header and body from the frames behind the envelope
 * (count - magic of them).  A missing header or body is an empty one.
 * PRECIS_EBAD_REQUEST: wrong magic, unknown version (the message says which
 * is spoken here), more than three frames. */
int envelope_payload(const struct frame *frames, size_t count,
                     struct frame *header, struct frame *body,
                     precis_error *error);

/* Operations.  The table in protocol.c has their names. */
enum op {
    OP_SUMMARIZE,
    OP_KEYWORDS,
    OP_SEGMENT,
    OP_DETECT,
    OP_PING,
    OP_STATUS,
    OP_LANGUAGES,
    OP_METRICS,
    OP_RELOAD, /* these two on the control socket only */
    OP_DRAIN,
    OP_COUNT
};

const char *op_name(enum op op);

/* Is it a traceparent? */
int trace_is_valid(const char *text);

/* Is it about an article, and so for a worker? */
int op_has_article(enum op op);

/* The control socket of the service at `endpoint`, where nothing else was
 * said: beside an ipc socket, control.sock for one that is called
 * precis.sock, else its name and ".control".  Writes the endpoint.  0, or -1:
 * it is no ipc endpoint, or the name has no room. */
int control_default(const char *endpoint, char *control, size_t size);

/* A request header. */
struct request {
    enum op op;
    char id[PROTOCOL_ID_MAX + 1]; /* raw JSON token, NUL-terminated, echoed as
                                     it came; "" where there was none */
    precis_options options;       /* strings borrowed from `tree` */
    int text;                     /* reply carries the decoded text */
    unsigned timeout_ms;          /* 0: none was asked for */
    char traceparent[PROTOCOL_TRACE_SIZE]; /* checked; "" where none was */
    void *tree;                   /* parsed JSON, owned: request_clear() */
};

/* Fills *request with the defaults: op summarize, no id.  Nothing to free. */
void request_init(struct request *request);

/* Parses a header; begins with request_init(), so set options.article_limit
 * afterwards.  An empty header means all defaults.  Unknown keys are ignored;
 * the name "auto" becomes NULL.  On PRECIS_EBAD_REQUEST (or PRECIS_EINTERNAL,
 * out of memory) error->key names the key, error->message the allowed range,
 * error->offset the byte where the JSON is broken; request->id is still
 * filled where it could be read, so that the error reply can carry it.  Call
 * request_clear() either way. */
int request_parse(struct request *request, const void *header, size_t size,
                  precis_error *error);
void request_clear(struct request *request);

/* Writes the header of a request: only what differs from the defaults.
 * The caller looks at out->failed. */
void request_format(const struct request *request, struct buffer *out);

/* Writes the header of an error reply.  `request` may be NULL (no id).
 * retry_after_ms 0: none is written. */
void reply_format_error(const struct request *request,
                        const precis_error *error, unsigned retry_after_ms,
                        struct buffer *out);

/* The two ends of the header of an "ok" reply: {"id":...,"status":"ok" and
 * ,"version":"..."}.  What stands between is written with buffer_add_key().
 * `request` may be NULL (no id). */
void reply_format_start(const struct request *request, struct buffer *out);
void reply_format_end(struct buffer *out);

/* Finds the value of a top-level key in one JSON object that jansson has
 * accepted already, as the raw bytes of the token.  The last one wins where
 * the key stands twice.  Keys with escapes are compared unescaped only for
 * ASCII.  Returns 0 and *token, or -1. */
int json_find_raw(const char *json, size_t size, const char *key,
                  struct frame *token);

/* The codes of precis-error.h: name on the wire ("bad_request") and exit
 * status of the tools (64).  code_name(unknown) is "internal". */
const char *code_name(int code);
int code_find(const char *name, size_t size); /* 0 where unknown */
int code_exit_status(int code);

#endif
