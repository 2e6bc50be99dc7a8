#!/bin/bash
# precis, precisctl and precisd for somebody who reads French: help, errors and
# warnings are, what programs read is not.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"
. "$abs_top_srcdir/tests/clients/service.sh"
without_leaks

unset PRECIS_ENDPOINT NO_COLOR
XDG_RUNTIME_DIR=$scratch/run # where no service is
PRECIS_LOCALEDIR=$abs_top_builddir/po/locale
export XDG_RUNTIME_DIR PRECIS_LOCALEDIR
test -f "$PRECIS_LOCALEDIR/fr/LC_MESSAGES/precis.mo" ||
    skip_all "built with --disable-nls"
article=$abs_top_srcdir/examples/article.txt
service_start socket

# French is made here if the system has none; its numbers have commas.
localedef -i fr_FR -f UTF-8 "$scratch/fr_FR.UTF-8" >/dev/null 2>&1
test ! -d "$scratch/fr_FR.UTF-8" || export LOCPATH=$scratch
LC_ALL=fr_FR.UTF-8 locale -k LC_NUMERIC 2>/dev/null |
    grep -q 'decimal_point=","' ||
    skip_all "there is no French locale, and localedef cannot make one"
french() {
    LC_ALL=fr_FR.UTF-8 "$@"
}
cd "$scratch" || exit 99
n=$(printf '\302\240')

# says NAME REGEX: the one line on standard error fits.
says() {
    if test "$(wc -l <err)" -eq 1 && grep -qE -e "$2" err; then
        pass "$1"
    else
        fail "$1" "stderr: $(cat err)
wanted one line like: $2"
    fi
}
options() {
    grep -oE '^ +(-[a-zA-Z],)? +--[a-z-]+' | grep -oE -e '--[a-z-]+'
}

for program in precis precisctl precisd; do
    file=$tap_programs/$program
    exits "$program --help" 0 french "$file" --help
    ok "$program: in French" grep -q "^Usage$n: $program \[OPTION" out
    is "$program: with the same options" "$(options <out)" \
        "$("$file" --help | options)"
    is "$program: in 80 columns" "$(LC_ALL=fr_FR.UTF-8 awk '
        { gsub(/[\200-\277]/, "") } length($0) > 80' out)" ""
    is "$program: by LANGUAGE" \
        "$(LC_ALL=fr_FR.UTF-8 LANGUAGE=en "$file" --help)" \
        "$("$file" --help)"
    is "$program --version is the same" "$(french "$file" --version)" \
        "$("$file" --version)"
done

printf ' \n' >blank.txt
printf 'Le caf\351 ferme. La rue est vide.' >latin1.txt
head -c 4194305 /dev/zero | tr '\0' 'a' >large.txt
printf 'Le caf\303\251 ferm\376. La rue est vide.' >one.txt
printf 'Le caf\303\251 f\376rm\376. La rue est vide.' >two.txt
printf '\211PNG\r\n\032\n\0\0\0\rIHDR' >image.png
printf '%s %s\n' 'Nová lávka přes řeku bude stát osmdesát milionů korun.' \
    'Starostka řekla, že práce začnou na jaře příštího roku.' >czech.txt
# Bytes above 7F in an order that no language has.
LC_ALL=C awk 'BEGIN { for (i = 1; i < 400; i++)
    printf "%c", 128 + i * i * 37 % 127 }' >noise.txt

