#!/usr/bin/python3
"""precisd as clients, operators and enemies see it."""
import json
import os
import re
import socket as sockets
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from service import (DEADLINE, FRENCH, MAGIC, PRECISD, Service, article, code,
                     done_testing, long_article, note, ok, run, same, zmq)

ARTICLE = article(1)


# ---- the command line ----

def test_command_line():
    status, out, err = run("--version")
    same((status, out, err), (0, "precisd 0.1.0\n", ""), "--version")
    status, out, err = run("--help")
    ok(status == 0 and err == "" and "--article-limit BYTES" in out, "--help")
    ok(all(len(line) <= 80 for line in out.splitlines()),
       "--help fits in 80 columns")
    for arguments in [["--bogus"], ["argument"], ["--workers", "0"],
                      ["--workers"], ["--check-config"],
                      ["--endpoint", "tcp://*:5555"],
                      ["--endpoint", "tcp://192.0.2.1:5555"]]:
        status, out, err = run(*arguments)
        ok((status, out, err.count("\n")) == (64, "", 1),
           "%s: one line, exit 64" % " ".join(arguments), (status, err))
    ok("refused without keys" in err, "tcp beyond loopback: the reason is said",
       err)


def test_dropins(name, write):
    def drop(file, text):
        with open(os.path.join(name + ".d", file), "w") as stream:
            stream.write(text)

    write("[precisd]\nworkers = 2\nqueue-length = 3\n")
    os.mkdir(name + ".d")
    drop("b.conf", "[precisd]\nqueue-length = 5\ntimeout = 99\n")
    drop("a.conf", "[precisd]\nqueue-length = 4\ntimeout = 98\n"
         "log-level = info\n")
    for other in [".c.conf", "c.conf~", "c.conf.dpkg-new", "conf", "c"]:
        drop(other, "nonsense")
    same(run("--config", name, "--check-config"),
         (0, "%s: ok\n%s.d/a.conf: ok\n%s.d/b.conf: ok\n"
          % (name, name, name), ""), "--check-config names every file")
    with Service("--config", name, "--timeout", "97") as service:
        status = service.status()
        same((status["workers"], status["queue_length"],
              status["timeout_ms"]), (2, 5, 97),
             "drop-ins in the order of names, options last")
    drop("b.conf", "[precisd]\nqueue-length = 5\nbogus = 1\n")
    same(run("--config", name),
         (78, "", "%s.d/b.conf:3: unknown key bogus\n" % name),
         "a bad drop-in: file, line, reason, exit 78")
    for file in os.listdir(name + ".d"):
        os.unlink(os.path.join(name + ".d", file))
    os.rmdir(name + ".d")
    drop_in = os.path.join(name + ".d")
    with open(drop_in, "w"):
        pass
    same(run("--config", name)[0], 78, "the folder is none: 78")
    os.unlink(drop_in)


def test_config(folder):
    name = os.path.join(folder, "precis.conf")

    def write(text):
        with open(name, "w") as file:
            file.write(text)

    write("[precisd]\nworkers = 2\n")
    same(run("--config", name, "--check-config"), (0, name + ": ok\n", ""),
         "--check-config of a good file")
    write("[precisd]\nworkers = 0\nbogus = 1\n")
    wanted = ('%s:2: workers must be 1 to 256, not "0"\n'
              "%s:3: unknown key bogus\n" % (name, name))
    same(run("--config", name, "--check-config"), (78, "", wanted),
         "--check-config of a bad one: file, line, reason, exit 78")
    same(run("--config", name), (78, "", wanted), "which is not served")
    same(run("-c", name + ".none", "--check-config")[0], 78, "no file: 78")
    test_dropins(name, write)
    write("[precisd]\nendpoint = ipc://%s/never\nworkers = 3\n"
          "article-limit = 1K\n" % folder)
    with Service("--config", name, "--workers", "1") as service:
        status = service.status()
        same((status["workers"], status["article_limit"]), (1, 1024),
             "an option goes over the file")
        same(status["endpoints"], ["ipc://" + service.path],
             "endpoints given as options replace those of the file")


# ---- what clients may send ----

