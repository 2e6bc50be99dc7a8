/* joint.c - stage 2: does a sentence begin here, although no mark and nothing
 * but a space stands before it?
 *
 * Wire copy loses the line ends around its sub-headings, and so does every
 * text that was once a page:
 *
 *     ... a dit le maire. Peu de réactions Interrogé hier, il ...
 *
 * No single sign tells the joint from the name of a newspaper ("le quotidien
 * La Provence"); a dozen weak ones together do.  Each has a weight, made by
 * bench/joints.py from texts whose joints are known, in stemmers/<code>/joints;
 * a language without that file has no such joints.
 *
 * The two words that meet settle most places: for each pair of kinds a gate
 * says whether a joint was ever found between such.  Only then are the run
 * before, HEADING_MAX bytes at most, and the words behind looked at.
 */
#include <config.h>

#include "engine/joint.h"
#include "engine/sixteen.h"

#include <limits.h>

/* Bytes read ahead for the verb that makes a sentence. */
#define AHEAD_MAX 60

/* What the sentence would begin with. */
enum opening {
    OPENING_STARTER, OPENING_STARTER_ELIDED, OPENING_ARTICLE,
    OPENING_ARTICLE_ELIDED, OPENING_FUNCTION, OPENING_OTHER, OPENING_CAPITALS,
    OPENING_QUOTE, OPENINGS
};

/* What a word is, on either side. */
enum shape {
    SHAPE_LOWER, SHAPE_FUNCTION, SHAPE_VERB, SHAPE_NAMER, SHAPE_CAPITAL,
    SHAPE_CAPITALS, SHAPE_DIGIT, SHAPE_BRACKET, SHAPE_QUOTE, SHAPE_OTHER,
    SHAPES
};

/* Words before the joint: 0, 1, 2, 3, 4-5, 6-8, 9-13, more. */
#define LENGTHS 8

enum flag {
    FLAG_VERB,          /* before the joint */
    FLAG_COMMA, FLAG_COLON, FLAG_QUOTE, FLAG_NAME, FLAG_NAMES,
    FLAG_OPEN_QUOTE,    /* the joint is inside a quotation */
    FLAG_OPEN_GUILLEMET,
    FLAG_LETTER,        /* one letter and no apostrophe: "vitamine C" */
    FLAG_CAPITALS,      /* both sides in capitals */
    FLAG_WORD,          /* one word and not glued: "Marine Le Pen" */
    FLAGS
};

/* Where the weights of each kind begin. */
enum {
    AT_BIAS,
    AT_AFTER = AT_BIAS + 1,
    AT_BEFORE = AT_AFTER + OPENINGS * SHAPES,
    AT_AHEAD = AT_BEFORE + OPENINGS * SHAPES,
    AT_LENGTH = AT_AHEAD + OPENINGS * 4,
    AT_FIRST = AT_LENGTH + OPENINGS * LENGTHS,
    AT_VERB = AT_FIRST + SHAPES + OPENINGS,
    AT_FLAG = AT_VERB + LENGTHS,
    AT_EDGE = AT_FLAG + FLAGS,
    AT_SIDES = AT_EDGE + 3 * OPENINGS, /* opening, before, ahead */
    AT_START = AT_SIDES + OPENINGS * SHAPES * 4, /* first, length */
    AT_GATE = AT_START + SHAPES * LENGTHS, /* opening, before: not 0 where
                                              a joint was ever seen */
    AT_END = AT_GATE + OPENINGS * SHAPES
};
_Static_assert(AT_END == JOINT_WEIGHTS, "language.h says how many");

/* Does the word begin with two capitals?  What follows may be glued to it
 * ("NICELa"). */
static inline int is_capitals(const struct splitter *s, size_t begin,
                              size_t end)
{
    uint32_t first, second;

    if (begin >= end)
        return 0;
    first = (unsigned char) s->text[begin];
    second = (unsigned char) byte_at(s, begin + 1);
    if (first < 0x80 && second < 0x80)
        return end - begin > 1 && first - 'A' < 26 && second - 'A' < 26;
    utf8_next(s->text, s->size, &begin, &first);
    second = begin < end ? char_at(s, begin) : 0;
    return is_class(first, CLASS_UPPER) && is_class(second, CLASS_UPPER);
}

