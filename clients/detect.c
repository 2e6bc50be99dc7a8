#include <config.h>

#include "clients/detect.h"

#include <stdio.h>
#include <string.h>

#include "engine/precis.h"
#include "po/intl.h"

/* The English name of a language of ours, NULL where it is none. */
static const char *find_name(const char *code)
{
    const char *other;
    size_t i;

    for (i = 0; (other = precis_language(i)) != NULL; i++)
        if (strcmp(other, code) == 0)
            return precis_language_name(i);
    return NULL;
}

static void write_word(const struct output *output, const char *word)
{
    output_string(" ");
    output_line(output, word, strlen(word));
}

void detect_render(const struct output *output, const char *name,
                   const precis_reply *reply)
{
    const char *code = precis_reply_language(reply);
    const char *charset = precis_reply_charset(reply);
    const char *language = precis_reply_looks_like(reply);

    if (code == NULL)
        code = "und";
    if (language == NULL)
        language = find_name(code);
    output_text(output, name, strlen(name));
    output_string(":");
    write_word(output, code);
    /* TRANSLATORS: a language */
    write_word(output, language != NULL && language[0] != '\0' ? _(language)
                                                               : _("unknown"));
    printf(" %.2f", precis_reply_language_confidence(reply));
    write_word(output, charset != NULL ? charset : "?");
    output_string("\n");
}