def test_envelopes(service):
    wanted = service.ask({}, ARTICLE)[1]
    ok(len(wanted) > 0 and all(
        sentence in ARTICLE for sentence in re.findall(rb"[^.]+\.", wanted)),
       "a summary of the article's sentences")
    forms = [("REQ", zmq.REQ, [], []),
             ("REQ, relaxed and correlated", zmq.REQ,
              [zmq.REQ_RELAXED, zmq.REQ_CORRELATE], []),
             ("DEALER with a delimiter", zmq.DEALER, [], [b""]),
             ("DEALER without", zmq.DEALER, [], []),
             ("a device's envelope", zmq.DEALER, [], [b"a", b"b" * 255, b""])]
    for name, kind, options, envelope in forms:
        with service.socket(kind, *options) as socket:
            for header in [b"", b'{"id":"x","op":"summarize"}']:
                socket.send_multipart(envelope + [MAGIC, header, ARTICLE])
                reply = socket.recv_multipart()
                same(reply[:len(envelope)] + [reply[len(envelope)],
                                              reply[len(envelope) + 2]],
                     envelope + [MAGIC, wanted],
                     "%s, %s header" % (name, "empty" if not header
                                        else "full"))
    with service.socket(zmq.DEALER) as socket:
        for parts in [[MAGIC], [MAGIC, b""], [MAGIC, b"", b""]]:
            socket.send_multipart(parts)
            reply = json.loads(socket.recv_multipart()[1])
            same(code(reply), "empty", "%d parts and no body: empty"
                 % len(parts))


def test_malformed(service):
    """One bad_request where there is an envelope, silence where not."""
    body = b"Il pleut."
    answered = [
        ("wrong magic", [b"", b"PRECIOUS", b"", body]),
        ("no magic", [b"", b""]),
        ("unknown version", [b"", b"PRECIS/2", b"", body]),
        ("unknown version, no delimiter", [b"PRECIS/2", b"", body]),
        ("header not JSON", [MAGIC, b"{", body]),
        ("header an array", [MAGIC, b"[]", body]),
        ("header with bytes behind", [MAGIC, b"{} x", body]),
        ("header not UTF-8", [MAGIC, b'{"id":"\xff"}', body]),
        ("header deep", [MAGIC, b'{"a":' * 40 + b"1" + b"}" * 40, body]),
        ("header too large", [MAGIC, b'{"a":"' + b"x" * 70000 + b'"}', body]),
        ("unknown operation", [MAGIC, b'{"op":"dance"}', body]),
        ("value out of range", [MAGIC, b'{"sentences":0}', body]),
        ("a frame too many", [MAGIC, b"", body, b""]),
        ("200 parts", [b""] + [b"x"] * 199),
        ("200 parts with a magic", [MAGIC] + [b"x"] * 199),
        ("200 empty parts", [b""] * 200),
        ("doubled delimiter", [b"", b"", MAGIC, b"", body]),
    ]
    silent = [
        ("one part of garbage", [b"x"]),
        ("two parts of garbage", [b"x", b"y"]),
        ("200 parts without delimiter", [b"x"] * 200),
        ("a delimiter too late", [b"x"] * 40 + [b"", MAGIC, b"", body]),
    ]
    with service.socket(zmq.DEALER) as socket:
        for name, parts in answered:
            socket.send_multipart(parts)
            reply = socket.recv_multipart()
            header = json.loads(reply[reply.index(MAGIC) + 1])
            same((code(header), reply[-1]), ("bad_request", b""),
                 "%s: bad_request" % name)
        lost = service.status()["lost"]
        for name, parts in silent:
            socket.send_multipart(parts)
        # An empty message is one empty part, which is a delimiter.
        socket.send(b"")
        socket.send_multipart([MAGIC, b'{"op":"ping","id":"end"}'])
        reply = socket.recv_multipart()
        same(code(json.loads(reply[-2])), "bad_request",
             "an empty message: bad_request")
        reply = socket.recv_multipart()
        same(json.loads(reply[1])["id"], "end",
             "no envelope: silence (%s)" % ", ".join(n for n, _ in silent))
        same(socket.poll(0), 0, "no second reply to anything")
        same(service.status()["lost"] - lost, len(silent),
             "and each is counted")
    reply, _ = service.ask({"id": "\u00e9\n", "sentences": "x"}, body)
    same((reply["id"], reply["error"]["key"]), ("\u00e9\n", "sentences"),
         "an error carries the id and names the key")


