"""Score against length as an SVG: what a summary is worth for its words.

One line per series, through its limits of 1, 2 and 3 sentences and its
automatic length; the mark of a point says its limit.  Shape, fill and dashes tell the series apart without
colour.  A point above the frame (a ceiling) is an arrow at its top.
"""
from xml.sax.saxutils import escape, quoteattr

WIDTH, HEIGHT = 1100, 760
LEFT, RIGHT, TOP, BOTTOM = 76, 24, 56, 64
RADIUS = 7
LETTER = 6.3        # mean width of one at 11 px

# fill, colour of line and text, dashes, width
STYLES = {"first": ("#000000", "#000000", "", 2.6),
          "method": ("#1f5fa8", "#1f5fa8", "", 1.6),
          "untitled": ("#ffffff", "#1f5fa8", "5 3", 1.2),
          "untitled first": ("#ffffff", "#000000", "5 3", 1.8),
          "floor": ("#8a8a8a", "#6a6a6a", "2 3", 1.6),
          "peer": ("#c8862f", "#9a5f10", "9 3 2 3", 1.6)}
LEGEND = [("first", "precis, its default method"),
          ("method", "precis, another method"),
          ("untitled", "the same without the title"),
          ("floor", "the article's opening"), ("peer", "OTS")]


class Series:
    """points: (mark, words, score), in the order of the line."""

    def __init__(self, name, style, points):
        self.name, self.style, self.points = name, style, points

    def path(self, frame, top_score):
        """Where its line goes: from short to long, without the points that
        were made to a number of words."""
        return sorted(frame.place(x, y) for label, x, y in self.points
                      if (label.isdigit() or label == "a") and
                      y <= top_score)


