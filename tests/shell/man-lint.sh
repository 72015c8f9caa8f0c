#!/bin/sh
# man-lint.sh - the sections of the manual pages stand in the order that
# man-pages(7) asks for, and so do the pages under SEE ALSO; the pages of
# section 3 have a history; and mandoc and groff, those that are there, find
# nothing wrong with the pages.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

cat >"$work/order" <<END
NAME
LIBRARY
SYNOPSIS
DESCRIPTION
OPTIONS
EXIT STATUS
RETURN VALUE
ERRORS
ENVIRONMENT
FILES
ATTRIBUTES
VERSIONS
STANDARDS
HISTORY
NOTES
CAVEATS
BUGS
EXAMPLES
SEE ALSO
END

sections_are_in_order() {
    sed -n 's/^\.SH *//p' "$1" | tr -d '"' >"$work/sections"
    awk '
        NR == FNR { rank[$0] = NR; next }
        !($0 in rank) { print "unknown section: " $0; bad = 1; next }
        rank[$0] <= last { print "out of order: " $0; bad = 1 }
        { last = rank[$0]; sections++ }
        END { exit bad || !sections }
    ' "$work/order" "$work/sections"
}

# By section, and then by name.
see_also_is_in_order() {
    sed -n '/^\.SH SEE ALSO/,$s/^\.BR \(.*\) (\([1-8]\)),*$/\2 \1/p' "$1" >"$work/references"
    [ -s "$work/references" ] && sort -f -c "$work/references"
}

# Each name of a library appeared in some version.
tells_its_history() {
    sed -n '/^\.SH HISTORY/{n;p;}' "$1" | grep '[0-9]\.[0-9]'
}

# each_page_of SECTIONS WHAT COMMAND...: a check of each page, whose path the command takes last.
each_page_of() {
    sections=$1
    subject=$2
    shift 2
    for page in "$abs_srcdir"/man/*.["$sections"]; do
        check "$(basename "$page"): $subject" "$@" "$page"
    done
}

each_page() {
    each_page_of 12345678 "$@"
}

# lint COMMAND...: the linter has nothing to say.
lint() {
    if have "$1"; then
        linters=$((linters + 1))
        each_page "$1 finds nothing" silent "$@"
    else
        skip "the pages are clean" "no $1"
    fi
}

linters=0
each_page "the sections are in order" sections_are_in_order
each_page "the pages under SEE ALSO are in order" see_also_is_in_order
each_page_of 3 "its history names a version" tells_its_history
lint mandoc -Tlint -Wwarning
lint groff -t -man -ww -z
[ "$failed" -gt 0 ] || [ $linters -gt 0 ] || exit 77
finish
