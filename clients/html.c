/* A sentence's tint is one of TINTS classes of the style sheet, which differ
 * in lightness and so can be told apart in grey and by the colour-blind; black
 * on the darkest has a contrast of 7 to 1 (WCAG's AA asks for 4.5).  What was
 * chosen is underlined.
 *
 * The text between segments is written as it stands, so that the page has the
 * whole article.  It says where paragraphs end: at an empty line; and at every
 * newline, if no sentence has one inside, which would be hard-wrapped text.
 */
#include <config.h>

#include "clients/html.h"

#include <stdio.h>
#include <string.h>

#include "clients/reasons.h"
#include "clients/spans.h"
#include "clients/terminal.h"

#define TINTS 8

static const char style[] =
    "html{color-scheme:light;background:#fff;color:#000}\n"
    "body{max-width:42em;margin:2em auto;padding:0 1em;"
    "font:1.05em/1.6 Georgia,\"Times New Roman\",serif}\n"
    "h1,h2,h3,h4{font-family:Arial,Helvetica,sans-serif;line-height:1.25;"
    "overflow-wrap:anywhere}\n"
    "p,li{overflow-wrap:anywhere}\n"
    "article+article{margin-top:3em;border-top:2px solid #000}\n"
    ".summary{border:1px solid #595959;padding:0 1em;margin:1.5em 0}\n"
    ".facts,.legend{font:.85em/1.8 Arial,Helvetica,sans-serif;color:#404040}\n"
    ".keywords{list-style:none;padding:0;margin:.5em 0 1em}\n"
    ".keywords li{display:inline-block;margin:0 .4em .3em 0;padding:0 .5em;"
    "border:1px solid #595959;border-radius:.8em;font-size:.9em}\n"
    "u{text-decoration:underline 2px;text-underline-offset:.2em}\n"
    "del{text-decoration:line-through}\n"
    ".other{color:#595959;font-size:.9em}\n"
    ".t0,.t1,.t2,.t3,.t4,.t5,.t6,.t7{color:#000;padding:.1em 0;"
    "-webkit-box-decoration-break:clone;box-decoration-break:clone;"
    "-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    ".legend [class^=t]{padding:.1em .5em}\n"
    ".t0{background:#fff}\n"
    ".t1{background:#eaf1f8}\n"
    ".t2{background:#d5e3f0}\n"
    ".t3{background:#c0d5e9}\n"
    ".t4{background:#abc8e1}\n"
    ".t5{background:#96bada}\n"
    ".t6{background:#81acd2}\n"
    ".t7{background:#6c9ecb}\n"
    "@media print{body{max-width:none;margin:0;font-size:11pt}"
    "h2,h3,h4{break-after:avoid}.summary{break-inside:avoid}.hover{display:none}}\n";

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

/* Text from outside, also inside of double quotation marks.  Newlines are
 * spaces: the page breaks its lines itself. */
static void write_text(const char *text, size_t size)
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

