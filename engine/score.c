/* score.c - stage 4: the table of methods. */
#include <config.h>

#include "engine/document.h"

#include <string.h>

const struct method method_table[] = {
    { "frequency", "sentences whose stems the article repeats, early ones "
                   "first, without saying things twice", score_frequency, 1 },
    { "lead", "the opening of the article", score_lead, 0 },
};
const size_t method_count = sizeof method_table / sizeof method_table[0];

const struct method *method_find(const char *name)
{
    for (size_t i = 0; i < method_count; i++)
        if (strcmp(method_table[i].name, name) == 0)
            return &method_table[i];
    return NULL;
}
