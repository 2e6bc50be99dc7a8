#!/usr/bin/python3
"""bench/quality: ROUGE, intervals, defects, runs, the plot, and the program
itself on a few articles."""
import json
import lzma
import os
import random
import subprocess
import sys
import tempfile
import traceback
import xml.dom.minidom

TOP = os.environ["abs_top_srcdir"]
PRECIS = os.path.join(os.environ["abs_programs"], "precis")
SHARED = os.environ.get("SHARED")

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "bench"))
import bootstrap                                            # noqa: E402
import defects                                              # noqa: E402
import ots                                                  # noqa: E402
import plot                                                 # noqa: E402
import rouge                                                # noqa: E402
import systems                                              # noqa: E402

ARTICLES = [
    ("Le pont de Vauclair ferme pour six mois",
     "Le pont de Vauclair, fissuré, ferme lundi pour six mois de travaux.",
     "Le vieux pont de Vauclair va fermer. La mairie l'a annoncé jeudi : les "
     "travaux commencent lundi et dureront six mois. Des fissures ont été "
     "trouvées dans deux piles du pont. \"Nous n'avions pas le choix\", a dit "
     "le maire. Les voitures passeront par Brézolles. M. Tardieu, qui tient "
     "le café d'en face, craint pour son chiffre d'affaires."),
    ("Une baleine dans l'estuaire",
     "Une baleine à bosse a été vue samedi dans l'estuaire de l'Orvanne.",
     "Les pêcheurs n'en croyaient pas leurs yeux. Une baleine à bosse de dix "
     "mètres est entrée samedi dans l'estuaire de l'Orvanne. Elle y a nagé "
     "trois heures avant de repartir au large. Les biologistes du port "
     "pensent qu'elle suivait un banc de harengs. La préfecture demande aux "
     "bateaux de rester à cent mètres."),
    ("",
     "Le lycée agricole de Sarnoy produit désormais toute son électricité.",
     "Trois ans de travaux ont suffi. Le lycée agricole de Sarnoy produit "
     "depuis mardi toute l'électricité qu'il consomme. Des panneaux couvrent "
     "les toits des étables, et le fumier donne du gaz. Le projet a coûté "
     "1,2 million d'euros. D'autres lycées de la région s'y intéressent.")]

count = 0
failures = 0


def check(name, right, why=""):
    global count, failures
    count += 1
    failures += not right
    print("%sok %d - %s" % ("" if right else "not ", count, name), flush=True)
    if not right:
        for line in str(why).splitlines():
            print("# " + line)


def equal(name, got, wanted):
    check(name, got == wanted, "   got: %r\nwanted: %r" % (got, wanted))


def skip(name, why):
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, name, why), flush=True)


def near(a, b):
    return all(abs(x - y) < 1e-12 for x, y in zip(a, b)) and len(a) == len(b)


# ---- ROUGE ----

def score(candidate, reference):
    return rouge.Reference(reference).score(rouge.words(candidate))


def test_rouge():
    for name, candidate, reference, wanted in [
            ("one word left out", "Le chat dort", "le chat noir dort",
             (6 / 7, 2 / 5, 6 / 7)),
            ("the same", "L'été, déjà !", "l’été déjà", (1, 1, 1)),
            ("other order", "a b c d", "d c b a", (1, 0, 1 / 4)),
            ("repetitions count once each", "a a a b", "a b",
             (2 / 3, 1 / 2, 2 / 3)),
            ("nothing in common", "a b", "c d", (0, 0, 0)),
            ("an empty summary", "", "c d", (0, 0, 0)),
            ("an empty abstract", "c d", " !", (0, 0, 0)),
            ("one word", "oui", "oui", (1, 0, 1))]:
        got = score(candidate, reference)
        check("ROUGE: " + name, near(got, wanted), got)


def test_rouge_beside_shared():
    name = "ROUGE: as the definition shared by the team"
    path = os.path.join(SHARED or "", "tools", "rouge.py")
    if not SHARED or not os.path.exists(path):
        skip(name, "no shared folder")
        return
    found = {}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), found)
    dice = random.Random(7)
    wrong = []
    for _ in range(500):
        texts = [" ".join(dice.choice(["L'île", "a", "B", "c_d", "12", "É"])
                          for _ in range(dice.choice([0, 1, 2, 9, 90])))
                 for _ in range(2)]
        theirs = found["score"](*texts)
        if not near(score(*texts),
                    (theirs["r1"], theirs["r2"], theirs["rl"])):
            wrong.append(texts)
    check(name, not wrong, wrong[:1])


