#!/bin/sh
# A service and precis's own process give the same bytes.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"
. "$abs_top_srcdir/tests/clients/service.sh"
without_leaks

unset PRECIS_ENDPOINT
service_start socket

# both NAME OPTION...: by the service and in this process: output, messages,
# exit status.
both() {
    name=$1
    shift
    service_status=0
    "$precis" --endpoint "$endpoint" "$@" >"$scratch/service.out" \
        2>"$scratch/service.err" || service_status=$?
    local_status=0
    "$precis" --local "$@" >"$scratch/local.out" 2>"$scratch/local.err" ||
        local_status=$?
    if test "$service_status" = "$local_status" &&
        cmp -s "$scratch/service.out" "$scratch/local.out" &&
        cmp -s "$scratch/service.err" "$scratch/local.err"; then
        return 0
    fi
    note "$name: exit $service_status by the service, $local_status here"
    diff "$scratch/service.out" "$scratch/local.out" | head -n 5
    diff "$scratch/service.err" "$scratch/local.err" | head -n 5
    return 1
}

# of_cases NAME OPTION...: all cases, those with the same options at once.
cd "$abs_top_srcdir/tests/cases" || exit 99
cat ./*/*/options | LC_ALL=C sort -u >"$scratch/options"
of_cases() {
    title=$1
    shift
    differing=
    while read -r wanted; do
        files=
        for case in */*/; do
            options=
            read -r options <"$case/options" || :
            test "$options" != "$wanted" || files="$files ${case}input"
        done
        # A case for bullets has no JSON form.
        options=$wanted
        case $#,$wanted in
        0,*) ;;
        *--bullets*) options="${wanted%--bullets*} ${wanted#*--bullets}" ;;
        esac
        # shellcheck disable=SC2086 # options and files are several words
        both "$wanted" $options "$@" $files >>"$scratch/notes" ||
            differing="$differing ($wanted)"
    done <"$scratch/options"
    is "cases: $title" "$differing" ""
    test -z "$differing" || cat "$scratch/notes"
}
of_cases "the summary"
of_cases "--json" --json
of_cases "--explain" --explain
of_cases "--highlight" --highlight
of_cases "--text" --text
of_cases "--html" --html
of_cases "--keywords" --keywords
of_cases "--detect" --detect
of_cases "--detect --json" --detect --json
of_cases "the choice" --no-quotes --no-questions --compress --explain
of_cases "--json --keywords=3 --compress" --json --keywords=3 --compress

ok "the wire: --ndjson" both wire --ndjson "$abs_top_srcdir/examples/wire.ndjson"
ok "the wire: --ndjson --explain --text" both wire --ndjson --explain --text \
    "$abs_top_srcdir/examples/wire.ndjson"
ok "the wire: one thread" both wire --ndjson --jobs 1 \
    "$abs_top_srcdir/examples/wire.ndjson"
printf '%s\n' '{"text":"Il pleut.","lang":"tlh"}' '{"id":1,"text":" "}' \
    '{"id":"a","text":"Il pleut.","title":"\ud83d\ude00"}' '[]' \
    >"$scratch/bad.ndjson"
ok "bad lines" both bad --ndjson "$scratch/bad.ndjson"

if test -z "${SHARED:-}" || ! command -v xzcat >/dev/null; then
    skip "articles of OrangeSum" "the corpora are not here"
else
    xzcat "$SHARED/corpora/orangesum/valid.jsonl.xz" | head -n 300 \
        >"$scratch/valid.ndjson"
    for options in "" "-n 3 --explain" "--words 30 --order score --text"; do
        # shellcheck disable=SC2086
        ok "300 articles of OrangeSum: --ndjson $options" \
            both valid --ndjson $options "$scratch/valid.ndjson"
        is "none is lost" "$(wc -l <"$scratch/service.out")" 300
    done
fi

service_stop
done_testing
