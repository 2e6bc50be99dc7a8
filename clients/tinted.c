/* A sentence's tint is one of TINTS classes of the page's style sheet, which
 * differ in lightness and so can be told apart in grey and by the
 * colour-blind; black on the darkest has a contrast of 7 to 1 (WCAG's AA asks
 * for 4.5).  What was chosen is underlined.
 *
 * The text between segments is written as it stands, so that the page has the
 * whole article.  It says where paragraphs end: at an empty line; and at every
 * newline, if no sentence has one inside, which would be hard-wrapped text.
 */
#include <config.h>

#include "clients/tinted.h"

#include <stdio.h>
#include <string.h>

#include "clients/reasons.h"
#include "clients/spans.h"
#include "clients/terminal.h"

/* ---- text ---- */

/* XML has no C0 but tab, LF and CR, and no U+FFFE and U+FFFF; HTML allows no
 * C1 and no other noncharacter either. */
static int is_allowed(unsigned character)
{
    return !character_is_harmful(character)
           && (character < 0xFDD0 || character > 0xFDEF)
           && (character & 0xFFFE) != 0xFFFE;
}

static const char *entity(unsigned character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

void html_text(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        unsigned character;
        size_t length = utf8_next(text + at, size - at, &character);

        if (character == '\n' || character == '\t' || character == '\r')
            putchar(' ');
        else if (entity(character) != NULL)
            fputs(entity(character), stdout);
        else if (character == 0xFFFD || !is_allowed(character))
            fputs("\xEF\xBF\xBD", stdout);
        else
            fwrite(text + at, 1, length, stdout);
        at += length;
    }
}

/* ---- the article's text ---- */

struct page {
    struct reasons reasons;
    struct spans spans;
    size_t span; /* the first that does not end before `at` */
    struct buffer why;
    double best;         /* score of the best sentence */
    size_t at;           /* written so far */
    unsigned level;      /* of sub-headings */
    int is_hard_wrapped; /* a newline ends no paragraph */
    int is_open;         /* a <p> is */
};

static void close_paragraph(struct page *page)
{
    if (page->is_open)
        fputs("</p>\n", stdout);
    page->is_open = 0;
}

static void open_paragraph(struct page *page)
{
    if (!page->is_open)
        fputs("<p" HTML_AUTO ">", stdout);
    page->is_open = 1;
}

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* White space at `at`; returns what is behind it. */
static size_t write_space(struct page *page, size_t at, size_t end)
{
    size_t newlines = 0;

    for (; at < end && is_space(page->reasons.text[at]); at++)
        newlines += page->reasons.text[at] == '\n';
    if (newlines > 1 || (newlines == 1 && !page->is_hard_wrapped))
        close_paragraph(page);
    else if (page->is_open)
        putchar(' ');
    return at;
}

/* What lies before `end` and is part of no segment. */
static void write_between(struct page *page, size_t end)
{
    const char *text = page->reasons.text;

    while (page->at < end) {
        size_t start = page->at;

        if (is_space(text[start])) {
            page->at = write_space(page, start, end);
            continue;
        }
        while (page->at < end && !is_space(text[page->at]))
            page->at++;
        open_paragraph(page);
        html_text(text + start, page->at - start);
    }
}

/* The kept parts of a chosen sentence are underlined, the cut ones struck. */
static void write_chosen(struct page *page, size_t end)
{
    const char *text = page->reasons.text;
    const struct spans *spans = &page->spans;

    while (page->at < end) {
        const precis_reply_span *span = &spans->rows[page->span];
        size_t start = end;
        size_t stop = end;

        if (page->span < spans->count && span->end <= page->at) {
            page->span++;
            continue;
        }
        if (page->span < spans->count && span->start < end) {
            start = span->start > page->at ? span->start : page->at;
            stop = span->end < end ? span->end : end;
        }
        if (start > page->at) {
            fputs("<del>", stdout);
            html_text(text + page->at, start - page->at);
            fputs("</del>", stdout);
        }
        if (stop > start) {
            fputs("<u>", stdout);
            html_text(text + start, stop - start);
            fputs("</u>", stdout);
        }
        page->at = stop;
    }
}

static unsigned tint(const struct page *page, double score)
{
    if (!(score > 0 && page->best > 0))
        return 0;
    return score < page->best ? (unsigned) (score / page->best * TINTS)
                              : TINTS - 1;
}

static void write_sentence(struct page *page,
                           const precis_reply_sentence *segment)
{
    struct buffer *why = &page->why;

    buffer_reset(why);
    reasons_add(&page->reasons, segment, why);
    open_paragraph(page);
    printf("<span class=\"t%u\" title=\"%.4f: ", tint(page, segment->score),
           segment->score);
    if (!why->failed)
        html_text(why->data, why->size);
    fputs("\">", stdout);
    if (segment->rank > 0)
        write_chosen(page, segment->end);
    else
        html_text(page->reasons.text + segment->start,
                  segment->end - segment->start);
    fputs("</span>", stdout);
}

static void write_segment(struct page *page,
                          const precis_reply_sentence *segment)
{
    const char *text = page->reasons.text + segment->start;
    size_t size = segment->end - segment->start;

    if (strcmp(segment->kind, "sentence") == 0) {
        write_sentence(page, segment);
    } else if (strcmp(segment->kind, "heading") == 0) {
        close_paragraph(page);
        printf("<h%u" HTML_AUTO ">", page->level);
        html_text(text, size);
        printf("</h%u>\n", page->level);
    } else {
        open_paragraph(page);
        fputs("<span class=\"other\">", stdout);
        html_text(text, size);
        fputs("</span>", stdout);
    }
    page->at = segment->end;
}

static void page_measure(struct page *page)
{
    const struct reasons *reasons = &page->reasons;
    precis_reply_sentence segment;
    size_t i;

    for (i = 0; precis_reply_segment_at(reasons->reply, i, &segment) == 0;
         i++) {
        if (strcmp(segment.kind, "sentence") != 0 || segment.end < segment.start
            || segment.end > reasons->text_size)
            continue;
        if (segment.score > page->best)
            page->best = segment.score;
        page->is_hard_wrapped |= memchr(reasons->text + segment.start, '\n',
                                        segment.end - segment.start)
                                 != NULL;
    }
}

void tinted_render(const struct settings *settings, const precis_reply *reply,
                   unsigned level)
{
    struct page page = {.level = level};
    precis_reply_sentence segment;
    size_t i;

    reasons_init(&page.reasons, reply, settings->request.no_quotes);
    spans_find(&page.spans, reply);
    buffer_init(&page.why);
    page_measure(&page);
    for (i = 0; precis_reply_segment_at(reply, i, &segment) == 0; i++) {
        /* Whatever the service says. */
        if (segment.start < page.at || segment.end < segment.start
            || segment.end > page.reasons.text_size)
            continue;
        write_between(&page, segment.start);
        write_segment(&page, &segment);
    }
    write_between(&page, page.reasons.text_size);
    close_paragraph(&page);
    buffer_clear(&page.why);
    spans_clear(&page.spans);
}
