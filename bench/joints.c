/* joints - what engine/joint.c sees at every place where a joint could be.
 *
 * usage: joints [-q] < NDJSON > lines
 *
 * Reads {"text": "...", "ends": [...]} (ends in bytes, increasing), splits
 * the text as the engine does but for the joints that joint.c decides, which
 * are the ends given, and prints one line for each place: 1 or 0 (is it an
 * end?), then the numbers of its features.  bench/joints.py learns from it.
 */
#include <config.h>

/* The engine's own, which the program puts its eye in front of. */
#define joint_begins engine_joint_begins
#include "engine/joint.c"
#undef joint_begins

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *ends;
static size_t next_end;
static int show_text;

int joint_begins(const struct splitter *s, size_t at);

int joint_begins(const struct splitter *s, size_t at)
{
    struct joint joint;
    size_t end, gold = 0;
    int is;

    if (!joint_is_place(s, at, &end))
        return 0;
    while (next_end < json_array_size(ends)
           && (gold = (size_t) json_integer_value(
                   json_array_get(ends, next_end))) < end)
        next_end++;
    is = next_end < json_array_size(ends) && gold >= end && gold <= at;
    joint_read(s, at, end, &joint);
    printf("%d", is);
    for (size_t i = 0; i < joint.count; i++)
        printf(" %d", joint.features[i]);
    if (show_text) {
        size_t from = end > 80 ? end - 80 : 0, to = at + 50;
        if (from < s->begin)
            from = s->begin;
        while (((unsigned char) s->text[from] & 0xC0) == 0x80)
            from++;
        if (to > s->size)
            to = s->size;
        while (to < s->size && ((unsigned char) s->text[to] & 0xC0) == 0x80)
            to++;
        printf("\t%.*s|%.*s", (int) (at - from), s->text + from,
               (int) (to - at), s->text + at);
    }
    putchar('\n');
    return is;
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t room = 0;
    struct arena arena;

    show_text = argc > 1 && strcmp(argv[1], "-t") == 0;
    arena_init(&arena);
    while (getline(&line, &room, stdin) > 0) {
        json_t *o = json_loads(line, 0, NULL);
        struct document document = { 0 };
        if (o == NULL)
            return 65;
        ends = json_object_get(o, "ends");
        next_end = 0;
        document.arena = &arena;
        document.language = language_find("fr");
        document.text = json_string_value(json_object_get(o, "text"));
        document.size = strlen(document.text);
        if (split_text(&document) != 0)
            return 70;
        arena_reset(&arena);
        json_decref(o);
    }
    free(line);
    arena_clear(&arena);
    return 0;
}
