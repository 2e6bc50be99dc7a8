#include "tests/hostile/shapes.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "engine/precis.h"

/* The part over and over, cut anywhere at the end. */
static void fill_repeat(char *text, size_t size, const char *part)
{
    size_t length = strlen(part);

    for (size_t i = 0; i < size; i++)
        text[i] = part[i % length];
}

/* `part` once, behind as much of its first character as there is room. */
static void fill_last(char *text, size_t size, const char *part)
{
    size_t length = strlen(part);

    memset(text, part[0], size);
    if (size >= length)
        memcpy(text + size - length, part, length);
}

/* The first half of the text is the first character of `part`, the second its
 * last: open, and never or late closed. */
static void fill_halves(char *text, size_t size, const char *part)
{
    memset(text, part[0], size / 2);
    memset(text + size / 2, part[strlen(part) - 1], size - size / 2);
}

/* Words of letters and digits, no two alike, each before `part`. */
static void fill_distinct(char *text, size_t size, const char *part)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t at = 0, length = strlen(part);

    for (uint64_t number = 36; at < size; number++) {
        for (uint64_t n = number; n > 0 && at < size; n /= 36)
            text[at++] = letters[n % 36];
        for (size_t i = 0; i < length && at < size; i++)
            text[at++] = part[i];
    }
}

