#!/bin/sh
# The short form of bench/endurance.py: load held, services killed, restarted
# and upgraded under it, one and two of them.  Times and memory are shown and
# not judged: machines that run tests are busy, and sanitizers large.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

python=$(command -v /usr/bin/python3 || command -v python3)
"${python:-false}" -c 'import zmq' 2>/dev/null ||
    skip_all "python3-zmq is missing"

ok "every request has one outcome, and every summary is right" \
    "$python" "$abs_top_srcdir/bench/endurance.py" short \
    --builddir "$abs_top_builddir" --no-goals
note "$tap_output"

done_testing
