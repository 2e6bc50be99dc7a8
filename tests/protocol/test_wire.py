"""precis-protocol(7) against a live precisd: its requests get its replies."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

try:
    import zmq
except ImportError:
    print("1..0 # SKIP python3-zmq is missing")
    sys.exit(0)

ROOT = os.environ["abs_top_srcdir"]
PRECISD = os.environ["abs_programs"] + "/precisd"
ARTICLE = ("La Lys est sortie de son lit. La Lys est montée de deux mètres en "
           "une\nnuit à Armentières. Il pleut encore.\n").encode()
MAGIC = b"PRECIS/1"
MILLISECONDS = 60000  # for one reply: sanitizers on a busy machine

failed = count = 0


def ok(truth, name, why=""):
    global failed, count
    count += 1
    failed += not truth
    print("ok" if truth else "not ok", count, "-", name)
    if not truth:
        print("#", why)


def same(got, wanted, name):
    ok(got == wanted, name, "got %r, wanted %r" % (got, wanted))


def blocks(kind):
    """JSON values of the page's blocks of one kind, by name."""
    with open(ROOT + "/protocol/precis-protocol.7", encoding="utf-8") as file:
        page = file.read().replace("\\-", "-").replace("\\e", "\\")
    found = {}
    for name, text in re.findall(r'^\.\\" %s: (\S+)\n\.EX\n(.*?)^\.EE' % kind,
                                 page, re.M | re.S):
        lines = text.splitlines()
        if name == "summarize.json":
            lines = ["".join(lines)]
        found[name] = lines
    return page, found


def ask(socket, *frames):
    socket.send_multipart(list(frames))
    if not socket.poll(MILLISECONDS):
        sys.exit("Bail out! no answer")
    return socket.recv_multipart()


def skeleton(value):
    """A value of which only keys and types are left."""
    if isinstance(value, dict):
        return {key: skeleton(part) for key, part in value.items()}
    if isinstance(value, list):
        return [skeleton(part) for part in value]
    return type(value).__name__


def check_summary(socket, requests, replies):
    wanted = json.loads(replies["summarize.json"][0])
    magic, header, body = ask(socket, MAGIC,
                              requests["summarize.json"][0].encode(), ARTICLE)
    got = json.loads(header)
    same(magic, MAGIC, "summarize: magic")
    same(skeleton(got), skeleton(wanted), "summarize: keys and types")
    same(list(got), list(wanted), "summarize: order of keys")
    for reply in got, wanted:
        del reply["elapsed_us"], reply["version"]
        for sentence in reply["sentences"]:
            del sentence["score"]
    same(got, wanted, "summarize: values")
    same(body.decode(), "La Lys est montée de deux mètres en une\n"
         "nuit à Armentières.", "summarize: body")


def check_others(socket, requests, replies):
    for line in requests["others.json"]:
        header = json.loads(ask(socket, MAGIC, line.encode(), ARTICLE)[1])
        same(header["status"], "ok", "request " + line)
    pairs = {0: b'{"op":"ping"}', 1: b'{"op":"languages"}',
             2: b'{"op":"detect","id":"c-4"}',
             3: b'{"id":17,"sentences":0}', 4: b'{"a":1'}
    for number, request in pairs.items():
        wanted = json.loads(replies["others.json"][number])
        got = json.loads(ask(socket, MAGIC, request, ARTICLE)[1])
        for reply in wanted, got:
            reply.pop("elapsed_us", None)
            del reply["version"]
        # The page shows two of all languages.
        del got.get("languages", [])[2:]
        same(skeleton(got), skeleton(wanted), "reply to %s: keys" % request)
        if "error" in wanted:
            same(got["error"], wanted["error"], "reply to %s" % request)


def check_keys(socket, page):
    """Every key of a reply is in the manual."""
    documented = set(re.findall(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)*\b", page))
    for request in (b'{"op":"status"}', b'{"op":"segment","text":true}',
                    b'{"op":"detect"}',
                    b'{"explain":true,"text":true,"id":1}'):
        header = json.loads(ask(socket, MAGIC, request, ARTICLE)[1])
        keys = set(header)
        for key in "segments", "sentences":
            for part in header.get(key, []):
                keys |= set(part)
                for reason in part.get("reasons", []):
                    keys |= set(reason)
        same(keys - documented, set(), "documented keys: %s" % request)


def check_envelopes(socket):
    ping = b'{"op":"ping"}'
    for envelope in [], [b""], [b"1234", b""], [b"a", b"b", b"c", b""]:
        reply = ask(socket, *envelope, MAGIC, ping)
        same(reply[:len(envelope)], envelope, "envelope %r" % envelope)
        same(len(reply), len(envelope) + 3, "envelope %r: frames" % envelope)
    for id in ("1e3", "1.50", "12345678901234567890", '"\\u00e9é\\n"'):
        reply = ask(socket, MAGIC, ('{"id": %s, "op":"ping"}' % id).encode())
        start = '{"id":%s,"status":"ok"' % id
        ok(reply[1].startswith(start.encode()), "id " + id, reply[1])


def check_refusals(socket):
    for name, frames in (
            ("another version", [b"PRECIS/2", b"", ARTICLE]),
            ("no magic", [b"", b"nonsense"]),
            ("nothing behind the delimiter", [b""]),
            ("empty frames", [b""] * 5),
            ("four frames", [MAGIC, b"", ARTICLE, b"more"]),
            ("200 frames", [b""] + [b"x"] * 200),
            ("no JSON", [MAGIC, b"\xff", ARTICLE]),
            ("a long header", [MAGIC, b" " * 65537, ARTICLE])):
        envelope = frames[:1] if frames[0] == b"" else []
        reply = ask(socket, *frames)
        same(reply[:len(envelope)], envelope, name + ": envelope")
        same(len(reply), len(envelope) + 3, name + ": frames")
        error = json.loads(reply[-2]).get("error", {})
        same(error.get("code"), "bad_request", name)
        same(reply[-1], b"", name + ": no body")
    socket.send_multipart([b"no", b"envelope"])
    same(len(ask(socket, MAGIC, b'{"op":"ping"}')), 3, "dropped in silence")


with tempfile.TemporaryDirectory() as folder:
    os.chmod(folder, 0o700)
    endpoint = "ipc://%s/p.sock" % folder
    service = subprocess.Popen([PRECISD, "-e", endpoint],
                               stderr=subprocess.PIPE)
    try:
        for line in service.stderr:
            if b"ready" in line:
                break
        context = zmq.Context()
        socket = context.socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.connect(endpoint)
        page, requests = blocks("request")
        page, replies = blocks("reply")
        check_summary(socket, requests, replies)
        check_others(socket, requests, replies)
        check_keys(socket, page)
        check_envelopes(socket)
        check_refusals(socket)
        context.destroy()
        service.send_signal(signal.SIGTERM)
        service.stderr.read()
        same(service.wait(), 0, "precisd ends")
    finally:
        if service.poll() is None:
            service.kill()
            service.wait()

print("1..%d" % count)
sys.exit(failed != 0)
