/* top: status, again every second, on a terminal; once where there is none. */
#include <config.h>

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "clients/complain.h"
#include "clients/ctl.h"
#include "clients/members.h"
#include "clients/status.h"
#include "clients/terminal.h"
#include "po/intl.h"

#define REFRESH_MS 1000

/* Where figures begin. */
#define LABEL_COLUMNS 11

/* Behind every line on a terminal: what stood there before goes. */
#define CLEAR_LINE "\033[K"
#define SCREEN_OPEN "\033[?1049h\033[?25l"
#define SCREEN_CLOSE "\033[?25h\033[?1049l"
#define SCREEN_BEGIN "\033[H"
#define SCREEN_END "\033[J"

static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
    (void) number;
    is_interrupted = 1;
}

/* ---- what is shown ---- */

static const char *line_end(const struct ctl *ctl)
{
    return ctl->output.is_terminal ? CLEAR_LINE "\n" : "\n";
}

static long long number_of(const precis_reply *reply, const char *key)
{
    return precis_reply_number(reply, key, 0);
}

/* The digits of a real, as they stand in the reply, with two behind the
 * point. */
static void show_real(const struct ctl *ctl, const precis_reply *reply,
                      const char *key)
{
    struct member member;
    size_t at = 0;
    size_t size;
    const char *header = precis_reply_header(reply, &size);

    while (members_next(header, size, &at, &member) == 0) {
        const char *point = member_is(&member, key)
                                ? memchr(member.token, '.', member.token_size)
                                : NULL;

        if (point != NULL && point + 3 <= member.token + member.token_size)
            output_text(&ctl->output, member.token,
                        (size_t) (point + 3 - member.token));
    }
}

static void show_head(const struct ctl *ctl, const struct ctl_answer *answer)
{
    const char *version = precis_reply_version(answer->reply);
    const char *state = precis_reply_string(answer->reply, "state");
    long long seconds = number_of(answer->reply, "uptime_seconds");

    output_string("precisd ");
    if (version != NULL)
        output_line(&ctl->output, version, strlen(version));
    output_string("  ");
    if (state != NULL)
        output_line(&ctl->output, state, strlen(state));
    printf("  %lld d %02lld:%02lld:%02lld  pid %lld  %s%s", seconds / 86400,
           seconds / 3600 % 24, seconds / 60 % 60, seconds % 60,
           number_of(answer->reply, "pid"),
           precis_client_endpoint(answer->client), line_end(ctl));
}

/* Begins a line, in the column where the labels end. */
static void show_label(const char *label)
{
    size_t size = strlen(label);
    unsigned columns = 0;
    unsigned character;
    size_t at;

    for (at = 0; at < size; columns++)
        at += utf8_next(label + at, size - at, &character);
    printf("%s%*s", label,
           columns < LABEL_COLUMNS ? (int) (LABEL_COLUMNS - columns) : 1, "");
}

static void show_figures(const struct ctl *ctl, const precis_reply *reply)
{
    const char *end = line_end(ctl);

    show_label(_("requests"));
    show_real(ctl, reply, "requests_per_second");
    printf(_("/s; errors "));
    show_real(ctl, reply, "errors_per_second");
    printf(_("/s; since the start %lld, errors %lld"),
           number_of(reply, "requests"), number_of(reply, "errors"));
    output_string(end);
    show_label(_("time"));
    printf(_("half in %.2f ms, 99 %% in %.2f ms"),
           (double) number_of(reply, "p50_us") / 1000,
           (double) number_of(reply, "p99_us") / 1000);
    output_string(end);
    show_label(_("queue"));
    printf(_("%lld of %lld, %.1f of %.1f MiB; under way %lld"),
           number_of(reply, "queued"), number_of(reply, "queue_length"),
           (double) number_of(reply, "queued_bytes") / 1048576,
           (double) number_of(reply, "queue_bytes") / 1048576,
           number_of(reply, "in_flight"));
    output_string(end);
    show_label(_("workers"));
    printf(_("%lld of %lld busy"), number_of(reply, "workers_busy"),
           number_of(reply, "workers"));
    if (precis_reply_number(reply, "clients", -1) >= 0) {
        output_string(end);
        show_label(_("clients"));
        printf("%lld", number_of(reply, "clients"));
    }
    output_string(end);
    show_label(_("memory"));
    printf(_("%.1f MiB"),
           (double) number_of(reply, "resident_bytes") / 1048576);
    output_string(end);
}

