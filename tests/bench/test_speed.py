#!/usr/bin/python3
"""bench/speed, bench/scaling and their parts, on a few small texts.  What is
measured is not looked at, only that it is there and adds up."""
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import traceback
import xml.dom.minidom

TOP = os.environ["abs_top_srcdir"]
BUILD = os.environ["abs_top_builddir"]

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "bench"))
import articles                                             # noqa: E402
import scaling                                              # noqa: E402
import service                                              # noqa: E402
import speed                                                # noqa: E402
import speed_plot                                           # noqa: E402
import speed_table                                          # noqa: E402

count = 0
failures = 0


def check(name, right, why=""):
    global count, failures
    count += 1
    failures += not right
    print("%sok %d - %s" % ("" if right else "not ", count, name), flush=True)
    if not right:
        for line in str(why).splitlines():
            print("# " + line)


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **more)


# ---- articles ----

def own_articles():
    bodies = articles.load([], 30)
    sizes = [len(body) for body in bodies]
    check("our own articles are as many as asked for, and differ",
          len(bodies) == 30 and len(set(bodies)) == 30)
    check("and of an ordinary length", all(
        700 < size < 2 * articles.ORDINARY for size in sizes), sizes)
    check("they are the same again", bodies == articles.load([], 30))
    words = [re.findall(r"\w+", body.decode().lower()) for body in bodies]
    check("their words are as many as those of news", 2000 < len(
        set(itertools.chain(*words))) < 4000 and
        all(0.4 < len(set(one)) / len(one) < 0.75 for one in words),
        len(set(itertools.chain(*words))))


def file_articles(folder):
    path = folder + "/two.jsonl"
    with open(path, "w") as file:
        file.write('{"article": "Un."}\n{"text": ""}\n{"text": "Deux."}\n')
    check("a file's articles, whichever key they have",
          articles.load([path], 0) == [b"Un.", b"Deux."])
    check("no more than asked for", articles.load([path], 1) == [b"Un."])
    for name, text in (("empty", ""), ("broken", "{"), ("a list", "[1]\n")):
        with open(path, "w") as file:
            file.write(text)
        try:
            articles.load([path], 1)
            check(name + ": refused", False)
        except articles.Failed as error:
            check(name + ": refused, by name", path in str(error), error)


# ---- bench/stages ----

def stages(folder):
    bodies = articles.load([], 3)
    corpus = folder + "/corpus"
    articles.write(corpus, bodies)
    done = run(BUILD + "/bench/stages", "-r", "3", corpus)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    check("bench/stages measures", done.returncode == 0, done.stderr)
    check("it read what was written", lines[0][:3] == [
        "corpus", "3", str(sum(map(len, bodies)))], lines[0])
    words = sum(len([one for one in word_split(body.decode()) if one])
                for body in bodies)
    check("the floor counts words", lines[0][3] == str(words),
          (lines[0], words))
    wanted = list(speed_table.FLOORS) + [
        "frequency", "credits", "credits, language not declared",
        "credits, 3 sentences", "frequency, 3 sentences"] + [
        "%s: %s" % (method, stage) for method in ("frequency", "credits")
        for stage in speed_table.STAGES]
    check("each floor, stage and method has figures of 3 rounds",
          [line[0] for line in lines[1:]] == wanted and
          all(len(line) == 7 for line in lines[1:]), done.stdout)
    # The sum of the bytes may cost less than the clock.
    check("every figure is one", all(
        int(figure) > 0 for line in lines[2:] if ":" not in line[0]
        for figure in line[4:]), done.stdout)
    articles.write(corpus, bodies)
    for option in ([], ["-1"]):
        done = run(BUILD + "/bench/stages", "-e", "credits", *option, "-r",
                   "1", corpus)
        lines = [line.split("\t") for line in done.stdout.splitlines()]
        check("each article by itself" + ", once" * len(option), [
            int(line[0]) for line in lines] == [len(one) for one in bodies]
            and all(len(line) == 5 and int(line[4]) > 0 for line in lines),
            done.stdout + done.stderr)
    for name, text in (("nothing", b""), ("no size", b"hello\n"),
                       ("a size of 0", b"0\n"), ("too short", b"9\nabc"),
                       ("too large", b"999999999999\nabc")):
        with open(corpus, "wb") as file:
            file.write(text)
        done = run(BUILD + "/bench/stages", corpus)
        check("a corpus of %s is refused" % name, done.returncode == 66 and
              "no articles" in done.stderr, done.stderr)


