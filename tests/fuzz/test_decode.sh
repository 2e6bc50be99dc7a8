#!/bin/sh
# The fuzzer of the decoder, over the inputs kept for it.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

harness=${abs_top_builddir:?}/tests/fuzz/fuzz_decode
for file in "$abs_top_srcdir"/tests/fuzz/decode/*; do
    ok "decode/${file##*/}" "$harness" "$file"
done
done_testing