/* "outcomes   ok 12, busy 3" */
static void show_outcomes(const struct ctl *ctl, const precis_reply *reply)
{
    struct member member, row;
    size_t at = 0;
    size_t inner = 0;
    size_t size;
    const char *header = precis_reply_header(reply, &size);

    while (members_next(header, size, &at, &member) == 0)
        if (member_is(&member, "outcomes"))
            break;
    if (!member_is(&member, "outcomes"))
        return;
    show_label(_("outcomes"));
    for (at = 0;
         members_next(member.token, member.token_size, &inner, &row) == 0;
         at++) {
        output_string(at > 0 ? ", " : "");
        output_line(&ctl->output, row.key, row.key_size);
        output_string(" ");
        output_line(&ctl->output, row.token, row.token_size);
    }
    output_string(line_end(ctl));
}

static void show(const struct ctl *ctl, const struct ctl_answer *answer)
{
    show_head(ctl, answer);
    show_figures(ctl, answer->reply);
    show_outcomes(ctl, answer->reply);
}

/* ---- the live view ---- */

/* Keys come at once and are not shown; Ctrl-C still is a signal. */
static int keys_open(struct termios *before)
{
    struct termios raw;

    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, before) != 0)
        return 0;
    raw = *before;
    raw.c_lflag &= ~(tcflag_t) (ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

/* Waits for the next second; 1 where the user has enough. */
static int wait_for_key(int has_keys)
{
    struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};
    char key;

    if (poll(&keys, has_keys ? 1 : 0, REFRESH_MS) <= 0 || is_interrupted)
        return is_interrupted;
    return read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q';
}

static void show_screen(const struct ctl *ctl, const struct ctl_answer *answer,
                        const precis_error *error)
{
    output_string(SCREEN_BEGIN);
    if (error == NULL) {
        show(ctl, answer);
    } else {
        output_line(&ctl->output, error->message, strlen(error->message));
        output_string(line_end(ctl));
    }
    printf("%s%s%s", line_end(ctl), _("q ends this"), line_end(ctl));
    output_string(SCREEN_END);
}

/* A service that does not answer is asked again: it may be back soon. */
static int watch(const struct ctl *ctl, struct ctl_answer *answer, int has_keys)
{
    precis_error error;
    int code = 0;

    while (!is_interrupted) {
        show_screen(ctl, answer, code == 0 ? NULL : &error);
        if (output_flush() != STATUS_OK)
            return STATUS_IO;
        if (wait_for_key(has_keys))
            break;
        precis_reply_free(answer->reply);
        answer->reply = NULL;
        code = ctl_call(ctl, "status", answer, &error);
    }
    return STATUS_OK;
}

static int watch_screen(const struct ctl *ctl, struct ctl_answer *answer)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = interrupt};
    struct termios before;
    int has_keys, status;
    size_t i;

    for (i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
    has_keys = keys_open(&before);
    output_string(SCREEN_OPEN);
    status = watch(ctl, answer, has_keys);
    output_string(SCREEN_CLOSE);
    if (has_keys)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return ctl_end(status);
}

int ctl_top(const struct ctl *ctl, int count, char *const *arguments)
{
    struct ctl_answer answer;
    int status = ctl_ask_status(ctl, &answer);

    (void) count, (void) arguments;
    if (status == STATUS_OK && ctl->output.is_terminal) {
        status = watch_screen(ctl, &answer);
    } else if (status == STATUS_OK) {
        show(ctl, &answer);
        status = ctl_end(STATUS_OK);
    }
    ctl_answer_clear(&answer);
    return status;
}
