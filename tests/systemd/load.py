"""Clients of a machine's service that count what they see."""
import json
import socket as sockets
import threading
import time

from service import MAGIC, article, zmq

SOCK = "/run/precis/precis.sock"
DEADLINE = 60


class Client:
    """Asks with the same id until it is answered; counts how often."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.context = zmq.Context()
        self.socket = None
        self.retries = 0

    def connect(self):
        if self.socket is not None:
            self.socket.close(0)
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.connect(self.endpoint)

    def once(self, header, body, wait):
        self.socket.send_multipart([MAGIC, json.dumps(header).encode(), body])
        while self.socket.poll(wait):
            parts = self.socket.recv_multipart()
            reply = json.loads(parts[1])
            if reply.get("id") == header["id"]:
                return reply
        return None

    def ask(self, number, wait=2000, seconds=DEADLINE):
        """The reply; None where there is none in time."""
        header = {"id": "r%d" % number, "language": "fr"}
        end = time.monotonic() + seconds
        if self.socket is None:
            self.connect()
        while time.monotonic() < end:
            reply = self.once(header, article(number), wait)
            if reply is not None and reply["status"] == "ok":
                return reply
            self.retries += 1
            self.connect()
            # "shutting_down" comes at once: do not ask a thousand times.
            if reply is not None:
                self.socket.poll(50)
        return None

    def close(self):
        self.context.destroy(0)


def ask(machine, number=1, **options):
    client = Client("ipc://" + machine.path(SOCK))
    reply = client.ask(number, **options)
    client.close()
    return reply


class Load(threading.Thread):
    def __init__(self, machine, first, stop):
        super().__init__()
        self.client = Client("ipc://" + machine.path(SOCK))
        self.first, self.stop = first, stop
        self.asked = self.lost = 0
        self.turned = threading.Condition()

    def run(self):
        while not self.stop.is_set():
            answered = self.client.ask(self.first + self.asked) is not None
            with self.turned:
                self.asked += 1
                self.lost += not answered
                self.turned.notify_all()
        self.client.close()

    def wait_for(self, more):
        """Until so many more requests have ended."""
        with self.turned:
            wanted = self.asked + more
            self.turned.wait_for(lambda: self.asked >= wanted, DEADLINE)


class Knock(threading.Thread):
    """Connects all the time, and counts how often it is refused."""

    def __init__(self, machine, stop):
        super().__init__()
        self.path, self.stop = machine.path(SOCK), stop
        self.tried, self.refused = 0, []

    def run(self):
        while not self.stop.is_set():
            knock = sockets.socket(sockets.AF_UNIX)
            self.tried += 1
            try:
                knock.connect(self.path)
            except OSError as error:
                self.refused.append(str(error))
            knock.close()
            self.stop.wait(0.005)
