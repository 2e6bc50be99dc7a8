#!/bin/sh
# The manual pages: all there, without a formatter's complaint, and with the
# options that the programs have.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

pages='clients/precis.1 clients/precisctl.1 daemon/precisd.8
    daemon/precis.conf.5 protocol/precis-protocol.7 engine/libprecis.3
    clients/libprecis-client.3'

for page in $pages; do
    file=$abs_top_srcdir/$page
    if ! test -f "$file"; then
        fail "$page is there"
        continue
    fi
    for section in NAME DESCRIPTION EXAMPLES 'EXIT STATUS' 'SEE ALSO'; do
        ok "$page has $section" grep -qE "^\.SH \"?$section\"?\$" "$file"
    done
    if command -v mandoc >/dev/null 2>&1; then
        # STYLE and the base system's habits are not asked for.
        is "$page: mandoc has no complaint" \
            "$(mandoc -T lint -W warning "$file" 2>&1)" ""
    else
        skip "$page: mandoc has no complaint" "mandoc is missing"
    fi
done

# ---- in French ----

french=clients/fr/precis.1
for section in NOM DESCRIPTION EXEMPLES 'CODE DE RETOUR' 'VOIR AUSSI'; do
    ok "$french has $section" \
        grep -qE "^\.SH \"?$section\"?\$" "$abs_top_srcdir/$french"
done
if command -v mandoc >/dev/null 2>&1; then
    is "$french: mandoc has no complaint" \
        "$(mandoc -T lint -W warning "$abs_top_srcdir/$french" 2>&1)" ""
else
    skip "$french: mandoc has no complaint" "mandoc is missing"
fi
# tags PAGE: what it has tags for (options, presets, exit statuses, members),
# without the words that are translated.
tags() {
    grep -A 1 '^\.TP' "$1" | grep -E '^\.(B|BI|BR)' |
        sed -e 's/ or / ou /g' -e 's/" [A-Z]*"//g'
}
is "$french has the tags of the English page, in its order" \
    "$(tags "$abs_top_srcdir/$french")" \
    "$(tags "$abs_top_srcdir/clients/precis.1")"
for page in clients/precis.1 $french; do
    is "$page has every language" "$(
        sed -n '/^\.SH LANG/,/^\.SH ENV/p' "$abs_top_srcdir/$page" |
            grep -oE '(^\.BR |" )[a-z][a-z] ' | tr -cd 'a-z\n' |
            LC_ALL=C sort
    )" "$(grep -Ev '^(#|und )' "$abs_top_srcdir/stemmers/languages" |
        cut -d ' ' -f 1)"
done

# Pages that name another of ours name one that is there.
is "pages that are referred to exist" "$(
    cd "$abs_top_srcdir" || exit
    # shellcheck disable=SC2086
    sed -n 's/^\.BR \([a-z\\.-]*precis[a-z\\.-]*\) (\([1-8]\)).*/\1.\2/p' \
        $pages | tr -d '\\' | LC_ALL=C sort -u |
        while read -r page; do
            case " $(echo $pages) " in *"/$page "*) ;; *) echo "$page" ;; esac
        done
)" ""

# ---- options ----

# Long options, one a line.
options_of_help() {
    "$1" --help 2>&1 | grep -oE '(^|[ ,])--[a-z][a-z-]*' | tr -d ' ,' |
        LC_ALL=C sort -u
}
# Those that a page sets in bold as a tag or in its synopsis.
options_of_page() {
    sed 's/\\-/-/g' "$1" | grep -E '^\.(B|BI|BR|IB|RB|OP|SY)|^\.TP|^\\fB' |
        grep -oE '(^|[^a-z-])--[a-z][a-z-]*' | grep -oE -e '--[a-z-]*' |
        LC_ALL=C sort -u
}

for entry in precis:clients/precis.1 precis:clients/fr/precis.1 precisctl:clients/precisctl.1 \
    precisd:daemon/precisd.8; do
    program=${entry%%:*}
    page=${entry#*:}
    test -f "$abs_top_srcdir/$page" || continue
    options_of_help "$tap_programs/$program" >"$scratch/help"
    options_of_page "$abs_top_srcdir/$page" >"$scratch/page"
    ok "$program --help names options" test -s "$scratch/help"
    is "$page has every option of --help" \
        "$(LC_ALL=C comm -23 "$scratch/help" "$scratch/page")" ""
    is "$page has no other option" \
        "$(LC_ALL=C comm -13 "$scratch/help" "$scratch/page")" ""
done

# ---- methods ----

# Each on a line, from what an unknown one is told.
"$precis" --local --method '?' /dev/null 2>&1 |
    sed -n 's/.*allowed: //p' | tr -d ' ' | tr ',' '\n' >"$scratch/methods"
ok "precis names its methods" grep -qx frequency "$scratch/methods"
for file in NEWS clients/options.c clients/completions/precis clients/precis.1 \
    protocol/precis-protocol.7 engine/libprecis.3; do
    is "$file names every method" "$(
        while read -r method; do
            grep -qw "$method" "$abs_top_srcdir/$file" || echo "$method"
        done <"$scratch/methods"
    )" ""
done
done_testing