# ---- intervals ----

def test_bootstrap():
    dice = random.Random(3)
    column = [dice.random() for _ in range(40)]
    flat = [0.25] * 40
    large = [3 * value for value in column]
    means = bootstrap.draw_means([column, flat, large], 200, 5)
    again = bootstrap.draw_means([column, flat, large], 200, 5)
    other = bootstrap.draw_means([column, flat, large], 200, 6)
    check("intervals: the same seed, the same draws", means == again)
    check("intervals: another seed, other draws", means != other)
    equal("intervals: one that does not vary", bootstrap.interval(means[1]),
          (0.25, 0.25))
    plain = random.Random(5)
    expected = [sum(column[i] for i in plain.choices(range(40), k=40)) / 40
                for _ in range(200)]
    check("intervals: as one sums by hand",
          all(abs(a - b) < 1e-9 for a, b in zip(means[0], expected)))
    check("intervals: columns see the same draws",
          all(abs(3 * a - b) < 1e-9 for a, b in zip(means[0], means[2])))
    low, high = bootstrap.interval(means[0])
    check("intervals: around the mean", low < sum(column) / 40 < high)
    equal("intervals: 95 % of the draws",
          bootstrap.interval(list(range(2000))), (50, 1949))


# ---- defects ----

def spans_of(article, sentences):
    spans, cursor = [], 0
    for sentence in sentences:
        start = article.index(sentence, cursor)
        cursor = start + len(sentence)
        spans.append((start, cursor))
    return spans


