#include <config.h>

#include "clients/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "clients/complain.h"
#include "clients/help.h"
#include "clients/preset.h"
#include "clients/take.h"
#include "engine/precis.h"
#include "po/intl.h"

#define SETTING(member) offsetof(struct settings, member)

static take show_help, show_version;

/* In the order of --help.  --chars is the same as --characters. */
static const struct row rows[] = {
    {'n', "sentences", "N", take_limit, SETTING(request.sentences), 20000,
     N_("at most N sentences")},
    {0, "words", "N", take_limit, SETTING(request.words), 10000000,
     N_("at most N words")},
    {0, "characters", "N", take_limit, SETTING(request.characters), 100000000,
     N_("at most N characters")},
    {0, "chars", "N", take_limit, SETTING(request.characters), 100000000,
     N_("the same as --characters")},
    {0, "percent", "N", take_limit, SETTING(request.percent), 100,
     N_("at most N percent of the article's words")},
    {0, "preset", N_("NAME"), take_preset, 0, 0,
     N_("a newsroom's length: see below")},
    {0, "terse", NULL, take_flag, SETTING(request.terse), 1,
     N_("where no length is given, a little shorter")},
    {'l', "language", N_("CODE"), take_string, SETTING(request.language), 0,
     N_("the article's language, as fr; auto: found out")},
    {0, "charset", N_("NAME"), take_string, SETTING(request.charset), 0,
     N_("the article's charset, as ISO-8859-2; auto: found out")},
    {'t', "title", N_("TEXT"), take_text, 0, 4096,
     N_("the article's title: its words weigh more")},
    {'q', "query", N_("TEXT"), take_text, 0, 4096,
     N_("words that the summary leans towards")},
    {0, "method", N_("NAME"), take_string, SETTING(request.method), 0,
     N_("how sentences are scored: credits, frequency, "
        "lead, luhn, textrank, lexrank, sumbasic")},
    {0, "no-quotes", NULL, take_flag, SETTING(request.no_quotes), 1,
     N_("no sentence with a quotation")},
    {0, "no-questions", NULL, take_flag, SETTING(request.no_questions), 1,
     N_("no question, even if nothing is left")},
    {0, "compress", NULL, take_flag, SETTING(request.compress), 1,
     N_("leave out parts of sentences that can be spared")},
    {0, "order", N_("NAME"), take_order, SETTING(request.order), 0,
     N_("order of the sentences: source, score")},
    {0, "detect", NULL, take_flag, SETTING(is_detected), 1,
     N_("the language and the charset of each file, no summary")},
    {0, "bullets", NULL, take_form, 0, FORM_BULLETS,
     N_("one sentence a line, with a dash before it")},
    {'j', "json", NULL, take_form, 0, FORM_JSON,
     N_("one JSON object per file, on a line of its own")},
    {0, "ndjson", NULL, take_form, 0, FORM_NDJSON,
     N_("one article per line of input (JSON), one result per line")},
    {0, "keywords", "[=N]", take_keywords, 0, PRECIS_KEYWORDS_MAX,
     N_("the N best keywords, too, on the last line; 10")},
    {0, "text", NULL, take_flag, SETTING(is_text), 1,
     N_("print the decoded article; with --json: add it")},
    {0, "explain", NULL, take_flag, SETTING(is_explained), 1,
     N_("a table of all sentences, their scores, and why")},
    {0, "highlight", NULL, take_form, 0, FORM_HIGHLIGHT,
     N_("the whole article with the chosen sentences marked")},
    {0, "html", NULL, take_form, 0, FORM_HTML,
     N_("a page: the article tinted by score, summary, keywords")},
    {0, "color", N_("WHEN"), take_color, 0, 0, N_("auto, always, never")},
    {'e', "endpoint", "URL", take_endpoint, 0, PRECIS_ENDPOINTS_MAX,
     N_("the service: ipc://PATH or tcp://HOST:PORT; "
        "several share the load")},
    {0, "server-key", N_("KEY"), take_string, SETTING(server_key), 0,
     N_("public key of a service over tcp, or its file")},
    {0, "key", N_("FILE"), take_string, SETTING(key), 0,
     N_("secret key to ask it with")},
    {0, "timeout", N_("SECONDS"), take_seconds, 0, 0,
     N_("how long to wait for the service; 10")},
    {0, "local", NULL, take_flag, SETTING(is_local), 1,
     N_("use no service: work in this process")},
    {0, "jobs", "N", take_jobs, 0, JOBS_MAX,
     N_("threads for --ndjson in this process; one per core")},
    {'v', "verbose", NULL, take_flag, SETTING(is_verbose), 1,
     N_("say on standard error who does the work")},
    {0, "no-progress", NULL, take_flag, SETTING(no_progress), 1,
     N_("never show progress")},
    {'h', "help", NULL, show_help, 0, 0, N_("show this")},
    {'V', "version", NULL, show_version, 0, 0, N_("show the version")},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void show_presets(void)
{
    const struct preset *preset;
    size_t i;

    printf("\n%s\n", _("Presets, which are ceilings like the other lengths:"));
    for (i = 0; (preset = preset_at(i)) != NULL; i++)
        printf("  %-12s %3zu %s%s\n", preset->name, preset->amount,
               _(preset->unit), preset->has_bullets ? _(", as a list") : "");
}

/* For getopt_long(). */
static int has_argument(const struct row *row)
{
    if (row->argument == NULL)
        return no_argument;
    return row->argument[0] == '[' ? optional_argument : required_argument;
}

/* These two end the parsing: -1 is "done". */
static int show_help(struct settings *settings, const struct row *row,
                     const char *value)
{
    size_t i;

    (void) settings;
    (void) row;
    (void) value;
    printf("%s\n",
           _("Usage: precis [OPTION...] [FILE...]\n"
             "Summarizes articles: whole sentences, as they stand in the "
             "text.\n"
             "Reads standard input where FILE is - or there is none.\n"));
    for (i = 0; i < ROW_COUNT; i++)
        help_option(rows[i].letter, rows[i].name, rows[i].argument,
                    rows[i].help);
    show_presets();
    printf("\n%s\n",
           _("Without a length the summary is as long as it pays, about 50 "
             "words.\n"
             "Without --endpoint: the service of $PRECIS_ENDPOINT, the "
             "user's, the\n"
             "system's, or else this process.  More in precis(1)."));
    return -1;
}

static int show_version(struct settings *settings, const struct row *row,
                        const char *value)
{
    (void) settings;
    (void) row;
    (void) value;
    puts("precis " PACKAGE_VERSION);
    return -1;
}

/* getopt_long's two tables; its value is the number of the row plus 256, so
 * that it is never a character. */
static void getopt_tables(struct option longs[ROW_COUNT + 1],
                          char letters[2 * ROW_COUNT + 3])
{
    size_t i;

    *letters++ = ':';
    for (i = 0; i < ROW_COUNT; i++) {
        int has = has_argument(&rows[i]);

        longs[i] = (struct option){rows[i].name, has, NULL, 256 + (int) i};
        if (rows[i].letter != 0)
            *letters++ = rows[i].letter;
        if (rows[i].letter != 0 && has == required_argument)
            *letters++ = ':';
    }
    longs[ROW_COUNT] = (struct option){NULL, 0, NULL, 0};
    *letters = '\0';
}

static const struct row *find_row(int value)
{
    size_t i;

    if (value >= 256)
        return &rows[value - 256];
    for (i = 0; i < ROW_COUNT; i++)
        if (rows[i].letter != 0 && rows[i].letter == value)
            return &rows[i];
    return NULL;
}

/* What getopt_long stumbled over, as it was written. */
static int refuse_option(char **argv, int found)
{
    char letter[3] = {'-', (char) optopt, '\0'};
    const struct row *row = find_row(optopt);
    const char *word = argv[optind - 1];
    char names[512] = "";
    size_t used = 0;
    size_t i;

    if (found == ':' && row != NULL)
        return complain_usage(_("--%s takes a value: %s"), row->name,
                              _(row->argument));
    if (row != NULL && row->argument == NULL)
        return complain_usage(_("--%s takes no value"), row->name);
    for (i = 0; i < ROW_COUNT && used < sizeof names; i++)
        used += (size_t) snprintf(names + used, sizeof names - used, " --%s",
                                  rows[i].name);
    return complain_usage(_("there is no option %s; there are%s"),
                          optopt > 0 && optopt < 256 ? letter : word, names);
}

/* Presets and --terse are lengths, of which there is one at most. */
static int check_length(struct settings *settings)
{
    const struct preset *preset = settings->preset;
    int is_plain = settings->form == FORM_TEXT && !settings->is_explained
                   && !settings->is_text;

    if (preset != NULL && has_limit(&settings->request))
        return complain_usage(_("--preset %s is a length of %zu %s: no other "
                                "can be had together with it"),
                              preset->name, preset->amount, _(preset->unit));
    if (settings->request.terse
        && (preset != NULL || has_limit(&settings->request)))
        return complain_usage(_("--terse has no use with a length"));
    if (preset == NULL)
        return -1;
    preset_apply(preset, &settings->request);
    if (preset->has_bullets && is_plain && !settings->is_detected)
        settings->form = FORM_BULLETS;
    return -1;
}

static int refuse_without_json(const char *option, const char *other)
{
    return complain_usage(_("%s and %s cannot be had together without --json"),
                          option, other);
}

/* Detection has a line or JSON, and nothing else to show. */
static int check_detection(const struct settings *settings, int is_plain)
{
    const char *other = NULL;

    if (is_plain)
        other = form_name(settings->form);
    else if (settings->is_explained)
        other = "--explain";
    else if (settings->is_text)
        other = "--text";
    else if (settings->request.keywords != 0)
        other = "--keywords";
    return other != NULL ? refuse_together("--detect", other) : -1;
}

static int check_together(const struct settings *settings)
{
    int is_data = settings->form == FORM_JSON || settings->form == FORM_NDJSON;
    int is_plain = settings->form != FORM_TEXT && !is_data;
    int status = -1;

    if (settings->is_detected)
        status = check_detection(settings, is_plain);
    if (status >= 0)
        return status;
    if (settings->is_text && settings->request.keywords != 0 && !is_data)
        return refuse_without_json("--keywords", "--text");
    if (settings->is_explained && settings->is_text
        && settings->form == FORM_TEXT)
        return refuse_without_json("--explain", "--text");
    if ((settings->is_explained || settings->is_text) && is_plain)
        return refuse_together(form_name(settings->form),
                               settings->is_explained ? "--explain" : "--text");
    if (settings->form == FORM_NDJSON && settings->request.charset != NULL)
        return complain_usage(_("--charset has no use with --ndjson: "
                                "JSON is UTF-8"));
    if (settings->is_local && settings->endpoint_count > 0)
        return refuse_together("--local", "--endpoint");
    return -1;
}

int options_parse(int argc, char **argv, struct settings *settings)
{
    struct option longs[ROW_COUNT + 1];
    char letters[2 * ROW_COUNT + 3];
    int found;

    *settings = (struct settings){.jobs = 0};
    precis_request_init(&settings->request);
    settings->request.timeout_ms = PRECIS_TIMEOUT_MS;
    getopt_tables(longs, letters);
    opterr = 0;
    while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const struct row *row =
            found == '?' || found == ':' ? NULL : find_row(found);
        int status;

        if (row == NULL)
            return refuse_option(argv, found);
        status = row->take(settings, row, optarg);
        if (status != 0)
            return status > 0 ? status : 0;
    }
    settings->files = argv + optind;
    settings->file_count = argc - optind;
    if (!settings->is_local && settings->endpoint_count == 0) {
        const char *endpoint = getenv("PRECIS_ENDPOINT");

        if (endpoint != NULL && endpoint[0] != '\0')
            settings->endpoints[settings->endpoint_count++] = endpoint;
    }
    found = check_together(settings);
    return found < 0 ? check_length(settings) : found;
}
