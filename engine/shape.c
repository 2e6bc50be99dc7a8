/* shape.c - what stands between spaces; see shape.h. */
#include <config.h>

#include "engine/shape.h"

/* Bytes of a token that are looked at. */
#define TOKEN_MAX 32

uint32_t hash_word(const struct splitter *s, size_t begin, size_t end)
{
    uint32_t hash = 2166136261u;

    if (end > begin + LOOKUP_MAX)
        end = begin + LOOKUP_MAX;
    while (begin < end) {
        uint32_t c = char_at(s, begin);
        begin += char_size(c);
        hash = (hash ^ unicode_lower(c)) * 16777619u;
    }
    return hash;
}

static int is_vowel(uint32_t c)
{
    c = unicode_lower(c);
    return c > 0x7F || c == 'a' || c == 'e' || c == 'i' || c == 'o'
           || c == 'u' || c == 'y';
}

static int is_roman(uint32_t c)
{
    return c == 'I' || c == 'V' || c == 'X' || c == 'L' || c == 'C';
}

enum shape shape_of(const struct splitter *s, size_t begin, size_t end)
{
    unsigned letters = 0, digits = 0, upper = 0, lower = 0, vowels = 0;
    unsigned roman = 0, inner = 0, dots = 0;
    uint32_t c = char_at(s, begin);
    int capital = is_upper(c);

    for (size_t at = begin; at < end; at += char_size(c)) {
        unsigned class;
        c = char_at(s, at);
        class = unicode_class(c);
        letters += (class & CLASS_LETTER) != 0;
        digits += (class & CLASS_DIGIT) != 0;
        upper += (class & CLASS_UPPER) != 0;
        lower += (class & CLASS_LOWER) != 0;
        roman += (unsigned) is_roman(c);
        vowels += (unsigned) is_vowel(c);
        dots += c == '.';
        inner += (class & (CLASS_LETTER | CLASS_DIGIT | CLASS_MARK)) == 0;
    }
    if (letters + digits == 0)
        return SHAPE_NONE;
    if (letters == 0)
        return inner > 0       ? SHAPE_NUMBER
               : digits == 1   ? SHAPE_DIGIT
               : digits == 2   ? SHAPE_DIGITS_2
               : digits == 4   ? SHAPE_DIGITS_4
                               : SHAPE_DIGITS;
    if (dots > 0 && letters <= 2 * (dots + 1))
        return SHAPE_DOTTED;
    if (digits > 0)
        return SHAPE_MIXED;
    if (letters == 1) /* without case: an initial, not "a" or "o" */
        return lower ? SHAPE_LETTER_1 : SHAPE_CAPITAL_1;
    if (upper == letters)
        return roman == letters ? SHAPE_ROMAN
               : letters <= 3   ? SHAPE_CAPITALS_3
                                : SHAPE_CAPITALS;
    if (upper + lower == 0)
        return letters == 2 ? SHAPE_LETTERS_2 : SHAPE_LETTERS;
    if (vowels == 0 && letters <= 5)
        return capital ? SHAPE_NAME_CONSONANTS : SHAPE_CONSONANTS;
    if (capital)
        return letters <= 4 ? SHAPE_NAME_4 : SHAPE_NAME;
    return letters <= 3 ? SHAPE_LOW_3 : letters <= 5 ? SHAPE_LOW_5 : SHAPE_LOW;
}

size_t token_begin(const struct splitter *s, size_t end)
{
    size_t low = end > TOKEN_MAX ? end - TOKEN_MAX : 0, at = end;

    if (low < s->begin)
        low = s->begin;
    while (at > low && (unsigned char) s->text[at - 1] > ' ')
        at--;
    while (at < end && ((unsigned char) s->text[at] & 0xC0) == 0x80)
        at++;
    while (at < end) {
        uint32_t c = char_at(s, at);
        if (is_class(c, CLASS_LETTER | CLASS_DIGIT | CLASS_MARK))
            break;
        at += char_size(c);
    }
    return at;
}

size_t token_end(const struct splitter *s, size_t begin)
{
    size_t high = begin + TOKEN_MAX < s->size ? begin + TOKEN_MAX : s->size;
    size_t at = begin, end = begin;

    while (at < high && (unsigned char) s->text[at] > ' ') {
        uint32_t c = char_at(s, at);
        at += char_size(c);
        if (is_class(c, CLASS_LETTER | CLASS_DIGIT | CLASS_MARK))
            end = at;
    }
    return end;
}

size_t before_space(const struct splitter *s, size_t at)
{
    while (at > s->begin && s->text[at - 1] == ' ')
        at--;
    return at;
}
