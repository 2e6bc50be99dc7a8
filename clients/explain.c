#include <config.h>

#include "clients/explain.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients/terminal.h"

/* To a pipe, where no terminal says how wide a line may be. */
#define COLUMNS 120

/* Number, place in the order of choice, score, place, words, and the spaces
 * on both sides of the reasons.  These and the sentence share the rest. */
#define FIGURE_COLUMNS 37
#define WHY_COLUMNS_MIN 20
#define WHY_COLUMNS_MAX 36
#define TEXT_COLUMNS_MIN 10

static unsigned why_columns(unsigned columns)
{
    unsigned half =
        columns > FIGURE_COLUMNS ? (columns - FIGURE_COLUMNS) / 2 : 0;

    if (half < WHY_COLUMNS_MIN)
        return WHY_COLUMNS_MIN;
    return half < WHY_COLUMNS_MAX ? half : WHY_COLUMNS_MAX;
}

static unsigned text_columns(unsigned columns)
{
    unsigned others = FIGURE_COLUMNS + why_columns(columns);

    return columns > others + TEXT_COLUMNS_MIN ? columns - others
                                               : TEXT_COLUMNS_MIN;
}

/* "« Mossoul » ×9", as many as fit. */
static unsigned write_reasons(const precis_reply_sentence *segment,
                              unsigned columns)
{
    unsigned width = 0;
    size_t i;

    for (i = 0; i < segment->reason_count; i++) {
        const precis_reply_reason *reason = &segment->reasons[i];
        char count[32];
        unsigned left = columns - width;
        unsigned around;

        snprintf(count, sizeof count, "%zu", reason->count);
        around = (unsigned) strlen(count) + (i > 0 ? 8 : 6);
        if (left < around + 8)
            break;
        fputs(i > 0 ? ", « " : "« ", stdout);
        width += around
                 + terminal_write_cut(stdout, reason->term, reason->term_size,
                                      left - around);
        printf(" » ×%s", count);
    }
    return width;
}

static void write_text(const precis_reply *reply,
                       const precis_reply_sentence *segment, unsigned columns)
{
    size_t size = 0;
    const char *text = precis_reply_text(reply, &size);

    if (segment->start <= segment->end && segment->end <= size)
        terminal_write_cut(stdout, text + segment->start,
                           segment->end - segment->start, columns);
}

/* Number, place in the order of choice, score, factor of the place, words. */
static void write_figures(const precis_reply_sentence *segment)
{
    char rank[24] = "";

    if (segment->rank > 0)
        snprintf(rank, sizeof rank, "*%zu", segment->rank);
    printf("%5zu %6s %8.4f %5.2f %5zu  ", segment->index + 1, rank,
           segment->score, segment->position, segment->words);
}

static void write_segment(const struct output *output,
                          const precis_reply *reply,
                          const precis_reply_sentence *segment,
                          unsigned columns)
{
    int is_sentence = strcmp(segment->kind, "sentence") == 0;
    int is_marked = segment->rank > 0 && output->has_color;
    unsigned why = why_columns(columns);
    unsigned width = 0;

    fputs(is_marked ? "\033[1m" : "", stdout);
    if (is_sentence) {
        write_figures(segment);
        width = write_reasons(segment, why);
    } else {
        printf("%5s %6s %8s %5s %5zu  ", "-", "", segment->kind, "",
               segment->words);
    }
    printf("%*s  ", (int) (why - width), "");
    write_text(reply, segment, text_columns(columns));
    fputs(is_marked ? "\033[0m\n" : "\n", stdout);
}

void explain_render(const struct output *output, const precis_reply *reply)
{
    unsigned columns = COLUMNS;
    precis_reply_sentence segment;
    size_t i;

    if (output->is_terminal)
        columns = terminal_columns(STDOUT_FILENO, 80);
    printf("%5s %6s %8s %5s %5s  %-*s  %s\n", "no.", "chosen", "score", "place",
           "words", (int) why_columns(columns), "why", "sentence");
    for (i = 0; precis_reply_segment_at(reply, i, &segment) == 0; i++)
        write_segment(output, reply, &segment, columns);
}
