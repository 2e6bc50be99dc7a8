#!/bin/sh
# The cases: tests/cases/<language>/<name>/ with
#   input      the article, bytes as they came
#   options    options of precis(1) for this case, one line, maybe empty
#   segments   what a reader sees in it: kind, tab, text, one segment a line
#   summary    what `precis --local OPTIONS input` prints
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"
without_leaks

driver=${abs_top_builddir:-.}/tests/engine/segment_driver
diffs() {
    diff -U0 "$1" "$2" | tail -n +4 | head -n 40
}

for case in "$abs_top_srcdir"/tests/cases/*/*/; do
    case=${case%/}
    name=${case#"$abs_top_srcdir"/tests/cases/}
    read -r options <"$case/options" || true

    # shellcheck disable=SC2086 # options are several words
    if ! "$driver" -l "${name%%/*}" $options "$case/input" \
        >"$scratch/got" 2>"$scratch/err"
    then
        fail "$name: segments" "$(cat "$scratch/err")"
    elif cmp -s "$case/segments" "$scratch/got"; then
        pass "$name: segments"
    else
        fail "$name: segments" "$(diffs "$case/segments" "$scratch/got")"
    fi

    # shellcheck disable=SC2086
    if ! "$precis" --local -l "${name%%/*}" $options "$case/input" \
        >"$scratch/got" 2>"$scratch/err"
    then
        fail "$name: summary" "$(cat "$scratch/err")"
    elif cmp -s "$case/summary" "$scratch/got"; then
        pass "$name: summary"
    else
        fail "$name: summary" "$(diffs "$case/summary" "$scratch/got")"
    fi
done
done_testing
