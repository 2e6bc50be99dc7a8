#!/bin/sh
# What the shared libraries show, and what they need.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

command -v nm >/dev/null 2>&1 || skip_all "nm is missing"
cd "$abs_top_builddir" || exit 99

# What sanitizers and gcov add to any library.
added='__(asan|ubsan|odr_asan|gcov|llvm)|_+(bss_start|end|edata)$'

# symbols FILE: names that a shared library defines for others.
symbols() {
    nm -D --defined-only "$1" | awk '{ print $NF }' | sed 's/@.*//' |
        grep -vE "^($added)" | LC_ALL=C sort
}

# declared HEADER: names of the functions that it declares.
declared() {
    sed 's|^ \*.*||' "$1" | grep -oE '\bprecis_[a-z_]+\(' | tr -d '(' |
        LC_ALL=C sort -u
}

# needs FILE: the libraries it asks for.
needs() {
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

for name in libprecis libprecis-client; do
    library=.libs/$name.so
    if test ! -f "$library"; then
        skip "$name" "no shared library was built"
        continue
    fi
    case $name in
    libprecis) header=engine/precis.h ;;
    *) header=clients/precis-client.h ;;
    esac
    is "$name exports what $header declares, and nothing else" \
        "$(symbols "$library")" "$(declared "$abs_top_srcdir/$header")"
    # Types: B, D, G and S are data that can be written, small letters local.
    is "$name exports no variables" "$(
        nm -D --defined-only "$library" | awk '$2 ~ /^[BDGSCV]$/ { print $3 }' |
            grep -vE "^($added)"
    )" ""
    is "$name has the name of its interface" \
        "$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')" \
        "$name.so.1"
done

# Global state, visible or not: writable data of our own objects.  Relocated
# constants stand in .data.rel.ro, which nm calls d too: so ask by section.
is "no object of a library has writable data" "$(
    for object in stemmers/.libs/*.o engine/.libs/*.o protocol/.libs/*.o \
        clients/.libs/*.o; do
        test -f "$object" || continue
        objdump -t "$object" 2>/dev/null | awk -v file="$object" '
            $0 ~ / O / && ($0 ~ / \.(data|bss)(\.[^r][^ ]*)?\t/ ||
                $0 ~ / \*COM\*\t/) { print file ": " $NF }' |
            grep -vE ": ($added|\.L|_*(__)?gcov|\*?LASAN)"
    done
)" ""

if test -f .libs/libprecis-client.so; then
    is "libprecis-client needs no engine and no stemmer" "$(
        needs .libs/libprecis-client.so |
            grep -E 'libprecis\.|stemmer|utf8proc|inih'
    )" ""
    is "libprecis needs no sockets and no JSON" "$(
        needs .libs/libprecis.so | grep -E 'zmq|jansson|inih|precis-client'
    )" ""
fi

done_testing
