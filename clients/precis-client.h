/* precis-client.h - libprecis-client: asks a precisd for summaries.
 *
 * A whole program:
 *
 *     #include <precis-client.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         static const char article[] = "Il pleut. Il pleut encore. Fin.";
 *         precis_client *client;
 *         precis_request request;
 *         precis_reply *reply;
 *         precis_error error;
 *         size_t size;
 *
 *         if (precis_client_open(&client, NULL, 1000, &error) != 0)
 *             return fprintf(stderr, "%s\n", error.message), 69;
 *         precis_request_init(&request);
 *         request.article = article;
 *         request.article_size = sizeof article - 1;
 *         request.language = "fr";
 *         request.sentences = 1;
 *         if (precis_client_call(client, &request, &reply, &error) != 0) {
 *             fprintf(stderr, "%s\n", error.message);
 *             precis_client_close(client);
 *             return 65;
 *         }
 *         const char *summary = precis_reply_summary(reply, &size);
 *         printf("%.*s\n", (int) size, summary);
 *         precis_reply_free(reply);
 *         precis_client_close(client);
 *         return 0;
 *     }
 *
 *     cc demo.c $(pkg-config --cflags --libs libprecis-client)
 *
 * Many articles go faster when several are under way at once: send up to
 * PRECIS_IN_FLIGHT_MAX of them, and for every outcome received send another.
 * Each request sent comes back from precis_client_receive() exactly once.
 *
 * General contract
 * ----------------
 * Functions that can fail return 0 or a code of precis-error.h and fill the
 * caller's precis_error when one was given; results are untouched then.
 * Sizes and offsets are bytes, times are milliseconds.  Strings that go in
 * are borrowed for the call only.  "Owned" means that the caller frees it,
 * with the call that is named; "borrowed" says until when it is valid;
 * "static" is valid for ever.
 *
 * The library has no global state, prints nothing, never exits, and changes
 * no signal.  One client serves one thread at a time; any number of clients
 * may work at once.  A client does not survive fork(2).  What it needs of
 * ZeroMQ it makes and ends itself; when memory runs out inside libzmq, that
 * library aborts the process.
 *
 * A service that dies is noticed and never waited for: what it had not
 * answered is sent again once it is back, or to another one, three times at
 * most (a summary changes nothing, so asking twice is safe).  One that is
 * silent for a quarter of a request's time is pinged; without an answer to
 * that for as long again it counts as dead.
 */
#ifndef PRECIS_CLIENT_H
#define PRECIS_CLIENT_H

#include <stddef.h>

#include "precis-error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library linked, "0.1.0".  Static. */
const char *precis_client_version(void);

/* ---- what is asked ---- */

/* Where request.timeout_ms is 0, and the longest that can be asked for. */
#define PRECIS_TIMEOUT_MS 10000
#define PRECIS_TIMEOUT_MS_MAX 600000

/* A request.  Fill with precis_request_init(), then set what is wanted. */
typedef struct precis_request {
    size_t size;         /* sizeof(precis_request), set by _init */
    const char *op;      /* "summarize", "keywords", "segment", "detect",
                             "ping", "status", "languages", "metrics", and on
                             the control socket "reload", "drain";
                             NULL: summarize */
    const void *article; /* in any charset that precisd knows */
    size_t article_size;
    const char *language; /* "fr"; NULL or "auto": found out */
    const char *charset;  /* NULL or "auto": found out */
    const char *method;   /* NULL: the service's default */
    const char *title;    /* UTF-8, or NULL */
    size_t title_size;
    const char *query; /* UTF-8, or NULL: words to lean towards */
    size_t query_size;
    /* At most one of these four ceilings; all 0: what pays, some 50 words. */
    size_t sentences;
    size_t words;
    size_t characters;   /* Unicode code points */
    size_t percent;      /* of the words of the article */
    const char *order;   /* "source" or "score"; NULL: source */
    int explain;         /* not 0: the reply has every segment */
    int text;            /* not 0: the reply has the decoded article */
    unsigned timeout_ms; /* for the whole call, tries and waits included;
                             0: PRECIS_TIMEOUT_MS */
    unsigned busy_tries; /* times sent again to a service that is busy or
                             shutting down, within timeout_ms; 3 from _init.
                             With losses of a service this many in all, or 3 */
    int terse;           /* not 0: a little shorter, where no ceiling is set */
    int no_quotes;       /* not 0: no sentence with a quotation */
    int no_questions;    /* not 0: no question, even if nothing is left */
    int compress;        /* not 0: parts of sentences may be left out: see
                             precis_reply_cut_at() */
    size_t keywords;     /* how many the reply has at most: 0 to 50 */
    const char *traceparent; /* of W3C's Trace Context, or NULL; the service
                                 logs it and sends it back */
} precis_request;

