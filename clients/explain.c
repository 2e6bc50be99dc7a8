#include <config.h>

#include "clients/explain.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients/reasons.h"
#include "clients/spans.h"
#include "clients/terminal.h"

/* As wide as most terminals, also to a pipe. */
#define COLUMNS 80

/* Number, place in the order of choice, score, words, and the spaces behind
 * them: write_figures().  The sentence has the rest. */
#define FIGURE_COLUMNS 29
#define TEXT_COLUMNS_MIN 20

/* Before the reasons, on lines of their own. */
#define WHY_INDENT 6

/* What goes from line to line. */
struct table {
    const struct output *output;
    struct reasons reasons;
    struct spans spans;
    size_t span; /* the first that does not end before the segment */
    struct buffer why;
    unsigned columns; /* of the text */
};

/* Does the summary have less of the segment than all? */
static int is_shortened(struct table *table,
                        const precis_reply_sentence *segment)
{
    const struct spans *spans = &table->spans;

    while (table->span < spans->count
           && spans->rows[table->span].end <= segment->start)
        table->span++;
    return segment->rank > 0 && table->span < spans->count
           && spans->rows[table->span].start < segment->end
           && (spans->rows[table->span].start != segment->start
               || spans->rows[table->span].end != segment->end);
}

static void write_figures(const precis_reply_sentence *segment)
{
    char rank[24] = "";

    if (strcmp(segment->kind, "sentence") != 0) {
        printf("%4s %7s %8s %5zu  ", "-", "", "", segment->words);
        return;
    }
    if (segment->rank > 0)
        snprintf(rank, sizeof rank, "*%zu", segment->rank);
    printf("%4zu %7s %8.4f %5zu  ", segment->index + 1, rank, segment->score,
           segment->words);
}

static void write_text(const struct table *table,
                       const precis_reply_sentence *segment)
{
    const struct reasons *reasons = &table->reasons;

    if (segment->start <= segment->end && segment->end <= reasons->text_size)
        terminal_write_cut(stdout, reasons->text + segment->start,
                           segment->end - segment->start, table->columns);
}

static void write_why(struct table *table, const precis_reply_sentence *segment)
{
    struct buffer *why = &table->why;

    buffer_reset(why);
    reasons_add(&table->reasons, segment, why);
    if (is_shortened(table, segment)) {
        buffer_add_string(why, table->reasons.wording->between);
        buffer_add_string(why, table->reasons.wording->shortened);
    }
    printf("%*s", WHY_INDENT, "");
    if (!why->failed)
        terminal_write_wrapped(stdout, why->data, why->size, WHY_INDENT,
                               table->columns + FIGURE_COLUMNS - WHY_INDENT);
    printf("\n");
}

static void write_segment(struct table *table,
                          const precis_reply_sentence *segment)
{
    int is_marked = segment->rank > 0 && table->output->has_color;

    fputs(is_marked ? "\033[1m" : "", stdout);
    write_figures(segment);
    write_text(table, segment);
    fputs(is_marked ? "\033[0m\n" : "\n", stdout);
    write_why(table, segment);
}

void explain_render(const struct output *output,
                    const struct settings *settings, const precis_reply *reply)
{
    struct table table = {.output = output};
    unsigned columns = COLUMNS;
    precis_reply_sentence segment;
    size_t i;

    if (output->is_terminal)
        columns = terminal_columns(STDOUT_FILENO, COLUMNS);
    table.columns = columns > FIGURE_COLUMNS + TEXT_COLUMNS_MIN
                        ? columns - FIGURE_COLUMNS
                        : TEXT_COLUMNS_MIN;
    reasons_init(&table.reasons, reply, settings->request.no_quotes);
    spans_find(&table.spans, reply);
    buffer_init(&table.why);
    printf("%s\n", table.reasons.wording->head);
    for (i = 0; precis_reply_segment_at(reply, i, &segment) == 0; i++)
        write_segment(&table, &segment);
    buffer_clear(&table.why);
    spans_clear(&table.spans);
}
