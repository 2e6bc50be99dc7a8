#include <config.h>

#include "clients/spans.h"

#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    const precis_reply_span *a = left;
    const precis_reply_span *b = right;

    return (a->start > b->start) - (a->start < b->start);
}

static void add(struct spans *spans, size_t start, size_t end)
{
    if (start < end)
        spans->rows[spans->count++] = (precis_reply_span){start, end};
}

/* A sentence is one span, and one more for each cut. */
static void add_sentence(struct spans *spans, const precis_reply *reply,
                         size_t number)
{
    precis_reply_sentence sentence;
    precis_reply_span cut;
    size_t at;
    size_t i;

    if (precis_reply_sentence_at(reply, number, &sentence) != 0)
        return;
    at = sentence.start;
    for (i = 0; precis_reply_cut_at(reply, number, i, &cut) == 0; i++) {
        if (cut.start < at || cut.end < cut.start || cut.end > sentence.end)
            continue;
        add(spans, at, cut.start);
        at = cut.end;
    }
    add(spans, at, sentence.end);
}

void spans_find(struct spans *spans, const precis_reply *reply)
{
    size_t count = precis_reply_sentence_count(reply);
    size_t most = count;
    size_t text_size = 0;
    size_t end = 0;
    size_t i;

    precis_reply_text(reply, &text_size);
    for (i = 0; i < count; i++)
        most += precis_reply_cut_count(reply, i);
    *spans = (struct spans){.rows = calloc(most + 1, sizeof *spans->rows)};
    if (spans->rows == NULL)
        return;
    for (i = 0; i < count; i++)
        add_sentence(spans, reply, i);
    count = spans->count;
    qsort(spans->rows, count, sizeof *spans->rows, compare);
    spans->count = 0;
    for (i = 0; i < count; i++) {
        const precis_reply_span span = spans->rows[i];

        if (span.start < end || span.end > text_size)
            continue;
        end = span.end;
        spans->rows[spans->count++] = span;
    }
}

void spans_clear(struct spans *spans)
{
    free(spans->rows);
    *spans = (struct spans){.rows = NULL};
}
