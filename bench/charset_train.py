#!/usr/bin/python3
"""Counts the character model with which the engine tells charsets apart.

usage: charset_train.py [--half N] [--size] UDHR SEGMENTATION > engine/charset-model
       charset_train.py --tables > engine/charset-tables

UDHR is a folder of <language>.txt, the Universal Declaration of Human Rights
(public domain), SEGMENTATION one of <language>.jsonl with {"source", "text"}:
texts of Universal Dependencies, of which SOURCES alone are read, whose
licences allow anything made from them.  --half 0 or 1 leaves out every other
record, so that bench/charset can be scored on those.

The model: for each language, what each pair of characters costs, in fifths of
the natural logarithm of its probability, as a letter for each (COSTS).  A
character is a letter of the language or belongs to one of the classes below;
what tells the members of a class apart is a second cost, the same for all
languages.  engine/guess.h says how the two are used.
"""
import collections
import json
import math
import os
import sys
import unicodedata

# Languages by script, those in Latin letters also by what their charsets were
# made for, and the treebanks that are not "non-commercial" (nor,
# as that of Catalan, under a licence for programs).
LANGUAGES = {
    "western": "en fr de es it pt ca eu ga nl da nb sv fi is id",
    "central": "pl cs sk hu ro sl sr",
    "baltic": "et lv lt",
    "turkish": "tr",
    "cyrillic": "ru uk be bg mk sr-Cyrl",
    "greek": "el",
    "arabic": "ar fa",
    "hebrew": "he yi",
}
SOURCES = set("""
    UD_Arabic-PUD UD_Danish-DDT UD_German-GSD UD_German-PUD UD_English-EWT
    UD_English-PUD UD_Spanish-GSD UD_Spanish-PUD UD_Finnish-PUD UD_Finnish-TDT
    UD_French-GSD UD_French-PUD UD_Irish-Cadhan UD_Irish-IDT
    UD_Indonesian-CSUI UD_Indonesian-GSD UD_Indonesian-PUD UD_Italian-PUD
    UD_Lithuanian-ALKSNIS UD_Lithuanian-HSE UD_Norwegian-Bokmaal
    UD_Dutch-Alpino UD_Dutch-LassySmall UD_Polish-PUD UD_Portuguese-Bosque
    UD_Portuguese-GSD UD_Portuguese-PUD UD_Romanian-RRT UD_Russian-GSD
    UD_Russian-PUD UD_Russian-Taiga UD_Serbian-SET UD_Swedish-PUD
    UD_Swedish-Talbanken UD_Turkish-BOUN UD_Turkish-PUD UD_Yiddish-YiTB
    """.split())

# Letters of the languages that are rare in those texts.
ALWAYS = {
    "latin": "abcdefghijklmnopqrstuvwxyz", "fr": "æëîïüÿœ", "es": "ü", "ca": "ïü",
    "pt": "ü", "nl": "ïöü", "da": "é", "sv": "é", "nb": "ò", "fi": "åšž",
    "cs": "ďóťúů", "sk": "ďĺŕ", "sr": "đ", "et": "šž", "lv": "č", "tr": "îû",
    "it": "î", "en": "é", "de": "é", "uk": "ґ", "mk": "ѕџ", "sr-Cyrl": "џ",
    "el": "ΐΰϊϋώ", "ar": "\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652",
}

# The 8-bit charsets that the engine tells apart, the likelier first, and
# Python's names of some.
CHARSETS = """
    windows-1252 ISO-8859-15 windows-1250 ISO-8859-2 windows-1251 KOI8-R
    ISO-8859-5 windows-1253 ISO-8859-7 windows-1254 windows-1257 ISO-8859-13
    windows-1256 ISO-8859-6 windows-1255 KOI8-U ISO-8859-16 IBM866 MACINTOSH
    IBM850 IBM852 MAC-CYRILLIC MAC-CENTRALEUROPE IBM855
    """.split()
PYTHON = {"MACINTOSH": "mac_roman", "MAC-CYRILLIC": "mac_cyrillic",
          "MAC-CENTRALEUROPE": "mac_latin2"}

