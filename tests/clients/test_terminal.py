#!/usr/bin/python3
"""precis on a terminal: what a person sees, and what a terminal must not."""
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

BUILD = os.environ["abs_programs"]
PRECIS = os.path.join(BUILD, "precis")
SECONDS = 60

try:
    for descriptor in pty.openpty():
        os.close(descriptor)
except OSError as error:
    print("1..0 # SKIP no pseudo-terminals, is /dev/pts mounted? (%s)" % error)
    sys.exit(0)

count = failures = 0


def ok(condition, name, why=""):
    global count, failures
    count += 1
    print("%sok %d - %s" % ("" if condition else "not ", count, name),
          flush=True)
    if not condition:
        failures += 1
        for line in str(why).splitlines():
            print("# " + line)


def same(got, wanted, name):
    ok(got == wanted, name, "   got: %r\nwanted: %r" % (got, wanted))


def run(*options, streams=(0, 1, 2), stdin=b"", columns=80, environment=None,
        typed=b"", until=None):
    """Runs precis with the streams named on a terminal, the others on pipes:
    (exit status, terminal, stdout, stderr)."""
    master, slave = pty.openpty()
    subprocess.run(["stty", "cols", str(columns), "rows", "24", "-onlcr",
                    "-echo"], stdin=slave, check=True)
    env = {name: value for name, value in os.environ.items()
           if name not in ("NO_COLOR", "PRECIS_ENDPOINT", "COLUMNS")}
    env.update({"TERM": "xterm", "LC_ALL": "C.UTF-8"}, **(environment or {}))
    process = subprocess.Popen(
        [PRECIS, "--local", *options], env=env,
        stdin=slave if 0 in streams else subprocess.PIPE,
        stdout=slave if 1 in streams else subprocess.PIPE,
        stderr=slave if 2 in streams else subprocess.PIPE,
        start_new_session=True, preexec_fn=lambda: controlling(slave))
    os.close(slave)
    seen = b""
    if until is not None:
        while until not in seen:
            seen += read(master)
    os.write(master, typed)
    if process.stdin is not None and stdin is not None:
        process.stdin.write(stdin)
        process.stdin.close()
        process.stdin = None
    if process.stdout is None and process.stderr is None:
        out = err = b""
    else:
        out, err = process.communicate(timeout=SECONDS)
    chunk = read(master)
    while chunk:
        seen += chunk
        chunk = read(master)
    status = process.wait(timeout=SECONDS)
    os.close(master)
    return status, seen.decode(), (out or b"").decode(), (err or b"").decode()


def controlling(slave):
    """Makes the terminal that of the process, so that Ctrl-C reaches it."""
    import fcntl
    import termios
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


def read(master):
    try:
        if not select.select([master], [], [], SECONDS)[0]:
            return b""
        return os.read(master, 65536)
    except OSError:  # EIO: nobody holds the other end any more
        return b""


folder = tempfile.mkdtemp(prefix="precis.")
os.chdir(folder)

# ---- nothing to read ----

status, seen, _, _ = run()
same(status, 64, "a terminal and no file: 64")
ok(seen.count("\n") == 1 and "--help" in seen, "one line of help", seen)
status, seen, _, _ = run("--ndjson")
same(status, 64, "the same with --ndjson")
status, seen, out, err = run("-", streams=(0,), typed=b"Il pleut.\n\x04")
same((status, out), (0, "Il pleut.\n"), "typed in, when asked for")

# ---- escape sequences ----

HARMFUL = "Il \033]0;title\007pleut\033[31m \u009b2J \u202eici\u2069\x7f\x08."
with open("harmful.txt", "w") as file:
    file.write(HARMFUL)
BAD = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OURS = re.compile(r"\033\[(1;7|1|0)m")
for options in ([], ["--bullets"], ["--json"], ["--text"], ["--explain"],
                ["--highlight"], ["--html"], ["--keywords"],
                ["--json", "--text", "--explain", "--keywords"]):
    name = " ".join(options) or "a summary"
    status, seen, _, _ = run(*options, "harmful.txt")
    same((status, BAD.findall(OURS.sub("", seen))), (0, []),
         "%s: nothing reaches the terminal that it could obey" % name)
    ok("\ufffd" in seen, "%s: it is shown as U+FFFD" % name, seen)
    status, seen, _, _ = run(*options, "--color", "never", "harmful.txt")
    same((status, BAD.findall(seen)), (0, []), "%s: nor without colour" % name)
status, _, out, _ = run("harmful.txt", streams=(0,))
same(out, HARMFUL + "\n", "through a pipe it is exact")
status, _, out, _ = run("--highlight", "--color", "always", "harmful.txt",
                        streams=(0,))
same(BAD.findall(OURS.sub("", out)), [], "but not to a pager, in colour")
line = json.dumps({"id": "\u009b\u202e", "text": HARMFUL},
                  ensure_ascii=False).encode()
