/* compose.c - stage 6: the chosen sentences to a result.  Sentences are
 * copied as they stand in the text; all offsets are found in one pass each,
 * since segments are in source order. */
#include <config.h>

#include "engine/credits.h"
#include "engine/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/unicode.h"

__attribute__((format(printf, 2, 3)))
static void warn(struct precis_result *result, const char *format, ...)
{
    va_list arguments;

    if (result->warning_count == WARNINGS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(result->warnings[result->warning_count++], WARNING_SIZE, format,
              arguments);
    va_end(arguments);
}

/* ---- reasons ---- */

/* What a word earns by the method asked for. */
static double earned(const struct document *d, const struct surface *surface)
{
    if (d->credits != NULL)
        return d->credits->once[surface->form];
    return stem_weight(&d->stems[surface->stem]);
}

/* Tokens that are looked at together. */
#define BATCH 64

/* Writes which of the tokens from `begin` to `end`, of a batch, may explain
 * anything; returns how many.  Nobody could foresee which they are: this has no
 * branch, and all behind it sees few. */
static size_t find_telling(const struct document *d, uint32_t begin,
                           uint32_t end, uint32_t tokens[BATCH])
{
    size_t count = 0;

    for (uint32_t token = begin; token < end; token++) {
        uint32_t number = d->surfaces[d->tokens[token]].stem;
        uint32_t has = number != NONE; /* else any is read */
        const struct stem *stem = &d->stems[number & (0 - has)];
        tokens[count] = token;
        count += has & ((stem->count > 1) | (stem->in_title != 0)
                        | (stem->in_query != 0));
    }
    return count;
}

/* Stems, the largest weight first. */
struct reasons {
    const struct stem *best[PRECIS_REASONS_MAX];
    double weights[PRECIS_REASONS_MAX];
    size_t count;
};

static void reasons_add(struct reasons *r, const struct stem *stem,
                        double weight)
{
    size_t place = r->count;

    while (place > 0 && r->weights[place - 1] < weight)
        place--;
    if (place == PRECIS_REASONS_MAX)
        return;
    if (r->count < PRECIS_REASONS_MAX)
        r->count++;
    for (size_t i = r->count - 1; i > place; i--) {
        r->best[i] = r->best[i - 1];
        r->weights[i] = r->weights[i - 1];
    }
    r->best[place] = stem;
    r->weights[place] = weight;
}

/* The stems that earn a sentence most, largest first.  Stems that stand once
 * explain nothing, nor do those of parts that were left out. */
static void find_reasons(struct document *d, const struct segment *segment,
                         precis_sentence *out)
{
    uint32_t begin = segment->token, end = begin + segment->tokens;
    uint32_t tokens[BATCH];
    struct reasons r = { .count = 0 };

    for (; d->stem_count > 0 && begin < end; begin += BATCH) {
        size_t count = find_telling(
            d, begin, end - begin < BATCH ? end : begin + BATCH, tokens);
        for (size_t i = 0; i < count; i++) {
            const struct surface *surface = &d->surfaces[d->tokens[tokens[i]]];
            const struct stem *stem = &d->stems[surface->stem];
            int known = 0;
            for (size_t k = 0; k < r.count; k++)
                known |= r.best[k] == stem;
            if (!known && (out->cut_count == 0 || !d->cut[tokens[i]]))
                reasons_add(&r, stem, earned(d, surface));
        }
    }
    out->reason_count = r.count;
    for (size_t i = 0; i < r.count; i++) {
        const struct surface *surface = &d->surfaces[r.best[i]->surface];
        out->reasons[i].term = surface->text;
        out->reasons[i].term_size = surface->size;
        out->reasons[i].count = r.best[i]->count;
        out->reasons[i].first = r.best[i]->first;
    }
}

/* ---- sentences ---- */

static void describe(struct precis_result *result, uint32_t number,
                     uint32_t index, precis_sentence *out)
{
    struct document *d = &result->document;
    const struct segment *segment = &d->segments[number];

    memset(out, 0, sizeof *out);
    out->kind = (enum precis_kind) segment->kind;
    out->index = index;
    out->start = segment->start;
    out->end = segment->end;
    out->words = segment->tokens;
    if (result->method == NULL || out->kind != PRECIS_SENTENCE)
        return;
    out->score = d->scores[number];
    out->frequency = d->frequencies[number];
    out->position = d->positions[number];
    out->redundancy = d->redundancies[number];
    out->rank = d->ranks[number];
    if (d->cuts != NULL && out->rank > 0) {
        out->cuts = d->cuts[number].spans;
        out->cut_count = d->cuts[number].count;
        for (uint32_t t = 0; t < segment->tokens; t++)
            out->words -= d->cut[segment->token + t];
    }
    find_reasons(d, segment, out);
}

/* Fills the character and source offsets of sentences in source order. */
static int find_offsets(struct document *d, precis_sentence *sentences,
                        size_t count)
{
    size_t *offsets = arena_take(d->arena, count * 4 * sizeof *offsets);
    size_t *sources;
    size_t at = 0, characters = 0;
    int empty = 0;

    if (offsets == NULL)
        return PRECIS_EINTERNAL;
    sources = offsets + 2 * count;
    for (size_t i = 0; i < count; i++) {
        precis_sentence *s = &sentences[i];
        characters += utf8_count(d->text + at, s->start - at);
        s->char_start = characters;
        characters += utf8_count(d->text + s->start, s->end - s->start);
        s->char_end = characters;
        at = s->end;
        offsets[2 * i] = s->start;
        offsets[2 * i + 1] = s->end;
    }
    decode_source_offsets(&d->decoded, offsets, 2 * count, sources);
    for (size_t i = 0; i < count; i++) {
        sentences[i].source_start = sources[2 * i];
        sentences[i].source_end = sources[2 * i + 1];
        empty |= sources[2 * i] >= sources[2 * i + 1];
    }
    if (!empty)
        return 0;
    /* All of some sentence is inside of what composing changed. */
    for (size_t i = 0; i < count; i++)
        offsets[i] = sentences[i].start;
    decode_source_starts(&d->decoded, offsets, count, sources);
    for (size_t i = 0; i < count; i++)
        sentences[i].source_start = sources[i];
    return 0;
}

/* Collects the segments wanted, in source order. */
static int collect(struct precis_result *result, int all,
                   precis_sentence **sentences, size_t *count)
{
    struct document *d = &result->document;
    size_t room = all ? d->segment_count : d->chosen_count;
    precis_sentence *out = arena_take(d->arena, room * sizeof *out);
    uint32_t index = 0;

    if (out == NULL)
        return PRECIS_EINTERNAL;
    *sentences = out;
    for (uint32_t i = 0; i < d->segment_count; i++) {
        if (all || d->ranks[i] > 0)
            describe(result, i, index, out++);
        index += d->segments[i].kind == PRECIS_SENTENCE;
    }
    *count = (size_t) (out - *sentences);
    return find_offsets(d, *sentences, *count);
}

static int by_rank(const void *a, const void *b)
{
    const precis_sentence *x = a, *y = b;

    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Copies a sentence without what was cut; where its opening was, what is left
 * opens with a capital.  Returns the end of the copy. */
static char *copy_sentence(const char *text, const precis_sentence *s,
                           char *out)
{
    size_t at = s->start;

    for (size_t i = 0; i <= s->cut_count; i++) {
        size_t end = i < s->cut_count ? s->cuts[i].start : s->end;
        if (i == 1 && s->cuts[0].start == s->start) {
            uint32_t c;
            utf8_next(text, s->end, &at, &c);
            out += utf8_put(unicode_upper(c), out);
        }
        memcpy(out, text + at, end - at);
        out += end - at;
        at = i < s->cut_count ? s->cuts[i].end : s->end;
    }
    return out;
}

static int join(struct precis_result *result)
{
    const char *text = result->document.text;
    size_t size = 0;
    char *out;

    /* a capital may be longer than its small letter, by a byte */
    for (size_t i = 0; i < result->sentence_count; i++)
        size += result->sentences[i].end - result->sentences[i].start + 3;
    out = arena_take(result->document.arena, size + 1);
    if (out == NULL)
        return PRECIS_EINTERNAL;
    result->summary = out;
    for (size_t i = 0; i < result->sentence_count; i++) {
        const precis_sentence *s = &result->sentences[i];
        if (i > 0)
            *out++ = ' ';
        out = copy_sentence(text, s, out);
        result->words += s->words;
        result->characters += s->char_end - s->char_start + (i > 0);
    }
    result->summary_size = (size_t) (out - result->summary);
    if (result->document.cuts != NULL)
        result->characters = utf8_count(result->summary, result->summary_size);
    return 0;
}

static void warn_of_language(struct precis_result *result)
{
    const struct language *language = result->document.language;
    const struct identified *i = &result->identified;

    if (strcmp(language->code, LANGUAGE_NONE) == 0)
        return;
    if (i->contradicted && i->looks_like != NULL)
        warn(result, "declared as %s, but it looks like %s", language->name,
             i->looks_like);
    else if (i->second != NULL && strcmp(i->second, language->name) != 0)
        warn(result, "a part of the article looks like %s: it is summarized "
                     "as %s", i->second, language->name);
}

static void add_warnings(struct precis_result *result,
                         const precis_options *options)
{
    const struct document *d = &result->document;

    warn_of_language(result);
    if (d->decoded.declared != NULL)
        warn(result, "the charset is not %s, as was declared, but %s",
             d->decoded.declared, d->decoded.charset);
    if (d->decoded.other != NULL)
        warn(result, "the charset is %s, but in parts, the first at byte %zu, "
                     "%s: each is read as what it is",
             d->decoded.charset, d->decoded.first_other, d->decoded.other);
    if (d->decoded.replaced > 0)
        warn(result, "%zu undecodable %s replaced by U+FFFD, the first at "
                     "byte %zu: is the charset %s?",
             d->decoded.replaced,
             d->decoded.replaced == 1 ? "part was" : "parts were",
             d->decoded.first_replaced, d->decoded.charset);
    if (d->too_long)
        warn(result, "scored by frequency: too long for credits, which reads"
                     " at most %d words", CREDITS_WORDS_MAX);
    if (options->compress && d->credits == NULL)
        warn(result, "nothing is cut by the method %s: only by credits",
             result->method == NULL ? "segment" : result->method->name);
    if (d->rest < d->size)
        warn(result, "only the first %zu of %zu sentences are candidates",
             d->sentence_count, d->total_sentences);
    if (d->compared > 0)
        warn(result, "only the first %zu sentences are compared with each "
                     "other by %s: the others score 0",
             d->compared, result->method->name);
}

int compose(struct precis_result *result, const struct method *method,
            const precis_options *options)
{
    result->method = method;
    add_warnings(result, options);
    if (options->explain
        && collect(result, 1, &result->segments, &result->segment_count) != 0)
        return PRECIS_EINTERNAL;
    if (method == NULL) {
        result->summary = "";
        return 0;
    }
    if (collect(result, 0, &result->sentences, &result->sentence_count) != 0)
        return PRECIS_EINTERNAL;
    if (options->order == PRECIS_ORDER_SCORE)
        qsort(result->sentences, result->sentence_count,
              sizeof *result->sentences, by_rank);
    return join(result);
}

/* ---- accessors ---- */

const char *precis_result_summary(const precis_result *result, size_t *size)
{
    *size = result->summary_size;
    return result->summary;
}

const char *precis_result_text(const precis_result *result, size_t *size)
{
    *size = result->document.size;
    return result->document.text;
}

size_t precis_result_sentence_count(const precis_result *result)
{
    return result->sentence_count;
}

const precis_sentence *precis_result_sentence(const precis_result *result,
                                              size_t number)
{
    return number < result->sentence_count ? &result->sentences[number]
                                           : NULL;
}

size_t precis_result_segment_count(const precis_result *result)
{
    return result->segment_count;
}

const precis_sentence *precis_result_segment(const precis_result *result,
                                             size_t number)
{
    return number < result->segment_count ? &result->segments[number] : NULL;
}

size_t precis_result_keyword_count(const precis_result *result)
{
    return result->keyword_count;
}

const precis_keyword *precis_result_keyword(const precis_result *result,
                                            size_t number)
{
    return number < result->keyword_count ? &result->keywords[number] : NULL;
}

const char *precis_result_language(const precis_result *result)
{
    return result->document.language->code;
}

double precis_result_language_confidence(const precis_result *result)
{
    return result->declared
               ? 1
               : (double) result->identified.confidence / IDENTIFY_CERTAIN;
}

const char *precis_result_charset(const precis_result *result)
{
    return result->document.decoded.charset;
}

const char *precis_result_method(const precis_result *result)
{
    return result->method == NULL ? "" : result->method->name;
}

size_t precis_result_replaced(const precis_result *result)
{
    return result->document.decoded.replaced;
}

size_t precis_result_total_sentences(const precis_result *result)
{
    return result->document.total_sentences;
}

size_t precis_result_words(const precis_result *result)
{
    return result->words;
}

size_t precis_result_characters(const precis_result *result)
{
    return result->characters;
}

int precis_result_is_short(const precis_result *result)
{
    return result->document.is_short;
}

size_t precis_result_warning_count(const precis_result *result)
{
    return result->warning_count;
}

const char *precis_result_warning(const precis_result *result, size_t number)
{
    return number < result->warning_count ? result->warnings[number] : NULL;
}
