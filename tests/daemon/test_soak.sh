#!/bin/sh
# The short form of bench/soak.py: many clients, some killed, SIGTERM under
# load.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

python=$(command -v /usr/bin/python3 || command -v python3)
"${python:-false}" -c 'import zmq' 2>/dev/null ||
    skip_all "python3-zmq is missing"

ok "every reply is right, memory does not grow, SIGTERM loses nothing" \
    "$python" "$abs_top_srcdir/bench/soak.py" --builddir "$abs_top_builddir" \
    --requests 5000 --clients 20 --kills 20
note "$tap_output"

done_testing
