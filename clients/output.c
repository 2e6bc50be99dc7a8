#include <config.h>

#include "clients/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/complain.h"
#include "clients/members.h"
#include "clients/status.h"
#include "clients/terminal.h"
#include "po/intl.h"
#include "protocol/buffer.h"

/* no-color.org; TERM as terminfo has it. */
static int wants_color(int is_terminal)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return is_terminal && (no_color == NULL || no_color[0] == '\0')
           && (term == NULL || strcmp(term, "dumb") != 0);
}

void output_init(struct output *output, enum color color)
{
    output->is_terminal = isatty(STDOUT_FILENO);
    output->has_color = color == COLOR_ALWAYS;
    if (color == COLOR_AUTO)
        output->has_color = wants_color(output->is_terminal);
}

void output_text(const struct output *output, const char *text, size_t size)
{
    /* Colour through a pipe goes to a pager, and so to a terminal. */
    if (output->is_terminal || output->has_color)
        terminal_write(stdout, text, size);
    else
        fwrite(text, 1, size, stdout);
}

void output_line(const struct output *output, const char *text, size_t size)
{
    const char *end = text + size;

    while (text < end) {
        const char *next = text;

        while (next < end && *next != '\n' && *next != '\t' && *next != '\r')
            next++;
        output_text(output, text, (size_t) (next - text));
        if (next < end)
            output_string(" ");
        text = next < end ? next + 1 : end;
    }
}

void output_string(const char *string)
{
    fputs(string, stdout);
}

void output_json_string(const struct output *output, const char *text,
                        size_t size)
{
    struct buffer json;

    buffer_init(&json);
    buffer_add_json(&json, text, size);
    output_text(output, json.data, json.failed ? 0 : json.size);
    buffer_clear(&json);
}

void output_members(const struct output *output, const precis_reply *reply,
                    int has_first)
{
    struct member member;
    size_t at = 0;
    size_t size;
    const char *header = precis_reply_header(reply, &size);

    while (members_next(header, size, &at, &member) == 0) {
        if (member_is(&member, "id") || member_is(&member, "elapsed_us"))
            continue;
        output_string(has_first ? ",\"" : "\"");
        output_text(output, member.key, member.key_size);
        output_string("\":");
        output_text(output, member.token, member.token_size);
        has_first = 1;
    }
}

int output_flush(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return STATUS_OK;
    if (errno != EPIPE)
        complain(_("standard output: %s"),
                 errno != 0 ? intl_reason(errno) : _("write error"));
    return STATUS_IO;
}
