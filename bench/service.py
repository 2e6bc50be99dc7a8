#!/usr/bin/python3
"""Requests per second through ipc and tcp, beside a bare ZeroMQ echo.

usage: service.py [--builddir DIR] [--requests N] [--rounds N] [FILE...]

Starts precisd with two workers (and with one), and bench/echo, which answers
messages of the same sizes and does nothing else.  Then each is asked in turn,
--rounds times over, by bench/load: 1 to 8 clients, each with 32 requests under
way, and one that waits for each reply before it asks again.  Processor time
is that of the service alone.  Articles: see articles.py.
"""
import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import articles

CLIENTS = (1, 2, 4, 8)
WINDOW = 32
HEADER = '{"language":"fr"}'
NOISY_LOAD = 0.5    # processes that run beside a bench, for each core
START_SECONDS = 20
END_SECONDS = 20


def processor_seconds(pid):
    """Of all threads of a process, to the nanosecond where the kernel says."""
    folder = "/proc/%d/task" % pid
    total = 0
    try:
        for thread in os.listdir(folder):
            with open("%s/%s/schedstat" % (folder, thread)) as file:
                total += int(file.read().split()[0])
        return total / 1e9
    except (OSError, ValueError, IndexError):
        with open("/proc/%d/stat" % pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return ((int(fields[11]) + int(fields[12])) /
                os.sysconf("SC_CLK_TCK"))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Clock:
    """Counts rounds, at most so many and no longer than so many seconds."""

    def __init__(self, rounds, seconds):
        self.rounds, self.seconds = rounds, seconds

    def __iter__(self):
        begun = time.monotonic()
        for number in range(self.rounds):
            taken = time.monotonic() - begun
            if number and taken * (number + 1) / number > self.seconds:
                return
            yield number


class Server:
    """A process that answers; its endpoints by transport."""

    def __init__(self, bench, name, workers):
        self.name, self.workers = name, workers
        self.endpoints = {"ipc": "ipc://%s/%s.sock" % (bench.folder, name),
                          "tcp": "tcp://127.0.0.1:%d" % free_port()}
        self.log = "%s/%s.log" % (bench.folder, name)

    def start(self, command):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Bench:
    def __init__(self, builddir, folder, corpus, requests):
        self.builddir, self.folder, self.corpus = builddir, folder, corpus
        self.requests = requests
        self.servers = []

    def start(self, name, command, workers=0):
        server = Server(self, name, workers)
        server.start(command(server.endpoints))
        self.servers.append(server)
        return server

    def precisd(self, workers):
        return self.start("precisd%d" % workers, lambda endpoints: [
            self.builddir + "/precisd", "--workers", str(workers),
            "--endpoint", endpoints["ipc"], "--endpoint", endpoints["tcp"]],
            workers)

    def echo(self, transport, size):
        return self.start("echo-" + transport, lambda endpoints: [
            self.builddir + "/bench/echo", endpoints[transport], str(size)])

    def ask(self, server, transport, clients, window):
        """One run of bench/load, with the processor time it cost the
        server."""
        before = processor_seconds(server.process.pid)
        done = subprocess.run(
            [self.builddir + "/bench/load", server.endpoints[transport],
             self.corpus, str(self.requests), str(clients), str(window),
             HEADER], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        if done.returncode:
            with open(server.log) as log:
                raise articles.Failed("%s: %s%s" % (
                    server.name, done.stderr, log.read()[-2000:]))
        after = processor_seconds(server.process.pid)
        rate, sent, answered, half, most = done.stdout.split()
        asked = self.requests // clients * clients
        return {"rate": float(rate), "sent": int(sent),
                "answered": int(answered), "p50": float(half),
                "p99": float(most), "cpu": 1e6 * (after - before) / asked}

    def stop(self):
        for server in self.servers:
            server.stop()


def ready(bench, server, transport):
    """Asks until it answers: a client waits for a socket that is not there
    yet, but not for a process that ends."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return bench.ask(server, transport, 1, WINDOW)
        except articles.Failed:
            if server.process.poll() is not None or time.monotonic() > end:
                raise


def plan(bench, clients):
    """What is asked in each round: key, server, transport, clients,
    window."""
    two = bench.precisd(2)
    size = ready(bench, two, "ipc")["answered"]
    runs = []
    for transport in ("ipc", "tcp"):
        echo = bench.echo(transport, size)
        ready(bench, echo, transport)
        for count, window in [(count, WINDOW) for count in clients] + [(1, 1)]:
            for kind, server in (("precisd", two), ("echo", echo)):
                runs.append(((transport, count, window, kind), server,
                             transport, count, window))
    one = bench.precisd(1)
    ready(bench, one, "ipc")
    runs.append((("ipc", 2, WINDOW, "precisd, 1 worker"), one, "ipc", 2,
                 WINDOW))
    return runs


def spread(values):
    """The distance of the quartiles over the median."""
    if len(values) < 2:
        return 0.0
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / middle if middle else 0.0


def measure(builddir, folder, corpus, requests, clock, clients=CLIENTS):
    """Rows of {"transport", "clients", "window", "server", "rate", "cpu",
    "p50", "p99", "sent", "answered", "spread"}: medians, times in
    microseconds."""
    bench = Bench(builddir, folder, corpus, requests)
    try:
        runs = plan(bench, clients)
        found = {run[0]: [] for run in runs}
        for _ in clock:
            for key, server, transport, count, window in runs:
                found[key].append(bench.ask(server, transport, count, window))
    finally:
        bench.stop()
    rows = []
    for (transport, count, window, kind), results in found.items():
        row = {"transport": transport, "clients": count, "window": window,
               "server": kind,
               "spread": spread([one["rate"] for one in results])}
        for name in results[0]:
            row[name] = statistics.median(one[name] for one in results)
        rows.append(row)
    return rows


def beside(rows, row):
    """The echo's row of the same kind."""
    return next(one for one in rows if one["server"] == "echo" and all(
        one[key] == row[key] for key in ("transport", "clients", "window")))


def table(rows):
    yield "%-4s %-18s %7s %11s %9s %10s %8s %8s %7s" % (
        "", "", "clients", "requests/s", "of echo", "CPU us", "p50 us",
        "p99 us", "spread")
    for row in rows:
        waits = ("%8.1f %8.1f" % (row["p50"], row["p99"])
                 if row["window"] == 1 else "%8s %8s" % ("", ""))
        echo = beside(rows, row)["rate"]
        yield "%-4s %-18s %7d %11.0f %8.1f%% %10.1f %s %6.1f%%" % (
            row["transport"], row["server"], row["clients"], row["rate"],
            100 * row["rate"] / echo, row["cpu"], waits,
            100 * row["spread"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--builddir", default=articles.TOP + "/build")
    parser.add_argument("--requests", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("file", nargs="*", metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="precis.", dir="/tmp") as folder:
        try:
            corpus = folder + "/corpus"
            articles.write(corpus, articles.load(options.file, 1000))
            rows = measure(options.builddir, folder, corpus, options.requests,
                           Clock(options.rounds, 3600))
        except articles.Failed as error:
            sys.exit("service.py: %s" % error)
    print("%d requests of %d bytes, replies of %d; medians of %d rounds, %d "
          "cores\n" % (options.requests, rows[0]["sent"], rows[0]["answered"],
                       options.rounds, len(os.sched_getaffinity(0))))
    for line in table(rows):
        print(line)


if __name__ == "__main__":
    main()
