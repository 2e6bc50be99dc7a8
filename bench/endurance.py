#!/usr/bin/python3
"""How long precisd and its clients hold: a table of figures and goals.

    bench/endurance.py hold --minutes 10       70 % of the peak, held
    bench/endurance.py rounds --requests 1000000 --rounds 200
                                               killed, restarted, upgraded
    bench/endurance.py rounds --endpoints 2    the same with two services
    bench/endurance.py times                   recovery, drain, reload
    bench/endurance.py memory                  idle, and 8 workers under load
    bench/endurance.py short                   all of them in some seconds

Each starts precisd of --builddir on private sockets; bench/steady is the
clients: it uses libprecis-client, accounts for every request, and compares
every summary with what a quiet client was told before.  Exit status 0 where
every goal is reached, else 1.  A goal of time or memory is not judged with
--no-goals, which counts only what was lost or wrong.
"""
import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../tests/daemon"))
from service import article  # noqa: E402

MIB = 2**20
PATIENCE = 120  # seconds for anything that must happen


class Daemon:
    """A precisd at an ipc endpoint, which may be started again."""

    all = []

    def __init__(self, name, folder, options, arguments=()):
        name = "%s%d" % (name, len(Daemon.all))
        self.folder, self.name = folder, name
        self.endpoint = "ipc://%s/%s" % (folder, name)
        # The program itself: libtool's script cannot be copied.
        self.libraries = os.path.abspath(options.builddir + "/.libs")
        self.binary = self.libraries + "/precisd"
        if not os.path.exists(self.binary):
            self.binary = os.path.abspath(options.builddir + "/precisd")
        self.arguments = [*options.option, *arguments]
        self.path = "%s/%s.notify" % (folder, name)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(self.path)
        self.log = open("%s/%s.log" % (folder, name), "ab")
        Daemon.all.append(self)
        self.start()

    def start(self):
        """Returns when it says that it is ready."""
        self.process = subprocess.Popen(
            [self.binary, "--endpoint", self.endpoint, *self.arguments],
            stdin=subprocess.DEVNULL, stderr=self.log,
            env=dict(os.environ, NOTIFY_SOCKET=self.path,
                     LD_LIBRARY_PATH=self.libraries))
        self.notify.settimeout(1)
        while True:
            try:
                if b"READY=1" in self.notify.recv(4096):
                    return
            except socket.timeout:
                if self.process.poll() is not None:
                    sys.exit("endurance.py: precisd ended with %d"
                             % self.process.returncode)

    def read_notify(self):
        """A full socket would make it wait."""
        self.notify.settimeout(0)
        try:
            while self.notify.recv(4096):
                pass
        except BlockingIOError:
            pass

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """(seconds until it has ended, exit status)"""
        begun = time.monotonic()
        self.process.terminate()
        status = self.process.wait(PATIENCE)
        return time.monotonic() - begun, status

    def upgrade(self):
        """Another file takes the place of the program, as dpkg does it."""
        if self.binary.startswith(self.folder):
            new = self.binary
        else:
            new = self.folder + "/precisd-" + self.name
        shutil.copy2(self.binary, new + ".new")
        os.rename(new + ".new", new)
        self.binary = new
        result = self.stop()
        self.start()
        return result

    def state(self):
        """Resident MiB, descriptors, threads."""
        folder = "/proc/%d" % self.process.pid
        with open(folder + "/statm") as file:
            pages = int(file.read().split()[1])
        return (pages * os.sysconf("SC_PAGESIZE") / MIB,
                len(os.listdir(folder + "/fd")),
                len(os.listdir(folder + "/task")))


