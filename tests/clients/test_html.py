#!/usr/bin/python3
"""The page of precis --html: well-formed, harmless, and what --json says."""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.dom.minidom
from html.parser import HTMLParser

TOP = os.environ["abs_top_srcdir"]
PRECIS = os.path.join(os.environ["abs_programs"], "precis")
SECONDS = 60
# As without_leaks does in tests/tap.sh.
os.environ["ASAN_OPTIONS"] = ":".join(
    ["detect_leaks=0", *filter(None, [os.environ.get("ASAN_OPTIONS")])])
VOID = {"meta", "br", "hr", "img", "link", "input"}
# What a browser could fetch or run.
ACTIVE = re.compile(r"<(script|iframe|img|object|embed|link|base|form|a)\b"
                    r"|\b(on\w+|src|href|style)=|url\(|@import|javascript:",
                    re.I)
CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
                      "\ufdd0-\ufdef\ufffe\uffff]")

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


def run(*options, stdin=b""):
    done = subprocess.run([PRECIS, "--local", *options], input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=SECONDS)
    return done.returncode, done.stdout


class Page(HTMLParser):
    """As a browser reads it: elements in order with their text; `wrong` holds
    what is not nested or closed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.rows, self.wrong = [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append("open at the end: %r" % self.open)

    def handle_starttag(self, tag, attributes):
        row = [tag, dict(attributes), ""]
        self.rows.append(row)
        if tag not in VOID:
            self.open.append(row)

    def handle_startendtag(self, tag, attributes):
        if tag not in VOID:
            self.wrong.append("<%s/>" % tag)
        self.rows.append([tag, dict(attributes), ""])

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append("</%s> within %r" %
                              (tag, [row[0] for row in self.open]))
        else:
            self.open.pop()

    def handle_data(self, data):
        for row in self.open:
            row[2] += data

    def all(self, tag, name=None):
        return [row for row in self.rows if row[0] == tag and
                (name is None or row[1].get("class") == name)]

    def texts(self, tag, name=None):
        return [row[2] for row in self.all(tag, name)]


def squeeze(text):
    return " ".join(text.split())


def check(name, *options, stdin=b""):
    """The page, after what is true of every page."""
    status, out = run("--html", *options, stdin=stdin)
    same(status, 0, name + ": a page")
    text = out.decode("utf-8")
    try:
        document = xml.dom.minidom.parseString(out)
        why = None
    except Exception as error:  # expat's
        document, why = None, error
    ok(why is None, name + ": is XML", "%s\n%s" % (why, text[:2000]))
    page = Page(text)
    same(page.wrong, [], name + ": is HTML, everything closed")
    same(CONTROLS.findall(text), [], name + ": has no control character")
    markup = re.sub(r">[^<]*<", "><", text.split("</style>")[1])
    markup = re.sub(r'title="[^"]*"', "", markup)
    same(ACTIVE.findall(markup), [], name + ": has nothing that acts")
    same([len(page.texts(tag)) for tag in ("title", "h1", "main")],
         [1, 1, 1], name + ": has one title, one heading, one main")
    ok(squeeze(page.texts("title")[0]), name + ": the title is not empty")
    same(page.texts("title"), page.texts("h1"), name + ": both are the same")
    if document is not None:
        same(squeeze("".join(node.data for node in texts_of(document)
                             if node.parentNode.tagName != "style")),
             squeeze("".join(row[2] for row in page.rows
                             if row[0] in ("title", "main"))),
             name + ": XML and HTML read the same text")
    return page, text


def texts_of(node):
    if node.nodeType == node.TEXT_NODE:
        yield node
    for child in node.childNodes:
        yield from texts_of(child)


def kept_and_cut(sentences):
    """The spans of the chosen sentences that the summary has, and those that
    it leaves out, in the order of the article."""
    kept, cut = [], []
    for row in sorted(sentences, key=lambda row: row["start"]):
        at = row["start"]
        for start, end in row.get("cuts", []):
            kept.append((at, start))
            cut.append((start, end))
            at = end
        kept.append((at, row["end"]))
    return [(start, end) for start, end in kept if start < end], cut


def marked(page, tag):
    """The texts of the elements behind the first, which is the legend's."""
    return [squeeze(text) for text in page.texts(tag)[1:]]


