#!/bin/sh
# count.sh - counts the instructions and the mispredicted branches of an operation,
# by running recorded programs under callgrind. Only what happens within Mem_Alloc
# and Mem_Free counts.
#
#     bench/count.sh [--style first|worst|best] [--check FILE] [TRACE...]
#
# An operation is a call of one of them; a resize in a trace is two. The figures are the same in
# each run, but depend on the compiler, its flags and the processor's instruction set. --check
# compares them with FILE, an earlier output of this script, and fails if there are more
# instructions than there by a twentieth. Mispredictions follow callgrind's model of a processor and
# change when code moves, so they are only shown.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set -u
LC_ALL=C
export LC_ALL

: "${abs_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${abs_builddir:=$(pwd)}"

program=$abs_builddir/bench/with-libmem
style=first
recorded=

fail() {
    echo "count.sh: $1" >&2
    exit 2
}

# Prints the calls and the requests refused; leaves callgrind's counts in a file.
run_counted() {
    valgrind --quiet --tool=callgrind --branch-sim=yes --toggle-collect=Mem_Alloc \
        --toggle-collect=Mem_Free --callgrind-out-file="$work/counts" \
        "$program" --policy "$style" count "$1" 2>"$work/errors"
}

# The fields of the totals: instructions, conditional branches, mispredicted ones,
# indirect jumps, mispredicted ones. The last ones may be missing when they are 0.
count_trace() {
    run_counted "$1" >"$work/figures" || fail "$(cat "$work/figures" "$work/errors")"
    sed -n 's/^totals: //p' "$work/counts" | cat "$work/figures" - | awk -F '[ ,]' '
        $1 != "count" { instructions = $1; mispredictions = $3 + $5; next }
        { name = $2; figure[$3] = $4 }
        END {
            n = figure["calls"]
            printf "%s %.1f %.3f %d\n", name, instructions / n, mispredictions / n,
                figure["refused"]
        }'
}

print_table() {
    awk -v style="$style" '
        BEGIN {
            print "# An operation, " style " fit: instructions, mispredicted branches. By count.sh."
        }
        {
            printf "%-8s %8.1f %8.3f\n", $1, $2, $3
            instructions += $2
            mispredictions += $3
        }
        $4 > 0 { note[++notes] = "# " $1 ": " $4 " requests were refused" }
        END {
            printf "%-8s %8.1f %8.3f\n", "average", instructions / NR, mispredictions / NR
            for (i = 1; i <= notes; i++)
                print note[i]
        }'
}

# compare RECORDED MEASURED
compare() {
    awk '
        /^#/ || $1 == "average" { next }
        FNR == NR { recorded[$1] = $2; next }
        !($1 in recorded) { print $1 ": not recorded"; bad = 1; next }
        {
            change = ($2 / recorded[$1] - 1) * 100
            verdict = change > 5 ? "too many" : "good"
            bad = bad || change > 5
            printf "%-8s %+6.1f %% instructions: %s\n", $1, change, verdict
        }
        END { exit bad }' "$1" "$2"
}

while [ $# -gt 0 ]; do
    case $1 in
    --style)
        style=${2-}
        shift ;;
    --check)
        recorded=${2-}
        [ -r "$recorded" ] || fail "--check takes a file that count.sh has written"
        shift ;;
    --*)
        fail "usage: count.sh [--style first|worst|best] [--check FILE] [TRACE...]" ;;
    *)
        break ;;
    esac
    shift
done

command -v valgrind >/dev/null || fail "valgrind is needed"
[ -x "$program" ] || fail "$program is not there: make bench/with-libmem"
if [ $# -eq 0 ]; then # those that instructions.txt has
    for name in jq lua perl python; do
        set -- "$@" "$abs_srcdir/traces/$name.rep.xz"
    done
fi

work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

for trace; do
    count_trace "$trace" >>"$work/lines" || exit
done
print_table <"$work/lines" | tee "$work/table"
if [ -n "$recorded" ]; then
    echo
    compare "$recorded" "$work/table"
fi