class Load:
    """bench/steady, and its reports as they come."""

    all = []

    def __init__(self, options, corpus, daemons, *arguments):
        endpoints = [part for daemon in daemons
                     for part in ("-e", daemon.endpoint)]
        self.process = subprocess.Popen(
            [options.builddir + "/bench/steady", *endpoints,
             "-c", str(options.clients), "-w", str(options.window),
             *map(str, arguments), corpus], stdout=subprocess.PIPE)
        Load.all.append(self)
        self.reports = []
        self.total = None
        self.is_over = False
        self.news = threading.Condition()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            with self.news:
                report = json.loads(line)
                if "total" in report:
                    self.total = report
                else:
                    self.reports.append(report)
                self.news.notify_all()
        with self.news:
            self.is_over = True
            self.news.notify_all()

    def outcomes(self):
        return sum(report["good"] + report["wrong"] +
                   sum(report["errors"].values()) for report in self.reports)

    def wait(self, condition):
        """Until a report makes it true; False where the load has ended."""
        with self.news:
            self.news.wait_for(lambda: self.is_over or self.total is not None
                               or condition())
            return not self.is_over and self.total is None

    def rest(self):
        """What comes from now on."""
        return Rest(self)

    def end(self):
        """Waits for the end; the total."""
        self.thread.join()
        if self.process.wait() not in (0, 1) or self.total is None:
            sys.exit("endurance.py: bench/steady failed")
        return self.total

    def stop(self):
        self.process.terminate()
        return self.end()

    def kill(self):
        self.process.kill()
        self.process.wait()


class Rest:
    def __init__(self, load):
        self.load, self.first = load, len(load.reports)

    def reports(self):
        return self.load.reports[self.first:]

    def good(self):
        return sum(report["good"] for report in self.reports())


class Table:
    def __init__(self, options):
        self.options, self.rows, self.is_bad = options, [], False

    def row(self, what, figure, goal=None, good=None, always=False):
        """`good` None: nothing to reach.  `always`: even with --no-goals."""
        if good is not None and self.options.no_goals and not always:
            good = None
        self.is_bad = self.is_bad or good is False
        self.rows.append({"what": what, "figure": figure, "goal": goal,
                          "reached": good})

    def account(self, name, total):
        errors = ", ".join("%d %s" % (count, code) for code, count
                           in sorted(total["errors"].items()))
        self.row(name + ": requests", total["sent"])
        self.row(name + ": without an outcome", total["lost"], "0",
                 total["lost"] == 0, always=True)
        self.row(name + ": wrong", total["wrong"], "0", total["wrong"] == 0,
                 always=True)
        self.row(name + ": explicit errors", errors or "none")

    def show(self):
        if self.options.json:
            print(json.dumps(self.rows))
            return
        for row in self.rows:
            verdict = {None: "", True: "yes", False: "NO"}[row["reached"]]
            print("%-44s %-30s %-16s %s" % (row["what"], row["figure"],
                                            row["goal"] or "", verdict))


def write_corpus(path, articles):
    with open(path, "wb") as file:
        for number in range(articles):
            body = article(number, 6 + number % 30)
            file.write(b"%d\n%s" % (len(body), body))
    return path


# ---- the commands ----

def peak(options, corpus, daemon):
    """Requests a second, the median of three tries."""
    rates = []
    for _ in range(3):
        total = Load(options, corpus, [daemon], "-s",
                     options.peak_seconds / 3).end()
        rates.append(total["good"] / total["seconds"])
    return sorted(rates)[1]


def hold(options, table, corpus, folder):
    daemon = Daemon("hold", folder, options)
    best = options.peak or peak(options, corpus, daemon)
    rate = best * options.percent / 100
    seconds = options.minutes * 60
    load = Load(options, corpus, [daemon], "-r", rate, "-s", seconds,
                "-i", seconds / options.minutes if options.minutes >= 1
                else seconds / 4)
    states = []  # (part of the time, state)
    begun = time.monotonic()
    while load.process.poll() is None:
        states.append(((time.monotonic() - begun) / seconds, daemon.state()))
        try:
            load.process.wait(min(1, seconds / 50))
        except subprocess.TimeoutExpired:
            pass
    total = load.end()
    # From the fifth of ten minutes on, and never later than half the time.
    start = min(0.5, 5 / options.minutes)
    later = [state for part, state in states if start <= part < 1]
    first = later[0]
    growth = max(state[0] for state in later) - first[0]
    table.row("peak, requests a second", round(best))
    table.row("held", "%d/s (%d %%) for %g s" % (rate, options.percent,
                                                 seconds))
    table.account("held", total)
    table.row("held: answered well", "%d" % total["good"], "all",
              total["good"] == total["sent"])
    reached = total["good"] / total["seconds"]
    table.row("held: answered well a second", round(reached), round(rate),
              reached >= .98 * rate)
    for number, report in enumerate(load.reports):
        if report["good"]:
            table.row("  part %d: p50, p99 ms" % (number + 1), "%.1f, %.1f"
                      % (report["p50_ms"], report["p99_ms"]))
    table.row("resident MiB, later: first, most, last", "%.1f, %.1f, %.1f"
              % (first[0], first[0] + growth, later[-1][0]),
              "+2 % or +8 MiB", growth <= max(8, first[0] * .02))
    for column, name in (1, "descriptors"), (2, "threads"):
        table.row(name + ", later: first, last",
                  "%d, %d" % (first[column], later[-1][column]), "+0",
                  later[-1][column] <= first[column])


