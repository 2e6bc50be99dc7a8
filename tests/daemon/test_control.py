#!/usr/bin/python3
"""The control socket and reload, as operators and enemies see them."""
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from service import (DEADLINE, MAGIC, PRECISD, Service, article, code,
                     done_testing, note, ok, same, zmq)

ARTICLE = article(1)


class Controlled(Service):
    """A service with a configuration file that can be changed."""

    def __init__(self, text="", *options, **keywords):
        super().__init__(*options, **keywords)
        self.file = os.path.join(self.folder, "precis.conf")
        self.write(text)
        self.arguments += ["--config", self.file]
        self.control = "ipc://" + self.path + ".control"

    def write(self, text, name=None):
        with open(name or self.file, "w") as file:
            file.write("[precisd]\n" + text)

    def tell(self, header, body=b""):
        with self.socket(zmq.REQ, endpoint=self.control) as socket:
            return self.ask(header, body, socket)[0]

    def reload(self):
        return self.tell({"op": "reload"})


# ---- who may do what, and where ----

def test_socket():
    with Controlled() as service:
        mode = os.stat(service.path + ".control").st_mode
        ok(stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600,
           "beside the socket, mode 0600", oct(mode))
        for op in ["reload", "drain"]:
            for body in [b"", b"x"]:
                reply, _ = service.ask({"op": op, "id": 3}, body)
                same((code(reply), reply["id"]), ("denied", 3),
                     "%s on an ordinary socket, %d bytes of body: denied"
                     % (op, len(body)))
            ok(service.control in reply["error"]["message"],
               "the message says which socket", reply)
        for op in ["ping", "status", "metrics", "languages"]:
            same(code(service.tell({"op": op}, b"ignored")), "ok",
                 op + " on the control socket")
        for op in ["summarize", "keywords", "segment", "detect"]:
            same(code(service.tell({"op": op}, ARTICLE)), "denied",
                 op + " on the control socket: denied")
        same(code(service.tell({"op": "dance"})), "bad_request",
             "an unknown operation: bad_request")
        same(service.ask({"op": "metrics"})[1].decode().count(
            "\nprecis_auth_failures_total 8\n"), 1, "and what was denied is "
             "counted")
        same(service.stop(), 0, "exit 0")
        same(os.listdir(service.folder), ["precis.conf"],
             "no socket and no lock stays")


def test_places():
    with tempfile.TemporaryDirectory() as folder:
        with Service("--endpoint", "ipc://%s/precis.sock" % folder,
                     endpoint=False):
            ok(os.path.exists(folder + "/control.sock"),
               "control.sock beside precis.sock")
        with Service("--control-endpoint", "ipc://%s/own" % folder):
            same(stat.S_IMODE(os.stat(folder + "/own").st_mode), 0o600,
                 "control-endpoint")
        with Service("--control-endpoint", "none") as service:
            reply, _ = service.ask({"op": "reload"})
            ok(code(reply) == "denied" and "none" in
               reply["error"]["message"], "none: and denied says so", reply)
            ok(not os.path.exists(service.path + ".control"), "none is made")
        os.mkdir(folder + "/sock.control")
        with Service(folder=folder) as service:
            ok("no control socket" in "\n".join(service.log),
               "the usual one cannot be made: a warning", service.log)
        done = subprocess.run(
            [PRECISD, "-e", "ipc://%s/s" % folder, "--control-endpoint",
             "ipc://%s/sock.control" % folder], stderr=subprocess.PIPE,
            timeout=DEADLINE)
        same((done.returncode, done.stderr.count(b"\n")), (69, 1),
             "the one that is named cannot be made: exit 69")


def test_other_user():
    if os.getuid() != 0:
        note("not root: no other user to try")
        return
    with Controlled() as service:
        os.chmod(service.folder, 0o755)
        # By hand, against the mode: the uid still counts.
        os.chmod(service.path + ".control", 0o666)
        child = subprocess.run(
            [sys.executable, "-c", """
import os, sys, zmq
os.setgid(65534); os.setuid(65534)
socket = zmq.Context().socket(zmq.REQ)
socket.setsockopt(zmq.LINGER, 0)
socket.setsockopt(zmq.RCVTIMEO, %d)
socket.connect(sys.argv[1])
socket.send_multipart([b"PRECIS/1", b'{"op":"reload"}'])
print(socket.recv_multipart()[1].decode())
""" % (DEADLINE * 1000), service.control], stdout=subprocess.PIPE,
            timeout=DEADLINE)
        same(code(json.loads(child.stdout)), "denied",
             "another user, although the mode would let him")
        service.wait_line("control denied uid=65534 op=reload")
        ok(True, "which is logged")


# ---- reload ----

