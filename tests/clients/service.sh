# service.sh - a precisd of one's own, for shell tests.  Source it behind
# tap.sh.

# service_start NAME [OPTION...]: starts precisd on the socket $scratch/NAME
# and waits until it says that it is ready.  Sets $endpoint and $service_pid;
# its log goes on into $scratch/NAME.log.
service_start() {
    service_name=$1
    shift
    endpoint=ipc://$scratch/$service_name
    mkfifo "$scratch/$service_name.ready"
    "$precisd" --endpoint "$endpoint" "$@" 2>"$scratch/$service_name.ready" &
    service_pid=$!
    reap "$service_pid"
    tee "$scratch/$service_name.log" <"$scratch/$service_name.ready" |
        {
            grep -q -m 1 ready && : >"$scratch/$service_name.is_ready"
            echo told >"$scratch/$service_name.told"
            cat >/dev/null
        } &
    # Either the line came, or precisd ended: grep ends in both cases.
    until test -f "$scratch/$service_name.told"; do :; done
    if ! test -f "$scratch/$service_name.is_ready"; then
        cat "$scratch/$service_name.log" >&2
        echo "Bail out! precisd did not start"
        exit 99
    fi
}

# service_stop: ends the last one that was started, as systemd would.
service_stop() {
    kill -TERM "$service_pid"
    wait "$service_pid"
}