# (what, article, sentences of the summary, defects wanted)
DEFECTS = [
    ("nothing", "Il pleut à Vauclair. La rue est vide. On attend.",
     ["Il pleut à Vauclair.", "On attend."], []),
    # quotation marks
    ("a quotation left open", "Elle dit : \"Je reste. Je travaille.\" Voilà.",
     ["Elle dit : \"Je reste."], ["quotes", "torn"]),
    ("a quotation taken whole", "Elle dit : \"Je reste. Je travaille.\" Fin.",
     ["Elle dit : \"Je reste.", "Je travaille.\""], []),
    ("guillemets left open", "Le maire « ferme tout. Et attend », dit-on.",
     ["Le maire « ferme tout."], ["quotes", "torn"]),
    ("two halves of two quotations",
     "Paul crie \"non. Jamais\". La nuit tombe. Anne dit \"oui. Encore\".",
     ["Paul crie \"non.", "Encore\"."], ["torn"]),
    # abbreviations
    ("cut behind M.", "Le pont plaît à M. Tardieu. La rue dort.",
     ["Le pont plaît à M."], ["abbreviation"]),
    ("begins behind Dr.", "La ville remercie le Dr. Sorel opère encore.",
     ["Sorel opère encore."], ["abbreviation"]),
    ("M. inside", "Le pont plaît à M. Tardieu. La rue dort.",
     ["Le pont plaît à M. Tardieu."], []),
    ("cut behind M., but both parts taken", "Oui à M. Tardieu dit non.",
     ["Oui à M.", "Tardieu dit non."], []),
    ("cut at an initial", "La médaille de Jeanne R. Sorel brille. Fin.",
     ["La médaille de Jeanne R."], ["abbreviation"]),
    ("a letter that is no initial", "Le conseil prend le plan B. Marie rit.",
     ["Le conseil prend le plan B."], []),
    ("a short form before a small letter", "Il vit av. du Lac. Elle non.",
     ["Il vit av."], ["abbreviation"]),
    ("a short form at the end", "Il a des pommes, etc. La suite vient.",
     ["Il a des pommes, etc."], []),
    # numbers
    ("thousands cut", "La ville compte 5.000 arbres. Elle en plante.",
     ["La ville compte 5."], ["number"]),
    ("thousands cut, the second half", "La ville a 5.000 arbres. Tant mieux.",
     ["000 arbres."], ["number"]),
    ("a comma cut", "Il paie 1,5 million. La mairie rit.", ["Il paie 1,"],
     ["number", "joined"]),
    ("thousands with a space", "On voit 20 000 oiseaux. Ils chantent.",
     ["On voit 20"], ["number", "joined"]),
    ("a decimal point before a unit", "La hausse est de 2.5 % ici. Fin.",
     ["La hausse est de 2."], ["number"]),
    ("a year glued to a number", "Tout finit en 2017.12 chats restent.",
     ["Tout finit en 2017."], []),
    ("a number taken whole", "La ville a 5.000 arbres. Tant mieux.",
     ["La ville a 5.000 arbres."], []),
    # joined
    ("no space behind the stop", "La neige tombe.Le vent souffle. Fin.",
     ["La neige tombe.Le vent souffle."], ["joined"]),
    ("no space behind stop and quote", "\"Je pars.\"Elle rit. Puis rien.",
     ["\"Je pars.\"Elle rit."], ["joined"]),
    ("no stop", "La neige tombe sur le port Le vent souffle. Fin.",
     ["La neige tombe sur le port", "Fin."], ["joined"]),
    ("the article's own end without a stop", "La neige tombe. Le vent aussi",
     ["Le vent aussi"], []),
    ("a web address", "On lit Vauclair.fr et www.Sarnoy.fr le soir. Fin.",
     ["On lit Vauclair.fr et www.Sarnoy.fr le soir."], []),
    ("a channel's name", "Il passe sur Sarnoy.TV ce soir. Fin.",
     ["Il passe sur Sarnoy.TV ce soir."], []),
    # sub-headings
    ("- Titre -La suite", "Le port dort. - Eaux calmes -La mer monte. Fin.",
     ["Le port dort.", "- Eaux calmes -La mer monte."], ["heading"]),
    ("an incise between dashes", "Le port - celui de Sarnoy - dort. Fin.",
     ["Le port - celui de Sarnoy - dort."], []),
    ("Titre sans pointLa suite", "On rit. Des eaux troublesLa mer monte. Fin.",
     ["Des eaux troublesLa mer monte."], ["heading"]),
    ("Titre d'un nomLa suite", "On rit. Le retour à SarnoyLa mer monte. Fin.",
     ["Le retour à SarnoyLa mer monte."], ["heading"]),
    ("a name with a capital inside", "Il filme pour TikTok et YouTube. Fin.",
     ["Il filme pour TikTok et YouTube."], []),
    ("capitals, then the sentence",
     "On rit. DES EAUX BIEN TROUBLESLa mer monte. Fin.",
     ["DES EAUX BIEN TROUBLESLa mer monte."], ["heading"]),
    ("names in capitals", "La SNCF, la RATP et EDF L'ont su. Fin.",
     ["La SNCF, la RATP et EDF L'ont su."], []),
    ("Titre sans point La suite",
     "On rit. Des eaux encore troubles La mer monte. Fin.",
     ["Des eaux encore troubles La mer monte."], ["heading"]),
    ("a name with an article", "Le maire de La Rive est venu. Fin.",
     ["Le maire de La Rive est venu."], []),
    ("a quotation as a heading", "On rit. \"Tous perdus\"La mer monte. Fin.",
     ["\"Tous perdus\"La mer monte."], ["heading"]),
    # openings
    ("a pronoun", "Le maire vient. La pluie cesse. Il parle.",
     ["Le maire vient.", "Il parle."], ["dangling"]),
    ("a pronoun first of all", "Le maire vient. Il parle. On rit.",
     ["Il parle."], ["dangling"]),
    ("a pronoun behind its sentence", "Le maire vient. Il parle. On rit.",
     ["Le maire vient.", "Il parle."], []),
    ("a pronoun behind a heading left out",
     "Le maire vient. Sous la pluie Il parle. On rit.",
     ["Le maire vient.", "Il parle."], []),
    ("the article's own first word", "Elle chante. On rit. La nuit vient.",
     ["Elle chante.", "La nuit vient."], []),
    ("a connective", "Le port dort. La mer monte. En revanche, il neige.",
     ["En revanche, il neige."], ["dangling"]),
    ("a connective in a quotation", "On rit. \"Mais il neige\", dit Paul.",
     ["\"Mais il neige\", dit Paul."], ["dangling"]),
    ("an il that stands for nobody", "Le port dort. Il y a du vent. Fin.",
     ["Il y a du vent."], []),
    ("a conjunction", "Le port dort. Alors que le vent tourne, on sort.",
     ["Alors que le vent tourne, on sort."], [])]


