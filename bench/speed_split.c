/* speed-split - how fast the splitter is, by itself, on one core.
 *
 * usage: speed-split < NDJSON
 *
 * Reads {"text": "..."} lines into memory, splits each text as French five
 * times and prints the best round in MB (10^6 bytes) a second of processor
 * time.
 */
#include <config.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/document.h"

#define ROUNDS 5

struct texts {
    char **text;
    size_t *size;
    size_t count, bytes;
};

/* Returns 0, or an exit status. */
static int read_texts(struct texts *t)
{
    char *line = NULL;
    size_t room = 0, capacity = 0;

    while (getline(&line, &room, stdin) > 0) {
        json_t *record = json_loads(line, 0, NULL);
        const json_t *text = json_object_get(record, "text");
        if (!json_is_string(text))
            return 65;
        if (t->count == capacity) {
            capacity = capacity == 0 ? 1024 : capacity * 2;
            t->text = realloc(t->text, capacity * sizeof *t->text);
            t->size = realloc(t->size, capacity * sizeof *t->size);
            if (t->text == NULL || t->size == NULL)
                return 70;
        }
        t->text[t->count] = strdup(json_string_value(text));
        if (t->text[t->count] == NULL)
            return 70;
        t->size[t->count] = json_string_length(text);
        t->bytes += t->size[t->count++];
        json_decref(record);
    }
    free(line);
    return 0;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

int main(void)
{
    struct texts texts = { 0 };
    struct arena arena;
    double best = 0;
    size_t sentences = 0;
    int status = read_texts(&texts);

    if (status != 0)
        return status;
    arena_init(&arena);
    for (int round = 0; round < ROUNDS; round++) {
        double start = seconds(), speed;
        sentences = 0;
        for (size_t i = 0; i < texts.count; i++) {
            struct document document = { 0 };
            document.arena = &arena;
            document.language = language_find("fr");
            document.text = texts.text[i];
            document.size = texts.size[i];
            if (document.size > 0 && split_text(&document) != 0)
                return 70;
            sentences += document.total_sentences;
            arena_reset(&arena);
        }
        speed = (double) texts.bytes / 1e6 / (seconds() - start);
        best = speed > best ? speed : best;
    }
    printf("%zu texts, %zu bytes, %zu sentences: %.1f MB/s\n", texts.count,
           texts.bytes, sentences, best);
    arena_clear(&arena);
    for (size_t i = 0; i < texts.count; i++)
        free(texts.text[i]);
    free(texts.text);
    free(texts.size);
    return 0;
}
