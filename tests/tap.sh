# tap.sh - TAP for shell tests.  Source it first:
#
#     #!/bin/sh
#     . "${abs_top_srcdir:?run by make check}/tests/tap.sh"
#     ok "what was expected" test -f "$file"
#     is "what was expected" "$got" "$wanted"
#     done_testing
#
# It makes an empty folder $scratch, removed at the end, and ends every process
# whose number was given to `reap`.  Works with sh and bash.

tap_number=0
tap_failed=0
tap_reaped=
scratch=$(mktemp -d "${TMPDIR:-/tmp}/precis.XXXXXX") || exit 99

# Programs of this build, where no libtool stands before them.
tap_programs=${abs_programs:-${abs_top_builddir:-.}}
precis=$tap_programs/precis
precisd=$tap_programs/precisd
precisctl=$tap_programs/precisctl

tap_end() {
    for tap_pid in $tap_reaped; do
        kill -KILL "$tap_pid" 2>/dev/null
    done
    rm -rf "$scratch"
}
trap tap_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# reap PID...: these end with the test, however it ends.
reap() {
    tap_reaped="$tap_reaped $*"
}

# without_leaks: in a build with AddressSanitizer, programs do not look for
# leaks when they end, which takes longer than the rest of a short run.  For
# scripts that start them by the hundred, on ways that others take too.
without_leaks() {
    ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
    export ASAN_OPTIONS
}

# note TEXT: told, not counted.
note() {
    printf '%s\n' "$*" | sed 's/^/# /'
}

pass() {
    tap_number=$((tap_number + 1))
    printf 'ok %d - %s\n' "$tap_number" "$1"
}

# fail NAME [WHY]
fail() {
    tap_number=$((tap_number + 1))
    tap_failed=$((tap_failed + 1))
    printf 'not ok %d - %s\n' "$tap_number" "$1"
    test $# -lt 2 || note "$2"
}

# ok NAME COMMAND...: it must succeed.
ok() {
    tap_name=$1
    shift
    if tap_output=$("$@" 2>&1); then
        pass "$tap_name"
    else
        fail "$tap_name" "failed: $*
$tap_output"
    fi
}

# is NAME GOT WANTED
is() {
    if test "x$2" = "x$3"; then
        pass "$1"
    else
        fail "$1" "     got: $2
  wanted: $3"
    fi
}

# same NAME FILE FILE: byte for byte.
same() {
    if tap_output=$(cmp "$2" "$3" 2>&1); then
        pass "$1"
    else
        fail "$1" "$tap_output"
    fi
}

# exits NAME STATUS COMMAND...: leaves its output in $scratch/out and err.
exits() {
    tap_name=$1
    tap_wanted=$2
    shift 2
    tap_status=0
    "$@" >"$scratch/out" 2>"$scratch/err" || tap_status=$?
    if test "$tap_status" = "$tap_wanted"; then
        pass "$tap_name"
    else
        fail "$tap_name" "exit $tap_status, wanted $tap_wanted: $*
$(head -c 2000 "$scratch/err")"
    fi
}

# skip NAME WHY: one test that cannot be done here.
skip() {
    tap_number=$((tap_number + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tap_number" "$1" "$2"
}

# skip_all WHY: nothing of this file can be done here.
skip_all() {
    printf '1..0 # SKIP %s\n' "$1"
    exit 0
}

# The last line of a test.
done_testing() {
    printf '1..%d\n' "$tap_number"
    test "$tap_failed" -eq 0
    exit $?
}
