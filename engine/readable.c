/* readable.c - sentences that read badly by themselves; see readable.h. */
#include <config.h>

#include "engine/readable.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/fold.h"
#include "engine/unicode.h"

/* Bytes looked at of an opening; no entry of the lists is longer. */
#define OPENING_MAX 64
#define OPENING_ROOM (OPENING_MAX * FOLD_EXPANSION_MAX)

/* Double quotation marks, of any language.  Each opens in one language and
 * closes in another: „so“, »so«, ”så”, “so”, «ainsi». */
static int is_mark(uint32_t c)
{
    return c == '"' || c == 0xAB || c == 0xBB
           || (c >= 0x201C && c <= 0x201F);
}

static int is_word_character(uint32_t c)
{
    return (unicode_class(c) & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT)) != 0;
}

static int is_space(uint32_t c)
{
    return c == 0 || (unicode_class(c) & CLASS_SPACE) != 0;
}

/* Letters of Hebrew, between which a mark is that of a short form. */
static int is_hebrew(uint32_t c)
{
    return c >= 0x5B0 && c <= 0x5F2;
}

/* 1 where the mark opens, -1 where it closes.  What stands at it says more than
 * what it is; where that says nothing, it is as in French and English.  0 for
 * the end of the text on either side. */
static int mark_side(uint32_t mark, uint32_t before, uint32_t after)
{
    int at_left = is_space(before) || (unicode_class(before) & CLASS_OPEN) != 0;
    int at_right = is_space(after) || (unicode_class(after) & CLASS_PUNCT) != 0;

    if (mark == 0x201E || mark == 0x201F)
        return 1;
    if (at_left && is_word_character(after))
        return 1;
    if (!is_space(before) && at_right && mark != 0xAB)
        return -1;
    if (mark == 0xAB && is_word_character(before) && at_right
        && !is_word_character(after))
        return -1;
    return mark == 0xAB || mark == 0x201C ? 1 : -1;
}

/* « and » begin with C2, the other marks with E2. */
static int may_begin_sign(char c)
{
    return c == '"' || c == '(' || c == ')' || c == '\xC2' || c == '\xE2';
}

#ifdef __SSE2__
static unsigned sign_bits(const char *text)
{
    __m128i bytes = _mm_loadu_si128((const void *) text);
    /* ( and ) differ in one bit, C2 and E2 in another */
    __m128i one = _mm_or_si128(bytes, _mm_set1_epi8(1));
    __m128i other = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    __m128i found = _mm_or_si128(
        _mm_cmpeq_epi8(one, _mm_set1_epi8(')')),
        _mm_or_si128(_mm_cmpeq_epi8(other, _mm_set1_epi8('\xE2')),
                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))));

    return (unsigned) _mm_movemask_epi8(found);
}

size_t sign_find(const char *text, size_t size, size_t at)
{
    unsigned bits;

    for (; size >= 16 && at + 16 <= size; at += 16)
        if ((bits = sign_bits(text + at)) != 0)
            return at + (unsigned) __builtin_ctz(bits);
    if (size >= 16 && at < size) { /* the last 16 once more */
        bits = sign_bits(text + size - 16) >> (at - (size - 16));
        return bits == 0 ? size : at + (unsigned) __builtin_ctz(bits);
    }
    while (at < size && !may_begin_sign(text[at]))
        at++;
    return at;
}
#else
size_t sign_find(const char *text, size_t size, size_t at)
{
    while (at < size && !may_begin_sign(text[at]))
        at++;
    return at;
}
#endif

/* The character that ends at `*end`, which moves before it. */
static uint32_t last_char(const char *text, size_t *end);

static uint32_t char_before(const char *text, size_t at)
{
    return at == 0 ? 0 : last_char(text, &at);
}

static uint32_t char_behind(const char *text, size_t size, size_t at)
{
    uint32_t c = 0;

    if (at < size)
        utf8_next(text, size, &at, &c);
    return c;
}

