#!/usr/bin/python3
"""ROUGE of the methods against abstracts written by people.

usage: quality.py [--precis PROGRAM] [--first N] [--no-title] FILE [RUN...]

FILE has one article a line, as JSON with the keys article, abstract and,
where there is one, title; it may be compressed with xz.  Every RUN sends them
all through "precis --ndjson --local" and is written METHOD:LIMIT:

    lead:n2       two sentences
    frequency:w50 fifty words
    frequency:=   as many words as the run before it had in the mean (found by
                  trying): ROUGE likes some lengths better than others, so
                  compare methods at the same one
    frequency     no limit: as long as pays

Without a RUN: "lead:n2 frequency:= frequency lead:=".

ROUGE-1, -2 and -L are F1 over lower-cased runs of letters and digits, -L over
the summary as one sequence; means over the articles, times 100.  The column
"words" counts the same way.
"""
import argparse
import collections
import json
import lzma
import re
import subprocess
import sys

WORD = re.compile(r"\w+")
RUNS = ["lead:n2", "frequency:=", "frequency", "lead:="]

# For "=": near enough, in words.
NEAR = 0.25


# ---- ROUGE ----

def f1(hits, candidate, reference):
    if not hits:
        return 0.0
    return 2 * hits / (candidate + reference)


def grams(words, n):
    return collections.Counter(zip(*(words[i:] for i in range(n))))


def rouge_n(candidate, reference, n):
    mine, theirs = grams(candidate, n), grams(reference, n)
    return f1(sum((mine & theirs).values()), sum(mine.values()),
              sum(theirs.values()))


def common_subsequence(a, b):
    """The longest one's length, a row of the table at a time in one integer:
    a zero bit is a step up (Hyyro 2004)."""
    places = collections.defaultdict(int)
    for i, word in enumerate(a):
        places[word] |= 1 << i
    full = (1 << len(a)) - 1
    row = full
    for word in b:
        kept = row & places[word]
        row = ((row + kept) | (row - kept)) & full
    return len(a) - bin(row).count("1")


def rouge(candidate, reference):
    if not candidate or not reference:
        return (0.0, 0.0, 0.0)
    return (rouge_n(candidate, reference, 1), rouge_n(candidate, reference, 2),
            f1(common_subsequence(candidate, reference), len(candidate),
               len(reference)))


# ---- running precis ----

def records(options):
    opener = lzma.open if options.file.endswith(".xz") else open
    with opener(options.file, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number == options.first:
                break
            yield json.loads(line)


def request(number, record, options):
    wanted = {"id": number, "language": options.language,
              "text": record["article"]}
    if record.get("title") and not options.no_title:
        wanted["title"] = record["title"]
    return json.dumps(wanted, ensure_ascii=False) + "\n"


def summaries(options, articles, method, limit):
    """Words of the summary of every article, in order."""
    done = subprocess.run(
        [options.precis, "--ndjson", "--local", "--method", method] + limit,
        input=articles.encode(), stdout=subprocess.PIPE)
    if done.returncode not in (0, 1):
        sys.exit("quality.py: %s exited with %d" %
                 (options.precis, done.returncode))
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    if [reply.get("id") for reply in replies] != list(range(len(replies))):
        sys.exit("quality.py: replies out of order, or lost")
    return [WORD.findall((reply.get("summary") or "").lower())
            for reply in replies]


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / max(1, len(numbers))


def same_length(options, articles, method, wanted):
    """The ceiling in words that gives a mean of `wanted`."""
    low, high, best = 1, 1024, None
    while low <= high:
        middle = (low + high) // 2
        found = summaries(options, articles, method, ["--words", str(middle)])
        difference = mean(map(len, found)) - wanted
        if best is None or abs(difference) < abs(best[0]):
            best = (difference, middle, found)
        if abs(difference) < NEAR:
            break
        if difference < 0:
            low = middle + 1
        else:
            high = middle - 1
    return ["--words", str(best[1])], best[2]


def limit_of(text):
    kinds = {"n": "--sentences", "w": "--words", "c": "--characters",
             "p": "--percent"}
    if not text:
        return []
    if text[0] not in kinds or not text[1:].isdigit():
        sys.exit("quality.py: %s is no limit: n2, w50, c300, p10 or =" % text)
    return [kinds[text[0]], text[1:]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--precis", default="build/precis")
    parser.add_argument("--first", type=int, default=-1, metavar="N",
                        help="only the first N articles")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--no-title", action="store_true")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("runs", nargs="*", metavar="RUN", default=RUNS)
    options = parser.parse_args()

    pairs = list(records(options))
    articles = "".join(request(number, record, options)
                       for number, record in enumerate(pairs))
    references = [WORD.findall(pair["abstract"].lower()) for pair in pairs]
    print("%d articles, abstracts of %.1f words\n" %
          (len(pairs), mean(map(len, references))))
    print("%-12s %-16s %8s %8s %8s %8s" %
          ("method", "limit", "words", "ROUGE-1", "ROUGE-2", "ROUGE-L"))
    words = None
    for run in options.runs:
        method, _, limit = run.partition(":")
        if limit == "=" and words is not None:
            given, found = same_length(options, articles, method, words)
        else:
            given = limit_of(limit)
            found = summaries(options, articles, method, given)
        words = mean(map(len, found))
        scores = [rouge(*pair) for pair in zip(found, references)]
        print("%-12s %-16s %8.1f %8.2f %8.2f %8.2f" %
              ((method, " ".join(given) or "none", words) +
               tuple(100 * mean(column) for column in zip(*scores))))


if __name__ == "__main__":
    main()
