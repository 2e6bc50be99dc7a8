/* score.c - stage 4: the table of methods. */
#include <config.h>

#include "engine/document.h"

#include <string.h>

const struct method method_table[] = {
    { "credits", "sentences that cover most of what a summary of the article "
                 "would say, by words weighted from many summaries",
      score_credits, 0, NULL, NULL },
    { "frequency", "sentences whose stems the article repeats, early ones "
                   "first, without saying things twice",
      score_frequency, 1, NULL, NULL },
    { "lead", "the opening of the article", score_lead, 0, NULL, NULL },
    { "luhn", "sentences where words the article repeats stand close "
              "together", score_luhn, 0, NULL, NULL },
    { "textrank", "sentences that share words with many others",
      score_textrank, 0, NULL, NULL },
    { "lexrank", "sentences like many others in their rarer words",
      score_lexrank, 0, NULL, NULL },
    { "sumbasic", "sentences of the most frequent words, each said once",
      score_sumbasic, 0, sumbasic_worth, sumbasic_say },
};
const size_t method_count = sizeof method_table / sizeof method_table[0];

const struct method *method_find(const char *name)
{
    for (size_t i = 0; i < method_count; i++)
        if (strcmp(method_table[i].name, name) == 0)
            return &method_table[i];
    return NULL;
}

void score_by_terms(struct document *document)
{
    double best = 0;

    for (size_t i = 0; i < document->segment_count; i++)
        if (document->scores[i] > best)
            best = document->scores[i];
    for (size_t i = 0; i < document->segment_count; i++) {
        if (document->segments[i].kind != PRECIS_SENTENCE)
            continue;
        if (best > 0)
            document->scores[i] /= best;
        document->frequencies[i] = document->scores[i];
        document->positions[i] = 1;
    }
}