#ifdef __SSE2__
/* Counts of bytes in sixteen places. */
static unsigned counts_sum(__m128i counts)
{
    __m128i halves = _mm_sad_epu8(counts, _mm_setzero_si128());

    return (unsigned) (_mm_extract_epi16(halves, 0)
                       + _mm_extract_epi16(halves, 4));
}

/* So many bytes are at most read by sixteen without a count going over. */
#define COUNTED_MAX 4080

/* Are the straight quotation marks even and the brackets as many?  Without a
 * branch for each; -1 where there may be other marks, or Hebrew letters, or the
 * text is too short or too long to say. */
static int is_evenly_marked(const char *text, size_t size)
{
    const __m128i numbers = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                          12, 13, 14, 15);
    __m128i quotes = _mm_setzero_si128(), opened = quotes, closed = quotes;
    __m128i others = quotes;

    if (size < 16 || size > COUNTED_MAX)
        return -1;
    for (size_t at = 0; at < size; at += 16) {
        /* of the last 16 those that were not read */
        size_t from = at + 16 <= size ? at : size - 16;
        __m128i bytes = _mm_loadu_si128((const void *) (text + from));
        bytes = _mm_andnot_si128(
            _mm_cmplt_epi8(numbers, _mm_set1_epi8((char) (at - from))), bytes);
        quotes = _mm_sub_epi8(quotes,
                              _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
        opened = _mm_sub_epi8(opened,
                              _mm_cmpeq_epi8(bytes, _mm_set1_epi8('(')));
        closed = _mm_sub_epi8(closed,
                              _mm_cmpeq_epi8(bytes, _mm_set1_epi8(')')));
        /* C2 and E2 begin marks, D6 and D7 letters */
        others = _mm_or_si128(
            others,
            _mm_or_si128(_mm_cmpeq_epi8(_mm_or_si128(bytes,
                                                     _mm_set1_epi8(0x20)),
                                        _mm_set1_epi8('\xE2')),
                         _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(1)),
                                        _mm_set1_epi8('\xD7'))));
    }
    if (_mm_movemask_epi8(others) != 0)
        return -1;
    return counts_sum(quotes) % 2 == 0
           && counts_sum(opened) == counts_sum(closed);
}
#else
static int is_evenly_marked(const char *text, size_t size)
{
    (void) text;
    (void) size;
    return -1;
}
#endif

int is_balanced(const char *text, size_t size)
{
    int is_even = is_evenly_marked(text, size);
    size_t quotes = 0;
    long guillemets = 0, doubles = 0, brackets = 0;

    if (is_even >= 0)
        return is_even;
    for (size_t at = 0; (at = sign_find(text, size, at)) < size;) {
        size_t begin = at;
        uint32_t c, before, after;
        utf8_next(text, size, &at, &c);
        brackets += (c == '(') - (c == ')');
        if (!is_mark(c))
            continue;
        before = char_before(text, begin);
        after = char_behind(text, size, at);
        if (c == '"')
            quotes += !(is_hebrew(before) && is_hebrew(after));
        else if (c == 0xAB || c == 0xBB)
            guillemets += mark_side(c, before, after);
        else
            doubles += mark_side(c, before, after);
    }
    return quotes % 2 == 0 && guillemets == 0 && doubles == 0
           && brackets == 0;
}

int has_quote(const char *text, size_t size)
{
    for (size_t at = 0; (at = sign_find(text, size, at)) < size;) {
        size_t begin = at;
        uint32_t c, before, after;
        utf8_next(text, size, &at, &c);
        if (!is_mark(c) && c != 0x2018 && c != 0x201A)
            continue;
        before = char_before(text, begin);
        after = char_behind(text, size, at);
        if (is_mark(c)
            && (c != '"' || !is_hebrew(before) || !is_hebrew(after)))
            return 1;
        /* single ones, where a word begins: no apostrophe */
        if ((c == 0x2018 || c == 0x201A) && !is_word_character(before)
            && is_word_character(after))
            return 1;
    }
    return 0;
}

