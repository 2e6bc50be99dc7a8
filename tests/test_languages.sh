#!/bin/sh
# The language of every case is found out: tests/cases/<code>/<name>/input of
# 200 bytes or more, in UTF-8.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

cd "$abs_top_srcdir/tests/cases" || exit 99

files=
for input in */*/input; do
    test "${input%%/*}" != pl || continue # never found out, only declared
    test "$(wc -c <"$input")" -ge 200 || continue
    iconv -f UTF-8 -t UTF-8 "$input" >/dev/null 2>&1 || continue
    files="$files $input"
done
# shellcheck disable=SC2086 # files are several words
"$precis" --local --json $files 2>"$scratch/err" |
    sed 's/{"file":"\([^"]*\)",.*"language":"\([a-z]*\)".*/\1 \2/' \
        >"$scratch/found"
is "precis says nothing else" "$(cat "$scratch/err")" ""

# shellcheck disable=SC2086
for code in $(printf '%s\n' $files | sed 's|/.*||' | LC_ALL=C sort -u); do
    is "$code: every case is found to be in it" \
        "$(grep "^$code/" "$scratch/found")" \
        "$(printf '%s\n' $files | sed -n "s|^$code/.*|& $code|p")"
done
done_testing
