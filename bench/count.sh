#!/bin/sh
# count.sh - counts the instructions and the mispredicted branches of a call, by running
# recorded programs under callgrind. Only what happens within Mem_Alloc and Mem_Free counts.
#
#     bench/count.sh [--style first|worst|best] [--check FILE] [TRACE...]
#
# A call is one of Mem_Alloc or Mem_Free; a resize in a trace is one of each. All is counted twice:
# in a process with one thread, and beside a second one that is idle, so that the lock is taken.
#
# The instructions are the same in each run, but depend on the compiler, its flags and the processor's
# instruction set. --check compares them with FILE, an earlier output of this script, and fails if
# any of the instructions are more than there by a twentieth. Mispredictions follow callgrind's model
# of a processor and change when code moves, so they are only shown.
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

# run_counted EXPERIMENT TRACE: what the experiment prints, and callgrind's counts, in files.
run_counted() {
    valgrind --quiet --tool=callgrind --branch-sim=yes --compress-strings=no \
        --toggle-collect=Mem_Alloc --toggle-collect=Mem_Free \
        --callgrind-out-file="$work/$1.counts" \
        "$program" --policy "$style" "$1" "$2" >"$work/$1.figures" 2>"$work/$1.errors"
}

# figures_of EXPERIMENT: prints instructions of a call, of Mem_Alloc and of Mem_Free,
# mispredictions of a call, and the requests refused.
#
# In callgrind's file, a call is three lines: the function, how often, and the costs of all within:
# position, instructions, conditional branches, mispredicted ones, indirect jumps, mispredicted ones.
# The last ones may be missing when they are 0. The two functions' have to be all that there is.
figures_of() {
    awk -F '[ ,]' '
        $1 == "count" { figure[$3] = $4 }
        /^cfn=/ { callee = substr($1, 5) }
        /^calls=/ && (callee == "Mem_Alloc" || callee == "Mem_Free") {
            getline
            cost[callee] += $2
            mispredictions += $4 + $6
        }
        $1 == "totals:" { total = $2 }
        END {
            sum = cost["Mem_Alloc"] + cost["Mem_Free"]
            calls = figure["allocations"] + figure["frees"]
            if (sum != total || calls == 0)
                exit 1
            printf "%.1f %.1f %.1f %.3f %d\n", sum / calls,
                cost["Mem_Alloc"] / figure["allocations"], cost["Mem_Free"] / figure["frees"],
                mispredictions / calls, figure["refused"]
        }' "$work/$1.figures" "$work/$1.counts"
}

# The name, and the figures with one thread and beside a second; both are counted at a time.
count_trace() {
    run_counted count "$1" &
    run_counted count-locked "$1"
    wait "$!"
    for experiment in count count-locked; do
        figures_of $experiment >"$work/$experiment.line" ||
            fail "$1: $(cat "$work/$experiment.figures" "$work/$experiment.errors")"
    done
    echo "$(basename "$1" .rep.xz) $(cat "$work/count.line") $(cat "$work/count-locked.line")"
}

# Requests are refused alike with a lock and without.
print_table() {
    awk -v style="$style" '
        function row(name, figure,    i) {
            printf "%-8s", name
            for (i = 1; i <= 8; i++)
                printf i % 4 ? " %7.1f" : " %7.3f", figure[i]
            print ""
        }
        BEGIN {
            print "# By " style " fit: instructions of a call, of Mem_Alloc, of Mem_Free; mispredicted"
            print "# branches of a call. Then the same beside an idle thread: locked. By count.sh."
            printf "#       %8s %7s %7s %7s %7s %7s %7s %7s\n",
                "call", "alloc", "free", "mispr.", "call", "alloc", "free", "mispr."
        }
        {
            for (i = 1; i <= 8; i++) {
                figure[i] = $(i < 5 ? i + 1 : i + 2)
                sum[i] += figure[i]
            }
            row($1, figure)
        }
        $6 > 0 { note[++notes] = "# " $1 ": " $6 " requests were refused" }
        END {
            for (i = 1; i <= 8; i++)
                sum[i] /= NR
            row("average", sum)
            for (i = 1; i <= notes; i++)
                print note[i]
        }'
}

# compare RECORDED MEASURED: a line for each column of instructions that has too many, or one that
# tells the greatest change.
compare() {
    awk '
        function too_many(column,    change) {
            change = ($column / recorded[$1, column] - 1) * 100
            if (change > greatest)
                greatest = change
            if (change <= 5)
                return 0
            printf "%-8s %+6.1f %% instructions: too many: %s\n", $1, change, title[column]
            return 1
        }
        BEGIN {
            title[2] = "a call"
            title[3] = "Mem_Alloc"
            title[4] = "Mem_Free"
            for (i = 2; i <= 4; i++)
                title[i + 4] = title[i] ", locked"
        }
        /^#/ || $1 == "average" { next }
        FNR == NR {
            for (column in title)
                recorded[$1, column] = $column
            next
        }
        recorded[$1, 8] == 0 { print $1 ": not recorded"; bad = 1; next }
        {
            worse = 0
            greatest = -100
            for (column = 2; column <= 8; column++)
                if (column in title)
                    worse += too_many(column)
            if (!worse)
                printf "%-8s %+6.1f %% instructions at most: good\n", $1, greatest
            bad += worse
        }
        END { exit bad > 0 }' "$1" "$2"
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
[ $# -gt 0 ] || set -- "$abs_srcdir"/traces/*.rep.xz

work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'kill ${!-} 2>/dev/null; exit 2' HUP INT TERM

for trace; do
    count_trace "$trace" >>"$work/lines" || exit
done
print_table <"$work/lines" | tee "$work/table"
if [ -n "$recorded" ]; then
    echo
    compare "$recorded" "$work/table"
fi
