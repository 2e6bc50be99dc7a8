"""What is compared: the methods of precis, and floors and a ceiling made of
its sentences.

A run is written METHOD[:LIMIT][,OPTION...]:

    credits               a method of precis, as long as pays
    credits:n2            two sentences
    credits:w35           at most 35 words; c300: characters; p10: percent
    credits:=             at most as many words as make the mean that of the
                          run before (found by trying): ROUGE likes some
                          lengths better than others
    credits:n1,no-title   without the article's title
    credits,terse         with --terse; so for any option of precis without a
                          value
    LEAD:n2               the article's first two sentences
    LEAD:w50              its first sentences, as many as come nearest to 50
                          words
    ORACLE:n3             at most three sentences, each the one that raises
                          the sum of the three ROUGE most: a ceiling
    OTS:n2, OTS:r20       Open Text Summarizer, 2 sentences and 20 %

LEAD and ORACLE are made of the sentences that precis finds (no sub-headings).
"""
import collections
import json
import re
import subprocess
import sys

import ots
import rouge

OPTIONS = {"n": "--sentences", "w": "--words", "c": "--characters",
           "p": "--percent"}
RUN = re.compile(r"(\w+)(?::(=|[ncpwr]\d+))?((?:,[a-z-]+)*)$")
LIMITS = ["", "n1", "n2", "n3", "w35"]
FLOORS = ["LEAD:n1", "LEAD:n2", "LEAD:n3", "LEAD:w35", "LEAD:w50",
          "ORACLE:n1", "ORACLE:n2", "ORACLE:n3"]
PEERS = ["OTS:n1", "OTS:n2", "OTS:n3", "OTS:r10", "OTS:r20"]
# Options of precis that change what is chosen; run where it has them.
VARIANTS = ["terse", "compress"]

# For "=": near enough, in words.
NEAR = 0.25

# spans: of its sentences in the article's text, in characters, in the order of
# the summary.
# cuts: of the parts of those that it leaves out.
Summary = collections.namedtuple("Summary", "text spans cuts",
                                 defaults=[()])

Article = collections.namedtuple("Article",
                                 "id text title reference sentences")


class Failed(Exception):
    pass


def parsed(run):
    found = RUN.match(run)
    if not found:
        raise Failed("%s is no run: METHOD[:LIMIT][,OPTION...]" % run)
    method, limit, options = found.groups()
    return method, limit or "", options.split(",")[1:]


def words(summaries):
    return [len(rouge.words(summary.text)) for summary in summaries]


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / max(1, len(numbers))


# ---- precis ----

class Precis:
    def __init__(self, program, language="fr", jobs=1):
        self.program, self.language, self.jobs = program, language, jobs
        try:
            asked = subprocess.run([program, "--method", "?", "--local"],
                                   input="", capture_output=True, text=True)
            help_text = subprocess.run([program, "--help"],
                                       capture_output=True, text=True).stdout
            version = subprocess.run([program, "--version"],
                                     capture_output=True, text=True).stdout
        except OSError as error:
            raise Failed("%s: %s" % (program, error.strerror))
        allowed = re.search(r"allowed: (.*)", asked.stderr)
        if not allowed:
            raise Failed("%s names no method: %s" % (program, asked.stderr))
        self.methods = re.findall(r"[\w-]+", allowed.group(1))
        self.options = set(re.findall(r"--([a-z-]+)", help_text))
        self.version = version.split("\n")[0]

    def replies(self, records, arguments):
        """The reply to every record, in order; None where there is none."""
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n"
                        for record in records)
        done = subprocess.run(
            [self.program, "--ndjson", "--local", "--jobs", str(self.jobs),
             "--no-progress"] + arguments,
            input=lines.encode(), stdout=subprocess.PIPE)
        if done.returncode not in (0, 1):
            raise Failed("%s %s exited with %d" %
                         (self.program, " ".join(arguments), done.returncode))
        found = [json.loads(line) for line in done.stdout.splitlines()]
        if [reply.get("id") for reply in found] != list(range(len(records))):
            raise Failed("replies out of order, or lost")
        return [reply if reply["status"] == "ok" else None for reply in found]

    def records(self, articles, with_title):
        for number, article in enumerate(articles):
            record = {"id": number, "language": self.language,
                      "text": article.text}
            if with_title and article.title:
                record["title"] = article.title
            yield record

    def summaries(self, articles, method, arguments, with_title=True):
        replies = self.replies(list(self.records(articles, with_title)),
                               ["--method", method] + arguments)
        return [Summary(reply["summary"],
                        [(sentence["char_start"], sentence["char_end"])
                         for sentence in reply["sentences"]],
                        cuts_of(article, reply))
                if reply else Summary("", [])
                for article, reply in zip(articles, replies)]

    def segmented(self, articles):
        """The articles, with the text as precis decodes it and the places of
        its sentences."""
        replies = self.replies(list(self.records(articles, False)),
                               ["--explain", "--text"])
        return [article._replace(
            text=reply["text"],
            sentences=[(segment["char_start"], segment["char_end"])
                       for segment in reply["segments"]
                       if segment["kind"] == "sentence"])
                for article, reply in zip(articles, replies) if reply]


