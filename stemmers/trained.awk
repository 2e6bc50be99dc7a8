# trained.awk - what was learned of words, pairs and sentences, as C tables.
#
# With tables.awk, which calls these functions and says how both are used.

# The trained word table: a line is a form and its four numbers; zeros behind
# the last are those of a form without a row.  The commonest come first: an
# article that is read alone touches few pages.  The row of each form is kept
# for the pairs.
function words(code,    path, line, part, count, last, lines, commons, most,
               n, i) {
    path = dir "/" code "/words"
    split("", row)
    count = most = 0
    last = ""
    while ((getline line < path) > 0) {
        if (line ~ /^#/ || line == "")
            continue
        split(line, part, " ")
        if (last != "" && (part[1] "") <= (last "")) {
            printf "trained.awk: %s: '%s' is out of order\n", path, part[1] \
                > "/dev/stderr"
            failed = 1
        }
        last = part[1]
        lines[count] = line
        commons[count++] = part[3] + 0
        most = part[3] > most ? part[3] + 0 : most
    }
    close(path)
    if (count > 65534) {
        printf "trained.awk: %s: too many words\n", path > "/dev/stderr"
        failed = 1
    }
    row_count = 0
    for (n = 0; n <= most; n++)
        for (i = 0; i < count; i++)
            if (commons[i] == n)
                row_lines[row_count++] = lines[i]
    words_write(code, count)
    rows_write(code, count)
    return count
}

# Writes the table, of `row_lines`: number by number, since awk copies a string
# that grows, and there are up to 100 KB of them.
function words_write(code, count,    i, part, offset) {
    printf "\nstatic const char %s_words[] =\n", code
    for (i = 0; i < count; i++) {
        split(row_lines[i], part, " ")
        row[part[1]] = i
        printf "\"%s\"%s", escape(part[1]), (i % 6 == 5) ? "\n" : " "
    }
    printf "\"\";\nstatic const uint32_t %s_offsets[] = {\n", code
    offset = 0
    for (i = 0; i < count; i++) {
        printf "%d%s", offset, (i % 12 == 11) ? ",\n" : ", "
        offset += index(row_lines[i], " ") - 1
    }
    printf "%d\n};\nstatic const uint8_t %s_values[] = {\n", offset, code
    for (i = 0; i < count; i++) {
        split(row_lines[i], part, " ")
        printf "%s,%s,%d,%d%s", part[2], part[3], part[4], part[5], \
            (i % 6 == 5) ? ",\n" : ", "
    }
    print "0,0,0,0\n};"
}

# How the rows are found, by the hash of the lexicon: of each place the rows
# that are there, and of each row its tag (row_hash() in language.h).
function rows_write(code, count,    i, k, h, word, part, next_row, head, tag,
                    place, at, found) {
    if (count == 0)
        return
    for (i = count - 1; i >= 0; i--) {
        split(row_lines[i], part, " ")
        word = part[1]
        h = 0
        for (k = 1; k <= length(word); k++)
            h = (h * 31 + ord[substr(word, k, 1)]) % 4294967296
        h = h * 40503 % 4294967296
        place = int(h / 4294967296 * row_places)
        tag[i] = int(h / 4096) % 256
        next_row[i] = (place in head) ? head[place] : -1
        head[place] = i
    }
    printf "static const uint16_t %s_row_starts[] = {\n", code
    at = 0
    for (place = 0; place < row_places; place++) {
        printf "%d%s", at, (place % 12 == 11) ? ",\n" : ","
        for (i = (place in head) ? head[place] : -1; i >= 0; i = next_row[i])
            found[at++] = i
    }
    # ROW_TAGS of them may be read from any on
    printf "%d\n};\nstatic const uint8_t %s_row_tags[%d] = {\n", at, code, \
        at + 16
    for (i = 0; i < at; i++)
        printf "%d%s", tag[found[i]], (i % 12 == 11) ? ",\n" : ","
    printf "\n};\nstatic const uint16_t %s_row_numbers[] = {\n", code
    for (i = 0; i < at; i++)
        printf "%d%s", found[i], (i % 12 == 11) ? ",\n" : ","
    print "\n};"
}

# The trained pairs: two forms of the word table and a number, sorted bytewise
# by the first.  Each first form has an open hash table of its own for
# language_pair(), of so many bits that it is at most half full: from a place
# on, entries stand one behind the other, also beyond the last place, and
# something free is behind them.  They are in the order of the rows.
function pairs(code, count,    path, line, part, last, x, n, k, of, starts,
               seconds, values) {
    path = dir "/" code "/pairs"
    last = ""
    while ((getline line < path) > 0) {
        if (line ~ /^#/ || line == "")
            continue
        split(line, part, " ")
        if (!(part[1] in row) || !(part[2] in row) \
            || (part[1] "") < (last "")) {
            printf "trained.awk: %s: '%s' is not in the words, or out of" \
                   " order\n", path, line > "/dev/stderr"
            failed = 1
            continue
        }
        last = part[1]
        x = row[part[1]]
        of[x] = of[x] row[part[2]] " " part[3] " "
    }
    close(path)
    pair_base = 0
    printf "static const uint32_t %s_pair_slots[] = {\n", code
    for (x = 0; x < count; x++) {
        if (!(x in of))
            continue
        n = split(of[x], part, " ") / 2
        for (k = 0; k < n; k++) {
            seconds[k] = part[2 * k + 1]
            values[k] = part[2 * k + 2]
        }
        starts[x] = pair_table(n, seconds, values)
    }
    printf "%d,%d,%d,%d\n};\nstatic const uint32_t %s_pairs[] = {\n", \
        pair_free, pair_free, pair_free, pair_free, code
    for (x = 0; x < count; x++)
        printf "%d,%s", (x in starts) ? starts[x] : pair_base * 16, \
            (x % 12 == 11) ? "\n" : " "
    printf "%d\n};\n", pair_base * 16
}

# Prints the hash table of one form; returns where it begins, times 16, and its
# bits.
function pair_table(n, seconds, values,    bits, places, size, i, at, used,
                    start) {
    split("", used)
    bits = 1
    for (places = 2; places < 2 * n; places *= 2)
        bits++
    size = places + 1
    if (bits > 15) {
        print "trained.awk: too many pairs of one word" > "/dev/stderr"
        failed = 1
    }
    for (i = 0; i < n; i++) {
        at = int(seconds[i] * pair_factor % 65536 / (65536 / places))
        while (at in used)
            at++
        used[at] = seconds[i] * 256 + values[i]
        if (at + 2 > size)
            size = at + 2
    }
    for (i = 0; i < size; i++)
        printf "%d,%s", (i in used) ? used[i] : pair_free, \
            (i % 12 == 11 || i == size - 1) ? "\n" : " "
    start = pair_base * 16 + bits
    pair_base += size
    return start
}

# The weights: a line is the model, the part, and its numbers.  Returns the
# initializer of both models, "" where there is no such file.
function models(code,    path, line, part, n, i, model, found, scale, out) {
    path = dir "/" code "/credits"
    while ((getline line < path) > 0) {
        if (line ~ /^#/ || line == "")
            continue
        n = split(line, part, " ")
        model = part[1]
        if (part[2] == "scale") {
            scale[model] = part[3] ", " part[4]
            continue
        }
        printf "static const int16_t %s_%s_%s[] = {", code, model, \
            mangle(part[2])
        for (i = 3; i <= n; i++)
            printf "%s%d,", (i % 12 == 3) ? "\n    " : " ", part[i]
        print "\n};"
        found++
    }
    close(path)
    if (found == 0)
        return ""
    out = "        {\n"
    for (i = 0; i < 2; i++) {
        model = i ? "title" : "plain"
        out = out "            { " scale[model] ", " code "_" model \
              "_word_odds, " code "_" model "_word_extra, " code "_" model \
              "_pair_odds, " code "_" model "_pair_extra },\n"
    }
    return out "        },\n"
}
