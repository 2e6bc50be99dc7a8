"""Defects of a French summary that a reader sees.

Found by regular expressions on the summary and on the article around what was
taken from it; nothing here knows how precis cuts or chooses.

    quotes        quotation marks that do not balance: an odd number of ", or
                  more « than », or more “ than ”.  Articles and abstracts have
                  some too.
    torn          the same in one stretch of the article, where another
                  stretch may make up for it
    abbreviation  a sentence ends at "M.", "Dr." or an initial, or begins
                  right behind one
    number        a sentence ends or begins inside a number: 5.000, 1,5, 20 000
    joined        no space after a full stop, or no stop between two sentences
    heading       a sub-heading inside: "- Titre -La suite", "Titre sans
                  pointLa suite", "TITRE EN CAPITALESLa suite"
    dangling      a sentence opens with a pronoun or a connective (OPENINGS),
                  and the sentence before it in the article is not the one
                  before it in the summary

A stretch is what was taken from the article without a gap: sentences that
follow each other there are never cut or torn apart.  What was left out of a
sentence (--compress) is no gap; a stretch is read as it was printed.
"""
import re

KINDS = ["quotes", "torn", "abbreviation", "number", "joined", "heading",
         "dangling"]
# Those that need no article.
OF_TEXT = ["quotes", "joined", "heading"]

LOW = "a-zß-öø-ÿœ"
CAP = "A-ZÀ-ÖØ-ÞŒ"
MARK = ".!?…"
CLOSERS = "\"»”’')\\]"


def words(text):
    return "|".join(text.split())


# ---- quotation marks ----

def unbalanced(text):
    return (text.count('"') % 2 == 1 or text.count("«") != text.count("»") or
            text.count("“") != text.count("”"))


# ---- abbreviations ----

# Never the last word of a sentence.
TITLES = words("M MM Mr Mrs Ms Mme Mmes Mlle Dr Drs Pr Prof Mgr St Ste Sgt Gén "
               "Cdt Lt Col Cne Sen Rep Gov")
# The last word now and then: cut only if a small letter or a digit follows.
SHORT_FORMS = words("art av bd boul cf chap env ex fig hab janv févr juil sept "
                    "oct nov déc éd etc max min no nos p pp tél vol jr Jr Inc "
                    "Corp Ltd Cie")
# A capital behind one of these is no initial: "le plan B."
LETTERED = words("annexe bac catégorie classe division gare groupe hall "
                 "hépatite ligne lignes lot niveau option plan point porte "
                 "poule pool rang RER série terminal type types virus "
                 "vitamine zone voie bâtiment phase de d A B et ou")

TITLE_END = re.compile(r"(?:^|[\s(\[«“\"'’-])(?:%s)\.$" % TITLES)
SHORT_END = re.compile(r"(?:^|[\s(\[«“\"'’])(?:%s)\.$" % SHORT_FORMS)
INITIAL_END = re.compile(r"(?:^|[\s(\[«“\"'’-])[%s]\.$" % CAP)
LETTERED_END = re.compile(r"(?:^|[\s(«“\"'’])(?:%s)[\s'’][%s]\.$" %
                          (LETTERED, CAP))


def ends_short(left, right):
    """Does the text end at an abbreviation, and go on to the right?"""
    left, right = left[-40:].rstrip(), right[:40].lstrip()
    if not left or not right:
        return False
    if TITLE_END.search(left):
        return True
    if INITIAL_END.search(left) and not LETTERED_END.search(left):
        return re.match("[%s]" % CAP, right) is not None
    return (SHORT_END.search(left) is not None and
            re.match("[%s0-9]" % LOW, right) is not None)


# ---- numbers ----

# | is where the sentence ends or begins.  A year before a full stop and a
# number behind it are two sentences glued ("en 2017.12 personnes"), and so,
# often, are two short numbers without a unit.
UNITS = words("% million millions milliard milliards point points h km m kg € "
              "euros dollars degrés")
