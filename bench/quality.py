#!/usr/bin/python3
"""ROUGE of summaries against abstracts written by people, and the defects
that a reader sees.

FILE has one article a line, as JSON with the keys article, abstract and,
where there is one, title; it may be compressed with xz.  Without a RUN: every
method of precis, with and without the title, at its automatic length, in 1, 2
and 3 sentences and in 35 words; the article's opening; a ceiling; Open Text
Summarizer, where it is installed.
"""
import argparse
import collections
import json
import lzma
import os
import random
import sys

import bootstrap
import defects
import plot
import rouge
import systems

# How the intervals are drawn; stated, so that they can be drawn again.
DRAWS = 2000
DRAW_SEED = 20101

METRICS = ["r1", "r2", "rl"]
NAMES = {"r1": "ROUGE-1", "r2": "ROUGE-2", "rl": "ROUGE-L",
         "sum": "ROUGE-1 + ROUGE-2 + ROUGE-L"}


# ---- reading ----

def read(options):
    """Articles of the file: the first N, or N drawn from those."""
    articles = []
    opener = lzma.open if options.file.endswith(".xz") else open
    with opener(options.file, "rt", encoding="utf-8") as file:
        for number, text in enumerate(file):
            if number == options.first:
                break
            if not text.strip():
                continue
            record = json.loads(text)
            articles.append(systems.Article(
                str(record.get("id", number + 1)),
                record[options.article_key],
                record.get(options.title_key) or "",
                record[options.reference_key], []))
    if options.sample is not None and options.sample < len(articles):
        drawn = random.Random(options.seed).sample(range(len(articles)),
                                                   options.sample)
        articles = [articles[i] for i in sorted(drawn)]
    return articles


def add_reading_options(parser):
    parser.add_argument("--precis", default="build/precis", metavar="PROGRAM",
                        help="the program (default: build/precis)")
    parser.add_argument("--first", type=int, default=-1, metavar="N",
                        help="only the first N lines of FILE")
    parser.add_argument("--sample", type=int, metavar="N",
                        help="only N of those, drawn at random")
    parser.add_argument("--seed", type=int, default=1,
                        help="for --sample (default: 1)")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--jobs", type=int, default=1, metavar="N",
                        help="threads of precis (default: 1)")
    parser.add_argument("--article-key", default="article", metavar="KEY")
    parser.add_argument("--reference-key", default="abstract", metavar="KEY")
    parser.add_argument("--title-key", default="title", metavar="KEY")
    parser.add_argument("file", metavar="FILE")


def prepared(options):
    """The program and the articles that it can read."""
    precis = systems.Precis(options.precis, options.language, options.jobs)
    articles = read(options)
    read_by_precis = precis.segmented(articles)
    if not read_by_precis:
        raise systems.Failed("%s: no article" % options.file)
    if len(read_by_precis) < len(articles):
        print("%d of %d articles cannot be read: left out" %
              (len(articles) - len(read_by_precis), len(articles)),
              file=sys.stderr)
    return precis, read_by_precis


# ---- measuring ----

class Row:
    """One run: scores and words per article, in the articles' order."""

    def __init__(self, name, summaries, scorer):
        self.name, self.summaries = name, summaries
        scored = [scorer(i, summary.text)
                  for i, summary in enumerate(summaries)]
        self.scores = {metric: [one[k] for one in scored]
                       for k, metric in enumerate(METRICS)}
        self.scores["sum"] = [sum(one[:3]) for one in scored]
        self.words = [one[3] for one in scored]
        self.empty = sum(not words for words in self.words)
        self.means = {}         # in every draw, by metric

    def mean(self, metric):
        return 100 * systems.mean(self.scores[metric])

    def interval(self, metric):
        low, high = bootstrap.interval(self.means[metric])
        return 100 * low, 100 * high

    def same_as(self, other):
        return [summary.text for summary in self.summaries] == [
            summary.text for summary in other.summaries]


class Scorer:
    """Scores of a text against the abstract of article i; the same text is
    scored once, and many runs give the same."""

    def __init__(self, articles):
        self.references = [rouge.Reference(article.reference)
                           for article in articles]
        self.known = [{} for _ in articles]

    def __call__(self, i, text):
        if text not in self.known[i]:
            sequence = rouge.words(text)
            self.known[i][text] = self.references[i].score(sequence) + (
                len(sequence),)
        return self.known[i][text]


