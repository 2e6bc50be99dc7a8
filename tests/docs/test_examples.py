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

`.\\" file: PATH` marks the text of a file that later examples of the page
name.  A block that begins with "$ " is a session: each such line is a command,
the lines behind it are what it prints (times and ports apart).  A precisd in a
session is left running till its end.  An example that cannot be run here is
marked `.\\" not run: REASON`.  In README a block fenced with ```sh, ```python,
```js or ```c is an example, and one fenced with ```text behind it is what it
prints.  A line of output that is only "..." stands for any lines, "..." within
a line for any characters.

They are run in a scratch folder with article.txt, wire.ndjson, examples/ and
build/, and with a precisd on the user's socket; /run/precis/precis.sock is
taken for that, and other sockets for private ones, tcp ports 5555 and
5556 for free ones.  What an example leaves
running with "&" at its end serves those behind it.  One in Python or
JavaScript that looks at its arguments gets the endpoint and article.txt.
"""
import os
import re
import shutil
import signal
import socket as sockets
import subprocess
import sys
import tempfile
from importlib.util import find_spec

TOP = os.environ["abs_top_srcdir"]
BUILD = os.environ["abs_top_builddir"]
PROGRAMS = os.environ["abs_programs"]
PAGES = ["clients/precis.1", "clients/fr/precis.1", "clients/precisctl.1",
         "daemon/precisd.8", "daemon/precis.conf.5",
         "protocol/precis-protocol.7", "engine/libprecis.3",
         "clients/libprecis-client.3"]
LIBRARIES = {"precis.h": "libprecis", "precis-client.h": "libprecis-client"}
FENCES = {"sh": "sh", "python": "py", "js": "js", "c": "c"}
SECONDS = 60        # for one example, under sanitizers too
NPM_SECONDS = 120   # for npm to fetch zeromq
SYSTEM_SOCKET = "/run/precis/precis.sock"
OTHER_SOCKET = re.compile(r"/tmp/([a-z]+\.sock)")
OTHER_PORT = re.compile(r"tcp://127\.0\.0\.1:(555[56])")
USER_FOLDER = re.compile(r"/run/user/\d+")

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
            match = re.match(r'\.\\" ([a-z ]+): ?(.*)', line)
            if match:
                mark = match.groups()
            elif line == ".EX":
                block = []
        elif line == ".EE":
            text = "\n".join(block) + "\n"
            if is_session(mark, text):
                found.append(Example(page, "line %d" % number, [], text))
            elif mark is None and section in ("EXAMPLES", "EXEMPLES"):
                bare.append("line %d" % number)
            elif mark and mark[0] == "file":
                found.append(Example(page, mark[1], None, text))
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


def is_session(mark, text):
    return mark is None and text.startswith("$ ")


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
        self.ports = {}  # free ones, by those of the examples
        self.groups = []  # processes left running
        self.files = {}
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
                            PATH=PROGRAMS + ":" + os.environ["PATH"],
                            LD_LIBRARY_PATH=BUILD + "/.libs")
        # The user's own settings and cache, where HOME was changed.
        self.environ.setdefault("npm_config_userconfig",
                                os.path.expanduser("~/.npmrc"))
        self.environ.setdefault("npm_config_cache",
                                os.path.expanduser("~/.npm"))
        self.environ.pop("PRECIS_ENDPOINT", None)
        self.environ.pop("abs_top_srcdir", None)
        self.log = open(self.folder + "/precisd.log", "wb")
        self.daemon = subprocess.Popen(
            [PROGRAMS + "/precisd", "--endpoint", "ipc://" + self.socket],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=self.environ, cwd=self.folder)

    def wait(self, socket):
        """Until a service answers a ping; returns None, or what it said."""
        for _ in range(100):
            ping = subprocess.run(
                [PROGRAMS + "/precisctl", "-e", "ipc://" + socket, "ping"],
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

    def port(self, number):
        """A free tcp port, the same one for the same number."""
        if number not in self.ports:
            with sockets.create_server(("127.0.0.1", 0)) as free:
                self.ports[number] = free.getsockname()[1]
        return self.ports[number]

    def wait_port(self, number):
        """Until somebody accepts there; returns None, or what is wrong."""
        for _ in range(100):
            try:
                sockets.create_connection(("127.0.0.1", number), 1).close()
                return None
            except OSError as error:
                why = str(error)
            try:
                self.daemon.wait(0.1)
            except subprocess.TimeoutExpired:
                pass
        return why

    def localized(self, example):
        """Its text, with the sockets and files of this world."""
        text = example.text.replace(SYSTEM_SOCKET, self.socket)
        text = OTHER_SOCKET.sub(self.folder + r"/\1", text)
        text = OTHER_PORT.sub(lambda found: "tcp://127.0.0.1:%d" %
                              self.port(found.group(1)), text)
        for (page, path), kept in self.files.items():
            if page == example.page:
                text = text.replace(path, kept)
        return text

    def keep_file(self, example):
        kept = self.folder + "/" + os.path.basename(example.name)
        with open(kept, "w") as file:
            file.write(example.text)
        self.files[example.page, example.name] = kept

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


# ---- sessions ----

def commands_of(text):
    """Yields each command and what is to follow it."""
    command, output = None, []
    for line in text.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, "\n".join(output)
            command, output = line[2:], []
        elif command is not None and command.endswith("\\"):
            command = command[:-1] + line.lstrip("> ")
        else:
            output.append(line)
    if command is not None:
        yield command, "\n".join(output)


def general(text):
    """Without what differs from one run to the next."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    text = re.sub(r"(127\.0\.0\.1):\d+", r"\1:PORT", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def start(command, wanted, world, environ):
    """Starts a service; returns it, and None or what it said instead."""
    with open(world.folder + "/service.log", "wb") as log:
        service = subprocess.Popen(
            ["sh", "-c", "exec " + command.rstrip("& ")], cwd=world.folder,
            env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    said = ""
    for _ in range(100):
        with open(world.folder + "/service.log") as log:
            said = log.read()
        if general(wanted or "ready on") in general(said):
            return service, None
        try:
            service.wait(0.1)
            break
        except subprocess.TimeoutExpired:
            pass
    return service, said


def check_session(world, example):
    folder = tempfile.mkdtemp(prefix="s", dir=world.folder)
    environ = dict(world.environ, XDG_RUNTIME_DIR=folder)
    services, why = [], None
    text = USER_FOLDER.sub(folder, world.localized(example))
    for command, wanted in commands_of(text):
        if command.startswith("precisd ") and "--check" not in command:
            if os.getuid() == 0 and "--endpoint" not in command:
                # Root's would be the system's socket, which is not ours.
                os.mkdir(folder + "/precis", 0o700)
                endpoint = "ipc://%s/precis/precis.sock" % folder
                environ["PRECIS_ENDPOINT"] = endpoint
                command = "precisd --endpoint " + endpoint
            service, said = start(command, wanted, world, environ)
            services.append(service)
            why = said
        else:
            done = subprocess.run(["sh", "-c", command], cwd=world.folder,
                                  env=environ, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True,
                                  timeout=SECONDS)
            if done.returncode != 0 and not wanted or wanted and \
                    not fits(general(done.stdout), general(wanted)):
                why = "exit %d\n%s" % (done.returncode, done.stdout)
        if why is not None:
            why = "$ %s\nprints\n%s\nthe page says\n%s" % (command, why,
                                                           wanted)
            break
    for service in services:
        service.terminate()
        if service.wait(20) != 0:
            why = why or "the service ended with %d" % service.returncode
    return failed(example.title(), why) if why else passed(example.title())


def check(world, example):
    title = example.title()
    if example.arguments is None:
        world.keep_file(example)
        return None
    if example.name.startswith("line "):
        return check_session(world, example)
    with open(world.folder + "/" + example.name, "w") as file:
        file.write(world.localized(example))
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
        port = OTHER_PORT.search(example.text)
        why = world.wait_port(world.port(port.group(1))) if port \
            else world.wait(world.folder + "/precis.sock")
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