static enum shape lower_shape(unsigned lists)
{
    return lists & IN(LIST_VERBS)       ? SHAPE_VERB
           : lists & IN(LIST_STOPWORDS) ? SHAPE_FUNCTION
           : lists & IN(LIST_NAMERS)    ? SHAPE_NAMER
                                        : SHAPE_LOWER;
}

static enum shape word_shape(const struct splitter *s, size_t begin,
                             size_t end)
{
    uint32_t c = char_at(s, begin);

    if (is_class(c, CLASS_DIGIT))
        return SHAPE_DIGIT;
    if (begin == end)
        return quote_role(s, c) != 0 ? SHAPE_QUOTE : SHAPE_OTHER;
    if (is_class(c, CLASS_UPPER))
        return is_capitals(s, begin, end) ? SHAPE_CAPITALS : SHAPE_CAPITAL;
    return lower_shape(word_lists(s, begin, end));
}

/* Of the word that begins here; writes where it ends. */
static enum opening opening_of(const struct splitter *s, size_t begin,
                               size_t *word)
{
    unsigned lists = word_read(s, begin, word);
    size_t end = *word;

    if (is_capitals(s, begin, end))
        return OPENING_CAPITALS;
    if (lists & IN(LIST_ARTICLES))
        return is_apostrophe(char_at(s, end)) ? OPENING_ARTICLE_ELIDED
                                              : OPENING_ARTICLE;
    if (lists & IN(LIST_STARTERS))
        return is_apostrophe(char_at(s, end)) ? OPENING_STARTER_ELIDED
                                              : OPENING_STARTER;
    return lists & IN(LIST_STOPWORDS) ? OPENING_FUNCTION : OPENING_OTHER;
}

/* What stands straight before the space that ends at `at`.  `gate` says, by
 * shape, whether it matters; or NULL: it does. */
static enum shape shape_before(const struct splitter *s, size_t at,
                               const int16_t *gate)
{
    uint32_t c = char_before(s, at);
    unsigned lists;
    size_t word;

    if (!is_class(c, CLASS_LETTER | CLASS_MARK)) {
        if (c == ')' || c == ']')
            return SHAPE_BRACKET;
        if (quote_role(s, c) != 0)
            return SHAPE_QUOTE;
        return is_class(c, CLASS_DIGIT) || c == '%' || c == 0x20AC
                   ? SHAPE_DIGIT
                   : SHAPE_OTHER;
    }
    word = word_begin(s, at);
    c = char_at(s, word);
    if (is_class(c, CLASS_DIGIT) || word == at)
        return word_shape(s, word, at);
    if (is_class(c, CLASS_UPPER) && is_capitals(s, word, at))
        return SHAPE_CAPITALS;
    if (is_class(c, CLASS_UPPER) && gate != NULL && gate[SHAPE_CAPITAL] == 0
        && gate[SHAPE_FUNCTION] == 0)
        return SHAPE_CAPITAL;
    lists = word_lists(s, word, at);
    if (is_class(c, CLASS_UPPER))
        return lists & (IN(LIST_STARTERS) | IN(LIST_ARTICLES))
                   ? SHAPE_FUNCTION
                   : SHAPE_CAPITAL;
    return lower_shape(lists);
}

/* Signs of a sentence behind its first word: bit 0 a verb, bit 1 a comma. */
static unsigned look_ahead(const struct splitter *s, size_t at)
{
    size_t high = at + AHEAD_MAX < s->size ? at + AHEAD_MAX : s->size;
    unsigned found = 0;

    while (at < high) {
        size_t word;
        uint32_t c;
        unsigned lists = word_read(s, at, &word);
        if (word > at) {
            if (lists & IN(LIST_VERBS))
                return found | 1;
            at = word;
            continue;
        }
        utf8_next(s->text, s->size, &at, &c);
        if (c == '.' || c == '!' || c == '?' || c == '\n')
            break;
        found |= c == ',' ? 2u : 0u;
    }
    return found;
}

static void put(struct joint *joint, int feature)
{
    joint->features[joint->count++] = (uint16_t) feature;
}

