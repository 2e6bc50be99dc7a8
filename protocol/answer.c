/* A request to an engine call, its result to a reply header.
 *
 * Replies with "explain" hold thousands of numbers, so they are written
 * piece by piece into one buffer that doubles: no allocation per sentence,
 * no printf. */
#include "protocol/answer.h"

#include <string.h>

#include "protocol/refuse.h"

/* A piece of JSON that is known here; a key behind another member. */
#define ADD(out, literal) buffer_add(out, literal, sizeof literal - 1)
#define ADD_KEY(out, key) ADD(out, ",\"" key "\":")

/* Keywords where the request says no number. */
#define KEYWORDS_DEFAULT 10

/* What a segment carries. */
enum detail {
    DETAIL_SENTENCE, /* place, score */
    DETAIL_CUTS,     /* the same, and what was cut */
    DETAIL_SEGMENT,  /* kind, place, words */
    DETAIL_EXPLAIN   /* everything */
};

static const char *const kind_names[] = {
    [PRECIS_SENTENCE] = "sentence",
    [PRECIS_HEADING] = "heading",
    [PRECIS_OTHER] = "other",
};

static void add_place(const precis_sentence *sentence, struct buffer *out)
{
    ADD(out, "\"index\":");
    buffer_add_number(out, sentence->index);
    ADD(out, ",\"start\":");
    buffer_add_number(out, sentence->start);
    ADD(out, ",\"end\":");
    buffer_add_number(out, sentence->end);
    ADD(out, ",\"char_start\":");
    buffer_add_number(out, sentence->char_start);
    ADD(out, ",\"char_end\":");
    buffer_add_number(out, sentence->char_end);
    ADD(out, ",\"source_start\":");
    buffer_add_number(out, sentence->source_start);
    ADD(out, ",\"source_end\":");
    buffer_add_number(out, sentence->source_end);
}

static void add_reasons(const precis_sentence *sentence, struct buffer *out)
{
    size_t i;

    ADD(out, ",\"reasons\":[");
    for (i = 0; i < sentence->reason_count; i++) {
        const precis_reason *reason = &sentence->reasons[i];

        if (i > 0)
            ADD(out, ",");
        ADD(out, "{\"term\":");
        buffer_add_json(out, reason->term, reason->term_size);
        ADD(out, ",\"count\":");
        buffer_add_number(out, reason->count);
        ADD(out, ",\"first\":");
        buffer_add_number(out, reason->first);
        ADD(out, "}");
    }
    ADD(out, "]");
}

/* In bytes of the decoded text, as start and end. */
static void add_cuts(const precis_sentence *sentence, struct buffer *out)
{
    size_t i;

    ADD(out, ",\"cuts\":[");
    for (i = 0; i < sentence->cut_count; i++) {
        if (i > 0)
            ADD(out, ",");
        ADD(out, "[");
        buffer_add_number(out, sentence->cuts[i].start);
        ADD(out, ",");
        buffer_add_number(out, sentence->cuts[i].end);
        ADD(out, "]");
    }
    ADD(out, "]");
}

static void add_features(const precis_sentence *sentence, struct buffer *out)
{
    ADD(out, ",\"frequency\":");
    buffer_add_real(out, sentence->frequency);
    ADD(out, ",\"position\":");
    buffer_add_real(out, sentence->position);
    ADD(out, ",\"redundancy\":");
    buffer_add_real(out, sentence->redundancy);
    add_reasons(sentence, out);
}

static void add_sentence(const precis_sentence *sentence, enum detail detail,
                         struct buffer *out)
{
    ADD(out, "{");
    if (detail >= DETAIL_SEGMENT) {
        ADD(out, "\"kind\":\"");
        buffer_add_string(out, kind_names[sentence->kind]);
        ADD(out, "\",");
    }
    add_place(sentence, out);
    if (detail != DETAIL_SEGMENT) {
        ADD(out, ",\"score\":");
        buffer_add_real(out, sentence->score);
        ADD(out, ",\"rank\":");
        buffer_add_number(out, sentence->rank);
    }
    if (detail == DETAIL_CUTS)
        add_cuts(sentence, out);
    if (detail >= DETAIL_SEGMENT) {
        ADD(out, ",\"words\":");
        buffer_add_number(out, sentence->words);
    }
    if (detail == DETAIL_EXPLAIN)
        add_features(sentence, out);
    ADD(out, "}");
}

static void add_segments(const precis_result *result, enum detail detail,
                         struct buffer *out)
{
    size_t count = precis_result_segment_count(result), i;

    ADD(out, ",\"segments\":[");
    for (i = 0; i < count; i++) {
        if (i > 0)
            ADD(out, ",");
        add_sentence(precis_result_segment(result, i), detail, out);
    }
    ADD(out, "]");
}