void precis_request_init(precis_request *request);

/* Writes the header frame of a request, as precis-protocol(7) has it, for
 * users with sockets of their own.  `id` is a JSON token (a number, or a
 * string with its quotes), or NULL.  *header is owned: free(3).  Errors:
 * PRECIS_EBAD_REQUEST with error->key, PRECIS_EINTERNAL. */
int precis_request_format(const precis_request *request, const char *id,
                          char **header, size_t *size, precis_error *error);

/* ---- the reply ---- */

typedef struct precis_reply precis_reply;

/* Makes a reply of the header and the body frame of one; both are copied.
 * An error reply is a reply: see precis_reply_code().  *reply is owned:
 * precis_reply_free().  Errors: PRECIS_EBAD_REPLY, PRECIS_EINTERNAL. */
int precis_reply_parse(precis_reply **reply, const void *header,
                       size_t header_size, const void *body, size_t body_size,
                       precis_error *error);

/* Frees a reply and all that was borrowed from it.  NULL is allowed. */
void precis_reply_free(precis_reply *reply);

/* 0 for status "ok", else the code of the error. */
int precis_reply_code(const precis_reply *reply);

/* Fills *error from an error reply; with status "ok" its code is 0. */
void precis_reply_error(const precis_reply *reply, precis_error *error);

/* When a busy service wants to be asked again; 0 where it did not say. */
unsigned precis_reply_retry_after_ms(const precis_reply *reply);

/* The body frame: the summary, UTF-8, one space between two sentences; for
 * metrics their text.  Borrowed, as all below, until precis_reply_free(). */
const char *precis_reply_summary(const precis_reply *reply, size_t *size);

/* The header frame as it came: one JSON object. */
const char *precis_reply_header(const precis_reply *reply, size_t *size);

/* Any member of the header: a string (NUL-terminated) or NULL; a whole number
 * or `otherwise`. */
const char *precis_reply_string(const precis_reply *reply, const char *key);
long long precis_reply_number(const precis_reply *reply, const char *key,
                              long long otherwise);

/* The article, decoded and in NFC, where request.text was set; else NULL. */
const char *precis_reply_text(const precis_reply *reply, size_t *size);

const char *precis_reply_language(const precis_reply *reply); /* or NULL */

/* 1 where the language was declared, 0 where it was assumed or the reply has
 * none, between where it was found out. */
double precis_reply_language_confidence(const precis_reply *reply);

/* Of "detect" with the language "und", none of precisd's: the English name of
 * what the article looks like, as "Czech"; else NULL. */
const char *precis_reply_looks_like(const precis_reply *reply);

const char *precis_reply_charset(const precis_reply *reply);  /* or NULL */
const char *precis_reply_version(const precis_reply *reply);  /* or NULL */

/* Undecodable parts of the article that became U+FFFD. */
size_t precis_reply_replaced(const precis_reply *reply);

/* Not 0 where the whole text fitted the limit. */
int precis_reply_is_short(const precis_reply *reply);

/* What the reader should know, one line of English each. */
size_t precis_reply_warning_count(const precis_reply *reply);
const char *precis_reply_warning(const precis_reply *reply, size_t number);

