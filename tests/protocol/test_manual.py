"""precis-protocol(7) against the sources: keys, ranges, codes, examples."""
import json
import os
import re
import sys

root = os.environ["abs_top_srcdir"]
failed = count = 0


def ok(truth, name):
    global failed, count
    count += 1
    failed += not truth
    print("ok" if truth else "not ok", count, "-", name)


def read(name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()


def plain(text):
    """roff as it is read."""
    for escape, character in (("\\(aq", "'"), ("\\-", "-"), ("\\e", "\\")):
        text = text.replace(escape, character)
    return text


def section(name):
    found = re.search(r"^\.SH %s\n(.*?)(?=^\.SH )" % name, page, re.M | re.S)
    return found.group(1) if found else ""


page = read("protocol/precis-protocol.7")

# ---- keys of a request: the rows of request.c ----

keys = section("REQUEST HEADER")
ok(re.search(r"^\.BR id ", keys, re.M), "the key id")
numbers = {"PROTOCOL_TIMEOUT_MS_MAX": "600000", "TEXT": "4096",
           "PRECIS_KEYWORDS_MAX": "50"}
rows = re.findall(r'\{"(\w+)", parse_(\w+), format_\w+, (\w+),',
                  read("protocol/request.c"))
ok(len(rows) == 20, "rows of request.c")
for key, kind, most in rows:
    head = re.search(r'^\.BR %s (" .*)$' % key, keys, re.M)
    ok(head, "the key " + key)
    if head and kind in ("limit", "timeout", "text", "keywords"):
        most = numbers.get(most, most)
        ok(re.search(r"\b%s\b" % most, head.group(1)),
           "the range of %s: %s" % (key, most))

# ---- operations ----

operations = re.findall(r'\[OP_\w+\] = "(\w+)"', read("protocol/request.c"))
ok(len(operations) == 10, "operations of request.c")
titles = " ".join(re.findall(r"^\.SS (.*)$", section("OPERATIONS"), re.M))
for name in operations:
    ok(re.search(r"\b%s\b" % name, titles), "the operation " + name)

# ---- codes: the rows of code.c ----

errors = section("ERRORS")
for status, name in re.findall(r'\{PRECIS_E\w+, (\d+), "(\w+)"\}',
                               read("protocol/code.c")):
    ok('.BR %s " (%s)"' % (name, status) in errors
       or re.search(r"\.B %s\n\(%s\)" % (name, status), errors),
       "the code %s (%s)" % (name, status))

# ---- limits ----

header = read("protocol/protocol.h")
for name in ("HEADER_MAX", "FRAMES_MAX", "ID_TEXT_MAX", "TIMEOUT_MS"):
    number = re.search(r"PROTOCOL_%s (\d+)" % name, header).group(1)
    ok(re.search(r"\b%s\b" % number, page), "PROTOCOL_%s: %s" % (name, number))

# ---- JSON ----

known = {"id"} | {key for key, kind, most in rows}
for kind, name, text in re.findall(
        r'^\.\\" (request|reply): (\S+)\n\.EX\n(.*?)^\.EE', page,
        re.M | re.S):
    name = "%s %s" % (kind, name)
    text = plain(text)
    lines = text.splitlines() if "others" in name else [text.replace("\n", "")]
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except ValueError as error:
            ok(False, "%s, %d: %s" % (name, number, error))
            continue
        ok(kind == "reply" or set(value) <= known, "%s, %d" % (name, number))
        if kind == "reply":
            ok(("error" in value) == (value["status"] == "error"),
               "%s, %d: status" % (name, number))

print("1..%d" % count)
sys.exit(failed != 0)
