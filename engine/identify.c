/* identify.c - which language a text is in: identify.h says by what method.
 *
 * A feature is 1 to 4 characters of a word in small letters, where the edges
 * of the word are characters too (" t", "the ", "o"), or a whole word with
 * its edges.  Whatever is neither letter nor mark parts words.  A feature's
 * weight in a class is the logarithm of its share there over a floor share;
 * a text's score in a class is the sum of its features' weights. */
#include <config.h>

#include "engine/identify.h"

#include <string.h>

#include "engine/tally.h"
#include "engine/unicode.h"
#include "stemmers/language.h"

/* The longest word that is looked up as a whole, in characters. */
#define WORD_MAX 12

#define PIECE (IDENTIFY_READ / IDENTIFY_PIECES)

static const struct pieces all_pieces = { IDENTIFY_PIECES, PIECE };

/* ---- scripts that are no class of the table ---- */

struct script {
    uint32_t first, last;
    const char *name; /* the language it stands for */
    int letters;      /* letters of an alphabet that one of it is worth */
};

enum { HAN, KANA, HANGUL, OTHERS };

static const struct script scripts[] = {
    { 0x3400, 0x9FFF, "Chinese", 3 },   { 0x3040, 0x30FF, "Japanese", 3 },
    { 0xAC00, 0xD7A3, "Korean", 2 },    { 0x0E00, 0x0E7F, "Thai", 1 },
    { 0x10A0, 0x10FF, "Georgian", 1 },  { 0x0A00, 0x0A7F, "Punjabi", 1 },
    { 0x0A80, 0x0AFF, "Gujarati", 1 },  { 0x0B00, 0x0B7F, "Odia", 1 },
    { 0x0C00, 0x0C7F, "Telugu", 1 },    { 0x0C80, 0x0CFF, "Kannada", 1 },
    { 0x0D00, 0x0D7F, "Malayalam", 1 }, { 0x0D80, 0x0DFF, "Sinhala", 1 },
    { 0x0E80, 0x0EFF, "Lao", 1 },       { 0x0F00, 0x0FFF, "Tibetan", 1 },
    { 0x1000, 0x109F, "Burmese", 1 },   { 0x1200, 0x139F, "Amharic", 2 },
    { 0x1780, 0x17FF, "Khmer", 1 },     { 0x1800, 0x18AF, "Mongolian", 1 },
};

_Static_assert(SCRIPTS == sizeof scripts / sizeof scripts[0],
               "tally.h says how many");

/* What a letter scores in a text of its language, about, over all its
 * features. */
#define LETTER_WEIGHT 110

int script_of(uint32_t c)
{
    if (c < SCRIPTS_FIRST)
        return -1;
    for (size_t i = 0; i < SCRIPTS; i++)
        if (c >= scripts[i].first && c <= scripts[i].last)
            return (int) i;
    return -1;
}

/* ---- reading ---- */

/* Marks that are written or not, as one likes: vowel signs of Arabic and its
 * tatweel, joiners, soft hyphens. */
static int is_optional(uint32_t c)
{
    return (c >= 0x64B && c <= 0x652) || c == 0x640 || c == 0xAD
           || (c >= 0x200B && c <= 0x200F) || c == 0xFEFF;
}

/* A letter or mark of the scripts of our languages, quickly; else by
 * unicode_class(). */
static int is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c | 32) - 'a' < 26;
    if ((c >= 0x3B1 && c <= 0x3C9) || (c >= 0x400 && c <= 0x481))
        return 1;
    return (unicode_class(c) & (CLASS_LETTER | CLASS_MARK)) != 0;
}

#define EDGES_8 32, 32, 32, 32, 32, 32, 32, 32
#define EDGES_32 EDGES_8, EDGES_8, EDGES_8, EDGES_8
#define LETTERS \
    32, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', \
    'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 32, 32, 32, \
    32, 32
_Static_assert(IDENTIFY_EDGE == 32, "what stands between the letters");
const unsigned char letters_ascii[256] = {
    EDGES_32, EDGES_32, LETTERS, LETTERS
};