NUMBERS = [re.compile(pattern) for pattern in [
    r"(?<![\w.,])\d{1,3}(?:[.,]\d{3})*(?:\.\||\|\.)\d{3}(?!\d)",
    r"\d(?:,\||\|,)\d",
    r"(?<![\w.,])\d{1,2}(?:\.\||\|\.)\d{1,2}\s?(?:%s)(?!\w)" % UNITS,
    r"(?<![\w.,])\d{1,3}[ \u00a0\u202f]?\|[ \u00a0\u202f]?\d{3}(?!\d)",
    r"\d\|\d"]]


def cuts_number(left, right):
    around = left[-20:] + "|" + right[:20]
    return any(pattern.search(around) for pattern in NUMBERS)


# ---- sentences joined ----

JOINED = re.compile(
    r"(?:[{low}0-9%€)\]»”]|[{low}0-9]\")[{mark}]+"
    r"(?:[{cap}][{low}'’ ]|[«“]\s?[{cap}]|[\"»”][{cap}][{low}'’ ])"
    .format(low=LOW, cap=CAP, mark=MARK))
# Stops that are part of a name or of an abbreviation.
NO_STOP = re.compile(r"(?:www|\b(?:%s|%s))\.$" % (TITLES, SHORT_FORMS))
ENDED = re.compile(r"[%s:;][%s\s]*$|[\"»”)\]]$" % (MARK, CLOSERS))


def joints(text):
    for found in JOINED.finditer(text):
        stop = re.search("[%s]+" % MARK, found.group())
        if not NO_STOP.search(text[:found.start() + stop.end()]):
            yield found.start() + stop.end()


# ---- sub-headings ----

# Words that begin a sentence and hardly ever stand capitalised within one.
STARTERS = words("""Le La Les Un Une Des De Du En Au Aux Il Elle Ils Elles On
    Nous Vous Je Ce Cet Cette Ces Ça Cela Selon Dans Pour Par Mais Et Or Sur
    Sous Après Avant Avec Sans Depuis Si Lors Lorsque Quand Son Sa Ses Leur
    Leurs Notre Nos Plus Plusieurs Alors Ainsi Aussi Quant Pendant Parmi Chez
    Entre Comme Qui Que Pas Ni Ne Tout Tous Toute Toutes Deux Trois Quatre
    Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche Interrogé Interrogée
    Contacté Contactée Face À""")
START = r"(?:(?:%s)(?=\s)|(?:[LDJCSN]|Qu)(?=['’]))" % STARTERS

# What stands before a capital that is a name's: "à La Rochelle".
NAMING = words("""à a au aux de du des d le la les l un une en et ou par pour
    sur sous dans chez entre vers avec sans contre selon que qu est sont dit
    film journal groupe quotidien site magazine parti chaîne émission titre
    hebdomadaire série livre roman album chanson label association entreprise
    société ville commune mouvement collectif numéro plan loi""")

HEADINGS = [
    # .- Titre -La suite
    re.compile(r"(?:^|[{mark}\"»”)]\s?)[-–—]\s?[{cap}\"«“0-9]"
               r"[^{mark}\n]{{2,90}}?[^\s,]\s?[-–—]\s?[{cap}\"«“]"
               .format(mark=MARK, cap=CAP)),
    # Titre sans pointLa suite
    re.compile(r"\b[{low}]{{3,}}(?:[{cap}][{low}]+|[{cap}](?=[\s'’]))"
               .format(low=LOW, cap=CAP)),
    re.compile(r"\b[{cap}][\w'’-]*[{low}]{start}"
               .format(low=LOW, cap=CAP, start=START)),
    re.compile(r"[0-9%)€]{start}".format(start=START)),
    re.compile(r"[{cap}]{{2,}}(?!À\s){start}".format(cap=CAP, start=START))]
# TITRE EN CAPITALESLa suite, TITRE EN CAPITALES La suite
CAPITALS = re.compile(r"(?:^|[{mark}\"»”]\s?)"
                      r"([{cap}0-9][{cap}0-9\s'’,:-]{{9,110}})"
                      r"(?=[{cap}][{low}]|(?<=\s)[{cap}]['’][{low}])"
                      .format(cap=CAP, low=LOW, mark=MARK))
