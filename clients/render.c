#include <config.h>

#include "clients/render.h"

#include <stdio.h>
#include <string.h>

#include "clients/detect.h"
#include "clients/explain.h"
#include "clients/html.h"
#include "clients/spans.h"

void render_prepare(const struct settings *settings, precis_request *request)
{
    int is_data = settings->form == FORM_JSON || settings->form == FORM_NDJSON;

    int is_html = settings->form == FORM_HTML;

    request->explain = settings->is_explained || is_html;
    request->text = settings->is_text || settings->form == FORM_HIGHLIGHT
                    || is_html || (settings->is_explained && !is_data);
    if (is_html && request->keywords == 0)
        request->keywords = KEYWORDS;
    /* The text alone is there even where no sentence fits a limit. */
    if (settings->is_text && !is_data)
        request->op = "segment";
    if (settings->is_detected)
        request->op = "detect";
}

/* ---- text ---- */

static void render_summary(const struct output *output,
                           const precis_reply *reply)
{
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);

    output_text(output, summary, size);
    output_string("\n");
}

/* To a pipe exactly the text, so that offsets count in it. */
static void render_text(const struct output *output, const precis_reply *reply)
{
    size_t size = 0;
    const char *text = precis_reply_text(reply, &size);

    output_text(output, text != NULL ? text : "", size);
    if (output->is_terminal && size > 0 && text[size - 1] != '\n')
        output_string("\n");
}

/* One item of a list; what follows a newline in it is indented. */
static void render_bullet(const struct output *output, const char *text,
                          size_t size)
{
    const char *end = text + size;

    output_string("- ");
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t) (end - text));
        const char *next = newline != NULL ? newline + 1 : end;

        output_text(output, text, (size_t) (next - text));
        if (newline != NULL)
            output_string("  ");
        text = next;
    }
    output_string("\n");
}

/* What the summary has of a sentence, at most `size` bytes.  The capital of a
 * beginning that was cut may be longer than its small letter. */
static size_t shown_size(const precis_reply *reply, size_t number,
                         const char *summary, size_t size)
{
    precis_reply_sentence sentence;
    precis_reply_span cut;
    size_t length;
    size_t i;

    precis_reply_sentence_at(reply, number, &sentence);
    length = sentence.end - sentence.start;
    for (i = 0; precis_reply_cut_at(reply, number, i, &cut) == 0; i++)
        length -= cut.end - cut.start;
    while (i > 0 && length < size && summary[length] != ' ')
        length++;
    return length <= size ? length : size;
}

/* The summary's sentences stand in it in their order, one space between. */
static void render_bullets(const struct output *output,
                           const precis_reply *reply)
{
    precis_reply_sentence sentence;
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);
    size_t i;

    for (i = 0; precis_reply_sentence_at(reply, i, &sentence) == 0; i++) {
        size_t length = shown_size(reply, i, summary, size);

        render_bullet(output, summary, length);
        summary += length;
        size -= length;
        if (size > 0) {
            summary++;
            size--;
        }
    }
}

/* ---- highlight ---- */

/* Bold and inverse, set anew on every line so that no margin is painted; or,
 * where colour is not wanted, brackets that no article has. */
static void render_marked(const struct output *output, const char *text,
                          size_t size)
{
    const char *end = text + size;

    if (!output->has_color) {
        output_string("[[");
        output_text(output, text, size);
        output_string("]]");
        return;
    }
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t) (end - text));
        const char *line_end = newline != NULL ? newline : end;

        output_string("\033[1;7m");
        output_text(output, text, (size_t) (line_end - text));
        output_string("\033[0m");
        if (newline != NULL)
            output_string("\n");
        text = newline != NULL ? newline + 1 : end;
    }
}

static void render_highlight(const struct output *output,
                             const precis_reply *reply)
{
    size_t size = 0;
    const char *text = precis_reply_text(reply, &size);
    struct spans spans;
    size_t at = 0;
    size_t i;

    spans_find(&spans, reply);
    for (i = 0; i < spans.count; i++) {
        const precis_reply_span *span = &spans.rows[i];

        output_text(output, text + at, span->start - at);
        render_marked(output, text + span->start, span->end - span->start);
        at = span->end;
    }
    if (size > at)
        output_text(output, text + at, size - at);
    if (size > 0 && text[size - 1] != '\n')
        output_string("\n");
    spans_clear(&spans);
}

/* ---- keywords ---- */

/* On a line of their own, the last, for "tail -n 1". */
static void render_keywords(const struct output *output,
                            const precis_reply *reply)
{
    precis_reply_keyword keyword;
    size_t i;

    output_string("\n");
    for (i = 0; precis_reply_keyword_at(reply, i, &keyword) == 0; i++) {
        output_string(i > 0 ? ", " : "");
        output_line(output, keyword.term, keyword.term_size);
    }
    output_string("\n");
}

/* ---- JSON ---- */

void render_members(const struct output *output,
                    const struct settings *settings, const precis_reply *reply,
                    int has_first)
{
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);

    output_members(output, reply, has_first);
    if (settings->is_detected)
        return;
    output_string(",\"summary\":");
    output_json_string(output, summary, size);
}

static void render_json(const struct output *output,
                        const struct settings *settings, const char *name,
                        const precis_reply *reply)
{
    output_string("{");
    if (name != NULL) {
        output_string("\"file\":");
        output_json_string(output, name, strlen(name));
    }
    render_members(output, settings, reply, name != NULL);
    output_string("}\n");
}

static void render_plain(const struct output *output,
                         const struct settings *settings,
                         const precis_reply *reply)
{
    if (settings->is_explained)
        explain_render(output, settings, reply);
    else if (settings->is_text)
        render_text(output, reply);
    else if (settings->form == FORM_BULLETS)
        render_bullets(output, reply);
    else if (settings->form == FORM_HIGHLIGHT)
        render_highlight(output, reply);
    else
        render_summary(output, reply);
    if (settings->request.keywords > 0)
        render_keywords(output, reply);
}

void render_begin(const struct settings *settings, const precis_reply *reply)
{
    if (settings->form == FORM_HTML)
        html_begin(settings, reply);
}

void render_between(const struct settings *settings)
{
    if (settings->form != FORM_JSON && settings->form != FORM_HTML
        && !settings->is_detected)
        output_string("\n");
}

void render_end(const struct settings *settings)
{
    if (settings->form == FORM_HTML)
        html_end();
}

void render(const struct output *output, const struct settings *settings,
            const char *name, const precis_reply *reply)
{
    if (settings->form == FORM_JSON) {
        render_json(output, settings, name, reply);
    } else if (settings->is_detected) {
        if (name == NULL)
            name = settings->file_count > 0 ? settings->files[0] : "-";
        detect_render(output, name, reply);
    } else if (settings->form == FORM_HTML) {
        html_render(settings, name, reply);
    } else {
        if (name != NULL) {
            output_string("==> ");
            output_text(output, name, strlen(name));
            output_string(" <==\n");
        }
        render_plain(output, settings, reply);
    }
}