for way in "--local" "--endpoint $endpoint"; do
    w=${way%% *}
    # shellcheck disable=SC2086 # the option and its value
    set -- french "$precis" $way

    # ---- errors ----
    exits "$w: an unknown option" 64 "$@" --bogus
    says "$w: there is none" "^precis: il n'y a pas d'option --bogus$n; il y a"
    exits "$w: a number out of range" 64 "$@" -n 0 "$article"
    says "$w: the range" "nombre entier de 1 à 20000, et non «${n}0$n»"
    exits "$w: a missing file" 66 "$@" missing.txt
    says "$w: is named" "^precis: missing\.txt$n: "
    exits "$w: an empty article" 65 "$@" blank.txt
    says "$w: is empty" "^precis: blank\.txt$n: l'article est vide$"
    exits "$w: a large article" 65 "$@" large.txt
    says "$w: is above the limit" "l'article dépasse la limite de 4194304 octets"
    exits "$w: an unknown language" 64 "$@" -l tlh "$article"
    says "$w: those that are known" "^precis: langue inconnue$n: «${n}tlh$n»"
    exits "$w: an unknown charset" 64 "$@" --charset zzz "$article"
    says "$w: those that are known" "^precis: l'encodage «${n}zzz$n» .*UTF-8"
    exits "$w: an unknown method" 64 "$@" --method zzz "$article"
    says "$w: those that are known" "^precis: méthode inconnue$n: .*frequency"
    exits "$w: no sentence fits" 64 "$@" --words 1 "$article"
    says "$w: plural" "aucune phrase ne tient .* la plus courte compte [0-9]+ mots$"
    exits "$w: two lengths" 64 "$@" -n 1 --words 9 "$article"
    says "$w: one at most" "une seule limite"

    # ---- warnings ----
    exits "$w: an undecodable byte" 0 "$@" one.txt
    says "$w: singular" "^precis: one\.txt$n: attention$n: 1 partie indéchiffrable"
    exits "$w: two" 0 "$@" two.txt
    says "$w: plural" "attention$n: 2 parties indéchiffrables, dont la première"

    exits "$w: a wrong charset" 0 "$@" --charset UTF-16LE latin1.txt
    says "$w: both are named" \
        "l'encodage n'est pas UTF-16LE, comme indiqué, mais windows-1252$"
    exits "$w: a wrong language" 0 "$@" -l de "$article"
    says "$w: both are named, in French" "indiquée$n: allemand$n; .*français$"

    # ---- what is no text, and what is none of our languages ----
    exits "$w: an image" 65 "$@" image.png
    says "$w: is named" "^precis: image\.png$n: .*pas du texte$n; .*une image PNG$"
    exits "$w: noise" 65 "$@" noise.txt
    says "$w: is told of" "données binaires\), ou son encodage doit être indiqué$"
    exits "$w: Shift_JIS" 64 "$@" --charset Shift_JIS "$article"
    says "$w: is not read" "Shift_JIS n'est pas pris en charge$n: le chinois"
    exits "$w: Czech" 65 "$@" czech.txt
    says "$w: is named" "dans aucune de nos langues \(langue probable$n: tchèque\)"

    # ---- what programs read, and numbers ----
    for form in --json --ndjson --explain --text --keywords --html; do
        file=$article
        test $form != --ndjson || file=$abs_top_srcdir/examples/wire.ndjson
        "$@" $form "$file" >got 2>&1
        # shellcheck disable=SC2086
        "$precis" $way $form "$file" >wanted 2>&1
        same "$w: $form is the same in every language" got wanted
    done
    printf '%s\n' '[]' '{"text":" "}' '{"id":1}' >bad.ndjson
    exits "$w: --ndjson of bad lines" 1 "$@" --ndjson bad.ndjson
    cp out got
    # shellcheck disable=SC2086
    "$precis" $way --ndjson bad.ndjson >wanted
    same "$w: has the same errors" got wanted
    exits "$w: --detect" 0 "$@" --detect "$article"
    is "$w: names the language" "$(sed 's/ [01]\.[0-9]* / N /' out)" \
        "$article: fr français N UTF-8"
done

# ---- the service ----

exits "no service" 69 french "$precis" -e ipc:///tmp/no-such.sock "$article"
says "is said, and why" "^precis: aucun service ne répond à ipc:///tmp/no-such\.sock$n: "
exits "no service, for programs" 1 french "$precis" --local --ndjson bad.ndjson
exits "precisctl ping" 0 french "$precisctl" -e "$endpoint" ping
ok "in French" grep -q '^precisd [0-9.]* à l.adresse ipc:' out
exits "precisctl languages" 0 french "$precisctl" -e "$endpoint" languages
ok "in French" grep -qx 'de  allemand' out
exits "precisctl languages --json" 0 \
    french "$precisctl" -e "$endpoint" --json languages
ok "in English" grep -q '"name":"German"' out
is "precisctl metrics are the same" \
    "$(french "$precisctl" -e "$endpoint" metrics | grep '^#')" \
    "$("$precisctl" -e "$endpoint" metrics | grep '^#')"

printf '[precisd]\nworkers = 0\nbogus = 1\n' >bad.conf
exits "precisd --check-config" 78 french "$precisd" --check-config -c bad.conf
is "says what is wrong" "$(cat err)" \
    "bad.conf:2: workers doit être compris entre 1 et 256, et non «${n}0$n»
bad.conf:3: clé inconnue$n: bogus"
exits "precisd --bogus" 64 french "$precisd" --bogus
says "is no option" "^precisd: --bogus n'est pas une option ici"
exits "precisd on a socket that is served" 69 french "$precisd" -e "$endpoint"
says "says by whom" "est servi par un autre precisd, le processus $service_pid"
service_stop

export LC_ALL=fr_FR.UTF-8
service_start journal --log-level info
"$precis" -e "$endpoint" "$article" >/dev/null
service_stop
ok "the log is English: ready" grep -q 'ready on ipc:' journal.log
done_testing
