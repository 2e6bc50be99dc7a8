#!/usr/bin/python3
"""Summaries side by side, for reading: N articles drawn at random from FILE,
the abstract written by people, and what each RUN makes of the article.

Without a RUN: the default method of precis at its automatic length and in
three sentences, the article's first three sentences, and Open Text Summarizer
in three where it is installed.  The same seed draws the same articles.
"""
import argparse
import sys
import textwrap

import ots
import quality
import rouge
import systems


def paragraph(heading, text):
    count = len(rouge.words(text))
    print("%s, %d words" % (heading, count))
    print(textwrap.fill(text, 76, initial_indent="    ",
                        subsequent_indent="    ") or "    (nothing)")
    print()


def arguments():
    parser = argparse.ArgumentParser(
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__, epilog=systems.__doc__)
    quality.add_reading_options(parser)
    parser.add_argument("runs", nargs="*", metavar="RUN")
    parser.add_argument("--full", action="store_true",
                        help="the article too")
    parser.set_defaults(sample=5)
    return parser.parse_args()


def run(options):
    precis, articles = quality.prepared(options)
    method = precis.methods[0]
    runs = options.runs or [method, method + ":n3", "LEAD:n3"] + (
        ["OTS:n3"] if ots.is_installed() else [])
    runner = systems.Runner(precis, articles)
    made = [(name, runner(name)) for name in runs]
    print("%s; %d articles drawn with seed %d\n" %
          (precis.version, len(articles), options.seed))
    for i, article in enumerate(articles):
        print("=" * 80)
        print(textwrap.fill("%s  %s" % (article.id, article.title), 80))
        print()
        if options.full:
            paragraph("Article", article.text)
        paragraph("Abstract", article.reference)
        for name, summaries in made:
            paragraph(name, summaries[i].text)


def main():
    try:
        run(arguments())
    except (systems.Failed, OSError) as error:
        sys.exit("samples.py: %s" % error)


if __name__ == "__main__":
    main()
