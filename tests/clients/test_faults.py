#!/usr/bin/python3
"""precis before a service that is busy, lies, or dies.

The service is a ROUTER of this test, which does what a script says; and, at
the end, a precisd that is killed and started again.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import xml.dom.minidom

sys.path[:0] = [os.path.join(os.environ["abs_top_srcdir"], "tests", part)
                for part in ("daemon", "clients")]
from service import Service, done_testing, ok, same  # noqa: E402
from fake import (  # noqa: E402
    Fake, PRECIS, Precis, SECONDS, TEXT, folder, summary)

# ---- busy ----

fake = Fake("busy")
precis = Precis(fake)
fake.ping()
ids = []
for code in "busy", "shutting_down", "busy":
    request = fake.receive()
    ids.append(request[1]["id"])
    fake.error(request, code, retry_after_ms=1)
request = fake.receive()
ids.append(request[1]["id"])
fake.answer(request)
same(precis.end(), (0, summary(), ""), "three times busy, then a summary")
same(len(set(ids)), 1, "the id stays the same")

precis = Precis(fake)
fake.ping()
tries = 0
for _ in range(4):
    fake.error(fake.receive(), "busy", retry_after_ms=1)
    tries += 1
status, out, err = precis.end()
same((status, out, tries), (75, b"", 4), "busy for ever is 75")
same(err, "precis: standard input: busy it is\n", "and said in one line")

# ---- what was cut, and lies about it ----

ARTICLE = "Hier soir, le port (à l'est) a fermé. La mer monte."
SIZE = len(ARTICLE.encode())
FIRST = ARTICLE.encode().index(b" La mer")
OPENS = ARTICLE.encode().index(b" (")
CUT = {
    "status": "ok", "version": "0.1.0", "language": "fr",
    "method": "credits", "total_sentences": 2, "words": 7, "warnings": [],
    "text": ARTICLE, "keywords": [{"term": "le\nport", "count": 1,
                                   "score": 1}],
    "sentences": [{"index": 0, "start": 0, "end": FIRST, "rank": 1,
                   "cuts": [[0, 11], [OPENS, OPENS + 11]]},
                  {"index": 1, "start": SIZE - 13, "end": SIZE, "rank": 2,
                   "cuts": []}],
    "segments": [{"kind": "sentence", "index": 0, "start": 0, "end": FIRST,
                  "rank": 1, "score": 0.5, "words": 9, "reasons": []},
                 {"kind": "sentence", "index": 1, "start": SIZE - 13,
                  "end": SIZE, "rank": 2, "score": 0.1, "words": 3, "reasons": []}]}
SHOWN = "Le port a fermé. La mer monte.".encode()


def told(reply, body, *options):
    """What precis makes of such a reply."""
    precis = Precis(fake, *options)
    fake.ping()
    fake.reply(fake.receive(), reply, body)
    return precis.end()


def parts(tag, page):
    return re.findall("<%s>(.*?)</%s>" % (tag, tag),
                      page.decode().split('</p>\n<p dir="auto">')[-1])


same(told(CUT, SHOWN, "--bullets")[1].decode(),
     "- Le port a fermé.\n- La mer monte.\n", "--bullets of what was cut")
same(told(CUT, SHOWN, "--highlight")[1].decode(),
     "Hier soir, [[le port]] (à l'est)[[ a fermé.]] [[La mer monte.]]\n",
     "--highlight marks what is left")
page = told(CUT, SHOWN, "--html")[1]
same((parts("u", page), parts("del", page)),
     (["le port", " a fermé.", "La mer monte."],
      ["Hier soir, ", " (à l'est)"]), "--html strikes out the rest")
same(told(CUT, SHOWN, "--keywords")[1], SHOWN + b"\n\nle port\n",
     "keywords on one line")
same([line.count("raccourcie") for line in
      told(CUT, SHOWN, "--explain")[1].decode().splitlines()],
     [0, 0, 1, 0, 0], "--explain says what is shorter")
for name, change in {
        "cuts that overlap": {"cuts": [[0, 12], [5, 20]]},
        "cuts in another order": {"cuts": [[20, 30], [0, 12]]},
        "cuts outside": {"cuts": [[0, 999], [50, 60]]},
        "cuts inside of a character": {"cuts": [[OPENS + 3, OPENS + 4]]},
        "all is cut": {"cuts": [[0, FIRST]]},
        "cuts that are none": {"cuts": [7, [], ["a"], {}]},
        "no sentence": {"start": 7, "end": 3},
        "a sentence inside of a character": {"start": OPENS + 3},
        "a sentence that is too long": {"end": 9999}}.items():
    lie = json.loads(json.dumps(CUT))
    lie["sentences"][0].update(change)
    lie["segments"][0].update(change)
    for option in "--html", "--bullets", "--highlight", "--explain":
        status, out, err = told(lie, SHOWN, option)
        why = None
        try:
            if option == "--html":
                xml.dom.minidom.parseString(out)
        except Exception as error:  # expat's
            why = error
        ok(status == 0 and why is None, "%s: %s" % (name, option),
           "%s %s\n%s" % (status, why, out.decode(errors="replace")))

# ---- lies ----

CODES = {"bad_request": 64, "unsupported": 64, "too_large": 65,
         "bad_encoding": 65, "bad_document": 65, "unknown_language": 65,
         "empty": 65, "timeout": 75, "denied": 77, "internal": 70,
         "of_a_later_version": 70}
for code, wanted in CODES.items():
    precis = Precis(fake)
    fake.ping()
    fake.error(fake.receive(), code)
    same(precis.end()[:2], (wanted, b""), "%s is %d" % (code, wanted))

for raw, name in [
        ([b"PRECIS/1", b"no JSON", b""], "a header that is no JSON"),
        ([b"PRECIS/1", b"[]", b""], "a header that is no object"),
        ([b"PRECIS/1", b"{}", b""], "a header without a status"),
        ([b"PRECIS/1", b'{"status":"error"}', b""], "an error without a code"),
        ([b"PRECIS/1"], "a magic alone"),
        ([b"HTTP/1.1"], "another protocol"),
        ([b""] * 200, "200 empty frames")]:
    precis = Precis(fake)
    fake.ping()
    fake.reply(fake.receive(), {}, raw=raw)
    same(precis.end()[:2], (76, b""), "%s is 76" % name)

precis = Precis(fake)
fake.ping()
request = fake.receive()
for wrong in 0, request[1]["id"] + 1, 2 ** 62:
    fake.reply(request, {"id": wrong, "status": "ok"}, b"not yours")
fake.answer(request)
same(precis.end()[:2], (0, summary()), "replies of others are left alone")

precis = Precis(fake)
fake.ping()
fake.reply(fake.receive(), {"status": "error", "error": {
    "code": "internal", "message": "\033[2J\u009b31m\nsecond line"}})
status, out, err = precis.end()
same((status, re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", err)), (70, []),
     "no escape sequence of the service reaches the terminal")
same(err.count("\n"), 1, "nor a second line")

precis = Precis(fake, "-v")
fake.ping(version="9.9.9")
fake.answer(fake.receive())
status, out, err = precis.end()
ok(status == 0 and "version 9.9.9" in err, "-v notes another version", err)

precis = Precis(fake, "--highlight")
fake.ping()
fake.reply(fake.receive(), {
    "status": "ok", "text": "abc", "sentences": [
        {"start": 1, "end": 2 ** 40}, {"start": 2, "end": 1},
        {"start": -5, "end": 1}, {"start": "x"}, 7,
        {"start": 1, "end": 2}, {"start": 1, "end": 3}]})
same(precis.end()[0], 0, "offsets outside the text do no harm")
for option in "--bullets", "--json", "--explain":
    precis = Precis(fake, option)
    fake.ping()
    fake.reply(fake.receive(), {
        "status": "ok", "sentences": [{"start": 0, "end": 2 ** 62}],
        "segments": [{"start": 9, "end": 2 ** 62, "score": 1e300,
                      "reasons": [{"term": "x" * 1000, "count": 2 ** 62}]}]},
        b"ab")
    same(precis.end()[0], 0, "nor with " + option)

# ---- a service that hangs ----

started = time.monotonic()
precis = Precis(fake, "--timeout", "0.5")
fake.ping()
fake.receive()
status, out, err = precis.end()
same((status, out), (75, b""), "no answer in time is 75")
ok(time.monotonic() - started < 20, "and ends soon")

# ---- a service that dies ----

precis = Precis(fake)
fake.ping()
fake.receive()
fake.close()
started = time.monotonic()
status, out, err = precis.end()
same((status, out), (69, b""), "a service that dies for good is 69")
ok(fake.endpoint in err and err.count("\n") == 1, "and named", err)
ok(time.monotonic() - started < 8, "before the time is over")

fake = Fake("phoenix")
precis = Precis(fake)
fake.ping()
first = fake.receive()
fake.close()
fake.open()
request = fake.receive()
same(request[1:], first[1:], "a service that comes back is asked again")
fake.answer(request)
same(precis.end()[:2], (0, summary()), "and answers")

precis = Precis(fake)
fake.ping()
deaths = 0
while precis.process.poll() is None:
    if fake.receive(0.1) is not None:
        deaths += 1
        fake.close()
        fake.open()
same((deaths, precis.end()[0]), (4, 69),
     "an article that kills its service is not sent for ever")

# ---- batches ----

lines = b"".join(b'{"id":%d,"text":"%s"}\n' % (number, TEXT)
                 for number in range(100))
precis = Precis(fake, "--ndjson", text=lines)
fake.ping()
held = [fake.receive() for _ in range(32)]
same(fake.receive(0.2), None, "no more than 32 are under way")
left = 100 - len(held)
while held:
    for request in reversed(held):
        fake.answer(request)
    held = [fake.receive() for _ in range(min(left, 32))]
    left -= len(held)
status, out, err = precis.end()
same((status, err), (0, ""), "replies in any order")
same([json.loads(line)["id"] for line in out.splitlines()], list(range(100)),
     "give results in the order of the input")

precis = Precis(fake, "--ndjson", text=lines)
fake.ping()
busy, done = set(), 0
while done < 100:
    request = fake.receive()
    if request[1]["id"] not in busy:
        busy.add(request[1]["id"])
        fake.error(request, "busy", retry_after_ms=1)
    else:
        fake.answer(request)
        done += 1
status, out, err = precis.end()
same((status, out.count(b'"status":"ok"')), (0, 100), "each was busy once")

precis = Precis(fake, "--ndjson", text=lines)
fake.ping()
for _ in range(3):
    fake.answer(fake.receive())
fake.close()
status, out, err = precis.end()
results = [json.loads(line) for line in out.splitlines()]
same(status, 69, "a service that dies in a batch is 69")
same([result["id"] for result in results], list(range(len(results))),
     "results are in order to the end")
ok(all(result["status"] == "ok" or result["error"]["code"] == "no_answer"
       for result in results), "and say what became of each", out)
same(err.count("\n"), 1, "with one line on standard error")

# ---- a precisd that is killed under load ----

path = os.path.join(folder, "killed")
lines = b"".join(
    b'{"id":%d,"text":"Article %d. %s"}\n' % (n, n, (TEXT + b" ") * 20)
    for n in range(4000))
first = Service(endpoint=False, *("--endpoint", "ipc://" + path)).start()
fake = type("Place", (), {"endpoint": "ipc://" + path})
expected = subprocess.run([PRECIS, "--local", "--ndjson"], input=lines,
                          stdout=subprocess.PIPE, timeout=SECONDS).stdout
process = subprocess.Popen(
    [PRECIS, "--endpoint", fake.endpoint, "--ndjson"], stdin=subprocess.PIPE,
    stdout=subprocess.PIPE)
half = lines.index(b'{"id":2000,')
restarted = threading.Event()


def feed():
    process.stdin.write(lines[:half])
    process.stdin.flush()
    restarted.wait(SECONDS)
    process.stdin.write(lines[half:])
    process.stdin.close()


feeder = threading.Thread(target=feed)
feeder.start()
got = b"".join(process.stdout.readline() for _ in range(1000))
first.process.kill()
first.process.wait()
second = Service(endpoint=False, *("--endpoint", "ipc://" + path)).start()
restarted.set()
rest = process.stdout.read()
feeder.join()
process.wait(timeout=SECONDS)
same(process.returncode, 0, "precisd killed and started again")
ok(got + rest == expected, "loses no article of a batch",
   "%d bytes, wanted %d" % (len(got + rest), len(expected)))
second.process.terminate()
second.process.wait()

shutil.rmtree(folder, ignore_errors=True)
done_testing()
