/* front - one of the stages before words, by itself, on one core.
 *
 * usage: front STAGE [ROUNDS] < NDJSON
 *
 * Reads {"text": "..."} or {"article": "..."} lines into memory, does the stage
 * with each text ROUNDS times (5) and prints the best round in MB (10^6 bytes
 * of UTF-8) a second of processor time, and microseconds a text.  Stages:
 *
 *     decode    UTF-8 that is declared
 *     sniff     UTF-8 that is not
 *     latin     the same texts in ISO-8859-15, declared; from their bytes
 *     convert   these, converted without a look at whether it is right
 *     iconv     the same by iconv(3) of the C library, with one descriptor
 *     detect    which language
 *     declared  whether it is French, as declared
 *     split     segments of French
 *
 * For counts of instructions of the stage alone:
 *
 *     valgrind --tool=callgrind --toggle-collect=round_of front STAGE 1 < FILE
 */
#include <config.h>

#include <iconv.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/charset.h"
#include "engine/document.h"
#include "engine/identify.h"
#include "engine/transcode.h"
#include "engine/unicode.h"

struct text {
    char *utf8, *bytes;
    size_t size, bytes_size;
};

struct bench {
    struct text *texts;
    size_t count, size;
    struct arena arena;
    struct charset_cache *charsets;
    iconv_t iconv; /* from ISO-8859-15 */
    size_t sum; /* of something, so that nothing is left out */
};

static void decode_as(struct bench *b, const char *bytes, size_t size,
                      const char *charset)
{
    struct decoded decoded;

    if (decode(b->charsets, &b->arena, bytes, size, charset, &decoded, NULL)
        == 0)
        b->sum += decoded.size;
}

static void do_decode(struct bench *b, const struct text *t)
{
    decode_as(b, t->utf8, t->size, "UTF-8");
}

static void do_sniff(struct bench *b, const struct text *t)
{
    decode_as(b, t->utf8, t->size, NULL);
}

static void do_latin(struct bench *b, const struct text *t)
{
    decode_as(b, t->bytes, t->bytes_size, "ISO-8859-15");
}

static void do_convert(struct bench *b, const struct text *t)
{
    struct decoded decoded;

    if (transcode(b->charsets, &b->arena, t->bytes, t->bytes_size,
                  "ISO-8859-15", true, &decoded, NULL) == 0)
        b->sum += decoded.raw_size;
}

/* Into room that a text can never fill, as decode() takes it. */
static void do_iconv(struct bench *b, const struct text *t)
{
    size_t left = t->bytes_size, room = 3 * t->bytes_size + 1;
    char *in = t->bytes, *out = arena_take(&b->arena, room);

    if (out != NULL && iconv(b->iconv, &in, &left, &out, &room) == 0)
        b->sum += 3 * t->bytes_size + 1 - room;
}

static void do_detect(struct bench *b, const struct text *t)
{
    struct identified found;

    identify(t->utf8, t->size, &found);
    b->sum += (size_t) found.confidence;
}

static void do_declared(struct bench *b, const struct text *t)
{
    struct identified found;

    identify_declared(t->utf8, t->size, "fr", &found);
    b->sum += (size_t) found.contradicted;
}

static void do_split(struct bench *b, const struct text *t)
{
    struct document document = { 0 };

    document.arena = &b->arena;
    document.language = language_find("fr");
    document.text = t->utf8;
    document.size = t->size;
    if (t->size > 0 && split_text(&document) == 0)
        b->sum += document.total_sentences;
}

static const struct stage {
    const char *name;
    void (*work)(struct bench *, const struct text *);
} stages[] = {
    { "decode", do_decode },     { "sniff", do_sniff },
    { "latin", do_latin },       { "convert", do_convert },
    { "iconv", do_iconv },       { "detect", do_detect },
    { "declared", do_declared }, { "split", do_split },
};

/* ISO-8859-15, but for what it does not have. */
static size_t to_latin(const char *utf8, size_t size, char *out)
{
    size_t used = 0;

    for (size_t at = 0; at < size;) {
        uint32_t c;
        utf8_next(utf8, size, &at, &c);
        out[used++] = (char) (c < 0x100 ? c : c == 0x20AC ? 0xA4u : '\'');
    }
    return used;
}

static int read_texts(struct bench *b)
{
    char *line = NULL;
    size_t room = 0, capacity = 0;
    ssize_t length;

    while ((length = getline(&line, &room, stdin)) > 0) {
        json_t *record = json_loadb(line, (size_t) length, 0, NULL);
        const json_t *text = json_object_get(record, "article");
        struct text *t;
        if (text == NULL)
            text = json_object_get(record, "text");
        if (!json_is_string(text))
            return 65;
        if (b->count == capacity) {
            capacity = capacity == 0 ? 1024 : capacity * 2;
            b->texts = realloc(b->texts, capacity * sizeof *b->texts);
            if (b->texts == NULL)
                return 70;
        }
        t = &b->texts[b->count++];
        t->size = json_string_length(text);
        t->utf8 = malloc(t->size + 1);
        t->bytes = malloc(t->size + 1);
        if (t->utf8 == NULL || t->bytes == NULL)
            return 70;
        memcpy(t->utf8, json_string_value(text), t->size + 1);
        t->bytes_size = to_latin(t->utf8, t->size, t->bytes);
        b->size += t->size;
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

__attribute__((noinline))
static void round_of(struct bench *b, const struct stage *stage)
{
    for (size_t i = 0; i < b->count; i++) {
        stage->work(b, &b->texts[i]);
        arena_reset(&b->arena);
    }
}

int main(int argc, char **argv)
{
    struct bench b = { 0 };
    const struct stage *stage = NULL;
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 5;
    int status;
    double best = 0;

    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
        if (argc > 1 && strcmp(argv[1], stages[i].name) == 0)
            stage = &stages[i];
    if (stage == NULL) {
        fputs("usage: front STAGE [ROUNDS] < NDJSON\n", stderr);
        return 64;
    }
    arena_init(&b.arena);
    b.charsets = charset_cache_new();
    b.iconv = iconv_open("UTF-8", "ISO-8859-15");
    status = b.charsets == NULL || b.iconv == (iconv_t) -1 ? 70
                                                           : read_texts(&b);
    if (status != 0)
        return status;
    for (long i = 0; i < rounds; i++) {
        double start = seconds(), taken;
        round_of(&b, stage);
        taken = seconds() - start;
        if (i == 0 || taken < best)
            best = taken;
    }
    printf("%s: %zu texts, %zu bytes: %.1f MB/s, %.2f us a text (%zu)\n",
           stage->name, b.count, b.size, (double) b.size / 1e6 / best,
           best * 1e6 / (double) (b.count > 0 ? b.count : 1), b.sum);
    arena_clear(&b.arena);
    charset_cache_free(b.charsets);
    iconv_close(b.iconv);
    for (size_t i = 0; i < b.count; i++) {
        free(b.texts[i].utf8);
        free(b.texts[i].bytes);
    }
    free(b.texts);
    return 0;
}