static void flag(struct joint *joint, enum flag number, int is)
{
    if (is)
        put(joint, AT_FLAG + (int) number);
}

/* The word behind the place. */
static void read_word_at(const struct splitter *s, size_t at,
                         struct joint *joint)
{
    uint32_t c = char_at(s, at);

    if (!is_class(c, CLASS_LETTER) && quote_role(s, c) != 0) {
        joint->word = at;
        joint->next = skip_space(s, at + char_size(c));
        joint->opening = OPENING_QUOTE;
    } else {
        joint->opening = (int) opening_of(s, at, &joint->word);
        c = char_at(s, joint->word);
        joint->next = joint->word;
        if (c == ' ' || is_apostrophe(c))
            joint->next += char_size(c);
    }
    joint->count = 0;
    joint->aside = 0;
}

/* What is known of the words on both sides without looking further ahead than
 * to the second one behind, whose shape is returned. */
static enum shape read_sides(const struct splitter *s, size_t at,
                             struct joint *joint)
{
    int opening = joint->opening, before = joint->before;
    size_t next = joint->next, end = word_end(s, next);
    enum shape after = word_shape(s, next, end);

    /* "L'Agence a": a small article would stand inside a sentence. */
    if ((after == SHAPE_CAPITAL || after == SHAPE_CAPITALS)
        && (opening == OPENING_ARTICLE || opening == OPENING_ARTICLE_ELIDED)
        && word_in(s, LIST_INSTITUTIONS, next, end))
        after = SHAPE_NAMER;
    put(joint, AT_BIAS);
    put(joint, AT_AFTER + opening * SHAPES + (int) after);
    put(joint, AT_BEFORE + opening * SHAPES + before);
    flag(joint, FLAG_LETTER,
         opening != OPENING_QUOTE
             && joint->word == at + char_size(char_at(s, at))
             && !is_apostrophe(char_at(s, joint->word)));
    flag(joint, FLAG_CAPITALS, before == SHAPE_CAPITALS
                                   && (after == SHAPE_CAPITALS
                                       || opening == OPENING_CAPITALS));
    flag(joint, FLAG_OPEN_QUOTE, s->quote);
    flag(joint, FLAG_OPEN_GUILLEMET, s->guillemets > 0);
    return after;
}

/* Where the weights of what is ahead and on both sides begin. */
static int ahead_place(const struct joint *joint)
{
    return AT_AHEAD + joint->opening * 4;
}

static int sides_place(const struct joint *joint, enum shape after)
{
    return AT_SIDES + (joint->opening * SHAPES + joint->before) * 4
           + (after == SHAPE_CAPITAL ? 2 : 0);
}

/* What the words ahead say. */
static void read_ahead(const struct splitter *s, enum shape after,
                       struct joint *joint)
{
    unsigned ahead = look_ahead(s, joint->next);

    put(joint, ahead_place(joint) + (int) ahead);
    put(joint, sides_place(joint, after) + (int) (ahead & 1));
}

static int length_class(size_t words)
{
    return words < 4 ? (int) words
           : words < 6 ? 4 : words < 9 ? 5 : words < 14 ? 6 : 7;
}

/* What stands before the run. */
static int edge_of(const struct splitter *s)
{
    uint32_t c = char_before(s, s->begin);

    return s->line_start ? 0 : c != 0 && !is_class(c, CLASS_SPACE) ? 1 : 2;
}

/* What the run before the joint says. */
static void read_run(const struct splitter *s, size_t end,
                     struct joint *joint)
{
    size_t at = s->begin, words = 0, names = 0;
    int verb = 0, comma = 0, colon = 0, quote = 0, edge = edge_of(s), length;
    enum shape first = SHAPE_OTHER;
    uint32_t c;

