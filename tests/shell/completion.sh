#!/bin/sh
# completion.sh - bash completes the command lines of mem-run and mem-replay, and knows every option
# of theirs.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

completions=$abs_srcdir/completions

# Where bash-completion is: in BASH_COMPLETION, or where its package puts it.
: "${BASH_COMPLETION:=/usr/share/bash-completion/bash_completion}"

# The long options of PROGRAM --help, a line each.
options_of() {
    "$abs_builddir/$1" --help | sed -n 's/^  \(-[A-Za-z], \)\{0,1\}\(--[a-z-]*\).*/\2/p' | sort
}

knows_every_option() {
    options_of "$1" >"$work/expected"
    sed -n "s/.*options='\(.*\)'/\1/p" "$completions/$1" | words >"$work/known"
    same_lines "$work/expected" "$work/known"
}

# What bash offers, a line each, for a command line whose words are given; the last is completed.
cat >"$work/complete.bash" <<'END'
source "$BASH_COMPLETION"
source "$completions/$1"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
line=$*
line=${line// = /=}
COMP_LINE=${line/% =/=}
COMP_POINT=${#COMP_LINE}
compopt() { :; }
"_${1/-/_}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
printf '%s\n' "${COMPREPLY[@]}"
END

# offers EXPECTED WORD...
offers() {
    expected=$1
    shift
    offered=$(cd "$work/folder" && completions=$completions BASH_COMPLETION=$BASH_COMPLETION \
        BASH_COMPLETION_USER_DIR=$abs_srcdir bash --norc "$work/complete.bash" "$@" | sort | tr '\n' ' ')
    echo "offered: $offered"
    [ "${offered% }" = "$expected" ]
}

check_offers() {
    mkdir "$work/folder" && touch "$work/folder/app.rep" "$work/folder/prog" &&
        chmod +x "$work/folder/prog"
    check 'an option' offers '--tolerant' mem-run --t
    check 'a style, behind a blank' offers 'best' mem-run --style b
    check 'a style, behind an equals sign' offers 'worst' mem-run --style = w
    check 'all styles, behind an equals sign' offers 'best first worst' mem-run --style =
    check 'the kind of stats' offers 'csv' mem-run --stats = c
    check 'the file for the output' offers 'app.rep' mem-run --stats --output a
    check 'no value of a size' offers '' mem-run --region 1
    check 'the program' offers './prog' mem-run --stats ./p
    check 'the program, behind values' offers './prog' mem-run --stats = csv --style = best ./p
    check 'the program, behind two dashes' offers './prog' mem-run --strict -- ./p
    check 'what the program takes' offers 'app.rep' mem-run --region 1M ./prog a
    check 'the options of another program' offers '--min-region' mem-run mem-replay --min
    check 'an option of mem-replay' offers '--dump' mem-replay --d
    check 'a style for mem-replay' offers 'first' mem-replay --style f
    check 'a trace' offers 'app.rep' mem-replay --style first a
}

for program in mem-run mem-replay; do
    [ ! -x "$abs_builddir/$program" ] ||
        check "$program: every option is known" knows_every_option $program
done
if have bash && [ -f "$BASH_COMPLETION" ]; then
    check_offers
else
    skip 'what bash offers' 'no bash-completion'
fi
finish
