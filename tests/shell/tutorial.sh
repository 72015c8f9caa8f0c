#!/bin/sh
# tutorial.sh - the commands of the tutorial, man/libmem.7, print what it shows, from the first to the
# last, and the source that it shows is that of its program.
#
# With the folders named in $tools and $examples, `make installcheck` runs it for what was installed.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
# shellcheck source=tests/run/run.sh disable=SC1091
. "$abs_srcdir/tests/run/run.sh"

: "${tools:=$abs_builddir}" "${examples:=$abs_srcdir/examples}"
page=$abs_srcdir/man/libmem.7
export examples

# The commands that the page names, in front of the system's: the tools under test, and the compiler
# without the user's flags, which may ask for what mem-run refuses, as a sanitizer.
make_commands() {
    mkdir "$work/bin" "$work/here" || return
    for tool in mem-run mem-replay; do
        printf '#!/bin/sh\nexec "%s/%s" "$@"\n' "$tools" "$tool" >"$work/bin/$tool"
    done
    printf '#!/bin/sh\nPATH=%s\nexec %s "$@"\n' "'$PATH'" "$CC" >"$work/bin/cc"
    chmod +x "$work/bin"/*
}

# Cuts the page into N.command and N.shown for each command, in their order, N.source for each block of
# source, and text for the rest.
cut_page() {
    awk -v work="$work" '
        /^\.EX$/ { inside = fresh = 1; next }
        /^\.EE$/ { inside = 0; next }
        !inside { print >(work "/text"); next }
        sub(/^\.RB \$ " /, "") {
            sub(/"$/, "")
            base = sprintf("%s/%02d", work, ++commands)
            file = base ".shown"
            print "$ " $0 >(base ".command")
            printf "" >file
            fresh = 0
            next
        }
        fresh { file = sprintf("%s/%d.source", work, ++sources); fresh = 0 }
        { print >file }' "$page"
    for part in "$work"/*.command "$work"/*.shown "$work"/*.source; do
        is_plain "$part" || return
        undo_escapes <"$part" | sed 's/^\$ //' >"$work/plain" && mv "$work/plain" "$part" || return
    done
    sed "s|/usr/local/share/doc/libmem/examples|\"\$examples\"|" "$work/01.command" >"$work/plain" &&
        mv "$work/plain" "$work/01.command"
}

# What differs from run to run: the process, times, what is resident, and with it the widths of
# columns.
without_what_differs() {
    awk '
        /^process:/ { $2 = "PID" }
        /^time an operation:/ { $4 = "TIME" }
        /^index resident:/ { $3 = "BYTES" }
        /^region and index:/ { $4 = "BYTES" }
        /^(first|worst|best) +[0-9]/ { $6 = "TIME" }
        /^ *[0-9]+ +[a-z]+ .* journal$/ || /^ *[0-9]+ +[a-z]+ .* together$/ {
            $1 = "PID"
            $12 = $13 = "BYTES"
        }
        /^elapsed / { $2 = $5 = $8 = "TIME"; $12 = "BYTES" }
        { $1 = $1; print }'
}

# agree SHOWN PRINTED: line by line; a line of three dots stands for any lines, and empty lines at the
# end are not shown.
agree() {
    awk '
        NR == FNR { shown[++count] = $0; next }
        shown[met + 1] == "..." { met++; leaping = 1 }
        met < count && shown[met + 1] == $0 { met++; leaping = 0; next }
        !leaping && !/^$/ { exit bad = 1 }
        END {
            if (shown[met + 1] == "...") met++
            exit bad || met < count
        }' "$1" "$2" && return
    diff "$1" "$2"
    return 1
}

# prints_what_is_shown N: and makes the files that it names.
prints_what_is_shown() {
    (cd "$work/here" && PATH=$work/bin:$PATH sh "$work/$1.command") >"$work/said" 2>&1
    without_what_differs <"$work/said" >"$work/printed"
    without_what_differs <"$work/$1.shown" >"$work/shown"
    agree "$work/shown" "$work/printed" || return
    tr ' ' '\n' <"$work/$1.command" | grep -e '\.html$' -e '\.mlog$' -e '\.svg$' >"$work/made"
    while read -r file; do
        [ -s "$work/here/$file" ] || { echo "no $file" && return 1; }
    done <"$work/made"
}

is_in_the_program() {
    awk -v RS= -v block="$(cat "$1")" '
        { text = text $0 "\n" }
        END { exit !index(text, block "\n") }' "$examples/journal.c"
}

# Figures of the text, of five digits or more, are those of a report.
figures_are_shown() {
    grep -o '[0-9]\{5,\}' "$work/text" | sort -u >"$work/figures"
    [ -s "$work/figures" ] || return
    while read -r figure; do
        grep -qwh "$figure" "$work"/*.shown "$work"/*.command || { echo "$figure" && return 1; }
    done <"$work/figures"
}

# Figures depend on the sizes of pages and of pointers.
has_its_figures() {
    [ "$(getconf PAGESIZE)" = 4096 ] &&
        echo 'int pointer[sizeof(void *) == 8 ? 1 : -1];' >"$work/pointer.c" &&
        $CC -c -o "$work/pointer.o" "$work/pointer.c" 2>"$work/output"
}

check 'the page has commands' cut_page
if ! has_its_figures; then
    skip 'what the commands print' 'pages or pointers have another size'
    finish
fi
make_commands || exit 99
for command in "$work"/*.command; do
    line=$(cat "$command")
    case $line in
    *--holders*) have addr2line || { skip "$line" 'no addr2line' && continue; } ;;
    esac
    check "$line" prints_what_is_shown "$(basename "$command" .command)"
done
for source in "$work"/*.source; do
    check 'the source that is shown is that of journal.c' is_in_the_program "$source"
done
check 'the figures of the text are those of a report' figures_are_shown
finish
