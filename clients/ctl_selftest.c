/* selftest: articles of our own go to the service, in several languages and
 * charsets, and what comes back is compared with what must. */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/complain.h"
#include "clients/ctl.h"
#include "clients/ctl_articles.h"
#include "clients/status.h"
#include "clients/terminal.h"
#include "po/intl.h"

struct test {
    const struct ctl *ctl;
    precis_client *client;
    int is_same_version; /* so summaries must be the same bytes */
    unsigned count, failed;
};

/* ---- telling ---- */

/* "ok    NAME", or "FAIL  NAME: WHY" where there is a reason. */
__attribute__((format(printf, 3, 4))) static void
tell(struct test *test, const char *why, const char *format, ...)
{
    char name[160];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    test->count++;
    test->failed += why != NULL;
    output_string(why == NULL ? "ok    " : "FAIL  ");
    output_line(&test->ctl->output, name, strlen(name));
    if (why != NULL) {
        output_string(": ");
        output_line(&test->ctl->output, why, strlen(why));
    }
    output_string("\n");
}

/* ---- asking ---- */

/* NULL and the reply, or why there is none. */
static const char *ask(struct test *test, const precis_request *request,
                       precis_reply **reply, precis_error *error)
{
    precis_request timed = *request;

    timed.timeout_ms =
        test->ctl->timeout_ms != 0 ? test->ctl->timeout_ms : CTL_TIMEOUT_MS;
    *reply = NULL;
    return precis_client_call(test->client, &timed, reply, error) == 0
               ? NULL
               : error->message;
}

static precis_request request_of(const void *article, size_t size)
{
    precis_request request;

    precis_request_init(&request);
    request.article = article;
    request.article_size = size;
    return request;
}

/* What is wrong with the summary of an article; NULL: nothing. */
static const char *summary_fault(const struct test *test,
                                 const struct ctl_article *article,
                                 const precis_reply *reply)
{
    const char *language = precis_reply_language(reply);
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);

    if (language == NULL || strcmp(language, article->language) != 0)
        return _("another language was found");
    if (size == 0
        || memmem(article->text, strlen(article->text), summary, size) == NULL)
        return _("the summary is no sentence of the article");
    if (test->is_same_version
        && (size != strlen(article->summary)
            || memcmp(summary, article->summary, size) != 0))
        return _("another sentence was chosen");
    return NULL;
}

static void check_bytes(struct test *test, const struct ctl_article *article,
                        const char *charset, const char *bytes, size_t size)
{
    precis_request request = request_of(bytes, size);
    precis_reply *reply;
    precis_error error;
    const char *why;

    request.sentences = 1;
    request.charset = charset;
    why = ask(test, &request, &reply, &error);
    if (why == NULL)
        why = summary_fault(test, article, reply);
    tell(test, why, "%s, %s", article->language, charset);
    precis_reply_free(reply);
}

/* ---- the checks ---- */

static void check_articles(struct test *test)
{
    const struct ctl_article *article;
    char *bytes;
    size_t size, i, charset;

    for (i = 0; (article = ctl_article(i)) != NULL; i++) {
        check_bytes(test, article, "UTF-8", article->text,
                    strlen(article->text));
        for (charset = 0; article->charsets[charset] != NULL; charset++) {
            bytes = ctl_article_encode(article, charset, &size);
            if (bytes == NULL)
                tell(test, _("out of memory"), "%s, %s", article->language,
                     article->charsets[charset]);
            else
                check_bytes(test, article, article->charsets[charset], bytes,
                            size);
            free(bytes);
        }
    }
}

/* A ceiling is never passed, and twice the same gives the same. */
static void check_limit(struct test *test)
{
    const struct ctl_article *article = ctl_article(0);
    precis_request request = request_of(article->text, strlen(article->text));
    precis_reply *replies[2] = {NULL, NULL};
    precis_error error;
    const char *why;
    size_t sizes[2];

    request.words = 30;
    why = ask(test, &request, &replies[0], &error);
    if (why == NULL)
        why = ask(test, &request, &replies[1], &error);
    if (why == NULL && precis_reply_number(replies[0], "words", 99) > 30)
        why = _("the summary is too long");
    tell(test, why, "%s, words <= 30", article->language);
    if (why == NULL) {
        const char *one = precis_reply_summary(replies[0], &sizes[0]);
        const char *other = precis_reply_summary(replies[1], &sizes[1]);

        if (sizes[0] != sizes[1] || memcmp(one, other, sizes[0]) != 0)
            why = _("two summaries of the same article differ");
        tell(test, why, "%s, twice", article->language);
    }
    precis_reply_free(replies[0]);
    precis_reply_free(replies[1]);
}

static void check_keywords(struct test *test)
{
    const struct ctl_article *article = ctl_article(0);
    precis_request request = request_of(article->text, strlen(article->text));
    precis_reply *reply;
    precis_error error;
    const char *why;

    request.op = "keywords";
    why = ask(test, &request, &reply, &error);
    if (why == NULL && precis_reply_keyword_count(reply) == 0)
        why = _("there are none");
    tell(test, why, "%s, keywords", article->language);
    precis_reply_free(reply);
}

/* What must be refused, and how. */
static void check_refusals(struct test *test)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1";
    static const struct {
        const char *name, *body;
        size_t size;
        int code;
    } rows[] = {
        {"empty", " \n", 2, PRECIS_EEMPTY},
        {"bad_encoding", png, sizeof png, PRECIS_EBAD_ENCODING},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        precis_request request = request_of(rows[i].body, rows[i].size);
        precis_error error = {.code = 0};
        precis_reply *reply;
        const char *why = ask(test, &request, &reply, &error);

        if (why == NULL)
            why = _("it was not refused");
        else if (error.code == rows[i].code)
            why = NULL;
        tell(test, why, "%s", rows[i].name);
        precis_reply_free(reply);
    }
}

/* Where this fails, the others need not be tried. */
static int check_ping(struct test *test)
{
    struct ctl_answer answer = {.client = test->client};
    precis_error error;
    const char *version;
    int code = ctl_call(test->ctl, "ping", &answer, &error);

    if (code != 0)
        return complain_error(NULL, &error);
    version = precis_reply_version(answer.reply);
    test->is_same_version =
        version != NULL && strcmp(version, PACKAGE_VERSION) == 0;
    tell(test, NULL, "precisd %s, %s", version != NULL ? version : "?",
         precis_client_endpoint(test->client));
    precis_reply_free(answer.reply);
    return STATUS_OK;
}

int ctl_selftest(const struct ctl *ctl, int count, char *const *arguments)
{
    struct test test = {.ctl = ctl};
    precis_error error;
    int status;

    (void) count, (void) arguments;
    if (precis_client_open(
            &test.client, ctl->endpoint,
            ctl->timeout_ms != 0 ? ctl->timeout_ms : CTL_TIMEOUT_MS, &error)
        != 0)
        return complain_error(NULL, &error);
    status = check_ping(&test);
    if (status == STATUS_OK) {
        check_articles(&test);
        check_limit(&test);
        check_keywords(&test);
        check_refusals(&test);
        if (!test.is_same_version)
            printf("%s\n", _("The service is of another version: which "
                             "sentence it chose was not compared."));
        printf(_("checks: %u, failed: %u"), test.count, test.failed);
        output_string("\n");
        status = ctl_end(test.failed > 0 ? STATUS_SOME_FAILED : STATUS_OK);
    }
    precis_client_close(test.client);
    return status;
}
