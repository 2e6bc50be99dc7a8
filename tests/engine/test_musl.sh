#!/bin/sh
# The decoder with musl, whose iconv is another one: builds and runs
# test_charset.c.  Skipped where there is no musl-gcc.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

command -v musl-gcc >/dev/null || skip_all "no musl-gcc (Debian: musl-tools)"

cd "$abs_top_srcdir" || exit 99
ok "compiles without a warning" \
    musl-gcc -static -std=gnu11 -O2 -Werror -Wall -Wextra -Wconversion \
    -Wshadow -Wvla -I. -I"$abs_top_builddir" -o "$scratch/test_charset" \
    tests/engine/test_charset.c engine/charset.c engine/sniff.c \
    engine/binary.c engine/guess.c engine/guess_ascii.c engine/plain.c \
    engine/transcode.c engine/arena.c engine/pages.c \
    "$abs_top_builddir/engine/charset_tables.c"
exits "passes" 0 "$scratch/test_charset"
grep '^not ok' "$scratch/out" | while read -r line; do note "$line"; done
note "$(grep -c '# SKIP' "$scratch/out") of its tests skipped"
done_testing
