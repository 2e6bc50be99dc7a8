/* score.c - stage 4: the table of methods. */
#include <config.h>

#include "engine/document.h"

#include <string.h>

const struct method method_table[] = {
    { "credits", "sentences that cover most of what a summary of the article "
                 "would say, by words weighted from many summaries",
      score_credits, 0, 1 },
    { "frequency", "sentences whose stems the article repeats, early ones "
                   "first, without saying things twice", score_frequency, 1, 0 },
    { "lead", "the opening of the article", score_lead, 0, 0 },
};
const size_t method_count = sizeof method_table / sizeof method_table[0];

const struct method *method_find(const char *name)
{
    for (size_t i = 0; i < method_count; i++)
        if (strcmp(method_table[i].name, name) == 0)
            return &method_table[i];
    return NULL;
}