uint32_t letter_other(const char *text, size_t size, size_t *at)
{
    uint32_t c;

    utf8_next(text, size, at, &c);
    if (is_optional(c))
        return 0;
    return is_letter(c) ? unicode_lower(c) : IDENTIFY_EDGE;
}

size_t identify_normalize(const char *text, size_t size, uint32_t *out)
{
    uint32_t last = IDENTIFY_EDGE;
    size_t n = 0;

    out[n++] = last;
    for (size_t at = 0; at < size;) {
        uint32_t c = letters_ascii[(unsigned char) text[at]];
        unsigned again;
        if (c > 0)
            at++;
        else if ((c = letter_other(text, size, &at)) == 0)
            continue;
        again = (c == IDENTIFY_EDGE) & (last == IDENTIFY_EDGE);
        out[n] = last = c;
        n += again ^ 1;
    }
    if (last != IDENTIFY_EDGE)
        out[n++] = IDENTIFY_EDGE;
    return n;
}

/* ---- scoring ---- */

static void empty(struct features *features, struct tally *tally)
{
    uint16_t sums[NGRAM_CLASSES_MAX];

    features_sum(features, sums);
    for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
        tally->scores[c] += sums[c];
    features_start(features);
}

/* Adds the weights of a feature; says whether there is such a feature. */
static inline int add_feature(uint32_t hash, struct features *features,
                              struct tally *tally)
{
    if (!feature_take(hash, features))
        return 0;
    if (features->count == FEATURES_MAX)
        empty(features, tally);
    return 1;
}

/* The whole words; those of one and two letters are n-grams already. */
static void add_word(const uint32_t *word, size_t size,
                     struct features *features, struct tally *tally)
{
    uint32_t hash = 0;

    if (size < 5 || size > WORD_MAX + 2)
        return;
    for (size_t i = 0; i < size; i++)
        hash = NGRAM_HASH(hash, word[i]);
    add_feature(hash, features, tally);
}

static void score(const uint32_t *text, size_t size, struct tally *tally)
{
    struct features features;
    size_t word = 0;

    features_start(&features);
    for (size_t i = 0; i + 1 < size; i++) {
        uint32_t hash = 0;
        if (text[i] == IDENTIFY_EDGE)
            word = i;
        else
            tally->letters++;
        if (text[i] >= SCRIPTS_FIRST && script_of(text[i]) >= 0)
            tally->scripts[script_of(text[i])]++;
        /* the first characters of a feature are a feature as well */
        for (size_t n = 0; n < 4 && i + n < size; n++) {
            hash = NGRAM_HASH(hash, text[i + n]);
            if (n + (text[i] != IDENTIFY_EDGE) > 0
                && !add_feature(hash, &features, tally))
                break;
            if (n > 0 && text[i + n] == IDENTIFY_EDGE)
                break;
        }
        if (text[i + 1] == IDENTIFY_EDGE)
            add_word(text + word, i + 2 - word, &features, tally);
    }
    empty(&features, tally);
}

/* ---- pieces ---- */

static void read_piece(const char *text, struct piece piece,
                       struct tally *tally)
{
    uint32_t letters[IDENTIFY_READ + 64 + 2];

    memset(tally, 0, sizeof *tally);
    if (piece.start < piece.end)
        score(letters,
              identify_normalize(text + piece.start, piece.end - piece.start,
                                 letters),
              tally);
}

static size_t piece_count(size_t size)
{
    if (size >= IDENTIFY_READ)
        return IDENTIFY_PIECES;
    return size < 2 * PIECE ? 1 : size / PIECE;
}

static void add(struct tally *sum, const struct tally *piece)
{
    for (size_t c = 0; c < ngram_class_count; c++)
        sum->scores[c] += piece->scores[c];
    for (size_t i = 0; i < SCRIPTS; i++)
        sum->scripts[i] += piece->scripts[i];
    sum->letters += piece->letters;
}

/* ---- deciding ---- */

/* A class of the table, or, from ngram_class_count on, a script. */
static const char *name_of(size_t class)
{
    return class < ngram_class_count
               ? ngram_classes[class].name
               : scripts[class - ngram_class_count].name;
}

