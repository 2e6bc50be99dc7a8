#!/bin/sh
# The catalogues of po/ have every message of the sources, translated, and
# French is set as French is.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

cd "$abs_top_srcdir" || exit 99
command -v msgfmt >/dev/null 2>&1 && command -v xgettext >/dev/null 2>&1 ||
    skip_all "gettext is missing"

is "POTFILES.in has every file with marked messages" "$(cat po/POTFILES.in)" \
    "$(grep -lE '\b(_|N_|NP_|ngettext)\(' clients/*.c daemon/*.c |
        LC_ALL=C sort)"
is "no library marks messages: make-pot finds them" \
    "$(grep -nE '\b(_|N_|ngettext)\(' engine/*.[ch] protocol/*.[ch] \
        stemmers/*.[ch])" ""

ok "make-pot finds the messages" sh -c "po/make-pot >'$scratch/precis.pot'"
ok "many" test "$(grep -c '^msgid ' "$scratch/precis.pot")" -gt 200
for message in 'the article is empty' 'the queue is full' 'Norwegian Bokm' \
    'no service answers at' 'must be a whole number from 1 to' \
    'show this'; do
    ok "of programs and libraries: $message" \
        grep -q "$message" "$scratch/precis.pot"
done

# untranslated FILE: what msgfmt counts besides translated messages.
untranslated() {
    LC_ALL=C msgfmt --statistics -o /dev/null "$1" 2>&1 |
        grep -oE '[0-9]+ (fuzzy|untranslated)|error.*'
}
for file in po/*.po; do
    ok "$file: no faults" \
        msgfmt --check -o /dev/null "$file"
    is "$file: all is translated" "$(untranslated "$file")" ""
    msgmerge --quiet --no-fuzzy-matching -o "$scratch/merged.po" "$file" \
        "$scratch/precis.pot"
    is "$file: has every message of the sources (make update-po)" \
        "$(untranslated "$scratch/merged.po")" ""
    is "$file: has no other" "$(msgattrib --obsolete "$scratch/merged.po")" ""
done

# ---- French ----

# What is translated, one message a line.
msgcat --no-wrap po/fr.po | sed -n '/^msgid ""$/,/^$/d
    s/^msgstr\(\[[0-9]\]\)\{0,1\} //p' >"$scratch/french"
ok "French messages are read" test "$(wc -l <"$scratch/french")" -gt 200
nbsp=$(printf '\302\240')
is "no-break spaces before : ; ? ! and in guillemets" "$(
    grep -nE "[^$nbsp ] *[;?!]|[[:alnum:])»%] :|[[:alnum:])»]:( |$)|« | »" \
        "$scratch/french" |
        sed -e "s/$nbsp[;?!]//g" -e 's/precisd: //' |
        grep -E '[[:alnum:])»] *[;?!]|[[:alnum:])»%] :|[[:alnum:])»]:( |$)|« | »'
)" ""
is "no English quotation marks" "$(grep -nE '\\"' "$scratch/french")" ""
done_testing