def ticks(low, high, most):
    for step in (0.5, 1, 2, 5, 10, 20, 50, 100):
        if (high - low) / step <= most:
            break
    tick = -(-low // step) * step
    while tick <= high:
        yield tick
        tick += step


class Frame:
    def __init__(self, series, top_score):
        xs = [x for one in series for _, x, _ in one.points]
        ys = [y for one in series for _, _, y in one.points
              if y <= top_score]
        self.low_x, self.high_x = min(xs) - 4, max(xs) + 8
        self.low_y, self.high_y = min(ys) - 1, max(ys) + 1.5

    def x(self, value):
        return LEFT + (value - self.low_x) * (WIDTH - LEFT - RIGHT) / (
            self.high_x - self.low_x)

    def y(self, value):
        return HEIGHT - BOTTOM - (value - self.low_y) * (
            HEIGHT - TOP - BOTTOM) / (self.high_y - self.low_y)

    def place(self, x, y):
        return self.x(x), max(self.y(y), TOP)


def text(x, y, words, size=11, colour="#000000", anchor="start", extra=""):
    return ('<text x="%.1f" y="%.1f" font-size="%s" fill="%s" '
            'text-anchor="%s"%s>%s</text>' %
            (x, y, size, colour, anchor, extra, escape(words)))


def line(x1, y1, x2, y2, colour, width=1.0, dashes=""):
    return ('<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" '
            'stroke-width="%s"%s/>' %
            (x1, y1, x2, y2, colour, width,
             ' stroke-dasharray="%s"' % dashes if dashes else ""))


def mark(style, x, y, label, above):
    fill, colour = STYLES[style][:2]
    drawn = 'fill="%s" stroke="%s" stroke-width="1.4"' % (fill, colour)
    r = RADIUS
    if above:
        shape = '<path d="M%.1f %.1f l%d %d h%d z" %s/>' % (
            x, y - 2, r, 2 * r, -2 * r, drawn)
        y += r - 1
    elif style == "floor":
        shape = '<path d="M%.1f %.1f l%d %d h%d z" %s/>' % (
            x, y - r - 3, r + 2, 2 * r + 2, -2 * r - 4, drawn)
    elif style == "peer":
        shape = '<rect x="%.1f" y="%.1f" width="%d" height="%d" %s/>' % (
            x - r + 1, y - r + 1, 2 * r - 2, 2 * r - 2, drawn)
    else:
        shape = '<circle cx="%.1f" cy="%.1f" r="%d" %s/>' % (x, y, r, drawn)
    ink = "#ffffff" if fill != "#ffffff" else colour
    return shape + text(x, y + 3.2, label, 9, ink, "middle")


# ---- labels, each where there is room ----

def overlap(a, b):
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0


def label_box(x, y, name, taken):
    best = None
    width = LETTER * len(name)
    for away in (11, 20, 32, 46, 62, 80):
        for dx, dy in [(1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1), (-1, 0),
                       (0, -1), (0, 1)]:
            left = x + dx * away - (width / 2) * (1 - dx)
            top = y + dy * away - 6
            box = (left, top, left + width, top + 12)
            if (left < LEFT or left + width > WIDTH - 4 or top < TOP or
                    top > HEIGHT - BOTTOM - 12):
                continue
            cost = sum(overlap(box, other) for other in taken) + away / 2
            if best is None or cost < best[0]:
                best = (cost, box, away)
    return best[1:]


def obstacles(series, frame, top_score):
    """Boxes around the marks, and small ones along the lines."""
    for one in series:
        for _, x, y in one.points:
            x, y = frame.place(x, y)
            yield x - 9, y - 9, x + 9, y + 9
        path = one.path(frame, top_score)
        for (x1, y1), (x2, y2) in zip(path, path[1:]):
            steps = int(max(abs(x2 - x1), abs(y2 - y1)) / 4) + 1
            for i in range(steps):
                x = x1 + (x2 - x1) * i / steps
                y = y1 + (y2 - y1) * i / steps
                yield x - 2, y - 2, x + 2, y + 2


def labels(series, frame, top_score):
    taken = list(obstacles(series, frame, top_score))
    for one in series:
        chosen = [point for point in one.points if point[0] == "a"]
        x, y = frame.place(*(chosen or one.points[-1:])[0][1:])
        above = ["%.0f" % y for _, _, y in one.points if y > top_score]
        name = one.name + (" (%s)" % ", ".join(above) if above else "")
        box, away = label_box(x, y, name, taken)
        taken.append(box)
        colour = STYLES[one.style][1]
        if away > 20:
            near = min(max(x, box[0]), box[2])
            yield line(x, y, near, box[1] if box[1] > y else box[3], colour,
                       0.6)
        yield text(box[0], box[1] + 10, name, 11, colour, extra=(
            ' font-weight="bold"' if "first" in one.style else ""))


# ---- the whole ----

def axes(frame, score_name):
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for tick in ticks(frame.low_x, frame.high_x, 14):
        x = frame.x(tick)
        yield line(x, TOP, x, bottom, "#e4e4e4")
        yield text(x, bottom + 18, "%g" % tick, 12, anchor="middle")
    for tick in ticks(frame.low_y, frame.high_y, 14):
        y = frame.y(tick)
        yield line(LEFT, y, right, y, "#e4e4e4")
        yield text(LEFT - 8, y + 4, "%g" % tick, 12, anchor="end")
    yield line(LEFT, bottom, right, bottom, "#000000")
    yield line(LEFT, TOP, LEFT, bottom, "#000000")
    yield text((LEFT + right) / 2, HEIGHT - 28, "mean words of a summary", 13,
               anchor="middle")
    middle = (TOP + bottom) / 2
    yield text(20, middle, score_name, 13, anchor="middle",
               extra=' transform="rotate(-90 20 %.1f)"' % middle)


def legend(series):
    x = LEFT
    present = {one.style.replace("untitled first", "untitled")
               for one in series}
    for style, meaning in LEGEND:
        if style not in present:
            continue
        yield line(x, 42, x + 34, 42, STYLES[style][1], STYLES[style][3],
                   STYLES[style][2])
        yield mark(style, x + 17, 42, "", False)
        yield text(x + 40, 46, meaning)
        x += 62 + LETTER * len(meaning)
    yield text(LEFT, HEIGHT - 8, "Marks: 1, 2, 3 sentences; a: automatic "
               "length; w: words as named; %: percent; arrow: above the "
               "frame.")


def svg(series, title, score_name, top_score):
    """The picture; scores above top_score are arrows."""
    frame = Frame(series, top_score)
    out = ['<?xml version="1.0" encoding="UTF-8"?>',
           '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'viewBox="0 0 %d %d" font-family="sans-serif" role="img" '
           'aria-label=%s>' % (WIDTH, HEIGHT, WIDTH, HEIGHT,
                               quoteattr(title)),
           '<title>%s</title>' % escape(title),
           '<rect width="100%" height="100%" fill="#ffffff"/>',
           text(LEFT, 24, title, 15, extra=' font-weight="bold"')]
    out += axes(frame, score_name)
    for one in series:
        _, colour, dashes, width = STYLES[one.style]
        path = one.path(frame, top_score)
        for (x1, y1), (x2, y2) in zip(path, path[1:]):
            out.append(line(x1, y1, x2, y2, colour, width, dashes))
    for one in series:
        for label, x, y in one.points:
            above = y > top_score
            x, y = frame.place(x, y)
            out.append(mark(one.style, x, y, label, above))
    out += labels(series, frame, top_score)
    out += legend(series)
    out.append("</svg>")
    return "\n".join(out) + "\n"
