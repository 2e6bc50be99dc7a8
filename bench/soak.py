#!/usr/bin/python3
"""Many clients at once, some of them killed, and the end under load.

    bench/soak.py --builddir build
    bench/soak.py --builddir build --requests 5000 --clients 20 --kills 20

A precisd of the build serves on a private socket.  Clients (processes, with
REQ, DEALER and DEALER with a delimiter, 1 to 32 requests in flight) ask for
summaries of invented articles.  Every reply is compared with what a single
quiet client, which asks before, was told for the same article and options.
At random moments a random client is killed with SIGKILL and another one takes
its place.  At the end SIGTERM comes while all clients are busy: every request
that was sent before precisd has exited must be answered, and it must exit 0.

Says what it did, a line each; exit status 0 where all is right, else 1.
"""
import argparse
import json
import os
import random
import select
import signal
import subprocess
import sys
import time

import zmq

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../tests/daemon"))

REPORT = 20     # replies between two words to the parent
WAIT = 60000    # milliseconds for a reply
LATE = 5000     # and for those that are under way when the service is gone
GROWTH = 8      # MiB that memory may grow after the first fifth


def is_sanitized(pid):
    """Sanitizers reserve terabytes of addresses, and keep freed memory."""
    with open("/proc/%d/statm" % pid) as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGESIZE") > 2**40


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--builddir", default=".")
    parser.add_argument("--requests", type=int, default=100000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--option", action="append", default=[],
                        help="an option of precisd, may be repeated")
    return parser.parse_args()


def make_questions(article, count, seed):
    """(header without id, body), most of them of ordinary size."""
    dice = random.Random(seed)
    headers = [{}, {"sentences": 1}, {"sentences": 4, "order": "score"},
               {"words": 30}, {"method": "lead"}, {"explain": True},
               {"text": True, "language": "fr"}, {"op": "segment"},
               {"charset": "ISO-8859-1"}, {"sentences": 0},
               {"op": "ping"}, {"language": "xx"}]
    questions = []
    for number in range(count):
        size = dice.choice([3, 8, 12, 20, 40, 80])
        if number % 50 == 49:
            size = 3000
        body = article(seed * 1000 + number, size)
        for header in dice.sample(headers, 3):
            questions.append((header, b"" if header.get("op") == "ping"
                              else body))
    return questions


def strip(header):
    """A reply's header without what differs from call to call."""
    header = dict(header)
    header.pop("id", None)
    header.pop("elapsed_us", None)
    return header


