#!/usr/bin/env python3
"""Make stemmers/fr/joints: the weights of engine/joint.c.

usage: joints.py [options] ARTICLES.jsonl[.xz] > stemmers/fr/joints

ARTICLES has {"article": ...} on each line, as the training half of OrangeSum
does.  Nobody marked the joints in it, but a sub-heading that is glued to what
follows ("Peu de réactionsLe maire"), or stands between dashes, is found
without any weights: it is taken apart, a space is put in the place of the
glue or the dashes (and before half of them), and there is a joint whose place
is known.  Every other
place before a capital is taken for none.  After the first round those that
the weights are sure of although they were not marked are left out of the
second: they are joints that were there before.

 --build DIR   where bench/segment and bench/joints are (default .)
 --gold FILE   {"text", "ends"} with ends in code points, learned from too;
               may be repeated
 --copies N    how often each gold record counts (default 3)
 --articles N  of them (default 9000)
 --bias F      added to the bias: below 0 for fewer joints (default 0)
"""
import argparse, json, lzma, math, random, subprocess, sys

EPOCHS = 6
RATE = 0.15
DECAY = 1e-6
SCALE = 100
WEIGHTS = 718 # AT_GATE in joint.c

BEFORE = 1 + 80 # AT_BEFORE

# AT_FIRST + SHAPES + OPENING_OTHER and the two openings behind it in joint.c:
# names, capitals, quotations.  They are asked far more often than any other,
# and taking one for a joint costs a sentence, so they must be surer.
NAMES = 1 + 80 + 80 + 32 + 64 + 10 + 5
CAUTION = 0.6


def lines(path):
    with (lzma.open if path.endswith(".xz") else open)(path, "rt",
                                                       encoding="utf-8") as f:
        yield from f


def run(command, records):
    data = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    done = subprocess.run(command, input=data.encode(), check=True,
                          stdout=subprocess.PIPE)
    return done.stdout.decode().splitlines()


def unglue(text, ends, kinds, rng):
    """The text with its sub-headings bare, and where the segments end now."""
    raw = text.encode()
    out, new_ends, begin = b"", [], 0
    for i, (end, kind) in enumerate(zip(ends, kinds)):
        piece = raw[begin:end]
        body = piece.lstrip()
        out += piece[:len(piece) - len(body)]
        if kind == 1:
            glued = end < len(raw) and not raw[end:end + 1].isspace()
            if body.startswith(b"- ") and body.endswith(b" -"):
                body, glued = body[2:-2], True
            if out and not out[-1:].isspace() and rng.random() < 0.5:
                out += b" "
            out += body
            new_ends.append(len(out))
            if glued:
                out += b" "
        else:
            out += body
            new_ends.append(len(out))
        begin = end
    return {"text": out.decode(), "ends": new_ends}


def gold(path):
    for line in lines(path):
        record = json.loads(line)
        text = record["text"]
        yield {"text": text,
               "ends": [len(text[:e].encode()) for e in record["ends"]]}


def examples(program, records):
    for line in run([program], records):
        numbers = line.split()
        yield int(numbers[0]), [int(n) for n in numbers[1:]]


def score(weights, features):
    return sum(weights[f] for f in features)


def learn(data, rng):
    weights, total, steps = [0.0] * WEIGHTS, [0.0] * WEIGHTS, 0
    order = list(range(len(data)))
    for epoch in range(EPOCHS):
        rng.shuffle(order)
        rate = RATE / (1 + epoch)
        for i in order:
            label, features = data[i]
            z = score(weights, features)
            step = rate * (label - 1 / (1 + math.exp(-max(-30, min(30, z)))))
            if abs(step) < 1e-4:
                continue
            for f in features:
                weights[f] += step - rate * DECAY * weights[f]
        if epoch >= EPOCHS // 2:
            steps += 1
            total = [a + b for a, b in zip(total, weights)]
    return [t / steps for t in total]


def report(weights, data, name):
    true = sum(1 for l, f in data if l and score(weights, f) > 0)
    said = sum(1 for l, f in data if score(weights, f) > 0)
    all_ = sum(l for l, f in data)
    sys.stderr.write("%s: %d places, %d joints, P %.2f R %.2f\n" % (
        name, len(data), all_, 100 * true / max(1, said),
        100 * true / max(1, all_)))


def gates(weights, data):
    """The pairs of openings and words before that ever made a joint: the third
    feature says which."""
    return sorted({f[2] - BEFORE + WEIGHTS for _, f in data
                   if score(weights, f) > 0})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=".")
    parser.add_argument("--gold", action="append", default=[])
    parser.add_argument("--copies", type=int, default=3)
    parser.add_argument("--articles", type=int, default=9000)
    parser.add_argument("--bias", type=float, default=0)
    parser.add_argument("articles_file")
    o = parser.parse_args()
    rng = random.Random(1)

    texts = [json.loads(l)["article"] for l in lines(o.articles_file)]
    rng.shuffle(texts)
    texts = texts[:o.articles]
    answers = run([o.build + "/bench/segment"],
                  [{"id": 0, "lang": "fr", "text": t} for t in texts])
    records = []
    for text, answer in zip(texts, answers):
        a = json.loads(answer)
        records.append(unglue(text, a["ends"], a["kinds"], rng))
    data = list(examples(o.build + "/bench/joints", records))
    cut = len(data) * 9 // 10
    check, data = data[cut:], data[:cut]
    marked = [e for path in o.gold for e in
              examples(o.build + "/bench/joints", gold(path))]
    weights = learn(data + marked * o.copies, rng)
    report(weights, check, "first round, articles kept back")
    data = [(l, f) for l, f in data if l or score(weights, f) < 3]
    weights = learn(data + marked * o.copies, rng)
    report(weights, check, "second round, articles kept back")
    if marked:
        report(weights, marked, "gold (learned from)")
    weights[0] += o.bias
    for number in range(NAMES, NAMES + 3):
        weights[number] -= CAUTION
    print("# Weights of the signs of a joint without any mark, in hundredths: "
          "number,\n# weight.  What each number stands for is said in "
          "engine/joint.c.")
    print("# source: made by bench/joints.py from the training articles of "
          "OrangeSum%s" % (",\n#         and the Universal Dependencies "
                           "French treebanks" if o.gold else ""))
    print("# licence: numbers, of no text; learned from texts under CC BY-SA "
          "4.0%s" % (", 3.0\n#          and LGPL-LR" if o.gold else ""))
    print("# date: 2026-11-22")
    for number, weight in enumerate(weights):
        if round(weight * SCALE):
            print("%03d %d" % (number, round(weight * SCALE)))
    for number in gates(weights, data + check + marked):
        print("%03d 1" % number)


main()
