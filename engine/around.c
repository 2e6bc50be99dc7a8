/* around.c - stage 2: the words around a position, and what lists say of them.
 * None of it looks further than LOOKUP_MAX bytes. */
#include <config.h>

#include "engine/sixteen.h"
#include "engine/split.h"

#include <string.h>

static int is_part(uint32_t c)
{
    return is_class(c, CLASS_LETTER | CLASS_MARK);
}

static inline int is_ascii_letter(unsigned c)
{
    return (c | 32) - 'a' < 26;
}

/* The second byte of a letter that 0xC3 leads: all but those of × and ÷. */
static inline int is_latin_letter(unsigned c)
{
    return (c & 0xDF) != 0x97;
}

/* Most words end within sixteen bytes.  SIZE_MAX where one does not, or where
 * it ends with what sixteen.h does not know. */
static inline size_t quick_begin(const struct splitter *s, size_t end)
{
#ifdef __SSE2__
    if (end >= SIXTEEN && end <= s->size) {
        size_t first = end - SIXTEEN, last;
        unsigned others = letters_at(s->text + first).found ^ 0xFFFF;
        if (others == 0)
            return SIZE_MAX;
        last = first + 31 - (unsigned) __builtin_clz(others);
        if ((unsigned char) s->text[last] < 0x80)
            return last + 1;
    }
#else
    (void) s;
    (void) end;
#endif
    return SIZE_MAX;
}

size_t word_begin(const struct splitter *s, size_t end)
{
    size_t at = quick_begin(s, end);
    size_t low = end > LOOKUP_MAX ? end - LOOKUP_MAX : 0;

    if (at != SIZE_MAX)
        return at;
    at = end;
    while (at > low) {
        uint32_t c = (unsigned char) s->text[at - 1];
        if (c < 0x80) {
            if (!is_ascii_letter(c))
                break;
            at--;
            continue;
        }
        c = char_before(s, at);
        if (!is_part(c))
            break;
        at -= char_size(c);
    }
    return at;
}

static inline size_t quick_end(const struct splitter *s, size_t begin)
{
#ifdef __SSE2__
    if (begin + SIXTEEN <= s->size) {
        unsigned others = letters_at(s->text + begin).found ^ 0xFFFF;
        size_t end = begin + (unsigned) __builtin_ctz(others | 0x10000);
        if (others != 0 && (unsigned char) s->text[end] < 0x80)
            return end;
    }
#else
    (void) s;
    (void) begin;
#endif
    return SIZE_MAX;
}

size_t word_end(const struct splitter *s, size_t begin)
{
    const unsigned char *text = (const unsigned char *) s->text;
    size_t at = quick_end(s, begin), high = begin + LOOKUP_MAX;

    if (at != SIZE_MAX)
        return at;
    at = begin;
    if (high > s->size)
        high = s->size;
    while (at < high) {
        uint32_t c = text[at];
        if (c < 0x80) {
            if (!is_ascii_letter(c))
                break;
            at++;
        } else if (c == 0xC3) {
            if (!is_latin_letter(text[at + 1]))
                break;
            at += 2;
        } else {
            c = char_at(s, at);
            if (!is_part(c))
                break;
            at += char_size(c);
        }
    }
    return at;
}

/* The lists of a word that has letters beyond À to ÿ. */
static unsigned other_lists(const struct splitter *s, size_t begin,
                            size_t end)
{
    char fold[LOOKUP_MAX * 3];
    size_t size = unicode_fold(s->text + begin, end - begin, fold,
                               sizeof fold);

    return language_lists(s->language, fold, size);
}

#ifdef __SSE2__
_Static_assert(SIXTEEN <= LEXICON_ROOM, "an entry is compared in one go");

/* The lists of the word that these are the first bytes of: lexicon_find() of
 * one that is short.  Whether a word is in the lexicon, and then in its own
 * place or the next one, cannot be foreseen: there is a branch only for what is
 * in neither, though both are taken. */
