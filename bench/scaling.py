"""How the time of the engine grows with its text.

usage: bench/scaling [--builddir DIR] [--no-build] [--method METHOD]
                     [--largest BYTES] [--rounds N] [--json FILE] [FILE...]

Texts from 1 kB to 64 MB, each four times as long as the one before, of several
shapes: articles one after the other (of the FILEs, or our own: articles.py),
one sentence without an end, sentences of three words, words that are all
different, and words that are new besides.  Of all but the last an engine that
is warm knows the words of a short text, but not those of a long one; the last
compares new words with new ones.  For each shape the exponent of growth is
fitted, by least squares of the logarithms, to what lies between 1 kB and 16 MB:
1 is in proportion.  Above that length articles are refused by libprecis;
bench/stages takes them.  Then the length is kept, and the number of sentences
or of different words is changed.
"""
import argparse
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile

import articles
import service

SMALLEST, LARGEST = 1 << 10, 64 << 20
SHAPES_LARGEST = 16 << 20   # of the shapes that are no articles
FIT_MAX = 16 << 20
STEP = 4
KEPT = 1 << 20              # bytes, where something else is changed
NEW_BYTES = 128 << 10       # of words that are new, in texts of each length
NEW_FIRST = 4000000         # number of the first of them: all of one length
AIM = 1.05


# ---- shapes: functions of a size in bytes ----

def word(number):
    """The same word for the same number, another for another."""
    base = len(articles.SYLLABLES)
    parts = [articles.SYLLABLES[number % base]]
    number //= base
    while number or len(parts) < 2:
        parts.append(articles.SYLLABLES[number % base])
        number //= base
    return "".join(parts)


def text_of(words, size, in_sentence):
    """Words from an iterator, so many in a sentence (0: never an end)."""
    out, length, inside = [], 0, 0
    for one in words:
        if in_sentence and inside == 0:
            one = one[0].upper() + one[1:]
        inside += 1
        if in_sentence and inside == in_sentence:
            one += "."
            inside = 0
        out.append(one)
        length += len(one) + 1
        if length >= size:
            break
    return (" ".join(out) + (".\n" if inside else "\n")).encode()


def numbers(different):
    number = 0
    while True:
        yield word(number % different)
        number += 1


