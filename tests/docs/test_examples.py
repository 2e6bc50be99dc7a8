#!/usr/bin/python3
"""Runs the examples of the manual pages and of README.

A manual page marks an example, and may mark what it prints:

    .\\" example: NAME.sh            or .py, .js, .c; arguments may follow
    .EX
    ...
    .EE
    .\\" output: NAME.sh
    .EX
    ...
    .EE

An example that cannot be run here is marked `.\\" not run: REASON`.  In README
a block fenced with ```sh, ```python, ```js or ```c is an example, and one
fenced with ```text behind it is what it prints.  A line of output that is only
"..." stands for any lines, "..." within a line for any characters.

They are run in a scratch folder with article.txt, wire.ndjson, examples/ and
build/, and with a precisd on the user's socket; /run/precis/precis.sock is
taken for that, and /tmp/precis.sock for another private one.  What an example
leaves running with "&" at its end serves those behind it.  One in Python or JavaScript that looks at its arguments gets
the endpoint and article.txt.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec

TOP = os.environ["abs_top_srcdir"]
BUILD = os.environ["abs_top_builddir"]
PAGES = ["clients/precis.1", "clients/precisctl.1", "daemon/precisd.8",
         "daemon/precis.conf.5", "protocol/precis-protocol.7",
         "engine/libprecis.3", "clients/libprecis-client.3"]
LIBRARIES = {"precis.h": "libprecis", "precis-client.h": "libprecis-client"}
FENCES = {"sh": "sh", "python": "py", "js": "js", "c": "c"}
SECONDS = 60        # for one example, under sanitizers too
NPM_SECONDS = 120   # for npm to fetch zeromq
SYSTEM_SOCKET = "/run/precis/precis.sock"
README_SOCKET = "/tmp/precis.sock"

count = 0
failures = 0


def note(text):
    for line in text.rstrip().splitlines():
        print("# " + line)


def passed(name, skipped=None):
    global count
    count += 1
    reason = " # SKIP " + skipped if skipped else ""
    print("ok %d - %s%s" % (count, name, reason), flush=True)


def failed(name, why):
    global count, failures
    count += 1
    failures += 1
    print("not ok %d - %s" % (count, name), flush=True)
    note(why)


class Example:
    def __init__(self, page, name, arguments, text):
        self.page, self.name, self.arguments = page, name, arguments
        self.text, self.output = text, None

    def title(self):
        return "%s: %s" % (self.page, self.name)


# ---- reading ----

ROFF = [("\\-", "-"), ("\\(aq", "'"), ("\\(dq", '"'), ("\\(rs", "\\"),
        ("\\(ti", "~"), ("\\(ha", "^"), ("\\(ga", "`"), ("\\&", "")]


def unescape(line):
    out, i = "", 0
    while i < len(line):
        for escape, plain in ROFF:
            if line.startswith(escape, i):
                out, i = out + plain, i + len(escape)
                break
        else:
            if line.startswith("\\e", i):
                out, i = out + "\\", i + 2
            elif line.startswith("\\f", i):
                i += 3
            else:
                out, i = out + line[i], i + 1
    return out


def manual_examples(page, lines):
    """Yields the examples; reports .EX blocks of EXAMPLES without a mark."""
    found, mark, block, section, bare = [], None, None, "", []
    for number, line in enumerate(lines, 1):
        if line.startswith(".SH"):
            section = line[3:].strip().strip('"')
        if block is None:
            match = re.match(r'\.\\" (example|output|not run): ?(.*)', line)
            if match:
                mark = match.groups()
            elif line == ".EX":
                block = []
        elif line == ".EE":
            text = "\n".join(block) + "\n"
            if mark is None and section == "EXAMPLES":
                bare.append("line %d" % number)
            elif mark and mark[0] == "example":
                name, *arguments = mark[1].split()
                found.append(Example(page, name, arguments, text))
            elif mark and mark[0] == "output" and found:
                found[-1].output = text
            mark, block = None, None
        else:
            block.append(unescape(line))
    if bare:
        failed(page + ": every example is marked", ", ".join(bare))
    return found


def readme_examples(page, lines):
    found, block, fence = [], None, None
    for line in lines:
        if not line.startswith("```"):
            if block is not None:
                block.append(line)
        elif block is None:
            block, fence = [], line[3:].strip()
        else:
            text = "\n".join(block) + "\n"
            if fence in FENCES:
                name = "example-%d.%s" % (len(found) + 1, FENCES[fence])
                found.append(Example(page, name, [], text))
            elif fence == "text" and found:
                found[-1].output = text
            block = None
    return found


# ---- running ----

def is_group(number):
    """Is there a process in the group?"""
    try:
        os.killpg(number, 0)
        return True
    except ProcessLookupError:
        return False


class World:
    """A scratch folder and a precisd of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="precis.", dir="/tmp")
        self.npm = None
        self.groups = []  # processes left running
        self.socket = self.folder + "/run/precis/precis.sock"
        os.makedirs(self.folder + "/run/precis", mode=0o700)
        os.chmod(self.folder + "/run", 0o700)
        shutil.copytree(TOP + "/examples", self.folder + "/examples")
        subprocess.run(["chmod", "-R", "u+w", self.folder + "/examples"])
        for name in ("article.txt", "wire.ndjson"):
            shutil.copy(self.folder + "/examples/" + name, self.folder)
        os.symlink(BUILD, self.folder + "/build")
        with open(self.folder + "/quickstart", "w") as file:
            file.write('#!/bin/sh\n[ $# -gt 0 ] || set -- '
                       'examples/article.txt\nexec build/precis "$@"\n')
        os.chmod(self.folder + "/quickstart", 0o755)
        self.environ = dict(os.environ, HOME=self.folder, LC_ALL="C.UTF-8",
                            XDG_RUNTIME_DIR=self.folder + "/run",
                            PATH=BUILD + ":" + os.environ["PATH"],
                            LD_LIBRARY_PATH=BUILD + "/.libs")
        self.environ.pop("PRECIS_ENDPOINT", None)
        self.environ.pop("abs_top_srcdir", None)
        self.log = open(self.folder + "/precisd.log", "wb")
        self.daemon = subprocess.Popen(
            [BUILD + "/precisd", "--endpoint", "ipc://" + self.socket],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=self.environ, cwd=self.folder)

    def wait(self, socket):
        """Until a service answers a ping; returns None, or what it said."""
        for _ in range(100):
            ping = subprocess.run(
                [BUILD + "/precisctl", "-e", "ipc://" + socket, "ping"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env=self.environ)
            if ping.returncode == 0:
                return None
            try:
                self.daemon.wait(0.1)
                break
            except subprocess.TimeoutExpired:
                pass
        with open(self.folder + "/precisd.log") as log:
            return ping.stdout.decode(errors="replace") + log.read()

    def close(self):
        for group in self.groups:
            if is_group(group):
                os.killpg(group, signal.SIGKILL)
        self.daemon.terminate()
        try:
            self.daemon.wait(20)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            self.daemon.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, command, seconds=SECONDS):
        """Returns status, output, errors; status None: it took too long.
        Output goes to files, which what it leaves running may keep open."""
        with open(self.folder + "/out", "w+b") as out, \
                open(self.folder + "/err", "w+b") as err:
            child = subprocess.Popen(command, cwd=self.folder,
                                     env=self.environ,
                                     stdin=subprocess.DEVNULL, stdout=out,
                                     stderr=err, start_new_session=True)
            try:
                status = child.wait(seconds)
                if is_group(child.pid):
                    self.groups.append(child.pid)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                status = None
            out.seek(0)
            err.seek(0)
            return (status, out.read().decode(errors="replace"),
                    err.read().decode(errors="replace"))

    def have_zeromq_js(self):
        """None where zeromq.js can be used, else why not."""
        if self.npm is None:
            self.npm = ("node or npm is missing",)
            if shutil.which("node") and shutil.which("npm"):
                status, _, err = self.run(
                    ["npm", "install", "--silent", "--no-audit", "--no-fund",
                     "--prefer-offline", "zeromq"], NPM_SECONDS)
                self.npm = (None,) if status == 0 else (
                    "npm could not install zeromq",)
                if status != 0:
                    note(err[-1000:])
        return self.npm[0]


