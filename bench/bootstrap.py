"""Bootstrap intervals of many columns of figures over the same articles.

Articles are drawn with replacement; every column sees the same draws, so that
the difference of two columns is a paired one.

All figures of an article are fields of one large integer, 64 bits each; a draw
then is one sum of integers for all columns together, which takes seconds
where a loop over the columns takes minutes.
"""
import array
import random
import sys

# Fixed point of a field.  Figures are at most MOST, articles fewer than 2^20.
SCALE = 1 << 40
MOST = 8


def packed(figures):
    fields = array.array("Q", (round(figure * SCALE) for figure in figures))
    return int.from_bytes(fields.tobytes(), sys.byteorder)


def unpacked(number, columns):
    fields = array.array("Q")
    fields.frombytes(number.to_bytes(8 * columns, sys.byteorder))
    return fields


def draw_means(columns, draws, seed):
    """For every column, a list of figures per article from 0 to MOST, its
    mean in every draw."""
    articles = len(columns[0])
    if articles >= 1 << 20:
        raise ValueError("too many articles for a field")
    rows = [packed(row) for row in zip(*columns)]
    dice = random.Random(seed)
    means = [array.array("d") for _ in columns]
    for _ in range(draws):
        total = sum(dice.choices(rows, k=articles))
        for column, field in zip(means, unpacked(total, len(columns))):
            column.append(field / SCALE / articles)
    return means


def interval(means, percent=95):
    """The two ends between which `percent` of the draws lie."""
    ordered = sorted(means)
    outside = round(len(ordered) * (100 - percent) / 200)
    return ordered[outside], ordered[-1 - outside]