def test_defects():
    for name, article, sentences, wanted in DEFECTS:
        found = defects.of_summary(article, " ".join(sentences),
                                   spans_of(article, sentences))
        check("defects: " + name, sorted(found) == sorted(wanted), found)


def test_defects_of_cuts():
    text = "Le port dort. En effet, la mer \"dort\" ici. La nuit vient."
    equal("defects: the stretch as it was printed",
          defects.printed(text, 14, 43, [(14, 24), (31, 37)]),
          "La mer  ici. ")
    for name, cuts, wanted in [
            ("the opening is cut", [(14, 24)], []),
            ("half of a quotation is cut", [(31, 36)], ["dangling", "torn"]),
            ("a cut elsewhere", [(0, 3)], ["dangling"])]:
        found = defects.of_summary(text, "", [(14, 43)], cuts)
        check("defects: " + name, sorted(found) == wanted, found)


def test_defects_time():
    name = "defects: nothing takes forever"
    texts = ["A" * 3000, "A " * 3000, "Aé" * 3000, "a." * 3000, "- A" * 3000,
             "Ab cd " * 2000, '"' * 3000, "1." * 3000]
    for text in texts:
        defects.of_summary(text, text, [(0, len(text) // 2)])
    check(name, True)


# ---- runs ----

def article(text, sentences, reference="", title=""):
    return systems.Article("1", text, title, reference,
                           spans_of(text, sentences))


def test_systems():
    equal("runs: all parts", systems.parsed("credits:n2,no-title,terse"),
          ("credits", "n2", ["no-title", "terse"]))
    equal("runs: a method alone", systems.parsed("lead"), ("lead", "", []))
    try:
        systems.parsed("lead:two")
        check("runs: what is none", False)
    except systems.Failed:
        check("runs: what is none", True)

    parts = ["Un deux trois.", "Quatre cinq.", "Six sept huit neuf."]
    one = article(" ".join(parts), parts, "quatre cinq, neuf")
    equal("LEAD:n2", systems.lead(one, "n2").text, " ".join(parts[:2]))
    equal("LEAD: more than there is", systems.lead(one, "n9").text, one.text)
    equal("LEAD:w6, the nearest", systems.lead(one, "w6").text,
          " ".join(parts[:2]))
    equal("LEAD:w1, one at least", systems.lead(one, "w1").text, parts[0])
    equal("ORACLE:n1", systems.oracle(one, "n1").text, parts[1])
    equal("ORACLE: stops when nothing helps", systems.oracle(one, "n3").text,
          parts[1])
    glued = article("Un deux.Trois.Un deux.", [])
    equal("OTS: where its sentences stand",
          systems.placed(glued, ["Un deux.", "Un deux."]), [(0, 8), (14, 22)])


def test_ots():
    name = "OTS: as many sentences as asked for"
    if not ots.is_installed():
        skip(name, "libots0 is not installed")
        return
    found = ots.summaries([text for _, _, text in ARTICLES], "n2", "fr")
    check(name, all(len(one["sentences"]) == 2 for one in found) and
          all(part in one["summary"] for one in found
              for part in one["sentences"]), found)


# ---- plot ----

def test_plot():
    series = [
        plot.Series("crédits & <co>", "first", [("a", 50, 63), ("1", 30, 58),
                                                ("2", 55, 62)]),
        plot.Series("lead", "method", [("1", 30, 58)]),
        plot.Series("LEAD", "floor", [("1", 26, 42), ("2", 53, 55)]),
        plot.Series("OTS", "peer", [("3", 180, 39.8)]),
        plot.Series("ORACLE", "floor", [("1", 31, 90)])]
    drawn = plot.svg(series, 'A "B" & <C>', "score", 63)
    document = xml.dom.minidom.parseString(drawn.encode())
    texts = [node.firstChild.data if node.firstChild else ""
             for node in document.getElementsByTagName("text")]
    check("plot: every series has its label",
          all(any(text.startswith(one.name) for text in texts)
              for one in series), texts)
    check("plot: above the frame, the score is written",
          "ORACLE (90)" in texts, texts)
    check("plot: axes are named",
          "score" in texts and "mean words of a summary" in texts, texts)
    places = [float(node.getAttribute(side))
              for node in document.getElementsByTagName("text")
              for side in "xy"]
    check("plot: nothing outside", all(0 <= place <= plot.WIDTH
                                       for place in places), places)
    alone = plot.svg([plot.Series("x", "first", [("a", 5, 5)])], "t", "s", 9)
    check("plot: one point", xml.dom.minidom.parseString(alone.encode()))


# ---- the programs ----

def program(name, *arguments):
    done = subprocess.run([sys.executable, "-B",
                           os.path.join(TOP, "bench", name), "--precis",
                           PRECIS] + list(arguments),
                          capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_programs(folder):
    if not os.access(PRECIS, os.X_OK):
        skip("programs", "precis is not built")
        return
    plain = os.path.join(folder, "articles.jsonl")
    packed = plain + ".xz"
    lines = "".join(json.dumps({"article": text, "abstract": abstract,
                                "title": title}, ensure_ascii=False) + "\n"
                    for title, abstract, text in ARTICLES)
    with open(plain, "w", encoding="utf-8") as file:
        file.write(lines)
    with lzma.open(packed, "wt", encoding="utf-8") as file:
        file.write(lines)

    out = [os.path.join(folder, name)
           for name in ("quality.json", "quality.svg", "hits.tsv")]
    status, text, errors = program(
        "quality.py", "--json", out[0], "--plot", out[1], "--hits", out[2],
        "--compare", "lead", "LEAD:n2", packed)
    equal("quality: the whole table", (status, "lead:n3" in text), (0, True))
    if status:
        print("# " + errors.replace("\n", "\n# "))
        return
    with open(out[0], encoding="utf-8") as file:
        figures = json.load(file)
    names = [run["run"] for run in figures["runs"]]
    check("quality: every method, floor and ceiling",
          {"frequency", "frequency:n2", "frequency:w35", "lead:n1", "LEAD:n3",
           "ORACLE:n3"} <= set(names), names)
    best = max(figures["runs"], key=lambda run: run["sum"]["mean"])["run"]
    check("quality: the ceiling is above all", best.startswith("ORACLE"), best)
    check("quality: means lie in their intervals",
          all(run[metric]["low"] <= run[metric]["mean"] <= run[metric]["high"]
              for run in figures["runs"] for metric in ("r1", "r2", "rl")))
    equal("quality: the difference compared",
          [(one["a"], one["b"]) for one in figures["differences"]],
          [("lead", "LEAD:n2")])
    check("quality: the plot is well-formed", xml.dom.minidom.parse(out[1]))

    arguments = ["--sample", "2", "--seed", "4"]
    runs = ["lead:n1", "frequency:=", "lead:n1,no-title"]
    first = program("quality.py", *arguments, plain, *runs)
    equal("quality: again, and from xz", first,
          program("quality.py", *arguments, packed, *runs))
    equal("quality: two articles of three", (first[0], "2 articles" in
                                             first[1]), (0, True))
    status, _, errors = program("quality.py", plain, "zork:n1")
    equal("quality: an unknown method", (status, "zork" in errors), (1, True))

    first = program("samples.py", *arguments, plain)
    equal("samples: the seed is stated",
          (first[0], "drawn with seed 4" in first[1]), (0, True))
    equal("samples: the same again", first,
          program("samples.py", *arguments, packed))


def main():
    with tempfile.TemporaryDirectory() as folder:
        for test in [test_rouge, test_rouge_beside_shared, test_bootstrap,
                     test_defects, test_defects_of_cuts,
                     test_defects_time, test_systems, test_ots,
                     test_plot, lambda: test_programs(folder)]:
            try:
                test()
            except Exception:
                check("no exception", False, traceback.format_exc())
    print("1..%d" % count)
    sys.exit(failures > 0)


main()
