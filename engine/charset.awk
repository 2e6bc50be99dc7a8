# charset.awk - turns charset-tables and charset-model into C tables.
#
# usage: LC_ALL=C awk -f charset.awk charset-tables charset-model

BEGIN {
    charsets = characters = languages = 0
}

FNR == 1 {
    file++
}

/^#/ || NF == 0 {
    next
}

file == 1 {
    names[charsets] = $1
    charset_kinds[charsets] = $2
    for (i = 0; i < 128; i++)
        codes[charsets, i] = $(i + 3)
    charsets++
    next
}

$1 == "character" {
    number[$2] = characters
    code[characters] = $2
    kind[characters] = $3
    small[characters] = $4
    extra[characters++] = $5
    next
}

$1 == "language" {
    language[languages] = $2
    language_kinds[languages] = $3
    letters[languages] = NF - 3
    for (i = 4; i <= NF; i++)
        letter[languages, $i] = i - 4
    rows[languages++] = 0
    next
}

{
    row[languages - 1, rows[languages - 1]++] = $0
}

# The kinds of Latin letters are the first, below GUESS_LATIN.
function kind_number(name,    i) {
    for (i = 0; i < kind_count; i++)
        if (kinds[i] == name)
            return i
    fail(name " is no kind")
}

function script(name) {
    return kind_number(name) < 4 ? "latin" : name
}

function is_class(name,    i) {
    for (i = 0; i < class_count; i++)
        if (classes[i] == name)
            return 1
    return 0
}

function fail(why) {
    print "charset.awk: " why > "/dev/stderr"
    failed = 1
}

# The classes come first, then the letters of a language.
function class_of(i, l,    c) {
    for (c = 0; c < class_count; c++)
        if (classes[c] == kind[i])
            return c
    if (kind[i] != script(language_kinds[l]))
        return class_count - 1
    if ((l, small[i]) in letter)
        return class_count + letter[l, small[i]]
    return class_count - 2
}

function put(value) {
    printf "%s%s,", column++ % 16 == 0 ? "\n    " : " ", value
}

END {
    kind_count = split("western central baltic turkish cyrillic greek " \
                       "arabic hebrew", list, " ")
    for (i = 0; i < kind_count; i++)
        kinds[i] = list[i + 1]
    class_count = split("blank digit point apostrophe dash open close sign " \
                        "foreign other", list, " ")
    for (i = 0; i < class_count; i++)
        classes[i] = list[i + 1]
    for (i = 32; i < 256; i++)
        ordinal[sprintf("%c", i)] = i

    print "/* Made by charset.awk. */"
    print "#include \"engine/guess.h\"\n"
    printf "const struct guess_character guess_characters[] = {"
    for (i = 0; i < characters; i++) {
        upper = small[i] != code[i]
        is_letter = !is_class(kind[i]) && kind[i] != "none"
        printf "\n    {0x%s, %d, %d, %d},", code[i], extra[i],
            upper && is_letter, !upper && is_letter
    }
    print "\n};"
    printf "const size_t guess_character_count = %d;\n", characters

    printf "\nconst struct guess_charset guess_charsets[] = {"
    for (i = 0; i < charsets; i++) {
        printf "\n    {\"%s\", %d, {", names[i],
            kind_number(charset_kinds[i])
        column = 0
        for (j = 0; j < 128; j++) {
            if (codes[i, j] != "-" && !(codes[i, j] in number))
                fail(codes[i, j] " of " names[i] " is no character")
            put(codes[i, j] == "-" ? 0 : number[codes[i, j]] + 1)
        }
        printf "}},"
    }
    print "\n};"
    printf "const size_t guess_charset_count = %d;\n", charsets

    for (l = 0; l < languages; l++) {
        size = class_count + letters[l]
        if (rows[l] != size)
            fail(language[l] " has " rows[l] " rows, not " size)
        printf "\nstatic const uint8_t classes_%d[] = {", l
        column = 0
        for (i = 0; i < characters; i++)
            put(class_of(i, l))
        printf "};\nstatic const uint8_t costs_%d[] = {", l
        column = 0
        for (i = 0; i < size; i++) {
            if (length(row[l, i]) != size)
                fail(language[l] ": row " i)
            for (j = 1; j <= size; j++)
                put(ordinal[substr(row[l, i], j, 1)] - 36)
        }
        print "};"
    }
    print "\nconst struct guess_language guess_languages[] = {"
    for (l = 0; l < languages; l++)
        printf "    {\"%s\", %d, %d, classes_%d, costs_%d},\n", language[l],
            kind_number(language_kinds[l]), class_count + letters[l], l, l
    print "};"
    printf "const size_t guess_language_count = %d;\n", languages
    exit failed
}
