"""Sockets that somebody else opened, as systemd passes them."""
import fcntl
import json
import os
import socket as sockets
import sys
import tempfile

from service import (DEADLINE, MAGIC, Service, done_testing, note, ok, same,
                     zmq)

# Becomes precisd with the descriptors at 3, 4, ...
EXEC = """import os, sys
count = int(sys.argv[1])
for i in range(count):
    os.dup2(int(sys.argv[3 + i]), 3 + i)
pid = os.getpid() if sys.argv[2] == "own" else os.getppid()
os.environ.update(LISTEN_PID=str(pid), LISTEN_FDS=str(count))
os.execv(sys.argv[3 + count], sys.argv[3 + count:])
"""


def passed(*opened, options=(), whose="own", folder=None):
    """A service that is given these sockets."""
    numbers = [fcntl.fcntl(one.fileno(), fcntl.F_DUPFD, 20) for one in opened]
    wrapper = [sys.executable, "-c", EXEC, str(len(numbers)), whose]
    service = Service(*options, endpoint=False, folder=folder,
                      wrapper=wrapper + [str(number) for number in numbers])
    service.descriptors = numbers
    return service


def listen(address, family=sockets.AF_UNIX):
    one = sockets.socket(family)
    one.bind(address)
    one.listen(64)
    return one


def port(one):
    return one.getsockname()[1]


def test_both(folder):
    """ipc and tcp, which no option names."""
    path = os.path.join(folder, "passed")
    ipc, tcp = listen(path), listen(("127.0.0.1", 0), sockets.AF_INET)
    os.chmod(path, 0o604)
    names = ["ipc://" + path, "tcp://127.0.0.1:%d" % port(tcp)]
    with passed(ipc, tcp) as service:
        same(service.endpoints, names, "what was passed is served")
        for name in names:
            socket = service.socket(zmq.REQ, endpoint=name)
            same(service.ask({"op": "ping"}, socket=socket)[0]["status"],
                 "ok", "it answers on " + name[:3])
        same(os.stat(path).st_mode & 0o777, 0o604, "its mode is left alone")
        ok(not os.path.exists(path + ".lock"), "without a lock")
        # The descriptor may block: libzmq must not.
        ok(fcntl.fcntl(ipc.fileno(), fcntl.F_GETFL) & os.O_NONBLOCK,
           "it no longer blocks")
        same(service.stop(), 0, "exit 0")
    ok(os.path.exists(path), "the path stays behind")
    # In the gap: connected and sent, with nobody there.
    with zmq.Context() as context:
        socket = context.socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVTIMEO, DEADLINE * 1000)
        socket.connect(names[0])
        socket.send_multipart([MAGIC, b'{"op":"ping","id":"gap"}', b""])
        with passed(ipc, tcp):
            header = json.loads(socket.recv_multipart()[1])
            same((header["id"], header["status"]), ("gap", "ok"),
                 "a request from before the start is answered")
        socket.close()
    ipc.close()
    tcp.close()


def test_named(folder):
    """The same sockets by name, written in other ways."""
    path = os.path.join(folder, "named")
    own = os.path.join(folder, "own")
    ipc, tcp = listen(path), listen(("127.0.0.1", 0), sockets.AF_INET)
    names = ["ipc://" + own, "tcp://localhost:%d" % port(tcp),
             "ipc://" + path]
    options = [word for name in names for word in ("--endpoint", name)]
    with passed(ipc, tcp, options=options) as service:
        same(len(service.endpoints), 3, "each is served once")
        for name in service.endpoints:
            socket = service.socket(zmq.REQ, endpoint=name)
            same(service.ask({"op": "ping"}, socket=socket)[0]["status"],
                 "ok", "it answers on " + name[:3])
        ok(os.path.exists(own + ".lock"), "what it opened has a lock")
        service.stop()
    ok(not os.path.exists(own), "and is removed")
    try:
        six = listen(("::1", 0), sockets.AF_INET6)
    except OSError:
        note("no IPv6 here")
    else:
        name = "tcp://[0:0::1]:%d" % port(six)
        with passed(six, options=["--endpoint", "tcp://[::1]:%d" % port(six)]
                    ) as service:
            same(service.endpoints, [name.replace("0:0::1", "::1")],
                 "an IPv6 address is found")
        six.close()
    ipc.close()
    tcp.close()


def test_not_ours(folder):
    path = os.path.join(folder, "foreign")
    ipc = listen(path)
    own = "ipc://" + os.path.join(folder, "other")
    with passed(ipc, options=["--endpoint", own], whose="parent") as service:
        same(service.endpoints, [own],
             "what was passed to another process is not used")
    ipc.close()


def refused(one, wanted, name):
    service = passed(one)
    try:
        service.start()
        ok(False, name, "it started")
    except RuntimeError as error:
        ok(wanted in str(error), name, error)
        same(service.wait(), 78, "exit 78")
    finally:
        service.__exit__()
    one.close()


def test_refused(folder):
    datagrams = sockets.socket(sockets.AF_UNIX, sockets.SOCK_DGRAM)
    datagrams.bind(os.path.join(folder, "datagrams"))
    refused(datagrams, "listening stream socket", "datagrams are refused")
    refused(sockets.socket(sockets.AF_UNIX), "listening stream socket",
            "a socket that does not listen too")
    refused(listen(("0.0.0.0", 0), sockets.AF_INET), "tcp://0.0.0.0:",
            "the world is not served unasked")


with tempfile.TemporaryDirectory(prefix="precis.") as scratch:
    test_both(scratch)
    test_named(scratch)
    test_not_ours(scratch)
    test_refused(scratch)
done_testing()
