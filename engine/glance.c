/* glance.c - the language of a text that leaves no doubt.
 *
 * A few words of an article are enough to know its language, nearly always; to
 * read 2 kB by all their n-grams takes longer than the rest of the summary.
 * So here each word of eight short pieces gives three features, its first and
 * its last four characters and itself whole, edges included, with the weights
 * that identify.c uses.  The verdict stands only where the best class is one of
 * ours and leads by GLANCE_LEAD, no piece is of another language, nor any
 * letter of a script that tells one by itself.  Else identify.c reads on.
 *
 * Of 5,120 texts of 200 bytes and more (53 languages, news in three of them)
 * this stands for 4,090, none of them otherwise than what is found by reading
 * on, confidence included.  Of 4,000 texts that were put together of two
 * languages it stands for 4 %; in 7 a second language is missed then.
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
#define PIECE_LEAD 20
#define NAMES_LEAD 40

/* The longest word, with its edges, that is looked up as a whole. */
#define WHOLE_MAX 14

/* The first or last characters of a word, its edge among them. */
#define EDGE_SIZE 4

struct view {
    struct sums pieces[IDENTIFY_PIECES];
    struct tally sum;
};

static uint32_t hash_of(const uint32_t *characters, size_t size)
{
    uint32_t hash = 0;

    for (size_t i = 0; i < size; i++)
        hash = NGRAM_HASH(hash, characters[i]);
    return hash;
}

/* A word with its edges. */
static void read_word(const uint32_t *word, size_t size, struct sums *sums)
{
    uint32_t hash = hash_of(word, size < EDGE_SIZE ? size : EDGE_SIZE);

    feature_add(hash, sums);
    if (size <= EDGE_SIZE)
        return;
    if (size <= WHOLE_MAX) {
        for (size_t i = EDGE_SIZE; i < size; i++)
            hash = NGRAM_HASH(hash, word[i]);
        feature_add(hash, sums);
    }
    feature_add(hash_of(word + size - EDGE_SIZE, EDGE_SIZE), sums);
}

/* Returns -1 where a script tells the language by itself. */
static int read_piece(const char *text, size_t size, struct sums *sums,
                      size_t *letters)
{
    uint32_t characters[2 * LONG_PIECE + 64 + 8]; /* of a text that has less
                                                     than three such pieces,
                                                     up to a word's end */
    size_t word = 0, count;

    memset(sums, 0, sizeof *sums);
    count = identify_normalize(text, size, characters);
    for (size_t i = 1; i < count; i++) {
        if (characters[i] == IDENTIFY_EDGE) {
            read_word(characters + word, i - word + 1, sums);
            *letters += i - word - 1;
            word = i;
        } else if (characters[i] >= SCRIPTS_FIRST
                   && script_of(characters[i]) >= 0) {
            return -1;
        }
    }
    return 0;
}

/* How far another class is ahead of this one in a piece. */
static int behind(const struct sums *sums, size_t class)
{
    uint16_t most = 0;

    for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
        most = sums->scores[c] > most ? sums->scores[c] : most;
    return most - sums->scores[class];
}

/* The class that the pieces agree in, or -1. */
static int agreed(const struct view *v, size_t count)
{
    struct verdict verdict = tally_decide(&v->sum);
    size_t others = 0;

    if (verdict.best >= ngram_class_count || verdict.lead < GLANCE_LEAD
        || ngram_classes[verdict.best].language < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        int ahead = behind(&v->pieces[i], verdict.best);
        others += ahead > PIECE_LEAD;
        if (ahead > NAMES_LEAD || others > 1)
            return -1;
    }
    return (int) verdict.best;
}

static int look(const char *text, size_t size, const struct pieces *pieces,
                size_t *letters)
{
    size_t count = size / pieces->size;
    struct view v;

    if (count > pieces->count)
        count = pieces->count;
    memset(&v.sum, 0, sizeof v.sum);
    for (size_t i = 0; i < count; i++) {
        struct piece p = piece_place(text, size, i, count, pieces);
        size_t length = p.end > p.start ? p.end - p.start : 0;
        if (read_piece(text + p.start, length, &v.pieces[i], &v.sum.letters)
            != 0)
            return -1;
        for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
            v.sum.scores[c] += v.pieces[i].scores[c];
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
