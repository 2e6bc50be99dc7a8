#!/usr/bin/python3
"""precisctl top on a terminal: refreshed, ended by q and by Ctrl-C, and the
terminal is as before."""
import os
import pty
import select
import subprocess
import sys
import termios

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["abs_top_srcdir"],
                                "tests/daemon"))
from service import DEADLINE, Service, done_testing, ok, same

CTL = os.path.join(os.environ.get("abs_top_builddir", "."), "precisctl")
OPEN, CLOSE = b"\x1b[?1049h", b"\x1b[?1049l"

try:
    for descriptor in pty.openpty():
        os.close(descriptor)
except OSError as error:
    print("1..0 # SKIP no pseudo-terminals (%s)" % error)
    sys.exit(0)


def controlling(slave):
    """Makes the terminal that of the process, so that Ctrl-C reaches it."""
    import fcntl
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


class Top:
    def __init__(self, endpoint):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.process = subprocess.Popen(
            [CTL, "-e", endpoint, "top"], stdin=self.slave, stdout=self.slave,
            stderr=self.slave, start_new_session=True,
            preexec_fn=lambda: controlling(self.slave))

    def wait(self, wanted, times=1):
        while self.seen.count(wanted) < times:
            if not select.select([self.master], [], [], DEADLINE)[0]:
                return False
            self.seen += os.read(self.master, 65536)
        return True

    def end(self, key):
        """Types the key; exit status, and is the terminal as before?"""
        os.write(self.master, key)
        status = self.process.wait(DEADLINE)
        self.wait(CLOSE)
        is_same = termios.tcgetattr(self.slave) == self.before
        os.close(self.master)
        os.close(self.slave)
        return status, is_same


with Service("--workers", "1") as service:
    for key, name in [(b"q", "q"), (b"\x03", "Ctrl-C")]:
        top = Top(service.endpoints[0])
        ok(top.wait(b"0 of 1 busy", 2), "it shows, and shows again")
        ok(top.seen.startswith(OPEN) and CLOSE not in top.seen,
           "on a screen of its own")
        os.write(top.master, b"x")
        ok(top.wait(b"0 of 1 busy", 3), "another key only refreshes")
        same(top.end(key), (0, True),
             name + " ends it, and the terminal is as before")
    top = Top(service.endpoints[0])
    top.wait(b"0 of 1 busy")
    service.stop()
    ok(top.wait(b"no service answers"), "a service that goes is told")
    with Service("--workers", "1", folder=service.folder):
        ok(top.wait(b"0 of 1 busy", top.seen.count(b"0 of 1 busy") + 1),
           "and one that comes back is seen")
        same(top.end(b"q"), (0, True), "q")
done_testing()
