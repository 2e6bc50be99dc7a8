/* properties.c - counts for itself what the engine says of a result. */
#include <config.h>

#include "tests/engine/properties.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fold.h"
#include "engine/unicode.h"

#define HOLDS(truth)                    \
    do {                                \
        if (!(truth))                   \
            return "not true: " #truth; \
    } while (0)

#define WORD (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT)

/* Does the word of which `before` is the last go on behind c, which ends at
 * `at`, because nothing but up to four characters that leave it whole stand
 * between? */
static int is_whole(const char *text, size_t size, size_t at, uint32_t c,
                    uint32_t before)
{
    int gap;

    for (gap = 1; gap <= 4 && at < size; gap++) {
        uint32_t next;
        if (!fold_is_inside(c, before, before))
            return 0;
        utf8_next(text, size, &at, &next);
        if (unicode_class(next) & WORD)
            return fold_is_inside(c, before, next);
        c = next;
    }
    return 0;
}

size_t count_words(const char *text, size_t size)
{
    size_t at = 0, words = 0;
    uint32_t before = 0;
    int inside = 0;

    while (at < size) {
        uint32_t c;
        int is_word;
        utf8_next(text, size, &at, &c);
        is_word = (unicode_class(c) & WORD) != 0;
        words += (size_t) (is_word && !inside);
        if (is_word)
            before = c;
        inside = is_word || (inside && is_whole(text, size, at, c, before));
    }
    return words;
}

size_t count_characters(const char *text, size_t size)
{
    size_t characters = 0;

    for (size_t i = 0; i < size; i++)
        characters += ((unsigned char) text[i] & 0xC0) != 0x80;
    return characters;
}

/* Size of the character at s where it is valid UTF-8 and no NUL, else 0. */
static size_t valid_size(const unsigned char *s, size_t size)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;

    if (s[0] == 0 || (s[0] >= 0x80 && s[0] < 0xC2) || s[0] > 0xF4
        || length > size)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F)
        || (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
        return 0;
    return length;
}

static int is_valid(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t length =
            valid_size((const unsigned char *) text + at, size - at);
        if (length == 0)
            return 0;
        at += length;
    }
    return 1;
}

/* Between two segments there is white space, and the dash or the number of a
 * list's item. */
static int is_gap(const char *text, size_t at, size_t end)
{
    int marker = 0;

    while (at < end) {
        uint32_t c;
        utf8_next(text, end, &at, &c);
        if (unicode_class(c) & CLASS_SPACE)
            continue;
        if ((c != '-' && c != '.' && (c < '0' || c > '9')) || ++marker > 3)
            return 0;
    }
    return 1;
}

static int is_part(double value)
{
    return value >= 0 && value <= 1 + 1e-9;
}

/* A place in the text that moves on, with the characters before it. */
struct place {
    size_t at, characters;
};

static void place_move(struct place *place, const char *text, size_t to)
{
    place->characters += count_characters(text + place->at, to - place->at);
    place->at = to;
}

static int is_boundary(const char *text, size_t at)
{
    return ((unsigned char) text[at] & 0xC0) != 0x80;
}

/* Parts left out lie in the sentence, in order, apart, on characters, and have
 * words, none of which is counted. */
static const char *cuts_broken(const precis_sentence *s, const char *text)
{
    size_t at = s->start, words = 0;

    HOLDS(s->cut_count == 0 || s->rank > 0);
    for (size_t i = 0; i < s->cut_count; i++) {
        const precis_span *span = &s->cuts[i];
        size_t inside;
        HOLDS(span->start >= at && span->start < span->end);
        HOLDS(span->end <= s->end);
        HOLDS(is_boundary(text, span->start));
        HOLDS(span->end == s->end || is_boundary(text, span->end));
        inside = count_words(text + span->start, span->end - span->start);
        HOLDS(inside > 0);
        words += inside;
        at = span->end;
    }
    HOLDS(s->cut_count == 0 || s->words > 0);
    HOLDS(s->words + words == count_words(text + s->start, s->end - s->start));
    return NULL;
}