/* The character that ends at `*end`, which moves before it. */
static uint32_t last_char(const char *text, size_t *end)
{
    size_t at;
    uint32_t c;

    do
        --*end;
    while (*end > 0 && ((unsigned char) text[*end] & 0xC0) == 0x80);
    at = *end;
    utf8_next(text, at + 4, &at, &c);
    return c;
}

/* The Greek question mark is a semicolon once composed (U+037E); behind other
 * letters a semicolon asks nothing. */
static int is_greek(uint32_t c)
{
    return (c >= 0x370 && c <= 0x3FF) || (c >= 0x1F00 && c <= 0x1FFF);
}

/* Armenian asks inside the word that is asked about, and ends the sentence
 * with its full stop: a question has such a sign outside of quotation marks. */
static int asks_in_armenian(const char *text, size_t size)
{
    int depth = 0;

    for (size_t at = 0; at < size;) {
        uint32_t c;
        utf8_next(text, size, &at, &c);
        depth += (c == 0xAB) - (c == 0xBB);
        if (c == 0x55E && depth <= 0)
            return 1;
    }
    return 0;
}

int is_question(const char *text, size_t size)
{
    int quoted = 0;
    uint32_t c = 0, first;
    size_t at = 0, whole = size;

    while (size > 0) {
        c = last_char(text, &size);
        if (is_mark(c))
            quoted = 1;
        else if (!(unicode_class(c) & (CLASS_SPACE | CLASS_CLOSE)))
            break;
    }
    if (c == 0x589 || c == ':' || c == 0x55E)
        return asks_in_armenian(text, whole);
    if (c == ';' && size > 0) {
        size_t end = size;
        if (!is_greek(last_char(text, &end)))
            return 0;
    } else if (c != '?' && c != 0x61F)
        return 0;
    utf8_next(text, size + 1, &at, &first);
    return !quoted || is_mark(first);
}

int is_talk(const char *text, size_t size)
{
    size_t at = 0;
    uint32_t c;

    if (size == 0)
        return 0;
    utf8_next(text, size, &at, &c);
    return c == 0x2013 || c == 0x2014 || is_question(text, size);
}

/* Where the opening begins, behind dashes and quotation marks. */
static size_t opening_find(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t begin = at;
        uint32_t c;
        utf8_next(text, size, &at, &c);
        if (unicode_class(c) & (CLASS_LETTER | CLASS_DIGIT))
            return begin;
    }
    return size;
}

/* A character of an opening as it is compared. */
static uint32_t plain_char(uint32_t c)
{
    if (c == 0x2019)
        return '\'';
    return unicode_class(c) & CLASS_SPACE ? ' ' : c;
}

/* Writes the opening as it is compared, with plain apostrophes and spaces;
 * returns its size. */
static size_t fold_opening(const struct language *language, const char *text,
                           size_t size, char out[OPENING_ROOM])
{
    size_t folded = fold_word(language, text, size, out, OPENING_ROOM);
    size_t used = 0;

    for (size_t at = 0; at < folded;) { /* what is written is no longer */
        uint32_t c;
        if ((unsigned char) out[at] < 0x80 && out[at] >= ' ') {
            out[used++] = out[at++];
            continue;
        }
        utf8_next(out, folded, &at, &c);
        used += utf8_put(plain_char(c), out + used);
    }
    return used;
}

/* Does what stands behind an entry end it?  One that ends with a letter must
 * end a word. */
static size_t entry_ends(const char *opening, size_t size, size_t entry)
{
    size_t at = entry;
    uint32_t c;

    if (entry == 0 || entry == size
        || (opening[entry - 1] > 0 && opening[entry - 1] <= '9'))
        return entry;
    utf8_next(opening, size, &at, &c);
    return c == '-' || c == '\''
                   || (unicode_class(c)
                       & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT))
               ? 0
               : entry;
}

/* Of each list, the longest entry that the opening begins with. */
struct entries {
    size_t connective, pronoun, opening;
};

