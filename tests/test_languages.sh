#!/bin/sh
# The language of every case is found out: tests/cases/<code>/<name>/input of
# 200 bytes or more, in UTF-8.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

cd "$abs_top_builddir" || exit 99

for folder in "$abs_top_srcdir"/tests/cases/*/; do
    code=$(basename "$folder")
    test "$code" != pl || continue # never found out, only declared
    is "$code: every case is found to be in it" "$(
        for input in "$folder"*/input; do
            test "$(wc -c <"$input")" -ge 200 || continue
            iconv -f UTF-8 -t UTF-8 "$input" >/dev/null 2>&1 || continue
            printf '%s\t' "$(basename "$(dirname "$input")")"
            ./precis --local --json "$input" 2>&1 |
                sed 's/.*"language":"\([a-z]*\)".*/\1/'
        done | grep -v "[[:space:]]$code\$"
    )" ""
done
done_testing
