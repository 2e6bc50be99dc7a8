#!/bin/sh
# The same bytes from every compiler, at every optimisation level: the engine
# is compiled in several ways, and all that it says of every case is compared
# with what this build says, reals to the last bit.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

cd "$abs_top_srcdir" || exit 99
: "${ENGINE_LIBS=-lutf8proc -lstemmer -lm}"

articles=$(find tests/cases examples -type f \( -name input -o -name '*.txt' \) \
    | LC_ALL=C sort)
sources=$(find engine stemmers -name '*.c' ! -name '*tables.c' |
    LC_ALL=C sort)

# summarized NAME COMPILER FLAG... [FILE.c...]: leaves $scratch/NAME.out.  What
# the files do not define is this build's; all of it that has no code is.
summarized() {
    program=$scratch/$1
    shift
    # Word splitting of lists is meant.
    # shellcheck disable=SC2086
    "$@" -std=gnu11 -ffp-contract=off -I"$abs_top_builddir" \
        -I"$abs_top_srcdir" -o "$program" tests/engine/summary_driver.c \
        "$abs_top_builddir/.libs/libengine.a" \
        "$abs_top_builddir/.libs/libstemmers.a" $ENGINE_LIBS &&
        "$program" $articles >"$program.out" && test -s "$program.out"
}

ok "linked with this build's" summarized reference ${CC:=cc}
ok "every case has an answer" test \
    "$(grep -c '^==' "$scratch/reference.out")" -gt 10

# agrees NAME COMPILER FLAG...
agrees() {
    name=$1
    shift
    if ! command -v "$1" >/dev/null 2>&1; then
        skip "$* agrees" "$1 is missing"
        return
    fi
    # shellcheck disable=SC2086
    ok "compiled by $*" summarized "$name" "$@" $sources
    same "$* agrees" "$scratch/reference.out" "$scratch/$name.out"
}

case $CC in
*clang*) other=gcc ;;
*) other=clang ;;
esac
agrees unoptimized $CC -O0
agrees native $CC -O3 -march=native
agrees "$other" "$other" -O2

done_testing
