"""A service whose replies a test writes, and precis before it."""
import json
import os
import socket
import subprocess
import tempfile
import time

import zmq

BUILD = os.environ.get("abs_top_builddir", ".")
PRECIS = os.path.join(BUILD, "precis")
# The program itself starts sooner than libtool's script.
if os.access(os.path.join(BUILD, ".libs/precis"), os.X_OK):
    PRECIS = os.path.join(BUILD, ".libs/precis")
    os.environ["LD_LIBRARY_PATH"] = ":".join(filter(None, [
        os.path.join(BUILD, ".libs"), os.environ.get("LD_LIBRARY_PATH")]))
SECONDS = 60
TEXT = b"Il pleut sur le port de Brissol."

os.environ.pop("PRECIS_ENDPOINT", None)
folder = tempfile.mkdtemp(prefix="precis.")
context = zmq.Context()


class Fake:
    """A service whose every reply is written by the test."""

    def __init__(self, name):
        self.path = os.path.join(folder, name)
        self.endpoint = "ipc://" + self.path
        self.is_mute = False
        self.asked = 0
        self.open()

    def open(self):
        self.socket = context.socket(zmq.ROUTER)
        self.socket.setsockopt(zmq.LINGER, 1000)
        self.socket.bind(self.endpoint)

    def close(self):
        """As a process dies: the connections end, the file stays."""
        self.socket.close(linger=0)
        # libzmq closes behind our back.
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(self.path)
                except OSError:
                    return

    def receive(self, seconds=SECONDS):
        """One request: envelope, header, body; None where none came.  The
        question whether anybody is there, which has the id 0, is answered
        unless `is_mute`."""
        end = time.monotonic() + seconds
        while self.socket.poll(max(0, int((end - time.monotonic()) * 1000))):
            frames = self.socket.recv_multipart()
            at = frames.index(b"PRECIS/1")
            request = frames[:at], json.loads(frames[at + 1]), frames[at + 2]
            if request[1].get("id") != 0:
                return request
            self.asked += 1
            if not self.is_mute:
                self.reply(request, {"status": "ok"})
        return None

    def reply(self, request, header, body=b"", raw=None):
        header = dict({"id": request[1]["id"]}, **header)
        self.socket.send_multipart(
            request[0] + (raw if raw is not None else
                          [b"PRECIS/1", json.dumps(header).encode(), body]))

    def answer(self, request):
        self.reply(request, {"status": "ok", "version": "0.1.0",
                             "warnings": []}, b"(" + request[2] + b")")

    def error(self, request, code, **more):
        self.reply(request, {"status": "error", "error": dict(
            {"code": code, "message": code + " it is"}, **more)})

    def ping(self, version="0.1.0"):
        request = self.receive()
        if request is None or request[1].get("op") != "ping":
            raise RuntimeError("no ping, but %r" % (request,))
        self.reply(request, {"status": "ok", "article_limit": 65536,
                             "version": version})


class Precis:
    """precis with the service given, or those of a list; `text` None: its
    standard input stays open."""

    def __init__(self, fakes, *options, text=TEXT):
        fakes = fakes if isinstance(fakes, list) else [fakes]
        self.process = subprocess.Popen(
            [PRECIS, *("--endpoint=" + fake.endpoint for fake in fakes),
             *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        if text is not None:
            self.feed(text)
            self.close()

    def feed(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def close(self):
        self.process.stdin.close()
        self.process.stdin = None

    def end(self):
        """(exit status, output, messages)"""
        out, err = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out, err.decode()


def summary(text=TEXT):
    return b"(" + text + b")\n"