/* A term that earned a sentence much of its score. */
typedef struct precis_reply_reason {
    const char *term;
    size_t term_size;
    size_t count; /* times its stem stands in the article */
    size_t first; /* index of the first sentence with it */
} precis_reply_reason;

#define PRECIS_REPLY_REASONS_MAX 3

/* One segment of the article.  Offsets are half open: [start, end). */
typedef struct precis_reply_sentence {
    const char *kind;  /* "sentence", "heading", "other"; static */
    size_t index;      /* among the sentences, from 0; for other kinds the
                            index of the next sentence */
    size_t start, end; /* bytes of the decoded text */
    size_t char_start, char_end;     /* code points of it */
    size_t source_start, source_end; /* bytes of the article as it was sent */
    double score;                    /* larger is better, within one article */
    size_t rank;                     /* 1 = chosen first; 0 = not chosen */
    /* These of segments only: */
    size_t words;
    double frequency;  /* what its terms earned */
    double position;   /* the factor for where it stands, 0 to 1 */
    double redundancy; /* how much of it was said by those chosen before */
    size_t reason_count;
    precis_reply_reason reasons[PRECIS_REPLY_REASONS_MAX];
} precis_reply_sentence;

/* The chosen sentences in the order asked for: number 0 to count - 1.
 * Returns 0 and fills *sentence, whose pointers are borrowed, or -1 past the
 * last. */
size_t precis_reply_sentence_count(const precis_reply *reply);
int precis_reply_sentence_at(const precis_reply *reply, size_t number,
                             precis_reply_sentence *sentence);

/* A part of the decoded text, in bytes: [start, end). */
typedef struct precis_reply_span {
    size_t start, end;
} precis_reply_span;

/* The parts of the chosen sentence `sentence` that request.compress left out
 * of the summary, in order; else none.  All else of it stands there as in the
 * text, but for a capital where its beginning was cut.  Returns 0 and fills
 * *cut, or -1 past the last. */
size_t precis_reply_cut_count(const precis_reply *reply, size_t sentence);
int precis_reply_cut_at(const precis_reply *reply, size_t sentence,
                        size_t number, precis_reply_span *cut);

/* A term or a name that says what the article is about. */
typedef struct precis_reply_keyword {
    const char *term; /* as it stands in the article */
    size_t term_size;
    double score; /* larger is better; the best has 1 */
    size_t count; /* times it stands in the article, in any form */
} precis_reply_keyword;

/* The keywords, best first, as many as request.keywords asked for or fewer.
 * Returns 0 and fills *keyword, whose pointers are borrowed, or -1 past the
 * last. */
size_t precis_reply_keyword_count(const precis_reply *reply);
int precis_reply_keyword_at(const precis_reply *reply, size_t number,
                            precis_reply_keyword *keyword);

/* Every segment in source order, where request.explain was set; else none. */
size_t precis_reply_segment_count(const precis_reply *reply);
int precis_reply_segment_at(const precis_reply *reply, size_t number,
                            precis_reply_sentence *segment);

/* ---- the service ---- */

typedef struct precis_client precis_client;

/* Requests that one client may have under way. */
#define PRECIS_IN_FLIGHT_MAX 64

/* Connects to the service at `endpoint`: ipc://PATH or tcp://HOST:PORT.  NULL:
 * $PRECIS_ENDPOINT where it is set and not empty; else the first that accepts
 * a connection of ipc://$XDG_RUNTIME_DIR/precis/precis.sock and
 * ipc:///run/precis/precis.sock.  Waits no longer than timeout_ms for a tcp
 * connection (a look-up of the host's name not counted).
 *
 * *client is owned: precis_client_close().  Errors: PRECIS_ENO_ANSWER, nobody
 * listens there; PRECIS_EDENIED, the socket's mode keeps us out;
 * PRECIS_EBAD_REQUEST (key "endpoint"); PRECIS_EINTERNAL.  The message names
 * the endpoint. */
int precis_client_open(precis_client **client, const char *endpoint,
                       unsigned timeout_ms, precis_error *error);

