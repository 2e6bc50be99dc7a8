#!/usr/bin/python3
"""What one client, one address, one connection may take, and no more."""
import json
import os
import select
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import zmtp
from service import (DEADLINE, FRENCH, MAGIC, Service, article, code,
                     done_testing, long_article, note, ok, same)

ARTICLE = article(1)
PING = b'{"op":"ping"}'
LARGE = ARTICLE * ((3 << 20) // len(ARTICLE))
LONG = long_article(3 << 20)


def ask(socket, header, body=b""):
    socket.send_multipart([MAGIC, json.dumps(header).encode(), body])
    return json.loads(socket.recv_multipart()[1])


def metrics(socket):
    """Name with labels -> number."""
    socket.send_multipart([MAGIC, b'{"op":"metrics"}'])
    text = socket.recv_multipart()[2].decode()
    return dict((line.rsplit(" ", 1)[0], float(line.rsplit(" ", 1)[1]))
                for line in text.splitlines() if not line.startswith("#"))


class Configured(Service):
    """A service with a configuration file that can be changed."""

    def __init__(self, *options):
        super().__init__(*options)
        self.file = os.path.join(self.folder, "precis.conf")
        self.arguments += ["--config", self.file]
        self.write()

    def write(self, *lines):
        with open(self.file, "w") as file:
            file.write("[precisd]\n" + "".join(line + "\n"
                                               for line in lines))

    def change(self, *lines):
        """The verdict of a reload with these lines."""
        self.write(*lines)
        with self.socket(endpoint="ipc://%s.control" % self.path) as control:
            return ask(control, {"op": "reload"})


def is_sanitized(service):
    """Sanitizers reserve terabytes of addresses, and keep freed memory."""
    with open("/proc/%d/statm" % service.process.pid) as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGESIZE") > 2**40


def is_alive(service, endpoint, header=PING, body=b""):
    """Asks on new connections, since one may be refused or ended with the
    request on its way."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        with service.socket(endpoint=endpoint) as socket:
            socket.send_multipart([MAGIC, header, body])
            if socket.poll(5000):
                return code(json.loads(socket.recv_multipart()[1])) == "ok"
    return False


def until(condition, what):
    """Asks the service again and again, never by the clock alone."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            return ok(False, what, "not within %d s" % DEADLINE)
    return ok(True, what)


# ---- shares ----

def test_share_of_requests():
    """The first keeps the only worker at work while the others come."""
    with Service("--workers", "1") as service:
        with service.socket() as one, service.socket() as other:
            ask(other, {"op": "ping"})
            one.send_multipart([MAGIC, b'{"id":0,"language":"fr"}', LONG])
            until(lambda: ask(other, {"op": "status"})["in_flight"] == 1
                  or one.poll(0), "a large article is at work")
            for number in range(1, 200):
                one.send_multipart([
                    MAGIC, json.dumps({"id": number}).encode(), ARTICLE])
            reply = ask(other, {"id": "other"}, ARTICLE)
            same(code(reply), "ok", "another client is not refused")
            replies = [json.loads(one.recv_multipart()[1])
                       for _ in range(200)]
        same(sorted(reply["id"] for reply in replies), list(range(200)),
             "200 requests of one client: a reply to each")
        busy = [reply["error"] for reply in replies if code(reply) == "busy"]
        # Some may have been done with while the last ones came.
        ok(64 <= 200 - len(busy) < 128, "64 at a time are taken, the others "
           "busy", len(busy))
        ok("client" in busy[0]["message"], "and the reason is said", busy[0])
        times = [error["retry_after_ms"] for error in busy]
        ok(all(10 <= time <= 5000 for time in times) and
           len(set(times)) > 8, "they are told different times to come again",
           sorted(times))


def test_share_of_bytes():
    with Service("--workers", "1") as service:
        with service.socket() as one, service.socket() as other:
            for _ in range(24):
                one.send_multipart([MAGIC, FRENCH, LONG])
            replies = [json.loads(one.recv_multipart()[1]) for _ in range(24)]
            taken = [code(reply) for reply in replies].count("ok")
            ok(5 <= taken < 24, "16 MiB of one client at a time are taken",
               taken)
            same(code(ask(other, {}, ARTICLE)), "ok", "then all is as before")
    with Service("--article-limit", "16M", "--queue-bytes", "1M") as service:
        with service.socket() as one:
            body = (LARGE * 6)[:16 << 20]
            same(code(ask(one, {"language": "fr"}, body)), "ok",
                 "the largest article has room alone")


def test_turns():
    """One has 60 requests waiting when the other comes with one: it is
    answered after a turn of 20, not after all.  The first three last until
    all have come, and the others until the other asks how many are left."""
    slow = long_article(64 << 10)
    with Service("--workers", "1") as service:
        with service.socket() as one, service.socket() as other:
            ask(other, {"op": "ping"})
            ask(one, {"op": "ping"})
            for number in range(63):
                one.send_multipart([MAGIC, FRENCH,
                                    LONG if number < 3 else slow])
            until(lambda: ask(other, {"op": "status"})["queued"] >= 60,
                  "60 requests of one client wait")
            ask(other, {}, ARTICLE)
            waiting = ask(other, {"op": "status"})["queued"]
            ok(waiting >= 20, "another one's turn comes long before the end",
               waiting)
            for _ in range(63):
                one.recv_multipart()


def test_gone():
    """60 requests wait behind one that takes long, and their client leaves:
    nobody works for it."""
    with Service("--workers", "1") as service:
        with service.socket() as other:
            with service.socket() as one:
                ask(one, {"op": "ping"})
                for number in range(61):
                    one.send_multipart([MAGIC, FRENCH,
                                        LONG if number == 0 else ARTICLE])
                until(lambda: ask(other, {"op": "status"})["queued"] >= 60,
                      "60 requests wait")
            until(lambda: ask(other, {"op": "status"})["in_flight"] == 0,
                  "their client leaves, and they are gone")
            worked = metrics(other)["precis_queue_wait_seconds_count"]
            ok(worked < 30, "without work", worked)
            lost = 'precis_lost_total{reason="client_gone"}'
            same(metrics(other)[lost], 61, "which is counted")


# ---- connections ----

def count_open(connections):
    return sum(not zmtp.is_closed(one) for one in connections)


def test_connections():
    with Service("--connections", "20", "--endpoint", "tcp://127.0.0.1:*",
                 "--connections-per-address", "5") as service:
        with service.socket() as old:
            ask(old, {"op": "ping"})
            many = [zmtp.connect(service.endpoints[0]) for _ in range(60)]
            until(lambda: count_open(many) <= 19,
                  "60 connections where 20 may be: 19 stay")
            same(count_open(many), 19, "beside that which was there")
            same(code(ask(old, {"op": "ping"})), "ok", "which is served")
            refused = 'precis_connections_refused_total{reason="limit"}'
            until(lambda: [metrics(old)[name] for name in
                           ("precis_connections", refused)] == [20, 41],
                  "metrics tell how many were refused")
            for one in many:
                one.close()
            until(lambda: metrics(old)["precis_connections"] == 1,
                  "closed ones are not counted any more")
            many = [zmtp.connect(service.endpoints[1]) for _ in range(8)]
            until(lambda: count_open(many) <= 5,
                  "8 of one address where 5 may be: 5 stay")
            far = zmtp.greet(zmtp.connect(service.endpoints[1], "127.0.0.2"))
            zmtp.send(far, [MAGIC, PING])
            ok(far.recv(1) != b"", "another address is served")
            same(count_open(many), 5, "and the five still are")
            refused = 'precis_connections_refused_total{reason="address"}'
            until(lambda: metrics(old)[refused] == 3, "which is counted")
            far.close()
            for one in many:
                one.close()
        same(service.stop(), 0, "exit 0")


def test_reload():
    """The numbers change while connections are open."""
    with Configured("--endpoint", "tcp://127.0.0.1:*") as service:
        with service.socket() as old:
            many = [zmtp.greet(zmtp.connect(service.endpoints[1]))
                    for _ in range(8)]
            until(lambda: metrics(old)["precis_connections"] == 9,
                  "8 of one address, and another one")
            reply = service.change("connections = 12",
                                   "connections-per-address = 9")
            same((sorted(reply["changed"]), reply["needs_restart"]),
                 (["connections", "connections-per-address"], []),
                 "connections and connections-per-address are reloaded")
            same(metrics(old)["precis_connections_limit"], 12, "and told")
            more = [zmtp.connect(service.endpoints[1]) for _ in range(4)]
            refused = 'precis_connections_refused_total{reason="address"}'
            until(lambda: metrics(old)[refused] == 3, "of 4 more one stays")
            same(count_open(many), 8, "beside the others")
            reply = service.change("connections = 2")
            same(sorted(reply["changed"]),
                 ["connections", "connections-per-address"],
                 "one is lowered, the other has its default again")
            late = zmtp.connect(service.endpoints[0])
            until(lambda: zmtp.is_closed(late), "where fewer may be than are, "
                  "nobody comes")
            same(count_open(many), 8, "and nobody is ended")
            same(code(ask(old, {"op": "ping"})), "ok", "who is there is served")
            for one in many + more:
                one.close()
        same(service.stop(), 0, "exit 0")


def test_reload_queue():
    """Two keys that one call takes over."""
    with Configured("--workers", "1") as service:
        same(service.change("queue-length = 2", "queue-bytes = 32M")[
            "changed"], ["queue-length", "queue-bytes"],
            "both limits of the queue at once")
        with service.socket() as one:
            for number in range(30):
                one.send_multipart([MAGIC, FRENCH,
                                    LONG if number == 0 else ARTICLE])
            replies = [json.loads(one.recv_multipart()[1]) for _ in range(30)]
        busy = [reply["error"]["message"] for reply in replies
                if code(reply) == "busy"]
        ok(len(busy) > 20 and "queue" in busy[0], "are both taken", busy)


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_descriptors():
    """More connections than descriptors: libzmq alone would abort."""
    few = ("sh", "-c", 'ulimit -n 64 && exec "$0" "$@"')
    with Service("--endpoint", "tcp://127.0.0.1:*", wrapper=few) as service:
        pid = service.process.pid
        for endpoint in service.endpoints:
            many = [zmtp.connect(endpoint) for _ in range(300)]
            with service.socket(endpoint=endpoint) as socket:
                until(lambda: count_open(many) <= 32,
                      "%s: 300 connections with 64 descriptors"
                      % endpoint[:3])
                before, begin = cpu_seconds(pid), time.monotonic()
                select.select([], [], [], 1)
                used = cpu_seconds(pid) - before
                ok(used < 0.5 * (time.monotonic() - begin),
                   "nothing spins then", used)
                for one in many:
                    one.close()
            ok(is_alive(service, endpoint), "and it is alive")
        same(service.stop(), 0, "exit 0")


# ---- endless messages ----

def feed(connection, data, most):
    """Sends until the other side ends it; the bytes that went."""
    sent = 0
    try:
        while sent < most:
            sent += connection.send(data)
    except OSError:
        return sent
    return sent


def test_endless(service, old):
    """Parts without an end, and beside them a client that behaves."""
    before = service.memory()
    for name, data in [("empty parts", b"\1\0" * 32768),
                       ("parts of 64 KiB", zmtp.frame(bytes(65536), True))]:
        endless = zmtp.greet(zmtp.connect(service.endpoints[1]))
        sent = feed(endless, data, 4 << 30)
        ok(sent < 4 << 30, "tcp: endless %s are cut" % name)
        note("after %.1f MiB" % (sent / 2**20))
        endless.close()
    same(code(ask(old, {"op": "ping"})), "ok", "others are served")
    cut = 'precis_connections_cut_total{reason="endless"}'
    until(lambda: metrics(old)[cut] == 2, "which is counted")
    if not is_sanitized(service):
        until(lambda: ask(old, {"op": "ping"}) and
              service.memory() < before + (48 << 20), "memory comes back")
    slow = zmtp.greet(zmtp.connect(service.endpoints[1]))
    zmtp.send(slow, [MAGIC, FRENCH, LARGE])
    ok(b"PRECIS" in zmtp.receive(slow, 20), "a large article is no such thing")
    slow.close()


def test_alarm():
    with Configured() as service:
        with service.socket() as old:
            same(service.change("memory-alarm = 128M")["changed"],
                 ["memory-alarm"], "memory-alarm is reloaded")
            ask(old, {"op": "ping"})
            endless = zmtp.greet(zmtp.connect(service.endpoints[0]))
            sent = feed(endless, zmtp.frame(bytes(65536), True), 4 << 30)
            ok(sent < 4 << 30, "ipc: endless parts are cut at the alarm")
            note("after %.1f MiB" % (sent / 2**20))
            endless.close()
            if not is_sanitized(service):
                service.wait_line("no longer short")
            ok(is_alive(service, service.endpoints[0], b"", ARTICLE),
               "the alarm ends, and others are served")
        same(service.stop(), 0, "exit 0")


def main():
    test_share_of_requests()
    test_share_of_bytes()
    test_turns()
    test_gone()
    test_connections()
    test_reload()
    test_reload_queue()
    test_descriptors()
    with Service("--endpoint", "tcp://127.0.0.1:*") as service:
        with service.socket() as old:
            test_endless(service, old)
    test_alarm()
    done_testing()


main()
