/* glance.c - the language of a text that leaves no doubt.
 *
 * A few words of an article are enough to know its language, nearly always; to
 * read 2 kB by all their n-grams takes longer than the rest of the summary.
 * So here each word of eight short pieces gives two features, its last four
 * characters and itself whole, edges included, with the weights that identify.c
 * uses.  The verdict stands only where the best class leads by GLANCE_LEAD, no
 * piece is of another language, nor any letter of a script that tells one by
 * itself.  Else identify.c reads on.
 *
 * Of 6,765 texts of 200 bytes and more (53 languages, news in three of them)
 * this stands for 4,227, and otherwise than what is found by reading on for 7,
 * lists of English names among a few words of another language.  Of 6,000 texts
 * that were put together of two languages it stands for 1 %; in 9 a second
 * language is missed then.  The first four characters besides make it no surer
 * and take half as much time again.
 *
 * A language that is none of ours may be declared, as Polish: of 627 texts in
 * such languages it stands for 359, all told the same by reading on.  Where
 * none was declared identify.c reads on, so that nothing is refused at a
 * glance.
 */
#include <config.h>

#include "engine/tally.h"

#include <string.h>

/* Eight, as identify.c has, so that the same places are looked at; once more,
 * and longer, where the first do not say enough. */
#define LONG_PIECE 96
static const struct pieces glances[] = {
    { IDENTIFY_PIECES, 32 }, { IDENTIFY_PIECES, LONG_PIECE }
};

/* Of the best class over the next: from 300 on in the text, more confidence is
 * not to be had, and the text says several times what the glance does. */
#define GLANCE_LEAD 250

/* A piece is of another language where a class is ahead by so much in it; one
 * of eight may be, for names, and by no more than NAMES_LEAD. */
#define PIECE_LEAD 18
#define NAMES_LEAD 36

/* The longest word, with its edges, that is looked up as a whole. */
#define WHOLE_MAX 14

/* The last characters of a word, its edge among them. */
#define EDGE_SIZE 4

struct view {
    uint16_t pieces[IDENTIFY_PIECES][NGRAM_CLASSES_MAX];
    struct tally sum;
};

/* Characters of a piece, which in a text of less than three long pieces goes
 * on to a word's end. */
#define CHARACTERS_MAX (2 * LONG_PIECE + 64 + 8)

/* A piece: what its characters hash to from the first one to each, and the
 * places of edges, which the first and the last one are. */
struct letters {
    uint32_t hashes[CHARACTERS_MAX + 1];
    uint16_t edges[CHARACTERS_MAX + 1];
    size_t count, edge_count;
};

/* NGRAM_HASH multiplies: these are its factor's powers. */
#define FACTOR UINT32_C(2654435769)
#define FACTOR_4 (FACTOR * FACTOR * FACTOR * FACTOR)

/* The hash of so many characters that begin here. */
static inline uint32_t hash_of(const struct letters *l, size_t begin,
                               size_t size)
{
    static const uint32_t powers[] = {
        1, FACTOR, FACTOR * FACTOR, FACTOR * FACTOR * FACTOR, FACTOR_4,
        FACTOR_4 * FACTOR, FACTOR_4 * FACTOR * FACTOR,
        FACTOR_4 * FACTOR * FACTOR * FACTOR, FACTOR_4 * FACTOR_4,
        FACTOR_4 * FACTOR_4 * FACTOR, FACTOR_4 * FACTOR_4 * FACTOR * FACTOR,
        FACTOR_4 * FACTOR_4 * FACTOR * FACTOR * FACTOR,
        FACTOR_4 * FACTOR_4 * FACTOR_4, FACTOR_4 * FACTOR_4 * FACTOR_4 * FACTOR,
        FACTOR_4 * FACTOR_4 * FACTOR_4 * FACTOR * FACTOR
    };

    return l->hashes[begin + size] - l->hashes[begin] * powers[size];
}

/* Without a comparison: letters are above the edge, and nothing is below. */
static inline size_t is_edge(uint32_t c)
{
    return (c - (IDENTIFY_EDGE + 1u)) >> 31;
}

/* The characters that identify_normalize() writes, and where several edges
 * follow each other all of them: no branch asks where a word ends, which cannot
 * be foreseen.  Returns -1 where a script tells the language by itself. */
