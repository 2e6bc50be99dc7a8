#!/usr/bin/python3
"""precisd over tcp with keys: who gets in, who does not, who is thrown out."""
import os
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from service import (DEADLINE, PRECISD, Service, article, done_testing, note,
                     ok, same, zmq)
from zmq.utils.monitor import recv_monitor_message

if not zmq.has("curve"):
    print("1..0 # SKIP this libzmq has no CURVE")
    sys.exit(0)

BUILD = os.path.dirname(PRECISD)
ARTICLE = article(1)
NAMES = ["server", "next", "alice", "bob", "carol", "mallory"]
keys = {name: zmq.curve_keypair() for name in NAMES}  # public, secret


class Keys:
    """The files of all of them, and the list of clients."""

    def __init__(self, folder):
        self.folder = folder
        self.list = os.path.join(folder, "authorized-keys")
        for name in NAMES:
            self.write(name + ".pub", keys[name][0].decode() + "\n", 0o644)
            self.write(name + ".key", keys[name][1].decode() + "\n", 0o600)
        self.allow("alice", "bob", "carol")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode):
        with open(self.path(name), "w") as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def allow(self, *names):
        self.write("authorized-keys", "# clients\n" + "".join(
            "%s %s\n" % (keys[name][0].decode(), name) for name in names),
            0o644)

    def options(self, server="server"):
        return ["--curve-key", self.path(server + ".key"),
                "--authorized-keys", self.list]


class Peer:
    """A client with its monitor."""

    EVENTS = (zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED
              | zmq.EVENT_HANDSHAKE_FAILED_AUTH
              | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
              | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL)

    def __init__(self, service, endpoint, name=None, server="server"):
        self.service = service
        self.socket = service.context.socket(zmq.REQ)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, DEADLINE * 1000)
        if name is not None:
            self.socket.curve_publickey, self.socket.curve_secretkey = \
                keys[name]
            self.socket.curve_serverkey = keys[server][0]
        self.monitor = self.socket.get_monitor_socket(self.EVENTS)
        self.monitor.setsockopt(zmq.RCVTIMEO, DEADLINE * 1000)
        self.socket.connect(endpoint)

    def event(self):
        message = recv_monitor_message(self.monitor)
        return message["event"], message["value"]

    def has_event(self):
        return self.monitor.poll(0) != 0

    def ask(self):
        return self.service.ask({"id": "k", "words": 40}, ARTICLE,
                                self.socket)[0]["status"]

    def close(self):
        self.socket.disable_monitor()
        self.socket.close()


