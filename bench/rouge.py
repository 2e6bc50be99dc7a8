"""ROUGE-1, -2 and -L as F1: lower-cased runs of letters, digits and "_",
apostrophes split, no stemming; -L over the summary as one sequence.

A reference is prepared once and scored against many candidates.
"""
import collections
import re

WORD = re.compile(r"\w+")


def words(text):
    return WORD.findall(text.lower())


def f1(hits, candidate, reference):
    if not hits:
        return 0.0
    precision, recall = hits / candidate, hits / reference
    return 2 * precision * recall / (precision + recall)


def pairs(sequence):
    return collections.Counter(zip(sequence, sequence[1:]))


def hits(mine, theirs):
    """Of a small table `theirs`, how much is in `mine`, repetitions too."""
    return sum(min(count, mine[key]) for key, count in theirs.items()
               if key in mine)


class Reference:
    def __init__(self, text):
        sequence = words(text)
        self.size = len(sequence)
        self.words = collections.Counter(sequence)
        self.pairs = pairs(sequence)
        self.places = collections.defaultdict(int)
        for i, word in enumerate(sequence):
            self.places[word] |= 1 << i

    def common_subsequence(self, sequence):
        """The longest one's length, a row of the table at a time in one
        integer: a zero bit is a step up (Hyyro 2004).  Words that are not in
        the reference change nothing."""
        full = (1 << self.size) - 1
        row = full
        for word in sequence:
            if word in self.places:
                kept = row & self.places[word]
                row = ((row + kept) | (row - kept)) & full
        return self.size - bin(row).count("1")

    def score(self, sequence):
        """(ROUGE-1, ROUGE-2, ROUGE-L), each from 0 to 1, of words()."""
        size = len(sequence)
        if not size or not self.size:
            return (0.0, 0.0, 0.0)
        return (f1(hits(collections.Counter(sequence), self.words), size,
                   self.size),
                f1(hits(pairs(sequence), self.pairs), size - 1,
                   self.size - 1),
                f1(self.common_subsequence(sequence), size, self.size))
