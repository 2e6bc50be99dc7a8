/* segment - the segmenter as a filter, for programs that score segmenters.
 *
 * usage: segment < NDJSON > NDJSON
 *
 * Reads one {"id", "lang", "text"} a line and writes {"id", "ends", "kinds"}:
 * the ends of all segments, in bytes of the text's UTF-8, and for each 0 (a
 * sentence), 1 (a sub-heading) or 2 (something else).  A language that precis
 * does not know is split as "auto" is.  Every answer is flushed, so that a
 * program can wait for it.
 */
#include <config.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/precis.h"

static const char *known(const char *language)
{
    for (size_t i = 0; language != NULL && precis_language(i) != NULL; i++)
        if (strcmp(precis_language(i), language) == 0)
            return language;
    return NULL;
}

static int answer(precis_engine *engine, const json_t *record)
{
    const json_t *text = json_object_get(record, "text");
    json_t *ends = json_array(), *kinds = json_array(), *reply;
    const precis_result *result;
    precis_options options;
    precis_error error;
    int code;

    precis_options_init(&options);
    options.charset = "UTF-8";
    options.language = known(json_string_value(json_object_get(record,
                                                               "lang")));
    code = precis_segment(engine, json_string_value(text),
                          json_string_length(text), &options, &result, &error);
    if (code == 0) {
        for (size_t i = 0; i < precis_result_segment_count(result); i++) {
            const precis_sentence *s = precis_result_segment(result, i);
            json_array_append_new(ends,
                                  json_integer((json_int_t) s->source_end));
            json_array_append_new(kinds, json_integer(s->kind));
        }
    } else if (code != PRECIS_EEMPTY) {
        fprintf(stderr, "segment: %s\n", error.message);
    }
    reply = json_pack("{s:O?, s:o, s:o}", "id", json_object_get(record, "id"),
                      "ends", ends, "kinds", kinds);
    if (reply == NULL || json_dumpf(reply, stdout, JSON_COMPACT) != 0)
        code = PRECIS_EINTERNAL;
    putchar('\n');
    fflush(stdout);
    json_decref(reply);
    return code == PRECIS_EEMPTY ? 0 : code;
}

int main(void)
{
    precis_engine *engine;
    precis_error error;
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t size;
    int status = EXIT_SUCCESS;

    if (precis_engine_new(&engine, &error) != 0)
        return 70;
    while (status == EXIT_SUCCESS
           && (size = getline(&line, &room, stdin)) > 0) {
        json_error_t where;
        json_t *record = json_loadb(line, (size_t) size, 0, &where);
        number++;
        if (!json_is_object(record)
            || !json_is_string(json_object_get(record, "text"))) {
            fprintf(stderr, "segment: line %zu: no object with a text\n",
                    number);
            status = 65;
        } else if (answer(engine, record) != 0) {
            status = 70;
        }
        json_decref(record);
    }
    free(line);
    precis_engine_free(engine);
    return status;
}