def article_of(page):
    """The text of the article, without legend and summary."""
    whole = page.texts("article")[0]
    return squeeze(whole.split(page.texts("p", "legend")[0])[1])


folder = tempfile.TemporaryDirectory(prefix="precis.")
os.chdir(folder.name)

# ---- every case ----

ARTICLE = TOP + "/examples/article.txt"
cases = sorted(os.listdir(TOP + "/tests/cases/fr"))
for name in cases + [None]:
    path = ARTICLE
    options = []
    if name is not None:
        path = TOP + "/tests/cases/fr/%s/input" % name
        with open(TOP + "/tests/cases/fr/%s/options" % name) as file:
            options = file.read().replace("--bullets", "").split()
    name = name or "the sample"
    page, text = check(name, *options, path)
    reply = json.loads(run("--json", "--explain", "--text", "--keywords",
                           *options, path)[1])
    source = reply["text"].encode()

    def part(start, end):
        return squeeze(source[start:end].decode())

    def whole(row):
        return part(row["start"], row["end"])
    sentences = [row for row in reply["segments"]
                 if row["kind"] == "sentence"]
    tinted = [row for row in page.all("span")
              if re.fullmatch("t[0-7]", row[1].get("class") or "") and
              "title" in row[1]]
    same([squeeze(row[2]) for row in tinted], [whole(row) for row in sentences],
         name + ": every sentence is tinted, in order")
    best = max(row["score"] for row in sentences)
    same([int(row[1]["class"][1:]) for row in tinted],
         [min(7, int(max(0, row["score"]) / best * 8)) if best > 0 else 0
          for row in sentences], name + ": by its score")
    kept, cut = kept_and_cut(reply["sentences"])
    same(marked(page, "u"), [part(*span) for span in kept],
         name + ": the chosen are underlined, but for what was cut")
    same(marked(page, "del"), [part(*span) for span in cut],
         name + ": what was cut is struck")
    same("coupé" in page.texts("p", "legend")[0], "--compress" in options,
         name + ": the legend says so, where it can be")
    same([squeeze(text) for text in page.texts("h3")
          if text != "Mots-clés"],
         [whole(row) for row in reply["segments"] if row["kind"] == "heading"],
         name + ": sub-headings are headings")
    same([squeeze(text) for text in page.texts("span", "other")],
         [whole(row) for row in reply["segments"] if row["kind"] == "other"],
         name + ": the rest is set apart")
    same(article_of(page).replace(" ", ""),
         "".join(reply["text"].replace("\ufeff", "").split()),
         name + ": the whole article is there")
    same([squeeze(text) for text in page.texts("li")],
         [squeeze(row["term"]) for row in reply["keywords"]],
         name + ": the keywords")
    ok(squeeze(reply["summary"]) in squeeze(page.texts("section")[0]),
       name + ": the summary")

# ---- paragraphs ----


def paragraphs(text):
    page, _ = check(text[:20], stdin=text.encode())
    return [squeeze(row[2]) for row in page.all("p")
            if row[1].get("class") is None][1:]


same(paragraphs("Il pleut sur Brissol.\nLe chat dort ici.\n"),
     ["Il pleut sur Brissol.", "Le chat dort ici."],
     "a line is a paragraph")
same(paragraphs("Il pleut sur Brissol.\n \nLe chat dort ici."),
     ["Il pleut sur Brissol.", "Le chat dort ici."],
     "an empty line ends one")
WRAPPED = """La mairie de Brissol a décidé mardi soir de fermer le marché couvert
pendant tout l'hiver. Les trente commerçants qui y travaillent seront
logés sous les halles de la gare.

Ils devraient revenir au printemps, si les travaux avancent aussi bien
que le promet l'architecte de la ville.
"""
same(paragraphs(WRAPPED),
     [squeeze(part) for part in WRAPPED.split("\n\n")],
     "a newline in hard-wrapped text does not")

# ---- hostile ----

HOSTILE = ("Il <script>alert(1)</script> pleut & \"tout\" 'va' </span></p>. "
           "Le &lt;maire&#x3c; ]]> <!-- dit -->\u202e oui \u2066non\u2069. "
           "Un\x00deux\x07trois\x0b\x1b[31m\x7f\u0085\u009b quatre. "
           "\ufffe\uffff\ufdd0\U0001fffe cinq \U0001f600 </style>. "
           "Fin</title><title>x.\r\nSuite\r\rencore.")
