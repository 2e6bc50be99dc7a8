# tables.awk - turns the text files of stemmers/ into constant C tables.
#
# usage: LC_ALL=C awk -v dir=SRCDIR/stemmers -f tables.awk SRCDIR/stemmers/languages
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

function list(code, name,    path, line, count, offset, offsets, last) {
    path = dir "/" code "/" name
    count = 0
    offset = 0
    last = ""
    offsets = ""
    print ""
    printf "static const char %s_%s_words[] =\n", code, mangle(name)
    while ((getline line < path) > 0) {
        if (line ~ /^#/ || line == "")
            continue
        if (last != "" && line <= last) {
            printf "tables.awk: %s: '%s' is out of order\n", path, line \
                > "/dev/stderr"
            failed = 1
        }
        last = line
        printf "    \"%s\"\n", escape(line)
        offsets = offsets sprintf("%s%d,", (count % 12 == 0) ? "\n    " : " ", \
                                  offset)
        offset += length(line)
        count++
    }
    close(path)
    print "    \"\";"
    printf "static const uint16_t %s_%s_offsets[] = {%s %d\n};\n", \
        code, mangle(name), offsets, offset
    if (offset > 65535) {
        printf "tables.awk: %s: above 64 KiB\n", path > "/dev/stderr"
        failed = 1
    }
    return count
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

function mangle(name) {
    gsub(/-/, "_", name)
    return name
}

BEGIN {
    lists = split("stopwords titles abbreviations abbreviations-number starters" \
                  " articles verbs namers institutions junk" \
                  " bylines credits", names, " ")
    print "/* Made by stemmers/tables.awk from the text files beside it. */"
    print "#include <config.h>"
    print ""
    print "#include \"stemmers/language.h\""
    joint_weights = 718 # JOINT_WEIGHTS
}

/^#/ || NF == 0 { next }

{
    code = $1
    rows = rows sprintf("    { \"%s\", \"%s\", ", code, $2)
    rows = rows (($3 == "-") ? "NULL" : "\"" $3 "\"") ", \"" $4 "\", {\n"
    for (i = 1; i <= lists; i++) {
        count = list(code, names[i])
        id = code "_" mangle(names[i])
        rows = rows sprintf("        { %s_words, %s_offsets, %d },\n", \
                            id, id, count)
    }
    rows = rows "    }, " weights(code) " },\n"
    languages++
}

END {
    print ""
    print "const struct language language_table[] = {"
    printf "%s", rows
    print "};"
    printf "const size_t language_count = %d;\n", languages
    exit failed
}