static unsigned lists_of(const struct splitter *s, __m128i bytes, size_t size)
{
    const struct lexicon_entry *entries = s->language->lexicon, *entry;
    uint32_t mask = s->language->lexicon_mask, hash, key, next, found;
    unsigned others = ~0u << size, is_free;
    char word[SIXTEEN];

    if (entries == NULL)
        return 0;
    hash = sixteen_hash(bytes, size);
    key = lexicon_key(hash, size);
    next = hash + (entries[hash & mask].key != key);
    entry = &entries[next & mask];
    is_free = (entries[hash & mask].key == 0) | (entry->key == 0);
    others |= bits_of(_mm_cmpeq_epi8(
        bytes, sixteen(s->language->lexicon_words + entry->offset)));
    found = (uint32_t) (entry->key == key) & (uint32_t) (others == ~0u);
    if (found + is_free > 0) /* a sum: not two branches */
        return entry->lists & (0 - found);
    _mm_storeu_si128((void *) word, bytes);
    return lexicon_find(s->language, word, size, hash);
}
#endif

unsigned word_lists(const struct splitter *s, size_t begin, size_t end)
{
    const unsigned char *text = (const unsigned char *) s->text + begin;
    char fold[LOOKUP_MAX];
    size_t size = end - begin;
    uint32_t hash = LEXICON_HASH;

    if (end <= begin || size > LOOKUP_MAX)
        return 0;
#ifdef __SSE2__
    if (size < SIXTEEN && begin + SIXTEEN <= s->size) {
        struct letters letters = letters_at(s->text + begin);
        if ((~letters.found & ((1u << size) - 1)) == 0)
            return lists_of(s, letters.small, size);
    }
#endif
    for (size_t i = 0; i < size; i++) {
        unsigned c = text[i];
        if (c - 'A' < 26) {
            c += 32;
        } else if (c == 0xC3 && i + 1 < size) {
            fold[i] = (char) c;
            hash = lexicon_hash(hash, c);
            c = text[++i];
            if (c <= 0x9E && c != 0x97)
                c += 0x20;
        } else if (c > 0x7F) {
            return other_lists(s, begin, end);
        }
        fold[i] = (char) c;
        hash = lexicon_hash(hash, c);
    }
    return lexicon_find(s->language, fold, size, hash);
}

unsigned word_read(const struct splitter *s, size_t begin, size_t *end)
{
    const unsigned char *text = (const unsigned char *) s->text;
    size_t at = begin, high = begin + LOOKUP_MAX;
    char fold[LOOKUP_MAX];
    uint32_t hash = LEXICON_HASH;

#ifdef __SSE2__
    if (begin + SIXTEEN <= s->size) {
        struct letters letters = letters_at(s->text + begin);
        unsigned others = letters.found ^ 0xFFFF;
        *end = begin + (unsigned) __builtin_ctz(others | 0x10000);
        if (others != 0 && text[*end] < 0x80)
            return *end == begin ? 0
                                 : lists_of(s, letters.small, *end - begin);
    }
#endif
    if (high > s->size)
        high = s->size;
    for (; at < high; at++) {
        unsigned c = text[at] | 32u;
        if (c - 'a' >= 26)
            break;
        fold[at - begin] = (char) c;
        hash = lexicon_hash(hash, c);
    }
    if (at < high && text[at] >= 0x80) { /* not ASCII alone */
        *end = word_end(s, begin);
        return word_lists(s, begin, *end);
    }
    *end = at;
    return at == begin ? 0
                       : lexicon_find(s->language, fold, at - begin, hash);
}

int word_in(const struct splitter *s, enum list list, size_t begin,
            size_t end)
{
    return (word_lists(s, begin, end) & IN(list)) != 0;
}

int is_starter(const struct splitter *s, size_t begin)
{
    size_t end;

    return (word_read(s, begin, &end) & IN(LIST_STARTERS)) != 0;
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
        uint32_t c = (unsigned char) byte_at(s, at);
        if (c == ' ') {
            at++;
            continue;
        }
        if (c > ' ' && c < 0x7F)
            return at;
        c = char_at(s, at);
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
#ifdef __SSE2__
    if (size < SIXTEEN && begin + SIXTEEN <= s->size && c < 0x80) {
        __m128i bytes = sixteen(s->text + begin);
        lists = lists_of(s, bytes, size);
        if (is_upper(c)) /* its small letter has one bit more */
            lists |= lists_of(s, _mm_or_si128(bytes, _mm_cvtsi32_si128(0x20)),
                              size);
        return lists;
    }
#endif
    lists = language_lists(s->language, s->text + begin, size);
    if (!is_upper(c))
        return lists;
    first = unicode_fold(s->text + begin, char_size(c), word, sizeof word);
    memcpy(word + first, s->text + begin + char_size(c), size - char_size(c));
    return lists
           | language_lists(s->language, word, first + size - char_size(c));
}
