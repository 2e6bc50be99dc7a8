#!/bin/sh
# The short form of bench/hostile.py: overload, enemies, connections, and what
# is malformed.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

python=$(command -v /usr/bin/python3 || command -v python3)
"${python:-false}" -c 'import zmq' 2>/dev/null ||
    skip_all "python3-zmq is missing"

for section in overload fairness connections malformed; do
    ok "$section" "$python" "$abs_top_srcdir/bench/hostile.py" \
        --builddir "$abs_top_builddir" --short --only "$section"
    note "$tap_output"
done

done_testing
