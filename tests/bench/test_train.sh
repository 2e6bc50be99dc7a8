#!/bin/sh
# bench/credits/train: a dozen invented articles give the same files twice, and
# stemmers/tables.awk takes them.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

train=${abs_top_builddir:-.}/bench/credits/train
test -x "$train" || skip_all "bench/credits/train is not built"

# ---- the corpus: four frames of news, each of three towns ----

# article TOWN RIVER SUM DATE: one line of JSON for each frame.
article() {
    cat <<END
{"date": "$4", "title": "Le pont de $1 ferme pour six mois", "abstract": "Le pont de $1, fissuré, ferme lundi pour six mois de travaux.", "article": "Le vieux pont de $1 va fermer. La mairie l'a annoncé jeudi : les travaux commencent lundi et dureront six mois. Des fissures ont été trouvées dans deux piles, au milieu de $2. « Nous n'avions pas le choix », a dit le maire. Il en coûtera $3 millions d'euros. Les voitures feront un détour."}
{"date": "$4", "title": "Une baleine dans $2", "abstract": "Une baleine à bosse de dix mètres a été vue samedi dans $2.", "article": "Les pêcheurs de $1 n'en croyaient pas leurs yeux. Une baleine à bosse de dix mètres est entrée samedi dans $2. Elle y a nagé trois heures. Les biologistes pensent qu'elle suivait un banc de harengs. La préfecture demande aux bateaux de rester à cent mètres. C'est la $3e en dix ans."}
{"date": "$4", "title": "", "abstract": "Le lycée agricole de $1 produit désormais toute son électricité.", "article": "Trois ans de travaux ont suffi. Le lycée agricole de $1 produit depuis mardi toute l'électricité qu'il consomme. Des panneaux couvrent les toits des étables, et le fumier donne du gaz. Le projet a coûté $3 millions d'euros. D'autres lycées de la région s'y intéressent. « On nous appelle de partout », dit le proviseur."}
{"date": "$4", "title": "$1 : la crue a passé", "abstract": "La crue de $2 a passé $1 sans faire de victimes ; $3 maisons restent vides.", "article": "La nuit a été longue à $1. La crue de $2 est passée vers quatre heures, sans faire de victimes. L'eau est montée à $3 centimètres du quai. Des pompiers de trois départements veillaient. Les écoles rouvriront jeudi. La mairie compte $3 maisons vides."}
END
}

mkdir "$scratch/corpus"
{
    article Vauclair "l'Orvanne" 12 2019-03-01
    article Sarnoy "la Bresle" 7 2019-11-30
    article Brézolles "l'Arize" 40 2019-07-14
} >"$scratch/corpus/train.jsonl"
article Tournay "la Luye" 15 2020-01-01 >"$scratch/corpus/valid.jsonl"

run() {
    "$train" --set word-articles=2 --set pair-articles=3 --set passes=3 \
        --set renew=2 --source 'invented articles' --licence none "$@" \
        "$scratch/corpus"
}

# ---- twice ----

ok "a dozen articles can be trained on" run --output "$scratch/one"
run --output "$scratch/two" >"$scratch/figures" 2>/dev/null
for name in words pairs credits; do
    same "$name: the same bytes again" "$scratch/one/$name" "$scratch/two/$name"
done
is "nothing else is left" "$(cd "$scratch/one" && echo *)" \
    "credits pairs words"
is "the date is that of the newest article trained on" \
    "$(sed -n 's/^# date: //p' "$scratch"/one/* | sort -u)" "2019-11-30"
is "lines of a table begin with their words" "$(
    grep -v '^#' "$scratch/one/words" |
        grep -vE '^[^ ]+ [0-9]+ [0-9]+( [0-9]+ [0-9]+)?$'
    grep -v '^#' "$scratch/one/pairs" | grep -vE '^[^ ]+ [^ ]+ [0-9]+$'
)" ""
is "a word in every article" \
    "$(grep -cE '^de [0-9]+ 1( |$)' "$scratch/one/words")" 1
is "each model is validated on the first half of valid alone" \
    "$(grep -E 'articles$' "$scratch/figures" | paste -s -d ';' -)" \
    "plain, first half of valid, 2 articles;title, first half of valid, 2 articles"
is "and on the second when asked to" \
    "$(run --model plain --final 2>/dev/null | grep -c 'second half')" 1
is "and on what is held out" \
    "$(run --model plain --hold-out 3 2>/dev/null |
        grep -c 'plain, held out, 3 articles')" 1

# ---- compressed ----

if xz -k "$scratch"/corpus/*.jsonl 2>/dev/null; then
    rm "$scratch"/corpus/*.jsonl
    run --output "$scratch/xz" >/dev/null 2>&1
    same "an xz file is the same" "$scratch/one/credits" "$scratch/xz/credits"
else
    skip "an xz file is the same" "no xz"
fi

# ---- neutral ----

run --neutral --output "$scratch/neutral" >/dev/null 2>&1
is "a neutral model has weights alone" \
    "$(cd "$scratch/neutral" && echo *)" credits
ok "its head says so" grep -q 'without a model of their' \
    "$scratch/neutral/credits"
run --neutral --set leads=50 --output "$scratch/leads" >/dev/null 2>&1
is "articles that open with their lead teach it something else" "$(
    cmp -s "$scratch/neutral/credits" "$scratch/leads/credits" && echo same
)" ""
run --set leads=50 --output "$scratch/own" >/dev/null 2>&1
same "but a language's own model is not asked" "$scratch/one/credits" \
    "$scratch/own/credits"

# ---- C of it ----

# tables LANGUAGE_FOLDER: makes tables.c of French lists with those files.
tables() {
    rm -rf "$scratch/stemmers" && mkdir "$scratch/stemmers" &&
        cp -r "$abs_top_srcdir/stemmers/languages" \
            "$abs_top_srcdir/stemmers/fr" "$scratch/stemmers" &&
        chmod -R u+w "$scratch/stemmers" &&
        rm "$scratch/stemmers/fr/words" "$scratch/stemmers/fr/pairs" &&
        cp "$1"/* "$scratch/stemmers/fr" &&
        LC_ALL=C ${AWK:-awk} -v dir="$scratch/stemmers" \
            -f "$abs_top_srcdir/stemmers/tables.awk" \
            -f "$abs_top_srcdir/stemmers/trained.awk" \
            "$scratch/stemmers/languages" >"$scratch/tables.c" &&
        ${CC:-cc} -I"$abs_top_builddir" -I"$abs_top_srcdir" -c \
            -o "$scratch/tables.o" "$scratch/tables.c"
}
ok "tables.awk takes the files" tables "$scratch/one"
ok "and those of a neutral model" tables "$scratch/neutral"
is "there are as many weights as features" "$(
    grep -v '^#' "$scratch/one/credits" | awk '{ print $1, $2, NF }' | sort
)" "$(
    grep -v '^#' "$abs_top_srcdir/stemmers/fr/credits" |
        awk '{ print $1, $2, NF }' | sort
)"

# ---- refusals ----

exits "an unknown setting is refused" 64 "$train" --set depth=3 .
exits "no corpus" 1 "$train" "$scratch/nowhere"
exits "no folder named" 64 "$train"
ok "help names the settings" sh -c "'$train' --help | grep -q sharpness"
printf '{"article": 1}\n' >"$scratch/corpus/train.jsonl"
exits "a line that is no article" 1 "$train" "$scratch/corpus"
ok "it is named" grep -q 'train.jsonl:1: no "article"' "$scratch/err"

done_testing