# Titre sans point La suite: three to twelve words without a mark, then one
# that begins a sentence and is followed by a small letter.
SPACED = re.compile(
    r"(?:^|[{mark}]\s?)((?:[{cap}0-9][\w'’-]*)(?:\s[\w'’-]+){{2,11}}?)\s"
    r"(?:{start})[\s'’][{low}]"
    .format(mark=MARK, cap=CAP, low=LOW, start=START))
QUOTE_JOINT = re.compile(r"[{low}0-9][\"»”][{cap}][{low}'’ ]"
                         .format(low=LOW, cap=CAP))
# Capitals within a name: TikTok, LinkedIn, iPhone, franceinfo's franceTV.
NAMES = re.compile(r"\b(?:i|e|o|Mac|Mc|Di|De|La|Le|Du|Van|Von|You|Tik|Blabla|"
                   r"BlaBla|Face|Linked|Snap|Whats|Buzz|Pay|Play)[A-Z]")


def spaced_heading(text):
    for found in SPACED.finditer(text):
        before = re.split(r"[\s'’]", found.group(1))
        last = before[-1]
        if (last.islower() and last not in NAMING.split("|") and
                len(last) > 2):
            yield found.start(1)


def headings(text):
    for pattern in HEADINGS:
        for found in pattern.finditer(text):
            if not NAMES.match(found.group()):
                yield found.start()
    for found in QUOTE_JOINT.finditer(text):
        before = text[:found.start() + 2]
        if before[-1] != '"' or before.count('"') % 2 == 0:
            yield found.start()
    for found in CAPITALS.finditer(text):
        if len(re.findall("[%s]{2,}" % CAP, found.group(1))) >= 3:
            yield found.start(1)
    yield from spaced_heading(text)


# ---- openings ----

# Pronouns that stand for somebody named before, and connectives.
OPENINGS = re.compile(r"""
    (?: (?: Il | Elle | Ils | Elles | Lui | Eux | Celui | Celle | Ceux | Celles
          | Celui-ci | Celle-ci | Ceux-ci | Celles-ci
          | Celui-là | Celle-là | Ceux-là | Celles-là
          | Ce\ dernier | Cette\ dernière | Ces\ derniers | Ces\ dernières
          | L'intéressée? | Les\ intéressés | Tous\ deux | Toutes\ deux
          | Tous\ les\ deux | Toutes\ les\ deux | L'un\ d'eux | L'une\ d'elles
          | (?:Parmi|Selon|Pour|D'après|Chez|Avec|Contre|Entre)
            \ (?:lui|elle|eux|elles)
          | Cela | Ceci | Ça
          | C'est\ (?:pourquoi | ainsi | donc | ce\ qu | aussi | pour\ cela
                     | le\ cas | à\ ce\ titre | dans\ ce\ cadre)
          | Mais | Or | Donc | Car | Et | Ou | Ni | Puis | Ensuite | Enfin
          | Ainsi | Aussi | Alors | Cependant | Toutefois | Néanmoins
          | Pourtant | Finalement | Résultat | Bref | Sinon | Parallèlement
          | Également | Inversement | Conséquence | Autrement\ dit
          | En\ effet | En\ revanche | En\ outre | En\ conséquence
          | En\ parallèle | Par\ ailleurs | Par\ contre | Par\ conséquent
          | De\ plus | De\ même | De\ fait | De\ ce\ fait | Du\ coup
          | De\ son\ côté | De\ leur\ côté | Pour\ sa\ part | Pour\ leur\ part
          | D'ailleurs | D'où | D'autre\ part | D'un\ autre\ côté
          | Au\ contraire | À\ l'inverse | A\ l'inverse | Dès\ lors
          | Pour\ autant | Malgré\ cela | Malgré\ tout | Là\ encore
          | À\ ce\ titre | A\ ce\ titre | Qui\ plus\ est | Une\ fois\ de\ plus
        ) (?![\w'’-])
      | (?: Il | Elle )-même | Depuis, | Lors, )
    """, re.VERBOSE)