static int is_ours(size_t class)
{
    return class < ngram_class_count && ngram_classes[class].language >= 0;
}

/* Serbian is two classes. */
static int is_same(size_t a, size_t b)
{
    return a == b
           || (is_ours(a) && is_ours(b)
               && ngram_classes[a].language == ngram_classes[b].language);
}

int32_t score_of(const struct tally *tally, size_t class)
{
    size_t i = class - ngram_class_count;
    int32_t letters;

    if (class < ngram_class_count)
        return tally->scores[class];
    letters = tally->scripts[i] * scripts[i].letters;
    /* Japanese is written with both */
    if (i == KANA && tally->scripts[KANA] * 10 > tally->scripts[HAN])
        letters += tally->scripts[HAN] * scripts[HAN].letters + 1;
    return letters * LETTER_WEIGHT;
}

/* Confidence by the margin in steps of MARGIN_STEP. */
#define MARGIN_STEP 50
static const int16_t confidences[] = { 450, 720, 920, 970, 985, 990, 995 };
#define CONFIDENCES (sizeof confidences / sizeof confidences[0])

static int confidence_of(int32_t margin)
{
    size_t last = CONFIDENCES - 1, i;
    int low, high;

    if (margin < 0)
        margin = 0;
    i = (size_t) margin / MARGIN_STEP;
    if (i >= last)
        return confidences[last];
    low = confidences[i];
    high = confidences[i + 1];
    return low + (high - low) * (margin % MARGIN_STEP) / MARGIN_STEP;
}

/* What a letter scores at least in a text of any language; less is noise. */
#define LETTER_LEAST 65
#define NOISE_CONFIDENCE 250

/* What a letter scores at least in running text: what follows is said of
 * nothing less. */
#define LETTER_USUAL 95

/* A text of few letters is refused only by a wide margin, unless its script
 * says enough. */
#define FEW_LETTERS 20
#define FEW_MARGIN 400

/* A declared language is contradicted by so many letters, where the best
 * class scores so much more for each of them. */
#define CONTRADICTION_LETTERS 100
#define CONTRADICTION 8

/* A piece is of another language where that scores so much more in it. */
#define SECOND_MARGIN 200
#define SECOND_LETTERS 60

/* The second language: that of a quarter of the letters or more. */
static const char *second_of(const struct tally *pieces, size_t count,
                             const struct tally *sum, size_t first)
{
    size_t found[IDENTIFY_PIECES], letters[IDENTIFY_PIECES] = { 0 };
    const char *second = NULL;
    size_t most = 0;

    for (size_t i = 0; i < count; i++) {
        struct verdict v = tally_decide(&pieces[i]);
        found[i] = v.best;
        if (pieces[i].letters < SECOND_LETTERS || is_same(v.best, first)
            || v.score < LETTER_USUAL * (int32_t) pieces[i].letters
            || v.score - score_of(&pieces[i], first) < SECOND_MARGIN)
            continue;
        for (size_t k = 0; k <= i; k++)
            if (is_same(found[k], v.best)) {
                letters[k] += pieces[i].letters;
                if (letters[k] > most) {
                    most = letters[k];
                    second = name_of(v.best);
                }
                break;
            }
    }
    return most * 4 >= sum->letters ? second : NULL;
}

/* Whether a text is in a language that is none of ours. */
static int is_other(const struct tally *tally, const struct verdict *v)
{
    if (is_ours(v->best))
        return 0;
    if (v->best >= ngram_class_count)
        return 1;
    return v->score >= LETTER_LEAST * (int32_t) tally->letters
           && (tally->letters >= FEW_LETTERS || v->behind >= FEW_MARGIN);
}

/* Whether a declared language scores much worse than the best. */
static int contradicts(const struct tally *tally, const struct verdict *v,
                       const char *declared)
{
    int32_t most = -1, letters = (int32_t) tally->letters;

    for (size_t c = 0; c < ngram_class_count; c++)
        if (strcmp(ngram_classes[c].code, declared) == 0
            && tally->scores[c] > most)
            most = tally->scores[c];
    return most >= 0 && letters >= CONTRADICTION_LETTERS
           && v->score - most >= CONTRADICTION * letters;
}

