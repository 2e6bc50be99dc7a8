#!/usr/bin/python3
"""precisd from its start to its end: sockets, locks, signals, threads."""
import contextlib
import json
import os
import signal
import socket as sockets
import stat
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from service import (DEADLINE, FRENCH, MAGIC, PRECISD, Service, article, code,
                     done_testing, long_article, note, ok, run, same, zmq)

ARTICLE = article(1)


# ---- sockets and locks ----

def worker_switches(service):
    """How often the threads of workers (and the monitor) have slept."""
    total = 0
    folder = "/proc/%d/task" % service.process.pid
    for thread in os.listdir(folder):
        with open("%s/%s/status" % (folder, thread)) as file:
            status = dict(line.split(":", 1) for line in file)
        if (status["Name"].strip() == "precisd"
                and int(thread) != service.process.pid):
            total += int(status["voluntary_ctxt_switches"])
    return total


def policies(service):
    """Of the loop, of libzmq's thread for messages, of all others."""
    folder = "/proc/%d/task" % service.process.pid
    found = {"loop": set(), "messages": set(), "others": set()}
    for thread in os.listdir(folder):
        with open("%s/%s/comm" % (folder, thread)) as file:
            name = file.read()
        kind = ("loop" if int(thread) == service.process.pid else
                "messages" if name.startswith("ZMQbg/IO") else
                "others" if name.startswith("precisd") else None)
        if kind:
            found[kind].add(os.sched_getscheduler(int(thread)))
    return found


def test_policies():
    """Loop and messages take the processor from nobody; who wants another
    policy for all has it."""
    with Service() as service:
        service.ask({"op": "ping"})
        same(policies(service),
             {"loop": {os.SCHED_BATCH}, "messages": {os.SCHED_BATCH},
              "others": {os.SCHED_OTHER}},
             "loop and messages are scheduled as batches, workers are not")
    with Service(wrapper=("chrt", "-i", "0")) as service:
        service.ask({"op": "ping"})
        same(policies(service),
             {"loop": {os.SCHED_IDLE}, "messages": {os.SCHED_IDLE},
              "others": {os.SCHED_IDLE}},
             "another policy stays as it is")


def test_at_once():
    """A short article that is alone needs no worker, unless the one before
    it took long; a large one gets one, and the loop is there for others."""
    with Service("--workers", "2") as service:
        with service.socket() as socket:
            socket.send_multipart([MAGIC, b"", ARTICLE])
            first = socket.recv_multipart()
            done = alone = 0
            while done < 20 or not alone and done < 1000:
                before = worker_switches(service)
                socket.send_multipart([MAGIC, b"", ARTICLE])
                same_again = socket.recv_multipart()[2] == first[2]
                alone += worker_switches(service) == before
                done += 1
            ok(alone, "a short article needs no worker")
            ok(same_again, "and the answer is the same")
            status = service.status()
            same((status["outcomes"]["ok"], status["in_flight"]),
                 (done + 1, 0), "it is counted")
            ok(status["p50_us"] > 0, "with its time", status)
            same(service.ask({"op": "metrics"})[1].decode().split(
                "precis_queue_wait_seconds_count ")[1].split()[0],
                str(done + 1), "in the metrics, too")
            socket.send_multipart([MAGIC, FRENCH,
                                   long_article(3 << 20)])
            seen = 0
            with service.socket(zmq.DEALER) as other:
                while not seen and not socket.poll(0):
                    other.send_multipart([MAGIC, b'{"op":"status"}'])
                    seen = json.loads(other.recv_multipart()[1])["in_flight"]
            same((seen, code(json.loads(socket.recv_multipart()[1]))),
                 (1, "ok"), "a large one leaves the loop to others")


