"""The table of bench/speed: figures, ratios, aims.

results["figures"] are nanoseconds for each byte where no other unit is in the
name; a row is (group, name, value, unit, ratio, aim, met): ratio and aim are
words, met is None where nothing is aimed at.  Ratios are taken in each round,
of figures of the same second, since a machine may be fast in one round and slow
in the next; shown is their median.
"""
import statistics

import service

FLOOR = "split + cached stems"
FLOORS = ("sum of bytes", "split", "split + count", FLOOR)
STAGES = ("decode", "detect", "split", "words", "score", "select", "compose")
SHARES = {"frequency": 0.5, "credits": 0.35}
STAGE_SPEED = {"split": 300}        # MB/s
STAGE_TIME = {"detect": 5}          # microseconds an article
OTS_TIMES, OTS_TIMES_LONG = 60, 200
START_MS, START_MB = 3, 8
JOBS_TIMES = 1.8
ECHO_TIMES = 1.5
LATENCY_US, LATENCY_P99_MS = 15, 1


class Table:
    def __init__(self, results):
        self.figures = results["figures"]
        self.spreads = results["spreads"]
        self.corpus = results["corpus"]
        self.rounds = results["rounds"]
        self.rows = []

    def add(self, group, name, value, unit, ratio="", aim="", met=None,
            spread=None):
        self.rows.append({"group": group, "name": name, "value": value,
                          "unit": unit, "ratio": ratio, "aim": aim,
                          "met": met, "spread": spread})

    def times(self, name, by):
        """How many times as much as another figure is one?"""
        return statistics.median(
            share(*pair) for pair in zip(self.rounds[name], self.rounds[by]))

    def article_us(self, name):
        """Of a mean article."""
        return (self.figures[name] * self.corpus["bytes"] /
                self.corpus["articles"] / 1000)

    def speed(self, group, name, shown, ratio="", aim="", met=None):
        """A row in MB/s."""
        value = self.figures[name]
        self.add(group, shown, 1000 / value if value else 0.0, "MB/s", ratio,
                 aim, met, self.spreads.get(name))


def share(part, whole):
    return part / whole if whole else 0.0


def floors(table):
    for name in FLOORS:
        table.speed("floors", name, name, "%.2f of the floor" %
                    table.times(FLOOR, name))


def engine(table):
    for name in ("frequency", "credits", "credits, language not declared",
                 "credits, 3 sentences", "frequency, 3 sentences"):
        reached = table.times(FLOOR, name)
        aim = SHARES.get(name)
        table.speed("engine", name, name, "%.3f of the floor" % reached,
                    "%.2f" % aim if aim else "",
                    reached >= aim if aim else None)
    table.speed("engine", "credits, every core",
                "credits, every core at once", "%.2f of one core alone" %
                table.times("credits, one core", "credits, every core"))


def stages(table, method):
    whole = sum(table.figures["%s: %s" % (method, stage)]
                for stage in STAGES)
    for stage in STAGES:
        name = "%s: %s" % (method, stage)
        part = share(table.figures[name], whole)
        time = table.article_us(name)
        aim, met = "", None
        if stage in STAGE_SPEED:
            aim = "%d MB/s" % STAGE_SPEED[stage]
            met = table.figures[name] * STAGE_SPEED[stage] <= 1000
        elif stage in STAGE_TIME:
            aim = "%d us" % STAGE_TIME[stage]
            met = time <= STAGE_TIME[stage]
        table.speed("stages", name, name, "%.1f us, %.0f %% of the whole" % (
            time, 100 * part), aim, met)


def charset(table):
    """Times of an article; the bytes are about those of its UTF-8."""
    for name, shown, aim in (("iconv", "iconv", None),
                             ("convert", "conversion", 1),
                             ("latin", "looked at, converted, NFC", None)):
        ours = table.figures["charset " + name]
        times = table.times("charset iconv", "charset " + name)
        table.add("charset", "ISO-8859-15: " + shown, ours, "us",
                  "%.2f times as fast" % times if name != "iconv" else "",
                  "1 times" if aim else "", times >= aim if aim else None,
                  table.spreads["charset " + name])


def peer(table):
    if "OTS" not in table.figures:
        return
    for name, aim in (("OTS", OTS_TIMES), ("long OTS", OTS_TIMES_LONG)):
        for kind in ("", " without dictionary"):
            times = {method: table.times(name + kind, name.replace(
                "OTS", method + ", 3 sentences")) for method in SHARES}
            shown = name.replace("long OTS", "OTS, 128 kB") + kind
            # Of its two times the one without is the one to beat, and by the
            # slower of our methods: OTS itself counts frequencies.
            table.speed("OTS", name + kind, shown, ", ".join(
                "%s %.0f" % (method, many)
                for method, many in times.items()) + " times",
                "%d times" % aim if kind else "",
                min(times.values()) >= aim if kind else None)