static const char *sentence_broken(const precis_sentence *s, const char *text,
                                   size_t size, size_t article_size)
{
    const char *broken;

    HOLDS(s->start < s->end);
    HOLDS(s->end <= size);
    HOLDS(((unsigned char) text[s->start] & 0xC0) != 0x80);
    HOLDS(s->end == size || ((unsigned char) text[s->end] & 0xC0) != 0x80);
    HOLDS(s->source_start < s->source_end);
    HOLDS(s->source_end <= article_size);
    broken = cuts_broken(s, text);
    if (broken != NULL)
        return broken;
    HOLDS(s->score >= 0 && s->score < 1e6);
    HOLDS(is_part(s->frequency));
    HOLDS(is_part(s->position));
    HOLDS(is_part(s->redundancy));
    HOLDS(s->reason_count <= PRECIS_REASONS_MAX);
    for (size_t i = 0; i < s->reason_count; i++) {
        HOLDS(s->reasons[i].term_size > 0);
        HOLDS(count_words(s->reasons[i].term, s->reasons[i].term_size) == 1);
        HOLDS(s->reasons[i].first <= s->index);
    }
    return NULL;
}

static const char *segments_broken(const precis_result *result,
                                   size_t article_size, size_t *words)
{
    size_t size, index = 0, source = 0;
    const char *text = precis_result_text(result, &size), *broken;
    struct place place = {0, 0};

    *words = 0;
    for (size_t i = 0; i < precis_result_segment_count(result); i++) {
        const precis_sentence *s = precis_result_segment(result, i);
        HOLDS(s->start >= place.at);
        HOLDS(is_gap(text, place.at, s->start));
        broken = sentence_broken(s, text, size, article_size);
        if (broken != NULL)
            return broken;
        place_move(&place, text, s->start);
        HOLDS(s->char_start == place.characters);
        place_move(&place, text, s->end);
        HOLDS(s->char_end == place.characters);
        HOLDS(s->source_start >= source);
        source = s->source_end;
        HOLDS(s->index == index);
        index += s->kind == PRECIS_SENTENCE;
        if (s->kind == PRECIS_SENTENCE)
            *words += count_words(text + s->start, s->end - s->start);
        HOLDS(s->kind == PRECIS_SENTENCE || s->rank == 0);
    }
    HOLDS(precis_result_segment(result, precis_result_segment_count(result))
          == NULL);
    HOLDS(precis_result_segment_count(result) == 0
          || index <= precis_result_total_sentences(result));
    if (precis_result_segment_count(result) > 0
        && index == precis_result_total_sentences(result))
        HOLDS(is_gap(text, place.at, size));
    else
        *words += count_words(text + place.at, size - place.at);
    return NULL;
}

/* Each of the ranks 1 to count once. */
static int are_ranks(const precis_result *result)
{
    size_t count = precis_result_sentence_count(result);
    unsigned char *seen = calloc(count + 1, 1);
    int good = seen != NULL;

    for (size_t i = 0; i < count && good; i++) {
        size_t rank = precis_result_sentence(result, i)->rank;
        good = rank >= 1 && rank <= count && !seen[rank];
        if (good)
            seen[rank] = 1;
    }
    free(seen);
    return good;
}

/* The size of what the summary has of the sentence at `out`: its bytes without
 * what is left out, but for a capital where its opening is; 0 where it has
 * something else. */