def measure(runs, runner):
    scorer = Scorer(runner.articles)
    rows = [Row(run, runner(run), scorer) for run in runs]
    columns = [(row, metric) for row in rows for metric in row.scores]
    means = bootstrap.draw_means([row.scores[metric]
                                  for row, metric in columns],
                                 DRAWS, DRAW_SEED)
    for (row, metric), column in zip(columns, means):
        row.means[metric] = column
    return rows


def without_twins(rows):
    """Of a method that does not look at the title, one row."""
    by_name = {row.name: row for row in rows}
    kept, unused = [], []
    for row in rows:
        twin = by_name.get(row.name.replace(",no-title", ""))
        if twin is not None and twin is not row and row.same_as(twin):
            unused.append(row.name)
        else:
            kept.append(row)
    return kept, unused


def defects_of(row, articles):
    """{kind: [(article's id, excerpt)]}"""
    found = collections.defaultdict(list)
    for article, summary in zip(articles, row.summaries):
        for kind, excerpt in defects.of_summary(article.text, summary.text,
                                                summary.spans,
                                                summary.cuts).items():
            found[kind].append((article.id, excerpt))
    return found


def defects_of_texts(articles, attribute, kinds):
    found = collections.defaultdict(list)
    for article in articles:
        for kind, excerpt in defects.of_text(getattr(article,
                                                     attribute)).items():
            if kind in kinds:
                found[kind].append((article.id, excerpt))
    return found


def defect_tables(rows, articles):
    """By name; of the articles and the abstracts what needs no source."""
    tables = {row.name: (defects_of(row, articles), defects.KINDS)
              for row in rows if defect_row(row.name)}
    if tables:
        for name, attribute, kinds in [
                ("(articles)", "text", defects.OF_TEXT),
                ("(abstracts)", "reference", defects.OF_TEXT)]:
            tables[name] = (defects_of_texts(articles, attribute, kinds),
                            kinds)
    return tables


def defect_row(name):
    return systems.parsed(name)[1] == "n3"


def difference(a, b, metric):
    """(a - b, low, high) x 100, over the same draws."""
    low, high = bootstrap.interval(
        [x - y for x, y in zip(a.means[metric], b.means[metric])])
    return a.mean(metric) - b.mean(metric), 100 * low, 100 * high


# ---- printing ----

def print_rows(rows):
    wide = max(len(row.name) for row in rows)
    print("%-*s %6s  %-21s %-21s %-21s %6s" %
          (wide, "run", "words", "ROUGE-1", "ROUGE-2", "ROUGE-L", "sum"))
    for row in rows:
        cells = ["%5.2f [%5.2f, %5.2f]" %
                 ((row.mean(metric),) + row.interval(metric))
                 for metric in METRICS]
        print("%-*s %6.1f  %-21s %-21s %-21s %6.2f%s" %
              ((wide, row.name, systems.mean(row.words)) + tuple(cells) +
               (row.mean("sum"),
                "  (%d empty)" % row.empty if row.empty else "")))


def print_defects(tables, articles):
    if not tables:
        return
    wide = max(map(len, tables))
    print("\nVisible defects, % of the summaries in 3 sentences "
          "(bench/defects.py says what each is)\n")
    print("%-*s " % (wide, "run") +
          " ".join("%12s" % kind for kind in defects.KINDS))
    for name, (found, kinds) in tables.items():
        print("%-*s " % (wide, name) + " ".join(
            "%12s" % ("%.2f" % (100 * len(found[kind]) / articles)
                      if kind in kinds else "-") for kind in defects.KINDS))


def print_differences(pairs):
    if not pairs:
        return
    print("\nPaired differences, 95 %\n")
    wide = max(len(a.name) + len(b.name) + 3 for a, b in pairs)
    for a, b in pairs:
        print("%-*s  " % (wide, a.name + " - " + b.name) + "  ".join(
            "%s %+.2f [%+.2f, %+.2f]" %
            ((metric.upper(),) + difference(a, b, metric))
            for metric in METRICS + ["sum"]))


# ---- files ----

def figures(rows, tables, pairs, articles, options, precis):
    return {
        "precis": precis.version, "file": os.path.basename(options.file),
        "articles": len(articles), "first": options.first,
        "sample": options.sample,
        "seed": options.seed, "draws": DRAWS, "draw_seed": DRAW_SEED,
        "reference_words": systems.mean(len(rouge.words(article.reference))
                                        for article in articles),
        "runs": [dict({"run": row.name, "words": systems.mean(row.words),
                       "empty": row.empty},
                      **{metric: dict(zip(("mean", "low", "high"),
                                          (row.mean(metric),) +
                                          row.interval(metric)))
                         for metric in row.scores}) for row in rows],
        "defects": [dict({"run": name},
                         **{kind: 100 * len(found[kind]) / len(articles)
                            for kind in kinds})
                    for name, (found, kinds) in tables.items()],
        "differences": [dict({"a": a.name, "b": b.name},
                             **{metric: dict(zip(("mean", "low", "high"),
                                                 difference(a, b, metric)))
                                for metric in METRICS + ["sum"]})
                        for a, b in pairs]}


