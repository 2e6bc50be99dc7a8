#!/bin/sh
# The arrows between folders, and foreign libraries only where they belong.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

cd "$abs_top_srcdir" || exit 99

# Every "#include" of the shipped code, one a line: FILE HEADER.  Headers of a
# file's own folder may be named without it; then the folder is put before.
find stemmers engine protocol daemon clients po -name '*.[ch]' |
    LC_ALL=C sort | while read -r file; do
        sed -n 's/^ *# *include *[<"]\([^>"]*\)[>"].*/\1/p' "$file" |
            while read -r header; do
                test ! -f "${file%/*}/$header" || header=${file%/*}/$header
                printf '%s %s\n' "$file" "$header"
            done
    done >"$scratch/includes"

# may FOLDER REGEX: the files of the folder include no header of another
# folder than those the expression allows.
may() {
    is "$1 includes of ours only what it may" "$(
        grep "^$1/" "$scratch/includes" |
            grep -E ' (stemmers|engine|protocol|daemon|clients|po|tests|bench)/' |
            grep -vE "^[^ ]+ ($2)\$"
    )" ""
}
may stemmers 'stemmers/.*'
may engine 'engine/.*|stemmers/.*'
may protocol 'protocol/.*|engine/precis(-error)?\.h'
may daemon 'daemon/.*|protocol/.*|engine/precis(-error)?\.h|po/intl\.h'
may clients 'clients/.*|protocol/.*|engine/precis(-error)?\.h|po/(intl|formats)\.h'
may po 'po/.*'

# A request becomes an engine call in one file, which libprecis-client does
# not link.
is "the client library does not answer requests itself" "$(
    grep -E ' protocol/answer\.h$' "$scratch/includes" |
        cut -d ' ' -f 1 | grep -vE '^(daemon/.*|protocol/answer\.c)$' |
        grep -vE '^clients/(precis|local|articles|ndjson)\.c$'
)" ""

# only HEADER REGEX: only files that fit include a foreign header.
only() {
    found=$(grep -E "^[^ ]+ $1\$" "$scratch/includes" | cut -d ' ' -f 1)
    is "$1 is included only where it belongs" \
        "$(printf '%s\n' "$found" | grep -vE "^($2)\$")" ""
    test -n "$found" || fail "$1 is included somewhere"
}
only 'libstemmer\.h' 'stemmers/stemmer\.c'
only 'iconv\.h' 'engine/charset\.c'
only 'utf8proc\.h' 'engine/(normalize|unicode)\.c'
only 'zmq\.h' 'daemon/(server|listener|message|monitor|polling|zap)\.[ch]|clients/(client\.c|open\.c|ctl_keygen\.c|curve\.c|socket\.[ch]|watch\.c)'
only 'jansson\.h' 'protocol/.*|clients/.*'
only 'ini\.h' 'daemon/config\.c'
only 'libintl\.h' 'po/intl\.c'
only 'dlfcn\.h' 'clients/service\.c'
only 'pthread\.h' 'daemon/.*|clients/.*'

# Threads, sockets and printing have no place below daemon and clients.
is "no sockets below daemon and clients" "$(
    grep -E '^(stemmers|engine|protocol)/.* (sys/socket|sys/un|netdb|poll)\.h$' \
        "$scratch/includes"
)" ""
is "libraries do not print or exit" "$(
    grep -nE '\b(printf|puts|putchar|perror|fprintf|exit|abort|_exit)\(' \
        stemmers/*.[ch] engine/*.[ch] protocol/*.[ch] \
        clients/client.c clients/request.c clients/reply.c clients/find.c \
        clients/curve.c clients/flight.c clients/link.c clients/open.c \
        clients/socket.c clients/watch.c |
        grep -vE ':[0-9]+: +\*|:[0-9]+:/?\*'
)" ""
is "libraries speak English" "$(
    grep -E '^(clients/(client|curve|error|find|flight|link|open|reply|request|socket|watch)\.c|engine/.*|protocol/.*|stemmers/.*) po/' \
        "$scratch/includes"
)" ""
is "every header has a guard" "$(
    find stemmers engine protocol daemon clients po -name '*.h' |
        while read -r file; do
            guard=$(printf '%s\n' "$file" | tr 'a-z/.-' 'A-Z___')
            case $file in
            */precis*.h) guard=$(printf '%s\n' "${file##*/}" |
                tr 'a-z/.-' 'A-Z___') ;;
            esac
            grep -q "^#ifndef $guard\$" "$file" || echo "$file: no $guard"
        done
)" ""

done_testing
