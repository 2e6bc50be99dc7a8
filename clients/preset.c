/* Where the numbers come from:
 *
 * headline    what home pages and search results show of a title before they
 *             cut it: 60 to 70 characters
 * push        a lock screen shows some four short lines, and desktop browsers
 *             cut the text of a notification at 120 to 130 characters
 * tweet       the length of a post on X, and less than Mastodon's and
 *             Bluesky's
 * standfirst  one or two sentences under the headline
 * bullets     the "key points" above a story
 * brief       one paragraph among the news in brief; 30 seconds read aloud
 */
#include <config.h>

#include "clients/preset.h"

#include <string.h>

#include "po/intl.h"

#define CHARACTERS N_("characters"), offsetof(precis_request, characters)
#define WORDS N_("words"), offsetof(precis_request, words)
#define SENTENCES N_("sentences"), offsetof(precis_request, sentences)

static const struct preset presets[] = {
    {"headline", 70, CHARACTERS, 0}, {"push", 120, CHARACTERS, 0},
    {"tweet", 280, CHARACTERS, 0},   {"standfirst", 35, WORDS, 0},
    {"bullets", 3, SENTENCES, 1},    {"brief", 80, WORDS, 0},
};

const struct preset *preset_at(size_t number)
{
    return number < sizeof presets / sizeof presets[0] ? &presets[number]
                                                       : NULL;
}

const struct preset *preset_find(const char *name)
{
    const struct preset *preset;
    size_t i;

    for (i = 0; (preset = preset_at(i)) != NULL; i++)
        if (strcmp(preset->name, name) == 0)
            break;
    return preset;
}

void preset_apply(const struct preset *preset, precis_request *request)
{
    *(size_t *) (void *) ((char *) request + preset->offset) = preset->amount;
}
