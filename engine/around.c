/* around.c - stage 2: the words around a position, and what lists say of them.
 * None of it looks further than LOOKUP_MAX bytes. */
#include <config.h>

#include "engine/split.h"

#include <string.h>

static int is_part(uint32_t c)
{
    return is_class(c, CLASS_LETTER | CLASS_MARK);
}

size_t word_begin(const struct splitter *s, size_t end)
{
    size_t at = end, low = end > LOOKUP_MAX ? end - LOOKUP_MAX : 0;

    while (at > low) {
        uint32_t c = (unsigned char) s->text[at - 1];
        if (c >= 0x80)
            c = char_before(s, at);
        if (!is_part(c))
            break;
        at -= char_size(c);
    }
    return at;
}

size_t word_end(const struct splitter *s, size_t begin)
{
    size_t at = begin, high = begin + LOOKUP_MAX;

    if (high > s->size)
        high = s->size;
    while (at < high) {
        uint32_t c = (unsigned char) s->text[at];
        if (c >= 0x80)
            c = char_at(s, at);
        if (!is_part(c))
            break;
        at += char_size(c);
    }
    return at;
}

/* In small letters, ASCII and Latin-1 without asking unicode_fold().  Returns
 * the size, or 0 where it is too long. */
static size_t fold_word(const struct splitter *s, size_t begin, size_t end,
                        char *fold, size_t room)
{
    size_t size = 0;

    for (size_t i = begin; i < end; i++) {
        unsigned char c = (unsigned char) s->text[i];
        if (c >= 'A' && c <= 'Z') {
            c = (unsigned char) (c + 32);
        } else if (c == 0xC3 && i + 1 < end) {
            fold[size++] = (char) c;
            c = (unsigned char) s->text[++i];
            if (c <= 0x9E && c != 0x97)
                c = (unsigned char) (c + 0x20);
        } else if (c > 0x7F) {
            return unicode_fold(s->text + begin, end - begin, fold, room);
        }
        fold[size++] = (char) c;
    }
    return size;
}

unsigned word_lists(const struct splitter *s, size_t begin, size_t end)
{
    char fold[LOOKUP_MAX * 3];
    size_t size;

    if (end <= begin || end - begin > LOOKUP_MAX)
        return 0;
    size = fold_word(s, begin, end, fold, sizeof fold);
    return language_lists(s->language, fold, size);
}

int word_in(const struct splitter *s, enum list list, size_t begin,
            size_t end)
{
    return (word_lists(s, begin, end) & IN(list)) != 0;
}

int is_starter(const struct splitter *s, size_t begin)
{
    return word_in(s, LIST_STARTERS, begin, word_end(s, begin));
}

int is_article(const struct splitter *s, size_t begin)
{
    return word_in(s, LIST_ARTICLES, begin, word_end(s, begin));
}

int is_opener(const struct splitter *s, size_t begin)
{
    return (word_lists(s, begin, word_end(s, begin))
            & (IN(LIST_STARTERS) | IN(LIST_ARTICLES)))
           != 0;
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

unsigned written_lists(const struct splitter *s, size_t begin, size_t end)
{
    char word[LOOKUP_MAX * 3];
    size_t size = end - begin, first;
    uint32_t c = char_at(s, begin);
    unsigned lists;

    if (size == 0 || size > LOOKUP_MAX)
        return 0;
    lists = language_lists(s->language, s->text + begin, size);
    if (!is_upper(c))
        return lists;
    first = unicode_fold(s->text + begin, char_size(c), word, sizeof word);
    memcpy(word + first, s->text + begin + char_size(c), size - char_size(c));
    return lists
           | language_lists(s->language, word, first + size - char_size(c));
}
