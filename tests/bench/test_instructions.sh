#!/bin/sh
# The engine executes no more instructions for each byte than bench/instructions
# says.  After a change that is worth its price: make instructions.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

growth=5    # percent
shrunk=5    # from here on a new figure is worth recording

"$abs_top_srcdir/bench/instructions.sh" "${abs_top_builddir:-.}" \
    >"$scratch/found" 2>"$scratch/err"
status=$?
test "$status" -ne 77 || skip_all "$(cat "$scratch/found")"
is "instructions can be counted" "$status $(cat "$scratch/err")" "0 "

# at_most FIGURE RECORDED PERCENT
at_most() {
    awk -v figure="$1" -v recorded="$2" -v percent="$3" \
        'BEGIN { exit !(figure <= recorded * (1 + percent / 100)) }'
}

ok "4.9 % more would pass" at_most 104.9 100 "$growth"
exits "5.1 % more would not" 1 at_most 105.1 100 "$growth"

while read -r key method figure all; do
    recorded=$(sed -n "s/^$key $method //p" \
        "$abs_top_srcdir/bench/instructions")
    note "$method: $figure instructions a byte, $all with the libraries"
    if test -z "$recorded"; then
        skip "$method" "no figure for $key: make instructions records one"
        continue
    fi
    note "recorded: $recorded"
    ok "$method takes at most $growth % more than recorded" \
        at_most "$figure" "$recorded" "$growth"
    at_most "$figure" "$recorded" "-$shrunk" &&
        note "less than recorded: make instructions keeps it so"
done <"$scratch/found"

done_testing