static void add_sentences(const precis_result *result, enum detail detail,
                          struct buffer *out)
{
    size_t count = precis_result_sentence_count(result), i;

    ADD(out, ",\"sentences\":[");
    for (i = 0; i < count; i++) {
        if (i > 0)
            ADD(out, ",");
        add_sentence(precis_result_sentence(result, i), detail, out);
    }
    ADD(out, "]");
}

static void add_name(struct buffer *out, const char *name)
{
    buffer_add_json(out, name, strlen(name));
}

static void add_language(const precis_result *result, struct buffer *out)
{
    ADD_KEY(out, "language");
    add_name(out, precis_result_language(result));
    ADD_KEY(out, "language_confidence");
    buffer_add_real(out, precis_result_language_confidence(result));
    ADD_KEY(out, "charset");
    add_name(out, precis_result_charset(result));
}

static void add_text(const precis_result *result, struct buffer *out)
{
    size_t size;
    const char *text = precis_result_text(result, &size);

    ADD_KEY(out, "text");
    buffer_add_json(out, text, size);
}

static void add_warnings(const precis_result *result, struct buffer *out)
{
    size_t count = precis_result_warning_count(result), i;

    ADD(out, ",\"warnings\":[");
    for (i = 0; i < count; i++) {
        const char *warning = precis_result_warning(result, i);

        if (i > 0)
            ADD(out, ",");
        buffer_add_json(out, warning, strlen(warning));
    }
    ADD(out, "]");
}

static void add_keywords(const precis_result *result, struct buffer *out)
{
    size_t count = precis_result_keyword_count(result), i;

    ADD(out, ",\"keywords\":[");
    for (i = 0; i < count; i++) {
        const precis_keyword *keyword = precis_result_keyword(result, i);

        if (i > 0)
            ADD(out, ",");
        ADD(out, "{\"term\":");
        buffer_add_json(out, keyword->term, keyword->term_size);
        ADD(out, ",\"score\":");
        buffer_add_real(out, keyword->score);
        ADD(out, ",\"count\":");
        buffer_add_number(out, keyword->count);
        ADD(out, "}");
    }
    ADD(out, "]");
}

/* The header of a reply to summarize.  The order of keys is part of what
 * tests compare byte by byte. */
static void summary_format(const struct request *request,
                           const precis_result *result, struct buffer *out)
{
    reply_format_start(request, out);
    add_language(result, out);
    ADD_KEY(out, "method");
    add_name(out, precis_result_method(result));
    ADD_KEY(out, "replaced");
    buffer_add_number(out, precis_result_replaced(result));
    add_sentences(result,
                  request->options.compress ? DETAIL_CUTS : DETAIL_SENTENCE,
                  out);
    ADD_KEY(out, "total_sentences");
    buffer_add_number(out, precis_result_total_sentences(result));
    ADD_KEY(out, "words");
    buffer_add_number(out, precis_result_words(result));
    ADD_KEY(out, "characters");
    buffer_add_number(out, precis_result_characters(result));
    ADD_KEY(out, "short");
    buffer_add_string(out, precis_result_is_short(result) ? "true" : "false");
    if (request->options.keywords > 0)
        add_keywords(result, out);
    if (request->options.explain)
        add_segments(result, DETAIL_EXPLAIN, out);
    if (request->text)
        add_text(result, out);
    add_warnings(result, out);
    reply_format_end(out);
}

static void segments_format(const struct request *request,
                            const precis_result *result, struct buffer *out)
{
    reply_format_start(request, out);
    add_language(result, out);
    ADD_KEY(out, "replaced");
    buffer_add_number(out, precis_result_replaced(result));
    ADD_KEY(out, "total_sentences");
    buffer_add_number(out, precis_result_total_sentences(result));
    add_segments(result, DETAIL_SEGMENT, out);
    if (request->text)
        add_text(result, out);
    add_warnings(result, out);
    reply_format_end(out);
}

static void keywords_format(const struct request *request,
                            const precis_result *result, struct buffer *out)
{
    reply_format_start(request, out);
    add_language(result, out);
    ADD_KEY(out, "replaced");
    buffer_add_number(out, precis_result_replaced(result));
    ADD_KEY(out, "total_sentences");
    buffer_add_number(out, precis_result_total_sentences(result));
    add_keywords(result, out);
    if (request->text)
        add_text(result, out);
    add_warnings(result, out);
    reply_format_end(out);
}

static void detection_format(const struct request *request,
                             const precis_detection *detection,
                             struct buffer *out)
{
    reply_format_start(request, out);
    ADD_KEY(out, "language");
    add_name(out, detection->language);
    ADD_KEY(out, "language_confidence");
    buffer_add_real(out, detection->confidence);
    if (detection->looks_like != NULL) {
        ADD_KEY(out, "looks_like");
        add_name(out, detection->looks_like);
    }
    ADD_KEY(out, "charset");
    add_name(out, detection->charset);
    ADD_KEY(out, "replaced");
    buffer_add_number(out, detection->replaced);
    reply_format_end(out);
}

