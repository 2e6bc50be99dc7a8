"""ZMTP by hand, for clients that ZeroMQ would not let one be."""
import socket as sockets

GREETING = (b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0")
            + b"\0" + bytes(31))
_TYPE = b"\x05READY\x0bSocket-Type\0\0\0\x06DEALER"
READY = bytes([4, len(_TYPE)]) + _TYPE


def connect(endpoint, source=None, timeout=20):
    """A plain connection to ipc://PATH or tcp://HOST:PORT."""
    kind, place = endpoint.split("://", 1)
    if kind == "ipc":
        connection = sockets.socket(sockets.AF_UNIX)
        # Waits where the backlog is full, as it would not with a time-out.
        connection.connect(place)
        connection.settimeout(timeout)
        return connection
    host, port = place.rsplit(":", 1)
    return sockets.create_connection(
        (host, int(port)), timeout, source and (source, 0))


def receive(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionResetError("closed")
        data += more
    return data


def frame(data, more=False):
    flags = 1 if more else 0
    if len(data) < 256:
        return bytes([flags, len(data)]) + data
    return bytes([flags | 2]) + len(data).to_bytes(8, "big") + data


def greet(connection):
    """Shakes hands as a DEALER; the connection is then open to messages.
    Raises OSError where the other side ends it."""
    connection.sendall(GREETING + READY)
    receive(connection, len(GREETING))
    size = receive(connection, 2)[1]
    receive(connection, size)
    return connection


def send(connection, parts):
    connection.sendall(b"".join(
        frame(part, number + 1 < len(parts))
        for number, part in enumerate(parts)))


def is_closed(connection):
    """Has the other side ended it?  What it has sent is thrown away."""
    connection.setblocking(False)
    try:
        while True:
            if not connection.recv(65536):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True
