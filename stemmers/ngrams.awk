# ngrams.awk - turns stemmers/identify into constant C tables: ngrams.h.
#
# usage: LC_ALL=C awk -f ngrams.awk SRCDIR/stemmers/languages \
#            SRCDIR/stemmers/identify
#
# A line "class CODE NAME" for each class, in order; then a line for each
# feature: its characters ("_" for the edge of a word), a space, and for each
# class that has it two ASCII characters, the class and its weight, both
# counted from "!".

# a * b modulo 2^32, for numbers below it, with no product above 2^53.
function multiply(a, b,    low) {
    low = b % 65536
    return (a * low + (a * ((b - low) / 65536)) % 65536 * 65536) % 4294967296
}

# Whether a feature has a row of the weights of all classes.
function is_dense(pairs) {
    return length(pairs) > 2 * 11 # NGRAM_LIST_MAX
}

# The weights of all classes, 0 in those that have none.
function row(pairs,    c, i, line, weights) {
    for (i = 1; i < length(pairs); i += 2)
        weights[ord[substr(pairs, i, 1)] - 33] \
            = ord[substr(pairs, i + 1, 1)] - 33
    for (c = 0; c < 64; c++) # NGRAM_CLASSES_MAX
        line = line ((c in weights) ? weights[c] : 0) ","
    return "    {" line "},"
}

function hash(feature,    h, i, c, cp, more) {
    h = 0
    for (i = 1; i <= length(feature); i++) {
        c = ord[substr(feature, i, 1)]
        if (c == 95)
            cp = 32
        else if (c < 128)
            cp = c
        else {
            more = (c < 224) ? 1 : (c < 240) ? 2 : 3
            cp = c - ((c < 224) ? 192 : (c < 240) ? 224 : 240)
            while (more-- > 0)
                cp = cp * 64 + ord[substr(feature, ++i, 1)] - 128
        }
        h = multiply((h + cp) % 4294967296, 2654435769)
    }
    return h
}

BEGIN {
    for (i = 1; i < 256; i++)
        ord[sprintf("%c", i)] = i
    print "/* Made by stemmers/ngrams.awk from stemmers/identify. */"
    print "#include <config.h>"
    print ""
    print "#include \"stemmers/ngrams.h\""
    print ""
    print "const struct ngram_class ngram_classes[] = {"
    size = 65536 # NGRAM_SLOTS
}

/^#/ || NF == 0 { next }

# stemmers/languages: those that have a stemmer are detected
FNR == NR {
    languages[$1] = ($3 == "-") ? -1 : rows + 0
    rows++
    next
}

$1 == "class" && NF == 3 {
    gsub(/_/, " ", $3)
    printf "    { \"%s\", \"%s\", %d },\n", $2, $3, \
        ($2 in languages) ? languages[$2] : -1
    keys[classes++] = ($2 in languages) ? languages[$2] : -1
    next
}

{
    h = hash($1)
    slot = int(h / 65536)
    while (slot in features)
        slot = (slot + 1) % size
    features[slot] = $2
    checks[slot] = h % 65536
    if (++count > size * 3 / 4) {
        print "ngrams.awk: too many features" > "/dev/stderr"
        exit failed = 1
    }
}

# A slot of the table; behind the last one come the first ones again.
function slot_of(n,    slot) {
    slot = n % size
    if (!(slot in features))
        return "{65535,0}," # NGRAM_FREE
    return "{" values[slot] "," checks[slot] "},"
}

END {
    print "};"
    printf "const size_t ngram_class_count = %d;\n\n", classes
    print "const int32_t ngram_keys[NGRAM_CLASSES_MAX] = {"
    for (c = 0; c < 64; c++)
        printf "%d,%s", (c in keys && keys[c] >= 0) ? keys[c] : 1000 + c, \
            (c % 8 == 7) ? "\n" : " "
    print "};\n"
    at = dense = 0
    for (slot = 0; slot < size; slot++) {
        if (slot % 128 == 0) { # NGRAM_BLOCK
            base = at
            bases = bases at ((slot % 2048 == 0) ? ",\n" : ", ")
        }
        if (!(slot in features))
            continue
        if (is_dense(features[slot])) {
            values[slot] = 32768 + dense++ # NGRAM_ROW
            continue
        }
        n = length(features[slot]) / 2
        values[slot] = (at - base) * 16 + n
        at += n
    }
    if (dense >= 32767) {
        print "ngrams.awk: too many rows" > "/dev/stderr"
        failed = 1
    }
    print "const struct ngram_slot ngram_slots[NGRAM_SLOTS + NGRAM_PROBES] = {"
    for (slot = 0; slot < size + 8; slot++) # NGRAM_PROBES
        printf "%s%s", slot_of(slot), (slot % 6 == 5) ? "\n" : ""
    print "\n};\n"
    print "const uint32_t ngram_bases[NGRAM_SLOTS / NGRAM_BLOCK + 1] = {"
    print bases "0 };\n"
    print "const uint16_t ngram_lists[] = {"
    for (slot = 0; slot < size; slot++) {
        if (!(slot in features) || is_dense(features[slot]))
            continue
        line = ""
        n = length(features[slot])
        for (i = 1; i < n; i += 2)
            line = line (ord[substr(features[slot], i, 1)] - 33 \
                + 256 * (ord[substr(features[slot], i + 1, 1)] - 33)) ","
        print line
    }
    print "0,0,0,0,0,0,0,0,0,0,0,0 };\n" # NGRAM_LIST_ROOM
    print "_Alignas(64) const uint8_t ngram_rows[][NGRAM_CLASSES_MAX] = {"
    for (slot = 0; slot < size; slot++)
        if ((slot in features) && is_dense(features[slot]))
            print row(features[slot])
    print "    {0}\n};"
    exit failed
}