def new_words():
    """A function of a size: texts of it, without a word that another has."""
    words = (word(number) for number in itertools.count(NEW_FIRST))
    return lambda size: [text_of(words, size, 15)
                         for _ in range(max(1, NEW_BYTES // size))]


def sentences_of(in_sentence, different=500):
    return lambda size: text_of(numbers(different), size, in_sentence)


def articles_of(paths):
    bodies = articles.load(paths, 2000)

    def make(size):
        out, length, number = [], 0, 0
        while length < size:
            body = bodies[number % len(bodies)].strip()
            out.append(body)
            length += len(body) + 2
            number += 1
        data = b"\n\n".join(out)[:size]
        # Not in the middle of a character or a word.
        return data[:data.rfind(b" ")] + b".\n"
    return make


# ---- measuring ----

def measure(options, folder, bodies, once=False):
    """Of each text: bytes, sentences, words, different words, ns."""
    corpus = folder + "/corpus"
    articles.write(corpus, bodies)
    done = subprocess.run(
        [options.builddir + "/bench/stages", "-e", options.method] +
        ["-1"] * once +
        ["-r", str(options.rounds), "-l", options.language, corpus],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise articles.Failed(done.stderr.strip() or "bench/stages failed")
    return [dict(zip(("bytes", "sentences", "words", "distinct", "ns"),
                     map(int, line.split("\t"))))
            for line in done.stdout.splitlines()]


def exponent(points):
    """Of ns ~ bytes ** exponent."""
    pairs = [(math.log(one["bytes"]), math.log(one["ns"])) for one in points
             if one["bytes"] <= FIT_MAX * 1.1]
    if len(pairs) < 2:
        return None
    mean_x = sum(x for x, _ in pairs) / len(pairs)
    mean_y = sum(y for _, y in pairs) / len(pairs)
    return (sum((x - mean_x) * (y - mean_y) for x, y in pairs) /
            sum((x - mean_x) ** 2 for x, _ in pairs))


def sizes(largest):
    size = SMALLEST
    while size <= largest:
        yield size
        size *= STEP


def growth(options, folder):
    shapes = [("articles", articles_of(options.file), options.largest),
              ("one sentence", sentences_of(0), SHAPES_LARGEST),
              ("sentences of 3 words", sentences_of(3), SHAPES_LARGEST),
              ("words all different", sentences_of(15, 1 << 40),
               SHAPES_LARGEST)]
    for name, make, largest in shapes:
        points = measure(options, folder, [
            make(size) for size in sizes(min(largest, options.largest))])
        yield {"shape": name, "points": points, "exponent": exponent(points)}
    points = new_points(options, folder)
    yield {"shape": "words never read before", "points": points,
           "exponent": exponent(points)}


def new_points(options, folder):
    """The longest text comes last, and what it has drives out of the engine
    what was read before: so in the next round all words are new again."""
    make = new_words()
    groups = [make(size)
              for size in sizes(min(SHAPES_LARGEST, options.largest))]
    found = measure(options, folder, sum(groups, []), once=True)
    points = []
    for group in groups:
        part, found = found[:len(group)], found[len(group):]
        points.append({key: sum(one[key] for one in part) // len(part)
                       for key in part[0]})
    return points


def changes(options, folder):
    """The length kept: the number of sentences, of different words."""
    size = min(KEPT, options.largest)
    for name, made in [
            ("words in a sentence", [(number, sentences_of(number)(size))
                                     for number in (1, 4, 16, 64, 1024)]),
            ("different words", [(number, sentences_of(15, number)(size))
                                 for number in (10, 100, 1000, 10000,
                                                100000)])]:
        points = measure(options, folder, [body for _, body in made])
        for point, (number, _) in zip(points, made):
            point["number"] = number
        slowest = max(one["ns"] / one["bytes"] for one in points)
        fastest = min(one["ns"] / one["bytes"] for one in points)
        yield {"changed": name, "points": points,
               "ratio": slowest / fastest}


# ---- printing ----

HEAD = "%12s %12s %12s %12s %12s %10s" % (
    "bytes", "sentences", "words", "different", "us", "MB/s")


def point_line(one):
    return "%12d %12d %12d %12d %12.1f %10.1f" % (
        one["bytes"], one["sentences"], one["words"], one["distinct"],
        one["ns"] / 1000, 1000 * one["bytes"] / one["ns"])


def lines(results):
    for found in results["growth"]:
        yield ""
        yield "%s (%s)" % (found["shape"], results["method"])
        yield HEAD
        yield from map(point_line, found["points"])
        if found["exponent"] is not None:
            yield "exponent %.3f, aim %.2f: %s" % (
                found["exponent"], AIM,
                "met" if found["exponent"] <= AIM else "not met")
    for found in results["changes"]:
        yield ""
        yield "%s changed (%s)" % (found["changed"], results["method"])
        yield HEAD
        yield from map(point_line, found["points"])
        yield "slowest over fastest, for each byte: %.2f" % found["ratio"]
    for warning in results["warnings"]:
        yield ""
        yield "NOISY: " + warning + ": do not quote these figures."


def main():
    parser = argparse.ArgumentParser(
        prog="bench/scaling", description=__doc__.split("\n")[0])
    parser.add_argument("--builddir", default=articles.TOP + "/build")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--method", default="credits")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--largest", type=int, default=LARGEST)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("file", nargs="*", metavar="FILE")
    options = parser.parse_args()
    load, cores = os.getloadavg()[0], len(os.sched_getaffinity(0))
    try:
        if not options.no_build:
            subprocess.run(["make", "-s", "-C", options.builddir,
                            "bench/stages"], check=True)
        with tempfile.TemporaryDirectory(prefix="precis.",
                                         dir="/tmp") as folder:
            results = {"method": options.method, "warnings": [],
                       "growth": list(growth(options, folder)),
                       "changes": list(changes(options, folder))}
    except (articles.Failed, subprocess.CalledProcessError) as error:
        sys.exit("scaling: %s" % error)
    if load > service.NOISY_LOAD * cores:
        results["warnings"].append("%.1f processes ran on %d cores before it "
                                   "began" % (load, cores))
    for line in lines(results):
        print(line)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