static void write_string(const char *string)
{
    write_text(string, strlen(string));
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
        fputs("<p>", stdout);
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
        write_text(text + start, page->at - start);
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
            write_text(text + page->at, start - page->at);
            fputs("</del>", stdout);
        }
        if (stop > start) {
            fputs("<u>", stdout);
            write_text(text + start, stop - start);
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
        write_text(why->data, why->size);
    fputs("\">", stdout);
    if (segment->rank > 0)
        write_chosen(page, segment->end);
    else
        write_text(page->reasons.text + segment->start,
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
        printf("<h%u>", page->level);
        write_text(text, size);
        printf("</h%u>\n", page->level);
    } else {
        open_paragraph(page);
        fputs("<span class=\"other\">", stdout);
        write_text(text, size);
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

static void write_article(const struct settings *settings,
                          const precis_reply *reply, unsigned level)
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

/* ---- what stands around it ---- */

/* "2 phrases sur 26, 50 mots; méthode credits" */
static void write_outline(const struct wording *wording,
                          const precis_reply *reply)
{
    const char *method = precis_reply_string(reply, "method");
    long long words = precis_reply_number(reply, "words", 0);
    long long total = precis_reply_number(reply, "total_sentences", 0);
    const precis_reply_reason chosen = {.count =
                                            precis_reply_sentence_count(reply)};
    struct buffer line;

    buffer_init(&line);
    wording_add(&line, wording->outline, &chosen, (size_t) total);
    buffer_add_string(&line, ", ");
    wording_add(&line, wording->words, NULL, (size_t) words);
    buffer_add_string(&line, wording->between);
    buffer_add_string(&line, wording->method);
    buffer_add_string(&line, " ");
    buffer_add_string(&line, method != NULL ? method : "?");
    fputs("<p class=\"facts\">", stdout);
    if (!line.failed)
        write_text(line.data, line.size);
    fputs("</p>\n", stdout);
    buffer_clear(&line);
}

static void write_keywords(const struct wording *wording,
                           const precis_reply *reply, unsigned level)
{
    precis_reply_keyword keyword;
    size_t i;

    if (precis_reply_keyword_count(reply) == 0)
        return;
    printf("<h%u>%s</h%u>\n<ul class=\"keywords\">\n", level, wording->keywords,
           level);
    for (i = 0; precis_reply_keyword_at(reply, i, &keyword) == 0; i++) {
        fputs("<li>", stdout);
        write_text(keyword.term, keyword.term_size);
        fputs("</li>\n", stdout);
    }
    fputs("</ul>\n", stdout);
}

static void write_legend(const struct wording *wording, int has_cuts)
{
    unsigned i;

    printf("<p class=\"legend\">%s %s ", wording->score, wording->low);
    for (i = 0; i < TINTS; i++)
        printf("<span class=\"t%u\">%u</span>", i, i + 1);
    printf(" %s%s<u>%s</u>", wording->high, wording->between, wording->chosen);
    if (has_cuts)
        printf("%s<del>%s</del>", wording->between, wording->cut);
    printf("<span class=\"hover\">%s%s</span></p>\n", wording->between,
           wording->hover);
}

/* The file's name without its folder; NULL for standard input. */
static const char *file_title(const struct settings *settings)
{
    const char *name = settings->file_count > 0 ? settings->files[0] : "-";
    const char *slash = strrchr(name, '/');

    if (strcmp(name, "-") == 0 || (slash != NULL && slash[1] == '\0'))
        return NULL;
    return slash != NULL ? slash + 1 : name;
}

/* Of the page.  A title of white space only is none. */
static void write_title(const struct settings *settings,
                        const precis_reply *reply)
{
    const precis_request *request = &settings->request;
    const char *title = file_title(settings);
    size_t i = 0;

    while (i < request->title_size && is_space(request->title[i]))
        i++;
    if (i < request->title_size)
        write_text(request->title, request->title_size);
    else if (settings->file_count > 1)
        printf("%d articles", settings->file_count);
    else if (title != NULL)
        write_string(title);
    else
        write_string(wording_find(precis_reply_language(reply))->text);
}

static void write_language(const precis_reply *reply)
{
    const char *language = precis_reply_language(reply);

    if (language == NULL)
        return;
    fputs(" lang=\"", stdout);
    write_string(language);
    fputs("\" xml:lang=\"", stdout);
    write_string(language);
    fputs("\"", stdout);
}

void html_begin(const struct settings *settings, const precis_reply *reply)
{
    fputs("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"",
          stdout);
    write_language(reply);
    fputs(">\n<head>\n<meta charset=\"utf-8\"/>\n"
          "<meta http-equiv=\"Content-Security-Policy\" "
          "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
          "<meta name=\"viewport\" "
          "content=\"width=device-width, initial-scale=1\"/>\n"
          "<meta name=\"generator\" content=\"precis " PACKAGE_VERSION "\"/>\n"
          "<title>",
          stdout);
    write_title(settings, reply);
    printf("</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<h1>",
           style);
    write_title(settings, reply);
    fputs("</h1>\n", stdout);
}

static void write_summary(const struct wording *wording,
                          const precis_reply *reply, unsigned level)
{
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);

    printf("<section class=\"summary\">\n<h%u>%s</h%u>\n<p>", level,
           wording->summary, level);
    write_text(summary, size);
    fputs("</p>\n", stdout);
    write_outline(wording, reply);
    write_keywords(wording, reply, level);
    fputs("</section>\n", stdout);
}

void html_render(const struct settings *settings, const char *name,
                 const precis_reply *reply)
{
    const struct wording *wording = wording_find(precis_reply_language(reply));
    unsigned level = name != NULL ? 3 : 2;

    fputs("<article", stdout);
    write_language(reply);
    fputs(">\n", stdout);
    if (name != NULL) {
        fputs("<h2>", stdout);
        write_string(name);
        fputs("</h2>\n", stdout);
    }
    write_summary(wording, reply, level);
    printf("<h%u>%s</h%u>\n", level, wording->text, level);
    write_legend(wording, settings->request.compress);
    write_article(settings, reply, level + 1);
    fputs("</article>\n", stdout);
}

void html_end(void)
{
    fputs("</main>\n</body>\n</html>\n", stdout);
}