/* Endpoints that one client may have. */
#define PRECIS_ENDPOINTS_MAX 16

/* The same with several services, which share the load: a request goes to the
 * one that has the fewest of this client's requests.  What is under way at one
 * that dies, or falls silent, is sent to another; what was busy is sent to
 * another, too, after the time that the busy one named.  One that is dead, now
 * or later, is looked for after 100 ms, then ever more rarely, at least every
 * 7.5 s, and takes its share again when it is back.  They should be of one
 * version and configuration, or replies differ.
 *
 * `count` is 1 to PRECIS_ENDPOINTS_MAX, or 0: as precis_client_open() with
 * NULL.  timeout_ms is for all of them together.  It is an error where none of
 * them is there, and the first one's is given; or where one is no endpoint. */
int precis_client_open_list(precis_client **client,
                            const char *const *endpoints, size_t count,
                            unsigned timeout_ms, precis_error *error);

/* Over tcp from now on with keys, for a service that takes only clients it
 * knows (CURVE).  To be called before the first request.
 *
 * server_key is the service's public key, 40 characters, or a file that has
 * it; where the file has two, one a line, the second is tried where the first
 * is wrong, which is how a service changes its key.  key_file has the secret
 * key of this client, and is refused where others than its owner, or root, may
 * read it; "precisctl keygen" makes it.  Both NULL: without keys.  Without a
 * call of this function the files that $PRECIS_SERVER_KEY and $PRECIS_KEY name
 * are used, where they are set and the endpoint is tcp.  Keys are read here,
 * copied, and wiped by precis_client_close().
 *
 * Whether they are right shows with the first request, in well under a second:
 * PRECIS_EDENIED with the key "key", the service does not know this client, or
 * wants keys and there are none; with the key "server_key", it is not the
 * service with that key.  Errors of this function: PRECIS_EBAD_REQUEST with
 * the same keys, a file is missing, refused or has no key, or only one of the
 * two was given; PRECIS_EINTERNAL. */
int precis_client_set_keys(precis_client *client, const char *server_key,
                           const char *key_file, precis_error *error);

/* Closes at once; what is under way is forgotten.  NULL is allowed. */
void precis_client_close(precis_client *client);

/* The endpoint in use; of several the first that was there at the opening.
 * Borrowed until precis_client_close(). */
const char *precis_client_endpoint(const precis_client *client);

/* Sends a request, copying it, and gives it a number by which its outcome is
 * known again.  Does not wait.  Errors: PRECIS_EBUSY, PRECIS_IN_FLIGHT_MAX
 * are under way: receive first; PRECIS_EBAD_REQUEST; PRECIS_EINTERNAL. */
int precis_client_send(precis_client *client, const precis_request *request,
                       unsigned long long *number, precis_error *error);

/* Requests sent whose outcome was not received yet. */
size_t precis_client_in_flight(const precis_client *client);

/* Waits for an outcome: the reply to the request *number, in whatever order
 * the service answers.  Where there was none, *reply is an error reply made
 * here: PRECIS_ENO_ANSWER, the service is gone and did not come back in three
 * tries; PRECIS_ETIMEOUT, request.timeout_ms passed; PRECIS_EBAD_REPLY.
 * *reply is owned: precis_reply_free().
 *
 * Returns PRECIS_ETIMEOUT after timeout_ms without an outcome (nothing is
 * lost: call again; UINT_MAX waits as long as any request may last),
 * PRECIS_EBAD_REQUEST where nothing is under way, PRECIS_EINTERNAL. */
int precis_client_receive(precis_client *client, unsigned timeout_ms,
                          unsigned long long *number, precis_reply **reply,
                          precis_error *error);

/* Sends a request and waits for its reply; others under way are kept for
 * precis_client_receive().  An error reply is returned as its code, with
 * *error filled from it. */
int precis_client_call(precis_client *client, const precis_request *request,
                       precis_reply **reply, precis_error *error);

#ifdef __cplusplus
}
#endif
#endif
