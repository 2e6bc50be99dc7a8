/* main.c - trains the method credits for a language: reads articles with
 * abstracts, counts the tables of words and pairs, fits the weights of the
 * models without a title and with one, shows what they are worth, and writes
 * the files that stemmers/tables.awk makes C of.
 *
 * The same corpus gives the same bytes: nothing is random, the order of the
 * articles is fixed, and no function of libm is used whose last digits differ
 * between machines. */
#include <config.h>

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "bench/credits/fit.h"
#include "bench/credits/output.h"

static const char usage[] =
    "usage: train [OPTION]... DIR\n"
    "\n"
    "Trains the method credits on DIR/train.jsonl and validates it on the"
    " first\n"
    "half of DIR/valid.jsonl (both may be .jsonl.xz).  Each line is an object"
    " with\n"
    "article, abstract, title and date.\n"
    "\n"
    "  -o, --output DIR      write words, pairs and credits there\n"
    "  -l, --language CODE   of the articles (default: fr)\n"
    "      --neutral         know nothing of any word: no words, no pairs\n"
    "      --final           validate on the second half too: do it once,"
    " at the end\n"
    "      --hold-out N      do not train on the last N articles, validate on"
    " them\n"
    "      --model NAME      only plain (no title) or title; writes nothing\n"
    "      --source TEXT     what the files say the articles are\n"
    "      --licence TEXT    and what they say of their licence\n"
    "      --set NAME=VALUE  change a setting (below); repeatable\n"
    "  -h, --help\n"
    "\n"
    "Settings and their defaults:\n";

struct options {
    const char *dir, *output, *language, *source, *licence;
    int neutral, final, only; /* only: 0 plain, 1 title, -1 both */
    size_t hold_out;
    struct settings settings;
};

enum { NEUTRAL = 256, FINAL, HOLD_OUT, MODEL, SOURCE, LICENCE, SET };

static size_t number_of(const char *text)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || text[0] == '-')
        errx(64, "%s: no number of articles", text);
    return value;
}

static int model_of(const char *name)
{
    if (strcmp(name, "plain") != 0 && strcmp(name, "title") != 0)
        errx(64, "%s: no model; plain or title", name);
    return strcmp(name, "title") == 0;
}

static void option_read(struct options *o, int letter)
{
    switch (letter) {
    case 'o':
        o->output = optarg;
        break;
    case 'l':
        o->language = optarg;
        break;
    case NEUTRAL:
        o->neutral = 1;
        break;
    case FINAL:
        o->final = 1;
        break;
    case HOLD_OUT:
        o->hold_out = number_of(optarg);
        break;
    case MODEL:
        o->only = model_of(optarg);
        break;
    case SOURCE:
        o->source = optarg;
        break;
    case LICENCE:
        o->licence = optarg;
        break;
    case SET:
        settings_set(&o->settings, optarg);
        break;
    case 'h':
        fputs(usage, stdout);
        settings_help(stdout);
        exit(0);
    default:
        errx(64, "see --help");
    }
}

static void options_read(struct options *o, int argc, char **argv)
{
    static const struct option names[] = {
        {"output", required_argument, NULL, 'o'},
        {"language", required_argument, NULL, 'l'},
        {"neutral", no_argument, NULL, NEUTRAL},
        {"final", no_argument, NULL, FINAL},
        {"hold-out", required_argument, NULL, HOLD_OUT},
        {"model", required_argument, NULL, MODEL},
        {"source", required_argument, NULL, SOURCE},
        {"licence", required_argument, NULL, LICENCE},
        {"set", required_argument, NULL, SET},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    while ((letter = getopt_long(argc, argv, "o:l:h", names, NULL)) != -1)
        option_read(o, letter);
    if (optind + 1 != argc)
        errx(64, "which folder? See --help");
    o->dir = argv[optind];
}

/* Reads the corpus, and says where its parts begin. */
static void read_all(const struct options *o, struct corpus *corpus,
                     int with_title, struct origin *origin, size_t *valid)
{
    corpus_init(corpus, o->language, with_title, o->neutral);
    corpus->leads = o->neutral ? (size_t) o->settings.leads : 0;
    corpus_read(corpus, o->dir, "train");
    corpus->leads = 0;
    if (corpus->count < o->hold_out + FOLDS)
        errx(1, "%s: too few articles to train on", o->dir);
    corpus_deal(corpus, corpus->count - o->hold_out);
    origin->language = corpus->language->name;
    origin->neutral = o->neutral;
    origin->articles = corpus->trained;
    memcpy(origin->date, corpus->newest, sizeof origin->date);
    *valid = corpus->count;
    corpus_read(corpus, o->dir, "valid");
}

static void train(const struct options *o, int with_title,
                  struct origin *origin, struct model *model)
{
    const char *name = with_title ? "title" : "plain";
    struct corpus corpus;
    struct tables tables;
    struct estimate estimate;
    struct fit fit = {&o->settings, &corpus, &tables, model, &estimate};
    size_t valid, half;
    char what[80];

    read_all(o, &corpus, with_title, origin, &valid);
    fprintf(stderr, "%s: %zu articles to train on\n", name, corpus.trained);
    tables_init(&tables, &corpus, &o->settings, o->neutral);
    tables_fill(&tables, &corpus);
    estimate_init(&estimate, &corpus);
    model_init(model, &o->settings);
    fit_logistic(&fit);
    fit_listwise(&fit);
    model_round(model);
    half = valid + (corpus.count - valid) / 2;
    snprintf(what, sizeof what, "%s, held out", name);
    validate(&fit, what, corpus.trained, valid);
    snprintf(what, sizeof what, "%s, first half of valid", name);
    validate(&fit, what, valid, half);
    snprintf(what, sizeof what, "%s, second half of valid", name);
    validate(&fit, what, half, o->final ? corpus.count : half);
    if (with_title && o->output != NULL && o->only < 0 && !o->neutral)
        output_tables(o->output, origin, &tables, &corpus);
    estimate_clear(&estimate);
    tables_clear(&tables);
    corpus_clear(&corpus);
}

int main(int argc, char **argv)
{
    struct options o = {
        .language = "fr",
        .source = "OrangeSum-abstract, train split (Kamal Eddine and others,"
                  " 2021; articles of Orange/AFP)",
        .licence = "figures derived from CC BY-SA 4.0 data; see COPYING",
        .only = -1,
    };
    struct model models[2];
    struct origin origin;

    settings_init(&o.settings);
    options_read(&o, argc, argv);
    origin.source = o.source;
    origin.licence = o.licence;
    origin.word_articles = o.settings.word_articles;
    origin.pair_articles = o.settings.pair_articles;
    for (int i = 0; i < 2; i++)
        if (o.only < 0 || o.only == i)
            train(&o, i, &origin, &models[i]);
    if (o.output != NULL && o.only < 0) {
        output_models(o.output, &origin, models);
        output_finish(o.output, o.neutral);
    }
    for (int i = 0; i < 2; i++)
        if (o.only < 0 || o.only == i)
            model_clear(&models[i]);
    return 0;
}