# What looks like one and is not: an "il" that stands for nobody, a
# conjunction that opens a clause of its own sentence.
NOT_OPENINGS = re.compile(r"""
    Il\ (?:n')?y\ (?:a|avait|aura|aurait|eut)(?!\w)
  | Il\ (?:est|était)\ [0-9]
  | Il\ (?:ne\ )?(?:faut | fallait | faudra | faudrait | a\ fallu | aura\ fallu
      | vaut\ mieux | suffit | convient | semble(?:rait)? | paraît | existe
      | reste | manque | pleut | arrive\ que)
  | Il\ (?:est|était|sera|serait|n'est|n'était)\ (?:temps | possible
      | impossible | important | essentiel | nécessaire | interdit | difficile
      | facile | probable | vrai | clair | évident | question | à\ noter
      | trop\ tôt | trop\ tard | rare | urgent | prévu | conseillé
      | recommandé | indispensable | inacceptable) (?!\w)
  | (?:Celui|Celle|Ceux|Celles)\ (?:qui|que|qu'|dont)
  | Alors\ qu | Ainsi\ qu | Aussi\ bien | Aussi\ longtemps | Ou\ bien
    """, re.VERBOSE)
BEFORE_OPENING = re.compile(r"[\s\"«“'‘(\[–—•-]*")


def opens_dangling(text):
    begin = text[BEFORE_OPENING.match(text).end():][:60].replace("’", "'")
    return (OPENINGS.match(begin) is not None and
            NOT_OPENINGS.match(begin) is None)


def is_heading_gap(gap):
    """A gap without the end of a sentence is a sub-heading left out."""
    return len(gap.strip()) <= 110 and not re.search(r"[%s]" % MARK, gap)


# ---- all of them ----

def stretches(article, spans):
    """What follows without a gap, as one."""
    merged = []
    for start, end in spans:
        if merged and merged[-1][1] <= start and not (
                article[merged[-1][1]:start].strip()):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def printed(article, start, end, cuts):
    """The stretch without what was cut of it; where its opening was, what is
    left opens with a capital."""
    kept, at = "", start
    for cut, behind in cuts:
        if start <= cut and behind <= end:
            kept += article[at:cut]
            at = behind
            if cut == start:
                kept += article[at:at + 1].upper()
                at += 1
    return kept + article[at:end]


def excerpt(text, place):
    """The text around it, with | in its place."""
    around = text[max(0, place - 40):place] + "|" + text[place:place + 40]
    return around.replace("\n", " ")


def of_text(text):
    """Defects that need no article: {kind: excerpt}."""
    found = {}
    if unbalanced(text):
        found["quotes"] = text
    for place in joints(text):
        found.setdefault("joined", excerpt(text, place))
    for place in headings(text):
        found.setdefault("heading", excerpt(text, place))
    return found


def of_summary(article, text, spans, cuts=()):
    """Every defect: {kind: excerpt}.  Spans are those of the summary's
    sentences in the article, in the order of the summary; cuts those of the
    parts that it leaves out of them, in the order of the article."""
    found = of_text(text)
    before = 0              # where the stretch before ended
    for i, (start, end) in enumerate(stretches(article, spans)):
        taken = printed(article, start, end, cuts)
        if unbalanced(taken):
            found.setdefault("torn", taken)
        for place in (start, end):
            if not 0 < place < len(article):
                continue
            around = article[:place], article[place:]
            if ends_short(*around):
                found.setdefault("abbreviation", excerpt(article, place))
            if cuts_number(*around):
                found.setdefault("number", excerpt(article, place))
        if article[end:].strip() and not ENDED.search(taken.rstrip()):
            found.setdefault("joined", excerpt(article, end))
        gap = article[before:start] if before <= start else article
        if gap.strip() and opens_dangling(taken) and not (
                i > 0 and is_heading_gap(gap)):
            found.setdefault("dangling", taken[:80])
        before = end
    return found