    if (end - at > HEADING_MAX) {
        words = 99;
        at = end;
    }
    while (at < end) {
        size_t word;
        unsigned lists = word_read(s, at, &word);
        if (word > at) {
            enum shape shape = SHAPE_LOWER;
            c = char_at(s, at);
            if (is_class(c, CLASS_UPPER)) {
                if (words == 0)
                    shape = lists & (IN(LIST_STARTERS) | IN(LIST_ARTICLES))
                                ? SHAPE_FUNCTION
                                : is_capitals(s, at, word) ? SHAPE_CAPITALS
                                                           : SHAPE_CAPITAL;
                else
                    names++;
            } else if (lists & IN(LIST_VERBS)) {
                verb = 1;
            }
            if (words == 0 && first == SHAPE_OTHER)
                first = shape;
            words++;
            at = word;
            continue;
        }
        utf8_next(s->text, s->size, &at, &c);
        if (is_class(c, CLASS_DIGIT)) {
            if (words == 0 && first == SHAPE_OTHER)
                first = SHAPE_DIGIT;
            words += at < 2 || !is_class(char_before(s, at - 1), CLASS_DIGIT);
        }
        /* "Il est venu. (et il dort) Elle rit.": one sentence */
        joint->aside |= c == '(' && at > s->begin + 2
                        && is_mark(s, char_before(s, at - 2));
        comma |= c == ',';
        colon |= c == ':' || c == ';';
        if (quote_role(s, c) != 0) {
            quote = 1;
            if (words == 0)
                first = SHAPE_QUOTE;
        } else if (words == 0 && is_bullet(c)) {
            first = SHAPE_BRACKET;
        }
    }
    if (words == 1 && edge == 2 && first != SHAPE_CAPITALS)
        flag(joint, FLAG_WORD, 1);
    length = length_class(words);
    put(joint, AT_LENGTH + joint->opening * LENGTHS + length);
    put(joint, AT_FIRST + (int) first);
    put(joint, AT_FIRST + SHAPES + joint->opening);
    put(joint, AT_START + (int) first * LENGTHS + length);
    if (verb)
        put(joint, AT_VERB + length);
    put(joint, AT_EDGE + joint->opening * 3 + edge);
    flag(joint, FLAG_VERB, verb);
    flag(joint, FLAG_COMMA, comma);
    flag(joint, FLAG_COLON, colon);
    flag(joint, FLAG_QUOTE, quote);
    flag(joint, FLAG_NAME, names == 1);
    flag(joint, FLAG_NAMES, names > 1);
}

int joint_is_place(const struct splitter *s, size_t at, size_t *end)
{
    uint32_t c;
    size_t before = at;

    if (at <= s->begin || at < s->paren_end)
        return 0;
    /* nearly always: one space, behind a letter */
    if (at >= s->begin + 2 && s->text[at - 1] == ' '
        && ((unsigned char) s->text[at - 2] | 32u) - 'a' < 26) {
        *end = at - 1;
        return 1;
    }
    while (before > s->begin && s->text[before - 1] == ' ')
        before--;
    if (before == at || before == s->begin)
        return 0;
    c = char_before(s, before);
    if (quote_role(s, c) == QUOTE_OPENS || (c == '"' && s->quote))
        return 0;
    if (c == ')'
        && (before < s->begin + 3 || s->text[before - 3] == ' '))
        return 0; /* "b)" */
    *end = before;
    return is_class(c, CLASS_LETTER | CLASS_DIGIT | CLASS_MARK) || c == ')'
           || c == ']' || c == '%' || c == 0x20AC || quote_role(s, c) != 0;
}

static int sum(const struct joint *joint, const int16_t *weights)
{
    int total = 0;

    for (size_t i = 0; i < joint->count; i++)
        total += weights[joint->features[i]];
    return total;
}

void joint_read(const struct splitter *s, size_t at, size_t end,
                struct joint *joint)
{
    enum shape after;

    read_word_at(s, at, joint);
    joint->before = (int) shape_before(s, end, NULL);
    after = read_sides(s, at, joint);
    read_ahead(s, after, joint);
    read_run(s, end, joint);
}

/* ---- what reading on could change ----
 *
 * Of the places that pass the gate hardly one is a joint: the words ahead and
 * those of the run are read only where they could make it one. */

static int most(int a, int b)
{
    return a > b ? a : b;
}