def rounds(options, table, corpus, folder):
    dice = random.Random(options.seed)
    daemons = [Daemon("rounds", folder, options)
               for _ in range(options.endpoints)]
    load = Load(options, corpus, daemons, "-i", 0.1)
    done = {"kill -9": 0, "restart": 0, "upgrade": 0}
    drains, statuses = [], set()
    points = sorted(dice.randrange(options.requests * 9 // 10)
                    for _ in range(options.rounds))
    kinds = (list(done) * (options.rounds // 3 + 1))[:options.rounds]
    dice.shuffle(kinds)
    end = time.monotonic() + (options.limit or 1e9)
    for point, kind in zip(points, kinds):
        if not load.wait(lambda: load.outcomes() >= point or
                         time.monotonic() > end) or time.monotonic() > end:
            break
        daemon = dice.choice(daemons)
        if kind == "kill -9":
            daemon.kill()
            daemon.start()
        else:
            if kind == "restart":
                seconds, status = daemon.stop()
                daemon.start()
            else:
                seconds, status = daemon.upgrade()
            drains.append(seconds)
            statuses.add(status)
        done[kind] += 1
    load.wait(lambda: load.outcomes() >= options.requests or
              time.monotonic() > end)
    total = load.stop()
    name = "%d endpoint%s" % (options.endpoints, "s"[:options.endpoints - 1])
    table.account(name, total)
    table.row(name + ": rounds", ", ".join(
        "%d %s" % (count, kind) for kind, count in done.items()),
        "all", sum(done.values()) == options.rounds, always=True)
    table.row(name + ": longest time without an answer",
              "%.0f ms" % total["gap_ms"])
    if drains:
        table.row(name + ": drain, most", "%.2f s" % max(drains), "5 s",
                  max(drains) <= 5)
        table.row(name + ": exit statuses of drains", sorted(statuses), "0",
                  statuses == {0}, always=True)


def recover(daemon, load):
    """Kills it and starts it again: milliseconds without a good answer."""
    rest = load.rest()
    load.wait(lambda: rest.good() > 0)
    rest = load.rest()
    daemon.kill()
    time.sleep(0.1)  # RestartSec of the unit
    daemon.start()
    begun = time.monotonic()
    fresh = load.rest()
    load.wait(lambda: fresh.good() > 0 and time.monotonic() > begun + 0.3)
    return max(report["gap_ms"] for report in rest.reports())


def times(options, table, corpus, folder):
    daemon = Daemon("times", folder, options)
    load = Load(options, corpus, [daemon], "-i", 0.02)
    gaps = sorted(recover(daemon, load) for _ in range(options.repeats))
    table.account("killed", load.stop())
    table.row("kill -9 to a good answer: median, most",
              "%.0f, %.0f ms" % (gaps[len(gaps) // 2], gaps[-1]), "1000 ms",
              gaps[-1] <= 1000)
    drains, statuses = [], set()
    for _ in range(options.repeats):
        load = Load(options, corpus, [daemon], "-i", 0.02)
        load.wait(lambda: load.outcomes() > 0)
        seconds, status = daemon.stop()
        drains.append(seconds)
        statuses.add(status)
        daemon.start()
        total = load.stop()
        if total["lost"] or total["wrong"]:
            table.account("drained", total)
    table.row("SIGTERM under load: median, most", "%.2f, %.2f s"
              % (sorted(drains)[len(drains) // 2], max(drains)), "5 s",
              max(drains) <= 5)
    table.row("SIGTERM under load: exit statuses", sorted(statuses), "0",
              statuses == {0}, always=True)


def reload(options, table, corpus, folder):
    """By precisctl, which waits for the verdict."""
    libraries = os.path.abspath(options.builddir + "/.libs")
    tool = libraries + "/precisctl"  # libtool's script takes longer than it
    if not os.path.exists(tool):
        tool = options.builddir + "/precisctl"
    environment = dict(os.environ, LD_LIBRARY_PATH=libraries)
    text = subprocess.run([tool, "--help"], stdout=subprocess.PIPE,
                          check=True, text=True, env=environment).stdout
    if "\n  reload" not in text:
        table.row("reload under load", "not in this build")
        return
    control = "ipc://%s/control" % folder
    daemon = Daemon("reload", folder, options,
                    ("--control-endpoint", control))
    load = Load(options, corpus, [daemon], "-i", 0.1)
    load.wait(lambda: load.outcomes() > 0)
    seconds = []
    for _ in range(options.repeats):
        begun = time.monotonic()
        subprocess.run([tool, "--control", control, "reload"], check=True,
                       stdout=subprocess.DEVNULL, env=environment)
        seconds.append(time.monotonic() - begun)
        daemon.read_notify()
    total = load.stop()
    table.account("reloaded", total)
    table.row("reloaded: answered well", total["good"], "all",
              total["good"] == total["sent"])
    table.row("reload: median, most", "%.0f, %.0f ms" % (
        sorted(seconds)[len(seconds) // 2] * 1e3, max(seconds) * 1e3),
        "100 ms", max(seconds) <= 0.1)


def memory(options, table, corpus, folder):
    daemon = Daemon("idle", folder, options)
    idle = daemon.state()[0]
    table.row("resident, idle", "%.1f MiB" % idle, "12 MB", idle * MIB < 12e6)
    daemon = Daemon("eight", folder, options, ("--workers", "8"))
    load = Load(options, corpus, [daemon], "-s", options.load_seconds)
    most = 0
    while load.process.poll() is None:
        most = max(most, daemon.state()[0])
        try:
            load.process.wait(options.load_seconds / 20)
        except subprocess.TimeoutExpired:
            pass
    table.account("8 workers", load.end())
    table.row("resident, 8 workers under load", "%.1f MiB" % most, "64 MB",
              most * MIB < 64e6)


# Each load begins with every article asked for quietly: so only a few.
SHORT = {"minutes": .02, "peak_seconds": .3, "requests": 600, "rounds": 3,
         "repeats": 1, "load_seconds": .5, "articles": 10}


def short(options, *rest):
    for command in hold, rounds, times, reload, memory:
        command(options, *rest)
    options.endpoints = 2
    rounds(options, *rest)


COMMANDS = {"hold": (hold,), "rounds": (rounds,), "times": (times, reload),
            "memory": (memory,), "short": (short,)}


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=list(COMMANDS))
    parser.add_argument("--builddir", default=".")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--percent", type=float, default=70)
    parser.add_argument("--peak", type=float, metavar="RATE",
                        help="requests a second, measured before")
    parser.add_argument("--peak-seconds", type=float, default=15)
    parser.add_argument("--requests", type=int, default=1000000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--limit", type=float, default=0, metavar="SECONDS",
                        help="rounds end then, done or not")
    parser.add_argument("--endpoints", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--load-seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--window", type=int, default=16)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-goals", action="store_true")
    parser.add_argument("--option", action="append", default=[],
                        help="an option of precisd, may be repeated")
    options = parser.parse_args()
    if options.command == "short":
        vars(options).update(SHORT)
    return options


def main():
    options = parse_arguments()
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda *_: sys.exit(1))
    table = Table(options)
    folder = tempfile.mkdtemp(prefix="precis.")
    try:
        corpus = write_corpus(folder + "/corpus", options.articles)
        for command in COMMANDS[options.command]:
            command(options, table, corpus, folder)
    finally:
        for part in Daemon.all + Load.all:
            part.kill()
        shutil.rmtree(folder, ignore_errors=True)
    table.show()
    sys.exit(1 if table.is_bad else 0)


main()
