/* fold.h - words as they are compared: in small letters, spelled one way.
 * Private to engine/.
 *
 *   - Small letters are Unicode's simple ones, but where the language has its
 *     own: a Turkish I is the capital of ı, and İ that of i.
 *   - Characters that show nothing (the soft hyphen, the joiners of Indic and
 *     Arabic letters, marks of direction) are left out, and so are the signs
 *     that Armenian sets inside a word to ask, call out or stress.
 *   - What the language spells in two ways is spelled in one: its file
 *     `folding`.  Arabic loses its vowel signs, Greek its accents, which
 *     capitals do not have; a Romanian ș becomes the ş that Snowball wants,
 *     Serbian becomes Latin.
 *
 * Text is NFC already (decode.h), so decomposed letters need nothing here.
 */
#ifndef ENGINE_FOLD_H
#define ENGINE_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stemmers/language.h"

/* No fold is longer than so many times its word. */
#define FOLD_EXPANSION_MAX 3

/* Folds valid UTF-8 into `out`.  Returns the bytes written, at most `room`; 0
 * where there is no room, or where nothing is left. */
size_t fold_word(const struct language *language, const char *word,
                 size_t size, char *out, size_t room);

/* Does a character that is no letter, mark or digit leave the word whole when
 * it stands between `before` and `after`, which are such?  What shows nothing
 * and what fold_word() drops; the point of a Catalan l·l; the geresh and
 * gershayim inside a Hebrew or Yiddish short form. */
bool fold_is_inside(uint32_t cp, uint32_t before, uint32_t after);

#endif