/* What all that is read of a text says. */
static void read_all(const char *text, size_t size, const char *declared,
                     struct identified *out)
{
    struct tally pieces[IDENTIFY_PIECES], sum = { { 0 }, { 0 }, 0 };
    size_t count = piece_count(size);
    struct verdict v;
    int32_t usual;

    memset(out, 0, sizeof *out);
    out->language = LANGUAGE_NONE;
    for (size_t i = 0; i < count; i++) {
        struct piece p = piece_place(text, size, i, count, &all_pieces);
        read_piece(text, p, &pieces[i]);
        add(&sum, &pieces[i]);
    }
    out->letters = sum.letters;
    v = tally_decide(&sum);
    if (sum.letters == 0 || v.score == 0)
        return;
    if (!is_other(&sum, &v)) {
        out->language = language_table[ngram_classes[v.ours].language].code;
        out->looks_like = name_of(v.ours);
        out->confidence = confidence_of(v.lead);
    } else {
        out->looks_like = name_of(v.best);
        out->confidence = confidence_of(v.behind);
    }
    usual = v.score / (int32_t) sum.letters;
    if (usual < LETTER_LEAST && out->confidence > NOISE_CONFIDENCE)
        out->confidence = NOISE_CONFIDENCE;
    if (usual < LETTER_USUAL)
        return;
    if (count > 1)
        out->second = second_of(pieces, count, &sum, v.best);
    if (declared != NULL)
        out->contradicted = contradicts(&sum, &v, declared);
}

void identify(const char *text, size_t size, struct identified *out)
{
    identify_declared(text, size, NULL, out);
}

void identify_declared(const char *text, size_t size, const char *declared,
                       struct identified *out)
{
    int class = glance(text, size, &out->letters);

    /* What would be refused is read on; Polish, say, may be declared. */
    if (class >= 0
        && (declared == NULL
                ? is_ours((size_t) class)
                : strcmp(ngram_classes[class].code, declared) == 0)) {
        out->language =
            is_ours((size_t) class)
                ? language_table[ngram_classes[class].language].code
                : LANGUAGE_NONE;
        out->looks_like = ngram_classes[class].name;
        out->confidence = confidences[CONFIDENCES - 1];
        out->second = NULL;
        out->contradicted = 0;
        return;
    }
    read_all(text, size, declared, out);
}

/* ---- likelihood ---- */

/* Signs that any text may have: ASCII, spaces, quotation marks, dashes and the
 * marks that end sentences. */
static int is_plain(uint32_t c)
{
    return c < 0x80 || c == 0xA0 || c == 0xA1 || c == 0xAB || c == 0xB0
           || c == 0xB7 || c == 0xBB || c == 0xBF
           || (c >= 0x2010 && c <= 0x203A) || c == 0x20AC || c == 0x2116
           || c == 0x60C || c == 0x61B || c == 0x61F || c == 0x589
           || c == 0x964 || c == 0x965 || is_optional(c);
}

/* Characters that are neither letters nor plain. */
static size_t signs_of(const char *text, size_t size)
{
    size_t signs = 0;

    for (size_t at = 0; at < size;) {
        uint32_t c;
        utf8_next(text, size, &at, &c);
        signs += !is_plain(c) && !is_letter(c);
    }
    return signs;
}

int identify_likelihood(const char *text, size_t size)
{
    struct tally piece, sum = { { 0 }, { 0 }, 0 };
    size_t count = piece_count(size), signs = 0;
    int64_t best = 0;

    for (size_t i = 0; i < count; i++) {
        struct piece p = piece_place(text, size, i, count, &all_pieces);
        read_piece(text, p, &piece);
        add(&sum, &piece);
        if (p.start < p.end)
            signs += signs_of(text + p.start, p.end - p.start);
    }
    for (size_t c = 0; c < ngram_class_count; c++)
        if (sum.scores[c] > best)
            best = sum.scores[c];
    if (sum.letters + signs == 0)
        return 0;
    return (int) (best * 1000 / NGRAM_UNITS
                  / (int64_t) (sum.letters + signs));
}
