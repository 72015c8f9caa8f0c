#!/bin/sh
# bound.sh - the most instructions that one call takes, by the size of the region.
#
#     make bench-bound [BOUND_SEEDS=N]
#
# For each size, so many adversaries are tried (search.c), and the operations that
# seem the most expensive are done again with the real library, and their
# instructions counted (measure.c). The table is left in bench/results-bound.txt.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set -u
LC_ALL=C
export LC_ALL

: "${abs_builddir:=$(pwd)}"
seeds=${1:-2500}
measured=25 # operations of each kind
limit=2500 # instructions; more would make the manual page libmem(3) untrue

cd "$abs_builddir/bench/bound" || exit

fail() {
    echo "bound.sh: $1" >&2
    exit 1
}

# The last is INT_MAX rounded up to pages.
sizes='4096 65536 1048576 16777216 268435456 2147483647'

# search BYTES: the most expensive operations of each kind, `KIND SEED NUMBER BLOCKS`.
search() {
    ./search "$1" 1 "$seeds" >found || fail "the search failed"
    sort -k 1,1 -k 4,4nr found | awk -v most=$measured 'count[$1]++ < most'
}

# measure BYTES: the instructions of operations that come as lines, `KIND INSTRUCTIONS`.
measure() {
    while read -r kind seed number blocks; do
        [ -n "$blocks" ] || fail "the search printed something else"
        instructions=$(./measure "$1" "$seed" "$number") || exit
        echo "$kind $instructions"
    done
}

# row BYTES: the line of the table.
row() {
    search "$1" | measure "$1" | awk -v bytes="$1" '
        $2 > most[$1] { most[$1] = $2 }
        END {
            if (most["first"] == 0 || most["worst"] == 0 || most["free"] == 0)
                exit 1
            printf "%-14s %14d %14d %10d\n", bytes, most["first"], most["worst"], most["free"]
        }' || fail "nothing was measured"
}

table() {
    echo "# The most instructions of one call, found with $seeds adversaries. By bound.sh."
    printf '%-14s %14s %14s %10s\n' '# region bytes' 'alloc by first' 'alloc by worst' free
    for bytes in $sizes; do
        row "$bytes" || exit
    done
}

table | tee ../results-bound.txt
awk -v limit=$limit '
    /^#/ { next }
    $2 > limit || $3 > limit || $4 > limit { print "more than " limit " instructions"; bad = 1 }
    END { exit bad || NR != 8 }' ../results-bound.txt
