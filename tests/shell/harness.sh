# shellcheck shell=sh
# harness.sh - what the shell tests share: settings, a folder to work in, and
# one line of result for each check. A test sources it, runs its checks and
# ends with `finish`.
#
# make gives the settings in the environment; the defaults serve a run by hand
# in the top folder of a build.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set -u
LC_ALL=C
export LC_ALL

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
: "${abs_builddir:=$(pwd)}"
: "${CC:=cc}"
: "${CXX:=c++}"
: "${CFLAGS=}"
: "${LDFLAGS=}"
: "${NM:=nm}"
: "${PKG_CONFIG:=pkg-config}"
: "${LIBTOOL:=sh $abs_builddir/libtool}"

work=$(mktemp -d "$abs_builddir/$(basename "$0" .sh).XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

passed=0
failed=0

# check WHAT COMMAND...: WHAT must hold, and COMMAND tells whether it does. What
# the command prints is shown when it does not.
check() {
    what=$1
    shift
    if "$@" >"$work/output" 2>&1 </dev/null; then
        echo "PASS: $what"
        passed=$((passed + 1))
    else
        echo "FAIL: $what"
        failed=$((failed + 1))
        sed 's/^/    /' "$work/output"
    fi
}

# skip WHAT WHY: WHAT cannot be checked here.
skip() {
    echo "SKIP: $1 ($2)"
}

# Ends a test. When nothing could be checked at all, the test counts as skipped.
finish() {
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ] || exit 1
    [ $passed -gt 0 ] || exit 77
    exit 0
}

# What several tests ask

have() {
    command -v "$1" >/dev/null 2>&1
}

# Whether a command succeeds and has nothing to say; shows what it says.
silent() {
    said=$("$@" 2>&1)
    status=$?
    [ -z "$said" ] || echo "$said"
    [ $status -eq 0 ] && [ -z "$said" ]
}

# Whether two sorted files hold the same lines, at least one; shows those that
# are in one file alone.
same_lines() {
    comm -23 "$1" "$2" | sed "s/^/only in $(basename "$1"): /"
    comm -13 "$1" "$2" | sed "s/^/only in $(basename "$2"): /"
    [ -s "$1" ] && cmp -s "$1" "$2"
}

# The names in the NAME section of a manual page, a line each: all of them open it.
names_of_page() {
    sed -n '/^\.SH NAME/{n;s/ \\- .*//;s/,//g;p;}' "$1" | tr ' ' '\n'
}

# Undoes the escapes of a manual page's source. \e comes last: the backslash it leaves begins none.
undo_escapes() {
    sed -e 's/^\\&//' -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\(ha/^/g' -e 's/\\(ti/~/g' -e 's/\\e/\\/g'
}

# Whether no line would be a request to roff and no escape is left over: what is tested would differ
# from what people read.
is_plain() {
    ! sed -e 's/^\\&/ /' -e 's/\\[-e]//g' -e 's/\\(aq//g' -e 's/\\(ha//g' -e 's/\\(ti//g' "$1" |
        grep -e '[\]' -e "^[.']"
}

# The words of the input, a line each and sorted.
words() {
    tr -s '[:blank:]' '[\n*]' | sed '/^$/d' | sort
}

# links_lead_somewhere DOCUMENT: whether each link of a text in Markdown is the path of a file, from
# the folder of the text.
links_lead_somewhere() {
    grep -o ']([^)]*)' "$1" | sed 's/^](//; s/)$//' >"$work/links"
    while read -r link; do
        [ -f "$(dirname "$1")/$link" ] || { echo "$link" && return 1; }
    done <"$work/links"
}

# What one run of a program does, in the current folder

# The program whose messages are expected.
program=$(basename "$0" .sh)

# run COMMAND...: leaves its output in out, its messages in err, its status in $status.
run() {
    "$@" >out 2>err
    status=$?
}

ended_with() {
    [ "$status" -eq "$1" ] && return
    echo "exit status $status, not $1"
    return 1
}

# complains STATUS MESSAGE COMMAND...: nothing comes but one message, of $program, and the status.
complains() {
    wanted=$1
    echo "$program: $2" >expected
    shift 2
    run "$@"
    ended_with "$wanted" && diff expected err && diff /dev/null out
}
