#!/bin/sh
# The fuzzer of the whole engine, over the inputs kept for it, and over every
# case with some of the options.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

harness=${abs_top_builddir:?}/tests/fuzz/fuzz_summarize
for file in "$abs_top_srcdir"/tests/fuzz/summarize/*; do
    ok "summarize/${file##*/}" "$harness" "$file"
done

# The four bytes before the article: see fuzz_summarize.c.
count=0
for case in "$abs_top_srcdir"/tests/cases/*/*/input; do
    for head in '\000\001\004\000' '\001\003\005\004' '\002\050\016\000' \
        '\003\144\014\000' '\004\031\004\003' '\002\377\006\007' \
        '\000\001\004\110' '\002\050\034\010' '\001\011\005\170' \
        '\003\144\004\220' '\004\051\034\340'; do
        count=$((count + 1))
        # shellcheck disable=SC2059 # the head is a format, without a %
        { printf "$head"; cat "$case"; } >"$scratch/case-$count"
    done
done
ok "cases with options" "$harness" "$scratch"/case-*
done_testing
