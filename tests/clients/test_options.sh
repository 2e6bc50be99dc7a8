#!/bin/bash
# precis's lengths by name, choices and keywords, in its own process and
# through a service.  Nothing here depends on which sentences are best.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"
. "$abs_top_srcdir/tests/clients/service.sh"

unset PRECIS_ENDPOINT NO_COLOR
XDG_RUNTIME_DIR=$scratch/run # where no service is
export XDG_RUNTIME_DIR
article=$abs_top_srcdir/examples/article.txt
service_start socket
cd "$scratch" || exit 99

# says NAME REGEX: the one line on standard error fits.
says() {
    if test "$(wc -l <err)" -eq 1 && grep -qE -e "$2" err; then
        pass "$1"
    else
        fail "$1" "stderr: $(cat err)
wanted one line like: $2"
    fi
}

# Rows of --help: name, number, unit.
presets=$("$precis" --help |
    sed -n 's/^  \([a-z][a-z]*\)  *\([0-9][0-9]*\) \([a-z]*\).*$/\1 \2 \3/p')
ok "--help has the presets" test "$(printf '%s\n' "$presets" | wc -l)" -eq 6
is "precis.1 has the same, with the same numbers" \
    "$(grep -A 2 -E '^\.B (headline|push|tweet|standfirst|bullets|brief)$' \
        "$abs_top_srcdir/clients/precis.1" |
        sed -nE 's/^\.B ([a-z]+)$/\1/p; s/^([0-9]+ [a-z]+).*/\1/p' |
        paste -d ' ' - -)" "$presets"

for way in "--local" "--endpoint $endpoint"; do
    w=${way%% *}
    # shellcheck disable=SC2086 # the option and its value
    set -- "$precis" $way

    # ---- presets ----
    while read -r name number unit; do
        exits "$w: --preset $name" 0 "$@" --preset "$name" "$article"
        cp out got
        # shellcheck disable=SC2086
        if test "$unit" = sentences; then
            "$@" --sentences "$number" --bullets "$article" >wanted
        else
            "$@" "--$unit" "$number" "$article" >wanted
        fi
        same "$w: is $number $unit" got wanted
        if test "$unit" = characters; then
            ok "$w: which are not passed" \
                test "$(tr -d '\n' <got | LC_ALL=C.UTF-8 wc -m)" -le "$number"
        fi
    done <<<"$presets"
    exits "$w: --preset bullets --json" 0 "$@" --preset bullets --json "$article"
    ok "$w: is JSON" grep -q '^{"status"' out
    exits "$w: --preset bullets --explain" 0 \
        "$@" --preset bullets --explain "$article"
    ok "$w: is the table of three" grep -q '\*3 ' out
    exits "$w: a preset twice: the last" 0 \
        "$@" --preset push --preset brief "$article"
    cp out got
    "$@" --words 80 "$article" >wanted
    same "$w: counts" got wanted
    exits "$w: an unknown preset" 64 "$@" --preset novel "$article"
    says "$w: presets are listed" \
        'headline, push, tweet, standfirst, bullets, brief, not "novel"'
    for other in "-n 1" "--words 30" "--characters 300" "--percent 10"; do
        # shellcheck disable=SC2086
        exits "$w: --preset and $other" 64 "$@" --preset push $other "$article"
        says "$w: are two lengths" 'push is a length of 120 characters'
        # shellcheck disable=SC2086
        exits "$w: in any order" 64 "$@" $other --preset push "$article"
        # shellcheck disable=SC2086
        exits "$w: --terse and $other" 64 "$@" --terse $other "$article"
        says "$w: make no sense" 'terse'
    done
    exits "$w: --terse and --preset" 64 "$@" --terse --preset push "$article"
    printf 'Le marché couvert de la ville de Brissol, où travaillent trente %s' \
        'commerçants, fermera au printemps.' >long.txt
    exits "$w: no sentence fits a headline" 64 "$@" --preset headline long.txt
    says "$w: is said" 'no sentence fits'

    # ---- choices ----
    exits "$w: --terse" 0 "$@" --terse "$article"
    ok "$w: is no longer than without" \
        test "$(wc -w <out)" -le "$("$@" "$article" | wc -w)"
    exits "$w: --no-quotes" 0 "$@" --no-quotes -n 20 "$article"
    is "$w: quotes nobody" "$(grep -c '"' out)" 0
    printf 'Il pleut sur Brissol. %s' 'Qui paiera les dégâts ? La ville doute.' \
        >asking.txt
    exits "$w: --no-questions" 0 "$@" --no-questions -n 3 asking.txt
    is "$w: asks nothing" "$(cat out)" 'Il pleut sur Brissol. La ville doute.'
    exits "$w: --compress" 0 "$@" --compress --json "$article"
    ok "$w: says what was cut" grep -q '"cuts":\[' out
    "$@" --compress --bullets -n 3 "$article" >bullets
    "$@" --compress -n 3 "$article" >plain
    is "$w: --bullets of it has the same words" \
        "$(sed 's/^- //' bullets | tr '\n' ' ')" "$(tr '\n' ' ' <plain)"

    # ---- keywords ----
    "$@" "$article" >summary
    exits "$w: --keywords" 0 "$@" --keywords "$article"
    is "$w: the summary, an empty line, and one line" \
        "$(sed '$d' out)" "$(cat summary)"
    is "$w: two lines more" "$(wc -l <out)" "$(($(wc -l <summary) + 2))"
    is "$w: the keywords of --json, best first" "$(tail -n 1 out)" \
        "$("$@" --json --keywords "$article" |
            sed 's/.*"keywords":\[//; s/\].*//' |
            grep -oE '"term":"[^"]*"' | cut -d '"' -f 4 |
            paste -s -d , | sed 's/,/, /g')"
    ok "$w: ten at most" \
        test "$(tail -n 1 out | tr ',' '\n' | wc -l)" -le 10
    exits "$w: --keywords=2" 0 "$@" --keywords=2 "$article"
    ok "$w: two at most" test "$(tail -n 1 out | tr ',' '\n' | wc -l)" -le 2
    is "$w: none without" "$("$@" --json "$article" | grep -c keywords)" 0
    for number in 0 51 -1 x ""; do
        exits "$w: --keywords=$number" 64 "$@" --keywords="$number" "$article"
        says "$w: the range is said" 'from 1 to 50'
    done
    for form in --bullets --highlight --explain; do
        "$@" "$form" "$article" >summary
        exits "$w: --keywords $form" 0 "$@" "$form" --keywords "$article"
        is "$w: behind it" "$(head -n -2 out)" "$(cat summary)"
    done
    exits "$w: --keywords --text" 64 "$@" --text --keywords "$article"
    exits "$w: --keywords --text --json" 0 \
        "$@" --json --text --keywords "$article"
    ok "$w: has both" grep -q '"keywords":\[.*"text":"' out
    exits "$w: of several files" 0 "$@" --keywords "$article" "$article"
    cp out got
    {
        printf '==> %s <==\n' "$article"
        "$@" --keywords "$article"
        printf '\n==> %s <==\n' "$article"
        "$@" --keywords "$article"
    } >wanted
    same "$w: each has its line" got wanted

    # ---- forms ----
    for form in --bullets --highlight --json --ndjson --explain --text; do
        exits "$w: --html $form" 64 "$@" --html "$form" "$article"
    done
done

service_stop
done_testing