def write_hits(name, tables):
    with open(name, "w", encoding="utf-8") as file:
        for run, (found, _) in tables.items():
            for kind in defects.KINDS:
                for article, excerpt in found[kind]:
                    file.write("%s\t%s\t%s\t%s\n" %
                               (run, kind, article,
                                " ".join(excerpt.split())))


def series_of(rows, metric, precis):
    """For the plot: a line per method and options."""
    grouped = collections.OrderedDict()
    for row in rows:
        method, limit, extra = systems.parsed(row.name)
        point = (mark_of(limit), systems.mean(row.words), row.mean(metric))
        grouped.setdefault((method, tuple(extra)), []).append(point)
    for (method, extra), points in grouped.items():
        name = systems.suffixed(method, "", extra)
        if method in ("LEAD", "ORACLE"):
            style = "floor"
        elif method == "OTS":
            style = "peer"
        else:
            style = "first" if method == precis.methods[0] else "method"
            if "no-title" in extra:
                style = "untitled first" if style == "first" else "untitled"
        yield plot.Series(name, style, points)


def mark_of(limit):
    if not limit:
        return "a"
    if limit[0] == "n":
        return limit[1:]
    return "%" if limit[0] in "rp" else limit[0]


def write_plot(options, rows, articles, precis):
    series = list(series_of(rows, options.metric, precis))
    series.sort(key=lambda one: one.style != "floor")
    extracts = [row.mean(options.metric) for row in rows
                if not row.name.startswith("ORACLE")]
    title = "%s, %d articles of %s" % (precis.version, len(articles),
                                       os.path.basename(options.file))
    with open(options.plot, "w", encoding="utf-8") as file:
        file.write(plot.svg(series, title, NAMES[options.metric],
                            max(extracts or [300])))


# ---- main ----

def arguments():
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__, epilog=systems.__doc__)
    add_reading_options(parser)
    parser.add_argument("runs", nargs="*", metavar="RUN")
    parser.add_argument("--compare", nargs=2, action="append", default=[],
                        metavar=("RUN", "RUN"),
                        help="the paired difference of two runs; repeatable")
    parser.add_argument("--json", metavar="FILE", help="write all figures")
    parser.add_argument("--plot", metavar="FILE",
                        help="write an SVG of score against words")
    parser.add_argument("--metric", choices=list(NAMES), default="sum",
                        help="of the plot (default: sum)")
    parser.add_argument("--hits", metavar="FILE",
                        help="write every defect found: run, defect, article, "
                        "excerpt, with tabs between")
    parser.add_argument("--no-title", action="store_true",
                        help="leave titles out of the whole table")
    return parser.parse_args()


def run(options):
    precis, articles = prepared(options)
    titled = any(article.title for article in articles)
    if options.no_title:
        articles = [article._replace(title="") for article in articles]
    whole = not options.runs
    runs = options.runs or systems.standard(
        precis, titled and not options.no_title)
    for pair in options.compare:
        runs += [name for name in pair if name not in runs]
    rows = measure(runs, systems.Runner(precis, articles))
    by_name = {row.name: row for row in rows}
    pairs = [(by_name[a], by_name[b]) for a, b in options.compare]
    unused = []
    if whole:
        rows, unused = without_twins(rows)
    tables = defect_tables(rows, articles)

    print("%s; %d articles, abstracts of %.1f words; intervals of 95 %%, %d "
          "draws\n" % (precis.version, len(articles),
                       systems.mean(len(rouge.words(article.reference))
                                    for article in articles), DRAWS))
    print_rows(rows)
    if unused:
        print("\nThe same as with the title: " + " ".join(unused))
    print_defects(tables, len(articles))
    print_differences(pairs)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures(rows, tables, pairs, articles, options, precis),
                      file, indent=1, ensure_ascii=False)
            file.write("\n")
    if options.hits:
        write_hits(options.hits, tables)
    if options.plot:
        write_plot(options, rows, articles, precis)


def main():
    try:
        run(arguments())
    except (systems.Failed, OSError) as error:
        sys.exit("quality.py: %s" % error)


if __name__ == "__main__":
    main()
