#!/bin/sh
# precisctl(1) by what it prints and exits with.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"
. "$abs_top_srcdir/tests/clients/service.sh"

unset PRECIS_ENDPOINT
service_start socket

exits "ping" 0 "$precisctl" -e "$endpoint" ping
ok "names the endpoint and the limit" \
    grep -qE "^precisd .* at $endpoint takes articles of up to 4194304 bytes\$" \
    "$scratch/out"
exits "status" 0 "$precisctl" -e "$endpoint" status
ok "has figures" grep -q '^state: running$' "$scratch/out"
is "and no wire's affairs" \
    "$(grep -cE '^(id|status|elapsed_us):' "$scratch/out")" 0
exits "status --json" 0 "$precisctl" --json status -e "$endpoint"
ok "is an object" grep -qE '^\{"status":"ok",.*"pid":[0-9]+.*\}$' "$scratch/out"
exits "languages" 0 "$precisctl" -e "$endpoint" languages
is "are code and name" "$(grep '^fr ' "$scratch/out")" "fr  French"
exits "metrics" 0 "$precisctl" -e "$endpoint" metrics
ok "are Prometheus's" grep -q '^# TYPE precis_requests_total counter$' \
    "$scratch/out"
PRECIS_ENDPOINT=$endpoint exits "PRECIS_ENDPOINT" 0 "$precisctl" ping
exits "a full disk" 74 sh -c '"$0" -e "$1" ping >/dev/full' \
    "$precisctl" "$endpoint"

exits "no service" 69 "$precisctl" -e "ipc://$scratch/none" ping
ok "is named" grep -q "no service answers at ipc://$scratch/none: No such" \
    "$scratch/err"
mkdir -p "$scratch/run"
XDG_RUNTIME_DIR=$scratch/run
export XDG_RUNTIME_DIR
if test ! -e /run/precis/precis.sock; then
    exits "no service anywhere" 69 "$precisctl" ping
fi
for wrong in "" "pong" "ping pong" "--timeout 0 ping" "--timeout ping" \
    "--color ping" "-e nonsense ping" "--json metrics"; do
    # shellcheck disable=SC2086
    exits "wrong: precisctl $wrong" 64 "$precisctl" $wrong
done
exits "--help" 0 "$precisctl" --help
exits "--version" 0 "$precisctl" --version

kill -STOP "$service_pid"
exits "a service that hangs" 75 "$precisctl" -e "$endpoint" -t 0.2 ping
kill -CONT "$service_pid"
service_stop
exits "a service that ended" 69 "$precisctl" -e "$endpoint" ping

done_testing