status, seen, _, _ = run("--ndjson", streams=(1, 2), stdin=line)
same((status, BAD.findall(seen)), (0, []), "nor from NDJSON")
status, seen, _, _ = run("\033[2Jmissing\n.txt")
same((status, BAD.findall(seen), seen.count("\n")), (66, [], 1),
     "nor from a file's name")
status, seen, _, _ = run("--method", "\033c")
same((status, BAD.findall(seen)), (64, []), "nor from an option")
with open("dos.txt", "w", newline="") as file:
    file.write("Il pleut\r\nencore.\r\n")
status, seen, _, _ = run("--text", "dos.txt")
same(seen, "Il pleut\nencore.\n", "the ends of DOS lines are no matter")

# ---- colour ----

with open("two.txt", "w") as file:
    file.write("Il pleut sur Brissol.\n\nLe chat dort.\n")
_, _, chosen, _ = run("-n", "1", "two.txt", streams=(0,))
chosen = chosen.strip()


def marked(before, after):
    with open("two.txt") as file:
        return file.read().replace(chosen, before + chosen + after)


_, seen, _, _ = run("--highlight", "-n", "1", "two.txt")
same(seen, marked("\033[1;7m", "\033[0m"),
     "--highlight inverts what was chosen")
PLAIN = marked("[[", "]]")
for name, environment, options in [
        ("NO_COLOR", {"NO_COLOR": "1"}, []),
        ("TERM=dumb", {"TERM": "dumb"}, []),
        ("--color never", {}, ["--color", "never"])]:
    _, seen, _, _ = run("--highlight", "-n", "1", *options, "two.txt",
                        environment=environment)
    same(seen, PLAIN, name + ": marks of text")
_, seen, _, _ = run("--highlight", "-n", "1", "two.txt",
                    environment={"NO_COLOR": ""})
ok("\033[" in seen, "NO_COLOR that is empty is not set", seen)
_, seen, _, _ = run("--highlight", "-n", "1", "--color=always", "two.txt",
                    environment={"NO_COLOR": "1"})
ok("\033[" in seen, "--color always goes before NO_COLOR", seen)

# ---- width ----

with open("wide.txt", "w") as file:
    file.write("Le maire de Brissol a annoncé mardi, après une nuit de "
               "débats, que le marché couvert de la ville, où travaillent "
               "trente commerçants, fermerait, et que ses halles seraient "
               "vendues. " * 3
               + "\n\n東京の市場は今日も開いています。" * 5)
for columns in 80, 100, 200:
    _, seen, _, _ = run("--explain", "--color", "never", "wide.txt",
                        columns=columns)

    def width(line):
        return sum(2 if "\u3000" <= character <= "\uffee" and
                   character != "\ufffd" else 1 for character in line)
    widest = max(width(line) for line in seen.splitlines())
    ok(widest <= columns, "--explain keeps to %d columns" % columns,
       "%d:\n%s" % (widest, seen))
    ok(widest >= columns - 2, "and uses them", "%d:\n%s" % (widest, seen))

# ---- progress ----

LINES = b'{"text":"Il pleut."}\n'


def batch(*options):
    """Feeds a batch for somewhat more than the second after which progress is
    shown; returns what the terminal saw."""
    master, slave = pty.openpty()
    process = subprocess.Popen([PRECIS, "--local", "--ndjson", *options],
                               stdin=subprocess.PIPE, stderr=slave,
                               stdout=subprocess.DEVNULL)
    os.close(slave)
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        process.stdin.write(LINES)
        process.stdin.flush()
    process.stdin.close()
    seen, chunk = b"", read(master)
    while chunk:
        seen += chunk
        chunk = read(master)
    os.close(master)
    return process.wait(timeout=SECONDS), seen.decode()


status, seen = batch()
ok(status == 0 and re.search(r"\r\d+ articles, \d+/s", seen),
   "progress with its rate, after a second", seen)
ok(seen.endswith("\r\033[K"), "is taken away at the end", repr(seen[-40:]))
status, seen = batch("--no-progress")
same((status, seen), (0, ""), "--no-progress shows none")
status, seen, _, _ = run("--ndjson", streams=(2,), stdin=LINES)
same((status, seen), (0, ""), "nor does a batch of less than a second")

# ---- Ctrl-C ----

status, seen, _, _ = run("-v", "-", until=b"process", typed=b"\x03")
same(status, -2, "Ctrl-C ends it by its signal: 130 to a shell")
started = time.monotonic()
status, seen, _, _ = run("-v", "-", until=b"process", typed=b"\x03",
                         streams=(0, 1, 2))
ok(time.monotonic() - started < 5, "at once")

shutil.rmtree(folder)
print("1..%d" % count)
sys.exit(1 if failures else 0)