KIND = {charset: kind for kind, charsets in {
    "central": "windows-1250 ISO-8859-2 ISO-8859-16 IBM852 MAC-CENTRALEUROPE",
    "baltic": "windows-1257 ISO-8859-13", "turkish": "windows-1254",
    "cyrillic": "windows-1251 KOI8-R KOI8-U ISO-8859-5 IBM866 MAC-CYRILLIC "
                "IBM855",
    "greek": "windows-1253 ISO-8859-7", "arabic": "windows-1256 ISO-8859-6",
    "hebrew": "windows-1255"}.items() for charset in charsets.split()}

# Costs are written as one character each, from "$" up.
FIRST, LAST = ord("$"), ord("~")
NAT = 5  # units in a cost of 1, that is, in a factor of e
CLASSES = ("blank", "digit", "point", "apostrophe", "dash", "open", "close",
           "sign", "foreign", "other")
BLANK, DIGIT, POINT, APOSTROPHE, DASH, OPEN, CLOSE, SIGN, FOREIGN, OTHER = \
    range(len(CLASSES))
OF_CHARACTER = {c: number for number, characters in {
    BLANK: " \n\t\r\v\f\u00A0", DIGIT: "0123456789",
    POINT: ".,;:!?)]}\"\u061F\u060C\u061B\u00B7\u0387\u05BE\u05F3\u05F4",
    APOSTROPHE: "'\u2019", DASH: "-\u2013\u2014", OPEN: "([{«“„‘‚‹¿¡",
    CLOSE: "»”›",
}.items() for c in characters}
NO_BREAK = 12     # of U+00A0, which those texts have lost
LETTERS_MIN = 4   # times that a letter must stand in a text to be of it
SMOOTHING = 12    # unigrams, in pairs of one first character ...
FLOOR = 0.02      # ... and their part in all


def decode(charset, byte):
    try:
        return bytes([byte]).decode(PYTHON.get(charset, charset))
    except UnicodeDecodeError:
        return None


def tables():
    print("""# The bytes 80 to FF of 8-bit charsets as code points; "-": none.  Behind the
# name: the script of its letters, or the part of Europe it was made for.
# Source: the mapping tables of the Unicode Consortium
# (https://www.unicode.org/Public/MAPPINGS/), facts, as Python 3.11 has them.
# Date: 2026-11-24.  Written by bench/charset_train.py --tables.""")
    for charset in CHARSETS:
        codes = [decode(charset, byte) for byte in range(128, 256)]
        print(charset, KIND.get(charset, "western"), *("%X" % ord(c) if c else "-" for c in codes))


def script_of(kind):
    return kind if kind in ("cyrillic", "greek", "arabic", "hebrew") else \
        "latin"


def script(c):
    name = unicodedata.name(c, "")
    for known in ("latin", "cyrillic", "greek", "arabic", "hebrew"):
        if name.startswith(known.upper()):
            return known
    return "latin" if c in "ªº" else "none"


def is_letter(c):
    """Marks too: the vowel signs of Arabic and Hebrew are written as such."""
    return unicodedata.category(c)[0] in "LM" and c != "µ"


def small(c):
    lower = c.lower()
    return lower if len(lower) == 1 else "i" if c == "İ" else c


def texts(udhr, segmentation, half):
    """language -> text"""
    found = {}
    for language in " ".join(LANGUAGES.values()).split():
        with open(os.path.join(udhr, language + ".txt"),
                  encoding="utf-8") as file:
            parts = [file.read()]
        name = os.path.join(segmentation, language.split("-")[0] + ".jsonl")
        if os.path.exists(name):
            with open(name, encoding="utf-8") as file:
                for number, line in enumerate(file):
                    record = json.loads(line)
                    if record["source"] in SOURCES and number % 2 != half:
                        parts.append(record["text"])
        if language == "sr-Cyrl":
            parts = parts[:1]
        text = unicodedata.normalize("NFC", "\n".join(parts))
        if language == "cs":  # one of the texts has another accent
            text = text.replace("ĕ", "ě")
        if language == "ro":  # older texts have cedillas
            text += text.translate(str.maketrans("șțȘȚ", "şţŞŢ"))
        found[language] = " ".join(text.split(" "))
    return found


def cost(probability):
    return min(LAST - FIRST, max(0, round(-NAT * math.log(probability))))


