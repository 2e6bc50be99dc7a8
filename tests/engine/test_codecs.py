#!/usr/bin/python3
"""decode() against Python's codecs and unicodedata, on random bytes.

Charset, number of U+FFFD, place of the first, text, and the source offset of
every character are each computed here by other means and compared.
"""
import codecs
import os
import random
import subprocess
import sys
import unicodedata

DRIVER = os.path.join(os.environ.get("abs_top_builddir", "."),
                      "tests/engine/decode_driver")
SEED = int(os.environ.get("SEED", "20161020"))

# Canonical name -> Python's codec.
EIGHT_BIT = {name: name for name in """
    US-ASCII windows-1252 ISO-8859-2 ISO-8859-3 ISO-8859-4 ISO-8859-5
    ISO-8859-6 ISO-8859-7 ISO-8859-8 ISO-8859-9 ISO-8859-10 ISO-8859-11
    ISO-8859-13 ISO-8859-14 ISO-8859-15 ISO-8859-16 windows-874 windows-1250
    windows-1251 windows-1253 windows-1254 windows-1255 windows-1256
    windows-1257 windows-1258 KOI8-R KOI8-U MACINTOSH MAC-CYRILLIC
    MAC-CENTRALEUROPE IBM437 IBM850 IBM852 IBM855 IBM858 IBM865 IBM866
    """.split()}
EIGHT_BIT.update({"MACINTOSH": "mac_roman", "MAC-CYRILLIC": "mac_cyrillic",
                  "MAC-CENTRALEUROPE": "mac_latin2", "windows-874": "cp874"})

WIDE = {"UTF-8": "utf-8", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be",
        "UTF-32LE": "utf-32-le", "UTF-32BE": "utf-32-be"}
BOMS = [(b"\xEF\xBB\xBF", "UTF-8"), (b"\xFF\xFE\0\0", "UTF-32LE"),
        (b"\0\0\xFE\xFF", "UTF-32BE"), (b"\xFF\xFE", "UTF-16LE"),
        (b"\xFE\xFF", "UTF-16BE")]

STRETCH_MAX = 64  # of engine/normalize.c