def cuts_of(article, reply):
    """What is left out of the sentences, in characters, in source order."""
    found = sorted(tuple(cut) for sentence in reply["sentences"]
                   for cut in sentence.get("cuts", []))
    if not found:
        return ()
    text = article.text.encode()
    return [tuple(len(text[:place].decode()) for place in cut)
            for cut in found]


# ---- floors and ceiling ----

def joined(article, spans):
    return Summary(" ".join(article.text[start:end] for start, end in spans),
                   list(spans))


def lead(article, limit):
    number = int(limit[1:])
    if limit[0] == "n":
        return joined(article, article.sentences[:number])
    best, total = 1, 0
    for i, (start, end) in enumerate(article.sentences):
        before, total = total, total + len(rouge.words(
            article.text[start:end]))
        if i and total - number > number - before:
            break
        best = i + 1
    return joined(article, article.sentences[:best])


def oracle(article, limit):
    """Greedy: the sentence that helps most, until none helps."""
    reference = rouge.Reference(article.reference)
    parts = [rouge.words(article.text[start:end])
             for start, end in article.sentences]
    chosen, best = [], 0.0
    for _ in range(int(limit[1:])):
        top = None
        for i in range(len(parts)):
            if i in chosen:
                continue
            picked = sorted(chosen + [i])
            score = sum(reference.score([word for part in picked
                                         for word in parts[part]]))
            if score > best:
                best, top = score, picked
        if top is None:
            break
        chosen = top
    return joined(article, [article.sentences[i] for i in chosen])


# ---- Open Text Summarizer ----

def placed(article, sentences):
    """Where the sentences stand in the article, in order."""
    spans, cursor = [], 0
    for sentence in sentences:
        start = article.text.find(sentence, cursor)
        if sentence and start >= 0:
            cursor = start + len(sentence)
            spans.append((start, cursor))
    return spans


def open_text_summarizer(articles, limit, language):
    try:
        found = ots.summaries([article.text for article in articles], limit,
                              language)
    except ots.Missing as error:
        raise Failed(str(error))
    return [Summary(one["summary"], placed(article, one["sentences"]))
            for article, one in zip(articles, found)]


# ---- all of them ----

class Runner:
    """Runs what is asked for, once."""

    def __init__(self, precis, articles):
        self.precis, self.articles = precis, articles
        self.done = {}
        self.last = None        # mean words of the run before, for "="

    def __call__(self, run):
        if run not in self.done:
            self.done[run] = self.run(*parsed(run))
        self.last = mean(words(self.done[run]))
        return self.done[run]

    def run(self, method, limit, options):
        if method in ("LEAD", "ORACLE"):
            kinds = "nw" if method == "LEAD" else "n"
            if not limit or limit[0] not in kinds or options:
                raise Failed("%s:%s is not known" % (method, limit))
            make = lead if method == "LEAD" else oracle
            return [make(article, limit) for article in self.articles]
        if method == "OTS":
            if not limit or limit[0] not in "nr" or options:
                raise Failed("OTS:%s is not known" % limit)
            return open_text_summarizer(self.articles, limit,
                                        self.precis.language)
        if method not in self.precis.methods:
            raise Failed("%s is no method; there are %s, LEAD, ORACLE, OTS" %
                         (method, ", ".join(self.precis.methods)))
        with_title = "no-title" not in options
        extra = ["--" + option for option in options if option != "no-title"]
        if limit == "=":
            return self.same_length(method, extra, with_title)
        if limit:
            if limit[0] not in OPTIONS:
                raise Failed("%s is no limit of precis" % limit)
            extra += [OPTIONS[limit[0]], limit[1:]]
        return self.precis.summaries(self.articles, method, extra, with_title)

    def same_length(self, method, extra, with_title):
        if self.last is None:
            raise Failed("no run before %s:=" % method)
        low, high, best = 1, 1024, None
        while low <= high:
            middle = (low + high) // 2
            found = self.precis.summaries(
                self.articles, method, extra + ["--words", str(middle)],
                with_title)
            difference = mean(words(found)) - self.last
            if best is None or abs(difference) < abs(best[0]):
                best = (difference, found)
            if abs(difference) < NEAR:
                break
            if difference < 0:
                low = middle + 1
            else:
                high = middle - 1
        return best[1]


def suffixed(method, limit, options=()):
    return ",".join([method + (":" + limit if limit else "")] + list(options))


def standard(precis, titled):
    """The runs of the whole table; with `titled`, each method also without
    the title."""
    runs = []
    sides = [[], ["no-title"]] if titled else [[]]
    variants = [option for option in VARIANTS if option in precis.options]
    for method in precis.methods:
        for side in sides:
            runs += [suffixed(method, limit, side) for limit in LIMITS]
            if method == precis.methods[0]:
                runs += [suffixed(method, "", side + [option])
                         for option in variants]
                if len(variants) > 1:
                    runs.append(suffixed(method, "", side + variants))
    runs += FLOORS
    if ots.is_installed():
        runs += PEERS
    else:
        print("OTS is not installed (libots0): left out", file=sys.stderr)
    return runs