# Signs at least as usual as one in a thousand.
SIGNS = "£¥§©®°±²³µ·½×€™†•…"


class Characters:
    """What tells the members of a class, or of a script, apart."""

    def __init__(self, found):
        self.known = sorted({c for charset in CHARSETS for byte in
                             range(128, 256) for c in [decode(charset, byte)]
                             if c} | {chr(n) for n in range(32, 127)})
        self.known += [small(c) for c in self.known]
        self.known = sorted(set(self.known))
        counts = collections.defaultdict(collections.Counter)
        for kind, languages in LANGUAGES.items():
            kind = script_of(kind)
            for language in languages.split():
                text = found[language]
                for c, n in collections.Counter(text).items():
                    group = self.group(c)
                    if group != "letters" or script(c) == kind:
                        counts[group, script(c) if group == "letters"
                               else ""][small(c)] += n / len(text)
        self.costs = {}
        for c in self.known:
            group = self.group(c)
            members = counts[group, script(c) if group == "letters" else ""]
            total = sum(members.values()) or 1
            share = members[small(c)] / total
            self.costs[c] = cost(max(share, 1e-3 if c in SIGNS else 1e-5))
            if "\x80" <= c < "\xA0":  # a control character is no text
                self.costs[c] = LAST - FIRST
        self.costs["\u00A0"] = NO_BREAK

    @staticmethod
    def group(c):
        if c in OF_CHARACTER:
            return CLASSES[OF_CHARACTER[c]]
        return "letters" if is_letter(c) else "sign"

    def write(self):
        for c in self.known:
            group = self.group(c)
            print("character %X %s %X %d" % (
                ord(c), script(c) if group == "letters" else group,
                ord(small(c)), self.costs[c]))


def alphabet(text, language, kind):
    counts = collections.Counter(small(c) for c in text
                                 if is_letter(c) and script(c) == kind)
    need = max(LETTERS_MIN, len(text) / 50000)
    return sorted({c for c, n in counts.items() if n >= need}
                  | set(ALWAYS.get(kind, "") + ALWAYS.get(language, "")))


def model(text, kind, letters):
    """The costs of pairs: rows by the first character, columns by the
    second."""
    size = len(CLASSES) + len(letters)
    number = {c: len(CLASSES) + i for i, c in enumerate(letters)}

    def of(c):
        if c in OF_CHARACTER:
            return OF_CHARACTER[c]
        if not is_letter(c):
            return SIGN
        lower = small(c)
        return number.get(lower, FOREIGN if script(c) == kind else OTHER)
    classes = [of(c) for c in text]
    one = collections.Counter(classes)
    two = collections.Counter(zip(classes, classes[1:]))
    total = len(classes)
    prior = {c: (one[c] + 3) / (total + 3 * size) for c in range(size)}
    return [[cost((1 - FLOOR) * (two[a, b] + SMOOTHING * prior[b])
                  / (one[a] + SMOOTHING) + FLOOR * prior[b])
             for b in range(size)] for a in range(size)]


def main():
    arguments, half = sys.argv[1:], None
    if arguments == ["--tables"]:
        tables()
        return
    if arguments[:1] == ["--half"]:
        half = int(arguments[1])
        arguments = arguments[2:]
    if len(arguments) != 2:
        sys.exit(__doc__)
    found = texts(*arguments, half)
    print("""# How likely characters and pairs of characters are, by language.
# Source: counted in the Universal Declaration of Human Rights
# (https://www.unicode.org/udhr/, public domain) and in treebanks of Universal
# Dependencies 2.15 (https://universaldependencies.org), those whose licence is
# CC BY-SA 4.0 or 3.0; bench/charset_train.py names them and wrote this file.
# Figures only: no word and no sentence of theirs is here.  Date: 2026-11-24.""")
    Characters(found).write()
    for kind, languages in LANGUAGES.items():
        for language in languages.split():
            letters = alphabet(found[language], language, script_of(kind))
            print("language", language, kind,
                  *("%X" % ord(c) for c in letters))
            for row in model(found[language], script_of(kind), letters):
                print("".join(chr(FIRST + n) for n in row))


if __name__ == "__main__":
    main()