def word_split(text):
    """As bench/floor.c does: letters of French, ASCII digits."""
    return "".join(c if c.isalnum() and (
        c < "\x80" or "\xC0" <= c < "\u2000") else " "
        for c in text).split(" ")


# ---- the rest ----

def scale():
    points = [{"bytes": size, "ns": 7 * size ** 1.25}
              for size in (1000, 4000, 16000)]
    check("the exponent is fitted", abs(
        scaling.exponent(points) - 1.25) < 1e-9, scaling.exponent(points))
    points.append({"bytes": 64 << 20, "ns": 1})
    check("to what lies below 16 MB", abs(
        scaling.exponent(points) - 1.25) < 1e-9)
    check("words all different are so", len(
        {scaling.word(number) for number in range(20000)}) == 20000)
    for words, ends in ((0, 1), (1, 9), (3, 3)):
        text = scaling.text_of((scaling.word(7) for _ in range(9)), 10 ** 6,
                               words)
        check("%d words in a sentence" % words, text.count(b".") == ends,
              text)
    done = run(sys.executable, TOP + "/bench/scaling.py", "--builddir", BUILD,
               "--no-build", "--largest", "4096", "--rounds", "1", "--json",
               "scaling.json", cwd=FOLDER)
    check("bench/scaling runs", done.returncode == 0 and
          done.stdout.count("exponent") == 5, done.stdout + done.stderr)
    with open(FOLDER + "/scaling.json") as file:
        found = json.load(file)
    one = next(each for each in found["growth"]
               if each["shape"] == "one sentence")
    check("one sentence is one", [
        point["sentences"] for point in one["points"]] == [1, 1], one)
    different = next(each for each in found["growth"]
                     if each["shape"] == "words all different")
    check("different words are", all(
        point["distinct"] == point["words"]
        for point in different["points"]), different)
    make = scaling.new_words()
    texts = make(1024) + make(1 << 18)
    words = [set(text.decode().lower().replace(".", "").split())
             for text in texts]
    check("new words stand in one text, which is as many as short ones need",
          len(texts) == 129 and
          sum(map(len, words)) == len(set.union(*words)))
    fresh = next(each for each in found["growth"]
                 if each["shape"] == "words never read before")
    check("texts of new words are measured together", [
        (1000 < point["bytes"] < 4200, point["words"] > 50)
        for point in fresh["points"]] == [(True, True)] * 2, fresh)


def launches():
    done = run(BUILD + "/bench/launch", "2", "/bin/true")
    lines = [[float(field) for field in line.split()]
             for line in done.stdout.splitlines()]
    check("bench/launch: time, processor time and memory of each run",
          len(lines) == 2 and all(len(line) == 3 and line[0] > 0 and
                                  line[2] > 100 for line in lines),
          done.stdout)
    check("what fails is no figure",
          run(BUILD + "/bench/launch", "1", "/bin/false").returncode == 69)
    check("nor what is not there",
          run(BUILD + "/bench/launch", "1", "/nowhere").returncode == 69)


def spreads():
    check("a spread", service.spread([1, 2, 3, 4, 5]) == 2 / 3)
    check("of one value", service.spread([7]) == 0)
    check("rounds end with the time", len(list(service.Clock(5, -1))) == 1 and
          len(list(service.Clock(5, 3600))) == 5)