/* Every so often a sentence that has a word of its own. */
static void fill_numbered(char *text, size_t size, const char *part)
{
    size_t at = 0;

    for (unsigned number = 0; at < size; number++) {
        char line[200];
        size_t length;
        snprintf(line, sizeof line, "%s%u", part, number);
        length = strlen(line);
        if (length > size - at)
            length = size - at;
        memcpy(text + at, line, length);
        at += length;
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Bytes of `part` drawn by lot, or any byte where it is empty. */
static void fill_random(char *text, size_t size, const char *part)
{
    uint64_t state = 0x9E3779B97F4A7C15u;
    size_t length = strlen(part);

    for (size_t i = 0; i < size; i++) {
        uint64_t lot = next_random(&state) >> 33;
        text[i] = length == 0 ? (char) lot : part[lot % length];
    }
}

/* Lines of nearly one length, as old mail programs broke them. */
static void fill_wrapped(char *text, size_t size, const char *part)
{
    fill_repeat(text, size, part);
    for (size_t i = 72, last = 0; i < size; i++)
        if (text[i] == ' ' && i - last >= 66) {
            text[i] = '\n';
            last = i;
        }
}

/* Nothing but NULs. */
static void fill_nul(char *text, size_t size, const char *part)
{
    (void) part;
    memset(text, 0, size);
}

#define PROSE                                                             \
    "Le maire de la commune a annoncé, mardi, que l'école du quartier " \
    "serait reconstruite avant la fin de l'année. "

const struct shape shapes[] = {
    {"prose", fill_repeat, PROSE, 0, 1},
    {"one sentence without a mark", fill_repeat,
     "la pluie tombe sur la ville et ", 0, 1},
    {"a million sentences", fill_repeat, "A. ", 0, 0},
    {"short sentences of one word", fill_repeat, "Pluie. ", 0, 0},
    {"sentences without a space", fill_repeat, "Il pleut.Elle dort.", 0, 0},
    {"a million distinct words", fill_distinct, " ", 0, 1},
    {"distinct words in lines", fill_distinct, "\n", 0, 0},
    {"distinct words in sentences", fill_distinct, ". ", 0, 1},
    {"sentences like each other", fill_numbered,
     ". Le nombre de voitures dans la rue est ", 0, 1},
    {"one word", fill_repeat, "a", 0, 1},
    {"one word of capitals and accents", fill_repeat, "É", 0, 0},
    {"one word of digits", fill_repeat, "1234567890", 0, 0},
    {"words a little too long for the stemmer", fill_repeat,
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
     0, 0},
    {"only straight quotation marks", fill_repeat, "\"", 0, 0},
    {"only guillemets", fill_repeat, "«»", 0, 0},
    {"guillemets never closed", fill_repeat, "« ", 0, 0},
    {"quotations opened again and again", fill_repeat, "\"Il dort. ", 0, 0},
    {"quotations in brackets", fill_repeat, "(\"Il dort.\") ", 0, 0},
    {"quotation marks and marks in turn", fill_repeat, "\".", 0, 0},
    {"marks behind marks", fill_repeat, ".\"!\"?\"…\"", 0, 0},
    {"only brackets", fill_repeat, "(", 0, 0},
    {"brackets in brackets", fill_halves, "()", 0, 0},
    {"square brackets in brackets", fill_halves, "[]", 0, 0},
    {"a mark in each bracket", fill_repeat, "(.", 0, 0},
    {"closing brackets behind marks", fill_repeat, ".)", 0, 0},
    {"line ends before a letter", fill_last, "\nA", 0, 0},
    {"spaces before a letter", fill_last, " A", 0, 0},
    {"a letter a line", fill_repeat, "a\n", 0, 0},
    {"a capital a line", fill_repeat, "A\n\n", 0, 0},
    {"only dots", fill_repeat, ".", 0, 0},
    {"only ellipses", fill_repeat, "…", 0, 0},
    {"dots and spaces", fill_repeat, ". ", 0, 0},
    {"dots before spaces before a digit", fill_last, " ... 1990", 0, 0},
    {"only dashes", fill_repeat, "-", 0, 0},
    {"dashes and spaces", fill_repeat, "- ", 0, 0},
    {"sub-headings of agencies", fill_repeat, "- a - A", 0, 0},
    {"questions and dashes", fill_repeat, "?-", 0, 0},
    {"combining marks", fill_repeat, "\xCC\x81", 0, 0},
    {"combining marks out of order", fill_repeat, "\xCC\x81\xCC\xA3", 0, 0},
    {"decomposed accents", fill_repeat, "e\xCC\x81te\xCC\x81. ", 0, 0},
    {"only bullets", fill_repeat, "•", 0, 0},
    {"bullets with a word", fill_repeat, "• Paris ", 0, 0},
    {"all capitals", fill_repeat, "LE MAIRE DE LA VILLE A PARLE ", 0, 0},
    {"capitals glued to small letters", fill_repeat, "aB", 0, 0},
    {"sentences glued without a mark", fill_repeat, "la villeLe maire ", 0, 0},
    {"initials", fill_repeat, "J.-C. ", 0, 0},
    {"abbreviations", fill_repeat, "M. Mme. Dr. ", 0, 0},
    {"apostrophes", fill_repeat, "l'", 0, 0},
    {"words of bare headings", fill_repeat, "Encore plus de déplacés L'", 0, 0},
    {"captions", fill_repeat, "Photo : AFP\n", 0, 0},
    {"signs before a caption", fill_last, "#photo :", 0, 0},
    {"questions in lines", fill_repeat, "Pourquoi ?\n", 0, 0},
    {"datelines", fill_repeat, "PARIS, 3 mars (AFP) - ", 0, 0},
    {"hard-wrapped lines", fill_wrapped, PROSE, 0, 0},
    {"small letters behind line ends", fill_repeat, "mot.\nmot ", 0, 0},
    {"random bytes", fill_random, "", PRECIS_EBAD_ENCODING, 1},
    {"random marks", fill_random, ".!?\"()[]-' \nAab1,;:", 0, 0},
    {"random words", fill_random, "aeiou  .nrstlmd'", 0, 0},
    {"bytes that are no UTF-8", fill_repeat, "\xFF", 0, 0},
    {"first bytes of characters", fill_repeat, "\xE2\x80", 0, 0},
    {"ideographs", fill_repeat, "世界", 0, 0},
    {"emoji", fill_repeat, "😀", 0, 0},
    {"NULs", fill_nul, "", PRECIS_EBAD_ENCODING, 1},
    {"soft hyphens", fill_repeat, "\xC2\xAD", PRECIS_EEMPTY, 0},
    {"no-break spaces before a letter", fill_repeat, "\xC2\xA0\xC2\xA0.", 0, 0},
    {"only spaces", fill_repeat, " ", PRECIS_EEMPTY, 0},
    {"only line ends", fill_repeat, "\r\n", PRECIS_EEMPTY, 0},
};
const size_t shape_count = sizeof shapes / sizeof shapes[0];
