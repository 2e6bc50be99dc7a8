#!/bin/sh
# precis loads libprecis-client, and so libzmq, where a service is asked and
# nowhere else.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

program=$precis
library=$abs_top_builddir/.libs/libprecis-client.so
article=$abs_top_srcdir/examples/article.txt
test -f "$program" && test -f "$library" ||
    skip_all "no shared library was built"

if command -v readelf >/dev/null 2>&1; then
    soname=$(readelf -d "$library" |
        sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
    is "it is looked for by the name of its interface" \
        "$(sed -n 's/^#define LIBRARY "\(.*\)"$/\1/p' \
            "$abs_top_srcdir/clients/service.c")" "$soname"
    is "precis is not linked with it" "$(
        readelf -d "$program" | grep NEEDED | grep -E 'precis-client|zmq'
    )" ""
else
    soname=libprecis-client.so.1
    skip "the name of its interface" "readelf is missing"
fi

# Beside the engine stands what is no library.
mkdir "$scratch/libraries"
ln -s "$abs_top_builddir"/.libs/libprecis.so* "$scratch/libraries"
echo "not a library" >"$scratch/libraries/$soname"
LD_LIBRARY_PATH=$scratch/libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
XDG_RUNTIME_DIR=$scratch # where no service is
export LD_LIBRARY_PATH XDG_RUNTIME_DIR
unset PRECIS_ENDPOINT
cd "$scratch" || exit 99

exits "--local works without it" 0 "$program" --local "$article"
ok "and has a summary" test -s out
exits "--version, too" 0 "$program" --version
exits "--help, too" 0 "$program" --help
exits "a wrong option, too" 64 "$program" --no-such-option
exits "where no service is, too" 0 "$program" "$article"
exits "a service is not asked without it" 69 \
    "$program" -e ipc://nowhere "$article"
ok "which is said in one line" test "$(wc -l <err)" -eq 1
ok "with what is missing" grep -q \
    "^precis: .* libprecis-client1: .*$soname" err

done_testing
