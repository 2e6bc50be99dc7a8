"""precisd under a real systemd: the units as "make install" leaves them.

Boots a machine, which takes a Debian and root: so it is done where
PRECIS_TEST_SYSTEMD is set, as in ./quickstart check, and only there.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.environ["abs_top_srcdir"], "tests",
                                "daemon"))
import service
from service import MAGIC, article, done_testing, note, ok, same
from load import Client, Knock, Load, ask
from machine import Machine, Missing, base_root

SOCK = "/run/precis/precis.sock"
UNITS = "/usr/local/lib/systemd/system"
CONF = "/usr/local/etc/precis/precis.conf"


def skip_all(why):
    print("1..0 # SKIP %s" % why)
    sys.exit(0)


def precisctl(machine, endpoint, command="ping"):
    return machine.run("precisctl", "--endpoint", endpoint, command)


# ---- what is proved ----

def exposure_is(machine, limit, what, unit):
    said = machine.run("systemd-analyze", "security", "--offline=true",
                       unit).stdout
    found = re.search(r"exposure level for \S+: ([\d.]+)", said)
    note("exposure, %s: %s" % (what, found.group(1) if found else said))
    ok(found is not None and float(found.group(1)) <= limit,
       "the exposure of the %s unit is at most %.1f" % (what, limit))


def test_units(machine):
    exposure_is(machine, 0.3, "socket-activated", UNITS + "/precisd.service")
    # Under another name, so that the drop-in is not its.
    machine.run("cp", UNITS + "/precisd.service", "/run/plain.service")
    exposure_is(machine, 1.1, "plain", "/run/plain.service")
    verified = machine.run("systemd-analyze", "verify", "--man=no",
                           "precisd.service", "precisd.socket")
    same((verified.returncode, verified.stdout), (0, ""),
         "systemd has nothing to say against the units")


def test_plain(machine):
    """Without precisd.socket, as the drop-in tells to do it."""
    mask = "/etc/systemd/system/precisd.service.d"
    machine.write(CONF,
                  "[precisd]\nendpoint = ipc://%s\n"
                  "endpoint = tcp://127.0.0.1:7411\n" % SOCK)
    machine.run("mkdir", "-p", mask)
    machine.run("ln", "-s", "/dev/null", mask + "/activated.conf")
    machine.run("systemctl", "daemon-reload")
    started = machine.run("systemctl", "start", "precisd")
    same(started.returncode, 0, "the plain unit starts")
    ok("ready on ipc://" in machine.show("precisd", "StatusText"),
       "systemd knows its status", started.stdout)
    ok(ask(machine) is not None, "it answers on ipc")
    same(precisctl(machine, "tcp://127.0.0.1:7411").returncode, 0,
         "and on tcp")
    same(machine.run("stat", "-c", "%a %U %G", "/run/precis", SOCK).stdout,
         "750 precis precis\n660 precis precis\n",
         "folder and socket belong to the group")
    same(machine.run("stat", "-c", "%U", "/proc/" + machine.show(
        "precisd", "MainPID")).stdout, "precis\n", "it runs as precis")
    machine.run("systemctl", "stop", "precisd")
    same(machine.show("precisd", "ExecMainStatus"), "0", "it stops with 0")

    machine.write(CONF, "[precisd]\nworkers = many\n")
    machine.run("systemctl", "start", "precisd")
    same((machine.show("precisd", "ExecMainStatus"),
          machine.show("precisd", "NRestarts")), ("78", "0"),
         "a wrong configuration is told by 78 and not tried again")
    machine.run("rm", "-r", mask)
    machine.write(CONF, "[precisd]\nworkers = 2\n")


def test_activation(machine):
    machine.run("cp", "/usr/local/share/doc/precis/examples/precisd-tcp.conf",
                "/etc/systemd/system/")
    machine.run("mkdir", "-p", "/etc/systemd/system/precisd.socket.d")
    machine.run("mv", "/etc/systemd/system/precisd-tcp.conf",
                "/etc/systemd/system/precisd.socket.d/tcp.conf")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "reset-failed", "precisd")
    machine.run("systemctl", "start", "precisd.socket")
    same(machine.show("precisd", "ActiveState"), "inactive",
         "the socket alone does not start the service")
    same(machine.run("stat", "-c", "%a %U %G", SOCK).stdout,
         "660 precis precis\n", "systemd's socket is the group's")
    begun = time.monotonic()
    reply = ask(machine)
    note("first answer of a stopped service: %d ms"
         % ((time.monotonic() - begun) * 1000))
    ok(reply is not None, "a request starts the service and is answered")
    same(machine.show("precisd", "ActiveState"), "active", "it runs")
    machine.run("systemctl", "stop", "precisd.service")
    same(machine.show("precisd", "ExecMainStatus"), "0", "it stops with 0")
    ok(os.path.exists(machine.path(SOCK)), "the socket stays")
    ok(not os.path.exists(machine.path(SOCK + ".lock")), "without a lock")
    said = precisctl(machine, "tcp://127.0.0.1:7410")
    same(said.returncode, 0, "a request over tcp starts it, without a network")


def test_reload(machine):
    if "reload" not in machine.run("precisctl", "--help").stdout:
        note("precisctl knows no reload: left out")
        return
    pid = machine.show("precisd", "MainPID")
    done = machine.run("systemctl", "reload", "precisd")
    same(done.returncode, 0, "systemctl reload waits and succeeds")
    machine.write(CONF, "[precisd]\nworkers = many\n")
    done = machine.run("systemctl", "reload", "precisd")
    ok(done.returncode != 0, "of a wrong configuration it says so")
    machine.write(CONF, "[precisd]\nworkers = 2\n")
    same(machine.show("precisd", "MainPID"), pid, "the service goes on")
    ok(ask(machine) is not None, "and answers")


def kill(machine, number):
    os.kill(int(outer_pid(machine)), number)


def outer_pid(machine):
    """The number of precisd out here."""
    group = os.path.join(machine.group, "system.slice", "precisd.service",
                         "cgroup.procs")
    with open(group) as file:
        return file.readline().strip()


def test_kill(machine):
    taken = []
    for _ in range(3):
        begun = time.monotonic()
        kill(machine, signal.SIGKILL)
        reply = ask(machine, wait=300)
        taken.append((time.monotonic() - begun) * 1000)
        if not ok(reply is not None, "after SIGKILL it serves again"):
            break
    note("SIGKILL to the first good answer: %s ms"
         % ", ".join("%d" % time for time in taken))
    same(machine.show("precisd", "ActiveState"), "active", "it runs")


def test_watchdog(machine):
    """A hung service: nothing of it moves."""
    machine.write("/run/systemd/system/precisd.service.d/test.conf",
                  "[Service]\nWatchdogSec=2\n")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "restart", "precisd.service")
    before = int(machine.show("precisd", "NRestarts"))
    begun = time.monotonic()
    kill(machine, signal.SIGSTOP)
    reply = ask(machine, wait=300)
    note("hung to the first good answer, WatchdogSec=2: %d ms"
         % ((time.monotonic() - begun) * 1000))
    ok(reply is not None, "a hung service is killed and serves again")
    same(int(machine.show("precisd", "NRestarts")), before + 1,
         "it was started once")
    ok("Watchdog timeout" in machine.run("journalctl", "-u",
                                         "precisd").stdout,
       "by the watchdog")
    machine.run("rm", "/run/systemd/system/precisd.service.d/test.conf")
    machine.run("systemctl", "daemon-reload")


def test_drain(machine):
    """A stop with requests on their way: each gets a reply."""
    client = Client("ipc://" + machine.path(SOCK))
    ok(client.ask(1) is not None, "it answers before the stop")
    count = 400
    for number in range(count):
        header = json.dumps({"id": "d%d" % number}).encode()
        client.socket.send_multipart([MAGIC, header, article(number, 60)])
    # The first answer: the service is at it.
    replies = [json.loads(client.socket.recv_multipart()[1])]
    begun = time.monotonic()
    stop = subprocess.Popen(["nsenter", "-t", str(machine.pid), "-a",
                             "systemctl", "stop", "precisd.service"])
    while len(replies) < count and client.socket.poll(20000):
        replies.append(json.loads(client.socket.recv_multipart()[1]))
    stop.wait()
    taken = time.monotonic() - begun
    outcomes = {}
    for reply in replies:
        code = reply.get("error", {}).get("code", reply["status"])
        outcomes[code] = outcomes.get(code, 0) + 1
    note("stopped in %.1f s; replies: %s" % (taken, outcomes))
    same(len({reply["id"] for reply in replies}), count,
         "each of %d requests gets one reply" % count)
    ok(set(outcomes) <= {"ok", "shutting_down", "busy"},
       "a summary or an explicit error", outcomes)
    same(machine.show("precisd", "ExecMainStatus"), "0", "exit status 0")
    ok(taken < 12, "the end comes in time", taken)
    client.close()


def test_restart_under_load(machine):
    """An upgrade is a restart with other files."""
    stop = threading.Event()
    threads = [Load(machine, 1000000 * i, stop) for i in range(3)]
    knock = Knock(machine, stop)
    for thread in threads + [knock]:
        thread.start()
    rounds = 3
    restarted = 0
    for i in range(rounds):
        if i == 1:
            kill(machine, signal.SIGKILL)
        done = machine.run("systemctl", "restart", "precisd.service")
        restarted += done.returncode == 0
        for thread in threads:
            thread.wait_for(200)
    stop.set()
    for thread in threads + [knock]:
        thread.join()
    same(restarted, rounds, "every restart succeeds")
    asked = sum(thread.asked for thread in threads)
    note("%d requests during %d restarts, %d asked again; %d connections"
         % (asked, rounds, sum(thread.client.retries for thread in threads),
            knock.tried))
    ok(asked >= rounds * 600, "there was load", asked)
    same(sum(thread.lost for thread in threads), 0, "no request is lost")
    same(knock.refused[:3], [], "no connection is refused")


def install(folder):
    done = subprocess.run(
        ["make", "-s", "install", "DESTDIR=" + folder], cwd=os.environ[
            "abs_top_builddir"], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env={
            key: value for key, value in os.environ.items()
            if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DESTDIR")})
    if done.returncode != 0:
        raise RuntimeError(done.stdout.decode("utf-8", "replace"))
    # Where precis was configured for somewhere else than /usr/local.
    if not os.path.exists(folder + UNITS + "/precisd.service"):
        raise Missing("only a build for /usr/local is tried")


def main():
    if not os.environ.get("PRECIS_TEST_SYSTEMD"):
        skip_all("set PRECIS_TEST_SYSTEMD=1 to boot a systemd, as root")
    tree = tempfile.mkdtemp(prefix="precis.tree.")
    os.chmod(tree, 0o755)
    machine = None
    try:
        base = base_root()
        install(tree)
        machine = Machine([tree, base])
        note("booted: " + machine.boot_state)
        machine.run("ldconfig")
        machine.run("systemd-sysusers")
        machine.run("systemd-tmpfiles", "--create", "precisd.conf")
        for test in (test_units, test_plain, test_activation, test_reload,
                     test_kill, test_watchdog, test_drain,
                     test_restart_under_load):
            begun = time.monotonic()
            test(machine)
            note("%s: %.1f s" % (test.__name__, time.monotonic() - begun))
    except Missing as missing:
        skip_all(missing)
    finally:
        if machine is not None:
            if sys.exc_info()[0] is not None or service.failed():
                note(machine.run("journalctl", "-o", "cat", "-n", "60", "-u",
                                 "precisd*").stdout.replace("\n", "\n# "))
            machine.halt()
        shutil.rmtree(tree, ignore_errors=True)
    done_testing()


main()
