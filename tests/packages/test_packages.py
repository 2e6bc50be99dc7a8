"""The Debian packages: built, looked through, and installed, upgraded and
purged on a machine of its own.

Takes minutes: done where PRECIS_TEST_PACKAGES is set, as by ./quickstart
package.  The packages are left in build-package/ of the sources; with
PRECIS_TEST_PACKAGES=built those that are there are tried.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.environ["abs_top_srcdir"]
sys.path[:0] = [os.path.join(TOP, "tests", "daemon"),
                os.path.join(TOP, "tests", "systemd")]
import service
from service import done_testing, note, ok, same
from machine import Machine, Missing, base_root, need
from load import Knock, Load, ask

OUT = os.path.join(TOP, "build-package")
NAMES = ("libprecis-client-dev", "libprecis-client1", "libprecis-dev",
         "libprecis1", "precis", "precisd")
SOCK = "/run/precis/precis.sock"


def skip_all(why):
    print("1..0 # SKIP %s" % why)
    sys.exit(0)


def output(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True)


def timed(name, begun):
    note("%s: %.1f s" % (name, time.monotonic() - begun))


# ---- built and looked through ----

def build():
    begun = time.monotonic()
    done = output(os.path.join(TOP, "tests", "packages", "build.sh"), OUT)
    timed("dpkg-buildpackage, source and binary, without its tests", begun)
    ok(done.returncode == 0, "the packages are built", done.stdout[-3000:])


def find():
    debs = sorted(glob.glob(OUT + "/*.deb"))
    names = [os.path.basename(deb).split("_")[0] for deb in debs]
    same([name for name in names if not name.endswith("-dbgsym")],
         list(NAMES), "all of them")
    same(len(glob.glob(OUT + "/*.dsc")), 1, "and the source package")
    return [deb for deb in debs if "-dbgsym" not in deb]


def test_lintian():
    begun = time.monotonic()
    done = output("lintian", "--allow-root", "--fail-on", "error,warning",
                  *glob.glob(OUT + "/*.changes"))
    timed("lintian", begun)
    ok(done.returncode == 0, "lintian has no error and no warning",
       done.stdout)


def weaknesses(binary):
    """What a program or library lacks of what makes faults hard to use."""
    said = output("readelf", "--wide", "-h", "-l", "-d", "-s", binary).stdout
    wanted = {
        "PIE": r"Type: +DYN",
        "RELRO": r"GNU_RELRO",
        "BIND_NOW": r"BIND_NOW|Flags:.* NOW",
        "a stack that is not executable": r"GNU_STACK.* RW +0x",
        "stack protector": r"__stack_chk_fail",
        "fortify": r"_chk@",
    }
    lacking = [name for name, expression in wanted.items()
               if not re.search(expression, said)]
    if re.search(r"RPATH|RUNPATH", said):
        lacking.append("no path to libraries")
    return lacking


def test_hardening(debs):
    with tempfile.TemporaryDirectory() as folder:
        for deb in debs:
            output("dpkg-deb", "-x", deb, folder)
        binaries = [folder + "/usr/sbin/precisd", folder + "/usr/bin/precis",
                    folder + "/usr/bin/precisctl"]
        binaries += [name for name in glob.glob(folder + "/usr/lib/*/*.so.*")
                     if not os.path.islink(name)]
        same(len(binaries), 5, "three programs and two libraries are shipped")
        for binary in binaries:
            same(weaknesses(binary), [],
                 os.path.basename(binary) + " is hardened")


# ---- installed, upgraded, purged ----

def next_version(debs, folder):
    """The same packages with a higher version."""
    made = []
    for deb in debs:
        tree = os.path.join(folder, "tree")
        output("dpkg-deb", "-R", deb, tree)
        control = os.path.join(tree, "DEBIAN", "control")
        with open(control) as file:
            text = file.read()
        with open(control, "w") as file:
            file.write(re.sub(r"(-0upstream\d+)", r"\1.1", text))
        name = os.path.join(folder, "new." + os.path.basename(deb))
        output("dpkg-deb", "--root-owner-group", "-b", tree, name)
        shutil.rmtree(tree)
        made.append(name)
    return made


def put(machine, files):
    machine.run("rm", "-rf", "/var/debs")
    machine.run("mkdir", "/var/debs")
    for name in files:
        shutil.copy(name, machine.path("/var/debs"))


def dpkg(machine, what, *command):
    begun = time.monotonic()
    done = machine.run("sh", "-c", "dpkg " + " ".join(command))
    timed(what, begun)
    ok(done.returncode == 0, what + " succeeds", done.stdout)


def test_install(machine, debs):
    put(machine, debs)
    dpkg(machine, "install", "-i", "/var/debs/*.deb")
    same((machine.run("systemctl", "is-enabled", "precisd.socket",
                      "precisd.service").stdout,
          machine.run("systemctl", "is-active", "precisd.socket",
                      "precisd.service").stdout),
         ("enabled\nenabled\n", "active\nactive\n"),
         "socket and service are enabled and run")
    ok(ask(machine) is not None, "the service answers")
    same(machine.run("precisctl", "ping").returncode, 0,
         "precisctl finds it")
    said = machine.run("sh", "-c", "useradd -m reader && printf '%s' "
                       "'Le maire a dit oui. La gare ferme.' > /tmp/a && "
                       "runuser -u reader -- precis -n 1 /tmp/a")
    same(said.returncode, 0, "precis works for one who is not in the group")
    said = machine.run("sh", "-c", "adduser -q reader precis && runuser -u "
                       "reader -- precisctl ping")
    same(said.returncode, 0, "a member of the group reaches the service")
    same(machine.run("systemctl", "reload", "precisd").returncode, 0,
         "it can be reloaded")


def test_upgrade(machine, debs):
    stop = threading.Event()
    threads = [Load(machine, 1000000 * i, stop) for i in range(3)]
    knock = Knock(machine, stop)
    for thread in threads + [knock]:
        thread.start()
    for thread in threads:
        thread.wait_for(100)
    before = machine.show("precisd", "MainPID")
    put(machine, debs)
    dpkg(machine, "upgrade under load", "-i", "/var/debs/*.deb")
    for thread in threads:
        thread.wait_for(100)
    stop.set()
    for thread in threads + [knock]:
        thread.join()
    ok(machine.show("precisd", "MainPID") not in (before, "0"),
       "the new service runs")
    note("%d requests, %d asked again; %d connections" % (
        sum(thread.asked for thread in threads),
        sum(thread.client.retries for thread in threads), knock.tried))
    same(sum(thread.lost for thread in threads), 0, "no request is lost")
    same(knock.refused[:3], [], "no connection is refused")


def test_purge(machine):
    dpkg(machine, "purge", "-P", *NAMES)
    same(machine.run("sh", "-c", "systemctl list-unit-files 'precisd*' "
                     "--no-legend; ls -d /etc/precis /run/precis/*.sock "
                     "/usr/sbin/precisd /lib/systemd/system/precisd* "
                     "2>/dev/null").stdout, "", "nothing is left")
    same(machine.run("systemctl", "list-units", "--state=failed",
                     "--no-legend", "precisd*").stdout, "",
         "no unit has failed")


def test_machine(debs):
    folder = tempfile.mkdtemp(prefix="precis.packages.")
    machine = None
    try:
        newer = next_version(debs, folder)
        machine = Machine([base_root()])
        test_install(machine, debs)
        test_upgrade(machine, newer)
        test_purge(machine)
    finally:
        if machine is not None:
            if sys.exc_info()[0] is not None or service.failed():
                note(machine.run("journalctl", "-o", "cat", "-n", "60", "-u",
                                 "precisd*").stdout.replace("\n", "\n# "))
            machine.halt()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    if not os.environ.get("PRECIS_TEST_PACKAGES"):
        skip_all("./quickstart package does it")
    try:
        need("dpkg-buildpackage", "dh", "lintian", "readelf")
        base_root()
    except Missing as missing:
        skip_all(missing)
    if os.environ["PRECIS_TEST_PACKAGES"] != "built":
        build()
    debs = find()
    if not service.failed():
        test_lintian()
        test_hardening(debs)
        test_machine(debs)
    done_testing()


main()
