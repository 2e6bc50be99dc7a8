/* output.h - standard output, in one place: what goes to a terminal is made
 * harmless, what goes to a pipe is exact, and a failed write is noticed. */
#ifndef CLIENTS_OUTPUT_H
#define CLIENTS_OUTPUT_H

#include <stddef.h>

#include "clients/options.h"

struct output {
    int is_terminal;
    int has_color; /* escape sequences of our own may be written */
};

void output_init(struct output *output, enum color color);

/* Text from outside: as it is, or made harmless. */
void output_text(const struct output *output, const char *text, size_t size);

/* The same on one line: newlines and tabs are spaces. */
void output_line(const struct output *output, const char *text, size_t size);

/* Text of ours. */
void output_string(const char *string);

/* A JSON string. */
void output_json_string(const struct output *output, const char *text,
                        size_t size);

/* The members of a reply's header as they came, without id and elapsed_us,
 * which are the wire's affair.  Begins with a comma where `has_first`. */
void output_members(const struct output *output, const precis_reply *reply,
                    int has_first);

/* Flushes.  Returns 0 or STATUS_IO, after a complaint; a reader that went
 * away (EPIPE) is no matter for complaint. */
int output_flush(void);

#endif
