#!/usr/bin/python3
"""Collect the texts that the language model is trained on.

usage: texts.py [--udhr DIR] [--sentences DIR] [--articles FILE]
                [--packages DIR] [--own DIR] [--leave-out FILE.jsonl] OUT

Writes OUT/<class>/<source>, one sentence or paragraph a line, for each class
of stemmers/identify and each source that has it:

 --udhr DIR       DIR/<class>.txt: the Universal Declaration of Human Rights
                  (public domain)
 --sentences DIR  DIR/<language>.jsonl of {"source", "text", "ends"}: running
                  text of treebanks; sources under a non-commercial licence
                  (NONFREE) are left out
 --articles FILE  French articles, {"article"} a line, may be .xz (OrangeSum,
                  CC BY-SA 4.0)
 --packages DIR   one folder for each Debian package, as "dpkg-deb -x" lays it
                  out: translations of free software (*.mo), help pages and
                  fortunes; which packages, and their licences, bench/README
                  and word lists
 --own DIR        DIR/<class>.txt: running prose written for this, a sentence
                  a line (bench/identify/own), for classes that have little
                  of it or a neighbour that is hard to tell from them
 --leave-out FILE no sentence that shares WINDOW characters with a "text" of
                  this file is taken: what measures must not train

Lines that are English in other classes, messages and pages that nobody has
translated, are taken out again.  What OUT has of Serbian in one script is written in the other one as well.
"""
import argparse, collections, glob, gettext, json, lzma, os, re, unicodedata

NONFREE = {"UD_Greek-GDT", "UD_English-GUM", "UD_Basque-BDT",
           "UD_Hungarian-Szeged", "UD_Italian-ISDT", "UD_Italian-VIT",
           "UD_Polish-PDB", "UD_Tamil-TTB", "UD_Turkish-IMST"}
MIXED = {"fortunes-cs"} # Czech and Slovak
WINDOW = 24
ENGLISH = 1500 # words
# characters at most of a source, for each class
LIMITS = {"treebanks": 900_000, "udhr": 60_000, "articles": 300_000,
          "packages": 120_000, "wesnoth-1.16-data": 250_000,
          "stellarium-data": 100_000, "gnome-user-docs": 150_000,
          "fortunes": 250_000, "words": 800_000}
WORDS = {"danish": "da", "bokmaal": "nb", "nynorsk": "nn", "swedish": "sv",
         "catalan": "ca", "dutch": "nl", "portuguese": "pt",
         "brazilian": "pt", "galician-minimos": "gl", "spanish": "es",
         "italian": "it", "irish": "ga"}
CLASSES = set("""af ar be bg bn ca cs cy da de el en es et eu fa fi fr ga gd gl
    he hi hr hu hy id is it la lt lv mk nb ne nl nn pl pt ro ru sk sl sq sr
    sr-Cyrl sv ta tr uk ur vi yi""".split())
NAMES = {"no": "nb", "pt-br": "pt", "in": "id", "iw": "he", "bs": "hr",
         "sr@latin": "sr", "sr-latn": "sr", "sr": "sr-Cyrl",
         "sr@latn": "sr", "ca-valencia": "", "sr@ijekavianlatin": "",
         "sr@ijekavian": ""}
LETTERS = {"ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "he": "HEBREW",
           "yi": "HEBREW", "el": "GREEK", "hy": "ARMENIAN", "hi": "DEVANAGARI",
           "ne": "DEVANAGARI", "bn": "BENGALI", "ta": "TAMIL"}
CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
LATIN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".split()
for code in "be bg mk ru sr-Cyrl uk".split():
    LETTERS[code] = "CYRILLIC"


def class_of(name):
    """The class for a folder's or file's name of a language."""
    name = name.replace("_", "-").lower()
    if name in NAMES:
        return NAMES[name]
    base = re.split("[-@]", name)[0]
    return NAMES.get(base, base)


def in_script(code, text):
    """Whether most letters of a text are of the script of its class."""
    letters = [c for c in text if c.isalpha()]
    script = LETTERS.get(code, "LATIN")
    right = sum(unicodedata.name(c, "").startswith(script) for c in letters)
    return letters and right > .8 * len(letters)