static void languages_format(const struct request *request, struct buffer *out)
{
    size_t i;

    reply_format_start(request, out);
    ADD(out, ",\"languages\":[");
    for (i = 0; precis_language(i) != NULL; i++) {
        if (i > 0)
            ADD(out, ",");
        ADD(out, "{\"code\":");
        add_name(out, precis_language(i));
        ADD_KEY(out, "name");
        add_name(out, precis_language_name(i));
        ADD(out, "}");
    }
    ADD(out, "]");
    reply_format_end(out);
}

/* ---- the operations ---- */

/* One request on its way to a reply. */
struct task {
    precis_engine *engine;
    const struct request *request;
    const void *article;
    size_t size;
    struct buffer *header, *body;
    struct answer_notes notes;
    precis_error error;
};

static void task_note(struct task *task, const precis_result *result)
{
    task->notes = (struct answer_notes){
        .language = precis_result_language(result),
        .replaced = precis_result_replaced(result),
        .sentences = precis_result_total_sentences(result),
    };
}

static int summarize(struct task *task)
{
    const precis_result *result;
    const char *summary;
    size_t size;
    int code = precis_summarize(task->engine, task->article, task->size,
                                &task->request->options, &result,
                                &task->error);

    if (code != 0)
        return code;
    summary = precis_result_summary(result, &size);
    if (size == 0) /* never success with an empty body */
        return refuse_code(&task->error, PRECIS_EINTERNAL,
                           "the summary came out empty");
    summary_format(task->request, result, task->header);
    buffer_add(task->body, summary, size);
    task_note(task, result);
    return 0;
}

static int segment(struct task *task)
{
    const precis_result *result;
    int code = precis_segment(task->engine, task->article, task->size,
                              &task->request->options, &result, &task->error);

    if (code != 0)
        return code;
    segments_format(task->request, result, task->header);
    task_note(task, result);
    return 0;
}

/* The summary that comes with the keywords is the cheapest, and not shown. */
static int keywords(struct task *task)
{
    precis_options options = task->request->options;
    const precis_result *result;
    int code = precis_options_check(&options, &task->error);

    if (code != 0)
        return code;
    options.method = "lead";
    options.limit = PRECIS_LIMIT_AUTO;
    options.explain = options.no_quotes = options.no_questions = 0;
    options.compress = 0;
    if (options.keywords == 0)
        options.keywords = KEYWORDS_DEFAULT;
    code = precis_summarize(task->engine, task->article, task->size, &options,
                            &result, &task->error);
    if (code != 0)
        return code;
    keywords_format(task->request, result, task->header);
    task_note(task, result);
    return 0;
}

static int detect(struct task *task)
{
    precis_detection detection;
    int code = precis_detect(task->engine, task->article, task->size,
                             &task->request->options, &detection,
                             &task->error);

    if (code != 0)
        return code;
    detection_format(task->request, &detection, task->header);
    task->notes.language = detection.language;
    task->notes.replaced = detection.replaced;
    return 0;
}

static int task_answer(struct task *task)
{
    switch (task->request->op) {
    case OP_SUMMARIZE:
        return summarize(task);
    case OP_SEGMENT:
        return segment(task);
    case OP_LANGUAGES:
        languages_format(task->request, task->header);
        return 0;
    case OP_KEYWORDS:
        return keywords(task);
    case OP_DETECT:
        return detect(task);
    default:
        return refuse_code(&task->error, PRECIS_EUNSUPPORTED,
                           "only a running service answers this operation");
    }
}

int answer(precis_engine *engine, const struct request *request,
           const void *article, size_t size, struct buffer *header,
           struct buffer *body, struct answer_notes *notes)
{
    struct task task = {.engine = engine, .request = request,
                        .article = article, .size = size,
                        .header = header, .body = body,
                        .error = {.code = PRECIS_EINTERNAL, .offset = -1}};
    int code = task_answer(&task);

    if (code != 0 && task.error.message[0] == '\0')
        refuse_code(&task.error, PRECIS_EINTERNAL, "no reason given");
    if (code != 0)
        reply_format_error(request, &task.error, 0, header);
    if (header->failed || body->failed)
        return PRECIS_EINTERNAL;
    if (code == 0 && notes != NULL)
        *notes = task.notes;
    return code;
}

void answer_finish(struct buffer *header, unsigned long long elapsed_us)
{
    if (header->failed || header->size == 0
        || header->data[header->size - 1] != '}')
        return;
    header->size--;
    buffer_add_key(header, "elapsed_us");
    buffer_add_number(header, elapsed_us);
    buffer_add(header, "}", 1);
}
