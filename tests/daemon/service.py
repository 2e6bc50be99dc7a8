"""A precisd of this build on a private socket, and TAP, for Python tests.

    from service import Service, ok, done_testing
    with Service("--workers", "1") as service:
        ok(service.ask({"op": "ping"})[0]["status"] == "ok", "it answers")
    done_testing()

Nothing here waits by the clock: readiness is a line on standard error, the
end is the end of the process.  Every wait has an end after DEADLINE seconds.
"""
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

try:
    import zmq
except ImportError:
    print("1..0 # SKIP python3-zmq is missing")
    sys.exit(0)

DEADLINE = 120
PRECISD = os.path.join(os.environ.get("abs_programs")
                       or os.environ.get("abs_top_builddir", "."), "precisd")
MAGIC = b"PRECIS/1"

_count = 0
_failed = 0


def ok(condition, name, why=""):
    global _count, _failed
    _count += 1
    print("%sok %d - %s" % ("" if condition else "not ", _count, name))
    if not condition:
        _failed += 1
        for line in str(why).splitlines():
            print("# " + line)
    sys.stdout.flush()
    return condition


def same(got, wanted, name):
    return ok(got == wanted, name, "   got: %r\nwanted: %r" % (got, wanted))


def failed():
    """How many tests so far."""
    return _failed


def note(text):
    print("# %s" % text, flush=True)


def done_testing():
    print("1..%d" % _count)
    sys.exit(1 if _failed else 0)


def run(*arguments, **keywords):
    """Runs precisd to its end: exit status, standard output, error."""
    done = subprocess.run([PRECISD, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=DEADLINE, **keywords)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def code(reply):
    """The error code of a reply's header, or "ok"."""
    return reply["status"] if reply["status"] == "ok" \
        else reply["error"]["code"]


class Service:
    """precisd with the options given, on ipc://FOLDER/sock unless they name
    an endpoint; `endpoints` is what it says it is ready on."""

    def __init__(self, *options, folder=None, endpoint=True, wrapper=()):
        self.own_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="precis.")
        self.path = os.path.join(self.folder, "sock")
        self.arguments = list(wrapper) + [PRECISD]
        if endpoint:
            self.arguments += ["--endpoint", "ipc://" + self.path]
        self.arguments += list(options)
        self.context = zmq.Context()
        self.log = []
        self.rest = b""
        self.process = None
        self.descriptors = ()  # to leave open

    def start(self, environment=None):
        self.process = subprocess.Popen(
            self.arguments, stderr=subprocess.PIPE,
            pass_fds=self.descriptors,
            env=dict(os.environ, **(environment or {})))
        line = self.wait_line("ready on ")
        self.endpoints = line.split("ready on ", 1)[1].split(", ")
        return self

    def wait_line(self, wanted):
        """Reads the log until a line has `wanted`; returns the line."""
        end = time.monotonic() + DEADLINE
        descriptor = self.process.stderr.fileno()
        while True:
            while b"\n" in self.rest:
                line, self.rest = self.rest.split(b"\n", 1)
                self.log.append(line.decode("utf-8", "replace"))
                if wanted in self.log[-1]:
                    return self.log[-1]
            readable = select.select([descriptor], [], [],
                                     max(0, end - time.monotonic()))[0]
            data = os.read(descriptor, 65536) if readable else b""
            if not data:
                raise RuntimeError("no line with %r in:\n%s" % (
                    wanted, "\n".join(self.log)))
            self.rest += data

    def socket(self, kind=zmq.DEALER, *options, endpoint=None):
        socket = self.context.socket(kind)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVTIMEO, DEADLINE * 1000)
        socket.setsockopt(zmq.RCVHWM, 0)
        for option in options:
            socket.setsockopt(option, 1)
        socket.connect(endpoint or self.endpoints[0])
        return socket

    def ask(self, header=None, body=b"", socket=None):
        """One request on a REQ socket; the reply's header and body."""
        own = socket is None
        socket = socket or self.socket(zmq.REQ)
        text = b"" if header is None else json.dumps(header).encode()
        socket.send_multipart([MAGIC, text, body])
        reply = socket.recv_multipart()
        if own:
            socket.close()
        assert reply[0] == MAGIC and len(reply) == 3, reply
        return json.loads(reply[1]), reply[2]

    def status(self):
        return self.ask({"op": "status"})[0]

    def memory(self):
        """Resident bytes."""
        with open("/proc/%d/statm" % self.process.pid) as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self):
        """Waits for the end; the exit status."""
        try:
            while True:
                self.wait_line("\0")
        except RuntimeError:
            pass
        self.process.stderr.close()
        return self.process.wait(DEADLINE)

    def stop(self):
        self.signal()
        return self.wait()

    def is_alive(self):
        return self.process.poll() is None

    def __enter__(self):
        return self.start()

    def __exit__(self, *what):
        if self.process is not None and self.is_alive():
            self.process.kill()
            self.process.wait()
        self.context.destroy(0)
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)


WORDS = """maire commune rivière pont école budget vote séance crue digue
travaux habitant quartier gare train ligne retard usine emploi accord syndicat
grève hôpital médecin récolte pluie orage forêt incendie pompier musée tableau
festival théâtre match équipe victoire défaite entraîneur stade port navire
pêche quai marché prix hausse baisse impôt rapport enquête juge procès avocat
témoin route tunnel village château fouille tombe monnaie chercheur satellite
""".split()
VERBS = """annonce refuse prépare approuve retarde construit répare observe
défend critique finance rejette examine ouvre ferme""".split()


def article(number, sentences=12):
    """An invented article, always the same for the same number."""
    import random
    dice = random.Random(number)
    subjects = dice.sample(WORDS, 6)
    text = []
    for _ in range(sentences):
        words = [dice.choice(subjects) if dice.random() < 0.6
                 else dice.choice(WORDS) for _ in range(4)]
        text.append("Le %s %s le %s du %s avec un %s en %d." % (
            words[0], dice.choice(VERBS), words[1], words[2], words[3],
            dice.randrange(1900, 2030)))
    return " ".join(text).encode()


FRENCH = b'{"language":"fr"}'
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi zo bre cla dri flo".split()


def long_article(size):
    """One of about so many bytes that keeps a worker at work, some 60 ms for
    each megabyte: no word comes twice, so each is to be learnt.  It is in no
    language that can be told, and so FRENCH goes with it."""
    words = map("".join, itertools.product(SYLLABLES, repeat=5))
    text = []
    while size > 0:
        sentence = " ".join(itertools.islice(words, 15)).capitalize() + "."
        size -= len(sentence) + 1
        text.append(sentence)
    return " ".join(text).encode()
