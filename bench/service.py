#!/usr/bin/python3
"""Requests per second through ipc, beside a bare ZeroMQ echo.

usage: service.py [--builddir DIR] [--requests N] [--rounds N] [--clients N]
                  [--window N] [FILE.ndjson]

Starts precisd with one and with two workers, and bench/echo, which answers
messages of the same sizes and does nothing else, each on a private socket.
Then each is asked in turn, --rounds times over, by bench/load: --clients
threads with --window requests under way.  The table shows the medians.

Articles are those of FILE.ndjson, or examples/wire.ndjson joined to texts of
about 2.3 kB, an ordinary article.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

ORDINARY = 2300
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEYS = ("text", "article", "body", "content")


def texts(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield next(record[key] for key in KEYS if record.get(key))


def bodies(path):
    if path:
        return [text.encode() for text in texts(path)]
    short = list(texts(TOP + "/examples/wire.ndjson"))
    made = []
    for first in range(len(short)):
        body, number = "", first
        while len(body.encode()) < ORDINARY - 350:
            body += short[number % len(short)] + "\n\n"
            number += 1
        made.append(body.encode())
    return made


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.servers = []
        self.corpus = folder + "/corpus"
        with open(self.corpus, "wb") as file:
            for body in bodies(options.file):
                file.write(b"%d\n%s" % (len(body), body))

    def start(self, name, *command):
        endpoint = "ipc://%s/%s.sock" % (self.folder, name)
        with open("%s/%s.log" % (self.folder, name), "wb") as log:
            self.servers.append(subprocess.Popen(
                [part.replace("ENDPOINT", endpoint) for part in command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        # Ready when it has answered: a client waits for the socket.
        self.load(endpoint, self.options.clients)
        return endpoint

    def load(self, endpoint, requests):
        out = subprocess.run(
            [self.options.builddir + "/bench/load", endpoint, self.corpus,
             str(requests), str(self.options.clients),
             str(self.options.window)],
            check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        return float(out[0]), int(out[1]), int(out[2])

    def stop(self):
        for server in self.servers:
            server.terminate()
        for server in self.servers:
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def run(bench):
    options = bench.options
    precisd = options.builddir + "/precisd"
    endpoints = {}
    for workers in ("1", "2"):
        name = "precisd, %s worker%s" % (workers, "s"[:int(workers) - 1])
        endpoints[name] = bench.start(
            "precisd" + workers, precisd, "--endpoint", "ENDPOINT",
            "--workers", workers)
    _, sent, answered = bench.load(endpoints[name], options.requests)
    endpoints["bare ZeroMQ echo"] = bench.start(
        "echo", options.builddir + "/bench/echo", "ENDPOINT", str(answered))

    rates = {name: [] for name in endpoints}
    for _ in range(options.rounds):
        for name, endpoint in endpoints.items():
            rates[name].append(bench.load(endpoint, options.requests)[0])
    floor = statistics.median(rates["bare ZeroMQ echo"])
    one = statistics.median(rates["precisd, 1 worker"])
    print("%d requests of %d bytes, replies of %d; %d clients, window %d; "
          "medians of %d rounds, %d cores\n" %
          (options.requests, sent, answered, options.clients, options.window,
           options.rounds, len(os.sched_getaffinity(0))))
    print("%-20s %12s %14s %10s %10s" % ("", "requests/s", "us a request",
                                         "of echo", "of 1"))
    for name in rates:
        rate = statistics.median(rates[name])
        print("%-20s %12.0f %14.1f %9.1f%% %9.2fx" %
              (name, rate, 1e6 / rate, 100 * rate / floor, rate / one))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--builddir", default=TOP + "/build")
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--window", type=int, default=32)
    parser.add_argument("file", nargs="?", metavar="FILE.ndjson")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="precis.", dir="/tmp") as folder:
        bench = Bench(options, folder)
        try:
            run(bench)
        except subprocess.CalledProcessError:
            for name in sorted(os.listdir(folder)):
                if name.endswith(".log"):
                    with open(folder + "/" + name) as log:
                        sys.stderr.write(log.read()[-2000:])
            sys.exit("service.py: bench/load failed")
        finally:
            bench.stop()


if __name__ == "__main__":
    main()