class Client:
    """One client process's life."""

    def __init__(self, endpoint, questions, expected, number, pipe, alive):
        self.dice = random.Random(number)
        self.questions, self.expected = questions, expected
        self.pipe, self.alive = pipe, alive
        self.number = number
        self.context = zmq.Context()
        self.form = self.dice.choice(["REQ", "DEALER", "delimiter"])
        self.socket = self.context.socket(
            zmq.REQ if self.form == "REQ" else zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.connect(endpoint)
        self.window = 1 if self.form == "REQ" else self.dice.choice(
            [1, 4, 16, 32])
        self.open = {}
        self.sent = self.replies = self.busy = 0
        self.is_told = self.is_heard = False

    def say(self, **what):
        os.write(self.pipe, (json.dumps(dict(what, n=self.number)) +
                             "\n").encode())

    def send(self, question):
        header, body = self.questions[question]
        name = "%d-%d" % (self.number, self.sent)
        self.sent += 1
        self.open[name] = question, time.monotonic()
        parts = [b"PRECIS/1", json.dumps(dict(header, id=name)).encode(), body]
        self.socket.send_multipart(
            ([b""] if self.form == "delimiter" else []) + parts)

    def wait(self):
        """For a reply; False: none came in time."""
        poller = zmq.Poller()
        poller.register(self.socket, zmq.POLLIN)
        poller.register(self.alive, zmq.POLLIN)
        ready = dict(poller.poll(WAIT))
        return self.socket in ready \
            or self.alive in ready and self.socket.poll(LATE)

    def receive(self):
        """False: no reply in time."""
        if not self.wait():
            return False
        parts = self.socket.recv_multipart()
        if not self.is_heard: # before, SIGTERM could come sooner than it does
            self.is_heard = True
            self.say(born=True)
        if self.form == "delimiter" and parts[0] != b"":
            self.say(wrong="no delimiter in the reply")
        magic, text, body = parts[-3:]
        header = json.loads(text)
        question, _ = self.open.pop(header.get("id"), (None, None))
        if magic != b"PRECIS/1" or question is None:
            self.say(wrong="reply to another's request: %s" % text[:200])
            return True
        code = header.get("error", {}).get("code")
        if code == "busy":
            self.busy += 1
            self.send(question)
        elif code == "shutting_down":
            self.is_told = True
        elif (strip(header), body) != self.expected[question]:
            self.say(wrong="question %d: %s" % (question, text[:300]))
        else:
            self.replies += 1
            if self.replies % REPORT == 0:
                self.say(replies=REPORT)
        return True

    def run(self):
        while True:
            while not self.is_told and len(self.open) < self.window:
                self.send(self.dice.randrange(len(self.questions)))
            if not self.open:
                break
            if not self.receive():
                break
        self.say(end=True, replies=self.replies % REPORT, sent=self.sent,
                 busy=self.busy, open=[when for _, when in self.open.values()])


def ask_all(service, questions):
    """What a single quiet client is told."""
    expected = []
    with service.socket(zmq.REQ) as socket:
        for header, body in questions:
            reply, summary = service.ask(header, body, socket)
            expected.append((strip(reply), summary))
    return expected


class Soak:
    def __init__(self, service, arguments, questions, expected):
        self.service, self.arguments = service, arguments
        self.questions, self.expected = questions, expected
        self.dice = random.Random(arguments.seed)
        self.read, self.write = os.pipe()
        self.alive = os.pipe() # closed when the service is gone
        self.rest = b""
        self.pids = {}        # process id -> number
        self.born = set()
        self.ended = {}
        self.replies = self.kills = self.started = self.busy = 0
        self.wrong = []
        self.memory = []      # (replies, bytes)

    def start_client(self):
        number = self.started
        self.started += 1
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                os.close(self.alive[1])
                Client(self.service.endpoints[0], self.questions,
                       self.expected, number, self.write, self.alive[0]).run()
                status = 0
            finally:
                os._exit(status)
        self.pids[pid] = number

    def hear(self, seconds):
        """Takes in what clients say; False where nobody says anything."""
        if not select.select([self.read], [], [], seconds)[0]:
            return False
        self.rest += os.read(self.read, 65536)
        *lines, self.rest = self.rest.split(b"\n")
        for line in lines:
            word = json.loads(line)
            self.replies += word.get("replies", 0)
            self.busy += word.get("busy", 0)
            if "wrong" in word:
                self.wrong.append(word["wrong"])
            if "born" in word:
                self.born.add(word["n"])
            if "end" in word:
                self.ended[word["n"]] = word
        return True

    def kill_one(self):
        ready = [pid for pid, n in self.pids.items() if n in self.born]
        if not ready:
            return
        pid = self.dice.choice(ready)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        del self.pids[pid]
        self.kills += 1
        self.start_client()

    def load(self):
        """Until so many replies have come."""
        wanted, kills = self.arguments.requests, self.arguments.kills
        points = sorted(self.dice.randrange(wanted) for _ in range(kills))
        marks = [wanted * i // 20 for i in range(1, 21)]
        while self.replies < wanted and not self.wrong:
            if not self.hear(WAIT / 1000) or not self.service.is_alive():
                self.wrong.append("nothing moves any more")
                return
            while points and self.replies >= points[0]:
                points.pop(0)
                self.kill_one()
            while marks and self.replies >= marks[0]:
                marks.pop(0)
                self.memory.append(self.service.memory())

    def stop(self):
        """SIGTERM while all are busy; returns the exit status."""
        while len(self.born) < self.started and self.hear(WAIT / 1000):
            pass
        self.service.signal()
        status = self.service.wait()
        gone = time.monotonic()
        os.close(self.alive[1])
        left = set(self.pids.values())
        while left - set(self.ended) and not self.wrong:
            if not self.hear(WAIT / 1000):
                self.wrong.append("clients without an end: %d"
                                  % len(left - set(self.ended)))
        # One that had no time to read what it was told sends once more.
        for number, word in self.ended.items():
            lost = sum(when < gone for when in word["open"])
            if lost > 0:
                self.wrong.append("client %d: no reply to %d requests"
                                  % (number, lost))
        for pid in list(self.pids):
            if self.wrong:
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return status


def main():
    arguments = parse_arguments()
    os.environ["abs_top_builddir"] = os.path.abspath(arguments.builddir)
    from service import Service, article
    questions = make_questions(article, arguments.articles, arguments.seed)
    with Service(*arguments.option) as service:
        expected = ask_all(service, questions)
        sanitized = is_sanitized(service.process.pid)
        service.context.destroy(0)  # before any fork
        soak = Soak(service, arguments, questions, expected)
        begin = time.monotonic()
        for _ in range(arguments.clients):
            soak.start_client()
        soak.load()
        seconds = time.monotonic() - begin
        status = soak.stop()
    first = soak.memory[len(soak.memory) // 5] if soak.memory else 0
    last = soak.memory[-1] if soak.memory else 0
    growth = (last - first) / 2**20
    if sanitized:
        print("memory is not judged: a sanitizer keeps what is freed")
    elif growth > max(GROWTH, first / 2**20 * 0.02):
        soak.wrong.append("memory grew")
    if status != 0:
        soak.wrong.append("precisd exited with %d: %s"
                          % (status, service.log[-3:]))
    print("replies %d, all as expected; %.0f a second; busy %d"
          % (soak.replies, soak.replies / seconds, soak.busy))
    print("clients %d, killed %d" % (soak.started, soak.kills))
    print("resident memory %.1f MiB after a fifth, %.1f MiB at the end, "
          "at most %.1f MiB" % (first / 2**20, last / 2**20,
                                max(soak.memory, default=0) / 2**20))
    print("SIGTERM under load: %d clients, exit status %d"
          % (len(soak.ended), status))
    for line in soak.wrong[:20]:
        print("WRONG: " + line)
    sys.exit(1 if soak.wrong else 0)


main()