def test_garbage_bytes(service):
    """Bytes that are not ZeroMQ at all."""
    path = service.endpoints[0][len("ipc://"):]
    for data in [b"GET / HTTP/1.1\r\n\r\n", b"\xff" + b"\0" * 63, b"\0" * 4096,
                 b"\xff" * 4096, os.urandom(4096), b""]:
        connection = sockets.socket(sockets.AF_UNIX)
        connection.connect(path)
        try:
            connection.sendall(data)
        except OSError:
            pass  # cut already, which is right
        connection.close()
    same(code(service.ask({"op": "ping"})[0]), "ok", "alive after garbage")


def test_operations(service):
    ping, body = service.ask({"op": "ping", "id": 7})
    same((ping["id"], ping["article_limit"], ping["version"], body),
         (7, 4 << 20, "0.1.0", b""), "ping")
    ok(isinstance(ping["elapsed_us"], int), "elapsed_us is there")
    same(service.ask({"op": "ping"}, b"x")[0]["article_limit"], 4 << 20,
         "ping with a body, which is ignored")
    same(service.ask({"op": "languages"})[0]["languages"][0].keys(),
         {"code", "name"}, "languages")
    status = service.status()
    same((status["state"], status["pid"], status["workers_busy"],
          status["queued"]), ("running", service.process.pid, 0, 0), "status")
    same(sum(status["outcomes"].values()), status["requests"],
         "the outcomes are all requests")
    header, body = service.ask({"op": "metrics"})
    same(header["status"], "ok", "metrics")
    lines = body.decode().splitlines()
    bad = [line for line in lines if not re.fullmatch(
        r"# (HELP \w+ .*\.|TYPE \w+ (counter|gauge|histogram))|"
        r'\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.]+', line)]
    same(bad, [], "metrics are in the format of Prometheus")
    typed = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    named = {re.sub(r"_(bucket|sum|count)$", "", re.split(r"[ {]", line)[0])
             for line in lines if not line.startswith("#")}
    same(named - typed, set(), "every metric has its type")
    ok("precis_workers_busy 0" in lines, "metrics know the workers")
    header, body = service.ask({"op": "detect"}, ARTICLE)
    same((header["status"], header["language"], header["charset"], body),
         ("ok", "fr", "UTF-8", b""), "detect: language and charset")
    same(code(service.ask({"op": "detect"}, b"")[0]), "empty",
         "detect: of nothing, empty")


def test_tcp(service):
    ok(re.fullmatch(r"tcp://127\.0\.0\.1:[0-9]+", service.endpoints[1]),
       "the ready line names the port", service.endpoints)
    with service.socket(zmq.REQ, endpoint=service.endpoints[1]) as socket:
        same(service.ask({}, ARTICLE, socket)[1],
             service.ask({}, ARTICLE)[1], "tcp and ipc give the same")
    port = service.endpoints[1].rsplit(":", 1)[1]
    status, _, err = run("--endpoint", "tcp://127.0.0.1:" + port)
    ok(status == 69 and port in err and err.count("\n") == 1,
       "a tcp port in use: one line, exit 69", err)


def test_localhost():
    with Service("--endpoint", "tcp://localhost:*",
                 endpoint=False) as service:
        same(code(service.ask({"op": "ping"})[0]), "ok", "tcp://localhost")


# ---- limits ----

