/* around.c - stage 2: the words around a position, and what lists say of them.
 * None of it looks further than LOOKUP_MAX bytes. */
#include <config.h>

#include "engine/split.h"

#include <string.h>

size_t word_begin(const struct splitter *s, size_t end)
{
    size_t at = end, low = end > LOOKUP_MAX ? end - LOOKUP_MAX : 0;

    while (at > low) {
        uint32_t c = char_before(s, at);
        if (!is_class(c, CLASS_LETTER | CLASS_MARK))
            break;
        at -= char_size(c);
    }
    return at;
}

size_t word_end(const struct splitter *s, size_t begin)
{
    size_t at = begin, high = begin + LOOKUP_MAX;

    while (at < s->size && at < high) {
        uint32_t c = char_at(s, at);
        if (!is_class(c, CLASS_LETTER | CLASS_MARK))
            break;
        at += char_size(c);
    }
    return at;
}

int word_in(const struct splitter *s, enum list list, size_t begin,
            size_t end)
{
    char fold[LOOKUP_MAX * 3];
    size_t size;

    if (end <= begin || end - begin > LOOKUP_MAX)
        return 0;
    size = unicode_fold(s->text + begin, end - begin, fold, sizeof fold);
    return size > 0 && language_has(s->language, list, fold, size);
}

int is_starter(const struct splitter *s, size_t begin)
{
    return word_in(s, LIST_STARTERS, begin, word_end(s, begin));
}

int is_article(const struct splitter *s, size_t begin)
{
    return word_in(s, LIST_ARTICLES, begin, word_end(s, begin));
}

size_t skip_space(const struct splitter *s, size_t at)
{
    for (;;) {
        uint32_t c = char_at(s, at);
        if (!is_space(c))
            return at;
        at += char_size(c);
    }
}

int is_listed(const struct splitter *s, enum list list, size_t begin,
              size_t end)
{
    char word[LOOKUP_MAX * 3];
    size_t size = end - begin, first;
    uint32_t c = char_at(s, begin);

    if (size == 0 || size > LOOKUP_MAX)
        return 0;
    if (language_has(s->language, list, s->text + begin, size))
        return 1;
    if (!is_upper(c))
        return 0;
    first = unicode_fold(s->text + begin, char_size(c), word, sizeof word);
    if (first == 0)
        return 0;
    memcpy(word + first, s->text + begin + char_size(c), size - char_size(c));
    return language_has(s->language, list, word,
                        first + size - char_size(c));
}
