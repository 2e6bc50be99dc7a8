/* reading.c - reads words for the tests of engine/words.c; see reading.h. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/engine/reading.h"

struct arena arena;
struct vocabulary *vocabulary;
struct document document;

int reading_start(void **state)
{
    (void) state;
    arena_init(&arena);
    vocabulary = vocabulary_new();
    return vocabulary == NULL;
}

int reading_end(void **state)
{
    (void) state;
    vocabulary_free(vocabulary);
    arena_clear(&arena);
    return 0;
}

void reads_in(const char *language, const char *text, const char *title,
              const char *query)
{
    struct document *d = &document;
    precis_options options;
    size_t size = strlen(text), at = 0;

    arena_reset(&arena);
    memset(d, 0, sizeof *d);
    d->arena = &arena;
    d->language = language_find(language);
    assert_non_null(d->language);
    d->text = text;
    d->size = d->rest = size;
    d->segments = arena_take_array(&arena, size + 1, sizeof *d->segments);
    assert_non_null(d->segments);
    while (at < size) {
        const char *line_end = memchr(text + at, '\n', size - at);
        size_t stop = line_end == NULL ? size : (size_t) (line_end - text);
        struct segment *s = &d->segments[d->segment_count++];
        s->start = (uint32_t) at;
        s->end = (uint32_t) stop;
        s->kind = text[at] == '#'   ? PRECIS_HEADING
                  : text[at] == '@' ? PRECIS_OTHER
                                    : PRECIS_SENTENCE;
        d->sentence_count += s->kind == PRECIS_SENTENCE;
        at = stop + 1;
    }
    precis_options_init(&options);
    options.title = title;
    options.title_size = title == NULL ? 0 : strlen(title);
    options.query = query;
    options.query_size = query == NULL ? 0 : strlen(query);
    assert_int_equal(read_words(vocabulary, d, &options), 0);
}

void reads_hinted(const char *text, const char *title, const char *query)
{
    reads_in("fr", text, title, query);
}

void reads(const char *text)
{
    reads_hinted(text, NULL, NULL);
}

const struct stem *stem(size_t number)
{
    uint32_t id = document.surfaces[document.tokens[number]].stem;

    assert_true(number < document.token_count);
    return id == NONE ? NULL : &document.stems[id];
}