def test_lock():
    with Service() as service:
        mode = os.stat(service.path)
        ok(stat.S_ISSOCK(mode.st_mode) and stat.S_IMODE(mode.st_mode) == 0o660,
           "the socket's mode is 0660", oct(mode.st_mode))
        status, _, err = run("--endpoint", "ipc://" + service.path)
        ok((status, err.count("\n")) == (69, 1)
           and str(service.process.pid) in err,
           "a second precisd: one line with the first one's pid, exit 69", err)
        same(code(service.ask({"op": "ping"})[0]), "ok",
             "the first one still has its socket")
        service.signal(signal.SIGKILL)
        service.wait()
        ok(os.path.exists(service.path), "SIGKILL leaves the socket")
        with Service(folder=service.folder) as second:
            same(code(second.ask({"op": "ping"})[0]), "ok",
                 "which the next precisd takes over")
            same(second.stop(), 0, "SIGTERM: exit 0")
        same(os.listdir(service.folder), [],
             "and leaves neither socket nor lock")
    with Service("--socket-mode", "0600") as service:
        same(stat.S_IMODE(os.stat(service.path).st_mode), 0o600,
             "--socket-mode 0600")
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "file")
        with open(name, "w") as file:
            file.write("precious")
        status, _, err = run("--endpoint", "ipc://" + name)
        with open(name) as file:
            same((status, file.read()), (69, "precious"),
                 "a file that is no socket is left alone")
        same(run("--endpoint", "ipc://%s/none/sock" % folder)[0], 69,
             "no such folder: 69")


def test_many_at_once():
    """Of several started at the same time on a stale socket, one wins."""
    with Service() as service:
        service.signal(signal.SIGKILL)
        service.wait()
        others = [subprocess.Popen([PRECISD, "-e", "ipc://" + service.path],
                                   stderr=subprocess.PIPE) for _ in range(6)]
        lines = [other.stderr.readline() for other in others]
        winners = [other for other, line in zip(others, lines)
                   if b"ready on" in line]
        same(len(winners), 1, "of six at once one serves")
        losers = [other for other in others if other not in winners]
        same([other.wait(DEADLINE) for other in losers], [69] * 5,
             "and five say that they cannot")
        for winner in winners:
            winner.terminate()
            winner.wait(DEADLINE)
        for other in others:
            other.stderr.close()


def test_default_endpoint():
    if os.getuid() == 0:
        note("as root the default endpoint is the system's: not tried")
        return
    with tempfile.TemporaryDirectory() as folder:
        service = Service(endpoint=False)
        try:
            service.start({"XDG_RUNTIME_DIR": folder})
            same(service.endpoints,
                 ["ipc://%s/precis/precis.sock" % folder], "the default")
            same(stat.S_IMODE(os.stat(folder + "/precis").st_mode), 0o750,
                 "its folder is made, with mode 0750")
        finally:
            service.__exit__()


# ---- signals ----