def makefile_value(name):
    with open(BUILD + "/Makefile") as makefile:
        match = re.search(r"(?m)^%s = (.*)$" % name, makefile.read())
    return match.group(1).split() if match else []


def compile_command(example):
    """cc and pkg-config, as the page says, but against the build tree."""
    packages = [LIBRARIES[header] for header in
                re.findall(r"#include <(precis[a-z-]*\.h)>", example.text)]
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs"] + packages, check=True,
        stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, PKG_CONFIG_PATH="%s/engine:%s/clients" %
                 (BUILD, BUILD))).stdout.split()
    return (makefile_value("CC") + makefile_value("PRECIS_LDFLAGS") +
            ["-Wall", "-Wextra", "-I" + TOP + "/engine",
             "-I" + TOP + "/clients", "-L" + BUILD + "/.libs",
             example.name, "-o", example.name[:-2]] + flags)


def command_of(world, example):
    """Returns the command, and None or why it cannot be run."""
    kind = example.name.rsplit(".", 1)[1]
    if kind == "sh":
        return ["sh", "-eu", example.name], None
    if kind == "py":
        missing = "zmq" in example.text and not find_spec("zmq")
        return ([sys.executable, example.name],
                "python3-zmq is missing" if missing else None)
    if kind == "js":
        return ["node", example.name], world.have_zeromq_js()
    if kind == "c":
        return ["./" + example.name[:-2]], None
    return None, "nobody knows how to run a ." + kind


