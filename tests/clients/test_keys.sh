#!/bin/sh
# precisctl keygen and authorize: what they write, and what they do not.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

cd "$scratch" || exit 99
umask 022

mode() {
    stat -c %a "$1"
}

# ---- keygen ----

exits "keygen" 0 "$precisctl" keygen desk
is "the secret key is closed to others" "$(mode desk.key)" 600
is "the public one is not" "$(mode desk.pub)" 644
is "one line of a key each" \
    "$(cat desk.key desk.pub | grep -cE '^[^ ]{40}$')" 2
ok "which differ" sh -c '! cmp -s desk.key desk.pub'
ok "what to do next" grep -q 'precisctl authorize desk.pub' "$scratch/out"
is "the secret is not shown" "$(grep -cF -e "$(cat desk.key)" out err)" \
    "out:0
err:0"
cp desk.key before
exits "keygen writes over nothing" 74 "$precisctl" keygen desk
ok "and says so" grep -q 'desk.pub is there already' err
same "the key is as it was" desk.key before
rm desk.pub
exits "nor over half a pair" 74 "$precisctl" keygen desk
ok "a pair is whole or not there" test ! -e desk.pub
same "and the other half stays" desk.key before
umask 000
mkdir folder
exits "in a folder, without a umask" 0 "$precisctl" keygen folder/night-2
is "closed all the same" "$(mode folder/night-2.key)" 600
umask 022
exits "no such folder" 74 "$precisctl" keygen none/desk
for wrong in "" "a b" "folder/" "é"; do
    exits "no name: \"$wrong\"" 64 "$precisctl" keygen "$wrong"
done
exits "no name: two lines" 64 "$precisctl" keygen "$(printf 'a\nb')"
exits "no name at all" 64 "$precisctl" keygen
ln -s elsewhere link.key
exits "a link is not followed" 74 "$precisctl" keygen link
ok "to where it leads" test ! -e elsewhere

# ---- authorize ----

list=$scratch/authorized-keys
# shellcheck disable=SC2317
authorize() {
    "$precisctl" authorize --list "$list" "$@"
}

"$precisctl" keygen desk2 >/dev/null
"$precisctl" keygen desk3 >/dev/null
exits "the first client makes the list" 0 authorize folder/night-2.pub
is "which all may read" "$(mode "$list")" 644
is "key and name" "$(cat "$list")" "$(cat folder/night-2.pub) night-2"
ok "tells to reload" grep -q 'systemctl reload precisd' out
printf '# from here on: the desks' >>"$list"
chmod 640 "$list"
exits "a key and a name" 0 authorize "$(cat desk2.pub)" paris
is "behind what is there" "$(cat "$list")" \
    "$(cat folder/night-2.pub) night-2
# from here on: the desks
$(cat desk2.pub) paris"
is "the mode stays" "$(mode "$list")" 640
cp "$list" before
exits "a key twice" 64 authorize desk2.pub lyon
ok "its name is said" grep -q 'already, as paris' err
exits "a name twice" 64 authorize desk3.pub paris
exits "a secret key" 64 authorize desk3.key
ok "is told from a public one" grep -q 'secret key' err
exits "no key" 64 authorize "$(cut -c 2- desk3.pub)" lyon
exits "a key without a name" 64 authorize "$(cat desk3.pub)"
exits "a wrong name" 64 authorize desk3.pub "a b"
exits "nothing" 64 authorize
exits "both" 64 authorize desk3.pub --revoke paris
exits "--revoke of nobody" 64 authorize --revoke lyon
exits "--revoke elsewhere" 64 "$precisctl" --revoke paris ping
: >"$list.new"
exits "another is at work" 74 authorize desk3.pub
rm "$list.new"
same "nothing of this changed the list" "$list" before
exits "--revoke" 0 authorize --revoke night-2
is "takes its line" "$(cat "$list")" "# from here on: the desks
$(cat desk2.pub) paris"
exits "and again" 64 authorize --revoke night-2
chmod 666 "$list"
exits "a list that others may write" 64 authorize desk3.pub
ok "nothing is left beside it" test ! -e "$list.new"
# One key in 85 begins with "-".
dash='-ZERHmKS{MwL+-Lhl-e4.:EaQrc?XD0LDCmhC5Wz'
short='-eERHmKS{MwL+-Lhl-e4.:EaQrc?XD0LDCmhC5Wz'
long='--ERHmKS{MwL+-Lhl-e4.:EaQrc?XD0LDCmhC5Wz'
list=$scratch/dashes
exits "a key that begins with -" 0 authorize "$dash" dash
exits "and goes on as an option" 0 authorize "$short" short
exits "and with two of them" 0 authorize "$long" long
exits "behind --" 0 authorize --revoke long
exits "the same" 0 authorize -- "$long" long
is "all are in the list" "$(cat "$list")" "$dash dash
$short short
$long long"
exits "no key for another command" 64 "$precisctl" ping "$dash"
ok "is an option there" grep -q 'no option here' err
exits "no folder for it" 74 "$precisctl" authorize --list none/list desk3.pub

done_testing
