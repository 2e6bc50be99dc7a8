"""The speeds of bench/speed as bars on a logarithmic scale, an SVG."""
import math
from xml.sax.saxutils import quoteattr

from plot import line, text

WIDTH, LEFT, RIGHT, TOP = 1000, 250, 110, 64
ROW, BAR = 22, 14
COLOURS = {"floors": "#8a8a8a", "engine": "#000000", "stages": "#1f5fa8",
           "OTS": "#c8862f"}
TITLE = "Megabytes a second, one core: floors, engine, stages, peer"


def bars(rows):
    return [row for row in rows if row["unit"] == "MB/s" and
            row["value"] > 0]


def svg(results):
    """What is measured in MB/s; the floor is a line through all of it."""
    shown = bars(results["rows"])
    values = [row["value"] for row in shown] or [1, 10]
    low = math.floor(math.log10(min(values)) - 0.05)
    high = math.ceil(math.log10(max(values)))
    bottom = TOP + ROW * len(shown)

    def x(value):
        return LEFT + (math.log10(value) - low) * (WIDTH - LEFT - RIGHT) / (
            high - low)

    out = ['<?xml version="1.0" encoding="UTF-8"?>',
           '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'viewBox="0 0 %d %d" font-family="sans-serif" role="img" '
           'aria-label=%s>' % (WIDTH, bottom + 40, WIDTH, bottom + 40,
                               quoteattr(TITLE)),
           '<title>%s</title>' % TITLE,
           '<rect width="100%" height="100%" fill="#ffffff"/>',
           text(16, 26, TITLE, 15, extra=' font-weight="bold"')]
    for power in range(low, high + 1):
        out.append(line(x(10 ** power), TOP - 8, x(10 ** power), bottom,
                        "#d8d8d8"))
        out.append(text(x(10 ** power), TOP - 14, "%g" % 10 ** power, 12,
                        anchor="middle"))
    for number, row in enumerate(shown):
        y = TOP + ROW * number
        colour = COLOURS[row["group"]]
        out.append('<rect x="%.1f" y="%.1f" width="%.1f" height="%d" '
                   'fill="%s"/>' % (x(10 ** low), y, x(row["value"]) -
                                    x(10 ** low), BAR, colour))
        out.append(text(LEFT - 8, y + 11, row["name"], 12, anchor="end"))
        out.append(text(x(row["value"]) + 6, y + 11, "%.1f" % row["value"],
                        11))
    for row in shown:
        if row["name"] == "split + cached stems":
            out.append(line(x(row["value"]), TOP - 8, x(row["value"]), bottom,
                            "#c00000", 1.2, "4 3"))
    if results["warnings"]:
        out.append(text(16, bottom + 24, "Noisy: " + "; ".join(
            results["warnings"]), 12, "#c00000"))
    out.append("</svg>")
    return "\n".join(out) + "\n"
