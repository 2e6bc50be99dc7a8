"""What bench/speed and bench/scaling read: articles of files, or our own.

Without a file: the French articles of examples/ and tests/cases/fr/, joined to
articles of about 2.3 kB each, an ordinary length; always the same ones.
"""
import json
import lzma
import os

ORDINARY = 2300
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEYS = ("text", "article", "body", "content")
SHORTEST = 200          # bytes; shorter cases are single sentences


class Failed(Exception):
    """Said to the user without a traceback."""


def of_file(path, most):
    """The texts of a file of JSON lines, also of one compressed with xz."""
    texts = []
    opened = lzma.open if path.endswith(".xz") else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                text = next((record[key] for key in KEYS if record.get(key)),
                            None)
                if text:
                    texts.append(text)
                if len(texts) == most:
                    break
    except (OSError, ValueError, lzma.LZMAError, AttributeError) as error:
        raise Failed("%s: %s" % (path, error))
    if not texts:
        raise Failed("%s: no articles" % path)
    return texts


def short_texts():
    """Ours, in an order that is the same everywhere."""
    found = [open(TOP + "/examples/article.txt", encoding="utf-8").read()]
    found += of_file(TOP + "/examples/wire.ndjson", None)
    folder = TOP + "/tests/cases/fr"
    for name in sorted(os.listdir(folder)):
        try:
            with open("%s/%s/input" % (folder, name), "rb") as file:
                data = file.read()
            if len(data) >= SHORTEST and b"\0" not in data:
                found.append(data.decode("utf-8"))
        except (OSError, UnicodeDecodeError):
            continue
    return [text.strip() for text in found]


def joined(short, first, step, size):
    """A text of about that size, of every step'th of the short ones."""
    parts, length, number = [], 0, first
    while length < size:
        part = short[number % len(short)]
        room = size - length
        if len(part.encode()) > 2 * room and parts:
            break
        parts.append(part)
        length += len(part.encode()) + 2
        number += step
    return "\n\n".join(parts) + "\n"


def own(count, size=ORDINARY):
    short = short_texts()
    return [joined(short, number, 1 + number // len(short), size)
            for number in range(count)]


def load(paths, count):
    """At most `count` articles, as bytes."""
    texts = []
    for path in paths:
        texts += of_file(path, count - len(texts) if count else None)
    return [text.encode() for text in (texts if paths else own(count))]


def write(path, bodies):
    """As bench/bodies.c reads them."""
    with open(path, "wb") as file:
        for body in bodies:
            file.write(b"%d\n%s" % (len(body), body))


def write_ndjson(path, bodies, language):
    with open(path, "w", encoding="utf-8") as file:
        for number, body in enumerate(bodies):
            file.write(json.dumps({"id": number, "language": language,
                                   "text": body.decode()},
                                  ensure_ascii=False) + "\n")
