#!/bin/bash
# precis(1) by what it prints and exits with, in its own process and through a
# service: each row of what bad input gets.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"
. "$abs_top_srcdir/tests/clients/service.sh"

unset PRECIS_ENDPOINT NO_COLOR
XDG_RUNTIME_DIR=$scratch/run # where no service is
export XDG_RUNTIME_DIR
article=$abs_top_srcdir/examples/article.txt
wire=$abs_top_srcdir/examples/wire.ndjson
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
silent() {
    is "$1" "$(cat out)" ""
}
quiet() {
    is "$1" "$(cat err)" ""
}

printf 'Il pleut sur le port de Brissol. Le marché est annulé.\n' >two.txt
printf ' \n\t\n' >blank.txt
: >empty.txt
mkdir folder
printf 'Le caf\351 ferme. La rue est vide.' >latin1.txt
printf 'Le caf\303\251 ferm\376. La rue est vide.' >invalid.txt
printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\1\0' >image.png
head -c 4194305 /dev/zero | tr '\0' 'a' >large.txt
printf 'ignored' >-odd.txt

for way in "--local" "--endpoint $endpoint"; do
    w=${way%% *}
    # shellcheck disable=SC2086 # the option and its value
    set -- "$precis" $way

    exits "$w: an article" 0 "$@" "$article"
    ok "$w: has a summary" test -s out
    quiet "$w: and says nothing else"
    exits "$w: from a pipe" 0 bash -c '"$@" <"$0"' "$article" "$@"
    cp out piped
    exits "$w: by the name -" 0 bash -c '"$@" - <"$0"' "$article" "$@"
    same "$w: which is the same" out piped

    # ---- files ----
    exits "$w: a missing file" 66 "$@" missing.txt
    says "$w: is named" '^precis: missing\.txt: No such file or directory$'
    silent "$w: with nothing on standard output"
    exits "$w: a directory" 66 "$@" folder
    says "$w: is named" '^precis: folder: Is a directory$'
    if test "$(id -u)" -ne 0; then
        cp two.txt secret.txt
        chmod 0 secret.txt
        exits "$w: an unreadable file" 66 "$@" secret.txt
        says "$w: is named" '^precis: secret\.txt: Permission denied$'
        chmod 600 secret.txt
    fi
    exits "$w: standard input that is a directory" 66 \
        bash -c '"$@" <folder' - "$@"
    exits "$w: standard input that is closed" 66 bash -c '"$@" <&-' - "$@"
    exits "$w: one missing file of three" 66 "$@" two.txt missing.txt two.txt
    is "$w: the others go on" "$(grep -c '^==> two.txt <==$' out)" 2
    says "$w: and it is named" '^precis: missing\.txt: No such'
    exits "$w: a name behind --" 0 "$@" -l fr -- -odd.txt
    is "$w: is a file" "$(cat out)" ignored

    # ---- text ----
    for file in empty.txt blank.txt; do
        exits "$w: $file" 65 "$@" "$file"
        says "$w: $file is told of" "^precis: $file: .*empty"
        silent "$w: $file gives nothing"
    done
    exits "$w: shorter than the limit" 0 "$@" -n 20 two.txt
    is "$w: the whole text" "$(cat out)" "$(cat two.txt)"
    exits "$w: --json of it" 0 "$@" -n 20 --json two.txt
    ok "$w: says short" grep -q '"short":true' out
    exits "$w: a charset that is not declared" 0 "$@" latin1.txt
    is "$w: is found out" "$(cat out)" "Le café ferme. La rue est vide."
    quiet "$w: without a warning"
    exits "$w: invalid UTF-8" 0 "$@" invalid.txt
    ok "$w: is replaced" grep -q 'ferm�' out
    says "$w: with a warning" \
        '^precis: invalid\.txt: warning: 1 .*U\+FFFD.* byte 13'
    exits "$w: counted in --json" 0 "$@" --json invalid.txt
    ok "$w: as replaced" grep -q '"replaced":1,' out
    exits "$w: the right charset" 0 "$@" --charset latin1 latin1.txt
    is "$w: is decoded" "$(cat out)" "Le café ferme. La rue est vide."
    quiet "$w: without a warning"
    exits "$w: a wrong charset" 0 "$@" -l fr --charset UTF-16LE latin1.txt
    is "$w: is overruled" "$(cat out)" "Le café ferme. La rue est vide."
    says "$w: with a warning" 'warning: .*not UTF-16LE.*windows-1252'
    exits "$w: an image" 65 "$@" image.png
    says "$w: is told of" '^precis: image\.png: .*looks like a PNG image'
    silent "$w: and gives nothing"
    exits "$w: a charset that is not built in" 64 "$@" --charset EUC-JP two.txt
    says "$w: is told of" 'EUC-JP is not supported'
    exits "$w: too large a file" 65 "$@" large.txt
    says "$w: names the limit" '^precis: large\.txt: .*4194304'
    silent "$w: and gives nothing"
    exits "$w: too large a pipe" 65 bash -c 'cat large.txt | "$@"' - "$@"
    says "$w: names the limit, too" '^precis: standard input: .*4194304'
    exits "$w: an endless pipe" 65 bash -c 'yes | "$@"' - "$@"

    # ---- options ----
    exits "$w: unknown charset" 64 "$@" --charset klingon two.txt
    says "$w: charsets are listed" 'klingon.*windows-1252.*ISO-8859-2'
    exits "$w: unknown language" 64 "$@" -l tlh two.txt
    says "$w: languages are listed" 'tlh.*fr'
    exits "$w: unknown method" 64 "$@" --method magic two.txt
    says "$w: methods are listed" 'magic.*frequency.*lead'
    for option in "--sentences 0" "-n 20001" "-n -1" "-n 1.5" "-n x" \
        "--words 99999999" "--percent 101" "--characters 0" "--jobs 0" \
        "--jobs 33" "--timeout 0" "--timeout 601" "--timeout 1s" \
        "--timeout -1" "--timeout ." "-n 99999999999999999999"; do
        # shellcheck disable=SC2086
        exits "$w: $option" 64 "$@" $option two.txt
        says "$w: $option: the range is said" 'from (1|0\.001) to [0-9]+'
    done
    exits "$w: --order" 64 "$@" --order best two.txt
    says "$w: orders are listed" 'source or score'
    exits "$w: --color" 64 "$@" --color=red two.txt
    says "$w: colours are listed" 'auto, always or never'
    exits "$w: an unknown option" 64 "$@" --summary two.txt
    says "$w: options are listed" '--summary.*--sentences.*--version'
    exits "$w: an unknown letter" 64 "$@" -Z two.txt
    says "$w: is named" ' -Z'
    exits "$w: a value left out" 64 "$@" two.txt --words
    says "$w: is asked for" '--words takes a value'
    exits "$w: a value too many" 64 "$@" --json=yes two.txt
    says "$w: is refused" '--json takes no value'
    exits "$w: two limits" 64 "$@" -n 1 --words 30 two.txt
    says "$w: are refused" 'one limit'
    exits "$w: a limit twice" 0 "$@" -n 5 -n 1 two.txt
    exits "$w: a title that is not UTF-8" 64 "$@" -t $'caf\xe9' two.txt
    says "$w: is refused" '--title is not UTF-8'
    exits "$w: two forms" 64 "$@" --bullets --json two.txt
    exits "$w: no sentence that fits" 64 "$@" --characters 3 two.txt

    # ---- output ----
    exits "$w: a full disk" 74 bash -c '"$@" two.txt >/dev/full' - "$@"
    says "$w: is told of" '^precis: standard output: No space left'
    exits "$w: closed standard output" 74 bash -c '"$@" two.txt >&-' - "$@"
    bash -c '"$@" two.txt; echo $? >&2' - "$@" 2>err | :
    ok "$w: a reader that goes away is no matter for words" \
        bash -c '! grep -v "^[0-9]*$" err'
    exits "$w: several files" 0 "$@" two.txt - <two.txt
    is "$w: stand under their names" \
        "$(sed -n '1p;3p;4p' out)" "==> two.txt <==

