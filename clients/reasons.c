/* Reasons are said as far as the reply and the text show them: the terms that
 * earned the score, and what anybody can see in a sentence that keeps it out.
 * What is only likely is not said. */
#include <config.h>

#include "clients/reasons.h"

#include <string.h>

#define NBSP "\xC2\xA0"
#define LAQUO "\xC2\xAB"
#define RAQUO "\xC2\xBB"
#define LDQUO "\xE2\x80\x9C"
#define RDQUO "\xE2\x80\x9D"

#define TERM_FR LAQUO NBSP "@" NBSP RAQUO ", "
#define TERM_EN "\"@\", "

/* The last row is for every other language. */
static const struct wording wordings[] = {
    {
        .language = "fr",
        .head = "  n°   choix    score  mots  phrase, et pourquoi",
        .once = TERM_FR "une" NBSP "fois",
        .from_first = TERM_FR "#" NBSP "fois, dès la" NBSP "1re" NBSP "phrase",
        .from_here = TERM_FR "#" NBSP "fois, d'abord ici",
        .from_other = TERM_FR "#" NBSP "fois, dès la" NBSP "$e" NBSP "phrase",
        .place = "sa place compte pour $" NBSP "%",
        .said = "déjà dit à $" NBSP "% par les phrases retenues avant elle",
        .shortened = "raccourcie",
        .none = "aucun mot que l'article répète",
        .between = NBSP "; ",
        .heading = "intertitre, jamais retenu",
        .other = "légende, signature ou renvoi, jamais retenu",
        .quotation = "écartée" NBSP ": une citation",
        .open = "écartée" NBSP ": sa citation continue dans une autre phrase",
        .question = "écartée" NBSP ": une question",
        .known = "mots déjà dans la phrase" NBSP "$, retenue",
        .summary = "Résumé",
        .keywords = "Mots-clés",
        .text = "Article",
        .score = "Score des phrases" NBSP ":",
        .low = "faible",
        .high = "fort",
        .chosen = "retenu pour le résumé",
        .cut = "coupé",
        .hover = "au survol d'une phrase" NBSP ": pourquoi",
        .outline = "# phrases sur $",
        .words = "$" NBSP "mots",
        .method = "méthode",
    },
    {
        .head = " no.  chosen    score words  sentence, and why",
        .once = TERM_EN "once",
        .from_first = TERM_EN "#" NBSP "times, from sentence" NBSP "1 on",
        .from_here = TERM_EN "#" NBSP "times, first here",
        .from_other = TERM_EN "#" NBSP "times, from sentence" NBSP "$ on",
        .place = "its place counts $" NBSP "%",
        .said = "$" NBSP "% was said by those chosen before it",
        .shortened = "shortened",
        .none = "no word that the article repeats",
        .between = "; ",
        .heading = "sub-heading, never chosen",
        .other = "caption, byline or link, never chosen",
        .quotation = "passed over: a quotation",
        .open = "passed over: its quotation goes on in another sentence",
        .question = "passed over: a question",
        .known = "words that sentence" NBSP "$ has, which was chosen",
        .summary = "Summary",
        .keywords = "Keywords",
        .text = "Article",
        .score = "Score of the sentences:",
        .low = "low",
        .high = "high",
        .chosen = "chosen for the summary",
        .cut = "left out",
        .hover = "hover over a sentence to see why",
        .outline = "# sentences of $",
        .words = "$" NBSP "words",
        .method = "method",
    },
};

const struct wording *wording_find(const char *language)
{
    const struct wording *wording = wordings;

    while (wording->language != NULL
           && (language == NULL || strcmp(wording->language, language) != 0))
        wording++;
    return wording;
}

void wording_add(struct buffer *out, const char *template,
                 const precis_reply_reason *reason, size_t number)
{
    for (; *template != '\0'; template ++) {
        if (*template == '@')
            buffer_add(out, reason->term, reason->term_size);
        else if (*template == '#')
            buffer_add_number(out, reason->count);
        else if (*template == '$')
            buffer_add_number(out, number);
        else
            buffer_add(out, template, 1);
    }
}

/* ---- what a sentence shows ---- */

static size_t count_of(const char *text, size_t size, const char *mark)
{
    const char *end = text + size;
    size_t count = 0;

    while ((text = memmem(text, (size_t) (end - text), mark, strlen(mark)))
           != NULL) {
        text += strlen(mark);
        count++;
    }
    return count;
}

static int has_quotation(const char *text, size_t size)
{
    return count_of(text, size, "\"") + count_of(text, size, LAQUO)
               + count_of(text, size, RAQUO) + count_of(text, size, LDQUO)
               + count_of(text, size, RDQUO)
           > 0;
}

/* More marks that open than close, or the other way round. */
static int is_open(const char *text, size_t size)
{
    return count_of(text, size, "\"") % 2 != 0
           || count_of(text, size, LAQUO) != count_of(text, size, RAQUO)
           || count_of(text, size, LDQUO) != count_of(text, size, RDQUO);
}

