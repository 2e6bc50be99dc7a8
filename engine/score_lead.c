/* score_lead.c - the opening: 1/(1 + i) for sentence i, so that any limit
 * takes sentences from the start.  The baseline of news summarization (e.g.
 * Nenkova, "Automatic text summarization of newswire", AAAI 2005). */
#include <config.h>

#include "engine/document.h"

int score_lead(struct document *document)
{
    double index = 0;

    for (size_t i = 0; i < document->segment_count; i++) {
        if (document->segments[i].kind != PRECIS_SENTENCE)
            continue;
        document->positions[i] = 1 / (1 + index);
        document->frequencies[i] = 1;
        document->scores[i] = document->positions[i];
        index++;
    }
    return 0;
}
