#!/bin/bash
# bash's completion offers the options that --help shows.
. "${abs_top_srcdir:?run by make check}/tests/tap.sh"

# bash-completion's compopt works only while completing.
compopt() { :; }

# offers PROGRAM WORD BEFORE: what is offered, one a line, sorted.
offers() {
    COMPREPLY=()
    "_$1" "$1" "$2" "$3"
    test ${#COMPREPLY[@]} -eq 0 ||
        printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort
}

for program in precis precisctl precisd; do
    file=$abs_top_srcdir/clients/completions/$program
    # shellcheck disable=SC1090
    . "$file"
    ok "$program has a completion" complete -p "$program"
    is "$program: every option of --help, and no other" \
        "$(offers "$program" -- "$program")" \
        "$("${abs_top_builddir:-.}/$program" --help |
            grep -oE '^ +(-[a-zA-Z],)? +--[a-z-]+' | grep -oE -e '--[a-z-]+' |
            LC_ALL=C sort)"
done
is "methods: all, and no other" "$(offers precis "" --method)" \
    "$("${abs_top_builddir:-.}/precis" --method none 2>&1 <"$0" |
        sed 's/.*allowed: //; s/, /\n/g' | LC_ALL=C sort)"
is "presets: those of --help" "$(offers precis "" --preset)" \
    "$("${abs_top_builddir:-.}/precis" --help |
        sed -n 's/^  \([a-z][a-z]*\)  *[0-9][0-9]* [a-z, ]*$/\1/p' | LC_ALL=C sort)"
is "languages: all, and auto and und" "$(offers precis "" --language)" \
    "$({
        printf 'auto\nund\n'
        grep -v '^#' "$abs_top_srcdir/stemmers/languages" | cut -d ' ' -f 1
    } | LC_ALL=C sort -u)"
is "commands: those of --help" "$(offers precisctl "" precisctl)" \
    "$("${abs_top_builddir:-.}/precisctl" --help |
        sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' | LC_ALL=C sort)"
is "nothing for a number" "$(offers precis "" -n)" ""
cd "$abs_top_srcdir" || exit 99
is "files" "$(offers precis configure.a precis)" configure.ac
done_testing
