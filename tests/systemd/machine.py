"""A real systemd, booted in namespaces of its own, for tests.

    base = base_root()                    # a Debian; made once, then kept
    machine = Machine(layers + [base])
    machine.run("systemctl", "start", "precisd")
    machine.halt()

Needs root, cgroups of version 2 and, to make the Debian, debootstrap and the
network.  Whatever is missing is a Missing with the reason.
"""
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = ("systemd,systemd-sysv,dbus,procps,libzmq5,libstemmer0d,"
            "libjansson4,libutf8proc2,libinih1")
BOOT_SECONDS = 120


class Missing(Exception):
    pass


def need(*programs):
    if os.getuid() != 0:
        raise Missing("only root can boot a systemd")
    for program in programs:
        if shutil.which(program) is None:
            raise Missing(program + " is missing")


def base_root():
    """The folder of a minimal Debian 12 with systemd and our libraries."""
    base = os.environ.get("PRECIS_SYSTEMD_ROOT") or os.path.join(
        os.environ["abs_top_srcdir"], "build", "systemd-root")
    if os.path.isdir(os.path.join(base, "etc")):
        return base
    need("debootstrap")
    new = base + ".new"
    shutil.rmtree(new, ignore_errors=True)
    os.makedirs(new)
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=" + PACKAGES,
         "bookworm", new], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode != 0:
        raise Missing("debootstrap failed: " + made.stdout.decode(
            "utf-8", "replace").strip().split("\n")[-1])
    for name in os.listdir(new + "/var/cache/apt/archives"):
        if name.endswith(".deb"):
            os.unlink(os.path.join(new, "var/cache/apt/archives", name))
    os.rename(new, base)
    return base


def cgroup_tree():
    """Where cgroups of version 2 are; beside those of version 1 or alone."""
    for folder in "/sys/fs/cgroup/unified", "/sys/fs/cgroup":
        if os.path.exists(os.path.join(folder, "cgroup.controllers")):
            return folder
    raise Missing("there are no cgroups of version 2")


class Machine:
    def __init__(self, layers):
        need("unshare", "nsenter", "pivot_root")
        # Ended from outside, the machine has to end too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.folder = tempfile.mkdtemp(prefix="precis.machine.")
        self.group = os.path.join(cgroup_tree(),
                                  os.path.basename(self.folder))
        self.console = open(os.path.join(self.folder, "console"), "w+b")
        work = os.path.join(self.folder, "work")
        os.mkdir(work)
        try:
            os.mkdir(self.group)
        except OSError as error:
            self.console.close()
            shutil.rmtree(self.folder)
            raise Missing("no cgroup can be made: %s" % error)
        self.process = subprocess.Popen(
            ["unshare", "--fork", "--pid", "--kill-child", "--mount", "--uts",
             "--ipc", "--net", "--cgroup", os.path.join(HERE, "boot.sh"),
             ":".join(layers), work],
            preexec_fn=self.enter_group, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=self.console,
            stderr=self.console)
        self.pid = 0
        try:
            self.wait_boot()
        except Missing:
            self.destroy()
            raise

    def enter_group(self):
        with open(os.path.join(self.group, "cgroup.procs"), "w") as file:
            file.write(str(os.getpid()))

    def wait_boot(self):
        """Until its systemd listens to systemctl, and all is started."""
        end = time.monotonic() + BOOT_SECONDS
        init = os.path.join(self.group, "init.scope", "cgroup.procs")
        while True:
            try:
                with open(init) as file:
                    self.pid = int(file.readline())
                if os.path.exists(self.path("/run/systemd/private")):
                    break
            except (OSError, ValueError):
                pass
            if self.process.poll() is not None or time.monotonic() > end:
                self.console.seek(0)
                raise Missing("systemd does not boot here: "
                              + self.console.read().decode(
                                  "utf-8", "replace").strip()[-300:])
            select.select([], [], [], 0.02)
        self.boot_state = self.run("systemctl", "is-system-running",
                                   "--wait").stdout.strip()

    def path(self, name):
        """A file of the machine, from outside."""
        return "/proc/%d/root%s" % (self.pid, name)

    def run(self, *command, **options):
        return subprocess.run(
            ["nsenter", "-t", str(self.pid), "-a"] + list(command),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, universal_newlines=True, timeout=600,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
                 "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": "cat",
                 "DEBIAN_FRONTEND": "noninteractive"}, **options)

    def run_in_network(self, *command):
        """A program of this side in the machine's network."""
        return subprocess.run(
            ["nsenter", "-t", str(self.pid), "-n"] + list(command),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, universal_newlines=True, timeout=600)

    def show(self, unit, key):
        return self.run("systemctl", "show", "-p", key, "--value",
                        unit).stdout.strip()

    def write(self, name, text):
        name = self.path(name)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "w") as file:
            file.write(text)

    def halt(self):
        self.run("systemctl", "poweroff")
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            pass
        self.destroy()

    def destroy(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.console.close()
        for folder, _, _ in os.walk(self.group, topdown=False):
            try:
                os.rmdir(folder)
            except OSError:
                pass
        shutil.rmtree(self.folder, ignore_errors=True)