page, text = check("hostile", "--title", "T<b>\"'&</title>\u202e\x07", "-",
                   stdin=HOSTILE.encode())
ok("<script>alert(1)</script>" in article_of(page), "tags are text",
   article_of(page))
same(page.texts("title"), ["T<b>\"'&</title>\ufffd\ufffd"],
     "the title is text, too")
ok("\U0001f600" in article_of(page), "an emoji is left alone")
with open("a<b>&\"'\u202e.txt", "w") as file:
    file.write("Il pleut. Il neige.")
page, text = check("a file's name", "a<b>&\"'\u202e.txt")
same(page.texts("h1"), ["a<b>&\"'\ufffd.txt"], "is text")
name = b"caf\xe9.txt"
with open(name, "w") as file:
    file.write("Il pleut. Il neige.")
done = subprocess.run([PRECIS.encode(), b"--local", b"--html", name],
                      stdout=subprocess.PIPE, timeout=SECONDS)
same(Page(done.stdout.decode()).texts("h1"), ["caf\ufffd.txt"],
     "a file's name that is not UTF-8")
same(run("--html", stdin=bytes(range(1, 256)) * 4), (65, b""),
     "bytes that are no text: no page")
check("bytes that are hardly text",
      stdin="Le préfet a été reçu hier à l'hôtel de ville. ".encode() * 40 +
      b"\x1b[31m \x07\x7f \xc2\x85 \xff\xfe \xe2\x80\xae fin.")
long = "Un mot %s, puis deux autres encore. " * 3000
check("a long article", stdin=(long % (("x",) * 3000)).encode())

# ---- titles and files ----

with open("one.txt", "w") as file:
    file.write("Il pleut sur Brissol. Le chat dort.")
with open("two.txt", "w") as file:
    file.write("La mer monte à Kerval. Le port ferme.")
os.mkdir("folder")
os.link("one.txt", "folder/one.txt")
for options, wanted in [(["folder/one.txt"], "one.txt"),
                        (["-"], "Article"),
                        (["--title", "Pluie", "one.txt"], "Pluie"),
                        (["--title", " \t", "one.txt"], "one.txt"),
                        (["one.txt", "two.txt"], "2 articles")]:
    page, _ = check(" ".join(options), *options, stdin=b"Il pleut. Fin.")
    same(page.texts("h1"), [wanted], "its title is " + wanted)
page = Page(run("--html", "one.txt", "missing.txt", "two.txt")[1].decode())
same((page.wrong, len(page.all("article")), page.texts("h2")),
     ([], 2, ["one.txt", "two.txt"]),
     "a file that is missing: the page has the others, and an end")
same(run("--html", "missing.txt"), (66, b""), "none that can be read: no page")
same(run("--html", "one.txt", "missing.txt")[0], 66, "the status is the same")
first = page.rows[0]
same((first[0], first[1].get("lang"), first[1].get("xml:lang")),
     ("html", "fr", "fr"), "the page says its language")

# ---- from right to left ----

for code in "ar", "yi":
    page, _ = check(code, os.path.join(TOP, "tests/cases", code,
                                       "article/input"), "--keywords")
    same(page.rows[0][1].get("lang"), code, code + ": its language")
    same({row[1].get("dir") for row in page.rows
          if row[0] in ("h1", "ul") or
          row[0] == "p" and row[1].get("class") is None}, {"auto"},
         code + ": what is the article's goes its own way")

# ---- to be read ----

_, text = check("the sample", ARTICLE)


def luminance(color):
    """WCAG's relative luminance."""
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    parts = [value / 12.92 if value <= .03928 else
             ((value + .055) / 1.055) ** 2.4 for value in parts]
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2]


tints = [luminance(color) for _, color in sorted(re.findall(
    r"\.(t\d)\{background:(#[0-9a-f]+)\}", text))]
same(len(tints), 8, "eight tints")
ok(all(a / b > 1.05 for a, b in zip(tints, tints[1:])),
   "each is darker than the one before, also in grey", tints)
ok(tints[-1] + .05 >= 4.5 * .05, "black on the darkest is AA", tints[-1])
ok(all(1.05 / (luminance(color) + .05) >= 4.5 for color in
       re.findall(r"[;{]color:(#[0-9a-f]+)", text)),
   "all other text on white, too")

folder.cleanup()
print("1..%d" % count)
sys.exit(1 if failures else 0)