static size_t copied_size(const precis_sentence *s, const char *text,
                          const char *out, size_t room)
{
    size_t at = s->start, used = 0;

    for (size_t i = 0; i <= s->cut_count; i++) {
        size_t end = i < s->cut_count ? s->cuts[i].start : s->end;
        if (i == 1 && s->cuts[0].start == s->start) {
            char capital[4];
            uint32_t c;
            size_t size;
            utf8_next(text, s->end, &at, &c);
            size = utf8_put(unicode_upper(c), capital);
            if (size > room - used || memcmp(out + used, capital, size) != 0)
                return 0;
            used += size;
        }
        if (end - at > room - used
            || memcmp(out + used, text + at, end - at) != 0)
            return 0;
        used += end - at;
        at = i < s->cut_count ? s->cuts[i].end : s->end;
    }
    return used;
}

static const char *chosen_broken(const precis_result *result,
                                 const precis_options *options,
                                 size_t article_size)
{
    size_t size, summary_size, used = 0, words = 0;
    const char *text = precis_result_text(result, &size), *broken;
    const char *summary = precis_result_summary(result, &summary_size);
    const precis_sentence *last = NULL;

    for (size_t i = 0; i < precis_result_sentence_count(result); i++) {
        const precis_sentence *s = precis_result_sentence(result, i);
        size_t length;
        broken = sentence_broken(s, text, size, article_size);
        if (broken != NULL)
            return broken;
        HOLDS(s->kind == PRECIS_SENTENCE);
        HOLDS(s->index < precis_result_total_sentences(result));
        if (i > 0) {
            HOLDS(used < summary_size && summary[used] == ' ');
            used++;
            HOLDS(options->order == PRECIS_ORDER_SCORE
                      ? s->rank > last->rank
                      : s->start >= last->end && s->char_start >= last->char_end
                            && s->source_start >= last->source_end);
        }
        length = copied_size(s, text, summary + used, summary_size - used);
        HOLDS(length > 0);
        used += length;
        words += s->words;
        last = s;
    }
    HOLDS(last != NULL);
    HOLDS(used == summary_size);
    HOLDS(words == precis_result_words(result));
    HOLDS(count_characters(summary, summary_size)
          == precis_result_characters(result));
    HOLDS(are_ranks(result));
    HOLDS(precis_result_sentence(result, precis_result_sentence_count(result))
          == NULL);
    return NULL;
}

static const char *limit_broken(const precis_result *result,
                                const precis_options *options, size_t words)
{
    size_t amount = options->amount;

    switch (options->limit) {
    case PRECIS_LIMIT_AUTO:
        break;
    case PRECIS_LIMIT_SENTENCES:
        HOLDS(precis_result_sentence_count(result) <= amount);
        break;
    case PRECIS_LIMIT_WORDS:
        HOLDS(precis_result_words(result) <= amount);
        break;
    case PRECIS_LIMIT_CHARACTERS:
        HOLDS(precis_result_characters(result) <= amount);
        break;
    case PRECIS_LIMIT_PERCENT:
        HOLDS(!options->explain
              || precis_result_words(result) * 100 <= amount * words);
        break;
    }
    if (precis_result_is_short(result))
        HOLDS(precis_result_sentence_count(result)
              == precis_result_total_sentences(result));
    return NULL;
}

const char *properties_broken(const precis_result *result,
                              const precis_options *options,
                              size_t article_size, int chosen)
{
    size_t size, words = 0, summary_size;
    const char *text = precis_result_text(result, &size), *broken;

    HOLDS(is_valid(text, size));
    HOLDS(precis_result_total_sentences(result) > 0);
    HOLDS(precis_result_charset(result) != NULL);
    HOLDS((precis_result_warning_count(result) > 0)
          == (precis_result_warning(result, 0) != NULL));
    broken = segments_broken(result, article_size, &words);
    if (broken != NULL)
        return broken;
    if (!chosen) {
        precis_result_summary(result, &summary_size);
        HOLDS(summary_size == 0);
        HOLDS(precis_result_sentence_count(result) == 0);
        HOLDS(precis_result_segment_count(result) > 0);
        return NULL;
    }
    broken = chosen_broken(result, options, article_size);
    return broken != NULL ? broken : limit_broken(result, options, words);
}