class Texts:
    def __init__(self, out, left_out):
        self.out, self.windows = out, set()
        self.taken, self.size = set(), collections.Counter()
        self.excluded = 0
        for path in left_out:
            for line in open(path, encoding="utf-8"):
                text = json.loads(line)["text"]
                for i in range(max(1, len(text) - WINDOW + 1)):
                    self.windows.add(hash(text[i:i + WINDOW]))

    def add(self, code, source, text, keep=False):
        limit = LIMITS.get(source, LIMITS["packages"])
        text = " ".join(unicodedata.normalize("NFC", text).split())
        if code not in CLASSES or self.size[code, source] >= limit:
            return
        if len(text) < 20 or (code, text) in self.taken:
            return
        if self.windows and not keep and any(hash(text[i:i + WINDOW]) in self.windows
                                for i in range(len(text) - WINDOW + 1)):
            self.excluded += 1
            return
        if not in_script(code, text):
            return
        self.taken.add((code, text))
        self.size[code, source] += len(text)
        os.makedirs(os.path.join(self.out, code), exist_ok=True)
        with open(os.path.join(self.out, code, source), "a",
                  encoding="utf-8") as f:
            f.write(text + "\n")


def udhr(texts, folder):
    for path in sorted(glob.glob(folder + "/*.txt")):
        code = os.path.basename(path)[:-4]
        for line in open(path, encoding="utf-8"):
            texts.add(code, "udhr", line)


def own(texts, folder):
    for path in sorted(glob.glob(folder + "/*.txt")):
        for line in open(path, encoding="utf-8"):
            texts.add(os.path.basename(path)[:-4], "own", line)


def treebanks(texts, folder):
    for path in sorted(glob.glob(folder + "/*.jsonl")):
        for line in open(path, encoding="utf-8"):
            record, start = json.loads(line), 0
            if record["source"] in NONFREE:
                continue
            for end in record["ends"]:
                texts.add(record["lang"], "treebanks",
                          record["text"][start:end])
                start = end


def articles(texts, path):
    with (lzma.open if path.endswith(".xz") else open)(
            path, "rt", encoding="utf-8") as f:
        for number, line in enumerate(f):
            if number % 20 == 0:
                texts.add("fr", "articles", json.loads(line)["article"])


def plain(text):
    """A message without what is no language: markup, formats, addresses."""
    text = re.sub(r"<[^<>]*>|\S*(://|@|www\.)\S*", " ", text)
    text = re.sub(r"%[-#0-9.l]*[a-zA-Z]|[$%]\(?\w+\)?|\{[^}]*\}|&\w+;", " ",
                  text)
    return re.sub(r"[_~&|#*=<>\\]+|\b\w*[0-9./]\w*[/.]\w+", "", text)


def messages(texts, package, path):
    parts = path.split(os.sep)
    try:
        code = class_of(parts[parts.index("LC_MESSAGES") - 1])
        with open(path, "rb") as f:
            catalogue = gettext.GNUTranslations(f)._catalog
    except (ValueError, OSError, IndexError, LookupError):
        return
    for original, text in catalogue.items():
        if isinstance(original, tuple):
            original = original[0]
        if original and text != original and len(text.split()) >= 5:
            texts.add(code, package, plain(text))


def page(texts, package, path):
    parts = path.split(os.sep)
    code = class_of(parts[parts.index("help") + 1])
    text = open(path, encoding="utf-8").read()
    for part in re.findall(r"<p>(.*?)</p>", text, re.S):
        texts.add(code, package, plain(part))


def packages(texts, folder):
    for root, folders, files in os.walk(folder):
        folders.sort()
        package = os.path.relpath(root, folder).split(os.sep)[0]
        for name in sorted(files):
            path = os.path.join(root, name)
            if name.endswith(".mo"):
                messages(texts, package, path)
            elif name.endswith(".page") and "/help/" in path:
                page(texts, package, path)
            elif root.endswith("/share/dict") and name in WORDS:
                words(texts, WORDS[name], path)
            elif name.endswith(".utf8"):
                code = class_of(name.split(".")[-2])
                for part in open(path, encoding="utf-8").read().split("\n"):
                    texts.add(code, package, plain(part))
            elif package.startswith("fortunes-") and "/games/fort" in root \
                    and "." not in name and package not in MIXED:
                code = package.split("-")[1]
                fortunes(texts, "pt" if code == "br" else code, path)