/* Notes that `used` bytes of the opening are an entry, where they are. */
static void find_entry(const struct language *language, const char *out,
                       size_t used, uint32_t hash, struct entries *found)
{
    uint32_t lists = lexicon_find(language, out, used, hash);

    if (lists & 1u << LIST_CONNECTIVES)
        found->connective = used;
    if (lists & 1u << LIST_PRONOUNS)
        found->pronoun = used;
    if (lists & 1u << LIST_OPENINGS)
        found->opening = used;
}

/* Bytes of an opening by which most are seen to begin with no entry. */
#define GLANCE 8

#ifdef __SSE2__
/* lexicon_hash() of the first byte, the first two, and so on, without the bits
 * above 16: twice, four and eight times as many bytes with each step. */
static __m128i glance_hashes(__m128i bytes)
{
    __m128i hashes = _mm_unpacklo_epi8(bytes, _mm_setzero_si128());

    hashes = _mm_add_epi16(hashes,
                           _mm_mullo_epi16(_mm_slli_si128(hashes, 2),
                                           _mm_set1_epi16(31)));
    hashes = _mm_add_epi16(hashes,
                           _mm_mullo_epi16(_mm_slli_si128(hashes, 4),
                                           _mm_set1_epi16(961)));
    return _mm_add_epi16(hashes,
                         _mm_mullo_epi16(_mm_slli_si128(hashes, 8),
                                         _mm_set1_epi16(961 * 961 % 65536)));
}

_Static_assert(LEANING_BITS / 2 <= 65536, "16 bits of a hash are enough");

/* 0xFF in each byte from `low` on, `count` of them. */
static inline __m128i glance_range(__m128i bytes, int low, int count)
{
    return _mm_cmplt_epi8(_mm_sub_epi8(bytes,
                                       _mm_set1_epi8((char) (low - 128))),
                          _mm_set1_epi8((char) (count - 128)));
}

static inline unsigned glance_bits(__m128i bytes)
{
    return (unsigned) _mm_movemask_epi8(bytes) % (1u << GLANCE);
}

/* Small letters, those from À to ÿ too, and what folds to nobody knows what:
 * other characters below a space or beyond ASCII. */