def whole():
    done = run(sys.executable, TOP + "/bench/speed.py", "--builddir", BUILD,
               "--no-build", "--articles", "4", "--rounds", "1", "--repeat",
               "1", "--requests", "20", "--clients", "1,2", "--ndjson-bytes",
               "1", "--json", "speed.json", "--plot", "speed.svg", cwd=FOLDER)
    check("bench/speed runs", done.returncode == 0, done.stderr)
    with open(FOLDER + "/speed.json") as file:
        found = json.load(file)
    groups = list(dict.fromkeys(row["group"] for row in found["rows"]))
    check("every group is in the table", [
        group for group in groups if group != "OTS"] == [
        "floors", "engine", "stages", "charset", "one article", "NDJSON",
        "service"],
        groups)
    check("both numbers of jobs gave the same bytes",
          found["figures"]["ndjson same"] == 1)
    check("the service and the echo were asked alike", sorted(
        (row["transport"], row["clients"], row["window"])
        for row in found["service"] if row["server"] == "precisd") == sorted(
        (row["transport"], row["clients"], row["window"])
        for row in found["service"] if row["server"] == "echo"))
    check("replies of the same sizes", len(
        {round(row["answered"] / 20) for row in found["service"]}) <= 2,
        found["service"])
    rows = {row["name"]: row for row in found["rows"]}
    share = (found["figures"]["split + cached stems"] /
             found["figures"]["credits"])
    check("the share of the floor", rows["credits"]["ratio"] ==
          "%.3f of the floor" % share, rows["credits"])
    check("one core beside all of them", rows["credits, every core at once"]
          ["ratio"].endswith(" of one core alone"), rows)
    picture = xml.dom.minidom.parse(FOLDER + "/speed.svg")
    check("one bar for each speed", len(picture.getElementsByTagName(
        "rect")) == 1 + len(speed_plot.bars(found["rows"])))
    noisy = dict(found, warnings=["it shook"])
    check("noise is told", any("it shook" in line and "NOISY" in line
                               for line in speed_table.lines(noisy)))
    quiet = speed.Speed.warnings(None, {"split + cached stems": 0.02}, 0.0)
    check("quiet is not", quiet == [], quiet)
    check("a group that is none is refused", run(
        sys.executable, TOP + "/bench/speed.py", "--only", "x").returncode
        == 2)


def builds():
    """A build beside itself."""
    if not os.path.exists(BUILD + "/.libs/libprecis.so.1"):
        return check("bench/compare-speed # SKIP no shared library", True)
    def compared(*more):
        return run(sys.executable, TOP + "/bench/compare-speed", "--builddir",
                   BUILD, "--no-build", "--passes", "2", "--copies", "2", "--rounds", "2",
                   "--requests", "20", *more)

    done = compared(BUILD, BUILD)
    rows = [line.split() for line in done.stdout.splitlines()]
    check("bench/compare-speed: two engines", done.returncode == 0 and [
        row[0] for row in rows[1:]] == ["old", "new"] and all(
        float(row[1]) > 0 for row in rows[1:]), done.stdout + done.stderr)
    check("the ratio is that of the times", rows[1][-1] == "1.000" and abs(
        float(rows[2][1]) / float(rows[1][1]) - float(rows[2][-1])) < .002,
        rows)
    done = compared("--service", "--clients", "1,0", BUILD, BUILD)
    check("two services", done.returncode == 0 and re.findall(
        r"^(\d clients \w+)", done.stdout, re.MULTILINE) == [
        "1 clients old", "1 clients new", "0 clients old", "0 clients new"],
        done.stdout + done.stderr)
    for more in ((BUILD, FOLDER), ("--service", FOLDER, BUILD)):
        done = compared(*more)
        check("a folder that is no build is named", done.returncode == 1 and
              FOLDER in done.stderr and done.stderr.count("\n") == 1,
              done.stderr)
    articles.write(FOLDER + "/corpus", articles.load([], 1))
    check("a library that is none", run(
        BUILD + "/bench/turns", "credits", "fr", "1", FOLDER + "/corpus",
        FOLDER + "/corpus").returncode == 70)


with tempfile.TemporaryDirectory(prefix="precis.") as FOLDER:
    for part in (own_articles, lambda: file_articles(FOLDER),
                 lambda: stages(FOLDER), scale, launches, spreads, whole,
                 builds):
        try:
            part()
        except Exception:       # a broken part is a failure, not the end
            check("no exception", False, traceback.format_exc())
print("1..%d" % count)
sys.exit(failures > 0)