/* Its last sign, closing quotation marks apart. */
static int is_question(const char *text, size_t size)
{
    static const char *const closing[] = {"\"", " ", NBSP, RAQUO, RDQUO};
    size_t i;

    for (i = 0; i < sizeof closing / sizeof closing[0]; i++) {
        size_t length = strlen(closing[i]);

        if (size > length
            && memcmp(text + size - length, closing[i], length) == 0) {
            size -= length;
            i = (size_t) -1; /* from the beginning */
        }
    }
    return size > 0 && text[size - 1] == '?';
}

/* ---- reasons ---- */

void reasons_init(struct reasons *reasons, const precis_reply *reply,
                  int no_quotes)
{
    precis_reply_sentence segment;
    size_t i;

    *reasons = (struct reasons){
        .reply = reply,
        .wording = wording_find(precis_reply_language(reply)),
        .no_quotes = no_quotes,
    };
    reasons->text = precis_reply_text(reply, &reasons->text_size);
    for (i = 0; reasons->known_count < KNOWN_MAX
                && precis_reply_segment_at(reply, i, &segment) == 0;
         i++)
        if (segment.rank > 0)
            reasons->known[reasons->known_count++] = segment;
}

static int has_term(const precis_reply_sentence *segment,
                    const precis_reply_reason *reason)
{
    size_t i;

    for (i = 0; i < segment->reason_count; i++)
        if (segment->reasons[i].term_size == reason->term_size
            && memcmp(segment->reasons[i].term, reason->term, reason->term_size)
                   == 0)
            return 1;
    return 0;
}

/* The chosen sentence that names every term of this one among its own
 * largest, or NULL. */
static const precis_reply_sentence *
find_known(const struct reasons *reasons, const precis_reply_sentence *segment)
{
    size_t i;

    for (i = 0; i < reasons->known_count; i++) {
        size_t held = 0;
        size_t j;

        for (j = 0; j < segment->reason_count; j++)
            held += (size_t) has_term(&reasons->known[i], &segment->reasons[j]);
        if (held == segment->reason_count)
            return &reasons->known[i];
    }
    return NULL;
}

/* A reason, set off from those before it. */
static void add(const struct reasons *reasons, struct buffer *out,
                const char *template, size_t number)
{
    if (out->size > 0)
        buffer_add_string(out, reasons->wording->between);
    wording_add(out, template, NULL, number);
}

static void add_term(const struct reasons *reasons, struct buffer *out,
                     const precis_reply_sentence *segment, size_t number)
{
    const struct wording *wording = reasons->wording;
    const precis_reply_reason *reason = &segment->reasons[number];
    const char *template = wording->from_other;

    if (reason->count <= 1)
        template = wording->once;
    else if (reason->first == 0)
        template = wording->from_first;
    else if (reason->first == segment->index)
        template = wording->from_here;
    if (out->size > 0)
        buffer_add_string(out, wording->between);
    wording_add(out, template, reason, reason->first + 1);
}

/* Shares under half a percent are none. */
static size_t percent(double share)
{
    return share > 0 && share < 10 ? (size_t) (share * 100 + 0.5) : 0;
}

static void add_figures(const struct reasons *reasons,
                        const precis_reply_sentence *segment,
                        struct buffer *out)
{
    size_t place = percent(segment->position);
    size_t said = percent(segment->redundancy);

    if (place > 0 && place < 100)
        add(reasons, out, reasons->wording->place, place);
    if (segment->rank > 0 && said > 0)
        add(reasons, out, reasons->wording->said, said);
}

static void add_obstacle(const struct reasons *reasons,
                         const precis_reply_sentence *segment,
                         struct buffer *out)
{
    const struct wording *wording = reasons->wording;
    const precis_reply_sentence *known = find_known(reasons, segment);
    const char *text;
    size_t size;

    if (segment->end < segment->start || segment->end > reasons->text_size)
        return;
    text = reasons->text + segment->start;
    size = segment->end - segment->start;
    if (reasons->no_quotes && has_quotation(text, size))
        add(reasons, out, wording->quotation, 0);
    else if (is_open(text, size))
        add(reasons, out, wording->open, 0);
    else if (is_question(text, size))
        add(reasons, out, wording->question, 0);
    else if (known != NULL && segment->reason_count > 0)
        add(reasons, out, wording->known, known->index + 1);
}

void reasons_add(const struct reasons *reasons,
                 const precis_reply_sentence *segment, struct buffer *out)
{
    const struct wording *wording = reasons->wording;
    size_t i;

    if (strcmp(segment->kind, "sentence") != 0) {
        int is_heading = strcmp(segment->kind, "heading") == 0;

        buffer_add_string(out, is_heading ? wording->heading : wording->other);
        return;
    }
    for (i = 0; i < segment->reason_count; i++)
        add_term(reasons, out, segment, i);
    if (segment->reason_count == 0)
        add(reasons, out, wording->none, 0);
    add_figures(reasons, segment, out);
    if (segment->rank == 0)
        add_obstacle(reasons, segment, out);
}
