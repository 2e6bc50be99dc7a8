#!/usr/bin/python3
"""precis with several services: shared load, death, return, silence; and
what is sent again, how often, and after how long.

The services are ROUTERs of this test, which do what a script says.
"""
import json
import os
import shutil
import socket
import sys
import time

sys.path[:0] = [os.path.join(os.environ["abs_top_srcdir"], "tests", part)
                for part in ("daemon", "clients")]
from service import done_testing, ok, same  # noqa: E402
from fake import Fake, Precis, SECONDS, TEXT, folder, summary  # noqa: E402


def lines(count, first=0):
    return b"".join(b'{"id":%d,"text":"%d %s"}\n' % (n, n, TEXT)
                    for n in range(first, first + count))


def held(fake, count):
    requests = [fake.receive() for _ in range(count)]
    return None if None in requests else requests


def work(count, *fakes):
    """The fakes answer until `count` requests are answered; how many each."""
    done = [0] * len(fakes)
    end = time.monotonic() + SECONDS
    while sum(done) < count and time.monotonic() < end:
        for number, fake in enumerate(fakes):
            request = fake.receive(0.002)
            if request is not None:
                fake.answer(request)
                done[number] += 1
    return done


def results(out):
    return [(result["id"], result["status"])
            for result in map(json.loads, out.splitlines())]


def wanted(count):
    return [(number, "ok") for number in range(count)]


def unchanged(end, name):
    """Status, output and messages as with one service."""
    ok(end == alone, name, "status %d, %d bytes\n%s" % (
        end[0], len(end[1]), end[2]))


# ---- the load is shared ----

one, two = Fake("one"), Fake("two")
precis = Precis(one, "--ndjson", text=lines(100))
one.ping()
work(100, one)
alone = precis.end()

precis = Precis([one, two], "--ndjson", "-v", text=lines(100))
one.ping()
two.ping()
requests = held(one, 16), held(two, 16)
ok(None not in requests, "of 32 requests under way each service has 16")
same((one.receive(0.1), two.receive(0.1)), (None, None), "and no more")
for fake, some in zip((one, two), requests):
    for request in reversed(some):
        fake.answer(request)
work(68, one, two)
status, out, err = precis.end()
ok((status, out) == alone[:2], "the output is that of one service")
ok(one.endpoint in err and two.endpoint in err, "-v names both", err)

# A service that is slow gets less.
precis = Precis([one, two], "--ndjson", text=lines(100))
one.ping()
two.ping()
done, wait = [0, 0], 1
while precis.process.poll() is None:
    # One answers eight requests while two answers a single one; at the end
    # there are none for it any more.
    for number, fake in 8 * [(0, one)] + [(1, two)]:
        request = fake.receive(wait if number == 0 else 0.005)
        if request is not None:
            fake.answer(request)
            done[number] += 1
        elif number == 0:
            wait = 0.005
ok(2 * done[0] > 3 * done[1] > 0, "a slow service gets less", done)
unchanged(precis.end(), "with the same output")

# ---- death and return ----

precis = Precis([one, two], "--ndjson", text=lines(100))
one.ping()
two.ping()
requests = held(one, 16)
mine = held(two, 16)
two.close()
again = held(one, 16)
same(sorted((r[1]["id"], r[2]) for r in again),
     sorted((r[1]["id"], r[2]) for r in mine),
     "what a dead service had goes to the other, with the same id")
for request in requests + again:
    one.answer(request)
work(68, one)
unchanged(precis.end(), "none is lost, and each has one outcome")

two.open()
precis = Precis([one, two], "--ndjson", text=None)
one.ping()
two.ping()
out = b""


def feed(count, first, *fakes):
    """So many lines, and their results; how many each answered."""
    global out
    precis.feed(lines(count, first))
    done = work(count, *fakes)
    out += b"".join(precis.process.stdout.readline() for _ in range(count))
    return done


feed(8, 0, one, two)
two.close()
same(feed(8, 8, one), [8], "while one is dead the other does all")
two.open()
count, shares = 16, [0, 0]
end = time.monotonic() + SECONDS
while shares[1] == 0 and time.monotonic() < end:
    shares = feed(8, count, one, two)
    count += 8
ok(shares[1] > 0, "one that is back has its share again")
precis.close()
same(results(out + precis.end()[1]), wanted(count), "in the order of the input")