def words(texts, code, path):
    """A spelling checker's list, ten words a line, evenly thinned."""
    data = open(path, "rb").read()
    try:
        found = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        found = data.decode("iso-8859-1").split("\n")
    step = max(1, len(data) // LIMITS["words"] + 1)
    found = found[::step]
    for i in range(0, len(found), 10):
        texts.add(code, "words", " ".join(found[i:i + 10]), keep=True)


def fortunes(texts, code, path):
    try:
        text = open(path, encoding="utf-8").read()
    except UnicodeDecodeError:
        return
    for part in text.split("\n%\n"):
        texts.add(code, "fortunes", part)


def words_of(text):
    return re.findall(r"[^\W\d_]{2,}", text.lower())


def drop_english(out):
    """Lines half of whose words are among the most frequent of English."""
    known = collections.Counter()
    for line in open(os.path.join(out, "en", "treebanks"), encoding="utf-8"):
        known.update(words_of(line))
    known = {word for word, _ in known.most_common(ENGLISH)}
    for path in sorted(glob.glob(out + "/*/*")):
        code, source = path.split(os.sep)[-2:]
        if code == "en" or source in ("words", "udhr", "own"):
            continue
        lines = open(path, encoding="utf-8").readlines()
        with open(path, "w", encoding="utf-8") as f:
            for line in lines:
                words = words_of(line)
                if 2 * sum(w in known for w in words) < max(1, len(words)):
                    f.write(line)


def to_latin(text):
    table = dict(zip(CYRILLIC, LATIN))
    table.update((c.upper(), l.capitalize()) for c, l in zip(CYRILLIC, LATIN))
    return "".join(table.get(c, c) for c in text)


def to_cyrillic(text):
    """"" where a letter is none of Serbian."""
    for c, l in sorted(zip(CYRILLIC, LATIN), key=lambda p: -len(p[1])):
        text = text.replace(l, c).replace(l.capitalize(), c.upper())
        text = text.replace(l.upper(), c.upper())
    return "" if re.search("[A-Za-z]", text) else text


def copy_script(out, source, code, other, written):
    """OUT/<code>/<source> in the script of the other class."""
    path = os.path.join(out, other, source)
    if not os.path.exists(os.path.join(out, code, source)):
        return
    lines = open(os.path.join(out, code, source), encoding="utf-8").readlines()
    known = set()
    if os.path.exists(path):
        known.update(open(path, encoding="utf-8"))
    size = sum(map(len, known))
    with open(path, "a", encoding="utf-8") as f:
        for line in map(written, lines):
            if size >= LIMITS.get(source, LIMITS["packages"]):
                break
            if line and line not in known:
                f.write(line)
                size += len(line)


def serbian(out):
    """Messages in Cyrillic as Latin, running text in Latin as Cyrillic."""
    sources = sorted(os.listdir(os.path.join(out, "sr-Cyrl")))
    for source in sources:
        if source not in ("udhr", "treebanks", "own"):
            copy_script(out, source, "sr-Cyrl", "sr", to_latin)
    for source in "treebanks", "own":
        copy_script(out, source, "sr", "sr-Cyrl", to_cyrillic)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in "udhr", "sentences", "articles", "packages", "own":
        parser.add_argument("--" + name)
    parser.add_argument("--leave-out", action="append", default=[])
    parser.add_argument("out", metavar="OUT")
    a = parser.parse_args()
    texts = Texts(a.out, a.leave_out)
    if a.sentences:
        treebanks(texts, a.sentences)
    if a.udhr:
        udhr(texts, a.udhr)
    if a.articles:
        articles(texts, a.articles)
    if a.packages:
        packages(texts, a.packages)
    if a.own:
        own(texts, a.own)
    if a.sentences:
        drop_english(a.out)
    serbian(a.out)
    for (code, source), size in sorted(texts.size.items()):
        print(code, source, size)
    print("left out:", texts.excluded)


main()
