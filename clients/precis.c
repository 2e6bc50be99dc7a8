/* precis - the summary of an article, from a service or in this process. */
#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clients/batch.h"
#include "clients/complain.h"
#include "clients/options.h"
#include "clients/output.h"
#include "clients/render.h"
#include "clients/source.h"
#include "clients/status.h"
#include "clients/translate.h"
#include "clients/way.h"
#include "po/intl.h"

/* Ctrl-C ends the process by its signal, so that a shell's loop ends too;
 * kill(1) by the status that a shell makes of it.  Either is 130 there. */
static void interrupted(int number, siginfo_t *info, void *context)
{
    (void) context;
    if (info->si_code == SI_USER)
        _exit(STATUS_INTERRUPTED);
    signal(number, SIG_DFL);
    raise(number); /* taken when this handler returns */
}

/* SIGPIPE ends us silently even where a parent had it ignored. */
static void set_signals(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};

    action.sa_sigaction = interrupted;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_DFL);
}

/* What the reader of the summary should know. */
static void warn(const char *file, const precis_reply *reply)
{
    size_t replaced = precis_reply_replaced(reply);
    char warning[TRANSLATE_SIZE];
    size_t i;

    for (i = 0; i < precis_reply_warning_count(reply); i++)
        complain(_("%s: warning: %s"), source_name(file),
                 translate(precis_reply_warning(reply, i), warning));
    if (replaced > 0 && i == 0)
        complain(ngettext("%s: warning: %zu undecodable part was replaced by "
                          "U+FFFD",
                          "%s: warning: %zu undecodable parts were replaced "
                          "by U+FFFD",
                          (unsigned long) replaced),
                 source_name(file), replaced);
}

/* Asks for one summary.  0 and *reply, or an exit status after a complaint. */
static int ask(struct way *way, const precis_request *request, const char *file,
               precis_reply **reply)
{
    unsigned long long number;
    precis_error error;
    int code = way_send(way, request, &number, &error);

    if (code == 0)
        code = way_receive(way, &number, reply, &error);
    if (code == 0 && precis_reply_code(*reply) != 0) {
        code = precis_reply_code(*reply);
        precis_reply_error(*reply, &error);
        precis_reply_free(*reply);
    }
    return code != 0 ? complain_error(source_name(file), &error) : 0;
}

/* What goes from file to file. */
struct run {
    struct way *way;
    const struct settings *settings;
    const struct output *output;
    int has_written;
};

static int run_file(struct run *run, const char *file)
{
    const struct settings *settings = run->settings;
    precis_request request = settings->request;
    precis_reply *reply;
    char *article;
    int status = source_read(file, run->way->article_limit, &article,
                             &request.article_size);

    if (status != 0)
        return status;
    request.article = article;
    render_prepare(settings, &request);
    status = ask(run->way, &request, file, &reply);
    free(article);
    if (status != 0)
        return status;
    if (run->has_written)
        render_between(settings);
    else
        render_begin(settings, reply);
    run->has_written = 1;
    render(run->output, settings, settings->file_count > 1 ? file : NULL,
           reply);
    status = output_flush();
    warn(file, reply);
    precis_reply_free(reply);
    return status;
}

/* The status is that of the first file that failed; the others go on, but
 * not without a service or an output. */
static int run_each(struct run *run)
{
    const struct settings *settings = run->settings;
    int result = STATUS_OK;
    int i;

    if (settings->file_count == 0)
        return run_file(run, "-");
    for (i = 0; i < settings->file_count; i++) {
        int status = run_file(run, settings->files[i]);

        if (result == STATUS_OK)
            result = status;
        if (status == STATUS_NO_ANSWER || status == STATUS_IO)
            return status;
    }
    return result;
}

static int run_files(struct way *way, const struct settings *settings,
                     const struct output *output)
{
    struct run run = {way, settings, output, 0};
    int status = run_each(&run);

    if (run.has_written)
        render_end(settings);
    return status;
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct output output;
    struct way way;
    int status;

    set_signals();
    status = options_parse(argc, argv, &settings);
    if (status >= 0)
        return status != 0 ? status : output_flush();
    if (settings.file_count == 0 && isatty(STDIN_FILENO))
        return complain_usage(_("no article: name a file, or pipe one in; "
                                "precis --help shows how"));
    output_init(&output, settings.color);
    status = way_open(&way, &settings);
    if (status == STATUS_OK)
        status = settings.form == FORM_NDJSON
                     ? batch_run(&way, &settings, &output)
                     : run_files(&way, &settings, &output);
    if (status != STATUS_IO && output_flush() != STATUS_OK)
        status = STATUS_IO;
    way_close(&way);
    return status;
}