def run(*arguments):
    done = subprocess.run([PRECISD, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=DEADLINE)
    return done.returncode, done.stderr.decode()


# ---- what is not served ----

def test_start(files):
    anywhere = ["--endpoint", "tcp://*:*"]
    status, err = run(*anywhere)
    same((status, err.count("\n")), (64, 1), "tcp beyond loopback, no keys")
    ok("curve-key" in err and "precisctl keygen" in err, "what to do is said",
       err)
    conf = files.path("precis.conf")
    files.write("precis.conf", "[precisd]\nendpoint = tcp://0.0.0.0:5555\n",
                0o644)
    for more in [["--check-config"], []]:
        status, err = run("--config", conf, *more)
        same((status, err.count("\n")), (78, 1),
             "the same in a file: 78 %s" % " ".join(more))

    def refused(name, words, *options):
        status, err = run(*anywhere, *options)
        ok(status == 78 and err.count("\n") == 1 and words in err,
           name + ": 78", (status, err))
        secret = keys["server"][1].decode()
        ok(secret not in err, name + ": no key is shown")

    options = files.options()
    os.chmod(options[1], 0o644)
    refused("a key that others may read", "its mode is 0644", *options)
    os.chmod(options[1], 0o640)
    refused("a key that the group may read", "chmod 0600", *options)
    os.chmod(options[1], 0o600)
    refused("no key file", "No such file", "--curve-key",
            files.path("none.key"), *options[2:])
    refused("no list", "No such file", *options[:2], "--authorized-keys",
            files.path("none"))
    os.chmod(files.list, 0o666)
    refused("a list that others may write", "its mode is 0666", *options)
    os.chmod(files.list, 0o644)
    files.write("listed.key", "%s alice\n" % keys["alice"][0].decode(), 0o600)
    refused("a list for the key", "line 1: no key", "--curve-key",
            files.path("listed.key"), *options[2:])
    refused("credentials without systemd", "LoadCredential", "--curve-key",
            "$CREDENTIALS_DIRECTORY/curve-key", *options[2:])
    if os.geteuid() == 0:
        os.chown(options[1], 4711, -1)
        refused("somebody else's key", "belongs to the user 4711", *options)
        os.chown(options[1], 0, -1)
    status, err = run(*anywhere, "--curve-key", keys["server"][1].decode())
    ok(status == 64 and "not a key" in err
       and keys["server"][1].decode() not in err,
       "a key in the options is refused and not shown", (status, err))


def test_credentials(files):
    """As systemd hands them over: mode 0440, in a folder of their own."""
    os.mkdir(files.path("credentials"), 0o700)
    name = "credentials/curve-key"
    files.write(name, keys["server"][1].decode() + "\n", 0o440)
    service = Service("--endpoint", "tcp://127.0.0.1:*", "--curve-key",
                      "$CREDENTIALS_DIRECTORY/curve-key",
                      *files.options()[2:], endpoint=False)
    try:
        service.start({"CREDENTIALS_DIRECTORY": files.path("credentials")})
        peer = Peer(service, service.endpoints[0], "alice")
        same(peer.ask(), "ok", "a key of systemd's credentials")
        peer.close()
    finally:
        service.__exit__()


# ---- handshakes ----

def test_handshakes(service, files):
    tcp = service.endpoints[1].replace("0.0.0.0", "127.0.0.1")
    for name in ("alice", "bob"):
        peer = Peer(service, tcp, name)
        same(peer.ask(), "ok", "an allowed key")
        same(peer.event()[0], zmq.EVENT_HANDSHAKE_SUCCEEDED, "is admitted")
        peer.close()
    peer = Peer(service, tcp, "mallory")
    same(peer.event(), (zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400),
         "a key that is not on the list")
    peer.close()
    line = service.wait_line("curve refused=")
    ok("address=127.0.0.1" in line
       and line.endswith("key=" + keys["mallory"][0].decode()),
       "is logged with address and public key", line)
    peer = Peer(service, tcp, "alice", server="next")
    same(peer.event()[0], zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
         "a wrong server key")
    peer.close()
    peer = Peer(service, tcp)
    ok(peer.event()[0] in (zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
                           zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL),
       "no keys at all")
    peer.close()
    same(service.ask({}, ARTICLE)[0]["status"], "ok", "ipc is as it was")
    with open("/proc/%d/cmdline" % service.process.pid, "rb") as file:
        ok(keys["server"][1] not in file.read(), "no key in the command line")


def metrics(service):
    """Name with labels -> number."""
    text = service.ask({"op": "metrics"})[1].decode()
    return dict((line.rsplit(" ", 1)[0], float(line.rsplit(" ", 1)[1]))
                for line in text.splitlines() if not line.startswith("#"))


def test_block(service):
    """One who comes again and again is not even asked any more."""
    port = service.endpoints[1].rsplit(":", 1)[1]
    near = "tcp://127.0.0.1:%s" % port
    far = "tcp://127.0.0.2:0;127.0.0.1:%s" % port
    closed = 'precis_connections_refused_total{reason="failures"}'
    before = metrics(service)["precis_handshakes_refused_total"]
    old = Peer(service, far, "alice")
    same(old.ask(), "ok", "a client of the address is connected")
    for _ in range(10):
        peer = Peer(service, far, "mallory")
        same(peer.event()[0], zmq.EVENT_HANDSHAKE_FAILED_AUTH, "mallory")
        peer.close()
    line = service.wait_line("curve blocked=")
    ok("blocked=1 address=127.0.0.2 failures=10 seconds=60" in line,
       "an address that failed ten times is blocked, and that is logged", line)
    for name in ("mallory", "alice"):
        peer = Peer(service, far, name)
        same(peer.event()[0], zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
             "then %s is closed before any handshake" % name)
        peer.close()
    # One that has left before the monitor looks at it has no address any more.
    end = time.monotonic() + DEADLINE
    while metrics(service)[closed] < 2 and time.monotonic() < end:
        peer = Peer(service, far, "mallory")
        peer.event()
        peer.close()
    now = metrics(service)
    ok(now[closed] >= 2, "which is counted", now[closed])
    same(now["precis_handshakes_refused_total"] - before, 10,
         "and is no refusal of a key")
    same(old.ask(), "ok", "connections that are open stay")
    old.close()
    peer = Peer(service, near, "alice")
    same(peer.ask(), "ok", "another address is not blocked")
    peer.close()


# ---- the tools ----

def test_tools(service, files):
    tcp = service.endpoints[1].replace("0.0.0.0", "127.0.0.1")

    def precis(name, wanted, words, server=None, key=None, **environment):
        arguments = ["--endpoint", tcp, "--words", "40"]
        if server is not None:
            arguments += ["--server-key", server]
        if key is not None:
            arguments += ["--key", files.path(key)]
        begin = time.monotonic()
        done = subprocess.run(
            [os.path.join(BUILD, "precis"), *arguments], input=ARTICLE,
            env=dict(os.environ, **environment), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=DEADLINE)
        seconds = time.monotonic() - begin
        err = done.stderr.decode()
        ok(done.returncode == wanted and words in err,
           "precis, %s: %d" % (name, wanted), (done.returncode, err))
        note("%.2f s" % seconds)
        # The time-out is 10 s: whatever is said before comes of knowing.
        ok(seconds < 5, "and before the time is out", seconds)
        ok(keys["alice"][1].decode() not in err, "without the secret")
        return done.stdout

    public = keys["server"][0].decode()
    summary = precis("a key", 0, "", public, "alice.key")
    ok(len(summary) > 20, "there is a summary")
    same(precis("files", 0, "", files.path("server.pub"), "alice.key"),
         summary, "the same")
    same(precis("files in the environment", 0, "",
                PRECIS_SERVER_KEY=files.path("server.pub"),
                PRECIS_KEY=files.path("alice.key")), summary, "the same")
    files.write("both.pub", keys["next"][0].decode() + "\n" + public + "\n",
                0o644)
    same(precis("the second key of the service", 0, "",
                files.path("both.pub"), "alice.key"), summary, "the same")
    precis("not on the list", 77, "denied: %s does not know" % tcp, public,
           "mallory.key")
    precis("a wrong server key", 77, "wrong server key: %s" % tcp,
           files.path("next.pub"), "alice.key")
    precis("no keys", 77, "denied: %s wants keys" % tcp)
    precis("one key of two", 64, "of no use without", public)
    os.chmod(files.path("alice.key"), 0o644)
    precis("a key that others may read", 64, "its mode is 0644", public,
           "alice.key")
    os.chmod(files.path("alice.key"), 0o600)
    done = subprocess.run(
        [os.path.join(BUILD, "precisctl"), "-e", tcp, "--server-key", public,
         "--key", files.path("alice.key"), "ping"], stdout=subprocess.PIPE,
        timeout=DEADLINE)
    ok(done.returncode == 0 and b"precisd" in done.stdout, "precisctl")
    done = subprocess.run(
        [os.path.join(BUILD, "precisctl"), "-e", tcp, "--server-key", public,
         "--key", keys["alice"][1].decode(), "ping"], stderr=subprocess.PIPE,
        timeout=DEADLINE)
    ok(done.returncode == 64 and keys["alice"][1] not in done.stderr,
       "a secret for its file is refused and not shown", done.stderr)


def test_plain(files):
    """A service without keys, asked with some."""
    service = Service("--endpoint", "tcp://127.0.0.1:*", endpoint=False)
    with service:
        done = subprocess.run(
            [os.path.join(BUILD, "precis"), "-e", service.endpoints[0],
             "--server-key", keys["server"][0].decode(), "--key",
             files.path("alice.key")], input=ARTICLE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=DEADLINE)
        ok(done.returncode == 77 and b"wrong server key" in done.stderr
           and done.stdout == b"",
           "keys, and a service without: nothing goes unencrypted",
           done.stderr)


# ---- changes ----

def reload(service):
    done = subprocess.run(
        [os.path.join(BUILD, "precisctl"), "--control",
         "ipc://%s.control" % service.path, "reload"], stderr=subprocess.PIPE,
        stdout=subprocess.PIPE, timeout=DEADLINE)
    same((done.returncode, done.stderr), (0, b""), "precisctl reload")
    return service.wait_line(" curve clients=")


def test_revocation(service, files):
    tcp = service.endpoints[1].replace("0.0.0.0", "127.0.0.1")
    kept = Peer(service, tcp, "alice")
    active = Peer(service, tcp, "bob")
    idle = Peer(service, tcp, "carol")
    for peer, name in [(kept, "alice"), (active, "bob"), (idle, "carol")]:
        same(peer.event()[0], zmq.EVENT_HANDSHAKE_SUCCEEDED,
             name + " is connected")
    same((kept.ask(), active.ask()), ("ok", "ok"), "two of three have asked")
    line = reload(service)
    ok(line.endswith("clients=3 connections_cut=0"),
       "nothing changed: nobody is cut", line)
    files.write("authorized-keys", "nonsense\n", 0o644)
    service.signal(signal.SIGHUP)
    line = service.wait_line("reload error: ")
    ok("authorized-keys, line 1" in line, "a bad list: file and line", line)
    same((kept.ask(), active.ask()), ("ok", "ok"), "the old one is kept")
    files.allow("alice")
    line = reload(service)
    ok(line.endswith("clients=1 connections_cut=2"), "two are cut", line)
    for peer, name in [(active, "bob"), (idle, "carol")]:
        same(peer.event()[0], zmq.EVENT_DISCONNECTED, name + " is cut")
        same(peer.event(), (zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400),
             name + " does not come back")
        peer.close()
    same(kept.ask(), "ok", "alice is served")
    ok(not kept.has_event(), "over the same connection")
    kept.close()
    # A key for another: the name stays, the old key goes.
    kept = Peer(service, tcp, "alice")
    same(kept.ask(), "ok", "alice, with her old key")
    files.write("authorized-keys", "%s alice\n" % keys["carol"][0].decode(),
                0o644)
    ok("connections_cut=1" in reload(service), "her key is another now")
    same(kept.event()[0], zmq.EVENT_HANDSHAKE_SUCCEEDED, "she was connected")
    same(kept.event()[0], zmq.EVENT_DISCONNECTED, "and is cut")
    kept.close()
    peer = Peer(service, tcp, "carol")
    same(peer.ask(), "ok", "the new key")
    peer.close()
    files.allow("alice", "bob", "carol")
    ok(reload(service).endswith("clients=3 connections_cut=0"),
       "all of them again")
    peer = Peer(service, tcp, "bob")
    same(peer.ask(), "ok", "bob is back")
    peer.close()


def test_server_rotation(files):
    """The service's key changes: clients know the old and the new one."""
    clients = files.path("service.pub")
    for server in ("server", "next"):
        files.write("service.pub", keys["server"][0].decode() + "\n"
                    + keys["next"][0].decode() + "\n", 0o644)
        service = Service("--endpoint", "tcp://127.0.0.1:*",
                          *files.options(server), endpoint=False)
        with service:
            done = subprocess.run(
                [os.path.join(BUILD, "precis"), "-e", service.endpoints[0],
                 "--server-key", clients, "--key", files.path("bob.key")],
                input=ARTICLE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, timeout=DEADLINE)
            same((done.returncode, done.stderr), (0, b""),
                 "a client that knows two keys: %s" % server)


def main():
    service = Service()
    files = Keys(service.folder)
    service.arguments += ["--endpoint", "tcp://0.0.0.0:*", *files.options()]
    test_start(files)
    with service:
        test_credentials(files)
        test_handshakes(service, files)
        test_tools(service, files)
        test_revocation(service, files)
        test_block(service)
        same(service.stop(), 0, "everything was answered")
        log = "\n".join(service.log)
        ok(not any(pair[1].decode() in log for pair in keys.values()),
           "no secret in the log")
        ok(re.search(r"curve clients=3", log), "how many may come is logged")
        test_plain(files)
        test_server_rotation(files)
    done_testing()


main()
