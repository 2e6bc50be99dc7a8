#include <config.h>

#include "clients/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clients/complain.h"
#include "clients/preset.h"
#include "clients/take.h"
#include "engine/precis.h"

#define SETTING(member) offsetof(struct settings, member)

static take show_help, show_version;

/* In the order of --help.  --chars is the same as --characters. */
static const struct row rows[] = {
    {'n', "sentences", "N", take_limit, SETTING(request.sentences), 20000,
     "at most N sentences"},
    {0, "words", "N", take_limit, SETTING(request.words), 10000000,
     "at most N words"},
    {0, "characters", "N", take_limit, SETTING(request.characters), 100000000,
     "at most N characters"},
    {0, "chars", "N", take_limit, SETTING(request.characters), 100000000,
     "the same as --characters"},
    {0, "percent", "N", take_limit, SETTING(request.percent), 100,
     "at most N percent of the article's words"},
    {0, "preset", "NAME", take_preset, 0, 0, "a newsroom's length: see below"},
    {0, "terse", NULL, take_flag, SETTING(request.terse), 1,
     "where no length is given, a little shorter"},
    {'l', "language", "CODE", take_string, SETTING(request.language), 0,
     "the article's language, as fr; auto: found out"},
    {0, "charset", "NAME", take_string, SETTING(request.charset), 0,
     "the article's charset; auto: byte order mark, else UTF-8"},
    {'t', "title", "TEXT", take_text, 0, 4096,
     "the article's title: its words weigh more"},
    {'q', "query", "TEXT", take_text, 0, 4096,
     "words that the summary leans towards"},
    {0, "method", "NAME", take_string, SETTING(request.method), 0,
     "how sentences are scored: credits, frequency,\n"
     "                         lead, luhn, textrank, lexrank, sumbasic"},
    {0, "no-quotes", NULL, take_flag, SETTING(request.no_quotes), 1,
     "no sentence with a quotation"},
    {0, "no-questions", NULL, take_flag, SETTING(request.no_questions), 1,
     "no question, even if nothing is left"},
    {0, "compress", NULL, take_flag, SETTING(request.compress), 1,
     "leave out parts of sentences that can be spared"},
    {0, "order", "NAME", take_order, SETTING(request.order), 0,
     "order of the sentences: source, score"},
    {0, "bullets", NULL, take_form, 0, FORM_BULLETS,
     "one sentence a line, with a dash before it"},
    {'j', "json", NULL, take_form, 0, FORM_JSON,
     "one JSON object per file, on a line of its own"},
    {0, "ndjson", NULL, take_form, 0, FORM_NDJSON,
     "one article per line of input (JSON), one result per line"},
    {0, "keywords", "[=N]", take_keywords, 0, PRECIS_KEYWORDS_MAX,
     "the N best keywords, too, on the last line; 10"},
    {0, "text", NULL, take_flag, SETTING(is_text), 1,
     "print the decoded article; with --json: add it"},
    {0, "explain", NULL, take_flag, SETTING(is_explained), 1,
     "a table of all sentences, their scores, and why"},
    {0, "highlight", NULL, take_form, 0, FORM_HIGHLIGHT,
     "the whole article with the chosen sentences marked"},
    {0, "html", NULL, take_form, 0, FORM_HTML,
     "a page: the article tinted by score, summary, keywords"},
    {0, "color", "WHEN", take_color, 0, 0, "auto, always, never"},
    {'e', "endpoint", "URL", take_string, SETTING(endpoint), 0,
     "the service: ipc://PATH or tcp://HOST:PORT"},
    {0, "timeout", "SECONDS", take_seconds, 0, 0,
     "how long to wait for the service; 10"},
    {0, "local", NULL, take_flag, SETTING(is_local), 1,
     "use no service: work in this process"},
    {0, "jobs", "N", take_jobs, 0, JOBS_MAX,
     "threads for --ndjson in this process; one per core"},
    {'v', "verbose", NULL, take_flag, SETTING(is_verbose), 1,
     "say on standard error who does the work"},
    {0, "no-progress", NULL, take_flag, SETTING(no_progress), 1,
     "never show progress"},
    {'h', "help", NULL, show_help, 0, 0, "show this"},
    {'V', "version", NULL, show_version, 0, 0, "show the version"},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void show_presets(void)
{
    const struct preset *preset;
    size_t i;

    puts("\nPresets, which are ceilings like the other lengths:");
    for (i = 0; (preset = preset_at(i)) != NULL; i++)
        printf("  %-12s %3zu %s%s\n", preset->name, preset->amount,
               preset->unit, preset->has_bullets ? ", as a list" : "");
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
    puts("Usage: precis [OPTION...] [FILE...]\n"
         "Summarizes articles: whole sentences, as they stand in the text.\n"
         "Reads standard input where FILE is - or there is none.\n");
    for (i = 0; i < ROW_COUNT; i++) {
        char option[40];

        snprintf(option, sizeof option, "--%s%s%s", rows[i].name,
                 has_argument(&rows[i]) == required_argument ? " " : "",
                 rows[i].argument != NULL ? rows[i].argument : "");
        printf("  %c%c%c %-18s %s\n", rows[i].letter ? '-' : ' ',
               rows[i].letter ? rows[i].letter : ' ',
               rows[i].letter ? ',' : ' ', option, rows[i].help);
    }
    show_presets();
    puts("\nWithout a length the summary is as long as it pays, about 50 "
         "words.\n"
         "Without --endpoint: the service of $PRECIS_ENDPOINT, the user's, "
         "the\n"
         "system's, or else this process.  More in precis(1).");
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
        return complain_usage("--%s takes a value: %s", row->name,
                              row->argument);
    if (row != NULL && row->argument == NULL)
        return complain_usage("--%s takes no value", row->name);
    for (i = 0; i < ROW_COUNT && used < sizeof names; i++)
        used += (size_t) snprintf(names + used, sizeof names - used, " --%s",
                                  rows[i].name);
    return complain_usage("there is no option %s; there are%s",
                          optopt > 0 && optopt < 256 ? letter : word, names);
}

/* Presets and --terse are lengths, of which there is one at most. */
static int check_length(struct settings *settings)
{
    const struct preset *preset = settings->preset;
    int is_plain = settings->form == FORM_TEXT && !settings->is_explained
                   && !settings->is_text;

    if (preset != NULL && has_limit(&settings->request))
        return complain_usage("--preset %s is a length of %zu %s: no other "
                              "can be had together with it",
                              preset->name, preset->amount, preset->unit);
    if (settings->request.terse
        && (preset != NULL || has_limit(&settings->request)))
        return complain_usage("--terse has no use with a length");
    if (preset == NULL)
        return -1;
    preset_apply(preset, &settings->request);
    if (preset->has_bullets && is_plain)
        settings->form = FORM_BULLETS;
    return -1;
}

static int check_together(const struct settings *settings)
{
    int is_data = settings->form == FORM_JSON || settings->form == FORM_NDJSON;
    int is_plain = settings->form != FORM_TEXT && !is_data;

    if (settings->is_text && settings->request.keywords != 0 && !is_data)
        return complain_usage("--keywords and --text cannot be had together "
                              "without --json");
    if (settings->is_explained && settings->is_text
        && settings->form == FORM_TEXT)
        return complain_usage("--explain and --text cannot be had together "
                              "without --json");
    if ((settings->is_explained || settings->is_text) && is_plain)
        return complain_usage("%s and %s cannot be had together",
                              form_name(settings->form),
                              settings->is_explained ? "--explain" : "--text");
    if (settings->form == FORM_NDJSON && settings->request.charset != NULL)
        return complain_usage("--charset has no use with --ndjson: "
                              "JSON is UTF-8");
    if (settings->is_local && settings->endpoint != NULL)
        return complain_usage("--local and --endpoint cannot be had "
                              "together");
    return -1;
}

/* One thread per core the process may use. */
static unsigned cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    if (count < 1)
        return 1;
    return count < JOBS_MAX ? (unsigned) count : JOBS_MAX;
}

int options_parse(int argc, char **argv, struct settings *settings)
{
    struct option longs[ROW_COUNT + 1];
    char letters[2 * ROW_COUNT + 3];
    int found;

    *settings = (struct settings){.jobs = cores()};
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
    if (!settings->is_local && settings->endpoint == NULL) {
        const char *endpoint = getenv("PRECIS_ENDPOINT");

        if (endpoint != NULL && endpoint[0] != '\0')
            settings->endpoint = endpoint;
    }
    found = check_together(settings);
    return found < 0 ? check_length(settings) : found;
}
