#include <config.h>

#include "clients/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/explain.h"

void render_prepare(const struct settings *settings, precis_request *request)
{
    int is_data = settings->form == FORM_JSON || settings->form == FORM_NDJSON;

    request->explain = settings->is_explained;
    request->text = settings->is_text || settings->form == FORM_HIGHLIGHT
                    || (settings->is_explained && !is_data);
    /* The text alone is there even where no sentence fits a limit. */
    if (settings->is_text && !is_data)
        request->op = "segment";
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

/* The summary's sentences stand in it in their order, one space between. */
static void render_bullets(const struct output *output,
                           const precis_reply *reply)
{
    precis_reply_sentence sentence;
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);
    size_t i;

    for (i = 0; precis_reply_sentence_at(reply, i, &sentence) == 0; i++) {
        size_t length = sentence.end - sentence.start;

        if (sentence.end < sentence.start || length > size)
            length = size;
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

struct span {
    size_t start, end;
};

static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left;
    const struct span *b = right;

    return (a->start > b->start) - (a->start < b->start);
}

/* The chosen sentences in source order, none outside the text and none inside
 * another, whatever the service says.  Owned; NULL for none. */
static struct span *chosen_spans(const precis_reply *reply, size_t text_size,
                                 size_t *count)
{
    size_t most = precis_reply_sentence_count(reply);
    struct span *spans = calloc(most + 1, sizeof *spans);
    precis_reply_sentence sentence;
    size_t end = 0;
    size_t kept = 0;
    size_t i;

    *count = 0;
    if (spans == NULL)
        return NULL;
    for (i = 0; precis_reply_sentence_at(reply, i, &sentence) == 0; i++)
        spans[i] = (struct span){sentence.start, sentence.end};
    qsort(spans, i, sizeof *spans, compare_spans);
    most = i;
    for (i = 0; i < most; i++) {
        if (spans[i].start < end || spans[i].end < spans[i].start
            || spans[i].end > text_size)
            continue;
        end = spans[i].end;
        spans[kept++] = spans[i];
    }
    *count = kept;
    return spans;
}

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
    size_t at = 0;
    size_t count;
    struct span *spans = chosen_spans(reply, size, &count);
    size_t i;

    for (i = 0; i < count; i++) {
        output_text(output, text + at, spans[i].start - at);
        render_marked(output, text + spans[i].start,
                      spans[i].end - spans[i].start);
        at = spans[i].end;
    }
    if (size > at)
        output_text(output, text + at, size - at);
    if (size > 0 && text[size - 1] != '\n')
        output_string("\n");
    free(spans);
}

/* ---- JSON ---- */

void render_members(const struct output *output, const precis_reply *reply,
                    int has_first)
{
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);

    output_members(output, reply, has_first);
    output_string(",\"summary\":");
    output_json_string(output, summary, size);
}

static void render_json(const struct output *output, const char *name,
                        const precis_reply *reply)
{
    output_string("{");
    if (name != NULL) {
        output_string("\"file\":");
        output_json_string(output, name, strlen(name));
    }
    render_members(output, reply, name != NULL);
    output_string("}\n");
}

void render(const struct output *output, const struct settings *settings,
            const char *name, const precis_reply *reply)
{
    if (settings->form == FORM_JSON) {
        render_json(output, name, reply);
        return;
    }
    if (name != NULL) {
        output_string("==> ");
        output_text(output, name, strlen(name));
        output_string(" <==\n");
    }
    if (settings->is_explained)
        explain_render(output, reply);
    else if (settings->is_text)
        render_text(output, reply);
    else if (settings->form == FORM_BULLETS)
        render_bullets(output, reply);
    else if (settings->form == FORM_HIGHLIGHT)
        render_highlight(output, reply);
    else
        render_summary(output, reply);
}
