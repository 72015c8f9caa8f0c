#!/bin/sh
# man-lint.sh - the sections of the manual pages stand in the order that
# man-pages(7) asks for, and mandoc and groff, those that are there, find
# nothing wrong with the pages.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/harness.sh"

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

# each_page WHAT COMMAND...: a check of each page, whose path the command takes last.
each_page() {
    subject=$1
    shift
    for page in "$abs_srcdir"/man/*.[1-8]; do
        check "$(basename "$page"): $subject" "$@" "$page"
    done
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
lint mandoc -Tlint -Wwarning
lint groff -t -man -ww -z
[ "$failed" -gt 0 ] || [ $linters -gt 0 ] || exit 77
finish
