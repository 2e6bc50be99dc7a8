#!/bin/sh
# The word lists of stemmers/, and habits of the sources that a compiler does
# not see.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

cd "$abs_top_srcdir" || exit 99

# ---- word lists: see "A language" in CONTRIBUTING ----

# The letters of a language stand in its file `letters`, one a line; what else
# its words may have is the same everywhere.
alphabet() {
    grep -v '^#' "stemmers/$1/letters" | tr -d '\n'
    echo "0-9©°:.,'’ -"
}

# Made by bench/credits/train, which has all words of the news in them, also
# nuñez and km²; credits has weights, in the order of their features.  And
# what is no list of words.
trained='^stemmers/[^/]*/(words|pairs|credits|folding|marks|quotes|ordinals|colons|ends)$'

# Hidden folders are those of a build inside the tree.
lists=$(find stemmers -mindepth 2 -type f ! -path '*/.*' | LC_ALL=C sort)
lists="$lists stemmers/ends"

# One process for all lists: there are some 500, and a process costs more than
# reading one.
is "every list has a head and words, sorted bytewise, each once" "$(
    LC_ALL=C awk '
    function ends(name) {
        if (name == "stemmers/languages")
            return
        for (i = 1; i <= 3; i++)
            if (!(keys[i] in seen)) print name ": no " keys[i]
        if (!words) print name ": empty"
    }
    BEGIN { split("source licence date", keys) }
    FNR == 1 {
        if (name != "") ends(name)
        name = FILENAME; words = 0; last = ""; split("", seen)
    }
    /^# (source|licence|date): ./ { seen[substr($2, 1, length($2) - 1)] = 1 }
    /^#/ { next }
    {
        if (name !~ /\/credits$/ && words && last "" >= $0 "")
            print name ":" FNR ": not behind the line before"
        words++; last = $0
    }
    END { ends(name) }' stemmers/languages $lists
)" ""
is "dates are whole" "$(
    grep -E '^# date:' $lists | grep -vE '# date: 20[0-9]{2}-[01][0-9]-[0-3][0-9]$'
)" ""
is "no empty line, no white space around a word" "$(
    grep -nE '^$|^[[:space:]]|[[:space:]]$' stemmers/languages $lists
)" ""
# neutral/ is for all that have no model of their own.
is "every language has a folder, every folder a language" \
    "$(find stemmers -mindepth 1 -maxdepth 1 -type d ! -name '.*' \
        ! -name neutral | sed 's|stemmers/||' | LC_ALL=C sort)" \
    "$(grep -Ev '^(#|und )' stemmers/languages | cut -d ' ' -f 1)"
for code in $(grep -Ev '^(#|und )' stemmers/languages | cut -d ' ' -f 1); do
    test -f "stemmers/$code/letters" || {
        fail "$code has a file of its letters"
        continue
    }
    letters=$(alphabet "$code")
    if printf é | LC_ALL=C.UTF-8 grep -qx '.'; then
        is "$code: only letters of the language" "$(
            LC_ALL=C.UTF-8 grep -nvE "^(#.*|[$letters]+)\$" $(
                echo "$lists" | grep "^stemmers/$code/" | grep -vE "$trained"
            )
        )" ""
    else
        skip "$code: only letters of the language" "no UTF-8 locale"
    fi
done

python=$(command -v /usr/bin/python3 || command -v python3)
if test -n "$python"; then
    ok "lists are UTF-8 in NFC" "$python" -c '
import sys, unicodedata
bad = []
for name in sys.argv[1:]:
    for number, line in enumerate(open(name, encoding="utf-8"), 1):
        if unicodedata.normalize("NFC", line) != line:
            bad.append("%s:%d: %s" % (name, number, line.strip()))
sys.exit("\n".join(bad) or None)' stemmers/languages $lists
else
    skip "lists are UTF-8 in NFC" "python3 is missing"
fi

# ---- sources ----

sources=$(find stemmers engine protocol daemon clients po tests bench \
    -name '*.[ch]' ! -path stemmers/tables.c ! -path po/formats.c | LC_ALL=C sort)
scripts=$(find tests bench bootstrap quickstart -name '*.sh' -o -name '*.py' \
    -o -name bootstrap -o -name quickstart | LC_ALL=C sort)

# none NAME REGEX FILES...: no line fits.
none() {
    name=$1
    regex=$2
    shift 2
    is "$name" "$(LC_ALL=C.UTF-8 grep -nE "$regex" "$@" /dev/null)" ""
}
none "no C call without a bound or a check" \
    '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|alloca)\(' \
    $sources
none "no function of libm whose last digits differ between machines" \
    '\b(exp|exp2|expm1|log|log2|log10|log1p|pow|cbrt|hypot|tanh|erf|fma)f?\(' \
    $(find stemmers engine protocol -name '*.[ch]')
none "no tabs, no white space at the end of a line" \
    "$(printf '\t')|[[:space:]]\$" $sources $scripts
none "80 columns" '^.{81}' $sources
unfinished='\b(TO''DO|FIX''ME|XX''X|HA''CK)\b'
none "no marks of unfinished work" "$unfinished" $sources $scripts
none "tests wait for readiness, they do not sleep" \
    '\b(u|nano)?sleep *\(|\bsleep +[0-9]' \
    $(find tests -name '*.sh' -o -name '*.py' -o -name '*.c' -o -name '*.js' |
        grep -v test_lint.sh)
is "config.h is included first, or not at all" "$(
    awk 'FNR == 1 { seen = 0 }
        /^# *include/ { if (/<config.h>/ && seen) print FILENAME; seen = 1 }' \
        $sources
)" ""
is "scripts can be run" "$(
    for file in $(find tests -name 'test_*.sh' -o -name 'test_*.py'); do
        test -x "$file" || echo "$file"
    done
)" ""
is "every test is in the build" "$(
    for file in $(find tests -name 'test_*.sh' -o -name 'test_*.py' -o \
        -name 'test_*.c'); do
        grep -qE "^ +${file%.c}( |\$)" tests/local.mk || echo "$file"
    done
)" ""
is "every source is in the build" "$(
    cat ./*/local.mk | tr -s ' =\\' '\n\n\n' | LC_ALL=C sort -u >"$scratch/built"
    printf '%s\n' $sources | grep -vE '^(tests|bench)/' |
        LC_ALL=C comm -23 - "$scratch/built"
)" ""

done_testing