==> - <=="
    exits "$w: several files as JSON" 0 "$@" --json two.txt two.txt
    is "$w: are one object each" "$(grep -c '^{"file":"two.txt","status"' out)" 2
    exits "$w: --json" 0 "$@" --json two.txt
    is "$w: has neither elapsed_us nor id" \
        "$(grep -cE '"(elapsed_us|id)"' out)" 0
    exits "$w: --bullets" 0 "$@" --bullets -n 2 two.txt
    is "$w: has a dash a line" "$(cat out)" "- Il pleut sur le port de Brissol.
- Le marché est annulé."
    exits "$w: --text" 0 "$@" --text two.txt
    same "$w: is the text, exactly" out two.txt
    chosen=$("$@" -n 1 two.txt)
    exits "$w: --highlight" 0 "$@" --highlight -n 1 two.txt
    is "$w: marks what was chosen" "$(cat out)" \
        "$(sed "s/$chosen/[[&]]/" two.txt)"
    exits "$w: --highlight in colour" 0 \
        "$@" --highlight --color always -n 1 two.txt
    ok "$w: inverts it" grep -qF $'\033[1;7m'"$chosen"$'\033[0m' out
    exits "$w: --explain" 0 "$@" --explain "$article"
    ok "$w: has a head" grep -q 'choix.*score.*mots.*phrase' out
    ok "$w: and reasons" \
        grep -qE '« [^ ]+ », [0-9]+ fois, dès la 1re phrase' out
    ok "$w: and the first choice" grep -qE '^ +[0-9]+ +\*1 ' out

    # ---- NDJSON ----
    exits "$w: --ndjson" 0 "$@" --ndjson "$wire"
    is "$w: a line for each" "$(wc -l <out)" "$(grep -c . "$wire")"
    printf '\357\273\277%s\r\n\n \n%s\n%s\n%s\n%s\n%s\n%s' \
        '{"id":1e2,"text":"Il pleut."}' 'no JSON' '{"id":"x"}' \
        '{"id":[1],"text":"a"}' '{"id":"\u00e9","content":"  "}' \
        '{"id":12345678901234567890,"lang":"fr","body":"Fin."}' \
        '{"title":null,"article":"Sans fin de ligne"}' >mixed.ndjson
    exits "$w: bad lines" 1 "$@" --ndjson mixed.ndjson
    is "$w: keep their place" "$(
        sed -E 's/,"status":"ok".*"summary":/,ok,/; s/,"message".*//
                s/^\{"status":"ok".*"summary":/{ok,/' out
    )" '{"id":1e2,ok,"Il pleut."}
{"line":4,"status":"error","error":{"code":"bad_document"
{"id":"x","line":5,"status":"error","error":{"code":"bad_document"
{"line":6,"status":"error","error":{"code":"bad_request"
{"id":"\u00e9","line":7,"status":"error","error":{"code":"empty"
{"id":12345678901234567890,ok,"Fin."}
{ok,"Sans fin de ligne"}'
    quiet "$w: without a word on standard error"
    {
        printf '{"id":1,"text":"'
        head -c 30000000 /dev/zero | tr '\0' 'a'
        printf '"}\n{"id":2,"text":"Il pleut."}\n{"id":3,"text":"'
        head -c 4200000 /dev/zero | tr '\0' 'b'
        printf '"}\n'
    } >long.ndjson
    exits "$w: lines and articles too long" 1 "$@" --ndjson long.ndjson
    is "$w: are refused, the others not" \
        "$(grep -oE '^.{0,20}|"too_large"' out | tr -d '\n')" \
        '{"line":1,"status":""too_large"{"id":2,"status":"ok{"id":3,"line":3,"st"too_large"'
    exits "$w: --ndjson of nothing" 0 "$@" --ndjson empty.txt
    silent "$w: is nothing"
    exits "$w: --ndjson of a missing file" 66 "$@" --ndjson missing "$wire"
    is "$w: the others go on" "$(wc -l <out)" "$(grep -c . "$wire")"
    exits "$w: --ndjson to a full disk" 74 \
        bash -c '"$@" --ndjson "$0" >/dev/full' "$wire" "$@"
    yes '{"text":"Il pleut."}' | "$@" --ndjson 2>err | head -n 1000 >out
    is "$w: an endless batch is cut by its reader" "$(wc -l <out)" 1000
    quiet "$w: silently"

    # One who waits for each result before he writes the next line.
    coproc asked { "$@" --ndjson; }
    exec 5<&"${asked[0]}" 6>&"${asked[1]}"
    eval "exec ${asked[0]}<&- ${asked[1]}>&-"
    got=
    for number in 1 2 3; do
        echo "{\"id\":$number,\"text\":\"Il pleut.\"}" >&6
        IFS= read -r -t 60 line <&5
        got="$got${line%%,*}"
    done
    exec 5<&- 6>&-
    is "$w: a result comes before the next line" "$got" '{"id":1{"id":2{"id":3'
done

# ---- who does the work ----

exits "no service: this process" 0 "$precis" -v two.txt
says "is said with -v" '^precis: working in this process: no service answers'
exits "--local" 0 "$precis" -v --local two.txt
says "is said with -v, too" '^precis: working in this process$'
exits "with a service" 0 "$precis" -v -e "$endpoint" two.txt
says "it is named with -v" "^precis: using the service at $endpoint\$"
PRECIS_ENDPOINT=$endpoint exits "PRECIS_ENDPOINT" 0 "$precis" -v two.txt
says "is the endpoint" "^precis: using the service at $endpoint\$"
PRECIS_ENDPOINT=ipc://$scratch/none exits "PRECIS_ENDPOINT without a service" \
    69 "$precis" two.txt
PRECIS_ENDPOINT=ipc://$scratch/none exits "--local goes before it" \
    0 "$precis" --local two.txt
PRECIS_ENDPOINT=ipc://$scratch/none exits "--endpoint goes before it" \
    0 "$precis" -e "$endpoint" two.txt

for none in "ipc://$scratch/none" "ipc://$scratch/none/none" \
    "tcp://127.0.0.1:1" "tcp://[::1]:1"; do
    exits "-e $none" 69 "$precis" -e "$none" two.txt
    says "names the endpoint" "no service answers at ${none//[[]/\\[}: "
    silent "and prints nothing"
done
for wrong in nonsense http://x ipc:// tcp://host tcp://:1 tcp://h:x \
    "ipc:///$(printf %0200d 0)"; do
    exits "-e $wrong" 64 "$precis" -e "$wrong" two.txt
done

# A socket that nobody listens to any more.
mkdir -p run/precis
/usr/bin/python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' run/precis/precis.sock
exits "a stale socket counts as none" 0 "$precis" -v two.txt
says "and is named" 'precis/precis.sock: Connection refused|precis.sock: No such'
exits "with -e it is 69" 69 \
    "$precis" -e "ipc://$scratch/run/precis/precis.sock" two.txt
rm run/precis/precis.sock
ln -s ../../socket run/precis/precis.sock
exits "the user's service is found" 0 "$precis" -v two.txt
says "by its socket" "using the service at ipc://$scratch/run/precis/precis.sock"
rm run/precis/precis.sock

if test "$(id -u)" -eq 0 && command -v setpriv >/dev/null; then
    chmod 755 "$scratch"
    service_start private --socket-mode 0600
    nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
    # As nobody only where the build can be read by nobody.
    if $nobody "$precis" --version >/dev/null 2>&1; then
        exits "no permission" 77 $nobody "$precis" -e "$endpoint" two.txt
        says "names the endpoint" "not permitted to use $endpoint"
        mkdir -p run/precis
        ln -sf ../../private run/precis/precis.sock
        exits "no permission counts as none" 0 $nobody "$precis" -v two.txt
        says "and is said with -v" 'this process: not permitted'
        rm run/precis/precis.sock
    else
        skip "no permission" "the build cannot be read by others"
    fi
    service_stop
else
    skip "no permission" "only root can lose it"
fi

# The service's limit goes before ours.
service_start small --article-limit 65536
head -c 70000 /dev/zero | tr '\0' 'a' >middle.txt
exits "the service's limit" 65 "$precis" -e "$endpoint" middle.txt
says "is learnt from it" 'limit of 65536 bytes'
service_stop

# ---- the rest ----

exits "--help" 0 "$precis" --help
ok "shows options" grep -q -- '-n, --sentences N' out
exits "--version" 0 "$precis" -V
is "is one line" "$(cat out)" "precis $(sed -n 's/^AC_INIT(\[precis\],\[\(.*\)\])/\1/p' \
    "$abs_top_srcdir/configure.ac")"
exits "--help to a full disk" 74 bash -c '"$0" --help >/dev/full' "$precis"

# Once it has said what it does, it waits for its input.
mkfifo never
"$precis" -v --local <never 2>told &
reading=$!
reap "$reading"
exec 7>never
until grep -q process told; do :; done
kill -INT "$reading"
status=0
wait "$reading" || status=$?
is "SIGINT while it reads" "$status" 130

# A service that is stopped accepts and does not answer.
service_start stopped
kill -STOP "$service_pid"
exits "a service that hangs" 75 \
    "$precis" -e "$endpoint" --timeout 0.3 two.txt
says "is told of" "$endpoint did not answer in time|no service answers"
"$precis" -e "$endpoint" two.txt 2>told &
waiting=$!
reap "$waiting"
until grep -q . "/proc/$waiting/net/unix" &&
    ls -l "/proc/$waiting/fd" 2>/dev/null | grep -q eventfd; do :; done
kill -INT "$waiting"
status=0
wait "$waiting" || status=$?
is "SIGINT while it waits for a service" "$status" 130
kill -CONT "$service_pid"

done_testing