def test_reload():
    with Controlled("queue-length = 7\n") as service:
        reply = service.reload()
        same((reply["reloaded"], reply["changed"], reply["needs_restart"],
              reply["errors"]), (True, [], [], []), "nothing has changed")
        service.write("queue-length = 8\nqueue-bytes = 2M\n"
                      "article-limit = 1K\nsummary-limit = 1K\n"
                      "timeout = 123\n"
                      "log-level = info\nsocket-mode = 0600\n")
        reply = service.reload()
        same((reply["reloaded"], sorted(reply["changed"])),
             (True, ["article-limit", "log-level", "queue-bytes",
                     "queue-length", "socket-mode", "summary-limit",
                     "timeout"]),
             "what can change, changes")
        status = service.status()
        same([status[key] for key in ("queue_length", "queue_bytes",
                                      "article_limit", "timeout_ms")],
             [8, 2 << 20, 1024, 123], "status has the new values")
        same(stat.S_IMODE(os.stat(service.path).st_mode), 0o600,
             "the socket has its new mode")
        same(code(service.ask({}, b"Il pleut. " * 200)[0]), "too_large",
             "and the new limit holds")
        service.wait_line("request id=")
        ok(True, "as does the log's level")
        service.write("workers = 1\nendpoint = ipc:///tmp/elsewhere\n"
                      "control-endpoint = none\narticle-limit = 5M\n"
                      "queue-length = 9\n")
        reply = service.reload()
        same((reply["reloaded"], sorted(reply["needs_restart"])),
             (True, ["article-limit", "control-endpoint", "workers"]),
             "what cannot is named; endpoints were given as options")
        same(service.status()["queue_length"], 9, "the rest is taken")
        service.wait_line("needs_restart=control-endpoint,workers,article-"
                          "limit")
    with tempfile.TemporaryDirectory() as folder:
        service = Controlled("endpoint = ipc://%s/a\n" % folder,
                             folder=folder, endpoint=False)
        service.control = "ipc://%s/a.control" % folder
        with service:
            same(service.reload()["needs_restart"], [], "the same endpoint")
            service.write("endpoint = ipc://%s/b\n" % folder)
            same(service.reload()["needs_restart"], ["endpoint"],
                 "another endpoint: needs a restart")


def test_bad():
    with Controlled("queue-length = 7\n") as service:
        service.write("queue-length = 8\nbogus = 1\nworkers = 0\n")
        reply = service.reload()
        same((reply["status"], reply["reloaded"], reply["changed"],
              reply["errors"]),
             ("ok", False, [],
              [service.file + ":3: unknown key bogus",
               service.file + ':4: workers must be 1 to 256, not "0"']),
             "a bad one: every reason, with file and line")
        same(service.status()["queue_length"], 7, "and the old one stays")
        service.wait_line("reload error: %s:3: unknown key bogus"
                          % service.file)
        service.wait_line("reload failed")
        metrics = service.ask({"op": "metrics"})[1].decode()
        ok("\nprecis_config_last_reload_successful 0\n" in metrics,
           "a metric says that it failed")
        os.unlink(service.file)
        same(service.reload()["errors"],
             [service.file + ": No such file or directory"],
             "the file is gone")
        service.write("x\033[31m\xff = 1\n" * 200)
        reply = service.reload()
        same((reply["reloaded"], len(reply["errors"])), (False, 50),
             "of many reasons, fifty")
        service.write("queue-length = 5\n")
        same(service.reload()["changed"], ["queue-length"], "and a good one")
        metrics = service.ask({"op": "metrics"})[1].decode()
        ok("\nprecis_config_last_reload_successful 1\n" in metrics,
           "is told, too")
        service.stop()
        ok(not any("\033" in line or "\ufffd" in line
                   for line in service.log), "the log is clean")


def test_locale():
    """What goes over the wire and into the log is English."""
    service = Controlled()
    try:
        service.start({"LC_ALL": "C.UTF-8", "LANGUAGE": "fr",
                       "PRECIS_LOCALEDIR": os.path.abspath(
                           os.path.dirname(PRECISD)) + "/po/locale"})
        service.write("bogus = 1\n")
        same(service.reload()["errors"],
             [service.file + ":2: unknown key bogus"], "reasons in English")
    finally:
        service.__exit__()


def flood(service, results, is_over):
    """Asks until told to stop; every reply must be a summary."""
    wanted, count = None, 0
    with service.socket(zmq.REQ) as socket:
        while not is_over.is_set():
            header, body = service.ask({}, ARTICLE, socket)
            wanted = wanted or body
            if code(header) != "ok" or body != wanted:
                results.append(header)
                return
            count += 1
    results.append(count)


def test_under_load():
    """Requests go on and none fails, by SIGHUP or by the control socket."""
    results, is_over = [], threading.Event()
    with Controlled("timeout = 10000\n") as service:
        clients = [threading.Thread(target=flood,
                                    args=(service, results, is_over))
                   for _ in range(3)]
        for client in clients:
            client.start()
        times = []
        for number in range(40):
            service.write("timeout = %d\n" % (10000 + number)
                          if number % 2 else "timeout = x\n")
            begin = time.monotonic()
            reply = service.reload()
            times.append(time.monotonic() - begin)
            if reply["reloaded"] != bool(number % 2):
                ok(False, "the verdict %d" % number, reply)
        service.write("timeout = 777\n")
        service.signal(signal.SIGHUP)
        service.wait_line("reloaded changed=timeout")
        is_over.set()
        for client in clients:
            client.join(DEADLINE)
        note("40 reloads under load: median %.1f ms, longest %.1f ms" % (
            sorted(times)[20] * 1000, max(times) * 1000))
        ok(sorted(times)[20] < 0.1, "a reload takes under 100 ms", times)
        ok(all(isinstance(result, int) and result > 0
               for result in results) and len(results) == 3,
           "no request failed", results)
        same(service.status()["timeout_ms"], 777, "SIGHUP reloads as well")