class Driver:
    def __init__(self):
        self.process = subprocess.Popen([DRIVER], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def __call__(self, charset, source):
        to, back = self.process.stdin, self.process.stdout
        to.write(b"%s %d\n%s" % (charset.encode(), len(source), source))
        to.flush()
        head = back.readline().split()
        if head[0] != b"ok":
            back_code = int(head[1])
            return {"code": back_code}
        size, replaced, first, count = map(int, head[2:])
        text = back.read(size)
        offsets = list(map(int, back.readline().split()))
        assert len(offsets) == count
        return {"code": 0, "charset": head[1].decode(), "text": text,
                "replaced": replaced, "first": first, "offsets": offsets}


errors = []  # (start, end) of what Python could not decode


def note_error(error):
    errors.append((error.start, error.end))
    return "\uFFFD", error.end


codecs.register_error("note", note_error)


def expect(charset, source):
    """(charset, decoded text, its source offsets, replaced, first)"""
    bom = 0
    for bytes_, kind in BOMS:
        if len(bytes_) == 4 and charset.startswith("UTF-16"):
            continue
        if source.startswith(bytes_):
            charset, bom = kind, len(bytes_)
            break
    codec = WIDE[charset]
    errors.clear()
    text = source[bom:].decode(codec, "note")
    bad = dict(errors)
    at, offsets, replaced, first = bom, [], 0, 0
    out = []
    for c in text:
        offsets.append(at)
        if at - bom in bad or c == "\0":
            first = first if replaced else at
            replaced += 1
            at = bom + bad[at - bom] if at - bom in bad else \
                at + len(c.encode(codec))
            c = "\uFFFD"
        else:
            at += len(c.encode(codec))
        out.append(c)
    offsets.append(at)
    return charset, "".join(out), offsets, replaced, first


def is_beginning(c):
    return unicodedata.category(c)[0] != "M" and not 0x1160 <= ord(c) <= 0x11FF


def has_unknown(text):
    """Characters newer than this Python."""
    return any(unicodedata.category(c) == "Cn" for c in text)


def check(got, charset, raw, offsets, replaced, first, source):
    """None, or what is wrong.  raw is not in NFC yet."""
    if got["code"] != 0:
        return "error %d" % got["code"]
    try:
        text = got["text"].decode("utf-8")
    except UnicodeDecodeError as error:
        return "not UTF-8: %s" % error
    if "\0" in text:
        return "NUL"
    if got["charset"] != charset:
        return "charset %s, not %s" % (got["charset"], charset)
    if (got["replaced"], got["first"]) != (replaced, first):
        return "replaced %d from %d, not %d from %d" % (
            got["replaced"], got["first"], replaced, first)
    if len(raw.encode("utf-8")) > 3 * len(source) + 64:
        return "too long"
    wanted = unicodedata.normalize("NFC", raw)
    if text != wanted:
        return None if has_unknown(raw) else "text %a, not %a" % (text, wanted)
    if text == raw:
        if got["offsets"] != offsets:
            return "offsets %s, not %s" % (got["offsets"], offsets)
        return None
    return check_composed(got["offsets"], text, raw, offsets)


def check_composed(got, text, raw, offsets):
    """Before a character that begins something, both sides have the same."""
    if got != sorted(got) or got[0] != offsets[0] or got[-1] != offsets[-1]:
        return "offsets %s" % got
    if not set(got) <= set(offsets):
        return "an offset inside a character"
    for number in random.sample(range(len(text)), min(5, len(text))):
        if not is_beginning(text[number]):
            continue
        before = raw[:offsets.index(got[number])]
        if unicodedata.normalize("NFC", before) != text[:number]:
            return "offset %d of character %d" % (got[number], number)
    return None


# ---- what is tried ----

def random_bytes():
    size = random.choice((0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 40, 200))
    kind = random.randrange(4)
    if kind == 0:
        return bytes(random.randrange(256) for _ in range(size))
    if kind == 1:  # mostly ASCII
        return bytes(random.choice((random.randrange(256), 0x20, 0x61, 0x65))
                     if random.random() < .2 else random.randrange(32, 127)
                     for _ in range(size))
    if kind == 2:  # what UTF-8 and UTF-16 are made of
        return bytes(random.choice(b"\x00\x41\x80\xBF\xC3\xA9\xE0\x9F\xA0\xE2"
                                   b"\xED\xF0\x90\x8F\xF4\xF5\xC0\xC1\xD8\xDC"
                                   b"\xDB\xDF\xFE\xFF\x10\x11") for _ in
                     range(size))
    return b""


MARKS = "\u0300\u0301\u0308\u0323\u0327\u0328\u0338\u0342\u0344\u0345\u05B0" \
    "\u05BC\u05C1\u064B\u0653\u093C\u09BE\u0B3E\u0F71\u0F72\u0F73\u1DCE\u3099" \
    "\U0001D165\U0001D16E\u20D2\u0340\u0343"
LETTERS = "aeiouEAcnoOyz \n.\u00E9\u00E0\u1EBF\u0152\u03B1\u03C9\u0438\u0415" \
    "\u05E9\u0627\u0915\u09C7\u0B47\u304B\u2126\u212B\u0958\uFB2C\u2ADC" \
    "\U0001D157\U0001D15E\u1100\u1112\u1161\u1175\u11A8\u11C2\uAC00\uAC01" \
    "\uF900\U0002F800\u037E\u2019\u20AC\u4E00\U0001F600\u1F80\u0390\uFFFD"


def random_text():
    size = random.choice((1, 2, 5, 10, 40, 150))
    marks = random.choice((.1, .4, .8))
    text = "".join(random.choice(MARKS if random.random() < marks else LETTERS)
                   for _ in range(size))
    # Runs of marks stay far below STRETCH_MAX.
    return "".join(text[i:i + 30] + "x" for i in range(0, len(text), 30))


def damaged(charset):
    """Text of this charset with a few bytes changed, cut or added."""
    source = bytearray(random_text().encode(WIDE[charset]))
    for _ in range(random.randrange(4)):
        at = random.randrange(len(source) + 1)
        kind = random.randrange(3)
        if kind == 0:
            source[at:at + 1] = bytes([random.randrange(256)])
        elif kind == 1:
            del source[at:at + random.randrange(4)]
        else:
            source.insert(at, random.randrange(256))
    return bytes(source)


def bom_or_not(source):
    return random.choice(BOMS)[0] + source if random.random() < .1 else source


def try_wide(driver, charset, rounds):
    for _ in range(rounds):
        source = bom_or_not(damaged(charset) if random.random() < .6
                            else random_bytes())
        fault = check(driver(charset, source), *expect(charset, source),
                      source)
        if fault:
            return "%s %a: %s" % (charset, source, fault)
    return None


def try_auto(driver, rounds):
    """Nothing declared: as UTF-8 where it is that."""
    for _ in range(rounds):
        text = random_text().replace("\uFFFD", "-")
        source = bom_or_not(text.encode())
        fault = check(driver("auto", source), *expect("UTF-8", source), source)
        if fault:
            return "auto %a: %s" % (source, fault)
    return None


def try_order(driver, rounds):
    """UTF-16 of French or Russian words, without BOM, declared or not."""
    words = ["Le ", "préfet ", "dément. ", "Мост ", "закрыт ", "до ", "2016 "]
    for _ in range(rounds):
        text = "".join(random.choice(words) for _ in range(9)) + "a 1"
        for charset, declared in (("UTF-16LE", "UTF-16"), ("UTF-16BE", "auto"),
                                  ("UTF-16LE", "auto"), ("UTF-16BE", "ucs-2"),
                                  ("UTF-32LE", "UTF-32"), ("UTF-32BE", "UCS4")):
            source = text.encode(WIDE[charset])
            fault = check(driver(declared, source), *expect(charset, source),
                          source)
            if fault:
                return "%s as %s %a: %s" % (charset, declared, source, fault)
    return None


def table_of(driver, charset, codec):
    """(what each byte is by this iconv, fault)"""
    table = []
    for byte in range(256):
        got = driver(charset, bytes([byte]))
        wanted = bytes([byte]).decode(codec, "replace").replace("\0", "\uFFFD")
        if got["code"] != 0:
            return None, None  # this iconv lacks it: no fault
        text = got["text"].decode()
        if text == unicodedata.normalize("NFC", wanted):
            table.append(wanted)
        else:
            return None, "%s %02X: %a, not %a" % (charset, byte, text, wanted)
        if got["replaced"] != (table[-1] == "\uFFFD"):
            return None, "%s %02X: replaced" % (charset, byte)
    return table, None


def try_table(driver, charset, codec, rounds):
    table, fault = table_of(driver, charset, codec)
    if table is None:
        return fault
    for _ in range(rounds):
        source = random_bytes()
        raw = "".join(table[b] for b in source)
        got = driver(charset, source)
        fault = check(got, charset, raw, list(range(len(source) + 1)),
                      raw.count("\uFFFD"), max(0, raw.find("\uFFFD")), source)
        if fault:
            return "%s %a: %s" % (charset, source, fault)
    return None


def try_every_character(driver):
    """Each code point between letters, and with marks after it."""
    for start in range(0, 0x110000, 0x1000):
        if unicodedata.category(chr(start)) == "Co":
            continue
        raw = "".join("a%c\u0301\u0323b%ce" % (cp, cp)
                      for cp in range(start, start + 0x1000)
                      if unicodedata.category(chr(cp)) not in ("Cs", "Cn"))
        raw = raw.replace("\0", "")
        got = driver("UTF-8", raw.encode())
        text = got["text"].decode()
        wanted = unicodedata.normalize("NFC", raw)
        if text != wanted:
            for cp in range(start, start + 0x1000):
                if unicodedata.category(chr(cp)) in ("Cs", "Cn"):
                    continue
                one = "a%c\u0301\u0323b%ce" % (cp, cp)
                got = driver("UTF-8", one.encode())["text"].decode()
                if cp and got != unicodedata.normalize("NFC", one):
                    return "U+%04X: %a" % (cp, got)
    return None


def try_long_runs(driver):
    """Runs above STRETCH_MAX: marks of each piece are ordered."""
    for text in ("e" + "\u0301\u0323" * 5000, "\u0344" * 5000,
                 "\u1161" * 5000, "\u11A8" * 5000 + "a", "\u0323" * 5000,
                 "\u1100\u1161\u11A8" * 2000, "\u09C7" + "\u09BE" * 5000):
        got = driver("UTF-8", text.encode())["text"].decode()
        decomposed = unicodedata.normalize("NFD", got)
        if sorted(decomposed) != sorted(unicodedata.normalize("NFD", text)):
            return "%a...: other characters" % text[:4]
        if len(text) < STRETCH_MAX or "\u0323" in text:
            continue
        if got != unicodedata.normalize("NFC", text):
            return "%a...: not NFC" % text[:4]
    return None


def main():
    if not os.access(DRIVER, os.X_OK):
        print("1..0 # SKIP decode_driver is not built")
        return 0
    random.seed(SEED)
    driver = Driver()
    tests = [("%s is Python's" % name, try_table, name, codec, 60)
             for name, codec in EIGHT_BIT.items()]
    tests += [("%s is Python's" % name, try_wide, name, 700) for name in WIDE]
    tests += [("nothing declared", try_auto, 500),
              ("orders of bytes are found", try_order, 40),
              ("NFC of every character", try_every_character),
              ("NFC of long runs", try_long_runs)]
    print("1..%d" % len(tests))
    failed = 0
    for number, (name, function, *arguments) in enumerate(tests, 1):
        fault = function(driver, *arguments)
        print("%sok %d - %s" % ("not " if fault else "", number, name))
        if fault:
            failed += 1
            print("# SEED=%d %s" % (SEED, fault[:2000]))
        sys.stdout.flush()
    driver.process.stdin.close()
    return 1 if driver.process.wait() or failed else 0


if __name__ == "__main__":
    sys.exit(main())