@contextlib.contextmanager
def supervised(**environment):
    """A service that is ready, the socket where it says so, and its name."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "notify")
        receiver = sockets.socket(sockets.AF_UNIX, sockets.SOCK_DGRAM)
        receiver.bind(name)
        receiver.settimeout(DEADLINE)
        service = Service()
        try:
            service.start({"NOTIFY_SOCKET": name, **environment})
            ok(receiver.recv(4096).startswith(b"READY=1\nSTATUS=ready on "),
               "READY=1 is told to systemd")
            yield service, receiver, name
        finally:
            service.__exit__()
            receiver.close()


def test_notify():
    with supervised() as (service, receiver, _):
        service.signal(signal.SIGHUP)
        ok("changed=-" in service.wait_line("reloaded"), "SIGHUP reloads")
        same([receiver.recv(4096).split(b"\n")[0] for _ in range(2)],
             [b"RELOADING=1", b"READY=1"], "which is told, too")
        service.signal()
        ok(receiver.recv(4096).startswith(b"STOPPING=1"), "STOPPING=1 too")
        same(service.wait(), 0, "exit 0")


def test_deaf_supervisor():
    """Nobody reads what is told: the service must not hang with it."""
    with supervised() as (service, _, name), \
            sockets.socket(sockets.AF_UNIX, sockets.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            while True:
                sender.sendto(b"full", name)
        except BlockingIOError:
            pass
        service.signal(signal.SIGHUP)
        ok("changed=-" in service.wait_line("reloaded"),
           "reloads where systemd does not listen")
        service.signal()
        same(service.wait(), 0, "and stops, exit 0")


def test_watchdog():
    with supervised(WATCHDOG_USEC="300000") as (service, receiver, _):
        same([receiver.recv(4096) for _ in range(3)], [b"WATCHDOG=1"] * 3,
             "the watchdog is fed while nothing happens")
        begun = time.monotonic()
        for _ in range(3):
            receiver.recv(4096)
        ok(time.monotonic() - begun > 0.15, "at a third of its time")


def test_draining():
    """While it drains it stays reachable and says so."""
    with Service() as service:
        with service.socket(zmq.DEALER) as socket:
            socket.send_multipart([MAGIC, b'{"op":"ping"}'])
            socket.recv_multipart()
            service.signal()
            service.wait_line("stopping")
            socket.send_multipart([MAGIC, b'{"id":1}', ARTICLE])
            reply = json.loads(socket.recv_multipart()[1])
            same((reply["id"], code(reply)), (1, "shutting_down"),
                 "a new request is answered shutting_down")
            socket.send_multipart([MAGIC, b'{"op":"status"}'])
            reply = json.loads(socket.recv_multipart()[1])
            same(reply["state"], "draining", "status says draining")
        same(service.wait(), 0, "exit 0")
    with Service() as service:
        service.signal()
        service.wait_line("stopping")
        service.signal(signal.SIGINT)
        same(service.wait(), 0, "a second signal with nothing to do: exit 0")
    with Service("--workers", "1") as service:
        with service.socket(zmq.DEALER) as socket:
            large = long_article(2 << 20)
            for _ in range(8):
                socket.send_multipart([MAGIC, FRENCH, large])
            socket.recv_multipart()
            service.signal()
            service.signal(signal.SIGINT)
            status = service.wait()
        ok(status in (0, 75), "a second signal cuts short", status)
        if status == 75:
            same(os.path.exists(service.path), False,
                 "and still takes its socket away")


def drain_client(service, results, started):
    """Keeps 20 requests in flight until it is told that the service goes,
    then waits for the replies that are due."""
    open_ids, sent, wrong = set(), 0, 0
    is_told = False
    with service.socket(zmq.DEALER) as socket:
        while open_ids or not is_told:
            while not is_told and len(open_ids) < 20:
                socket.send_multipart([
                    MAGIC, json.dumps({"id": sent}).encode(), ARTICLE])
                open_ids.add(sent)
                sent += 1
            if not socket.poll(20000):
                break
            header = json.loads(socket.recv_multipart()[1])
            if header["id"] not in open_ids:
                wrong += 1
            open_ids.discard(header["id"])
            if code(header) == "shutting_down":
                is_told = True
            elif code(header) not in ("ok", "busy"):
                wrong += 1
            if sent > 200:
                started.set()
    results.append((sent, len(open_ids), wrong))


def test_stop_under_load():
    results, started = [], threading.Event()
    with Service() as service:
        clients = [threading.Thread(target=drain_client,
                                    args=(service, results, started))
                   for _ in range(4)]
        for client in clients:
            client.start()
        started.wait(DEADLINE)
        service.signal()
        status = service.wait()
        for client in clients:
            client.join(DEADLINE)
        note("SIGTERM under load: %d requests" % sum(r[0] for r in results))
        same([result[1:] for result in results], [(0, 0)] * 4,
             "SIGTERM under load: every accepted request is answered")
        same(status, 0, "and it exits 0")


def main():
    test_policies()
    test_at_once()
    test_lock()
    test_many_at_once()
    test_default_endpoint()
    test_notify()
    test_deaf_supervisor()
    test_watchdog()
    test_draining()
    test_stop_under_load()
    done_testing()


main()