static inline __m128i glance_fold(__m128i bytes, unsigned *others)
{
    __m128i lead = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\xC3'));
    __m128i second = _mm_slli_si128(lead, 1);
    __m128i sign = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\x97'));
    __m128i latin = _mm_andnot_si128(sign, glance_range(bytes, 0x80, 0x1F));
    __m128i capitals = _mm_or_si128(glance_range(bytes, 'A', 26),
                                    _mm_and_si128(second, latin));
    unsigned leads = glance_bits(lead) % (1u << (GLANCE - 1));

    *others = glance_bits(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')))
              & ~(leads | leads << 1);
    return _mm_or_si128(bytes, _mm_and_si128(capitals, _mm_set1_epi8(0x20)));
}

/* Behind which of the bytes no entry ends, as entry_ends() has it. */
static inline unsigned glance_inner(__m128i small)
{
    __m128i sign = _mm_or_si128(_mm_cmpeq_epi8(small, _mm_set1_epi8('-')),
                                _mm_cmpeq_epi8(small, _mm_set1_epi8('\'')));
    __m128i behind = _mm_or_si128(sign, glance_range(small, 'a', 26));

    behind = _mm_or_si128(behind, glance_range(small, '0', 10));
    return glance_bits(behind) >> 1
           & ~glance_bits(glance_range(small, 1, '9'));
}

/* Does an opening perhaps begin with an entry?  Always so many bytes are looked
 * at, for nobody could foresee after which it is clear. */
static int may_lean(const uint8_t *leanings, const char *text, size_t size)
{
    unsigned begins = 0, ends = 0, others;
    uint16_t hashes[GLANCE];
    __m128i small;

    if (size < GLANCE)
        return 1;
    small = glance_fold(_mm_loadl_epi64((const void *) text), &others);
    _mm_storeu_si128((void *) hashes, glance_hashes(small));
    for (int i = 0; i < GLANCE; i++) {
        unsigned bits = leaning_bits(leanings, hashes[i]);
        begins |= bits % LEANING_ENDS << i;
        ends |= bits / LEANING_ENDS << i;
    }
    ends &= ~glance_inner(small);
    begins ^= begins + 1; /* up to the first byte with which none goes on */
    return ((ends | others) & begins) != 0 || begins >> GLANCE != 0;
}
#else
/* Does an opening perhaps begin with an entry?  Always so many bytes are looked
 * at, for nobody could foresee after which it is clear. */
static int may_lean(const uint8_t *leanings, const char *text, size_t size)
{
    uint32_t hash = LEXICON_HASH;
    unsigned begins = LEANING_BEGINS, found = 0;

    if (size < GLANCE)
        return 1;
    for (int i = 0; i < GLANCE; i++) {
        unsigned byte = (unsigned char) text[i], bits;
        found |= byte - ' ' >= 0x60 ? begins : 0; /* folds to what? */
        hash = lexicon_hash(hash, byte - 'A' < 26 ? byte + 32 : byte);
        bits = leaning_bits(leanings, hash);
        found |= begins & bits / (LEANING_ENDS / LEANING_BEGINS);
        begins &= bits;
    }
    return (found | begins) != 0;
}

#endif

/* Where characters fold one by one: reads no further than an entry may begin
 * like that, and one character more.  Returns what it wrote. */
static size_t find_entries(const struct language *language, const char *text,
                           size_t size, char out[OPENING_ROOM],
                           struct entries *found)
{
    const uint8_t *leanings = language->leanings;
    uint32_t hash = LEXICON_HASH;
    size_t used = 0, hashed = 0;

    for (size_t at = 0; at < size;) {
        unsigned char byte = (unsigned char) text[at];
        unsigned bits = LEANING_BEGINS;
        if (byte < 0x80 && byte >= ' ') {
            out[used++] = (char) (byte >= 'A' && byte <= 'Z'
                                      ? byte + ('a' - 'A')
                                      : byte);
            at++;
        } else {
            uint32_t c;
            size_t begin = at;
            utf8_next(text, size, &at, &c);
            used += fold_opening(language, text + begin, at - begin,
                                 out + used);
        }
        for (; hashed < used && bits & LEANING_BEGINS; hashed++) {
            hash = lexicon_hash(hash, (unsigned char) out[hashed]);
            bits = leaning_bits(leanings, hash);
        }
        if ((bits & LEANING_BEGINS) == 0)
            break;
        if (bits & LEANING_ENDS)
            find_entry(language, out, used, hash, found);
    }
    return used;
}

/* The same where they do not. */
static size_t search_entries(const struct language *language, const char *text,
                             size_t size, char out[OPENING_ROOM],
                             struct entries *found)
{
    size_t used = fold_opening(language, text, size, out);

    found->connective =
        language_prefix(language, LIST_CONNECTIVES, out, used);
    found->pronoun = language_prefix(language, LIST_PRONOUNS, out, used);
    found->opening = language_prefix(language, LIST_OPENINGS, out, used);
    return used;
}

int is_leaning(const struct language *language, const char *text, size_t size)
{
    struct entries found = { 0 };
    char out[OPENING_ROOM];
    size_t begin = opening_find(text, size), end = size, used;

    if (language->leanings != NULL
        && !may_lean(language->leanings, text + begin, size - begin))
        return 0;
    if (end - begin > OPENING_MAX) {
        end = begin + OPENING_MAX;
        while (((unsigned char) text[end] & 0xC0) == 0x80)
            end--;
    }
    if (language->leanings != NULL)
        used = find_entries(language, text + begin, end - begin, out, &found);
    else
        used = search_entries(language, text + begin, end - begin, out,
                              &found);
    if (found.connective == 0 && found.pronoun == 0)
        return 0;
    return (entry_ends(out, used, found.connective) > 0
            || entry_ends(out, used, found.pronoun) > 0)
           && entry_ends(out, used, found.opening) == 0;
}
