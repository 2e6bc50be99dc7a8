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
exits "status --ready" 0 "$precisctl" -e "$endpoint" --ready status
is "says so" "$(cat "$scratch/out")" ready
exits "status of the control socket" 0 "$precisctl" -e "$endpoint" status
ok "tells more" grep -q "^control_endpoint: $endpoint.control\$" "$scratch/out"
exits "selftest" 0 "$precisctl" -e "$endpoint" selftest
is "every check is right" "$(grep -vc '^ok ' "$scratch/out")" 1
is "and told" "$(tail -n 1 "$scratch/out")" "checks: 17, failed: 0"
exits "top, into a file" 0 "$precisctl" -e "$endpoint" top
ok "is a plain snapshot" grep -q "^workers  *0 of [0-9]* busy\$" "$scratch/out"
is "without escapes" "$(tr -d '\n' <"$scratch/out" | tr -cd '\000-\037')" ""
exits "a reload without a file" 0 "$precisctl" -e "$endpoint" reload
is "changes nothing" "$(cat "$scratch/out")" "reloaded; nothing is different"
exits "reload on the wrong socket" 77 \
    "$precisctl" --control "$endpoint" reload
ok "says which" grep -q "control socket only, $endpoint.control" "$scratch/err"
exits "reload --json" 0 "$precisctl" -c "$endpoint.control" --json reload
ok "is an object" grep -q '^{"status":"ok","reloaded":true,' "$scratch/out"
PRECIS_ENDPOINT=$endpoint exits "reload of PRECIS_ENDPOINT" 0 \
    "$precisctl" reload
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
    "--color ping" "-e nonsense ping" "--json metrics" "--ready ping" \
    "--json top" "reload now" "-e tcp://127.0.0.1:5 reload"; do
    # shellcheck disable=SC2086
    exits "wrong: precisctl $wrong" 64 "$precisctl" $wrong
done
exits "--help" 0 "$precisctl" --help
exits "--version" 0 "$precisctl" --version

service_stop
cat >"$scratch/service.conf" <<EOF
[precisd]
queue-length = 7
EOF
service_start second --config "$scratch/service.conf"
sed -i 's/= 7/= 8/' "$scratch/service.conf"
exits "reload" 0 "$precisctl" -e "$endpoint" reload
is "tells what changed" "$(cat "$scratch/out")" \
    "reloaded; changed: queue-length"
echo "bogus = 1" >>"$scratch/service.conf"
exits "reload of a bad file" 78 "$precisctl" -e "$endpoint" reload
is "tells why" "$(cat "$scratch/err")" \
    "precisctl: $scratch/service.conf:3: unknown key bogus
precisctl: the configuration is wrong; the old one stays"
exits "drain" 0 "$precisctl" -e "$endpoint" drain
wait "$service_pid"
is "which ends well" $? 0
exits "drain without a service" 69 "$precisctl" -e "$endpoint" drain

service_start third
kill -STOP "$service_pid"
exits "a service that hangs" 75 "$precisctl" -e "$endpoint" -t 0.2 ping
kill -CONT "$service_pid"
service_stop
exits "a service that ended" 69 "$precisctl" -e "$endpoint" ping

done_testing
