#!/bin/sh
# The fuzzer of request headers, over the inputs kept for it.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

harness=${abs_top_builddir:?}/tests/fuzz/fuzz_header
for file in "$abs_top_srcdir"/tests/fuzz/header/*; do
    ok "header/${file##*/}" "$harness" "$file"
done
done_testing