two.close()
precis = Precis([two, one], "-v")
one.ping()
one.answer(one.receive())
status, out, err = precis.end()
same((status, out), (0, summary()), "one that is not there is no hindrance")
ok(two.endpoint in err and one.endpoint in err, "-v says so", err)
one.close()
status, out, err = precis = Precis([one, two]).end()
same((status, out), (69, b""), "none of several is 69")
same(err.count("\n"), 1, "in one line")
one.open()
precis = Precis([one, two], "--ndjson", text=lines(3))
one.ping()
held(one, 3)
one.close()
status, out, err = precis.end()
same((status, [result[1] for result in results(out)]), (69, ["error"] * 3),
     "nor when the last of them dies")

# An article that kills every service it meets.
one, two = Fake("three"), Fake("four")
precis = Precis([one, two])
one.ping()
two.ping()
deaths = 0
while precis.process.poll() is None:
    for fake in one, two:
        if fake.receive(0.02) is not None:
            deaths += 1
            fake.close()
            fake.open()
same((deaths, precis.end()[0]), (4, 69), "it kills four, and no more")

# ---- busy, draining, silent ----

for code in "busy", "shutting_down":
    precis = Precis([one, two], "--ndjson", text=lines(2))
    one.ping()
    two.ping()
    first, other = one.receive(), two.receive()
    one.error(first, code, retry_after_ms=200)
    began = time.monotonic()
    again = two.receive()
    same(again[1:], first[1:], "what was %s goes to another one" % code)
    ok(time.monotonic() - began > 0.15, "but not before the time")
    for request in other, again:
        two.answer(request)
    same(results(precis.end()[1]), wanted(2), "which answers")

precis = Precis([one, two], "--ndjson", "--timeout", "3", text=lines(2))
one.ping()
two.ping()
two.is_mute = True
first, mute = one.receive(), two.receive()
one.answer(first)
began = time.monotonic()
while two.asked == 0 and time.monotonic() < began + SECONDS:
    two.receive(0.01)
again = one.receive()
same(again[1:], mute[1:], "what a silent service has goes to another one")
two.answer(mute)
one.answer(again)
same(results(precis.end()[1]), wanted(2), "with one outcome")
two.is_mute = False

# Somebody who accepts connections and says nothing: IMMEDIATE.
path = os.path.join(folder, "deaf")
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(path)
    listener.listen(10)
    deaf = type("Deaf", (), {"endpoint": "ipc://" + path})
    precis = Precis([deaf, one], "--ndjson", text=lines(40))
    one.ping()
    same(work(40, one), [40], "nothing waits for one who does not shake hands")
    same(results(precis.end()[1]), wanted(40), "so that all is answered")

# ---- one service: how often, and when ----

precis = Precis(one, "--timeout", "3")
one.ping()
one.is_mute = True
ids = []
while precis.process.poll() is None:
    request = one.receive(0.05)
    if request is not None:
        ids.append(request[1:])
        last = request
status, out, err = precis.end()
ok(1 < len(ids) <= 4, "silence: sent again, three times at most", len(ids))
same(ids, ids[:1] * len(ids), "always the same")
same((status, out, err.count("\n")), (75, b"", 1), "and then it is 75")
one.is_mute = False

precis = Precis(one, "--timeout", "3")
one.ping()
one.is_mute = True
first = one.receive()
one.answer(one.receive())
one.is_mute = False
same(precis.end()[:2], (0, summary()), "a second try that is answered")

precis = Precis(one)
one.ping()
times = []
for _ in range(3):
    request = one.receive()
    times.append(time.monotonic())
    one.error(request, "busy")
request = one.receive()
times.append(time.monotonic())
one.answer(request)
waits = [later - sooner for sooner, later in zip(times, times[1:])]
ok(waits[0] > 0.045 and waits[1] > 0.095 and waits[2] > 0.195,
   "busy without a time: 50, 100, 200 ms at least", waits)
same(precis.end()[0], 0, "then it works")

precis = Precis(one, "--timeout", "2")
one.ping()
one.error(one.receive(), "busy", retry_after_ms=60000)
began = time.monotonic()
same(precis.end()[0], 75, "a wait longer than the time that is left is none")
ok(time.monotonic() - began < 1.9, "and is not waited for")

for code in ("bad_request", "unsupported", "too_large", "bad_encoding",
             "unknown_language", "empty", "timeout", "denied", "internal"):
    precis = Precis([one, two])
    one.ping()
    two.ping()
    request, fakes = None, [one, two]
    end = time.monotonic() + SECONDS
    while request is None and time.monotonic() < end:
        fakes.reverse()
        request = fakes[0].receive(0.01)
    fake = fakes[0]
    fake.error(request, code)
    status, out, err = precis.end()
    same((one.receive(0), two.receive(0), out, status != 0),
         (None, None, b"", True), code + " is final")

shutil.rmtree(folder, ignore_errors=True)
done_testing()