# ---- what is told ----

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_status():
    with Controlled("log-level = info\n") as service:
        for number in range(20):
            service.ask({"language": "fr"}, article(number))
        service.ask({}, b"")
        os.mkdir(service.file + ".d")
        service.write("timeout = 5\n", service.file + ".d/a.conf")
        service.reload()
        status, ordinary = service.tell({"op": "status"}), service.status()
        same([status[key] for key in (
            "control_endpoint", "config_file", "config_files", "reloads",
            "reload_is_good", "log_level", "denied")],
             [service.control, service.file, 2, 1, True, "info", 0],
             "the control socket tells of the configuration")
        ok(status["p50_us"] > 0 and status["p99_us"] >= status["p50_us"]
           and status["wait_p99_us"] >= status["wait_p50_us"] > 0,
           "percentiles", status)
        same(set(ordinary) - set(status), set(),
             "an ordinary socket tells nothing more")
        same({"config_file", "control_endpoint", "log_level"}
             & set(ordinary), set(), "and not everything")
        end = time.monotonic() + DEADLINE
        rate = 0  # until the second of the twenty is full
        # One client, of whom few lines are logged: nobody reads the log now.
        with service.socket(zmq.REQ) as socket:
            while rate < 2 and time.monotonic() < end:
                rate = service.ask({"op": "status"}, socket=socket)[0][
                    "requests_per_second"]
        ok(2 <= rate, "a rate", rate)
        metrics = service.ask({"op": "metrics"})[1].decode()
        ok("\nprecis_sentences_total 240\n" in metrics,
           "sentences are counted", metrics)


def test_trace():
    with Service("--log-level", "info") as service:
        for body in [ARTICLE, b""]:
            reply, _ = service.ask({"traceparent": TRACE, "op": "segment",
                                    "id": 1}, body)
            same(reply["traceparent"], TRACE, "traceparent comes back")
            ok(service.wait_line("request id=1").endswith(
                " traceparent=" + TRACE), "and is in the log")
        for header in [{"op": "ping"}, {"op": "status"}, {"op": "reload"}]:
            for body in [b"", b"x"]:
                reply, _ = service.ask(dict(header, traceparent=TRACE), body)
                same(reply["traceparent"], TRACE, header["op"] + ", too")
        reply, _ = service.ask({"traceparent": "00-" + "0" * 32 + TRACE[35:],
                                "id": 2}, ARTICLE)
        same((code(reply), reply["error"]["key"], reply["id"],
              "traceparent" in reply),
             ("bad_request", "traceparent", 2, False),
             "a wrong one: bad_request")
        ok("traceparent" not in service.wait_line("request id=2"),
           "which is not logged")


def test_log_limit():
    with Service("--log-level", "info") as service:
        with service.socket(zmq.DEALER) as socket:
            for number in range(20):  # no more at once than it may keep
                for _ in range(25):
                    socket.send_multipart([MAGIC, b"", ARTICLE])
                for _ in range(25):
                    socket.recv_multipart()
        service.wait_line("held_back=")
        service.stop()
        lines = [line for line in service.log if "request id=" in line]
        held = sum(int(line.rsplit("held_back=", 1)[1])
                   for line in service.log if "held_back=" in line)
        ok(20 <= len(lines) < 500, "a flood: few lines", len(lines))
        same(len(lines) + held, 500, "and the others are counted")
    with Service("--log-level", "debug") as service:
        for number in range(60):
            service.ask({"id": number, "op": "ping"})
        for number in range(60):
            service.wait_line("request id=%d op=ping" % number)
        ok(True, "at level debug every request has its line")


# ---- drain ----

def test_drain():
    with Controlled() as service:
        with service.socket(zmq.DEALER) as socket, \
                service.socket(zmq.REQ, endpoint=service.control) as control:
            socket.send_multipart([MAGIC, b'{"op":"ping"}'])
            socket.recv_multipart()
            for _ in range(2):
                reply = service.ask({"op": "drain"}, b"", control)[0]
                same((reply["status"], reply["state"], reply["in_flight"]),
                     ("ok", "draining", 0), "drain")
            socket.send_multipart([MAGIC, b"", ARTICLE])
            same(code(json.loads(socket.recv_multipart()[1])),
                 "shutting_down", "new requests: shutting_down")
        same(service.wait(), 0, "exit 0")
        ok("stopping cause=drain" in "\n".join(service.log), "it is logged")


def main():
    test_socket()
    test_places()
    test_other_user()
    test_reload()
    test_bad()
    test_locale()
    test_under_load()
    test_status()
    test_trace()
    test_log_limit()
    test_drain()
    done_testing()


main()
