# tables.awk - turns the text files of stemmers/ into constant C tables.
#
# usage: LC_ALL=C awk -v dir=SRCDIR/stemmers -f tables.awk -f trained.awk \
#            SRCDIR/stemmers/languages
#
# Each list becomes one string of all its words and the offsets into it, so
# the tables need no relocation and start-up costs nothing.  The files are
# sorted bytewise (a test checks it); here a wrong order is an error, since
# look-ups search by halves.

function escape(word) {
    gsub(/\\/, "\\\\", word)
    gsub(/"/, "\\\"", word)
    return word
}

# "from to" a line, or "from" alone where it is dropped; two columns of bytes.
# Returns how many.
function foldings(code,    path, line, part, n, count) {
    path = dir "/" code "/folding"
    count = 0
    while ((getline line < path) > 0) {
        if (line ~ /^#/ || line == "")
            continue
        n = split(line, part, " ")
        if (n > 2 || length(part[1]) > 5 || length(part[2]) > 5) {
            printf "tables.awk: %s: '%s' is no folding\n", path, line \
                > "/dev/stderr"
            failed = 1
        }
        folding_from[count] = part[1]
        folding_to[count++] = part[2]
    }
    close(path)
    if (count == 0)
        return 0
    printf "\nstatic const struct folding %s_foldings[] = {\n", code
    for (n = 0; n < count; n++)
        printf "    { %d, %d, \"%s\", \"%s\" },\n", \
            length(folding_from[n]), length(folding_to[n]), \
            escape(folding_from[n]), escape(folding_to[n])
    print "};"
    return count
}

# A word as it is compared.
function folded(word, count,    out, i, n) {
    out = ""
    for (i = 1; i <= length(word); i += n) {
        for (n = 0; n < count; n++)
            if (substr(word, i, length(folding_from[n])) == folding_from[n])
                break
        if (n < count) {
            out = out folding_to[n]
            n = length(folding_from[n])
        } else {
            out = out substr(word, i, 1)
            n = 1
        }
    }
    return out
}

# Reads the words of a list, each with the spelling that is compared, into
# `lines`, in order; returns how many.
function read_list(path, lines, folds,    line, last, other, count, seen, i,
                   k) {
    count = 0
    last = ""
    while ((getline line < path) > 0) {
        if (line ~ /^#/ || line == "")
            continue
        if (last != "" && (line "") <= (last "")) {
            printf "tables.awk: %s: '%s' is out of order\n", path, line \
                > "/dev/stderr"
            failed = 1
        }
        last = line
        lines[count++] = line
        seen[line] = 1
    }
    close(path)
    k = count
    for (i = 0; i < k && folds > 0; i++) {
        other = folded(lines[i], folds)
        if (other != "" && !(other in seen)) {
            seen[other] = 1
            lines[count++] = other
        }
    }
    if (count > k)
        sort(lines, count)
    return count
}

# Of the words of a list; a heap, since there may be thousands.
function sort(lines, count,    i, end, word) {
    for (i = int(count / 2) - 1; i >= 0; i--)
        sift(lines, i, count)
    for (end = count - 1; end > 0; end--) {
        word = lines[0]
        lines[0] = lines[end]
        lines[end] = word
        sift(lines, 0, end)
    }
}

function sift(lines, i, count,    child, word) {
    word = lines[i]
    while ((child = 2 * i + 1) < count) {
        if (child + 1 < count && (lines[child + 1] "") > (lines[child] ""))
            child++
        if ((lines[child] "") <= (word ""))
            break
        lines[i] = lines[child]
        i = child
    }
    lines[i] = word
}

function list(code, name, bit, folds,    path, line, count, offset, offsets,
              lines, size) {
    path = dir "/" code "/" name
    offset = 0
    offsets = ""
    print ""
    printf "static const char %s_%s_words[] =\n", code, mangle(name)
    size = read_list(path, lines, folds)
    for (count = 0; count < size; count++) {
        line = lines[count]
        if (!(line in masks))
            lexicon_words[lexicon_size++] = line
        masks[line] += bit
        printf "    \"%s\"\n", escape(line)
        offsets = offsets sprintf("%s%d,", (count % 12 == 0) ? "\n    " : " ", \
                                  offset)
        offset += length(line)
    }
    print "    \"\";"
    printf "static const uint16_t %s_%s_offsets[] = {%s %d\n};\n", \
        code, mangle(name), offsets, offset
    if (offset > 65535) {
        printf "tables.awk: %s: above 64 KiB\n", path > "/dev/stderr"
        failed = 1
    }
    return count
}

# What the entries that openings are compared with begin with, by the hash of
# the lexicon: a bit for each beginning, and the next for each entry.
function leanings(code, folds,    names, lines, size, i, k, n, h, bits, out) {
    if (folds > 0)
        return "NULL"
    n = split("connectives pronouns openings", names, " ")
    while (n > 0) {
        size = read_list(dir "/" code "/" names[n--], lines, 0)
        for (i = 0; i < size; i++) {
            h = 0
            for (k = 1; k <= length(lines[i]); k++) {
                h = (h * 31 + ord[substr(lines[i], k, 1)]) % 4294967296
                bits[2 * (h % (leaning_bits / 2))] = 1
            }
            bits[2 * (h % (leaning_bits / 2)) + 1] = 1
        }
    }
    for (i = 0; i < leaning_bits / 8; i++) {
        h = 0
        for (k = 7; k >= 0; k--)
            h = h * 2 + ((i * 8 + k) in bits)
        out = out h ((i % 24 == 23) ? ",\n" : ",")
    }
    printf "\nstatic const uint8_t %s_leanings[] = {\n%s};\n", code, out
    return code "_leanings"
}

# All words of the lists in one table with the lists they are in: an open hash
# table, at most half full, of the hash that language.c computes.  The keys are
# those of lexicon_key() in language.h.
function lexicon(code,    size, i, k, h, word, slots, text, offset, keys) {
    size = 16
    while (size < 2 * lexicon_size)
        size *= 2
    for (i = 0; i < lexicon_size; i++) {
        word = lexicon_words[i]
        h = 0
        for (k = 1; k <= length(word); k++)
            h = (h * 31 + ord[substr(word, k, 1)]) % 4294967296
        keys[i] = int(h * 40503 % 4294967296 / 16777216) * 256 + length(word)
        if (length(word) > 255) {
            print "tables.awk: " code ": " word ": too long" > "/dev/stderr"
            failed = 1
        }
        h %= size
        while (h in slots)
            h = (h + 1) % size
        slots[h] = i
    }
    printf "\nstatic const struct lexicon_entry %s_lexicon[] = {\n", code
    for (i = 0; i < size; i++) {
        if (!(i in slots)) {
            print "    { 0, 0, 0 },"
            continue
        }
        word = lexicon_words[slots[i]]
        printf "    { %d, %d, %d },\n", offset, keys[slots[i]], masks[word]
        text = text sprintf("    \"%s\"\n", escape(word))
        offset += length(word)
    }
    print "};"
    # LEXICON_ROOM bytes may be read from where any word begins
    printf "static const char %s_lexicon_words[%d] =\n%s    \"\";\n", \
        code, offset + 16, text
    if (offset > 65535) {
        print "tables.awk: " code ": above 64 KiB" > "/dev/stderr"
        failed = 1
    }
    return size
}

# "number weight" a line, of the numbers that are not 0.
function weights(code,    path, line, field, last, values, number, i) {
    path = dir "/" code "/joints"
    last = -1
    while ((getline line < path) > 0) {
        if (line ~ /^#/ || line == "")
            continue
        split(line, field, " ")
        number = field[1] + 0
        if (number <= last || number >= joint_weights) {
            printf "tables.awk: %s: %s is out of order\n", path, number \
                > "/dev/stderr"
            failed = 1
        }
        last = number
        values[number] = field[2]
    }
    close(path)
    if (last < 0)
        return "NULL"
    printf "\nstatic const int16_t %s_joints[JOINT_WEIGHTS] = {", code
    for (i = 0; i < joint_weights; i++)
        printf "%s%d,", (i % 12 == 0) ? "\n    " : " ", values[i]
    print "\n};"
    return code "_joints"
}

# The characters of a file `marks` or `quotes`, as code points up to U+FFFF
# with a 0 behind them.
function characters(code, name,    path, line, k, n, out) {
    path = dir "/" code "/" name
    while ((getline line < path) > 0) {
        if (line ~ /^#/)
            continue
        for (k = 1; k <= length(line); k += n) {
            n = 1
            if ((c = ord[substr(line, k, 1)]) >= 224) {
                n = 3
                c = (c - 224) * 4096 + (ord[substr(line, k + 1, 1)] - 128) * 64 \
                    + ord[substr(line, k + 2, 1)] - 128
            } else if (c >= 192) {
                n = 2
                c = (c - 192) * 64 + ord[substr(line, k + 1, 1)] - 128
            }
            if (c != 32)
                out = out c ", "
        }
    }
    close(path)
    printf "\nstatic const uint16_t %s_%s[] = { %s0 };\n", code, name, out
    return code "_" name
}

# The weights of signs, "number weight" a line: those of all languages and
# what the language adds.  None where it has joints of its own.
function ends(code,    path, line, field, last, values, number, i, w) {
    if ((getline line < (dir "/" code "/joints")) > 0) {
        close(dir "/" code "/joints")
        return "NULL, 0"
    }
    for (i = 0; i < 2; i++) {
        path = dir "/" (i ? code "/" : "") "ends"
        last = -1
        while ((getline line < path) > 0) {
            if (line ~ /^#/)
                continue
            split(line, field, " ")
            number = field[1] + 0
            if (number <= last || number >= ends_weights) {
                printf "tables.awk: %s: %s is out of order\n", path, number \
                    > "/dev/stderr"
                failed = 1
            }
            last = number
            values[number] += field[2]
        }
        close(path)
    }
    printf "\nstatic const int8_t %s_ends[ENDS_WEIGHTS] = {", code
    for (i = 0; i < ends_weights; i++) {
        w = values[i] + 0
        w = w > 127 ? 127 : w < -127 ? -127 : w
        printf "%s%d,", (i % 16 == 0) ? "\n    " : " ", w
    }
    print "\n};"
    return code "_ends, " (last >= 0)
}

# Bit 0: a file `ordinals` has "0.", bit 1: it has "I.".
function ordinals(code,    path, line, bits) {
    path = dir "/" code "/ordinals"
    while ((getline line < path) > 0)
        bits += (line == "0.") + 2 * (line == "I.")
    close(path)
    return bits + 0
}

# Not 0: there is a file `colons`, which has a colon.
function colons(code,    path, line, some) {
    path = dir "/" code "/colons"
    while ((getline line < path) > 0)
        some += line == ":"
    close(path)
    return some + 0
}

function mangle(name) {
    gsub(/-/, "_", name)
    return name
}

BEGIN {
    lists = split("stopwords titles abbreviations abbreviations-number" \
                  " starters articles times verbs namers institutions junk" \
                  " bylines film-credits connectives pronouns openings" \
                  " adverbials trailers sayings insertions" \
                  " particles calendar determiners" \
                  " asides clefts keepers", names, " ")
    print "/* Made by stemmers/tables.awk from the text files beside it. */"
    print "#include <config.h>"
    print ""
    print "#include \"stemmers/language.h\""
    for (i = 1; i < 256; i++)
        ord[sprintf("%c", i)] = i
    joint_weights = 798 # JOINT_WEIGHTS
    leaning_bits = 32768 # LEANING_BITS
    row_places = 4096 # ROW_PLACES
    pair_factor = 40503 # PAIR_FACTOR
    pair_free = 16777215 # PAIR_FREE
    neutral = models("neutral")
    untrained = "        { { 0, 0, NULL, NULL, NULL, NULL }," \
                " { 0, 0, NULL, NULL, NULL, NULL } },\n"
    ends_weights = 16384 # ENDS_WEIGHTS
}

/^#/ || NF == 0 { next }

{
    code = $1
    gsub(/_/, " ", $2)
    codes = codes sprintf("    \"%s\",\n", code)
    rows = rows sprintf("    { \"%s\", \"%s\", ", code, $2)
    rows = rows (($3 == "-") ? "NULL" : "\"" $3 "\"") \
           (($4 == "-") ? ", NULL, {\n" : ", \"" $4 "\", {\n")
    split("", masks)
    lexicon_size = 0
    folding_count = foldings(code)
    for (i = 1; i <= lists; i++) {
        count = list(code, names[i], 2 ^ (i - 1), folding_count)
        if (names[i] == "stopwords")
            stopwords = count
        id = code "_" mangle(names[i])
        rows = rows sprintf("        { %s_words, %s_offsets, %d },\n", \
                            id, id, count)
    }
    count = words(code)
    pairs(code, count)
    weighed = models(code)
    shared = weighed == "" && stopwords > 0 && neutral != ""
    if (weighed == "")
        weighed = shared ? neutral : untrained
    rows = rows "    },\n        { " code "_words, " code "_offsets, " \
           code "_values, " count ",\n          " code "_pairs, " code \
           "_pair_slots,\n          " (count > 0 ? code "_row_starts, " code \
           "_row_tags, " code "_row_numbers" : "NULL, NULL, NULL") \
           " },\n" weighed \
           "        " shared + 0 ",\n"
    size = lexicon(code)
    rows = rows sprintf("        %s_lexicon, %s_lexicon_words, %d, ", code, \
                        code, size - 1)
    rows = rows weights(code) ",\n        " \
           (folding_count ? code "_foldings" : "NULL") ", " \
           folding_count ", "
    rows = rows characters(code, "marks") ", "
    rows = rows characters(code, "quotes") ", " ends(code) ", " \
           ordinals(code) ", " colons(code) ", " \
           leanings(code, folding_count) " },\n"
    languages++
}

END {
    print ""
    print "const struct language language_table[] = {"
    printf "%s", rows
    print "};"
    printf "const size_t language_count = %d;\n", languages
    printf "const char language_codes[][LANGUAGE_CODE] = {\n%s};\n", codes
    exit failed
}