def startup(table):
    figures = table.figures
    for name in ("true", "precis --local", "ots"):
        if name + " wall" not in figures:
            continue
        wall, cpu = (figures["%s %s" % (name, what)] / 1000
                     for what in ("wall", "cpu"))
        memory = figures[name + " memory"] / 1024
        ours = name == "precis --local"
        rival = figures.get("ots wall", float("inf")) / 1000
        table.add("one article", name, wall, "ms",
                  "CPU %.1f ms" % cpu, "%d ms, below ots" % START_MS
                  if ours else "", wall <= START_MS and wall < rival
                  if ours else None, table.spreads[name + " wall"])
        table.add("one article", name + ", memory", memory, "MB", "",
                  "%d MB" % START_MB if ours else "",
                  memory <= START_MB if ours else None)


def ndjson(table):
    figures = table.figures
    count = figures["ndjson articles"]
    table.add("NDJSON", "--jobs 1", count / figures["ndjson 1"],
              "articles/s", spread=table.spreads["ndjson 1"])
    times = table.times("ndjson 1", "ndjson 2")
    table.add("NDJSON", "--jobs 2", count / figures["ndjson 2"],
              "articles/s", "%.2f times" % times, "%.1f times" % JOBS_TIMES,
              times >= JOBS_TIMES, table.spreads["ndjson 2"])
    same = figures["ndjson same"] == 1
    table.add("NDJSON", "both outputs", 1 if same else 0,
              "the same" if same else "differ", "", "the same", same)


def throughput(table, row, echo, engine_us):
    most = engine_us + ECHO_TIMES * echo["cpu"] if engine_us else None
    name = "%s, %d client%s" % (row["transport"], row["clients"],
                                "s"[:row["clients"] > 1])
    is_aimed = row["transport"] == "ipc" and most is not None
    table.add("service", name, row["rate"], "requests/s",
              "CPU %.1f us; echo %.0f/s, %.1f us" % (
                  row["cpu"], echo["rate"], echo["cpu"]),
              "CPU %.1f us" % most if is_aimed else "",
              row["cpu"] <= most if is_aimed else None, row["spread"])


def latency(table, row, echo, engine_us):
    most = echo["p50"] + engine_us + LATENCY_US if engine_us else None
    is_aimed = row["transport"] == "ipc" and most is not None
    table.add("service", row["transport"] + ", unloaded, p50", row["p50"],
              "us", "echo %.1f us" % echo["p50"],
              "%.1f us" % most if is_aimed else "",
              row["p50"] <= most if is_aimed else None, row["spread"])
    table.add("service", row["transport"] + ", unloaded, p99", row["p99"],
              "us", "echo %.1f us" % echo["p99"],
              "%d ms" % LATENCY_P99_MS if is_aimed else "",
              row["p99"] <= 1000 * LATENCY_P99_MS if is_aimed else None)


def services(table, found):
    # What the workers do: the language is declared.
    engine_us = (table.article_us("credits")
                 if "credits" in table.figures else 0)
    for row in found:
        if row["server"] == "echo":
            continue
        try:
            echo = service.beside(found, row)
        except StopIteration:       # what is beside it was not asked
            continue
        if row["window"] == 1:
            latency(table, row, echo, engine_us)
        elif row["server"] == "precisd":
            throughput(table, row, echo, engine_us)


def rows(results):
    table = Table(results)
    if FLOOR in table.figures:
        floors(table)
        engine(table)
        for method in ("frequency", "credits"):
            stages(table, method)
        peer(table)
    if "charset iconv" in table.figures:
        charset(table)
    if "true wall" in table.figures:
        startup(table)
    if "ndjson 1" in table.figures:
        ndjson(table)
    services(table, results["service"])
    return table.rows


VERDICTS = {True: "yes", False: "no", None: ""}


def lines(results):
    corpus = results["corpus"]
    machine = results["machine"]
    if corpus:
        yield "%d articles of %d bytes, %d words, %d different; %s, %d cores" \
            % (corpus["articles"], corpus["bytes"] // corpus["articles"],
               corpus["words"], corpus["distinct_words"],
               machine["processor"], machine["cores"])
    group = None
    for row in results["rows"]:
        if row["group"] != group:
            group = row["group"]
            yield ""
            yield "%-32s %12s %-10s %7s  %-38s %-15s %s" % (
                group, "", "", "spread", "", "aim", "met")
        yield ("%-32s %12.1f %-10s %7s  %-38s %-15s %s" % (
            row["name"], row["value"], row["unit"],
            "" if row["spread"] is None else "%.0f %%" % (
                100 * row["spread"]),
            row["ratio"], row["aim"], VERDICTS[row["met"]])).rstrip()
    for warning in results["warnings"]:
        yield ""
        yield "NOISY: " + warning + ": do not quote these figures."