static int read_letters(const char *text, size_t size, struct letters *l)
{
    uint32_t hash = NGRAM_HASH(0, (uint32_t) IDENTIFY_EDGE);
    size_t count = 1, edges = 1;

    l->hashes[0] = 0;
    l->hashes[1] = hash;
    l->edges[0] = 0;
    for (size_t at = 0; at < size;) {
        uint32_t c = letters_ascii[(unsigned char) text[at]];
        if (c > 0)
            at++;
        else if ((c = letter_other(text, size, &at)) == 0)
            continue;
        else if (c >= SCRIPTS_FIRST && script_of(c) >= 0)
            return -1;
        l->edges[edges] = (uint16_t) count;
        edges += is_edge(c);
        hash = NGRAM_HASH(hash, c);
        l->hashes[++count] = hash;
    }
    l->edges[edges++] = (uint16_t) count;
    hash = NGRAM_HASH(hash, (uint32_t) IDENTIFY_EDGE);
    l->hashes[++count] = hash;
    l->edge_count = edges;
    l->count = count;
    return 0;
}

/* The features of a piece, as their hashes; returns how many. */
static size_t read_words(const struct letters *l, uint32_t *hashes)
{
    size_t count = 0;

    for (size_t i = 0; i + 1 < l->edge_count; i++) {
        size_t begin = l->edges[i], end = l->edges[i + 1] + 1u;
        size_t size = end - begin; /* with its edges */
        size_t last = size < EDGE_SIZE ? size : EDGE_SIZE;
        size_t whole = size > WHOLE_MAX ? 0 : size;
        hashes[count] = hash_of(l, end - last, last);
        count += size > 2; /* else nothing stands between the edges */
        hashes[count] = hash_of(l, begin, whole);
        count += whole > EDGE_SIZE;
    }
    return count;
}

/* The features of a piece. */
struct wanted {
    size_t count;
    uint32_t hashes[FEATURES_MAX + 2];
};

/* Reads a piece, and fetches where its features are looked for: the table is
 * larger than the nearest caches, and all pieces are read before the first is
 * looked up.  Returns -1 where a script tells the language by itself. */
static int read_piece(const char *text, size_t size, struct wanted *wanted,
                      size_t *letters)
{
    struct letters l;

    if (read_letters(text, size, &l) != 0)
        return -1;
    *letters += l.count - l.edge_count;
    wanted->count = read_words(&l, wanted->hashes);
    for (size_t i = 0; i < wanted->count; i++)
        __builtin_prefetch(&ngram_slots[feature_place(wanted->hashes[i])]);
    return 0;
}

static void sum_piece(const struct wanted *wanted, uint16_t *sums)
{
    struct features features;

    features_start(&features);
    features_take(wanted->hashes, wanted->count, &features);
    features_sum(&features, sums);
}

/* How far another class is ahead of this one in a piece. */
static int behind(const uint16_t *sums, size_t class)
{
    uint16_t most = 0;

    for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
        most = sums[c] > most ? sums[c] : most;
    return most - sums[class];
}

/* The class that the pieces agree in, or -1.  tally_decide() favours languages
 * that are none of ours: so there each of them must say so. */
static int agreed(const struct view *v, size_t count)
{
    struct verdict verdict = tally_decide(&v->sum);
    size_t best = verdict.best, others = 0;
    int is_ours;

    if (best >= ngram_class_count || verdict.lead < GLANCE_LEAD)
        return -1;
    is_ours = ngram_classes[best].language >= 0;
    for (size_t i = 0; i < count; i++) {
        int ahead = behind(v->pieces[i], best);
        int says_so = ahead == 0 && v->pieces[i][best] > 0;
        others += ahead > PIECE_LEAD;
        if (ahead > NAMES_LEAD || others > 1 || (!is_ours && !says_so))
            return -1;
    }
    return (int) best;
}

static int look(const char *text, size_t size, const struct pieces *pieces,
                size_t *letters)
{
    size_t count = size / pieces->size;
    struct wanted wanted[IDENTIFY_PIECES];
    struct view v;

    if (count > pieces->count)
        count = pieces->count;
    memset(&v.sum, 0, sizeof v.sum);
    for (size_t i = 0; i < count; i++) {
        struct piece p = piece_place(text, size, i, count, pieces);
        size_t length = p.end > p.start ? p.end - p.start : 0;
        if (read_piece(text + p.start, length, &wanted[i], &v.sum.letters)
            != 0)
            return -1;
    }
    for (size_t i = 0; i < count; i++) {
        sum_piece(&wanted[i], v.pieces[i]);
        for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
            v.sum.scores[c] += v.pieces[i][c];
    }
    *letters = v.sum.letters;
    return agreed(&v, count);
}

int glance(const char *text, size_t size, size_t *letters)
{
    int class = -1;

    for (size_t i = 0; i < 2 && size >= GLANCE_MIN && class < 0; i++)
        class = look(text, size, &glances[i], letters);
    return class;
}
