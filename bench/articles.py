"""What bench/speed and bench/scaling read: articles of files, or our own.

Without a file: sentences of examples/ and tests/cases/fr/ in an order drawn by
lot, joined to articles of an ordinary length; always the same ones.  They are
few, and a processor that sees the same words again and again learns what comes
next.  So their words are exchanged for others of the word table that end alike,
as often as these stand in news, and names and numbers for any: what is left is
no sense, but as many different words as articles have.
"""
import bisect
import itertools
import json
import lzma
import os
import random
import re

ORDINARY = 2300         # bytes; articles have from half to one and a half
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEYS = ("text", "article", "body", "content")
# Cases of tests/cases/fr that are prose, as news is.
PROSE = ("plain", "compress", "abbreviations", "guillemets", "straight-quotes",
         "numbers", "dateline", "initials", "typographic", "ellipses",
         "colons-semicolons", "dates-and-hours", "limit-words",
         "limit-percent", "query", "figures", "speech-run", "brackets",
         "questions", "method-lead")
SYLLABLES = ("ba ce di fo gu la me ni po ru sa te vi zo bre cla dri flo gra "
             "pli tro ver").split()
LINKS = (" et ", ", alors que ", " parce que ", ", tandis que ", ", puis ")
JOINED = 0.5            # of the sentences: those of news are twice as long
AGAIN = 0.35            # of the words: those that the article has already
EXCHANGED = 5           # letters; shorter words are mostly function words
ALIKE = 2               # last letters


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


def own_sentences():
    """Ours, in an order that is the same everywhere."""
    texts = [open(TOP + "/examples/article.txt", encoding="utf-8").read()]
    texts += of_file(TOP + "/examples/wire.ndjson", None)
    for name in PROSE:
        with open("%s/tests/cases/fr/%s/input" % (TOP, name),
                  encoding="utf-8") as file:
            texts.append(file.read())
    return [part for text in texts
            for part in re.split(r'(?<=[.!?»"])\s+(?=[A-ZÀÉÊ«"])',
                                 " ".join(text.split())) if part]


def rows(name):
    """Lines of a word list of French, as fields."""
    with open(TOP + "/stemmers/fr/" + name, encoding="utf-8") as file:
        return [line.split() for line in file if not line.startswith("#")]


class Exchange:
    """Other words in place of those of a sentence; in one article always the
    same for the same."""

    def __init__(self):
        self.stops = {word for word, *_ in rows("stopwords")}
        self.endings = {}       # -> forms, and weights added up
        for form, _, rarity in (row[:3] for row in rows("words")):
            if len(form) >= EXCHANGED and form.isalpha() and \
                    form not in self.stops:
                forms, weights = self.endings.setdefault(form[-ALIKE:],
                                                         ([], []))
                forms.append(form)
                # each bucket of the table has half the articles of the last
                weights.append(2.0 ** -int(rarity))
        for forms, weights in self.endings.values():
            weights[:] = itertools.accumulate(weights)

    def begin(self, dice):
        self.dice, self.made, self.had = dice, {}, {}

    def other(self, match):
        word = match.group()
        if word not in self.made:
            self.made[word] = self.new(word, match.start() == 0)
        return self.made[word]

    def new(self, word, is_first):
        if word[0].isdigit():
            return "".join(self.dice.choice("123456789") for _ in word)
        if word[0].isupper() and not is_first and len(word) > 2:
            return "".join(self.dice.choice(SYLLABLES) for _ in range(
                self.dice.choice((2, 2, 3)))).capitalize()
        if len(word) < EXCHANGED or not word.islower() or \
                word in self.stops or word[-ALIKE:] not in self.endings:
            return word
        had = self.had.setdefault(word[-ALIKE:], [])
        if had and self.dice.random() < AGAIN:
            return self.dice.choice(had)
        forms, weights = self.endings[word[-ALIKE:]]
        had.append(forms[bisect.bisect(weights,
                                       self.dice.random() * weights[-1])])
        return had[-1]


def own_article(dice, sentences, exchange, size):
    text = ""
    exchange.begin(dice)
    for sentence in dice.sample(sentences, len(sentences)):
        if len(text.encode()) >= size:
            break
        sentence = re.sub(r"\d+|[^\W\d_]+", exchange.other, sentence)
        if text.endswith(".") and sentence[1:2].islower() and \
                dice.random() < JOINED:
            text = (text[:-1] + dice.choice(LINKS) + sentence[0].lower() +
                    sentence[1:])
        else:
            text += " " * (text != "") + sentence
    return text + "\n"


def own(count):
    sentences, exchange, made = own_sentences(), Exchange(), []
    for number in range(count):
        dice = random.Random(number)
        made.append(own_article(dice, sentences, exchange,
                                ORDINARY * dice.uniform(0.5, 1.5)))
    return made


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