def arguments_of(world, example):
    if not example.arguments and re.search(r"\bargv\b", example.text) and \
            example.name.endswith((".py", ".js")):
        return ["ipc://" + world.socket, "article.txt"]
    return example.arguments


def fits(output, wanted):
    pattern = ""
    for line in wanted.rstrip().splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*"
        else:
            pattern += r".*".join(re.escape(part) for part in
                                  line.rstrip().split("...")) + r"[ \t]*\n"
    return re.fullmatch(pattern, output.rstrip() + "\n") is not None


def check(world, example):
    title = example.title()
    with open(world.folder + "/" + example.name, "w") as file:
        file.write(example.text.replace(SYSTEM_SOCKET, world.socket)
                   .replace(README_SOCKET, world.folder + "/readme.sock"))
    command, reason = command_of(world, example)
    if reason:
        return passed(title, reason)
    if example.name.endswith(".c"):
        status, _, err = world.run(compile_command(example))
        if status != 0 or err:
            return failed(title, "does not compile cleanly:\n" + err)
    status, out, err = world.run(command + arguments_of(world, example))
    if status is None:
        return failed(title, "took more than %d s" % SECONDS)
    if status != 0:
        return failed(title, "exit %d\n%s%s" % (status, out, err))
    if example.output is not None and not fits(out, example.output):
        return failed(title, "prints\n%sthe page says\n%s" %
                      (out, example.output))
    if example.text.rstrip().endswith("&"):
        why = world.wait(world.folder + "/readme.sock")
        if why is not None:
            return failed(title, "what it left running does not answer\n" +
                          why)
    return passed(title)


def main():
    examples = []
    for page in PAGES:
        with open(TOP + "/" + page, encoding="utf-8") as file:
            found = manual_examples(page, file.read().splitlines())
        if not found and not page.endswith(".5"):
            failed(page + ": has examples", "none was found")
        examples += found
    with open(TOP + "/README", encoding="utf-8") as file:
        examples += readme_examples("README", file.read().splitlines())
    world = World()
    try:
        why = world.wait(world.socket)
        if why is not None:
            failed("precisd answers", why)
        else:
            for example in examples:
                check(world, example)
    finally:
        world.close()
    print("1..%d" % count)
    return 1 if failures else 0


sys.exit(main())