def test_too_large():
    limit = 64 << 10
    with Service("--article-limit", "64K") as service:
        line = b"Il pleut sur le port. "
        for size, wanted in [(limit, "ok"), (limit + 1, "too_large"),
                             (limit + (64 << 10), "too_large")]:
            body = (line * (size // len(line) + 1))[:size]
            reply, _ = service.ask({"id": size, "language": "fr"}, body)
            same((reply["id"], code(reply)), (size, wanted),
                 "%d bytes where %d are allowed: %s" % (size, limit, wanted))
        ok(str(limit) in reply["error"]["message"],
           "the message names the limit", reply)
        # Further above, the connection closes: seen by a socket monitor.
        with service.socket(zmq.DEALER) as socket:
            monitor = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
            socket.send_multipart([MAGIC, b"", b"x" * (limit + (65 << 10))])
            ok(monitor.poll(DEADLINE * 1000) != 0,
               "further above, the connection is closed")
            socket.disable_monitor()
        same(code(service.ask({"op": "ping"})[0]), "ok", "and it lives")


def test_summary_too_large():
    """The text is ASCII: a character is a byte."""
    text = b"".join(b"Le navire numero %d est entre au port. " % number
                    for number in range(200))
    with Service("--summary-limit", "1K") as service:
        reply, body = service.ask({"language": "fr", "percent": 100}, text)
        same(code(reply), "too_large", "a summary above the limit")
        ok("1024" in reply["error"]["message"] and body == b"",
           "the message names the limit, and nothing else comes", reply)
        reply, body = service.ask({"language": "fr", "characters": 1024}, text)
        ok(code(reply) == "ok" and 900 < len(body) <= 1024,
           "less of it is answered", reply)
    with Service("--summary-limit", "64M") as service:
        reply, body = service.ask({"language": "fr", "percent": 100},
                                  text * 20)
        ok(code(reply) == "ok" and len(body) > 64 << 10, "a higher limit")


def test_busy():
    """A large article keeps the only worker at work, another one waits, the
    rest is refused."""
    with Service("--workers", "1", "--queue-length", "1") as service:
        large = long_article(3 << 20)
        with service.socket(zmq.DEALER) as socket:
            for number in range(60):
                socket.send_multipart([
                    MAGIC,
                    json.dumps({"id": number, "language": "fr"}).encode(),
                    large if number == 0 else ARTICLE])
            replies = [json.loads(socket.recv_multipart()[1])
                       for _ in range(60)]
        same(sorted(reply["id"] for reply in replies), list(range(60)),
             "a full queue: every request has one reply")
        busy = [reply["error"] for reply in replies if code(reply) == "busy"]
        ok(0 < len(busy) < 60 and len(busy) + sum(
            code(reply) == "ok" for reply in replies) == 60,
           "some are answered busy, the others right", len(busy))
        ok(all(10 <= error["retry_after_ms"] <= 5000 for error in busy),
           "busy says when to come again", busy[:3])
        status = service.status()
        same((status["outcomes"]["busy"], status["queue_length"]),
             (len(busy), 1), "and counts")


def test_queue_bytes():
    with Service("--workers", "1", "--queue-bytes", "1M") as service:
        large = long_article(900 << 10)
        with service.socket(zmq.DEALER) as socket:
            for number in range(12):
                socket.send_multipart([MAGIC, FRENCH, large])
            replies = [code(json.loads(socket.recv_multipart()[1]))
                       for _ in range(12)]
        ok(replies.count("busy") > 0 and replies.count("ok") >= 2,
           "the queue is bounded in bytes", replies)


def test_deadline():
    large = long_article(2 << 20)
    with Service("--workers", "1") as service:
        with service.socket(zmq.DEALER) as socket:
            socket.send_multipart([MAGIC, b'{"id":1,"language":"fr"}', large])
            socket.send_multipart([MAGIC, b'{"id":2,"timeout_ms":1}', ARTICLE])
            socket.send_multipart([MAGIC, b'{"id":3}', ARTICLE])
            replies = [json.loads(socket.recv_multipart()[1])
                       for _ in range(3)]
        same({reply["id"]: code(reply) for reply in replies},
             {1: "ok", 2: "timeout", 3: "ok"},
             "a deadline that passes in the queue: timeout")


# ---- clients that leave, and clients that do not read ----

def test_gone_client(service):
    lost = service.status()["lost"]
    for _ in range(20):
        with service.socket(zmq.DEALER) as socket:
            socket.setsockopt(zmq.LINGER, 1000)
            for _ in range(50):
                socket.send_multipart([MAGIC, b"", ARTICLE])
            # Leaves after the first reply, with the others on their way.
            socket.recv_multipart()
    same(code(service.ask({}, ARTICLE)[0]), "ok",
         "clients that leave with requests in flight")
    note("replies to nobody: %d" % (service.status()["lost"] - lost))


def test_slow_client():
    """A client that asks and does not read keeps nobody else waiting, loses
    replies when its share is full, and its connection when it reads none for
    a second."""
    with Service() as service:
        context = zmq.Context()
        slow = context.socket(zmq.DEALER)
        slow.setsockopt(zmq.LINGER, 0)
        slow.setsockopt(zmq.RCVHWM, 1)
        slow.setsockopt(zmq.SNDHWM, 0)
        slow.setsockopt(zmq.RCVBUF, 4096)
        slow.connect(service.endpoints[0])
        text = json.dumps({"op": "segment", "text": True}).encode()
        large = ARTICLE * 40
        for _ in range(400):
            slow.send_multipart([MAGIC, text, large])
        lost = 0
        for _ in range(2000):
            reply = service.ask({}, ARTICLE)[0]
            if code(reply) not in ("ok", "busy"):
                break
            lost = service.status()["lost"]
            if lost > 0:
                break
        ok(lost > 0, "a client that does not read loses replies", lost)
        service.wait_line("connection ended: its client reads no replies")
        with service.socket(zmq.REQ) as other:
            end = time.monotonic() + DEADLINE
            while service.ask({"op": "status"}, socket=other)[0][
                    "connections"] > 1 and time.monotonic() < end:
                pass
            same(service.ask({"op": "status"}, socket=other)[0]["connections"],
                 1, "and its connection, when it reads none for a second")
            metrics = service.ask({"op": "metrics"}, socket=other)[1].decode()
        ok(re.search(r'precis_connections_cut_total{reason="slow"} [1-9]',
                     metrics), "which is counted", metrics)
        same(code(service.ask({"op": "ping"})[0]), "ok",
             "and others are served")
        context.destroy(0)
        same(service.stop(), 0, "exit 0")


def test_log():
    with Service("--log-level", "info") as service:
        service.ask({"id": "a\u001b[31m\u00e9"}, ARTICLE)
        line = service.wait_line("request id=")
        ok(re.search(r'request id="a\\u001b\[31m\\u00e9" op=summarize '
                     r"bytes=%d language=fr status=ok us=\d+ wait_us=\d+ "
                     r"source=\d+$"
                     % len(ARTICLE), line), "a line per request", line)
        raw = b'{"id":"\xc3\xa9 x"}'
        with service.socket(zmq.REQ) as socket:
            socket.send_multipart([MAGIC, raw, ARTICLE])
            socket.recv_multipart()
        line = service.wait_line("request id=")
        ok(r'id="\xc3\xa9 x"' in line, "ids are escaped", line)
        service.stop()
        ok(not any(ARTICLE[:20].decode() in line for line in service.log),
           "articles are not logged")
    with Service() as service:
        service.ask({}, ARTICLE)
        service.stop()
        same(len(service.log), 3, "at level notice: ready, stopping, stopped")
    read, write = os.pipe()
    place = os.fstat(write)
    journal = subprocess.Popen(
        [PRECISD, "-e", "tcp://127.0.0.1:*"], stderr=write,
        env=dict(os.environ,
                 JOURNAL_STREAM="%d:%d" % (place.st_dev, place.st_ino)))
    os.close(write)
    with os.fdopen(read) as file:
        line = file.readline()
        journal.kill()
        journal.wait()
    ok(line.startswith("<5>precisd 0.1.0: ready on "),
       "in the journal, lines begin with their priority", line)


def main():
    test_command_line()
    with tempfile.TemporaryDirectory() as folder:
        test_config(folder)
    with Service("--endpoint", "tcp://127.0.0.1:*") as service:
        test_envelopes(service)
        test_malformed(service)
        test_garbage_bytes(service)
        test_operations(service)
        test_tcp(service)
        test_gone_client(service)
        same(service.stop(), 0, "SIGTERM: exit 0")
    test_localhost()
    test_too_large()
    test_summary_too_large()
    test_busy()
    test_queue_bytes()
    test_deadline()
    test_slow_client()
    test_log()
    done_testing()


main()
