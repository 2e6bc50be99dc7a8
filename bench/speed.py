"""How fast precis is, each figure beside a floor or a peer of the same run.

usage: bench/speed [--builddir DIR] [--no-build] [--articles N] [--rounds N]
                   [--seconds N] [--requests N] [--only GROUP,...] [--json FILE]
                   [--plot FILE.svg] [FILE...]

Articles are those of the FILEs, JSON lines with "text", "article", "body" or
"content", also compressed with xz, or without any our own (articles.py), whose
words are as many and as rare as those of news.  A file of real articles says
more.  Groups: engine, charset, ots, startup, ndjson, service.

Everything is measured in each round, one after the other, as many rounds as
--seconds allows; what is shown are medians.  The spread is the distance of the
quartiles over the median.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import articles
import ots
import service
import speed_plot
import speed_table

LONG = 128 << 10        # bytes; where peers fall off
LONG_COUNT = 4
OTS_ARTICLES = 60       # of those measured: it takes 2 ms for each
NDJSON_BYTES = 32 << 20 # one job takes about a second: start-up is 1 % of it
CROWD_ROUNDS = 20       # of the articles, about a quarter of a second
ROUNDS_SHARE = 0.6      # of the time, the service has the rest
STARTS = 15             # runs of a program in each round
GROUPS = ("engine", "charset", "ots", "startup", "ndjson", "service")
PROGRAMS = ("precis", "precisd", "bench/echo", "bench/front", "bench/launch",
            "bench/load", "bench/stages")
NOISY_SPREAD = 0.10     # of the floor


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **more)
    if done.returncode:
        raise articles.Failed("%s: %s" % (command[0],
                                          done.stderr[-2000:].strip()))
    return done.stdout


def long_texts(bodies):
    """Articles joined to a few of LONG bytes."""
    made, number = [], 0
    for _ in range(LONG_COUNT):
        parts, size = [], 0
        while size < LONG:
            parts.append(bodies[number % len(bodies)].strip())
            size += len(parts[-1]) + 2
            number += 1
        made.append(b"\n\n".join(parts) + b"\n")
    return made


class Speed:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.bodies = articles.load(options.file, options.articles)
        self.long = long_texts(self.bodies)
        self.corpus = folder + "/corpus"
        self.long_corpus = folder + "/long"
        articles.write(self.corpus, self.bodies)
        articles.write(self.long_corpus, self.long)
        self.found = {}         # name -> list of figures, one a round
        self.rounds = {}        # name of stages -> totals, several a round
        self.words = {}
        # The program itself: libtool's script would be measured with it.
        libs = options.builddir + "/.libs"
        self.precis = libs + "/precis"
        self.environment = dict(os.environ, LC_ALL="C.UTF-8",
                                LD_LIBRARY_PATH=libs)
        if not os.path.exists(self.precis):
            self.precis = options.builddir + "/precis"

    def add(self, name, value):
        self.found.setdefault(name, []).append(value)

    def wants(self, group):
        return group in self.options.only

    # ---- one round ----

    def stages(self, corpus, rounds, prefix=""):
        out = run([self.options.builddir + "/bench/stages", "-r", str(rounds),
                   "-l", self.options.language, corpus]).splitlines()
        sizes = [int(field) for field in out[0].split("\t")[1:]]
        if not prefix:
            self.words = dict(zip(("articles", "bytes", "words",
                                   "distinct_words", "stems"), sizes))
        for line in out[1:]:
            name, total, processor, _, *totals = line.split("\t")
            # Of stages only the time on the clock is known.
            self.add(prefix + name, int(total if ":" in name else processor) /
                     sizes[1])
            self.rounds.setdefault(prefix + name, []).extend(
                int(one) / sizes[1] for one in totals)

    def crowd(self):
        """The engine on each core in turn, and on all of them at once: cores
        share caches and memory, and some are half of a core.  A service, or a
        batch of several jobs, has the second."""
        cores = sorted(os.sched_getaffinity(0))
        for name, groups in (("one core", [[core] for core in cores]),
                             ("every core", [cores])):
            figures = [figure for group in groups
                       for figure in self.at_once(group)]
            self.add("credits, " + name, statistics.mean(figures))

    def at_once(self, cores):
        """Nanoseconds for each byte, on each of these cores."""
        started = [subprocess.Popen(
            [self.options.builddir + "/bench/stages", "-e", "credits", "-1",
             "-r", str(CROWD_ROUNDS), "-l", self.options.language,
             self.corpus], stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda core=core: os.sched_setaffinity(0, {core}))
            for core in cores]
        for one in started:
            columns = list(zip(*(map(int, line.split("\t")) for line in
                                 one.communicate()[0].splitlines())))
            if one.returncode or not columns:
                raise articles.Failed("bench/stages failed on its own core")
            yield sum(columns[4]) / sum(columns[0])

    def charset(self):
        """An 8-bit charset, by the engine and by the C library."""
        lines = self.folder + "/charset.ndjson"
        if not os.path.exists(lines):
            articles.write_ndjson(lines, self.bodies, self.options.language)
        for name in ("latin", "convert", "iconv"):
            with open(lines, "rb") as file:
                out = run([self.options.builddir + "/bench/front", name,
                           str(self.options.repeat)], stdin=file)
            self.add("charset " + name,
                     float(out.split(" us a text")[0].split()[-1]))

    def peer(self):
        if not ots.is_installed():
            return
        few = self.bodies[::max(1, len(self.bodies) // OTS_ARTICLES)]
        for name, bodies in (("OTS", few), ("long OTS", self.long[:1])):
            try:
                done = ots.summaries([body.decode() for body in bodies], "n3",
                                     self.options.language)
            except ots.Missing as error:
                raise articles.Failed(error)
            size = sum(len(body) for body in bodies)
            work = sum(one["ns"] for one in done)
            loading = sum(one["dictionary_ns"] for one in done)
            self.add(name, (work + loading) / size)
            self.add(name + " without dictionary", work / size)

    def installed(self):
        """An environment where precis finds its library as if both were
        installed: LD_LIBRARY_PATH has the loader look in thirty folders for
        every library first.  Where that cannot be had, as with sanitizers,
        the ordinary one."""
        environment = {**self.environment, "LD_LIBRARY_PATH": "",
                       "LD_PRELOAD": os.path.abspath(
                           self.options.builddir + "/.libs/libprecis.so.1")}
        done = subprocess.run([self.precis, "--version"], env=environment,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
        return self.environment if done.returncode or done.stderr \
            else environment

    def startup(self):
        article = self.folder + "/article.txt"
        with open(article, "wb") as file:
            file.write(self.bodies[0])
        programs = [("precis --local", [self.precis, "--local", article]),
                    ("true", ["/bin/true"])]
        if any(os.access(folder + "/ots", os.X_OK)
               for folder in os.get_exec_path()):
            programs.append(("ots", ["ots", "-d", self.options.language,
                                     article]))
        for name, command in programs:
            out = run([self.options.builddir + "/bench/launch", str(STARTS)] +
                      command, env=self.installed()
                      if command[0] == self.precis else self.environment)
            runs = [[float(field) for field in line.split()]
                    for line in out.splitlines()]
            for number, what in enumerate(("wall", "cpu", "memory")):
                self.add("%s %s" % (name, what), statistics.median(
                    one[number] for one in runs))

    def ndjson(self, size):
        wire = self.folder + "/wire.ndjson"
        if not os.path.exists(wire):
            times = max(1, size // sum(map(len, self.bodies)))
            articles.write_ndjson(wire, self.bodies * times,
                                  self.options.language)
            self.add("ndjson articles", len(self.bodies) * times)
        outputs = []
        for jobs in ("1", "2"):
            outputs.append("%s/out%s" % (self.folder, jobs))
            with open(wire, "rb") as file, open(outputs[-1], "wb") as out:
                begun = time.perf_counter()
                done = subprocess.run(
                    [self.precis, "--local", "--ndjson", "--no-progress",
                     "--jobs", jobs], stdin=file, stdout=out,
                    env=self.environment)
                taken = time.perf_counter() - begun
            if done.returncode not in (0, 1):
                raise articles.Failed("precis --jobs %s ended with %d" %
                                      (jobs, done.returncode))
            self.add("ndjson " + jobs, taken)
        with open(outputs[0], "rb") as one, open(outputs[1], "rb") as other:
            self.add("ndjson same", one.read() == other.read())

    def round(self):
        if self.wants("engine"):
            self.stages(self.corpus, self.options.repeat)
            self.stages(self.long_corpus, 3, "long ")
            self.crowd()
        if self.wants("charset"):
            self.charset()
        if self.wants("ots"):
            self.peer()
        if self.wants("startup"):
            self.startup()
        if self.wants("ndjson"):
            self.ndjson(self.options.ndjson_bytes)

    # ---- all of it ----

    def measure(self):
        load = os.getloadavg()[0]
        clock = service.Clock(self.options.rounds, ROUNDS_SHARE *
                              self.options.seconds)
        for number in clock:
            say("round %d of %d" % (number + 1, self.options.rounds))
            self.round()
        rows = []
        if self.wants("service"):
            say("service")
            rows = service.measure(
                self.options.builddir, self.folder, self.corpus,
                self.options.requests, service.Clock(
                    self.options.rounds, (1 - ROUNDS_SHARE) *
                    self.options.seconds), self.options.clients)
        figures = {name: statistics.median(values)
                   for name, values in self.found.items()}
        spreads = {name: service.spread(values)
                   for name, values in {**self.found, **self.rounds}.items()}
        return {"machine": machine(load), "corpus": self.words,
                "long_bytes": sum(map(len, self.long)) // len(self.long),
                "figures": figures, "spreads": spreads,
                "rounds": self.found, "service": rows,
                "warnings": self.warnings(spreads, load)}

    def warnings(self, spreads, load):
        cores = len(os.sched_getaffinity(0))
        found = []
        if load > service.NOISY_LOAD * cores:
            found.append("%.1f processes ran on %d cores before the first "
                         "round" % (load, cores))
        floor = spreads.get("split + cached stems", 0)
        if floor > NOISY_SPREAD:
            found.append("the floor itself differed by %.0f %% from round to "
                         "round" % (100 * floor))
        return found


def machine(load):
    model = ""
    try:
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":", 1)[1].strip() for line in file
                          if line.startswith("model name")), "")
    except OSError:
        pass
    return {"processor": model, "cores": len(os.sched_getaffinity(0)),
            "system": platform.system() + " " + platform.machine(),
            "load": load}


def say(words):
    print("speed: " + words, file=sys.stderr, flush=True)


def build(options):
    """Whatever is not there, or older than its source."""
    say("building")
    run(["make", "-s", "-C", options.builddir] + list(PROGRAMS))


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/speed", description=__doc__.split("\n")[0],
        epilog="Groups: " + ", ".join(GROUPS))
    parser.add_argument("--builddir", default=articles.TOP + "/build")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=100,
                        help="of measuring; fewer rounds are made if need be")
    parser.add_argument("--repeat", type=int, default=5,
                        help="of floors, stages and engine in each round")
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--clients", default=",".join(map(
        str, service.CLIENTS)))
    parser.add_argument("--ndjson-bytes", type=int, default=NDJSON_BYTES)
    parser.add_argument("--language", default="fr")
    parser.add_argument("--only", default=",".join(GROUPS))
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--plot", metavar="FILE.svg")
    parser.add_argument("file", nargs="*", metavar="FILE")
    options = parser.parse_args()
    options.only = options.only.split(",")
    options.clients = [int(one) for one in options.clients.split(",")]
    for group in options.only:
        if group not in GROUPS:
            parser.error("no group %s; there are %s" % (group,
                                                        ", ".join(GROUPS)))
    return options


def main():
    options = arguments()
    try:
        if not options.no_build:
            build(options)
        with tempfile.TemporaryDirectory(prefix="precis.",
                                         dir="/tmp") as folder:
            results = Speed(options, folder).measure()
    except articles.Failed as error:
        sys.exit("speed: %s" % error)
    results["rows"] = speed_table.rows(results)
    for line in speed_table.lines(results):
        print(line)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
            file.write("\n")
    if options.plot:
        with open(options.plot, "w", encoding="utf-8") as file:
            file.write(speed_plot.svg(results))


if __name__ == "__main__":
    main()
