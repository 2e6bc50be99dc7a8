#!/bin/sh
# instructions.sh - instructions that the engine spends on a byte, by callgrind.
#
#   bench/instructions.sh BUILD            measures: "KEY METHOD FIGURE ALL"
#   bench/instructions.sh --record BUILD   writes the figures of this compiler
#                                          to bench/instructions
#
# FIGURE counts what our own code executes and ALL also the libraries, of which
# another version is no fault of ours.  KEY is compiler, its major version and
# processor.  Articles are a few of our own, French declared.  The build is to
# have the flags of plain "configure": else nothing is comparable, and this
# says why and exits 77.  "make instructions" records.
set -u
LC_ALL=C
export LC_ALL

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
figures=$top/bench/instructions
methods='credits frequency'
articles='examples/article.txt
    tests/cases/fr/abbreviations/input tests/cases/fr/bare-subheadings/input
    tests/cases/fr/compress/input tests/cases/fr/glued-subheadings/input
    tests/cases/fr/guillemets/input tests/cases/fr/plain/input'

unfit() {
    printf '%s\n' "$*"
    exit 77
}

is_record=
if test "${1-}" = --record; then
    is_record=yes
    shift
fi
build=${1:?usage: instructions.sh [--record] BUILD}
build=$(cd "$build" && pwd) || exit 1

command -v valgrind >/dev/null 2>&1 || unfit "valgrind is missing"
flag() {
    sed -n "s/^$1 = *//p" "$build/Makefile"
}
case " $(flag PRECIS_CFLAGS) " in
*-fsanitize*) unfit "a build with sanitizers" ;;
*--coverage*) unfit "a build that counts lines" ;;
esac
test "$(flag CFLAGS)" = '-g -O2' || unfit "CFLAGS are not -g -O2"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/precis.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT

# valgrind 3.19 stumbles over debugging information of clang 14, and needs
# names only.
strip -g -o "$scratch/profile" "$build/bench/profile" || exit 1

# measured METHOD: a line of figures.  In callgrind's file "ob=" names the
# object whose lines follow, and the line behind "calls=" is not its own.
measured() {
    # Word splitting of the list is meant.
    # shellcheck disable=SC2086
    (cd "$top" && valgrind -q --tool=callgrind --collect-atstart=no \
        --toggle-collect=measured_passes --compress-strings=no \
        --compress-pos=no --callgrind-out-file="$scratch/$1.out" \
        "$scratch/profile" "$1" 3 $articles) >"$scratch/$1" || return 1
    read -r bytes key <"$scratch/$1"
    awk -v bytes="$bytes" -v key="$key" -v method="$1" '
        /^ob=/ { ours = /\/profile$/ }
        /^calls=/ { getline; next }
        /^[0-9]/ && NF == 2 { all += $2; if (ours) own += $2 }
        END {
            if (own == 0) exit 1
            printf "%s %s %.2f %.2f\n", key, method, own / bytes, all / bytes
        }' "$scratch/$1.out"
}

for method in $methods; do
    measured "$method" >>"$scratch/found" || {
        echo "instructions.sh: no figure for $method" >&2
        exit 1
    }
done
cat "$scratch/found"
test -n "$is_record" || exit 0

# The lines of other compilers stay.
{
    test ! -f "$figures" || awk -v found="$scratch/found" '
        BEGIN { while ((getline line < found) > 0) {
            split(line, field, " "); known[field[1]] = 1 } }
        !($1 in known)' "$figures"
    awk '{ print $1, $2, $3 }' "$scratch/found"
} >"$scratch/figures"
grep '^#' "$scratch/figures" >"$scratch/new"
grep -v '^#' "$scratch/figures" | sort >>"$scratch/new"
cat "$scratch/new" >"$figures"
