/* terminal.h - text on its way to a terminal, and what a terminal is like. */
#ifndef CLIENTS_TERMINAL_H
#define CLIENTS_TERMINAL_H

#include <stddef.h>
#include <stdio.h>

/* Reads one character of `size` > 0 bytes of UTF-8; returns its length.  What
 * is not UTF-8 is U+FFFD, one byte long. */
size_t utf8_next(const char *text, size_t size, unsigned *character);

/* Offset of the first byte that is not UTF-8, or `size`. */
size_t utf8_invalid(const char *text, size_t size);

/* Could a terminal obey it (C0 but newline and tab, DEL, C1), or does it turn
 * the direction of what follows? */
int character_is_harmful(unsigned character);

/* Writes text that came from outside to a terminal: harmful characters are
 * shown as U+FFFD.  CR before LF is left out. */
void terminal_write(FILE *stream, const char *text, size_t size);

/* The same on one line: newlines and tabs are spaces. */
void terminal_write_line(FILE *stream, const char *text, size_t size);

/* Columns that a character takes: 0, 1 or 2. */
unsigned terminal_character_columns(unsigned character);

/* Writes the beginning of `text` on one line, at most `columns` wide, with an
 * ellipsis where it is cut; returns how wide it came out.  U+00A0 is written as
 * a space. */
unsigned terminal_write_cut(FILE *stream, const char *text, size_t size,
                            unsigned columns);

/* Writes `text` on lines at most `columns` wide, broken at spaces, each but the
 * first behind `indent` spaces.  U+00A0 is written as a space. */
void terminal_write_wrapped(FILE *stream, const char *text, size_t size,
                            unsigned indent, unsigned columns);

/* Width of the terminal behind `fd`, or `otherwise`. */
unsigned terminal_columns(int fd, unsigned otherwise);

#endif
