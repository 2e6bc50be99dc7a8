#include <config.h>

#include "clients/html.h"

#include <stdio.h>
#include <string.h>

#include "clients/reasons.h"
#include "clients/tinted.h"

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
    "h2,h3,h4{break-after:avoid}.summary{break-inside:avoid}"
    ".hover{display:none}}\n";

static void write_string(const char *string)
{
    html_text(string, strlen(string));
}

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
        html_text(line.data, line.size);
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
    printf("<h%u>%s</h%u>\n<ul class=\"keywords\"" HTML_AUTO ">\n", level,
           wording->keywords, level);
    for (i = 0; precis_reply_keyword_at(reply, i, &keyword) == 0; i++) {
        fputs("<li>", stdout);
        html_text(keyword.term, keyword.term_size);
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

    while (i < request->title_size
           && memchr(" \t\r\n", request->title[i], 4) != NULL)
        i++;
    if (i < request->title_size)
        html_text(request->title, request->title_size);
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
    printf("</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n"
           "<h1" HTML_AUTO ">",
           style);
    write_title(settings, reply);
    fputs("</h1>\n", stdout);
}

static void write_summary(const struct wording *wording,
                          const precis_reply *reply, unsigned level)
{
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);

    printf("<section class=\"summary\">\n<h%u>%s</h%u>\n<p" HTML_AUTO ">",
           level, wording->summary, level);
    html_text(summary, size);
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
    tinted_render(settings, reply, level + 1);
    fputs("</article>\n", stdout);
}

void html_end(void)
{
    fputs("</main>\n</body>\n</html>\n", stdout);
}