void joints_start(struct split_tables *tables)
{
    const int16_t *weights = tables->language->joints;

    if (weights == NULL)
        return;
    for (int length = 0; length < LENGTHS; length++) {
        int verb = weights[AT_VERB + length] + weights[AT_FLAG + FLAG_VERB];
        int top = INT_MIN;
        for (int first = 0; first < SHAPES; first++)
            top = most(top, weights[AT_FIRST + first]
                                + weights[AT_START + first * LENGTHS + length]);
        tables->run_tops[length] = top + most(verb, 0);
    }
    tables->run_flags = most(weights[AT_FLAG + FLAG_WORD], 0)
                        + most(weights[AT_FLAG + FLAG_COMMA], 0)
                        + most(weights[AT_FLAG + FLAG_COLON], 0)
                        + most(weights[AT_FLAG + FLAG_QUOTE], 0)
                        + most(weights[AT_FLAG + FLAG_NAME], 0)
                        + most(weights[AT_FLAG + FLAG_NAMES], 0);
    tables->no_capitals = 1;
    for (int shape = 0; shape < SHAPES; shape++)
        tables->no_capitals &=
            weights[AT_GATE + OPENING_CAPITALS * SHAPES + shape] == 0;
}

/* Words that a run has at least: what is a letter behind a space begins one. */
static size_t words_least(const struct splitter *s, size_t end)
{
    size_t words = 0, at = s->begin;

#ifdef __SSE2__
    for (; at + 1 < end && s->size - at > SIXTEEN; at += SIXTEEN) {
        unsigned found =
            bits_of(equal(sixteen(s->text + at), ' '))
            & bits_of(range(_mm_or_si128(sixteen(s->text + at + 1),
                                         _mm_set1_epi8(0x20)),
                            'a', 26));
        if (end - 1 - at < SIXTEEN)
            found &= (1u << (end - 1 - at)) - 1;
        words += (unsigned) __builtin_popcount(found);
    }
#endif
    for (; at + 1 < end; at++)
        words += s->text[at] == ' '
                 && ((unsigned char) s->text[at + 1] | 32u) - 'a' < 26;
    return words;
}

/* The most that the run before the joint can weigh. */
static int run_top(const struct splitter *s, size_t end, int opening)
{
    const int16_t *weights = s->language->joints;
    const int16_t *lengths = weights + AT_LENGTH + opening * LENGTHS;
    int length = LENGTHS - 1, top;

    if (end - s->begin > HEADING_MAX) { /* it is not read */
        top = lengths[length] + weights[AT_FIRST + SHAPE_OTHER]
              + weights[AT_START + SHAPE_OTHER * LENGTHS + length];
    } else {
        int least = length_class(words_least(s, end));
        top = lengths[length] + s->tables->run_tops[length];
        while (--length >= least)
            top = most(top, lengths[length] + s->tables->run_tops[length]);
        top += s->tables->run_flags;
    }
    return top + weights[AT_FIRST + SHAPES + opening]
           + weights[AT_EDGE + opening * 3 + edge_of(s)];
}

/* The most that the words ahead can weigh. */
static int ahead_top(const struct splitter *s, const struct joint *joint,
                     enum shape after)
{
    const int16_t *ahead = s->language->joints + ahead_place(joint);
    const int16_t *sides = s->language->joints + sides_place(joint, after);

    return most(most(ahead[0], ahead[2]) + sides[0],
                most(ahead[1], ahead[3]) + sides[1]);
}

static int is_ascii_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

int joint_begins(const struct splitter *s, size_t at)
{
    const int16_t *weights = s->language->joints, *gate;
    struct joint joint;
    enum shape after;
    size_t end;
    int top;

    if (weights == NULL || !joint_is_place(s, at, &end)
        || (s->tables->no_capitals && is_ascii_capital(byte_at(s, at))
            && is_ascii_capital(byte_at(s, at + 1))))
        return 0;
    read_word_at(s, at, &joint);
    gate = weights + AT_GATE + joint.opening * SHAPES;
    joint.before = (int) shape_before(s, end, gate);
    if (gate[joint.before] == 0)
        return 0;
    top = run_top(s, end, joint.opening);
    after = read_sides(s, at, &joint);
    if (sum(&joint, weights) + ahead_top(s, &joint, after) + top <= 0)
        return 0;
    read_ahead(s, after, &joint);
    if (sum(&joint, weights) + top <= 0)
        return 0;
    read_run(s, end, &joint);
    return !joint.aside && sum(&joint, weights) > 0;
}
